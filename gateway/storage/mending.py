"""The database file before it is opened: new, sound, or damaged and then mended; whatever happens meanwhile.

A new database is made beside its place and moved there when it is whole, so an empty file is damage and not a beginning.
While the gateway runs, a mark lies beside the database; each run commits something before it lays the mark, so the log
holds something from then on. A mark without that log means that commits are gone although the file looks fine.

A damaged database is never deleted: it is kept aside under a name with the moment. Its rows are copied into a new one,
and when it is not certain who was texted or asked not to be, texting is paused until a person switches it on again: a
text that is sent twice, or to somebody who said STOP, cannot be taken back.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from gateway.clock import to_ms
from gateway.storage.parts import beside, remove, to_disk
from gateway.storage.refill import Refilled, every_table, refill
from gateway.storage.salvage import Salvage, page_size, salvage
from gateway.storage.schema import BUSY_MS, PAUSED_BY_DAMAGE, StoreDamaged, StoreDown, check, prepare, version
from gateway.storage.walfile import WalFile, read_wal

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
HEADER_BYTES = 100  # of a database file (sqlite.org/fileformat2.html)
_SHORT_READ = 522  # SQLITE_IOERR_SHORT_READ: the file ends before the page does
_RUNNING = "running"
_READY = "mended"  # the mark's word while a mended database waits to be moved into its place


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done about a damaged database. `kept` is the damaged file; `certain`: nothing vital is missing."""

    at: datetime
    why: str
    kept: str
    rows: int
    torn: tuple[str, ...]
    certain: bool
    filled: Refilled = field(default_factory=Refilled)  # what could not be read, from a backup


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite (or our own look) found the content of the file wrong, not the disk, the room or the rights."""
    if isinstance(error, StoreDamaged):
        return True
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and (code & 0xFF in _DAMAGE or code == _SHORT_READ)


def make_usable(path: Path, now: datetime, *, thorough: bool = False) -> Mended | None:
    """Leave a sound database at `path`: as it is, a new one, or a mended one. Nobody may have it open.

    `thorough`: SQLite has met damage, so look everywhere. Raises StoreDown, sqlite3.Error, OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_file():
        return None  # SQLite says what it thinks of it
    _finish_move(path)
    why = _missing(path)
    if not why and not path.exists():
        _create(path)
        return None
    why = why or _damage(path, thorough)
    return mend(path, why, now) if why else None


def mend(path: Path, why: str, now: datetime) -> Mended:
    """Keep the damaged database aside and put in its place what can be saved of it. Nobody may have it open."""
    file = path.read_bytes() if path.exists() else b""
    log = _log(path, file)
    kept = _name_aside(path, now)
    if path.exists():
        _copy_aside(path, kept)
    new = beside(path, ".new")
    remove(new)
    with closing(sqlite3.connect(new, isolation_level=None)) as db:
        prepare(db)
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("BEGIN IMMEDIATE")
        filled = Refilled()
        behind = (
            not file or (log is not None and log.lost_commits > 0) or _log_lost(path, log)
        )  # rows of any table may be gone

        def fill(torn: tuple[str, ...]) -> None:
            nonlocal filled
            filled = refill(db, every_table(db) if behind else torn, path, now)

        saved = salvage(file, log, beside(path, ".salvage"), db, fill)
        certain = saved.vital and not behind
        name = kept.name if path.exists() else f"{kept.name}-wal"
        mended = Mended(now, why, name, saved.rows, saved.torn, certain, filled)
        _write_down(db, mended, saved)
        db.execute("COMMIT")
        check(db)
    _exchange(path, new, kept)
    return mended


def put_in_place(path: Path, records: Path, now: datetime) -> str:
    """Sound records come into the place of what is there, which stays aside under a name of its own; gives that name.

    A power cut at any step leaves the one or the other, whole: what is begun is finished at the next start. Nobody may
    have the database open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _finish_move(path)
    new = beside(path, ".new")
    remove(new)
    shutil.copyfile(records, new)
    new.chmod(0o600)
    kept = _name_aside(path, now, "before-restore")
    there = path.exists()
    if there:
        _copy_aside(path, kept)
    _exchange(path, new, kept)
    return kept.name if there else ""


def _exchange(path: Path, new: Path, kept: Path) -> None:
    to_disk(new)
    _mark(path, _READY)
    for part in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            beside(path, part).rename(beside(kept, part))
    _move_in(path, new)


def begin_run(path: Path) -> None:
    """Lay the mark: something has been committed, so from now on the log may not be missing."""
    with suppress(OSError):  # without room there is no mark
        _mark(path, _RUNNING)


def end_run(path: Path) -> None:
    """Take the mark away, before the last connection closes and deletes the log."""
    with suppress(OSError):  # a disk that takes nothing any more: the mark stays, and so does the log that it asks for
        beside(path, ".run").unlink(missing_ok=True)
        to_disk(path.parent)


def _missing(path: Path) -> str:
    """Why what lies there cannot be all of it, "" when it may be."""
    there, log = path.exists(), beside(path, "-wal")
    if not there:
        return "the database file is gone, its log is still there" if log.exists() and log.stat().st_size else ""
    if path.stat().st_size == 0:
        return "the database file is empty"
    try:
        with path.open("rb") as file:
            sight = _log(path, file.read(HEADER_BYTES))
    except OSError:
        return ""  # it cannot be read at all: SQLite says why
    if sight is not None and sight.lost_commits:
        return f"the database's log is damaged, {sight.lost_commits} transactions are affected"
    return "the database's log is gone" if _log_lost(path, sight) else ""


def _log_lost(path: Path, sight: WalFile | None) -> bool:
    """The last run did not end, it had written into the log, and the log is not there."""
    return beside(path, ".run").exists() and not (sight is not None and sight.header_sound and sight.frames)


def _log(path: Path, header: bytes) -> WalFile | None:
    log = beside(path, "-wal")
    return read_wal(log.read_bytes(), page_size(header)) if log.exists() else None


def _damage(path: Path, thorough: bool) -> str:
    """What is wrong with the database, "" when it is sound. Raises StoreDown or sqlite3.Error for other troubles."""
    try:
        # Read-only: closing a writer would lay the log over a damaged file before that is kept aside.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            version(db)
            check(db, thorough=thorough)
    except UnicodeDecodeError:  # SQLite quotes what it finds, and that is no text
        return "the database is damaged (its list of tables is no text)"
    except (StoreDown, sqlite3.Error) as error:
        if not is_damage(error):
            raise
        return str(error)
    return ""


def _create(path: Path) -> None:
    new = beside(path, ".new")
    remove(new)
    with closing(sqlite3.connect(new, isolation_level=None)) as db:
        prepare(db)
    to_disk(new)
    _move_in(path, new)


def _write_down(db: sqlite3.Connection, mended: Mended, saved: Salvage) -> None:
    now = to_ms(mended.at)
    what = f"{mended.why}; {mended.rows} rows saved" + (f", damaged: {', '.join(saved.torn)}" if saved.torn else "")
    if mended.filled.made_at is not None:
        what += f", {mended.filled.rows} rows from the backup of {mended.filled.made_at:%Y-%m-%d %H:%M} UTC"
    db.execute(
        "INSERT INTO history (at, subject, what) VALUES (?, 'box:records', ?)",
        (now, f"mended: {what} ({mended.kept})"),
    )
    if not mended.certain:
        db.execute(
            "INSERT INTO switches (name, value, at) VALUES ('pause', ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at",
            (PAUSED_BY_DAMAGE, now),
        )


def _name_aside(path: Path, now: datetime, why: str = "damaged") -> Path:
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    names = (beside(path, f".{why}-{stamp}" + (f"-{n}" if n else "")) for n in range(1000))
    return next(name for name in names if not name.exists() and not beside(name, "-wal").exists())


def _copy_aside(path: Path, kept: Path) -> None:
    """A second name where the file system has such; the content stays where it is on the card."""
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)
        to_disk(kept)
    to_disk(path.parent)


def _finish_move(path: Path) -> None:
    """A mended database that was ready when the power failed goes to its place now."""
    mark, new = beside(path, ".run"), beside(path, ".new")
    if not mark.exists() or mark.read_text("utf-8", "replace") != _READY:
        return
    if new.exists():
        for part in ("-wal", "-shm"):
            stale = beside(path, part)
            if stale.exists():
                stale.rename(beside(_name_aside(path, datetime.fromtimestamp(stale.stat().st_mtime, UTC)), part))
    _move_in(path, new)


def _move_in(path: Path, new: Path) -> None:
    if new.exists():
        to_disk(path.parent)
        new.replace(path)
        to_disk(path.parent)
    beside(path, ".run").unlink(missing_ok=True)


def _mark(path: Path, word: str) -> None:
    mark, scratch = beside(path, ".run"), beside(path, ".run.new")
    scratch.write_text(word, "utf-8")
    to_disk(scratch)
    scratch.replace(mark)
    to_disk(path.parent)
