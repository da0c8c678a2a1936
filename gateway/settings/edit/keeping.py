"""The configuration file on its disk: read with its mark, exchanged as a whole, its former versions kept.

A power cut at any step leaves the old file or the new one, whole:

    former version copied and forced to the disk -> new text in a file beside it, forced -> looked once more whether somebody has
    changed the file meanwhile -> renamed over it -> folder forced
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

KEPT = 50  # versions: a year of an office that changes its hours every week
NEW_MODE = 0o600  # of a file that was not there before: it may hold secrets
_SIDE = ".json"
_VERSION = ".yaml"


class NotSavedError(Exception):
    """Nothing was changed; the sentence says why and what to do."""


class ChangedMeanwhileError(NotSavedError):
    """The file is not the one that was read any more."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the file held when it was read. `mark` is "" where there was no file."""

    data: bytes
    mark: str

    @property
    def text(self) -> str:
        """The text; whoever edits it has had it validated, and so it is UTF-8."""
        return self.data.decode("utf-8")


@dataclass(frozen=True, slots=True)
class Version:
    """A configuration that was in use before: until when, who replaced it, and what that person changed."""

    key: str
    until: datetime
    by: str
    say: str
    mark: str


def mark_of(data: bytes) -> str:
    """A short name of exactly these bytes."""
    return hashlib.sha256(data).hexdigest()[:24]


class ConfigurationFile:
    """One configuration file; its former versions lie in `folder`, readable for this user alone."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder

    def read(self) -> Snapshot:
        """What the file holds now. Raises NotSavedError when it cannot be read."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return Snapshot(b"", "")
        except OSError as error:
            raise NotSavedError(_sentence(error, self.path)) from error
        return Snapshot(data, mark_of(data))

    def write(self, data: bytes, before: str, by: str, say: str, at: datetime) -> Snapshot:
        """Exchange the file whose mark is `before` for one with `data`; returns what it holds now.

        Raises ChangedMeanwhileError when the file is another one by now, NotSavedError when the disk or its rights refuse.
        """
        real = self.path.resolve()
        there = self._expect(before)
        if there.data == data and there.mark:
            return there
        temporary = real.with_name(f".{real.name}.new")
        try:
            if there.mark:
                self._keep(there, by, say, at)
            else:
                real.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write_whole(temporary, data, _rights(real))
                self._expect(before)
                temporary.replace(real)
            except BaseException:
                with contextlib.suppress(OSError):
                    temporary.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise NotSavedError(_sentence(error, real)) from error
        with contextlib.suppress(
            OSError
        ):  # the new file is in use now, and only a power cut could bring the old one back
            _force_folder(real.parent)
        self._forget_the_oldest()
        return Snapshot(data, mark_of(data))

    def _expect(self, before: str) -> Snapshot:
        there = self.read()
        if there.mark != before:
            raise ChangedMeanwhileError(
                "the configuration was changed since you opened this page - look at what is there now and change it again"
            )
        return there

    # ---- former versions

    def versions(self) -> list[Version]:
        """All that are kept, the newest first."""
        try:
            names = sorted((path.stem for path in self.folder.glob(f"*{_VERSION}")), reverse=True)
        except OSError:
            return []
        return [version for name in names if (version := self._version(name)) is not None]

    def former(self, key: str) -> bytes:
        """The bytes of a version that is kept. Raises NotSavedError when it is not."""
        if all(version.key != key for version in self.versions()):
            raise NotSavedError("this version is not kept any more - choose another one")
        try:
            return (self.folder / f"{key}{_VERSION}").read_bytes()
        except OSError as error:
            raise NotSavedError(_sentence(error, self.folder)) from error

    def with_mark(self, mark: str) -> bytes | None:
        """The version that has this mark, if it is kept."""
        version = next((each for each in self.versions() if each.mark == mark), None)
        return None if version is None else self.former(version.key)

    def _version(self, key: str) -> Version | None:
        moment, _, mark = key.partition("-")
        if not moment.isdigit():
            return None
        by, say = "", ""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            side = json.loads((self.folder / f"{key}{_SIDE}").read_text("utf-8"))
            by, say = str(side.get("by", "")), str(side.get("say", ""))
        with contextlib.suppress(ValueError, OverflowError, OSError):
            return Version(key, datetime.fromtimestamp(int(moment) / 1000, UTC), by, say, mark)
        return None

    def _keep(self, there: Snapshot, by: str, say: str, at: datetime) -> None:
        """What stood there until now. The note comes first: a version that is there has one."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        moment = int(at.timestamp() * 1000)
        newest = max((int(each.key.partition("-")[0]) for each in self.versions()), default=0)
        key = f"{max(moment, newest + 1):015d}-{there.mark}"  # a clock that was set back does not change the order
        side = json.dumps({"by": by, "say": say}).encode()
        for name, data in ((f"{key}{_SIDE}", side), (f"{key}{_VERSION}", there.data)):
            path, temporary = self.folder / name, self.folder / f".{name}.new"
            try:
                _write_whole(temporary, data, None)
                temporary.replace(path)
            except BaseException:
                with contextlib.suppress(OSError):
                    temporary.unlink(missing_ok=True)
                raise
        _force_folder(self.folder)

    def _forget_the_oldest(self) -> None:
        for version in self.versions()[KEPT:]:
            for ending in (_VERSION, _SIDE):
                with contextlib.suppress(OSError):
                    (self.folder / f"{version.key}{ending}").unlink(missing_ok=True)


def _rights(path: Path) -> os.stat_result | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a file")
    if not os.access(path, os.W_OK):
        # A rename would get round it, but somebody has meant it.
        raise PermissionError(errno.EACCES, "it is write-protected")
    return found


def _write_whole(path: Path, data: bytes, rights: os.stat_result | None) -> None:
    """A new file with these bytes, on the disk when this returns. `rights`: those of the file whose place it takes."""
    path.unlink(missing_ok=True)  # of a save in which the power went
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NEW_MODE)
    try:
        if rights is not None:
            _own(descriptor, rights)
            os.fchmod(descriptor, stat.S_IMODE(rights.st_mode))
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _own(descriptor: int, rights: os.stat_result) -> None:
    """The former owner and group; only root may give a file away, and then at least the group stays."""
    made = os.fstat(descriptor)
    if (made.st_uid, made.st_gid) == (rights.st_uid, rights.st_gid):
        return
    try:
        os.fchown(descriptor, rights.st_uid, rights.st_gid)
    except PermissionError:
        os.fchown(descriptor, -1, rights.st_gid)


def _force_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sentence(error: OSError, path: Path) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "nothing was saved: the disk is full - free some space and save again"
        case errno.EROFS:
            return f"nothing was saved: the disk with {path} can only be read - make it writable and save again"
        case errno.EACCES | errno.EPERM:
            return (
                f"nothing was saved: the gateway may not write {path} - let its user write that file and its folder, or change the"
                " file yourself"
            )
        case _:
            return f"nothing was saved: {path}: {error.strerror or error} - look at the disk and save again"
