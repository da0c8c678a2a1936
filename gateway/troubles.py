"""What can be wrong with the box itself (records, clock, page, a part of the program), in words for a contractor."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.core.events import Health
from gateway.core.problem import NO_MEMORY, Problem
from gateway.core.timesources import Witness

ROOM_BYTES = 1024 * 1024  # less than this is a full disk, whatever SQLite calls the error: its WAL alone wants as much

_RUNNING = "Callers are not texted until that is fixed; calls that come in meanwhile are kept in memory."
_STARTING = "No call is seen and no caller is texted until that is fixed."


@dataclass(frozen=True, slots=True)
class Ailment:
    """What is wrong with the records, whoever is hurt by it."""

    what: str
    remedy: str

    def problem(self, *, starting: bool) -> Problem:
        """While starting nothing is heard yet; a gateway that runs keeps what it hears."""
        return Problem(f"{self.what} {_STARTING if starting else _RUNNING}", self.remedy)


DISK_FULL = Ailment(
    "The disk is full, so nothing can be written down.",
    "Delete files on the box (“df -h” shows which disk is full). It goes on by itself."
    " Do not switch the box off before that: calls that are kept in memory would be lost.",
)
READ_ONLY = Ailment(
    "The disk cannot be written to any more.",
    "Look whether the disk is mounted read-only and who owns the state folder. A memory card that turns read-only is"
    " usually worn out: put in a new one.",
)
LOCKED = Ailment(
    "Another program holds the records.",
    "Close the program that has opened the file textback.sqlite3, for example sqlite3 or a backup.",
)
UNOPENABLE = Ailment(
    "The file of the records cannot be opened.",
    "Look whether the state folder is there, and whether it and its files belong to the gateway's user.",
)
FAILING = Ailment(
    "The disk answers with errors.",
    "Copy the state folder to another disk if you can, then put in a new memory card or disk.",
)
DAMAGED = Ailment(
    "The records are damaged.",
    "Nothing needs to be done: the damaged file is kept aside and what can be saved is saved. If this stays, start the"
    " gateway again.",
)
TOO_NEW = Ailment(
    "The records were written by a newer version of the gateway.",
    "Install the newer version again, or restore a backup from before it.",
)
SHORT_OF_MEMORY = Ailment(
    "The box has no memory left, so nothing can be written down.",
    "Stop other programs on the box (“free -m” shows how much memory is left). It goes on by itself.",
)
UNUSABLE = Ailment(
    "The records cannot be used.",
    "Look at the log of the gateway (journalctl -u textback): it says what the disk answered.",
)
AILMENTS = (DISK_FULL, READ_ONLY, LOCKED, UNOPENABLE, FAILING, DAMAGED, TOO_NEW, SHORT_OF_MEMORY, UNUSABLE)


def ailment(error: Exception, path: Path) -> Ailment:
    """Why the records cannot be written or opened. `error` is what the store raised; `path` is the database."""
    if isinstance(error.__cause__, MemoryError):  # what Python makes of SQLITE_NOMEM, too
        return SHORT_OF_MEMORY
    cause = error.__cause__ if isinstance(error.__cause__, sqlite3.Error) else error
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code (sqlite.org/rescode.html)
    match code:
        case sqlite3.SQLITE_FULL:
            return DISK_FULL
        case sqlite3.SQLITE_NOMEM:
            return SHORT_OF_MEMORY
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LOCKED
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DAMAGED
        case _ if _is_full(path):
            return DISK_FULL
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return READ_ONLY
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN if _is_read_only(path):
            return READ_ONLY
        case sqlite3.SQLITE_CANTOPEN:
            return UNOPENABLE
        case sqlite3.SQLITE_IOERR:
            return FAILING
        case _ if "damaged" in str(error):
            return DAMAGED
        case _ if "schema" in str(error):
            return TOO_NEW
        case _:
            return UNUSABLE


def records_mended(kept: str, certain: bool, filled: str = "") -> Problem:
    """The records were damaged and have been mended; `kept` is the damaged file, `filled` from when the backup is that had the rest."""
    also = f" What could not be read was taken from the backup of {filled}." if filled else ""
    if certain:
        return Problem(
            "The records were damaged and have been mended; who was texted is known. Callers are texted.",
            f"If it happens again, put in a new memory card or disk. The damaged file is kept as {kept}.{also}",
            Health.DEGRADED,
        )
    return Problem(
        "The records were damaged, and it is not certain who was texted already or asked not to be."
        " Callers are not texted; they go on the call-back list.",
        "Look through the calls on this page and note who asked not to be texted; then switch texting on again."
        f" The damaged file is kept as {kept}.{also} If it happens again, put in a new memory card or disk.",
        Health.DEGRADED,
    )


class BackupTrouble(StrEnum):
    """Why a backup did not come out."""

    FULL = "full"
    READ_ONLY = "read_only"
    MISSING = "missing"
    FORBIDDEN = "forbidden"
    DAMAGED = "damaged"
    OTHER = "other"


_BACKUP_REMEDY = {
    BackupTrouble.FULL: "Make room on that disk, or keep fewer backups (backup in the settings)."
    " It is tried again as soon as there is room.",
    BackupTrouble.READ_ONLY: "That disk takes no changes. A stick or card that turns read-only is usually worn out: put in a new one.",
    BackupTrouble.MISSING: "Put the stick in, or see that the share is mounted. It is tried again every half hour.",
    BackupTrouble.FORBIDDEN: "Let the gateway's user write there. It is tried again every half hour.",
    BackupTrouble.DAMAGED: "What was written could not be read back. Put in a new stick or card.",
    BackupTrouble.OTHER: "Look at the log of the gateway (journalctl -u textback): it says what the disk answered.",
}
_BACKUP_WHY = {
    BackupTrouble.FULL: "the disk is full",
    BackupTrouble.READ_ONLY: "the disk can only be read",
    BackupTrouble.MISSING: "nothing is there",
    BackupTrouble.FORBIDDEN: "the gateway may not write there",
    BackupTrouble.DAMAGED: "it could not be read back",
    BackupTrouble.OTHER: "the disk answers with errors",
}


def backup_failed(why: BackupTrouble) -> Problem:
    """The backup could not be made on the box itself."""
    return Problem(
        f"The backup could not be made: {_BACKUP_WHY[why]}. Calls and texts go on.",
        _BACKUP_REMEDY[why],
        Health.DEGRADED,
    )


def backup_not_copied(place: str, why: BackupTrouble) -> Problem:
    """The backup is on the box and could not be copied to its second place."""
    return Problem(
        f"The backup could not be copied to {place}: {_BACKUP_WHY[why]}. There is one on the box itself. Calls and texts go on.",
        _BACKUP_REMEDY[why],
        Health.DEGRADED,
    )


def backup_old(made_at: datetime, zone: ZoneInfo) -> Problem:
    """Two nights have gone without a backup."""
    return Problem(
        f"The newest backup is from {_moment(made_at, zone)}: no night since has brought one. Calls and texts go on.",
        "Leave the box switched on at night, or make one now: on the page “Data”, or with “textback backup FILE”.",
        Health.DEGRADED,
    )


def backup_fine(made_at: datetime, zone: ZoneInfo, copied_to: str | None) -> str:
    """What the light says when there is a backup."""
    also = f" There is a copy in {copied_to}." if copied_to else ""
    return f"The newest backup is from {_moment(made_at, zone)}; it was read back and can be restored.{also}"


def _is_read_only(path: Path) -> bool:
    """Whether the file system takes no new file: one that has given up says so to those who ask for one, and to nobody else."""
    probe = path.with_name(".write-probe")
    try:
        os.close(os.open(probe, os.O_CREAT | os.O_WRONLY, 0o600))
        probe.unlink()
    except OSError as error:
        return error.errno == errno.EROFS
    return False


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < ROOM_BYTES
    except OSError:
        return False


def clock_unsure(shown: datetime, floor: datetime, zone: ZoneInfo) -> Problem:
    """The clock shows a moment before one that has certainly passed."""
    return Problem(
        f"The box's clock shows {_moment(shown, zone)}, but {_moment(floor, zone)} has passed already."
        " Callers are not texted until the clock is right; they go on the call-back list.",
        "Connect the box to the internet for a minute, or set the clock: sudo timedatectl set-time 'YEAR-MONTH-DAY HOUR:MINUTE'."
        " A clock module with a battery keeps the time when the power is off.",
    )


def clock_untold(shown: datetime, zone: ZoneInfo) -> Problem:
    """The machine was off, has no clock of its own, and nobody has told it the time."""
    return Problem(
        f"The box was switched off and does not know what time it is now: its clock shows {_moment(shown, zone)}, and neither the"
        " internet nor the mobile network has said so. Callers are not texted until it knows; they go on the call-back list.",
        "Connect the box to the internet for a minute, or set the clock: sudo timedatectl set-time 'YEAR-MONTH-DAY HOUR:MINUTE'."
        " Where the mobile network tells no time, two texts sent to the box five minutes apart will do."
        " A clock module with a battery keeps the time when the power is off.",
    )


def networks_differ() -> Problem:
    """Two modems were told different times, and nothing says which is right."""
    return Problem(
        "The mobile networks of the modems tell different times, so the box does not know what time it is."
        " Callers are not texted until it knows; they go on the call-back list.",
        "Connect the box to the internet for a minute, or set the clock: sudo timedatectl set-time 'YEAR-MONTH-DAY HOUR:MINUTE',"
        " and set clock: network to no.",
    )


_KNOWN_BY = {
    Witness.INTERNET: "The clock is right: the internet says so.",
    Witness.NETWORK: "The clock is right: the mobile network says so.",
    Witness.TEXTS: "The clock is right: the stamps on texts that came in say so.",
    Witness.SET: "The clock was set while the box ran.",
    Witness.MODULE: "The clock shows a time that can be right.",
    Witness.LAST: "Nobody has confirmed the clock since the box was switched on; it is believed because the settings say so.",
}
_GOES_BY = {Witness.NETWORK: "the mobile network's time", Witness.TEXTS: "the stamps on texts that came in"}


def time_known(by: Witness) -> str:
    """The sentence about a time that is known, and by whom."""
    return _KNOWN_BY[by]


_STAYS = {
    "often": " It was set not long ago, and will be set again within the day.",
    "failed": " It cannot be set, and that does no harm: the box reckons with it.",
}


def clock_wrong(ahead_s: float, by: Witness, stays: str = "") -> str:
    """The sentence about a machine's clock that is wrong while a better time is known. `stays`: why it is not set."""
    way = "ahead" if ahead_s > 0 else "behind"
    say = f"The box goes by {_GOES_BY.get(by, 'another time')}: its own clock is {_span(abs(ahead_s))} {way}."
    return say + _STAYS.get(stays, "")


def clock_put_right(at: datetime, step_s: float, by: Witness, zone: ZoneInfo) -> str:
    """The sentence about a machine's clock that the box has set by a better time."""
    way = "behind" if step_s > 0 else "ahead"
    return (
        f"The clock is right: on {_moment(at, zone)} the box set it by {_GOES_BY.get(by, 'another time')}."
        f" It had been {_span(abs(step_s))} {way}."
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


def certificate_problem(why: str) -> Problem:
    """The page's certificate cannot be used. `why` names the files."""
    return Problem(
        f"This page cannot be opened by HTTPS: {why}. Calls are seen and callers are texted all the same.",
        "Run “textback certificate”, which makes both files, and name them as page: tls_certificate and tls_key; or take"
        " both out of the configuration, and the page is served without. Then run “textback reload”.",
        Health.DEGRADED,
    )


def side_door_problem(why: str) -> Problem:
    """The control socket cannot be made. `why` is what the system said."""
    if "too long" in why:  # a socket's path has at most 107 bytes (unix(7))
        why = "the path of the state folder is too long"
    return Problem(
        f"“textback status” and “textback send-test” do not work: {why}."
        " Calls are seen and callers are texted all the same.",
        "Choose a shorter path for the state folder, or look whether its disk is full. It is tried again by itself.",
        Health.DEGRADED,
    )


def part_failed(part: str, error: BaseException | None) -> Problem:
    """A part of the program ended by a fault of ours."""
    while isinstance(error, BaseExceptionGroup):  # a part that runs several tasks
        error = error.exceptions[0]
    if isinstance(error, MemoryError):
        said = NO_MEMORY
    else:
        said = type(error).__name__ if error is not None else "it ended by itself"
    return Problem(
        f"A part of the gateway ({part}) has failed ({said}) and is being started again."
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


def not_set_up() -> Problem:
    """There is no configuration yet."""
    return Problem(
        "Nothing is set up yet: no call is seen and nobody is texted.",
        "Answer the questions on the page, or write the configuration file and start the gateway again.",
        Health.DEGRADED,
    )


def settings_refused(count: int, first: str) -> Problem:
    """The configuration file was changed and cannot be used; the box goes on with what it had."""
    several = f" ({count} problems)" if count > 1 else ""
    return Problem(
        f"The configuration file was changed and cannot be used{several}; the box goes on by the one before."
        " Calls and texts go on as they did.",
        f"It says: {first}{'' if first.endswith(('.', '?')) else '.'} “textback check” names all of it; then “textback reload”.",
        Health.DEGRADED,
    )


def calendar_unread(name: str, why: str, remedy: str, last: str, until: str) -> Problem:
    """A calendar of a crew cannot be read. `last` is when it was, "" for never; `until` when that counts no more, "" when it does not."""
    cannot = f"The calendar “{name}” cannot be read: {why}."
    if until:
        meanwhile = f"Callers are booked by what was read {last} until {until}."
    elif last:
        meanwhile = f"It has not been read since {last}: what callers choose is requested, not booked."
    else:
        meanwhile = "It was never read: what callers choose is requested, not booked."
    return Problem(f"{cannot} {meanwhile}", remedy, Health.DEGRADED)


def calendar_doubtful(name: str, what: str) -> Problem:
    """A calendar of a crew was read, and not all of it was understood. `what` counts the entries."""
    return Problem(
        f"The calendar “{name}” has {what}. What callers choose is requested, not booked.",
        "Write these entries anew in the program that the calendar comes from. It is read again by itself.",
        Health.DEGRADED,
    )
