"""A drill goes up the real ladder, marked as one, and ends with an answer or with the ladder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gateway.core.effects import Declined, EscalationChanged
from gateway.core.events import DrillAsked
from gateway.queries.leadstory import drill_view
from tests.gateway.box import BUSINESS, Box, living, reader
from tests.gateway.office import CALLER, OWNER
from tests.gateway.test_ladder import DANA, FLOOD, MINUTE, OFFICE, SHOP, says


async def asks(box: Box) -> list[str]:
    effects = await box.happens(DrillAsked(box.clock.now(), "the command line"))
    return [effect.say for effect in effects if isinstance(effect, Declined)]


async def seen(box: Box) -> tuple[str, str, list[tuple[str, str]]]:
    view = await box.store.read(lambda db: drill_view(db, SHOP))
    assert view is not None
    return view.state, view.by, [(told.name, told.state) for told in view.told]


async def test_a_drill_is_marked_and_its_answer_ends_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        assert await asks(box) == []
        (alert,) = box.texts_to(OWNER)
        assert "DRILL 10" in alert
        assert await seen(box) == ("alerting", "", [("Mike", "accepted")])
        await says(box, "10", OWNER)
        assert await seen(box) == ("acknowledged", "Mike", [("Mike", "accepted")])
        await box.wait(60 * MINUTE)
        assert box.texts_to(DANA) == []
        assert await box.rows("SELECT count(*) FROM leads") == [(0,)]


async def test_a_drill_that_nobody_answers_ends_with_the_ladder_and_another_may_follow(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await asks(box)
        await box.wait(60 * MINUTE)
        state, by, told = await seen(box)
        assert (state, by) == ("exhausted", "")
        assert [name for name, _ in told] == ["Mike", "Mike", "Dana", "Dana", "the office"]
        assert box.texts_to(OFFICE)
        assert await asks(box) == []


async def test_while_an_emergency_waits_there_is_no_drill(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        assert await asks(box) == ["no drill now: 10 is not over"]
        assert len(box.texts_to(OWNER)) == 1


async def test_an_emergency_during_a_drill_is_told_all_the_same(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await asks(box)
        await says(box, FLOOD, CALLER)
        drill, alert = box.texts_to(OWNER)
        assert "DRILL 10" in drill
        assert alert.startswith("EMERGENCY 11")
        await says(box, "10", OWNER)
        await box.wait(5 * MINUTE)
        assert box.texts_to(OWNER)[-1].startswith("AGAIN, EMERGENCY 11")


async def test_with_nobody_to_tell_the_drill_says_so(tmp_path: Path) -> None:
    async with living(tmp_path / "box", replace(BUSINESS, owner=None), read=reader()) as box:
        assert await asks(box) == ["nobody's phone is set up to be told of an emergency"]
        effects = await box.happens(DrillAsked(box.clock.now(), "ann"))
        assert not [effect for effect in effects if isinstance(effect, EscalationChanged)]
