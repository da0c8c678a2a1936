"""Old things go at night, a few at a time, and nothing on which somebody has work; one person's data goes on request."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway import records
from gateway.care import forgetting
from gateway.care.erasing import Erasing, NotErased
from gateway.care.forgetting import NightlyForgetting
from gateway.care.packing import back_up
from gateway.care.restoring import restore
from gateway.cli import main as cli
from gateway.core.care import Retention
from gateway.core.policy import ContactKind
from gateway.queries.search import Search
from gateway.settings import Contact, load
from gateway.storage import trial
from gateway.storage.refill import every_table, refill
from gateway.storage.shelf import name_of
from gateway.storage.trial import keep
from tests.care.office import SILENT, TALKS, TEXTED, WAITS, Shop, live, morning, shop
from tests.gateway.box import START, Box, VirtualClock

LATER = START + timedelta(days=800)
NIGHT = LATER.replace(hour=8, minute=50)  # 3:50 in the morning


@pytest.fixture
def made(tmp_path: Path) -> Shop:
    return shop(tmp_path / "box")


def nightly(made: Shop, box: Box, **keep: Any) -> NightlyForgetting:
    settings = load(made.config)
    settings = replace(settings, retention=replace(settings.retention, **keep))

    async def nothing() -> None:
        pass

    return NightlyForgetting(lambda: settings, box.store, box.clock, lambda: True, nothing)


async def counts(box: Box) -> dict[str, int]:
    tables = ("calls", "texts", "letters", "leads", "history", "journal", "contacts", "tasks")
    return {table: (await box.rows(f"SELECT count(*) FROM {table}"))[0][0] for table in tables}


async def past(box: Box) -> None:
    """Settled things of a day, and one lead on which somebody still has work."""
    await morning(box)
    await box.wait(3600)
    for task_id, peer in await box.rows("SELECT id, peer FROM tasks WHERE closed_at IS NULL"):
        if peer != TALKS:
            await box.store.write(lambda db, task_id=task_id: records.close_task(db, task_id, "Ann", START))  # type: ignore[misc]


async def test_what_is_too_old_goes_and_what_is_open_stays(made: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "BREATH_S", 0.0)
    async with live(made) as box:
        await past(box)
        for number in range(130):
            await box.misses(f"+131{2 + number // 100}55501{number % 100:02d}")
            await box.wait(30)
        await box.store.write(
            lambda db: db.execute("UPDATE tasks SET closed_at = 1 WHERE peer <> ?", (TALKS,)).rowcount
        )
        before = await counts(box)
        assert before["calls"] == 133
        box.clock.moment = LATER
        await box.misses("+13015550199")
        await box.wait(60)
        gone = await nightly(made, box).forget()
        after = await counts(box)
        assert gone["calls"] >= 130
        assert after["calls"] <= 3
        assert after["journal"] <= 3
        assert (TALKS,) in await box.rows("SELECT peer FROM leads"), "somebody still has work with it"
        assert (SILENT,) in await box.rows("SELECT number FROM contacts WHERE kind = 'opted_out'")
        assert await box.rows("SELECT count(*) FROM history WHERE what LIKE 'opted out%'") == [(1,)]
        assert await box.rows("PRAGMA foreign_key_check") == []
        assert await box.rows("PRAGMA integrity_check") == [("ok",)]
        ids = await box.rows("SELECT max(id) FROM calls")
        await box.misses("+13015550198")
        await box.wait(60)
        assert (await box.rows("SELECT max(id) FROM calls"))[0][0] == ids[0][0] + 1, "a number was given twice"
        assert len(box.texts_to("+13015550198")) == 1
        box.clock.moment += timedelta(days=1)
        await box.misses(SILENT)
        await box.wait(60)
        assert len(box.texts_to(SILENT)) == 2, "the opener and the confirmation, and nothing since"


async def test_a_call_that_comes_while_old_things_go_does_not_wait_for_them(
    made: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 1)
    async with live(made) as box:
        for number in range(10):
            await box.misses(f"+1312555010{number}")
            await box.wait(30)
        box.clock.moment = LATER
        work = asyncio.create_task(nightly(made, box).forget())
        await asyncio.sleep(0)
        await box.misses(TEXTED)
        await box.wait(60)
        assert len(box.texts_to(TEXTED)) == 1
        assert not work.done(), "the call was seen to in between"
        await work


async def test_nothing_goes_that_is_to_be_kept_for_ever(made: Shop) -> None:
    async with live(made) as box:
        await past(box)
        box.clock.moment = LATER
        before = await counts(box)
        keep = dict.fromkeys(("conversations_s", "calls_s", "history_s", "inputs_s"))
        assert await nightly(made, box, **keep).forget() == {}
        assert await counts(box) == before


async def test_it_happens_once_a_night_and_never_by_a_clock_that_cannot_be_believed(made: Shop) -> None:
    async with live(made) as box:
        await past(box)
        night = nightly(made, box)
        box.clock.moment = NIGHT.replace(hour=20)
        await night.look()
        assert (await counts(box))["calls"] == 3, "by day nobody is disturbed"
        box.clock.moment = NIGHT
        night._sane = lambda: False
        await night.look()
        assert (await counts(box))["calls"] == 3
        night._sane = lambda: True
        await night.look()
        assert (await counts(box))["calls"] < 3
        (said,) = await box.rows("SELECT what FROM history WHERE subject = 'box:old'")
        assert said[0].startswith("deleted as too old: ")


def everything_in(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


async def erase(made: Shop, box: Box, number: str, **more: Any) -> Any:
    settings = replace(load(made.config), **more)
    search = Search(made.records, lambda: settings.business)
    try:
        erasing = Erasing(lambda: settings, box.store, box.clock, search.renew)
        return await erasing.erase(number, "Ann")
    finally:
        await search.close()


@pytest.mark.parametrize("person", [TEXTED, TALKS, WAITS])
async def test_of_an_erased_person_nothing_is_left_in_the_files(made: Shop, person: str) -> None:
    async with live(made) as box:
        await morning(box)
        await box.wait(3600)
        others = (await box.rows("SELECT count(*) FROM calls WHERE peer <> ?", person))[0][0]
        await box.hears(f"please call {person[2:5]}-{person[5:8]}-{person[8:]} back", SILENT)
        done = await erase(made, box, person)
        assert done.erased.anything
        assert await box.rows("SELECT count(*) FROM calls WHERE peer <> ?", person) == [(others,)]
        assert await box.rows("PRAGMA foreign_key_check") == []
        (said,) = await box.rows("SELECT what FROM history WHERE subject = 'box:erased'")
        assert said[0].startswith("Ann: one person's data was erased: ")
        assert person[-4:] not in said[0]
    content = everything_in(made.records)
    assert person[2:].encode() not in content
    assert f"{person[2:5]}-{person[5:8]}-{person[8:]}".encode() not in content
    if person == TALKS:
        assert b"loud noise" not in content


async def test_the_proof_of_an_opt_out_stays_and_is_obeyed(made: Shop) -> None:
    async with live(made) as box:
        await morning(box)
        await box.wait(60)
        done = await erase(made, box, SILENT)
        assert done.erased.opted_out
        assert "proof" in " ".join(done.sentences())
        assert await box.rows("SELECT kind, name FROM contacts WHERE number = ?", SILENT) == [("opted_out", "")]
        sent = len(box.texts_to(SILENT))
        box.clock.moment += timedelta(days=30)
        await box.misses(SILENT)
        await box.wait(60)
        assert len(box.texts_to(SILENT)) == sent


async def test_whoever_erases_is_told_where_the_person_still_is(made: Shop) -> None:
    async with live(made) as box:
        await morning(box)
        folder = made.state / "backups"
        folder.mkdir()
        back_up(folder / "textback-20260302T150000Z.tar.gz", made.config, made.state, START)
        (made.state / "textback.sqlite3.damaged-20260101T000000Z").write_bytes(b"old")
        contact = Contact(TEXTED, ContactKind.VENDOR, "Dana")
        said = " ".join((await erase(made, box, TEXTED, contacts=(contact,))).sentences())
    assert "1 backups on the box still hold it" in said
    assert "textback.sqlite3.damaged-20260101T000000Z" in said
    assert "under contacts" in said


async def test_a_person_who_was_erased_does_not_come_back_with_a_backup(made: Shop, tmp_path: Path) -> None:
    async with live(made) as box:
        await morning(box)
        await asyncio.to_thread(back_up, tmp_path / "file", made.config, made.state, box.clock.now())
        await erase(made, box, TALKS)
    restored = restore(tmp_path / "file", made.config, START + timedelta(days=1))
    assert restored.erased == 1
    async with live(made, clock=VirtualClock(START + timedelta(days=1))) as box:
        assert await box.rows("SELECT count(*) FROM leads WHERE peer = ?", TALKS) == [(0,)]
        assert await box.rows("SELECT count(*) FROM letters WHERE peer = ?", TALKS) == [(0,)]
        assert await box.rows("SELECT count(*) FROM calls WHERE peer = ?", TEXTED) == [(1,)]


async def rows_of(made: Shop, number: str) -> dict[str, int]:
    async with live(made, clock=VirtualClock(START + timedelta(days=9))) as box:
        tables = ("leads", "letters", "calls", "texts")
        return {each: (await box.rows(f"SELECT count(*) FROM {each} WHERE peer = ?", number))[0][0] for each in tables}


NOBODY = {"leads": 0, "letters": 0, "calls": 0, "texts": 0}


async def test_an_older_backup_does_not_bring_him_back_after_one_that_never_knew_him(
    made: Shop, tmp_path: Path
) -> None:
    async with live(made) as box:
        await box.misses(TEXTED)
        await asyncio.to_thread(back_up, tmp_path / "before", made.config, made.state, box.clock.now())
        await box.hears("my furnace makes a loud noise", TALKS)
        await asyncio.to_thread(back_up, tmp_path / "with-him", made.config, made.state, box.clock.now())
        await erase(made, box, TALKS)
    assert restore(tmp_path / "before", made.config, START + timedelta(days=1)).erased == 0
    for path in made.state.glob("*before-restore*"):
        path.unlink()
    assert restore(tmp_path / "with-him", made.config, START + timedelta(days=2)).erased == 1
    assert await rows_of(made, TALKS) == NOBODY


async def test_somebody_erased_who_calls_again_is_in_the_backups_of_afterwards(made: Shop, tmp_path: Path) -> None:
    async with live(made) as box:
        await box.hears("my furnace makes a loud noise", TALKS)
        await erase(made, box, TALKS)
        await box.wait(60)
        await box.hears("my sink drips", TALKS)
        await asyncio.to_thread(back_up, tmp_path / "file", made.config, made.state, box.clock.now())
    done = restore(tmp_path / "file", made.config, START + timedelta(days=1))
    assert (done.erased, done.erased_unknown) == (0, False)
    assert (await rows_of(made, TALKS))["letters"] == 1


async def test_who_was_erased_twice_does_not_come_back_from_a_backup_of_between(made: Shop, tmp_path: Path) -> None:
    async with live(made) as box:
        await box.hears("my furnace makes a loud noise", TALKS)
        await erase(made, box, TALKS)
        await box.hears("my sink drips", TALKS)
        await asyncio.to_thread(back_up, tmp_path / "file", made.config, made.state, box.clock.now())
        await erase(made, box, TALKS)
    assert restore(tmp_path / "file", made.config, START + timedelta(days=1)).erased == 1
    assert await rows_of(made, TALKS) == NOBODY


async def test_on_a_new_box_the_newer_backups_beside_it_know_who_was_erased(made: Shop, tmp_path: Path) -> None:
    stick, other = tmp_path / "stick", shop(tmp_path / "other")
    stick.mkdir()
    async with live(made) as box:
        await morning(box)
        await asyncio.to_thread(back_up, stick / name_of(START), made.config, made.state, START)
        await erase(made, box, TALKS)
        for day in (1, 2):
            at = START + timedelta(days=day)
            await asyncio.to_thread(back_up, stick / name_of(at), made.config, made.state, at)
    (stick / name_of(START + timedelta(days=2))).write_bytes(b"torn")
    done = restore(stick / name_of(START), other.config, START + timedelta(days=3), keep_configuration=True)
    assert (done.erased, done.erased_unknown) == (1, False)
    assert await rows_of(other, TALKS) == NOBODY


@pytest.mark.parametrize("used", [False, True], ids=["never-run", "run-since"])
async def test_on_a_new_box_with_that_backup_alone_it_is_said_that_nobody_knows(
    made: Shop, tmp_path: Path, used: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    other = shop(tmp_path / "other")
    async with live(made) as box:
        await morning(box)
        await asyncio.to_thread(back_up, tmp_path / "file", made.config, made.state, box.clock.now())
        await erase(made, box, TALKS)
    if used:
        async with live(other, clock=VirtualClock(START + timedelta(days=1))) as box:
            await box.misses(WAITS)
    words = ["--config", str(other.config), "restore", "--keep-configuration", str(tmp_path / "file")]
    assert await asyncio.to_thread(cli.main, words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "nobody knows whose data was erased since: these people are in it again" in said
    assert "textback erase NUMBER" in said


async def test_damage_that_is_filled_from_a_backup_brings_nobody_back_and_keeps_whoever_called_since(
    made: Shop,
) -> None:
    folder = made.state / "backups"
    folder.mkdir()
    async with live(made) as box:
        await box.hears("my furnace makes a loud noise", TALKS)
        await box.hears("my sink drips", WAITS)
        await asyncio.to_thread(back_up, folder / name_of(START), made.config, made.state, START)
        await erase(made, box, TALKS)
        await erase(made, box, WAITS)
        await box.wait(60)
        await box.hears("my boiler leaks", WAITS)

    def fill(db: sqlite3.Connection) -> None:
        refill(db, every_table(db), made.records, START + timedelta(days=1))

    with closing(sqlite3.connect(made.records, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.execute("BEGIN")
        fill(db)
        db.execute("COMMIT")
        assert [tuple(row) for row in db.execute("SELECT peer, body FROM letters ORDER BY id")] == [
            (WAITS, "my boiler leaks")
        ]
        assert b"loud noise" not in b"".join(row[0].encode() for row in db.execute("SELECT body FROM journal"))


async def test_an_upgrade_that_is_undone_brings_nobody_back(made: Shop, tmp_path: Path) -> None:
    async with live(made) as box:
        await box.hears("my furnace makes a loud noise", TALKS)
    keep(made.records, tmp_path / "kept")
    async with live(made) as box:
        await erase(made, box, TALKS)
    trial.put_back(tmp_path / "kept", made.records, START + timedelta(days=1))
    assert await rows_of(made, TALKS) == NOBODY
    async with live(made, clock=VirtualClock(START + timedelta(days=9))) as box:
        assert await box.rows("PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("typed", ["+12165550100", "hello", ""])
async def test_our_own_numbers_and_nonsense_are_not_erased(made: Shop, typed: str) -> None:
    async with live(made) as box:
        await morning(box)
        before = await counts(box)
        with pytest.raises(NotErased, match=" - "):
            await erase(made, box, typed)
        assert await counts(box) == before


def test_the_usual_retention_keeps_two_years_and_the_raw_input_ninety_days() -> None:
    keep = Retention()
    assert (keep.conversations_s, keep.inputs_s) == (730 * 86400.0, 90 * 86400.0)
    assert sqlite3.sqlite_version_info >= (3, 37)
