"""SQL of our people's own telephones: notices they do not want, lists, wrong PINs, conversations they have."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.booking.appointments import Span


def wants_no_notices(db: sqlite3.Connection, number: str) -> bool:
    """Whether a telephone of ours has said STOP: ordinary notices stay away, emergencies do not."""
    row = db.execute("SELECT quiet_since FROM phones WHERE number = ?", (number,)).fetchone()
    return row is not None and row["quiet_since"] is not None


def set_notices(db: sqlite3.Connection, number: str, *, wanted: bool, now: datetime) -> None:
    """STOP or START of one of our telephones."""
    db.execute(
        "INSERT INTO phones (number, quiet_since) VALUES (?, ?)"
        " ON CONFLICT (number) DO UPDATE SET quiet_since = excluded.quiet_since",
        (number, None if wanted else to_ms(now)),
    )


def listed(db: sqlite3.Connection, number: str, since: datetime) -> tuple[str, int]:
    """What a telephone was listed last, and how many rows of it, if that was since then: "" are open leads, a date appointments."""
    row = db.execute("SELECT listed, listed_at, listed_of FROM phones WHERE number = ?", (number,)).fetchone()
    return ("", 0) if row is None or (row["listed_at"] or 0) < to_ms(since) else (row["listed_of"], int(row["listed"]))


def set_listed(db: sqlite3.Connection, number: str, count: int, now: datetime, of: str = "") -> None:
    """How far the list has come."""
    db.execute(
        "INSERT INTO phones (number, listed, listed_at, listed_of) VALUES (?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET"
        " listed = excluded.listed, listed_at = excluded.listed_at, listed_of = excluded.listed_of",
        (number, count, to_ms(now), of),
    )


@dataclass(frozen=True, slots=True)
class ToldWindows:
    """The windows that a telephone was told of for moving an appointment of a lead, which then stood at `stood`."""

    lead_id: int
    stood: datetime
    windows: tuple[Span, ...]
    at: datetime


def windows_told(db: sqlite3.Connection, number: str) -> ToldWindows | None:
    """The windows that a telephone was told of last."""
    row = db.execute("SELECT told_windows FROM phones WHERE number = ? AND told_windows <> ''", (number,)).fetchone()
    if row is None:
        return None
    try:
        kept = json.loads(row["told_windows"])
        spans = tuple(Span(from_ms(begins), from_ms(ends)) for begins, ends in kept["windows"])
        return ToldWindows(int(kept["lead"]), from_ms(kept["stood"]), spans, from_ms(kept["at"]))
    except (ValueError, KeyError, TypeError):  # a damaged record
        return None


def set_windows_told(db: sqlite3.Connection, number: str, told: ToldWindows) -> None:
    """Remember what a telephone is told of."""
    kept = {
        "lead": told.lead_id,
        "stood": to_ms(told.stood),
        "windows": [[to_ms(one.begins), to_ms(one.ends)] for one in told.windows],
        "at": to_ms(told.at),
    }
    db.execute(
        "INSERT INTO phones (number, told_windows) VALUES (?, ?)"
        " ON CONFLICT (number) DO UPDATE SET told_windows = excluded.told_windows",
        (number, json.dumps(kept)),
    )


# ---- wrong PINs


def add_wrong_pin(db: sqlite3.Connection, number: str, now: datetime) -> None:
    """A PIN from that telephone was wrong."""
    db.execute("INSERT INTO wrong_pins (number, at) VALUES (?, ?)", (number, to_ms(now)))


def wrong_pins(db: sqlite3.Connection, number: str, since: datetime) -> tuple[int, int, datetime | None]:
    """Wrong PINs since then: from that telephone, from all of them, and when the last one came."""
    row = db.execute(
        "SELECT count(*) FILTER (WHERE number = :number) AS own, count(*) AS everybody, max(at) AS last FROM wrong_pins"
        " WHERE at > :since",
        {"number": number, "since": to_ms(since)},
    ).fetchone()
    return row["own"], row["everybody"], None if row["last"] is None else from_ms(row["last"])


def forget_wrong_pins(db: sqlite3.Connection, number: str) -> None:
    """The right one came: those before were slips."""
    db.execute("DELETE FROM wrong_pins WHERE number = ?", (number,))


# ---- conversations on somebody's own telephone


@dataclass(frozen=True, slots=True)
class Relay:
    """What `peer` writes goes to one of our people, until then."""

    peer: str
    person: str
    number: str
    spanish: bool
    until: datetime


def _relay(row: sqlite3.Row) -> Relay:
    return Relay(row["peer"], row["person"], row["number"], bool(row["spanish"]), from_ms(row["until"]))


def relay_of(db: sqlite3.Connection, peer: str, now: datetime) -> Relay | None:
    """Who has the conversation with `peer` on his telephone."""
    row = db.execute("SELECT * FROM relays WHERE peer = ? AND until > ?", (peer, to_ms(now))).fetchone()
    return None if row is None else _relay(row)


def relays_to(db: sqlite3.Connection, number: str, now: datetime) -> list[Relay]:
    """The conversations that a telephone has."""
    rows = db.execute("SELECT * FROM relays WHERE number = ? AND until > ? ORDER BY until", (number, to_ms(now)))
    return [_relay(row) for row in rows.fetchall()]


def set_relay(db: sqlite3.Connection, relay: Relay) -> None:
    """What `peer` writes goes to that telephone from now on."""
    db.execute(
        "INSERT INTO relays (peer, person, number, spanish, until) VALUES (?, ?, ?, ?, ?) ON CONFLICT (peer) DO UPDATE SET"
        " person = excluded.person, number = excluded.number, spanish = excluded.spanish, until = excluded.until",
        (relay.peer, relay.person, relay.number, int(relay.spanish), to_ms(relay.until)),
    )


def drop_relay(db: sqlite3.Connection, peer: str) -> None:
    """Nobody has that conversation on his telephone any more."""
    db.execute("DELETE FROM relays WHERE peer = ?", (peer,))
