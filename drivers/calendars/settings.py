"""Where a calendar is read, and the limits of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How a calendar is read."""

    FILE = "file"
    URL = "url"
    CALDAV = "caldav"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's work is done for one reading."""

    most_bytes: int = 16 * 1024 * 1024  # ten years of a busy office have some 5 MB
    answer_s: float = 60.0  # from the question to the last byte; a NAS that wakes its disks takes 10 to 20
    work_s: float = 120.0  # for understanding it; 20,000 entries take 7 s on a PC, six times that on a Raspberry Pi 3
    work_bytes: int = 512 * 1024 * 1024  # address space; 16 MB of text need some 200


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """One calendar. `where` is a path or an address."""

    name: str
    kind: Kind
    where: str
    user: str = ""
    password: str = field(default="", repr=False)
    limits: Limits = Limits()
