"""Calls as the page lists them: SQL on a read-only connection, in a time that does not grow with the years."""

from __future__ import annotations

import sqlite3
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.clock import to_ms
from gateway.core.callsieve import CallKind, CallSieve, CallsPage
from gateway.core.views.calls import TextRow
from gateway.queries.rows import call_row, text_row

PAGE = 50
WALKED = 2000  # calls that one page looks at for the few that pass; the next page goes on behind them
_PASSES = {
    CallKind.ALL: "1",
    CallKind.MISSED: "missed IS 1",
    CallKind.TEXTED: "state IN ('texted', 'unsure')",
    CallKind.NOT_TEXTED: "state = 'not_texted' AND missed IS NOT 0 AND no_text <> 'duplicate'",
    CallKind.ANSWERED: "missed IS 0",
}
_KNOWN = "(SELECT name FROM contacts WHERE number = some.peer AND name <> '' LIMIT 1) AS known_as"
_SPAN = "started_at >= :begin AND started_at < :end AND (started_at, id) < (:at, :id)"


def calls_page(
    db: sqlite3.Connection, sieve: CallSieve, zone: ZoneInfo, lines: tuple[str, ...], after: str = ""
) -> CallsPage:
    """A page of calls, newest first, with the texts they caused. `after` is where the page before it ended."""
    at, number = _read(after)
    begin, end = _day(sieve, zone)
    values = {
        "begin": begin, "end": end, "at": at, "id": number, "line": sieve.line, "who": sieve.who, "walked": WALKED,
        "limit": PAGE + 1,
    }  # fmt: skip
    if sieve.who:
        walked = f"SELECT * FROM calls WHERE peer = :who AND {_SPAN} ORDER BY ended_at DESC LIMIT :walked"
    else:
        walked = f"SELECT * FROM calls WHERE {_SPAN} ORDER BY started_at DESC, id DESC LIMIT :walked"
    rows = db.execute(
        f"SELECT some.*, {_KNOWN} FROM ({walked}) AS some WHERE {_PASSES[sieve.kind]}"
        " AND (:line = '' OR line = :line) ORDER BY started_at DESC, id DESC LIMIT :limit",
        values,
    ).fetchall()
    page, more = rows[:PAGE], ""
    if len(rows) > PAGE:
        more = f"{page[-1]['started_at']}_{page[-1]['id']}"
    elif not sieve.who:  # perhaps older ones pass that were not walked to
        last = db.execute(
            f"SELECT started_at, id FROM calls WHERE {_SPAN} ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET :walked",
            values | {"walked": WALKED - 1},
        ).fetchone()
        more = f"{last['started_at']}_{last['id']}" if last is not None else ""
    texts = texts_of_calls(db, [row["id"] for row in page])
    return CallsPage(tuple(call_row(row, texts.get(row["id"], ())) for row in page), more, lines)


def texts_of_calls(db: sqlite3.Connection, ids: list[int]) -> dict[int, tuple[TextRow, ...]]:
    """The texts that calls have caused, by call; alerts to the business's own people are left out."""
    if not ids:
        return {}
    marks = ",".join("?" * len(ids))
    rows = db.execute(
        f"SELECT * FROM texts WHERE call_id IN ({marks}) AND body <> '' AND purpose <> 'owner_notice' ORDER BY id", ids
    ).fetchall()
    found: dict[int, tuple[TextRow, ...]] = {}
    for row in rows:
        found[row["call_id"]] = (*found.get(row["call_id"], ()), text_row(row))
    return found


def _read(after: str) -> tuple[int, int]:
    at, _, number = after.partition("_")
    if at.isdecimal() and number.isdecimal() and len(after) < 38:
        return int(at), int(number)
    return 1 << 62, 0


def _day(sieve: CallSieve, zone: ZoneInfo) -> tuple[int, int]:
    """From when to when (exclusive, ms)."""
    if sieve.day is None:
        return 0, 1 << 62
    return tuple(to_ms(datetime.combine(sieve.day + timedelta(days=n), time(), zone)) for n in (0, 1))  # type: ignore[return-value]
