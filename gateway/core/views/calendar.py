"""The appointments of some days, as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment in the calendar. Words are "" where nothing is known."""

    lead_id: int
    day: date  # on the business's wall
    begins: datetime
    ends: datetime
    state: str  # a `gateway.core.booking.appointments.State`
    crew: str  # who goes, as the page calls them
    name: str  # of the caller
    peer: str
    service: str
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class BookingDesk:
    """What an appointment is made of: the free windows of all kinds in order of time, the crews, the menu; keys with their words."""

    windows: tuple[FreeWindow, ...]
    crews: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FreeWindow:
    """A window that can be booked, of which kind, and who of the crews would go."""

    day: date  # on the business's wall
    begins: datetime
    ends: datetime
    kind: str
    label: str  # of the kind
    crew: str
    who: str  # the crew as the page calls it

    @property
    def choice(self) -> str:
        """Its ends and its crew, as a form carries them."""
        return f"{self.begins.isoformat()}/{self.ends.isoformat()}/{self.crew}"
