"""Which part of a lead's long lists is shown: a lead may have thousands of texts, and a page has room for some.

A part ends with, begins with, or lies around one entry, so that its address stays right while new entries come. Parts overlap by
that entry: whoever turns the page finds his place again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from gateway.core.views.leadstory import Part, Place

ENTRIES = 100  # of a part; a person scrolls through no more
LETTERS = (
    24_000  # characters of a part: with the rarest letters some 75 kB over the wire, of the 150 kB of the whole page
)
NOTES, NOTES_LETTERS = 100, 8_000  # of the notes of people, and of the history
_AT_LEAST = 2  # the entry where the parts overlap, and one that is new

Span = dict[str, int | str]
# The lead, its person, and from when to when (exclusive, ms) what names no lead belongs to it.
Key = tuple[int, str, int]  # when (ms), which kind, its id: the order of a conversation

_TALK = (
    "SELECT coalesce(sent_at, created_at) AS at, 'out' AS kind, id, length(body) AS letters FROM texts"
    " WHERE body <> '' AND id IN (SELECT id FROM texts WHERE lead_id = :lead UNION"
    " SELECT id FROM texts WHERE peer = :peer AND lead_id IS NULL"
    " AND coalesce(sent_at, created_at) > :since AND coalesce(sent_at, created_at) < :until)"
    " UNION ALL SELECT at, 'in', id, length(body) FROM letters WHERE lead_id = :lead"
    " UNION ALL SELECT started_at, 'call', id, 0 FROM calls WHERE peer = :peer"
    " AND coalesce(ended_at, started_at) > :since AND started_at < :until"
)
_WHEN = {
    "in": "SELECT at FROM letters WHERE id = ?",
    "out": "SELECT coalesce(sent_at, created_at) FROM texts WHERE id = ?",
    "call": "SELECT started_at FROM calls WHERE id = ?",
}


def talk_part(db: sqlite3.Connection, span: Span, place: Place) -> tuple[dict[str, list[int]], Part]:
    """The ids of the texts ("out"), letters ("in") and calls of a part of a conversation, by their kind, and what lies around it."""
    key = _key_of(db, place.talk)
    match place.side if key is not None else "":
        case "from":
            shown, later = _cut(_entries(db, span, ">=", key), ENTRIES, LETTERS)
            earlier = bool(_entries(db, span, "<", key, 1))
        case "at":
            older, earlier = _cut(_entries(db, span, "<=", key), ENTRIES // 2, LETTERS // 2)
            newer, later = _cut(_entries(db, span, ">", key), ENTRIES // 2, LETTERS // 2)
            shown = [*reversed(older), *newer]
        case _:
            older, earlier = _cut(_entries(db, span, "<=", key), ENTRIES, LETTERS)
            later = key is not None and bool(_entries(db, span, ">", key, 1))
            shown = older[::-1]
    ids: dict[str, list[int]] = {kind: [] for kind in _WHEN}
    for row in shown:
        ids[row["kind"]].append(row["id"])
    names = [f"{row['kind']}-{row['id']}" for row in shown]
    return ids, Part(names[0] if earlier and names else "", names[-1] if later and names else "")


def cut_notes(rows: Sequence[sqlite3.Row], words: str, newest: bool) -> tuple[list[sqlite3.Row], Part]:
    """A part of notes that were read the newest first, one more than fit; `newest`: it begins with the newest of all."""
    shown, earlier = _cut(rows, NOTES, NOTES_LETTERS, words)
    return shown, Part(str(shown[-1]["id"]) if earlier else "", "" if newest or not shown else str(shown[0]["id"]))


def those(ids: Iterable[int]) -> str:
    """Numbers of our own as a list in SQL; of an empty one SQLite would make a walk through the table."""
    return ", ".join(str(int(each)) for each in ids) or "NULL"


def _key_of(db: sqlite3.Connection, entry: str) -> Key | None:
    """Where an entry stands; None where there is none such."""
    kind, _, number = entry.partition("-")
    if kind not in _WHEN or not number.isdecimal():
        return None
    row = db.execute(_WHEN[kind], (int(number),)).fetchone()
    return None if row is None else (row[0], kind, int(number))


def _entries(
    db: sqlite3.Connection, span: Span, side: str, key: Key | None, limit: int = ENTRIES + 1
) -> list[sqlite3.Row]:
    """Entries on one side of a key, the nearest first; without a key the newest."""
    order = "ASC" if side.startswith(">") else "DESC"
    where = f"WHERE (at, kind, id) {side} (:at, :kind, :id)" if key is not None else ""
    values = dict(span) | ({} if key is None else dict(zip(("at", "kind", "id"), key, strict=True)))
    sql = f"SELECT * FROM ({_TALK}) {where} ORDER BY at {order}, kind {order}, id {order} LIMIT {limit}"
    return db.execute(sql, values).fetchall()


def _cut(rows: Sequence[sqlite3.Row], most: int, letters: int, words: str = "") -> tuple[list[sqlite3.Row], bool]:
    """As many as have room, and whether some were left out."""
    room, shown = letters, 0
    for row in rows[:most]:
        room -= len(row[words]) if words else row["letters"]
        if room < 0 and shown >= _AT_LEAST:
            break
        shown += 1
    return list(rows[:shown]), shown < len(rows)
