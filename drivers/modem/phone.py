"""Runs the pure call machine of `drivers.modem.calls`: its timers, its questions to the modem, its events to the sink.

A phone outlives the sessions of its modem: a call that rings while the port is reopened stays the same call.
"""

from __future__ import annotations

import asyncio
import logging

from drivers.modem.calls import (
    AskCallList,
    Calls,
    CallsListed,
    HangUp,
    HungUp,
    Input,
    Moment,
    TimePassed,
    due,
    is_ringing,
    step,
)
from drivers.modem.engine import AtEngine, AtTimeoutError, LinkLostError
from drivers.modem.urc import ListedCall, ringing_calls
from gateway.core.events import CallEnded, CallRang, MissedListRead
from gateway.ports.clock import Clock
from gateway.ports.devices import Sink

log = logging.getLogger(__name__)


class Phone:
    """The modem's voice side. `heard` never blocks; `run` ends only by cancellation."""

    def __init__(self, calls: Calls, submit: Sink, clock: Clock) -> None:
        self._calls = calls
        self._submit = submit
        self._clock = clock
        self._engine: AtEngine | None = None
        self._hang_up: tuple[str, ...] = ()
        self._events: asyncio.Queue[CallRang | CallEnded | MissedListRead] = asyncio.Queue()
        self._questions: asyncio.Queue[AskCallList | HangUp] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def busy(self) -> bool:
        """A call is in progress."""
        return self._calls.ringing is not None or self._calls.waiting is not None

    def connect(self, engine: AtEngine, hang_up: tuple[str, ...]) -> None:
        """Questions go to this engine from now on."""
        self._engine, self._hang_up = engine, hang_up

    def heard(self, event: Input) -> None:
        """One thing the modem said about calls."""
        moment = Moment(self._clock.now(), asyncio.get_running_loop().time())
        self._calls, effects = step(self._calls, event, moment)
        for effect in effects:
            if isinstance(effect, (CallRang, CallEnded)):
                self._events.put_nowait(effect)
            else:
                self._questions.put_nowait(effect)
        self._changed.set()
        if self.busy:
            self._idle.clear()
        else:
            self._idle.set()

    async def rest(self) -> None:
        """Wait until no call is in progress."""
        await self._idle.wait()

    def tell(self, event: MissedListRead) -> None:
        """To be committed behind the calls that have been heard, which stand in the list as well."""
        self._events.put_nowait(event)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_time())
            tasks.create_task(self._tell())
            tasks.create_task(self._ask())

    async def _keep_time(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._changed.clear()
            at = due(self._calls)
            if at is not None and at <= loop.time():
                self.heard(TimePassed())
                continue
            try:
                async with asyncio.timeout_at(at):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def _tell(self) -> None:
        """Events in order, each until it is committed: a missed call is stored nowhere else."""
        while True:
            event = await self._events.get()
            level = logging.WARNING
            while True:
                try:
                    await self._submit(event)
                    break
                except Exception as error:  # whatever keeps the store from committing, the call must not be lost
                    log.log(level, "a call waits because it could not be stored: %s", error)
                    level = logging.DEBUG
                    await asyncio.sleep(self._calls.timings.store_retry_s)

    async def _ask(self) -> None:
        while True:
            question = await self._questions.get()
            engine = self._engine
            match question:
                case AskCallList(key):
                    listed = None
                    if engine is not None and is_ringing(self._calls, key):
                        listed = await self._list(engine)
                    self.heard(CallsListed(key, listed))
                case HangUp(key):
                    if engine is not None and await self._reject(engine, key):
                        self.heard(HungUp(key))

    async def _list(self, engine: AtEngine) -> tuple[ListedCall, ...] | None:
        try:
            answer = await engine.command("AT+CLCC", "+CLCC")
        except (AtTimeoutError, LinkLostError):
            return None
        return ringing_calls(answer.lines) if answer.ok else None

    async def _reject(self, engine: AtEngine, key: str) -> bool:
        for command in self._hang_up:
            try:
                async with engine.lock:
                    if not is_ringing(self._calls, key):
                        return False  # it ended while a text was being sent
                    if (await engine.ask(command)).ok:
                        return True
            except (AtTimeoutError, LinkLostError):
                return False
        return False
