"""The one door: every event becomes one committed turn, and then the world is told.

`submit` returns after the commit. Effects are shown to the listeners (page, log, sender) in the order of the commits.
The door also sees first what stands in everybody's way: a disk that refuses, and a wall clock that was set. It tells of
both, and a set clock is taken in before the event that met it, so that nothing is shifted that was queued by the new time.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway import records
from gateway.clockwatch import ClockWatch
from gateway.core.business import Business
from gateway.core.effects import CallNotTexted, Effect, OptOutChanged, ResponseTimeJudged, SetAside, TextSent
from gateway.core.events import CallEnded, CallRang, CallTaken, ClockJumped, Event, Health, HealthReport
from gateway.core.numbers import masked
from gateway.core.problem import Problem
from gateway.core.understanding.reader import Reading
from gateway.ports.clock import Clock
from gateway.ports.devices import HealthSink
from gateway.storage.store import Store, StoreDown
from gateway.troubles import ailment
from gateway.turns import Context, take_turn

log = logging.getLogger(__name__)
Listener = Callable[[Event, list[Effect]], None]


RECORDS = "store"  # the component under which the records are reported
STEADY_S = (
    5.0  # a disk that is nearly full takes small things and refuses big ones: it is fine after so long without a no
)


@dataclass(frozen=True, slots=True)
class _Refused:
    """A call that the disk would not take. `since` is the watch's when it was offered first."""

    event: CallRang | CallTaken | CallEnded
    since: datetime | None


def _key(event: CallRang | CallTaken | CallEnded) -> tuple[str, str, str]:
    return event.source, event.key, type(event).__name__


class Dispatcher:
    """Takes events of all sources, one at a time. `tell` hears how the records are, `watch` how the clock is, `read` understands texts."""

    def __init__(
        self,
        store: Store,
        business: Business,
        clock: Clock,
        tell: HealthSink | None = None,
        watch: ClockWatch | None = None,
        read: Callable[[str], Reading] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._tell = tell
        self._watch = watch
        self._rules = (business, read)
        self._step = 0.0  # seconds by which the clock was set, not yet taken in
        self._trouble: Problem | None = None
        self._fine = False  # the records have been said to be fine
        self._well_since: float | None = None  # monotonic; the first commit after the last refusal
        self._listeners: list[Listener] = []
        self._jobs: set[asyncio.Task[list[Effect]]] = set()
        self._refused: dict[tuple[str, str, str], _Refused] = {}

    @property
    def business(self) -> Business:
        """The rules of the next turn."""
        return self._rules[0]

    def go_by(self, business: Business, read: Callable[[str], Reading] | None) -> None:
        """Other rules from the next turn on; the one in progress ends by those with which it began."""
        self._rules = (business, read)

    def listen(self, listener: Listener) -> None:
        """Call `listener(event, effects)` after each commit; it must not block or raise."""
        self._listeners.append(listener)

    async def submit(self, event: Event) -> list[Effect]:
        """Commit one event. Raises StoreDown when the disk refuses: nothing has happened then, offer it again.

        A caller that is cancelled meanwhile does not keep the listeners from hearing of what is committed.
        """
        job = asyncio.get_running_loop().create_task(self._take(event))
        self._jobs.add(job)
        job.add_done_callback(self._taken)
        return await asyncio.shield(job)

    def _taken(self, job: asyncio.Task[list[Effect]]) -> None:
        self._jobs.discard(job)
        if not job.cancelled():
            job.exception()  # told to the caller; one that was cancelled offers the event again

    async def _take(self, event: Event) -> list[Effect]:
        if self._watch is not None:
            self._step += self._watch.look()
        now, sane = self._clock.now(), self._watch is None or self._watch.sane
        step, self._step = self._step, 0.0
        trouble = self._trouble if self._well_since is None else None
        events: list[Event] = [self._in_present_time(event, now)]
        if step and self._watch is not None:
            events.insert(0, ClockJumped(now, step, self._watch.since - timedelta(seconds=step), self._watch.fresh))
        judged = self._watch.news() if self._watch is not None else None
        if judged is not None:
            events.insert(len(events) - 1, judged)

        def turn(db: sqlite3.Connection) -> list[list[Effect]]:
            if trouble is not None:  # a transaction that writes nothing proves nothing
                records.note(db, now, "box:records", f"can be written again; before: {trouble.say}")
            business, read = self._rules
            return [take_turn(Context(db, business, now, sane, read), each) for each in events]

        try:
            done = await self._store.write(turn)
        except Exception as error:  # raised again below, and by whoever offered the event shown, logged and retried
            self._step += step  # nothing was committed: the clock's step has not been taken in
            if isinstance(error, StoreDown):
                self.records_down(error)
                if isinstance(event, CallRang | CallTaken | CallEnded):
                    since = self._watch.since if self._watch is not None else None
                    self._refused.setdefault(_key(event), _Refused(event, since))
            raise
        self.records_up()
        if self._watch is not None and judged is not None:
            self._watch.noted(judged)
        if self._refused and isinstance(event, CallRang | CallTaken | CallEnded):
            self._refused.pop(_key(event), None)
        for each, effects in zip(events, done, strict=True):
            for effect in effects:
                _log(effect)
            for listener in self._listeners:
                try:
                    listener(each, effects)
                # The event is committed: its driver must not offer it again, nor the next listener miss it, for one's fault.
                except Exception:
                    log.exception("a listener failed on %s", type(each).__name__)
        return done[-1]

    def _in_present_time(self, event: Event, now: datetime) -> Event:
        """A call that waited for the disk while the clock was set ended as long ago as before; nothing ends in the future."""
        if self._refused and self._watch is not None and isinstance(event, CallRang | CallTaken | CallEnded):
            waited = self._refused.get(_key(event))
            if waited is not None and waited.since is not None:
                event = replace(event, at=event.at + (self._watch.since - waited.since))
        return replace(event, at=now) if event.at > now else event

    def records_down(self, error: StoreDown, *, starting: bool = False) -> None:
        """The records cannot be written or opened. `starting`: nothing listens for calls yet."""
        self._well_since = None
        self._trouble = ailment(error, self._store.path).problem(starting=starting)
        log.debug("the records: %s", error)
        if self._tell is not None:
            self._tell(self._trouble.report(RECORDS, self._clock.now()))

    @property
    def recovering(self) -> bool:
        """The records were written again after trouble, not yet for long enough to be called well: look again soon."""
        return self._trouble is not None and self._well_since is not None

    def records_up(self, *, opened: bool = False) -> None:
        """A transaction was committed. `opened`: the records could not be opened before, and now they are."""
        if self._trouble is not None and not opened:
            if self._well_since is None:
                self._well_since = time.monotonic()
            if time.monotonic() - self._well_since < STEADY_S:
                return
        if self._tell is not None and (self._trouble is not None or not self._fine):
            self._tell(HealthReport(RECORDS, Health.UP, self._clock.now(), "Calls and texts are written down."))
        self._trouble, self._fine = None, True

    def confess(self) -> None:
        """At the very end: say which calls only the memory knows of, for it is gone now."""
        for refused in self._refused.values():
            event = refused.event
            caller = "" if isinstance(event, CallTaken) else masked(event.caller or "a withheld number")
            log.error(
                "a call of %s could not be written down before the end: call back by the phone's own list",
                caller or "somebody",
            )

    def now(self) -> datetime:
        """The present moment, as turns see it."""
        return self._clock.now()


def _log(effect: Effect) -> None:
    """One line per customer-visible act, numbers masked."""
    match effect:
        case TextSent():
            log.info(
                "text %s to %s %s (%s)",
                effect.text_id,
                masked(effect.to),
                "sent" if effect.sure else "UNSURE",
                effect.purpose,
            )
        case CallNotTexted():
            log.info("call %s of %s not texted: %s", effect.call_id, masked(effect.caller), effect.say)
        case OptOutChanged():
            log.info("%s %s", masked(effect.peer), "opted out" if effect.state else "opted back in")
        case ResponseTimeJudged():
            log.log(logging.INFO if effect.kept else logging.WARNING, "%s", effect.say)
        case SetAside():
            log.error("%s was set aside: %s", effect.event, effect.fault)
        case _:
            pass
