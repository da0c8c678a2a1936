"""What could not be read of damaged records, from the newest sound backup on the box.

Rows that were saved count before those of a backup; a backup only fills gaps, what waited in it is left to people, and who was
erased after it was made is not in it. Who opted out is taken from every backup that is sound, from the damaged files of earlier
days, and from the texts themselves.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from gateway.storage.backupfile import RECORDS, BackupError, unpack
from gateway.storage.doubts import leave_to_people
from gateway.storage.erasures import both, keep_erased, ledger_of
from gateway.storage.known import keep_opt_outs, keep_opt_outs_of_files, read_opt_outs_again
from gateway.storage.schema import lenient
from gateway.storage.shelf import shelved

log = logging.getLogger(__name__)

FOLDER = "backups"  # below the state folder
# What a backup must not bring back: what is switched and who is signed in goes by the present, the rest is read again.
_NOT_FROM_BEFORE = frozenset(
    {
        *("switches", "sessions", "phones", "relays", "installation", "clock", "calendars", "busy_times", "wrong_pins"),
        *("outages", "missed_lists"),
    }
)
_EARLIER_FILES = 3  # damaged ones of before that are looked through for opt-outs
_ASKED = """
INSERT INTO tasks (kind, peer, say, call_id, text_id, created_at)
    SELECT 'unsure_text', peer, 'the records are from a backup', call_id, id, created_at FROM texts
    WHERE state = 'unconfirmed' AND say = 'perhaps sent: the records are from a backup'
    AND id NOT IN (SELECT text_id FROM tasks WHERE text_id IS NOT NULL);
INSERT INTO tasks (kind, peer, say, call_id, created_at)
    SELECT 'call_back', peer, 'Call back ' || peer || ': perhaps texted, the records are from a backup', id, started_at
    FROM calls WHERE state = 'unsure' AND say = 'perhaps texted: the records are from a backup' AND peer IS NOT NULL
    AND id NOT IN (SELECT call_id FROM tasks WHERE call_id IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Refilled:
    """So many rows from the backup of a moment (None: there was none that is sound), and opt-outs from all of them."""

    made_at: datetime | None = None
    rows: int = 0
    opt_outs: int = 0


def every_table(db: sqlite3.Connection) -> tuple[str, ...]:
    """Their names, in the order in which they refer to each other."""
    return tuple(row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid"))


def refill(db: sqlite3.Connection, torn: tuple[str, ...], database: Path, now: datetime) -> Refilled:
    """Fill the gaps of the `torn` tables of `db`, in an open transaction; `database` is where the damaged one lies."""
    made_at, rows, opt_outs, ledger = None, 0, 0, ledger_of(db)
    for each in shelved(database.parent / FOLDER):
        if made_at is not None and "contacts" not in torn:
            break
        try:
            with _opened(each.path, database.parent) as (backup, moment):
                ledger = both(ledger, ledger_of(backup))
                backup.execute("BEGIN")
                keep_erased(backup, ledger, now, "the box")
                if "contacts" in torn or made_at is None:  # a row that is damaged may look sound
                    opt_outs += keep_opt_outs(db, backup, f"from the backup of {moment:%Y-%m-%d}")
                if made_at is None:
                    made_at = moment
                    leave_to_people(backup, moment, now)
                    rows = sum(_fill(db, backup, table) for table in torn if table not in _NOT_FROM_BEFORE)
                backup.execute("ROLLBACK")
        except (BackupError, OSError, sqlite3.Error, UnicodeDecodeError) as error:
            log.warning("the backup %s cannot be used: %s", each.path.name, error)
    if "contacts" in torn:
        earlier = sorted(database.parent.glob(f"{database.name}.damaged-*Z*"), reverse=True)
        opt_outs += keep_opt_outs_of_files(
            db, [path for path in earlier if not path.name.endswith(("-wal", "-shm"))][:_EARLIER_FILES]
        )
    opt_outs += read_opt_outs_again(db)
    if rows:
        for statement in _ASKED.split(";"):
            db.execute(statement)
    return Refilled(made_at, rows, opt_outs)


def _fill(db: sqlite3.Connection, backup: sqlite3.Connection, table: str) -> int:
    """Rows that `db` does not have; one that does not fit stays out."""
    columns = [f'"{row[1]}"' for row in db.execute(f"PRAGMA table_info({table})")]
    marks = ", ".join("?" * len(columns))
    insert, rows = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})", 0
    for row in backup.execute(f"SELECT {', '.join(columns)} FROM {table}"):
        with suppress(sqlite3.IntegrityError):  # a place of a crew that is taken by now
            rows += max(0, db.execute(insert, tuple(row)).rowcount)
    return rows


@contextmanager
def _opened(backup: Path, beside: Path) -> Iterator[tuple[sqlite3.Connection, datetime]]:
    folder = Path(mkdtemp(prefix=".refill-", dir=beside))
    try:
        contents = unpack(backup, folder)
        with closing(sqlite3.connect(folder / RECORDS, isolation_level=None)) as db:
            db.row_factory, db.text_factory = sqlite3.Row, lenient
            yield db, contents.made_at
    finally:
        shutil.rmtree(folder, ignore_errors=True)
