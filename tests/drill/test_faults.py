"""Every fault that a box meets in its years, one after the other, put into the running program from outside."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.drill import clockfaults, diskfaults, memoryfaults
from tests.drill.clockfaults import NEW_YORK
from tests.drill.faults import OF_DEVICES
from tests.drill.faultworld import office
from tests.trouble.test_worn_card import card

DAMAGED = 14  # tries of each of five kinds; over 500 without the program around the records: test_damage.py
CARD = 260 << 20  # bytes: the page warns of less room than 200 MB


async def test_one_box_lives_through_every_fault_of_its_modem_and_its_phone_system(tmp_path: Path) -> None:
    async with office(tmp_path) as shop:
        await shop.begin()
        for name, fault in OF_DEVICES.items():
            try:
                await fault(shop)
                await shop.all_well()
                shop.nothing_twice()
            except Exception as error:
                error.add_note(f"during: {name}")
                raise
        await shop.box.stop()
        assert shop.box.ends[-1] == 0


async def test_disk_full_and_disk_read_only_at_the_start(tmp_path: Path) -> None:
    with diskfaults.small_disk(tmp_path / "box" / "state") as disk:
        async with office(tmp_path / "box") as shop:
            await shop.begin()
            await diskfaults.disk_full(shop, disk)
            await diskfaults.read_only_at_the_start(shop, disk)
            shop.nothing_twice()


@pytest.mark.drill
async def test_disk_read_only_in_service(tmp_path: Path) -> None:
    image, folder = tmp_path / "card.img", tmp_path / "box"
    folder.mkdir()
    async with office(folder) as shop:
        with card(image, folder / "state", CARD) as place:
            await shop.begin()
            await diskfaults.read_only_in_service(shop, place)
            shop.box.kill()  # the power is cut, and the card mended at the next start of the machine
            await shop.box.died()
        with card(image, folder / "state", CARD):
            await shop.begin()
            await shop.until(
                lambda: len(shop.box.rows("SELECT 1 FROM letters")) == 1, "the text that stayed on the SIM is there"
            )
            await shop.is_texted(await shop.missed())
            shop.nothing_twice()


@pytest.mark.drill
async def test_a_database_corrupted_at_random_offsets(tmp_path: Path) -> None:
    async with office(tmp_path) as shop:
        await shop.begin()
        past = diskfaults.Past(shop)
        await past.pass_by()
        for seed in range(DAMAGED):
            for name in diskfaults.HARMS:
                await past.damaged(name, seed)


async def test_clock_at_1970(tmp_path: Path) -> None:
    async with office(tmp_path) as shop:
        await shop.begin()
        await clockfaults.clock_at_1970(shop)
        shop.nothing_twice()


@pytest.mark.drill
async def test_clock_two_days_ahead(tmp_path: Path) -> None:
    async with office(tmp_path) as shop:
        await clockfaults.clock_two_days_ahead(shop)
        shop.nothing_twice()


@pytest.mark.parametrize(
    ("evening", "backup", "fall"),
    [
        (datetime(2026, 10, 31, 22, tzinfo=NEW_YORK), "01:30", True),
        (datetime(2027, 3, 13, 22, tzinfo=NEW_YORK), "02:30", False),
    ],
    ids=["an-hour-comes-twice", "an-hour-is-missing"],
)
async def test_dst_night(evening: datetime, backup: str, fall: bool, tmp_path: Path) -> None:
    night = 'quiet_hours: {from: "21:00", to: "08:00"}, '
    hours = 'sun: ["09:00-17:00"], mon: ["08:00-17:00"], sat: ["08:00-17:00"]'
    async with office(tmp_path, quiet="defer", night=night, hours=hours, backup=backup) as shop:
        await clockfaults.dst_night(shop, evening, fall=fall)
        shop.nothing_twice()


@pytest.mark.drill
async def test_memory_pressure(tmp_path: Path) -> None:
    async with office(tmp_path) as shop:
        await shop.begin()
        await memoryfaults.memory_pressure(shop)


@pytest.mark.drill
@pytest.mark.parametrize("name", OF_DEVICES)
async def test_the_plain_program_with_its_own_patience_lives_through(name: str, tmp_path: Path) -> None:
    async with office(tmp_path, hurried=False) as shop:
        await shop.begin()
        await OF_DEVICES[name](shop)
        shop.nothing_twice()
