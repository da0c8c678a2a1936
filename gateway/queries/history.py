"""The history as the page reads it. It grows for ever, so no look at it reads more than a bounded part."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from gateway.clock import from_ms, to_ms
from gateway.core.views.history import HistoryLine, HistoryPage, HistorySearch
from gateway.storage.store import Store

PAGE_LINES = 50
READ_AT_MOST = 20_000  # lines of one look: some 20 ms; “further back” looks at the next ones
_OF_PEOPLE = "subject >= 'lead:' AND subject < 'peer;'"  # what the index history_of_people holds


class History:
    """Queries on the read-only connection (implements `gateway.ports.data.HistoryData`)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def lines(self, look: HistorySearch, before: int | None = None, limit: int = PAGE_LINES) -> HistoryPage:
        """Lines that fit, the newest first. Days are found by the order of the lines, which a clock that was set may blur."""
        return await self._store.read(lambda db: _find(db, look, before, limit))


def _find(db: sqlite3.Connection, look: HistorySearch, before: int | None, limit: int) -> HistoryPage:
    newest = db.execute("SELECT id FROM history ORDER BY id DESC LIMIT 1").fetchone()
    top = (newest["id"] + 1 if newest else 1) if before is None else before
    if look.ends is not None:
        top = min(top, _first_since(db, look.ends, top))
    floor = 0 if look.begins is None else _first_since(db, look.begins, top)
    exact = look.subject and not look.subject.endswith(":")
    of_people = exact and "lead:" <= look.subject < "peer;"
    narrow = f" AND subject = :subject AND {_OF_PEOPLE}" if of_people else ""
    values = {
        "top": top,
        "floor": floor,
        "most": READ_AT_MOST,
        "person": look.person.lower(),
        "words": look.words.lower(),
        "subject": look.subject,
        "limit": limit + 1,
    }
    inner = f"FROM history WHERE id < :top AND id >= :floor{narrow} ORDER BY id DESC LIMIT :most"
    fits = "subject = :subject" if exact else "(:subject = '' OR substr(subject, 1, length(:subject)) = :subject)"
    found = db.execute(
        f"SELECT * FROM (SELECT id, at, subject, what {inner}) WHERE {fits}"
        " AND (:person = '' OR instr(lower(what), :person)) AND (:words = '' OR instr(lower(what), :words))"
        " ORDER BY id DESC LIMIT :limit",
        values,
    ).fetchall()
    lines = tuple(HistoryLine(row["id"], from_ms(row["at"]), row["subject"], row["what"]) for row in found[:limit])
    if len(found) > limit:
        return HistoryPage(lines, lines[-1].id)
    read = db.execute(f"SELECT min(id) AS last, count(*) AS many FROM (SELECT id {inner})", values).fetchone()
    return HistoryPage(lines, read["last"] if read["many"] >= READ_AT_MOST else None)


def _first_since(db: sqlite3.Connection, moment: datetime, top: int) -> int:
    """The id of the first line at or after a moment, by halves; `top` where there is none below it."""
    low, high, wanted = 0, top, to_ms(moment)
    while low < high:
        middle = (low + high) // 2
        row = db.execute("SELECT id, at FROM history WHERE id >= ? ORDER BY id LIMIT 1", (middle,)).fetchone()
        if row is None or row["id"] >= high or row["at"] >= wanted:
            high = middle
        else:
            low = int(row["id"]) + 1
    return low
