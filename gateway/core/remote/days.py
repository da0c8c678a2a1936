"""Which day and which hours a command names: "fri 8-10", "tomorrow 1 pm", "6 mar por la tarde". Pure, and it never guesses.

An hour without its half of the day is one at which people work: from seven on in the morning, before that in the afternoon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final

from gateway.core.remote.commands import Day, Hours, Part
from gateway.core.remote.spans import TOMORROW, WEEKDAYS
from gateway.core.remote.vocabulary import folded, slipped

FARTHEST: Final = 360  # days: the same date again is a slip
_EARLIEST: Final = 7  # o'clock
_TOKEN: Final = re.compile(r"[a-z]+|\d+(?:[:.]\d\d)?(?!\d)|\d+|[-/]|\S")
_TODAY: Final = frozenset({"today", "hoy"})
_TO: Final = frozenset({"-", "to", "a", "until", "till", "and", "y", "hasta"})
_HALVES: Final = {"am": 0, "pm": 12, "a": 0, "p": 12}
_PARTS: Final = {
    **dict.fromkeys(("morning", "forenoon"), Part.MORNING),
    **dict.fromkeys(("afternoon", "tarde"), Part.AFTERNOON),
    **dict.fromkeys(("evening", "night", "noche"), Part.EVENING),
}
_NOON: Final = {"noon": time(12), "mediodia": time(12)}
_ORDINAL: Final = frozenset({"st", "nd", "rd", "th"})
_MONTHS: Final = {
    name: month
    for month, names in enumerate(
        (
            *("jan january ene enero", "feb february febrero", "mar march marzo", "apr april abr abril", "may mayo"),
            *("jun june junio", "jul july julio", "aug august ago agosto", "sep sept september septiembre"),
            *("oct october octubre", "nov november noviembre", "dec december dic diciembre"),
        ),
        1,
    )
    for name in names.split()
}
_BESIDE: Final = frozenset(
    "to on at the of for from between in el la los las de del en por para desde entre al a please pls favor window hours h hrs"
    " o clock oclock appointment appt it its this este esta ? ! . ,".split()
)


_KNOWN: Final = frozenset({*_TODAY, *TOMORROW, *WEEKDAYS, *_MONTHS, *_PARTS, *_NOON, *_BESIDE})


def said(text: str) -> list[str]:
    """The words, numbers and signs of a text that may name a day, small slips in them mended."""
    return [_mended(word) for word in _TOKEN.findall(folded(text).replace("–", "-").replace("—", "-"))]


def _mended(word: str) -> str:
    near = [] if word in _KNOWN else slipped(word, _KNOWN)
    return near[0] if len(near) == 1 else word


def named(words: list[str]) -> tuple[Day | None, Hours | None] | None:
    """The day and the hours that some words name; None where a word says something else, or they name two of a kind."""
    day: Day | None = None
    hours: Hours | None = None
    at = 0
    while at < len(words):
        for read in (_day, _part, _clock):
            if (found := read(words, at)) is not None:
                value, at = found
                if isinstance(value, Day):
                    day = value if day is None else _together(day, value)
                    if day is None:
                        return None
                elif hours is not None:
                    hours = _of_part(hours, value)
                    if hours is None:
                        return None
                else:
                    hours = value
                break
        else:
            if words[at] not in _BESIDE:
                return None
            at += 1
    return day, hours


def date_of(day: Day, today: date) -> date | None:
    """The date of a day, today or later; None where there is none that is all of it."""
    if day.ahead is not None:
        return today + timedelta(days=day.ahead)
    for ahead in range(FARTHEST):
        each = today + timedelta(days=ahead)
        if (day.month, day.date) in ((each.month, each.day), (None, each.day), (None, None)) and (
            day.date is not None or day.weekday == each.weekday()
        ):
            return each if day.weekday in (None, each.weekday()) else None
    return None


def _together(one: Day, other: Day) -> Day | None:
    """ "fri march 6": a weekday beside its date; None for two days."""
    if other.ahead is not None or one.ahead is not None or (one.weekday is None) == (other.weekday is None):
        return None
    weekday, dated = (one, other) if one.weekday is not None else (other, one)
    return None if weekday.date is not None or dated.date is None else replace(dated, weekday=weekday.weekday)


def _of_part(one: Hours, other: Hours) -> Hours | None:
    """ "8 in the morning", "tarde a las 3": a time of the clock beside its part of the day; None for two hours."""
    clock, part = (one, other.part) if one.begins is not None else (other, one.part)
    if clock.begins is None or clock.part is not None or part is None:
        return None
    if part is not Part.MORNING and clock.begins.hour < 12 and clock.ends is None:
        return replace(clock, begins=clock.begins.replace(hour=clock.begins.hour + 12))
    return clock if (clock.begins.hour < 12) is (part is Part.MORNING) else None


def _day(words: list[str], at: int) -> tuple[Day, int] | None:
    word, rest = words[at], words[at + 1 :]
    if word in _TODAY:
        return Day(ahead=0), at + 1
    if word == "pasado" and rest[:1] == ["manana"]:
        return Day(ahead=2), at + 2
    if word in TOMORROW and not (word == "manana" and words[at - 1 : at] == ["la"]):
        return Day(ahead=1), at + 1
    if word in WEEKDAYS:
        return Day(weekday=WEEKDAYS[word]), at + 1
    if word in _MONTHS and rest and _is_date(rest[0]):
        return Day(month=_MONTHS[word], date=int(rest[0])), at + 2 + (rest[1:2] != [] and rest[1] in _ORDINAL)
    if not _is_date(word):
        return None
    if rest[:1] == ["/"] and rest[1:2] and _is_date(rest[1]) and int(word) <= 12:
        return Day(month=int(word), date=int(rest[1])), at + 3
    ordinal = int(bool(rest) and rest[0] in _ORDINAL)
    further = [each for each in rest[ordinal : ordinal + 2] if each not in ("de", "of")][:1]
    if further and further[0] in _MONTHS:
        return Day(month=_MONTHS[further[0]], date=int(word)), at + 1 + ordinal + rest[ordinal:].index(further[0]) + 1
    return (Day(date=int(word)), at + 2) if ordinal else None


def _is_date(word: str) -> bool:
    return word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 31


def _part(words: list[str], at: int) -> tuple[Hours, int] | None:
    word = words[at]
    if word == "manana" and words[at - 1 : at] == ["la"]:
        return Hours(part=Part.MORNING), at + 1
    return (Hours(part=_PARTS[word]), at + 1) if word in _PARTS else None


def _clock(words: list[str], at: int) -> tuple[Hours, int] | None:
    """A time, or a stretch of two: "8-10", "from 8 to 10", "1 pm", "10 am - 2 pm", "0800-1200"."""
    first = _time(words, at)
    if first is None:
        return None
    begins, behind = first
    second = _time(words, behind + 1) if words[behind : behind + 1] and words[behind] in _TO else None
    if second is None:
        return Hours(begins=_at_work(*begins)), behind
    ends, behind = second
    stretch = _stretch(begins, ends)
    return None if stretch is None else (Hours(*stretch), behind)


_Time = tuple[time, bool]  # as it was written, and whether its half of the day is known


def _time(words: list[str], at: int) -> tuple[_Time, int] | None:
    """A time of the clock, and the place behind it."""
    if at >= len(words):
        return None
    word, rest = words[at], words[at + 1 :]
    if word in _NOON:
        return (_NOON[word], True), at + 1
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d\d))?|(\d{1,2})(\d\d)", word, re.ASCII)
    if found is None:
        return None
    hour, minute = int(found[1] or found[3]), int(found[2] or found[4] or 0)
    if hour > 23 or minute > 59:
        return None
    # "8 a 10" is a stretch, "8 a" is "8 a.m."
    more = 1 if rest[:1] and rest[0] in _HALVES and not (rest[0] == "a" and _time(words, at + 2)) else 0
    half = rest[0] if more else None
    if half is not None and rest[1:2] == ["."] and rest[2:3] == ["m"]:
        more = 3
    elif half is not None and rest[1:2] == ["m"]:
        more = 2
    if half is None:
        return (time(hour, minute), hour > 12 or word.startswith("0")), at + 1
    if not 1 <= hour <= 12:
        return None
    return (time(hour % 12 + _HALVES[half], minute), True), at + 1 + more


def _at_work(at: time, known: bool) -> time:
    return at if known or at.hour >= _EARLIEST else at.replace(hour=at.hour + 12)


def _stretch(begins: _Time, ends: _Time) -> tuple[time, time] | None:
    """The stretch that two times mean; None where the second is not behind the first. "8-10 pm" is in the evening."""
    pairs = [(one, two) for one in _halves(*begins) for two in _halves(*ends) if one < two]
    by_day = [pair for pair in pairs if pair[0].hour >= _EARLIEST]
    return min(by_day or pairs, key=lambda pair: (_minutes(pair[1]) - _minutes(pair[0]), pair[0]), default=None)


def _halves(at: time, known: bool) -> Iterator[time]:
    yield at
    if not known and at.hour <= 12:
        yield at.replace(hour=(at.hour + 12) % 24 if at.hour < 12 else 0)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
