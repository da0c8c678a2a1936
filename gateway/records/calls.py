"""SQL of the calls."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.events import CallReason, CallSource
from gateway.ports import OpenCall
from gateway.records.rows import CallRecord, call_record


def call_by_key(db: sqlite3.Connection, source: CallSource, key: str) -> CallRecord | None:
    """The call that `source` knows as `key`."""
    row = db.execute("SELECT * FROM calls WHERE source = ? AND key = ?", (source.value, key)).fetchone()
    return None if row is None else call_record(row)


def call_by_id(db: sqlite3.Connection, call_id: int) -> CallRecord:
    """A stored call."""
    return call_record(db.execute("SELECT * FROM calls WHERE id = ?", (call_id,)).fetchone())


def calls_ringing_since(db: sqlite3.Connection, before: datetime) -> list[CallRecord]:
    """Calls that have been in progress since before that moment."""
    rows = db.execute("SELECT * FROM calls WHERE state = 'ringing' AND started_at < ?", (to_ms(before),))
    return [call_record(row) for row in rows.fetchall()]


def hand_key_over(db: sqlite3.Connection, call: CallRecord) -> None:
    """Another call has the same key: this one keeps it with its own number behind."""
    db.execute("UPDATE calls SET key = ? WHERE id = ?", (f"{call.key}#{call.id}", call.id))


def open_ami_calls(db: sqlite3.Connection) -> list[OpenCall]:
    """Asterisk's calls that were in progress when they were last written down (by this run or the one before)."""
    rows = db.execute("SELECT * FROM calls WHERE source = 'ami' AND state = 'ringing' ORDER BY id").fetchall()
    return [
        OpenCall(
            key=r["key"],
            source=CallSource.AMI,
            started_at=from_ms(r["started_at"]),
            caller=r["caller"] or None,
            did=r["did"],
            taken_by=r["answered_by"],
            taken=r["reason"] == CallReason.ANSWERED,
        )
        for r in rows
    ]


def is_on_the_line(db: sqlite3.Connection, peer: str) -> bool:
    """The caller has a call in progress at this moment."""
    return db.execute("SELECT 1 FROM calls WHERE peer = ? AND state = 'ringing'", (peer,)).fetchone() is not None


def is_speaking(db: sqlite3.Connection, peer: str) -> bool:
    """Somebody of the office speaks with the caller at this moment."""
    row = db.execute("SELECT 1 FROM calls WHERE peer = ? AND state = 'ringing' AND reason = 'answered'", (peer,))
    return row.fetchone() is not None


def waiting_calls(db: sqlite3.Connection, peer: str) -> list[int]:
    """Calls of `peer` whose opener has not left yet."""
    rows = db.execute("SELECT id FROM calls WHERE peer = ? AND state IN ('waiting', 'held')", (peer,))
    return [row["id"] for row in rows.fetchall()]


def tell_call(db: sqlite3.Connection, call_id: int, say: str) -> None:
    """Say what has become of a call, its state aside."""
    db.execute("UPDATE calls SET say = ? WHERE id = ?", (say, call_id))


def set_texted(db: sqlite3.Connection, call_id: int, say: str, *, sure: bool = True) -> None:
    """The call's opener has left, or (not `sure`) may have."""
    state = "texted" if sure else "unsure"
    db.execute("UPDATE calls SET state = ?, no_text = '', say = ? WHERE id = ?", (state, say, call_id))
