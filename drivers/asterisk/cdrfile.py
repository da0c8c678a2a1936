"""The file in which a phone system keeps its call detail records: csv as Asterisk writes it, or SQLite (cdr_sqlite3_custom).

It is only read, and only its end: a shop's file of years has hundreds of megabytes. Asterisk's ids begin with the second in which
the channel was made (main/channel.c), so a call's time is known whatever zone the PBX writes its clock in.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from drivers.asterisk.cdr import CdrCall, calls_of, named, read_rows
from drivers.asterisk.contexts import DEFAULT_INBOUND
from gateway.core.wallclock import instants

TAIL_BYTES = 4 * 1024 * 1024  # some 15,000 calls
TAIL_ROWS = 20_000
_SQLITE = b"SQLite format 3\0"
_ID = re.compile(r"(?:^|-)(\d{9,10})\.\d+$")


@dataclass(frozen=True, slots=True)
class NotedCall:
    """A call of the records at its moments in UTC. `key` is its Linkedid, "" where the file has none."""

    call: CdrCall
    key: str
    starts: datetime
    ends: datetime


def read_file(
    path: Path, since: datetime, zone: ZoneInfo, inbound_contexts: Iterable[str] = DEFAULT_INBOUND
) -> list[NotedCall]:
    """The inbound calls that ended at `since` or later, in order of ending. Raises OSError and ValueError with a sentence."""
    with path.open("rb") as stream:
        begins = stream.read(len(_SQLITE))
    rows = _table(path) if begins == _SQLITE else _csv(path)
    found = []
    for call in calls_of(rows, inbound_contexts).values():
        moments = _moments(call, zone)
        if call.inbound and moments is not None and moments[1] >= since:
            key = call.linkedid if _ID.search(call.linkedid) else ""
            found.append(NotedCall(call, key, *moments))
    return sorted(found, key=lambda noted: noted.ends)


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        first = stream.readline(64 * 1024)
        header = ""
        if size > TAIL_BYTES:
            header = first.decode("utf-8-sig", errors="replace") if b"uniqueid" in first or b"linkedid" in first else ""
            stream.seek(size - TAIL_BYTES)
            stream.readline()  # the rest of a line that begins before
        else:
            stream.seek(0)
        text = stream.read(TAIL_BYTES + len(first)).decode("utf-8-sig", errors="replace")
    whole = text[: text.rfind("\n") + 1]  # a line that is being written has no end yet
    return read_rows(whole.splitlines(keepends=True), header)


def _table(path: Path) -> list[dict[str, str]]:
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2.0)
        try:
            db.row_factory = sqlite3.Row
            names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            table = next((name for name in names if name.lower() == "cdr"), None)
            if table is None:
                raise ValueError("the database has no table named cdr")
            rows = db.execute(f'SELECT * FROM "{table}" ORDER BY rowid DESC LIMIT ?', (TAIL_ROWS,)).fetchall()
        finally:
            db.close()
    except sqlite3.Error as error:
        raise ValueError(f"the database cannot be read ({error})") from error
    records = [
        named({name: "" if row[name] is None else str(row[name]).strip() for name in row.keys()})  # noqa: SIM118
        for row in reversed(rows)
    ]
    if records and not {"linkedid", "uniqueid"} & set(records[0]):
        raise ValueError("the table cdr has neither a linkedid nor a uniqueid column")
    return records


def _moments(call: CdrCall, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """When it began and ended."""
    if call.starts is None or call.ends is None:
        return None
    made = _ID.search(call.linkedid)
    begins = datetime.fromtimestamp(int(made[1]), UTC) if made else instants(zone, call.starts)[0]
    return begins, begins + (call.ends - call.starts)
