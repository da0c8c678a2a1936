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
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import aiosqlite

from gateway.clock import SystemClock, to_ms
from gateway.core.problem import NO_MEMORY
from gateway.ports.clock import Clock
from gateway.storage.mending import Mended, begin_run, end_run, is_damage, make_usable
from gateway.storage.schema import StoreDamaged, StoreDown, lenient, prepare

__all__ = ["Store", "StoreDamaged", "StoreDown", "open_memory", "prepare", "transact"]

log = logging.getLogger(__name__)
T = TypeVar("T")


def open_memory() -> sqlite3.Connection:
    """A database that leaves nothing behind (simulate, tests)."""
    db = sqlite3.connect(":memory:")
    prepare(db, durable=False)
    return db


class Store:
    """The gateway's one writer and one reader. Use `open`, then `write` and `read`; always `close`."""

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        self.path = path
        self.on_mended: Callable[[Mended], None] | None = (
            None  # told when a damaged file was mended, from any run of it
        )
        self._clock = clock or SystemClock()
        self._writer: aiosqlite.Connection | None = None
        self._reader: aiosqlite.Connection | None = None
        self._lock = asyncio.Lock()
        self._jobs: set[asyncio.Task[object]] = set()
        self._suspect = False  # damage was met: look and mend before the next transaction
        self._opened = False
        self.mending = False  # a damaged file is being mended: minutes for a large one, and nobody writes meanwhile

    async def open(self) -> None:
        """Open, check, mend and migrate. Raises StoreDown with a sentence when the file cannot be used."""
        try:
            mended = await asyncio.to_thread(make_usable, self.path, self._clock.now())
            await self._connect()
            self._opened = True
        except StoreDown:
            await self.close()
            raise
        except (sqlite3.Error, OSError, MemoryError) as error:
            await self.close()
            raise StoreDown(f"cannot use the database {self.path}: {error} - check the disk, then restart") from error
        except BaseException:
            await self.close()
            raise
        self._tell(mended)

    async def _connect(self) -> None:
        self._writer = await aiosqlite.connect(self.path, isolation_level=None)
        await self._run(self._writer, prepare)
        now = to_ms(self._clock.now())
        await self._run(self._writer, lambda db: transact(db, lambda db: _note_run(db, now)))
        await asyncio.to_thread(begin_run, self.path)
        self._reader = await aiosqlite.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)
        await self._run(self._reader, _as_reader)

    async def close(self) -> None:
        """Finish what runs, then close both connections."""
        self._opened = False
        while self._jobs:
            await asyncio.wait(self._jobs)
        await self._disconnect(clean=not self._suspect)

    async def _disconnect(self, *, clean: bool) -> None:
        """`clean` False leaves the log as it is: the last connection to close may only read, so it lays nothing over."""
        reader, writer, self._reader, self._writer = self._reader, self._writer, None, None
        if clean and writer is not None:
            if reader is not None:
                await reader.close()
            try:
                await asyncio.to_thread(end_run, self.path)
            finally:
                await writer.close()  # its thread would keep the process alive
            return
        for connection in (writer, reader):
            if connection is not None:
                await connection.close()

    async def write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Run `change` in one transaction and commit it. A cancelled caller does not cancel the transaction.

        Raises StoreDown when the disk refuses; anything else that `change` raises is a bug and rolls back.
        """
        if not self._opened:
            raise StoreDown("the database is closed")
        job = asyncio.get_running_loop().create_task(self._transaction(change))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        return await asyncio.shield(job)

    async def tidy(self) -> None:
        """What was deleted is gone from the log as well, as far as nobody reads. Raises StoreDown."""
        async with self._lock:
            if self._writer is None:
                raise StoreDown("the database is closed")
            with suppress(sqlite3.OperationalError):  # somebody reads: the next checkpoint does it
                await self._run(self._writer, lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a read-only query on the page's connection. Raises StoreDown when the file cannot be read."""
        if self._reader is None:
            raise StoreDown("the database is closed")
        try:
            return await self._run(self._reader, query)
        except sqlite3.DatabaseError as error:
            self._suspect = self._suspect or is_damage(error)  # mended by the next writer
            if isinstance(error, sqlite3.OperationalError) or is_damage(error):
                raise StoreDown(f"cannot read the database: {error} - check the disk") from error
            raise
        except MemoryError as error:
            raise StoreDown(f"cannot read the database: {NO_MEMORY}") from error

    async def _transaction(self, change: Callable[[sqlite3.Connection], T]) -> T:
        async with self._lock:
            if self._suspect:
                await self._mend()
            if self._writer is None:
                raise StoreDown("the database is closed")
            try:
                return await self._run(self._writer, lambda db: transact(db, change))
            except sqlite3.DatabaseError as error:
                if is_damage(error):
                    self._suspect = True
                    raise StoreDamaged(f"the database is damaged: {error} - it is mended now") from error
                if isinstance(error, sqlite3.OperationalError):  # the disk refuses, the statement is right
                    raise StoreDown(f"cannot write to the database: {error} - check the disk") from error
                raise
            except MemoryError as error:
                raise StoreDown(f"cannot write to the database: {NO_MEMORY}") from error

    async def _mend(self) -> None:
        """Look at the file and mend it while everything goes on: whoever waits to write is served by the mended one.

        Raises StoreDown when that does not work; it is tried again with the next transaction.
        """
        self.mending = True
        try:
            await self._disconnect(clean=False)
            mended = await asyncio.to_thread(make_usable, self.path, self._clock.now(), thorough=True)
            await self._connect()
        except (sqlite3.Error, OSError, MemoryError) as error:
            raise StoreDown(f"cannot mend the database {self.path}: {error} - check the disk") from error
        finally:
            self.mending = False
        self._suspect = False
        self._tell(mended)

    def _tell(self, mended: Mended | None) -> None:
        if mended is None:
            return
        log.warning(
            "the database was damaged (%s); it is kept as %s, %s rows saved", mended.why, mended.kept, mended.rows
        )
        if self.on_mended is not None:
            self.on_mended(mended)

    @staticmethod
    async def _run(connection: aiosqlite.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
        # One hop to the connection's thread for a whole transaction; seven awaits would cost seven hops and could be
        # cancelled between two statements. The method is private in aiosqlite; its version is pinned.
        result: T = await connection._execute(lambda: work(connection._conn))  # type: ignore[no-untyped-call]
        return result


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


def _note_run(db: sqlite3.Connection, now: int) -> None:
    """Something to commit, so that the log of a run is never empty."""
    db.execute("INSERT OR REPLACE INTO switches (name, value, at) VALUES ('run', 'began', ?)", (now,))


def _as_reader(db: sqlite3.Connection) -> None:
    db.text_factory = lenient
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA query_only = ON")
    db.execute("PRAGMA busy_timeout = 2000")
