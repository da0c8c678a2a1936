"""A scripted manager port on loopback: real sockets, every line under the test's control."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

LOGIN_OK = "Response: Success\r\nActionID: {id}\r\nMessage: Authentication accepted\r\n\r\n"
REFUSED = "Response: Error\r\nActionID: {id}\r\nMessage: Authentication failed\r\n\r\n"
DEADLINE_S = 5.0


class AmiServer:
    """Answers Login, Ping, CoreStatus, Status and Getvar; sends whatever the test gives it."""

    def __init__(self) -> None:
        self.refuse = False
        self.silent = False
        self.kept_back: set[str] = set()  # ActionIDs that get no answer
        self.uptime = 1000
        self.startup = "12:00:00"
        self.rows: list[str] = []  # blocks listed by Status
        self.presentation = "allowed_not_screened"
        self.answers_late = False  # Getvar is answered by answer_late() only
        self._late: list[str] = []
        self.actions: list[dict[str, str]] = []
        self.connections = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> AmiServer:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self.drop()
        await self._server.wait_closed()

    async def drop(self) -> None:
        """End every connection, as a lost link does."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def send(self, *blocks: str | bytes) -> None:
        """Write raw bytes, or blocks of lines, to the client."""
        writer = self._writers[-1]
        for block in blocks:
            writer.write(block if isinstance(block, bytes) else block.encode())
            await writer.drain()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is true of the server; fails the test after a deadline."""
        async with asyncio.timeout(DEADLINE_S), self._changed:
            await self._changed.wait_for(holds)

    @property
    def open_connections(self) -> int:
        return len(self._writers)

    def asked(self, name: str) -> list[dict[str, str]]:
        """The actions of one kind received so far."""
        return [action for action in self.actions if action["Action"] == name]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                block = (await reader.readuntil(b"\r\n\r\n")).decode()
                action = dict(line.split(": ", 1) for line in block.strip().split("\r\n"))
                self.actions.append(action)
                if not self.silent and action.get("ActionID") not in self.kept_back:
                    for answer in self._in_time(action):
                        writer.write(answer.encode())
                    await writer.drain()
                async with self._changed:
                    self._changed.notify_all()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            if writer in self._writers:
                self._writers.remove(writer)
            async with self._changed:
                self._changed.notify_all()

    async def answer_late(self) -> None:
        """Answer every Getvar that waits."""
        late, self._late = self._late, []
        await self.send(*late)

    def _in_time(self, action: dict[str, str]) -> Iterable[str]:
        if self.answers_late and action["Action"] == "Getvar":
            self._late += self._answers(action)
            return ()
        return self._answers(action)

    def _answers(self, action: dict[str, str]) -> Iterable[str]:
        of = action.get("ActionID", "")
        match action["Action"]:
            case "Login":
                yield (REFUSED if self.refuse else LOGIN_OK).format(id=of)
                if not self.refuse:
                    yield f"Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: {self.uptime}\r\n\r\n"
            case "Ping":
                yield f"Response: Success\r\nActionID: {of}\r\nPing: Pong\r\n\r\n"
            case "CoreStatus":
                startup = f"CoreStartupDate: 2026-11-20\r\nCoreStartupTime: {self.startup}\r\n"
                yield f"Response: Success\r\nActionID: {of}\r\n{startup}\r\n"
            case "Status":
                follow = "EventList: start\r\nMessage: Channel status will follow\r\n"
                yield f"Response: Success\r\nActionID: {of}\r\n{follow}\r\n"
                for row in self.rows:
                    yield f"Event: Status\r\nActionID: {of}\r\n{row}\r\n\r\n"
                yield f"Event: StatusComplete\r\nActionID: {of}\r\nEventList: Complete\r\n\r\n"
            case "Getvar":
                value = f"Variable: {action['Variable']}\r\nValue: {self.presentation}\r\n"
                yield f"Response: Success\r\nActionID: {of}\r\n{value}\r\n"
            case _:
                yield f"Response: Error\r\nActionID: {of}\r\nMessage: Permission denied\r\n\r\n"
