"""Which windows are free: the rules of a kind of appointment, less what is taken, less when crews are busy elsewhere.

A window is written as times on the business's wall. One whose begin or end the clocks skip or show twice that day is not
offered: nobody could tell which was meant (PEP 495). A crew's place is taken for the whole of an appointment with travel and
buffer, and no place is taken twice at any moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.core.booking.appointments import Opening, Span, Taken
from gateway.core.booking.rules import AppointmentType, Arrival, BookingRules, Crew
from gateway.core.business import Business
from gateway.core.hours import windows_on
from gateway.core.wallclock import only_instant

_DAY = timedelta(days=1)


def openings(
    kind: AppointmentType,
    rules: BookingRules,
    business: Business,
    now: datetime,
    taken: Iterable[Taken] = (),
    busy: Mapping[str, Sequence[Span]] | None = None,
) -> tuple[Opening, ...]:
    """The free windows of a kind of appointment in order of time, one opening for each window.

    `now` is UTC. `busy` holds by crew when it is taken by what stands in calendars.
    """
    taken = tuple(taken)
    found = []
    for arrival, day in windows(kind, business, now):
        if (
            kind.per_day is not None
            and sum(each.kind == kind.name and each.day == day for each in taken) >= kind.per_day
        ):
            continue
        takes = Span(arrival.begins - kind.travel, arrival.begins + kind.duration + kind.buffer)
        for name in kind.crews:
            place = _place(rules.crews[name], day, takes, taken, (busy or {}).get(name, ()))
            if place is not None:
                found.append(Opening(arrival, name, place, takes, day))
                break
    return tuple(found)


def windows(kind: AppointmentType, business: Business, now: datetime) -> Iterator[tuple[Span, date]]:
    """Every window that the rules have within notice and horizon, free or not, in order of time, with its day."""
    today = now.astimezone(business.zone).date()
    first = now + kind.notice
    for count in range(kind.horizon_days):
        day = today + count * _DAY
        arrivals = sorted(kind.week[day.weekday()], key=lambda arrival: arrival.begins)
        for arrival in arrivals:
            span = _span(business.zone, day, arrival)
            if span is not None and span.begins >= first and _is_kept(business, day, arrival, span):
                yield span, day


def _is_kept(business: Business, day: date, arrival: Arrival, span: Span) -> bool:
    """Nobody goes out on a holiday, outside of a half day's hours, and in a planned storm."""
    if day in business.hours.half_days:
        begins, ends = _minutes(arrival.begins), _minutes(arrival.ends) or 24 * 60
        inside = any(
            _minutes(one.opens) <= begins and ends <= (_minutes(one.closes) or 24 * 60)
            for one in windows_on(business.hours, day)
        )
        if not inside:
            return False
    elif day in business.hours.holidays:
        return False
    return not any(span.meets(Span(storm.begins, storm.ends)) for storm in business.storms)


def _place(crew: Crew, day: date, takes: Span, taken: Iterable[Taken], busy: Iterable[Span]) -> int | None:
    """The first of a crew's places that is free for all of a span; None when it has none."""
    if any(off.holds(day) for off in crew.days_off) or any(takes.meets(span) for span in busy):
        return None
    return free_place(crew, takes, taken)


def free_place(crew: Crew, takes: Span, taken: Iterable[Taken]) -> int | None:
    """The first of a crew's places that no appointment takes during a span; None when it has none."""
    used = {each.place for each in taken if each.crew == crew.name and each.span.meets(takes)}
    if len(used) >= crew.places:  # also of places that there were once
        return None
    return next((place for place in range(1, crew.places + 1) if place not in used), None)


def _span(zone: ZoneInfo, day: date, arrival: Arrival) -> Span | None:
    """A window of the wall as UTC; None where the clocks skip one of its ends or show it twice."""
    last = day if arrival.ends > time(0) else day + _DAY
    begins, ends = (
        only_instant(zone, datetime.combine(day, arrival.begins)),
        only_instant(zone, datetime.combine(last, arrival.ends)),
    )
    return None if begins is None or ends is None or begins >= ends else Span(begins, ends)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
