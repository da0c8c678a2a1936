"""The manager port as the bench uses it: sessions that keep every byte, and a wire to the gateway that can be cut."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

Message = dict[str, str]
LOGIN_S = 20.0
RETRY_S = 0.05


def messages(data: bytes) -> Iterator[Message]:
    """Every message in the bytes of one or more connections; the banner is skipped."""
    for block in data.split(b"\r\n\r\n"):
        message: Message = {}
        for line in block.decode("utf-8", "replace").split("\r\n"):
            key, colon, value = line.partition(":")
            if colon:
                message[key] = value.strip()
        if message:
            yield message


class Wire:
    """A TCP relay in front of the manager port that can be cut."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.is_cut = False
        self._target = target
        self._server: asyncio.Server | None = None
        self._relays: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> tuple[str, int]:
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()[:2]
        return str(host), int(port)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, self._target[0], 0)

    def cut(self) -> None:
        """Drop every connection, and refuse new ones until mend()."""
        self.is_cut = True
        for relay in self._relays:
            relay.cancel()

    def mend(self) -> None:
        self.is_cut = False

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.gather(*self._relays, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay = asyncio.create_task(self._relay(reader, writer))
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there: asyncio.StreamWriter | None = None
        ways: set[asyncio.Task[None]] = set()
        try:
            if not self.is_cut:
                there_reader, there = await asyncio.open_connection(*self._target)
                ways = {asyncio.create_task(pump(there_reader, writer)), asyncio.create_task(pump(reader, there))}
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            return  # nobody there: the client sees a closed connection
        finally:
            for way in ways:
                way.cancel()
            for end in (writer, there):
                if end is not None:
                    end.close()


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()


class Session:
    """A manager session that logs in again whenever it can, asks how things stand, and keeps what it hears.

    `on_login` actions are sent after every login (a client that lost the connection must ask what goes on).
    """

    def __init__(self, address: tuple[str, int], user: str, secret: str, on_login: tuple[str, ...] = ()) -> None:
        self.heard = bytearray()
        self.up = asyncio.Event()
        self.changed = asyncio.Condition()
        self.open_channels: set[str] = set()
        self.newest: dict[str, str] = {}  # endpoint -> name of its newest channel
        self.has_seen_a_channel = asyncio.Event()
        self.is_cut = False
        self._address = address
        self._login = f"Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\n\r\n"
        self._on_login = on_login
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())
        async with asyncio.timeout(LOGIN_S):
            await self.up.wait()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def action(self, **fields: str) -> None:
        assert self._writer is not None
        self._writer.write(("".join(f"{key}: {value}\r\n" for key, value in fields.items()) + "\r\n").encode())

    def cut(self) -> None:
        """Lose the connection, until mend()."""
        self.is_cut = True
        if self._writer is not None:
            self._writer.transport.abort()

    def mend(self) -> None:
        self.is_cut = False

    async def quiet(self) -> None:
        """Until no channel is open."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.up.is_set() and not self.open_channels)

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                if not self.is_cut:
                    await self._connection()
            self.up.clear()
            await asyncio.sleep(RETRY_S)

    async def _connection(self) -> None:
        reader, writer = await asyncio.open_connection(*self._address)
        self._writer = writer
        try:
            writer.write(self._login.encode())
            rest = b""
            while piece := await reader.read(65536):
                self.heard += piece
                *whole, rest = (rest + piece).split(b"\r\n\r\n")
                for block in whole:
                    for message in messages(block):
                        self._note(message)
                async with self.changed:
                    self.changed.notify_all()
        finally:
            writer.close()

    def _note(self, message: Message) -> None:
        match message.get("Event"):
            case "FullyBooted":
                for action in self._on_login:
                    self.action(Action=action)
                self.open_channels.clear()
                self.up.set()
            case "Newchannel":
                self.open_channels.add(message["Uniqueid"])
                self.newest[message["Channel"].partition("/")[2].rpartition("-")[0]] = message["Channel"]
                self.has_seen_a_channel.set()
            case "Status":
                self.open_channels.add(message["Uniqueid"])
            case "Hangup":
                self.open_channels.discard(message["Uniqueid"])
            case "Shutdown":
                self.open_channels.clear()
