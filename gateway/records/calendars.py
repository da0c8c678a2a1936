"""SQL of the calendars of other programs: when somebody is busy by them, and how far that can be relied on."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.booking.appointments import Span
from gateway.core.booking.outside import Known
from gateway.records.rows import moment


def known_calendars(db: sqlite3.Connection) -> dict[str, Known]:
    """What the books know of each calendar, by its name."""
    return {
        row["name"]: Known(
            row["name"],
            row["source"],
            row["mark"],
            moment(row["read_at"]),
            row["doubts"],
            moment(row["failed_at"]),
            row["why"],
        )
        for row in db.execute("SELECT * FROM calendars").fetchall()
    }


def busy_spans(db: sqlite3.Connection, since: datetime) -> dict[str, list[Span]]:
    """When somebody is busy by each calendar, from a moment on, in order of time."""
    found: dict[str, list[Span]] = {}
    for row in db.execute("SELECT * FROM busy_times WHERE ends > ? ORDER BY calendar, begins", (to_ms(since),)):
        found.setdefault(row["calendar"], []).append(Span(from_ms(row["begins"]), from_ms(row["ends"])))
    return found


def calendar_read(
    db: sqlite3.Connection, name: str, source: str, mark: str, doubts: str, busy: Iterable[Span] | None, now: datetime
) -> None:
    """It was read; `busy` None: what it said before is so still."""
    db.execute(
        "INSERT INTO calendars (name, source, mark, read_at, doubts) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET source = excluded.source, mark = excluded.mark, read_at = excluded.read_at,"
        " doubts = excluded.doubts, failed_at = NULL, why = ''",
        (name, source, mark, to_ms(now), doubts),
    )
    if busy is None:
        return
    new = {to_ms(span.begins): to_ms(span.ends) for span in busy if span.begins < span.ends}
    rows = db.execute("SELECT begins, ends FROM busy_times WHERE calendar = ?", (name,)).fetchall()
    old = {row["begins"]: row["ends"] for row in rows}
    gone = [(name, begins) for begins in old.keys() - new.keys()]
    put = [(name, begins, ends) for begins, ends in new.items() if old.get(begins) != ends]
    db.executemany("DELETE FROM busy_times WHERE calendar = ? AND begins = ?", gone)
    db.executemany("INSERT OR REPLACE INTO busy_times (calendar, begins, ends) VALUES (?, ?, ?)", put)


def calendar_failed(db: sqlite3.Connection, name: str, source: str, why: str, now: datetime) -> None:
    """It cannot be read; what it said before stays, if it was this one that said it."""
    known = db.execute("SELECT source FROM calendars WHERE name = ?", (name,)).fetchone()
    if known is not None and known["source"] != source:
        forget_calendars(db, (name,))
    db.execute(
        "INSERT INTO calendars (name, source, failed_at, why) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
        " failed_at = coalesce(failed_at, excluded.failed_at), why = excluded.why",
        (name, source, to_ms(now), why),
    )


def forget_calendars(db: sqlite3.Connection, names: Collection[str]) -> None:
    """Nothing is kept of these any more."""
    for name in names:
        db.execute("DELETE FROM busy_times WHERE calendar = ?", (name,))
        db.execute("DELETE FROM calendars WHERE name = ?", (name,))
