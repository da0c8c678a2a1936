"""How single values are written: switches, numbers, durations, times of day, dates, telephone numbers.

Each kind takes a node and its place and gives the value, or raises RefusedError with what is wrong and what to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from gateway.core.business import Window
from gateway.core.numbers import NumberKind, read_number
from gateway.settings.options import Kind, Place, RefusedError, items, scalar, taken
from gateway.settings.problems import nearest, shown, suggestion
from gateway.settings.yamlnodes import Node, Scalar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

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
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# RFC 1123, 2.1: labels of letters, digits and hyphens. Underscores are common on LANs, and browsers send them.
_PAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]*[A-Za-z0-9])?|::1?|0\.0\.0\.0", re.ASCII)
_SWITCH = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def word(wanted: str) -> Kind[str]:
    """Any text on one line; `wanted` says what to write when there is none."""

    def read(node: Node, place: Place) -> str:  # noqa: ARG001
        text = scalar(node, wanted)
        if not text:
            raise RefusedError("nothing is written here", f"write {wanted}")
        if any(ord(character) < 32 for character in text):
            raise RefusedError(f"{shown(text)} holds a line break or control character", f"write {wanted} on one line")
        return text

    return read


def optional(kind: Kind[T]) -> Kind[T | None]:
    """The same, for an option whose default is "nothing": `none` may be written out."""

    def read(node: Node, place: Place) -> T | None:
        if isinstance(node, Scalar) and not node.quoted and node.text.strip().casefold() == "none":
            return None
        return kind(node, place)

    return read


def switch(node: Node, place: Place) -> bool:  # noqa: ARG001
    text = scalar(node, "yes or no").casefold()
    if text not in _SWITCH:
        raise RefusedError(f"{shown(text)} is neither yes nor no", "write yes or no")
    return _SWITCH[text]


def choice(kind: type[E]) -> Kind[E]:
    """One of the words of an enumeration."""

    def read(node: Node, place: Place) -> E:  # noqa: ARG001
        text = scalar(node, f"one of: {', '.join(kind)}")
        try:
            return kind(text)
        except ValueError:
            raise RefusedError(f"{shown(text)} is not known", suggestion(text, list(kind))) from None

    return read


def one_of(*known: str) -> Kind[str]:
    """One of some words."""

    def read(node: Node, place: Place) -> str:  # noqa: ARG001
        text = scalar(node, f"one of: {', '.join(known)}")
        if text not in known:
            raise RefusedError(f"{shown(text)} is not known", suggestion(text, known))
        return text

    return read


def whole(low: int, high: int) -> Kind[int]:
    """A whole number within limits. Digits only: `010` is ten, not eight."""

    def read(node: Node, place: Place) -> int:  # noqa: ARG001
        wanted = f"a whole number from {low} to {high}"
        text = scalar(node, wanted)
        if not (text.isascii() and text.isdigit() and len(text) < 12):
            raise RefusedError(f"{shown(text)} is not a whole number", f"write {wanted}")
        if not low <= int(text) <= high:
            raise RefusedError(f"{int(text)} is too {'small' if int(text) < low else 'large'}", f"write {wanted}")
        return int(text)

    return read


def cap(node: Node, place: Place) -> int:
    """A limit; `none` (or 0) is no limit and becomes 0."""
    if isinstance(node, Scalar) and node.text.strip().casefold() in ("none", "off"):
        return 0
    return whole(0, 100_000)(node, place)


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

    return read


def whole_seconds(kind: Kind[float]) -> Kind[int]:
    return lambda node, place: round(kind(node, place))


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
    wanted = "opening hours such as '08:00-17:00'"
    text = scalar(node, wanted)
    parts = re.split(r"\s*[-–]\s*", text)
    times = [_clock(part) for part in parts]
    if len(times) != 2 or times[0] is None or times[1] is None:
        raise RefusedError(f"{shown(text)} is not a window of time", f"write {wanted}, on a 24-hour clock")
    opens, closes = times[0], times[1]
    if closes == time(0) and opens != closes:
        return Window(opens, closes)
    if closes == opens and not (opens == time(0) and parts[1].startswith("24")):
        raise RefusedError(
            f"{shown(text)} begins and ends at the same minute",
            "write 00:00-24:00 for a whole day, [] for a closed one",
        )
    if closes < opens:
        remedy = f"swap the times, or split at midnight: {parts[0]}-24:00 and, on the next day, 00:00-{parts[1]}"
        raise RefusedError(f"{shown(text)} closes before it opens", remedy)
    return Window(opens, closes)


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


def phone(node: Node, place: Place) -> str:
    """A telephone number in any national or international spelling, as E.164 of the business's country."""
    text = scalar(node, "a telephone number such as '+12165550100'")
    number = read_number(text, place.country, place.area_code)
    if number.e164 is None or number.kind in (NumberKind.WITHHELD, NumberKind.INVALID, NumberKind.SHORT_CODE):
        raise RefusedError(
            f"{shown(text)} is not a telephone number", "write it with country code, such as '+12165550100'"
        )
    return number.e164


def extensions(node: Node, place: Place) -> tuple[int, int]:  # noqa: ARG001
    """ "100-199" or "205"."""
    text = scalar(node, "extensions such as '100-199'")
    found = re.fullmatch(r"(\d{1,9})(?:\s*-\s*(\d{1,9}))?", text, re.ASCII)
    if found is None:
        raise RefusedError(
            f"{shown(text)} is not a range of extensions", "write it as '100-199', or a single one as '205'"
        )
    low, high = int(found[1]), int(found[2] or found[1])
    if high < low:
        raise RefusedError(f"{shown(text)} ends before it begins", f"write '{high}-{low}'")
    return low, high


def each(kind: Kind[T], wanted: str) -> Kind[tuple[T, ...]]:
    """A list; a single value may stand without one. Entries that cannot be taken are said and left out."""

    def read(node: Node, place: Place) -> tuple[T, ...]:
        nodes = (node,) if isinstance(node, Scalar) and not node.empty else items(node, wanted)
        found: list[T] = []
        for inner in nodes:
            try:
                found.append(kind(inner, place))
            except RefusedError as refused:
                place.say(refused.line or inner.line, refused.what, refused.remedy)
        return tuple(found)

    return read


def set_of(kind: Kind[T], wanted: str) -> Kind[frozenset[T]]:
    several = each(kind, wanted)
    return lambda node, place: frozenset(several(node, place))


def matching(check: Callable[[str], bool], what: str, wanted: str) -> Kind[str]:
    """A text that passes `check`; else "'text' is not <what>"."""
    plain = word(wanted)

    def read(node: Node, place: Place) -> str:
        text = plain(node, place)
        if not check(text):
            raise RefusedError(f"{shown(text)} is not {what}", f"write {wanted}")
        return text

    return read


def is_name(text: str) -> bool:
    """Names of lines, templates and devices: they appear in logs, exports and file names."""
    return len(text) <= 40 and _NAME.fullmatch(text) is not None


def is_pin(text: str) -> bool:
    """SIM PINs have 4 to 8 digits (3GPP TS 31.101, 9.5.1)."""
    return re.fullmatch(r"\d{4,8}", text, re.ASCII) is not None


country = matching(
    lambda text: re.fullmatch(r"[A-Z]{2}", text, re.ASCII) is not None, "a country", "two capital letters such as US"
)
area_code = matching(
    lambda text: re.fullmatch(r"[2-9]\d{2}", text, re.ASCII) is not None, "an area code", "three digits such as '216'"
)
host = matching(lambda text: _HOST.fullmatch(text) is not None, "a host", "a name or address such as 127.0.0.1")
page_name = matching(
    lambda text: _PAGE_NAME.fullmatch(text) is not None, "a name of this box", "the name alone, such as textback.local"
)
name = matching(is_name, "a name", "small letters, digits and _, beginning with a letter")
pin = matching(is_pin, "a PIN", "4 to 8 digits in quotes")
absolute = matching(lambda text: text.startswith("/") and "\0" not in text, "a full path", "a path that begins with /")


def port_number(node: Node, place: Place) -> int:
    return whole(1, 65535)(node, place)


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


def small_file(path: Path) -> str:
    """First line of a small regular file (a secret). Raises RefusedError."""
    try:
        if not path.is_file():
            raise RefusedError(f"there is no file {shown(str(path))}", "create it, readable by the gateway alone")
        with path.open("rb") as file:
            lines = file.read(4096).decode("utf-8").splitlines()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a text file"
        raise RefusedError(
            f"{shown(str(path))} cannot be read ({reason})", "correct the file or its permissions"
        ) from None
    if not lines or not lines[0].strip():
        raise RefusedError(f"{shown(str(path))} is empty", "write the secret on its first line")
    if any(ord(character) < 32 for character in lines[0].strip()):
        raise RefusedError(f"{shown(str(path))} holds a control character", "write the secret anew on its first line")
    return lines[0].strip()
