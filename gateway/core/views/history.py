"""What the page shows of the history: who did what, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line. `subject` as it is stored: "lead:7", "peer:+13035550199", "box:page"."""

    id: int
    at: datetime
    subject: str
    what: str


@dataclass(frozen=True, slots=True)
class HistorySearch:
    """What is looked for; an empty field is not. `subject` whole, or its beginning where it ends in a colon."""

    person: str = ""
    words: str = ""
    subject: str = ""
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A part of the history, the newest first; `next` is the id before which it goes on, None where it ends."""

    lines: tuple[HistoryLine, ...]
    next: int | None
