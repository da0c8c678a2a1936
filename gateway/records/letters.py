"""SQL of the incoming segments and of the texts they become (`letters`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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


def reword_segments(db: sqlite3.Connection, identities: Sequence[str], body: str) -> None:
    """The parts of a text hold these words in the place of their own: all of them in the first, none in the others."""
    db.executemany("UPDATE inbound SET body = '', raw = '' WHERE identity = ?", [(each,) for each in identities])
    db.execute("UPDATE inbound SET body = ? WHERE identity = ?", (body, identities[0]))


def waiting_parts(db: sqlite3.Connection, peer: str, ref: int | None, total: int | None) -> list[SegmentReceived]:
    """The parts of a longer text that have come so far."""
    rows = db.execute(
        "SELECT * FROM inbound WHERE peer = ? AND ref IS ? AND total IS ? AND letter_id IS NULL ORDER BY number, received_at",
        (peer, ref, total),
    )
    return [_segment(row) for row in rows.fetchall()]


def mark_alarming(db: sqlite3.Connection, identity: str) -> None:
    """A part tells, with those before it, of an emergency."""
    db.execute("UPDATE inbound SET alarming = 1 WHERE identity = ?", (identity,))


def stalled_parts(db: sqlite3.Connection, before: datetime, alarming_before: datetime) -> list[list[SegmentReceived]]:
    """Texts of which no part has come since that moment, each as the parts there are; `alarming_before` is for emergencies."""
    groups = db.execute(
        "SELECT peer, ref, total FROM inbound WHERE letter_id IS NULL GROUP BY peer, ref, total"
        " HAVING max(received_at) <= iif(max(alarming), ?, ?)",
        (to_ms(alarming_before), to_ms(before)),
    )
    return [waiting_parts(db, g["peer"], g["ref"], g["total"]) for g in groups.fetchall()]


def next_stalled(db: sqlite3.Connection, wait: timedelta, alarming_wait: timedelta) -> datetime | None:
    """When the first of the texts that lack parts has waited long enough; `alarming_wait` is for emergencies."""
    row = db.execute(
        "SELECT min(newest + iif(alarming, :alarming, :wait)) FROM (SELECT max(received_at) AS newest, max(alarming) AS alarming"
        " FROM inbound WHERE letter_id IS NULL GROUP BY peer, ref, total)",
        {"alarming": alarming_wait // timedelta(milliseconds=1), "wait": wait // timedelta(milliseconds=1)},
    ).fetchone()
    return moment(row[0])


def letter_of_parts(
    db: sqlite3.Connection, peer: str, ref: int | None, total: int | None, number: int, since: datetime
) -> int | None:
    """The text, handed over with a gap since that moment, in which that part is missing."""
    row = db.execute(
        "SELECT id FROM letters WHERE peer = :peer AND complete = 0 AND at > :since AND EXISTS (SELECT 1 FROM inbound"
        " WHERE letter_id = letters.id AND ref IS :ref AND total IS :total) AND NOT EXISTS (SELECT 1 FROM inbound"
        " WHERE letter_id = letters.id AND number = :number) ORDER BY id DESC LIMIT 1",
        {"peer": peer, "ref": ref, "total": total, "number": number, "since": to_ms(since)},
    ).fetchone()
    return None if row is None else int(row["id"])


def add_to_letter(db: sqlite3.Connection, letter_id: int, identity: str) -> list[SegmentReceived]:
    """A part that came late belongs to that text; gives all its parts."""
    db.execute("UPDATE inbound SET letter_id = ? WHERE identity = ?", (letter_id, identity))
    rows = db.execute("SELECT * FROM inbound WHERE letter_id = ? ORDER BY number, received_at", (letter_id,))
    return [_segment(row) for row in rows.fetchall()]


def tell_letter(db: sqlite3.Connection, letter_id: int, body: str, *, complete: bool) -> None:
    """What a text says now that more of it has come; who was answered before is to be answered again."""
    db.execute("UPDATE letters SET body = ?, complete = ? WHERE id = ?", (body, int(complete), letter_id))
    db.execute(
        "UPDATE leads SET answered_id = min(answered_id, ? - 1) WHERE id = (SELECT lead_id FROM letters WHERE id = ?)",
        (letter_id, letter_id),
    )


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


def _segment(row: sqlite3.Row) -> SegmentReceived:
    return SegmentReceived(
        identity=row["identity"],
        at=from_ms(row["received_at"]),
        sender=row["peer"],
        body=row["body"],
        ref=row["ref"],
        total=row["total"],
        number=row["number"],
        raw=row["raw"],
        kind=row["kind"],
        scts=moment(row["scts"]),
    )
