"""What a caller's words say about the time of a call, held against hours of the clock.

`wishes` finds the pieces ("tomorrow", "after 3"); here they become dates and parts of a day. What cannot be resolved for sure
("in three weeks", "not friday", "after the party") is no time at all: such a wish stays as it was worded, for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from gateway.core.understanding.folded import fold
from gateway.core.understanding.when import Wish, wishes

_DAY: Final = timedelta(days=1)
_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_COMING_DAYS: Final = 180  # a date of a month that lies further ahead was in the past, or is a slip
_NOON, _MIDNIGHT, _AN_HOUR = 12 * 60, 24 * 60, 60
NIGHT_ENDS: Final = 4  # o'clock: who writes "tomorrow" before that may mean the day that has begun
# Parts of a day in minutes since midnight: a window has to begin and end in them.
_PARTS: Final = {
    "first thing": (0, 10 * 60),
    "early": (0, 10 * 60),
    "early morning": (0, 10 * 60),
    "morning": (0, _NOON),
    "forenoon": (0, _NOON),
    "late morning": (10 * 60, _NOON),
    "lunch": (11 * 60, 14 * 60),
    "afternoon": (_NOON, 18 * 60),
    "early afternoon": (_NOON, 15 * 60),
    "late afternoon": (15 * 60, 18 * 60),
    "end of day": (15 * 60, 18 * 60),
    "early evening": (17 * 60, 19 * 60),
    "evening": (17 * 60, _MIDNIGHT),
    "night": (18 * 60, _MIDNIGHT),
    "after work": (17 * 60, _MIDNIGHT),
    "after school": (15 * 60, _MIDNIGHT),
    "after lunch": (13 * 60, _MIDNIGHT),
    "before lunch": (0, _NOON),
    "before work": (0, 9 * 60),
}
_ANY: Final = re.compile(
    r"anytime|whenever.*|when .*|at your convenience|flexible|asap|soon|all day|during business hours|any"
)
_NO_TIME: Final = re.compile(r"no(?:t)? .*|no rush|all (?:week|summer)")  # says nothing of an hour
_AFTER: Final = frozenset({"after", "starting"})
_BEFORE: Final = frozenset({"before", "by"})
_CLOCK: Final = r"(noon|midnight|\d{1,2}(?::\d\d)?(?:am|pm)?)"


@dataclass(frozen=True, slots=True)
class _Hours:
    """Minutes since midnight. `at`: a moment that a window has to hold; else a stretch that has to hold the window."""

    begins: int
    ends: int = 0
    at: bool = False

    def holds(self, begins: int, ends: int) -> bool:
        return begins <= self.begins < ends if self.at else self.begins <= begins and ends <= self.ends

    def meets(self, begins: int, ends: int) -> bool:
        return begins <= self.begins < ends if self.at else begins < self.ends and self.begins < ends


@dataclass(slots=True)
class _Group:
    """Days and hours that belong together: "tue or wed afternoon" is one, "mon morning or fri at 3" are two."""

    days: set[date] = field(default_factory=set)
    hours: list[_Hours] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A time that can be held against windows. `exact`: it names an hour of the clock."""

    groups: tuple[tuple[frozenset[date], tuple[_Hours, ...]], ...]
    exact: bool

    def fits(self, begins: datetime, ends: datetime, zone: tzinfo) -> bool:
        """Whether a window lies in it."""
        local = begins.astimezone(zone)
        first = local.hour * 60 + local.minute
        last = first + round((ends - begins).total_seconds() / 60)
        return any(
            (not days or local.date() in days) and (not hours or any(one.holds(first, last) for one in hours))
            for days, hours in self.groups
        )

    def nears(self, begins: datetime, ends: datetime, zone: tzinfo, *, hours: bool) -> bool:
        """Whether a window is on one of its days, and with `hours` shares a moment with its hours too."""
        local = begins.astimezone(zone)
        first = local.hour * 60 + local.minute
        last = first + round((ends - begins).total_seconds() / 60)
        return any(
            local.date() in days and (not hours or not stretches or any(one.meets(first, last) for one in stretches))
            for days, stretches in self.groups
        )


def wanted(words: str, written_at: datetime, zone: tzinfo) -> Wanted | None:
    """The time that the words name; None where they name none, or one that cannot be resolved for sure."""
    now = written_at.astimezone(zone)
    groups: list[_Group] = []
    exact = False
    for wish in wishes(fold(words)):
        if _NO_TIME.fullmatch(wish.said) and not wish.bound:
            continue
        found = _resolved(wish, now)
        if found is None:
            return None
        exact = exact or any(one.at or one.ends - one.begins <= _AN_HOUR for one in found.hours)
        _joined(groups, found)
    if not groups:
        return None
    return Wanted(tuple((frozenset(one.days), tuple(one.hours)) for one in groups), exact)


def names_time(words: str) -> bool:
    """Whether the words name any time, resolved or not."""
    return any(not _NO_TIME.fullmatch(wish.said) for wish in wishes(fold(words)))


def _joined(groups: list[_Group], found: _Group) -> None:
    last = groups[-1] if groups else None
    if last is None or (found.days and last.days and last.hours):
        groups.append(found)
        return
    dated = {
        day for day in found.days if len(found.days) == 1 and day.weekday() in {one.weekday() for one in last.days}
    }
    last.days = dated or last.days | found.days  # "thursday, december 3" is one day
    bounded = [one for one in (*last.hours, *found.hours) if not one.at]
    if len(bounded) == 2 and len(last.hours) == len(found.hours) == 1 and _overlap(*bounded):
        begins, ends = max(one.begins for one in bounded), min(one.ends for one in bounded)
        last.hours = [_Hours(begins, ends)]  # "after 2 before 4", "morning after 9"
    else:
        last.hours += found.hours


def _overlap(one: _Hours, other: _Hours) -> bool:
    return one.begins < other.ends and other.begins < one.ends


def _resolved(wish: Wish, now: datetime) -> _Group | None:
    """Days and hours of one piece; None when it cannot be resolved."""
    said, bound = wish.said, wish.bound
    if bound in ("every", "any"):
        bound = ""
    if bound and bound not in _AFTER | _BEFORE:
        return None
    if _ANY.fullmatch(said):
        return _Group() if not bound else None
    if (hours := _hours(said, bound, now)) is not None:
        return hours
    if (split := re.fullmatch(r"this (morning|afternoon|evening)|(tonight)", said)) is not None:
        part = _PARTS[split[1] or "evening"]
        return _Group({now.date()}, [_Hours(*part)]) if not bound else None
    days = _days(said, now)
    if days is None:
        return None
    if bound in _AFTER:
        last = max(days)
        days = {last + count * _DAY for count in range(bound == "after", 7)}
    elif bound in _BEFORE:
        first = min(days)
        days = {now.date() + count * _DAY for count in range((first - now.date()).days + (bound == "by"))}
    return _Group(days) if days else None


def _hours(said: str, bound: str, now: datetime) -> _Group | None:
    """Hours of the clock and parts of a day."""
    if said in _PARTS:
        begins, ends = _PARTS[said]
        if bound in _AFTER:
            begins, ends = ends, _MIDNIGHT
        elif bound in _BEFORE:
            begins, ends = 0, begins
        return _Group(hours=[_Hours(begins, ends)]) if begins < ends else None
    if found := re.fullmatch(r"in (an?|one|two|three|four|\d{1,2}) (hours?|minutes?)", said):
        count = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}.get(found[1]) or int(found[1])
        then = now + count * (timedelta(hours=1) if found[2].startswith("h") else timedelta(minutes=1))
        return _Group({then.date()}, [_Hours(then.hour * 60 + then.minute, at=True)]) if not bound else None
    if found := re.fullmatch(rf"(?:between )?{_CLOCK} (?:to|and) {_CLOCK}", said):
        stretch = _stretch(found[1], found[2])
        return _Group(hours=[_Hours(*stretch)]) if stretch and not bound else None
    if found := re.fullmatch(rf"{_CLOCK} or {_CLOCK}", said):
        half = found[2][-2:] if found[2][-2:] in ("am", "pm") else ""
        one = found[1] if found[1][-1] in "mn" else found[1] + half
        return _Group(hours=[_Hours(m, at=True) for words in (one, found[2]) for m in _moments(words)])
    if found := re.fullmatch(rf"(?:at |around )?{_CLOCK}", said):
        moments = list(_moments(found[1]))
        if bound:
            edge = moments[0] if len(moments) == 1 or moments[0] >= 7 * 60 else moments[1]  # nobody calls at three AM
            return _Group(hours=[_Hours(edge, _MIDNIGHT) if bound in _AFTER else _Hours(0, edge)])
        return _Group(hours=[_Hours(moment, at=True) for moment in moments])
    return None


def _moments(clock: str) -> Iterator[int]:
    """The minutes since midnight that words of the clock may mean, in the morning first."""
    if clock in ("noon", "midnight"):
        yield _NOON if clock == "noon" else 0
        return
    digits = re.match(r"(\d{1,2})(?::(\d\d))?", clock)
    if digits is None or int(digits[1]) > 23:
        return
    minute = int(digits[2] or 0)
    if int(digits[1]) > 12:
        yield int(digits[1]) * 60 + minute
        return
    hour = int(digits[1]) % 12
    if not clock.endswith("pm"):
        yield hour * 60 + minute
    if not clock.endswith("am"):
        yield hour * 60 + minute + _NOON


def _stretch(one: str, two: str) -> tuple[int, int] | None:
    """ "3 to 5pm", "9 to 11": the shortest stretch that the words may mean, at seven in the morning or later if it can be."""
    pairs = [(begins, ends) for begins in _moments(one) for ends in _moments(two) if begins < ends]
    by_day = [pair for pair in pairs if pair[0] >= 7 * 60]
    return min(by_day or pairs, key=lambda pair: (pair[1] - pair[0], pair[0]), default=None)


def _days(said: str, now: datetime) -> set[date] | None:
    """The dates that words mean, none of them in the past; None for what is no day, or not for sure."""
    today = now.date()
    monday = today - today.weekday() * _DAY

    def coming(day: int) -> date:
        return today + (day - today.weekday()) % 7 * _DAY

    known: dict[str, Callable[[], set[date]]] = {
        "today": lambda: {today},
        "same day": lambda: {today},
        "tomorrow": lambda: {today + _DAY, today} if now.hour < NIGHT_ENDS else {today + _DAY},
        "day after tomorrow": lambda: {today + 2 * _DAY},
        "this week": lambda: {monday + n * _DAY for n in range(7)},
        "later this week": lambda: {monday + n * _DAY for n in range(7)} - {today},
        "next week": lambda: {monday + (7 + n) * _DAY for n in range(7)},
        "weekend": lambda: {coming(5), coming(6)},
        "this weekend": lambda: {coming(5), coming(6)},
        "weekdays": lambda: {coming(n) for n in range(5)},
    }
    if said in known:
        return {day for day in known[said]() if day >= today}
    if said in _WEEK:
        return {coming(_WEEK.index(said))}
    if (found := re.fullmatch(r"next (\w+)", said)) and found[1] in _WEEK:
        return {monday + (7 + _WEEK.index(found[1])) * _DAY}
    if (found := re.fullmatch(r"(\w+) (?:to|through) (\w+)", said)) and found[1] in _WEEK and found[2] in _WEEK:
        first, last = _WEEK.index(found[1]), _WEEK.index(found[2])
        return {coming(n) for n in range(first, last + 1)} or None
    if found := re.fullmatch(r"(\w+) (\d{1,2})(?:st|nd|rd|th)?|(\d{1,2})/(\d{1,2})", said):
        month = int(found[3]) if found[3] else _MONTHS.index(found[1]) + 1 if found[1] in _MONTHS else 0
        day = int(found[4] or found[2])
        return {on for n in range(_COMING_DAYS) if ((on := today + n * _DAY).month, on.day) == (month, day)} or None
    if found := re.fullmatch(r"(?:(\w+) )?the (\d{1,2})(?:st|nd|rd|th)?", said):
        days = {today + n * _DAY for n in range(28) if (today + n * _DAY).day == int(found[2])}
        return {day for day in days if found[1] is None or _WEEK[day.weekday()] == found[1]} or None
    return None
