"""One doctor at a time on a box, and never one at the modem's port beside a running gateway."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from gateway.statefolder import LOCK

DOCTOR_LOCK = "doctor.lock"


class Taken(Exception):
    """Somebody else holds it."""


@contextlib.contextmanager
def hold(state_dir: Path, name: str) -> Iterator[None]:
    """Hold a lock file of the state folder. Raises Taken. A folder that is not there, or may not be read, holds nobody off.

    A file that root makes here is given to the folder's owner: the gateway's own user has to be able to open it.
    """
    path = state_dir / name
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        yield
        return
    try:
        with contextlib.suppress(OSError):
            owner = state_dir.stat()
            if os.fstat(descriptor).st_uid != owner.st_uid:
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Taken(name) from error
        yield
    finally:
        os.close(descriptor)


__all__ = ["DOCTOR_LOCK", "LOCK", "Taken", "hold"]
