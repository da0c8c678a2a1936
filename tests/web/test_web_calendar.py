"""Appointments on the page: the week, and what a person decides about one."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from real import ANN, ZONE, a_box

from gateway.access import passwords
from gateway.core.conversation.authority import Authority
from gateway.core.events import SegmentReceived
from gateway.sender import Sender
from tests.gateway.booking_office import office
from tests.gateway.box import PortModem
from tests.gateway.office import CALLER

DANA = "I need a furnace tune up in 44107. Dana Reyes, 1423 Clifton Blvd"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.fixture
async def box(tmp_path):
    async with a_box(tmp_path, replace(office(book=Authority.REQUEST), zone=ZONE)) as found:
        yield found


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


async def seen(box, who, path) -> str:
    return plain(await box.text(path, who))


async def hears(box, words: str) -> None:
    """A caller writes, and the box has had the time to answer."""
    sender = Sender(box.dispatcher, box.store, [PortModem()], box.clock)
    await box.dispatcher.submit(SegmentReceived(words, box.clock.now(), CALLER, words))
    box.clock.moment += timedelta(seconds=60)
    await sender.drain()


async def requested(box) -> None:
    """Dana has chosen Wednesday afternoon, and waits for the office."""
    for words in (DANA, "2"):
        await hears(box, words)


async def test_an_empty_week_says_what_stands_here(box):
    page = await seen(box, await box.comes(ANN), "/calendar")
    assert "The week from Mon, Mar 2" in page or "The week from Monday" in page
    assert "Nothing stands in this week. What callers choose by text stands here" in page


async def test_what_a_caller_has_chosen_stands_in_its_week_and_leads_to_its_lead(box):
    ann = await box.comes(ANN)
    await requested(box)
    page = await box.text("/calendar?day=2026-03-04", ann)
    assert "12-5 PM , Dana Reyes requested, to be confirmed" in plain(page)
    assert 'href="/leads/1"' in page
    assert "North crew" in page
    assert "Dana Reyes" not in await seen(box, ann, "/calendar?day=2026-03-11")
    assert "Dana Reyes" in await seen(box, ann, "/calendar?day=nonsense"), "the present week"


async def test_a_person_confirms_it_on_the_lead_and_the_caller_is_told(box):
    ann = await box.comes(ANN)
    await requested(box)
    assert "Requested; nobody has confirmed it yet." in await seen(box, ann, "/leads/1")
    upto = re.search(r'data-upto="([^"]*)"', await box.text("/leads/1", ann))[1]
    answer = await box.press("/leads/1", "/leads/1/confirm", ann, upto=upto)
    assert answer.headers["Location"] == "/leads/1?said=confirmed"
    assert "It is booked." in await seen(box, ann, "/leads/1")
    assert "booked" in await seen(box, ann, "/calendar?day=2026-03-04")
    assert any("Ann: appointment, confirm; they are told by text" in line for line in await box.history())
    again = await box.press("/leads/1", "/leads/1/confirm", ann, upto=upto)
    assert again.status == 409
    assert "There is no appointment here that waits to be confirmed" in plain(await again.text())


async def test_a_page_that_was_behind_confirms_nothing(box):
    ann = await box.comes(ANN)
    await requested(box)
    upto = re.search(r'data-upto="([^"]*)"', await box.text("/leads/1", ann))[1]
    await hears(box, "sorry, wednesday is impossible after all")
    answer = await box.press("/leads/1", "/leads/1/confirm", ann, upto=upto)
    assert answer.status == 409
    assert "Requested; nobody has confirmed it yet." in await seen(box, ann, "/leads/1")


async def test_in_spanish(box):
    ann = await box.comes(ANN)
    await requested(box)
    box.client.session.headers["Accept-Language"] = "es"
    assert "Solicitada; todavía nadie la ha confirmado." in await seen(box, ann, "/leads/1")
    page = await seen(box, ann, "/calendar?day=2026-03-04")
    assert "solicitada, por confirmar" in page


# ---- made by the office


async def test_a_day_shows_what_stands_and_what_is_free_and_an_appointment_is_made_there(box):
    ann = await box.comes(ANN)
    await requested(box)
    page = await seen(box, ann, "/calendar?view=day&day=2026-03-04")
    assert "Dana Reyes requested, to be confirmed" in page
    assert "Free on this day 8 AM-12 PM , Tune-up ; North crew Book" in page
    drawn = await box.text("/calendar?view=day&day=2026-03-04", ann)
    link = html.unescape(re.search(r'href="(/calendar/new\?window=[^"]*)"', drawn)[1])
    form = await box.text(link, ann)
    window = html.unescape(re.search(r'<option value="([^"]+/north)" selected', form)[1])
    answer = await box.press(
        link,
        "/calendar/new",
        ann,
        window=window,
        number="(216) 555-0177",
        name="Ruth Bell",
        service="maintenance",
        tell="1",
    )
    assert answer.headers["Location"] == "/leads/2?said=booked"
    page = await seen(box, ann, "/leads/2")
    assert "It is booked." in page
    assert "your appointment is Wed Mar 4 8 AM-12 PM" in page
    page = await seen(box, ann, "/calendar?view=day&day=2026-03-04")
    assert "Free on this day" not in page
    assert "Ruth Bell booked" in page


async def test_what_cannot_be_booked_is_said_and_what_was_typed_stays(box):
    ann = await box.comes(ANN)
    answer = await box.press(
        "/calendar/new", "/calendar/new", ann, number="12", day="2026-03-04", begins="09:00", name="Ruth"
    )
    assert answer.status == 409
    page = await answer.text()
    assert "This is no telephone number" in plain(page)
    assert 'value="Ruth"' in page
    assert 'value="09:00"' in page


async def test_an_appointment_is_moved_at_its_lead(box):
    ann = await box.comes(ANN)
    await requested(box)
    drawn = await box.text("/leads/1?open=book", ann)
    assert "Move the appointment" in drawn
    upto = re.search(r'data-upto="([^"]*)"', drawn)[1]
    answer = await box.press(
        "/leads/1", "/leads/1/book", ann, upto=upto, day="2026-03-05", begins="10:00", who="Hank", tell="1"
    )
    assert answer.headers["Location"] == "/leads/1?said=booked"
    page = await seen(box, ann, "/leads/1")
    assert "your appointment is now Thu Mar 5 10 AM-12 PM" in page
    assert "Hank" in await seen(box, ann, "/calendar?day=2026-03-05")


async def test_an_appointment_of_several_days_stands_on_each_of_them(box):
    ann = await box.comes(ANN)
    await requested(box)
    begins = box.clock.now() + timedelta(days=2)
    await box.commands.leads.book(1, begins, begins + timedelta(days=3), "page:Ann", who="Paint crew")
    for day in ("2026-03-04", "2026-03-05", "2026-03-07"):
        assert "Paint crew" in await seen(box, ann, f"/calendar?view=day&day={day}"), day
    assert "Paint crew" not in await seen(box, ann, "/calendar?view=day&day=2026-03-08")
