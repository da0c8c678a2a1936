"""From `textback run` to a box that works: the page answers, Asterisk and modem are connected."""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from drivers.simulator.pbx import SimulatedPbx
from tests.bench.books import A_YEAR_OF_CALLS, fill
from tests.bench.box import Box, get, healthy, now, until, world
from tests.bench.figures import MIB, Figure

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until the page answers, until everything is up, and of processor until then."""

    page_s: float
    up_s: float
    cpu_s: float


async def measure(folder: Path, *, times: int = 7, cold_times: int = 7, calls: int = A_YEAR_OF_CALLS) -> list[Figure]:
    """Starts as usual and with a year's calls in the books; from a cold cache, and the first after installing."""
    async with world(folder, SimulatedPbx()) as start:
        warm = [await _start(start) for _ in range(times)]
        cold = [await _start(start, forget=True) for _ in range(cold_times)]
        first = [
            await _start(start, PYTHONPYCACHEPREFIX=str(folder / f"no-bytecode-{number}"))
            for number in range(min(3, cold_times))
        ]
        size = fill(folder, calls)
        old = [await _start(start) for _ in range(times)]

    def figures(name: str, runs: list[Start], target: float | None = 2.0) -> list[Figure]:
        if not runs:
            return []
        detail = (
            f"{len(runs)} starts, worst {max(run.up_s for run in runs):.2f} s; page after"
            f" {median(run.page_s for run in runs):.2f} s; {median(run.cpu_s for run in runs):.2f} s of processor"
        )
        return [Figure(name, median(run.up_s for run in runs), "s", target, detail=detail)]

    return [
        *figures("start to ready", warm),
        *figures("the same, programs not in the page cache", cold),
        *figures("the same, first start after an installation (no bytecode)", first, None),
        *figures(f"the same, {calls:,} calls in the books ({size / MIB:.0f} MiB)", old),
    ]


async def _start(
    start: Callable[..., AbstractAsyncContextManager[Box]], *, forget: bool = False, **environment: str
) -> Start:
    if forget:
        drop_from_cache()
    began = now()
    async with start(**environment) as made:
        page_s = 0.0

        async def is_up() -> bool:
            nonlocal page_s
            with contextlib.suppress(OSError):
                if not page_s and (await get(made.page, "/"))[0] == 200:
                    page_s = now() - began
                return await healthy(made.page)
            return False

        await until(is_up)
        return Start(page_s, now() - began, made.usage().cpu_s)


def drop_from_cache() -> None:
    """Ask the kernel to forget the files of Python and of the gateway, as after a boot. What runs stays mapped."""
    os.sync()
    places = (
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("platlib"),
        *(str(ROOT / n) for n in ("gateway", "drivers", "web")),
    )
    for place in (*places, sys.base_prefix + "/lib"):
        for folder, _, names in os.walk(place):
            for name in names:
                with contextlib.suppress(OSError), open(os.path.join(folder, name), "rb") as file:  # noqa: PTH118
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
