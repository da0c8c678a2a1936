"""The one door: every event becomes one committed turn, and then the world is told.

`submit` returns after the commit. Effects are shown to the listeners (page, log, sender) in the order of the commits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from gateway.core.business import Business
from gateway.core.effects import CallNotTexted, Effect, OptOutChanged, TextSent
from gateway.core.events import Event
from gateway.core.numbers import masked
from gateway.ports import Clock
from gateway.store import Store
from gateway.turns import Context, take_turn

log = logging.getLogger(__name__)
Listener = Callable[[Event, list[Effect]], None]


class Dispatcher:
    """Takes events of all sources, one at a time."""

    def __init__(self, store: Store, business: Business, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.business = business
        self.clock_sane = True
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener(event, effects)` after each commit; it must not block or raise."""
        self._listeners.append(listener)

    async def submit(self, event: Event) -> list[Effect]:
        """Commit one event. Raises StoreDown when the disk refuses: nothing has happened then, offer it again."""
        now = self._clock.now()
        effects = await self._store.write(lambda db: take_turn(Context(db, self.business, now, self.clock_sane), event))
        for effect in effects:
            _log(effect)
        for listener in self._listeners:
            listener(event, effects)
        return effects

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
        case _:
            pass
