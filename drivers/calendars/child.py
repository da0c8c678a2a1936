"""Starts the process that understands a calendar, waits for it no longer than is agreed, and reads what it says."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from drivers.calendars import problems

log = logging.getLogger(__name__)

_ROOT: Final = str(Path(__file__).resolve().parents[2])
_PROGRAM: Final = "import sys; sys.path.insert(0, sys.argv[1]); from drivers.calendars.work import main; main()"
_ENDS_WITHIN_S: Final = 5.0  # killed, it ends at once, unless it hangs in a share that does not answer
_SLACK_S: Final = 20.0  # for the start of the process on a busy Raspberry Pi, and for a disk that wakes


async def work(job: dict[str, Any], body: bytes, work_s: float) -> dict[str, Any]:
    """What the process says of a job. Raises UnreadableError when it says nothing in time."""
    pipe = asyncio.subprocess.PIPE
    try:
        made = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _PROGRAM, _ROOT),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env={"LANG": "C.UTF-8"},
        )
    except OSError as error:
        raise problems.not_worked(error.strerror or type(error).__name__) from error
    try:
        async with asyncio.timeout(work_s + _SLACK_S):
            said, complaint = await made.communicate(json.dumps(job).encode() + b"\n" + body)
    except TimeoutError:
        raise problems.too_long() from None
    finally:
        if made.returncode is None:
            with suppress(ProcessLookupError):
                made.kill()
            with suppress(TimeoutError):
                await asyncio.wait_for(made.wait(), _ENDS_WITHIN_S)
    if made.returncode:
        if made.returncode < 0:  # by a limit of its own: time or memory
            raise problems.too_long()
        log.warning("a calendar could not be worked on: %s", complaint.decode("utf-8", "replace").strip()[-500:])
        raise problems.not_worked(f"exit status {made.returncode}")
    answer: dict[str, Any] = json.loads(said)
    return answer
