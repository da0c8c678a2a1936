"""What damage has taken is filled from the newest sound backup, and nobody who said STOP is forgotten."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.storage.backupfile import RECORDS, write_backup
from gateway.storage.schema import PAUSED_BY_DAMAGE
from gateway.storage.shelf import name_of
from tests.durability.damage import NOW, STOPPED, STRANGER, TEXTED, Harm, begin, cut, garbage, missed, past, zeroed
from tests.durability.test_damage import everybody_calls_again, everything_can_be_shown

HARMS: dict[str, Harm] = {"garbage": garbage(), "half of it gone": cut(share=0.5), "zeroed pages": zeroed(size=20480)}


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An afternoon, and a backup of its end."""
    folder = tmp_path_factory.mktemp("past")
    asyncio.run(past(folder / RECORDS))
    (folder / "backups").mkdir()
    made_at = NOW - timedelta(minutes=20)
    write_backup(folder / "backups" / name_of(made_at), folder / "clean" / RECORDS, {}, made_at, "test", {})
    return folder


def damaged(yesterday: Path, folder: Path, harm: Harm, seed: int = 1) -> Path:
    shutil.copytree(yesterday / "backups", folder / "backups")
    path = folder / RECORDS
    shutil.copy2(yesterday / "clean" / RECORDS, path)
    harm(path, random.Random(seed))
    return path


@pytest.mark.parametrize("name", HARMS)
async def test_what_could_not_be_read_comes_from_the_backup(tmp_path: Path, yesterday: Path, name: str) -> None:
    path = damaged(yesterday, tmp_path, HARMS[name])
    life = await begin(path, NOW)
    try:
        (mended,) = life.mended
        with closing(sqlite3.connect(yesterday / "clean" / RECORDS)) as db:
            before = {row[0] for row in db.execute("SELECT peer FROM calls")}
        seen = {row[0] for row in await life.store.read(lambda db: db.execute("SELECT peer FROM calls").fetchall())}
        assert before <= seen, "calls are missing that the backup has"
        out = await life.store.read(
            lambda db: db.execute("SELECT number FROM contacts WHERE kind = 'opted_out'").fetchall()
        )
        assert set(STOPPED) <= {row[0] for row in out}
        if mended.torn:
            assert mended.filled.made_at == NOW - timedelta(minutes=20)
        await everybody_calls_again(life)
        await everything_can_be_shown(life)
        assert set(life.openers) <= {STRANGER}
        assert await life.store.read(lambda db: db.execute("PRAGMA foreign_key_check").fetchall()) == []
    finally:
        await life.store.close()
    life = await begin(path, NOW + timedelta(minutes=1))
    assert life.mended == []
    await life.store.close()


async def test_texting_waits_for_a_person_all_the_same(tmp_path: Path, yesterday: Path) -> None:
    """The backup does not know who was texted since."""
    path = damaged(yesterday, tmp_path, garbage())
    life = await begin(path, NOW)
    assert life.queries.paused() == PAUSED_BY_DAMAGE
    assert not life.mended[0].certain
    (said,) = await life.store.read(
        lambda db: db.execute("SELECT what FROM history WHERE what LIKE 'mended:%'").fetchall()
    )
    assert "rows from the backup of 2026-03-02 14:40 UTC" in said[0]
    await life.store.close()


async def test_a_damaged_backup_is_passed_over_for_the_next_sound_one(tmp_path: Path, yesterday: Path) -> None:
    path = damaged(yesterday, tmp_path, garbage())
    (tmp_path / "backups" / name_of(NOW)).write_bytes(b"torn")
    life = await begin(path, NOW)
    assert life.mended[0].filled.made_at == NOW - timedelta(minutes=20)
    await life.store.close()


async def test_a_stop_that_only_an_older_backup_or_an_earlier_damaged_file_has_is_obeyed(
    tmp_path: Path, yesterday: Path
) -> None:
    path = damaged(yesterday, tmp_path, garbage())
    older, newest = "+13035550145", tmp_path / "newest.sqlite3"
    shutil.copy2(yesterday / "clean" / RECORDS, newest)
    with closing(sqlite3.connect(newest)) as db:
        db.execute("DELETE FROM contacts")
        db.execute("DELETE FROM letters")
        db.commit()
    write_backup(tmp_path / "backups" / name_of(NOW), newest, {}, NOW, "test", {})
    with closing(sqlite3.connect(newest)) as db:
        db.execute("INSERT INTO contacts VALUES (?, 'opted_out', '', 1, 'STOP')", (older,))
        db.commit()
    newest.rename(path.with_name(f"{path.name}.damaged-20260101T000000Z"))
    life = await begin(path, NOW)
    out = await life.store.read(
        lambda db: db.execute("SELECT number FROM contacts WHERE kind = 'opted_out'").fetchall()
    )
    assert {*STOPPED, older} <= {row[0] for row in out}
    await life.store.close()


async def test_commits_that_went_with_the_log_come_from_the_backup(tmp_path: Path, yesterday: Path) -> None:
    """The file itself is sound, and behind: what it lacks no table of it tells."""
    shutil.copytree(yesterday / "backups", tmp_path / "backups")
    for file in (yesterday / "unclean").iterdir():
        shutil.copy2(file, tmp_path / file.name)
    path = tmp_path / RECORDS
    path.with_name(f"{RECORDS}-wal").write_bytes(b"")
    life = await begin(path, NOW)
    out = await life.store.read(
        lambda db: db.execute("SELECT number FROM contacts WHERE kind = 'opted_out'").fetchall()
    )
    calls = await life.store.read(lambda db: db.execute("SELECT count(*) FROM calls").fetchone()[0])
    assert set(STOPPED) <= {row[0] for row in out}
    assert calls == len(TEXTED) + len(STOPPED) + 1
    assert life.mended[0].filled.rows
    assert life.queries.paused() == PAUSED_BY_DAMAGE
    await life.store.close()


async def test_without_a_backup_it_is_as_before(tmp_path: Path, yesterday: Path) -> None:
    path = damaged(yesterday, tmp_path, garbage())
    shutil.rmtree(tmp_path / "backups")
    life = await begin(path, NOW)
    assert life.mended[0].filled.made_at is None
    await life.take(*missed(TEXTED[0], "again", NOW))
    assert life.openers == []
    await life.store.close()
