"""SQL of a wall clock that was set: stored moments are moved."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.records.rows import moment

# Moments by table, as they stand in the schema. A waiting call's are moved whenever they were noted.
_NOTED = (
    (
        "peers",
        ("opened_at", "wrote_at", "takeover_until", "reached_at", "repeat_told_at", "contacted_at", "dialled_at"),
        "",
    ),
    ("texts", ("sent_at", "created_at"), ""),
    ("letters", ("at",), ""),
    ("leads", ("opened_at", "wrote_at", "outcome_at", "assigned_at", "heard_back_at", "tried_at"), ""),
    ("notes", ("at", "struck_at"), ""),
    ("corrections", ("at",), ""),
    ("reviews", ("at", "settled_at"), ""),
    ("escalations", ("opened_at", "acknowledged_at", "exhausted_at"), ""),
    ("alerts", ("at",), ""),
    ("codes", ("given_at",), ""),
    ("relays", ("until",), ""),
    ("phones", ("listed_at",), ""),
    ("wrong_pins", ("at",), ""),
    ("promises", ("made_at", "kept_at"), ""),
    ("notices", ("at",), ""),
    ("digests", ("told_at",), ""),
    ("segments", ("at",), ""),
    ("outages", ("began", "ended"), ""),
    ("missed_lists", ("read_at",), ""),
    ("calls", ("started_at", "ended_at", "known_at"), " AND state <> 'waiting'"),
    ("inbound", ("received_at",), " AND letter_id IS NULL"),
)


# By when people are to do something. Under a clock that was ahead it was put far off, and would lie there unseen; one that was
# behind is no matter: it comes up early.
_DUE = (
    ("tasks", "due", " AND closed_at IS NULL"),
    ("leads", "put_off_until", ""),
    ("switches", "ends", " AND name > 'away:' AND name < 'away;' AND at >= :since"),  # said by a clock that was ahead
)


@dataclass(frozen=True, slots=True)
class ClockMemory:
    """Who was believed about the time (`by`, "": nobody) at which start of the machine (`boot`, which was at `base`, in seconds
    since 1970), and the latest moment that was written while somebody was, where nobody is now. `at`: since when that is so."""

    boot: str
    base: float
    by: str
    certain: datetime | None
    at: datetime


def take_back_journal(db: sqlite3.Connection, now: datetime) -> None:
    """No input was written later than now: else the next start would hold the future of a clock that was ahead for past."""
    db.execute("UPDATE journal SET at = :now WHERE at > :now", {"now": to_ms(now)})


def clock_memory(db: sqlite3.Connection) -> ClockMemory | None:
    """What was written down of the clock last."""
    row = db.execute("SELECT * FROM clock").fetchone()
    if row is None:
        return None
    return ClockMemory(row["boot"], row["base"] / 1000, row["by"], moment(row["certain"]), from_ms(row["at"]))


def keep_clock(db: sqlite3.Connection, memory: ClockMemory) -> None:
    """Write down who is believed."""
    db.execute(
        "INSERT INTO clock (id, boot, base, by, certain, at) VALUES (1, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET boot = excluded.boot, base = excluded.base, by = excluded.by,"
        " certain = excluded.certain, at = excluded.at",
        (
            memory.boot,
            round(memory.base * 1000),
            memory.by,
            None if memory.certain is None else to_ms(memory.certain),
            to_ms(memory.at),
        ),
    )


def shift_waiting(db: sqlite3.Connection, seconds: float, since: datetime | None = None) -> None:
    """What waits keeps its remaining time; what is held for an hour of the day keeps that hour.

    `since`: only what was noted then or later. What waits since before it is due as it was: by the hour, not by how long the
    box was off.
    """
    shift = {"shift": round(seconds * 1000), "since": 0 if since is None else to_ms(since)}
    db.execute(
        "UPDATE texts SET due = due + :shift, expires = expires + :shift WHERE state = 'queued' AND created_at >= :since"
        " AND waits <> 'quiet hours'"
        " AND id NOT IN (SELECT t.id FROM texts t JOIN calls c ON c.id = t.call_id WHERE c.state = 'held')",
        shift,
    )
    db.execute(
        "UPDATE escalations SET next_at = next_at + :shift WHERE next_at IS NOT NULL AND opened_at >= :since", shift
    )
    db.execute(
        "UPDATE alerts SET due = due + :shift WHERE channel = 'call' AND state = 'queued' AND at >= :since", shift
    )
    db.execute(
        "UPDATE appointments SET held_until = held_until + :shift WHERE held_until IS NOT NULL AND :since = 0", shift
    )
    db.execute("UPDATE leads SET reply_at = reply_at + :shift WHERE reply_at IS NOT NULL AND wrote_at >= :since", shift)
    db.execute(
        "UPDATE calls SET ended_at = ended_at + :shift, known_at = known_at + :shift"
        " WHERE state = 'waiting' AND known_at >= :since",
        shift,
    )


def shift_noted(db: sqlite3.Connection, seconds: float, since: datetime) -> None:
    """What was noted at `since` or later keeps its age, and of what is due later than that nothing is put further off."""
    moved = {"shift": round(seconds * 1000), "since": to_ms(since)}
    for table, columns, but in _NOTED:
        for column in columns:
            db.execute(f"UPDATE {table} SET {column} = {column} + :shift WHERE {column} >= :since{but}", moved)
    if seconds < 0:
        for table, column, but in _DUE:
            db.execute(f"UPDATE {table} SET {column} = {column} + :shift WHERE {column} >= :since{but}", moved)
