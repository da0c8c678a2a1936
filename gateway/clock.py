"""The only place that asks the machine for the time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """Wall time of the machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait on the monotonic clock."""
        await asyncio.sleep(seconds)


def to_ms(at: datetime) -> int:
    """A moment as the database stores it."""
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """A stored moment as an aware datetime in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)
