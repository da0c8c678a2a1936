"""The text of a calendar (RFC 5545) cut into what matters for being busy: its time zones, and the lines of each entry about time.

What an entry is about, who comes, and what hangs on it is left out here, so that nothing behind ever sees it. Lines that
cannot be understood are counted where they speak of time; a text that ends in the middle is no calendar at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

MOST_ENTRIES: Final = 20_000  # that matter; a calendar of an office has some hundred in two months
MOST_ZONES: Final = 500
MOST_LINES: Final = 2_000  # about time, of one entry: an EXDATE a day for five years
_KEPT: Final = frozenset(
    {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "TRANSP", "STATUS", "SEQUENCE"}
)
_OF_NO_TIME: Final = frozenset({"VTODO", "VJOURNAL", "VALARM"})  # nobody is busy by these
_NAME: Final = re.compile(r"([A-Za-z0-9-]+)[;:]")
_LIKE_KEPT: Final = re.compile(rf"(?:{'|'.join(sorted(_KEPT))})\b", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[^:]*:(\d{8})(?:T\d{6}Z?)?\s*")
_FOLD: Final = re.compile(rb"\r?\n[ \t]|\r[ \t]")


class NoCalendarError(Exception):
    """The text is none: something else, or cut off. The message says which, as a clause."""


class TooMuchError(Exception):
    """More than anybody has. The message says of what, as a clause."""


@dataclass(slots=True)
class Entry:
    """The lines of one VEVENT about time, by their names."""

    lines: list[str] = field(default_factory=list)
    uid: str = ""
    changes_one: bool = False  # it stands in place of one of a series
    repeats: bool = False


@dataclass(slots=True)
class Cut:
    """`series` by UID (entries without one stand alone); `strange` counts what could not be understood on the way."""

    zones: list[list[str]] = field(default_factory=list)
    series: dict[str, list[Entry]] = field(default_factory=dict)
    free_busy: list[str] = field(default_factory=list)  # FREEBUSY lines
    strange: int = 0
    entries: int = 0


def cut(text: bytes, first: date, last: date, into: Cut | None = None) -> Cut:
    """Cut one text, into what was cut before it. Entries that are over before `first` or begin behind `last` are left out.

    Raises NoCalendarError or TooMuchError.
    """
    return _Cutter(into if into is not None else Cut(), first, last).take(text)


class _Cutter:
    def __init__(self, found: Cut, first: date, last: date) -> None:
        self._found = found
        self._first, self._last = f"{first:%Y%m%d}", f"{last:%Y%m%d}"
        self._open: list[str] = []
        self._entry: Entry | None = None
        self._zone: list[str] | None = None
        self._calendars = 0

    def take(self, text: bytes) -> Cut:
        for line in _lines(text):
            self._line(line)
        if not self._calendars:
            raise NoCalendarError("what came is no calendar")
        if self._open:
            raise NoCalendarError("it ends in the middle")
        return self._found

    def _line(self, line: str) -> None:
        name = line[:6].upper()
        if name == "BEGIN:":
            self._begin(line[6:].strip().upper())
        elif line[:4].upper() == "END:":
            self._end(line[4:].strip().upper())
        elif self._zone is not None:
            self._zone.append(line)
        elif self._open == ["VCALENDAR", "VEVENT"]:
            self._property(line)
        elif self._open == ["VCALENDAR", "VFREEBUSY"] and line[:8].upper() == "FREEBUSY":
            self._found.free_busy.append(line)
            self._not_too_many(len(self._found.free_busy))
        elif (
            self._open == ["VCALENDAR"] and line[:9].upper() == "CALSCALE:" and line[9:].strip().upper() != "GREGORIAN"
        ):
            self._found.strange += 1

    def _begin(self, name: str) -> None:
        if not self._open:
            if name != "VCALENDAR":
                raise NoCalendarError("what came is no calendar")
            self._calendars += 1
        elif self._open == ["VCALENDAR"]:
            if name == "VEVENT":
                self._entry = Entry()
            elif name == "VTIMEZONE":
                self._zone = []
            elif name not in _OF_NO_TIME and name != "VFREEBUSY" and not name.startswith("X-"):
                self._found.strange += 1
        if self._zone is not None:
            self._zone.append(f"BEGIN:{name}")
        self._open.append(name)

    def _end(self, name: str) -> None:
        if not self._open or self._open.pop() != name:
            raise NoCalendarError("its parts do not end as they begin")
        if self._zone is not None:
            self._zone.append(f"END:{name}")
        if self._open == ["VCALENDAR"]:
            if self._entry is not None:
                self._keep(self._entry)
            if self._zone is not None:
                self._found.zones.append(self._zone)
                if len(self._found.zones) > MOST_ZONES:
                    raise TooMuchError(f"it has more than {MOST_ZONES} time zones")
            self._entry = self._zone = None

    def _property(self, line: str) -> None:
        assert self._entry is not None
        found = _NAME.match(line)
        name = found[1].upper() if found is not None else ""
        if name not in _KEPT:
            if not name and _LIKE_KEPT.match(line):  # a line about time that is cut off, not one of a torn description
                self._found.strange += 1
            return
        if name == "UID":
            self._entry.uid = line.partition(":")[2].strip()
            return
        self._entry.changes_one |= name == "RECURRENCE-ID"
        self._entry.repeats |= name in ("RRULE", "RDATE")
        self._entry.lines.append(line)
        if len(self._entry.lines) > MOST_LINES:
            raise TooMuchError(f"an entry has more than {MOST_LINES:,} lines about time")

    def _keep(self, entry: Entry) -> None:
        if not entry.changes_one and not entry.repeats and self._is_elsewhen(entry):
            return
        self._found.entries += 1
        self._not_too_many(self._found.entries)
        self._found.series.setdefault(entry.uid or f"\n{self._found.entries}", []).append(entry)

    def _is_elsewhen(self, entry: Entry) -> bool:
        """Whether it is surely over before the days that matter, or begins behind them; what is not plain is not."""
        said: dict[str, str] = {}
        for line in entry.lines:
            name, plain = re.split("[;:]", line, maxsplit=1)[0].upper(), _PLAIN.fullmatch(line)
            if name == "DURATION":
                return False
            if name in ("DTSTART", "DTEND"):
                if plain is None or name in said:
                    return False
                said[name] = plain[1]
        begins = said.get("DTSTART")
        if begins is None:
            return False
        ends = said.get("DTEND", begins)
        return max(begins, ends) < self._first or min(begins, ends) > self._last

    @staticmethod
    def _not_too_many(count: int) -> None:
        if count > MOST_ENTRIES:
            raise TooMuchError(f"it has more than {MOST_ENTRIES:,} entries in the coming weeks")


def _lines(text: bytes) -> Iterator[str]:
    """Its lines, long ones joined again (RFC 5545, 3.1). Old programs write UTF-16 or the letters of their country."""
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.decode("utf-16", "replace").encode("utf-8")
    for line in _FOLD.sub(b"", text.removeprefix(b"\xef\xbb\xbf")).splitlines():
        if stripped := line.strip():
            yield stripped.decode("utf-8", "replace")
