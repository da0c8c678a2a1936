"""The nightly backup: made and tried by itself, copied to a second place, kept by day, week and month, and told when it fails."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.care import nightly
from gateway.care.nightly import NightlyBackups
from gateway.core.care import BackupRules, kept, last_due
from gateway.core.events import Health, HealthReport
from gateway.doctor.program import memory_bytes
from gateway.health import HealthBoard
from gateway.settings import Settings, load
from gateway.storage.backupfile import verify
from gateway.storage.shelf import name_of, shelved
from tests.care.office import Shop, live, morning, shop
from tests.gateway.box import START, VirtualClock
from tests.tooling import need

CLEVELAND = ZoneInfo("America/New_York")


class Night:
    """A box with its nightly backups, and a clock to move."""

    def __init__(self, made: Shop, **rules: object) -> None:
        self.made = made
        settings = load(made.config)
        self.settings: Settings = replace(settings, backup=replace(settings.backup, **rules))  # type: ignore[arg-type]
        self.clock = VirtualClock(START)
        self.board = HealthBoard()
        self.sane = True
        self.backups = NightlyBackups(lambda: self.settings, self.clock, self.board, lambda: self.sane)

    @property
    def light(self) -> HealthReport | None:
        return next((report for report in self.board.reports() if report.component == "backup"), None)

    async def at(self, moment: datetime) -> None:
        self.clock.moment = moment
        await self.backups.look()

    def names(self, folder: Path | None = None) -> list[str]:
        return [each.path.name for each in shelved(folder or self.made.state / "backups")]


@pytest.fixture
async def made(tmp_path: Path) -> Shop:
    box = shop(tmp_path / "box")
    async with live(box) as running:
        await morning(running)
    return box


async def test_a_backup_is_made_once_a_night_and_read_back(made: Shop) -> None:
    night = Night(made)
    await night.at(START)
    assert night.names() == [name_of(START)], "the first one does not wait for the night"
    for hour in range(1, 17):
        await night.at(START + timedelta(hours=hour))
    assert len(night.names()) == 1
    await night.at(START + timedelta(hours=17, minutes=16))  # 3:16 in the morning
    assert len(night.names()) == 2
    assert night.light is not None
    assert night.light.health is Health.UP
    assert "was read back and can be restored" in night.light.say
    for each in night.backups.shelf():
        assert verify(each.path).counts["calls"] == 3
        assert each.path.stat().st_mode & 0o777 == 0o600


async def test_a_box_that_was_off_at_night_makes_up_for_it(made: Shop) -> None:
    night = Night(made)
    await night.at(START)
    await night.at(START + timedelta(days=3))
    assert night.names() == [name_of(START + timedelta(days=3)), name_of(START)]


async def test_each_backup_is_copied_to_the_second_place_and_tried_there(made: Shop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    night = Night(made, copy_to=str(stick))
    await night.at(START)
    assert night.names(stick) == night.names()
    assert verify(shelved(stick)[0].path).counts["calls"] == 3
    assert night.light is not None
    assert f"There is a copy in {stick}" in night.light.say


async def test_a_missing_stick_is_said_and_the_copy_is_made_when_it_is_back(made: Shop, tmp_path: Path) -> None:
    (tmp_path / "stick").write_text("no folder")
    night = Night(made, copy_to=str(tmp_path / "stick" / "backups"))
    await night.at(START)
    assert night.light is not None
    assert night.light.health is Health.DEGRADED
    assert "could not be copied to" in night.light.say
    assert "There is one on the box itself" in night.light.say
    assert "Put the stick in" in night.light.remedy
    (tmp_path / "stick").unlink()
    await night.at(START + timedelta(minutes=5))
    assert night.light.health is Health.DEGRADED
    await night.at(START + timedelta(minutes=31))
    assert night.light.health is Health.UP
    assert len(night.names()) == 1, "the backup itself was there already"
    assert night.names(tmp_path / "stick" / "backups") == night.names()


async def test_where_a_stick_should_be_mounted_and_is_not_nothing_is_written(
    made: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "media").mkdir()
    monkeypatch.setattr(nightly, "_MOUNTED", (str(tmp_path / "media"),))
    night = Night(made, copy_to=str(tmp_path / "media" / "usb"))
    if (tmp_path).stat().st_dev != Path("/").stat().st_dev:
        need(False, "the temporary folder is not on the root's own disk")
    await night.at(START)
    assert night.light is not None
    assert "nothing is there" in night.light.say
    assert not (tmp_path / "media" / "usb").exists()


async def test_damaged_records_make_no_backup_and_the_good_ones_stay(made: Shop) -> None:
    night = Night(made)
    await night.at(START)
    before = night.names()
    data = bytearray(made.records.read_bytes())
    data[4096:16384] = os.urandom(12288)
    made.records.write_bytes(data)
    await night.at(START + timedelta(days=1))
    assert night.light is not None
    assert "The backup could not be made" in night.light.say
    assert night.names() == before
    assert sorted(path.name for path in (made.state / "backups").iterdir()) == before, "nothing unfinished lies about"


async def test_a_night_more_is_no_memory_more_whoever_else_works_beside_the_loop(made: Shop) -> None:
    (made.state / "reader.model").write_bytes(os.urandom(4_000_000))
    together = threading.Barrier(5)
    await asyncio.gather(*(asyncio.to_thread(together.wait) for _ in range(5)))  # the pool has five threads now
    night, used = Night(made), []
    for day in range(5):
        await night.at(START + timedelta(days=day))
        used.append(memory_bytes() or 0)
    assert used[-1] - used[0] < 10_000_000


async def test_a_backup_that_is_two_nights_old_is_told(made: Shop) -> None:
    night = Night(made)
    await night.at(START)
    night.sane = False  # nothing is made by a clock that cannot be believed
    await night.at(START + timedelta(days=3))
    assert len(night.names()) == 1
    assert night.light is not None
    assert "The newest backup is from Mar 2, 2026, 10:00 AM: no night since has brought one" in night.light.say


async def test_without_an_hour_there_are_no_backups_and_nothing_is_said(made: Shop) -> None:
    night = Night(made, at=None)
    await night.at(START)
    assert night.names() == []
    assert night.light is None


def run(*words: str) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own, which can really be full and really be read-only."""
    folder.mkdir()
    need(run("mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)), "only root may mount a file system")
    try:
        yield folder
    finally:
        run("umount", "-l", str(folder))


async def test_a_full_and_a_read_only_stick_are_named_and_heal(made: Shop, tmp_path: Path) -> None:
    with small_disk(tmp_path / "stick", "512k") as stick:
        (stick / "holiday.jpg").write_bytes(bytes(510_000))
        night = Night(made, copy_to=str(stick))
        await night.at(START)
        assert night.light is not None
        assert f"could not be copied to {stick}: the disk is full" in night.light.say
        assert "Make room on that disk" in night.light.remedy
        (stick / "holiday.jpg").unlink()
        await night.at(START + timedelta(hours=1))
        assert night.light.health is Health.UP
        run("mount", "-o", "remount,ro", str(stick))
        await night.at(START + timedelta(days=1))
        assert f"could not be copied to {stick}: the disk can only be read" in night.light.say
        run("mount", "-o", "remount,rw", str(stick))
        await night.at(START + timedelta(days=1, hours=1))
        assert night.light.health is Health.UP
        assert len(shelved(stick)) == 2


async def test_the_backup_that_a_full_disk_refused_is_made_a_minute_after_there_is_room(
    made: Shop, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "card", "8m") as card:
        shutil.copytree(made.state, card / "state")
        made.config.write_text(made.config.read_text().replace(str(made.state), str(card / "state")))
        night = Night(made)
        with (card / "holiday.jpg").open("wb", buffering=0) as ballast, suppress(OSError):
            while ballast.write(bytes(4096)):
                pass
        await night.at(START)
        assert night.light is not None
        assert "could not be made: the disk is full" in night.light.say
        for minute in range(1, 5):
            tried = night.backups._tried
            await night.at(START + timedelta(minutes=minute))
            assert night.backups._tried == tried, "a disk that is as full as before is left alone"
        (card / "holiday.jpg").unlink()
        await night.at(START + timedelta(minutes=6))
        assert night.light.health is Health.UP
        assert night.names(card / "state" / "backups") == [name_of(START + timedelta(minutes=6))]


async def test_the_copy_is_made_a_minute_after_the_stick_takes_it_again(made: Shop, tmp_path: Path) -> None:
    with small_disk(tmp_path / "stick", "4m") as stick:
        run("mount", "-o", "remount,ro", str(stick))
        night = Night(made, copy_to=str(stick))
        await night.at(START)
        await night.at(START + timedelta(minutes=1))
        assert night.light is not None
        assert "the disk can only be read" in night.light.say
        run("mount", "-o", "remount,rw", str(stick))
        await night.at(START + timedelta(minutes=2))
        assert night.light.health is Health.UP
        assert len(shelved(stick)) == 1


def test_the_newest_of_each_day_week_and_month_is_kept() -> None:
    rules = BackupRules(days=7, weeks=4, months=6)
    made = [datetime(2026, 1, 1, 8, 15, tzinfo=UTC) + timedelta(days=n) for n in range(330)]
    on_the_shelf: set[datetime] = set()
    for each in made:
        on_the_shelf.add(each)
        on_the_shelf = set(kept(on_the_shelf, rules, CLEVELAND))
        assert each in on_the_shelf
    days = sorted(on_the_shelf, reverse=True)
    assert days[:7] == sorted(made[-7:], reverse=True)
    assert len({f"{day:%Y-%m}" for day in days}) == 6
    assert len(days) <= 7 + 4 + 6
    assert kept([], rules, CLEVELAND) == frozenset()


def test_a_backup_of_a_clock_that_went_wrong_pushes_no_good_one_out() -> None:
    rules = BackupRules(days=3, weeks=0, months=0)
    good = [datetime(2026, 3, day, 8, tzinfo=UTC) for day in (1, 2, 3)]
    assert set(good[1:]) <= kept([*good, datetime(1970, 1, 1, tzinfo=UTC)], rules, CLEVELAND)


def test_the_hour_is_the_business_s_own_also_when_the_clocks_change() -> None:
    before = last_due(
        time(3, 15), datetime(2026, 3, 8, 7, 14, tzinfo=UTC), CLEVELAND
    )  # 3:14 AM, the first after the change
    after = last_due(time(3, 15), datetime(2026, 3, 8, 7, 16, tzinfo=UTC), CLEVELAND)
    assert (before.day, after.day) == (7, 8)


def test_what_is_no_backup_of_ours_is_never_put_away(tmp_path: Path) -> None:
    for name in ("textback-notes.tar.gz", "photo.jpg", "textback-20260302T150000Z.tar.gz.old"):
        (tmp_path / name).write_text("mine")
    (tmp_path / name_of(START)).write_text("old")
    (tmp_path / name_of(START + timedelta(days=1))).write_text("new")
    nightly._put_away(tmp_path, BackupRules(days=1, weeks=0, months=0), CLEVELAND)
    assert len(list(tmp_path.iterdir())) == 4
    shutil.rmtree(tmp_path)
