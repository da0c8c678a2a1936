"""How times are written: durations, times of day, opening hours, dates, moments, time zones.

Each kind takes a node and its place and gives the value, or raises RefusedError with what is wrong and what to write.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from gateway.core.business import Window
from gateway.settings.kinds import optional
from gateway.settings.options import Kind, Place, RefusedError, Shape, items, scalar, shape_of, shaped, taken
from gateway.settings.problems import nearest, shown
from gateway.settings.yamlnodes import Node, Scalar

_UNITS_S = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_UNIT_WORDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]*)", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def duration(plain: str, low_s: float, high_s: float) -> Kind[float]:
    """Seconds, from "15 s", "15 min", "12 h", "3 days"; a bare number counts in `plain`. Limits included."""

    def read(node: Node, place: Place) -> float:  # noqa: ARG001
        wanted = f"a duration such as '{spelled(min(max(low_s, 10 * _UNITS_S[plain]), high_s))}'"
        text = scalar(node, wanted)
        if (found := _DURATION.fullmatch(text)) is None:
            raise RefusedError(f"{shown(text)} is not a duration", f"write {wanted}")
        unit = _UNIT_WORDS.get(found[2].casefold() or plain)
        if unit is None:
            raise RefusedError(f"{shown(found[2])} is not a unit of time", "use s, min, h or days")
        seconds = float(found[1]) * _UNITS_S[unit]
        if not low_s <= seconds <= high_s:
            short = seconds < low_s
            remedy = f"write at least {spelled(low_s)}" if short else f"write at most {spelled(high_s)}"
            raise RefusedError(f"{shown(text)} is too {'short' if short else 'long'}", remedy)
        return seconds

    return shaped(read, Shape("duration", low=low_s, high=high_s))


def whole_seconds(kind: Kind[float]) -> Kind[int]:
    return shaped(lambda node, place: round(kind(node, place)), shape_of(kind))


def spelled(seconds: float) -> str:
    """A duration in the largest unit that keeps it whole: 43200 -> "12 h"."""
    for unit in ("d", "h", "min"):
        if seconds and seconds % _UNITS_S[unit] == 0:
            number = int(seconds // _UNITS_S[unit])
            return f"{number} {'days' if unit == 'd' and number > 1 else 'day' if unit == 'd' else unit}"
    return f"{seconds:g} s"


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text.strip())
    if found is None or int(found[1]) > 24 or int(found[2]) > 59 or (int(found[1]) == 24 and int(found[2])):
        return None
    return time(int(found[1]) % 24, int(found[2]))


def time_of_day(node: Node, place: Place) -> time:  # noqa: ARG001
    text = scalar(node, "a time such as '21:30'")
    if (at := _clock(text)) is None:
        raise RefusedError(
            f"{shown(text)} is not a time of day", "write hours and minutes of a 24-hour clock, such as '21:30'"
        )
    return at


def window(node: Node, place: Place) -> Window:  # noqa: ARG001
    """ "08:00-17:00"; "00:00-24:00" is the whole day."""
    (begins, ends), opens, closes = _two_times(node, "opening hours such as '08:00-17:00'")
    text = scalar(node, "")
    if closes == time(0) and opens != closes:
        return Window(opens, closes)
    if closes == opens and not (opens == time(0) and ends.startswith("24")):
        raise RefusedError(
            f"{shown(text)} begins and ends at the same minute",
            "write 00:00-24:00 for a whole day, [] for a closed one",
        )
    if closes < opens:
        remedy = f"swap the times, or split at midnight: {begins}-24:00 and, on the next day, 00:00-{ends}"
        raise RefusedError(f"{shown(text)} closes before it opens", remedy)
    return Window(opens, closes)


def stretch(node: Node, place: Place) -> tuple[time, time]:  # noqa: ARG001
    """ "17:00-08:00" ends on the next day, and so does what ends at the minute at which it begins."""
    _, begins, ends = _two_times(node, "hours such as '17:00-08:00'")
    return begins, ends


def _two_times(node: Node, wanted: str) -> tuple[list[str], time, time]:
    """Two times of day with a dash between: as they are written, and what they are."""
    text = scalar(node, wanted)
    parts = re.split(r"\s*[-–]\s*", text)
    times = [_clock(part) for part in parts]
    if len(times) != 2 or times[0] is None or times[1] is None:
        meant = _office_hours(text)
        remedy = f"did you mean '{meant}'?" if meant else f"write {wanted}, on a 24-hour clock"
        raise RefusedError(f"{shown(text)} is not a window of time", remedy)
    return parts, times[0], times[1]


_SAID_WINDOW = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))? ?([ap])?\.?(?:m\.?)? ?(?:-|–|to|until) ?(\d{1,2})(?:[:.](\d{2}))? ?([ap])?\.?(?:m\.?)?",
    re.ASCII | re.IGNORECASE,
)


def _office_hours(text: str) -> str | None:
    """What "8-5" or "8am to 5:30 pm" means on a 24-hour clock, if it can be a day at work."""
    found = _SAID_WINDOW.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    opens = _on_24_hours(int(found[1]), found[3])
    closes = _on_24_hours(int(found[4]), found[6])
    if closes <= opens and found[6] is None:
        closes += 12
    if not 0 <= opens < closes <= 23 or int(found[2] or 0) > 59 or int(found[5] or 0) > 59:
        return None
    return f"{opens:02}:{found[2] or '00'}-{closes:02}:{found[5] or '00'}"


def _on_24_hours(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half.casefold() == "p" else 0)


def windows(node: Node, place: Place) -> tuple[Window, ...]:
    """A day's windows in order of time; `closed` or [] for none, a single one may stand without a list."""
    if isinstance(node, Scalar):
        if node.empty or node.text.strip().casefold() == "closed":
            return ()
        return (window(node, place),)
    found: list[tuple[Window, int]] = []
    for inner in items(node, "a list such as ['08:00-12:00', '13:00-17:00']"):
        if (read := taken(optional(window), inner, place, None)) is not None:
            found.append((read, inner.line))
    found.sort(key=lambda pair: pair[0].opens)
    for (before, _), (after, line) in pairwise(found):
        if before.closes == time(0) or after.opens < before.closes:
            place.say(line, f"{_shown_window(before)} and {_shown_window(after)} overlap", "make one window of them")
    return tuple(read for read, _ in found)


def _shown_window(value: Window) -> str:
    closes = "24:00" if value.closes == time(0) else f"{value.closes:%H:%M}"
    return f"{value.opens:%H:%M}-{closes}"


def day(node: Node, place: Place) -> date:  # noqa: ARG001
    text = scalar(node, "a date such as 2026-12-25")
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise RefusedError(
                f"{shown(text)} is not in the calendar", "correct the month or the day (year-month-day)"
            ) from None
    raise RefusedError(f"{shown(text)} is not a date", "write year-month-day, such as 2026-12-25")


def moment(node: Node, place: Place) -> datetime:
    """An aware moment; without an offset it is meant in the business's time zone."""
    wanted = "a date and time such as '2026-01-26 06:00'"
    text = scalar(node, wanted)
    try:
        at = datetime.fromisoformat(text)
        if not 2000 <= at.year <= 2200 or len(text) < len("2026-01-26T06:00"):
            raise ValueError(text)
    except ValueError:
        raise RefusedError(f"{shown(text)} is not a date and time", f"write {wanted}") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=place.zone)


@lru_cache(maxsize=1)
def _zone_names() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def time_zone(node: Node, place: Place) -> ZoneInfo:  # noqa: ARG001
    """A zone of the tz database. ZoneInfo opens a file by the name given, so the form is checked before."""
    text = scalar(node, "a time zone such as America/New_York")
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", text, re.ASCII):
        try:
            return ZoneInfo(text)
        except (OSError, ValueError, LookupError):
            pass
    meant = _by_city(text) or nearest(text.replace(" ", "_"), _zone_names())
    remedy = f"did you mean '{meant}'?" if meant else "write region and city, such as America/New_York"
    raise RefusedError(f"{shown(text)} is not a time zone", remedy)


_COLLOQUIAL = {
    "EASTERN": "America/New_York",
    "CENTRAL": "America/Chicago",
    "MOUNTAIN": "America/Denver",
    "PACIFIC": "America/Los_Angeles",
}


def _by_city(text: str) -> str | None:
    """ "New York" or "Eastern" as people say it."""
    first = text.upper().split()[0] if text.split() else ""
    if first in _COLLOQUIAL:
        return _COLLOQUIAL[first]
    ending = "/" + text.strip().replace(" ", "_").casefold()
    return next((zone for zone in _zone_names() if zone.casefold().endswith(ending)), None)


RING_S = 6.0  # North American ringing: 2 s on, 4 s off (ATIS-0600401)


def ring_time(node: Node, place: Place) -> float:
    """How long a telephone rings: a duration, or "3 rings"."""
    text = scalar(node, "a duration such as '4 s', or '2 rings'")
    if rings := re.fullmatch(r"(\d{1,2}) *rings?", text, re.ASCII | re.IGNORECASE):
        return int(rings[1]) * RING_S
    return duration("s", 0, 120)(node, place)


for _kind, _shape in (
    (time_of_day, "time"),
    (window, "window"),
    (stretch, "window"),
    (day, "day"),
    (moment, "moment"),
    (time_zone, "zone"),
):
    shaped(_kind, Shape(_shape))
shaped(windows, Shape("list", of=Shape("window")))
shaped(ring_time, Shape("duration", low=0, high=120))
