"""Records as each earlier version of the product has left them, with a row in every table it had: `dumps/NNNN.sql`.

They are written once, when a step of the schema is new, and never again: `python -m tests.gateway.dumps`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

from gateway.clock import to_ms
from gateway.storage.schema import PAGE_SIZE, migrations
from tests.gateway.box import MAIN, START

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
            "name": "Ann", "danger": None, "answered_id": 1, "outcome": "", "booked_from": NOW + 24 * HOUR_MS,
            "booked_until": NOW + 26 * HOUR_MS, "booked_who": "Mike", "booked_note": "bring the ladder",
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


DUMPS = Path(__file__).parent / "dumps"


def dump_of(version: int) -> Path:
    """Where the records of a version lie."""
    return DUMPS / f"{version:04d}.sql"


def records_of(path: Path, version: int) -> dict[str, list[Row]]:
    """The records of an older version as a file, and every row that is in it."""
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    db.executescript(f"PRAGMA page_size = {PAGE_SIZE}; PRAGMA synchronous = OFF;")
    db.executescript(dump_of(version).read_text("utf-8"))
    rows = all_rows(db)
    db.close()
    return rows


def all_rows(db: sqlite3.Connection) -> dict[str, list[Row]]:
    return {table: [dict(row) for row in db.execute(f"SELECT * FROM {table}")] for table in tables(db)}


def write_dump(version: int) -> None:
    """The records of a version, made by its own steps of the schema."""
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    for number, sql in migrations():
        if number <= version:
            db.executescript(sql)
    for table, made_by in tables(db).items():
        known = columns(db, table)
        for own in WRITTEN.get(table, [{}]):
            allowed = dict(_ALLOWED.findall(made_by))
            written = USUAL.get(table, {}) | own
            row = {one["name"]: written.get(one["name"], fitting(one, allowed)) for one in known}
            marks = ", ".join(f":{name}" for name in row)
            db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)
    db.commit()
    DUMPS.mkdir(exist_ok=True)
    lines = [*db.iterdump(), f"PRAGMA user_version = {version};"]
    dump_of(version).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    for each in VERSIONS:
        if not dump_of(each).exists():
            write_dump(each)
            print(dump_of(each))
