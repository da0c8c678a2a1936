"""Watches modems and phone systems: one that is out of order for long is an event, and so is its end.

What the books know of it outlives a restart; here is only for how long it has lasted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from gateway.core.events import Health, HealthReport, PartBroke, PartMended
from gateway.ports.clock import Clock
from gateway.storage.schema import StoreDown

log = logging.getLogger(__name__)

PATIENCE_S = 600.0  # a modem that restarts is back within two minutes, a phone system after an upgrade within ten
RETRY_S = 3.0  # records that take nothing are tried again
Submit = Callable[[PartBroke | PartMended], Awaitable[object]]


class TroubleWatch:
    """Listens to the health of `parts`. Call it with every report; `close` forgets what waits."""

    def __init__(self, parts: Iterable[str], submit: Submit, clock: Clock, patience_s: float = PATIENCE_S) -> None:
        self._parts = frozenset(parts)
        self._submit = submit
        self._clock = clock
        self._patience_s = patience_s
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._well: set[str] = set()

    def __call__(self, report: HealthReport) -> None:
        """Take in how a part is."""
        part = report.component
        if part not in self._parts:
            return
        if report.health is Health.DOWN and (part in self._well or part not in self._waiting):
            self._well.discard(part)
            self._begin(part, self._wait(part, report.at, report.say))
        elif report.health in (Health.UP, Health.DEGRADED) and part not in self._well:
            self._well.add(part)
            self._begin(part, self._offer(PartMended(self._clock.now(), part)))

    def watch(self, parts: Iterable[str]) -> None:
        """Watch these from now on; what was on its way about others is not told any more."""
        self._parts = frozenset(parts)
        for part in self._waiting.keys() - self._parts:
            self._waiting.pop(part).cancel()
        self._well &= self._parts

    def close(self) -> None:
        """Nothing is told any more."""
        for task in self._waiting.values():
            task.cancel()
        self._waiting.clear()

    def _begin(self, part: str, work: Awaitable[None]) -> None:
        if (before := self._waiting.pop(part, None)) is not None:
            before.cancel()
        self._waiting[part] = asyncio.ensure_future(work)

    async def _wait(self, part: str, since: datetime, say: str) -> None:
        await asyncio.sleep(self._patience_s)
        await self._offer(PartBroke(self._clock.now(), part, since, say))

    async def _offer(self, event: PartBroke | PartMended) -> None:
        while True:
            try:
                await self._submit(event)
                return
            except StoreDown as error:
                log.debug("a trouble waits to be written down: %s", error)
                await asyncio.sleep(RETRY_S)
