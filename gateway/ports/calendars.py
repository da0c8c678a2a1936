"""What the gateway expects of whatever reads a calendar of another program (implemented by `drivers.calendars`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class UnreadableError(Exception):
    """It could not be read this time. `why` is a clause, `remedy` sentences."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.why, self.remedy = why, remedy


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which days matter, and the business's zone: that of whole days, and of times without a zone."""

    begins: datetime
    ends: datetime
    wall: ZoneInfo


@dataclass(frozen=True, slots=True)
class Reading:
    """`busy` is None where nothing has changed since `mark`. The rest counts entries that could not be understood."""

    mark: str
    busy: tuple[tuple[datetime, datetime], ...] | None = None
    strange: int = 0
    endless: int = 0
    zones: int = 0


class CalendarReader(Protocol):
    """Reads one calendar, bounded in time, size and work."""

    async def read(self, wanted: Wanted, mark: str) -> Reading:
        """When it says somebody is busy. `mark`: that of the last reading, "" for none. Raises UnreadableError."""
