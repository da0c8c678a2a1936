"""The records of a running box: opened until it works, what the last run left settled, and told of when they had to be mended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from gateway import records
from gateway.clockwatch import ClockWatch
from gateway.core.events import BoxStarted, ContactSet, Health, HealthReport, RecordsMended
from gateway.dispatcher import RECORDS, Dispatcher
from gateway.health import HealthBoard
from gateway.ports.clock import Clock
from gateway.queries.office import Queries
from gateway.queries.search import Search
from gateway.settings import Contact, Settings
from gateway.storage.mending import Mended
from gateway.storage.store import Store, StoreDown
from gateway.troubles import records_mended

RETRY_S = 3.0  # records that cannot be opened are tried again: room on a disk comes back by a person's hand


class OpenRecords:
    """Opens `store` for the others. `stopped` is set when the box comes to its end."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        store: Store,
        clock: Clock,
        board: HealthBoard,
        watch: ClockWatch,
        dispatcher: Dispatcher,
        queries: Queries,
        search: Search,
        stopped: asyncio.Event,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._board = board
        self._watch = watch
        self._dispatcher = dispatcher
        self._queries = queries
        self._search = search
        self._stopped = stopped
        self._telling: set[asyncio.Task[None]] = set()
        store.on_mended = self._mended

    async def open(self) -> bool:
        """Open them and settle what the last run left; tried until it works. False when stopped before."""
        self._board(HealthReport(RECORDS, Health.STARTING, self._clock.now(), "The records are being opened."))
        while not self._stopped.is_set():
            try:
                await self._store.open()
                written, memory = await self._store.read(
                    lambda db: (records.last_written(db), records.clock_memory(db))
                )
                self._watch.start(written, memory)
                await self._dispatcher.submit(BoxStarted(self._clock.now()))
                await self.take_contacts(self._settings().contacts)
                await self._queries.load_pause()
                self._dispatcher.records_up(opened=True)
                return True
            except StoreDown as error:
                await self._store.close()
                self._dispatcher.records_down(error, starting=True)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), RETRY_S)
        return False

    async def prove(self) -> None:
        """An empty transaction: nothing is written, but who would write has had his turn."""
        if not self._store.mending:
            await self._store.write(lambda _db: None)

    async def take_contacts(self, contacts: Sequence[Contact]) -> None:
        """The configuration's contacts into the books; what is there stays."""
        for contact in contacts:
            await self._dispatcher.submit(
                ContactSet(
                    self._clock.now(), contact.number, contact.kind.value, name=contact.name, basis="configuration"
                )
            )

    async def rows_gone(self) -> None:
        """Rows were deleted: search and pages must not show them any more."""
        await self._search.renew()
        self._queries.touch()

    def _mended(self, mended: Mended) -> None:
        """Damaged records were put aside: the page, the log and the owner hear of it. Called in the middle of a write."""
        from_backup, zone = mended.filled.made_at if mended.filled.rows else None, self._settings().business.zone
        filled = f"{from_backup.astimezone(zone):%b %-d, %Y, %-I:%M %p}" if from_backup else ""
        self._board(records_mended(mended.kept, mended.certain, filled).report("history", self._clock.now()))
        task = asyncio.get_running_loop().create_task(self._tell_of_mending(mended))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell_of_mending(self, mended: Mended) -> None:
        while not self._stopped.is_set():
            try:
                await self._queries.load_pause()
                await self._search.renew()
                await self._dispatcher.submit(RecordsMended(self._clock.now(), mended.kept, mended.certain))
                return
            except StoreDown:  # not open yet, or in trouble once more
                await asyncio.sleep(RETRY_S)
