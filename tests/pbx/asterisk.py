"""One unpacked Asterisk, on a loopback network of its own: started and stopped by hand, no systemd, no root rights.

Every office has the network 127.<A>.<B>.0/24: the PBX is .1 (SIP 5060, AMI 5038), the provider's trunk and the cells
behind it .10, the phones .201 and so on. Several offices run side by side.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
import shutil
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
CONF = Path(__file__).parent / "conf"
BOOT_S = 60.0  # measured 0.5 s alone; eight at once on two busy cores take some seconds
STOP_S = 10.0

FOLDERS = (
    "etc",
    "varlib/agi-bin",
    "spool/voicemail",
    "spool/tmp",
    "spool/monitor",
    "run",
    "log/cdr-csv",
    "log/cdr-custom",
    "sbin",
    "moh",
)
# Read by modules that complain when they are absent; empty means: as shipped.
EMPTY = ("acl", "ccss", "cli", "cli_permissions", "http", "sip", "sorcery", "stasis", "udptl", "users")


class Stack(StrEnum):
    """The kinds of PBX the gateway is held against."""

    PJSIP_22 = "22-pjsip"
    PJSIP_16 = "16-pjsip"
    CHAN_SIP_16 = "16-chan_sip"

    @property
    def version(self) -> int:
        return int(self.value.split("-")[0])

    @property
    def unpacked(self) -> Path:
        return CACHE / f"asterisk{self.version}"

    @property
    def missing(self) -> list[str]:
        """What this PBX and its phones need and this machine lacks."""
        asterisk = [] if (self.unpacked / "ok").exists() else [f"Asterisk {self.version}"]
        return asterisk if shutil.which("sipp") else [*asterisk, "sipp"]

    def network(self, lane: int) -> str:
        """First three numbers of the addresses of this stack's office number `lane`."""
        second = {Stack.PJSIP_22: 22, Stack.PJSIP_16: 16, Stack.CHAN_SIP_16: 17}[self]
        return f"127.{second}.{lane}"


def free_network(stack: Stack, lane: int) -> str:
    """The office's network, moved by the process number so that two test runs on one machine do not meet."""
    return stack.network(lane + 10 * (os.getpid() % 24))


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Where the pieces of an unpacked Asterisk lie (they differ between releases and processors)."""

    root: Path

    @property
    def loader(self) -> Path:
        found = [
            p for pattern in ("lib64/ld-linux-*", "lib/ld-linux-*", "lib/*/ld-2.*.so") for p in self._under(pattern)
        ]
        return next(p for p in found if p.exists())

    @property
    def libraries(self) -> str:
        return ":".join(str(p) for p in [*self._under("lib/*-linux-gnu*"), self.root / "usr/lib"])

    @property
    def modules(self) -> Path:
        return [*self._under("lib/asterisk/modules"), *self._under("lib/*/asterisk/modules")][0]

    def _under(self, pattern: str) -> list[Path]:
        return sorted(self.root.glob("usr/" + pattern)) + sorted(self.root.glob(pattern))


class Asterisk:
    """The process and its configuration. `run` is a scratch folder; start() returns when it is fully booted."""

    def __init__(self, stack: Stack, network: str, run: Path) -> None:
        self.stack = stack
        self.network = network
        self.address = f"{network}.1"
        self.ami = (self.address, 5038)
        self.run = run
        self._unpacked = Unpacked(stack.unpacked / "root")
        self._process: asyncio.subprocess.Process | None = None

    def configure(self) -> None:
        """Write the office's configuration, fresh."""
        for folder in FOLDERS:
            (self.run / folder).mkdir(parents=True, exist_ok=True)
        values = {
            "RUN": str(self.run),
            "MODDIR": str(self._unpacked.modules),
            "DATADIR": str(self._unpacked.root / "usr/share/asterisk"),
            "PBX": self.address,
            "NET": self.network,
        }
        texts = {name + ".conf": "; nothing\n" for name in EMPTY}
        texts |= {path.name: path.read_text() for path in CONF.glob("*.conf")}
        if self.stack.version != 16:
            del texts["extensions_16.conf"]
        if self.stack is Stack.CHAN_SIP_16:
            texts = on_chan_sip(texts)
        for name, text in texts.items():
            filled = re.sub(r"@([A-Z]+)@", lambda found: values.get(found[1], found[0]), text)
            (self.run / "etc" / name).write_text(filled)
        tone = (int(3000 * math.sin(2 * math.pi * 440 * i / 8000)) for i in range(8000 * 4))
        (self.run / "moh" / "tone.sln").write_bytes(b"".join(struct.pack("<h", sample) for sample in tone))

    async def start(self) -> None:
        with (self.run / "log" / "console").open("ab") as console:
            self._process = await asyncio.create_subprocess_exec(
                *self._command("-f", "-q"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                cwd=self.run,
                env=dict(os.environ, LC_ALL="C"),
                start_new_session=True,
            )
        async with asyncio.timeout(BOOT_S):
            while "ully booted" not in await self.cli("core waitfullybooted"):
                if self._process.returncode is not None:
                    raise RuntimeError(f"Asterisk ended with {self._process.returncode}, see {self.run}/log")
                await asyncio.sleep(0.05)

    async def cli(self, command: str) -> str:
        """What the command line answers; empty when the process is not there."""
        asked = await asyncio.create_subprocess_exec(
            *self._command("-r", "-x", command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=dict(os.environ, LC_ALL="C"),
        )
        said, _ = await asked.communicate()
        return said.decode(errors="replace")

    async def stop(self) -> None:
        if self.is_running:
            await self.cli("core stop now")
            await self.ended(STOP_S)

    async def ended(self, within_s: float) -> None:
        """Wait for the process to end by itself; kill it when it does not."""
        assert self._process is not None
        try:
            async with asyncio.timeout(within_s):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def _command(self, *words: str) -> list[str]:
        u = self._unpacked
        start = [str(u.loader), "--library-path", u.libraries, str(u.root / "usr/sbin/asterisk")]
        return [*start, "-C", str(self.run / "etc/asterisk.conf"), *words]


PEERS = """
[general]
context = nowhere
udpbindaddr = @PBX@:5060
allowguest = no
directmedia = no
disallow = all
allow = ulaw
dtmfmode = info
callcounter = yes
notifyringing = yes
trustrpid = yes
sendrpid = no
session-timers = refuse

[trunk]
type = peer
host = @NET@.10
port = 5080
insecure = port,invite
context = from-trunk
qualify = no

[phone](!)
type = friend
port = 5060
insecure = port,invite
context = from-internal
callgroup = 1
pickupgroup = 1
qualify = no
"""
PHONES = {"201": "Front Desk", "202": "Dispatch", "203": "Shop", "206": "Unplugged"}


def on_chan_sip(texts: dict[str, str]) -> dict[str, str]:
    """The same office on the older channel driver."""

    def dialled(text: str) -> str:
        text = re.sub(r"PJSIP/(\w+|\$\{EXTEN\})@trunk", r"SIP/trunk/\1", text)
        text = re.sub(r".*PJSIP_DIAL_CONTACTS.*\n", "", text)  # a function of the newer driver
        return text.replace("PJSIP/", "SIP/")

    peers = PEERS
    for number, name in PHONES.items():
        peers += f'\n[{number}](phone)\nhost = @NET@.{number}\ncallerid = "{name}" <{number}>\n'
    peers += '\n[204](phone)\nhost = dynamic\ncallerid = "Unregistered" <204>\n'
    dialling = ("extensions.conf", "extensions_more.conf", "extensions_16.conf", "queues.conf")
    changed = {name: dialled(texts[name]) for name in dialling}
    modules = texts["modules.conf"].replace("noload => chan_sip.so\n", "")
    changed["modules.conf"] = modules + "noload => chan_pjsip.so\nnoload => res_pjsip.so\n"
    changed["sip.conf"] = peers
    return texts | changed
