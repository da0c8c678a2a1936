"""Who is on call: the order of what was agreed, the clock on the wall, and years of hand-overs, against a slow reference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.escalation.oncall import Duty, HandOver, OnCall, Rotation, Shift, Turn, next_hand_over, on_call
from gateway.core.wallclock import latest_shown

NEW_YORK, PHOENIX = ZoneInfo("America/New_York"), ZoneInfo("America/Phoenix")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONDAY = date(2026, 3, 2)


def local(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def shift(who: str, days: str, *hours: str) -> Shift:
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    spans = tuple((time.fromisoformat(one[:5]), time.fromisoformat(one[6:])) for one in hours)
    return Shift((who,), frozenset(week.index(day) for day in days.split()), spans)


WEEKLY = Rotation(("owner", "dana", "lee"), MONDAY)
DAILY = Rotation(("owner", "dana"), MONDAY, Turn.DAY, time(8))


# ---- in order


def test_nobody_is_on_call_where_nobody_ever_is() -> None:
    assert on_call(OnCall(), NEW_YORK, local("2026-03-04T10:00")) == ()
    assert next_hand_over(OnCall(), NEW_YORK, local("2026-03-04T10:00")) is None


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-03-02T07:59", ()),  # before the first turn
        ("2026-03-02T08:00", ("owner",)),
        ("2026-03-09T07:59", ("owner",)),
        ("2026-03-09T08:00", ("dana",)),
        ("2026-03-16T08:00", ("lee",)),
        ("2026-03-23T08:00", ("owner",)),
        ("2027-01-04T07:59", ("dana",)),  # the turns go on over the end of the year
        ("2027-01-04T08:00", ("lee",)),
    ],
)
def test_people_take_turns_by_the_week(at: str, who: tuple[str, ...]) -> None:
    assert on_call(OnCall(WEEKLY), NEW_YORK, local(at)) == who


def test_people_take_turns_by_the_day() -> None:
    turns = [on_call(OnCall(DAILY), NEW_YORK, local("2026-12-30T09:00") + n * DAY) for n in range(4)]
    assert turns == [("dana",), ("owner",), ("dana",), ("owner",)]


def test_a_shift_goes_before_the_rotation_and_ends_the_next_morning() -> None:
    plan = OnCall(WEEKLY, (shift("lee", "sat", "20:00-08:00"),))
    asked = ("2026-03-07T19:59", "2026-03-07T20:00", "2026-03-08T07:59", "2026-03-08T08:00", "2026-03-08T20:00")
    assert [on_call(plan, NEW_YORK, local(at)) for at in asked] == [
        ("owner",),
        ("lee",),
        ("lee",),
        ("owner",),
        ("owner",),
    ]


def test_a_shift_that_ends_at_the_minute_at_which_it_begins_lasts_a_day() -> None:
    plan = OnCall(shifts=(shift("lee", "sat", "08:00-08:00"),))
    asked = ("2026-03-07T07:59", "2026-03-07T08:00", "2026-03-08T07:59", "2026-03-08T08:00")
    assert [on_call(plan, NEW_YORK, local(at)) for at in asked] == [(), ("lee",), ("lee",), ()]


def test_all_who_have_a_shift_are_on_call_each_once() -> None:
    plan = OnCall(shifts=(shift("lee", "mon", "08:00-17:00"), shift("dana", "mon", "12:00-17:00", "12:00-18:00")))
    assert on_call(plan, NEW_YORK, local("2026-03-02T13:00")) == ("lee", "dana")


def test_a_dated_exception_goes_before_shift_and_rotation_and_the_last_one_counts() -> None:
    christmas = Duty(("dana",), local("2026-12-24T12:00"), local("2026-12-26T08:00"))
    eve = Duty(("owner",), local("2026-12-24T18:00"), local("2026-12-24T20:00"))
    plan = OnCall(WEEKLY, (shift("lee", "thu fri", "00:00-00:00"),), (christmas, eve))
    asked = ("2026-12-24T11:59", "2026-12-24T12:00", "2026-12-24T18:00", "2026-12-24T20:00", "2026-12-26T08:00")
    assert [on_call(plan, NEW_YORK, local(at)) for at in asked] == [
        ("lee",),
        ("dana",),
        ("owner",),
        ("dana",),
        on_call(OnCall(WEEKLY), NEW_YORK, local("2026-12-26T08:00")),
    ]


def test_what_was_agreed_by_text_goes_before_everything_and_the_last_word_counts() -> None:
    plan = OnCall(WEEKLY, overrides=(Duty(("lee",), local("2026-03-04T00:00"), local("2026-03-06T00:00")),))
    swaps = [
        Duty(("dana",), local("2026-03-04T08:00"), local("2026-03-05T08:00")),
        Duty(("owner",), local("2026-03-04T12:00"), local("2026-03-04T13:00")),
    ]
    asked = ("2026-03-04T07:59", "2026-03-04T08:00", "2026-03-04T12:30", "2026-03-04T13:00", "2026-03-05T08:00")
    who = [on_call(plan, NEW_YORK, local(at), swaps) for at in asked]
    assert who == [("lee",), ("dana",), ("owner",), ("dana",), ("lee",)]


# ---- the clock on the wall


def test_turns_of_a_day_last_23_and_25_hours_where_the_clocks_change() -> None:
    plan, lengths = OnCall(DAILY), {}
    for day in ("2026-03-07", "2026-10-31", "2026-06-01"):
        begins = local(f"{day}T08:00").astimezone(UTC)
        following = next_hand_over(plan, NEW_YORK, begins)
        assert following is not None
        lengths[day] = (following.at - begins) / timedelta(hours=1)
    assert lengths == {"2026-03-07": 23, "2026-10-31": 25, "2026-06-01": 24}


def test_a_hand_over_in_the_hour_that_is_lived_twice_happens_once() -> None:
    plan = OnCall(Rotation(("owner", "dana"), date(2026, 10, 25), Turn.WEEK, time(1, 30)))
    first, again = local("2026-11-01T01:15"), local("2026-11-01T01:15", fold=1)
    assert on_call(plan, NEW_YORK, first) == ("owner",)
    assert on_call(plan, NEW_YORK, again) == ("dana",)
    assert next_hand_over(plan, NEW_YORK, first) == HandOver(local("2026-11-01T01:30").astimezone(UTC), ("dana",))


def test_a_hand_over_that_the_clocks_skip_happens_at_the_change() -> None:
    plan = OnCall(Rotation(("owner", "dana"), date(2026, 3, 1), Turn.WEEK, time(2, 30)))
    change = datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert on_call(plan, NEW_YORK, change - MINUTE) == ("owner",)
    assert on_call(plan, NEW_YORK, change) == ("dana",)
    assert next_hand_over(plan, NEW_YORK, change - DAY) == HandOver(change, ("dana",))


def test_the_hours_are_those_of_the_business_wherever_the_moment_is_written() -> None:
    plan = OnCall(shifts=(shift("lee", "mon", "08:00-17:00"),))
    at = datetime(2026, 3, 2, 16, tzinfo=ZoneInfo("Asia/Tokyo"))  # Monday there, two in the morning in Cleveland
    assert on_call(plan, NEW_YORK, at) == ()
    assert on_call(plan, ZoneInfo("Asia/Tokyo"), at) == ("lee",)


def test_the_wall_never_shows_less_than_it_has_shown() -> None:
    at = datetime(2026, 11, 1, 4, tzinfo=UTC)
    shown = [latest_shown(NEW_YORK, at + n * timedelta(seconds=97.3)) for n in range(200)]
    assert shown == sorted(shown)
    assert latest_shown(NEW_YORK, datetime(2026, 11, 1, 6, tzinfo=UTC)) == datetime(2026, 11, 1, 1, 59, 59, 999999)


# ---- who comes next


def test_the_next_hand_over_is_to_somebody_else() -> None:
    plan = OnCall(WEEKLY, (shift("owner", "sat", "08:00-20:00"), shift("lee", "sun", "08:00-20:00")))
    assert next_hand_over(plan, NEW_YORK, local("2026-03-04T10:00")) == HandOver(
        local("2026-03-08T08:00").astimezone(UTC), ("lee",)
    )


def test_nobody_comes_next_where_one_person_always_is_on_call() -> None:
    assert next_hand_over(OnCall(Rotation(("dana",), MONDAY)), NEW_YORK, local("2026-03-04T10:00")) is None


def test_after_a_lone_shift_nobody_is_on_call() -> None:
    plan = OnCall(shifts=(shift("lee", "mon", "08:00-17:00"),))
    following = next_hand_over(plan, NEW_YORK, local("2026-03-02T10:00"))
    assert following == HandOver(local("2026-03-02T17:00").astimezone(UTC), ())


def test_everybody_who_may_be_on_call_is_named_once() -> None:
    plan = OnCall(
        DAILY,
        (shift("lee", "mon", "08:00-17:00"),),
        (Duty(("dana", "kim"), local("2026-03-02T08:00"), local("2026-03-03T08:00")),),
    )
    assert plan.everybody == ("owner", "dana", "lee", "kim")


# ---- against a reference that is slow and plain

NAMES = st.sampled_from(["owner", "dana", "lee", "kim"])
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
ZONES = st.sampled_from(
    [NEW_YORK, PHOENIX, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Europe/London"), ZoneInfo("America/St_Johns")]
)
# Around the changes of the clocks there, and the end of a year.
DATES = st.sampled_from(
    [
        date(2026, 3, 8),
        date(2026, 11, 1),
        date(2026, 12, 31),
        date(2026, 4, 5),
        date(2026, 10, 4),
        date(2026, 3, 29),
        date(2026, 10, 25),
    ]
)
MOMENTS = st.builds(
    lambda day, minutes: datetime.combine(day, time(), UTC) + minutes * MINUTE, DATES, st.integers(-1800, 2 * 1440)
)
DUTIES = st.builds(
    lambda who, begins, minutes: Duty((who,), begins, begins + minutes * MINUTE), NAMES, MOMENTS, st.integers(1, 2000)
)
ROTATIONS = st.builds(
    Rotation,
    st.lists(NAMES, min_size=1, max_size=4).map(tuple),
    st.builds(lambda day, back: day - back * DAY, DATES, st.integers(-2, 400)),
    st.sampled_from(Turn),
    TIMES,
)
SHIFTS = st.builds(
    Shift,
    st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=2).map(tuple),
)
PLANS = st.builds(
    OnCall,
    st.none() | ROTATIONS,
    st.lists(SHIFTS, max_size=2).map(tuple),
    st.lists(DUTIES, max_size=2).map(tuple),
)


def slowly(plan: OnCall, zone: ZoneInfo, at: datetime, swaps: Sequence[Duty]) -> list[str]:
    """Who is on call in a whole minute, by looking at every minute there is."""
    for dated in (swaps, plan.overrides):
        there = [duty for duty in dated if duty.begins <= at < duty.ends]
        if there:
            return list(there[-1].who)
    shown = max((at - n * MINUTE).astimezone(zone).replace(tzinfo=None, fold=0) for n in range(180))
    found: list[str] = []
    for each in plan.shifts:
        for back in (0, 1):
            day = shown.date() - back * DAY
            for opens, closes in each.hours:
                minute = datetime.combine(day, opens)
                lasts = {minute}
                while (minute := minute + MINUTE).time() != closes:
                    lasts.add(minute)
                if day.weekday() in each.days and shown in lasts:
                    found += [who for who in each.who if who not in found]
    if found or plan.rotation is None:
        return found
    handed = datetime.combine(plan.rotation.begins, plan.rotation.hands_over)
    if shown < handed:
        return []
    turns = 0
    while (handed := handed + plan.rotation.turn.days * DAY) <= shown:
        turns += 1
    return [plan.rotation.people[turns % len(plan.rotation.people)]]


@settings(max_examples=400, deadline=None)
@given(PLANS, ZONES, MOMENTS, st.lists(DUTIES, max_size=2))
def test_who_is_on_call_is_what_looking_at_every_minute_finds(
    plan: OnCall, zone: ZoneInfo, at: datetime, swaps: list[Duty]
) -> None:
    assert list(on_call(plan, zone, at, swaps)) == slowly(plan, zone, at, swaps)


@settings(max_examples=60, deadline=None)
@given(PLANS, ZONES, MOMENTS, st.lists(DUTIES, max_size=2))
def test_the_next_hand_over_is_the_first_minute_in_which_it_is_somebody_else(
    plan: OnCall, zone: ZoneInfo, at: datetime, swaps: list[Duty]
) -> None:
    now = on_call(plan, zone, at, swaps)
    minutes = (at + n * MINUTE for n in range(1, 3 * 1440))
    first = next((minute for minute in minutes if on_call(plan, zone, minute, swaps) != now), None)
    following = next_hand_over(plan, zone, at, swaps)
    if first is None:
        assert following is None or following.at >= at + 3 * 1440 * MINUTE
    else:
        assert following == HandOver(first, on_call(plan, zone, first, swaps))
