"""Sets the machine's clock, once, when the gateway knows better: `python -m gateway.machineclock.setting`, run by
systemd/textback-clock.service as root with CAP_SYS_TIME alone.

Reads the gateway's request, judges it (`gateway.machineclock.slips`), sets the clock if so, says in the journal what it did,
and writes the answer. Only the standard library; ends with 0 unless not even the answer can be written.
"""

from __future__ import annotations

import os
import pwd
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from gateway.machineclock.slips import (
    MOST_BYTES,
    Answer,
    BadSlip,
    Done,
    Setting,
    Shown,
    judge,
    read_answer,
    read_request,
    write_answer,
)
from gateway.machinetime import boot_id, kernel_synchronised, ticks

REQUEST = Path("/run/textback/clock")  # textback.service: RuntimeDirectory=textback
ANSWER = Path("/run/textback-clock/answer")  # textback-clock.service: RuntimeDirectory=textback-clock
OWNER = "textback"
_WARNING, _NOTICE, _DEBUG = "<4>", "<5>", "<7>"  # sd-daemon(3): how the journal is to take a line


def machine(synchronised: Callable[[], bool] = kernel_synchronised) -> Shown:
    """The machine as it is at this moment."""
    return Shown(boot_id(), ticks(), time.time(), synchronised())


def take(path: Path, owner: int) -> bytes | None:
    """The bytes of a slip at `path` that belongs to `owner`; None where there is none. Raises BadSlip."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadSlip(f"it cannot be opened ({error.strerror})") from error
    try:
        about = os.fstat(fd)
        if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
            raise BadSlip("it is no plain file")
        if about.st_uid != owner:
            raise BadSlip("it is somebody else's")
        if about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise BadSlip("others may write it")
        return os.read(fd, MOST_BYTES + 1)
    except OSError as error:
        raise BadSlip(f"it cannot be read ({error.strerror})") from error
    finally:
        os.close(fd)


def lay(path: Path, text: bytes) -> None:
    """Put a slip in its place, whole at every moment, for everybody to read. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    with os.fdopen(fd, "wb") as file:
        os.fchmod(fd, 0o644)
        file.write(text)
    new.rename(path)


def earlier(path: Path, boot: str) -> tuple[Setting, ...]:
    """The settings since this start, as the last answer tells them."""
    try:
        text = take(path, os.geteuid())
        before = None if text is None else read_answer(text)
    except BadSlip:
        return ()
    return before.settings if before is not None and before.boot == boot else ()


def serve(
    request: Path, answer: Path, owner: int, set_clock: Callable[[float], None], look: Callable[[], Shown] = machine
) -> tuple[Answer, str]:
    """Do what is asked, once; the answer, which lies at its place then, and a line for the journal. Raises OSError."""
    shown = look()
    settings = earlier(answer, shown.boot)
    try:
        text = take(request, owner)
        asked = None if text is None else read_request(text)
    except BadSlip as error:
        given = Answer(shown.boot, shown.ticks, 0, Done.BAD, shown.synchronised, str(error), settings)
    else:
        nothing = Answer(shown.boot, shown.ticks, 0, Done.SEEN, shown.synchronised, "", settings)
        given = nothing if asked is None else judge(asked, shown, settings)
    if given.done is Done.SET:
        wanted = given.settings[-1]
        try:
            set_clock(wanted.time + (ticks() - wanted.ticks))
        except (OSError, OverflowError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            given = replace(given, done=Done.FAILED, why=why, settings=settings)
    lay(answer, write_answer(given))
    return given, _line(given)


def _line(answer: Answer) -> str:
    """For the journal; words that came from outside are not in it."""
    match answer.done:
        case Done.SET:
            done = answer.settings[-1]
            way = "behind" if done.step > 0 else "ahead"
            at = datetime.fromtimestamp(done.time, UTC)
            return f"{_NOTICE}the clock was {abs(done.step):.0f} s {way} and was set to {at:%Y-%m-%d %H:%M:%S} UTC, as told by: {done.by}"
        case Done.FAILED:
            return f"{_WARNING}the clock is wrong and cannot be set: {answer.why}"
        case Done.BAD:
            return f"{_WARNING}a request to set the clock was refused: {answer.why}"
        case Done.OFTEN:
            return f"{_WARNING}the clock was not set: it has been set not long ago"
        case Done.KEPT:
            return f"{_NOTICE}the clock was not set: a time service keeps it"
        case Done.RIGHT:
            return f"{_DEBUG}the clock is right"
        case Done.SEEN:
            return f"{_DEBUG}the clock is {'' if answer.synchronised else 'not '}synchronised"


def main() -> int:
    """One request."""
    try:
        owner = pwd.getpwnam(OWNER).pw_uid
    except KeyError:
        print(f"{_WARNING}there is no user {OWNER} on this machine", flush=True)
        return 1
    try:
        _, line = serve(REQUEST, ANSWER, owner, lambda moment: time.clock_settime(time.CLOCK_REALTIME, moment))
    except OSError as error:
        print(f"{_WARNING}the answer cannot be written: {error.strerror}", flush=True)
        return 1
    print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
