"""A pty that answers by a table: for the odd modem that no dialect of the simulator is."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from collections.abc import Callable, Mapping
from contextlib import suppress

Reply = bytes | Callable[["ScriptedModem", str], bytes]
DEFAULTS: Mapping[str, Reply] = {
    "AT+CPIN?": b"\r\n+CPIN: READY\r\n\r\nOK\r\n",
    "AT+CREG?": b"\r\n+CREG: 1,1\r\n\r\nOK\r\n",
}
OK = b"\r\nOK\r\n"
PROMPT = b"\r\n> "


class ScriptedModem:
    """Answers each command by the longest matching beginning in `replies`, else OK; a PDU by `after_pdu`."""

    def __init__(self, replies: Mapping[str, Reply] | None = None, after_pdu: bytes = b"\r\n+CMGS: 7\r\n" + OK) -> None:
        self.replies: dict[str, Reply] = {**DEFAULTS, "AT+CMGS=": PROMPT, **(replies or {})}
        self.after_pdu = after_pdu
        self.commands: list[str] = []
        self.bodies: list[bytes] = []
        self.escapes = 0
        self.in_prompt = False
        self._typed = bytearray()
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> ScriptedModem:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        asyncio.get_running_loop().add_reader(self._master, self._read)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.unplug()

    async def heard(self, beginning: str) -> None:
        """Until a command that begins so has arrived."""
        async with asyncio.timeout(5):
            while not any(command.startswith(beginning) for command in self.commands):
                self._arrived.clear()
                await self._arrived.wait()

    def unplug(self) -> None:
        if self._master >= 0:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._slave)
            os.close(self._master)
            self._master = -1

    def say(self, data: bytes) -> None:
        with suppress(OSError):
            os.write(self._master, data)

    def _read(self) -> None:
        with suppress(OSError):
            for octet in os.read(self._master, 4096):
                self._take(octet)

    def _take(self, octet: int) -> None:
        if octet == 0x1B:
            self.escapes += 1
            self._typed.clear()
            self.in_prompt = False
        elif octet == 0x1A and self.in_prompt:
            self.bodies.append(bytes(self._typed))
            self._typed.clear()
            self.in_prompt = False
            self.say(self.after_pdu)
        elif octet == 0x0D and not self.in_prompt:
            command = self._typed.decode("latin-1")
            self._typed.clear()
            if command:
                self.commands.append(command)
                self._arrived.set()
                self._answer(command)
        else:
            self._typed.append(octet)

    def _answer(self, command: str) -> None:
        found = max((key for key in self.replies if command.startswith(key)), key=len, default="")
        reply = self.replies.get(found, OK)
        data = reply(self, command) if callable(reply) else reply
        self.in_prompt = b">" in data
        self.say(data)
