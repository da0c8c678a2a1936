"""Composition root of the running gateway: builds drivers, core and page, starts them, stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.asterisk.feed import AsteriskFeed
from drivers.asterisk.settings import AsteriskSettings
from drivers.modem.modem import GsmModem
from drivers.modem.settings import ModemSettings, OnRing, Timings
from gateway import control, records
from gateway.clock import SystemClock
from gateway.commands import OfficeCommands
from gateway.core.events import (
    BoxStarted,
    CallEnded,
    CallRang,
    ContactSet,
    Health,
    HealthReport,
    TrialTextAsked,
)
from gateway.dispatcher import Dispatcher
from gateway.health import HealthBoard
from gateway.ports import Clock, Sink
from gateway.queries import Queries
from gateway.sender import Sender
from gateway.settings import ModemConfig, Role, Settings
from gateway.store import Store, StoreDown
from gateway.version import VERSION
from web.app import make_app, serve

log = logging.getLogger(__name__)

RESTART_MIN_S, RESTART_MAX_S = 1.0, 60.0  # a service that failed comes back after 1, 2, 4 ... s
LOCK = "lock"
SOCKET = "control.sock"


class AlreadyRunning(Exception):
    """Another gateway uses the same state folder."""


class Gateway:
    """One running box. `run` returns after `stop` was called, or raises what made starting impossible."""

    def __init__(self, settings: Settings, clock: Clock | None = None, modem_timings: Timings | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.board = HealthBoard()
        self.ready = asyncio.Event()
        self.page_url = ""
        self._timings = modem_timings or Timings()
        self._stop = asyncio.Event()
        self._started_at = time.monotonic()

    def stop(self) -> None:
        """Ask for a clean end."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until stopped. Raises AlreadyRunning, StoreDown or OSError (page address) with a sentence."""
        settings = self.settings
        async with contextlib.AsyncExitStack() as stack:
            stack.enter_context(only_one(settings.state_dir))
            self.store = Store(settings.state_dir / "textback.sqlite3")
            stack.push_async_callback(self.store.close)
            await self.store.open()
            self.dispatcher = Dispatcher(self.store, settings.business, self.clock)
            await self.dispatcher.submit(BoxStarted(self.clock.now()))
            await self._contacts()
            self.queries = Queries(self.store, self.dispatcher, self.board)
            await self.queries.load_pause()
            modems = self._modems()
            self.sender = Sender(self.dispatcher, self.store, modems, self.clock)
            self.board.listen(lambda _report: self.sender.kick())
            services = await self._services(modems)
            await stack.enter_async_context(control.serve(settings.state_dir / SOCKET, self._answer))
            page = await stack.enter_async_context(serve(self._page(), settings.page.host, settings.page.port))
            self.page_url = page.url
            log.info("ready after %.2f s, page at %s", time.monotonic() - self._started_at, page.url)
            self.ready.set()
            await self._serve(services)

    async def _serve(self, services: dict[str, Callable[[], Awaitable[None]]]) -> None:
        tasks = [asyncio.create_task(self._keep(name, service), name=name) for name, service in services.items()]
        try:
            await self._stop.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, name: str, service: Callable[[], Awaitable[None]]) -> None:
        """Run a service for ever: a bug in it is logged and shown, and it is started again."""
        pause = RESTART_MIN_S
        while True:
            began = time.monotonic()
            try:
                await service()
                log.error("%s ended by itself", name)
            except Exception as error:
                log.exception("%s failed", name)
                say = f"{name} failed ({type(error).__name__}) and is being started again"
                self.board(HealthReport(name, Health.DEGRADED, self.clock.now(), say, "If this stays, ask for help."))
            if time.monotonic() - began > RESTART_MAX_S:
                pause = RESTART_MIN_S
            await asyncio.sleep(pause)
            pause = min(RESTART_MAX_S, pause * 2)

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
                on_ring=OnRing(config.on_ring.value),
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

    async def _services(self, modems: Sequence[GsmModem]) -> dict[str, Callable[[], Awaitable[None]]]:
        services: dict[str, Callable[[], Awaitable[None]]] = {"sender": self.sender.run}
        for modem, modem_config in zip(modems, self.settings.modems, strict=True):
            services[f"modem {modem_config.name}"] = modem.run

        async def submit(event: object) -> None:
            await self.dispatcher.submit(event)  # type: ignore[arg-type]

        open_calls = await self.store.read(records.open_ami_calls)
        for config in self.settings.asterisk:
            feed = AsteriskFeed(
                AsteriskSettings(
                    name=config.name,
                    host=config.host,
                    port=config.port,
                    username=config.username,
                    secret=config.secret,
                    inbound_contexts=config.inbound_contexts,
                    internal_contexts=config.internal_contexts,
                ),
                submit,
                self.board,
                self.clock,
                open_calls,
            )
            services[f"asterisk {config.name}"] = feed.run
        return services

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
            self.clock,
            business=self.settings.business.name,
            zone=self.settings.business.zone,
            allowed_hosts=frozenset(),
            version=VERSION,
        )

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The control socket's requests."""
        match request.get("do"):
            case "status":
                return await self.status()
            case "send-test":
                key = f"test:{uuid.uuid4().hex}"
                await self.dispatcher.submit(
                    TrialTextAsked(self.clock.now(), str(request.get("to", "")), key, "send-test")
                )
                return {"key": key}
            case "text":
                row = await self.queries.text_state(str(request.get("key", "")))
                return {"state": row.state, "say": row.say} if row else {"state": "", "say": "no such text"}
            case other:
                return {"error": f"unknown request {other!r}"}

    async def status(self) -> dict[str, Any]:
        """What the running gateway knows."""
        today = await self.queries.today(self.clock.now())
        return {
            "business": self.settings.business.name,
            "version": VERSION,
            "page": self.page_url,
            "up_s": round(time.monotonic() - self._started_at),
            "paused": self.queries.paused(),
            "today": {
                "missed": today.missed,
                "texted": today.texted,
                "answered": today.answered,
                "not_texted": today.not_texted,
                "waiting": today.waiting,
            },
            "queue": await self.queries.counts(),
            "health": [
                {"component": r.component, "health": r.health.value, "say": r.say, "remedy": r.remedy, "facts": r.facts}
                for r in self.board.reports()
            ],
        }


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
