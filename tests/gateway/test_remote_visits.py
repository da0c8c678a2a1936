"""Appointments by our people's telephones: a day is listed, one is confirmed, moved, called off, and the caller is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.booking.rules import Crew
from gateway.core.business import Business
from gateway.core.conversation.authority import Authority
from gateway.core.escalation.people import Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.events import AppointmentWritten, Switched
from gateway.core.notify import How, Kind, Notifications
from gateway.core.remote.rules import RemoteRules
from tests.gateway.booking_office import TUNE_UP, office
from tests.gateway.box import START, Box, living, reader
from tests.gateway.calls_back import says
from tests.gateway.office import CALLER, OWNER
from tests.gateway.test_booking import DANA, OTHER, THIRD, books, task
from tests.gateway.test_power_cut_people import Life, at_every_point, hears, passes

BOB = Person("bob", "Bob", "+12165550143")
SILENT = Notifications(how=dict.fromkeys(Kind, How.OFF))
BOOKED = "Booked: Tune-up or maintenance plan, 1423 Clifton Blvd, {}. To change it text here or call (216) 555-0100."
NOW_AT = "Miller Heating & Air: your appointment is now {}. To change it text here or call (216) 555-0100."


def shop(business: Business | None = None, pin: str = "") -> Business:
    ladder = EscalationRules(owner_name="Mike", people=(BOB,))
    asked = business or office(book=Authority.REQUEST)
    return replace(asked, notifications=SILENT, escalation=ladder, remote=RemoteRules(pin))


async def answers(box: Box, body: str, who: str = OWNER) -> list[str]:
    """What comes back to one of our telephones."""
    before = len(box.texts_to(who))
    await box.hears(body, who)
    found = box.texts_to(who)[before:]
    for text in found:
        assert is_gsm7(text), text
        assert segment_count(text) == 1, text
    return found


async def answer(box: Box, body: str, who: str = OWNER) -> str:
    (found,) = await answers(box, body, who)
    return found


async def known_by(box: Box, body: str = "leads", who: str = OWNER) -> None:
    """The matters get their numbers, 10 the first."""
    for _ in range(3):
        await answer(box, body, who)


# ---- a day


async def test_a_day_is_listed_in_order_with_number_name_service_and_street(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        assert await answer(box, "TODAY") == "No appointments today."
        assert await answer(box, "mañana") == "No hay citas mañana."
        assert await answer(box, "APPTS FRI") == "No appointments on Fri Mar 6."
        await says(box, DANA, "2")
        await says(box, DANA, "wednesday morning", caller=OTHER)
        assert await answer(box, "APPTS WED") == (
            "Wed Mar 4: 8 AM-12 PM 10(?) Dana Reyes, Tune-up, 1423 Clifton Blvd; 12-5 PM 11(?) Dana Reyes, Tune-up, 1423"
            " Clifton Blvd"
        )
        await answer(box, "CONFIRM 10")
        assert (await answer(box, "citas miercoles")).startswith("mie 4 mar: 8 AM-12 PM 10 Dana Reyes, ")


async def test_a_long_day_goes_on_with_more_and_begins_again_behind_its_end(tmp_path: Path) -> None:
    crew = shop(office(TUNE_UP, Crew("north", "North", places=3), book=Authority.REQUEST))
    async with living(tmp_path / "box", crew, read=reader()) as box:
        for caller in (CALLER, OTHER, THIRD):
            await says(box, DANA, "wednesday afternoon", caller=caller)
        first = await answer(box, "APPTS WED")
        assert first.endswith(" +1: MORE")
        rest = await answer(box, "MORE")
        assert rest.startswith("Wed Mar 4: 12-5 PM 12(?) Dana Reyes")
        assert await answer(box, "MORE") == first
        assert (await answer(box, "LEADS")).startswith("Open: ")
        assert (await answer(box, "MORE")).startswith("Open: ")


async def test_what_is_only_kept_while_the_box_asks_is_listed_as_such(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(office()), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107", "2")
        assert await answer(box, "appts 3/4") == "Wed Mar 4: 12-5 PM 10(held) 0137, Tune-up, 44107"


# ---- confirmed and called off


@pytest.mark.parametrize("who", [OWNER, BOB.phone])
async def test_an_appointment_is_confirmed_and_the_caller_told_once(tmp_path: Path, who: str) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        await known_by(box)
        assert "To confirm: Wed Mar 4 12-5 PM. CONFIRM 10?" in await answer(box, "10", who)
        assert (
            await answer(box, "CONFIRM 10", who) == "10 confirmed: Dana Reyes Wed Mar 4 12-5 PM. They are told by text."
        )
        assert box.texts_to()[-1] == BOOKED.format("Wed Mar 4 12-5 PM")
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        assert await task(box) == []
        told = len(box.texts_to())
        for again in (who, OWNER, BOB.phone):
            assert await answer(box, "confirm 10", again) == "10 is confirmed already: Dana Reyes Wed Mar 4 12-5 PM."
        assert len(box.texts_to()) == told


async def test_an_appointment_is_called_off_and_its_window_free_for_others(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(office()), read=reader()) as box:
        await says(box, DANA, "2")
        await answer(box, "appts wed")
        assert await answer(box, "CALLOFF 10") == "10 CANCELLED: Dana Reyes Wed Mar 4 12-5 PM. They are told by text."
        assert box.texts_to()[-1].startswith("Cancelled: Tune-up or maintenance plan, Wed Mar 4 12-5 PM.")
        assert await books(box) == [("2026-03-04", "north", 1, "cancelled")]
        told = len(box.texts_to())
        for body in ("CANCEL 10", "CONFIRM 10", "MOVE 10", "MOVE 10 FRI 8"):
            assert await answer(box, body) == "Nothing done: 10 Dana Reyes has no appointment."
        assert len(box.texts_to()) == told
        assert (await says(box, DANA, "2", caller=OTHER))[1] == BOOKED.format("Wed Mar 4 12-5 PM")


async def test_in_spanish(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        await known_by(box, "lista")
        assert (
            await answer(box, "confirmar 10") == "10 confirmada: Dana Reyes mie 4 mar 12-5 PM. Se le avisa por texto."
        )
        assert await answer(box, "mover 10 viernes de 8 a 12") == (
            "10 Dana Reyes CAMBIADA a vie 6 mar 8 AM-12 PM, era mie 4 mar 12-5 PM. Se le avisa por texto."
        )
        assert await answer(box, "anular 10") == "10 CANCELADA: Dana Reyes vie 6 mar 8 AM-12 PM. Se le avisa por texto."
        history = await box.rows("SELECT what FROM history WHERE subject = 'remote:owner' ORDER BY id DESC LIMIT 3")
        assert [what for (what,) in reversed(history)] == [
            "'confirmar 10': appointment of 10, Wed Mar 4 12-5 PM: confirm",
            "'mover 10 viernes de 8 a 12': appointment of 10 moved from Wed Mar 4 12-5 PM to Fri Mar 6 8 AM-12 PM",
            "'anular 10': appointment of 10, Fri Mar 6 8 AM-12 PM: cancel",
        ]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("CONFIRM 10", "10 confirmed: Dana Reyes Wed Mar 4 12-5 PM. They get NO texts: call (216) 555-0137."),
        (
            "MOVE 10 FRI 8",
            "10 Dana Reyes MOVED to Fri Mar 6 8 AM-12 PM, was Wed Mar 4 12-5 PM. They get NO texts: call (216) 555-0137.",
        ),
        ("CALLOFF 10", "10 CANCELLED: Dana Reyes Wed Mar 4 12-5 PM. They get NO texts: call (216) 555-0137."),
    ],
)
async def test_of_who_wants_no_texts_the_answer_says_that_he_has_to_be_called(
    tmp_path: Path, command: str, said: str
) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2", "STOP")
        await known_by(box)
        told = len(box.texts_to())
        assert await answer(box, command) == said
        await box.wait(3600)
        assert len(box.texts_to()) == told


async def test_no_appointment_needs_the_pin_and_none_is_kept_of_one_that_was_written_all_the_same(
    tmp_path: Path,
) -> None:
    async with living(tmp_path / "box", shop(pin="4711"), read=reader()) as box:
        await says(box, DANA, "2")
        await known_by(box)
        assert (await answer(box, "CONFIRM 10 4711")).startswith("10 confirmed: ")
        assert not await box.rows("SELECT 1 FROM history WHERE what LIKE '%4711%'")


async def test_what_may_mean_the_emergency_or_the_appointment_does_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2", "now I smell gas in the house")
        assert "NOBODY HAS 10! Reply 10 to take it" in await answer(box, "CONFIRM 10")
        assert await books(box) == [("2026-03-04", "north", 1, "requested")]
        await says(box, "we smell gas in the hallway", caller=OTHER)
        assert (await answer(box, "CONFIRM 11")).startswith("11: You have it.")


async def test_a_number_that_nobody_knows_does_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        for body in ("CONFIRM 14", "CALLOFF 14", "MOVE 14", "MOVE 14 FRI 8-12"):
            assert await answer(box, body) == "There is no 14. LEADS lists what is open."


async def test_what_is_over_is_changed_no_more(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        await known_by(box)
        await box.wait(3 * 86400)
        for body in ("CONFIRM 10", "CALLOFF 10", "MOVE 10 FRI 8"):
            assert await answer(box, body) == "Nothing done: the appointment of 10, Wed Mar 4 12-5 PM, is over."


# ---- moved


@pytest.mark.parametrize(
    ("body", "window", "day"),
    [
        ("MOVE 10 FRI 8-12", "Fri Mar 6 8 AM-12 PM", "2026-03-06"),
        ("move 10 fri 8", "Fri Mar 6 8 AM-12 PM", "2026-03-06"),
        ("MOVE 10 TOMORROW 1 PM", "Tue Mar 3 12-5 PM", "2026-03-03"),
        ("move 10 tomorrow 1", "Tue Mar 3 12-5 PM", "2026-03-03"),
        ("move 10 mar 12 in the morning", "Thu Mar 12 8 AM-12 PM", "2026-03-12"),
        ("move 10 8 am", "Wed Mar 4 8 AM-12 PM", "2026-03-04"),
        ("move 10 today", "Mon Mar 2 12-5 PM", "2026-03-02"),  # sooner than callers may
        ("move 10 mon 8", "Mon Mar 9 8 AM-12 PM", "2026-03-09"),  # today's is past
        ("mover 10 viernes por la tarde", "vie 6 mar 12-5 PM", "2026-03-06"),
    ],
)
async def test_it_is_moved_into_the_window_that_the_time_names(
    tmp_path: Path, body: str, window: str, day: str
) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        await known_by(box)
        told = len(box.texts_to())
        assert window in (await answer(box, body)).partition(", was ")[0].partition(", era ")[0]
        assert await books(box) == [(day, "north", 1, "confirmed")]
        (says_so,) = box.texts_to()[told:]
        assert says_so.startswith("Miller Heating & Air: your appointment is now ")
        await box.wait(60)
        assert len(box.texts_to()) == told + 1


FREE = "Free: 1 {}, 2 Mon Mar 2 12-5 PM, 3 Tue Mar 3 8 AM-12 PM"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("MOVE 10 THU 12-5", "Not done: taken. 10 is Wed Mar 4 12-5 PM. Free: 1 Thu Mar 5 8 AM-12 PM, 2 Mon"),
        ("MOVE 10 THU 3 PM", "Not done: taken. 10 is Wed Mar 4 12-5 PM. Free: 1 Thu Mar 5 8 AM-12 PM, 2 Mon"),
        (
            "MOVE 10 THU 8-10",
            "Not done: no such window. 10 is Wed Mar 4 12-5 PM. Free: 1 Thu Mar 5 8 AM-12 PM, 2 Mon",
        ),
        ("MOVE 10 SAT 8", "Not done: no such window. 10 is Wed Mar 4 12-5 PM. Free: 1 Mon Mar 2 12-5 PM, 2 Tue"),
        ("MOVE 10 TODAY 8-12", "Not done: that is past. 10 is Wed Mar 4 12-5 PM. Free: 1 Mon Mar 2 12-5 PM, 2 Tue"),
        ("MOVE 10 MAR 31", "Not done: no such window. 10 is Wed Mar 4 12-5 PM. Free: 1 Mon Mar 2 12-5 PM, 2 Tue"),
        (
            "MOVE 10 FEB 30",
            "Not done: no such day or time. 10 is Wed Mar 4 12-5 PM. Free: 1 Mon Mar 2 12-5 PM, 2 Tue",
        ),
        (
            "MOVE 10 FRI",
            "10 is Wed Mar 4 12-5 PM. Free: 1 Fri Mar 6 8 AM-12 PM, 2 Fri Mar 6 12-5 PM. MOVE 10 and a",
        ),
        ("MOVE 10 WED 12-5", "10 Dana Reyes is already at Wed Mar 4 12-5 PM."),
        ("MOVE 10 15", "Not understood, nothing done. Did you mean MOVE 14 FRI 8-12? HELP lists all."),
    ],
)
async def test_what_cannot_be_is_refused_with_what_can(tmp_path: Path, body: str, said: str) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        await known_by(box)
        await says(box, DANA, "thursday afternoon", caller=OTHER)
        told = len(box.texts_to())
        assert (await answer(box, body)).startswith(said)
        assert (await books(box))[0] == ("2026-03-04", "north", 1, "requested")
        assert len(box.texts_to()) == told


async def test_without_a_time_the_free_windows_have_numbers_and_one_is_taken(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        await known_by(box)
        listed = (
            "10 is Wed Mar 4 12-5 PM. Free: 1 Mon Mar 2 12-5 PM, 2 Tue Mar 3 8 AM-12 PM, 3 Tue Mar 3 12-5 PM, 4 Wed Mar 4"
            " 8 AM-12 PM. MOVE 10 and a number."
        )
        assert await answer(box, "MOVE 10 2") == listed  # there is no list yet
        assert await answer(box, "MOVE 10 2", BOB.phone) == listed  # nor on this telephone
        assert await answer(box, "MOVE 10 5") == listed
        assert await answer(box, "MOVE 10 2") == (
            "10 Dana Reyes MOVED to Tue Mar 3 8 AM-12 PM, was Wed Mar 4 12-5 PM. They are told by text."
        )
        assert box.texts_to()[-1] == NOW_AT.format("Tue Mar 3 8 AM-12 PM")


async def test_a_number_of_an_old_list_takes_nothing(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        await answer(box, "leads")
        await answer(box, "MOVE 10")
        await box.wait(2 * 3600)
        assert (await answer(box, "MOVE 10 2")).startswith("10 is Wed Mar 4 12-5 PM. Free: 1 ")
        await says(box, DANA, "tuesday afternoon", caller=OTHER)
        assert (await answer(box, "MOVE 10 2")).startswith("Not done: taken. 10 is Wed Mar 4 12-5 PM. Free: 1 ")
        assert (await books(box))[0] == ("2026-03-04", "north", 1, "requested")


async def test_an_appointment_that_a_person_made_at_his_own_time_is_moved_to_any_time(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA)
        await known_by(box)
        at = START + timedelta(days=1, hours=1)
        hank = AppointmentWritten(at, 1, at, at + timedelta(hours=2), "page:Ann", "", "Hank", "bring the long ladder")
        await box.happens(replace(hank, at=box.clock.now()))
        assert await answer(box, "MOVE 10") == (
            "Nothing done: 10 is Tue Mar 3 11 AM-1 PM. Write the new time: MOVE 10 FRI 8-10."
        )
        assert "MOVED to Sat Mar 7 9-11 AM, was Tue Mar 3 11 AM-1 PM." in await answer(box, "MOVE 10 SAT 9")
        assert "MOVED to Fri Mar 6 8-10 AM, was Sat Mar 7 9-11 AM." in await answer(box, "MOVE 10 FRI 8-10")
        assert "MOVED to Mon Mar 9 8-10 AM," in await answer(box, "MOVE 10 MON")
        assert await answer(box, "MOVE 10 today 8 am") == "Not done: that is past. 10 stays Mon Mar 9 8-10 AM."
        assert await answer(box, "MOVE 10 3/8 2:30 AM") == (  # the clocks skip it
            "Not done: no such day or time. 10 stays Mon Mar 9 8-10 AM."
        )
        assert await box.rows("SELECT who, note, state FROM appointments") == [
            ("Hank", "bring the long ladder", "confirmed")
        ]


async def test_a_crew_that_is_taken_at_a_time_of_ones_own_is_not_sent_twice(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(office()), read=reader()) as box:
        await says(box, DANA)
        await says(box, DANA, "wednesday morning", caller=OTHER)
        await known_by(box)
        at = START + timedelta(days=1, hours=8)
        await box.happens(AppointmentWritten(box.clock.now(), 1, at, at + timedelta(hours=1), "page:Ann", "north"))
        (code,) = {10, 11} - {10 if "0141" in await answer(box, "10?") else 11}
        assert await answer(box, f"MOVE {code} WED 9") == f"Not done: taken. {code} stays Tue Mar 3 6-7 PM."


# ---- at the same moment


async def test_two_of_us_at_once_do_not_move_it_twice(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        await known_by(box)
        await answer(box, "MOVE 10")
        await answer(box, "MOVE 10", BOB.phone)
        assert "MOVED to Tue Mar 3 8 AM-12 PM" in await answer(box, "MOVE 10 2")
        told = len(box.texts_to())
        assert (await answer(box, "MOVE 10 3", BOB.phone)).startswith(
            "Not done: it has changed meanwhile. 10 is Tue Mar 3 8 AM-12 PM. Free: 1 Mon Mar 2 12-5 PM, "
        )
        assert (await answer(box, "MOVE 10 tue 8", BOB.phone)) == "10 Dana Reyes is already at Tue Mar 3 8 AM-12 PM."
        assert len(box.texts_to()) == told
        assert await books(box) == [("2026-03-03", "north", 1, "confirmed")]


async def test_what_the_caller_moves_at_that_moment_is_not_moved_by_a_number_of_the_old_list(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(office()), read=reader()) as box:
        await says(box, DANA, "2", "I need to reschedule my appointment")
        await answer(box, "appts wed")
        await answer(box, "MOVE 10")
        await says(box, "friday afternoon")
        assert (await answer(box, "MOVE 10 2")).startswith(
            "Not done: it has changed meanwhile. 10 is Fri Mar 6 12-5 PM. "
        )
        assert await books(box) == [("2026-03-06", "north", 1, "confirmed")]


async def test_a_number_of_the_callers_old_offer_does_not_undo_what_we_have_moved(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(office()), read=reader()) as box:
        await says(box, DANA, "2", "I need to reschedule my appointment")
        await answer(box, "appts wed")
        await answer(box, "MOVE 10 FRI 8")
        await says(box, "2")
        assert await books(box) == [("2026-03-06", "north", 1, "confirmed")]
        assert await task(box) != [] or any("Fri Mar 6 8 AM-12 PM" in body for body in box.texts_to()[-1:])


async def test_a_pause_and_a_storm_hold_no_word_back_that_a_person_has_decided(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        await known_by(box)
        await box.happens(Switched(box.clock.now(), "pause", "for a while", "page:ann"))
        await box.happens(Switched(box.clock.now(), "storm", "on", "page:ann"))
        assert "They are told by text." in await answer(box, "MOVE 10 FRI 8")
        assert box.texts_to()[-1] == NOW_AT.format("Fri Mar 6 8 AM-12 PM")


# ---- power


@pytest.mark.parametrize(
    ("command", "state", "told"),
    [
        ("CONFIRM 10", ("2026-03-04", "confirmed"), "Booked: "),
        ("MOVE 10 FRI 8", ("2026-03-06", "confirmed"), "Miller Heating & Air: your appointment is now "),
        ("CALLOFF 10", ("2026-03-04", "cancelled"), "Cancelled: "),
    ],
)
async def test_the_power_fails_at_every_point_and_it_is_done_once(
    tmp_path: Path, command: str, state: tuple[str, str], told: str
) -> None:
    before = [hears(DANA, CALLER), passes(60), hears("2", CALLER), passes(60), hears("leads"), passes(60)]
    lives = await at_every_point(tmp_path, before, [hears(command), passes(60)], shop())
    for life in lives:
        _done_once(life, state, told)


def _done_once(life: Life, state: tuple[str, str], told: str) -> None:
    assert life.rows("SELECT day, state FROM appointments") == [state], life.path.name
    assert sum(body.startswith(told) for body in life.texts(CALLER)) <= 1, life.path.name
    ((sent, said),) = life.rows(
        "SELECT count(*), max(state) FROM texts WHERE key LIKE '%:ruled:%' AND purpose = 'confirmation'"
    )
    assert (sent, said in ("accepted", "unconfirmed")) == (1, True), life.path.name
    answered = [body for body in life.texts(OWNER) if "They are told by text." in body]
    ((doubts,),) = life.rows("SELECT sum(doubts) FROM texts")
    assert len(answered) == 1 or (doubts and len(answered) == 2), (life.path.name, life.texts(OWNER))
