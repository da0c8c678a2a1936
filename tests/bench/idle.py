"""What the box costs while nothing happens: memory, processor, and the card's life."""

from __future__ import annotations

import asyncio
from pathlib import Path

from drivers.simulator.pbx import SimulatedPbx
from tests.bench.box import box, open_page
from tests.bench.figures import KIB, Figure
from tests.bench.numbers import callers
from tests.bench.procfs import counts_writes, fingerprint

CALLS_BEFORE = 20  # an idle box is one that has worked before: everything it needs is loaded
SETTLED_S = 5.0  # the last report, the page's last refresh


async def measure(folder: Path, *, seconds: float = 600.0, settled_s: float = SETTLED_S) -> list[Figure]:
    """An idle box with Asterisk, modem and one open page, for `seconds`."""
    pbx = SimulatedPbx()
    async with box(folder, pbx) as made, open_page(made) as heard:
        for caller, _ in zip(callers(), range(CALLS_BEFORE), strict=False):
            await pbx.missed_call(caller, "2165550100", 0.1)
        await made.delivered(range(1, CALLS_BEFORE + 1))
        await made.get("/")
        await asyncio.sleep(settled_s)
        files, lines, commands, heard_before = (
            fingerprint(made.state),
            len(made.log),
            len(made.modem.commands),
            len(heard),
        )
        before = made.usage()
        await asyncio.sleep(seconds)
        after = made.usage()
        changed = [name for name, mark in fingerprint(made.state).items() if files.get(name) != mark]
        on_the_wire = len(made.modem.commands) - commands
        assert len(heard) > heard_before or seconds < 20, "the open page has heard nothing: is it open?"
    span = f"in {seconds:g} s"
    written = after.disk_bytes - before.disk_bytes
    return [
        Figure("memory, resident", after.rss_kib / KIB, "MiB", 90.0, detail=f"{after.threads} threads"),
        Figure("memory, proportional share (PSS)", after.pss_kib / KIB, "MiB", 90.0),
        Figure("processor", (after.cpu_s - before.cpu_s) / seconds * 100, "%", 0.5, detail=f"{span}, of one core"),
        Figure(
            "written to disk" if counts_writes(folder) else "written to disk (NOT COUNTED: not on a disk)",
            written,
            "bytes",
            0,
            detail=f"{span}; files changed: {', '.join(changed) or 'none'}; lines logged: {len(made.log) - lines}",
        ),
        Figure("files changed", len(changed), "files", 0, detail=span),
        Figure("AT commands", on_the_wire / seconds * 60, "a minute", detail=span),
    ]
