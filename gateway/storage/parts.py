"""A database file and what lies beside it under its name: the log, its index, our own unfinished work."""

from __future__ import annotations

import os
from pathlib import Path


def beside(path: Path, ending: str) -> Path:
    """The file of that name and ending."""
    return path.with_name(path.name + ending)


def remove(path: Path) -> None:
    """Our own unfinished work of an earlier try, whole."""
    for part in ("", "-wal", "-shm", "-journal"):
        beside(path, part).unlink(missing_ok=True)


def to_disk(path: Path) -> None:
    """What is in a file, or the names in a folder, survive a power cut from now on. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
