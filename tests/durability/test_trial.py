"""The records around an upgrade: tried on a copy, kept, put back; nobody is texted twice for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.storage import schema, trial
from gateway.storage.schema import StoreDown
from gateway.storage.store import Store
from gateway.storage.trial import PAUSED_BY_RETURN, keep, put_back, rehearse

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
OPT_OUT = "INSERT INTO contacts (number, kind, name, since, basis) VALUES ('+12165550137', 'opted_out', '', 1, 'STOP')"


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    path = tmp_path / "textback.sqlite3"
    store = Store(path)
    await store.open()
    await store.close()
    return path


def do(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def add_step(monkeypatch: pytest.MonkeyPatch, sql: str) -> int:
    steps = schema.migrations()
    number = steps[-1][0] + 1
    monkeypatch.setattr(schema, "migrations", lambda: [*steps, (number, sql)])
    return number


def test_a_rehearsal_leaves_the_records_as_they_are(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = database.read_bytes()
    number = add_step(monkeypatch, "CREATE TABLE extra (id INTEGER) STRICT;")
    tried = rehearse(database, tmp_path / "copy")
    assert (tried.before, tried.after) == (number - 1, number)
    assert database.read_bytes() == before
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("INSERT INTO nowhere VALUES (1);", "cannot be brought up to date: no such table"),
        ("DELETE FROM history;", "changes how much there is"),
    ],
)
def test_a_migration_that_fails_or_loses_something_is_found_on_the_copy(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str, says: str
) -> None:
    do(database, "INSERT INTO history (at, subject, what) VALUES (1, 'box', 'x')")
    add_step(monkeypatch, sql)
    with pytest.raises(StoreDown, match=says):
        rehearse(database, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert ask(database, "SELECT count(*) FROM history") == [(1,)]


def test_records_of_a_newer_version_are_refused_with_words(database: Path, tmp_path: Path) -> None:
    newer = schema.migrations()[-1][0] + 1
    do(database, f"PRAGMA user_version = {newer}")
    with pytest.raises(StoreDown, match="install the newer version again"):
        rehearse(database, tmp_path / "copy")


def test_damaged_records_are_not_kept_as_if_they_were_whole(database: Path, tmp_path: Path) -> None:
    data = bytearray(database.read_bytes())
    data[3000:9000] = bytes(6000)
    database.write_bytes(data)
    with pytest.raises(StoreDown):
        keep(database, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_what_is_put_back_is_as_it_was_and_what_the_new_version_wrote_stays_aside(
    database: Path, tmp_path: Path
) -> None:
    keep(database, tmp_path / "kept")
    do(database, "INSERT INTO history (at, subject, what) VALUES (1, 'box', 'by the new one')")
    assert put_back(tmp_path / "kept", database, NOW)
    told = ask(database, "SELECT subject, what FROM history")
    assert told == [("box:records", "an upgrade was undone: the records are those from before it")]
    assert ask(database, "SELECT * FROM switches WHERE name = 'pause'") == []
    (aside,) = tmp_path.glob("textback.sqlite3.undone-*Z")
    assert ask(aside, "SELECT what FROM history") == [("by the new one",)]
    assert (tmp_path / "kept").exists()


@pytest.mark.parametrize("meanwhile", ["an opt-out", "records that cannot be read"])
def test_where_the_records_that_come_back_may_not_know_of_a_stop_texting_waits_for_a_person(
    database: Path, tmp_path: Path, meanwhile: str
) -> None:
    keep(database, tmp_path / "kept")
    if meanwhile == "an opt-out":
        do(database, OPT_OUT)
    else:
        database.write_bytes(b"x" * 5000)
    assert not put_back(tmp_path / "kept", database, NOW)
    assert ask(database, "SELECT value FROM switches WHERE name = 'pause'") == [(PAUSED_BY_RETURN,)]
    wishes = ask(database, "SELECT number, kind FROM contacts")
    assert wishes == ([("+12165550137", "opted_out")] if meanwhile == "an opt-out" else [])


def test_putting_back_is_finished_after_a_power_cut_in_the_middle_of_it(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(database, tmp_path / "kept")
    do(database, OPT_OUT)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("_set_aside", "to_disk"):
        monkeypatch.setattr(trial, step, cut)
        with pytest.raises(KeyboardInterrupt):
            put_back(tmp_path / "kept", database, NOW)
        monkeypatch.undo()
    assert not put_back(tmp_path / "kept", database, NOW)
    assert ask(database, "SELECT kind FROM contacts") == [("opted_out",)]


def test_a_doubt_stays_when_the_power_goes_right_after_the_records_were_put_back(
    database: Path, tmp_path: Path
) -> None:
    keep(database, tmp_path / "kept")
    do(
        database,
        "INSERT INTO texts (key, purpose, state, peer, body, template, priority, due, tries, created_at, say)"
        " VALUES ('call:1:opener', 'opener', 'accepted', '+12165550137', 'x', 'open', 1, 1, 1, 1, '')",
    )
    for _ in range(2):
        assert not put_back(tmp_path / "kept", database, NOW)
        assert ask(database, "SELECT value FROM switches WHERE name = 'pause'") == [(PAUSED_BY_RETURN,)]


async def test_the_gateway_opens_what_was_put_back_without_mending_it(database: Path, tmp_path: Path) -> None:
    keep(database, tmp_path / "kept")
    database.with_name(database.name + ".run").write_text("running")  # the new version was killed
    put_back(tmp_path / "kept", database, NOW)
    store, mended = Store(database), []
    store.on_mended = mended.append
    await store.open()
    await store.close()
    assert mended == []
