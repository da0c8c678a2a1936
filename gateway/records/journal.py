"""SQL of the inputs, of the history and of the switches."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.records.rows import moment

LOOK_BACK_ROWS = 20  # a clock that was once ahead by years is forgotten after so many inputs under the right one


def last_written(db: sqlite3.Connection) -> datetime | None:
    """The latest moment among the newest inputs: the wall clock had got as far as this."""
    row = db.execute("SELECT max(at) FROM journal WHERE id > (SELECT max(id) FROM journal) - ?", (LOOK_BACK_ROWS,))
    return moment(row.fetchone()[0])


def note(db: sqlite3.Connection, now: datetime, subject: str, what: str) -> None:
    """Write history: who did what, and why."""
    db.execute("INSERT INTO history (at, subject, what) VALUES (?, ?, ?)", (to_ms(now), subject, what))


def switch(db: sqlite3.Connection, name: str) -> str:
    """The value of a switch, "" when it is off."""
    row = db.execute("SELECT value FROM switches WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row["value"])


def switched_at(db: sqlite3.Connection, name: str) -> datetime:
    """When a switch was last switched. Raises KeyError where it never was."""
    row = db.execute("SELECT at FROM switches WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise KeyError(name)
    return from_ms(row["at"])


def set_switch(db: sqlite3.Connection, name: str, value: str, now: datetime, ends: datetime | None = None) -> None:
    """What a person, or the gateway itself, has switched; "" is off. `ends`: when it is off by itself."""
    db.execute(
        "INSERT INTO switches (name, value, at, ends) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at, ends = excluded.ends",
        (name, value, to_ms(now), None if ends is None else to_ms(ends)),
    )


def switches_over(db: sqlite3.Connection, now: datetime) -> list[str]:
    """The switches whose time is over."""
    rows = db.execute(
        "SELECT name FROM switches WHERE ends <= ? AND value <> '' ORDER BY name", (to_ms(now),)
    ).fetchall()
    return [str(row["name"]) for row in rows]


def next_switch(db: sqlite3.Connection) -> datetime | None:
    """When the next switch is off by itself."""
    return moment(db.execute("SELECT min(ends) FROM switches WHERE value <> ''").fetchone()[0])


def add_input(db: sqlite3.Connection, kind: str, body: str, now: datetime) -> None:
    """Keep an input as it came (`body` is JSON)."""
    db.execute("INSERT INTO journal (at, kind, body) VALUES (?, ?, ?)", (to_ms(now), kind, body))
