"""SQL of what is remembered of a number, and noted of it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import to_ms
from gateway.core.policy import ContactKind
from gateway.records.rows import moment


@dataclass(frozen=True, slots=True)
class ContactNote:
    """One kind that a number is of. `basis` is who said so."""

    kind: ContactKind
    name: str
    basis: str


def kinds_of(db: sqlite3.Connection, number: str) -> frozenset[ContactKind]:
    """What is noted of a number."""
    return frozenset(
        ContactKind(r["kind"]) for r in db.execute("SELECT kind FROM contacts WHERE number = ?", (number,))
    )


def last_contact(db: sqlite3.Connection, number: str) -> tuple[datetime | None, datetime | None]:
    """When the office last spoke with a number, and when that last wrote to us."""
    row = db.execute("SELECT reached_at, wrote_at FROM peers WHERE number = ?", (number,)).fetchone()
    return (None, None) if row is None else (moment(row["reached_at"]), moment(row["wrote_at"]))


def takeover_until(db: sqlite3.Connection, number: str) -> datetime | None:
    """Until when a person of the office has the conversation with a number, if one ever had."""
    row = db.execute("SELECT takeover_until FROM peers WHERE number = ?", (number,)).fetchone()
    return None if row is None else moment(row["takeover_until"])


def set_peer(db: sqlite3.Connection, number: str, column: str, at: datetime | None) -> None:
    """Remember one moment of a number. `column` is a column of `peers`."""
    db.execute(
        f"INSERT INTO peers (number, {column}) VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET {column} = excluded.{column}",
        (number, None if at is None else to_ms(at)),
    )


def set_reached(db: sqlite3.Connection, number: str, at: datetime) -> None:
    """The office and this person spoke at that moment; the latest one is remembered."""
    db.execute(
        "INSERT INTO peers (number, reached_at) VALUES (?, ?) ON CONFLICT (number)"
        " DO UPDATE SET reached_at = max(coalesce(reached_at, excluded.reached_at), excluded.reached_at)",
        (number, to_ms(at)),
    )


def end_dialling(db: sqlite3.Connection, number: str) -> None:
    """The office's call to this person is over."""
    db.execute("UPDATE peers SET dialled_at = NULL WHERE number = ?", (number,))


def forget_dialling(db: sqlite3.Connection) -> None:
    """Of the office's calls that were going on nobody knows any more."""
    db.execute("UPDATE peers SET dialled_at = NULL WHERE dialled_at IS NOT NULL")


def is_rung(db: sqlite3.Connection, number: str, since: datetime) -> bool:
    """The office is ringing this person, since that moment at the earliest, and they have not answered yet."""
    row = db.execute("SELECT dialled_at, reached_at FROM peers WHERE number = ?", (number,)).fetchone()
    if row is None or row["dialled_at"] is None or row["dialled_at"] < to_ms(since):
        return False
    return row["reached_at"] is None or bool(row["reached_at"] < row["dialled_at"])


def add_contact(
    db: sqlite3.Connection, number: str, kind: ContactKind, *, name: str, basis: str, now: datetime
) -> None:
    """Note what a number is; the first basis stays as the proof."""
    db.execute(
        "INSERT INTO contacts (number, kind, name, since, basis) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (number, kind.value, name, to_ms(now), basis),
    )


def notes_of(db: sqlite3.Connection, number: str) -> list[ContactNote]:
    """Everything that is noted of a number."""
    rows = db.execute("SELECT kind, name, basis FROM contacts WHERE number = ? ORDER BY kind", (number,))
    return [ContactNote(ContactKind(row["kind"]), row["name"], row["basis"]) for row in rows]


def set_contact_name(db: sqlite3.Connection, number: str, name: str) -> None:
    """How people call a number that something is noted of."""
    db.execute("UPDATE contacts SET name = ? WHERE number = ?", (name, number))


def drop_contact(db: sqlite3.Connection, number: str, kind: ContactKind, basis: str = "") -> bool:
    """Take a note back, or only one whose basis begins so. False when there was none."""
    dropped = db.execute(
        "DELETE FROM contacts WHERE number = :number AND kind = :kind AND substr(basis, 1, length(:basis)) = :basis",
        {"number": number, "kind": kind.value, "basis": basis},
    )
    return dropped.rowcount > 0
