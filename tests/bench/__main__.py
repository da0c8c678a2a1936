"""`python -m tests.bench [NAME ...]`: the figures of the README, measured on this machine.

Everything is real but the PBX and the modem: `textback run` is a process of its own, with its database on the disk that
holds --folder. Exit status: 0 every target met, 1 one missed, 2 bad usage.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from tests.bench import disk, flood, idle, latency, load, page, peers, start
from tests.bench.figures import Figure, as_json, machine, table

ON_REQUEST = {"peers"}  # about others, and half an hour long

Benchmark = Callable[[Path], Awaitable[list[Figure]]]


def benchmarks(quick: bool) -> dict[str, tuple[str, Benchmark]]:
    """Name -> what it shows, and how it is measured. `quick`: a look, not a figure."""
    return {
        "latency": (
            "From the end of a call to its text, settle time 0",
            partial(latency.measure, calls=40 if quick else 300),
        ),
        "flood": ("Manager events on one socket", partial(flood.measure, seconds=12 if quick else 60)),
        "start": (
            "From `textback run` to a box that works",
            partial(start.measure, times=2, cold_times=2, calls=2000) if quick else start.measure,
        ),
        "disk": (
            "Written to the disk for a missed call, from the first ring to the report",
            partial(disk.measure, calls=40 if quick else 200),
        ),
        "idle": ("A box with nothing to do; one page is open", partial(idle.measure, seconds=30 if quick else 600)),
        "page": (
            "The page after years: 100,000 leads, 500,000 texts",
            partial(page.measure, leads=5000, texts=25_000, asked=50, idle_s=10) if quick else page.measure,
        ),
        "load": ("The first load of a page, in a browser slowed down as Lighthouse does it", load.measure),
        "peers": (
            "gammu-smsd and smstools with a text that is handed to them, on the same simulated modem",
            partial(peers.measure, texts=3 if quick else 20),
        ),
    }


def main() -> int:
    known = benchmarks(False)
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which ({', '.join(known)}); all but peers if none is given"
    )
    parser.add_argument("--quick", action="store_true", help="short runs: a look, not a figure")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything as JSON")
    parser.add_argument("--folder", type=Path, help="where to keep databases meanwhile: the disk that is measured")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in known]:
        parser.error(f"unknown benchmark {unknown[0]!r} - there are: {', '.join(known)}")
    results: dict[str, list[Figure]] = {}
    print(machine(), flush=True)
    for name, (title, measure) in benchmarks(options.quick).items():
        if name not in (options.names or known.keys() - ON_REQUEST):
            continue
        with tempfile.TemporaryDirectory(prefix=f"textback-{name}-", dir=options.folder) as folder:
            results[name] = asyncio.run(measure(Path(folder)))  # type: ignore[arg-type]
        print(f"\n{table(title, results[name])}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(as_json(results), indent=1) + "\n")
    return int(any(figure.met is False for figures in results.values() for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
