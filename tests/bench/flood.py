"""More events than any office makes: nothing may be lost, and memory may not grow."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import mean

from tests.asterisk.ami_server import AmiServer
from tests.bench.box import Box, box, now, until
from tests.bench.figures import MIB, Figure
from tests.bench.procfs import Usage
from tests.bench.reel import Reel, Scene, scenes

RATE = 10_000.0  # events a second: some 60 calls a second, an office of thousands of lines
TICK_S = 0.01
BURST = 500  # events; some 200 kB, a little more than a socket holds
SAMPLE_S = 1.0
WARM_SHARE = 0.3  # of the run: until then caches fill; growth is what comes after
PRODUCT_DEFAULTS: dict[str, object] = {"settle": 10}  # with the caps on texts: the flood is of events
GROWTH_MIB = 4.0  # SQLite's two page caches hold 2 MiB each; they are all that may still fill


@dataclass(slots=True)
class Flood:
    """One run against one gateway."""

    made: Box
    server: AmiServer
    reel: Reel
    samples: list[tuple[float, Usage]] = field(default_factory=list)
    sent_bytes: int = 0
    behind_s: float = 0.0  # how far the sender was ever behind its schedule: the gateway held the bytes back

    async def pour(self, rate: float, seconds: float) -> float:
        """Send `rate` events a second for `seconds`, then wait for the last call; returns the seconds all of it took."""
        events = self.reel.events()
        sampling = asyncio.create_task(self._sample())
        began = now()
        due = began
        while due < began + seconds:
            due += TICK_S
            await asyncio.sleep(max(0.0, due - now()))
            burst = b"".join(islice(events, round(rate * TICK_S)))
            await self.server.send(burst)
            self.sent_bytes += len(burst)
            self.behind_s = max(self.behind_s, now() - due)
        await until(self._all_known)
        took = now() - began
        sampling.cancel()
        self.samples.append((now(), self.made.usage()))
        return took

    async def gush(self, seconds: float) -> float:
        """Send as fast as the gateway reads for `seconds`, then wait for the last call; returns how long all of it took."""
        events = self.reel.events()
        began = now()
        while now() < began + seconds:
            await self.server.send(b"".join(islice(events, BURST)))
        await until(self._all_known)
        return now() - began

    async def _sample(self) -> None:
        while True:
            self.samples.append((now(), self.made.usage()))
            await asyncio.sleep(SAMPLE_S)

    async def _all_known(self) -> bool:
        return self.reel.truths.keys() <= self._books().keys()

    def _books(self) -> dict[str, tuple[int | None, str]]:
        """Finished calls by Linkedid: missed or not, and why."""
        with sqlite3.connect(f"file:{self.made.state}/textback.sqlite3?mode=ro", uri=True) as db:
            rows = db.execute("SELECT key, missed, reason FROM calls WHERE ended_at IS NOT NULL").fetchall()
        return {key: (missed, reason) for key, missed, reason in rows}

    def wrong(self) -> list[str]:
        """Calls that were played to their end and are not in the books as they truly were."""
        books = self._books()
        return [
            key
            for key, truth in self.reel.truths.items()
            if key not in books or books[key][0] != (None if truth.missed is None else int(truth.missed))
        ]

    def growth_mib(self) -> float:
        """Memory at the end (last tenth) against memory once warm (the tenth that follows `WARM_SHARE`)."""
        tenth = max(1, len(self.samples) // 10)
        warm = round(len(self.samples) * WARM_SHARE)
        late, early = self.samples[-tenth:], self.samples[warm : warm + tenth]
        return (mean(u.rss_kib for _, u in late) - mean(u.rss_kib for _, u in early)) / 1024

    def cpu_share(self) -> float:
        """Processor seconds per second."""
        (first_at, first), (last_at, last) = self.samples[0], self.samples[-1]
        return (last.cpu_s - first.cpu_s) / (last_at - first_at)


async def measure(folder: Path, *, seconds: float = 60.0) -> list[Figure]:
    """10,000 events a second as recorded; the same calls as a stock install tells them; and as fast as it goes."""
    wide, narrow = scenes(least_privilege=False), scenes(least_privilege=True)
    share = sum(len(s.events) for s in narrow) / sum(len(s.events) for s in wide)
    return [
        *await _steady(folder / "wide", "every class of events", wide, RATE, seconds),
        *await _steady(folder / "narrow", "the same calls, least privilege", narrow, RATE * share, seconds / 2),
        *await _fastest(folder / "wide-out", "as fast as it takes them, every class", wide, seconds / 4, RATE),
        *await _fastest(folder / "narrow-out", "as fast as it takes them, least privilege", narrow, seconds / 4, None),
    ]


async def _steady(folder: Path, name: str, played: Sequence[Scene], rate: float, seconds: float) -> list[Figure]:
    server = AmiServer()
    async with box(folder, server, texting=PRODUCT_DEFAULTS) as made:
        flood = Flood(made, server, Reel(played))
        took = await flood.pour(rate, seconds)
        assert not made.texted_twice()
        calls = len(flood.reel.truths)
        wide = rate == RATE
        detail = (
            f"{seconds:g} s, {calls:,} calls ({calls / seconds:.0f}/s), {flood.sent_bytes / seconds / MIB:.1f} MiB/s,"
            f" never more than {flood.behind_s:.2f} s behind, done {took - seconds:.2f} s after the last event"
        )
        return [
            Figure(
                f"events a second, {name}", flood.reel.played / took, "", rate * 0.98 if wide else None, True, detail
            ),
            Figure("  calls lost or wrong", len(flood.wrong()), "calls", 0),
            Figure("  memory grown meanwhile", flood.growth_mib(), "MiB", GROWTH_MIB, detail=_memory(flood)),
            Figure("  processor", flood.cpu_share() * 100, "%", detail="of one core"),
        ]


async def _fastest(
    folder: Path, name: str, played: Sequence[Scene], seconds: float, target: float | None
) -> list[Figure]:
    """The sender is held back by TCP alone; what counts is the time until the last call is in the books."""
    server = AmiServer()
    async with box(folder, server, texting=PRODUCT_DEFAULTS) as made:
        flood = Flood(made, server, Reel(played))
        took = await flood.gush(seconds)
        calls = len(flood.reel.truths)
        given_up = len(flood.wrong())  # beyond 1,000 calls in progress the oldest goes on the call-back list as unknown
        detail = f"{calls / took:.0f} calls/s, {given_up} of {calls:,} given up as unknown"
        peak = Figure("  memory, peak", made.usage().peak_kib / 1024, "MiB")
        return [Figure(f"events a second, {name}", flood.reel.played / took, "", target, True, detail), peak]


def _memory(flood: Flood) -> str:
    first, last = flood.samples[0][1], flood.samples[-1][1]
    return f"{first.rss_kib / 1024:.0f} MiB before, {last.rss_kib / 1024:.0f} MiB after"
