"""SQL of the incoming segments and of the texts they become (`letters`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.events import SegmentReceived
from gateway.records.rows import moment


def keep_segment(db: sqlite3.Connection, event: SegmentReceived, peer: str, now: datetime) -> bool:
    """Keep a segment under its own identity; False when it is there already."""
    added = db.execute(
        "INSERT INTO inbound (identity, peer, kind, body, raw, scts, ref, total, number, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            event.identity,
            peer,
            event.kind,
            event.body,
            event.raw,
            event.scts and to_ms(event.scts),
            event.ref,
            event.total,
            event.number,
            to_ms(now),
        ),
    )
    return added.rowcount > 0


def waiting_parts(db: sqlite3.Connection, peer: str, ref: int | None, total: int | None) -> list[SegmentReceived]:
    """The parts of a longer text that have come so far."""
    rows = db.execute(
        "SELECT * FROM inbound WHERE peer = ? AND ref IS ? AND total IS ? AND letter_id IS NULL ORDER BY number, received_at",
        (peer, ref, total),
    )
    return [
        SegmentReceived(
            identity=r["identity"],
            at=from_ms(r["received_at"]),
            sender=r["peer"],
            body=r["body"],
            ref=r["ref"],
            total=r["total"],
            number=r["number"],
            raw=r["raw"],
            kind=r["kind"],
            scts=moment(r["scts"]),
        )
        for r in rows.fetchall()
    ]


def stalled_parts(db: sqlite3.Connection, before: datetime) -> list[list[SegmentReceived]]:
    """Texts of which no part has come since that moment, each as the parts there are."""
    groups = db.execute(
        "SELECT peer, ref, total FROM inbound WHERE letter_id IS NULL GROUP BY peer, ref, total HAVING max(received_at) <= ?",
        (to_ms(before),),
    )
    return [waiting_parts(db, g["peer"], g["ref"], g["total"]) for g in groups.fetchall()]


def oldest_part(db: sqlite3.Connection) -> datetime | None:
    """When the oldest part came that still waits for others."""
    row = db.execute("SELECT min(received_at) FROM inbound WHERE letter_id IS NULL").fetchone()
    return None if row[0] is None else from_ms(row[0])


def add_letter(
    db: sqlite3.Connection,
    peer: str,
    body: str,
    kind: str,
    *,
    complete: bool,
    identities: Iterable[str],
    now: datetime,
) -> int:
    """A text that came in, whole or as far as it came, and the segments it was made of."""
    row = db.execute(
        "INSERT INTO letters (peer, body, kind, complete, at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (peer, body, kind, int(complete), to_ms(now)),
    ).fetchone()
    db.executemany("UPDATE inbound SET letter_id = ? WHERE identity = ?", [(row["id"], i) for i in identities])
    return int(row["id"])


def letter_before(db: sqlite3.Connection, peer: str, letter_id: int, *, answered: bool) -> str | None:
    """What somebody to whom we have texted wrote the last time before; `answered`: of what we have texted after only."""
    row = db.execute(
        "SELECT body FROM letters WHERE peer = :peer AND id < :id AND kind = 'text' AND EXISTS"
        " (SELECT 1 FROM texts WHERE texts.peer = letters.peer AND sent_at >= CASE WHEN :answered THEN letters.at ELSE 0 END)"
        " ORDER BY id DESC LIMIT 1",
        {"peer": peer, "id": letter_id, "answered": answered},
    ).fetchone()
    return None if row is None else str(row["body"])


def alerts_about(db: sqlite3.Connection, peer: str, since: datetime) -> int:
    """How often the owner was told of texts of `peer` since that moment."""
    row = db.execute(
        "SELECT count(*) FROM letters l JOIN texts t ON t.key = 'letter:' || l.id || ':alert' WHERE l.at > ? AND l.peer = ?",
        (to_ms(since), peer),
    ).fetchone()
    return int(row[0])
