"""What the business has agreed to let the box book. Nothing is bookable that is not written down here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from gateway.core.conversation.lead import Fact

NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A window of the clock on the business's wall in which somebody arrives. `ends` 00:00 is the midnight behind it."""

    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class DayOff:
    """Days, first and last one included, on which a crew does not go out."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class BusyCalendar:
    """A calendar of another program. `source` marks where it is; what was read of it counts for sure while it is `fresh`."""

    name: str
    source: str
    fresh: timedelta


@dataclass(frozen=True, slots=True)
class Crew:
    """Who goes out. `places` jobs at a time; `calendars` are the names of those in which the crew may be busy."""

    name: str
    label: str
    places: int = 1
    days_off: tuple[DayOff, ...] = ()
    calendars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppointmentType:
    """A kind of appointment.

    A crew that arrives at the beginning of its window is taken from `travel` before that until `duration` and `buffer` after
    it. `per_day` is how many of this kind all crews together take in a day; None: as many as fit.
    """

    name: str
    label: str
    services: frozenset[str]
    week: tuple[tuple[Arrival, ...], ...]  # Monday first, seven entries
    crews: tuple[str, ...]  # in the order in which they are asked
    duration: timedelta
    buffer: timedelta = NO_TIME
    travel: timedelta = NO_TIME
    notice: timedelta = timedelta(hours=4)  # from now to the beginning of the first window
    horizon_days: int = 14  # today is the first of them
    per_day: int | None = None
    confirms: bool = False  # False: the box requests, a person confirms
    needs: frozenset[Fact] = frozenset()  # beside the place and the service
    zips: frozenset[str] = frozenset()  # of this kind only; empty: wherever the business works

    @property
    def taken(self) -> timedelta:
        """How long one appointment takes a crew."""
        return self.travel + self.duration + self.buffer


@dataclass(frozen=True, slots=True)
class BookingRules:
    """All of it. No types: nothing is booked, wishes are passed on as they are worded."""

    types: tuple[AppointmentType, ...] = ()
    crews: Mapping[str, Crew] = field(default_factory=dict)
    hold_s: float = 30 * 60.0  # for so long a window that was chosen and not yet confirmed is nobody else's
    calendars: Mapping[str, BusyCalendar] = field(default_factory=dict)
    link: str = ""  # a page of the business's own on which callers may choose a time

    def type_for(self, service: str | None) -> AppointmentType | None:
        """The first kind of appointment that this service is booked as."""
        return next((each for each in self.types if service in each.services), None)
