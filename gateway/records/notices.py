"""SQL of the notices to our own people, and of the digest."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.clock import from_ms, to_ms
from gateway.core.digest import Summary
from gateway.core.notify import How, Kind
from gateway.records.jotted import left_unread
from gateway.records.rows import moment

LONGEST_CALL = timedelta(days=1)  # calls are found by when they began
_CALLS_OF_OURS = "('duplicate', 'own_number', 'trial')"  # the same call seen twice; the business rang itself


@dataclass(frozen=True, slots=True)
class PlannedDigest:
    """The digest that comes next."""

    id: int
    slot: datetime
    next_at: datetime


@dataclass(frozen=True, slots=True)
class OverdueLead:
    """An open task of a lead whose time has passed."""

    lead_id: int
    due: datetime


def add_notice(db: sqlite3.Connection, key: str, kind: Kind, peer: str, how: How, now: datetime) -> bool:
    """Note what our people are told of; False when it was noted before."""
    added = db.execute(
        "INSERT INTO notices (key, kind, peer, how, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        (key, kind.value, peer, how.value, to_ms(now)),
    )
    return added.rowcount > 0


def was_noticed(db: sqlite3.Connection, key: str) -> bool:
    """Our people were told of this, or the digest will tell of it."""
    return db.execute("SELECT 1 FROM notices WHERE key = ?", (key,)).fetchone() is not None


def noticed_of(db: sqlite3.Connection, beginning: str) -> bool:
    """The same of anything whose key begins so, with a colon at its end."""
    row = db.execute(
        "SELECT 1 FROM notices WHERE key >= ? AND key < ? LIMIT 1", (beginning, f"{beginning.removesuffix(':')};")
    ).fetchone()  # ";" follows ":" in ASCII
    return row is not None


def noticed_since(db: sqlite3.Connection, kind: Kind, since: datetime) -> bool:
    """Something of that kind was noted since then."""
    row = db.execute("SELECT 1 FROM notices WHERE at > ? AND kind = ? LIMIT 1", (to_ms(since), kind.value)).fetchone()
    return row is not None


def told_since(db: sqlite3.Connection, peer: str, since: datetime) -> tuple[int, int]:
    """How many notices went out at once since then, and how many of them were about `peer`."""
    row = db.execute(
        "SELECT count(*) AS told, count(*) FILTER (WHERE peer = ?) AS of_one FROM notices WHERE at > ? AND how = 'instant'",
        (peer, to_ms(since)),
    ).fetchone()
    return row["told"], row["of_one"]


def cancel_notice(db: sqlite3.Connection, key: str, why: str) -> None:
    """What was to be told, and has not left, is past."""
    db.execute(
        "UPDATE texts SET state = 'cancelled', say = ? WHERE state = 'queued' AND purpose = 'owner_notice'"
        " AND (key = ? OR (key > ? AND key < ?))",
        (why, key, f"{key}:", f"{key};"),  # one for each reader; ";" follows ":" in ASCII
    )


def hold_notices(db: sqlite3.Connection, waits: str, due: datetime, expires: datetime) -> None:
    """What is held for an hour of the day leaves at `due`: the clock was set."""
    db.execute(
        "UPDATE texts SET due = ?, expires = ? WHERE state = 'queued' AND purpose = 'owner_notice' AND waits = ?",
        (to_ms(due), to_ms(expires), waits),
    )


def overdue_leads(db: sqlite3.Connection, since: datetime, now: datetime) -> list[OverdueLead]:
    """Leads whose time passed between these two moments, for which nobody has done anything since, and which were not noted."""
    rows = db.execute(
        "SELECT lead_id, due FROM tasks WHERE closed_at IS NULL AND due IS NOT NULL AND due BETWEEN ? AND ?"
        " AND lead_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM reviews WHERE key = 'lead:' || tasks.lead_id || ':slow:' || tasks.due) ORDER BY due",
        (to_ms(since), to_ms(now)),
    )
    return [OverdueLead(row["lead_id"], from_ms(row["due"])) for row in rows.fetchall()]


def overdue_key(lead_id: int, due: datetime) -> str:
    """The natural key of a lead's time that has passed."""
    return f"lead:{lead_id}:slow:{to_ms(due)}"


def next_overdue(db: sqlite3.Connection, now: datetime) -> datetime | None:
    """When the next open task falls due."""
    row = db.execute(
        "SELECT due FROM tasks WHERE closed_at IS NULL AND due IS NOT NULL AND due > ? ORDER BY due LIMIT 1",
        (to_ms(now),),
    ).fetchone()
    return None if row is None else from_ms(row["due"])


def planned_digest(db: sqlite3.Connection) -> PlannedDigest | None:
    """The digest that waits for its hour."""
    row = db.execute("SELECT id, slot, next_at FROM digests WHERE next_at IS NOT NULL").fetchone()
    return None if row is None else PlannedDigest(row["id"], from_ms(row["slot"]), from_ms(row["next_at"]))


def plan_digest(db: sqlite3.Connection, slot: datetime | None) -> None:
    """The next digest is due then (None: never); what was planned before is not."""
    db.execute("DELETE FROM digests WHERE next_at IS NOT NULL")
    if slot is not None:
        db.execute("INSERT INTO digests (slot, next_at, words) VALUES (:slot, :slot, '')", {"slot": to_ms(slot)})


def put_off_digest(db: sqlite3.Connection, digest_id: int, until: datetime) -> None:
    """Look at it again then."""
    db.execute("UPDATE digests SET next_at = ? WHERE id = ?", (to_ms(until), digest_id))


def close_digest(db: sqlite3.Connection, digest_id: int, words: str, told_at: datetime | None) -> None:
    """The digest of that day is told; `told_at` None: it is passed over, and the next one tells of it all."""
    db.execute(
        "UPDATE digests SET next_at = NULL, told_at = ?, words = ? WHERE id = ?",
        (told_at and to_ms(told_at), words, digest_id),
    )
    if told_at is not None:
        db.execute("UPDATE notices SET digest_id = ? WHERE how = 'digest' AND digest_id IS NULL", (digest_id,))


def digest_not_sent(db: sqlite3.Connection, digest_id: int) -> bool:
    """A copy of a digest did not leave. Where nobody can have any, what it told of is told by the next one: True."""
    hopeful = db.execute(
        "SELECT 1 FROM texts WHERE purpose = 'digest' AND key >= ? AND key < ?"
        " AND state NOT IN ('cancelled', 'expired', 'failed', 'undelivered')",
        (f"digest:{digest_id}:", f"digest:{digest_id};"),  # ";" follows ":" in ASCII
    ).fetchone()
    if hopeful is not None:
        return False
    db.execute("UPDATE digests SET told_at = NULL WHERE id = ?", (digest_id,))
    db.execute("UPDATE notices SET digest_id = NULL WHERE digest_id = ?", (digest_id,))
    return True


def digest_told_at(db: sqlite3.Connection) -> datetime | None:
    """When the last digest was told."""
    row = db.execute("SELECT max(told_at) AS at FROM digests WHERE told_at IS NOT NULL").fetchone()
    return moment(row["at"])


def first_digest_slot(db: sqlite3.Connection) -> datetime | None:
    """The hour of the first digest that was ever planned."""
    row = db.execute("SELECT slot FROM digests ORDER BY id LIMIT 1").fetchone()
    return None if row is None else from_ms(row["slot"])


def summary(db: sqlite3.Connection, since: datetime, now: datetime) -> Summary:
    """What a digest has to tell."""
    calls = db.execute(
        "SELECT count(*) FILTER (WHERE missed = 1) AS missed, count(*) FILTER (WHERE missed = 0) AS answered,"
        " count(*) FILTER (WHERE missed = 1 AND state = 'texted') AS texted FROM calls"
        f" WHERE started_at > :began AND known_at > :since AND known_at <= :now AND no_text NOT IN {_CALLS_OF_OURS}",
        {"began": to_ms(since - LONGEST_CALL), "since": to_ms(since), "now": to_ms(now)},
    ).fetchone()
    tasks = db.execute(
        "SELECT count(*) FILTER (WHERE lead_id IS NOT NULL) AS leads,"
        " min(CASE WHEN lead_id IS NOT NULL THEN created_at END) AS oldest,"
        " count(*) FILTER (WHERE due IS NOT NULL AND due <= ?) AS overdue,"
        " count(DISTINCT CASE WHEN kind = 'call_back' THEN peer END) AS call_backs,"
        " count(*) FILTER (WHERE kind IN ('unsure_text', 'not_sent')) AS in_doubt FROM tasks WHERE closed_at IS NULL",
        (to_ms(now),),
    ).fetchone()
    others = db.execute(
        "SELECT kind, count(*) AS number FROM notices WHERE how = 'digest' AND digest_id IS NULL GROUP BY kind"
    ).fetchall()
    won = db.execute(
        "SELECT count(*) AS number, coalesce(sum(value_cents), 0) AS cents FROM leads WHERE outcome = 'won'"
        " AND outcome_at > ? AND outcome_at <= ?",
        (to_ms(since), to_ms(now)),
    ).fetchone()
    kinds = set(Kind)
    return Summary(
        since=since,
        now=now,
        missed=calls["missed"],
        texted=calls["texted"],
        answered=calls["answered"],
        leads=tasks["leads"],
        oldest=moment(tasks["oldest"]),
        overdue=tasks["overdue"],
        call_backs=tasks["call_backs"],
        in_doubt=tasks["in_doubt"],
        won=won["number"],
        won_cents=won["cents"],
        unread=left_unread(db, now),
        others={Kind(row["kind"]): row["number"] for row in others if row["kind"] in kinds},
    )
