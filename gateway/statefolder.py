"""The state folder of a box: what stands in it under which name, and that only one gateway uses it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from gateway.storage.store import StoreDown

LOCK = "lock"
SOCKET = "control.sock"
DATABASE = "textback.sqlite3"
BACKUPS = "backups"


class AlreadyRunning(Exception):
    """Another gateway uses the same state folder."""


@contextlib.contextmanager
def only_one(state_dir: Path) -> Iterator[None]:
    """Hold the state folder for this process. Raises AlreadyRunning, or StoreDown when the folder cannot be used.

    A folder that is there on a disk that may only be read is held as well: the page has to say so, and the disk may come back.
    """
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        lock = _open(state_dir)
    except OSError as error:
        raise StoreDown(
            f"cannot use the state folder {state_dir}: {error.strerror} - create it or choose another"
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(f"another gateway runs with the state folder {state_dir} - stop it first") from error
        yield
    finally:
        os.close(lock)


def _open(state_dir: Path) -> int:
    path = state_dir / LOCK
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return os.open(path if path.exists() else state_dir, os.O_RDONLY)
