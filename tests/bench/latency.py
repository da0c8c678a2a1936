"""How long a caller waits for nothing but our own doing: from the end of a call to the first byte of the text."""

from __future__ import annotations

import asyncio
import os
import random
import time
from pathlib import Path
from statistics import median

from drivers.modem.engine import AtEngine
from drivers.modem.pdu import encode_submit
from drivers.modem.settings import Timings
from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from drivers.simulator.thread import SimulatedModemThread
from gateway.ports.devices import OutgoingSegment
from tests.bench.books import A_YEAR_OF_CALLS
from tests.bench.box import Box, box, now
from tests.bench.figures import Figure, quantile
from tests.bench.numbers import callers

RING_S = 0.1
COMMITS = "two of them lie between Hangup and AT+CMGS: the end of the call, the claim of the text"
WAL_FRAME = 1024 + 24  # bytes: a page of the database and its header
PAUSE_S = (0.02, 0.12)  # between a text and the next call, so that calls meet the gateway in every phase


class TimedPbx(SimulatedPbx):
    """Notes when the Hangup of a caller's channel was given to the socket."""

    def __init__(self) -> None:
        super().__init__()
        self.hung_up_at = 0.0

    def _say(self, event: str, shown: dict[str, str], privilege: str = "call,all") -> None:
        if event == "Hangup" and shown["Uniqueid"] == shown["Linkedid"]:
            self.hung_up_at = now()
        super()._say(event, shown, privilege)


async def measure(folder: Path, *, calls: int = 300, old: int = A_YEAR_OF_CALLS) -> list[Figure]:
    """AMI Hangup on the socket -> AT+CMGS on the pty, `calls` calls one after another, settle time 0."""
    waits: list[float] = []
    pbx = TimedPbx()
    async with box(folder, pbx, calls=old) as made:
        chance = random.Random(1)
        for number, caller in zip(range(1, calls + 1), callers(), strict=False):
            waits.append(await _one(made, pbx, caller, number, old))
            await asyncio.sleep(chance.uniform(*PAUSE_S))
        assert not made.texted_twice()
    detail = f"{calls} calls after {old:,} others; p99 {quantile(waits, 0.99) * 1e3:.1f}, max {max(waits) * 1e3:.1f} ms"
    alone = await _driver_alone(calls)
    commits = commit_times(folder, calls)
    return [
        Figure("Hangup on the socket to AT+CMGS on the line, median", median(waits) * 1e3, "ms", 15.0, detail=detail),
        Figure("the same, 95 of 100 calls", quantile(waits, 0.95) * 1e3, "ms", 40.0),
        Figure("of this the modem driver alone, median", median(alone) * 1e3, "ms", 2.0, detail=f"{calls} texts"),
        Figure("the same, 95 of 100 texts", quantile(alone, 0.95) * 1e3, "ms"),
        Figure("a commit's fdatasync on this disk, median", median(commits) * 1e3, "ms", detail=COMMITS),
        Figure("the same, 95 of 100", quantile(commits, 0.95) * 1e3, "ms"),
    ]


def commit_times(folder: Path, times: int) -> list[float]:
    """Seconds that the disk takes to keep one more kilobyte for good, as every commit asks of it."""
    waits = []
    file = os.open(folder / "commit", os.O_RDWR | os.O_CREAT)
    try:
        for place in range(times):
            os.pwrite(file, os.urandom(WAL_FRAME), place * WAL_FRAME)
            began = now()
            os.fdatasync(file)
            waits.append(now() - began)
            time.sleep(0.01)
    finally:
        os.close(file)
    return waits


async def _one(made: Box, pbx: TimedPbx, caller: str, number: int, old: int) -> float:
    """Seconds from Hangup to AT+CMGS of one call; leaves nothing behind that could disturb the next."""
    await pbx.missed_call(caller, "2165550100", RING_S)
    await made.texts(number)
    await made.delivered(range(old + number, old + number + 1))
    return _asked_at(made.modem) - pbx.hung_up_at


async def _driver_alone(texts: int) -> list[float]:
    """Seconds from the driver's hand-over to AT+CMGS on an idle line; the modem has a thread of its own."""
    caller = f"+1{next(callers())}"
    text = OutgoingSegment(caller, "Sorry we missed your call.", False, None, 1, 1, 3600, True)
    pdu, length = encode_submit(text)
    waits = []
    with SimulatedModemThread(SimulatedModem) as line:
        engine = AtEngine.open(line.path, 115_200, False, Timings(drain_s=0.02), lambda *_: None)
        try:
            await engine.command("AT+CMGF=0")
            for _ in range(texts):
                begun = now()
                await engine.hand_over(pdu, length)
                waits.append(_asked_at(line.modem) - begun)
        finally:
            engine.close("measured")
    return waits


def _asked_at(modem: SimulatedModem) -> float:
    """When the newest AT+CMGS arrived."""
    return next(at for at, line in reversed(modem.commands) if line.startswith("AT+CMGS="))
