"""What a search has found, as the page shows it. Filled by `gateway.queries.search`, drawn by `web`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.core.views.calls import CallRow
from gateway.core.views.leads import LeadRow


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in which something stands that was looked for. `kind`: theirs, ours, note."""

    kind: str
    text: str
    at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class FoundLead:
    """A lead, with where it was found beside its facts."""

    lead: LeadRow
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A number without a lead that was found: who it is, and the newest call."""

    peer: str
    name: str
    call: CallRow | None
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found. `before`: where the next page goes on; None: there is none. `building`: older leads are
    still being read in, or the search does not work at this moment (`down`)."""

    leads: tuple[FoundLead, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    before: int | None = None
    building: bool = False
    down: bool = False
