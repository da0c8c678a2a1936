"""How long something lasts, as people text it: "2h", "for 30 min", "until 8am", "hasta las 8", "till tomorrow"."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gateway.core.remote.commands import Span
from gateway.core.wallclock import instants

LONGEST_S: Final = 14 * 86400.0  # what lasts longer belongs into the settings
_MORNING: Final = time(8)  # "until tomorrow"
_UNITS: Final = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuto", "minutos"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "hora", "horas"), 3600),
    **dict.fromkeys(("d", "day", "days", "dia", "dias"), 86400),
}
_UNTIL: Final = frozenset({"until", "till", "til", "hasta", "thru"})
TOMORROW: Final = frozenset({"tomorrow", "tommorow", "tommorrow", "tmrw", "manana"})
WEEKDAYS: Final = {
    name: day
    for day, names in enumerate(
        (
            *("mon monday lun lunes", "tue tues tuesday martes", "wed wednesday mie miercoles"),
            *("thu thur thurs thursday jue jueves", "fri friday vie viernes", "sat saturday sab sabado"),
            "sun sunday dom domingo",
        )
    )
    for name in names.split()
}
_EARLIEST: Final = 7  # "until Friday 5" is the afternoon
_ONE: Final = frozenset({"a", "an", "one", "un", "una"})
_NAMED: Final = {"noon": time(12), "mediodia": time(12), "midnight": time(0), "medianoche": time(0)}


def take_span(words: list[str]) -> tuple[Span | None, list[str]]:
    """The span that some words name, and the words without it; None where they name none."""
    for at, word in enumerate(words):
        if word in _UNTIL:
            span, used = _until(words[at + 1 :])
            if span is not None:
                return span, words[:at] + words[at + 1 + used :]
        if (seconds := _duration(words, at)) is not None:
            used = 3 if word in ("half", "media") and words[at + 1 : at + 2] == ["an"] else 2
            return Span(seconds=seconds), words[:at] + words[at + used :]
    return None, words


def take_until(words: list[str]) -> tuple[Span | None, list[str]]:
    """The same where "until" may be left out before a day: "fri", "tomorrow", "friday 5pm"."""
    span, left = take_span(words)
    if span is not None:
        return span, left
    at = next((at for at, word in enumerate(words) if word in WEEKDAYS or word in TOMORROW), None)
    if at is None:
        return None, words
    span, used = _until(words[at:])
    return span, words[:at] + words[at + used :]


def _duration(words: list[str], at: int) -> float | None:
    word, rest = words[at], words[at + 1 :]
    if (
        word in ("half", "media")
        and rest
        and _UNITS.get(rest[1] if rest[0] == "an" and len(rest) > 1 else rest[0]) == 3600
    ):
        return 1800.0
    if not rest or rest[0] not in _UNITS:
        return None
    if word in _ONE:
        return float(_UNITS[rest[0]])
    if re.fullmatch(r"\d{1,3}(?:[.,]\d)?", word, re.ASCII):
        seconds = float(word.replace(",", ".")) * _UNITS[rest[0]]
        return seconds if 0 < seconds <= LONGEST_S else None
    return None


def _until(words: list[str]) -> tuple[Span | None, int]:
    """The moment behind "until", and how many words name it."""
    used = 0
    tomorrow = False
    weekday: int | None = None
    at: time | None = None
    exact = True
    while used < len(words) and used < 8:
        word = words[used]
        if word in TOMORROW:
            tomorrow = True
            if words[used + 1 : used + 2] == ["morning"]:
                used += 1
        elif word in WEEKDAYS and weekday is None:
            weekday = WEEKDAYS[word]
            if words[used + 1 : used + 2] == ["morning"]:
                used += 1
        elif word in _NAMED and at is None:
            at = _NAMED[word]
        elif at is None and (found := _clock(words[used:])) is not None:
            at, exact, more = found
            used += more
        elif word not in ("at", "a", "las", "la", "el", "de", "the", "o"):
            break
        used += 1
    if at is None and not tomorrow and weekday is None:
        return None, 0
    return Span(until=at or _MORNING, tomorrow=tomorrow, exact=exact, weekday=weekday), used


def _clock(words: list[str]) -> tuple[time, bool, int] | None:
    """A time of day, whether its half of the day is known, and how many words follow its first."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?|(\d{1,2})(\d{2})", words[0], re.ASCII)
    if found is None:
        return None
    hour, minute = int(found[1] or found[3]), int(found[2] or found[4] or 0)
    half = words[1] if len(words) > 1 else ""
    more = 1
    if half in ("a", "p") and words[2:3] == ["m"]:
        half, more = f"{half}m", 2
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    if half in ("am", "pm", "a", "p"):
        if not 1 <= hour <= 12:
            return None
        return time(hour % 12 + (12 if half[0] == "p" else 0), minute), True, more
    if half in ("oclock", "o'clock"):
        return time(hour % 24, minute), hour > 12 or hour == 0, 1
    return time(hour % 24, minute), hour > 12 or hour == 0 or words[0].startswith("0"), 0


def ends(span: Span, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which it is over, always later than `now`.

    An hour without its half of the day is the next one of the two. A time that the clocks show twice is the next one of the two,
    one that they skip is the moment of the change.
    """
    if span.seconds is not None:
        return now + timedelta(seconds=span.seconds)
    assert span.until is not None
    today = now.astimezone(zone).date()
    times = [span.until]
    if not span.exact:
        times.append(time((span.until.hour + 12) % 24, span.until.minute))
    days = (1,) if span.tomorrow else (0, 1)
    if span.tomorrow:
        times = times[:1]  # "until 8 tomorrow" is the morning
    if span.weekday is not None:
        ahead = (span.weekday - today.weekday()) % 7
        days = (ahead, ahead + 7)
        times = times[:1] if span.exact or span.until.hour >= _EARLIEST else times[1:]
    moments = (
        moment
        for day in days
        for each in times
        for moment in instants(zone, datetime.combine(today + timedelta(days=day), each))
    )
    later = [moment for moment in moments if moment > now]
    return min(later) if later else now + timedelta(days=1)  # nothing but a day that the clocks skip
