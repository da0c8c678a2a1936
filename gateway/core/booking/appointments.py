"""An appointment, the window it was made for, and the time for which it takes a crew. Plain values.

One that a person has made at a time of his own has no kind (""), and no crew where somebody goes whose time the box does not keep.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time (UTC), its end not included."""

    begins: datetime
    ends: datetime

    def meets(self, other: Span) -> bool:
        """Whether the two share a moment."""
        return self.begins < other.ends and other.begins < self.ends


@dataclass(frozen=True, slots=True)
class Taken:
    """A place of a crew that is held or booked: `span` with travel and buffer, `day` on the business's wall."""

    crew: str
    place: int
    span: Span
    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class Opening:
    """A free window (UTC) with the crew and its place that would take it, and for how long they would be taken."""

    arrival: Span
    crew: str
    place: int
    takes: Span
    day: date


class State(StrEnum):
    """HELD -> REQUESTED | CONFIRMED | EXPIRED; REQUESTED -> CONFIRMED | CANCELLED; CONFIRMED -> CANCELLED | DONE."""

    HELD = "held"  # chosen; the box still asks for something
    REQUESTED = "requested"  # a person of the office has to confirm it
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DONE = "done"
    EXPIRED = "expired"  # it was held, and the answer did not come in time


TAKES_PLACE: Final[Set[State]] = frozenset({State.HELD, State.REQUESTED, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Appointment:
    """What was chosen, of which kind, and how far it has come. `number` is None until it is in the books."""

    kind: str
    opening: Opening
    state: State
    held_until: datetime | None = None  # with HELD
    number: int | None = None
    who: str = ""  # who goes, in words, where it is no crew's place
    note: str = ""
    quiet: bool = False  # a person has agreed on it otherwise: no text goes out about it by itself

    @property
    def by_hand(self) -> bool:
        """Whether a person has made it at a time of his own."""
        return not self.kind

    @property
    def stands(self) -> bool:
        """Whether it keeps a place of a crew from others."""
        return self.state in TAKES_PLACE
