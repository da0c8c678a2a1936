"""The appointments as calendar programs get them, and the addresses under which they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """An address that calendar programs read. Who knows the secret needs no sign-in."""

    crew: str  # whose appointments; "": everybody's
    secret: str
    language: str  # of the words in it
    made_at: datetime
    made_by: str

    @property
    def file(self) -> str:
        """What the address ends with."""
        return f"{self.crew or 'all'}.ics"


@dataclass(frozen=True, slots=True)
class FeedRow:
    """Whose appointments a calendar program may read, with the address where there is one."""

    crew: str
    label: str  # as the page calls them; "": everybody's
    feed: Feed | None
    gone: bool = False  # the configuration knows them no longer


@dataclass(frozen=True, slots=True)
class Published:
    """An appointment with what a person needs who goes there. Words are "" where nothing is known."""

    number: int
    lead_id: int
    state: str  # a `gateway.core.booking.appointments.State`, never one that is only held
    revision: int
    changed_at: datetime
    begins: datetime
    ends: datetime
    crew: str  # who goes, as the page calls them
    service: str
    name: str  # of the caller
    phone: str  # to call
    place: str
    about: str
    note: str
