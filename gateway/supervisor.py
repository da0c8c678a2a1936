"""Composition root of the running gateway: builds drivers, core and page, starts them, stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.asterisk.feed import AsteriskFeed
from drivers.asterisk.ledger import belongs, given_up
from drivers.asterisk.ringer import AsteriskRinger
from drivers.asterisk.settings import AsteriskSettings, RingerSettings
from drivers.asterisk.settings import Timings as AsteriskTimings
from drivers.modem.modem import GsmModem, ModemRinger
from drivers.modem.settings import ModemSettings, Timings
from gateway import control, records
from gateway.clock import SystemClock
from gateway.clockwatch import ClockWatch, kernel_synchronised
from gateway.commands import OfficeCommands
from gateway.core.events import (
    BoxStarted,
    CallEnded,
    CallRang,
    ContactSet,
    RecordsMended,
)
from gateway.dispatcher import Dispatcher
from gateway.health import HealthBoard
from gateway.logins import Logins, OpenHouse
from gateway.mending import Mended
from gateway.ports import Clock, Ringer, Sink
from gateway.queries import Queries
from gateway.reading import reading_for
from gateway.ringer import RingService
from gateway.sender import Sender
from gateway.settings import ModemConfig, RingVia, Role, Settings
from gateway.sidedoor import SideDoor
from gateway.store import Store, StoreDown
from gateway.troubles import page_problem, part_failed, records_mended, side_door_problem
from gateway.troublewatch import TroubleWatch
from gateway.version import VERSION
from web.app import make_app, serve

log = logging.getLogger(__name__)

RESTART_MIN_S, RESTART_MAX_S = 1.0, 60.0  # a service that failed comes back after 1, 2, 4 ... s
STORE_RETRY_S = 3.0  # records that cannot be opened are tried again: room on a disk comes back by a person's hand
PAGE_RETRY_S = 5.0  # an address that is taken is tried again
FINISH_S = 3.0  # the text in hand may be answered for so long at the end: a network takes 2 to 4 s
LEAVE_S = 1.0  # and this long for writing down what became of it; then the next start shows it as unsure
LOCK = "lock"
SOCKET = "control.sock"
DATABASE = "textback.sqlite3"
HEALED_S = 10.0  # a part that has run for so long after it failed, and for as long as its last pause, is well again
Service = Callable[[], Awaitable[None]]


class AlreadyRunning(Exception):
    """Another gateway uses the same state folder."""


class Gateway:
    """One running box. `run` returns after `stop` was called, or raises what made starting impossible.

    `open_house`: nobody has to sign in to the page.
    The timings of the drivers and `synchronised` (the kernel's word for its clock) can be given for tests.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        modem_timings: Timings | None = None,
        asterisk_timings: AsteriskTimings | None = None,
        synchronised: Callable[[], bool] = kernel_synchronised,
        open_house: bool = False,
    ) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.board = HealthBoard()
        self.ready = asyncio.Event()
        self.page_url = ""
        self._timings = modem_timings or Timings()
        self._asterisk_timings = asterisk_timings or AsteriskTimings()
        self._stop = asyncio.Event()
        self._page_tried = asyncio.Event()
        self._started_at = time.monotonic()
        self.store = Store(settings.state_dir / DATABASE, self.clock)
        self.store.on_mended = self._records_mended
        self._telling: set[asyncio.Task[None]] = set()
        self.watch = ClockWatch(self.clock, settings.business.zone, self.board, synchronised)
        read = reading_for(settings.business, settings.state_dir)
        self.dispatcher = Dispatcher(self.store, settings.business, self.clock, self.board, self.watch, read)
        self.queries = Queries(self.store, self.dispatcher, self.board)
        self.logins = OpenHouse(self.store, self.clock) if open_house else Logins(self.store, self.clock)
        self._side_door = SideDoor(settings, self.clock, self.dispatcher, self.queries, lambda: self.page_url)

    def stop(self) -> None:
        """Ask for a clean end."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until stopped. Raises AlreadyRunning, or StoreDown when the state folder cannot be used, with a sentence.

        Everything else that is in the way (records that cannot be opened, a page address that is taken, hardware that
        is missing) is shown and tried again.
        """
        async with contextlib.AsyncExitStack() as stack:
            stack.enter_context(only_one(self.settings.state_dir))
            stack.push_async_callback(self.store.close)
            await self._open_side_door(stack)
            await stack.enter_async_context(_background(self._keep("page program", self._serve_page), "page"))
            if not await self._open_store():
                return
            modems = self._modems()
            self.sender = Sender(self.dispatcher, self.store, modems, self.clock)
            self.board.listen(lambda _report: self.sender.kick())
            parts = [modem.name for modem in self.settings.modems] + [pbx.name for pbx in self.settings.asterisk]
            trouble = TroubleWatch(parts, self.dispatcher.submit, self.clock)
            stack.callback(trouble.close)
            self.board.listen(trouble)
            services = await self._services(modems)
            self._add_ringing(services, modems)
            await self._page_tried.wait()
            log.info(
                "ready after %.2f s, page at %s", time.monotonic() - self._started_at, self.page_url or "no address"
            )
            self.ready.set()
            await self._serve(services)

    async def _open_store(self) -> bool:
        """Open the records and settle what the last run left; tried until it works. False when stopped before."""
        while not self._stop.is_set():
            try:
                await self.store.open()
                self.watch.start(await self.store.read(records.last_written))
                await self.dispatcher.submit(BoxStarted(self.clock.now()))
                await self._contacts()
                await self.queries.load_pause()
                self.dispatcher.records_up(opened=True)
                return True
            except StoreDown as error:
                await self.store.close()
                self.dispatcher.records_down(error, starting=True)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), STORE_RETRY_S)
        return False

    def _records_mended(self, mended: Mended) -> None:
        """Damaged records were put aside: the page, the log and the owner hear of it. Called in the middle of a write."""
        self.board(records_mended(mended.kept, mended.certain).report("history", self.clock.now()))
        task = asyncio.get_running_loop().create_task(self._tell_of_mending(mended))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell_of_mending(self, mended: Mended) -> None:
        while not self._stop.is_set():
            try:
                await self.queries.load_pause()
                await self.dispatcher.submit(RecordsMended(self.clock.now(), mended.kept, mended.certain))
                return
            except StoreDown:  # not open yet, or in trouble once more
                await asyncio.sleep(STORE_RETRY_S)

    async def _serve(self, services: dict[str, Service]) -> None:
        tasks = [asyncio.create_task(self._keep(name, service), name=name) for name, service in services.items()]
        sending = asyncio.create_task(self._keep("sender", self.sender.run), name="sender")
        try:
            await self._stop.wait()
        finally:
            self.sender.rest()
            await asyncio.wait({sending}, timeout=FINISH_S)
            for task in (sending, *tasks):
                task.cancel()
            await asyncio.wait({sending, *tasks}, timeout=LEAVE_S)
            self.dispatcher.confess()

    async def _keep(self, name: str, service: Service) -> None:
        """Run a service until it is told to end: a bug in it is logged and shown, and it is started again."""
        pause = RESTART_MIN_S
        while True:
            began = time.monotonic()
            failed: Exception | None = None
            healing = asyncio.get_running_loop().call_later(
                max(pause, HEALED_S), lambda: self.board.forget(name, self.clock.now())
            )
            try:
                await service()
            except Exception as error:
                failed = error
            finally:
                healing.cancel()
            if self._stop.is_set():
                return
            log.error("%s failed", name, exc_info=failed)
            self.board(part_failed(name, failed).report(name, self.clock.now()))
            if time.monotonic() - began > RESTART_MAX_S:
                pause = RESTART_MIN_S
            await asyncio.sleep(pause)
            pause = min(RESTART_MAX_S, pause * 2)

    async def _serve_page(self) -> None:
        """Serve the page for ever; an address that is taken is no reason to miss a call."""
        page = self.settings.page
        try:
            while True:
                try:
                    async with serve(self._page(), page.host, page.port) as served:
                        self.page_url = served.url
                        self.board.forget("page", self.clock.now())
                        self._page_tried.set()
                        await asyncio.get_running_loop().create_future()
                except OSError as error:
                    why = (error.strerror or str(error)).removeprefix("page: ").partition(" - ")[0]
                    self.board(page_problem(why).report("page", self.clock.now()))
                self._page_tried.set()
                await asyncio.sleep(PAGE_RETRY_S)
        finally:
            self.page_url = ""
            self._page_tried.set()

    async def _open_side_door(self, stack: contextlib.AsyncExitStack) -> None:
        """The control socket; without it the box works, but `textback status` cannot ask it."""
        try:
            await stack.enter_async_context(control.serve(self.settings.state_dir / SOCKET, self._side_door.answer))
        except OSError as error:
            problem = side_door_problem(error.strerror or str(error))
            self.board(problem.report("control", self.clock.now()))

    def _modems(self) -> list[GsmModem]:
        boot = uuid.uuid4().hex[:8]
        made = []
        for config in self.settings.modems:
            settings = ModemSettings(
                path=config.port,
                name=config.name,
                baud=config.baud,
                rtscts=config.rtscts,
                pin=config.pin,
                on_ring=config.on_ring,
                number=config.number,
                state_dir=self.settings.state_dir,
                profile=config.profile,
                timings=self._timings,
            )
            made.append(GsmModem(settings, self._sink(config), self.board, self.clock, boot))
        return made

    def _sink(self, config: ModemConfig) -> Sink:
        """Calls at a modem come in on the line that is forwarded to it, or on its own number."""
        lines = self.settings.business.lines
        did = next((line.number for line in lines if line.name == config.line), None)
        if did is None and config.role is Role.FORWARDED_LINE and lines:
            did = lines[0].number
        did = did or config.number

        async def submit(event: object) -> None:
            if isinstance(event, CallRang | CallEnded):
                event = replace(event, did=did)
            await self.dispatcher.submit(event)  # type: ignore[arg-type]

        return submit

    async def _services(self, modems: Sequence[GsmModem]) -> dict[str, Service]:
        services: dict[str, Service] = {}
        for modem, modem_config in zip(modems, self.settings.modems, strict=True):
            services[f"{modem_config.name} driver"] = modem.run

        async def submit(event: object) -> None:
            await self.dispatcher.submit(event)  # type: ignore[arg-type]

        open_calls = await self.store.read(records.open_ami_calls)
        keys: list[str] = []
        for config in self.settings.asterisk:
            settings = AsteriskSettings(
                name=config.name,
                host=config.host,
                port=config.port,
                username=config.username,
                secret=config.secret,
                inbound_contexts=config.inbound_contexts,
                internal_contexts=config.internal_contexts,
                timings=self._asterisk_timings,
            )
            keys.append(settings.key)
            feed = AsteriskFeed(settings, submit, self.board, self.clock, open_calls)
            services[f"{config.name} driver"] = feed.run
        for known in open_calls:
            if not any(belongs(known.key, key) for key in keys):
                await submit(given_up(known, self.clock.now()))
        return services

    def _add_ringing(self, services: dict[str, Service], modems: Sequence[GsmModem]) -> None:
        """What rings telephones in an emergency; without any, the rings that wait are given up in their time."""
        ringing = self.settings.ringing
        ringers: list[Ringer] = []
        if ringing.via is RingVia.MODEM:
            ringers += [ModemRinger(modem) for modem in modems]
        elif ringing.via is RingVia.ASTERISK:
            server = next(each for each in self.settings.asterisk if ringing.server in ("", each.name))
            settings = RingerSettings(
                host=server.host,
                port=server.port,
                username=ringing.username,
                secret=ringing.secret,
                channel=ringing.channel,
                caller_id=ringing.caller_id or "",
                prompt=ringing.prompt,
                timings=self._asterisk_timings,
            )
            ringer = AsteriskRinger(settings, self.board, self.clock)
            services["ringing driver"] = ringer.run
            ringers.append(ringer)
        service = RingService(self.dispatcher, self.store, ringers, self.clock, ringing.ring_s)
        self.board.listen(lambda _report: service.kick())
        services["ringing service"] = service.run

    async def _contacts(self) -> None:
        """The configuration's contacts into the books; what is there stays."""
        for contact in self.settings.contacts:
            await self.dispatcher.submit(
                ContactSet(
                    self.clock.now(), contact.number, contact.kind.value, name=contact.name, basis="configuration"
                )
            )

    def _page(self) -> Any:
        return make_app(
            self.queries,
            OfficeCommands(self.dispatcher, self.queries, self.clock),
            self.logins,
            self.clock,
            business=self.settings.business.name,
            zone=self.settings.business.zone,
            allowed_hosts=frozenset(self.settings.page.names),
            version=VERSION,
        )


@contextlib.contextmanager
def only_one(state_dir: Path) -> Iterator[None]:
    """Hold the state folder for this process. Raises AlreadyRunning, or StoreDown when the folder cannot be used."""
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        lock = (state_dir / LOCK).open("a")
    except OSError as error:
        raise StoreDown(
            f"cannot use the state folder {state_dir}: {error.strerror} - create it or choose another"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(f"another gateway runs with the state folder {state_dir} - stop it first") from error
        yield


@contextlib.asynccontextmanager
async def _background(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[None]:
    """Run `work` while the context is open."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def run_until_signalled(gateway: Gateway) -> None:
    """Run a gateway until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, gateway.stop)
    await gateway.run()


@contextlib.asynccontextmanager
async def running(gateway: Gateway) -> AsyncIterator[Gateway]:
    """A gateway that is up while the context is open (demo, tests)."""
    task = asyncio.create_task(gateway.run())
    waiter = asyncio.create_task(gateway.ready.wait())
    await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiter.cancel()
        await task
    try:
        yield gateway
    finally:
        gateway.stop()
        await task
