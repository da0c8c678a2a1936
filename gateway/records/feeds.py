"""SQL of the addresses that calendar programs read, and of what tells this box from others there."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.views.feeds import Feed

ENDED_KEPT = 100  # addresses that have ended and are still told from guesses


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """An address by the SHA-256 of its secret; `feed` is None when it has ended."""

    token: str
    feed: Feed | None


def all_feeds(db: sqlite3.Connection) -> list[FeedRecord]:
    """Every address, also those that have ended."""
    return [
        FeedRecord(row["token"], _feed(row) if row["ended_at"] is None else None)
        for row in db.execute("SELECT * FROM feeds ORDER BY id")
    ]


def open_feed(db: sqlite3.Connection, crew: str) -> Feed | None:
    """The address for a crew's appointments, "" for everybody's."""
    row = db.execute("SELECT * FROM feeds WHERE crew = ? AND ended_at IS NULL", (crew,)).fetchone()
    return None if row is None else _feed(row)


def add_feed(db: sqlite3.Connection, feed: Feed, token: str) -> None:
    """A new address. Raises sqlite3.IntegrityError where there is one already."""
    db.execute(
        "INSERT INTO feeds (crew, token, secret, language, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?)",
        (feed.crew, token, feed.secret, feed.language, to_ms(feed.made_at), feed.made_by),
    )


def end_feed(db: sqlite3.Connection, crew: str, now: datetime) -> None:
    """The address opens nothing any more."""
    db.execute(
        "UPDATE feeds SET ended_at = ?, secret = '' WHERE crew = ? AND ended_at IS NULL",
        (to_ms(now), crew),
    )
    db.execute(
        "DELETE FROM feeds WHERE id IN (SELECT id FROM feeds WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC"
        " LIMIT -1 OFFSET ?)",
        (ENDED_KEPT,),
    )


def installation(db: sqlite3.Connection) -> str:
    """By what calendars tell the appointments of this box from those of another; "" while it has no such name."""
    row = db.execute("SELECT id FROM installation ORDER BY made_at LIMIT 1").fetchone()
    return "" if row is None else str(row["id"])


def name_installation(db: sqlite3.Connection, name: str, now: datetime) -> str:
    """Keep `name` as that, where there is none yet; the one that counts."""
    if not (kept := installation(db)):
        db.execute("INSERT INTO installation (id, made_at) VALUES (?, ?)", (name, to_ms(now)))
    return kept or name


def _feed(row: sqlite3.Row) -> Feed:
    return Feed(row["crew"], row["secret"], row["language"], from_ms(row["made_at"]), row["made_by"])
