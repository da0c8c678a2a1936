"""Reads the calendars of the crews again and again, and says how each is.

What was read goes into the books, so that a restart without network still knows it. A calendar that says what it said before is
noted only now and then, often enough for the books to know that it is fresh: nothing else here is written in vain.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway import records
from gateway.core.booking.outside import AHEAD, Known, doubts, moment
from gateway.core.business import Business
from gateway.core.effects import Effect
from gateway.core.events import CalendarFailed, CalendarRead, ClockJumped, Event, Health, HealthReport
from gateway.ports.calendars import CalendarReader, Reading, UnreadableError, Wanted
from gateway.ports.clock import Clock
from gateway.ports.devices import HealthSink
from gateway.storage.store import Store, StoreDown
from gateway.troubles import calendar_doubtful, calendar_unread

log = logging.getLogger(__name__)

STORE_RETRY_S = 3.0
AGAIN_S, AGAIN_MOST_S = 30.0, 600.0  # one that could not be read is tried after 30 s, a minute ... at most ten
AT_ONCE = 2  # are worked on: each is a process with some 60 MB, and a Raspberry Pi has a gigabyte
BACK, BEYOND = timedelta(days=1), timedelta(days=3)  # days kept beside those that are offered: `fresh` is one at most
FARTHEST = timedelta(days=14)  # where no kind of appointment says how far ahead


@dataclass(frozen=True, slots=True)
class Watched:
    """A calendar, by what the configuration calls it, where it is, and how often it is read."""

    name: str
    source: str
    refresh_s: float
    fresh_s: float
    reader: CalendarReader


class CalendarWatch:
    """`run` reads what `use` has given; a clock that was set has everything read again."""

    def __init__(
        self,
        submit: Callable[[Event], Awaitable[list[Effect]]],
        store: Store,
        board: HealthSink,
        forget: Callable[[str, datetime], None],
        clock: Clock,
    ) -> None:
        self._submit = submit
        self._store = store
        self._board = board
        self._forget = forget
        self._clock = clock
        self._watched: tuple[Watched, ...] = ()
        self._zone = ZoneInfo("UTC")
        self._ahead = FARTHEST
        self._again = asyncio.Event()
        self._few = asyncio.Semaphore(AT_ONCE)

    def use(self, watched: Sequence[Watched], business: Business) -> None:
        """Read these from now on, at once."""
        for name in {one.name for one in self._watched} - {one.name for one in watched}:
            self._forget(component(name), self._clock.now())
        self._watched, self._zone = tuple(watched), business.zone
        kinds = business.conversation.booking.types
        self._ahead = max((timedelta(days=kind.horizon_days) for kind in kinds), default=FARTHEST)
        self._again.set()

    def heard(self, event: Event, _effects: list[Effect]) -> None:
        """A listener of the dispatcher: what was read by another clock is read by this one."""
        if isinstance(event, ClockJumped):
            self._again.set()

    async def run(self) -> None:
        """Read for ever; ends only by cancellation."""
        while True:
            self._again.clear()
            reading = [asyncio.create_task(self._keep_reading(one), name=component(one.name)) for one in self._watched]
            waiting = asyncio.create_task(self._again.wait())
            try:
                done, _ = await asyncio.wait([*reading, waiting], return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in (*reading, waiting):
                    task.cancel()
                await asyncio.gather(*reading, waiting, return_exceptions=True)

    async def read_all(self) -> None:
        """Read each once."""
        await asyncio.gather(*(self.read(one) for one in self._watched))

    async def _keep_reading(self, one: Watched) -> None:
        failures = 0
        while True:
            if await self.read(one):
                failures = 0
                pause = one.refresh_s
            else:
                pause = min(one.refresh_s, AGAIN_MOST_S, AGAIN_S * 2**failures)
                failures = min(failures + 1, 10)
            await asyncio.sleep(pause)

    async def read(self, one: Watched) -> bool:
        """Read it once, and tell the books and the page what came of it; False where it could not be read."""
        while True:
            try:
                known = (await self._store.read(records.known_calendars)).get(one.name)
                known = known if known is not None and known.source == one.source else None
                try:
                    async with self._few:
                        found = await one.reader.read(self._wanted(), known.mark if known is not None else "")
                except UnreadableError as error:
                    await self._failed(one, known, error)
                    return False
                except Exception as error:  # a bug met in one calendar keeps none of the others from being read
                    log.exception("the calendar %s could not be read", one.name)
                    await self._failed(one, known, _fault(error))
                    return False
                await self._was_read(one, known, found)
                return True
            except StoreDown as error:
                log.debug("calendar %s waits for the records: %s", one.name, error)
                await asyncio.sleep(STORE_RETRY_S)

    def _wanted(self) -> Wanted:
        today = self._clock.now().astimezone(self._zone).date()
        first, last = (
            datetime.combine(day, time(), self._zone).astimezone(UTC)
            for day in (today - BACK, today + self._ahead + BEYOND)
        )
        return Wanted(first, last, self._zone)

    async def _was_read(self, one: Watched, known: Known | None, found: Reading) -> None:
        now = self._clock.now()
        changed = found.busy is not None or known is None or known.read_at is None or known.failed_at is not None
        said = (
            doubts(found.strange, found.endless, found.zones)
            if found.busy is not None or known is None
            else known.doubts
        )
        if changed or known is None or known.read_at is None or not self._is_noted(one, known.read_at, now):
            await self._submit(CalendarRead(now, one.name, one.source, found.mark, found.busy, said))
        facts = {"last read": moment(now, self._zone)}
        if said:
            report = calendar_doubtful(one.name, said).report(component(one.name), now, facts)
        else:
            report = HealthReport(component(one.name), Health.UP, now, "It is read again and again.", facts=facts)
        self._board(report)

    @staticmethod
    def _is_noted(one: Watched, read_at: datetime, now: datetime) -> bool:
        """Whether the books will still call it fresh when it is read the next time."""
        return now - timedelta(seconds=max(0.0, one.fresh_s / 2 - one.refresh_s)) <= read_at <= now + AHEAD

    async def _failed(self, one: Watched, known: Known | None, error: UnreadableError) -> None:
        now = self._clock.now()
        if known is None or known.failed_at is None or known.why != error.why:
            await self._submit(CalendarFailed(now, one.name, one.source, error.why))
        read_at = known.read_at if known is not None else None
        counts = None if read_at is None else read_at + timedelta(seconds=one.fresh_s)
        last = "" if read_at is None else moment(read_at, self._zone)
        until = moment(counts, self._zone) if counts is not None and counts > now else ""
        problem = calendar_unread(one.name, error.why, error.remedy, last, until)
        self._board(problem.report(component(one.name), now, {"last read": last} if last else None))


def _fault(error: Exception) -> UnreadableError:
    why = f"a part of this program failed on it ({type(error).__name__})"
    return UnreadableError(why, "Send the log (journalctl -u textback) to whoever looks after the box.")


def component(name: str) -> str:
    """Under which a calendar is reported."""
    return f"calendar {name}"
