"""Whether the wall clock can be believed, and whether somebody has set it.

A Raspberry Pi has no clock of its own: after a power cut it wakes in 1970, or where it was switched off. Nothing that
depends on the hour goes out while the clock shows a moment that has certainly passed: one before this product existed, or
before the last thing that was written down. It is believed again when it has caught up, when the kernel says that it is
synchronised (NTP, GPS), or when it is set while we run: nobody sets a clock to a wrong time on purpose, and without that a
clock that was once ahead by years would stop the texts for years.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.core.events import Health, HealthReport
from gateway.ports.clock import Clock
from gateway.ports.devices import HealthSink
from gateway.troubles import clock_moved, clock_unsure

COMPONENT = "clock"
NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)  # this product did not exist before
STEP_S = 3.0  # NTP slews small errors; a difference above this is a step
BEHIND_S = 300.0  # a clock set right by a few minutes is behind what was just written, and right all the same
_TIME_ERROR = 5  # adjtimex(2): "the system clock is not synchronized to a reliable server"
_MARK = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd lays it once it has set the clock
_TIMEX_BYTES = 512  # struct timex has 208 bytes on 64 bits; `modes` comes first, 0 asks and changes nothing


def kernel_synchronised(mark: Path = _MARK) -> bool:
    """The kernel was told by a time service that its clock is right; where a sandbox keeps us from asking, by `mark`."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        state = -1
    return mark.exists() if state < 0 else bool(state < _TIME_ERROR)


class ClockWatch:
    """Looks at the clock whenever something happens. `tell` gets the clock's health when it changes."""

    def __init__(
        self,
        clock: Clock,
        zone: ZoneInfo,
        tell: HealthSink,
        synchronised: Callable[[], bool] = kernel_synchronised,
    ) -> None:
        self._clock = clock
        self.zone = zone
        self._tell = tell
        self._synchronised = synchronised
        self._floor = NOT_BEFORE
        self._offset = self._wall_offset()
        self.since = clock.now()  # the start, in the time that the clock shows now
        self._said = ""
        self._moved = ""
        self.sane = True

    def start(self, last_written: datetime | None) -> None:
        """`last_written` is when the gateway last wrote something down, in this run or an earlier one."""
        if last_written is not None:
            self._floor = max(self._floor, last_written)
        self.look()

    def look(self) -> float:
        """Judge the clock; returns by how many seconds it was set since the last look, 0.0 when it was not."""
        now, offset = self._clock.now(), self._wall_offset()
        step = offset - self._offset
        if abs(step) > STEP_S:
            self._offset = offset
            self._floor = NOT_BEFORE
            self.since += timedelta(seconds=step)
            self._moved = clock_moved(step)
        else:
            step = 0.0
        behind = (self._floor - now).total_seconds()
        self.sane = behind <= 0 or (now >= NOT_BEFORE and (behind <= BEHIND_S or self._synchronised()))
        self._report(now)
        return step

    def _report(self, now: datetime) -> None:
        if self.sane:
            say, key = self._moved or "The clock shows a time that can be right.", self._moved or "right"
            report = HealthReport(COMPONENT, Health.UP, now, say)
        else:
            key = "unsure"  # the sentence holds the present minute: told once, not every minute
            report = clock_unsure(now, self._floor, self.zone).report(COMPONENT, now)
        if key != self._said:
            self._said = key
            self._tell(report)

    def _wall_offset(self) -> float:
        # CLOCK_BOOTTIME goes on while the machine sleeps: waking up is no set clock, that time has really passed
        return self._clock.now().timestamp() - time.clock_gettime(time.CLOCK_BOOTTIME)
