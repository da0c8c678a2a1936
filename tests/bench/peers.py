"""gammu-smsd and smstools on the same simulated modem: what they do with a text that is handed to them.

Only the sending half can be compared: neither sees a PBX's calls. They are not part of the test machine's packages; the
programs are looked up on PATH (Debian: gammu-smsd, smstools).
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from drivers.simulator.modem import SimulatedModem
from tests.bench.box import now
from tests.bench.figures import KIB, Figure, quantile
from tests.bench.procfs import Usage, usage

TEXT = "Miller Heating & Air: sorry we missed your call. What can we help with?"
TO = "12165550137"
PATIENCE_S = 120.0
WARM_UP_S = 45.0  # gammu-smsd looks for its modem for half a minute
QUIET_S = 60.0


@dataclass(frozen=True, slots=True)
class Peer:
    """A program with one configuration; `hand_over` puts a text into its spool, whole at once."""

    name: str
    program: str
    configuration: str
    arguments: tuple[str, ...]
    hand_over: Callable[[Path, int], None]


def _spool(folder: Path, name: str, body: str) -> None:
    """A file that appears whole."""
    unfinished = folder / f"unfinished-{name}"
    unfinished.write_text(body)
    unfinished.rename(folder / "outgoing" / name)


def _for_gammu(folder: Path, number: int) -> None:
    _spool(folder, f"OUTC20260101_000000_00_+{TO}_{number:04d}.txt", TEXT)


def _for_smstools(folder: Path, number: int) -> None:
    _spool(folder, f"text-{number}", f"To: {TO}\n\n{TEXT}")


_GAMMU = """
[gammu]
port = {folder}/modem
connection = at
[smsd]
service = files
logfile = {folder}/log
inboxpath = {folder}/incoming/
outboxpath = {folder}/outgoing/
sentsmspath = {folder}/sent/
errorsmspath = {folder}/failed/
"""
_GAMMU_TUNED = """
CommTimeout = 1
StatusFrequency = 0
CheckSecurity = 0
CheckBattery = 0
CheckSignal = 0
CheckNetwork = 0
ReceiveFrequency = 3600
"""
_SMSTOOLS = """
devices = GSM1
outgoing = {folder}/outgoing
checked = {folder}/checked
incoming = {folder}/incoming
sent = {folder}/sent
failed = {folder}/failed
logfile = {folder}/log
infofile = {folder}/info
pidfile = {folder}/pid
"""
_SMSTOOLS_TUNED = """
delaytime = 1
delaytime_mainprocess = 1
trust_outgoing = yes
"""
_SMSTOOLS_MODEM = """
[GSM1]
device = {folder}/modem
incoming = yes
rtscts = no
"""
_RUN_GAMMU = ("-c", "{folder}/configuration")
_RUN_SMSTOOLS = ("-c{folder}/configuration", "-p{folder}/pid", "-i{folder}/info", "-t")

PEERS = (
    Peer("gammu-smsd, as installed", "gammu-smsd", _GAMMU, _RUN_GAMMU, _for_gammu),
    Peer("gammu-smsd, tuned", "gammu-smsd", _GAMMU + _GAMMU_TUNED, _RUN_GAMMU, _for_gammu),
    Peer("smstools, as installed", "smsd", _SMSTOOLS + _SMSTOOLS_MODEM, _RUN_SMSTOOLS, _for_smstools),
    Peer(
        "smstools, tuned",
        "smsd",
        _SMSTOOLS + _SMSTOOLS_TUNED + _SMSTOOLS_MODEM + "pre_init = no\npoll_faster = 1\n",
        _RUN_SMSTOOLS,
        _for_smstools,
    ),
)


async def measure(folder: Path, *, texts: int = 20) -> list[Figure]:
    """Each peer in turn; those that are not installed are left out."""
    figures: list[Figure] = []
    for place, peer in enumerate(PEERS):
        if shutil.which(peer.program) is not None:
            figures += await _one(peer, folder / str(place), texts)
    return figures or [Figure("no peer is installed (gammu-smsd, smstools)", 0, "peers")]


async def _one(peer: Peer, folder: Path, texts: int) -> list[Figure]:
    for name in ("incoming", "outgoing", "checked", "sent", "failed"):
        (folder / name).mkdir(parents=True)
    (folder / "configuration").write_text(peer.configuration.format(folder=folder))
    modem = SimulatedModem(link=folder / "modem")
    async with modem:
        process = await asyncio.create_subprocess_exec(
            peer.program,
            *(argument.format(folder=folder) for argument in peer.arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await asyncio.sleep(WARM_UP_S)
            idle = [_family(process.pid)]
            await asyncio.sleep(QUIET_S)
            idle.append(_family(process.pid))
            waits = await _send(peer, folder, modem, texts)
            after = _family(process.pid)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
    written = (_written(after) - _written(idle[1])) / texts
    cpu_s = sum(u.cpu_s for u in idle[1]) - sum(u.cpu_s for u in idle[0])
    detail = (
        f"{texts} texts at random moments; 95 of 100 within {quantile(waits, 0.95):.3g} s, worst {max(waits):.3g} s"
    )
    return [
        Figure(f"{peer.name}: text in the spool to AT+CMGS, median", median(waits), "s", detail=detail),
        Figure("  written to disk for a text", written / KIB, "KiB"),
        Figure(
            "  written to disk when idle", _written(idle[1]) - _written(idle[0]), "bytes", detail=f"in {QUIET_S:g} s"
        ),
        Figure("  memory, resident", sum(u.rss_kib for u in after) / KIB, "MiB", detail=f"{len(after)} processes"),
        Figure("  processor when idle", cpu_s / QUIET_S * 100, "%"),
    ]


async def _send(peer: Peer, folder: Path, modem: SimulatedModem, texts: int) -> list[float]:
    chance = random.Random(2)  # one look of gammu-smsd takes half a minute: every phase of it
    waits = []
    for number in range(1, texts + 1):
        await asyncio.sleep(chance.uniform(1.0, 31.0))
        began = now()
        peer.hand_over(folder, number)
        async with asyncio.timeout(PATIENCE_S):
            while len(modem.sent) < number:  # noqa: ASYNC110 - another process, it calls nobody
                await asyncio.sleep(0.005)
        waits.append(next(at for at, line in reversed(modem.commands) if line.startswith("AT+CMGS=")) - began)
    return waits


def _written(family: list[Usage]) -> int:
    return sum(each.disk_bytes for each in family)


def _family(pid: int) -> list[Usage]:
    """The process and its children."""
    children = (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text().split()
    return [usage(each) for each in (pid, *map(int, children))]
