"""The state folder of a box: what stands in it under which name, and that only one gateway uses it."""

from __future__ import annotations

import contextlib
import fcntl
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
    """Hold the state folder for this process. Raises AlreadyRunning, or StoreDown when the folder cannot be used."""
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        lock = (state_dir / LOCK).open("a")
    except OSError as error:
        raise StoreDown(
            f"cannot use the state folder {state_dir}: {error.strerror} - create it or choose another"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(f"another gateway runs with the state folder {state_dir} - stop it first") from error
        yield
