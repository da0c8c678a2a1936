"""Whose turn it is when an emergency comes, and what is covered: who is told, and what the caller hears of it."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway import records
from gateway.cli.check import check
from gateway.core.business import Business
from gateway.core.conversation.lead import Lead
from gateway.core.conversation.office import Cover, Coverage
from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.oncall import Duty, OnCall, Rotation, Shift, Turn
from gateway.core.escalation.people import ON_CALL, OWNER, Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.events import CallSource
from gateway.turns import ladder
from gateway.turns.context import Context
from tests.gateway.box import BUSINESS, START, Box, VirtualClock, living, reader
from tests.gateway.office import CALLER
from tests.gateway.office import OWNER as MIKE

DANA, LEE = "+12165550151", "+12165550152"
ZONE = ZoneInfo("America/New_York")
MINUTE = 60.0
FLOOD = "the pipe burst and water is pouring through the ceiling, 1423 Elm Ave 44107"
NO_HEAT = "no heat, furnace is dead, 41 degrees in here with a newborn, 88 Beach Ave 44116"
GAS = "i smell gas in the kitchen"
SENT = "Our on-call person has been texted about this."
NOT_COVERED = "Our team has been texted about this, but nobody is on call for it now. You can try (216) 555-0177."
BY_WEEK = OnCall(Rotation((OWNER, "dana"), date(2026, 2, 23)))  # on the Monday of these tests Dana's week begins


def shop(plan: OnCall, *rungs: Rung) -> Business:
    rules = EscalationRules(
        owner_name="Mike",
        people=(Person("dana", "Dana", DANA), Person("lee", "Lee", LEE)),
        rungs=rungs or (Rung((ON_CALL,), times=2), Rung((OWNER, "lee"))),
        on_call=plan,
    )
    return replace(BUSINESS, escalation=rules)


def covered(
    cover: Cover, *, holidays: bool = True, services: Mapping[str, Coverage] | None = None, plan: OnCall = BY_WEEK
) -> Business:
    """The business with its cover for emergencies."""
    business = shop(plan)
    emergencies = replace(
        business.conversation.emergencies,
        covered=cover,
        instead="You can try (216) 555-0177.",
        holidays=holidays,
        services=services or {},
    )
    return replace(business, conversation=replace(business.conversation, emergencies=emergencies))


def at(text: str) -> VirtualClock:
    return VirtualClock(datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC))


def told(box: Box) -> dict[str, int]:
    """How many texts each of our people has been sent."""
    return {name: len(box.texts_to(phone)) for name, phone in (("mike", MIKE), ("dana", DANA), ("lee", LEE))}


# ---- whose turn it is


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-03-02T07:58", {"mike": 1, "dana": 0, "lee": 0}),
        ("2026-03-02T08:00", {"mike": 0, "dana": 1, "lee": 0}),
        ("2026-03-09T08:00", {"mike": 1, "dana": 0, "lee": 0}),
    ],
)
async def test_whoever_has_the_week_is_told(tmp_path: Path, when: str, expected: dict[str, int]) -> None:
    async with living(tmp_path / "box", shop(BY_WEEK), clock=at(when), read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(MINUTE)
        assert told(box) == expected


async def test_who_comes_on_call_while_nobody_has_taken_it_is_told_for_the_first_time(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(BY_WEEK), clock=at("2026-03-02T07:57"), read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(6 * MINUTE)
        assert [text.partition(":")[0] for text in box.texts_to(MIKE)] == ["EMERGENCY 10"]
        assert [text.partition(":")[0] for text in box.texts_to(DANA)] == ["EMERGENCY 10"]
        await box.wait(5 * MINUTE)
        assert [text.partition(":")[0] for text in box.texts_to(MIKE)] == ["EMERGENCY 10", "AGAIN, EMERGENCY 10"]
        assert [text.partition(":")[0] for text in box.texts_to(LEE)] == ["EMERGENCY 10"]


async def test_on_a_night_that_nobody_has_the_owner_is_told(tmp_path: Path) -> None:
    by_day = OnCall(shifts=(Shift(("dana",), frozenset(range(7)), ((time(8), time(18)),)),))
    async with living(tmp_path / "box", shop(by_day), clock=at("2026-03-02T23:00"), read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(MINUTE)
        assert told(box) == {"mike": 1, "dana": 0, "lee": 0}


async def test_on_a_dated_exception_and_on_a_shift_of_two_those_are_told(tmp_path: Path) -> None:
    plan = OnCall(
        BY_WEEK.rotation,
        (Shift(("dana", "lee"), frozenset({5}), ((time(20), time(8)),)),),
        (Duty(("lee",), datetime(2026, 3, 4, tzinfo=ZONE), datetime(2026, 3, 5, tzinfo=ZONE)),),
    )
    async with living(tmp_path / "box", shop(plan), clock=at("2026-03-04T12:00"), read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(MINUTE)
        assert told(box) == {"mike": 0, "dana": 0, "lee": 1}
    async with living(tmp_path / "other", shop(plan), clock=at("2026-03-08T01:30"), read=reader()) as box:
        await box.hears(FLOOD)  # in the night from Saturday to Sunday, in which the clocks go forward
        await box.wait(MINUTE)
        assert told(box) == {"mike": 0, "dana": 1, "lee": 1}


async def test_what_was_swapped_by_text_counts_until_it_is_over_and_after_a_restart(tmp_path: Path) -> None:
    clock = at("2026-03-02T09:00")
    async with living(tmp_path / "box", shop(BY_WEEK), clock=clock, read=reader()) as box:
        await box.store.write(
            lambda db: _swap(db, ("lee", 0, 3), ("dana", 0, 3), ("owner", 1, 2), ("nobody_here", 1, 2))
        )
    async with living(tmp_path / "box", shop(BY_WEEK), clock=clock, read=reader()) as box:
        for hours, expected in ((0.5, "dana"), (1.0, "owner"), (1.0, "dana")):
            await box.wait(hours * 60 * MINUTE)
            now = box.clock.now()
            found = await box.store.read(lambda db, now=now: ladder.on_call_now(Context(db, shop(BY_WEEK), now)))  # type: ignore[misc]
            assert found == (expected,), hours


def _swap(db: sqlite3.Connection, *swaps: tuple[str, int, int]) -> None:
    begins = at("2026-03-02T09:00").now()
    for who, first, last in swaps:
        records.add_swap(db, who, begins + timedelta(hours=first), begins + timedelta(hours=last), "Mike")


async def test_a_box_that_does_not_know_the_time_tells_all_who_may_be_on_call_and_the_owner(tmp_path: Path) -> None:
    plan = OnCall(Rotation(("dana", "lee"), date(2026, 2, 23), Turn.DAY))
    business = replace(shop(plan), conversation=covered(Cover.NEVER).conversation)

    def answers(db: sqlite3.Connection, *, sane: bool) -> tuple[tuple[str, ...], bool]:
        ctx = Context(db, business, START, clock_sane=sane)
        return ladder.on_call_now(ctx), ladder.is_covered(ctx, Lead(), START)

    async with living(tmp_path / "box", business) as box:
        assert await box.store.read(lambda db: answers(db, sane=False)) == (("dana", "lee", OWNER), True)
        assert await box.store.read(lambda db: answers(db, sane=True)) == (("lee",), False)


# ---- what is covered

NO_HEATING_AT_NIGHT = {"heating_repair": Coverage(Cover.OPEN)}


async def test_for_work_that_is_not_covered_at_night_the_owner_is_told_once_and_the_caller_the_truth(
    tmp_path: Path,
) -> None:
    business = covered(Cover.ALWAYS, services=NO_HEATING_AT_NIGHT)
    async with living(tmp_path / "box", business, clock=at("2026-03-02T23:00"), read=reader()) as box:
        await box.hears(NO_HEAT)
        await box.wait(120 * MINUTE)
        assert told(box) == {"mike": 1, "dana": 0, "lee": 0}
        assert box.texts_to()[0] == NOT_COVERED
        assert not [text for text in box.texts_to() if "on-call" in text]
        assert await box.rows("SELECT state FROM escalations") == [("exhausted",)]


async def test_the_same_work_is_covered_by_day_and_other_work_at_night(tmp_path: Path) -> None:
    business = covered(Cover.ALWAYS, services=NO_HEATING_AT_NIGHT)
    for name, when, words in (("day", "2026-03-02T10:00", NO_HEAT), ("night", "2026-03-02T23:00", FLOOD)):
        async with living(tmp_path / name, business, clock=at(when), read=reader()) as box:
            await box.hears(words)
            await box.wait(MINUTE)
            assert box.texts_to()[0].startswith(SENT), name
            await box.wait(11 * MINUTE)
            assert told(box) == {"mike": 1, "dana": 2, "lee": 1}, name


async def test_a_holiday_on_which_nobody_is_on_call_is_told_and_a_danger_is_covered_all_the_same(
    tmp_path: Path,
) -> None:
    holiday = at("2026-05-25T10:00")
    assert date(2026, 5, 25) in BUSINESS.hours.holidays
    async with living(tmp_path / "box", covered(Cover.ALWAYS, holidays=False), clock=holiday, read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(30 * MINUTE)
        assert NOT_COVERED in box.texts_to()
        assert told(box) == {"mike": 1, "dana": 0, "lee": 0}
    holiday = at("2026-05-25T10:00")
    async with living(tmp_path / "other", covered(Cover.NEVER, holidays=False), clock=holiday, read=reader()) as box:
        await box.hears(GAS)
        await box.wait(11 * MINUTE)
        assert "911" in box.texts_to()[0]
        assert box.texts_to()[1].startswith(SENT)
        assert min(told(box).values()) >= 1


async def test_what_becomes_a_danger_is_covered_from_then_on(tmp_path: Path) -> None:
    async with living(tmp_path / "box", covered(Cover.NEVER), read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(2 * MINUTE)
        assert told(box) == {"mike": 1, "dana": 0, "lee": 0}
        await box.hears("now sparks are coming out of the light and it smells burnt")
        await box.wait(11 * MINUTE)
        assert box.texts_to(MIKE)[1].startswith("DANGER")
        assert min(told(box).values()) >= 1


async def test_what_counts_is_the_hour_in_which_the_emergency_came(tmp_path: Path) -> None:
    async with living(
        tmp_path / "box", covered(Cover.OPEN), clock=at("2026-03-02T16:58"), read=reader()
    ) as box:  # the office closes at five
        await box.hears(FLOOD)
        await box.wait(30 * MINUTE)
        assert box.texts_to()[0].startswith(SENT)
        assert not [text for text in box.texts_to() if "nobody is on call" in text]
        assert [text for text in box.texts_to() if text.startswith("We texted our on-call people and nobody")]
        assert told(box) == {"mike": 2, "dana": 3, "lee": 2}  # the last ones say that nobody has it


async def test_without_an_owner_the_first_rung_is_told_of_what_is_not_covered(tmp_path: Path) -> None:
    business = replace(covered(Cover.NEVER), owner=None)
    async with living(tmp_path / "box", business, read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(30 * MINUTE)
        assert told(box) == {"mike": 0, "dana": 1, "lee": 0}
        assert box.texts_to()[0] == NOT_COVERED


async def test_in_spanish_the_caller_hears_the_same_truth(tmp_path: Path) -> None:
    async with living(tmp_path / "box", covered(Cover.NEVER), read=reader()) as box:
        await box.hears("se rompió una tubería y el agua sale del techo, 1423 Elm Ave 44107")
        await box.wait(MINUTE)
        assert box.texts_to()[0].startswith("Le avisamos por texto a nuestra gente, pero ahora no hay nadie de guardia")


# ---- our own people are no callers


@pytest.mark.parametrize("source", list(CallSource))
async def test_our_people_who_ring_are_never_texted_and_are_no_leads(tmp_path: Path, source: CallSource) -> None:
    async with living(tmp_path / "box", shop(BY_WEEK), read=reader()) as box:
        for _ in range(4):
            await box.misses(DANA, source)
            await box.wait(MINUTE)
        assert box.modem.air == []
        assert await box.rows("SELECT DISTINCT no_text FROM calls") == [("own_number",)]
        assert await box.rows("SELECT count(*) FROM tasks") == [(0,)]


@pytest.mark.parametrize("body", [FLOOD, "URGENT", "I need my furnace repaired on Tuesday", GAS])
async def test_our_people_who_write_are_no_leads_and_alarm_nobody(tmp_path: Path, body: str) -> None:
    async with living(tmp_path / "box", shop(BY_WEEK), read=reader()) as box:
        await box.hears(body, DANA)
        await box.hears("part one of a long text about gas", DANA, ref=7, total=2, number=1)
        await box.wait(30 * MINUTE)
        assert await box.rows("SELECT count(*) FROM leads") == [(0,)]
        assert await box.rows("SELECT count(*) FROM escalations") == [(0,)]
        assert told(box)["mike"] == told(box)["lee"] == 0


async def test_a_number_of_our_people_that_a_caller_gives_is_no_number_to_call(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(BY_WEEK), read=reader()) as box:
        await box.hears(
            "Dana gave me her number 216-555-0151, my furnace needs a tune-up, call my wife at 216-555-0151"
        )
        await box.wait(MINUTE)
        assert await box.rows("SELECT callback_number FROM leads") == [(None,)]


async def test_a_caller_who_has_become_one_of_our_people_gets_no_more_of_his_conversation(tmp_path: Path) -> None:
    clock = VirtualClock(START)
    async with living(tmp_path / "box", BUSINESS, clock=clock, read=reader()) as box:
        await box.hears("I need my furnace repaired", DANA)  # not answered yet: he may go on writing
        assert await box.rows("SELECT count(*) FROM leads") == [(1,)]
    async with living(tmp_path / "box", shop(BY_WEEK), clock=clock, read=reader()) as box:
        await box.wait(3 * 24 * 60 * MINUTE)
        assert box.texts_to(DANA) == []
        await box.hears(FLOOD, CALLER, identity="another")
        await box.wait(MINUTE)
        assert len(box.texts_to(DANA)) == 1  # he is on call


async def test_check_says_who_has_been_put_on_call_by_text(tmp_path: Path) -> None:
    config = tmp_path / "gateway.yaml"
    config.write_text(
        'business: {name: Miller, timezone: America/New_York, owner_cell: "+12165550190", area_code: "216"}\n'
        'lines: {main: {number: "+12165550100"}}\nmodem: {port: /dev/serial/by-id/x, number: "+12165550101"}\n'
        f'people: {{dana: {{phone: "+12165550195"}}}}\nstate: {tmp_path}\n'
    )
    async with living(tmp_path / "box") as box:
        begins, ends = box.clock.now(), box.clock.now() + timedelta(hours=8)
        await box.store.write(lambda db: records.add_swap(db, "dana", begins, ends, "Mike, by text"))
        out = io.StringIO()
        assert check(config, out, io.StringIO(), now=begins, database="box") == 0
    assert "On call now: Dana (said Mike, by text)" in out.getvalue()
    assert "0 min Dana" in out.getvalue()
    out = io.StringIO()
    assert check(config, out, io.StringIO(), now=ends, database="box") == 0
    assert "On call now" not in out.getvalue()
    assert check(config, out, io.StringIO(), now=ends, database="there is none") == 0
