"""The simulated modem, driven raw through pyserial on its pty."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import serial

from drivers.simulator.modem import SimulatedModem

DEADLINE_S = 5.0


class Program:
    """A program on the other end of the pty: writes, and reads until it sees what it waits for."""

    def __init__(self, path: str) -> None:
        self.port = serial.Serial(path, 115_200, timeout=0, exclusive=True)
        self.seen = b""

    async def expect(self, wanted: bytes, deadline_s: float = DEADLINE_S) -> bytes:
        """Everything up to and including `wanted`."""
        end = time.monotonic() + deadline_s
        while wanted not in self.seen:
            assert time.monotonic() < end, f"no {wanted!r} in {self.seen!r}"
            await asyncio.sleep(0.001)
            self.seen += self.port.read(4096)
        place = self.seen.index(wanted) + len(wanted)
        found, self.seen = self.seen[:place], self.seen[place:]
        return found

    async def ask(self, command: str, final: bytes = b"OK\r\n") -> bytes:
        self.port.write(command.encode() + b"\r")
        return await self.expect(final)


@asynccontextmanager
async def program(modem: SimulatedModem) -> AsyncIterator[Program]:
    async with modem:
        opened = Program(modem.path)
        try:
            yield opened
        finally:
            opened.port.close()


async def test_a_modem_answers_at_through_a_real_pty() -> None:
    async with program(SimulatedModem()) as line:
        assert await line.ask("AT") == b"AT\r\r\nOK\r\n"
        await line.ask("ATE0")
        assert await line.ask("AT+CSQ") == b"\r\n+CSQ: 18,99\r\n\r\nOK\r\n"
