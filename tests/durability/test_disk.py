"""Power cuts below SQLite: whatever part of the unsynced writes has reached the card, what was acknowledged is there."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gateway.storage import schema
from gateway.storage.schema import StoreDown
from gateway.storage.store import Store
from tests.durability.disk import Act, Recorder, recorded

COMMITS = 7


async def commits(recorder: Recorder, path: Path, count: int) -> None:
    """As many transactions of two rows each; the recorder hears of each when `write` has returned."""
    store = Store(path)
    await store.open()
    recorder.done()
    for number in range(1, count + 1):

        def change(db: sqlite3.Connection, number: int = number) -> None:
            for half in ("a", "b"):
                body = f"{number} {half} " + "x" * (700 if number % 3 else 3000)
                db.execute("INSERT INTO history (at, subject, what) VALUES (?, 'n', ?)", (number, body))

        await store.write(change)
        recorder.done()
    await store.close()


def lost_or_torn(recorder: Recorder, folder: Path, rng: random.Random, per_cut: int) -> tuple[int, int]:
    """(states tried, states in which an acknowledged transaction is missing, half there, or the file is damaged)."""
    tried = bad = 0
    for cut, files in recorder.states(rng, per_cut):
        acknowledged = sum(act.what == "done" for act in recorder.acts[:cut]) - 1
        if acknowledged < 0:
            continue
        tried += 1
        state = folder / "state"
        state.mkdir(exist_ok=True)
        for file in state.iterdir():
            file.unlink()
        for name, content in files.items():
            (state / name).write_bytes(content)
        bad += not _holds(state / "textback.sqlite3", acknowledged)
    return tried, bad


def _holds(path: Path, acknowledged: int) -> bool:
    with closing(sqlite3.connect(path)) as db:
        try:
            if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return False
            counts = dict(db.execute("SELECT at, count(*) FROM history WHERE subject = 'n' GROUP BY at"))
        except sqlite3.DatabaseError:
            return False
    return all(counts.get(number) == 2 for number in range(1, acknowledged + 1)) and set(counts.values()) <= {2}


async def test_every_state_a_power_cut_may_leave_holds_what_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "CHECKPOINT_PAGES", 8)  # so that checkpoints and new rounds of the log come often
    folder = tmp_path / "box"
    folder.mkdir()
    with recorded(folder) as recorder:
        await commits(recorder, folder / "textback.sqlite3", COMMITS)
    take_new_as_old(recorder)
    kinds = {(act.what, act.file.removeprefix("textback.sqlite3")) for act in recorder.acts}
    assert {("write", ""), ("sync", ""), ("write", "-wal"), ("sync", "-wal")} <= kinds, "checkpoints were recorded"
    tried, bad = lost_or_torn(recorder, tmp_path, random.Random(1), per_cut=3)
    assert tried > 100
    assert bad == 0


async def test_without_full_synchronisation_the_same_look_finds_losses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look would see it: with synchronous=NORMAL a power cut takes acknowledged transactions."""
    real = schema.prepare

    def weaker(db: sqlite3.Connection) -> None:
        real(db)
        db.execute("PRAGMA synchronous = NORMAL")

    monkeypatch.setattr("gateway.storage.store.prepare", weaker)
    folder = tmp_path / "box"
    folder.mkdir()
    with recorded(folder) as recorder:
        await commits(recorder, folder / "textback.sqlite3", 4)
    take_new_as_old(recorder)
    _, bad = lost_or_torn(recorder, tmp_path, random.Random(1), per_cut=1)
    assert bad > 0


@pytest.mark.parametrize("what", ["write", "sync"])
async def test_a_disk_that_fails_for_a_while_loses_nothing_that_was_acknowledged(tmp_path: Path, what: str) -> None:
    with recorded(tmp_path) as recorder:
        store = Store(tmp_path / "textback.sqlite3")
        await store.open()
        refused = []
        for number in range(6):
            recorder.refuse = what if number in (2, 3) else ""
            try:
                await store.write(_one_row(number))
            except StoreDown:
                refused.append(number)
        assert refused == [2, 3]
        recorder.refuse = ""
        rows = await store.read(
            lambda db: db.execute("SELECT at FROM history WHERE subject = 'n' ORDER BY id").fetchall()
        )
        assert [row["at"] for row in rows] == [0, 1, 4, 5]
        await store.close()


def _one_row(number: int) -> Callable[[sqlite3.Connection], object]:
    return lambda db: db.execute("INSERT INTO history VALUES (NULL, ?, 'n', '')", (number,))


def take_new_as_old(recorder: Recorder) -> None:
    """The database is made under another name and moved: to the disk it is the same file."""
    recorder.acts[:] = [Act(a.what, a.file.replace(".new", ""), a.offset, a.data) for a in recorder.acts]
