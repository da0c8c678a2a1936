"""What is older than it is to be kept is deleted at night, a few rows at a time, so that nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from functools import partial

from gateway import records
from gateway.core.care import last_due
from gateway.ports.clock import Clock
from gateway.settings import Settings
from gateway.storage.store import Store, StoreDown

log = logging.getLogger(__name__)

FIRST_S, LOOK_S = 900.0, 60.0
AT_ONCE = 40  # leads or calls in one transaction: some ten milliseconds on a Raspberry Pi 4
BREATH_S = 0.1  # between two of them: calls and texts come first
NIGHT = time(3, 45)  # behind the backup, which has what goes now
_Step = Callable[..., int]


class NightlyForgetting:
    """`sane` tells whether the clock can be believed; `changed` is told when something has gone."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        store: Store,
        clock: Clock,
        sane: Callable[[], bool],
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._sane = sane
        self._changed = changed
        self._done: datetime | None = None  # the night that is over

    async def run(self) -> None:
        """Until it is cancelled."""
        await asyncio.sleep(FIRST_S)
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Once a night, when the clock is right."""
        settings, now = self._settings(), self._clock.now()
        due = last_due(settings.backup.at or NIGHT, now, settings.business.zone)
        if not self._sane() or (self._done is not None and self._done >= due) or now - due > timedelta(hours=3):
            return
        try:
            await self.forget()
            self._done = due
        except StoreDown as error:
            log.warning("old things could not be deleted, it is tried again: %s", error)

    async def forget(self) -> dict[str, int]:
        """Delete all that is too old; gives how much of each kind went. Raises StoreDown."""
        keep, now, gone = self._settings().retention, self._clock.now(), dict[str, int]()
        plan: tuple[tuple[str, float | None, _Step], ...] = (
            ("leads", keep.conversations_s, records.forget_leads),
            ("texts", keep.conversations_s, records.forget_loose_texts),
            ("calls", keep.calls_s, records.forget_calls),
            ("history", keep.history_s, records.forget_history),
            ("inputs", keep.inputs_s, records.forget_inputs),
        )
        for what, seconds, step in plan:
            if seconds is None:
                continue
            before = now - timedelta(seconds=seconds)
            limit = AT_ONCE if what in ("leads", "calls") else AT_ONCE * 5
            while count := await self._store.write(partial(step, before=before, limit=limit)):
                gone[what] = gone.get(what, 0) + count
                await asyncio.sleep(BREATH_S)
        if gone:
            said = ", ".join(f"{count} {what}" for what, count in gone.items())
            await self._store.write(lambda db: records.note(db, now, "box:old", f"deleted as too old: {said}"))
            await self._changed()
        return gone
