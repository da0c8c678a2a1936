"""A damaged database: it is kept aside, what can be read is saved, nobody is texted twice, and the box says what it did."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from gateway import records
from gateway.storage.salvage import salvage
from gateway.storage.schema import PAGE_SIZE, PAUSED_BY_DAMAGE, StoreDown, prepare
from gateway.storage.store import open_memory
from tests.durability.damage import (
    NOW,
    STOPPED,
    STRANGER,
    TEXTED,
    UNSURE,
    Harm,
    Life,
    begin,
    cut,
    flipped,
    garbage,
    gone,
    missed,
    overwritten,
    past,
    zeroed,
)
from tests.gateway.office import OWNER

# What happens to which copy of the files; True where it may not be certain afterwards who was texted.
HARMS: dict[str, tuple[str, Harm, bool]] = {
    "the first page overwritten": ("clean", overwritten(at=0), False),
    "the header overwritten": ("clean", overwritten(at=0, size=100), False),
    "the first pages zeroed": ("clean", zeroed(at=0), True),
    "a page overwritten": ("clean", overwritten(), False),
    "bytes flipped": ("clean", flipped(many=60), True),
    "cut short": ("clean", cut(share=0.6), True),
    "emptied": ("clean", cut(share=0), True),
    "replaced by garbage": ("clean", garbage(), True),
    "cut short with its log": ("unclean", cut(share=0.6), True),
    "replaced by garbage with its log": ("unclean", garbage(), True),
    "deleted, the log left": ("unclean", gone(), True),
    "the log's header overwritten": ("unclean", overwritten("-wal", at=0, size=32), True),
    "the log's first page overwritten": ("unclean", overwritten("-wal", at=56), True),
    "the log emptied": ("unclean", cut("-wal", share=0), True),
    "the log replaced by garbage": ("unclean", garbage("-wal"), True),
    "the log deleted": ("unclean", gone("-wal"), True),
}


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past")
    asyncio.run(past(folder / "textback.sqlite3"))
    return folder


async def harmed(yesterday: Path, copy: str, harm: Harm, folder: Path, seed: int = 1) -> tuple[Path, bytes]:
    """The damaged files and the content of the database file."""
    for file in (yesterday / copy).iterdir():
        shutil.copy2(file, folder / file.name)
    path = folder / "textback.sqlite3"
    harm(path, random.Random(seed))
    return path, path.read_bytes() if path.exists() else b""


async def everybody_calls_again(life: Life, every: int = 1) -> None:
    for place, caller in list(enumerate((*TEXTED, *STOPPED, UNSURE)))[::-every]:
        await life.take(*missed(caller, f"past-{place}", NOW - timedelta(hours=1)))  # the same call, told once more
        await life.take(*missed(caller, f"again-{place}", NOW))
    await life.take(*missed(STRANGER, "stranger", NOW))


async def everything_can_be_shown(life: Life) -> None:
    long_ago = NOW - timedelta(days=30)
    await life.queries.today(NOW)
    await life.queries.calls(long_ago)
    await life.queries.leads(NOW)
    await life.queries.tasks()


@pytest.mark.parametrize("name", HARMS)
async def test_a_damaged_database_is_kept_aside_and_nobody_is_texted_twice(
    tmp_path: Path, yesterday: Path, name: str
) -> None:
    copy, harm, doubt = HARMS[name]
    path, content = await harmed(yesterday, copy, harm, tmp_path)
    life = await begin(path, NOW)
    try:
        (mended,) = life.mended
        assert not (doubt and mended.certain)
        await everybody_calls_again(life)
        await everything_can_be_shown(life)
        assert set(life.openers) <= {STRANGER}
        paused = life.queries.paused()
        assert paused == ("" if mended.certain else PAUSED_BY_DAMAGE)
        assert (STRANGER in life.openers) is mended.certain
        told = [s.body for s in life.modem.air if s.to == OWNER and "records were damaged" in s.body]
        assert len(told) == (not mended.certain)
        if not mended.certain:
            waiting = {task.peer for task in await life.queries.tasks() if task.kind == "call_back"}
            assert STRANGER in waiting
        if content:
            assert path.with_name(mended.kept).read_bytes() == content
        else:
            assert path.with_name(mended.kept).exists()
    finally:
        await life.store.close()
    life = await begin(path, NOW + timedelta(minutes=1))
    assert life.mended == [], "mended twice"
    assert life.queries.paused() == paused
    assert not [s for s in life.modem.air if "records were damaged" in s.body], "the owner was told twice"
    await life.store.close()


@pytest.mark.parametrize("name", ["the first page overwritten", "the header overwritten"])
async def test_without_its_first_page_a_database_is_saved_whole(tmp_path: Path, yesterday: Path, name: str) -> None:
    copy, harm, _ = HARMS[name]
    path, _ = await harmed(yesterday, copy, harm, tmp_path)
    life = await begin(path, NOW)
    await life.store.close()
    assert life.mended[0].torn == ()
    saved, clean = content_of(path), content_of(yesterday / "clean" / path.name)
    assert saved.pop("outages"), "that the box was off is noted as it starts"
    clean.pop("outages")
    assert saved == clean


def content_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        content = {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in tables}
    content["history"] = [row for row in content["history"] if "mended" not in str(row)]
    content["switches"] = [row for row in content["switches"] if row[0] != "run"]
    return content


@pytest.mark.parametrize("table", ["appointments", "history"])
def test_where_appointments_are_lost_their_numbers_are_those_of_another_box_in_peoples_calendars(
    tmp_path, table
) -> None:
    path = tmp_path / "box"
    with closing(sqlite3.connect(path)) as db, closing(open_memory()) as new:
        prepare(db)
        db.execute("INSERT INTO installation (id, made_at) VALUES ('c0ffee', 1)")
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = bytearray(path.read_bytes())
        content[(root - 1) * PAGE_SIZE : root * PAGE_SIZE] = bytes(PAGE_SIZE)
        found = salvage(bytes(content), None, tmp_path / "scratch", new)
        assert found.torn == (table,)
        assert found.vital, "nobody is texted twice for it"
        assert records.installation(new) == ("" if table == "appointments" else "c0ffee")


async def test_a_power_cut_is_no_damage(tmp_path: Path, yesterday: Path) -> None:
    path, _ = await harmed(yesterday, "unclean", lambda _path, _rng: None, tmp_path)
    life = await begin(path, NOW)
    await everybody_calls_again(life)
    await life.store.close()
    assert life.mended == []
    assert life.openers == [STRANGER]


async def test_a_torn_last_transaction_is_no_damage(tmp_path: Path, yesterday: Path) -> None:
    path, _ = await harmed(yesterday, "clean", lambda _path, _rng: None, tmp_path)
    life = await begin(path, NOW)
    await life.take(*missed(STRANGER, "stranger", NOW))
    log = path.with_name(path.name + "-wal")
    torn = tmp_path / "torn"
    torn.mkdir()
    shutil.copy2(path, torn / path.name)
    shutil.copy2(path.with_name(path.name + ".run"), torn / (path.name + ".run"))
    (torn / log.name).write_bytes(log.read_bytes()[:-700])
    await life.store.close()
    life = await begin(torn / path.name, NOW + timedelta(minutes=1))
    await life.store.close()
    assert life.mended == []


async def test_damage_met_while_running_is_mended_and_whoever_waits_is_served(tmp_path: Path, yesterday: Path) -> None:
    path, _ = await harmed(yesterday, "clean", lambda _path, _rng: None, tmp_path)
    life = await begin(path, NOW)
    await life.store.write(lambda db: db.execute("PRAGMA shrink_memory"))
    overwritten(at=1024, size=path.stat().st_size - 1024)(path, random.Random(1))
    events = [*missed(STRANGER, "stranger", NOW), *missed(TEXTED[0], "again", NOW)]
    refusals = 0
    while events:
        try:
            await life.take(events[0])
        except StoreDown:
            refusals += 1
            assert refusals < 5
            continue
        events.pop(0)
    assert refusals
    assert [mended.certain for mended in life.mended] == [False]
    await everything_can_be_shown(life)
    rows = await life.queries.calls(NOW - timedelta(minutes=5))
    assert sorted(row.caller for row in rows) == sorted([STRANGER, TEXTED[0]])
    assert TEXTED[0] not in life.openers
    await life.store.close()


async def test_mending_that_is_interrupted_anywhere_is_finished_at_the_next_start(
    tmp_path: Path, yesterday: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    def fused(method: str, blows_at: int, passed: list[str]) -> None:
        real = getattr(Path, method)

        def act(path: Path, *args: object, **options: object) -> object:
            passed.append(method)
            if len(passed) == blows_at:
                raise PowerCut
            return real(path, *args, **options)

        monkeypatch.setattr(Path, method, act)

    blown, cut_at = True, 0
    while blown:
        cut_at += 1
        folder = tmp_path / str(cut_at)
        folder.mkdir()
        path, content = await harmed(yesterday, "unclean", garbage(), folder)
        passed: list[str] = []
        for method in ("rename", "replace", "unlink", "write_bytes", "write_text"):
            fused(method, cut_at, passed)
        try:
            life = await begin(path, NOW)
            await life.store.close()
            blown = False
        except PowerCut:
            pass
        monkeypatch.undo()
        life = await begin(path, NOW + timedelta(minutes=1))
        await everybody_calls_again(life, every=12)
        assert life.openers == [], f"texted twice, cut at {cut_at}"
        assert life.queries.paused() == PAUSED_BY_DAMAGE
        await life.store.close()
        kept = list(folder.glob("*.damaged-*"))
        assert content in [file.read_bytes() for file in kept], f"not kept, cut at {cut_at}"
    assert cut_at > 8


async def test_the_very_first_start_may_be_interrupted_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "state" / "textback.sqlite3"
    path.parent.mkdir()
    (path.parent / "textback.sqlite3.new").write_bytes(b"half a database")
    life = await begin(path, NOW)
    assert life.mended == []
    await life.take(*missed(STRANGER, "stranger", NOW))
    assert life.openers == [STRANGER]
    await life.store.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["textback.sqlite3"]
