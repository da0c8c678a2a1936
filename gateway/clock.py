"""The only place that asks the machine for the time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from gateway.machinetime import ticks
from gateway.ports.clock import Clock

SET_S = 3.0  # a time service moves a clock slowly; what is more was set


class SystemClock:
    """Wall time of the machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait on the monotonic clock."""
        await asyncio.sleep(seconds)


class KeptClock:
    """The time that the gateway goes by: the machine's clock, put right by `by`.

    Where that is another time than the machine's, a machine's clock that is set does not move it: it goes on by the machine's
    counter until `by` is said anew.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._by = timedelta()
        self._base = 0.0  # when the machine was switched on, by the clock that `by` was said of

    @property
    def by(self) -> timedelta:
        """How far the time lies ahead of what the machine's clock shows, or showed when this was said."""
        return self._by

    @by.setter
    def by(self, span: timedelta) -> None:
        self._by, self._base = span, self._machine.now().timestamp() - ticks()

    def shown(self) -> datetime:
        """What the machine's own clock shows."""
        return self._machine.now()

    def now(self) -> datetime:
        """The present moment, as far as it is known."""
        shown = self._machine.now()
        if self._by:
            tick = ticks()
            if abs(shown.timestamp() - tick - self._base) > SET_S:
                shown = datetime.fromtimestamp(self._base + tick, UTC)
        return shown + self._by

    async def sleep(self, seconds: float) -> None:
        """Wait as the machine's clock waits."""
        await self._machine.sleep(seconds)


def to_ms(at: datetime) -> int:
    """A moment as the database stores it."""
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """A stored moment as an aware datetime in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)
