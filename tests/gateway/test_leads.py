"""What the page shows of a lead, and what a person may do about it: from the text that came in to the list and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.commands.office import OfficeCommands
from gateway.core.conversation.lead import Lane
from gateway.core.conversation.office import OwnQuestion
from gateway.core.events import OfficeTexted
from gateway.core.views.leads import LeadRow, Standing
from gateway.core.views.leadstory import LeadStory
from gateway.health import HealthBoard
from gateway.queries.office import Queries
from gateway.reading import reading_for
from tests.gateway.box import BUSINESS, START, Box, VirtualClock, living
from tests.gateway.office import CALLER, OWNER

GATE = OwnQuestion("gate", "Is there a gate code?", label="Gate code", lanes=frozenset({Lane.MESSAGE, Lane.BOOK}))
ASKING = replace(
    BUSINESS,
    conversation=replace(BUSINESS.conversation, questions=(GATE,), follow_up=True),
    templates={**BUSINESS.templates, "ask_gate": GATE.ask},
)
READ = reading_for(ASKING)
FURNACE, WATER = (
    "Hi, my furnace is making a loud noise, can somebody look at it?",
    "water is pouring through the ceiling!!",
)
OTHER = "+12165550138"


class Office:
    """A box, and the office in front of its page."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.queries = Queries(box.store, box.dispatcher, HealthBoard())
        self.does = OfficeCommands(box.dispatcher, self.queries, box.clock)

    async def leads(self) -> list[LeadRow]:
        return list(await self.queries.leads(self.box.clock.now()))

    async def story(self, lead_id: int = 1) -> LeadStory:
        story = await self.queries.lead(lead_id, self.box.clock.now())
        assert story is not None
        return story

    async def settles(self) -> None:
        """The box answers what it has to answer, and what it wrote leaves."""
        await self.box.wait(60)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with living(tmp_path / "box", ASKING, read=READ) as box:
        yield Office(box)


async def test_a_caller_who_answers_is_on_the_list_and_a_caller_who_does_not_is_not(office: Office) -> None:
    await office.box.misses()
    await office.settles()
    assert await office.leads() == []
    await office.box.hears(FURNACE)
    await office.settles()
    (lead,) = await office.leads()
    assert (lead.peer, lead.issue, lead.lane, lead.standing) == (CALLER, FURNACE, "message", Standing.TALKING)
    assert lead.service == BUSINESS.conversation.services["heating_repair"].label
    assert lead.next_step.startswith("waits for an answer")
    assert await office.queries.lead_counts() == {"open": 1, "emergencies": 0}
    assert await office.queries.tasks() == []


async def test_an_emergency_stands_before_everything_and_the_newest_before_older_ones(office: Office) -> None:
    await office.box.hears(WATER, OTHER)
    await office.box.wait(120)
    await office.box.hears(WATER, "+12165550139")
    await office.box.hears("I want a person to call me", CALLER)
    await office.settles()
    await office.box.wait(8 * 3600)
    leads = await office.leads()
    assert [lead.standing for lead in leads] == [Standing.EMERGENCY, Standing.EMERGENCY, Standing.OVERDUE]
    assert [lead.peer for lead in leads] == ["+12165550139", OTHER, CALLER]
    assert await office.queries.lead_counts() == {"open": 3, "emergencies": 2}


async def test_what_is_urgent_heads_the_list_while_the_box_still_asks(office: Office) -> None:
    await office.box.hears("I want a person to call me", OTHER)
    await office.settles()
    await office.box.wait(3600)
    await office.box.hears("our furnace quit this morning, we need somebody today please", CALLER)
    await office.settles()
    urgent, routine = await office.leads()
    assert (urgent.urgency, urgent.standing) == ("urgent", Standing.TALKING)
    assert (routine.peer, routine.standing) == (OTHER, Standing.WAITING)


async def test_the_whole_conversation_stands_in_order_with_call_states_and_what_was_understood(office: Office) -> None:
    await office.box.misses()
    await office.settles()
    await office.box.hears(FURNACE)
    await office.settles()
    await office.box.hears("44107, Dana Whitfield")
    await office.settles()
    await office.does.write(1, "Ann here.\r\nWe call at 3.", "page")
    await office.settles()
    story = await office.story()
    said = [(one.text.direction, one.text.purpose) for one in story.talk]
    assert said[:4] == [("out", "opener"), ("in", ""), ("out", "question"), ("in", "")]
    assert said[-1] == ("out", "staff")
    assert story.talk[-1].text.body == "Ann here.\nWe call at 3."
    assert {one.text.state for one in story.talk} == {"accepted", "received"}
    assert story.talk[1].understood is not None
    assert ("intent", "new_service") in story.talk[1].understood.labels
    assert [call.say[:9] for call in story.calls] == ["texted in"]
    assert "44107" in story.lead.place
    assert story.lead.name == "Dana Whitfield"


async def test_the_reasons_of_an_emergency_and_its_alert_are_shown(office: Office) -> None:
    await office.box.hears(WATER)
    await office.settles()
    story = await office.story()
    assert story.talk[0].understood is not None
    assert story.talk[0].understood.because
    assert OWNER in {one.text.peer for one in story.talk if one.text.purpose == "escalation"}
    assert any("emergency" in note.what for note in story.notes)


async def test_an_answer_to_a_question_of_the_businesss_own_bears_its_label(office: Office) -> None:
    for words in (FURNACE, "44107", "Dana Whitfield", "1234#"):
        await office.box.hears(words)
        await office.settles()
    assert (await office.story()).lead.answers == (("Gate code", "1234#"),)


async def test_done_takes_the_lead_off_silences_the_box_and_the_next_text_brings_it_back(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.settles()
    before = len(office.box.texts_to())
    await office.does.finish(1, "page")
    assert await office.leads() == []
    await office.box.wait(3 * 24 * 3600)
    assert len(office.box.texts_to()) == before, "no reminder"
    assert await office.leads() == []
    story = await office.story()
    assert (story.lead.standing, story.lead.next_step) == (Standing.DONE, "")
    assert story.notes[-1].what == "done: page"
    with pytest.raises(ValueError, match="nothing is left to do"):
        await office.does.finish(1, "page")


async def test_done_before_the_box_has_answered_means_that_it_does_not_answer(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.does.finish(1, "page")
    await office.settles()
    assert office.box.texts_to() == []
    assert await office.leads() == []
    await office.box.hears("Hello? 44107 is my zip")
    await office.settles()
    assert [lead.id for lead in await office.leads()] == [1]


async def test_who_takes_over_silences_the_box_until_it_is_handed_back(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.settles()
    asked = len(office.box.texts_to())
    await office.does.take_over(1, "page")
    (lead,) = await office.leads()
    assert lead.standing is Standing.WAITING
    assert lead.taken_until is not None
    await office.box.hears("44107")
    await office.settles()
    assert len(office.box.texts_to()) == asked
    await office.does.hand_back(1, "page")
    await office.box.hears("the name is Dana Whitfield")
    await office.settles()
    assert len(office.box.texts_to()) == asked + 1
    assert (await office.story()).lead.taken_until is None


async def test_when_a_person_has_written_it_is_the_callers_turn_until_the_caller_writes_or_it_is_overdue(
    office: Office,
) -> None:
    await office.box.hears("I want a person to call me")
    await office.settles()
    await office.does.write(1, "Can we call at 9?", "page")
    await office.settles()
    assert [lead.standing for lead in await office.leads()] == [Standing.TALKING]
    await office.box.hears("yes please")
    await office.settles()
    assert [lead.standing for lead in await office.leads()] == [Standing.WAITING]
    await office.does.write(1, "Fine", "page")
    await office.box.wait(6 * 3600)
    assert [lead.standing for lead in await office.leads()] == [Standing.TALKING]
    await office.box.wait(3 * 86400)
    assert [lead.standing for lead in await office.leads()] == [Standing.OVERDUE]


async def test_the_same_words_sent_twice_go_out_once_and_a_minute_later_again(office: Office) -> None:
    await office.box.hears("I want a person to call me")
    await office.settles()
    for _ in range(2):
        await office.does.write(1, "Calling now", "page")
        await office.box.wait(1)
    assert office.box.texts_to().count("Calling now") == 1
    await office.box.wait(60)
    await office.does.write(1, "Calling now", "page")
    await office.settles()
    assert office.box.texts_to().count("Calling now") == 2


async def test_words_that_did_not_leave_may_be_sent_again_at_once(office: Office) -> None:
    await office.box.hears("I want a person to call me")
    await office.settles()
    await office.does.write(1, "Calling now", "page")
    await office.box.store.write(
        lambda db: db.execute("UPDATE texts SET state = 'failed' WHERE purpose = 'staff'") and None
    )
    await office.box.wait(1)
    await office.does.write(1, "Calling now", "page")
    assert await office.box.rows("SELECT count(*) FROM texts WHERE purpose = 'staff'") == [(2,)]


async def test_nothing_is_written_to_somebody_who_wants_no_texts(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.settles()
    await office.does.mark(1, "opted_out", True, "page:Ann", "told me on the phone")
    with pytest.raises(ValueError, match="asked not to be texted"):
        await office.does.write(1, "Ann here", "page")
    with pytest.raises(ValueError, match="cannot be changed here"):
        await office.does.mark(1, "opted_out", False, "page")
    assert [(mark.kind, mark.basis) for mark in (await office.story()).marks] == [
        ("opted_out", "Ann: told me on the phone")
    ]


async def test_a_block_can_be_taken_back_and_a_contact_of_the_configuration_cannot(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.does.mark(1, "blocked", True, "page")
    await office.does.mark(1, "blocked", False, "page")
    assert (await office.story()).marks == ()
    await office.box.store.write(
        lambda db: db.execute("INSERT INTO contacts VALUES (?, 'vendor', '', 0, 'configuration')", (CALLER,)) and None
    )
    with pytest.raises(ValueError, match="stands in the configuration"):
        await office.does.mark(1, "vendor", False, "page")
    with pytest.raises(ValueError, match="cannot be changed here"):
        await office.does.mark(1, "hungry", True, "page")


async def test_a_later_matter_of_the_same_person_has_its_own_conversation(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.settles()
    await office.box.happens(OfficeTexted(office.box.clock.now(), CALLER, "Ann here", "ann"))
    await office.settles()
    await office.box.wait(timedelta(days=30).total_seconds())
    await office.box.misses()
    await office.settles()
    await office.box.hears("our AC quit, can you look at it?")
    await office.settles()
    first, second = await office.story(1), await office.story(2)
    assert (first.others, second.others) == ((2,), (1,))
    assert "Ann here" in {one.text.body for one in first.talk}
    assert "our AC quit, can you look at it?" not in {one.text.body for one in first.talk}
    assert FURNACE not in {one.text.body for one in second.talk}
    assert second.talk[0].text.at > START + timedelta(days=30)
    assert [len(one.calls) for one in (first, second)] == [0, 1]


async def test_a_lead_that_a_fault_keeps_from_being_answered_waits_for_a_person(tmp_path: Path) -> None:
    wordless = replace(ASKING, templates=BUSINESS.templates)  # the words of its question are lost
    async with living(tmp_path / "box", wordless, read=READ) as box:
        office = Office(box)
        for words in (FURNACE, "44107", "Dana Whitfield"):
            await box.hears(words)
            await office.settles()
        (lead,) = await office.leads()
        assert (lead.standing, lead.next_step[:23]) == (Standing.WAITING, "a fault in this program")


async def test_a_lead_that_is_not_there_is_none(office: Office) -> None:
    assert await office.queries.lead(7, START) is None
    with pytest.raises(ValueError, match="no such lead"):
        await office.does.finish(7, "page")


async def test_a_damaged_record_does_not_hide_the_list(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.settles()
    for wrong in ("", "[]", "{", '{"gate": {"a": 1}}'):
        await office.box.store.write(
            lambda db, wrong=wrong: db.execute("UPDATE leads SET answers = ?, talk = ?", (wrong, wrong)) and None  # type: ignore[misc]
        )
        await office.box.store.write(
            lambda db, wrong=wrong: db.execute("UPDATE letters SET reading = ?", (wrong,)) and None  # type: ignore[misc]
        )
        assert len(await office.leads()) == 1
        assert (await office.story()).talk


async def test_what_is_asked_before_closing_time_is_due_next_morning(tmp_path: Path) -> None:
    closing_soon = VirtualClock(START + timedelta(hours=6, minutes=30))
    async with living(tmp_path / "box", ASKING, clock=closing_soon, read=READ) as box:
        await box.hears(FURNACE)
        await box.wait(60)
        (lead,) = await Office(box).leads()
        assert lead.due == START + timedelta(hours=25, minutes=30)


@pytest.mark.parametrize("parts", [1, 2])
async def test_a_text_that_the_network_brings_hours_late_is_left_to_a_person(office: Office, parts: int) -> None:
    sent = office.box.clock.now() - timedelta(hours=5)
    for number in range(1, parts + 1):
        more = {"ref": 1, "total": parts, "number": number} if parts > 1 else {}
        await office.box.hears(FURNACE if number == 1 else " Thank you!", scts=sent, **more)
    await office.settles()
    assert office.box.texts_to() == []
    (lead,) = await office.leads()
    assert lead.standing is Standing.WAITING


@pytest.mark.parametrize(("most", "texts"), [(1, 1), (2, 2)])
async def test_the_reminder_is_one_of_the_texts_that_are_allowed(tmp_path: Path, most: int, texts: int) -> None:
    few = replace(ASKING, conversation=replace(ASKING.conversation, most_texts=most))
    async with living(tmp_path / "box", few, read=READ) as box:
        await box.hears(FURNACE)
        await box.wait(2 * 24 * 3600)
        assert len(box.texts_to()) == texts
