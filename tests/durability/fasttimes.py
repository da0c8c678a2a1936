"""The clock that two processes read: the machine's, and how far it has leapt. Who leaps, and when, is in `fastclock`."""

from __future__ import annotations

import mmap
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

_monotonic, _boottime = time.monotonic, time.clock_gettime
_PAGE = struct.Struct("=ddd")


class Times:
    """What both processes read: seconds leapt, what the wall clock is ahead of `monotonic`, whether the internet tells the time."""

    SIZE = _PAGE.size

    def __init__(self, path: Path, began: datetime | None = None) -> None:
        """A file of its own; `began` makes it anew, with the wall clock showing that moment."""
        if began is not None:
            path.write_bytes(_PAGE.pack(0.0, began.timestamp() - _monotonic(), 1.0))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), self.SIZE)

    def _get(self, place: int) -> float:
        return float(struct.unpack_from("=d", self._page, 8 * place)[0])

    def _set(self, place: int, value: float) -> None:
        struct.pack_into("=d", self._page, 8 * place, value)

    @property
    def leapt(self) -> float:
        return self._get(0)

    @leapt.setter
    def leapt(self, seconds: float) -> None:
        self._set(0, seconds)

    @property
    def wall(self) -> float:
        return self._get(1)

    @wall.setter
    def wall(self, ahead: float) -> None:
        self._set(1, ahead)

    @property
    def told(self) -> bool:
        """The kernel is told by the internet that its clock is right."""
        return bool(self._get(2))

    @told.setter
    def told(self, true: bool) -> None:
        self._set(2, float(true))

    def monotonic(self) -> float:
        return _monotonic() + self.leapt

    def time(self) -> float:
        return self.monotonic() + self.wall

    def boottime(self, clock: int) -> float:
        return _boottime(clock) + self.leapt

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def leap(self, to: float) -> None:
        """Forward to that moment of `monotonic`, never back."""
        self.leapt += max(0.0, to - self.monotonic())
