"""What one missed call writes to the card, from the first ring to the delivery report."""

from __future__ import annotations

import asyncio
from pathlib import Path

from drivers.simulator.pbx import SimulatedPbx
from tests.bench.box import UNCAPPED, Box, box, callers, open_page
from tests.bench.figures import KIB, Figure
from tests.bench.procfs import counts_writes

RING_S = 0.2
SETTLE_S = 1  # as in life the text is queued, waits and is then sent; ten seconds would only make this longer
AT_ONCE = 20  # every line of a busy office at the same moment


async def measure(folder: Path, *, calls: int = 200, at_once: int = AT_ONCE) -> list[Figure]:
    """Bytes handed to the disk per missed call that is texted and reported: one by one, and in bursts."""
    where = "" if counts_writes(folder) else " (NOT COUNTED: the folder is not on a disk)"
    pbx = SimulatedPbx()
    async with box(folder, pbx, texting={"settle": SETTLE_S, **UNCAPPED}) as made, open_page(made):
        numbers = iter(callers())
        before = made.usage().disk_bytes
        for number in range(1, calls + 1, 4):  # four at a time only to be done sooner: they do not share a commit
            await _burst(made, pbx, [next(numbers) for _ in range(4)], number, apart_s=0.25)
        between = made.usage().disk_bytes
        done = len(made.modem.sent)
        for number in range(done + 1, done + calls + 1, at_once):
            await _burst(made, pbx, [next(numbers) for _ in range(at_once)], number, apart_s=0.0)
        after = made.usage().disk_bytes
        loaded = len(made.modem.sent) - done
        assert not made.texted_twice()
    return [
        Figure(
            f"written for a missed call{where}", (between - before) / done / KIB, "KiB", 120.0, detail=f"{done} calls"
        ),
        Figure(
            f"the same, {at_once} calls at the same moment",
            (after - between) / loaded / KIB,
            "KiB",
            120.0,
            detail=f"{loaded} calls",
        ),
    ]


async def _burst(made: Box, pbx: SimulatedPbx, numbers: list[str], first: int, apart_s: float) -> None:
    async with asyncio.TaskGroup() as calls:
        for caller in numbers:
            calls.create_task(pbx.missed_call(caller, "2165550100", RING_S))
            await asyncio.sleep(apart_s)
    await made.delivered(range(first, first + len(numbers)))
