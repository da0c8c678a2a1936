"""Times for a call: offered where a person is there, chosen by the caller, and then a promise in the office's task."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.core.business import Storm, Window
from gateway.core.conversation import callwindows
from gateway.core.conversation.authority import Authority, AuthorityTable
from gateway.core.conversation.lead import Fact
from gateway.core.conversation.office import OwnQuestion
from gateway.core.conversation.rota import Person
from gateway.core.events import ContactSet, HandedBack, OfficeCalled, OfficeTexted, Switched, TakenOver, TaskClosed
from gateway.core.views.leads import Standing
from gateway.queries.leads import open_leads
from gateway.records import taken_windows
from tests.gateway.box import START, Box, PortModem, VirtualClock, living, reader
from tests.gateway.calls_back import ANN, WEEKDAYS, office, says
from tests.gateway.office import CALLER, OWNER

ZONE = ZoneInfo("America/New_York")
OTHER = "+12165550141"
REPAIR = "my AC makes a rattling noise, no rush"
CALL_ME = "please call me"
TASK = "SELECT say, due FROM tasks WHERE kind = 'wrote' AND closed_at IS NULL"


async def task(box: Box) -> tuple[str, datetime | None]:
    """What the one open task says, and when it is due on the wall of the office."""
    ((say, due),) = await box.rows(TASK)
    return say, None if due is None else datetime.fromtimestamp(due / 1000, ZONE)


async def standing(box: Box) -> Standing:
    rules, now = box.dispatcher.business.conversation, box.clock.now()
    (lead,) = await box.store.read(lambda db: open_leads(db, rules, now, 9))
    return lead.standing


class Doubted:
    """A clock that is not believed."""

    sane = False

    def __init__(self, box: Box) -> None:
        self.since = box.clock.now()

    def look(self) -> float:
        return 0.0

    def news(self) -> None:
        return None


async def offered(box: Box) -> list[str]:
    return [row[0] for row in await box.rows("SELECT offered FROM leads WHERE offered <> '[]'")]


# ---- offered and chosen


async def test_a_caller_chooses_a_time_by_its_number_and_it_is_said_back(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        (offer,) = await says(box, CALL_ME)
        assert offer == (
            "Noted for the office. A person can call you: 1 today 3-4 PM, 2 tomorrow 8-9 AM, 3 tomorrow 3-4 PM."
            " Which suits? Reply with a number, or another time."
        )
        assert await standing(box) is Standing.TALKING
        (noted,) = await says(box, "2 please")
        assert noted == "Noted: a call from the office between 8 and 9 AM tomorrow."
        assert await task(box) == (
            "call Tue Mar 3, 8-9 AM, as promised (Ann); wants a call",
            datetime(2026, 3, 3, 9, tzinfo=ZONE),
        )
        assert await box.rows("SELECT owner FROM leads") == [("Ann",)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("la primera", "3 and 4 PM today"),
        ("the second one works, thanks!", "8 and 9 AM tomorrow"),
        ("#3", "3 and 4 PM tomorrow"),
        ("no problem, 2", "8 and 9 AM tomorrow"),
        ("tomorrow morning", "8 and 9 AM tomorrow"),
        ("2 tomorrow 8-9 AM", "8 and 9 AM tomorrow"),
        ("tomorrow at 8", "8 and 9 AM tomorrow"),
        ("this afternoon", "3 and 4 PM today"),
        ("at 3 today", "3 and 4 PM today"),
        ("the last one", "3 and 4 PM tomorrow"),
        ("either is fine", "3 and 4 PM today"),
        ("asap", "3 and 4 PM today"),
        ("after 2 tomorrow", "3 and 4 PM tomorrow"),
    ],
)
async def test_a_time_is_chosen_in_many_words(tmp_path: Path, words: str, told: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        _, noted = await says(box, CALL_ME, words)
        assert noted == f"Noted: a call from the office between {told}."


@pytest.mark.parametrize(
    "burst", [("2", "thanks!"), ("thank you", "2 please"), ("tomorrow morning", "thank you so much")]
)
async def test_manners_around_a_choice_take_nothing_from_it(tmp_path: Path, burst: tuple[str, ...]) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME)
        for words in burst:
            await box.hears(words)
            await box.wait(5)
        await box.wait(60)
        assert box.texts_to()[1:] == ["Noted: a call from the office between 8 and 9 AM tomorrow."]


async def test_a_long_answer_that_speaks_of_the_call_chooses_with_an_accent_too(tmp_path: Path) -> None:
    words = "Por favor llámenme mañana por la mañana que a esa hora estoy en la casa con los niños"
    async with living(tmp_path / "box", office(), read=reader()) as box:
        _, noted = await says(box, "necesito que me llamen por favor", words)
        assert noted == "Anotado: una llamada de la oficina entre las 8 y las 9 AM de mañana."


@pytest.mark.parametrize("words", ["how much is it friday", "what time do you open tomorrow?"])
async def test_a_question_with_a_day_in_it_is_no_choice(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, words)
        assert await box.rows("SELECT call_begins FROM leads") == [(None,)]


@pytest.mark.parametrize("words", ["1 and 3", "not 1", "3 kids live here", "maybe", "4", "2 tomorrow 3-4 PM"])
async def test_words_that_may_mean_something_else_promise_nothing(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, words)
        assert await box.rows("SELECT call_begins FROM leads") == [(None,)]
        assert not any(text.startswith("Noted: a call") for text in box.texts_to())


@pytest.mark.parametrize(
    "words",
    ["2. call my wife at 216-555-0163", "2, my name is Bob", "option 2. the address is 1423 Elm Ave", "2 y soy Ana"],
)
async def test_what_stands_behind_the_number_is_kept_beside_the_choice(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, words)
        assert (await task(box))[1] == datetime(2026, 3, 3, 9, tzinfo=ZONE)
        facts = await box.rows("SELECT callback_number, name, street_address FROM leads")
        assert any(facts[0])


@pytest.mark.parametrize(
    "words",
    ["1. how much is it?", "1. price 2. time", "2, 3 or 4 people live here", "1, no wait", "2 and 3 are ok", "2 units"],
)
async def test_a_number_in_front_of_something_else_is_no_choice(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, words)
        assert await box.rows("SELECT call_begins FROM leads") == [(None,)]


async def test_the_number_asked_for_by_a_question_is_no_choice(tmp_path: Path) -> None:
    doors = OwnQuestion("doors", "How many doors are there?")
    rules = replace(office().conversation, questions=(doors,), message_needs=(Fact.SERVICE,))
    templates = {**office().templates, "ask_doors": doors.ask, "ask_service": "What is it about?"}
    asks = replace(office(), conversation=rules, templates=templates)
    async with living(tmp_path / "box", asks, read=reader()) as box:
        offer, question = await says(box, CALL_ME, REPAIR)
        assert "A person can call you" in offer
        assert question == "How many doors are there?"
        await says(box, "2")
        assert await box.rows("SELECT answers, call_begins FROM leads") == [('{"doors": "2"}', None)]


async def test_who_asks_between_offer_and_choice_who_we_are_chooses_all_the_same(tmp_path: Path) -> None:
    wordy = replace(office(), name="The Miller Family Heating, Cooling & Plumbing Company of Ohio")
    async with living(tmp_path / "box", wordy, read=reader()) as box:
        offer, *who, told = await says(box, CALL_ME, "who is this?", "2")
        assert "2 tomorrow 8-9 AM" in offer
        assert len(who) == 2  # segments
        assert told == "Noted: a call from the office between 8 and 9 AM tomorrow."


async def test_a_spanish_caller_is_offered_and_told_in_spanish(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        offer, noted = await says(box, "necesito que me llamen por favor", "mañana por la mañana")
        assert "1 hoy 3-4 PM, 2 mañana 8-9 AM, 3 mañana 3-4 PM" in offer
        assert noted == "Anotado: una llamada de la oficina entre las 8 y las 9 AM de mañana."


async def test_the_questions_come_first_and_the_offer_in_place_of_the_hand_over(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        *asked, offer = await says(box, REPAIR, "44107", "Dana Novak")
        assert len(asked) == 2
        assert "A person can call you: " in offer


async def test_a_time_that_the_caller_has_named_is_proposed_first(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        (offer,) = await says(box, "please call me back wednesday afternoon")
        assert "1 Wed 3-4 PM, 2 Wed 4-5 PM, " in offer


# ---- wishes outside of what is offered


async def test_a_wish_outside_of_all_windows_is_kept_as_said_and_nothing_is_promised(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        _, noted = await says(box, CALL_ME, "sunday at 7pm")
        assert noted == "Noted as you wrote it, on the office's list. No time for a call is set yet."
        assert await box.rows("SELECT callback_time, call_begins FROM leads") == [("sunday 7pm", None)]
        assert (await task(box))[0] == "answer: wants a call"
        assert await offered(box) == []


async def test_an_hour_that_was_not_offered_and_is_free_is_taken_when_it_is_named(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        _, noted = await says(box, CALL_ME, "thursday at 4pm")
        assert noted == "Noted: a call from the office between 4 and 5 PM on Thursday."


async def test_a_day_alone_is_answered_with_the_times_of_that_day(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        _, again, noted = await says(box, CALL_ME, "thursday", "2")
        assert again.startswith("These times are free for a call: 1 Thu 8-9 AM, 2 Thu 9-10 AM, 3 Thu 10-11 AM.")
        assert noted == "Noted: a call from the office between 9 and 10 AM on Thursday."


async def test_who_wants_none_of_them_stays_on_the_list(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        _, noted = await says(box, CALL_ME, "no, neither", "thanks")
        assert noted.endswith("No time for a call is set yet.")
        assert await box.rows("SELECT callback_time FROM leads") == [(None,)]


async def test_an_answer_without_a_choice_is_asked_once_which(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        _, which, noted = await says(box, CALL_ME, "yes", "yes", "1")
        assert (
            which
            == "Which of these: 1 today 3-4 PM, 2 tomorrow 8-9 AM, 3 tomorrow 3-4 PM? Please reply with the number."
        )
        assert noted.startswith("Noted: a call")


async def test_no_answer_to_an_offer_is_not_chased(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME)
        await box.wait(4 * 86400)
        assert len(box.texts_to()) == 1
        assert await standing(box) is Standing.OVERDUE


async def test_a_time_that_has_passed_is_not_promised_any_more(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME)
        await box.wait(6 * 3600)  # past four in the afternoon
        (again,) = await says(box, "1")
        assert again.startswith("These times are free for a call: 1 tomorrow 8-9 AM, ")
        assert await box.rows("SELECT call_begins FROM leads") == [(None,)]


async def test_nothing_is_offered_without_leave_or_without_a_rota(tmp_path: Path) -> None:
    business = office()
    asks = replace(business, conversation=replace(business.conversation, authority=AuthorityTable()))
    empty = office(Person("Nobody", frozenset(), ()))
    for number, one in enumerate((asks, empty)):
        async with living(tmp_path / str(number), one, read=reader()) as box:
            assert await says(box, CALL_ME) == ["Noted: you would like a call. It is on the office's list now."]


async def test_what_is_urgent_is_not_put_off_to_a_window(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        texts = await says(box, "my AC stopped working and I need it fixed today, urgent", "44107", "Dana Novak")
        assert not any("A person can call you" in text for text in texts)


async def test_what_is_heading_for_an_appointment_is_not_answered_with_a_call(tmp_path: Path) -> None:
    business = office()
    default = replace(business, conversation=replace(business.conversation, authority=AuthorityTable()))
    for number, one in enumerate((business, default)):
        async with living(tmp_path / str(number), one, read=reader()) as box:
            texts = await says(box, "hi my AC needs a tune up", "44107", "Dana Novak", "have to check with my wife")
            assert not any("A person can call you" in text for text in texts)
            (last,) = await says(box, "thursday morning")
            assert last.startswith("Thank you. Requested: ")


async def test_who_tells_more_behind_an_offer_is_not_asked_which(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        texts = await says(box, CALL_ME, "Jim Fuller, 210 Argo Ave, Lakewood")
        assert not any(text.startswith("Which of these") for text in texts)
        assert (await says(box, "1"))[0].startswith("Noted: a call")


async def test_an_appointment_is_requested_as_before(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        *_, last = await says(box, "hi my AC needs a tune up", "44107", "Dana Novak", "thursday morning")
        assert last.startswith("Thank you. Requested: ")


async def test_with_offer_alone_an_appointment_is_not_requested_but_a_call_offered(tmp_path: Path) -> None:
    business = office()
    table = AuthorityTable(book=Authority.OFFER)
    only = replace(business, conversation=replace(business.conversation, authority=table))
    async with living(tmp_path / "box", only, read=reader()) as box:
        *_, last = await says(box, "hi my AC needs a tune up", "44107", "Dana Novak", "thursday morning")
        assert "A person can call you: " in last


# ---- a promise


async def test_a_promised_call_that_is_not_made_is_overdue_when_its_hour_has_passed(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, "1")
        await box.wait(5.9 * 3600)
        assert await standing(box) is Standing.WAITING
        await box.wait(600)
        assert await standing(box) is Standing.OVERDUE


async def test_a_talk_keeps_the_promise(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, "1")
        await box.wait(5.5 * 3600)
        await box.happens(OfficeCalled(box.clock.now(), CALLER, True, "102"))
        await box.wait(5 * 3600)
        say, due = await task(box)
        assert "the promised call was made" in say
        assert due is None
        assert await standing(box) is Standing.WAITING


async def test_a_talk_keeps_the_promise_of_an_older_conversation_too(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, "friday at 4pm")
        await box.wait(3.5 * 86400)
        await box.hears(REPAIR)
        await box.happens(OfficeCalled(box.clock.now(), CALLER, True, "102"))
        assert await box.rows("SELECT call_who, call_kept FROM leads ORDER BY id") == [("Ann", 1), ("", 0)]


async def test_a_call_that_did_not_reach_the_caller_keeps_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, "1")
        await box.happens(OfficeCalled(box.clock.now(), CALLER, False, "102"))
        await box.wait(8 * 3600)
        assert await standing(box) is Standing.OVERDUE


@pytest.mark.parametrize(
    "words", ["never mind, found someone else", "wrong number, sorry", "STOP", "can you make it 5 instead?"]
)
async def test_no_machine_withdraws_a_promise(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, "2", words)
        say, due = await task(box)
        assert say.startswith("call Tue Mar 3, 8-9 AM, as promised (Ann); ")
        assert due == datetime(2026, 3, 3, 9, tzinfo=ZONE)


async def test_who_writes_on_behind_a_promise_hears_once_that_it_stays(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        *_, stays = await says(box, CALL_ME, "2", "can you make it 5 instead?", "or 6 if that is better for you")
        assert stays == "Added for the office. The call stays noted between 8 and 9 AM tomorrow."


@pytest.mark.parametrize("left", [True, False])
async def test_of_an_hour_that_is_over_nothing_is_said(tmp_path: Path, left: bool) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME)
        box.modem.ready = left
        await says(box, "1")
        await box.wait(7 * 3600)  # five in the afternoon, and nobody has called
        box.modem.ready = True
        said = await says(box, "hello, nobody called me", "when will you call?")
        assert not any("between 3 and 4" in text for text in said)
        assert await standing(box) is Standing.OVERDUE


async def test_of_a_promise_nothing_is_said_by_a_clock_that_is_not_believed(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, "2")
        box.dispatcher._watch = Doubted(box)  # type: ignore[assignment]
        assert await says(box, "can you make it 5 instead?") == [
            "Thank you. That is added to what the office has from you."
        ]


async def test_a_talk_at_the_number_that_was_asked_for_keeps_the_promise(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, "1", "call my wife at 216-555-0163 instead")
        await box.happens(OfficeCalled(box.clock.now(), "+12165550164", True, "102"))
        assert (await task(box))[1] is not None
        await box.happens(OfficeCalled(box.clock.now(), "+12165550163", True, "102"))
        say, due = await task(box)
        assert "the promised call was made" in say
        assert due is None


async def test_what_becomes_urgent_behind_a_promise_is_due_before_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, "can somebody call me about my ac tune up", "3")
        written = box.clock.now()
        await says(box, "no heat at all since this morning now, need somebody today")
        say, due = await task(box)
        assert say == "call Tue Mar 3, 3-4 PM, as promised (Ann); urgent: a person decides when"
        assert due == written + timedelta(hours=1)


@pytest.mark.parametrize("name", ["Tom", "May", "april", "my name is Tom", "Julio"])
async def test_a_name_that_was_asked_for_chooses_no_time(tmp_path: Path, name: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        *_, asks, noted = await says(box, CALL_ME, "question about my furnace, in Lakewood", name)
        assert asks.endswith("What name should we put this under?")
        assert noted.startswith("Thank you. Your text is on the list")
        ((kept, callback, timeline, call),) = await box.rows(
            "SELECT name, callback_time, timeline, call_begins FROM leads"
        )
        assert kept.casefold() == name.split()[-1].casefold()
        assert (callback or "", timeline or "", call) == ("", "", None)
        (chosen,) = await says(box, "2")
        assert chosen == "Noted: a call from the office between 8 and 9 AM tomorrow."


async def test_who_is_asked_for_a_name_may_choose_a_time_instead(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        *_, chosen = await says(box, CALL_ME, "it's about my furnace filter, in Lakewood", "tomorrow morning")
        assert chosen == "Noted: a call from the office between 8 and 9 AM tomorrow."


@pytest.mark.parametrize("words", ["ok", "Ok thanks", "sounds good!", "vale, gracias", "yes"])
async def test_who_only_agrees_to_several_times_is_asked_once_for_the_number(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        _, which = await says(box, CALL_ME, words, words)
        assert which.startswith(("Which of these: 1 today 3-4 PM", "¿Cual de estas: 1 hoy 3-4 PM"))


async def test_las_tres_is_an_hour_and_not_the_third_time(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        *_, chosen = await says(box, "llámenme por favor", "la de las 3")
        assert chosen == "Anotado: una llamada de la oficina entre las 3 y las 4 PM de hoy."


@pytest.mark.parametrize(
    "wish",
    ["actually today would be better", "i would rather have it today", "can we make it today instead", "mejor hoy"],
)
async def test_another_wish_behind_a_promise_hears_that_the_call_stays(tmp_path: Path, wish: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        job = "my AC makes a rattling noise, no rush. Joe, Lakewood"
        *_, stays = await says(box, job, "2", wish)
        assert stays == "Added for the office. The call stays noted between 8 and 9 AM tomorrow."


async def test_a_person_settles_it_and_the_hour_is_free_again(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(per_hour=1), read=reader()) as box:
        await says(box, CALL_ME, "1")
        ((number,),) = await box.rows("SELECT id FROM tasks WHERE closed_at IS NULL")
        await box.happens(TaskClosed(box.clock.now(), number, "ann"))
        (offer,) = await says(box, CALL_ME, caller=OTHER)
        assert "1 today 3-4 PM" in offer


async def test_a_confirmation_that_was_overtaken_is_given_all_the_same(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME)
        box.modem.ready = False
        await box.hears("2")
        await box.wait(60)
        await box.hears("and please bring the invoice")
        await box.wait(10)
        box.modem.ready = True
        await box.wait(120)
        assert box.texts_to()[1:] == ["Noted: a call from the office between 8 and 9 AM tomorrow."]


async def test_an_offer_that_did_not_leave_holds_no_hour(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(per_hour=1), read=reader()) as box:
        box.modem.ready = False
        await says(box, CALL_ME)
        await box.wait(3600)
        assert await offered(box) == []
        assert ("not_sent",) in await box.rows("SELECT kind FROM tasks WHERE closed_at IS NULL")
        box.modem.ready = True
        (offer,) = await says(box, CALL_ME, caller=OTHER)
        assert "1 today 3-4 PM" in offer


async def test_a_restart_forgets_neither_offer_nor_promise(tmp_path: Path) -> None:
    clock, modem = VirtualClock(), PortModem()
    async with living(tmp_path / "box", office(), modem, clock, reader()) as box:
        await says(box, CALL_ME)
    async with living(tmp_path / "box", office(), modem, clock, reader()) as box:
        await box.hears("2", identity="after the restart")
        await box.wait(60)
        assert box.texts_to()[-1].startswith("Noted: a call")
    async with living(tmp_path / "box", office(), modem, clock, reader()) as box:
        assert (await task(box))[0].startswith("call Tue Mar 3, 8-9 AM, as promised")


# ---- what comes between


async def test_after_stop_nothing_is_offered_and_the_hours_are_free(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, REPAIR, "44107", "Dana Novak")
        assert len(await offered(box)) == 1
        assert len(await says(box, "STOP", "1")) == 1
        assert await offered(box) == []
        assert await box.rows("SELECT call_begins FROM leads") == [(None,)]


@pytest.mark.parametrize("words", ["STOP", "2, stop texting me"])
async def test_who_wants_a_call_and_no_texts_stays_on_the_list(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, words)
        assert (await task(box))[0] == "answer: wants no more texts: only a call is possible"
        assert await offered(box) == []


async def test_who_is_noted_to_want_no_texts_holds_no_hours(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME)
        await box.happens(ContactSet(box.clock.now(), CALLER, "opted_out", basis="said so by phone"))
        assert await offered(box) == []


async def test_a_choice_in_the_same_text_as_an_opt_out_promises_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        (_, ended) = await says(box, CALL_ME, "2 and then stop texting me")
        assert "no more texts" in ended
        assert await box.rows("SELECT call_begins FROM leads") == [(None,)]


@pytest.mark.parametrize("how", ["text", "take"])
async def test_a_person_who_takes_over_ends_the_offer(tmp_path: Path, how: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME)
        now = box.clock.now()
        await box.happens(
            OfficeTexted(now, CALLER, "Ann here", "ann") if how == "text" else TakenOver(now, CALLER, "ann")
        )
        assert await offered(box) == []
        before = len(box.texts_to())
        assert await says(box, "1") == []
        await box.happens(HandedBack(box.clock.now(), CALLER, "ann"))
        await box.wait(3600)
        assert len(box.texts_to()) == before
        assert await box.rows("SELECT call_begins FROM leads") == [(None,)]


async def test_a_person_who_takes_over_keeps_the_promise_in_the_task(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME, "2")
        await box.happens(TakenOver(box.clock.now(), CALLER, "ann"))
        assert (await task(box))[0].startswith("call Tue Mar 3, 8-9 AM, as promised")


async def test_an_emergency_goes_before_offer_and_promise(tmp_path: Path) -> None:
    for number, before in enumerate(((CALL_ME,), (CALL_ME, "2"))):
        async with living(tmp_path / str(number), office(), read=reader()) as box:
            safety, alerted = (await says(box, *before, "i smell gas in my basement"))[len(before) :]
            assert "Leave the building" in safety
            assert "on-call person has been texted" in alerted
            assert len(box.texts_to(OWNER)) == 1
            assert (await task(box))[0].startswith("emergency: call now")
            assert await standing(box) is Standing.EMERGENCY
            assert await offered(box) == []


async def test_while_texting_is_paused_a_choice_is_a_persons_to_answer(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, CALL_ME)
        await box.happens(Switched(box.clock.now(), "pause", "the owner", "owner"))
        assert await says(box, "1") == []
        assert await box.rows("SELECT call_begins FROM leads") == [(None,)]


# ---- no hour twice


async def test_no_window_is_offered_to_more_callers_than_its_capacity(tmp_path: Path) -> None:
    ben = Person("Ben", WEEKDAYS, ((time(15), time(16)),))
    async with living(tmp_path / "box", office(ANN, ben, per_hour=2), read=reader()) as box:
        for number in range(9):
            await box.hears(CALL_ME, f"+133055501{number + 41}")
        await box.wait(60)
        told = [text for number in range(9) for text in box.texts_to(f"+133055501{number + 41}")]
        assert len(told) == 9
        assert sum("today 3-4 PM" in text for text in told) == 4  # two of Ann's and two of Ben's
        assert sum("today 4-5 PM" in text for text in told) == 2
        assert sum("tomorrow 8-9 AM" in text for text in told) == 2


async def test_a_choice_gives_the_other_hours_back(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(per_hour=1), read=reader()) as box:
        await says(box, CALL_ME, "2")
        (offer,) = await says(box, CALL_ME, caller=OTHER)
        assert "1 today 3-4 PM" in offer
        assert "tomorrow 8-9 AM" not in offer


# ---- the calendar, the clock


async def offer_at(tmp_path: Path, moment: datetime, *rota: Person, **changes: object) -> str:
    async with living(tmp_path / "box", office(*rota, **changes), clock=VirtualClock(moment), read=reader()) as box:
        (text,) = await says(box, CALL_ME)
        return text


async def test_the_hour_that_has_begun_and_the_notice_before_it_are_respected(tmp_path: Path) -> None:
    text = await offer_at(tmp_path, datetime(2026, 3, 2, 15, 10, tzinfo=ZONE), notice_s=1800)
    assert "1 today 4-5 PM" in text
    text = await offer_at(tmp_path / "b", datetime(2026, 3, 2, 15, 40, tzinfo=ZONE), notice_s=1800)
    assert "today" not in text


async def test_holidays_half_days_and_closed_days_are_respected(tmp_path: Path) -> None:
    everyday = Person("Ann", frozenset(range(7)), ((time(8), time(10)), (time(15), time(17))))
    days = {datetime(2026, 3, 3).date(): "a holiday"}
    halves = {datetime(2026, 3, 4).date(): (Window(time(9), time(12)),)}
    hours = replace(office().hours, holidays=days, half_days=halves)
    text = await offer_at(tmp_path, datetime(2026, 3, 2, 16, 30, tzinfo=ZONE), everyday, hours=hours)
    assert "1 Wed 9-10 AM, 2 Thu 8-9 AM" in text
    text = await offer_at(tmp_path / "b", datetime(2026, 3, 7, 18, tzinfo=ZONE), everyday, hours=hours)
    assert "1 Mon 8-9 AM" in text  # Sunday is a closed day


async def test_in_a_storm_nothing_is_offered_and_before_a_planned_one_only_what_lies_outside(tmp_path: Path) -> None:
    async with living(tmp_path / "now", office(), read=reader()) as box:
        await box.happens(Switched(box.clock.now(), "storm", "on", "owner"))
        assert "A person can call you" not in (await says(box, CALL_ME))[0]
    storm = Storm(datetime(2026, 3, 2, 14, tzinfo=ZONE), datetime(2026, 3, 3, 9, 30, tzinfo=ZONE))
    assert "1 tomorrow 10-11 AM" in await offer_at(tmp_path, START, storms=(storm,))


async def test_shortly_before_midnight_no_text_says_today_or_tomorrow(tmp_path: Path) -> None:
    text = await offer_at(tmp_path, datetime(2026, 3, 2, 23, 45, tzinfo=ZONE))
    assert "1 Tue 8-9 AM" in text
    text = await offer_at(tmp_path / "b", datetime(2026, 3, 3, 0, 5, tzinfo=ZONE))
    assert "1 today 8-9 AM" in text


async def test_tomorrow_counts_from_the_moment_at_which_it_was_written(tmp_path: Path) -> None:
    clock = VirtualClock(datetime(2026, 3, 2, 23, 20, tzinfo=ZONE))
    async with living(tmp_path / "box", office(), clock=clock, read=reader()) as box:
        await says(box, CALL_ME)
        clock.moment = datetime(2026, 3, 2, 23, 59, 55, tzinfo=ZONE)
        await box.hears("tomorrow afternoon")
        await box.wait(60)
        assert box.texts_to()[-1] == "Noted: a call from the office between 3 and 4 PM today."


async def test_when_the_clocks_change_an_hour_of_the_wall_stays_an_hour_of_the_wall(tmp_path: Path) -> None:
    night = Person("Ann", frozenset(range(7)), ((time(0), time(5)),))
    sunday = replace(office().hours, weekly=(*office().hours.weekly[:6], (Window(time(9), time(13)),)))
    saturday = datetime(2026, 3, 7, 20, tzinfo=ZONE)  # the clocks skip two to three on Sunday
    hours = [
        window.begins.astimezone(ZONE).hour
        for window in callwindows.standing(office(night, hours=sunday), saturday)
        if window.begins.astimezone(ZONE).weekday() == 6
    ]
    assert hours == [0, 3, 4]  # one to two ends in the gap, two to three lies in it
    ordinary = datetime(2026, 3, 6, 16, 55, tzinfo=ZONE)  # Friday, before the change
    async with living(tmp_path / "b", office(), clock=VirtualClock(ordinary), read=reader()) as box:
        await says(box, CALL_ME, "1")
        assert (await task(box))[1] == datetime(2026, 3, 9, 9, tzinfo=ZONE)  # Monday in summer time


async def test_with_a_clock_that_is_not_believed_nothing_is_offered(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        box.dispatcher._watch = Doubted(box)  # type: ignore[assignment]
        assert not any("A person can call you" in text for text in await says(box, CALL_ME))


# ---- whatever callers write


async def test_whatever_callers_write_no_hour_is_promised_twice_and_nothing_unsaid(tmp_path: Path) -> None:
    luck = random.Random(7)
    callers = [f"+133055501{number}" for number in range(40, 56)]
    words = [
        CALL_ME,
        "1",
        "2 please",
        "3",
        "tomorrow morning",
        "ok",
        "none",
        "thursday",
        "thursday at 9",
        "STOP",
        "START",
    ]
    words += ["never mind", "how much is it?", "thanks", "friday at 4pm", "either", "la primera", "sunday 7pm", "asap"]
    async with living(tmp_path / "box", office(per_hour=1), read=reader()) as box:
        for _ in range(220):
            await box.hears(luck.choice(words), luck.choice(callers))
            if luck.random() < 0.1:
                await box.happens(TakenOver(box.clock.now(), luck.choice(callers), "ann"))
            await box.wait(luck.choice([1, 30, 60, 600, 3600]))
            rows = await box.rows(
                "SELECT call_who, call_begins FROM leads WHERE call_begins IS NOT NULL AND call_kept = 0"
            )
            assert max(Counter(rows).values(), default=0) <= 1
            now = box.clock.now()
            taken = await box.store.read(lambda db, now=now: taken_windows(db, now, but=0))  # type: ignore[misc]
            assert max(taken.values(), default=0) <= 1  # offered and promised together
        promised = await box.rows("SELECT peer FROM leads WHERE call_begins IS NOT NULL")
        assert len(promised) >= 5
        for (peer,) in promised:
            assert any(text.startswith(("Noted: a call", "Anotado: una llamada")) for text in box.texts_to(peer))
