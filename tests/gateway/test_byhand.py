"""Appointments that people make, and leads that they write down: in the same books as what callers choose by text."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.core.booking.rules import Crew
from gateway.core.conversation.authority import Authority
from gateway.core.effects import Opened
from gateway.core.events import LeadOpened
from gateway.storage.schema import migrations
from tests.gateway.booking_office import NORTH, TUNE_UP, office
from tests.gateway.box import living, reader
from tests.gateway.calls_back import says
from tests.gateway.office import CALLER
from tests.gateway.test_booking import BOOKED, DANA, OTHER, books, task
from tests.gateway.test_leads import Office

ANN = "page:Ann"
SOUTH = Crew("south", "South crew")
TUESDAY = datetime(2026, 3, 3, 13, tzinfo=UTC)  # 8 AM in New York
HOUR = timedelta(hours=1)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with living(tmp_path / "box", office(TUNE_UP, NORTH, SOUTH), read=reader()) as box:
        yield Office(box)


async def book(desk: Office, *how: object, **more: object) -> None:
    """Somebody books at the page, and what is to be said of it leaves."""
    await desk.does.leads.book(*how, **more)  # type: ignore[arg-type]
    await desk.box.sender.drain()


async def history(desk: Office, lead_id: int = 1) -> str:
    return "\n".join(note.what for note in (await desk.story(lead_id)).notes)


async def test_a_window_that_the_office_gives_away_is_not_offered_to_anybody_else(desk: Office) -> None:
    await says(desk.box, DANA)
    await book(desk, 1, TUESDAY, TUESDAY + 4 * HOUR, ANN)
    assert await books(desk.box) == [("2026-03-03", "north", 1, "confirmed")]
    assert desk.box.texts_to()[-1] == (
        "Miller Heating & Air: your appointment is Tue Mar 3 8 AM-12 PM. To change it text here or call (216) 555-0100."
    )
    (offer,) = await says(desk.box, DANA, caller=OTHER)
    assert "1 Tue Mar 3 12-5 PM" in offer


async def test_a_crew_at_a_time_of_the_office_s_own_takes_its_place_and_the_way_there(tmp_path: Path) -> None:
    kind = replace(TUNE_UP, travel=HOUR, buffer=HOUR)
    async with living(tmp_path / "box", office(kind, NORTH), read=reader()) as box:
        desk = Office(box)
        await says(box, DANA)
        await book(desk, 1, TUESDAY + 5 * HOUR, TUESDAY + 6 * HOUR, ANN, crew="north")
        (row,) = await box.rows("SELECT kind, crew, (takes_until - takes_from) / 3600000 FROM appointments")
        assert tuple(row) == ("", "north", 3)
        (offer,) = await says(box, DANA, caller=OTHER)
        assert "Tue Mar 3 12-5 PM" not in offer


async def test_a_crew_whose_place_is_taken_is_not_sent_twice(desk: Office) -> None:
    await says(desk.box, DANA, "1")
    await says(desk.box, DANA, caller=OTHER)
    with pytest.raises(ValueError, match="North crew is taken then Tue Mar 3, 8-9:30 AM: choose another time"):
        await book(desk, 2, TUESDAY + HOUR, TUESDAY + 2 * HOUR, ANN, crew="north")
    assert len(await books(desk.box)) == 1
    await book(desk, 2, TUESDAY + HOUR, TUESDAY + 2 * HOUR, ANN, crew="south")
    await book(desk, 2, TUESDAY + HOUR, TUESDAY + 2 * HOUR, ANN, who="Hank, my cousin")
    assert await books(desk.box) == [
        ("2026-03-03", "north", 1, "confirmed"),
        ("2026-03-03", "", 1, "confirmed"),
    ]


async def test_a_window_that_is_gone_by_now_is_not_given_away_again(desk: Office) -> None:
    await says(desk.box, DANA, "1")
    await says(desk.box, DANA, "1", caller=OTHER)  # the other crew
    third = "+12165550143"
    await says(desk.box, DANA, caller=third)
    with pytest.raises(ValueError, match="this window is taken by now"):
        await book(desk, 3, TUESDAY, TUESDAY + 4 * HOUR, ANN)
    assert len(await books(desk.box)) == 2


async def test_an_appointment_is_moved_and_the_caller_is_told_where_it_is_now(desk: Office) -> None:
    await says(desk.box, DANA, "1")
    await book(desk, 1, TUESDAY + 24 * HOUR, TUESDAY + 28 * HOUR, ANN)
    assert desk.box.texts_to()[-1] == (
        "Miller Heating & Air: your appointment is now Wed Mar 4 8 AM-12 PM. To change it text here or call (216) 555-0100."
    )
    assert await books(desk.box) == [("2026-03-04", "north", 1, "confirmed")]
    (row,) = await desk.box.rows("SELECT revision FROM appointments")
    assert row[0] == 1
    assert "Ann: booked for Wed Mar 4, 8 AM-12 PM, North crew goes; they are told by text" in await history(desk)
    assert (await says(desk.box, "when is my appointment again? confirm"))[-1:] != []


async def test_a_form_that_is_sent_twice_tells_the_caller_once(desk: Office) -> None:
    await says(desk.box, DANA)
    for _ in range(2):
        await book(desk, 1, TUESDAY, TUESDAY + 4 * HOUR, ANN, crew="north")
    assert len([text for text in desk.box.texts_to() if "your appointment" in text]) == 1
    assert [tuple(row) for row in await desk.box.rows("SELECT revision FROM appointments")] == [(0,)]


async def test_who_was_told_on_the_phone_is_not_texted_and_not_reminded(desk: Office) -> None:
    await says(desk.box, DANA)
    before = desk.box.texts_to()
    await book(desk, 1, TUESDAY + 48 * HOUR, TUESDAY + 52 * HOUR, ANN, tell=False)
    await desk.box.wait(2 * 86400)
    assert desk.box.texts_to() == before
    assert await task(desk.box) == []


async def test_who_wants_no_texts_gets_an_appointment_without_one(desk: Office) -> None:
    await says(desk.box, DANA, "STOP")
    before = desk.box.texts_to()
    await book(desk, 1, TUESDAY, TUESDAY + 4 * HOUR, ANN)
    assert desk.box.texts_to() == before
    assert await books(desk.box) == [("2026-03-03", "north", 1, "confirmed")]
    assert await task(desk.box) == []


async def test_a_caller_cancels_by_text_what_the_office_has_made(desk: Office) -> None:
    await says(desk.box, DANA)
    await book(desk, 1, TUESDAY + 25 * HOUR, TUESDAY + 26 * HOUR, ANN, who="Hank")
    assert await says(desk.box, "I have to cancel my appointment") == [
        "Cancel Wed Mar 4 9-10 AM? Reply YES to cancel it. Until then it stays."
    ]
    (off,) = await says(desk.box, "yes")
    assert off.startswith("Cancelled as you asked: Wed Mar 4 9-10 AM.")
    assert (await desk.story()).lead.outcome == ""  # it has not ended well after all


async def test_what_the_box_books_counts_as_booked(desk: Office) -> None:
    await says(desk.box, DANA, "1")
    lead = (await desk.story()).lead
    assert (lead.outcome, lead.closed_by) == ("booked", "the box")


@pytest.mark.parametrize(
    ("begins", "ends", "crew", "sorry"),
    [
        (TUESDAY - 48 * HOUR, TUESDAY, "", "lies in the past"),
        (TUESDAY + timedelta(days=400), TUESDAY + timedelta(days=401), "", "too far off"),
        (TUESDAY, TUESDAY, "", "ends before it begins"),
        (TUESDAY, TUESDAY + timedelta(days=40), "", "lasts too long"),
        (TUESDAY, TUESDAY + HOUR, "west", "no such crew"),
    ],
)
async def test_an_appointment_that_makes_no_sense_is_declined(
    desk: Office, begins: datetime, ends: datetime, crew: str, sorry: str
) -> None:
    await says(desk.box, DANA)
    with pytest.raises(ValueError, match=sorry):
        await book(desk, 1, begins, ends, ANN, crew=crew)
    assert await books(desk.box) == []


async def test_somebody_who_called_is_written_down_and_booked_in_one_go(desk: Office) -> None:
    lead_id = await desk.does.leads.open("(216) 555-0177", "Ruth  Bell", "maintenance", ANN)
    story = await desk.story(lead_id)
    assert (story.lead.peer, story.lead.name, story.lead.assignee) == ("+12165550177", "Ruth Bell", "Ann")
    assert story.lead.task_id is not None
    await book(desk, lead_id, TUESDAY, TUESDAY + 4 * HOUR, ANN)
    assert desk.box.texts_to("+12165550177")[-1].startswith("Miller Heating & Air: your appointment is Tue Mar 3")
    story = await desk.story(lead_id)
    assert (story.lead.task_id, story.lead.outcome) == (None, "booked")
    (answer,) = await says(desk.box, "sorry, I need to reschedule my appointment", caller="+12165550177")
    assert answer.startswith("Tue Mar 3 8 AM-12 PM stays until you choose.")


async def test_who_is_on_the_list_already_is_not_written_down_twice(desk: Office) -> None:
    await says(desk.box, DANA)
    done = await desk.box.happens(LeadOpened(desk.box.clock.now(), CALLER, ANN, "Dana"))
    assert done == [Opened(1)]


@pytest.mark.parametrize(("number", "service", "sorry"), [("12", "", "no telephone"), (CALLER, "moon", "menu")])
async def test_nonsense_is_not_written_down(desk: Office, number: str, service: str, sorry: str) -> None:
    with pytest.raises(ValueError, match=sorry):
        await desk.does.leads.open(number, "", service, ANN)


def test_what_was_written_down_before_stands_among_the_appointments(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as db:
        for number, sql in migrations():
            if number < 19:
                db.executescript(sql)
        db.execute(
            "INSERT INTO leads (id, peer, opened_at, wrote_at, stage, why, urgency, intent, language, alert, next_step, owner,"
            " answers, talk, answered_id, booked_from, booked_until, booked_who, booked_note) VALUES (7, '+12165550137', 1, 1,"
            " 'complete', '', 'none', 'unclear', 'en', 'none', '', '', '{}', '{}', 0, 1772542800000, 1772550000000, 'Hank', 'gate')"
        )
        db.executescript(dict(migrations())[19])
        rows = db.execute("SELECT lead_id, state, day, who, note, quiet, crew FROM appointments").fetchall()
    assert rows == [(7, "confirmed", "2026-03-03", "Hank", "gate", 1, "")]


async def test_confirming_needs_no_authority_where_a_person_does_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(book=Authority.REQUEST), read=reader()) as box:
        desk = Office(box)
        await says(box, DANA, "2")
        await desk.does.leads.rule(1, "confirm", ANN)
        await box.sender.drain()
        assert box.texts_to()[-1] == BOOKED.format("Wed Mar 4 12-5 PM")
        assert (await desk.story()).lead.outcome == "booked"


async def test_a_new_appointment_that_is_sent_twice_is_made_once_and_told_once(desk: Office) -> None:
    for _ in range(2):
        lead_id = await desk.does.leads.open(CALLER, "Dana", "", ANN, (TUESDAY, TUESDAY + HOUR))
        await book(desk, lead_id, TUESDAY, TUESDAY + HOUR, ANN)
    assert await books(desk.box) == [("2026-03-03", "", 1, "confirmed")]
    assert len(desk.box.texts_to()) == 1


async def test_a_second_appointment_for_the_same_caller_leaves_the_first_where_it_is(desk: Office) -> None:
    await says(desk.box, DANA, "1", "also my rental at 88 Oak St 44102 needs a furnace tune up too")
    friday = TUESDAY + 72 * HOUR
    lead_id = await desk.does.leads.open(CALLER, "", "maintenance", ANN, (friday, friday + 4 * HOUR))
    await book(desk, lead_id, friday, friday + 4 * HOUR, ANN)
    assert await books(desk.box) == [
        ("2026-03-03", "north", 1, "confirmed"),
        ("2026-03-06", "north", 1, "confirmed"),
    ]
    assert desk.box.texts_to()[-1].startswith("Miller Heating & Air: your appointment is Fri Mar 6 8 AM-12 PM.")


async def test_who_was_not_told_at_first_is_told_when_the_office_asks_for_it(desk: Office) -> None:
    await says(desk.box, DANA)
    for tell in (False, True, True):
        await book(desk, 1, TUESDAY, TUESDAY + 4 * HOUR, ANN, tell=tell)
    told = [text for text in desk.box.texts_to() if "your appointment is Tue Mar 3 8 AM-12 PM" in text]
    assert len(told) == 1


async def test_what_has_not_left_before_the_office_moves_or_cancels_is_not_said_any_more(desk: Office) -> None:
    await says(desk.box, DANA)
    await desk.box.hears("1")
    desk.box.modem.ready = False
    await desk.box.wait(60)
    await desk.does.leads.book(1, TUESDAY + 72 * HOUR, TUESDAY + 76 * HOUR, ANN)
    await desk.does.leads.rule(1, "cancel", ANN)
    desk.box.modem.ready = True
    before = len(desk.box.texts_to())
    await desk.box.wait(600)
    assert desk.box.texts_to()[before:] == [
        "Cancelled: Tune-up or maintenance plan, Fri Mar 6 8 AM-12 PM. That appointment is not booked any more."
        " Office: (216) 555-0100."
    ]
    assert [state for *_, state in await books(desk.box)] == ["cancelled"]
