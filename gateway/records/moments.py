"""SQL of a wall clock that was set: stored moments are moved."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import to_ms

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


def shift_waiting(db: sqlite3.Connection, seconds: float) -> None:
    """What waits keeps its remaining time; what is held for an hour of the day keeps that hour."""
    shift = {"shift": round(seconds * 1000)}
    db.execute(
        "UPDATE texts SET due = due + :shift, expires = expires + :shift WHERE state = 'queued'"
        " AND waits <> 'quiet hours'"
        " AND id NOT IN (SELECT t.id FROM texts t JOIN calls c ON c.id = t.call_id WHERE c.state = 'held')",
        shift,
    )
    db.execute("UPDATE escalations SET next_at = next_at + :shift WHERE next_at IS NOT NULL", shift)
    db.execute("UPDATE alerts SET due = due + :shift WHERE channel = 'call' AND state = 'queued'", shift)
    db.execute("UPDATE appointments SET held_until = held_until + :shift WHERE held_until IS NOT NULL", shift)
    db.execute("UPDATE leads SET reply_at = reply_at + :shift WHERE reply_at IS NOT NULL", shift)
    db.execute(
        "UPDATE calls SET ended_at = ended_at + :shift, known_at = known_at + :shift WHERE state = 'waiting'", shift
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
