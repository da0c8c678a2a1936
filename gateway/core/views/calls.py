"""Calls and texts, as the page, `status` and `export` show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text, in or out. `state` of an outgoing one is a `gateway.core.outbound.TextState`; of an incoming one "received"."""

    id: int
    direction: str  # "out" | "in"
    peer: str
    body: str
    purpose: str  # opener, owner_notice, ... ; "" for incoming
    template: str
    state: str
    say: str  # the state in plain English
    segments: int
    at: datetime  # submitted, or received
    call_id: int | None


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call with its one outcome."""

    id: int
    ended_at: datetime | None  # None: in progress
    started_at: datetime
    caller: str  # E.164, or "withheld number", or the raw spelling
    caller_name: str
    line: str
    outcome: str  # ringing, waiting, texted, unsure, answered, or a no_text reason
    say: str  # the outcome sentence in plain English
    answered_by: str
    source: str
    texts: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """Figures of the head of the page."""

    missed: int
    texted: int
    answered: int
    not_texted: int
    waiting: int
    slow: int = 0  # of the texted ones
