"""What can be wrong with the box itself (records, clock, page, a part of the program), in words for a contractor."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.core.events import Health
from gateway.core.problem import Problem

ROOM_BYTES = 1024 * 1024  # less than this is a full disk, whatever SQLite calls the error: its WAL alone wants as much

DISK_FULL = Problem(
    "The disk is full, so nothing can be written down. Callers are not texted until there is room;"
    " calls that come in meanwhile are kept in memory.",
    "Delete files on the box (“df -h” shows which disk is full). It goes on by itself."
    " Do not switch the box off before that: the calls in memory would be lost.",
)
READ_ONLY = Problem(
    "The disk cannot be written to any more. Callers are not texted until it can;"
    " calls that come in meanwhile are kept in memory.",
    "Look whether the disk is mounted read-only and who owns the state folder. A memory card that turns read-only is"
    " usually worn out: put in a new one.",
)
LOCKED = Problem(
    "Another program holds the records. Callers are not texted until it lets them go;"
    " calls that come in meanwhile are kept in memory.",
    "Close the program that has opened the file textback.sqlite3, for example sqlite3 or a backup.",
)
FAILING = Problem(
    "The disk answers with errors. Callers are not texted until the records can be written again;"
    " calls that come in meanwhile are kept in memory.",
    "Copy the state folder to another disk if you can, then put in a new memory card or disk.",
)
DAMAGED = Problem(
    "The records are damaged. Callers are not texted until they can be used again.",
    "Start the gateway again: it keeps the damaged file aside and saves what can be saved.",
)
UNUSABLE = Problem(
    "The records cannot be used. Callers are not texted until they can.",
    "Look at the log of the gateway (journalctl -u textback): it says what the disk answered.",
)


def store_problem(error: Exception, path: Path) -> Problem:
    """Why the records cannot be written or opened. `error` is what the store raised; `path` is the database."""
    cause = error.__cause__ if isinstance(error.__cause__, sqlite3.Error) else error
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code (sqlite.org/rescode.html)
    match code:
        case sqlite3.SQLITE_FULL:
            return DISK_FULL
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LOCKED
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DAMAGED
        case _ if _is_full(path):
            return DISK_FULL
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return READ_ONLY
        case sqlite3.SQLITE_IOERR:
            return FAILING
        case _ if error.args and "schema" in str(error):  # written by a newer version: the message has its own remedy
            say, _, remedy = str(error).partition(" - ")
            return Problem(f"{say}. Callers are not texted until it can be read.", f"{remedy}.")
        case _:
            return UNUSABLE


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < ROOM_BYTES
    except OSError:
        return False


def clock_unsure(shown: datetime, floor: datetime, zone: ZoneInfo) -> Problem:
    """The clock shows a moment before one that has certainly passed."""
    return Problem(
        f"The box's clock shows {_moment(shown, zone)}, but it was later than {_moment(floor, zone)} already."
        " Callers are not texted until the clock is right; they go on the call-back list.",
        "Connect the box to the internet for a minute, or set the clock: sudo timedatectl set-time '2030-01-31 14:05'."
        " A clock module with a battery keeps the time when the power is off.",
    )


def clock_moved(by_s: float) -> str:
    """The sentence about a clock that was set while the box ran."""
    way = "forward" if by_s > 0 else "back"
    return f"The clock was set {way} by {_span(abs(by_s))}. Texts that wait keep their waiting time."


def page_problem(why: str) -> Problem:
    """The page's address cannot be used. `why` is what the system said."""
    return Problem(
        f"This page cannot be opened: {why}. Calls are seen and callers are texted all the same.",
        "Stop the other program at that address, or change page: port in the settings and start the gateway again."
        " “textback status” works meanwhile.",
        Health.DEGRADED,
    )


def side_door_problem(why: str) -> Problem:
    """The control socket cannot be made."""
    return Problem(
        f"“textback status” and “textback send-test” do not work: {why}."
        " Calls are seen and callers are texted all the same.",
        "Choose a shorter path for the state folder, or look whether its disk is full; then start the gateway again.",
        Health.DEGRADED,
    )


def part_failed(part: str, error: BaseException | None) -> Problem:
    """A part of the program ended by a fault of ours."""
    why = type(error).__name__ if error is not None else "it ended by itself"
    return Problem(
        f"A part of the gateway ({part}) has failed ({why}) and is being started again."
        " Callers may be texted late until it runs.",
        "If this stays or comes back, send the log (journalctl -u textback) to whoever looks after the box.",
        Health.DEGRADED,
    )


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%b %-d, %Y, %-I:%M %p}"


def _span(seconds: float) -> str:
    span = timedelta(seconds=round(seconds))
    if span < timedelta(minutes=2):
        return f"{span.seconds} s"
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
