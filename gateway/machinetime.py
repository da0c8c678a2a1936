"""What the machine itself says about its clock: is it synchronised, does it run while the power is off, which start is this?"""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

_NOT_KNOWN_US = (
    16_000_000  # kernel's NTP_PHASE_LIMIT: its error when nobody keeps the clock; systemd-timedated reads it so, too
)
_MARK = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd lays it once it has set the clock
RTC_NEAR_S = (
    600.0  # a module that differs by more did not give the machine its time: its battery is empty, or there is none
)
BOARD = Path(
    "/sys/firmware/devicetree/base/model"
)  # of boards such as the Raspberry Pi; a PC or a container of one has none
MODULES = Path("/sys/class/rtc")
BOOT = Path("/proc/sys/kernel/random/boot_id")


class _Timex(ctypes.Structure):
    """The beginning of adjtimex(2)'s struct timex, which has 208 bytes on 64 bits; `modes` 0 asks and changes nothing."""

    _fields_ = (
        ("modes", ctypes.c_int),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("rest", ctypes.c_char * 480),
    )


def kernel_synchronised(mark: Path = _MARK) -> bool:
    """The kernel was told by a time service that its clock is right; where a sandbox keeps us from asking, by `mark`.

    By the error that the time service keeps small, and not by STA_UNSYNC: chrony without `rtcsync` leaves that set for good.
    """
    timex = _Timex()
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        state = -1
    return mark.exists() if state < 0 else bool(timex.maxerror < _NOT_KNOWN_US)


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
