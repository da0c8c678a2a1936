"""The benchmarks still run. What they measure here, on a busy machine and in a second, is no figure."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.bench import disk, flood, idle, latency, page, start
from tests.bench.__main__ import Benchmark

TINY: dict[str, Benchmark] = {
    "latency": partial(latency.measure, calls=3, old=20),
    "flood": partial(flood.measure, seconds=0.2),
    "start": partial(start.measure, times=1, cold_times=0, calls=20),
    "disk": partial(disk.measure, calls=4, at_once=4, old=20),
    "page": partial(page.measure, leads=60, texts=300, asked=2, pages=2, idle_s=0.2),
    "idle": partial(idle.measure, seconds=0.2, settled_s=0.2),
}


@pytest.mark.parametrize("name", TINY)
async def test_a_benchmark_runs_on_the_real_gateway(tmp_path: Path, name: str) -> None:
    figures = await TINY[name](tmp_path)
    assert any(figure.value > 0 for figure in figures)
