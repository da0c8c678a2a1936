"""Has the telephones of our people rung, one wish at a time for each line that can ring.

As with texts the order is the point: that a telephone is being dialled is committed, then it is dialled, then what came of it
is committed. What is rung in vain is hung up at once: when somebody has the emergency meanwhile, and, where the only modem
rings, when a text of an emergency has to leave.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from gateway import records
from gateway.core.effects import Effect, RingPhone
from gateway.core.events import Event, RingClaimed, RingOutcome, RingSettled, TextClaimed
from gateway.dispatcher import Dispatcher
from gateway.ports.clock import Clock
from gateway.ports.devices import Ringer, RingResult, RingWish
from gateway.storage.store import Store, StoreDown

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 30.0  # as in the sender: a stepped clock must not strand a ring
HELD_S = 1.0  # something is due and cannot be dialled yet: a text goes first, or the line is not free
STORE_RETRY_S = 2.0


class RingService:
    """The only task that claims rings."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        store: Store,
        ringers: Sequence[Ringer],
        clock: Clock,
        ring_s: float,
        can_text: Callable[[], bool],
    ) -> None:
        self._dispatcher = dispatcher
        self._store = store
        self._ringers = ringers
        self._clock = clock
        self._ring_s = ring_s
        self._can_text = can_text  # whether a modem is free for texts: while one rings, another one
        self._wake = asyncio.Event()
        self._looks: set[asyncio.Event] = (
            set()
        )  # of the rings in progress: something has happened, look whether to go on
        self._going: set[asyncio.Task[None]] = set()
        dispatcher.listen(self._heard)

    async def use(self, ringers: Sequence[Ringer], ring_s: float) -> None:
        """Ring with these from now on; what is ringing rings to its end before that."""
        self._ringers = ()
        await self.rest()
        self._ringers, self._ring_s = ringers, ring_s
        self.kick()

    def kick(self) -> None:
        """Look at what waits now (something that can ring has become ready)."""
        self._wake.set()

    async def run(self) -> None:
        """Serve for ever; ends by cancellation, and hangs up what rings then."""
        try:
            while True:
                self._wake.clear()
                try:
                    await self.drain()
                    pause = await self._until_next()
                except StoreDown:
                    pause = STORE_RETRY_S
                try:
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
                except TimeoutError:
                    continue
        finally:
            await self._hang_all_up()

    async def drain(self) -> None:
        """Begin every ring that can begin now."""
        while await self._is_something_due():
            ringer = next((each for each in self._ringers if each.ready), None)
            shares = ringer is not None and ringer.shares_modem
            event = RingClaimed(self._clock.now(), able=ringer is not None, shares=shares)
            wish = _wish(await self._dispatcher.submit(event))
            if wish is None or ringer is None:
                return
            task = asyncio.get_running_loop().create_task(self._ring(ringer, wish), name=f"ring {wish.alert_id}")
            self._going.add(task)
            task.add_done_callback(self._ended)
            await asyncio.sleep(0)  # the ringer is in use before the next one is looked for

    async def rest(self) -> None:
        """Until nothing rings any more."""
        while self._going:
            await asyncio.wait(set(self._going))

    async def _ring(self, ringer: Ringer, wish: RingPhone) -> None:
        result = RingResult(RingOutcome.UNSURE, "the box was stopped while it rang")
        stop, look = asyncio.Event(), asyncio.Event()
        self._looks.add(look)
        watching = asyncio.create_task(
            self._watch(wish.alert_id, ringer, look, stop), name=f"ring {wish.alert_id} watch"
        )
        try:
            result = await ringer.ring(RingWish(wish.to, wish.code, self._ring_s), stop)
        finally:
            watching.cancel()
            self._looks.discard(look)
            await asyncio.shield(asyncio.ensure_future(self._settle(wish.alert_id, result)))

    async def _watch(self, alert_id: int, ringer: Ringer, look: asyncio.Event, stop: asyncio.Event) -> None:
        """Hang up when the ring is in vain, or must make room for a text that was not there when it began."""
        may_be_cut = ringer.shares_modem and not await self._is_text_urgent()
        while not stop.is_set():
            try:
                wanted = await self._store.read(lambda db: records.is_ring_wanted(db, alert_id))
                if not wanted or (may_be_cut and not self._can_text() and await self._is_text_urgent()):
                    stop.set()
                    return
            except StoreDown:  # it rings on: that harms nobody
                log.debug("a ring cannot be looked up")
            await look.wait()
            look.clear()

    async def _is_text_urgent(self) -> bool:
        now = self._clock.now()
        return await self._store.read(lambda db: records.texts_leave_now(db, now, urgent=True))

    async def _settle(self, alert_id: int, result: RingResult) -> None:
        """What came of it must be written: a key that was pressed is not forgotten for a full disk."""
        while True:
            try:
                await self._dispatcher.submit(RingSettled(self._clock.now(), alert_id, result.outcome, result.say))
                return
            except StoreDown as error:
                log.debug("a ring's outcome waits to be written: %s", error)
                await asyncio.sleep(STORE_RETRY_S)

    async def _hang_all_up(self) -> None:
        going = set(self._going)
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._going.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a ring failed", exc_info=error)
        self._wake.set()

    async def _is_something_due(self) -> bool:
        due = await self._store.read(records.next_ring_at)
        return due is not None and due <= self._clock.now()

    async def _until_next(self) -> float:
        due = await self._store.read(records.next_ring_at)
        wait = LOOK_AGAIN_S if due is None else (due - self._clock.now()).total_seconds()
        return max(HELD_S, min(wait, LOOK_AGAIN_S))

    def _heard(self, event: Event, effects: list[Effect]) -> None:
        if isinstance(event, RingClaimed) or (isinstance(event, TextClaimed) and not effects):
            return
        self._wake.set()
        for look in self._looks:
            look.set()


def _wish(effects: list[Effect]) -> RingPhone | None:
    return next((effect for effect in effects if isinstance(effect, RingPhone)), None)
