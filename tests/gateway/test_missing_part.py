"""A longer text of which a part is missing: an emergency does not wait for it, and what comes later is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway.box import Box, living, reader
from tests.gateway.office import CALLER, OWNER

FLOOD = "Hi this is Dana, the basement is flooding and I cannot stop it, the whole floor is "
GAS = "there is a strong smell of gas in the kitchen and my kids feel dizzy, we live at "
REST = "wet now. 1420 Clark Ave, 44107, please call me"


async def part(box: Box, body: str, number: int, total: int = 2, ref: int = 7) -> None:
    await box.hears(body, ref=ref, total=total, number=number)


async def letters(box: Box) -> list[tuple[str, int]]:
    return [(body, complete) for body, complete in await box.rows("SELECT body, complete FROM letters ORDER BY id")]


async def test_a_danger_is_answered_and_told_at_once_from_the_part_that_is_there(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await part(box, GAS, 1)
        assert "Leave the building" in box.texts_to()[0]
        assert "smell of gas" in box.texts_to(OWNER)[0]


async def test_another_emergency_is_told_as_soon_as_no_part_follows(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await part(box, FLOOD, 1)
        assert box.texts_to(OWNER) == []
        await box.wait(15)
        assert "flooding" in box.texts_to(OWNER)[0]


async def test_what_is_missing_may_stand_in_the_middle(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await part(box, "please hurry", 3, total=3)
        await part(box, FLOOD, 1, total=3)
        await box.wait(15)
        assert await letters(box) == [(f"{FLOOD} [...] please hurry", 0)]
        assert len(box.texts_to(OWNER)) == 1


async def test_the_rest_is_added_to_the_text_and_told_when_it_comes(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await part(box, FLOOD, 1)
        await box.wait(60)
        await part(box, REST, 2)
        await box.wait(120)
        assert await letters(box) == [(FLOOD + REST, 1)]
        assert await box.rows("SELECT zip, street_address FROM leads") == [("44107", "1420 Clark Ave")]
        first, *more = box.texts_to(OWNER)
        assert first.startswith("EMERGENCY")
        assert [("wet now" in each, "flooding" in each) for each in more] == [(True, False)]


async def test_a_danger_in_the_late_part_is_answered(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await part(box, FLOOD, 1)
        await box.wait(60)
        await part(box, "wet and there are sparks and smoke coming out of the outlet", 2)
        assert any("touch" in text or "911" in text for text in box.texts_to())
        assert any(text.startswith("DANGER") for text in box.texts_to(OWNER))


async def test_an_emergency_whose_parts_all_come_is_told_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await part(box, FLOOD, 1)
        await box.wait(3)
        await part(box, REST, 2)
        await box.wait(120)
        assert await letters(box) == [(FLOOD + REST, 1)]
        assert len(box.texts_to(OWNER)) == 1


@pytest.mark.parametrize("body", ["hi I would like somebody to look at ", "no smell of gas or anything, just want a "])
async def test_a_text_without_an_emergency_waits_for_its_parts(tmp_path: Path, body: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await part(box, body, 1)
        await box.wait(300)
        assert await letters(box) == []
        await part(box, "my furnace", 2)
        assert await letters(box) == [(f"{body}my furnace", 1)]


async def test_a_text_handed_over_with_a_gap_takes_a_part_that_comes_later(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await part(box, "hi my furnace makes ", 1)
        await box.wait(700)
        await part(box, "a grinding noise in 44107", 2)
        await box.wait(60)
        assert await letters(box) == [("hi my furnace makes a grinding noise in 44107", 1)]
        assert await box.rows("SELECT zip FROM leads") == [("44107",)]


async def test_the_word_for_an_emergency_is_told_without_a_reader_too(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await part(box, "URGENT water everywhere, ", 1)
        await box.wait(15)
        assert "URGENT" in box.texts_to(OWNER)[0]
        await part(box, "please come", 2)
        assert await letters(box) == [("URGENT water everywhere, please come", 1)]


async def test_our_own_peoples_parts_wait(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(GAS, sender=OWNER, ref=7, total=2, number=1)
        await box.wait(60)
        assert box.modem.air == []
        assert CALLER not in {segment.to for segment in box.modem.air}
