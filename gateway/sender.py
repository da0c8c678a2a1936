"""Hands due texts to the modem, one segment at a time, and lets overdue ones expire.

The order is the whole point: the claim is committed (SUBMITTING), then the modem gets the segment, then its answer is
committed. A power cut between any two of these leaves a state from which no customer is texted twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence

from gateway.core.effects import Effect, SendSegment
from gateway.core.events import Event, RingClaimed, SegmentSettled, SubmitResult, SubmitVerdict, TextClaimed
from gateway.dispatcher import Dispatcher
from gateway.ports.clock import Clock
from gateway.ports.devices import OutgoingSegment, TextModem
from gateway.storage.store import Store, StoreDown
from gateway.turns.agenda import next_wake

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 30.0  # the outbox is looked at this often even if nothing falls due: a stepped clock must not strand it
STORE_RETRY_S = 2.0


class Sender:
    """The only task that takes texts out of the outbox."""

    def __init__(self, dispatcher: Dispatcher, store: Store, modems: Sequence[TextModem], clock: Clock) -> None:
        self._dispatcher = dispatcher
        self._store = store
        self._modems = modems
        self._clock = clock
        self._wake = asyncio.Event()
        self._rest = asyncio.Event()
        self._hand = asyncio.Lock()  # held while a text is in the modem's hand
        dispatcher.listen(self._heard)

    def kick(self) -> None:
        """Look at the outbox now (a modem has become ready)."""
        self._wake.set()

    def rest(self) -> None:
        """Finish the text in hand and begin no other one; `run` then returns."""
        self._rest.set()
        self._wake.set()

    async def run(self) -> None:
        """Serve the outbox until told to rest."""
        while not self._rest.is_set():
            self._wake.clear()
            try:
                await self.drain()
                pause = await self._until_next()
                if self._dispatcher.recovering:
                    pause = min(pause, STORE_RETRY_S)
            except StoreDown:
                pause = STORE_RETRY_S
            if self._rest.is_set():
                return
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """The text in hand has its verdict, and none is begun as long as the context is open (modems are exchanged)."""
        try:
            async with self._hand:
                yield
        finally:
            self.kick()

    async def drain(self) -> None:
        """Send everything that is due now, highest priority first. Whoever is at it already goes on to what is new."""
        while not self._rest.is_set() and not self._hand.locked():
            async with self._hand:
                if not await self._send_next():
                    return

    async def _send_next(self) -> bool:
        """The whole of the next text that is due; False when there is none, or nothing to send it with."""
        modem = next((m for m in self._modems if m.ready), None)
        effects = await self._dispatcher.submit(TextClaimed(self._clock.now(), able=modem is not None))
        wish = _wish(effects)
        if wish is None or modem is None:
            return False
        while wish is not None:
            wish = await self._send(modem, wish)
        return True

    async def _send(self, modem: TextModem, wish: SendSegment) -> SendSegment | None:
        """One segment to the modem and its verdict into the books; the next segment of the text, if any."""
        result = SubmitResult(SubmitVerdict.UNCONFIRMED, evidence="the sender was stopped")
        try:
            result = await modem.submit(
                OutgoingSegment(
                    wish.to, wish.body, wish.ucs2, wish.ref, wish.number, wish.total, wish.validity_s, wish.want_report
                )
            )
        finally:
            event = SegmentSettled(self._clock.now(), wish.text_id, wish.number, wish.total, result)
            settled = asyncio.ensure_future(self._settle(event))
            effects = await asyncio.shield(settled)
        return _wish(effects)

    async def _settle(self, event: SegmentSettled) -> list[Effect]:
        """The verdict must be written: wait for the disk until the end, and send nothing else meanwhile."""
        while True:
            try:
                return await self._dispatcher.submit(event)
            except StoreDown as error:
                if self._rest.is_set():
                    raise  # it stays SUBMITTING: the next start shows it as unsure
                log.debug("a text's fate waits to be written: %s", error)
                await asyncio.sleep(STORE_RETRY_S)

    async def _until_next(self) -> float:
        now = self._clock.now()
        due = await self._store.read(lambda db: next_wake(db, now))
        wait = LOOK_AGAIN_S if due is None else (due - now).total_seconds()
        return max(0.0, min(wait, LOOK_AGAIN_S))

    def _heard(self, event: Event, _effects: list[Effect]) -> None:
        if not isinstance(event, TextClaimed | SegmentSettled | RingClaimed):
            self._wake.set()


def _wish(effects: list[Effect]) -> SendSegment | None:
    return next((e for e in effects if isinstance(e, SendSegment)), None)
