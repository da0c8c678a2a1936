"""SQL of what people have done with a lead beside talking. It is in columns of the leads."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from gateway.clock import to_ms
from gateway.core.desk.hold import Desk
from gateway.core.desk.upto import Upto
from gateway.records.rows import moment

DESK_COLUMNS = (
    "assignee = ?, assigned_by = ?, assigned_at = ?, heard_back_at = ?, put_off_until = ?, put_off_by = ?, tries = ?,"
    " tried_at = ?"
)


class Hands(TypedDict):
    """The fields of a lead that these columns hold."""

    desk: Desk
    fixed: frozenset[str]


def desk_values(desk: Desk) -> tuple[object, ...]:
    """The values of DESK_COLUMNS."""
    return (
        desk.assignee,
        desk.assigned_by,
        _ms(desk.assigned_at),
        _ms(desk.heard_back_at),
        _ms(desk.put_off_until),
        desk.put_off_by,
        desk.tries,
        _ms(desk.tried_at),
    )


def desk_in(row: sqlite3.Row) -> Hands:
    """What a row of `leads` says of people's hands."""
    desk = Desk(
        assignee=row["assignee"],
        assigned_by=row["assigned_by"],
        assigned_at=moment(row["assigned_at"]),
        heard_back_at=moment(row["heard_back_at"]),
        put_off_until=moment(row["put_off_until"]),
        put_off_by=row["put_off_by"],
        tries=row["tries"],
        tried_at=moment(row["tried_at"]),
    )
    return Hands(desk=desk, fixed=frozenset(corrected_in(row["corrected"])))


def corrected_in(column: str) -> dict[str, dict[str, object]]:
    """The column `corrected`: by the name of the fact its `value`, what it `was`, by whom (`by`) and when (`at`, ms)."""
    try:
        found = json.loads(column)
        return {str(name): dict(entry) for name, entry in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def corrections_of(db: sqlite3.Connection, lead_id: int) -> dict[str, dict[str, object]]:
    """What people have put right about a lead (`corrected_in`)."""
    row = db.execute("SELECT corrected FROM leads WHERE id = ?", (lead_id,)).fetchone()
    return {} if row is None else corrected_in(row["corrected"])


def set_corrections(db: sqlite3.Connection, lead_id: int, corrected: Mapping[str, Mapping[str, object]]) -> None:
    """What people have put right about a lead, all of it."""
    stored = json.dumps(corrected, ensure_ascii=False, separators=(",", ":"))
    db.execute("UPDATE leads SET corrected = ? WHERE id = ?", (stored, lead_id))


def outcome_of(db: sqlite3.Connection, lead_id: int) -> str:
    """How a lead has ended; "" while it has not."""
    row = db.execute("SELECT outcome FROM leads WHERE id = ?", (lead_id,)).fetchone()
    return "" if row is None else str(row["outcome"])


def take_outcome_back(db: sqlite3.Connection, lead_id: int) -> None:
    """A lead has not ended after all."""
    db.execute(
        "UPDATE leads SET outcome = '', value_cents = NULL, outcome_at = NULL, closed_by = '' WHERE id = ?", (lead_id,)
    )


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


def upto_of(db: sqlite3.Connection, lead_id: int, peer: str) -> Upto:
    """The newest that there is of a lead and its person."""
    row = db.execute(
        "SELECT (SELECT max(id) FROM letters WHERE lead_id = :lead) AS letter,"
        " (SELECT max(id) FROM texts WHERE peer = :peer AND purpose = 'staff') AS text,"
        " (SELECT max(id) FROM escalations WHERE lead_id = :lead) AS escalation",
        {"lead": lead_id, "peer": peer},
    ).fetchone()
    return Upto(row["letter"] or 0, row["text"] or 0, row["escalation"] or 0)


def called_since(db: sqlite3.Connection, peer: str, call_id: int) -> bool:
    """Whether somebody has called behind a call."""
    return db.execute("SELECT 1 FROM calls WHERE peer = ? AND id > ? LIMIT 1", (peer, call_id)).fetchone() is not None


def wrote_since(db: sqlite3.Connection, peer: str, letter_id: int) -> bool:
    """Whether somebody has written behind a text of anybody's."""
    found = db.execute("SELECT 1 FROM letters WHERE id > ? AND peer = ? LIMIT 1", (letter_id, peer)).fetchone()
    return found is not None


def by_hand_since(db: sqlite3.Connection, peer: str, text_id: int) -> list[str]:
    """What people have written to `peer` behind a text, and what has left or is about to."""
    rows = db.execute(
        "SELECT body FROM texts WHERE peer = ? AND purpose = 'staff' AND id > ?"
        " AND state NOT IN ('cancelled', 'expired', 'failed', 'undelivered')",
        (peer, text_id),
    )
    return [str(row["body"]) for row in rows]
