"""The appointments of some days, as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment in the calendar, chosen by text or written down by a person. Words are "" where nothing is known."""

    lead_id: int
    day: date  # on the business's wall
    begins: datetime
    ends: datetime
    state: str  # a `gateway.core.booking.appointments.State`; "by hand" for what a person has written down
    crew: str  # who goes, as the page calls them
    name: str  # of the caller
    peer: str
    service: str
    place: str
