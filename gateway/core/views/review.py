"""What people look through, and what they made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """Something to look through. `kind` is a `gateway.core.desk.reviewing.ReviewKind`; `words` are the text that it is about."""

    id: int
    kind: str
    peer: str
    name: str
    lead_id: int | None
    letter_id: int | None
    text_id: int | None
    say: str
    words: str
    at: datetime
    settled_at: datetime | None
    settled_by: str
