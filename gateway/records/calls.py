"""SQL of the calls."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.events import CallReason, CallSource
from gateway.ports.devices import OpenCall
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
    rows = db.execute("SELECT * FROM calls WHERE state = 'ringing' AND +started_at < ?", (to_ms(before),))
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


def last_did(db: sqlite3.Connection, peer: str) -> str | None:
    """The number that somebody rang last; None when he never called."""
    row = db.execute(
        "SELECT did FROM calls WHERE peer = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1", (peer,)
    ).fetchone()
    return None if row is None else row["did"]


def set_notified(db: sqlite3.Connection, call_id: int, *, at_once: bool) -> None:
    """Note on a call that our people are told of it at once; what waits for the digest is no such thing."""
    if at_once:
        db.execute("UPDATE calls SET notified = 1 WHERE id = ?", (call_id,))


def is_on_the_line(db: sqlite3.Connection, peer: str) -> bool:
    """The caller has a call in progress at this moment."""
    return db.execute("SELECT 1 FROM calls WHERE peer = ? AND state = 'ringing'", (peer,)).fetchone() is not None


def is_speaking(db: sqlite3.Connection, peer: str) -> bool:
    """Somebody of the office speaks with the caller at this moment."""
    row = db.execute("SELECT 1 FROM calls WHERE peer = ? AND state = 'ringing' AND reason = 'answered'", (peer,))
    return row.fetchone() is not None


def has_called(db: sqlite3.Connection, peer: str) -> bool:
    """This number has ever called."""
    return db.execute("SELECT 1 FROM calls WHERE peer = ? LIMIT 1", (peer,)).fetchone() is not None


def missed_after(db: sqlite3.Connection, peer: str, at: datetime) -> bool:
    """A call of `peer` that nobody took ended after that moment."""
    row = db.execute(
        "SELECT 1 FROM calls WHERE peer = ? AND ended_at > ? AND missed IS NOT 0 LIMIT 1", (peer, to_ms(at))
    ).fetchone()
    return row is not None


def calls_on_call_back_list(db: sqlite3.Connection, peer: str, first: int) -> list[tuple[int, str]]:
    """Calls of `peer`, from the one of that number on, that stand on the call-back list, and what is said of them."""
    rows = db.execute(
        "SELECT id, say FROM calls WHERE peer = ? AND id >= ? AND say LIKE '%, on the call-back list'", (peer, first)
    ).fetchall()
    return [(row["id"], row["say"]) for row in rows]


def waiting_calls(
    db: sqlite3.Connection, peer: str, until: datetime | None = None, but: int | None = None
) -> list[int]:
    """Calls of `peer` that ended by `until` (None: any) and whose opener has not left yet, the call `but` aside."""
    rows = db.execute(
        "SELECT id FROM calls WHERE peer = :peer AND state IN ('waiting', 'held') AND id IS NOT :but"
        " AND (:until IS NULL OR ended_at <= :until)",
        {"peer": peer, "but": but, "until": None if until is None else to_ms(until)},
    )
    return [row["id"] for row in rows.fetchall()]


def tell_call(db: sqlite3.Connection, call_id: int, say: str) -> None:
    """Say what has become of a call, its state aside."""
    db.execute("UPDATE calls SET say = ? WHERE id = ?", (say, call_id))


def set_trial(db: sqlite3.Connection, call_id: int, say: str) -> None:
    """The call was a test; it is counted nowhere."""
    db.execute("UPDATE calls SET state = 'not_texted', no_text = 'trial', say = ? WHERE id = ?", (say, call_id))


def set_texted(db: sqlite3.Connection, call_id: int, say: str, *, sure: bool = True) -> None:
    """The call's opener has left, or (not `sure`) may have."""
    state = "texted" if sure else "unsure"
    db.execute("UPDATE calls SET state = ?, no_text = '', say = ? WHERE id = ?", (state, say, call_id))


def add_call(
    db: sqlite3.Connection,
    source: CallSource,
    key: str,
    *,
    caller: str,
    peer: str | None,
    did: str | None,
    line: str,
    started_at: datetime,
) -> int:
    """A call that is in progress."""
    row = db.execute(
        "INSERT INTO calls (source, key, state, caller, caller_name, peer, did, line, started_at, reason, no_text, say, notified)"
        " VALUES (?, ?, 'ringing', ?, '', ?, ?, ?, ?, '', '', 'ringing', 0) RETURNING id",
        (source.value, key, caller, peer, did, line, to_ms(started_at)),
    ).fetchone()
    return int(row["id"])


def take_call(db: sqlite3.Connection, source: CallSource, key: str, by: str | None, say: str) -> CallRecord | None:
    """Somebody speaks on a call that is in progress; None when there is no such call."""
    row = db.execute(
        "UPDATE calls SET answered_by = coalesce(answered_by, ?), reason = 'answered', say = ?"
        " WHERE source = ? AND key = ? AND state = 'ringing' RETURNING *",
        (by, say, source.value, key),
    ).fetchone()
    return None if row is None else call_record(row)


@dataclass(frozen=True, slots=True)
class CallEnding:
    """What is known of a call at its end. `did` and `line` None: as they were."""

    at: datetime
    missed: bool | None
    reason: CallReason
    answered_by: str | None
    ring_s: float | None
    caller: str
    caller_name: str
    peer: str | None
    did: str | None
    line: str | None


def end_call(db: sqlite3.Connection, call_id: int, ending: CallEnding, now: datetime) -> None:
    """Write down how a call ended; its state is decided afterwards."""
    db.execute(
        "UPDATE calls SET ended_at = ?, known_at = ?, missed = ?, reason = ?, answered_by = ?, ring_s = ?, caller = ?,"
        " peer = ?, caller_name = ?, did = coalesce(?, did), line = coalesce(?, line) WHERE id = ?",
        (
            to_ms(ending.at),
            to_ms(now),
            None if ending.missed is None else int(ending.missed),
            ending.reason.value,
            ending.answered_by,
            ending.ring_s,
            ending.caller,
            ending.peer,
            ending.caller_name,
            ending.did,
            ending.line,
            call_id,
        ),
    )


def timeless_calls(db: sqlite3.Connection) -> list[CallRecord]:
    """Calls that were not texted because nobody knew the time, and that nobody has seen to since, the oldest first."""
    rows = db.execute(
        "SELECT DISTINCT c.* FROM tasks t CROSS JOIN calls c ON c.peer = t.peer WHERE t.kind = 'call_back' AND t.closed_at IS NULL"
        " AND c.state = 'not_texted' AND c.no_text = 'clock_unsure' AND NOT EXISTS"
        " (SELECT 1 FROM texts x WHERE x.call_id = c.id AND x.purpose = 'opener' AND x.state <> 'cancelled') ORDER BY c.id"
    )
    return [call_record(row) for row in rows.fetchall()]


def openers_of(db: sqlite3.Connection, call_id: int) -> int:
    """How many openers a call has had, those that were taken back among them."""
    row = db.execute("SELECT count(*) FROM texts WHERE call_id = ? AND purpose = 'opener'", (call_id,)).fetchone()
    return int(row[0])


def ringing_at_modems(db: sqlite3.Connection) -> list[CallRecord]:
    """Calls at a modem that are in progress."""
    rows = db.execute("SELECT * FROM calls WHERE source = 'modem' AND state = 'ringing'")
    return [call_record(row) for row in rows.fetchall()]


def set_waiting(db: sqlite3.Connection, call_id: int, say: str) -> None:
    """The call's opener waits for its moment."""
    db.execute("UPDATE calls SET state = 'waiting', say = ? WHERE id = ?", (say, call_id))


def set_not_texted(db: sqlite3.Connection, call_id: int, no_text: str, say: str, *, held: bool) -> None:
    """The call is not texted, or (`held`) not yet, and why."""
    state = "held" if held else "not_texted"
    db.execute("UPDATE calls SET state = ?, no_text = ?, say = ? WHERE id = ?", (state, no_text, say, call_id))
