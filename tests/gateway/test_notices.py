"""What our people are told of: at once, in the morning, in the digest or not at all; nothing is lost and nothing comes twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gateway import records
from gateway.core.alphabet import segment_count
from gateway.core.business import Business
from gateway.core.escalation.people import Person
from gateway.core.events import (
    ClockJumped,
    ErrorClass,
    Health,
    HealthReport,
    PartBroke,
    PartMended,
    RecordsMended,
    ReportReceived,
    SubmitResult,
    SubmitVerdict,
    Switched,
)
from gateway.core.notify import How, Kind, Notifications
from gateway.storage.schema import PAUSED_BY_DAMAGE
from gateway.storage.store import StoreDown
from gateway.troublewatch import TroubleWatch
from tests.gateway.box import BUSINESS, START, UNSURE, Box, PortModem, VirtualClock, living, reader
from tests.gateway.office import CALLER, OWNER

ALL_AT_ONCE = Notifications(how=dict.fromkeys(Kind, How.INSTANT))
ON_CALL_LINE = "+12165550155"
BOB, MIKE = "+12165550142", "+12165550191"
HOUR, DAY = 3600.0, 86400.0
MALFORMED = SubmitResult(SubmitVerdict.REJECTED, code=1, error=ErrorClass.OUR_BUG)
NIGHT = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)  # two in the morning
HALF_PAST_SEVEN = datetime(2026, 3, 3, 12, 30, tzinfo=UTC)
FURNACE = "My furnace makes a noise. Dana, 44107, some day next week is fine"
URGENT = "No heat since this morning, please come today. Dana Smith, 44107"


def shop(rules: Notifications = ALL_AT_ONCE, **changes: object) -> Business:
    return replace(BUSINESS, notifications=rules, **changes)  # type: ignore[arg-type]


def only(kind: Kind, how: How = How.INSTANT) -> Notifications:
    return Notifications(how={**dict.fromkeys(Kind, How.OFF), kind: how}, digest_at=time(17, 30))


async def notices(box: Box, to: str = OWNER) -> list[str]:
    """The notices that have left for a telephone."""
    return [
        body
        for (body,) in await box.rows(
            "SELECT body FROM texts WHERE purpose = 'owner_notice' AND peer = ? AND state IN ('accepted', 'delivered',"
            " 'undelivered') ORDER BY sent_at, id",
            to,
        )
    ]


# ---- each kind is told, once


async def test_a_new_lead_is_told_once_when_it_is_a_persons_turn(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(only(Kind.NEW_LEAD)), read=reader()) as box:
        await box.hears(FURNACE)
        await box.wait(10 * 60)
        for body in ("yes please", "thank you", "when will somebody call?"):
            await box.hears(body)
            await box.wait(10 * 60)
        await box.wait(DAY)
        (notice,) = await notices(box)
        assert notice.startswith("Textback: new lead (216) 555-0137: Dana, ")
        assert segment_count(notice) == 1


async def test_what_is_urgent_and_no_emergency_is_told_once_and_not_again_as_a_new_lead(tmp_path: Path) -> None:
    rules = Notifications(how={Kind.URGENT_LEAD: How.INSTANT, Kind.NEW_LEAD: How.INSTANT})
    async with living(tmp_path / "box", shop(rules), read=reader()) as box:
        await box.hears(URGENT)
        await box.wait(5)
        (notice,) = await notices(box)  # at once: it waits for no writer to finish
        assert notice.startswith("Textback: URGENT, no emergency: (216) 555-0137: Dana Smith, 44107")
        await box.wait(DAY)
        assert await notices(box) == [notice]


async def test_an_emergency_is_no_notice(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await box.hears("the pipe burst and water is pouring through the ceiling")
        await box.wait(60)
        assert await notices(box) == []
        assert box.texts_to(OWNER)  # but the ladder has told of it


@pytest.mark.parametrize("how", list(How))
async def test_however_little_is_told_an_emergency_is_and_by_night(tmp_path: Path, how: How) -> None:
    rules = Notifications(who=(), how=dict.fromkeys(Kind, how), at_night=frozenset())
    clock = VirtualClock(NIGHT)
    async with living(tmp_path / "box", shop(rules), clock=clock, read=reader()) as box:
        await box.store.write(silence)
        await box.hears("we smell gas in the hallway")
        await box.wait(60)
        assert len(box.texts_to(OWNER)) == 1


async def test_a_complaint_is_told_as_one(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(only(Kind.COMPLAINT)), read=reader()) as box:
        await box.hears(
            "Your guy left my basement a mess and was rude to my wife. I am very unhappy and want to complain"
        )
        await box.wait(HOUR)
        (notice,) = await notices(box)
        assert notice.startswith("Textback: complaint of (216) 555-0137: ")


async def test_an_opt_out_is_told_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(only(Kind.OPT_OUT))) as box:
        await box.hears("STOP")
        await box.hears("STOP")
        await box.wait(60)
        assert await notices(box) == ["Textback: (216) 555-0137 wants no more texts. They can be called."]


async def test_a_lead_that_nobody_answers_by_its_time_is_told_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(only(Kind.OVERDUE_LEAD)), read=reader()) as box:
        await box.hears(FURNACE)
        await box.wait(60)
        ((due,),) = await box.rows("SELECT due FROM tasks WHERE lead_id IS NOT NULL")
        await box.wait((datetime.fromtimestamp(due / 1000, UTC) - box.clock.moment).total_seconds() - 1)
        assert await notices(box) == []
        await box.wait(2)
        (notice,) = await notices(box)
        assert notice.startswith("Textback: (216) 555-0137 was to hear from you by ")
        await box.wait(DAY / 2)
        assert await notices(box) == [notice]


async def test_a_lead_that_somebody_has_answered_in_time_is_not_told(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(only(Kind.OVERDUE_LEAD)), read=reader()) as box:
        await box.hears(FURNACE)
        await box.wait(60)
        await box.store.write(lambda db: db.execute("UPDATE tasks SET closed_at = 1"))
        await box.wait(3 * DAY)
        assert await notices(box) == []


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([UNSURE], "Textback: nobody knows whether a text to (216) 555-0137 went out. See the to-do list."),
        (
            [MALFORMED],
            "Textback: a text to (216) 555-0137 did not arrive (the modem found the text malformed (error 1)).",
        ),
    ],
)
async def test_a_text_in_doubt_and_one_that_failed_are_told(
    tmp_path: Path, answers: list[SubmitResult], words: str
) -> None:
    async with living(tmp_path / "box", shop(only(Kind.TEXT_TROUBLE))) as box:
        box.modem.answers.extend(answers)
        await box.misses()
        await box.wait(60)
        (notice,) = await notices(box)
        assert notice.startswith(words)


async def test_a_text_that_was_not_delivered_is_told(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(only(Kind.TEXT_TROUBLE))) as box:
        await box.misses()
        await box.wait(60)
        await box.happens(ReportReceived("r", box.clock.now(), box.modem.refs[-1], CALLER, 0x41))
        (notice,) = await notices(box)
        assert "did not arrive (the text could not be delivered)" in notice


async def test_a_notice_that_fails_brings_no_notice(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(ALL_AT_ONCE)) as box:
        box.modem.answers.extend([MALFORMED] * 3)
        await box.hears("STOP")
        await box.wait(DAY)
        assert (
            len(await box.rows("SELECT 1 FROM texts WHERE purpose = 'owner_notice' AND template = 'text_failed'")) <= 1
        )


async def test_trouble_of_the_phone_system_and_its_end_are_told_over_a_restart(tmp_path: Path) -> None:
    clock, rules = VirtualClock(), shop(only(Kind.PHONE_TROUBLE))
    broke = PartBroke(
        START, "pbx", START - timedelta(minutes=10), "Asterisk at 192.168.1.5:5038 is silent. Calls wait."
    )
    async with living(tmp_path / "box", rules, clock=clock) as box:
        await box.happens(PartMended(START, "pbx"))  # at every start
        await box.happens(broke)
        await box.happens(replace(broke, at=START + timedelta(hours=1)))  # it fails again before it was well
        await box.wait(HOUR)
    async with living(tmp_path / "box", rules, clock=clock) as box:
        await box.happens(PartMended(clock.now(), "pbx"))
        await box.happens(PartMended(clock.now(), "pbx"))
        assert await notices(box) == [
            "Textback: trouble since Mon 9:50 AM: Asterisk at 192.168.1.5:5038 is silent",
            "Textback: well again since Mon 11:00 AM: out of order since Mon 9:50 AM: Asterisk at 192.168.1.5:5038 is silent",
        ]


async def test_a_modem_that_could_not_tell_of_its_trouble_tells_of_all_of_it_when_it_is_over(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(only(Kind.PHONE_TROUBLE))) as box:
        box.modem.ready = False
        await box.happens(PartBroke(START, "modem", START, "The modem at /dev/modem does not answer. Calls are seen."))
        await box.wait(HOUR)
        box.modem.ready = True
        await box.happens(PartMended(box.clock.now(), "modem"))
        (notice,) = await notices(box)
        assert notice.startswith("Textback: well again since Mon 11:00 AM: out of order since Mon 10:00 AM: The modem")


async def test_damaged_records_are_told_once_through_every_start(tmp_path: Path) -> None:
    clock = VirtualClock()
    for _ in range(3):
        async with living(tmp_path / "box", shop(Notifications()), clock=clock) as box:
            await box.happens(Switched(START, "pause", PAUSED_BY_DAMAGE, "the box")) if not box.modem.air else None
            await box.store.write(lambda db: db.execute("UPDATE switches SET at = 5 WHERE name = 'pause'"))
            await box.happens(RecordsMended(clock.now(), "kept", certain=False))
            await box.wait(HOUR)
            told = await notices(box)
    assert len(told) == 1


# ---- each way


@pytest.mark.parametrize(("how", "at_once", "in_digest"), [(How.INSTANT, 1, 0), (How.DIGEST, 0, 1), (How.OFF, 0, 0)])
async def test_a_kind_goes_the_way_that_was_chosen(tmp_path: Path, how: How, at_once: int, in_digest: int) -> None:
    async with living(tmp_path / "box", shop(only(Kind.MISSED_CALL, how))) as box:
        await box.misses(did=ON_CALL_LINE)
        await box.wait(DAY)
        assert len(await notices(box)) == at_once
        digests = await box.rows("SELECT body FROM texts WHERE purpose = 'digest'")
        assert sum("1 missed on-call" in body for (body,) in digests) == in_digest
        assert await box.rows("SELECT notified FROM calls") == [(at_once,)]


async def test_several_people_are_told_each_telephone_once(tmp_path: Path) -> None:
    people = (Person("mike", "Mike", MIKE), Person("also_the_owner", "Ann", OWNER))
    rules = replace(ALL_AT_ONCE, who=("owner", "mike", "also_the_owner", "nobody"))
    business = shop(rules, escalation=replace(BUSINESS.escalation, people=people))
    async with living(tmp_path / "box", business) as box:
        await box.misses(did=ON_CALL_LINE)
        await box.wait(60)
        assert len(await notices(box)) == len(await notices(box, MIKE)) == 1


def silence(db: sqlite3.Connection) -> None:
    records.set_notices(db, OWNER, wanted=False, now=START)


async def test_a_telephone_that_has_sent_stop_gets_none_not_even_what_waited(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop()) as box:
        box.modem.ready = False
        await box.misses(did=ON_CALL_LINE)
        await box.wait(60)
        await box.store.write(silence)
        box.modem.ready = True
        await box.misses(BOB, did=ON_CALL_LINE)
        await box.wait(HOUR)
        assert await notices(box) == []
        assert await box.rows("SELECT state FROM texts WHERE purpose = 'owner_notice'") == [("cancelled",)]


async def test_one_caller_and_all_callers_leave_a_telephone_usable_and_the_digest_counts_the_rest(
    tmp_path: Path,
) -> None:
    rules = Notifications(digest_at=time(17, 30))
    async with living(tmp_path / "box", shop(rules)) as box:
        for _ in range(20):
            await box.misses(did=ON_CALL_LINE)
            await box.wait(61)
        assert len(await notices(box)) == 12
        for number in range(60):
            await box.misses(f"+12165552{100 + number}", did=ON_CALL_LINE)
            await box.wait(1)
        assert len(await notices(box)) == 60
        await box.wait(DAY)
        ((digest,),) = await box.rows("SELECT body FROM texts WHERE purpose = 'digest'")
        assert "20 missed on-call" in digest


# ---- the night


async def test_what_may_disturb_comes_at_night_and_the_rest_in_the_morning_saying_when_it_was(tmp_path: Path) -> None:
    clock = VirtualClock(NIGHT)
    async with living(tmp_path / "box", shop(), clock=clock, read=reader()) as box:
        await box.misses(BOB, did=ON_CALL_LINE)
        await box.hears("STOP", "+12165552100")
        await box.hears(URGENT)
        await box.wait(HOUR)
        (at_night,) = await notices(box)
        assert at_night.startswith("Textback: missed call on oncall")
        await box.wait((HALF_PAST_SEVEN - clock.moment).total_seconds() - 1)
        assert await notices(box) == [at_night]
        await box.wait(1)
        assert await notices(box) == [
            at_night,
            "Textback: (216) 555-2100 wants no more texts. They can be called. (Tue 2:00 AM)",
            *[body for body in await notices(box) if "URGENT" in body],
        ]
        assert sum("URGENT" in body for body in await notices(box)) == 1


async def test_what_waits_for_the_morning_outlives_restarts_and_a_modem_that_is_down_for_long(tmp_path: Path) -> None:
    clock, modem = VirtualClock(NIGHT), PortModem()
    async with living(tmp_path / "box", shop(), modem, clock) as box:
        await box.hears("STOP")
        await box.wait(HOUR)
    modem.ready = False
    async with living(tmp_path / "box", shop(), modem, clock) as box:
        await box.wait(7 * HOUR)  # ten o'clock
    modem.ready = True
    async with living(tmp_path / "box", shop(), modem, clock) as box:
        await box.wait(60)
        assert len(await notices(box)) == 1


async def test_what_could_not_leave_by_day_does_not_leave_in_the_night(tmp_path: Path) -> None:
    clock = VirtualClock(datetime(2026, 3, 3, 2, 0, tzinfo=UTC))  # nine in the evening
    async with living(tmp_path / "box", shop(), clock=clock) as box:
        box.modem.ready = False
        await box.hears("STOP")
        await box.wait(2 * HOUR)
        box.modem.ready = True
        await box.wait(3 * HOUR)
        assert await notices(box) == []
        await box.wait(6 * HOUR)
        assert len(await notices(box)) == 1


@pytest.mark.parametrize("jump_h", [-9.0, -3.0, 3.0, 9.0])
async def test_a_clock_that_was_set_moves_what_waits_to_the_right_morning(tmp_path: Path, jump_h: float) -> None:
    clock = VirtualClock(NIGHT)
    async with living(tmp_path / "box", shop(), clock=clock) as box:
        await box.hears("STOP")
        clock.moment += timedelta(hours=jump_h)
        await box.happens(ClockJumped(clock.now(), jump_h * HOUR, NIGHT))
        await box.wait(14 * HOUR)
        ((sent,),) = await box.rows("SELECT sent_at FROM texts WHERE purpose = 'owner_notice'")
        wall = datetime.fromtimestamp(sent / 1000, BUSINESS.zone).time()
        assert time(7, 30) <= wall < time(21, 30)
        right_now = jump_h in (9.0, -9.0)  # eleven in the morning, five in the afternoon
        assert (sent / 1000 - (NIGHT + timedelta(hours=jump_h)).timestamp() < 60) is right_now


# ---- the watch over the parts


def report(part: str, health: Health, say: str = "It is gone.") -> HealthReport:
    return HealthReport(part, health, START, say)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_only_what_lasts_is_told_and_its_end_always() -> None:
    told: list[PartBroke | PartMended] = []

    async def submit(event: PartBroke | PartMended) -> None:
        told.append(event)

    patient = TroubleWatch(["modem"], submit, VirtualClock(), patience_s=1e6)
    patient(report("modem", Health.DOWN))
    patient(report("sender", Health.DOWN))
    await settle()
    assert told == []
    patient(report("modem", Health.UP))
    await settle()
    assert told == [PartMended(START, "modem")]
    patient.close()

    told.clear()
    at_once = TroubleWatch(["modem"], submit, VirtualClock(), patience_s=0)
    at_once(report("modem", Health.DOWN, "first"))
    at_once(report("modem", Health.DOWN, "second"))
    await settle()
    assert told == [PartBroke(START, "modem", START, "first")]
    at_once(report("modem", Health.STARTING))
    at_once(report("modem", Health.DOWN, "third"))
    await settle()
    assert len(told) == 1  # it was not well in between
    at_once(report("modem", Health.DEGRADED))
    at_once(report("modem", Health.UP))
    await settle()
    assert told[1:] == [PartMended(START, "modem")]
    at_once.close()


async def test_records_that_take_nothing_are_offered_the_trouble_again(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    refusals = [StoreDown("the disk is full"), StoreDown("the disk is full")]

    async def submit(event: object) -> None:
        if refusals:
            raise refusals.pop()
        told.append(event)

    monkeypatch.setattr("gateway.troublewatch.RETRY_S", 0.0)
    watch = TroubleWatch(["modem"], submit, VirtualClock(), patience_s=0)
    watch(report("modem", Health.DOWN))
    await settle()
    assert len(told) == 1
    watch.close()


# ---- anything


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[str, float]]:
    what = st.sampled_from(["on_call", "stop", "urgent", "restart", "down", "up", "unsure"])
    return draw(st.lists(st.tuples(what, st.floats(0, 9)), min_size=3, max_size=12))


ANY_WAYS = st.fixed_dictionaries({kind: st.sampled_from(How) for kind in Kind})
A_FEW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
    phases=[Phase.generate],
)


@A_FEW
@given(story=stories(), ways=ANY_WAYS)
async def test_whatever_happens_each_notice_leaves_once_and_by_night_only_what_may(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[str, float]], ways: Mapping[Kind, How]
) -> None:
    path, clock, modem = tmp_path_factory.mktemp("n") / "box", VirtualClock(), PortModem()
    business = shop(Notifications(how=ways, digest_at=time(17, 30), at_night=frozenset({Kind.MISSED_CALL})))
    stack = living(path, business, modem, clock, reader())
    box = await stack.__aenter__()
    for number, (what, hours) in enumerate(story):
        peer = f"+12165552{100 + number}"
        match what:
            case "on_call":
                await box.misses(peer, did=ON_CALL_LINE, key=f"c{number}")
            case "stop":
                await box.hears("STOP", peer, identity=f"i{number}")
            case "urgent":
                await box.hears(URGENT, peer, identity=f"i{number}")
            case "restart":
                await stack.__aexit__(None, None, None)
                stack = living(path, business, modem, clock, reader())
                box = await stack.__aenter__()
            case "unsure":
                modem.answers.append(UNSURE)
            case _:
                modem.ready = what == "up"
        await box.wait(hours * HOUR)
    modem.ready = True
    await box.wait(2 * DAY)
    noted = await box.rows("SELECT key, kind, how, digest_id FROM notices")
    for key, kind, how, digest_id in noted:
        texts = await box.rows(
            "SELECT id, state, sent_at, doubts FROM texts WHERE key = ? AND purpose = 'owner_notice'", key
        )
        assert len(texts) == (how == "instant"), key
        assert (digest_id is not None) == (how == "digest"), f"{key} is in no digest"
        for text_id, state, sent_at, doubts in texts:
            assert state in ("accepted", "unconfirmed") or await box.rows(
                "SELECT 1 FROM tasks WHERE text_id = ? AND kind = 'not_sent'", text_id
            ), f"{key} was lost: {state}"
            if sent_at is not None and kind != Kind.MISSED_CALL and not doubts:
                wall = datetime.fromtimestamp(sent_at / 1000, BUSINESS.zone).time()
                assert time(7) <= wall < time(21, 30), f"{kind} at {wall}"
    assert {how for _, kind, how, _ in noted if ways[Kind(kind)] is How.OFF} == set()
    await stack.__aexit__(None, None, None)
