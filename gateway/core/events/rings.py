"""Our people's telephones that are rung in an emergency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RingOutcome(StrEnum):
    """What came of ringing one of our people's telephones."""

    ACCEPTED = "accepted"  # the key was pressed: he has it
    ANSWERED = "answered"  # taken, and no key was pressed; a voicemail also takes calls
    RANG = "rang"
    BUSY = "busy"
    FAILED = "failed"  # it did not ring, or for a moment only
    UNSURE = "unsure"  # what rings was lost meanwhile


@dataclass(frozen=True, slots=True)
class RingClaimed:
    """A telephone can be rung now: whose, if any? `able` False: nothing can ring, only what is in vain is wanted.

    `shares`: while it rings, the modem that sends the texts sends none.
    """

    at: datetime
    able: bool
    shares: bool = False


@dataclass(frozen=True, slots=True)
class RingSettled:
    """What came of a claimed ring. `say` is one clause in plain English."""

    at: datetime
    alert_id: int
    outcome: RingOutcome
    say: str


RingEvent = RingClaimed | RingSettled
