"""Which windows are free: compared with a slow reference that walks through every minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.booking.appointments import Opening, Span, Taken
from gateway.core.booking.openings import openings
from gateway.core.booking.rules import AppointmentType, Arrival, BookingRules, Crew, DayOff
from gateway.core.business import Business, Hours, Storm, Window
from tests.gateway.box import BUSINESS

MINUTE = timedelta(minutes=1)
QUARTERS = [time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45)]
# Zones with changes at 2 AM, at midnight, by half an hour; and one without any.
ZONES = ("America/New_York", "America/Havana", "Australia/Lord_Howe", "America/Phoenix")
CHANGES = (
    datetime(2026, 3, 6, 15, tzinfo=UTC),
    datetime(2026, 10, 30, 15, tzinfo=UTC),
    datetime(2026, 4, 2, 15, tzinfo=UTC),
)


def minutes_of(zone: ZoneInfo, now: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Every minute with what the wall shows then."""
    moment = now.replace(second=0, microsecond=0)
    for count in range(-1440, (days + 2) * 1440):
        at = moment + count * MINUTE
        yield at, at.astimezone(zone).replace(tzinfo=None)


def reference(
    kind: AppointmentType,
    rules: BookingRules,
    shop: Business,
    now: datetime,
    taken: Sequence[Taken],
    busy: Mapping[str, Sequence[Span]],
) -> list[tuple[datetime, str, int]]:
    """(begin, crew, place) of every free window: the minutes are counted one by one."""
    shown: dict[datetime, list[datetime]] = {}
    for at, wall in minutes_of(shop.zone, now, kind.horizon_days):
        shown.setdefault(wall, []).append(at)
    today = now.astimezone(shop.zone).date()
    found = []
    for count in range(kind.horizon_days):
        day = today + timedelta(days=count)
        for arrival in kind.week[day.weekday()]:
            last = datetime.combine(day, arrival.ends)
            if arrival.ends == time(0):
                last += timedelta(days=1)
            begins, ends = shown.get(datetime.combine(day, arrival.begins), []), shown.get(last, [])
            if len(begins) != 1 or len(ends) != 1 or not begins[0] < ends[0] or begins[0] < now + kind.notice:
                continue
            of_the_day = [begins[0] + n * MINUTE for n in range(int((ends[0] - begins[0]) / MINUTE))]
            if day in shop.hours.half_days:
                walls = [at.astimezone(shop.zone) for at in of_the_day]
                if not any(
                    all(
                        (w.date() == day and one.opens <= w.time() and (one.closes == time(0) or w.time() < one.closes))
                        for w in walls
                    )
                    for one in shop.hours.half_days[day]
                ):
                    continue
            elif day in shop.hours.holidays:
                continue
            if any(storm.begins <= at < storm.ends for storm in shop.storms for at in of_the_day):
                continue
            if kind.per_day is not None and Counter((t.kind, t.day) for t in taken)[kind.name, day] >= kind.per_day:
                continue
            needed = int((kind.travel + kind.duration + kind.buffer) / MINUTE)
            needs = [begins[0] - kind.travel + n * MINUTE for n in range(needed)]
            for crew in (rules.crews[name] for name in kind.crews):
                if any(off.first <= day <= off.last for off in crew.days_off):
                    continue
                if any(span.begins <= at < span.ends for span in busy.get(crew.name, ()) for at in needs):
                    continue
                free = [
                    place
                    for place in range(1, crew.places + 1)
                    if not any(
                        each.crew == crew.name and each.place == place and each.span.begins <= at < each.span.ends
                        for each in taken
                        for at in needs
                    )
                ]
                if free:
                    found.append((begins[0], crew.name, free[0]))
                    break
    return sorted(found, key=lambda each: each[0])


def shape(found: Sequence[Opening]) -> list[tuple[datetime, str, int]]:
    return [(each.arrival.begins, each.crew, each.place) for each in found]


times = st.sampled_from(QUARTERS)
spans_of_minutes = st.integers(0, 8).map(lambda n: timedelta(minutes=15 * n))


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[Arrival, ...]:
    pairs = draw(st.lists(st.tuples(times, times), max_size=3, unique=True))
    return tuple(
        Arrival(*sorted(pair)) if time(0) not in pair else Arrival(max(pair), time(0))
        for pair in pairs
        if pair[0] != pair[1]
    )


@st.composite
def shops(
    draw: st.DrawFn,
) -> tuple[AppointmentType, BookingRules, Business, datetime, list[Taken], dict[str, list[Span]]]:
    now = draw(st.sampled_from(CHANGES)) + draw(st.integers(-2000, 2000)) * MINUTE
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    today = now.astimezone(zone).date()
    days = st.integers(0, 4).map(lambda n: today + timedelta(days=n))
    crews = {
        name: Crew(
            name,
            name.title(),
            draw(st.integers(1, 2)),
            tuple(DayOff(*sorted(pair)) for pair in draw(st.lists(st.tuples(days, days), max_size=1))),
        )
        for name in draw(st.lists(st.sampled_from(["red", "blue"]), min_size=1, unique=True))
    }
    kind = AppointmentType(
        name="visit",
        label="Visit",
        services=frozenset({"leak_repair"}),
        week=tuple(draw(arrivals()) for _ in range(7)),
        crews=tuple(crews),
        duration=draw(spans_of_minutes) + 15 * MINUTE,
        buffer=draw(spans_of_minutes),
        travel=draw(spans_of_minutes),
        notice=draw(spans_of_minutes),
        horizon_days=draw(st.integers(1, 4)),
        per_day=draw(st.none() | st.integers(0, 3)),
    )
    windows = st.lists(
        st.tuples(times, times).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Window(*pair)), max_size=2
    )
    half: dict[date, tuple[Window, ...]] = {day: tuple(draw(windows)) for day in draw(st.lists(days, max_size=1))}
    holidays = dict.fromkeys(draw(st.lists(days, max_size=1)), "closed")

    def span() -> Span:
        begins = now + draw(st.integers(-100, 500)) * timedelta(minutes=15)
        begins = begins.replace(second=0, microsecond=0)
        return Span(begins, begins + draw(st.integers(1, 20)) * timedelta(minutes=15))

    def booked() -> Taken:
        crew = crews[draw(st.sampled_from(sorted(crews)))]
        return Taken(
            crew.name, draw(st.integers(1, crew.places)), span(), draw(st.sampled_from(["visit", "other"])), draw(days)
        )

    taken = [booked() for _ in range(draw(st.integers(0, 6)))]
    busy = {name: [span() for _ in range(draw(st.integers(0, 2)))] for name in crews}
    storm = span()
    shop = replace(
        BUSINESS,
        zone=zone,
        hours=Hours(((Window(time(8), time(17)),),) * 7, holidays, half),
        storms=(Storm(storm.begins, storm.ends),) if draw(st.booleans()) else (),
    )
    return kind, BookingRules((kind,), crews), shop, now, taken, busy


@settings(max_examples=60, deadline=None)
@given(shops())
def test_the_free_windows_are_those_that_a_walk_through_every_minute_finds(
    drawn: tuple[AppointmentType, BookingRules, Business, datetime, list[Taken], dict[str, list[Span]]],
) -> None:
    assert shape(openings(*drawn)) == reference(*drawn)
