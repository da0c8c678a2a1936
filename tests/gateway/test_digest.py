"""The daily digest over days, at changes of the clocks, through restarts, power cuts, a modem that is down and a wrong clock."""

from __future__ import annotations

import io
import itertools
import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gateway import records
from gateway.cli.simulate import Simulation
from gateway.core.escalation.people import Person
from gateway.core.events import (
    BoxStarted,
    CallEnded,
    CallReason,
    CallSource,
    ClockJumped,
    ErrorClass,
    Event,
    ReportReceived,
    SubmitResult,
    SubmitVerdict,
    TextClaimed,
)
from gateway.core.notify import Notifications
from gateway.ports.devices import OutgoingSegment
from gateway.records import wants_no_notices
from gateway.sender import Sender
from gateway.storage.store import Store, open_memory, transact
from gateway.turns import Context, take_turn
from gateway.turns.agenda import next_wake
from tests.gateway.box import BUSINESS, START, Box, PortModem, VirtualClock, living, reader
from tests.gateway.office import CALLER, MILLER, OWNER, at, call, wait
from tests.gateway.test_power_cut import Clock, Fuse, FusedDispatcher, Modem, PowerCut, rows

HALF_PAST_FIVE = replace(BUSINESS, notifications=Notifications(digest_at=time(17, 30)))
HOUR, DAY = 3600.0, 86400.0
REFUSED = SubmitResult(SubmitVerdict.REJECTED, code=1, error=ErrorClass.OUR_BUG)
BOB = "+12165550142"
MIKE = Person("mike", "Mike", "+12165550191")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BUSINESS.zone).astimezone(UTC)


async def digests(box: Box) -> list[tuple[str, str]]:
    """When each went to whose telephone, by the clock on the wall, and what it says."""
    found = await box.rows(
        "SELECT sent_at, body FROM texts WHERE purpose = 'digest' AND state IN ('accepted', 'delivered') ORDER BY id"
    )
    return [
        (f"{datetime.fromtimestamp(sent / 1000, BUSINESS.zone):%a %H:%M}", body.removeprefix("Textback"))
        for sent, body in found
    ]


async def test_a_week_has_a_digest_on_every_open_day_with_something_to_tell(tmp_path: Path) -> None:
    async with living(tmp_path / "box.sqlite3", HALF_PAST_FIVE) as box:  # Monday, ten in the morning
        await box.misses()
        await box.wait(DAY)  # nothing happens on Tuesday
        await box.wait(DAY)
        await box.ends_answered(box.key())  # on Wednesday somebody was answered, and that is all
        await box.wait(DAY)
        await box.misses(BOB)  # Thursday, ten in the morning
        await box.wait(2 * DAY)  # Saturday, ten in the morning
        await box.misses(BOB)
        await box.wait(2 * DAY)
        assert await digests(box) == [
            ("Mon 17:30", ", since yesterday 5:30 PM: 1 missed call (1 texted)."),
            ("Thu 17:30", ", since yesterday 5:30 PM: 1 missed call (1 texted)."),
            ("Sat 17:30", ", since yesterday 5:30 PM: 1 missed call (1 texted)."),
        ]


async def test_what_is_open_is_told_every_day_until_it_is_done(tmp_path: Path) -> None:
    async with living(tmp_path / "box.sqlite3", HALF_PAST_FIVE, read=reader()) as box:
        await box.hears("My furnace makes a noise, can somebody look at it this week? 44107, Dana")
        await box.wait(3 * DAY)
        said = await digests(box)
        assert [when for when, _ in said] == ["Mon 17:30", "Tue 17:30", "Wed 17:30"]
        assert all("1 open lead (oldest " in words for _, words in said)
        assert "oldest 2 days" in said[2][1]


async def test_the_same_through_simulate() -> None:
    out = io.StringIO()
    box = Simulation(replace(MILLER, business=HALF_PAST_FIVE), out)
    box.feed(call(), 1)
    box.feed(wait(DAY))
    box.close()
    effects = [json.loads(line) for line in out.getvalue().splitlines()]
    (digest,) = [effect for effect in effects if effect.get("purpose") == "digest"]
    assert digest == {
        "at": at(7.5 * HOUR),
        "effect": "text",
        "to": OWNER,
        "body": "Textback, since yesterday 5:30 PM: 1 missed call (1 texted).",
        "purpose": "digest",
        "template": "digest",
        "segments": 1,
        "lead": None,
    }


@pytest.mark.parametrize("when", ["2026-03-06 12:00", "2026-10-30 12:00"])
async def test_a_change_of_the_clocks_changes_nothing_about_the_hour_on_the_wall(tmp_path: Path, when: str) -> None:
    business = replace(
        HALF_PAST_FIVE, notifications=Notifications(digest_at=time(17, 30), digest_days=frozenset(range(7)))
    )
    async with living(tmp_path / "box.sqlite3", business, clock=VirtualClock(local(when))) as box:
        for _ in range(4):
            await box.misses(BOB)
            await box.wait(DAY)
        assert [when for when, _ in await digests(box)] == ["Fri 17:30", "Sat 17:30", "Sun 17:30", "Mon 17:30"]


@pytest.mark.parametrize(
    ("off_for", "told"),
    [
        (7.4, ["Mon 17:30"]),
        (9.4, ["Mon 19:24"]),  # the box was off at the hour: up to two hours late
        (9.6, []),  # later than that it would disturb
        (14.0, []),
    ],
)
async def test_a_box_that_was_off_at_the_hour_tells_of_it_late_but_not_in_the_night(
    tmp_path: Path, off_for: float, told: list[str]
) -> None:
    clock = VirtualClock()
    async with living(tmp_path / "box.sqlite3", HALF_PAST_FIVE, clock=clock) as box:
        await box.misses()
        await box.wait(60)
    clock.moment = START + timedelta(hours=off_for)
    async with living(tmp_path / "box.sqlite3", HALF_PAST_FIVE, clock=clock) as box:
        await box.wait(0)
        await box.wait((START + timedelta(hours=16) - clock.moment).total_seconds())
        assert [when for when, _ in await digests(box)] == told
        await box.wait(DAY)  # what was passed over stands in the next one
        assert sum("1 missed call (1 texted)" in words for _, words in await digests(box)) == 1


async def test_restarts_all_day_long_make_no_second_one(tmp_path: Path) -> None:
    clock, path = VirtualClock(), tmp_path / "box.sqlite3"
    for hour in range(48):
        async with living(path, HALF_PAST_FIVE, clock=clock) as box:
            if hour in (1, 20):
                await box.misses(CALLER if hour == 1 else BOB)
            await box.wait(HOUR)
            said = await digests(box)
    assert [when for when, _ in said] == ["Mon 17:30", "Tue 17:30"]


async def test_another_hour_in_the_settings_counts_from_the_next_start(tmp_path: Path) -> None:
    clock, path = VirtualClock(), tmp_path / "box.sqlite3"
    async with living(path, HALF_PAST_FIVE, clock=clock) as box:
        await box.misses()
        await box.wait(HOUR)
    noon = replace(BUSINESS, notifications=Notifications(digest_at=time(12)))
    async with living(path, noon, clock=clock) as box:
        await box.wait(HOUR * 2)
        assert [when for when, _ in await digests(box)] == ["Mon 12:00"]
    async with living(path, HALF_PAST_FIVE, clock=clock) as box:  # and back: one a day all the same
        await box.misses(BOB)
        await box.wait(DAY / 2)
        assert [when for when, _ in await digests(box)] == ["Mon 12:00"]
    async with living(path, BUSINESS, clock=clock) as box:  # switched off
        await box.wait(2 * DAY)
        assert [when for when, _ in await digests(box)] == ["Mon 12:00"]
        assert await box.rows("SELECT count(*) FROM digests WHERE next_at IS NOT NULL") == [(0,)]


async def test_a_digest_that_the_network_does_not_take_is_told_by_the_next_one(tmp_path: Path) -> None:
    async with living(tmp_path / "box.sqlite3", HALF_PAST_FIVE) as box:
        await box.misses()
        await box.hears("STOP", BOB)
        await box.wait(60)
        box.modem.ready = False  # down from noon to midnight
        await box.wait(14 * HOUR)
        box.modem.ready = True
        await box.wait(DAY)
        said = await digests(box)
        assert [when for when, _ in said] == ["Tue 17:30"]
        assert said[0][1] == ", since Sun 5:30 PM: 1 missed call (1 texted). Also 1 opt-out."
        assert await box.rows("SELECT kind FROM tasks WHERE kind = 'not_sent'") == []  # nothing for a person to do


@pytest.mark.parametrize("fate", ["refused", "undelivered"])
async def test_a_digest_that_did_not_arrive_is_told_by_the_next_one(tmp_path: Path, fate: str) -> None:
    async with living(tmp_path / "box.sqlite3", HALF_PAST_FIVE) as box:
        await box.hears("STOP", BOB)
        await box.wait(60)
        if fate == "refused":
            box.modem.answers.append(REFUSED)
        await box.wait(8 * HOUR)
        if fate == "undelivered":
            await box.happens(ReportReceived("r1", box.clock.now(), box.modem.refs[-1], OWNER, 0x46))
        await box.wait(DAY)
        said = await box.rows("SELECT state, body FROM texts WHERE purpose = 'digest' ORDER BY id")
        assert [state for state, _ in said] == ["failed" if fate == "refused" else "undelivered", "accepted"]
        assert all("1 opt-out" in body for _, body in said)


async def test_several_readers_get_one_each_and_one_who_has_it_is_enough(tmp_path: Path) -> None:
    people = tuple(replace(MIKE, key=f"p{n}", phone=f"+1216555016{n}") for n in range(2))
    business = replace(
        HALF_PAST_FIVE,
        escalation=replace(BUSINESS.escalation, people=people),
        notifications=Notifications(who=("owner", "p0", "p1"), digest_at=time(17, 30)),
    )
    async with living(tmp_path / "box.sqlite3", business) as box:
        await box.hears("STOP", BOB)
        await box.wait(60)
        box.modem.answers.extend([REFUSED])
        await box.wait(8 * HOUR)
        found = await box.rows("SELECT peer, state FROM texts WHERE purpose = 'digest' ORDER BY id")
        assert found == [(OWNER, "failed"), ("+12165550160", "accepted"), ("+12165550161", "accepted")]
        await box.wait(DAY)
        assert await box.rows("SELECT count(*) FROM texts WHERE purpose = 'digest'") == [(3,)]  # told, by the others


def test_a_clock_that_is_not_believed_sends_no_digest() -> None:
    db = open_memory()
    db_turn(db, local("2026-03-02 17:00"), BoxStarted(START))
    missed = CallEnded(
        "c1", CallSource.AMI, local("2026-03-02 17:00"), CALLER, "+12165550100", True, CallReason.NO_ANSWER
    )
    db_turn(db, local("2026-03-02 17:00"), missed)
    claim(db, local("2026-03-02 17:01"))
    for minutes in range(0, 100, 10):
        claim(db, local("2026-03-02 17:30") + timedelta(minutes=minutes), sane=False)
        woken = next_wake(db, local("2026-03-02 17:30") + timedelta(minutes=minutes))
        assert woken is None or woken > local("2026-03-02 17:30") + timedelta(minutes=minutes)  # it does not spin
    assert queued(db) == []
    claim(db, local("2026-03-02 19:20"))
    assert len(queued(db)) == 1


@pytest.mark.parametrize("jump_h", [-30.0, -8.0, -3.0, 3.0, 8.0, 30.0, 24.0 * 400])
async def test_a_clock_that_was_set_brings_no_second_digest_of_a_day_and_loses_none(
    tmp_path: Path, jump_h: float
) -> None:
    """The clock was wrong until half past six (in its time), and is right from then on."""
    clock = VirtualClock(local("2026-03-03 12:00"))
    async with living(tmp_path / "box.sqlite3", HALF_PAST_FIVE, clock=clock) as box:
        await box.hears("STOP", BOB)
        since = clock.moment
        await box.wait(6.5 * HOUR)
        before = await digests(box)
        assert [when for when, _ in before] == ["Tue 17:30"]
        clock.moment += timedelta(hours=jump_h)
        await box.happens(ClockJumped(clock.now(), jump_h * HOUR, since))
        right = clock.moment
        await box.hears("STOP", CALLER)
        await box.wait(4 * DAY)
        sent = await box.rows("SELECT sent_at FROM texts WHERE purpose = 'digest' ORDER BY sent_at")
        moments = [datetime.fromtimestamp(ms / 1000, UTC) for (ms,) in sent]
        assert all(b - a >= timedelta(hours=12) for a, b in itertools.pairwise(moments))
        days = [moment.astimezone(BUSINESS.zone).date() for moment in moments if moment >= right]
        assert len(days) == len(set(days))
        bodies = [words for _, words in await digests(box)]
        assert sum("1 opt-out" in words for words in bodies) == 2  # each once


async def test_nobody_is_told_who_has_sent_stop_from_a_telephone_of_ours(tmp_path: Path) -> None:
    async with living(tmp_path / "box.sqlite3", HALF_PAST_FIVE) as box:
        await box.store.write(silence)
        assert await box.store.read(lambda db: wants_no_notices(db, OWNER))
        await box.misses()
        await box.wait(DAY)
        assert await digests(box) == []
        await box.store.write(unsilence)
        await box.wait(DAY)
        assert [when for when, _ in await digests(box)] == ["Tue 17:30"]


def silence(db: sqlite3.Connection) -> None:
    records.set_notices(db, OWNER, wanted=False, now=START)


def unsilence(db: sqlite3.Connection) -> None:
    records.set_notices(db, OWNER, wanted=True, now=START)


def db_turn(db: sqlite3.Connection, now: datetime, event: Event, *, sane: bool = True) -> None:
    transact(db, lambda db: take_turn(Context(db, HALF_PAST_FIVE, now, clock_sane=sane), event))


def claim(db: sqlite3.Connection, now: datetime, *, sane: bool = True) -> None:
    db_turn(db, now, TextClaimed(now, able=False), sane=sane)


def queued(db: sqlite3.Connection) -> list[str]:
    return [row["body"] for row in db.execute("SELECT body FROM texts WHERE purpose = 'digest'")]


# ---- power cuts


async def life(path: Path, fuse: Fuse, clock: Clock, air: list[OutgoingSegment], until: datetime, fresh: bool) -> None:
    """One life of a box up to a moment, what falls due done at its time."""
    store = Store(path)
    await store.open()
    try:
        dispatcher = FusedDispatcher(store, HALF_PAST_FIVE, clock)
        dispatcher.fuse = fuse
        sender = Sender(dispatcher, store, [Modem(fuse, air)], clock)
        await dispatcher.submit(BoxStarted(clock.now()))
        if fresh:
            await dispatcher.submit(
                CallEnded("c1", CallSource.AMI, clock.now(), CALLER, "+12165550100", True, CallReason.NO_ANSWER)
            )
        await sender.drain()
        while True:
            now = clock.moment
            due = await store.read(lambda db, now=now: next_wake(db, now))  # type: ignore[misc]
            if due is None or due > until:
                break
            clock.moment = max(due, clock.moment)
            await sender.drain()
        clock.moment = max(until, clock.moment)
        await sender.drain()
    finally:
        await store.close()


async def test_a_power_cut_at_any_point_makes_no_second_digest_and_loses_none(tmp_path: Path) -> None:
    cut, blown, twice = 0, True, 0
    while blown:
        cut += 1
        path, clock, air, fuse = tmp_path / f"{cut}.sqlite3", Clock(), list[OutgoingSegment](), Fuse(cut)
        until = clock.moment + timedelta(days=1)
        try:
            await life(path, fuse, clock, air, until, fresh=True)
        except PowerCut:
            clock.moment += timedelta(seconds=40)
            seen = rows(path, "SELECT count(*) FROM calls") != [(0,)]
            await life(path, Fuse(0), clock, air, until, fresh=not seen)
        blown = fuse.passed >= fuse.blows_at
        texts = rows(path, "SELECT state, doubts FROM texts WHERE purpose = 'digest'")
        assert len(texts) == 1, f"cut at {cut}: {texts}"
        assert texts[0][0] == "accepted", f"cut at {cut}"
        out = sum(segment.to == OWNER for segment in air)
        assert out >= 1
        assert out == 1 or texts[0][1], f"told twice without a doubt, cut at {cut}"
        twice += out > 1
    assert cut > 12
    assert twice <= 2  # only where the power goes between the antenna and the books: own people rather twice than never


# ---- anything


@st.composite
def days(draw: st.DrawFn) -> list[tuple[str, float]]:
    """What may happen to a box, and how many hours pass behind each."""
    what = st.sampled_from(["miss", "stop", "restart", "off", "modem", "jump", "refuse"])
    return draw(st.lists(st.tuples(what, st.floats(0, 30)), min_size=3, max_size=14))


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
    phases=[Phase.generate],
)
@given(story=days())
async def test_whatever_happens_each_thing_is_told_once_and_never_in_quiet_hours(
    tmp_path_factory: pytest.TempPathFactory, story: Sequence[tuple[str, float]]
) -> None:
    path, clock, modem = tmp_path_factory.mktemp("d") / "box.sqlite3", VirtualClock(), PortModem()
    stops, jumped, since = 0, False, clock.moment
    shop = replace(HALF_PAST_FIVE, notifications=Notifications(digest_at=time(17, 30), digest_days=frozenset(range(7))))
    stack = living(path, shop, modem, clock)
    box = await stack.__aenter__()
    heard_at: list[int] = []

    async def meanwhile(segment: OutgoingSegment) -> None:
        if segment.to == OWNER:
            wall = clock.moment.astimezone(BUSINESS.zone).time()
            heard_at.append(wall.hour)
            assert time(7) <= wall < time(21, 30), f"{segment.body} at {wall}"

    modem.meanwhile = meanwhile
    for number, (what, hours) in enumerate(story):
        match what:
            case "miss":
                await box.misses(f"+121655521{10 + number}", key=f"call{number}")
            case "stop":
                await box.hears("STOP", f"+121655521{40 + number}", identity=f"stop{number}")
                stops += 1
            case "restart" | "off":
                await stack.__aexit__(None, None, None)
                if what == "off":
                    clock.moment += timedelta(hours=hours)
                stack = living(path, shop, modem, clock)
                box = await stack.__aenter__()
                since = clock.moment
            case "modem":
                modem.ready = not modem.ready
            case "refuse":
                modem.answers.append(REFUSED)
            case "jump":
                jumped = True
                by = timedelta(hours=hours - 15)
                clock.moment += by
                await box.happens(ClockJumped(clock.now(), by.total_seconds(), since))
                since += by
        await box.wait(hours * HOUR)
    modem.ready = True
    modem.answers.clear()
    await box.wait(3 * DAY)
    sent = await box.rows(
        "SELECT sent_at, body FROM texts WHERE purpose = 'digest' AND state = 'accepted' ORDER BY sent_at"
    )
    told = sum(int(number) for _, body in sent for number in re.findall(r"(\d+) opt-out", body))
    assert told == stops, "an opt-out was lost or told twice"
    assert await box.rows("SELECT count(*) FROM notices WHERE how = 'digest' AND digest_id IS NULL") == [(0,)]
    if not jumped:
        of = [datetime.fromtimestamp(ms / 1000, BUSINESS.zone).date() for ms, _ in sent]
        assert len(of) == len(set(of)), "two on one day"
    await stack.__aexit__(None, None, None)
