"""Calls as others have noted them, what a modem's list held when it was read last, and when nothing was seen."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.clock import from_ms, to_ms
from gateway.core.events import CallNoted, CallSource, NotedBy
from gateway.records.rows import CallRecord, call_record, moment

SHORT_LIFE = timedelta(minutes=15)  # of a part it is noted after ten minutes that it is out of order


@dataclass(frozen=True, slots=True)
class Outage:
    """The box (`part` "") or a part of it saw nothing. `ended` None: it still does not."""

    id: int
    part: str
    began: datetime
    ended: datetime | None


def is_sighted(db: sqlite3.Connection, noted: CallNoted) -> bool:
    """Whether this note has been taken in before."""
    row = db.execute(
        "SELECT 1 FROM sightings WHERE witness = ? AND part = ? AND identity = ?",
        (noted.witness.value, noted.part, noted.identity),
    ).fetchone()
    return row is not None


def add_sighting(
    db: sqlite3.Connection, noted: CallNoted, call_id: int, outage: Outage | None, now: datetime, *, caught: bool
) -> None:
    """The note is of this call; `caught`: nobody here had seen it."""
    db.execute(
        "INSERT INTO sightings (witness, part, identity, call_id, caught, outage_id, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            noted.witness.value,
            noted.part,
            noted.identity,
            call_id,
            int(caught),
            None if outage is None else outage.id,
            to_ms(now),
        ),
    )


def same_call(
    db: sqlite3.Connection, noted: CallNoted, peer: str, earliest: datetime, latest: datetime
) -> CallRecord | None:
    """The call of this person in that time which the witness has not named yet, the nearest first.

    A phone system tells its own calls apart by their keys: what was seen under another one there is another call.
    """
    row = db.execute(
        "SELECT c.* FROM calls c WHERE c.peer = :peer AND coalesce(c.ended_at, c.started_at) >= :since AND c.started_at <= :until"
        " AND c.no_text <> 'trial' AND NOT (:witness = 'cdr' AND c.source = 'ami' AND :key <> '')"
        " AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.call_id = c.id AND s.witness = :witness AND s.part = :part)"
        " ORDER BY abs(coalesce(c.ended_at, c.started_at) - :at), c.id LIMIT 1",
        {
            "peer": peer,
            "since": to_ms(earliest),
            "until": to_ms(latest),
            "witness": noted.witness.value,
            "part": noted.part,
            "key": noted.key,
            "at": to_ms(noted.at),
        },
    ).fetchone()
    return None if row is None else call_record(row)


def call_of_key(db: sqlite3.Connection, key: str) -> CallRecord | None:
    """The call of a phone system by its key."""
    row = db.execute("SELECT * FROM calls WHERE source = ? AND key = ?", (CallSource.AMI.value, key)).fetchone()
    return None if row is None else call_record(row)


def list_mark(part: str, number: str) -> str:
    """By what a number of that modem's list is known again."""
    return hashlib.sha256(f"{part}:{number}".encode()).hexdigest()[:16]


def missed_list(db: sqlite3.Connection, part: str) -> tuple[datetime, tuple[tuple[str, str], ...]] | None:
    """When a modem's list was read last, and the marks and stamps that stood in it; None when it never was."""
    rows = db.execute("SELECT * FROM missed_lists WHERE part = ? ORDER BY place", (part,)).fetchall()
    if not rows:
        return None
    return from_ms(rows[0]["read_at"]), tuple((row["mark"], row["stamp"]) for row in rows[1:])


def keep_missed_list(db: sqlite3.Connection, part: str, entries: tuple[tuple[str, str], ...], now: datetime) -> None:
    """The list as it stands now, by marks and stamps."""
    db.execute("DELETE FROM missed_lists WHERE part = ?", (part,))
    rows = [(0, "", ""), *((place, *entry) for place, entry in enumerate(entries, 1))]
    db.executemany(
        "INSERT INTO missed_lists (part, place, mark, stamp, read_at) VALUES (?, ?, ?, ?, ?)",
        [(part, *row, to_ms(now)) for row in rows],
    )


def outage_begins(db: sqlite3.Connection, part: str, began: datetime) -> None:
    """A part sees nothing since then; one that is known already stays as it is."""
    db.execute(
        "INSERT INTO outages (part, began) SELECT :part, :began WHERE NOT EXISTS"
        " (SELECT 1 FROM outages WHERE part = :part AND ended IS NULL)",
        {"part": part, "began": to_ms(began)},
    )


def outage_ends(db: sqlite3.Connection, part: str, now: datetime) -> None:
    """A part sees again."""
    db.execute("UPDATE outages SET ended = max(began, ?) WHERE part = ? AND ended IS NULL", (to_ms(now), part))


def outage_of(db: sqlite3.Connection, part: str, earliest: datetime, latest: datetime) -> Outage | None:
    """The outage of the box or of that part in which something of this time lies, the longest first."""
    row = db.execute(
        "SELECT * FROM outages WHERE part IN ('', :part) AND began <= :until AND coalesce(ended, :until) >= :since"
        " ORDER BY coalesce(ended, :until) - began DESC, id DESC LIMIT 1",
        {"part": part, "since": to_ms(earliest), "until": to_ms(latest)},
    ).fetchone()
    return None if row is None else Outage(row["id"], row["part"], from_ms(row["began"]), moment(row["ended"]))


def last_outage(db: sqlite3.Connection, part: str) -> Outage | None:
    """The newest outage of a part that is over."""
    row = db.execute("SELECT * FROM outages WHERE part = ? AND ended IS NOT NULL ORDER BY id DESC LIMIT 1", (part,))
    found = row.fetchone()
    return (
        None if found is None else Outage(found["id"], found["part"], from_ms(found["began"]), moment(found["ended"]))
    )


def unseen_since(db: sqlite3.Connection, part: str) -> datetime | None:
    """Since when calls of that part may have gone unseen, as the box started; None when it has never been off.

    The box was perhaps started in the middle of the part's own outage, or off several times in a row: what lies between
    is no longer than `SHORT_LIFE`, in which an outage of the part may not have been noted.
    """
    off = last_outage(db, "")
    if off is None:
        return None
    since = off.began
    rows = db.execute(
        "SELECT began, ended FROM outages WHERE part IN ('', ?) ORDER BY ended IS NOT NULL, ended DESC", (part,)
    )
    for row in rows:
        ended = moment(row["ended"])
        if ended is not None and ended < since - SHORT_LIFE:
            break
        since = min(since, from_ms(row["began"]))
    return since


def noted_by(db: sqlite3.Connection, call_id: int) -> tuple[NotedBy, ...]:
    """Who else has noted a call."""
    rows = db.execute("SELECT DISTINCT witness FROM sightings WHERE call_id = ? ORDER BY witness", (call_id,))
    return tuple(NotedBy(row["witness"]) for row in rows.fetchall())
