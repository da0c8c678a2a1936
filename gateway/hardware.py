"""The drivers of a configuration: started, kept running, and exchanged one by one when the configuration changes.

What a changed configuration leaves as it was is not touched. A modem is exchanged when the text in its hand has its verdict; an
Asterisk feed when what it knew of calls in progress is in the books, from which the new one goes on as after a restart; what
rings telephones when nothing rings. The crews' calendars are all read again.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from drivers.asterisk.cdrfile import read_file
from drivers.asterisk.checkup import judge_ringing
from drivers.asterisk.examine import examine
from drivers.asterisk.feed import AsteriskFeed
from drivers.asterisk.ledger import belongs, given_up
from drivers.asterisk.problems import records_unread
from drivers.asterisk.ringer import AsteriskRinger
from drivers.asterisk.settings import DEFAULT_NAME, AsteriskSettings, RingerSettings
from drivers.asterisk.settings import Timings as AsteriskTimings
from drivers.calendars.reading import CalendarReader
from drivers.calendars.settings import CalendarSource, Kind
from drivers.modem.modem import GsmModem, ModemRinger
from drivers.modem.settings import ModemSettings, Timings
from gateway import records
from gateway.calendarwatch import CalendarWatch, Watched
from gateway.catchup import CatchUp, CdrCallNote, CdrSource
from gateway.core.checkup import Finding, Grade
from gateway.core.events import CallEnded, CallRang, CallReason, CallSource, Event, MissedListRead
from gateway.dispatcher import Dispatcher
from gateway.doctor.flight import FlightRecorder
from gateway.health import HealthBoard
from gateway.liveness import Device
from gateway.ports.clock import Clock
from gateway.ports.devices import Recorder, Ringer, Sink, TimeSink
from gateway.ringer import RingService
from gateway.sender import Sender
from gateway.settings import AsteriskConfig, ModemConfig, RingVia, Settings
from gateway.settings.devices import rings_at
from gateway.storage.store import Store, StoreDown
from gateway.troublewatch import TroubleWatch

log = logging.getLogger(__name__)

T = TypeVar("T")
Service = Callable[[], Awaitable[None]]
Keep = Callable[[str, Service], Coroutine[Any, Any, None]]
STORE_RETRY_S = 2.0
CHECKED_WITHIN_S = 30.0  # of one device: a dozen questions, each answered within seconds by all but a dead one
ENDS_WITHIN_S = 5.0  # a driver that is told to end closes its port at once
RINGING = "ringing driver"
MODEM_QUIET_S = 180.0  # a silent modem is asked for a sign of life after 30 s; a network may take 75 s over a text
FEED_QUIET_S = 120.0  # Asterisk is pinged every 10 s, and a link that gives no answer is dropped after 5 s more


class Hardware:
    """Modems, Asterisk feeds and what rings telephones. `keep` runs a service of a name until it is cancelled."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        store: Store,
        board: HealthBoard,
        clock: Clock,
        keep: Keep,
        modem_timings: Timings,
        asterisk_timings: AsteriskTimings,
        flight: FlightRecorder | None = None,
        tell_time: TimeSink | None = None,
        knows_time: Callable[[], bool] = lambda: True,
    ) -> None:
        self._flight = flight
        self._tell_time = tell_time
        self._catch_up = CatchUp(
            dispatcher.submit, board, clock, lambda: dispatcher.business.zone, knows_time, records_unread
        )
        self.modems: list[GsmModem] = []
        self.sender = Sender(dispatcher, store, self.modems, clock)
        self._dispatcher = dispatcher
        self._store = store
        self._board = board
        self._clock = clock
        self._keep = keep
        self._timings = modem_timings
        self._asterisk_timings = asterisk_timings
        self._calendars = CalendarWatch(dispatcher.submit, store, board, board.forget, clock)
        dispatcher.listen(self._calendars.heard)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._named: dict[str, tuple[GsmModem, str]] = {}  # with the name that its calls begin with
        self._feeds: dict[str, AsteriskFeed] = {}
        self._settings: Settings

    @property
    def tasks(self) -> tuple[asyncio.Task[None], ...]:
        """All that runs."""
        return tuple(self._tasks.values())

    def devices(self) -> list[Device]:
        """What the watchdog looks at: the drivers, and since when they have heard nothing."""
        modems = [Device(name, MODEM_QUIET_S, modem.quiet_s) for name, (modem, _) in self._named.items()]
        feeds = [Device(name, FEED_QUIET_S, feed.quiet_s) for name, feed in self._feeds.items()]
        tasks = ((device, self._tasks.get(f"{device.name} driver")) for device in (*modems, *feeds))
        return [replace(device, running=not task.done()) for device, task in tasks if task is not None]

    async def start(self, settings: Settings) -> None:
        """Start all drivers of a configuration."""
        self._settings = settings
        self._trouble = TroubleWatch(_parts(settings), self._dispatcher.submit, self._clock)
        self._ringing = RingService(
            self._dispatcher,
            self._store,
            (),
            self._clock,
            settings.ringing.ring_s,
            lambda: any(modem.ready for modem in self.modems),
        )
        self._board.listen(lambda _report: self.sender.kick())
        await self._use_records(settings)
        self._board.listen(self._catch_up)
        self._board.listen(self._trouble)
        self._board.listen(lambda _report: self._ringing.kick())
        for modem in settings.modems:
            self._begin_modem(modem)
        await self._begin_feeds(settings.asterisk)
        await self._ringing.use(self._ringers(), settings.ringing.ring_s)
        self._begin("ringing service", self._ringing.run)
        self._calendars.use(_watched(settings), settings.business)
        self._begin("calendars", self._calendars.run)
        self._begin("catch-up", self._catch_up.run)

    async def _use_records(self, settings: Settings) -> None:
        sources = _records_of(settings)
        self._catch_up.use(sources, await self._read(_unseen_since(sources)))

    def close(self) -> None:
        """Nothing is told of troubles any more."""
        self._trouble.close()

    async def change(self, settings: Settings) -> tuple[str, ...]:
        """Go by another configuration; gives the names of the parts that were exchanged for it."""
        before, self._settings = self._settings, settings
        self._calendars.use(_watched(settings), settings.business)
        self._trouble.watch(_parts(settings))
        await self._use_records(settings)
        modems_gone = [old for old in before.modems if not any(_alike(old, new) for new in settings.modems)]
        modems_new = [new for new in settings.modems if not any(_alike(old, new) for old in before.modems)]
        feeds_gone = [old for old in before.asterisk if old not in settings.asterisk]
        feeds_new = [new for new in settings.asterisk if new not in before.asterisk]
        rings = before.ringing != settings.ringing or (
            bool(modems_gone or modems_new or feeds_gone or feeds_new) and settings.ringing.via is not RingVia.OFF
        )
        if rings:
            await self._ringing.use((), settings.ringing.ring_s)
            await self._end(RINGING)
        if modems_gone or modems_new:
            async with self.sender.held():
                await self._exchange_modems(modems_gone, modems_new)
            self.sender.kick()
        if feeds_gone or feeds_new:
            for feed in feeds_gone:
                self._feeds.pop(feed.name, None)
                await self._end(_service(feed))
                self._feeds.pop(feed.name, None)
                self._board.forget(feed.name, self._clock.now())
            await self._begin_feeds(feeds_new)
        if rings:
            await self._ringing.use(self._ringers(), settings.ringing.ring_s)
        exchanged = [part.name for part in (*modems_gone, *modems_new)]
        exchanged += [part.name for part in (*feeds_gone, *feeds_new)]
        return tuple(dict.fromkeys([*exchanged, *(["ringing"] if before.ringing != settings.ringing else [])]))

    # ---- what each says of itself

    async def checkup(self) -> tuple[Finding, ...]:
        """How every device is, thing by thing: each is asked by its own driver, which holds its port."""
        if not self._tasks:  # the records cannot be opened, and nothing was started
            return ()
        looks = [_in_time(modem.checkup(), name) for name, (modem, _) in self._named.items()]
        looks += [_in_time(feed.checkup(), name) for name, feed in self._feeds.items()]
        if (ringing := ringing_login(self._settings, self._asterisk_timings)) is not None:
            looks.append(_in_time(check_ringing(ringing), ringing.name))
        return tuple(finding for found in await asyncio.gather(*looks) for finding in found)

    # ---- modems

    async def _exchange_modems(self, gone: Sequence[ModemConfig], new: Sequence[ModemConfig]) -> None:
        for config in gone:
            modem, boot = self._named.pop(config.name)
            self.modems.remove(modem)
            await self._end(_service(config))
            self._board.forget(config.name, self._clock.now())
            await self._end_rings_of(boot)
        for config in new:
            self._begin_modem(config)
        self.modems[:] = [self._named[config.name][0] for config in self._settings.modems]

    def _begin_modem(self, config: ModemConfig) -> None:
        boot = uuid.uuid4().hex[:8]  # each driver counts its calls from 1
        settings = modem_settings(config, self._settings, self._timings)
        recorder = self._recorder(config)
        modem = GsmModem(settings, self._sink(config.name), self._board, self._clock, boot, recorder, self._tell_time)
        self._named[config.name] = modem, boot
        self.modems.append(modem)
        self._begin(_service(config), modem.run)

    async def _end_rings_of(self, boot: str) -> None:
        """Calls that were ringing at a modem whose driver is gone: the modem never answers, so nobody did."""
        for call in await self._read(records.ringing_at_modems):
            if call.key.startswith(f"modem-{boot}-"):
                ended = CallEnded(
                    key=call.key,
                    source=CallSource.MODEM,
                    at=self._clock.now(),
                    caller=call.caller or None,
                    did=call.did,
                    missed=True,
                    reason=CallReason.NO_ANSWER,
                )
                await self._insist(ended)

    def _sink(self, name: str) -> Sink:
        """Calls at a modem come in on the line that is forwarded to it, or on its own number, as it stands at that moment."""

        async def submit(event: object) -> None:
            if isinstance(event, CallRang | CallEnded | MissedListRead):
                event = replace(event, did=self._called(name))
            await self._dispatcher.submit(event)  # type: ignore[arg-type]

        return submit

    def _called(self, name: str) -> str | None:
        config = next((each for each in self._settings.modems if each.name == name), None)
        if config is None:  # the driver is just being ended
            return None
        return rings_at(config, self._settings.business.lines)

    # ---- Asterisk

    async def _begin_feeds(self, configs: Sequence[AsteriskConfig]) -> None:
        """Feeds that go on with the calls that the books know of; calls of no Asterisk that is left are given up."""
        open_calls = await self._read(records.open_ami_calls)
        for config in configs:
            feed = AsteriskFeed(
                self._feed_settings(config), self._submit, self._board, self._clock, open_calls, self._recorder(config)
            )
            self._feeds[config.name] = feed
            self._begin(_service(config), feed.run)
        keys = [self._feed_settings(config).key for config in self._settings.asterisk]
        for known in open_calls:
            if not any(belongs(known.key, key) for key in keys):
                await self._insist(given_up(known, self._clock.now()))

    def _recorder(self, config: ModemConfig | AsteriskConfig) -> Recorder | None:
        return None if self._flight is None else self._flight.of(config.name)

    def _feed_settings(self, config: AsteriskConfig) -> AsteriskSettings:
        return asterisk_settings(config, self._asterisk_timings)

    async def _submit(self, event: object) -> None:
        await self._dispatcher.submit(event)  # type: ignore[arg-type]

    async def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        while True:
            try:
                return await self._store.read(query)
            except StoreDown as error:
                log.debug("calls in progress cannot be read yet: %s", error)
                await asyncio.sleep(STORE_RETRY_S)

    async def _insist(self, event: Event) -> None:
        while True:
            try:
                await self._dispatcher.submit(event)
                return
            except StoreDown as error:
                log.debug("a call waits to be written down: %s", error)
                await asyncio.sleep(STORE_RETRY_S)

    # ---- what rings telephones

    def _ringers(self) -> list[Ringer]:
        """Starts what rings telephones in an emergency; without any, the rings that wait are given up in their time."""
        ringing = self._settings.ringing
        if ringing.via is RingVia.MODEM:
            return [ModemRinger(modem) for modem in self.modems]
        if ringing.via is RingVia.OFF:
            return []
        server = next(each for each in self._settings.asterisk if ringing.server in ("", each.name))
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
        ringer = AsteriskRinger(settings, self._board, self._clock)
        self._begin(RINGING, ringer.run)
        return [ringer]

    # ---- tasks

    def _begin(self, name: str, service: Service) -> None:
        self._tasks[name] = asyncio.create_task(self._keep(name, service), name=name)

    async def _end(self, name: str) -> None:
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()
            await asyncio.wait({task}, timeout=ENDS_WITHIN_S)
            self._board.forget(name, self._clock.now())


def modem_settings(config: ModemConfig, settings: Settings, timings: Timings) -> ModemSettings:
    """What the driver of a modem is told."""
    return ModemSettings(
        path=config.port,
        name=config.name,
        baud=config.baud,
        rtscts=config.rtscts,
        pin=config.pin,
        on_ring=config.on_ring,
        number=config.number,
        state_dir=settings.state_dir,
        profile=config.profile,
        timings=timings,
    )


def asterisk_settings(config: AsteriskConfig, timings: AsteriskTimings) -> AsteriskSettings:
    """What the driver of an Asterisk is told."""
    return AsteriskSettings(
        name=config.name,
        host=config.host,
        port=config.port,
        username=config.username,
        secret=config.secret,
        inbound_contexts=config.inbound_contexts,
        internal_contexts=config.internal_contexts,
        timings=timings,
    )


def ringing_login(settings: Settings, timings: AsteriskTimings) -> AsteriskSettings | None:
    """The manager user who rings telephones in an emergency; None where nobody does, or the modem."""
    ringing = settings.ringing
    if ringing.via is not RingVia.ASTERISK:
        return None
    server = next(each for each in settings.asterisk if ringing.server in ("", each.name))
    return AsteriskSettings(
        name=server.name,
        host=server.host,
        port=server.port,
        username=ringing.username,
        secret=ringing.secret,
        timings=timings,
    )


async def check_ringing(login: AsteriskSettings) -> tuple[Finding, ...]:
    """Whether the manager user who rings telephones may."""
    return judge_ringing(login, await examine(login))


async def _in_time(look: Coroutine[Any, Any, tuple[Finding, ...]], part: str) -> tuple[Finding, ...]:
    try:
        async with asyncio.timeout(CHECKED_WITHIN_S):
            return await look
    except TimeoutError:
        say = f"It did not say how it is within {CHECKED_WITHIN_S:.0f} s."
        return (Finding("answers", "Answers", Grade.WARN, say, "Check again in a minute.", part),)


def _records_of(settings: Settings) -> tuple[CdrSource, ...]:
    """The phone systems whose own records can be read."""
    return tuple(
        CdrSource(server.name, Path(server.cdr), partial(_read_cdr, server))
        for server in settings.asterisk
        if server.cdr is not None
    )


def _read_cdr(server: AsteriskConfig, since: datetime, zone: ZoneInfo) -> list[CdrCallNote]:
    tail = "" if server.name == DEFAULT_NAME else f"@{server.name}"
    return [
        CdrCallNote(
            key=f"{noted.key}{tail}" if noted.key else "",
            identity=noted.key or f"{noted.call.linkedid} {noted.starts:%s}",
            caller=noted.call.caller,
            did=noted.call.did,
            missed=noted.call.missed,
            reason=noted.call.reason,
            answered_by=noted.call.answered_by,
            starts=noted.starts,
            ends=noted.ends,
        )
        for noted in read_file(Path(str(server.cdr)), since, zone, server.inbound_contexts)
    ]


def _unseen_since(sources: Sequence[CdrSource]) -> Callable[[sqlite3.Connection], dict[str, datetime | None]]:
    """Asks the books since when calls of each phone system may have gone unseen."""
    return lambda db: {source.part: records.unseen_since(db, source.part) for source in sources}


def _service(config: ModemConfig | AsteriskConfig) -> str:
    return f"{config.name} driver"


def _parts(settings: Settings) -> list[str]:
    return [modem.name for modem in settings.modems] + [server.name for server in settings.asterisk]


def _alike(one: ModemConfig, other: ModemConfig) -> bool:
    """The same driver serves both: what a call at a modem means is asked at each call."""
    return replace(one, role=other.role, line=other.line) == other


def _watched(settings: Settings) -> list[Watched]:
    """The calendars that a crew names."""
    rules = settings.business.conversation.booking
    named = {name for crew in rules.crews.values() for name in crew.calendars}
    return [
        Watched(
            each.name,
            rules.calendars[each.name].source,
            each.refresh_s,
            each.fresh_s,
            CalendarReader(CalendarSource(each.name, Kind(each.kind.value), each.where, each.user, each.password)),
        )
        for each in settings.calendars
        if each.name in named
    ]
