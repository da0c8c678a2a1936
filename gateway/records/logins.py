"""SQL of those who may use the page, and of the browsers in which they are signed in."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class LoginRecord:
    """One who may use the page. `secret` is scrypt's."""

    id: int
    name: str
    role: str
    secret: str
    person: str
    language: str
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One browser that is signed in. `token` is the SHA-256 of its cookie, in hex."""

    id: int
    token: str
    login_id: int
    device: str
    began_at: datetime
    seen_at: datetime


def all_logins(db: sqlite3.Connection) -> list[LoginRecord]:
    """Everybody, by name."""
    return [_login(row) for row in db.execute("SELECT * FROM logins ORDER BY name COLLATE NOCASE")]


def login_by_id(db: sqlite3.Connection, login_id: int) -> LoginRecord | None:
    """One of them."""
    row = db.execute("SELECT * FROM logins WHERE id = ?", (login_id,)).fetchone()
    return None if row is None else _login(row)


def login_by_name(db: sqlite3.Connection, name: str) -> LoginRecord | None:
    """The one with this name, however it is capitalised."""
    row = db.execute("SELECT * FROM logins WHERE name = ? COLLATE NOCASE", (name,)).fetchone()
    return None if row is None else _login(row)


def add_login(db: sqlite3.Connection, name: str, role: str, secret: str, now: datetime) -> int:
    """Let somebody in; the id. Raises sqlite3.IntegrityError for a name that is taken."""
    row = db.execute(
        "INSERT INTO logins (name, role, secret, created_at, changed_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (name, role, secret, to_ms(now), to_ms(now)),
    ).fetchone()
    return int(row["id"])


def set_secret(db: sqlite3.Connection, login_id: int, secret: str, now: datetime) -> None:
    """Another password."""
    db.execute("UPDATE logins SET secret = ?, changed_at = ? WHERE id = ?", (secret, to_ms(now), login_id))


def set_role(db: sqlite3.Connection, login_id: int, role: str) -> None:
    """What somebody may do."""
    db.execute("UPDATE logins SET role = ? WHERE id = ?", (role, login_id))


def set_login_person(db: sqlite3.Connection, login_id: int, person: str) -> None:
    """Who of our people somebody is, "" for nobody whom callers know."""
    db.execute("UPDATE logins SET person = ? WHERE id = ?", (person, login_id))


def set_login_language(db: sqlite3.Connection, login_id: int, language: str) -> None:
    """The language of somebody's pages."""
    db.execute("UPDATE logins SET language = ? WHERE id = ?", (language, login_id))


def remove_login(db: sqlite3.Connection, login_id: int) -> None:
    """Somebody may not use the page any more; the sessions go as well."""
    db.execute("DELETE FROM logins WHERE id = ?", (login_id,))


def sessions(db: sqlite3.Connection, login_id: int) -> list[SessionRecord]:
    """The browsers of somebody, the one that was used last first."""
    rows = db.execute("SELECT * FROM sessions WHERE login_id = ? ORDER BY seen_at DESC, id DESC", (login_id,))
    return [_session(row) for row in rows]


def session_by_token(db: sqlite3.Connection, token: str) -> SessionRecord | None:
    """The session whose cookie has this hash."""
    row = db.execute("SELECT * FROM sessions WHERE token = ?", (token,)).fetchone()
    return None if row is None else _session(row)


def add_session(db: sqlite3.Connection, login_id: int, token: str, device: str, now: datetime) -> None:
    """Somebody has signed in."""
    db.execute(
        "INSERT INTO sessions (token, login_id, device, began_at, seen_at) VALUES (?, ?, ?, ?, ?)",
        (token, login_id, device, to_ms(now), to_ms(now)),
    )


def set_session_seen(db: sqlite3.Connection, session_id: int, now: datetime) -> None:
    """The session was used."""
    db.execute("UPDATE sessions SET seen_at = ? WHERE id = ?", (to_ms(now), session_id))


def end_session(db: sqlite3.Connection, session_id: int) -> None:
    """Sign one browser out."""
    db.execute("DELETE FROM sessions WHERE id = ?", (session_id,))


def end_sessions(db: sqlite3.Connection, login_id: int, but: str = "") -> None:
    """Sign out the browsers of somebody; `but` is the token of one that stays."""
    db.execute("DELETE FROM sessions WHERE login_id = ? AND token <> ?", (login_id, but))


def end_old_sessions(db: sqlite3.Connection, began_before: datetime, seen_before: datetime) -> None:
    """Forget the sessions that are over."""
    db.execute("DELETE FROM sessions WHERE began_at < ? OR seen_at < ?", (to_ms(began_before), to_ms(seen_before)))


def _login(row: sqlite3.Row) -> LoginRecord:
    return LoginRecord(
        row["id"],
        row["name"],
        row["role"],
        row["secret"],
        row["person"],
        row["language"],
        from_ms(row["created_at"]),
        from_ms(row["changed_at"]),
    )


def _session(row: sqlite3.Row) -> SessionRecord:
    return SessionRecord(
        row["id"],
        row["token"],
        row["login_id"],
        row["device"],
        from_ms(row["began_at"]),
        from_ms(row["seen_at"]),
    )
