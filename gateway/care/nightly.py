"""The nightly backup: made on the box, read back, tried, copied to a second place, read back there, old ones put away.

A box that was off at the hour makes up for it. A backup that did not come out is tried again, at the next look where a disk that
had no room has some, and the page says why and how old the newest good one is.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway import troubles
from gateway.care.packing import back_up
from gateway.core.care import BackupRules, kept, last_due
from gateway.core.events import Health, HealthReport
from gateway.core.problem import Problem
from gateway.health import HealthBoard
from gateway.ports.clock import Clock
from gateway.settings import Settings
from gateway.statefolder import BACKUPS
from gateway.storage.backupfile import MODE, BackupError, Contents, unpack
from gateway.storage.shelf import Shelved, name_of, shelved

log = logging.getLogger(__name__)

COMPONENT = "backup"
FIRST_S = 600.0  # after a start the box has better things to do
LOOK_S = 60.0
RETRY = timedelta(minutes=30)  # a stick is put back, a share comes up again
OLD = timedelta(hours=49)  # two nights, and one of them an hour longer
_HEALS = (troubles.BackupTrouble.FULL, troubles.BackupTrouble.READ_ONLY)  # what a look at the disk tells the end of
_MOUNTED = ("/media/", "/mnt/", "/run/media/")  # where a folder with nothing mounted in it is the box's own card


@dataclass(frozen=True, slots=True)
class _Failed:
    """A backup that did not come out; `room` is what the disks had for it (`_room`), where that was the reason."""

    problem: Problem
    room: tuple[int, ...] = ()

    def eased(self, room: tuple[int, ...]) -> bool:
        """Whether one of the disks has clearly more room by now, or takes changes again."""
        return any(now - then >= troubles.ROOM_BYTES for then, now in zip(self.room, room, strict=False))


class NightlyBackups:
    """Looks once a minute whether one is due. `sane` tells whether the clock can be believed."""

    def __init__(
        self, settings: Callable[[], Settings], clock: Clock, board: HealthBoard, sane: Callable[[], bool]
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._board = board
        self._sane = sane
        self._tried: datetime | None = None
        self._failed: _Failed | None = None
        self._busy = asyncio.Lock()

    @property
    def folder(self) -> Path:
        """Where they lie on the box."""
        return self._settings().state_dir / BACKUPS

    def shelf(self) -> list[Shelved]:
        """Those on the box, the newest first."""
        return shelved(self.folder)

    async def run(self) -> None:
        """Until it is cancelled."""
        await asyncio.sleep(FIRST_S)
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Make a backup when one is due, and say how things are."""
        rules, now = self._settings().backup, self._clock.now()
        if rules.at is None:
            self._board.forget(COMPONENT, now)
            return
        newest = next(iter(self.shelf()), None)
        due = last_due(rules.at, now, self._zone)
        behind = newest is None or newest.made_at < due or newest.made_at > now + timedelta(days=1)
        waits = self._tried is not None and now - self._tried < RETRY and now >= self._tried
        if waits and self._failed is not None:
            waits = not self._failed.eased(_room(self._settings()))
        if self._sane() and not waits and (behind or self._failed is not None):
            await self._try(again=not behind)
        self._report()

    async def now(self) -> Shelved:
        """One at this moment, by a person's wish. Raises BackupError when it could not be made or copied."""
        await self._try(again=False)
        self._report()
        if self._failed is not None:
            raise BackupError(f"{self._failed.problem.say} - {self._failed.problem.remedy}")
        return self.shelf()[0]

    @property
    def _zone(self) -> ZoneInfo:
        return self._settings().business.zone

    async def _try(self, *, again: bool) -> None:
        """`again`: there is a good one on the box, only its copy is missing."""
        async with self._busy:
            settings, now = self._settings(), self._clock.now()
            self._tried = now
            self._failed = await _alone(partial(self._make, settings, now, again))

    def _make(self, settings: Settings, now: datetime, again: bool) -> _Failed | None:
        rules, folder, room = settings.backup, settings.state_dir / BACKUPS, _room(settings)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sweep(folder)
            if not again:
                contents = back_up(folder / name_of(now), settings.source, settings.state_dir, now)
                log.info("backup made: %s rows, read back and sound", contents.rows)
                _put_away(folder, rules, self._zone)
        except (BackupError, OSError) as error:
            log.warning("the backup could not be made: %s", error)
            return _failed(troubles.backup_failed, error, _least(room, settings)[:1])
        if rules.copy_to is None:
            return None
        place = Path(rules.copy_to)
        try:
            _copy(shelved(folder)[0].path, place, settings.state_dir)
            _put_away(place, rules, self._zone)
        except (BackupError, OSError, IndexError) as error:
            log.warning("the backup could not be copied to %s: %s", place, error)
            return _failed(partial(troubles.backup_not_copied, rules.copy_to), error, _least(room, settings))
        return None

    def _report(self) -> None:
        now, found, rules = self._clock.now(), self.shelf(), self._settings().backup
        if self._failed is not None:
            problem = self._failed.problem
        elif found and now - found[0].made_at > OLD:
            problem = troubles.backup_old(found[0].made_at, self._zone)
        elif not found:
            return
        else:
            say = troubles.backup_fine(found[0].made_at, self._zone, rules.copy_to)
            facts = {"backups": str(len(found)), "size": f"{max(0.1, found[0].bytes / 1e6):.1f} MB"}
            self._board(HealthReport(COMPONENT, Health.UP, now, say, "", facts))
            return
        facts = {"newest": f"{found[0].made_at.astimezone(self._zone):%Y-%m-%d %H:%M}"} if found else {}
        self._board(problem.report(COMPONENT, now, facts))


async def _alone(work: Callable[[], _Failed | None]) -> _Failed | None:
    """In a thread that ends with it: each one of the pool would keep some MB for its next time (glibc's arenas, mallopt(3)), and
    every night it is another one's turn."""
    thread = ThreadPoolExecutor(1, "backup")
    try:
        return await asyncio.get_running_loop().run_in_executor(thread, work)
    finally:
        thread.shutdown(wait=False)


def _room(settings: Settings) -> tuple[int, ...]:
    """Bytes for which the box's disk has room, and that of the second place where there is one; -1 where it takes no changes."""
    places = [settings.state_dir, *([Path(settings.backup.copy_to)] if settings.backup.copy_to else [])]
    return tuple(_free(place) for place in places)


def _free(place: Path) -> int:
    try:
        disk = os.statvfs(next(path for path in (place, *place.parents) if path.exists()))
    except OSError:
        return 0
    return -1 if disk.f_flag & os.ST_RDONLY else disk.f_bavail * disk.f_frsize


def _least(before: tuple[int, ...], settings: Settings) -> tuple[int, ...]:
    """Room may have come between the failure and this look."""
    return tuple(min(both) for both in zip(before, _room(settings), strict=True))


def _copy(backup: Path, place: Path, scratch: Path) -> None:
    """The same bytes at another place, read from there and tried. Raises BackupError, OSError."""
    _expect_mounted(place)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(place)
    target, partial = place / backup.name, place / f".{backup.name}.partial"
    try:
        with backup.open("rb") as source, os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY, MODE), "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
            if hasattr(os, "posix_fadvise"):  # so that it is read from the stick, not from memory
                with suppress(OSError):
                    os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        _try_out(partial, scratch)
        partial.replace(target)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _try_out(backup: Path, scratch: Path) -> Contents:
    """The drill of a restore, on the box's own disk: a stick may be small."""
    folder = scratch / ".textback-work-copy"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        return unpack(backup, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _expect_mounted(place: Path) -> None:
    """Raises OSError ENODEV where a stick or share should be and is not: its backups would land on the box's own card."""
    if str(place).startswith(_MOUNTED):
        there = next(path for path in (place, *place.parents) if path.exists())
        if there.stat().st_dev == Path("/").stat().st_dev:
            raise OSError(errno.ENODEV, "nothing is mounted there")


def _put_away(folder: Path, rules: BackupRules, zone: ZoneInfo) -> None:
    """Delete what the rules do not keep; only files that have a backup's name."""
    found = shelved(folder)
    stay = kept([each.made_at for each in found], rules, zone)
    for each in found:
        if each.made_at not in stay:
            each.path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Our own unfinished work, of a night in which the power went."""
    for path in (*folder.glob(".textback-*.partial"), *folder.glob(".textback-work-*")):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _failed(say: Callable[[troubles.BackupTrouble], Problem], error: Exception, room: tuple[int, ...]) -> _Failed:
    why = _reason(error, room)
    return _Failed(say(why), room if why in _HEALS else ())


def _reason(error: Exception, room: tuple[int, ...]) -> troubles.BackupTrouble:
    cause = error.__cause__ if isinstance(error, BackupError) and error.__cause__ is not None else error
    code, said = getattr(cause, "errno", None), f"{error} {cause}".casefold()
    if code in (errno.ENOSPC, errno.EDQUOT) or "is full" in said or "no space" in said:
        return troubles.BackupTrouble.FULL
    if code == errno.EROFS or "read-only" in said or "readonly" in said:
        return troubles.BackupTrouble.READ_ONLY
    if code in (errno.ENODEV, errno.ENOENT, errno.ENOTDIR, errno.ENOTCONN, errno.EHOSTDOWN, errno.ESTALE):
        return troubles.BackupTrouble.MISSING
    if code in (errno.EACCES, errno.EPERM):
        return troubles.BackupTrouble.FORBIDDEN
    if "damaged" in said or "does not" in said or "not whole" in said:
        return troubles.BackupTrouble.DAMAGED
    if (
        min(room) < troubles.ROOM_BYTES
    ):  # "disk I/O error" is what SQLite says where it finds no room for its log's index
        return troubles.BackupTrouble.READ_ONLY if min(room) < 0 else troubles.BackupTrouble.FULL
    return troubles.BackupTrouble.OTHER
