"""What one missed call writes to the card, from the first ring to the delivery report."""

from __future__ import annotations

import asyncio
from itertools import islice
from pathlib import Path

from drivers.simulator.pbx import SimulatedPbx
from tests.bench.books import A_YEAR_OF_CALLS
from tests.bench.box import UNCAPPED, Box, box, open_page
from tests.bench.figures import KIB, Figure
from tests.bench.numbers import callers
from tests.bench.procfs import counts_writes

RING_S = 0.2
SETTLE_S = 1  # as in life the text is queued, waits and is then sent; ten seconds would only make this longer
AT_ONCE = 20  # every line of a busy office at the same moment


async def measure(
    folder: Path, *, calls: int = 200, at_once: int = AT_ONCE, old: int = A_YEAR_OF_CALLS
) -> list[Figure]:
    """Bytes handed to the disk per missed call that is texted and reported: a few at a time, and in bursts."""
    name = "written for a missed call"
    if not counts_writes(folder):
        name += " (NOT COUNTED: the folder is not on a disk)"
    few = await _written(folder / "few", calls, 4, 0.25)  # four only to be done sooner: they do not share a commit
    many = await _written(folder / "many", calls, at_once, 0.0)
    aged = await _written(folder / "aged", calls, 4, 0.25, old)
    return [
        Figure(name, few / KIB, "KiB", 120.0, detail=f"{calls} calls, checkpoints included"),
        Figure(f"the same, {at_once} calls at the same moment", many / KIB, "KiB", 120.0, detail=f"{calls} calls"),
        Figure(f"the same, {old:,} calls in the books", aged / KIB, "KiB", 120.0, detail=f"{calls} calls"),
    ]


async def _written(folder: Path, calls: int, at_once: int, apart_s: float, old: int = 0) -> float:
    """Bytes per call of one gateway that gets `calls` calls, `at_once` at a time, with `old` calls in its books."""
    pbx = SimulatedPbx()
    async with box(folder, pbx, texting={"settle": SETTLE_S, **UNCAPPED}, calls=old) as made, open_page(made):
        numbers = iter(callers())
        before = made.usage().disk_bytes
        for number in range(old + 1, old + calls + 1, at_once):
            await _burst(made, pbx, list(islice(numbers, at_once)), number, apart_s)
        assert len(made.modem.sent) == calls, "every call is texted, and once"
        assert not made.texted_twice()
        return (made.usage().disk_bytes - before) / calls


async def _burst(made: Box, pbx: SimulatedPbx, numbers: list[str], first: int, apart_s: float) -> None:
    async with asyncio.TaskGroup() as calls:
        for caller in numbers:
            calls.create_task(pbx.missed_call(caller, "2165550100", RING_S))
            await asyncio.sleep(apart_s)
    await made.delivered(range(first, first + len(numbers)))
