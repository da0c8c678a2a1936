"""What must never be forgotten, whichever records go on: who asked not to be texted, and who was written to when.

Opt-outs are taken from every source that can still be read. Somebody who opted in again since an old source was written
counts as opted out all the same: he can text START, and a text to somebody who said STOP cannot be taken back.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from gateway.core.keywords import Keyword, lone_keyword
from gateway.core.policy import ContactKind
from gateway.storage.salvage import page_size, salvage
from gateway.storage.schema import prepare
from gateway.storage.walfile import read_wal

_LATER = ("opened_at", "wrote_at", "takeover_until", "reached_at", "contacted_at")
_OUT = ContactKind.OPTED_OUT.value


def read_anyhow(path: Path) -> sqlite3.Connection:
    """What can be read of a database file and its log, sound or damaged, as a database in memory; nothing is changed there."""
    log = path.with_name(path.name + "-wal")
    file = path.read_bytes() if path.exists() else b""
    wal = read_wal(log.read_bytes(), page_size(file)) if log.exists() else None
    into = sqlite3.connect(":memory:", isolation_level=None)
    try:
        prepare(into, durable=False)
        into.execute("PRAGMA foreign_keys = OFF")
        into.execute("BEGIN")
        salvage(file, wal, path.with_name(f".{path.name}.look"), into)
        into.execute("COMMIT")
    except BaseException:
        into.close()
        raise
    return into


def keep_opt_outs(into: sqlite3.Connection, source: sqlite3.Connection, whence: str) -> int:
    """Whoever opted out in `source` is opted out in `into`; gives how many were added. `whence` is added to the proof."""
    added, back_in = 0, _last_keywords(into)
    for number, name, since, basis in source.execute(
        "SELECT number, name, since, basis FROM contacts WHERE kind = ?", (_OUT,)
    ):
        word, _, at = back_in.get(number, (Keyword.STOP, "", 0))
        if word is not Keyword.START or at < since:  # his own later START is among the texts
            added += _opt_out(into, number, name, since, f"{basis} ({whence})")
    return added


def read_opt_outs_again(into: sqlite3.Connection) -> int:
    """Whoever's last keyword among the texts that came in is STOP is opted out; gives how many were added."""
    return sum(
        _opt_out(into, peer, "", at, f"{body[:40]!r} (found again among the texts)")
        for peer, (word, body, at) in _last_keywords(into).items()
        if word is Keyword.STOP
    )


def _last_keywords(db: sqlite3.Connection) -> dict[str, tuple[Keyword, str, int]]:
    """STOP or START, whichever came last, with its words and moment, by number."""
    last: dict[str, tuple[Keyword, str, int]] = {}
    for peer, body, at in db.execute("SELECT peer, body, at FROM letters ORDER BY at, id"):
        word = lone_keyword(body)
        if word in (Keyword.STOP, Keyword.START):
            last[peer] = (word, body, at)
    return last


def keep_moments(into: sqlite3.Connection, source: sqlite3.Connection) -> None:
    """When somebody was last texted, reached, taken over: the later of both."""
    later = ", ".join(
        f"{name} = nullif(max(coalesce(peers.{name}, 0), coalesce(excluded.{name}, 0)), 0)" for name in _LATER
    )
    names = ", ".join(("number", *_LATER))
    marks = ", ".join("?" * (len(_LATER) + 1))
    rows = [tuple(row) for row in source.execute(f"SELECT {names} FROM peers")]
    into.executemany(f"INSERT INTO peers ({names}) VALUES ({marks}) ON CONFLICT (number) DO UPDATE SET {later}", rows)


def keep_opt_outs_of_files(into: sqlite3.Connection, files: list[Path]) -> int:
    """The same for database files of any state; one of which nothing can be read adds nothing."""
    added = 0
    for path in files:
        with suppress(sqlite3.Error, OSError, UnicodeDecodeError), closing(read_anyhow(path)) as source:
            added += keep_opt_outs(into, source, f"from {path.name}")
    return added


def _opt_out(into: sqlite3.Connection, number: str, name: str, since: int, basis: str) -> int:
    done = into.execute(
        "INSERT OR IGNORE INTO contacts (number, kind, name, since, basis) VALUES (?, ?, ?, ?, ?)",
        (number, _OUT, name, since, basis),
    )
    return max(0, done.rowcount)
