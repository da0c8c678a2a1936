"""SQL of what our people have agreed by text about who is on call."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Swap:
    """`who` (a key) is on call from `begins` to `ends`, as `by` has said."""

    who: str
    begins: datetime
    ends: datetime
    by: str


def add_swap(db: sqlite3.Connection, who: str, begins: datetime, ends: datetime, by: str) -> None:
    """Somebody is on call; what was agreed last counts."""
    db.execute(
        "INSERT INTO on_call_swaps (who, begins, ends, by) VALUES (?, ?, ?, ?)", (who, to_ms(begins), to_ms(ends), by)
    )


def swaps_at(db: sqlite3.Connection, at: datetime) -> list[Swap]:
    """What holds at a moment, in the order in which it was agreed."""
    rows = db.execute(  # "+id": by its index on `ends`, what is over is not walked through
        "SELECT * FROM on_call_swaps WHERE begins <= :at AND ends > :at ORDER BY +id", {"at": to_ms(at)}
    ).fetchall()
    return [Swap(row["who"], from_ms(row["begins"]), from_ms(row["ends"]), row["by"]) for row in rows]


def end_swaps(db: sqlite3.Connection, at: datetime) -> None:
    """From that moment on nothing agreed by text holds."""
    db.execute("UPDATE on_call_swaps SET ends = max(begins, :at) WHERE ends > :at", {"at": to_ms(at)})
