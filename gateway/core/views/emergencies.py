"""Emergencies and drills: who was told, and who has answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One telling of a person of an emergency. `state` as of a text, or of a ringing telephone."""

    name: str
    number: str
    channel: str  # "text" or "call"
    at: datetime
    state: str
    say: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """Who was told of an emergency, and who has it. `state`: alerting, acknowledged, exhausted or over."""

    code: int
    state: str
    by: str  # who has it, "" while nobody has
    opened_at: datetime
    acknowledged_at: datetime | None
    next_at: datetime | None  # when the next person is told
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class DrillView:
    """The newest drill. `state`: alerting, acknowledged (`by` has answered), or exhausted: nobody has."""

    code: int
    state: str
    by: str
    told: tuple[Told, ...]
    asked_by: str = ""
    opened_at: datetime | None = None
    ended_at: datetime | None = None  # answered, or given up
    next_at: datetime | None = None  # when the next person is told
