"""What people do with a lead: whose it is, by when, who was faster, how it ends, what they put right."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway import records
from gateway.core.business import Business
from gateway.core.desk.rules import DeskRules, OwnerRule, When
from gateway.core.events import ClockJumped, ContactSet
from gateway.core.inbox import InboxPage, Sieve
from gateway.core.policy import ContactKind
from gateway.core.views.leads import Standing
from gateway.reading import reading_for
from tests.gateway.box import BUSINESS, START, UNSURE, VirtualClock, living
from tests.gateway.calls_back import office as with_rota
from tests.gateway.office import CALLER, OWNER
from tests.gateway.test_leads import ASKING, READ, Office

ANN, BOB = "page:Ann", "page:Bob"
FURNACE, FLOOD = (
    "Hi, my furnace is making a loud noise, can somebody look at it?",
    "water is pouring through the ceiling!!",
)
HOUR = 3600.0
MIDNIGHT = START + timedelta(hours=14)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with living(tmp_path / "box", ASKING, read=READ) as box:
        yield Office(box)


def ruled(*rules: OwnerRule, business: Business = ASKING, **more: object) -> Business:
    return replace(business, desk=replace(DeskRules(owners=rules), **more))  # type: ignore[arg-type]


async def history(office: Office, lead_id: int = 1) -> str:
    return "\n".join(note.what for note in (await office.story(lead_id)).notes)


# ---- whose it is


async def test_a_lead_is_somebodys_by_rule_the_moment_it_exists(tmp_path: Path) -> None:
    rules = OwnerRule(("Ann",), when=When.OPEN), OwnerRule(("Mike",))
    async with living(tmp_path / "box", ruled(*rules), read=READ) as box:
        office = Office(box)
        await box.hears(FURNACE)
        (lead,) = await office.leads()
        assert (lead.assignee, lead.owner, lead.claimed) == ("Ann", "Ann", False)
        box.clock.moment = MIDNIGHT
        await box.hears("the same here", sender="+12165550139")
        assert {lead.assignee for lead in await office.leads()} == {"Ann", "Mike"}


async def test_people_of_a_rule_take_turns_and_who_is_away_gets_none(tmp_path: Path) -> None:
    async with living(tmp_path / "box", ruled(OwnerRule(("Ann", "Bob"))), read=READ) as box:
        office = Office(box)
        for number in range(4):
            await box.hears(FURNACE, sender=f"+1216555014{number}")
        assert sorted(lead.assignee for lead in await office.leads()) == ["Ann", "Ann", "Bob", "Bob"]
        await office.does.leads.set_away("Bob", True, BOB)
        for number in range(4, 8):
            await box.hears(FURNACE, sender=f"+1216555014{number}")
        assert sum(lead.assignee == "Bob" for lead in await office.leads()) == 2
        await office.does.leads.set_away("Ann", True, BOB)  # then all of them take turns again: nobody's lead is lost
        await box.hears(FURNACE, sender="+12165550149")
        assert all(lead.assignee for lead in await office.leads())


async def test_a_lead_moves_on_when_its_service_gets_known_but_not_from_whom_people_gave_it(tmp_path: Path) -> None:
    rules = OwnerRule(("Hank",), services=frozenset({"heating_repair"})), OwnerRule(("Ann",))
    async with living(tmp_path / "box", ruled(*rules), read=READ) as box:
        office = Office(box)
        await box.hears("hello, are you there?")
        assert [lead.assignee for lead in await office.leads()] == ["Ann"]
        await box.hears("my furnace does not heat any more")
        assert [lead.assignee for lead in await office.leads()] == ["Hank"]
        await box.hears("hello?", sender="+12165550139")
        await office.does.leads.assign(2, "Dana", "Ann", ANN)
        await box.hears("my furnace does not heat any more", sender="+12165550139")
        assert (await office.story(2)).lead.assignee == "Dana"
        assert "Ann has given it to Dana" in await history(office, 2)


async def test_of_two_who_take_a_lead_at_once_the_first_has_it_and_the_other_is_told(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.does.leads.claim(1, "", ANN)
    with pytest.raises(ValueError, match=r"Ann has this lead since 10:00 AM"):
        await office.does.leads.claim(1, "", BOB)
    await office.does.leads.claim(1, "", ANN)  # a double click
    assert (await office.story()).lead.assignee == "Ann"
    await office.does.leads.claim(1, "Ann", BOB)  # who sees that Ann has it may take it
    with pytest.raises(ValueError, match="Bob has this lead"):
        await office.does.leads.assign(1, "Cid", "Ann", "page:Cid")
    await office.does.leads.assign(1, "", "Bob", BOB)
    assert (await office.story()).lead.owner == "office"
    assert (await history(office)).count("has it") == 2


async def test_who_writes_has_the_lead_and_a_text_into_somebody_elses_talk_is_held_back_once(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.does.write(1, "Ann here, we can come today", ANN, "")
    assert (await office.story()).lead.assignee == "Ann"
    with pytest.raises(ValueError, match="was not sent"):
        await office.does.write(1, "Bob here, we can come tomorrow", BOB, "")
    await office.settles()
    assert not any("Bob" in text for text in office.box.texts_to())
    await office.does.write(1, "Bob here too", BOB, "Ann")
    await office.settles()
    assert "Bob here too" in office.box.texts_to()
    assert (await office.story()).lead.assignee == "Ann"


async def test_who_takes_an_emergency_has_it_and_nobody_else_is_told_of_it(office: Office) -> None:
    await office.box.hears(FLOOD)
    await office.settles()
    told = len(office.box.texts_to(OWNER))
    await office.does.leads.claim(1, "", ANN)
    await office.box.wait(2 * HOUR)
    story = await office.story()
    assert story.emergency is not None
    assert (story.emergency.state, story.emergency.by, story.lead.assignee) == ("acknowledged", "Ann", "Ann")
    assert all("has it" in text for text in office.box.texts_to(OWNER)[told:])


async def test_i_have_it_makes_the_lead_mine(office: Office) -> None:
    await office.box.hears(FLOOD)
    await office.does.have_it(1, ANN)
    lead = (await office.story()).lead
    assert (lead.assignee, lead.claimed, lead.owner) == ("Ann", True, "Ann")


async def test_who_takes_a_lead_by_text_has_it_at_the_page_too(tmp_path: Path) -> None:
    people = replace(ASKING.escalation, owner_name="Mike")
    async with living(tmp_path / "box", replace(ASKING, escalation=people), read=READ) as box:
        office = Office(box)
        await box.hears(FLOOD)
        await office.settles()
        await box.hears("TEXT 10 Mike here, on my way", sender=OWNER)
        assert (await office.story()).lead.assignee == "Mike"
        with pytest.raises(ValueError, match="Mike has this lead"):
            await office.does.leads.claim(1, "", ANN)
        await office.does.leads.claim(1, "Mike", ANN)
        await box.hears("TEXT 10 one more thing", sender=OWNER)
        assert (await office.story()).lead.assignee == "Ann"
        await box.hears("TAKE 10", sender=OWNER)
        assert (await office.story()).lead.assignee == "Mike"
        assert "Mike has it, by text" in await history(office)


# ---- by when


@pytest.mark.parametrize(
    ("urgency", "at", "due"),
    [
        ("routine", START, timedelta(hours=4)),
        ("urgent", START, timedelta(hours=1)),
        ("routine", MIDNIGHT, timedelta(hours=8, minutes=30)),
    ],
    ids=["by day", "urgent", "at night: half an hour behind the opening at eight"],
)
async def test_a_lead_is_due_by_its_target_counted_from_the_last_text(
    tmp_path: Path, urgency: str, at: datetime, due: timedelta
) -> None:
    async with living(tmp_path / "box", ASKING, clock=VirtualClock(at), read=READ) as box:
        office = Office(box)
        await box.hears(FURNACE)
        await office.does.leads.correct(1, {"urgency": urgency}, ANN)
        assert (await office.story()).lead.due == at + due
        await box.wait(600)
        await box.hears("please hurry with that")
        if at == START:
            assert (await office.story()).lead.due == at + timedelta(minutes=10) + due


async def test_after_hours_leads_head_the_list_at_the_opening(tmp_path: Path) -> None:
    async with living(tmp_path / "box", ASKING, clock=VirtualClock(START + timedelta(hours=6.5)), read=READ) as box:
        office = Office(box)
        await box.hears(FURNACE, sender="+12165550139")  # half an hour before the end of the day
        box.clock.moment = MIDNIGHT
        await box.hears(FURNACE)
        box.clock.moment = MIDNIGHT + timedelta(hours=8)
        assert [lead.peer for lead in await office.leads()] == [CALLER, "+12165550139"]


async def test_the_next_person_is_told_once_of_a_lead_that_is_late(tmp_path: Path) -> None:
    business = ruled(OwnerRule(("Ann",), then=("owner",)))
    async with living(tmp_path / "box", business, read=READ) as box:
        office = Office(box)
        await box.hears(FURNACE)
        await office.settles()
        before = len(box.texts_to(OWNER))
        await box.wait(5 * HOUR)
        await box.wait(HOUR)
        assert [lead.standing for lead in await office.leads()] == [Standing.OVERDUE]
        late = box.texts_to(OWNER)[before:]
        assert len(late) == 1
        assert "was to hear from you by Mon 2:00 PM" in late[0]


async def test_a_text_of_ours_that_nobody_answers_is_looked_at_again(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.does.write(1, "We can come at 3, fine?", ANN, "")
    await office.box.wait(5 * HOUR)
    assert [lead.standing for lead in await office.leads()] == [Standing.TALKING]
    await office.box.wait(48 * HOUR)
    assert [lead.standing for lead in await office.leads()] == [Standing.OVERDUE]


# ---- called, put off


async def test_who_is_not_reached_is_called_again_later_and_how_often_is_said(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.does.leads.called(1, False, ANN)
    lead = (await office.story()).lead
    assert lead.due == office.box.clock.now() + timedelta(hours=2)
    assert "not reached Mon 10:00 AM" in lead.next_step
    await office.does.leads.called(1, False, ANN)  # a double click is no second call
    await office.box.wait(600)
    await office.does.leads.called(1, False, ANN)
    lead = (await office.story()).lead
    assert lead.tries == 2
    assert "not reached 2 times, last Mon 10:10 AM" in lead.next_step
    await office.box.hears("sorry, I was at work")
    lead = (await office.story()).lead
    assert (lead.tries, lead.put_off_until) == (0, None)


async def test_a_call_that_reached_them_settles_what_waited_for_it(office: Office) -> None:
    await office.box.misses()
    await office.box.hears(FURNACE)
    await office.does.leads.called(1, True, ANN)
    story = await office.story()
    assert story.lead.standing is Standing.TALKING
    assert "Ann has spoken with them" in await history(office)
    assert await office.box.rows("SELECT count(*) FROM tasks WHERE kind = 'call_back' AND closed_at IS NULL") == [(0,)]


async def test_a_lead_that_is_put_off_waits_until_then_and_what_they_write_brings_it_back(office: Office) -> None:
    await office.box.hears(FURNACE)
    tomorrow = office.box.clock.now() + timedelta(days=2)
    await office.does.leads.later(1, tomorrow, ANN)
    assert (await office.story()).lead.due == tomorrow
    await office.box.wait(6 * HOUR)
    assert Standing.OVERDUE not in [lead.standing for lead in await office.leads()]
    await office.box.hears("it got worse")
    due = (await office.story()).lead.due
    assert due is not None
    assert due < tomorrow
    with pytest.raises(ValueError, match="passed"):
        await office.does.leads.later(1, office.box.clock.now() - timedelta(hours=1), ANN)


async def test_what_was_put_off_by_a_clock_that_was_ahead_comes_back_by_the_right_one(office: Office) -> None:
    ahead = 200 * 24 * HOUR
    office.box.clock.moment += timedelta(seconds=ahead)
    since = office.box.clock.now()
    await office.box.hears(FURNACE)
    await office.settles()
    await office.does.leads.later(1, office.box.clock.now() + timedelta(hours=1), ANN)
    office.box.clock.moment -= timedelta(seconds=ahead)
    await office.box.happens(ClockJumped(office.box.clock.now(), -ahead, since))
    now = office.box.clock.now()
    lead = (await office.story()).lead
    assert lead.due == now + timedelta(hours=1)
    await office.box.wait(2 * HOUR)
    assert (await office.leads())[0].standing is Standing.OVERDUE


async def test_neither_an_emergency_nor_a_promised_hour_is_put_off(tmp_path: Path) -> None:
    business = with_rota()
    async with living(tmp_path / "box", business, read=reading_for(business)) as box:
        office = Office(box)
        await box.hears("please call me")
        await office.settles()
        await box.hears("1")
        await office.settles()
        call = (await office.story()).lead.call
        assert call is not None
        with pytest.raises(ValueError, match="a call is promised"):
            await office.does.leads.later(1, call.ends + timedelta(hours=1), ANN)
        box.clock.moment = call.begins + timedelta(minutes=10)
        await office.does.leads.called(1, False, ANN)
        lead = (await office.story()).lead
        assert lead.due == call.ends  # tried again while the hour lasts
        box.clock.moment = call.ends + timedelta(minutes=1)
        await office.does.leads.called(1, False, ANN)
        due = (await office.story()).lead.due
        assert due is not None
        assert due > call.ends
        await box.hears(FLOOD, sender="+12165550139")
        with pytest.raises(ValueError, match="emergency is not put off"):
            await office.does.leads.later(2, box.clock.now() + timedelta(hours=1), ANN)


async def test_the_call_back_list_knows_of_calls_in_vain_too(office: Office) -> None:
    await office.box.happens(ContactSet(START, CALLER, ContactKind.NO_AUTOTEXT))
    await office.box.misses()
    await office.settles()
    ((task_id,),) = await office.box.rows("SELECT id FROM tasks WHERE kind = 'call_back'")
    await office.does.leads.task_called(task_id, False, ANN)
    ((say, tries, due),) = await office.box.rows("SELECT say, tries, due IS NOT NULL FROM tasks")
    assert "rung back by Ann" in say
    assert (tries, due) == (1, 1)
    await office.does.leads.task_called(task_id, True, ANN)
    assert await office.queries.tasks() == []
    with pytest.raises(ValueError, match="not on the call-back list"):
        await office.does.leads.task_later(task_id, START + timedelta(days=1), ANN)


# ---- how it ends


async def test_a_lead_is_booked_won_and_opened_again(office: Office) -> None:
    await office.box.hears(FURNACE)
    begins = office.box.clock.now() + timedelta(days=1)
    await office.does.leads.book(1, begins, begins + timedelta(hours=2), ANN, who="Hank", note="ring the side door")
    story = await office.story()
    assert (story.lead.outcome, story.lead.standing) == ("booked", Standing.DONE)
    assert story.chosen is not None
    assert (story.chosen.begins, story.chosen.crew, story.chosen.state) == (begins, "Hank", "confirmed")
    await office.box.sender.drain()
    assert office.box.texts_to()[-1].startswith("Miller Heating & Air: your appointment is Tue Mar 3 10 AM-12 PM.")
    assert await office.leads() == []
    await office.does.leads.end(1, "won", 45_000, "paid cash", BOB)
    lead = (await office.story()).lead
    assert (lead.outcome, lead.value_cents, lead.closed_by) == ("won", 45_000, "Bob")
    assert "Bob: won, $450 (paid cash)" in await history(office)
    await office.does.leads.reopen(1, ANN)
    lead = (await office.story()).lead
    assert (lead.outcome, lead.value_cents, lead.assignee) == ("", None, "Ann")
    assert lead.standing is Standing.WAITING
    assert (await office.story()).chosen == story.chosen  # it stands until somebody cancels it
    with pytest.raises(ValueError, match="open already"):
        await office.does.leads.reopen(1, ANN)


@pytest.mark.parametrize(
    ("outcome", "cents", "sorry"),
    [("won", -1, "cannot be right"), ("spam", 100, "goes with won"), ("sold", None, "choose one")],
)
async def test_an_end_that_makes_no_sense_is_declined(
    office: Office, outcome: str, cents: int | None, sorry: str
) -> None:
    await office.box.hears(FURNACE)
    with pytest.raises(ValueError, match=sorry):
        await office.does.leads.end(1, outcome, cents, "", ANN)
    assert len(await office.leads()) == 1


async def test_an_emergency_that_is_closed_is_told_to_nobody_more_and_another_one_anew(office: Office) -> None:
    await office.box.hears(FLOOD)
    await office.settles()
    await office.does.leads.end(1, "done", None, "", ANN)
    told = len(office.box.texts_to(OWNER))
    await office.box.wait(2 * HOUR)
    assert len(office.box.texts_to(OWNER)) <= told + 1  # who has it
    told = len(office.box.texts_to(OWNER))
    await office.box.hears("now the basement is flooding too, water everywhere!!")
    await office.settles()
    assert len(office.box.texts_to(OWNER)) > told
    await office.does.leads.end(1, "done", None, "", ANN)
    await office.does.leads.reopen(1, ANN)
    assert [lead.standing for lead in await office.leads()] == [Standing.WAITING]


async def test_a_lead_of_no_customer_that_is_opened_again_stays_open(office: Office) -> None:
    await office.box.hears("wrong number, sorry")
    await office.settles()
    assert await office.leads() == []
    await office.does.leads.reopen(1, ANN)
    await office.box.hears("ok")
    await office.settles()
    assert [lead.id for lead in await office.leads()] == [1]


# ---- notes


async def test_notes_are_only_added_and_struck_out_by_who_wrote_them(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.does.leads.note(1, "  Dog in the yard. \r\nRing first.  ", ANN)
    await office.does.leads.note(1, "Dog in the yard.\nRing first.", ANN)  # sent twice
    await office.does.leads.note(1, "Knows Bob.", BOB)
    with pytest.raises(ValueError, match="only Ann"):
        await office.does.leads.strike_note(1, BOB)
    await office.does.leads.strike_note(1, ANN)
    jottings = (await office.story()).jottings
    assert [(each.body, each.by, each.struck) for each in jottings] == [
        ("Dog in the yard.\nRing first.", ANN, True),
        ("Knows Bob.", BOB, False),
    ]
    for body, sorry in (("  ", "no words"), ("x" * 2001, "too long")):
        with pytest.raises(ValueError, match=sorry):
            await office.does.leads.note(1, body, ANN)


# ---- put right


async def test_what_a_person_has_put_right_wins_and_is_not_asked_for(office: Office) -> None:
    await office.box.hears("my furnace needs a tune up, this is Martha")
    await office.does.leads.correct(1, {"name": "Marta Ruiz", "zip": "44107", "service": "maintenance"}, ANN)
    await office.settles()
    asked = office.box.texts_to()[-1]
    assert "ZIP" not in asked
    await office.box.hears("Martha in 44102")
    lead = (await office.story()).lead
    assert (lead.name, lead.place) == ("Marta Ruiz", "44107") or lead.place.endswith("44107")
    told = {each.fact: (each.value, each.by) for each in (await office.story()).put_right}
    assert told["name"] == ("Marta Ruiz", ANN)
    assert "Ann put right name: Marta Ruiz" in await history(office)


async def test_a_question_that_has_not_left_is_taken_back_when_its_answer_is_written_in(office: Office) -> None:
    office.box.modem.ready = False
    await office.box.hears("my furnace needs a tune up")
    await office.box.wait(60)
    ((question,),) = await office.box.rows("SELECT template FROM texts WHERE state = 'queued' AND purpose = 'question'")
    assert question == "ask_place"
    await office.does.leads.correct(1, {"zip": "44107"}, ANN)
    office.box.modem.ready = True
    await office.box.wait(60)
    assert not any("ZIP" in text for text in office.box.texts_to())
    assert any("name" in text.lower() for text in office.box.texts_to())


async def test_no_emergency_says_a_person_and_the_ladder_stops_but_a_new_one_climbs_it(office: Office) -> None:
    await office.box.hears(FLOOD)
    await office.settles()
    await office.does.leads.correct(1, {"urgency": "routine"}, ANN)
    told = len(office.box.texts_to(OWNER))
    await office.box.wait(2 * HOUR)
    story = await office.story()
    assert len(office.box.texts_to(OWNER)) == told
    assert (story.lead.urgency, story.lead.lane) != ("emergency", "escalate")
    assert story.emergency is not None
    assert story.emergency.state == "over"
    await office.box.hears("somebody look soon please")  # nothing new
    await office.box.hears("there is smoke coming out of the furnace!!")
    await office.settles()
    assert len(office.box.texts_to(OWNER)) > told
    assert (await office.story()).lead.lane == "escalate"


async def test_an_emergency_says_a_person_and_our_people_are_told(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.settles()
    told = len(office.box.texts_to(OWNER))
    await office.does.leads.correct(1, {"urgency": "emergency"}, ANN)
    await office.settles()
    assert len(office.box.texts_to(OWNER)) == told + 1
    assert (await office.story()).lead.standing is Standing.EMERGENCY


@pytest.mark.parametrize(
    ("facts", "sorry"),
    [
        ({"zip": "4410"}, "five digits"),
        ({"service": "pyramids"}, "not on your menu"),
        ({"urgency": "soon"}, "how urgent"),
        ({"lane": "escalate"}, "lane"),
        ({"peer": "+12165550199"}, "cannot be put right"),
        ({"name": "x" * 61}, "too long"),
    ],
)
async def test_what_cannot_be_so_is_declined(office: Office, facts: dict[str, str], sorry: str) -> None:
    await office.box.hears(FURNACE)
    with pytest.raises(ValueError, match=sorry):
        await office.does.leads.correct(1, facts, ANN)
    assert (await office.story()).put_right == ()


async def test_a_fact_that_is_taken_away_may_be_learnt_again(office: Office) -> None:
    await office.box.hears("furnace tune up please, in 44107. Tom")
    await office.does.leads.correct(1, {"zip": "44102"}, ANN)
    await office.does.leads.correct(1, {"zip": ""}, ANN)
    assert dict((await office.story()).known)["zip"] == ""
    await office.box.hears("it is 44109")
    assert dict((await office.story()).known)["zip"] == "44109"


# ---- it should have been


async def test_a_reading_that_was_wrong_becomes_a_case_and_counts_for_the_lead(office: Office) -> None:
    await office.box.hears("my furnace needs a tune up, this is Martha")
    await office.does.leads.correct_text(
        1, {"service": "heating_repair", "urgency": "urgent", "name": "Marta"}, True, ANN
    )
    ((trade, should, by),) = await office.box.rows("SELECT trade, should, by FROM corrections")
    assert trade == ASKING.trade
    assert '"heating_repair"' in should
    assert by == ANN
    story = await office.story()
    assert dict(story.known)["service"] == "heating_repair"
    assert (story.lead.urgency, story.lead.name) == ("urgent", "Marta")
    said = next(each for each in story.talk if each.understood and each.understood.put_right)
    assert said.understood is not None
    assert dict(said.understood.put_right)["urgency"] == "urgent"


async def test_a_missed_wish_for_silence_is_obeyed_once_a_person_has_seen_it(office: Office) -> None:
    await office.box.hears("my furnace needs a tune up")
    await office.does.leads.correct_text(1, {"opt_out": "yes"}, True, ANN)
    assert "opted_out" in {mark.kind for mark in (await office.story()).marks}
    with pytest.raises(ValueError, match="asked not to be texted"):
        await office.does.write(1, "hello", ANN, "Ann")


async def test_a_missed_emergency_is_told_once_a_person_has_seen_it(office: Office) -> None:
    await office.box.hears("the thing in the basement does that again")
    await office.settles()
    told = len(office.box.texts_to(OWNER))
    await office.does.leads.correct_text(1, {"life_safety": "yes"}, True, ANN)
    await office.settles()
    assert len(office.box.texts_to(OWNER)) == told + 1


async def test_a_case_that_does_not_count_changes_nothing_about_the_lead(office: Office) -> None:
    await office.box.hears("my furnace needs a tune up")
    before = (await office.story()).known
    await office.does.leads.correct_text(1, {"urgency": "emergency"}, False, ANN)
    assert (await office.story()).known == before
    assert await office.box.rows("SELECT count(*) FROM corrections") == [(1,)]
    await office.does.leads.correct_text(
        1, dict((await office.story()).talk[-1].understood.read) | {"urgency": "routine"}, False, ANN
    )  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="choose what was meant"):
        await office.does.leads.correct_text(1, {"intent": "hungry"}, False, ANN)


# ---- what is looked through


async def test_what_went_wrong_is_put_before_people_once(office: Office) -> None:
    office.box.modem.answers.append(UNSURE)
    await office.box.hears(FURNACE)
    await office.settles()
    await office.box.hears("blorp")
    await office.box.wait(60)
    await office.box.hears("stop texting me")
    await office.box.wait(12 * HOUR)
    kinds = [kind for (kind,) in await office.box.rows("SELECT kind FROM reviews ORDER BY id")]
    assert "unsure" in kinds
    assert "opt_out" in kinds
    assert len(kinds) == len(set(await office.box.rows("SELECT key FROM reviews")))


async def test_only_what_was_not_answered_in_time_is_a_late_answer(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.does.write(1, "We can come at 3, fine?", ANN, "")
    await office.box.hears(FURNACE, sender="+12165550139")
    await office.does.leads.called(2, False, ANN)
    await office.box.hears(FURNACE, sender="+12165550138")
    await office.box.wait(4 * 24 * HOUR)
    rows = await office.queries.reviews("slow")
    assert [(row.peer, row.say) for row in rows] == [("+12165550138", "not answered by Mon 2:00 PM")]
    assert (await office.queries.review_counts())["slow"] == 1


async def test_a_text_in_doubt_names_the_lead_on_whose_page_it_is_settled(office: Office) -> None:
    await office.box.hears(FURNACE)
    await office.settles()
    office.box.modem.answers.append(UNSURE)
    await office.does.write(1, "We can come at 3, fine?", ANN, "")
    await office.settles()
    (row,) = await office.queries.reviews("unsure")
    assert (row.lead_id, row.words) == (1, "We can come at 3, fine?")
    assert row.text_id is not None
    await office.does.settle_unsure(row.text_id, True, ANN)
    assert await office.queries.reviews("unsure") == []
    assert len(await office.queries.reviews("unsure", settled=True)) == 1


async def test_a_week_brings_some_ordinary_conversations_to_read(office: Office) -> None:
    for number in range(20):
        await office.box.hears("thanks, all is well", sender=f"+121655501{number:02d}")
    await office.box.wait(7 * 24 * HOUR)
    await office.box.misses()
    rows = await office.box.rows("SELECT kind, count(*) FROM reviews GROUP BY kind")
    assert dict(rows)["reading"] == 8
    await office.box.misses("+12165550150")
    assert dict(await office.box.rows("SELECT kind, count(*) FROM reviews GROUP BY kind"))["reading"] == 8
    ((review_id,),) = await office.box.rows("SELECT min(id) FROM reviews WHERE kind = 'reading'")
    await office.does.leads.settle_review(review_id, ANN)
    assert await office.box.rows("SELECT settled_by FROM reviews WHERE id = ?", review_id) == [("Ann",)]
    with pytest.raises(ValueError, match="nothing of that number"):
        await office.does.leads.settle_review(9999, ANN)


async def test_of_a_weeks_reading_that_nobody_looks_at_the_inbox_and_the_digest_tell(office: Office) -> None:
    async def left() -> tuple[int, int]:
        now = office.box.clock.now()
        page = await office.queries.inbox(Sieve(), now)
        summary = await office.box.store.read(lambda db: records.summary(db, now - timedelta(days=1), now))
        return page.unread, summary.unread

    for number in range(20):
        await office.box.hears("thanks, all is well", sender=f"+121655501{number:02d}")
    await office.box.wait(7 * 24 * HOUR)
    await office.box.misses()
    assert await left() == (0, 0)
    await office.box.wait(4 * 24 * HOUR)
    assert await left() == (8, 8)
    ids = [number for (number,) in await office.box.rows("SELECT id FROM reviews WHERE kind = 'reading'")]
    for number in ids[:5]:
        await office.does.leads.settle_review(number, ANN)
    assert await left() == (3, 3)
    await office.box.wait(10 * 24 * HOUR)
    assert await left() == (0, 0), "two other weeks are there to read"


async def test_a_page_that_stays_open_through_a_quiet_night_costs_no_more_memory_by_the_minute(office: Office) -> None:
    for number in range(5):
        await office.box.hears("my furnace quit", sender=f"+121655501{number:02d}")
    evening = office.box.clock.now()
    before = _pages_in_memory()
    for minute in range(300):
        await office.queries.inbox(Sieve(), evening + timedelta(minutes=minute))
    for number in range(300):
        await office.queries.inbox(Sieve(me=f"{number}"), evening)
    assert _pages_in_memory() - before < 50


def _pages_in_memory() -> int:
    gc.collect()
    return sum(isinstance(each, InboxPage) for each in gc.get_objects())


def test_the_business_of_these_stories_is_open_from_eight_to_five() -> None:
    assert BUSINESS.hours.weekly[0][0].opens.hour == 8
