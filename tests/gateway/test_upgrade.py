"""A box is upgraded over the records of any version before: every row is still there, and what they forbid is still not done."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from gateway.storage.schema import StoreDown, prepare
from gateway.storage.store import Store
from tests.gateway.box import Box, living, reader
from tests.gateway.dumps import (
    HOUR_MS,
    LEADS_SINCE,
    NEWEST,
    NOW,
    SILENT,
    TALKS,
    TEXTED,
    UNSURE,
    VERSIONS,
    WAITS,
    all_rows,
    columns,
    dump_of,
    records_of,
    tables,
)

BOOKED_ON_LEADS = (16, 17, 18)  # versions in which an appointment stood in columns of its lead


def test_every_step_of_the_schema_has_records_of_its_time() -> None:
    missing = [version for version in VERSIONS if not dump_of(version).exists()]
    assert not missing, f"run `python -m tests.gateway.dumps` once for {missing} and commit what it writes"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_row_of_an_older_version_is_there_after_the_upgrade(tmp_path: Path, version: int) -> None:
    before = records_of(tmp_path / "box", version)
    assert before
    assert all(before.values()), "a table without a row proves nothing"
    db = sqlite3.connect(tmp_path / "box")
    prepare(db, durable=False)
    after = all_rows(db)
    for table, rows in before.items():
        here = {column["name"] for column in columns(db, table)}
        moved = {name for name in rows[0] if name not in here}
        assert not moved or (table == "leads" and all(name.startswith("booked_") for name in moved))
        kept = [{name: row[name] for name in row if name in rows[0]} for row in after[table]]
        there = [{name: row[name] for name in row if name in here} for row in rows]
        assert kept[: len(rows)] == there, table
        assert len(kept) == len(rows) or (table in ("appointments", "notes") and version in BOOKED_ON_LEADS), table
    assert db.execute("PRAGMA user_version").fetchone()[0] == NEWEST
    assert [tuple(row) for row in db.execute("PRAGMA integrity_check")] == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


@pytest.mark.parametrize("version", BOOKED_ON_LEADS)
def test_an_appointment_that_stood_on_a_lead_is_not_lost(tmp_path: Path, version: int) -> None:
    records_of(tmp_path / "box", version)
    db = sqlite3.connect(tmp_path / "box")
    prepare(db, durable=False)
    if version == BOOKED_ON_LEADS[0]:
        found = db.execute(
            "SELECT begins, ends, who, note, quiet, state FROM appointments WHERE lead_id = 1"
        ).fetchone()
        assert tuple(found) == (
            *(NOW + 24 * HOUR_MS, NOW + 26 * HOUR_MS),
            *("Mike", "bring the ladder", 1, "confirmed"),
        )
    else:  # the lead had one of the new kind already
        said = [row["body"] for row in db.execute("SELECT body FROM notes WHERE lead_id = 1 AND by = 'the box'")]
        assert len(said) == 1
        assert "2026-03-03 15:00 UTC, Mike bring the ladder" in said[0]
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
