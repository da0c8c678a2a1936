"""SQL of who is away. Each is a switch by name; whether it lasts is asked of the clock, so that a clock that was ahead ends nothing
for good."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.desk.absence import Absence
from gateway.records.rows import moment

ABSENT = "away:"  # the beginning of the switch; `moments` and `journal` know it as well


def set_absence(db: sqlite3.Connection, name: str, now: datetime, until: datetime | None, by: str) -> None:
    """Somebody is away."""
    db.execute(
        "INSERT INTO switches (name, value, at, ends) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at, ends = excluded.ends",
        (f"{ABSENT}{name}", by, to_ms(now), until and to_ms(until)),
    )


def end_absence(db: sqlite3.Connection, name: str) -> None:
    """Somebody is back."""
    db.execute("UPDATE switches SET value = '', ends = NULL WHERE name = ?", (f"{ABSENT}{name}",))


def tell_absence_over(db: sqlite3.Connection, name: str) -> None:
    """Its time is over, and that has been noted. `ends` stays, and is what counts."""
    db.execute("UPDATE switches SET value = '' WHERE name = ?", (f"{ABSENT}{name}",))


def absences_at(db: sqlite3.Connection, at: datetime) -> list[Absence]:
    """Those that last at a moment."""
    rows = db.execute(
        "SELECT * FROM switches WHERE name > 'away:' AND name < 'away;' AND (ends > ? OR (ends IS NULL AND value <> ''))"
        " ORDER BY name",
        (to_ms(at),),
    ).fetchall()
    return [
        Absence(str(row["name"]).removeprefix(ABSENT), from_ms(row["at"]), moment(row["ends"]), row["value"])
        for row in rows
    ]
