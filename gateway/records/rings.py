"""SQL of the telephones that are to be rung: alerts whose channel is a call."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.records.rows import moment


@dataclass(frozen=True, slots=True)
class RingRecord:
    """A ring as stored. `state`: queued, dialling, rang, accepted, failed, withdrawn."""

    id: int
    escalation_id: int
    person: str
    number: str
    at: datetime
    state: str
    tries: int


def _record(row: sqlite3.Row) -> RingRecord:
    return RingRecord(
        id=row["id"],
        escalation_id=row["escalation_id"],
        person=row["person"],
        number=row["number"],
        at=from_ms(row["at"]),
        state=row["state"],
        tries=row["tries"],
    )


def ring_by_id(db: sqlite3.Connection, alert_id: int) -> RingRecord | None:
    row = db.execute("SELECT * FROM alerts WHERE id = ? AND channel = 'call'", (alert_id,)).fetchone()
    return None if row is None else _record(row)


def rings_due(db: sqlite3.Connection, now: datetime) -> list[RingRecord]:
    """Those that wait for a free line: first who was rung least often for this emergency, of these whoever was told last, for the
    ladder has gone on to him."""
    rows = db.execute(
        "SELECT * FROM alerts a WHERE channel = 'call' AND state = 'queued' AND due BETWEEN 0 AND ? ORDER BY"
        " (SELECT sum(b.tries) FROM alerts b WHERE b.number = a.number AND b.escalation_id = a.escalation_id), at DESC, id",
        (to_ms(now),),
    )
    return [_record(row) for row in rows.fetchall()]


def next_ring_at(db: sqlite3.Connection) -> datetime | None:
    """When the next telephone is to be rung."""
    row = db.execute("SELECT min(due) FROM alerts WHERE channel = 'call' AND state = 'queued'").fetchone()
    return moment(row[0])


def rings_in_mid_air(db: sqlite3.Connection) -> list[RingRecord]:
    """Those that are being dialled, by what the books say."""
    rows = db.execute("SELECT * FROM alerts WHERE channel = 'call' AND state = 'dialling' ORDER BY number")
    return [_record(row) for row in rows.fetchall()]


def is_being_rung(db: sqlite3.Connection, number: str) -> bool:
    row = db.execute(
        "SELECT 1 FROM alerts WHERE channel = 'call' AND state = 'dialling' AND number = ? LIMIT 1", (number,)
    ).fetchone()
    return row is not None


def later_ring(db: sqlite3.Connection, ring: RingRecord) -> bool:
    """Whether another ring of the same emergency to the same telephone was added behind this one and waits too."""
    row = db.execute(
        "SELECT 1 FROM alerts WHERE escalation_id = ? AND number = ? AND id > ? AND channel = 'call'"
        " AND state = 'queued' LIMIT 1",
        (ring.escalation_id, ring.number, ring.id),
    ).fetchone()
    return row is not None


def begin_ring(db: sqlite3.Connection, alert_id: int) -> None:
    """It is dialled now."""
    db.execute("UPDATE alerts SET state = 'dialling', tries = tries + 1, say = '' WHERE id = ?", (alert_id,))


def set_ring(db: sqlite3.Connection, alert_id: int, state: str, say: str) -> None:
    """What came of it."""
    db.execute("UPDATE alerts SET state = ?, say = ?, due = NULL WHERE id = ?", (state, say, alert_id))


def ring_again(db: sqlite3.Connection, alert_id: int, due: datetime, say: str) -> None:
    """It is dialled once more, not before `due`."""
    db.execute("UPDATE alerts SET state = 'queued', due = ?, say = ? WHERE id = ?", (to_ms(due), say, alert_id))


def is_ring_wanted(db: sqlite3.Connection, alert_id: int) -> bool:
    """Whether nobody has the emergency yet that a ring tells of."""
    row = db.execute(
        "SELECT e.state FROM alerts a JOIN escalations e ON e.id = a.escalation_id WHERE a.id = ?", (alert_id,)
    ).fetchone()
    return row is not None and row["state"] in ("alerting", "exhausted")


def texts_leave_now(db: sqlite3.Connection, now: datetime, *, urgent: bool, since: datetime | None = None) -> bool:
    """Whether a text is due, or in the modem's hands. `urgent`: of an emergency, or an answer to who holds his telephone;
    `since`: one that was written no earlier."""
    least = 1 if urgent else 99  # `gateway.core.outbound.PRIORITY`
    row = db.execute(
        "SELECT 1 FROM texts WHERE state = 'submitting' AND priority BETWEEN 0 AND :least AND created_at >= :since UNION ALL"
        " SELECT 1 FROM texts WHERE state = 'queued' AND priority BETWEEN 0 AND :least AND due <= :now AND created_at >= :since"
        " LIMIT 1",
        {"least": least, "now": to_ms(now), "since": 0 if since is None else to_ms(since)},
    ).fetchone()
    return row is not None
