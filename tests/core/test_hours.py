"""Opening hours, holidays, storms and quiet hours, against a slow reference and over years of clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.business import Business, Hours, Policy, Storm, Window
from gateway.core.hours import Situation, after_open_time, in_quiet_hours, next_opening, quiet_release, situation

NEW_YORK, CHICAGO, PHOENIX = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago"), ZoneInfo("America/Phoenix")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def windows(*spans: str) -> tuple[Window, ...]:
    return tuple(Window(*(time.fromisoformat(end) for end in span.split("-"))) for span in spans)


MILLER = Business(
    name="Miller Heating & Air",
    zone=NEW_YORK,
    country="US",
    area_code="216",
    lines=(),
    sims=("+12165550188",),
    owner="+12165550190",
    staff=(),
    extensions=(),
    hours=Hours(
        weekly=(*(windows("08:00-17:00"),) * 5, windows("09:00-13:00"), ()),
        holidays={
            date(2025, 11, 27): "Thanksgiving",
            date(2025, 12, 25): "Christmas Day",
            date(2026, 1, 1): "New Year",
        },
        half_days={
            date(2025, 11, 28): windows("09:00-12:00"),
            date(2025, 12, 24): windows("08:00-12:00"),
            date(2025, 12, 31): windows("08:00-12:00"),
        },
    ),
    storms=(Storm(datetime(2026, 1, 26, 11, tzinfo=UTC), datetime(2026, 1, 28, 3, tzinfo=UTC)),),
    templates={},
    policy=Policy(quiet_from=time(21, 30), quiet_to=time(7), quiet_release=time(7, 30)),
)


def keeping(business: Business, *weekly: tuple[Window, ...], **changed: object) -> Business:
    """The business with other hours: one tuple of windows for every day, or seven."""
    week = weekly * 7 if len(weekly) == 1 else weekly
    return replace(business, hours=Hours(weekly=week, **changed))  # type: ignore[arg-type]


def local(text: str, zone: ZoneInfo = NEW_YORK, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-11-24T07:59:59", "after_hours"),
        ("2025-11-24T08:00:00", "open"),
        ("2025-11-24T16:59:59", "open"),
        ("2025-11-24T17:00:00", "after_hours"),
        ("2025-11-22T09:00:00", "open"),
        ("2025-11-22T13:00:00", "after_hours"),
        ("2025-11-23T10:00:00", "after_hours"),
        ("2025-11-27T00:00:00", "holiday"),
        ("2025-11-27T23:59:59", "holiday"),
        ("2025-11-28T08:59:00", "after_hours"),
        ("2025-11-28T09:00:00", "open"),
        ("2025-11-28T12:00:00", "after_hours"),
        ("2026-01-26T05:59:59", "after_hours"),
        ("2026-01-26T06:00:00", "storm"),
        ("2026-01-27T21:59:59", "storm"),
        ("2026-01-27T22:00:00", "after_hours"),
    ],
)
def test_the_opening_minute_is_open_and_the_closing_minute_is_closed(at: str, expected: str) -> None:
    assert situation(MILLER, local(at)) == expected


def test_the_storm_switch_replaces_open_and_after_hours_but_not_a_holiday() -> None:
    assert situation(MILLER, local("2025-11-24T10:00"), storm_on=True) is Situation.STORM
    assert situation(MILLER, local("2025-11-24T22:00"), storm_on=True) is Situation.STORM
    assert situation(MILLER, local("2025-11-27T10:00"), storm_on=True) is Situation.HOLIDAY


def test_a_half_day_wins_over_a_holiday_on_the_same_date() -> None:
    both = keeping(
        MILLER,
        windows("08:00-17:00"),
        holidays={date(2025, 12, 24): "Christmas Eve"},
        half_days={date(2025, 12, 24): windows("08:00-12:00")},
    )
    assert situation(both, local("2025-12-24T11:00")) is Situation.OPEN
    assert situation(both, local("2025-12-24T13:00")) is Situation.AFTER_HOURS
    assert situation(both, local("2025-12-24T13:00"), storm_on=True) is Situation.STORM


def test_the_lunch_break_between_two_windows_is_after_hours() -> None:
    shop = keeping(MILLER, windows("08:00-12:00", "13:00-17:00"))
    assert [situation(shop, local(f"2025-11-24T{at}")) for at in ("11:59", "12:00", "12:59", "13:00")] == [
        "open",
        "after_hours",
        "after_hours",
        "open",
    ]


def test_a_window_past_midnight_runs_into_the_next_day_but_not_into_a_holiday_or_a_half_day() -> None:
    night = keeping(
        MILLER,
        windows("22:00-02:00"),
        holidays={date(2025, 12, 25): "Christmas Day"},
        half_days={date(2025, 12, 31): windows("08:00-12:00")},
    )
    assert situation(night, local("2025-12-02T01:59")) is Situation.OPEN
    assert situation(night, local("2025-12-02T02:00")) is Situation.AFTER_HOURS
    assert situation(night, local("2025-12-25T01:00")) is Situation.HOLIDAY
    assert situation(night, local("2025-12-26T01:00")) is Situation.AFTER_HOURS  # nobody began work on the holiday
    assert situation(night, local("2025-12-31T01:00")) is Situation.AFTER_HOURS


def test_a_window_that_closes_at_midnight_is_open_to_the_end_of_the_day() -> None:
    late = keeping(MILLER, windows("08:00-00:00"))
    assert situation(late, local("2025-12-02T23:59:59")) is Situation.OPEN
    assert situation(late, local("2025-12-03T00:00")) is Situation.AFTER_HOURS
    assert situation(keeping(MILLER, windows("00:00-00:00")), local("2025-12-03T03:33")) is Situation.OPEN


# ------------------------------------------------------------------------------------------ the slow reference


def open_minutes(business: Business) -> set[tuple[date, int]]:
    """Every open (date, minute of the day) of 2025 and 2026, written out."""
    hours, table = business.hours, set[tuple[date, int]]()
    for day in (date(2024, 12, 31) + n * DAY for n in range(2 * 366)):
        if day in hours.half_days:
            todays = hours.half_days[day]
        elif day in hours.holidays:
            todays = ()
        else:
            todays = hours.weekly[day.weekday()]
        for window in todays:
            begin = window.opens.hour * 60 + window.opens.minute
            end = window.closes.hour * 60 + window.closes.minute
            tomorrow = day + DAY
            own_rules = tomorrow in hours.half_days or tomorrow in hours.holidays
            if end > begin:
                table |= {(day, minute) for minute in range(begin, end)}
            else:
                table |= {(day, minute) for minute in range(begin, 1440)}
                if not own_rules:
                    table |= {(tomorrow, minute) for minute in range(end)}
    return table


def slow_situation(business: Business, table: set[tuple[date, int]], at: datetime) -> str:
    wall = at.astimezone(business.zone)
    if wall.date() in business.hours.holidays and wall.date() not in business.hours.half_days:
        return "holiday"
    for storm in business.storms:
        if storm.begins <= at < storm.ends:
            return "storm"
    return "open" if (wall.date(), wall.hour * 60 + wall.minute) in table else "after_hours"


NIGHT_SHOP = keeping(
    MILLER,
    windows("00:30-01:30", "02:15-02:45", "08:00-12:00", "22:00-00:15"),
    holidays={date(2025, 3, 8): "a holiday before the clocks change", date(2025, 11, 3): "one after"},
    half_days={date(2025, 11, 1): windows("23:00-03:00")},
)
TWICE_SHOP = keeping(MILLER, windows("00:15-01:10", "01:30-01:45", "06:00-07:00"))
WEEKS = [
    (TWICE_SHOP, datetime(2025, 10, 30, tzinfo=UTC)),
    (MILLER, datetime(2025, 11, 24, tzinfo=UTC)),  # Thanksgiving, a half day
    (MILLER, datetime(2025, 12, 23, tzinfo=UTC)),
    (MILLER, datetime(2026, 1, 24, tzinfo=UTC)),  # the storm
    (NIGHT_SHOP, datetime(2025, 3, 6, tzinfo=UTC)),  # clocks go forward on 9 March
    (NIGHT_SHOP, datetime(2025, 10, 30, tzinfo=UTC)),  # clocks go back on 2 November
    (replace(NIGHT_SHOP, zone=PHOENIX), datetime(2025, 3, 6, tzinfo=UTC)),
    (replace(NIGHT_SHOP, zone=CHICAGO), datetime(2025, 10, 30, tzinfo=UTC)),
]


@pytest.mark.parametrize(("business", "begin"), WEEKS)
def test_every_minute_of_a_week_agrees_with_the_hours_written_out(business: Business, begin: datetime) -> None:
    table = open_minutes(business)
    seen = {
        at: (situation(business, at), slow_situation(business, table, at))
        for at in (begin + n * MINUTE for n in range(7 * 1440))
    }
    assert [(at, got, right) for at, (got, right) in seen.items() if got != right] == []
    assert len({right for _, right in seen.values()}) > 1


@pytest.mark.parametrize(("business", "begin"), WEEKS)
def test_the_next_opening_agrees_with_walking_minute_by_minute(business: Business, begin: datetime) -> None:
    table = open_minutes(business)
    wrong, following = [], None
    for at in (begin + n * MINUTE for n in range(12 * 1440, -1, -1)):  # backwards, remembering the opening to come
        wall = at.astimezone(business.zone)
        if (wall.date(), wall.hour * 60 + wall.minute) in table:
            following = at
        if at.minute % 7 == 0 and at < begin + 7 * DAY and next_opening(business, at) != following:
            wrong.append((at, following))
    assert following is not None
    assert wrong == []


@pytest.mark.parametrize(("business", "begin"), WEEKS)
@pytest.mark.parametrize("minutes", [1, 60, 240])
def test_open_time_agrees_with_counting_open_minutes(business: Business, begin: datetime, minutes: int) -> None:
    table = open_minutes(business)
    walked = [begin + n * MINUTE for n in range(14 * 1440)]
    walls = [at.astimezone(business.zone) for at in walked]
    is_open = [(wall.date(), wall.hour * 60 + wall.minute) in table for wall in walls]
    opened = [at for at, is_it in zip(walked, is_open, strict=True) if is_it]
    wrong, before = [], 0  # open minutes before `at`
    for at, is_it in zip(walked[: 7 * 1440], is_open, strict=False):
        right = opened[before + minutes - 1] + MINUTE
        if at.minute % 7 == 0 and after_open_time(business, at, minutes * MINUTE) != right:
            wrong.append((at, right))
        before += is_it
    assert before > 0
    assert wrong == []


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2025-11-24T16:30", "2025-11-25T11:30"),  # Monday, half an hour before closing
        ("2025-11-24T13:00", "2025-11-24T17:00"),  # exactly at closing, not next morning
        ("2025-11-26T15:00", "2025-11-28T11:00"),  # over Thanksgiving into the half day
        ("2025-11-28T10:00", "2025-11-29T11:00"),  # and out of it into Saturday
        ("2025-11-29T20:00", "2025-12-01T12:00"),  # in the night of a weekend
    ],
)
def test_four_hours_of_open_time_stop_while_the_office_is_closed(at: str, due: str) -> None:
    assert after_open_time(MILLER, local(at), timedelta(hours=4)) == local(due)


def test_an_office_that_always_or_never_opens_has_its_open_time() -> None:
    always = keeping(MILLER, windows("00:00-00:00"))
    assert after_open_time(always, local("2025-11-24T23:00"), timedelta(hours=30)) == local("2025-11-26T05:00")
    assert after_open_time(keeping(MILLER, ()), local("2025-11-24T10:00"), timedelta(hours=4)) is None


instants = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from([NEW_YORK, CHICAGO, PHOENIX])
clock = st.times(datetime.min.time(), time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))


@given(at=instants, zone=zones, storm_on=st.booleans())
def test_every_instant_of_several_years_has_a_situation(at: datetime, zone: ZoneInfo, storm_on: bool) -> None:
    assert situation(replace(MILLER, zone=zone), at, storm_on) in set(Situation)


@given(at=instants, zone=zones)
def test_the_situation_does_not_depend_on_the_zone_the_instant_is_written_in(at: datetime, zone: ZoneInfo) -> None:
    assert situation(MILLER, at) is situation(MILLER, at.astimezone(zone))


@given(at=instants, zone=zones)
def test_at_the_next_opening_the_office_is_open_and_a_moment_before_it_is_not(at: datetime, zone: ZoneInfo) -> None:
    business = replace(MILLER, zone=zone, storms=())
    opening = next_opening(business, at)
    assert opening is not None
    assert situation(business, opening) is Situation.OPEN
    if opening == at:
        return
    assert opening > at
    assert situation(business, opening - timedelta(seconds=1)) is not Situation.OPEN


def test_the_next_opening_skips_the_holiday_and_begins_with_the_half_day() -> None:
    assert next_opening(MILLER, local("2025-11-26T17:00")) == local("2025-11-28T09:00")
    assert next_opening(MILLER, local("2025-11-24T10:00")) == local("2025-11-24T10:00")


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    assert next_opening(keeping(MILLER, ()), local("2025-11-24T10:00")) is None


def test_an_opening_in_the_hour_that_the_clocks_skip_happens_at_the_change() -> None:
    early = keeping(MILLER, windows("02:30-06:00"))
    assert next_opening(early, local("2025-03-09T00:00")) == datetime(2025, 3, 9, 7, tzinfo=UTC)


def test_an_hour_lived_twice_is_opened_twice() -> None:
    assert next_opening(TWICE_SHOP, local("2025-11-02T01:50")) == datetime(2025, 11, 2, 6, tzinfo=UTC)
    assert next_opening(TWICE_SHOP, local("2025-11-02T01:20", fold=1)) == datetime(2025, 11, 2, 6, 30, tzinfo=UTC)


# ------------------------------------------------------------------------------------------ quiet hours


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("21:29", False), ("21:30", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_the_first_quiet_minute_is_quiet_and_the_last_is_not(at: str, quiet: bool) -> None:
    assert in_quiet_hours(MILLER.policy, local(f"2025-11-24T{at}")) is quiet


def test_quiet_hours_at_midday_do_not_cross_midnight() -> None:
    siesta = Policy(quiet_from=time(12), quiet_to=time(14))
    assert [
        in_quiet_hours(siesta, local(f"2025-11-24T{at}")) for at in ("11:59", "12:00", "13:59", "14:00", "00:00")
    ] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_without_both_ends_there_are_no_quiet_hours() -> None:
    assert not in_quiet_hours(Policy(quiet_from=time(21)), local("2025-11-24T23:00"))
    assert not in_quiet_hours(Policy(quiet_from=time(21), quiet_to=time(21)), local("2025-11-24T21:00"))


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("2025-11-24T21:30", "2025-11-25T07:30"),
        ("2025-11-25T00:00", "2025-11-25T07:30"),
        ("2025-11-25T06:59:59", "2025-11-25T07:30"),
        ("2025-11-25T07:10", "2025-11-25T07:10"),
        ("2025-03-08T23:00", "2025-03-09T07:30"),  # an hour shorter
        ("2025-11-01T23:00", "2025-11-02T07:30"),  # an hour longer
    ],
)
def test_a_held_opener_leaves_at_the_release_time_of_that_morning(at: str, leaves: str) -> None:
    assert quiet_release(MILLER, local(at)) == local(leaves)


def test_without_a_release_time_a_held_opener_leaves_when_the_quiet_hours_end() -> None:
    plain = replace(MILLER, policy=replace(MILLER.policy, quiet_release=None))
    assert quiet_release(plain, local("2025-11-24T23:00")) == local("2025-11-25T07:00")


def test_a_release_time_within_the_quiet_hours_does_not_break_the_quiet() -> None:
    early = replace(MILLER, policy=replace(MILLER.policy, quiet_release=time(6)))
    assert quiet_release(early, local("2025-11-24T23:00")) == local("2025-11-25T07:00")


@settings(max_examples=300)
@given(at=instants, zone=zones, begin=clock, end=clock, release=st.none() | clock)
def test_nothing_is_ever_released_in_quiet_hours_and_nothing_is_held_for_long(
    at: datetime, zone: ZoneInfo, begin: time, end: time, release: time | None
) -> None:
    policy = Policy(quiet_from=begin, quiet_to=end, quiet_release=release)
    business = replace(MILLER, zone=zone, policy=policy)
    leaves = quiet_release(business, at)
    assert at <= leaves <= at + timedelta(hours=49)
    assert not in_quiet_hours(policy, leaves.astimezone(zone))
