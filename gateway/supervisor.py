"""Composition root of the running gateway: builds drivers, core and page, starts them, stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from typing import Any

from drivers.asterisk.examine import examine
from drivers.asterisk.settings import AsteriskSettings
from drivers.asterisk.settings import Timings as AsteriskTimings
from drivers.modem.settings import Timings
from gateway import control, newsettings
from gateway.access.feeds import Feeds
from gateway.access.logins import Logins, OpenHouse
from gateway.care.desk import DataDesk
from gateway.care.erasing import Erasing
from gateway.care.forgetting import NightlyForgetting
from gateway.care.nightly import NightlyBackups
from gateway.clock import KeptClock, SystemClock
from gateway.clockwatch import ClockWatch
from gateway.commands.office import OfficeCommands
from gateway.commands.phonesystem import PhoneSystemSide
from gateway.commands.settingsdesk import Desk
from gateway.commands.setup import SetupDesk
from gateway.core.events import SettingsTaken
from gateway.core.phonesystem import PhoneSystem
from gateway.core.sheets import Taken
from gateway.dispatcher import Dispatcher
from gateway.doctor import journal
from gateway.doctor.desk import Doctor
from gateway.doctor.flight import FlightRecorder
from gateway.doctor.masks import secrets_of
from gateway.doctor.metrics import Metrics
from gateway.doctor.program import LoopLag, ProgramWatch
from gateway.hardware import Hardware
from gateway.health import HealthBoard
from gateway.liveness import Liveness
from gateway.machineclock.asking import ClockAsking, folder
from gateway.machinetime import keeps_time, kernel_synchronised
from gateway.openrecords import OpenRecords
from gateway.pageserving import PageServing
from gateway.ports.clock import Clock
from gateway.queries.office import Queries
from gateway.queries.search import Search
from gateway.reading import reading_for
from gateway.restarts import Restarts
from gateway.settings import Problem, Settings, SettingsError, load
from gateway.sidedoor import SideDoor
from gateway.statefolder import DATABASE, SOCKET, only_one
from gateway.storage.store import Store, StoreDown
from gateway.troubles import not_set_up, settings_refused, side_door_problem
from gateway.version import VERSION
from web.app import make_app
from web.guard import Tokens

log = logging.getLogger(__name__)

DOOR_RETRY_S = 3.0  # a control socket that cannot be made is tried again
FINISH_S = 3.0  # the text in hand may be answered for so long at the end: a network takes 2 to 4 s
LEAVE_S = 1.0  # and this long for writing down what became of it; then the next start shows it as unsure
ANSWER_FIRST_S = 0.5  # whoever has just saved on the page gets his answer before the page starts anew


class Gateway:
    """One running box. `run` returns after `stop` was called, or raises what made starting impossible.

    `open_house`: nobody has to sign in to the page.
    The timings of the drivers, `synchronised` (the kernel's word for its clock) and `keeps` (whether the machine has a clock that
    runs while it is off) can be given for tests.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        modem_timings: Timings | None = None,
        asterisk_timings: AsteriskTimings | None = None,
        synchronised: Callable[[], bool] = kernel_synchronised,
        open_house: bool = False,
        keeps: Callable[[], bool] = keeps_time,
    ) -> None:
        self.settings = settings
        self.clock: Clock = KeptClock(clock or SystemClock())
        self.board = HealthBoard()
        self.ready = asyncio.Event()
        self.next: Settings | None = None  # a configuration with which the whole box has to start anew
        self._stop = asyncio.Event()
        self._changing = asyncio.Lock()
        self._started_at = time.monotonic()
        self._started = False  # the drivers run
        self.store = Store(settings.state_dir / DATABASE, self.clock)
        self._reloading: set[asyncio.Task[None]] = set()
        self.watch = ClockWatch(
            self.clock,
            settings.business.zone,
            self.board,
            lambda: synchronised() or self.machine_clock.synchronised(),
            keeps,
        )
        self._believe(settings)
        read = reading_for(settings.business, settings.state_dir)
        self.dispatcher = Dispatcher(self.store, settings.business, self.clock, self.board, self.watch, read)
        self.machine_clock = ClockAsking(self.watch, self.dispatcher.submit, folder())
        self.search = Search(settings.state_dir / DATABASE, lambda: self.dispatcher.business)
        self.dispatcher.listen(self.search.heard)
        self.queries = Queries(self.store, self.dispatcher, self.board, self.search)
        self._records = OpenRecords(
            lambda: self.settings,
            self.store,
            self.clock,
            self.board,
            self.watch,
            self.dispatcher,
            self.queries,
            self.search,
            self._stop,
        )
        self.logins = (OpenHouse if open_house else Logins)(self.store, self.clock, self._people)
        self._feeds = Feeds(self.store, self.clock, lambda: self.dispatcher.business)
        self.backups = NightlyBackups(lambda: self.settings, self.clock, self.board, lambda: self.watch.sane)
        self.forgetting = NightlyForgetting(
            lambda: self.settings, self.store, self.clock, lambda: self.watch.sane, self._records.rows_gone
        )
        erasing = Erasing(lambda: self.settings, self.store, self.clock, self._records.rows_gone)
        self.care = DataDesk(lambda: self.settings, self.backups, erasing, self.store, self.clock)
        self._restarts = Restarts(self.board, self.clock, self._stop.is_set)
        self._page = PageServing(lambda: self.settings.page, self._make_page, self.board, self.clock)
        self._tokens = Tokens()  # a form that was drawn before the page was served anew is taken all the same
        self.desk = Desk(self, self.clock)
        timings = asterisk_timings or AsteriskTimings()
        self.setup = SetupDesk(
            lambda: self.settings,
            self.desk,
            PhoneSystemSide(partial(_examine, timings)),
            self.dispatcher.submit,
            self.store,
            self.queries,
            self.clock,
        )
        self.flight = FlightRecorder(settings.state_dir, self.clock)
        self.board.listen(self.flight)
        self.hardware = Hardware(
            self.dispatcher,
            self.store,
            self.board,
            self.clock,
            self._restarts.keep,
            modem_timings or Timings(),
            timings,
            self.flight,
            self.watch.hear,
            lambda: self.watch.sane,
        )
        self.doctor = Doctor(
            lambda: self.settings,
            self.clock,
            lambda: synchronised() or self.machine_clock.synchronised(),
            lambda: self.page_url,
            self.board.reports,
            self.hardware.checkup,
            lambda: self.watch.told,
        )
        lag = LoopLag()
        self._program = ProgramWatch(self.board, self.clock, lag)
        self.metrics = Metrics(
            self.queries.figures,
            self.board.reports,
            self.queries.paused,
            lambda: self.settings.state_dir,
            lag,
        )
        self._side_door = SideDoor(
            settings,
            self.clock,
            self.dispatcher,
            self.queries,
            lambda: self.page_url,
            self.reload,
            self.logins,
            lambda: self.care,
            self.doctor.look,
            lambda: self.watch.told,
        )

        self.liveness = Liveness(self._records.prove, self.hardware.devices)

    @property
    def page_url(self) -> str:
        """Where the page can be opened; "" while it is nowhere."""
        return self._page.url

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
            stack.push_async_callback(self.search.close)
            self._show_setup()
            await stack.enter_async_context(_background(self._keep_side_door(), "side door"))
            await stack.enter_async_context(_background(self._restarts.keep("page program", self._page.run), "page"))
            await stack.enter_async_context(_background(self._program.run(), "program"))
            if not await self._records.open():
                return
            async with self._changing:
                await self.hardware.start(self.settings)
                self._started = True
            stack.callback(self.hardware.close)
            await stack.enter_async_context(_background(self._restarts.keep("search", self.search.run), "search"))
            for name, service in (
                ("machine's clock", self.machine_clock.run),
                ("backups", self.backups.run),
                ("deleting old things", self.forgetting.run),
            ):
                await stack.enter_async_context(_background(self._restarts.keep(name, service), name))
            await self._page.tried.wait()
            log.info(
                "ready after %.2f s, page at %s", time.monotonic() - self._started_at, self.page_url or "no address"
            )
            self.ready.set()
            await self._serve()

    # ---- another configuration

    def objections(self, settings: Settings) -> list[Problem]:
        """What keeps the running box from going by a configuration that is sound in itself."""
        return newsettings.objections(settings, self.settings)

    async def take_in(self, settings: Settings, by: str, say: str) -> Taken:
        """Go by another configuration: what concerns the business from the next turn on, what concerns devices after their exchange.

        `by` and `say` are for the history: who changed what. Calls in progress and texts in a modem's hand go on. Raises
        SettingsError when this box cannot go by it; then it goes on as before.
        """
        async with self._changing:
            if objections := self.objections(settings):
                raise SettingsError(objections)
            before = self.settings
            if settings.state_dir != before.state_dir:
                self.next = settings
                asyncio.get_running_loop().call_later(ANSWER_FIRST_S, self.stop)
                return Taken(("the whole box",), "Saved. The box starts anew with its other state folder.")
            read = await asyncio.to_thread(reading_for, settings.business, settings.state_dir)
            self.settings = self._side_door.settings = settings
            self.dispatcher.go_by(settings.business, read)
            self._believe(settings)
            logging.getLogger().setLevel(settings.log.level.value.upper())
            journal.hide(secrets_of(settings))
            self._show_setup()
            self.board.forget("configuration", self.clock.now())
            await self._note(before, by, say)
            exchanged = await self.hardware.change(settings) if self._started else ()
            if newsettings.page_of(settings) != newsettings.page_of(before):
                asyncio.get_running_loop().call_later(ANSWER_FIRST_S, self._page.again)
                exchanged = (*exchanged, "page")
            log.info("the configuration was changed by %s: %s", by, say)
            return Taken(exchanged, newsettings.in_use(exchanged))

    async def reload(self, by: str) -> Taken:
        """Take in the file as it stands on the disk. Raises SettingsError with all that is wrong with it."""
        try:
            settings = await asyncio.to_thread(load, self.settings.source)
            return await self.take_in(settings, by, "the configuration file was changed by hand")
        except SettingsError as error:
            for problem in error.problems:
                log.error("%s", problem)
            first = f"{error.problems[0].what}: {error.problems[0].remedy}"
            refused = settings_refused(len(error.problems), first)
            self.board(refused.report("configuration", self.clock.now()))
            raise

    def reload_soon(self) -> None:
        """The same, for a signal: what comes of it is in the journal and on the page."""

        async def work() -> None:
            with contextlib.suppress(SettingsError):
                await self.reload("a signal")

        task = asyncio.get_running_loop().create_task(work(), name="reload")
        self._reloading.add(task)
        task.add_done_callback(self._reloading.discard)

    async def _note(self, before: Settings, by: str, say: str) -> None:
        """Into the history, and new contacts into the books; a disk that refuses keeps nobody from a changed rule."""
        try:
            await self.dispatcher.submit(SettingsTaken(self.clock.now(), by, say))
            await self._records.take_contacts(
                [contact for contact in self.settings.contacts if contact not in before.contacts]
            )
        except StoreDown as error:
            log.warning("a changed configuration is in use and could not be noted: %s", error)

    def _believe(self, settings: Settings) -> None:
        """Who tells the time, by the settings."""
        self.watch.zone = settings.business.zone
        self.watch.network, self.watch.goes_on = settings.clock.network, settings.clock.goes_on

    def _show_setup(self) -> None:
        if self.settings.setup:
            self.board(not_set_up().report("setup", self.clock.now()))
        else:
            self.board.forget("setup", self.clock.now())

    async def _serve(self) -> None:
        sending = asyncio.create_task(self._restarts.keep("sender", self.hardware.sender.run), name="sender")
        try:
            await self._stop.wait()
        finally:
            self.hardware.sender.rest()
            await asyncio.wait({sending}, timeout=FINISH_S)
            running = {sending, *self.hardware.tasks}
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=LEAVE_S)
            self.dispatcher.confess()

    async def _keep_side_door(self) -> None:
        """The control socket; without it the box works, but `textback status` cannot ask it. Tried until it is there."""
        while True:
            try:
                async with control.serve(self.settings.state_dir / SOCKET, self._side_door.answer):
                    self.board.forget("control", self.clock.now())
                    await self._stop.wait()
                    return
            except OSError as error:
                if error.errno != errno.EROFS:  # a disk that may only be read: the records say so
                    problem = side_door_problem(error.strerror or str(error))
                    self.board(problem.report("control", self.clock.now()))
            await asyncio.sleep(DOOR_RETRY_S)

    def _people(self) -> dict[str, str]:
        return {person.key: person.name or person.key for person in self.dispatcher.business.people.everybody}

    def _make_page(self) -> Any:
        return make_app(
            self.queries,
            OfficeCommands(self.dispatcher, self.queries, self.clock),
            self.logins,
            self.clock,
            business=self.settings.business.name,
            zone=self.settings.business.zone,
            allowed_hosts=frozenset(self.settings.page.names),
            version=VERSION,
            desk=self.desk,
            everywhere=self.settings.page.from_internet,
            setup=self.setup,
            feeds=self._feeds,
            care=self.care,
            tokens=self._tokens,
            doctor=self.doctor,
            metrics=self.metrics.text if self.settings.page.metrics else None,
        )


async def _examine(timings: AsteriskTimings, host: str, port: int, username: str, secret: str) -> PhoneSystem:
    return await examine(AsteriskSettings(host=host, port=port, username=username, secret=secret, timings=timings))


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
    """Run a gateway until SIGTERM or SIGINT; SIGHUP has it take in its configuration anew."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, gateway.stop)
    loop.add_signal_handler(signal.SIGHUP, gateway.reload_soon)
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
