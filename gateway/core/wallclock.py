"""The clock on the business's wall: which time it shows at an instant, when it shows a time, and how its days are called.

Where the clocks go back an hour is shown twice; where they go forward a time that is skipped counts as shown at the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_DAYS = ("lun", "mar", "mie", "jue", "vie", "sab", "dom")
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_SECOND = timedelta(seconds=1)  # zone rules change on whole seconds (RFC 8536)


def wall(zone: ZoneInfo, at: datetime) -> datetime:
    """The clock on the wall at an instant, as a naive datetime."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def latest_shown(zone: ZoneInfo, at: datetime) -> datetime:
    """The latest time the wall has shown up to an instant: in an hour that is lived twice, the end of its first round."""
    local = at.astimezone(zone)
    shown = local.replace(tzinfo=None, fold=0)
    if not local.fold:
        return shown
    second = local.replace(microsecond=0)
    change = change_between(zone, second.replace(fold=0).astimezone(UTC), second.astimezone(UTC))
    return wall(zone, change - timedelta.resolution)


def instants(zone: ZoneInfo, shown: datetime) -> tuple[datetime, ...]:
    """When (UTC) the wall shows a time: once, twice where the clocks go back, at the change where they skip it.

    Skipped and repeated times are told apart by PEP 495's `fold`.
    """
    both = [shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    exact = sorted({moment for moment in both if wall(zone, moment) == shown})
    return tuple(exact) if exact else (change_between(zone, min(both), max(both)),)


def only_instant(zone: ZoneInfo, shown: datetime) -> datetime | None:
    """When (UTC) the wall shows a time; None where the clocks skip it or show it twice (PEP 495)."""
    first, second = (shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first == second else None


def clock_changes(zone: ZoneInfo, day: date) -> Iterator[datetime]:
    """The instant within a local day at which the zone's offset changes, if it does."""
    begins = midnight(zone, day)
    ends = midnight(zone, day + _DAY)
    if begins.astimezone(zone).utcoffset() != ends.astimezone(zone).utcoffset():
        yield change_between(zone, begins, ends)


def midnight(zone: ZoneInfo, day: date) -> datetime:
    """When (UTC) a day begins."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first whole second with the offset of `after`, found by halving; the offset changes once in between.

    Both are whole seconds.
    """
    wanted = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == wanted:
            after = middle
        else:
            before = middle
    return after


def weekday(day: date, *, spanish: bool = False) -> str:
    """ "Tue", "mar": in the GSM 7-bit alphabet, as our people read it."""
    return _DAYS[day.weekday()] if spanish else f"{day:%a}"


def month_day(day: date, *, spanish: bool = False) -> str:
    """ "Dec 1", "1 dic" """
    return f"{day.day} {_MONTHS[day.month - 1]}" if spanish else f"{day:%b %-d}"
