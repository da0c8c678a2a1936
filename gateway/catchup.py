"""Reads the phone systems' own records after each time in which nobody listened: calls of which nothing was seen, or not the end.

The files are read once the link to a phone system stands and the time is known, and again a little later, for records are written
when calls end. Every call is offered; what is known already is known by its key.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.core.events import CallNoted, CallReason, Health, HealthReport, NotedBy
from gateway.core.problem import Problem
from gateway.ports.clock import Clock
from gateway.ports.devices import HealthSink
from gateway.storage.store import StoreDown

log = logging.getLogger(__name__)

READS_S = (
    2.0,
    60.0,
    600.0,
)  # after the link stands: at once, when calls of that moment are over, and when long ones are
MARGIN = timedelta(minutes=15)  # read so far back behind what was surely seen
FARTHEST = timedelta(days=14)  # older calls are nobody's business any more
RETRY_S = 3.0


@dataclass(frozen=True, slots=True)
class CdrCallNote:
    """A call of the records. `key` is unique at that phone system, "" where the records have none."""

    key: str
    identity: str
    caller: str | None
    did: str | None
    missed: bool | None
    reason: CallReason
    answered_by: str | None
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class CdrSource:
    """The records of one phone system. `read` gives the calls that ended since then; it raises OSError and ValueError."""

    part: str
    path: Path
    read: Callable[[datetime, ZoneInfo], Sequence[CdrCallNote]]


class CatchUp:
    """One service for all phone systems. Call it with every health report; `run` ends only by cancellation."""

    def __init__(
        self,
        submit: Callable[[CallNoted], Awaitable[object]],
        board: HealthSink,
        clock: Clock,
        zone: Callable[[], ZoneInfo],
        knows_time: Callable[[], bool],
        trouble: Callable[[Path, str], Problem],
    ) -> None:
        self._submit = submit
        self._board = board
        self._clock = clock
        self._zone = zone
        self._knows_time = knows_time
        self._trouble = trouble
        self._sources: tuple[CdrSource, ...] = ()
        self._since: dict[str, datetime] = {}
        self._up: set[str] = set()
        self._due: dict[str, list[float]] = {}
        self._told: set[str] = set()
        self._wake = asyncio.Event()

    def use(self, sources: Sequence[CdrSource], since: Mapping[str, datetime | None]) -> None:
        """Read these from now on; `since` is until when each phone system's calls were surely seen, None when the gateway has
        never run."""
        self._sources = tuple(sources)
        for source in sources:
            self._since.setdefault(source.part, since[source.part] or self._clock.now())

    def __call__(self, report: HealthReport) -> None:
        """A phone system that is found (again) has calls to tell of."""
        if report.health is Health.UP and report.component not in self._up:
            self._up.add(report.component)
            now = asyncio.get_running_loop().time()
            self._due[report.component] = [now + seconds for seconds in READS_S]
            self._wake.set()
        elif report.health is not Health.UP:
            self._up.discard(report.component)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            for source in self._sources:
                due = self._due.get(source.part, [])
                if due and due[0] <= loop.time() and self._knows_time():
                    due.pop(0)
                    await self._read(source)
            waits = [waiting[0] for source in self._sources if (waiting := self._due.get(source.part))]
            wait = max(0.5, min(waits, default=loop.time() + 3600.0) - loop.time())
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _read(self, source: CdrSource) -> None:
        now = self._clock.now()
        since = max(self._since.get(source.part, now) - MARGIN, now - FARTHEST)
        component = f"{source.part} records"
        try:
            noted = await asyncio.to_thread(source.read, since, self._zone())
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._told.add(component)
            self._board(self._trouble(source.path, why).report(component, now))
            return
        if component in self._told:
            self._board(HealthReport(component, Health.UP, now, "The phone system's records can be read."))
        for call in noted:
            await self._offer(
                CallNoted(
                    NotedBy.CDR,
                    source.part,
                    call.identity,
                    call.ends,
                    call.caller,
                    call.did,
                    call.missed,
                    call.reason,
                    earliest=call.starts,
                    latest=call.ends,
                    key=call.key,
                    answered_by=call.answered_by,
                    started_at=call.starts,
                )
            )
        self._since[source.part] = now

    async def _offer(self, event: CallNoted) -> None:
        while True:
            try:
                await self._submit(event)
                return
            except StoreDown as error:
                log.debug("a call waits to be caught up: %s", error)
                await asyncio.sleep(RETRY_S)
