"""When somebody is busy by what was cut from a calendar: every entry with all its repetitions, as spans of UTC.

Nothing is ever taken for free because it could not be understood: it is counted, and whoever asks does not rely on the rest.
Where rules can be read in two ways the longer time is busy: of several entries with one UID all count, an entry without an end
takes a minute, an older revision of a series is not thrown away. Runs in a process of its own (`drivers.calendars.work`).
"""

from __future__ import annotations

import re
import signal
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import FrameType
from typing import Any, Final
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from icalendar.timezone import tzp

from drivers.calendars.cutting import Cut, Entry, TooMuchError

OURS: Final = "@textback"  # the end of the UIDs of our own appointments, which a calendar may show beside others
PATIENCE_S: Final = 2.0  # for one entry and its repetitions; an ordinary one takes a millisecond
MOST_SLOW: Final = 10  # entries that take longer, before the whole is given up
MOST_STEPS: Final = 200_000  # from the beginning of a series to the last day that matters: every hour of 20 years
MOST_SPANS: Final = 5_000  # busy times that do not touch, in two months
SHORTEST: Final = timedelta(
    minutes=1
)  # an entry without an end takes a moment (RFC 5545, 3.6.1), and somebody is there in it
_DAY: Final = timedelta(days=1)
_STEP_S: Final = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600}
_ANY: Final = range(0)
_RULE_PARTS: Final = {  # with the numbers that may stand there; the others are said by the libraries
    **dict.fromkeys(("FREQ", "UNTIL", "COUNT", "WKST", "BYDAY"), _ANY),
    "BYSECOND": range(61),
    "BYMINUTE": range(60),
    "BYHOUR": range(24),
    "BYMONTH": range(1, 13),
    "BYMONTHDAY": range(1, 32),
    "BYYEARDAY": range(1, 367),
    "BYWEEKNO": range(1, 54),
    "BYSETPOS": range(1, 367),
    "INTERVAL": range(1, 10_000),
}
_UNTIL: Final = re.compile(r"(UNTIL=)(\d{8})(?:T(\d{6})(Z?))?(?=;|$)", re.IGNORECASE)
_ZONE: Final = re.compile(r";TZID=(?:\"([^\"]*)\"|([^;:\"]*))", re.IGNORECASE)
_DAY_ONLY: Final = re.compile(r"(?:DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)[^:]*:\d{8}(?:,\d{8})*", re.IGNORECASE)
_ESSENTIAL: Final = ("BEGIN:", "END:", "DTSTART", "TZOFFSET", "RRULE", "RDATE")

Span = tuple[datetime, datetime]


class _SlowError(BaseException):
    """No Exception: libraries on the way catch these."""


@dataclass(slots=True)
class Busy:
    """`spans` in order, none touching another. `strange` entries could not be understood; `zones` are those that nobody knows."""

    spans: list[Span] = field(default_factory=list)
    strange: int = 0
    endless: int = 0  # repeat so often, or so oddly, that it cannot be followed
    zones: int = 0  # entries in a time zone that nobody knows; they are taken by the business's clock


def expand(cut: Cut, begins: datetime, ends: datetime, wall: ZoneInfo) -> Busy:
    """All busy times between two moments. `wall` is the business's zone: of whole days, and of times without a zone.

    Raises TooMuchError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _Expansion(begins, ends, wall).of(cut)


class _Expansion:
    def __init__(self, begins: datetime, ends: datetime, wall: ZoneInfo) -> None:
        self._begins, self._ends, self._wall = begins, ends, wall
        self._busy = Busy()
        self._spans: list[Span] = []
        self._slow = 0

    def of(self, cut: Cut) -> Busy:
        self._busy.strange = cut.strange
        self._learn_zones(cut.zones)
        for uid, entries in cut.series.items():
            if not uid.casefold().endswith(OURS):
                self._series(entries)
            if len(self._spans) > 20 * MOST_SPANS:
                self._spans = _merged(self._spans)
        for line in cut.free_busy:
            self._free_busy(line)
        self._busy.spans = _merged(self._spans)
        if len(self._busy.spans) > MOST_SPANS:
            raise TooMuchError(f"it has more than {MOST_SPANS:,} busy times in the coming weeks")
        return self._busy

    def _learn_zones(self, zones: Sequence[list[str]]) -> None:
        """icalendar remembers a zone by its name; two that differ under one name cannot both be right."""
        seen: dict[str, list[str]] = {}
        for lines in zones:
            name = next((line.partition(":")[2] for line in lines if line.upper().startswith("TZID")), "")
            essence = [line.upper() for line in lines if line.upper().startswith(_ESSENTIAL)]
            if name in seen:
                known = tzp.timezone(name)
                if seen[name] != essence and not isinstance(known, ZoneInfo):
                    self._busy.strange += 1
                continue
            seen[name] = essence
            try:
                with _patience():
                    icalendar.Calendar.from_ical(_calendar(lines))
            except (Exception, _SlowError):  # whoever stands in it is counted then
                continue

    def _series(self, entries: Sequence[Entry]) -> None:
        """Entries of one UID: the first of a series and what changes one of it, or several of their own."""
        changes = [each for each in entries if each.changes_one]
        own = [list(each) for each in dict.fromkeys(tuple(each.lines) for each in entries if not each.changes_one)]
        for alone in [[lines] for lines in own] or [[]]:
            together = [*(each.lines for each in changes), *alone]
            before = self._busy.strange
            try:
                with _patience():
                    self._together(together)
            except _SlowError:
                self._slow += 1
                self._busy.endless += 1
                if self._slow > MOST_SLOW:
                    raise TooMuchError("too many of its entries repeat in a way that cannot be followed") from None
            except MemoryError:
                raise
            except Exception:  # of libraries, for whatever a stranger has written
                self._busy.strange += 1
            self._busy.strange = min(self._busy.strange, before + 1)

    def _together(self, together: Sequence[list[str]]) -> None:
        text = _calendar(*(["BEGIN:VEVENT", "UID:one", *self._mended(lines), "END:VEVENT"] for lines in together))
        calendar = icalendar.Calendar.from_ical(text)
        unknown = {
            name for lines in together for line in lines for name in _zones_in(line) if tzp.timezone(name) is None
        }
        events = calendar.walk("VEVENT")
        self._busy.zones += bool(unknown)
        self._busy.strange += any(each.errors or self._is_askew(each) for each in events)
        if any(self._repeats_endlessly(each) for each in events):
            self._busy.endless += 1
            return
        lasting = any("DURATION" in each for each in events)
        query = recurring_ical_events.of(calendar)
        for one in query.between(self._begins.astimezone(self._wall) - _DAY, self._ends.astimezone(self._wall) + _DAY):
            if str(one.get("STATUS", "")).strip().upper() == "CANCELLED":
                continue
            if str(one.get("TRANSP", "")).strip().upper() != "TRANSPARENT":
                self._add(one["DTSTART"].dt, one["DTEND"].dt, lasting=lasting)

    def _is_askew(self, event: Any) -> bool:
        """Whether it ends before it begins: what was meant nobody knows."""
        begins, ends = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None
        return ends is not None and self._moment(ends) < self._moment(begins)

    def _repeats_endlessly(self, event: Any) -> bool:
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            words = {str(key).upper(): value for key, value in rule.items()}
            step = _STEP_S.get(str((words.get("FREQ") or [""])[0]).upper())
            if step is None:
                continue
            span = self._ends - self._moment(event["DTSTART"].dt)
            steps = span.total_seconds() / (step * max(1, int((words.get("INTERVAL") or [1])[0])))
            if min([steps, *map(int, words.get("COUNT") or [])]) > MOST_STEPS:
                return True
        return False

    def _mended(self, lines: Sequence[str]) -> Iterator[str]:
        """The lines as the libraries take them rightly. A day has no zone; a rule's UNTIL is of the same kind as DTSTART (RFC
        5545, 3.3.10), and where it is not, they would leave out the last repetition."""
        begins = next((line for line in lines if line[:7].upper() == "DTSTART"), "")
        whole_days = _DAY_ONLY.fullmatch(begins) is not None
        zone = next((tzp.timezone(name) for name in _zones_in(begins)), None)
        zone = UTC if begins.upper().endswith("Z") else zone
        for line in lines:
            if _DAY_ONLY.fullmatch(line):
                line = _ZONE.sub("", line)
            elif line[:5].upper() == "RRULE":
                _must_be_rule(line.partition(":")[2])
                line = _UNTIL.sub(lambda found: found[1] + self._until(found, zone, whole_days=whole_days), line)
            yield line

    def _until(self, found: re.Match[str], zone: tzinfo | None, *, whole_days: bool) -> str:
        if whole_days:
            return found[2]
        said = datetime.strptime(found[2] + (found[3] or "235959"), "%Y%m%d%H%M%S")
        if found[4]:
            said = said.replace(tzinfo=UTC)
            return f"{said.astimezone(zone or self._wall):%Y%m%dT%H%M%S}" if zone is None else f"{said:%Y%m%dT%H%M%SZ}"
        return (
            f"{said:%Y%m%dT%H%M%S}" if zone is None else f"{said.replace(tzinfo=zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"
        )

    def _free_busy(self, line: str) -> None:
        """FREEBUSY;FBTYPE=BUSY:19970101T180000Z/19970102T070000Z,19970101T180000Z/PT5H (RFC 5545, 3.8.2.6)."""
        head, _, values = line.partition(":")
        if "FBTYPE=FREE" in head.upper():
            return
        for value in values.split(","):
            try:
                begins, ends = icalendar.vPeriod.from_ical(value.strip())  # type: ignore[no-untyped-call]
                self._add(begins, begins + ends if isinstance(ends, timedelta) else ends)
            except (ValueError, TypeError, OverflowError):
                self._busy.strange += 1

    def _add(self, begins: date, ends: date, *, lasting: bool = False) -> None:
        """`lasting`: its length counts (RFC 5545, 3.8.2.5), also where the clocks change meanwhile and its end says less."""
        first, last = self._moment(begins), self._moment(ends)
        if lasting and isinstance(begins, datetime) and isinstance(ends, datetime):
            last = max(last, first + (ends.replace(tzinfo=None) - begins.replace(tzinfo=None)))
        if last <= first:
            last = self._moment(begins + _DAY) if not isinstance(begins, datetime) else first + SHORTEST
        first, last = max(first, self._begins), min(last, self._ends)
        if first < last:
            self._spans.append((first, last))

    def _moment(self, at: date) -> datetime:
        if not isinstance(at, datetime):
            at = datetime.combine(at, time())
        return (at if at.tzinfo is not None else at.replace(tzinfo=self._wall)).astimezone(UTC)


def _must_be_rule(words: str) -> None:
    """RFC 5545, 3.3.10. The libraries pass over what they do not know, and with it a repetition. Raises ValueError."""
    parts = [part.partition("=")[::2] for part in words.strip().strip(";").upper().split(";")]
    names = [name for name, _ in parts]
    sound = "FREQ" in names and len(set(names)) == len(names) and _RULE_PARTS.keys() >= set(names)
    for name, values in parts if sound else ():
        few = _RULE_PARTS[name]
        sound &= bool(values) and (few is _ANY or all(abs(int(value)) in few for value in values.split(",")))
    if not sound:
        raise ValueError(words[:80])


def _calendar(*parts: Sequence[str]) -> str:
    lines = [line for part in parts for line in part]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//textback//", *lines, "END:VCALENDAR", ""])


def _zones_in(line: str) -> Iterator[str]:
    for quoted, plain in _ZONE.findall(line.partition(":")[0] if '"' not in line else line):
        yield quoted or plain


def _merged(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


@contextmanager
def _patience() -> Iterator[None]:
    """Give up what takes too long. Only in the main thread of a process of its own."""

    def enough(_number: int, _frame: FrameType | None) -> None:
        raise _SlowError

    before = signal.signal(signal.SIGALRM, enough)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
