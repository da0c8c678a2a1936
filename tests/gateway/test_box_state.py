"""What the health page says of the whole box is what its books say at that minute."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.commands.office import OfficeCommands
from gateway.core.events import Switched
from gateway.core.views.box import BoxState, Delivery, WhoIsTold
from gateway.health import HealthBoard
from gateway.queries.office import Queries
from tests.gateway.box import BUSINESS, UNSURE, Box, living, reader
from tests.gateway.office import CALLER, OWNER
from tests.gateway.test_ladder import DANA, FLOOD, SHOP, says

MINUTE = 60.0


def queries_of(box: Box) -> Queries:
    return Queries(box.store, box.dispatcher, HealthBoard())


async def state_of(box: Box) -> BoxState:
    return await queries_of(box).box(box.clock.now())


def steps(told: WhoIsTold) -> list[tuple[float, list[str], bool]]:
    return [(step.after_s, [person.name for person in step.people], step.again) for step in told.steps]


async def test_a_new_box_has_nothing_to_tell(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS) as box:
        state = await state_of(box)
        assert not state.used
        assert (state.last_missed, state.last_sent, state.last_delivered, state.drill, state.trial) == (None,) * 5
        assert state.week == Delivery()
        assert state.free_bytes is not None


async def test_the_last_call_and_text_and_what_became_of_a_weeks_texts(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS) as box:
        box.modem.answers.extend([UNSURE])
        for caller in (CALLER, "+12165550138", "+12165550139"):
            await box.misses(caller)
            await box.wait(2 * MINUTE)
        await box.reported(box.modem.refs[1], to="+12165550138")
        state = await state_of(box)
        assert state.last_missed is not None
        assert state.last_missed.caller == "+12165550139"
        assert state.last_sent is not None
        assert (state.last_sent.peer, state.last_sent.state) == ("+12165550139", "accepted")
        assert state.last_delivered is not None
        assert state.last_delivered.peer == "+12165550138"
        assert state.week == Delivery(delivered=1, unsure=1, open=1)
        assert (state.unsure, state.used) == (1, True)
        await box.wait(8 * 24 * 60 * MINUTE)
        assert (await state_of(box)).week == Delivery()


async def test_texts_that_wait_are_told_with_since_when(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS) as box:
        box.modem.ready = False
        await box.misses()
        assert (await state_of(box)).queued == 0  # still settling
        await box.wait(MINUTE)
        state = await state_of(box)
        assert state.queued == 1
        assert state.queued_since is not None
        assert state.queued_since < box.clock.now()


async def test_switches_tell_why_and_until_when(tmp_path: Path) -> None:
    async with living(tmp_path / "box", BUSINESS) as box:
        until = box.clock.now().replace(hour=23)
        await box.happens(Switched(box.clock.now(), "pause", "by Ann", "Ann", until=until))
        await box.happens(Switched(box.clock.now(), "shadow", "on", "Ann"))
        state = await state_of(box)
        assert state.pause is not None
        assert (state.pause.say, state.pause.ends) == ("by Ann", until)
        assert state.shadow is not None
        assert state.storm is None


async def test_the_ladder_is_the_one_of_this_minute(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        told = (await state_of(box)).told
        assert steps(told) == [
            (0, ["Mike"], False),
            (300, ["Mike"], True),
            (600, ["Dana"], False),
            (900, ["Dana"], True),
            (1200, ["the office"], False),
        ]
        assert (told.covered, told.alone, told.all_told_s) == (True, (), 1500)
        await says(box, "oncall dana", OWNER)
        assert steps((await state_of(box)).told)[0] == (0, ["Dana"], False)
        await says(box, FLOOD)
        assert box.texts_to(DANA)  # and so it went


async def test_where_nobody_is_on_call_it_says_who_hears_of_it_alone(tmp_path: Path) -> None:
    emergencies = replace(SHOP.conversation.emergencies, covered=type(SHOP.conversation.emergencies.covered)("never"))
    shop = replace(SHOP, conversation=replace(SHOP.conversation, emergencies=emergencies))
    async with living(tmp_path / "box", shop) as box:
        told = (await state_of(box)).told
        assert not told.covered
        assert [person.name for person in told.alone] == ["Mike"]


async def test_a_drill_and_a_test_text_from_the_page(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        commands = OfficeCommands(box.dispatcher, queries_of(box), box.clock)
        await commands.trial_text(OWNER, "Ann")
        await box.wait(1)
        state = await state_of(box)
        assert state.trial is not None
        assert (state.trial.peer, state.trial.state) == (OWNER, "accepted")
        await commands.drill("Ann")
        await box.wait(1)
        drill = (await state_of(box)).drill
        assert drill is not None
        assert (drill.state, drill.asked_by, drill.ended_at) == ("alerting", "Ann", None)
        await says(box, str(drill.code), OWNER)
        drill = (await state_of(box)).drill
        assert drill is not None
        assert (drill.state, drill.by) == ("acknowledged", "Mike")
        assert drill.ended_at is not None
        await says(box, FLOOD)
        with pytest.raises(ValueError, match="no drill now"):
            await commands.drill("Ann")
        with pytest.raises(ValueError, match="not a number"):
            await commands.trial_text("nobody", "Ann")
