"""What the machine itself says about its clock: is it synchronised, does it run while the power is off, which start is this?"""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

_TIME_ERROR = 5  # adjtimex(2): "the system clock is not synchronized to a reliable server"
_MARK = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd lays it once it has set the clock
_TIMEX_BYTES = 512  # struct timex has 208 bytes on 64 bits; `modes` comes first, 0 asks and changes nothing
RTC_NEAR_S = (
    600.0  # a module that differs by more did not give the machine its time: its battery is empty, or there is none
)
BOARD = Path(
    "/sys/firmware/devicetree/base/model"
)  # of boards such as the Raspberry Pi; a PC or a container of one has none
MODULES = Path("/sys/class/rtc")
BOOT = Path("/proc/sys/kernel/random/boot_id")


def kernel_synchronised(mark: Path = _MARK) -> bool:
    """The kernel was told by a time service that its clock is right; where a sandbox keeps us from asking, by `mark`."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        state = -1
    return mark.exists() if state < 0 else bool(state < _TIME_ERROR)


def keeps_time(board: Path = BOARD, modules: Path = MODULES) -> bool:
    """The machine has a clock that runs while it is off. A board has one only where a module shows the same time as the machine;
    everything else is a PC, or runs on one."""
    if not board.exists():
        return True
    for module in sorted(modules.glob("rtc*")):
        try:
            shown = float((module / "since_epoch").read_text(encoding="ascii"))
        except (OSError, ValueError):
            continue
        if abs(shown - time.time()) <= RTC_NEAR_S:
            return True
    return False


def boot_id(path: Path = BOOT) -> str:
    """A name for this start of the machine; "" where there is none."""
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def ticks() -> float:
    """Seconds since the machine was switched on; they go on while it sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
