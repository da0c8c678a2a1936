"""What calendars of other programs say of the crews, and how sure that is.

A crew's calendar that was not read lately, or not wholly understood, takes no window away by that: what it said last counts, and
an appointment is only requested. Nothing is confirmed that a calendar might contradict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Final

from gateway.core.booking.appointments import Opening, Span
from gateway.core.booking.rules import BookingRules, BusyCalendar

AHEAD: Final = timedelta(minutes=5)  # a reading that lies further in the future was noted by another clock
BUSY_THEN: Final = "a calendar shows them busy then: look before you confirm"


@dataclass(frozen=True, slots=True)
class Known:
    """What the books know of a calendar. `doubts` is a clause, "" where all of it was understood; `why` it cannot be read now."""

    name: str
    source: str
    mark: str = ""
    read_at: datetime | None = None
    doubts: str = ""
    failed_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """By crew: when calendars show it busy, and why that may not be all."""

    busy: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    unsure: Mapping[str, str] = field(default_factory=dict)

    def is_busy(self, opening: Opening) -> bool:
        """Whether its crew is busy by a calendar meanwhile."""
        return any(opening.takes.meets(span) for span in self.busy.get(opening.crew, ()))

    def doubt(self, opening: Opening) -> str:
        """Why an opening is not surely free, in the office's words; "" when it is."""
        return BUSY_THEN if self.is_busy(opening) else self.unsure.get(opening.crew, "")


NOTHING: Final = Outside()


def outside(
    rules: BookingRules,
    known: Mapping[str, Known],
    spans: Mapping[str, Sequence[Span]],
    now: datetime,
    zone: tzinfo,
) -> Outside:
    """What is known of all crews' calendars at a moment; `known` and `spans` by the calendar's name."""
    busy: dict[str, tuple[Span, ...]] = {}
    unsure: dict[str, str] = {}
    for crew in rules.crews.values():
        of_crew: list[Span] = []
        for name in crew.calendars:
            calendar, said = rules.calendars[name], known.get(name)
            if said is not None and said.source == calendar.source:
                of_crew += spans.get(name, ())
            if doubt := doubt_of(calendar, said, now, zone):
                unsure.setdefault(crew.name, doubt)
        busy[crew.name] = tuple(of_crew)
    return Outside(busy, unsure)


def doubt_of(calendar: BusyCalendar, said: Known | None, now: datetime, zone: tzinfo) -> str:
    """Why a calendar cannot be relied on at a moment; "" when it can."""
    if said is None or said.source != calendar.source or said.read_at is None:
        return f"the calendar '{calendar.name}' has not been read yet: confirm yourself"
    if not is_fresh(calendar, said.read_at, now):
        return f"the calendar '{calendar.name}' has not been read since {moment(said.read_at, zone)}: confirm yourself"
    if said.doubts:
        return f"not all of the calendar '{calendar.name}' could be understood: confirm yourself"
    return ""


def is_fresh(calendar: BusyCalendar, read_at: datetime, now: datetime) -> bool:
    """Whether what was read then still counts for sure."""
    return now - calendar.fresh <= read_at <= now + AHEAD


def moment(at: datetime, zone: tzinfo) -> str:
    """ "Mar 2, 10:14 AM"."""
    return f"{at.astimezone(zone):%b %-d, %-I:%M %p}"


def doubts(strange: int, endless: int, zones: int) -> str:
    """What could not be understood, as a clause; "" when all was."""
    said = [
        f"{count} {'entry' if count == 1 else 'entries'} {what if count == 1 else several}"
        for count, what, several in (
            (strange, "that cannot be understood", "that cannot be understood"),
            (endless, "that repeats without end", "that repeat without end"),
            (zones, "in a time zone that nobody knows", "in a time zone that nobody knows"),
        )
        if count
    ]
    return "; ".join(said)
