"""Which hours the business keeps: open, after hours, holiday, storm; quiet hours and when they end.

All rules are read off the clock on the business's wall. Where the clocks go back an hour is lived twice and both count;
where they go forward a time that is skipped happens at the change. A day's windows are its half day's, else none on a
holiday, else its weekday's. A window whose end is not after its beginning runs past midnight into the next day, but not
into a holiday or a half day: those are kept exactly as written.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from gateway.core.business import Business, Hours, Policy, Window
from gateway.core.wallclock import clock_changes, instants, midnight, wall

OPENING_HORIZON_DAYS = 400  # a seasonal business is closed for months; a year and the longest holiday behind it
_DAY = timedelta(days=1)


class Situation(StrEnum):
    """What an opener has to say about the office; also the beginning of its template's name."""

    OPEN = "open"
    AFTER_HOURS = "after_hours"
    HOLIDAY = "holiday"
    STORM = "storm"


def situation(business: Business, at: datetime, storm_on: bool = False) -> Situation:
    """The business's situation at `at` (aware). `storm_on` is the owner's switch, beside the planned storm periods.

    A holiday is a holiday all day, storm or not; a half day on the same date wins over it.
    """
    at = at.astimezone(UTC)  # two times of one zone would be compared by their wall clocks, without `fold`
    local = at.astimezone(business.zone)
    if _is_holiday(business.hours, local.date()):
        return Situation.HOLIDAY
    if storm_on or any(storm.begins <= at < storm.ends for storm in business.storms):
        return Situation.STORM
    return Situation.OPEN if _is_open(business.hours, local.replace(tzinfo=None)) else Situation.AFTER_HOURS


def is_open(business: Business, at: datetime) -> bool:
    """Whether `at` (aware) lies in opening hours, storm or not."""
    return _is_open(business.hours, wall(business.zone, at.astimezone(UTC)))


def is_holiday(business: Business, at: datetime) -> bool:
    """Whether `at` (aware) lies on a holiday that has no hours of its own."""
    return _is_holiday(business.hours, wall(business.zone, at.astimezone(UTC)).date())


def next_opening(business: Business, at: datetime) -> datetime | None:
    """The first moment from `at` on (UTC) at which the office is open, `at` itself when it is open now.

    Storms do not move opening hours. None when the office does not open within `OPENING_HORIZON_DAYS`.
    """
    hours, zone = business.hours, business.zone
    at = at.astimezone(UTC)
    if _is_open(hours, wall(zone, at)):
        return at
    first = wall(zone, at).date()
    for offset in range(OPENING_HORIZON_DAYS + 1):
        day = first + offset * _DAY
        starts = [m for w in windows_on(hours, day) for m in instants(zone, datetime.combine(day, w.opens))]
        candidates = sorted({*starts, *clock_changes(zone, day)})
        for moment in candidates:
            if moment >= at and _is_open(hours, wall(zone, moment)):
                return moment
    return None


def first_opening_after(business: Business, at: datetime) -> datetime | None:
    """The first moment from `at` on (UTC) at which the office opens for the day; None within `OPENING_HORIZON_DAYS`."""
    hours, zone = business.hours, business.zone
    at = at.astimezone(UTC)
    first = wall(zone, at).date()
    for offset in range(OPENING_HORIZON_DAYS + 1):
        day = first + offset * _DAY
        windows = windows_on(hours, day)
        if windows:
            moment = min(instants(zone, datetime.combine(day, min(window.opens for window in windows))))
            if moment >= at:
                return moment
    return None


def after_open_time(business: Business, at: datetime, span: timedelta) -> datetime | None:
    """When (UTC) the office has been open for `span` (above zero) since `at`; None when that takes longer than it opens for.

    What falls on a closing counts as reached in that moment, not at the next opening.
    """
    moment = next_opening(business, at)
    while moment is not None:
        closing = _closing_until(business, moment, moment + span)
        if closing is None:
            return moment + span
        span -= closing - moment
        if not span:
            return closing
        moment = next_opening(business, closing)
    return None


def windows_on(hours: Hours, day: date) -> tuple[Window, ...]:
    """The windows that begin on a date: those of its half day, none on a holiday, else those of its weekday."""
    if day in hours.half_days:
        return hours.half_days[day]
    if day in hours.holidays:
        return ()
    return hours.weekly[day.weekday()]


def in_quiet_hours(policy: Policy, local: datetime) -> bool:
    """True in the quiet hours of `policy`, which may cross midnight: the first minute is quiet, the last one is not.

    `local` is the time on the business's wall. No quiet hours when either end is missing or both are the same.
    """
    begin, end = policy.quiet_from, policy.quiet_to
    if begin is None or end is None:
        return False
    now = local.time()
    if begin <= end:
        return begin <= now < end
    return now >= begin or now < end


def quiet_release(business: Business, at: datetime) -> datetime:
    """When an opener that is held at `at` leaves (UTC): the release time after the quiet hours, else their end.

    `at` itself outside quiet hours. A release time that lies inside the quiet hours is read as their end.
    """
    policy, zone = business.policy, business.zone
    at = at.astimezone(UTC)
    if policy.quiet_to is None or not in_quiet_hours(policy, wall(zone, at)):
        return at
    release = policy.quiet_release or policy.quiet_to
    if in_quiet_hours(policy, datetime.combine(date.min, release)):
        release = policy.quiet_to
    day = wall(zone, at).date()
    while True:
        for moment in instants(zone, datetime.combine(day, release)):
            if moment >= at and not in_quiet_hours(policy, wall(zone, moment)):
                return moment
        day += _DAY


def _is_holiday(hours: Hours, day: date) -> bool:
    return day in hours.holidays and day not in hours.half_days


def _is_open(hours: Hours, local: datetime) -> bool:
    today = local.date()
    if any(_covers(today, window, local) for window in windows_on(hours, today)):
        return True
    if today in hours.half_days or today in hours.holidays:
        return False
    yesterday = today - _DAY
    return any(_covers(yesterday, window, local) for window in windows_on(hours, yesterday))


def _closing_until(business: Business, opened: datetime, until: datetime) -> datetime | None:
    """The first moment after `opened` at which the office is closed, `until` included; None when it is open until then."""
    hours, zone = business.hours, business.zone
    day, ends = wall(zone, opened).date() - _DAY, set[datetime]()
    while day <= wall(zone, until).date():
        ends |= {midnight(zone, day), *clock_changes(zone, day)}  # a holiday cuts off what runs past midnight
        for window in windows_on(hours, day):
            closes = datetime.combine(day if window.closes > window.opens else day + _DAY, window.closes)
            ends |= set(instants(zone, closes))
        day += _DAY
    closed = (m for m in sorted(ends) if opened < m <= until and not _is_open(hours, wall(zone, m)))
    return next(closed, None)


def _covers(day: date, window: Window, local: datetime) -> bool:
    begins = datetime.combine(day, window.opens)
    ends = datetime.combine(day if window.closes > window.opens else day + _DAY, window.closes)
    return begins <= local < ends
