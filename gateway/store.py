"""The SQLite file: opened, checked, migrated, and written by one thread in whole transactions.

WAL with synchronous=FULL: a committed event survives a power cut (NORMAL loses acknowledged commits). One write
connection; the page reads through a read-only one. A transaction is one function run on the writer's own thread, so that
a cancelled caller cannot leave it half done.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import aiosqlite

log = logging.getLogger(__name__)
T = TypeVar("T")

PAGE_SIZE = (
    1024  # bytes; a missed call touches many small rows, and WAL writes whole pages: smaller pages wear the card less
)
WAL_LIMIT = 1024 * 1024  # bytes; the WAL file is cut back to this after a checkpoint
BUSY_MS = (
    2000  # a reader's checkpoint takes milliseconds; a program that holds on longer is named, and an end must be soon
)
CHECKPOINT_PAGES = 1000  # SQLite's default: a checkpoint about every 60 missed calls


class StoreDown(Exception):
    """The database cannot be used. The message is a sentence for a person, with the remedy."""


def migrations() -> list[tuple[int, str]]:
    """All schema steps as (version, SQL), in order."""
    folder = files("gateway").joinpath("migrations")
    steps = sorted(p.name for p in folder.iterdir() if p.name.endswith(".sql"))
    return [(int(name.split("_")[0]), folder.joinpath(name).read_text("utf-8")) for name in steps]


def prepare(db: sqlite3.Connection, *, durable: bool = True) -> None:
    """Set the connection's modes and bring the schema up to date. Raises StoreDown for a file of a newer version."""
    db.isolation_level = None
    db.row_factory = sqlite3.Row
    if db.execute("PRAGMA user_version").fetchone()[0] == 0:
        db.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    if durable:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT}")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA temp_store = MEMORY")
    have = int(db.execute("PRAGMA user_version").fetchone()[0])
    steps = migrations()
    if have > steps[-1][0]:
        raise StoreDown(
            f"the database has schema {have}, this version knows {steps[-1][0]} - install the newer version again"
        )
    for version, sql in steps:
        if version > have:
            db.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {version};\nCOMMIT;")


def open_memory() -> sqlite3.Connection:
    """A database that leaves nothing behind (simulate, tests)."""
    db = sqlite3.connect(":memory:")
    prepare(db, durable=False)
    return db


class Store:
    """The gateway's one writer and one reader. Use `open`, then `write` and `read`; always `close`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: aiosqlite.Connection | None = None
        self._reader: aiosqlite.Connection | None = None
        self._lock = asyncio.Lock()
        self._jobs: set[asyncio.Task[object]] = set()

    async def open(self) -> None:
        """Open, check and migrate. Raises StoreDown with a sentence when the file cannot be used."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = await aiosqlite.connect(self.path, isolation_level=None)
            await self._run(self._writer, prepare)
            await self._run(self._writer, _check)
            self._reader = await aiosqlite.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)
            await self._run(self._reader, _as_reader)
        except StoreDown:
            await self.close()
            raise
        except (sqlite3.Error, OSError) as error:
            await self.close()
            raise StoreDown(f"cannot use the database {self.path}: {error} - check the disk, then restart") from error

    async def close(self) -> None:
        """Finish what runs, then close both connections."""
        while self._jobs:
            await asyncio.wait(self._jobs)
        for connection in (self._reader, self._writer):
            if connection is not None:
                await connection.close()
        self._reader = self._writer = None

    async def write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Run `change` in one transaction and commit it. A cancelled caller does not cancel the transaction.

        Raises StoreDown when the disk refuses; anything else that `change` raises is a bug and rolls back.
        """
        if self._writer is None:
            raise StoreDown("the database is closed")
        job = asyncio.get_running_loop().create_task(self._transaction(self._writer, change))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        return await asyncio.shield(job)

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a read-only query on the page's connection. Raises StoreDown when the disk refuses."""
        if self._reader is None:
            raise StoreDown("the database is closed")
        try:
            return await self._run(self._reader, query)
        except sqlite3.DatabaseError as error:
            if not _is_of_the_disk(error):
                raise
            raise StoreDown(f"cannot read the database: {error} - check the disk") from error

    async def _transaction(self, writer: aiosqlite.Connection, change: Callable[[sqlite3.Connection], T]) -> T:
        async with self._lock:
            try:
                return await self._run(writer, lambda db: transact(db, change))
            except sqlite3.DatabaseError as error:
                if not _is_of_the_disk(error):
                    raise
                raise StoreDown(f"cannot write to the database: {error} - check the disk") from error

    @staticmethod
    async def _run(connection: aiosqlite.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
        # One hop to the connection's thread for a whole transaction; seven awaits would cost seven hops and could be
        # cancelled between two statements. The method is private in aiosqlite; its version is pinned.
        result: T = await connection._execute(lambda: work(connection._conn))  # type: ignore[no-untyped-call]
        return result


def _is_of_the_disk(error: sqlite3.DatabaseError) -> bool:
    """The file or the disk is at fault, not the statement."""
    damaged = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)  # Python gives them no class of their own
    return isinstance(error, sqlite3.OperationalError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in damaged


def transact(db: sqlite3.Connection, change: Callable[[sqlite3.Connection], T]) -> T:
    """BEGIN IMMEDIATE, `change`, COMMIT; ROLLBACK on anything raised."""
    db.execute("BEGIN IMMEDIATE")
    try:
        result = change(db)
    except BaseException:
        if db.in_transaction:  # a full disk has rolled back already (sqlite.org/lang_transaction.html)
            db.execute("ROLLBACK")
        raise
    try:
        db.execute("COMMIT")
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return result


def _as_reader(db: sqlite3.Connection) -> None:
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA query_only = ON")
    db.execute("PRAGMA busy_timeout = 2000")


def _check(db: sqlite3.Connection) -> None:
    """A quick look for a torn file: the whole check is a night job."""
    found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreDown(f"the database is damaged ({found}) - restore the latest backup")
