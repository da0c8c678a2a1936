"""Every fault that a box meets in its years, one after the other, put into the running program from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.faults import OF_DEVICES
from tests.drill.faultworld import office


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


@pytest.mark.drill
@pytest.mark.parametrize("name", OF_DEVICES)
async def test_the_plain_program_with_its_own_patience_lives_through(name: str, tmp_path: Path) -> None:
    async with office(tmp_path, hurried=False) as shop:
        await shop.begin()
        await OF_DEVICES[name](shop)
        shop.nothing_twice()
