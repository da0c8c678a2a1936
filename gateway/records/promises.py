"""SQL of stated response times: to whom one was stated, and when a person came back to them."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from gateway.clock import to_ms


def add_promise(db: sqlite3.Connection, text_id: int, peer: str, minutes: int, now: datetime, *, said: bool) -> None:
    """A text that states the time leaves (`said`), or one in which it was left out; a text tried again leaves anew."""
    db.execute(
        "INSERT INTO promises (text_id, peer, minutes, said, made_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET minutes = excluded.minutes, said = excluded.said, made_at = excluded.made_at",
        (text_id, peer, minutes, int(said), to_ms(now)),
    )


def keep_promises(db: sqlite3.Connection, peer: str, at: datetime) -> None:
    """A person of the business came back to `peer`; the first time counts, in whatever order they are told."""
    db.execute(
        "UPDATE promises SET kept_at = :at WHERE peer = :peer AND made_at <= :at AND (kept_at IS NULL OR kept_at > :at)",
        {"peer": peer, "at": to_ms(at)},
    )


def drop_promises(db: sqlite3.Connection, peer: str) -> None:
    """Nobody need come back to this person any more."""
    db.execute("DELETE FROM promises WHERE peer = ? AND kept_at IS NULL", (peer,))


def judged_promises(db: sqlite3.Connection, minutes: int, since: datetime, now: datetime, most: int) -> list[bool]:
    """Of the newest texts that left after `since` and whose stated time is over: whether it was kept.

    Only texts that the network took count.
    """
    rows = db.execute(
        "SELECT kept_at IS NOT NULL AND kept_at - made_at <= :time AS kept FROM promises p"
        " WHERE minutes = :minutes AND made_at BETWEEN :since AND :until"
        " AND (SELECT state FROM texts WHERE id = p.text_id) IN ('accepted', 'delivered')"
        " ORDER BY made_at DESC LIMIT :most",
        {
            "minutes": minutes,
            "time": minutes * 60_000,
            "since": to_ms(since),
            "until": to_ms(now - timedelta(minutes=minutes)),
            "most": most,
        },
    ).fetchall()
    return [bool(row["kept"]) for row in rows]
