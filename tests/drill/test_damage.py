"""Hundreds of damaged databases: the box starts on each of them, and texts nobody twice where it saw the damage."""

from __future__ import annotations

import asyncio
import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.storage.backupfile import write_backup
from gateway.storage.shelf import name_of
from tests.durability.damage import (
    NOW,
    STOPPED,
    STRANGER,
    Harm,
    begin,
    cut,
    flipped,
    garbage,
    overwritten,
    past,
    zeroed,
)
from tests.durability.test_damage import everybody_calls_again, everything_can_be_shown

pytestmark = pytest.mark.drill

HARMS: dict[str, Harm] = {
    "a bit": flipped(),
    "ten bits": flipped(many=10),
    "a page": overwritten(),
    "four pages zeroed": zeroed(),
    "cut": cut(),
    "garbage": garbage(),
}
EACH = 28  # of each of the 18 kinds: over 500 tries in all
UNSEEN = ("cut", "-wal")  # looks like the last transaction torn by a power cut; what was behind the cut is gone unseen


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past")
    asyncio.run(past(folder / "textback.sqlite3"))
    (folder / "backups").mkdir()
    made_at = NOW - timedelta(minutes=20)
    write_backup(folder / "backups" / name_of(made_at), folder / "clean" / "textback.sqlite3", {}, made_at, "drill", {})
    return folder


@pytest.mark.parametrize(("copy", "suffix"), [("clean", ""), ("unclean", ""), ("unclean", "-wal")])
@pytest.mark.parametrize("name", HARMS)
async def test_the_box_starts_on_any_damaged_file_and_texts_nobody_twice(
    tmp_path: Path, yesterday: Path, name: str, copy: str, suffix: str
) -> None:
    rng = random.Random(f"{name} {copy} {suffix}")
    for number in range(EACH):
        folder = tmp_path / str(number)
        shutil.copytree(yesterday / copy, folder)
        if number % 2:  # every other box has a backup, which must make nothing worse
            shutil.copytree(yesterday / "backups", folder / "backups")
        path = folder / "textback.sqlite3"
        HARMS[name](path.with_name(path.name + suffix), rng)
        life = await begin(path, NOW)
        await everybody_calls_again(life, every=5)
        await everything_can_be_shown(life)
        if (name, suffix) != UNSEEN:
            assert set(life.openers) <= {STRANGER}, f"texted twice, number {number}"
        if number % 2 and life.mended:
            out = await life.store.read(
                lambda db: db.execute("SELECT number FROM contacts WHERE kind = 'opted_out'").fetchall()
            )
            assert set(STOPPED) <= {row[0] for row in out}, f"a STOP was forgotten, number {number}"
        for mended in life.mended:
            assert path.with_name(mended.kept).exists()
        await life.store.close()
        life = await begin(path, NOW + timedelta(minutes=1))
        await life.store.close()
        assert life.mended == [], f"mended twice, number {number}"
        shutil.rmtree(folder)
