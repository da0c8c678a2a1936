"""What people type: sent, or declined with a sentence that says why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.core.effects import Declined
from gateway.core.events import AlreadyContacted, ClockJumped, ContactSet, OfficeTexted, TrialTextAsked
from tests.gateway.box import START, Box, living
from tests.gateway.office import CALLER


async def types(box: Box, body: str = "Ann here, calling at 3", to: str = CALLER) -> str:
    """The sentence by which it is declined; "" when it is not."""
    effects = await box.happens(OfficeTexted(box.clock.now(), to, body, "ann"))
    return next((effect.say for effect in effects if isinstance(effect, Declined)), "")


async def test_a_text_typed_to_somebody_who_has_opted_out_is_declined_and_changes_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.hears("STOP")
        assert "asked not to be texted" in await types(box)
        await box.wait(60)
        assert len(box.texts_to()) == 1  # the confirmation
        assert await box.rows("SELECT takeover_until FROM peers") in ([], [(None,)])


@pytest.mark.parametrize("to", ["", "anonymous", "911", "MILLER", "72345", "+1"])
async def test_a_text_typed_to_what_is_no_number_is_declined(tmp_path: Path, to: str) -> None:
    async with living(tmp_path / "box") as box:
        assert "not a number" in await types(box, to=to)
        assert box.modem.air == []


@pytest.mark.parametrize("body", ["", " \n", "x" * 2000, "x" * 100_000, "ж" * 800])
async def test_a_text_without_words_or_with_too_many_is_declined(tmp_path: Path, body: str) -> None:
    async with living(tmp_path / "box") as box:
        assert await types(box, body)
        assert box.modem.air == []


async def test_two_texts_typed_in_the_same_moment_are_both_sent_and_a_double_click_is_one(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        for body in ("first", "second", "second"):
            assert not await types(box, body)
        assert box.texts_to() == ["first", "second"]


async def test_a_typed_text_that_meets_an_opt_out_in_the_queue_is_told_to_a_person(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.ready = False
        await types(box)
        await box.hears("STOP")
        box.modem.ready = True
        await box.wait(60)
        assert len(box.texts_to()) == 1  # the confirmation
        assert await box.rows("SELECT kind, say FROM tasks") == [("not_sent", "asked not to be texted")]


async def test_a_test_text_to_somebody_who_has_opted_out_is_declined(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.hears("STOP")
        effects = await box.happens(TrialTextAsked(box.clock.now(), CALLER, "test:1", "send-test"))
        assert any(isinstance(effect, Declined) for effect in effects)
        assert len(box.texts_to()) == 1


async def test_what_the_configuration_says_at_every_start_is_noted_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        for _ in range(5):
            await box.happens(ContactSet(box.clock.now(), CALLER, "vendor", basis="configuration"))
        assert await box.rows("SELECT count(*) FROM history") == [(1,)]


async def test_who_was_contacted_by_somebody_else_is_not_texted_because_the_clock_was_set(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.happens(AlreadyContacted(box.clock.now(), CALLER, "the call centre"))
        box.clock.moment += timedelta(hours=13)
        await box.happens(ClockJumped(box.clock.now(), 13 * 3600.0, START - timedelta(seconds=1)))
        await box.misses()
        await box.wait(60)
        assert box.modem.air == []
