"""SQL of what people write down: notes of leads, corrections of readings, and what they look through."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import to_ms
from gateway.core.desk.reviewing import REMINDED_AFTER, REMINDED_UNTIL, ReviewKind


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note as stored."""

    id: int
    lead_id: int
    by: str
    struck: bool


@dataclass(frozen=True, slots=True)
class LetterRead:
    """A caller's text with what was read of it (JSON)."""

    id: int
    peer: str
    lead_id: int | None
    words: str
    reading: str


def add_note(db: sqlite3.Connection, lead_id: int, by: str, body: str, now: datetime) -> int:
    """Write a note down; gives its id."""
    row = db.execute(
        "INSERT INTO notes (lead_id, at, by, body) VALUES (?, ?, ?, ?) RETURNING id", (lead_id, to_ms(now), by, body)
    ).fetchone()
    return int(row["id"])


def note_by_id(db: sqlite3.Connection, note_id: int) -> NoteRecord | None:
    """A stored note."""
    row = db.execute("SELECT * FROM notes WHERE id = ?", (note_id,)).fetchone()
    return None if row is None else NoteRecord(row["id"], row["lead_id"], row["by"], row["struck_at"] is not None)


def same_note_since(db: sqlite3.Connection, lead_id: int, by: str, body: str, since: datetime) -> bool:
    """Whether the same was written down by the same person since then: a form that was sent twice."""
    row = db.execute(
        "SELECT 1 FROM notes WHERE lead_id = ? AND by = ? AND body = ? AND at > ? LIMIT 1",
        (lead_id, by, body, to_ms(since)),
    ).fetchone()
    return row is not None


def strike_note(db: sqlite3.Connection, note_id: int, now: datetime) -> None:
    """The note does not count any more; its words stay."""
    db.execute("UPDATE notes SET struck_at = ? WHERE id = ? AND struck_at IS NULL", (to_ms(now), note_id))


def letter_read(db: sqlite3.Connection, letter_id: int) -> LetterRead | None:
    """A caller's text with what was read of it."""
    row = db.execute("SELECT * FROM letters WHERE id = ?", (letter_id,)).fetchone()
    return None if row is None else LetterRead(row["id"], row["peer"], row["lead_id"], row["body"], row["reading"])


def other_letters(db: sqlite3.Connection, letter: LetterRead, since: datetime | None) -> list[str]:
    """How the other texts of its lead were read, or should have been as people say; with `since` those that came from then on."""
    rows = db.execute(
        "SELECT coalesce(corrections.should, letters.reading) AS reading FROM letters"
        " LEFT JOIN corrections ON corrections.letter_id = letters.id"
        " WHERE letters.lead_id = ? AND letters.id <> ? AND letters.at >= ?",
        (letter.lead_id, letter.id, 0 if since is None else to_ms(since)),
    )
    return [str(row["reading"]) for row in rows]


def last_letter_of(db: sqlite3.Connection, lead_id: int) -> int | None:
    """The caller's last text in a lead."""
    row = db.execute(
        "SELECT id FROM letters WHERE lead_id = ? AND kind = 'text' ORDER BY id DESC LIMIT 1", (lead_id,)
    ).fetchone()
    return None if row is None else int(row["id"])


def set_correction(
    db: sqlite3.Connection, letter: LetterRead, trade: str, should: Mapping[str, object], by: str, now: datetime
) -> None:
    """How a text is to be read, as somebody has said; the last word counts."""
    db.execute(
        "INSERT INTO corrections (letter_id, lead_id, trade, words, was, should, at, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (letter_id) DO UPDATE SET should = excluded.should, at = excluded.at, by = excluded.by",
        (
            letter.id,
            letter.lead_id,
            trade,
            letter.words,
            letter.reading,
            json.dumps(should, ensure_ascii=False),
            to_ms(now),
            by,
        ),
    )


def drop_correction(db: sqlite3.Connection, letter_id: int) -> None:
    """The text was read well after all."""
    db.execute("DELETE FROM corrections WHERE letter_id = ?", (letter_id,))


def add_review(
    db: sqlite3.Connection,
    kind: ReviewKind,
    key: str,
    peer: str,
    say: str,
    now: datetime,
    *,
    lead_id: int | None = None,
    letter_id: int | None = None,
    text_id: int | None = None,
) -> None:
    """Something to look through, once; `key` names what happened."""
    db.execute(
        "INSERT INTO reviews (key, kind, peer, lead_id, letter_id, text_id, say, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO NOTHING",
        (key, kind.value, peer, lead_id, letter_id, text_id, say, to_ms(now)),
    )


def is_open_review(db: sqlite3.Connection, review_id: int) -> bool | None:
    """Whether nobody has looked through it yet; None: there is no such thing."""
    row = db.execute("SELECT settled_at FROM reviews WHERE id = ?", (review_id,)).fetchone()
    return None if row is None else row["settled_at"] is None


def settle_review(db: sqlite3.Connection, review_id: int, by: str, now: datetime) -> None:
    """Somebody has looked through it."""
    db.execute(
        "UPDATE reviews SET settled_at = ?, settled_by = ? WHERE id = ? AND settled_at IS NULL",
        (to_ms(now), by, review_id),
    )


def settle_reviews_of(db: sqlite3.Connection, kind: ReviewKind, text_id: int, by: str, now: datetime) -> None:
    """What there was to look through about one of our texts is settled."""
    db.execute(
        "UPDATE reviews SET settled_at = ?, settled_by = ? WHERE kind = ? AND key = ? AND settled_at IS NULL",
        (to_ms(now), by, kind.value, f"text:{text_id}:{kind.value}"),
    )


def settle_reviews_of_letter(db: sqlite3.Connection, letter_id: int, by: str, now: datetime) -> None:
    """Somebody has said how a caller's text is to be read."""
    db.execute(
        "UPDATE reviews SET settled_at = ?, settled_by = ? WHERE key = ? AND settled_at IS NULL",
        (to_ms(now), by, f"letter:{letter_id}:not_understood"),
    )


def is_reviewed(db: sqlite3.Connection, lead_id: int) -> bool:
    """Whether something of a lead is, or was, to be looked through."""
    return db.execute("SELECT 1 FROM reviews WHERE lead_id = ? LIMIT 1", (lead_id,)).fetchone() is not None


def left_unread(db: sqlite3.Connection, now: datetime) -> int:
    """How many conversations of the week's reading nobody has looked at for days."""
    row = db.execute(
        "SELECT count(*) AS number FROM reviews WHERE kind = :kind AND settled_at IS NULL AND at > :since AND at <= :until",
        {"kind": ReviewKind.READING.value, "since": to_ms(now - REMINDED_UNTIL), "until": to_ms(now - REMINDED_AFTER)},
    ).fetchone()
    return int(row["number"])


def leads_opened(db: sqlite3.Connection, since: datetime, until: datetime) -> list[tuple[int, str]]:
    """Leads that began between two moments, with their numbers' owners."""
    rows = db.execute(
        "SELECT id, peer FROM leads WHERE opened_at >= ? AND opened_at < ? ORDER BY id", (to_ms(since), to_ms(until))
    )
    return [(int(row["id"]), str(row["peer"])) for row in rows.fetchall()]
