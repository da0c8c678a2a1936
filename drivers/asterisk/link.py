"""One connection to the manager port: used once, thrown away when it ends.

panoramisk's protocol frames and sends the actions. Its receiving half is replaced by our parser, because it drops
characters cut by TCP and ends the connection over one odd event; its manager is not used at all, because it replays
actions after a reconnect, reconnects after it was closed and never notices a silent peer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol

from drivers.asterisk.messages import Message, MessageParser
from gateway.core.problem import why
from gateway.ports.devices import Recorder, Unrecorded

NOTED_BYTES = 8192  # larger messages are noted by their name only: what is held in memory stays small
GREETING_BYTES = 64  # enough to tell a manager port from anything else


class LinkLostError(ConnectionError):
    """The connection ended, or the peer fell silent."""


class ManagerLink(AMIProtocol):  # type: ignore[misc]  # panoramisk has no types
    """A connection whose messages go to `on_message`, in order. `closed_by` resolves with the reason when it ends."""

    encoding = "utf-8"

    def __init__(
        self, parser: MessageParser, on_message: Callable[[Message], None], recorder: Recorder | None = None
    ) -> None:
        self._parser = parser
        self._recorder = recorder or Unrecorded()
        self._on_message = on_message
        self._asked: dict[str, asyncio.Future[Message]] = {}
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.received = 0  # bytes; a sign of life
        self.heard_at = asyncio.get_running_loop().time()
        self.greeting = b""  # how the peer began to speak

    def data_received(self, data: bytes) -> None:
        """Bytes of the peer. Nothing in them can end the connection."""
        self.received += len(data)
        self.heard_at = asyncio.get_running_loop().time()
        if len(self.greeting) < GREETING_BYTES:
            self.greeting += data[: GREETING_BYTES - len(self.greeting)]
        messages = self._parser.feed(data)
        small = len(data) <= NOTED_BYTES * len(messages)
        for message in messages:
            self._recorder.note("<", message.headers if small else message.event)
            self._on_message(message)
            if not message.event:
                asked = self._asked.pop(message.get("ActionID"), None)
                if asked is not None and not asked.done():
                    asked.set_result(message)

    def connection_lost(self, exc: Exception | None) -> None:
        """Every open question fails at once; nothing is asked again on the next connection."""
        self._parser.close()
        self.closed = True
        self.responses.clear()
        if not self.ended.done():
            self.ended.set_result(why(exc) if exc else "the connection was closed by Asterisk")
        asked, self._asked = self._asked, {}
        for future in asked.values():
            if not future.done():
                future.set_exception(LinkLostError("the link to Asterisk was lost before the answer came"))
                future.exception()  # whoever waits sees it; nobody waiting is no fault

    def tell(self, action_id: str, headers: dict[str, str]) -> None:
        """Send one action now; its answer goes to `on_message` alone. Raises ValueError for a line break, LinkLostError when
        down."""
        for name, value in headers.items():
            if any(ord(character) < 32 for character in name + value):
                raise ValueError(
                    f"{name} of action {headers.get('Action')} holds a line break: it would be a second action"
                )
        if self.closed or self.transport.is_closing():
            raise LinkLostError("there is no link to Asterisk")
        self._recorder.note(">", headers)
        action = Action({**headers, "ActionID": action_id})
        self.send(action)
        self.responses.clear()  # answers are matched here, panoramisk need not keep the action

    async def ask(self, action_id: str, headers: dict[str, str], timeout: float) -> Message:
        """Send one action and wait for its answer. Raises TimeoutError after `timeout` seconds, LinkLostError."""
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._asked[action_id] = answer
        try:
            self.tell(action_id, headers)
            async with asyncio.timeout(timeout):
                return await answer
        finally:
            self._asked.pop(action_id, None)

    def abort(self, reason: str) -> None:
        """Drop the connection without a farewell."""
        if not self.ended.done():
            self.ended.set_result(reason)
        self.transport.abort()
