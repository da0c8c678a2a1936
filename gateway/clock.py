"""The only place that asks the machine for the time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from gateway.ports.clock import Clock


class SystemClock:
    """Wall time of the machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait on the monotonic clock."""
        await asyncio.sleep(seconds)


class KeptClock:
    """The time that the gateway goes by: the machine's clock, put right by `by` where the gateway may not set that one."""

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self.by = timedelta()

    def shown(self) -> datetime:
        """What the machine's own clock shows."""
        return self._machine.now()

    def now(self) -> datetime:
        """The present moment, as far as it is known."""
        return self._machine.now() + self.by

    async def sleep(self, seconds: float) -> None:
        """Wait as the machine's clock waits."""
        await self._machine.sleep(seconds)


def to_ms(at: datetime) -> int:
    """A moment as the database stores it."""
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """A stored moment as an aware datetime in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)
