"""The digest: when it is due, and what it tells. Its words are `gateway.core.digestwords`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from gateway.core.business import Business
from gateway.core.hours import OPENING_HORIZON_DAYS, windows_on
from gateway.core.notify import Kind

LATE = timedelta(hours=2)  # the day's sum in the night disturbs; what it would have said stands in the next one
LOOKS_BACK = timedelta(days=7)  # further back nobody counts calls: a digest that was just switched on
FIRST_LOOKS_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment that is not over. `code` is how telephones speak of it."""

    begins: datetime
    ends: datetime
    name: str
    code: int
    to_confirm: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What there is to tell at `now`: of calls since `since`, and what is open at this moment."""

    since: datetime
    now: datetime
    missed: int = 0
    texted: int = 0  # of the missed
    answered: int = 0
    leads: int = 0  # open
    oldest: datetime | None = None  # since when the first of them waits
    overdue: int = 0
    call_backs: int = 0  # callers on the call-back list
    in_doubt: int = 0  # texts of which nobody knows, or that did not go out
    won: int = 0
    won_cents: int = 0
    unread: int = 0  # conversations of the week's reading that nobody has looked at for days
    visits: tuple[Visit, ...] = ()  # of one day: today's that are not over, else tomorrow's; in order of time
    to_confirm: int = 0  # appointments of any day
    others: Mapping[Kind, int] = field(default_factory=dict)  # kept for the digest since the last one


def next_slot(business: Business, after: datetime, not_on: date | None = None) -> datetime | None:
    """The digest's next moment (UTC) behind `after`, on a day behind `not_on`; None: there is none.

    One a day: where the clocks go back the first of two equal times, where they go forward the moment behind the gap.
    """
    at, zone = business.notifications.digest_at, business.zone
    if at is None:
        return None
    first = after.astimezone(zone).date()
    for offset in range(OPENING_HORIZON_DAYS + 1):
        day = first + timedelta(days=offset)
        if (not_on is None or day > not_on) and _is_digest_day(business, day):
            slot = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
            if slot > after:
                return slot
    return None


def is_slot(business: Business, slot: datetime) -> bool:
    """Whether the digest is (still) agreed for that moment."""
    day = slot.astimezone(business.zone).date()
    return next_slot(business, slot - timedelta(seconds=1), day - timedelta(days=1)) == slot


def _is_digest_day(business: Business, day: date) -> bool:
    days = business.notifications.digest_days
    if days is not None:
        return day.weekday() in days
    return bool(windows_on(business.hours, day)) or not any(business.hours.weekly)
