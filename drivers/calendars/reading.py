"""One reading of one calendar: fetched, understood in a process of its own, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from drivers.calendars import child, problems
from drivers.calendars.fetching import Validators, fetch
from drivers.calendars.settings import CalendarSource, Kind
from gateway.ports.calendars import Reading, Wanted


class CalendarReader:
    """Reads one calendar again and again, and remembers by what an unchanged one is told."""

    def __init__(self, source: CalendarSource) -> None:
        self.source = source
        self._validators = Validators()
        self._for: tuple[str, Wanted] | None = None  # what the validators speak of

    async def read(self, wanted: Wanted, mark: str) -> Reading:
        """When it says somebody is busy. `mark`: that of the last reading, "" for none. Raises UnreadableError."""
        source, body, kind = self.source, b"", self.source.kind
        if source.kind is not Kind.FILE:
            known = self._validators if mark and self._for == (mark, wanted) else Validators()
            fetched = await fetch(source, wanted, known)
            if fetched.body is None:
                return Reading(mark)
            body, kind, self._validators = fetched.body, fetched.kind, fetched.validators
        job = {
            "kind": kind.value,
            "path": source.where if kind is Kind.FILE else "",
            "begins": wanted.begins.isoformat(),
            "ends": wanted.ends.isoformat(),
            "wall": wanted.wall.key,
            "mark": mark,
            "most_bytes": source.limits.most_bytes,
            "work_s": source.limits.work_s,
            "work_bytes": source.limits.work_bytes,
        }
        found = _reading(await child.work(job, body, source.limits.work_s), mark, source)
        self._for = (found.mark, wanted)
        return found


def _reading(answer: dict[str, Any], mark: str, source: CalendarSource) -> Reading:
    if answer.get("same"):
        return Reading(mark)
    why = str(answer.get("why", ""))
    match answer.get("failure"):
        case None:
            spans = answer["spans"]
            busy = tuple(
                (datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)) for first, last in spans
            )
            return Reading(answer["mark"], busy, answer["strange"], answer["endless"], answer["zones"])
        case "file":
            raise problems.no_file(why)
        case "too big":
            raise problems.too_big(source.limits.most_bytes)
        case "no caldav":
            raise problems.no_caldav()
        case "no calendar":
            raise problems.not_understood(why)
        case "too much":
            raise problems.too_much(why)
        case _:
            raise problems.too_long()
