"""The power fails at every commit and around every hand-over to the modem: nobody is texted twice, no call is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway import records
from gateway.core.business import Business
from gateway.core.effects import Effect
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
from gateway.ports.devices import OutgoingSegment
from gateway.sender import Sender
from gateway.storage.store import Store
from tests.gateway.office import CALLER, MILLER, OWNER

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
BUSINESS = replace(MILLER.business, policy=replace(MILLER.business.policy, settle_s=0.0))


class PowerCut(BaseException):
    """Everything stops here."""


class Fuse:
    """Blows at the `blows_at`th point that is passed; counts the points when it never blows."""

    def __init__(self, blows_at: int) -> None:
        self.blows_at = blows_at
        self.passed = 0

    def point(self) -> None:
        self.passed += 1
        if self.passed == self.blows_at:
            raise PowerCut


class Clock:
    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class FusedDispatcher(Dispatcher):
    """A dispatcher on a box whose power fails just before or just after a commit."""

    fuse: Fuse

    async def submit(self, event: Event) -> list[Effect]:
        self.fuse.point()
        effects = await super().submit(event)
        self.fuse.point()
        return effects


class Modem:
    """A modem at the port: what it has taken is on the air, whatever happens to the box."""

    ready = True

    def __init__(self, fuse: Fuse, air: list[OutgoingSegment]) -> None:
        self.fuse = fuse
        self.air = air

    async def submit(self, segment: OutgoingSegment, about_to_write: object = None) -> SubmitResult:
        assert about_to_write is None
        self.fuse.point()
        self.air.append(segment)
        self.fuse.point()
        return SubmitResult(SubmitVerdict.ACCEPTED, ref=len(self.air) % 256)

    async def run(self) -> None:
        raise AssertionError("not part of this test")


async def boot(
    path: Path, fuse: Fuse, clock: Clock, air: list[OutgoingSegment], events: list[Event], business: Business = BUSINESS
) -> None:
    """One life of the box: settle what the last one left, take the events that are still on offer, send."""
    store = Store(path)
    await store.open()
    try:
        dispatcher = FusedDispatcher(store, business, clock)
        dispatcher.fuse = fuse
        sender = Sender(dispatcher, store, [Modem(fuse, air)], clock)
        await dispatcher.submit(BoxStarted(clock.now()))
        for call in await store.read(records.open_ami_calls):  # what the feed finds gone after a restart
            await dispatcher.submit(
                CallEnded(call.key, call.source, NOW, call.caller, call.did, None, CallReason.UNKNOWN)
            )
        for event in list(events):
            await dispatcher.submit(event)
            events.remove(event)
            await sender.drain()
        await sender.drain()
    finally:
        await store.close()


async def live_through(
    path: Path, cut: int, events: Sequence[Event], business: Business = BUSINESS
) -> tuple[list[OutgoingSegment], Fuse]:
    """The events with the power cut at one point, and the box started again."""
    air: list[OutgoingSegment] = []
    clock, offered = Clock(), list(events)
    fuse = Fuse(cut)
    try:
        await boot(path, fuse, clock, air, offered, business)
    except PowerCut:
        clock.moment += timedelta(seconds=40)
        await boot(path, Fuse(0), clock, air, offered, business)
    return air, fuse


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as db:
        found = [tuple(row) for row in db.execute(sql)]
    db.close()
    return found


def missed(source: CallSource) -> list[CallRang | CallEnded]:
    return [
        CallRang("c1", source, NOW, CALLER, "+12165550155"),
        CallEnded("c1", source, NOW, CALLER, "+12165550155", True, CallReason.NO_ANSWER, ring_s=20.0),
    ]


@pytest.mark.parametrize("source", list(CallSource))
async def test_a_missed_call_survives_a_power_cut_at_every_point(tmp_path: Path, source: CallSource) -> None:
    cut, blown = 0, True
    fates: set[str] = set()
    while blown:
        cut += 1
        path = tmp_path / f"{cut}.sqlite3"
        air, fuse = await live_through(path, cut, missed(source))
        blown = fuse.passed >= fuse.blows_at
        assert sum(segment.to == CALLER for segment in air) <= 1, f"texted twice, cut at {cut}"
        calls = rows(path, "SELECT state, no_text FROM calls")
        assert len(calls) == 1, f"one call became {calls}, cut at {cut}"
        state = str(calls[0][0])
        assert state in ("texted", "unsure", "not_texted"), f"no outcome, cut at {cut}: {calls}"
        if state == "texted":
            assert sum(segment.to == CALLER for segment in air) == 1
        if state == "not_texted":
            assert rows(path, "SELECT kind FROM tasks") == [("call_back",)], f"lost, cut at {cut}"
        if state == "unsure":
            assert ("unsure_text",) in rows(path, "SELECT kind FROM tasks")
        if calls[0][1] != "unknown_outcome":
            assert sum(segment.to == OWNER for segment in air) >= 1, f"the owner was not told, cut at {cut}"
        fates.add(state)
    assert cut > 12  # every commit and every hand-over was tried
    assert fates >= {"texted", "unsure"}


async def test_a_long_text_is_never_handed_over_twice_by_a_power_cut(tmp_path: Path) -> None:
    business = replace(BUSINESS, templates={**BUSINESS.templates, "open": "Miller Heating & Air " + "word " * 80})
    events = [replace(event, did="+12165550100") for event in missed(CallSource.MODEM)]
    cut, blown = 0, True
    while blown:
        cut += 1
        air, fuse = await live_through(tmp_path / f"{cut}.sqlite3", cut, events, business)
        blown = fuse.passed >= fuse.blows_at
        numbers = [segment.number for segment in air if segment.to == CALLER]
        assert len(numbers) == len(set(numbers)), f"a segment went out twice, cut at {cut}: {numbers}"
    assert numbers == [1, 2, 3]


async def test_an_incoming_text_is_kept_once_however_often_it_is_offered(tmp_path: Path) -> None:
    text: Event = SegmentReceived("pdu-1", NOW, CALLER, "my furnace is out")
    cut, blown = 0, True
    while blown:
        cut += 1
        path = tmp_path / f"{cut}.sqlite3"
        _, fuse = await live_through(path, cut, [text, text])
        blown = fuse.passed >= fuse.blows_at
        assert rows(path, "SELECT body FROM letters") == [("my furnace is out",)]
        assert rows(path, "SELECT kind FROM tasks") == [("wrote",)]


async def test_a_late_report_settles_an_unsure_text(tmp_path: Path) -> None:
    path = tmp_path / "box.sqlite3"
    air: list[OutgoingSegment] = []
    cut = next_cut = 0
    while not any(s.to == CALLER for s in air) or not next_cut:
        cut += 1
        path = tmp_path / f"{cut}.sqlite3"
        air, _ = await live_through(path, cut, missed(CallSource.MODEM))
        next_cut = len(rows(path, "SELECT 1 FROM texts WHERE state = 'unconfirmed'"))
    await boot(path, Fuse(0), Clock(), air, [ReportReceived("r", NOW, 7, CALLER, 0)])
    assert rows(path, "SELECT state FROM texts WHERE purpose = 'opener'") == [("delivered",)]
    assert rows(path, "SELECT state FROM calls") == [("texted",)]
    assert rows(path, "SELECT 1 FROM tasks WHERE kind = 'unsure_text' AND closed_at IS NULL") == []
