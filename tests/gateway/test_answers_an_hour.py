"""Another machine whose texts vary cannot make the box write without end: a limit an hour, then a person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gateway.core.conversation.limits import STEP
from gateway.core.events import HandedBack
from tests.gateway.box import BUSINESS, Box, living, reader
from tests.gateway.office import CALLER, OWNER

THREE = replace(BUSINESS, conversation=replace(BUSINESS.conversation, answers_per_hour=3))
VARYING = (
    "hi my AC needs a tune up",
    "how much would that be",
    "44107",
    "who is this",
    "Dana Smith",
    "friday morning is good",
    "can you send me a picture of the unit",
    "is this a robot",
)


async def talks(box: Box, *bodies: str) -> None:
    for body in bodies:
        await box.hears(body)
        await box.wait(90)


async def test_who_writes_on_and_on_is_answered_so_often_and_then_by_a_person(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE, read=reader()) as box:
        await talks(box, *VARYING)
        assert len(box.texts_to()) == 3
        assert await box.rows("SELECT say FROM tasks WHERE closed_at IS NULL") == [(STEP,)]
        notes = await box.rows("SELECT what FROM history WHERE subject = 'lead:1' AND what LIKE 'answered %'")
        assert notes == [("answered 3 times within an hour: the box stops, and a person goes on",)]


async def test_keywords_in_turn_do_not_pass_the_limit(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE, read=reader()) as box:
        await talks(box, *("HELP", "hi my AC needs a tune up", "START", "44107", "INFO", "Dana Smith", "START") * 2)
        assert len(box.texts_to()) == 3


async def test_a_danger_is_answered_beyond_the_limit(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE, read=reader()) as box:
        await talks(box, *VARYING, "i smell gas in the kitchen and my head hurts")
        assert "Leave the building" in box.texts_to()[3]
        assert len(box.texts_to(OWNER)) >= 1


async def test_stop_is_confirmed_beyond_the_limit(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE, read=reader()) as box:
        await talks(box, *VARYING, "STOP")
        assert len(box.texts_to()) == 4


async def test_others_are_answered_meanwhile(tmp_path: Path) -> None:
    other = "+12165550141"
    async with living(tmp_path / "box", THREE, read=reader()) as box:
        await talks(box, *VARYING)
        await box.hears("hi my AC needs a tune up", sender=other)
        await box.wait(60)
        assert len(box.texts_to(other)) == 1


async def test_handed_back_the_box_answers_again_once_the_hour_is_over(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE, read=reader()) as box:
        await talks(box, *VARYING[:5])
        await box.wait(3600)
        await box.happens(HandedBack(box.clock.now(), CALLER, "ann"))
        await talks(box, "oh and the thermostat is blank")
        assert len(box.texts_to()) == 4
        assert STEP not in [say for (say,) in await box.rows("SELECT say FROM tasks WHERE closed_at IS NULL")]
