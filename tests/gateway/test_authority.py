"""How far the box goes by itself is the owner's to say; dangers, emergencies, STOP and HELP are outside of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.core.business import Business
from gateway.core.conversation.authority import Authority, AuthorityTable, Lanes
from gateway.queries.leads import open_leads
from tests.gateway.box import BUSINESS, Box, living, reader
from tests.gateway.office import OWNER

TUNE_UP = "hi my AC needs a tune up"  # bookable at Miller's
REPAIR = "my AC makes a rattling noise, no rush"  # not bookable
FLOOD = "water is pouring through my kitchen ceiling and I cannot stop it"
SILENT = (Authority.WATCH, Authority.OPENER)


def shop(**table: object) -> Business:
    rules = replace(BUSINESS.conversation, authority=AuthorityTable(**table))  # type: ignore[arg-type]
    return replace(BUSINESS, conversation=rules)


async def says(box: Box, *bodies: str) -> list[str]:
    """What the box writes to these texts, each answered before the next."""
    before = len(box.texts_to())
    for body in bodies:
        await box.hears(body)
        await box.wait(60)
    return box.texts_to()[before:]


async def test_the_default_asks_and_passes_an_appointment_on_as_requested(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        *_, last = await says(box, TUNE_UP, "44107", "Dana Novak", "thursday morning")
        assert last.startswith("Thank you. Requested: ")


async def test_below_request_an_appointment_is_only_put_on_the_list(tmp_path: Path) -> None:
    for level in (Authority.ASK, Authority.OFFER):
        async with living(tmp_path / level, shop(book=level), read=reader()) as box:
            *_, last = await says(box, TUNE_UP, "44107", "Dana Novak", "thursday morning")
            assert "equested" not in last
            assert "on the list" in last
            ((lane,),) = await box.rows("SELECT lane FROM leads")
            assert lane == "book"  # everything is known; a person goes on


@pytest.mark.parametrize("level", SILENT)
async def test_where_only_the_first_text_is_agreed_to_the_answer_waits_for_a_person(
    tmp_path: Path, level: Authority
) -> None:
    async with living(tmp_path / "box", shop(book=level, message=level), read=reader()) as box:
        assert await says(box, TUNE_UP, "44107", "what does it cost?", "I want to talk to a person", "hello??") == []
        await box.wait(3 * 86400)
        assert box.texts_to() == []
        ((say,),) = await box.rows("SELECT say FROM tasks WHERE kind = 'wrote' AND closed_at IS NULL")
        assert say.startswith("answer: ")
        (lead,) = await box.store.read(
            lambda db: open_leads(db, box.dispatcher.business.conversation, box.clock.now(), 9)
        )
        assert "first text only" in lead.may or "nothing" in lead.may


@pytest.mark.parametrize("level", SILENT)
async def test_no_level_holds_back_what_has_to_be_said(tmp_path: Path, level: Authority) -> None:
    async with living(tmp_path / "box", shop(book=level, message=level), read=reader()) as box:
        (safety, alerted) = await says(box, "i smell gas in my basement")
        assert "Leave the building" in safety
        assert "on-call person" in alerted
        assert len(box.texts_to(OWNER)) == 1
        assert len(await says(box, "HELP")) == 1
        (ended,) = await says(box, "STOP")
        assert "no more texts" in ended


async def test_an_emergency_is_asked_for_its_address_on_every_level(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(book=Authority.WATCH, message=Authority.WATCH), read=reader()) as box:
        *_, asked = await says(box, FLOOD)
        assert "on-call person has been texted" in asked
        assert asked.endswith("street address?")


async def test_who_asks_who_is_writing_is_told_on_every_level(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(message=Authority.OPENER), read=reader()) as box:
        (told,) = await says(box, "who is this?")
        assert "automatic text line of Miller" in told


async def test_a_service_may_have_less_or_more_than_the_others(tmp_path: Path) -> None:
    less = shop(services={"maintenance": Lanes(book=Authority.OPENER)})
    async with living(tmp_path / "less", less, read=reader()) as box:
        assert await says(box, TUNE_UP) == []
    async with living(tmp_path / "other", less, read=reader()) as box:
        assert len(await says(box, REPAIR)) == 1
    more = shop(message=Authority.OPENER, services={"maintenance": Lanes(book=Authority.REQUEST)})
    async with living(tmp_path / "more", more, read=reader()) as box:
        assert await says(box, "hello are you there") == []
        assert len(await says(box, TUNE_UP)) == 1


async def test_a_business_that_only_watches_texts_no_caller_and_says_so(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(message=Authority.WATCH), read=reader()) as box:
        await box.misses()
        await box.wait(60)
        assert box.texts_to() == []
        assert await box.rows("SELECT no_text, say FROM calls") == [
            ("shadow", "would have been texted (the box may only watch)")
        ]


async def test_a_reminder_is_not_sent_when_the_level_was_lowered_meanwhile(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        clock, modem = box.clock, box.modem
        assert len(await says(box, REPAIR)) == 1
    async with living(tmp_path / "box", shop(message=Authority.OPENER), modem, clock, reader()) as box:
        await box.wait(3 * 86400)
        assert len(box.texts_to()) == 1


def test_a_level_holds_all_that_is_before_it() -> None:
    levels = list(Authority)
    for higher, level in enumerate(levels):
        assert [level.reaches(other) for other in levels] == [place <= higher for place in range(len(levels))]
