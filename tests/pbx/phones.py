"""The telephones of one office, played by SIPp, and who may call on them."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path

from tests.pbx.consultant import Consultant
from tests.pbx.sip import (
    Answers,
    Behaviour,
    Consults,
    Gone,
    Redirects,
    Rejects,
    Rings,
    Silent,
    Step,
    caller_script,
    phone_script,
)

CELL = "cell"  # the owner's cell, behind the provider's trunk
LISTENING_S = 10.0
CALL_S = 60  # no call of the bench lasts longer


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who dials. `host` "10" is the trunk; an extension's number is that phone. `count` callers `every_s` apart
    have numbers that count up. `headers` are added to the INVITE; `uri` replaces the From address."""

    number: str
    did: str
    steps: tuple[Step, ...] = ()
    gives_up_ms: int | None = None
    at_s: float = 0.0
    name: str = ""
    uri: str = ""
    host: str = "10"
    headers: tuple[str, ...] = ()
    count: int = 1
    every_s: float = 1.0

    @property
    def numbers(self) -> tuple[str, ...]:
        if self.count == 1:
            return (self.number,)
        return tuple(str(int(self.number) + i) for i in range(self.count))

    @property
    def is_outside(self) -> bool:
        return self.host == "10"


@dataclass(slots=True)
class Sipp:
    """One SIPp process."""

    process: asyncio.subprocess.Process
    errors: Path

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.terminate()
            try:
                async with asyncio.timeout(2):
                    await self.process.wait()
            except TimeoutError:
                self.process.kill()
                await self.process.wait()


@dataclass(slots=True)
class Phones:
    """Starts and stops them. `network` is the office's, `scratch` a folder for scripts and logs."""

    network: str
    scratch: Path
    _media: int = 30000
    _names: int = 0
    _phones: dict[str, Sipp | Consultant | socket.socket] = field(default_factory=dict)

    @property
    def tone(self) -> Path:
        path = self.scratch / "tone.ulaw"
        if not path.exists():
            path.write_bytes(bytes(0x80 + (i * 37) % 64 for i in range(8000 * 2)))
        return path

    async def place(self, number: str, behaviour: Behaviour) -> None:
        """From now on the phone `number` does this; what it did before ends."""
        await self._remove(number)
        host, port = ("10", 5080) if number == CELL else (number, 5060)
        match behaviour:
            case Gone():
                return
            case Silent():
                sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                sink.bind((f"{self.network}.{host}", port))
                self._phones[number] = sink
            case Consults():
                phone = Consultant(number, f"{self.network}.{host}", f"{self.network}.1", behaviour)
                await phone.start()
                self._phones[number] = phone
            case Rings() | Answers() | Rejects() | Redirects():
                script = phone_script(behaviour, self.tone, f"{self.network}.1")
                self._phones[number] = await self._sipp(script, number, host, port)
                await self._listening(host, port)

    async def dial(self, caller: Caller, index: int) -> Sipp:
        """One caller (or a row of them) starts to dial now. The process ends with 0 when all went by the script."""
        number = "[field0]" if caller.count > 1 else caller.number
        uri = caller.uri or f"sip:{number}@[local_ip]:[local_port]"
        sender = f'"{caller.name}" <{uri}>' if caller.name else f"<{uri}>"
        headers = tuple(header.replace("{net}", self.network) for header in caller.headers)
        script = caller_script(caller.did, caller.steps, self.tone, sender, headers, caller.gives_up_ms)
        more = ["-m", str(caller.count), "-timeout", str(CALL_S), "-timeout_error"]
        if caller.count > 1:
            numbers = self.scratch / f"numbers{index}.csv"
            numbers.write_text("SEQUENTIAL\n" + "".join(number + "\n" for number in caller.numbers))
            more += ["-inf", str(numbers), "-r", "1", "-rp", str(int(caller.every_s * 1000)), "-l", str(caller.count)]
        return await self._sipp(script, f"caller{index}", caller.host, 5200 + 2 * index, *more)

    async def stop(self) -> None:
        for number in list(self._phones):
            await self._remove(number)

    async def _remove(self, number: str) -> None:
        match self._phones.pop(number, None):
            case (Sipp() | Consultant()) as phone:
                await phone.stop()
            case socket.socket() as sink:
                sink.close()

    async def _sipp(self, script: str, name: str, host: str, port: int, *more: str) -> Sipp:
        self._names += 1
        self._media = 30000 + (self._media - 29990) % 8000
        path = self.scratch / f"{self._names}-{name}.xml"
        path.write_text(script)
        errors = path.with_suffix(".err")
        here = f"{self.network}.{host}"
        command = ["sipp", f"{self.network}.1:5060", "-sf", str(path), "-i", here, "-p", str(port), "-nostdin"]
        command += ["-mi", here, "-mp", str(self._media), "-ci", here, "-rtp_threadtasks", "1"]
        command += [
            "-default_behaviors",
            "all,-bye",
            "-trace_err",
            "-error_file",
            str(errors),
            "-error_overwrite",
            "true",
        ]
        nothing = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*command, *more, stdin=nothing, stdout=nothing, stderr=nothing)
        return Sipp(process, errors)

    async def _listening(self, host: str, port: int) -> None:
        async with asyncio.timeout(LISTENING_S):
            while not is_bound(f"{self.network}.{host}", port):  # noqa: ASYNC110 - the kernel sends no event for it
                await asyncio.sleep(0.02)


def is_bound(address: str, port: int) -> bool:
    """Whether a UDP socket has this address, as the kernel's table tells."""
    packed = bytes(int(part) for part in address.split("."))
    return f"{packed[::-1].hex().upper()}:{port:04X}" in Path("/proc/net/udp").read_text()
