"""A box with a past, ways in which its files get damaged, and a life of the box on what is left."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.core.events import (
    BoxStarted,
    CallEnded,
    CallRang,
    CallReason,
    CallSource,
    Event,
    ReportReceived,
    SegmentReceived,
    SubmitResult,
    SubmitVerdict,
)
from gateway.dispatcher import Dispatcher
from gateway.health import HealthBoard
from gateway.ports.devices import OutgoingSegment
from gateway.queries.office import Queries
from gateway.sender import Sender
from gateway.storage.mending import Mended
from gateway.storage.store import Store
from tests.gateway.office import MILLER

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
POLICY = replace(MILLER.business.policy, settle_s=0.0, per_minute=0, per_hour=0, per_day=0)
BUSINESS = replace(MILLER.business, policy=POLICY)
TEXTED = [f"+1216555010{n}" for n in range(1, 9)] + [f"+130155501{n:02d}" for n in range(60)]
STOPPED = [f"+1302555011{n}" for n in range(5)]
UNSURE = "+13035550121"
STRANGER = "+13045550199"

Harm = Callable[[Path, random.Random], None]
"""Damages the files of the database at that path."""


class Clock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Modem:
    """A modem at the port that takes everything, and does not answer for one number."""

    ready = True

    def __init__(self) -> None:
        self.air: list[OutgoingSegment] = []

    async def submit(self, segment: OutgoingSegment, about_to_write: object = None) -> SubmitResult:
        assert about_to_write is None
        self.air.append(segment)
        if segment.to == UNSURE:
            return SubmitResult(SubmitVerdict.UNCONFIRMED)
        return SubmitResult(SubmitVerdict.ACCEPTED, ref=len(self.air) % 256)

    async def run(self) -> None:
        raise AssertionError("not part of this")


def missed(caller: str, key: str, at: datetime) -> tuple[Event, Event]:
    return (
        CallRang(key, CallSource.AMI, at, caller, "+12165550100"),
        CallEnded(key, CallSource.AMI, at, caller, "+12165550100", True, CallReason.NO_ANSWER, ring_s=20.0),
    )


@dataclass(slots=True)
class Life:
    """One run of the box on a state folder: `air` is what it sent, `mended` what it did about damage."""

    path: Path
    clock: Clock
    store: Store
    dispatcher: Dispatcher
    sender: Sender
    queries: Queries
    modem: Modem
    mended: list[Mended]

    async def take(self, *events: Event) -> None:
        for event in events:
            await self.dispatcher.submit(event)
            await self.sender.drain()

    @property
    def openers(self) -> list[str]:
        return [segment.to for segment in self.modem.air if "missed your call" in segment.body]


async def begin(path: Path, at: datetime) -> Life:
    clock, modem, board, mended = Clock(at), Modem(), HealthBoard(), list[Mended]()
    store = Store(path, clock)
    store.on_mended = mended.append
    await store.open()
    dispatcher = Dispatcher(store, BUSINESS, clock, board)
    life = Life(
        path,
        clock,
        store,
        dispatcher,
        Sender(dispatcher, store, [modem], clock),
        Queries(store, dispatcher, board),
        modem,
        mended,
    )
    await life.take(BoxStarted(at))
    await life.queries.load_pause()
    return life


async def past(path: Path) -> None:
    """An afternoon at the box: callers texted, some said STOP, one text unsure. Leaves `clean` and `unclean` copies.

    `unclean` is what a power cut leaves: the file as it was at the last checkpoint, and the log with what came after it.
    """
    life = await begin(path, NOW - timedelta(hours=1))
    for place, caller in enumerate((*TEXTED, *STOPPED, UNSURE)):
        await life.take(*missed(caller, f"past-{place}", life.clock.now()))
        life.clock.moment += timedelta(seconds=5)
    for place, caller in enumerate(TEXTED[:40]):
        await life.take(
            SegmentReceived(f"pdu-{place}", life.clock.now(), caller, f"my furnace is out, {place}"),
            ReportReceived(f"report-{place}", life.clock.now(), place + 1, caller, 0),
        )
    for place, caller in enumerate(STOPPED):
        await life.take(SegmentReceived(f"stop-{place}", life.clock.now(), caller, "STOP"))
    unclean = path.parent / "unclean"
    unclean.mkdir()
    for file in path.parent.glob(path.name + "*"):
        shutil.copy2(file, unclean / file.name)
    await life.store.close()
    clean = path.parent / "clean"
    clean.mkdir()
    shutil.copy2(path, clean / path.name)


def flipped(suffix: str = "", many: int = 1) -> Harm:
    def harm(path: Path, rng: random.Random) -> None:
        file = path.with_name(path.name + suffix)
        data = bytearray(file.read_bytes())
        for _ in range(many):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        file.write_bytes(data)

    return harm


def overwritten(suffix: str = "", at: int | None = None, size: int = 1024) -> Harm:
    def harm(path: Path, rng: random.Random) -> None:
        file = path.with_name(path.name + suffix)
        data = bytearray(file.read_bytes())
        place = rng.randrange(max(1, len(data) // size)) * size if at is None else at
        data[place : place + size] = rng.randbytes(size)
        file.write_bytes(data)

    return harm


def zeroed(suffix: str = "", at: int | None = None, size: int = 4096) -> Harm:
    def harm(path: Path, rng: random.Random) -> None:
        file = path.with_name(path.name + suffix)
        data = bytearray(file.read_bytes())
        place = rng.randrange(max(1, len(data) // size)) * size if at is None else at
        data[place : place + size] = bytes(size)
        file.write_bytes(data)

    return harm


def cut(suffix: str = "", share: float | None = None) -> Harm:
    def harm(path: Path, rng: random.Random) -> None:
        file = path.with_name(path.name + suffix)
        data = file.read_bytes()
        file.write_bytes(data[: int(len(data) * (rng.random() if share is None else share))])

    return harm


def garbage(suffix: str = "") -> Harm:
    def harm(path: Path, rng: random.Random) -> None:
        path.with_name(path.name + suffix).write_bytes(rng.randbytes(20_000))

    return harm


def gone(suffix: str = "") -> Harm:
    def harm(path: Path, _rng: random.Random) -> None:
        path.with_name(path.name + suffix).unlink()

    return harm
