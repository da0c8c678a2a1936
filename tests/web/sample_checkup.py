"""A check of everything that has found something of each kind."""

from __future__ import annotations

from datetime import UTC, datetime

from gateway.core.checkup import Checkup, Finding, Grade

AT = datetime(2026, 11, 21, 20, 5, tzinfo=UTC)
FOUND = (
    Finding("sim", "SIM card", Grade.PASS, "The SIM card is there and unlocked.", part="modem"),
    Finding(
        "disk_room",
        "Room on the disk",
        Grade.FAIL,
        "The disk is full: 12 MB are left.",
        "Delete files on the box (“df -h” shows which disk is full).",
    ),
    Finding(
        "clock",
        "Clock",
        Grade.WARN,
        "The clock shows 2026-11-21 20:05, and nobody has set it by the internet since the box was switched on.",
        "Connect the box to the internet for a minute, or set the clock: sudo timedatectl set-time 'YEAR-MONTH-DAY HOUR:MINUTE'.",
    ),
    Finding(
        "power",
        "Power supply",
        Grade.SKIPPED,
        "This machine does not tell how its power supply is (a Raspberry Pi does).",
    ),
    Finding(
        "health", "store", Grade.FAIL, "The disk is full, so nothing can be written down.", "Delete files.", "store"
    ),
)


class SampleDoctor:
    """Finds the same each time it is asked."""

    def __init__(self, *, asked: bool = True) -> None:
        self.last: Checkup | None = Checkup(AT, FOUND, live=True, by="Ann") if asked else None

    async def check(self, by: str) -> Checkup:
        self.last = Checkup(AT, FOUND, live=True, by=by)
        return self.last
