"""What people look through, as the page shows it; and what they have put right, as the reader learns it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping

from gateway.clock import from_ms
from gateway.core.desk.putting_right import TOLD
from gateway.core.desk.reviewing import ReviewKind
from gateway.core.views.review import ReviewRow
from gateway.queries.leads import read_json

OPEN_COUNTED = 1000  # more is "many"
_LANGUAGES = ("en", "es", "mixed")


def reviews(
    db: sqlite3.Connection, kind: ReviewKind, before: int | None, limit: int, *, settled: bool
) -> list[ReviewRow]:
    """What is to be looked through of a kind, the newest first; `settled`: what has been, too. `before`: an id to go on from."""
    rows = db.execute(
        "SELECT reviews.*, letters.body AS letter, texts.body AS text, leads.name AS name, leads.issue AS issue,"
        " (SELECT name FROM contacts WHERE number = reviews.peer AND name <> '' LIMIT 1) AS known_as"
        " FROM reviews LEFT JOIN letters ON letters.id = reviews.letter_id LEFT JOIN texts ON texts.id = reviews.text_id"
        " LEFT JOIN leads ON leads.id = reviews.lead_id"
        f" WHERE reviews.kind = ? AND reviews.id < ?{'' if settled else ' AND reviews.settled_at IS NULL'}"
        " ORDER BY reviews.id DESC LIMIT ?",
        (kind.value, 2**62 if before is None else before, limit),
    )
    return [
        ReviewRow(
            id=row["id"],
            kind=row["kind"],
            peer=row["peer"],
            name=row["name"] or row["known_as"] or "",
            lead_id=row["lead_id"],
            letter_id=row["letter_id"],
            text_id=row["text_id"],
            say=row["say"],
            words=row["letter"] or row["text"] or row["issue"] or "",
            at=from_ms(row["at"]),
            settled_at=None if row["settled_at"] is None else from_ms(row["settled_at"]),
            settled_by=row["settled_by"],
        )
        for row in rows.fetchall()
    ]


def review_counts(db: sqlite3.Connection) -> dict[str, int]:
    """How much of each kind nobody has looked through yet, up to OPEN_COUNTED."""
    return {
        kind.value: db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM reviews WHERE kind = ? AND settled_at IS NULL LIMIT ?)",
            (kind.value, OPEN_COUNTED),
        ).fetchone()[0]
        for kind in ReviewKind
    }


def cases(db: sqlite3.Connection, menus: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """What people have put right, as (trade, line) with the line as `gateway/training/labelling.md` has it.

    `menus` are the services by trade that a label may name; a line of the business's own menu is left open.
    """
    for row in db.execute("SELECT * FROM corrections ORDER BY letter_id"):
        trade = row["trade"] if row["trade"] in menus else "general"
        yield trade, json.dumps(_line(row, menus[trade]), ensure_ascii=False)


def _line(row: sqlite3.Row, menu: tuple[str, ...]) -> dict[str, object]:
    should, read = read_json(row["should"]), read_json(row["was"])
    lang = read.get("lang")
    line: dict[str, object] = {
        "text": row["words"],
        "by": "office",
        "lang": lang if lang in _LANGUAGES else "en",
        "intent": should.get("intent") or "unclear",
        "urgency": should.get("urgency") or "none",
    }
    for name in ("life_safety", "opt_out"):
        if should.get(name):
            line[name] = True
    service = should.get("service")
    if service in menu:
        line["service"] = service
    elif service:
        line["accept"] = {"service": [None, *menu]}
    return line | {name: should[name] for name in TOLD if should.get(name)}
