"""A whole box for tests: real store, dispatcher and sender, a modem at the port that does what it is told, a clock to move."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from gateway import records
from gateway.core.business import Business
from gateway.core.effects import Effect
from gateway.core.events import (
    BoxStarted,
    CallEnded,
    CallRang,
    CallReason,
    CallSource,
    CallTaken,
    ErrorClass,
    Event,
    ReportReceived,
    SegmentReceived,
    SubmitResult,
    SubmitVerdict,
)
from gateway.core.understanding.reader import Reading
from gateway.dispatcher import Dispatcher
from gateway.ports.devices import OutgoingSegment
from gateway.reading import reading_for
from gateway.sender import Sender
from gateway.storage.store import Store
from gateway.turns.agenda import next_wake
from tests.gateway.office import CALLER, MILLER

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # a Monday, ten in the morning in Cleveland
BUSINESS = MILLER.business
MAIN = "+12165550100"
THREE_PARTS = replace(
    BUSINESS, templates={**BUSINESS.templates, "open": "Miller Heating & Air " + "word " * 80, "after_hours": "Closed."}
)

Read = Callable[[str], Reading]

ACCEPTED = SubmitResult(SubmitVerdict.ACCEPTED)
UNSURE = SubmitResult(SubmitVerdict.UNCONFIRMED, evidence="silence after Ctrl-Z")
NOT_TAKEN = SubmitResult(SubmitVerdict.NOT_TAKEN, evidence="no prompt")
BUSY = SubmitResult(SubmitVerdict.REJECTED, code=38, error=ErrorClass.TEMPORARY)
NO_SUCH_NUMBER = SubmitResult(SubmitVerdict.REJECTED, code=1, error=ErrorClass.NUMBER)


@cache
def reader() -> Read:
    """What understands the callers of `BUSINESS`."""
    return reading_for(BUSINESS)


class VirtualClock:
    """Stands still until it is moved."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class PortModem:
    """Answers each segment with the next of `answers`, else accepts it. `air` is what has left the antenna."""

    def __init__(self) -> None:
        self.ready = True
        self.answers: deque[SubmitResult] = deque()
        self.air: list[OutgoingSegment] = []
        self.refs: list[int] = []
        self.meanwhile: Callable[[OutgoingSegment], Awaitable[None]] | None = None  # while the modem works
        self.next_ref = 1

    async def submit(self, segment: OutgoingSegment, about_to_write: object = None) -> SubmitResult:
        assert about_to_write is None
        answer = self.answers.popleft() if self.answers else ACCEPTED
        if answer.verdict in (SubmitVerdict.ACCEPTED, SubmitVerdict.UNCONFIRMED):
            self.air.append(segment)
            self.refs.append(self.next_ref)
            self.next_ref = (self.next_ref + 1) % 256
        if self.meanwhile is not None:
            await self.meanwhile(segment)
        return replace(answer, ref=self.refs[-1]) if answer.verdict is SubmitVerdict.ACCEPTED else answer

    async def run(self) -> None:
        raise AssertionError("nobody runs this modem")


class Box:
    """One life of a box, and what may be done to it."""

    def __init__(
        self, store: Store, business: Business, modem: PortModem, clock: VirtualClock, read: Read | None = None
    ) -> None:
        self.store = store
        self.modem = modem
        self.clock = clock
        self.dispatcher = Dispatcher(store, business, clock, read=read)
        self.sender = Sender(self.dispatcher, store, [modem], clock)
        self.effects: list[Effect] = []
        self.dispatcher.listen(lambda _event, effects: self.effects.extend(effects))
        self._keys = 0

    async def start(self) -> None:
        """What the supervisor does, with a feed that finds all its calls gone."""
        await self.dispatcher.submit(BoxStarted(self.clock.now()))
        for call in await self.store.read(records.open_ami_calls):
            await self.dispatcher.submit(
                CallEnded(call.key, call.source, self.clock.now(), call.caller, call.did, None, CallReason.UNKNOWN)
            )

    async def happens(self, event: Event) -> list[Effect]:
        """The event is committed, and what it makes due now is sent."""
        effects = await self.dispatcher.submit(event)
        await self.sender.drain()
        return effects

    async def wait(self, seconds: float) -> None:
        """Time passes; what falls due meanwhile is done at its moment."""
        until = self.clock.moment + timedelta(seconds=seconds)
        while True:
            now = self.clock.moment
            due = await self.store.read(lambda db, now=now: next_wake(db, now))  # type: ignore[misc]
            if due is None or not now < due <= until:
                break
            self.clock.moment = due
            await self.sender.drain()
        self.clock.moment = until
        await self.sender.drain()

    async def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return await self.store.read(lambda db: [tuple(row) for row in db.execute(sql, values)])

    def key(self) -> str:
        self._keys += 1
        return f"k{self._keys}"

    async def rings(
        self, caller: str | None = CALLER, source: CallSource = CallSource.AMI, did: str = MAIN, key_is: str = ""
    ) -> str:
        key = key_is or self.key()
        await self.happens(CallRang(key, source, self.clock.now(), caller, did))
        return key

    async def answered(self, key: str, source: CallSource = CallSource.AMI, by: str = "102") -> None:
        await self.happens(CallTaken(key, source, self.clock.now(), by))

    async def misses(
        self, caller: str | None = CALLER, source: CallSource = CallSource.AMI, did: str = MAIN, key: str = ""
    ) -> None:
        """A call that nobody took ends now."""
        await self.happens(
            CallEnded(key or self.key(), source, self.clock.now(), caller, did, True, CallReason.NO_ANSWER, ring_s=20.0)
        )

    async def ends_answered(self, key: str, caller: str = CALLER, source: CallSource = CallSource.AMI) -> None:
        await self.happens(
            CallEnded(key, source, self.clock.now(), caller, MAIN, False, CallReason.ANSWERED, answered_by="102")
        )

    async def hears(self, body: str, sender: str = CALLER, **more: Any) -> None:
        """A text comes in."""
        await self.happens(SegmentReceived(more.pop("identity", self.key()), self.clock.now(), sender, body, **more))

    async def reported(self, ref: int, status: int = 0, to: str = CALLER, identity: str = "") -> None:
        await self.happens(ReportReceived(identity or self.key(), self.clock.now(), ref, to, status))

    def texts_to(self, peer: str = CALLER) -> list[str]:
        return [segment.body for segment in self.modem.air if segment.to == peer]


@asynccontextmanager
async def living(
    path: Path,
    business: Business = BUSINESS,
    modem: PortModem | None = None,
    clock: VirtualClock | None = None,
    read: Read | None = None,
) -> AsyncIterator[Box]:
    """A box that lives while the context is open; opened again on the same file it is the same box after a restart.

    `read` understands what callers write; without it their texts wait for a person.
    """
    store = Store(path)
    await store.open()
    try:
        box = Box(store, business, modem or PortModem(), clock or VirtualClock(), read)
        await box.start()
        yield box
    finally:
        await store.close()
        await asyncio.sleep(0)
