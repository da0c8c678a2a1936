"""The process in which a calendar is understood: one at a time, with bounded time and memory, so that nothing a stranger
writes can hold up the gateway. It reads its job from its standard input, and says what came of it as JSON.

    {"kind": "file", "path": ..., "begins": ..., "ends": ..., "wall": ..., "mark": ..., "most_bytes": ..., "work_s": ...}
    (behind the line break: what was fetched, for "url" and "caldav")

Answers: {"same": true} where the mark is that of the last time; {"mark", "spans", "strange", "endless", "zones"}; or
{"failure": ..., "why": ...}.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import resource
import stat
import sys
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

LATEST: Final = "1"  # of what is understood here: a newer version reads again what the one before has read
_MARGIN: Final = timedelta(days=3)  # days of other zones begin earlier and end later than the business's


def main() -> None:
    """Do one job."""
    head, _, body = sys.stdin.buffer.read().partition(b"\n")
    job: dict[str, Any] = json.loads(head)
    _be_modest(job)
    try:
        answer = _answer(job, body)
    except MemoryError:
        answer = {"failure": "too long"}
    sys.stdout.write(json.dumps(answer))


def _be_modest(job: dict[str, Any]) -> None:
    os.nice(10)
    seconds = math.ceil(job["work_s"])
    for limit, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, job["work_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, hard))


def _answer(job: dict[str, Any], body: bytes) -> dict[str, Any]:
    if job["kind"] == "file":
        try:
            body = _file(job["path"], job["most_bytes"])
        except OSError as error:
            return {"failure": "file", "why": error.strerror or type(error).__name__}
    if len(body) > job["most_bytes"]:
        return {"failure": "too big"}
    said = json.dumps([LATEST, job["kind"], job["begins"], job["ends"], job["wall"]])
    mark = hashlib.sha256(said.encode() + body).hexdigest()[:32]
    if mark == job["mark"]:
        return {"same": True}
    return {"mark": mark, **_understood(job, body)}


def _understood(job: dict[str, Any], body: bytes) -> dict[str, Any]:
    from drivers.calendars import cutting, multistatus

    begins, ends = datetime.fromisoformat(job["begins"]), datetime.fromisoformat(job["ends"])
    found = cutting.Cut()
    try:
        texts, missing = multistatus.calendars(body) if job["kind"] == "caldav" else ([body], 0)
        for text in texts:
            cutting.cut(text, (begins - _MARGIN).date(), (ends + _MARGIN).date(), found)
        found.strange += missing
        from drivers.calendars.expanding import expand

        busy = expand(found, begins, ends, ZoneInfo(job["wall"]))
    except multistatus.NoAnswerError:
        return {"failure": "no caldav"}
    except cutting.NoCalendarError as error:
        return {"failure": "no calendar", "why": str(error)}
    except cutting.TooMuchError as error:
        return {"failure": "too much", "why": str(error)}
    spans = [[math.floor(first.timestamp()), math.ceil(last.timestamp())] for first, last in busy.spans]
    return {"spans": spans, "strange": busy.strange, "endless": busy.endless, "zones": busy.zones}


def _file(path: str, most_bytes: int) -> bytes:
    """What a file holds, up to one byte too many. A pipe or a device is none, and is not waited for."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError(0, "it is no file")
        with open(number, "rb", closefd=False) as file:
            return file.read(most_bytes + 1)
    finally:
        os.close(number)


if __name__ == "__main__":
    main()
