"""The database around an upgrade: tried on a copy, kept as it was, and put back when the new version does not work.

The installer calls this through `gateway.cli.upgrading`. What a new version has written while it was on trial is not thrown
away: its file is kept aside. Where callers were texted meanwhile, or somebody asked not to be, the records that come back do
not know of it: the wishes are taken over as far as they can be read, what waited is left to people, and texting is paused until
somebody switches it on again. Whoever was erased meanwhile is erased again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.clock import to_ms
from gateway.storage.doubts import leave_to_people
from gateway.storage.erasures import Ledger, both, keep_erased, ledger_of
from gateway.storage.known import keep_moments, keep_opt_outs, read_anyhow
from gateway.storage.parts import beside, remove, to_disk
from gateway.storage.schema import StoreDown, check, prepare, version

PAUSED_BY_RETURN = "an upgrade was undone and it is not certain who was texted meanwhile or asked not to be"
_COUNTED = ("calls", "texts", "letters", "contacts", "history", "tasks")  # what no migration may lose a row of
_VITAL = (  # who was texted, who is not to be, and whether that was in doubt when the copy was put back once before
    "SELECT key, state FROM texts ORDER BY key",
    "SELECT number, kind FROM contacts ORDER BY number, kind",
    f"SELECT value FROM switches WHERE value = '{PAUSED_BY_RETURN}'",
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial of the migrations found: the schema before and after."""

    before: int
    after: int


def rehearse(database: Path, scratch: Path) -> Tried:
    """Bring a copy of the database up to date and look whether it is whole. `scratch` is removed again.

    The gateway may run meanwhile. Raises StoreDown with a sentence, or OSError, when this version cannot take the records over.
    """
    try:
        _copy(database, scratch)
        with closing(sqlite3.connect(scratch, isolation_level=None)) as db:
            before, counted = version(db), _counts(db)
            prepare(db, durable=False)
            check(db, thorough=True)
            if strays := db.execute("PRAGMA foreign_key_check").fetchone():
                raise StoreDown(f"after the migration a row of {strays[0]} belongs to nothing")
            if (now := _counts(db)) != counted:
                raise StoreDown(f"the migration changes how much there is: {counted} before, {now} after")
            return Tried(before, version(db))
    except sqlite3.Error as error:
        raise StoreDown(f"the records cannot be brought up to date: {error}") from error
    finally:
        remove(scratch)


def keep(database: Path, kept: Path) -> None:
    """A whole, checked copy at `kept`, on the disk when this returns. Raises StoreDown or OSError."""
    new = beside(kept, ".new")
    remove(new)
    try:
        _copy(database, new)
        with closing(sqlite3.connect(new)) as db:
            check(db, thorough=True)
    except sqlite3.Error as error:
        raise StoreDown(f"the records cannot be copied: {error}") from error
    to_disk(new)
    new.replace(kept)
    to_disk(kept.parent)


def put_back(kept: Path, database: Path, now: datetime) -> bool:
    """Put the kept copy in the database's place; nobody may have it open. False when texting had to be paused for it.

    Done again after a power cut in the middle, it comes to the same.
    """
    certain = _vital(database) == _vital(kept)
    ledger: Ledger = {}
    with suppress(sqlite3.Error), closing(_reading(database)) as newer:
        ledger = ledger_of(newer)
    new = beside(database, ".back")
    remove(new)
    shutil.copyfile(kept, new)
    made_at = datetime.fromtimestamp(kept.stat().st_mtime, UTC)
    with closing(sqlite3.connect(new, isolation_level=None)) as db:
        at, db.row_factory = to_ms(now), sqlite3.Row
        db.execute("PRAGMA journal_mode = DELETE")  # whole in one file
        db.execute("PRAGMA secure_delete = ON")
        db.execute("BEGIN IMMEDIATE")
        what = "an upgrade was undone: the records are those from before it"
        db.execute("INSERT INTO history (at, subject, what) VALUES (?, 'box:records', ?)", (at, what))
        if not certain:
            with suppress(sqlite3.Error, OSError), closing(read_anyhow(database)) as newer:
                keep_opt_outs(db, newer, "from the records of the version that was taken back")
                keep_moments(db, newer)
                ledger = both(ledger, ledger_of(newer))
            leave_to_people(db, made_at, now)
            db.execute(
                "INSERT INTO switches (name, value, at) VALUES ('pause', ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at, ends = NULL",
                (PAUSED_BY_RETURN, at),
            )
        _keep_erased(db, ledger, now)
        db.execute("COMMIT")
    to_disk(new)
    _set_aside(database, now)
    new.replace(database)
    to_disk(database.parent)
    return certain


def _keep_erased(db: sqlite3.Connection, ledger: Ledger, now: datetime) -> None:
    """As far as these records are not too old for it: nothing may keep the version before from coming back."""
    if not ledger:
        return
    db.execute("SAVEPOINT erasing")
    try:
        keep_erased(db, ledger, now, "the upgrade that was undone")
    except sqlite3.Error:
        db.execute("ROLLBACK TO erasing")
        what = "people whose data was erased since the upgrade are in these records again: erase them anew"
        db.execute("INSERT INTO history (at, subject, what) VALUES (?, 'box:records', ?)", (to_ms(now), what))
    db.execute("RELEASE erasing")


def _set_aside(database: Path, now: datetime) -> None:
    """What the new version has written stays under another name, its log with it."""
    aside = beside(database, f".undone-{now:%Y%m%dT%H%M%SZ}")
    beside(database, ".run").unlink(missing_ok=True)  # the mark of a run that has not ended (gateway.storage.mending)
    with suppress(FileNotFoundError):
        beside(database, "-wal").rename(beside(aside, "-wal"))
    beside(database, "-shm").unlink(missing_ok=True)
    with suppress(OSError):
        os.link(database, aside)
    to_disk(database.parent)


def _vital(path: Path) -> str | None:
    """A digest of who was texted and who is not to be; None, which is like no other, where that cannot be read."""
    digest = hashlib.sha256()
    try:
        with closing(_reading(path)) as db:
            for query in _VITAL:
                for row in db.execute(query):
                    digest.update(repr(tuple(row)).encode())
    except sqlite3.Error:
        return None
    return digest.hexdigest()


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    there = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in _COUNTED if name in there}


def _copy(database: Path, to: Path) -> None:
    remove(to)
    with closing(_reading(database)) as source, closing(sqlite3.connect(to)) as target:
        version(source)
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
