"""Days of a busy office in minutes: `python -m tests.durability.three_days --seed 7 --hours 72 --folder DIR`.

Prints what happened as JSON, and says what is wrong. Exit status: 0 nothing, 1 something. The log of the gateway, its
books and the list of the faults stay in DIR.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import perf_counter

from tests.durability.fastclock import Leader, lead
from tests.durability.fasttimes import Times

BEGINS = datetime.fromisoformat("2027-03-12T14:00:00-05:00")  # a Friday; the clocks go forward in the night to Sunday
SHORT_BEGINS = datetime.fromisoformat("2027-03-15T08:00:00-04:00")  # a Monday morning
SAMPLE_S = 1800.0
REST_S = 1800.0  # after the last fault: what waits has been served
NO_KILLS = (0.15, 0.9)  # between these parts of the time the gateway lives undisturbed, so that growth can be seen
RESTLESS_S = 120.0
UP_S = 300.0  # a life that is looked at has gone on for so long


async def run(
    folder: Path, seed: int, hours: float, times: Times, leader: Leader, within_s: float
) -> dict[str, object]:
    """The whole of it; what is wrong is under `wrong`."""
    from tests.durability.busy_checks import wrong_books, wrong_growth, wrong_page
    from tests.durability.busy_desk import Desk
    from tests.durability.busy_faults import Faults
    from tests.durability.busy_office import busy_office
    from tests.durability.busy_people import People

    real = perf_counter()
    async with busy_office(folder, seed, times, leader) as office:
        desk, people = Desk(office), People(office)
        undisturbed = NO_KILLS if hours > 24 else (0.3, 0.7)
        faults = Faults(office, lambda: not undisturbed[0] < office.hours() / hours < undisturbed[1])
        await office.box.start()
        await desk.sign_in()
        lives = [
            asyncio.ensure_future(each.live(hours))
            for each in (people, desk, faults)  # type: ignore[attr-defined]
        ]
        watch = asyncio.gather(_sample(office), _never_at_rest(office))
        while not all(each.done() for each in lives):
            await asyncio.sleep(60)
            failed = [*office.failures, *(each.exception() for each in lives if each.done() and each.exception())]
            if failed:
                raise failed[0]
        await office.calm()
        await asyncio.sleep(REST_S)
        await office.until(lambda: not _under_way(office), lambda: _under_way(office), 4 * 3600)
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        inbox = await desk.get("/") or ""
        await desk.close()
        await office.box.stop()
        for failure in office.failures:
            raise failure
        truth = office.truth
        (folder / "samples.json").write_text(json.dumps(truth.samples, indent=1))
        return {
            "seed": seed,
            "hours": round(office.hours(), 1),
            "wall_s": round(perf_counter() - real, 1),
            "calls": len(truth.calls),
            "texts in": len(truth.letters),
            "texts out": len(office.network.sent_texts()),
            "emergencies": len(truth.emergencies),
            "faults": dict(sorted(truth.faults.items())),
            "faults in all": sum(truth.faults.values()),
            "kills": office.box.kills,
            "pages asked for": len(truth.page_waits),
            "page, 95 of 100, ms": round(sorted(truth.page_waits)[int(len(truth.page_waits) * 0.95)] * 1000, 1),
            "pressed": dict(sorted(truth.pressed.items())),
            "streamed": desk.streamed,
            "log bytes": office.box.log.stat().st_size,
            "process": _ends_of(truth.samples),
            "not tried": sorted(truth.untried),
            "wrong": [*wrong_books(office, inbox), *wrong_growth(office), *wrong_page(office, within_s)],
        }


def _ends_of(samples: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """The first and the last look at the longest life, and the one at the end of its first third."""
    lives = [sample["life"] for sample in samples]
    seen = [sample for sample in samples if sample["life"] == max(set(lives), key=lives.count)] if lives else []
    return {"first": seen[0], "warm": seen[len(seen) // 3], "last": seen[-1]} if seen else {}


async def _sample(office: object) -> None:
    """Looks at the process every half hour."""
    from tests.bench.procfs import usage
    from tests.durability.busy_office import Office

    assert isinstance(office, Office)
    box = office.box
    while True:
        await asyncio.sleep(SAMPLE_S)
        if not box.alive or not box.listens or time.monotonic() - box.began < UP_S:
            continue
        counted = box.census()
        used = usage(box.pid)
        children = Path(f"/proc/{box.pid}/task/{box.pid}/children").read_text().split()
        wal = box.database.with_name(box.database.name + "-wal")
        state = [each for each in box.state.rglob("*") if each.is_file()]
        office.truth.samples.append(
            {
                "h": round(office.hours(), 2),
                "life": len(box.ends),
                "age_h": round((time.monotonic() - box.began) / 3600, 2),
                "rss_kib": used.rss_kib,
                "files": used.files,
                "threads": used.threads,
                "children": len(children),
                "wal": wal.stat().st_size if wal.exists() else 0,
                "database": box.database.stat().st_size,
                "state": sum(each.stat().st_size for each in state),
                "log": box.log.stat().st_size,
                "cpu_s": round(used.cpu_s, 1),
                **counted,
            }
        )


async def _never_at_rest(office: object) -> None:
    """A gateway that works without end keeps the clock from leaping: two minutes then take two minutes."""
    from tests.durability.busy_office import Office

    assert isinstance(office, Office)
    while True:
        began = perf_counter()
        await asyncio.sleep(RESTLESS_S)
        if perf_counter() - began > 0.9 * RESTLESS_S:
            office.failures.append(AssertionError(f"the box is never at rest: {office.box.stacks()}"))


def _under_way(office: object) -> str:
    """What is not settled yet."""
    from tests.durability.busy_office import Office

    assert isinstance(office, Office)
    now = round(time.time() * 1000)
    rows = office.box.rows(
        "SELECT 'call', id, state FROM calls WHERE state IN ('ringing', 'waiting')"
        f" UNION ALL SELECT 'text', id, state FROM texts WHERE state = 'submitting' OR state = 'queued' AND due < {now - 60_000}"
        f" UNION ALL SELECT 'lead', id, stage FROM leads WHERE reply_at < {now - 60_000}"
    )
    stored = {name: len(memory.slots) for name, memory in office.modem.state.memories.items() if memory.slots}
    there = (*map(tuple, rows), stored, office.modem.undelivered, office.modem.state.calls, office.pbx.channels)
    return ", ".join(str(each) for each in there if each)


def lived(folder: Path, seed: int, hours: float, page_ms: float) -> str:
    """The run in a process of its own, as a person would start it. Returns what it said; an AssertionError tells what is wrong."""
    command = [sys.executable, "-m", "tests.durability.three_days", "--seed", str(seed), "--hours", str(hours)]
    command += ["--folder", str(folder), "--page-ms", str(page_ms)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {seed}, {hours} h\n{done.stdout[-20_000:]}\n{done.stderr[-10_000:]}"
    return done.stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--hours", type=float, default=72.0)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--page-ms", type=float, default=50.0, help="95 of 100 pages have answered within")
    options = parser.parse_args()
    times = Times(options.folder / "clock", BEGINS if options.hours > 12 else SHORT_BEGINS)
    loop, leader = lead(times)
    work = loop.create_task(run(options.folder, options.seed, options.hours, times, leader, options.page_ms / 1000))
    loop.add_signal_handler(signal.SIGTERM, work.cancel)  # the gateway ends, and what was mounted is taken down
    found = loop.run_until_complete(work)
    print(json.dumps(found, indent=1))
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
