"""What people look through to see whether the box does well, and which ordinary conversations a week brings to read."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

READ_A_WEEK: Final = 8  # a quarter of an hour's reading
REMINDED_AFTER: Final = timedelta(days=4)  # chosen on Monday: on Friday the week is nearly over
REMINDED_UNTIL: Final = timedelta(days=14)  # by then two other weeks are there to read


class ReviewKind(StrEnum):
    """Why something is looked through."""

    NOT_UNDERSTOOD = "not_understood"
    SLOW = "slow"  # not answered in time
    OPT_OUT = "opt_out"
    UNSURE = "unsure"
    FAILED = "failed"
    READING = "reading"  # an ordinary conversation, for the week's reading


def week_of(at: datetime, zone: ZoneInfo) -> datetime:
    """When the week of a moment began: Monday at midnight on the business's wall."""
    local = at.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    return datetime(monday.year, monday.month, monday.day, tzinfo=zone)


def to_read(leads: Sequence[int]) -> list[int]:
    """A week's reading out of all its leads: the same ones whoever asks, and none chosen for what is in it."""
    return sorted(sorted(leads, key=lambda number: zlib.crc32(str(number).encode()))[:READ_A_WEEK])
