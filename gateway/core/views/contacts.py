"""What the page shows of the contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """What the office, or the network, has noted of a number. `basis` is who said so."""

    kind: str  # a `gateway.core.policy.ContactKind`
    name: str
    since: datetime
    basis: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One number of which something is noted. `name` is "" where none is known."""

    number: str
    name: str
    marks: tuple[Mark, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """What it is."""
        return frozenset(mark.kind for mark in self.marks)

    def configured(self, kind: str) -> bool:
        """Whether the configuration says so: it is changed there."""
        return any(mark.kind == kind and mark.basis == "configuration" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class ContactPage:
    """A part of the list, and where the next one begins: (name, number) of the last row, None at the end."""

    rows: tuple[ContactRow, ...]
    next: tuple[str, str] | None
