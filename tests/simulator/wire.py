"""A program on the other end of the simulated modem's pty, for tests that drive it raw."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import serial
from gsmmodem.pdu import encodeSmsSubmitPdu

from drivers.simulator.modem import SimulatedModem
from tests.waiting import PATIENCE_S, until


class Program:
    """Writes, and reads until it sees what it waits for; what came after stays in `seen`."""

    def __init__(self, path: str, eol: str = "\r\n", report_mode: int = 1) -> None:
        self.report_mode = report_mode
        self.ok = f"OK{eol}".encode()
        self.port = serial.Serial(path, 115_200, timeout=0, exclusive=True)
        self.seen = b""

    def write(self, data: bytes) -> None:
        self.port.write(data)

    async def expect(self, wanted: bytes, deadline_s: float = PATIENCE_S) -> bytes:
        """Everything up to and including `wanted`."""

        def heard() -> bool:
            self.seen += self.port.read(4096)
            return wanted in self.seen

        await until(heard, lambda: f"no {wanted!r} in {self.seen!r}", deadline_s, look_s=0.001)
        place = self.seen.index(wanted) + len(wanted)
        found, self.seen = self.seen[:place], self.seen[place:]
        return found

    async def ask(self, command: str, final: bytes = b"") -> bytes:
        self.write(command.encode() + b"\r")
        return await self.expect(final or self.ok)

    async def prepare(self) -> None:
        """What a program sets before it works."""
        for command in ("ATE0", "AT+CMEE=1", "AT+CMGF=0", "AT+CLIP=1"):
            await self.ask(command)
        await self.ask(f"AT+CNMI=2,1,0,{self.report_mode},0")

    async def open_prompt(self, length: int) -> None:
        self.write(f"AT+CMGS={length}\r".encode())
        await self.expect(b">")

    async def send(self, to: str, body: str, answer: bytes = b"") -> list[bytes]:
        """Hand over every segment of a text, encoded by python-gsmmodem; the answers."""
        answers = []
        for segment in encodeSmsSubmitPdu(to, body, reference=0, requestStatusReport=False):
            await self.open_prompt(segment.tpduLength)
            self.write(str(segment).encode() + b"\x1a")
            answers.append(await self.expect(answer or self.ok))
        return answers


@asynccontextmanager
async def plugged(modem: SimulatedModem, *, prepared: bool = True) -> AsyncIterator[Program]:
    """The modem started and a program on it."""
    async with modem:
        modes = modem.dialect.report_modes
        program = Program(modem.path, modem.dialect.eol, 1 if 1 in modes else modes[-1])
        try:
            if prepared:
                await program.prepare()
            yield program
        finally:
            program.port.close()
