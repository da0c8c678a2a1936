"""A box is upgraded over the records of any version before: every row is still there, and what they forbid is still not done.

The records of an older version are made by its own steps of the schema, with a row in every table that it had.
"""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from gateway.clock import to_ms
from gateway.storage.schema import PAGE_SIZE, StoreDown, migrations, prepare
from gateway.storage.store import Store
from tests.gateway.box import MAIN, START, Box, living, reader

VERSIONS = [number for number, _ in migrations()]
NEWEST = VERSIONS[-1]
LEADS_SINCE = 8
HOUR_MS = 3_600_000
NOW = to_ms(START)
TEXTED, WAITS, SILENT, UNSURE, TALKS = (f"+1216555013{last}" for last in "12345")
TALK = {"asked": ["place"], "question": "place", "said": [], "automatic": 1, "unclear": 0, "heard": "", "news": False}
Row = dict[str, Any]

# What matters in the rows that are written; every other column gets something that fits it.
WRITTEN: dict[str, list[Row]] = {
    "calls": [
        {"id": 1, "key": "a", "state": "texted", "caller": TEXTED, "peer": TEXTED, "missed": 1, "no_text": ""},
        {"id": 2, "key": "b", "state": "waiting", "caller": WAITS, "peer": WAITS, "missed": 1, "no_text": ""},
        {"id": 3, "key": "c", "state": "waiting", "caller": UNSURE, "peer": UNSURE, "missed": 1, "no_text": ""},
    ],
    "texts": [
        {"id": 1, "key": "call:1:opener", "state": "delivered", "peer": TEXTED, "call_id": 1, "sent_at": NOW - HOUR_MS},
        {"id": 2, "key": "call:2:opener", "state": "queued", "peer": WAITS, "call_id": 2, "body": "", "sent_at": None},
        {"id": 3, "key": "call:3:opener", "state": "submitting", "peer": UNSURE, "call_id": 3, "sent_at": NOW},
    ],
    "peers": [{"number": TEXTED, "opened_at": NOW - HOUR_MS}],
    "contacts": [{"number": SILENT, "kind": "opted_out", "basis": "STOP"}],
    "letters": [{"id": 1, "peer": TALKS, "body": "my water heater leaks", "kind": "text", "lead_id": 1}],
    "leads": [
        {
            "id": 1, "peer": TALKS, "stage": "talking", "lane": "message", "urgency": "routine", "alert": "none",
            "language": "en", "intent": "new_service", "answers": "{}", "talk": json.dumps(TALK), "offered": "[]",
            "name": "Ann", "danger": None, "answered_id": 1, "outcome": "",
        }
    ],
    "escalations": [{"id": 1, "state": "acknowledged", "kind": "emergency", "lead_id": 1, "peer": TALKS}],
    "switches": [{"name": "storm", "value": "on"}],
    "tasks": [{"id": 1, "kind": "wrote", "peer": TALKS, "closed_at": None, "lead_id": 1}],
}  # fmt: skip
# The same for every row of a table.
USUAL: dict[str, Row] = {
    "calls": {
        "line": "main",
        "did": MAIN,
        "reason": "no_answer",
        "ring_s": 20.0,
        "ended_at": NOW - 20_000,
        "known_at": NOW - 20_000,
    },
    "texts": {"purpose": "opener", "template": "open", "waits": "", "due": NOW - 5_000},
    "leads": {"closed_by": ""},
    "appointments": {
        "day": "2026-03-03",
        "state": "confirmed",
        "begins": NOW - HOUR_MS,
        "ends": NOW,
        "takes_from": NOW - HOUR_MS,
        "takes_until": NOW,
    },
}
_ALLOWED = re.compile(r"(\w+) TEXT(?: NOT NULL)?(?: DEFAULT '')? CHECK \(\1 IN \('(\w+)'")
# Moments and references that stay open where nothing is written of them: nothing is due, nothing has happened.
_LEFT_OPEN = re.compile(r".*_at|.*_until|due|ends|slot|call_begins|call_ends|lead_id|text_id|call_id|service|place")
_MOMENTS = re.compile(r"at|.*_at|due|since|expires|until|begins|ends|slot")


def columns(db: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    return list(db.execute(f"SELECT * FROM pragma_table_info('{table}')"))


def tables(db: sqlite3.Connection) -> dict[str, str]:
    """Every table by its name, with the statement that made it."""
    return dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"))


def fitting(column: sqlite3.Row, allowed: dict[str, str]) -> Any:
    """Something that a column takes."""
    name, kind, needed = column["name"], column["type"], column["notnull"] or column["pk"]
    if not needed and _LEFT_OPEN.fullmatch(name):
        return None
    if name in allowed:
        return allowed[name]
    if kind == "TEXT":
        return "x"
    return NOW + HOUR_MS if name == "expires" else NOW - HOUR_MS if _MOMENTS.fullmatch(name) else 1


def records_of(path: Path, version: int) -> dict[str, list[Row]]:
    """The records of an older version as a file, and every row that is in it."""
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    db.executescript(f"PRAGMA page_size = {PAGE_SIZE}; PRAGMA synchronous = OFF;")
    for number, sql in migrations():
        if number <= version:
            db.executescript(f"{sql}\nPRAGMA user_version = {number};")
    for table, made_by in tables(db).items():
        known = columns(db, table)
        for own in WRITTEN.get(table, [{}]):
            allowed = dict(_ALLOWED.findall(made_by))
            written = USUAL.get(table, {}) | own
            row = {one["name"]: written.get(one["name"], fitting(one, allowed)) for one in known}
            marks = ", ".join(f":{name}" for name in row)
            db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)
    db.commit()
    rows = all_rows(db)
    db.close()
    return rows


def all_rows(db: sqlite3.Connection) -> dict[str, list[Row]]:
    return {table: [dict(row) for row in db.execute(f"SELECT * FROM {table}")] for table in tables(db)}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_row_of_an_older_version_is_there_after_the_upgrade(tmp_path: Path, version: int) -> None:
    before = records_of(tmp_path / "box", version)
    assert before
    assert all(before.values()), "a table without a row proves nothing"
    db = sqlite3.connect(tmp_path / "box")
    prepare(db, durable=False)
    after = all_rows(db)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert kept == rows, table
    assert db.execute("PRAGMA user_version").fetchone()[0] == NEWEST
    assert [tuple(row) for row in db.execute("PRAGMA integrity_check")] == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_an_upgraded_file_has_the_tables_and_indexes_of_a_new_one(tmp_path: Path, version: int) -> None:
    def shape(path: Path) -> dict[str, Any]:
        db = sqlite3.connect(path)
        prepare(db, durable=False)
        found: dict[str, Any] = {name: [tuple(one) for one in columns(db, name)] for name in tables(db)}
        found |= dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
        db.close()
        return found

    records_of(tmp_path / "old", version)
    assert shape(tmp_path / "old") == shape(tmp_path / "new")


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_upgraded_box_knows_whom_it_has_texted_and_who_wants_silence(tmp_path: Path, version: int) -> None:
    records_of(tmp_path / "box", version)
    async with living(tmp_path / "box") as box:
        await box.wait(60)
        assert len(box.texts_to(WAITS)) == 1, "the text that waited goes out, once"
        assert box.texts_to(UNSURE) == [], "what was in mid-air is a person's to decide"
        assert await states(box) == [(1, "delivered"), (2, "accepted"), (3, "unconfirmed")]
        for caller in (TEXTED, SILENT):
            await box.misses(caller)
        await box.wait(60)
        assert box.texts_to(TEXTED) == box.texts_to(SILENT) == []


@pytest.mark.parametrize("version", [LEADS_SINCE, NEWEST])
async def test_a_conversation_goes_on_where_it_was_before_the_upgrade(tmp_path: Path, version: int) -> None:
    records_of(tmp_path / "box", version)
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("44107", TALKS)
        await box.wait(60)
        assert await box.rows("SELECT id, name, zip FROM leads WHERE peer = ?", TALKS) == [(1, "Ann", "44107")]


async def states(box: Box) -> list[tuple[int, str]]:
    return [(number, state) for number, state in await box.rows("SELECT id, state FROM texts WHERE id < 4 ORDER BY id")]


async def test_the_records_of_a_newer_version_are_refused_with_a_sentence_and_left_as_they_are(tmp_path: Path) -> None:
    records_of(tmp_path / "box", NEWEST)
    db = sqlite3.connect(tmp_path / "box")
    db.execute(f"PRAGMA user_version = {NEWEST + 1}")
    db.close()
    there = (tmp_path / "box").read_bytes()
    with pytest.raises(StoreDown) as refused:
        await Store(tmp_path / "box").open()
    assert str(refused.value) == (
        f"the database has schema {NEWEST + 1}, this version knows {NEWEST} - install the newer version again"
    )
    assert (tmp_path / "box").read_bytes() == there
