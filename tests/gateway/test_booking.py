"""Appointments by text: real windows are offered, one is chosen, and it is booked or requested as the books have it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.core.booking.rules import Crew
from gateway.core.business import Business, Storm
from gateway.core.conversation.authority import Authority
from gateway.core.effects import Declined
from gateway.core.events import AppointmentRuled, AppointmentWritten, LeadEnded, Ruling, Switched, TakenOver
from tests.gateway.booking_office import NORTH, TUNE_UP, office
from tests.gateway.box import START, Box, living, reader
from tests.gateway.calls_back import says
from tests.gateway.office import CALLER

DANA = "I need a furnace tune up in 44107. Dana Reyes, 1423 Clifton Blvd"
ZONE = ZoneInfo("America/New_York")
OTHER, THIRD = "+12165550141", "+12165550142"
OFFER = (
    "Open for Tune-up or maintenance plan: 1 Tue Mar 3 8 AM-12 PM, 2 Wed Mar 4 12-5 PM, 3 Fri Mar 6 8 AM-12 PM."
    " Which suits? Reply with a number, or another time."
)
BOOKED = "Booked: Tune-up or maintenance plan, 1423 Clifton Blvd, {}. To change it text here or call (216) 555-0100."


async def books(box: Box) -> list[tuple[str, str, int, str]]:
    """Day, crew, place and state of every appointment, in the order in which they were made."""
    return [tuple(row) for row in await box.rows("SELECT day, crew, place, state FROM appointments ORDER BY id")]


async def task(box: Box) -> list[str]:
    return [say for (say,) in await box.rows("SELECT say FROM tasks WHERE kind = 'wrote' AND closed_at IS NULL")]


async def test_a_window_chosen_by_its_number_is_booked_and_the_office_has_nothing_left_to_do(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        assert await says(box, DANA) == [OFFER]
        assert await books(box) == []
        assert await says(box, "2") == [BOOKED.format("Wed Mar 4 12-5 PM")]
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        assert await task(box) == []


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("the first one please", "Tue Mar 3 8 AM-12 PM"),
        ("wednesday works", "Wed Mar 4 12-5 PM"),
        ("friday morning", "Fri Mar 6 8 AM-12 PM"),
        ("thursday afternoon", "Thu Mar 5 12-5 PM"),
        ("can you do thursday at 3", "Thu Mar 5 12-5 PM"),
        ("march 10 in the morning", "Tue Mar 10 8 AM-12 PM"),
        ("monday the 9th, afternoon", "Mon Mar 9 12-5 PM"),
        ("3/12 at 9am", "Thu Mar 12 8 AM-12 PM"),
    ],
)
async def test_a_window_is_chosen_in_the_callers_own_words_also_one_that_was_not_offered(
    tmp_path: Path, words: str, window: str
) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        assert await says(box, DANA, words) == [OFFER, BOOKED.format(window)]


async def test_what_the_caller_has_wished_for_is_offered_first(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        (offer,) = await says(box, f"{DANA}. Thursday afternoon would be great")
        assert "1 Thu Mar 5 12-5 PM, 2 " in offer


async def test_a_chosen_window_is_kept_while_the_box_asks_what_is_missing(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        assert await says(box, "I need a furnace tune up in 44107", "2") == [
            OFFER,
            "Wed Mar 4 12-5 PM is held for you for 30 min. What name should we put this under?",
        ]
        assert await books(box) == [("2026-03-04", "north", 1, "held")]
        assert await task(box) == ["waits for an answer (name); Wed Mar 4, 12-5 PM is kept for them meanwhile"]
        (offer,) = await says(box, DANA, caller=OTHER)
        assert "Wed Mar 4" not in offer or "8 AM-12 PM" in offer
        assert await says(box, "Dana Reyes", "1423 Clifton Blvd") == [
            "Thank you. What is the street address?",
            BOOKED.format("Wed Mar 4 12-5 PM"),
        ]
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]


async def test_a_window_that_was_kept_in_vain_is_free_again_and_still_his_if_nobody_took_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107. Dana Reyes", "2")
        await box.wait(1800)
        assert await books(box) == [("2026-03-04", "north", 1, "expired")]
        assert await says(box, "1423 Clifton Blvd") == [BOOKED.format("Wed Mar 4 12-5 PM")]
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]


async def test_who_answers_too_late_is_told_that_somebody_else_has_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107. Dana Reyes", "2")
        await box.wait(1800)
        assert await says(box, f"{DANA}. Wednesday afternoon", "1", caller=OTHER) == [
            OFFER.replace(
                "1 Tue Mar 3 8 AM-12 PM, 2 Wed Mar 4 12-5 PM, 3 Fri",
                "1 Wed Mar 4 12-5 PM, 2 Tue Mar 3 8 AM-12 PM, 3 Fri",
            ),
            BOOKED.format("Wed Mar 4 12-5 PM"),
        ]
        (gone,) = await says(box, "1423 Clifton Blvd")
        assert gone.startswith("That one has just been taken, sorry. Open: 1 Tue Mar 3 8 AM-12 PM, 2 ")
        assert await says(box, "1") == [BOOKED.format("Tue Mar 3 8 AM-12 PM")]
        assert [row[3] for row in await books(box)] == ["confirmed", "confirmed"]


async def test_two_callers_who_choose_the_same_window_do_not_both_get_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        assert await says(box, DANA) == await says(box, DANA, caller=OTHER) == [OFFER]
        await box.hears("2")
        await box.hears("2", OTHER)
        await box.wait(60)
        assert box.texts_to(CALLER)[-1] == BOOKED.format("Wed Mar 4 12-5 PM")
        assert box.texts_to(OTHER)[-1].startswith("That one has just been taken, sorry. Open: 1 Tue Mar 3 8 AM-12 PM, ")
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]


async def test_a_crew_with_two_places_takes_two(tmp_path: Path) -> None:
    two = office(TUNE_UP, Crew("north", "North", places=2))
    async with living(tmp_path / "box", two, read=reader()) as box:
        for caller in (CALLER, OTHER):
            assert await says(box, DANA, "2", caller=caller) == [OFFER, BOOKED.format("Wed Mar 4 12-5 PM")]
        (offer,) = await says(box, DANA, caller=THIRD)
        assert "Wed Mar 4 12-5 PM" not in offer
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed"), ("2026-03-04", "north", 2, "confirmed")]


@pytest.mark.parametrize(
    "business", [office(book=Authority.REQUEST), office(replace(TUNE_UP, confirms=False))], ids=["authority", "kind"]
)
async def test_where_the_box_may_only_request_nobody_is_told_that_it_is_booked(tmp_path: Path, business) -> None:  # type: ignore[no-untyped-def]
    async with living(tmp_path / "box", business, read=reader()) as box:
        assert await says(box, DANA, "2", "so it is booked?") == [
            OFFER,
            "Requested, not booked yet: Tune-up or maintenance plan, 1423 Clifton Blvd, Wed Mar 4 12-5 PM."
            " The office still has to confirm it.",
            "That is not confirmed yet: your request is on the office's list, and a person has to confirm it.",
        ]
        assert await books(box) == [("2026-03-04", "north", 1, "requested")]
        assert await task(box) == ["confirm the appointment or offer another: Wed Mar 4, 12-5 PM"]


async def test_what_was_requested_for_want_of_a_fact_is_booked_when_it_comes(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107", "2")
        requested, booked = await says(box, "1423 Clifton Blvd", "Dana Reyes")
        assert requested.startswith("Requested, not booked yet: ")
        assert booked == BOOKED.format("Wed Mar 4 12-5 PM")


async def test_who_wants_none_of_them_is_asked_once_and_offered_what_is_free_then(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        assert await says(box, DANA, "neither works", "next thursday morning?", "yes that works") == [
            OFFER,
            "Thank you. What day or time of day would suit you?",
            "Thu Mar 12 8 AM-12 PM is open. Does that suit? Reply YES, or another time.",
            BOOKED.format("Thu Mar 12 8 AM-12 PM"),
        ]


async def test_a_wish_that_no_window_meets_is_requested_as_it_was_worded(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        assert await says(box, DANA, "saturday night?") == [
            OFFER,
            "Thank you. Requested: Tune-up or maintenance plan, 44107, saturday night. The office still has to confirm it.",
        ]
        assert await books(box) == []


async def test_in_spanish(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        assert await says(
            box,
            "quiero mantenimiento para mi calefaccion en 44107. Ana Ruiz, 1423 Clifton Blvd",
            "el jueves por la tarde",
        ) == [
            "Libre para Mantenimiento: 1 martes 3 mar 8 AM-12 PM, 2 miércoles 4 mar 12-5 PM, 3 viernes 6 mar 8 AM-12 PM."
            " ¿Cual? Conteste con el numero, u otra hora.",
            "Reservado: Mantenimiento, 1423 Clifton Blvd, jueves 5 mar 12-5 PM. Para cambiarlo escriba aqui o llame al"
            " (216) 555-0100.",
        ]


async def test_in_a_storm_nothing_is_offered_and_the_wish_is_asked_for(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await box.happens(Switched(box.clock.now(), "storm", True, "page:ann"))
        assert await says(box, DANA) == ["Thank you. What day or time of day would suit you?"]


async def test_no_window_is_offered_in_a_planned_storm_or_on_a_day_off(tmp_path: Path) -> None:
    storms = (Storm(START, datetime(2026, 3, 5, 5, tzinfo=START.tzinfo)),)
    async with living(tmp_path / "box", replace(office(), storms=storms), read=reader()) as box:
        (offer,) = await says(box, DANA)
        assert offer.startswith("Open for Tune-up or maintenance plan: 1 Thu Mar 5 8 AM-12 PM, 2 Fri Mar 6 12-5 PM, 3 ")


async def test_who_wants_no_texts_any_more_keeps_no_window_from_others(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107", "2")
        await says(box, "STOP")
        assert await books(box) == [("2026-03-04", "north", 1, "expired")]


async def test_an_emergency_comes_before_an_appointment_and_leaves_it_alone(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2", "now I smell gas in the house")
        assert "911" in box.texts_to(CALLER)[2]
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        assert (await task(box))[0].startswith("emergency")


async def test_a_confirmation_that_has_not_left_is_the_offices_to_give(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA)
        box.modem.ready = False
        await box.hears("2")
        await box.wait(timedelta(hours=1).total_seconds())
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        assert await task(box) == ["tell them of their appointment, our text has not left: Wed Mar 4, 12-5 PM"]


async def test_a_kind_of_its_own_zip_codes_is_offered_at_these_alone(tmp_path: Path) -> None:
    near = office(replace(TUNE_UP, zips=frozenset({"44116"})), NORTH)
    async with living(tmp_path / "box", near, read=reader()) as box:
        assert await says(box, DANA) == ["Thank you. What day or time of day would suit you?"]


# ---- what a person decides


async def test_a_person_confirms_and_the_caller_is_told(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(book=Authority.REQUEST), read=reader()) as box:
        await says(box, DANA, "2")
        await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.CONFIRM, "page:Ann"))
        assert box.texts_to()[-1] == BOOKED.format("Wed Mar 4 12-5 PM")
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        assert await task(box) == []
        again = await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.CONFIRM, "page:Bob"))
        assert again == [Declined("there is no appointment here that waits to be confirmed")]


async def test_a_person_offers_other_times_and_the_box_goes_on_with_the_answer(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2")
        await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.OTHERS, "page:Ann"))
        others = box.texts_to()[-1]
        assert others == (
            "Wed Mar 4 12-5 PM cannot be, sorry. Open: 1 Tue Mar 3 8 AM-12 PM, 2 Thu Mar 5 8 AM-12 PM, 3 Fri Mar 6 12-5 PM."
            " Which suits? Reply with a number."
        )
        assert await books(box) == [("2026-03-04", "north", 1, "cancelled")]
        assert await says(box, "3") == [BOOKED.format("Fri Mar 6 12-5 PM")]
        assert await books(box) == [("2026-03-06", "north", 1, "confirmed")]


async def test_a_person_cancels_and_the_window_is_free_for_others(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2")
        await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.CANCEL, "page:Ann"))
        assert box.texts_to()[-1] == (
            "Cancelled: Tune-up or maintenance plan, Wed Mar 4 12-5 PM. That appointment is not booked any more."
            " Office: (216) 555-0100."
        )
        assert await task(box) == [
            "the appointment Wed Mar 4, 12-5 PM is cancelled: agree on another, or close the lead"
        ]
        assert await says(box, DANA, "2", caller=OTHER) == [OFFER, BOOKED.format("Wed Mar 4 12-5 PM")]


async def test_who_wants_no_texts_gets_none_and_the_office_is_to_call(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(book=Authority.REQUEST), read=reader()) as box:
        await says(box, DANA, "2", "STOP")
        before = len(box.texts_to())
        await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.CONFIRM, "page:Ann"))
        assert len(box.texts_to()) == before
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        assert await task(box) == ["tell them of their appointment, our text has not left: Wed Mar 4, 12-5 PM"]


# ---- changed by the caller


async def test_a_caller_moves_the_appointment_and_the_old_window_stays_until_he_has_chosen(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2")
        (offer,) = await says(box, "sorry, I need to reschedule my appointment")
        assert offer == (
            "Wed Mar 4 12-5 PM stays until you choose. Open: 1 Tue Mar 3 8 AM-12 PM, 2 Wed Mar 4 12-5 PM, 3 Fri Mar 6 8 AM-12 PM."
            " Which suits? Reply with a number."
        ).replace("2 Wed Mar 4 12-5 PM, 3 Fri Mar 6 8 AM-12 PM", "2 Thu Mar 5 8 AM-12 PM, 3 Fri Mar 6 12-5 PM")
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        assert await says(box, "3") == [BOOKED.format("Fri Mar 6 12-5 PM")]
        assert await books(box) == [("2026-03-06", "north", 1, "confirmed")]
        assert await task(box) == []


async def test_a_caller_moves_it_days_later_in_his_own_words(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "march 12 in the morning")
        await box.wait(5 * 24 * 3600)
        offer, booked = await says(box, "can we move my appointment to friday the 13th afternoon?", "1")
        assert offer.startswith("Thu Mar 12 8 AM-12 PM stays until you choose. Open: 1 Fri Mar 13 12-5 PM, ")
        assert booked == BOOKED.format("Fri Mar 13 12-5 PM")
        assert await books(box) == [("2026-03-13", "north", 1, "confirmed")]


async def test_a_caller_who_wants_to_cancel_is_asked_back_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2")
        assert await says(box, "please cancel my appointment") == [
            "Cancel Wed Mar 4 12-5 PM? Reply YES to cancel it. Until then it stays."
        ]
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        assert await says(box, "yes") == [
            "Cancelled as you asked: Wed Mar 4 12-5 PM. Nothing is booked for you then. Office: (216) 555-0100."
        ]
        assert await books(box) == [("2026-03-04", "north", 1, "cancelled")]
        assert await task(box) == [
            "the appointment Wed Mar 4, 12-5 PM is cancelled: agree on another, or close the lead"
        ]


async def test_who_does_not_say_yes_keeps_his_appointment(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2")
        _, stands = await says(box, "please cancel my appointment", "no, keep it")
        assert stands == "Your appointment: Wed Mar 4 12-5 PM, 1423 Clifton Blvd."
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]


async def test_who_moves_it_into_a_window_that_somebody_takes_meanwhile_keeps_the_old_one(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2", "I need to reschedule my appointment")
        await says(box, f"{DANA}. Tuesday morning", "1", caller=OTHER)
        (gone,) = await says(box, "1")
        assert gone.startswith("That one has just been taken, sorry. Open: 1 ")
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed"), ("2026-03-03", "north", 1, "confirmed")]


# ---- reminded

REMINDER = (
    "Miller Heating & Air: Tune-up or maintenance plan, Thu Mar 12 8 AM-12 PM. Reply C to confirm, R to change it, or call"
    " (216) 555-0100."
)
DAY = 24 * 3600


async def test_a_caller_is_reminded_once_the_day_before_at_ten(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "march 12 in the morning")
        await box.wait(8 * DAY)
        assert REMINDER not in box.texts_to()
        await box.wait(3 * DAY)
        assert box.texts_to().count(REMINDER) == 1
        ((at,),) = await box.rows("SELECT created_at FROM texts WHERE purpose = 'reminder'")
        assert datetime.fromtimestamp(at / 1000, ZONE) == datetime(2026, 3, 11, 10, tzinfo=ZONE)


async def test_the_answer_to_a_reminder_confirms_or_offers_others(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "march 12 in the morning")
        await box.wait(9 * DAY)
        assert box.texts_to()[-1] == REMINDER
        assert await says(box, "C") == ["Your appointment: Thu Mar 12 8 AM-12 PM, 1423 Clifton Blvd."]
        (offer,) = await says(box, "R")
        assert offer.startswith("Thu Mar 12 8 AM-12 PM stays until you choose. Open: 1 ")


@pytest.mark.parametrize("what", ["cancelled", "opted out", "taken over", "booked for tomorrow", "off all day"])
async def test_nobody_is_reminded_in_vain(tmp_path: Path, what: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "tuesday morning" if what == "booked for tomorrow" else "march 12 in the morning")
        if what == "cancelled":
            await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.CANCEL, "page:Ann"))
        elif what == "opted out":
            await says(box, "STOP")
        elif what == "off all day":
            box.clock.moment += timedelta(days=9, hours=9)
        if what == "taken over":
            await box.wait(8 * DAY)
            await box.happens(TakenOver(box.clock.now(), CALLER, "page:Ann"))
        await box.wait(3 * DAY)
        assert await box.rows("SELECT count(*) FROM texts WHERE purpose = 'reminder'") == [(0,)]


async def test_who_moves_it_is_reminded_of_the_new_day_alone(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(
            box, DANA, "march 12 in the morning", "I need to reschedule my appointment", "friday the 13th afternoon"
        )
        await box.wait(12 * DAY)
        reminders = [body for body in box.texts_to() if body.startswith("Miller Heating & Air: Tune-up")]
        assert reminders == [REMINDER.replace("Thu Mar 12 8 AM-12 PM", "Fri Mar 13 12-5 PM")]


# ---- what a caller writes while an appointment stands


@pytest.mark.parametrize(
    "words",
    [
        "can we do thursday instead?",
        "I won't be able to make it",
        "how much is it?",
        "my address is 1500 Clifton actually",
    ],
)
async def test_nothing_that_is_written_about_a_booked_appointment_is_lost_or_called_requested(
    tmp_path: Path, words: str
) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2")
        answers = await says(box, words)
        assert not [body for body in answers if "equested" in body or "has to confirm" in body], answers
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        offered = any("stays until you choose" in body or "Reply YES" in body for body in answers)
        assert offered or await task(box) != []


async def test_who_needs_it_no_more_leaves_the_office_the_appointment_to_cancel(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2", "never mind, we found someone else")
        (step,) = await task(box)
        assert "appointment" in step


async def test_a_booking_whose_text_did_not_leave_is_said_as_it_stands(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA)
        box.modem.ready = False
        await box.hears("2")
        await box.wait(3600)
        box.modem.ready = True
        assert await says(box, "did you get that?") == [BOOKED.format("Wed Mar 4 12-5 PM")]


async def test_the_window_that_the_office_has_refused_is_not_booked_again(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2")
        await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.OTHERS, "page:Ann"))
        await says(box, "wednesday afternoon works best for me")
        assert ("2026-03-04", "north", 1, "confirmed") not in await books(box)


async def test_nothing_is_booked_that_has_passed(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107", "1", "1423 Clifton Blvd")
        await box.wait(2 * 24 * 3600)
        assert not [body for body in await says(box, "Dana Reyes") if body.startswith("Booked")]
        assert await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.CONFIRM, "page:Ann")) == [
            Declined("there is no appointment here that waits to be confirmed")
        ]


async def test_a_lead_that_a_person_has_closed_keeps_no_place(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(book=Authority.REQUEST), read=reader()) as box:
        await says(box, DANA, "2")
        await box.happens(LeadEnded(box.clock.now(), 1, "lost", "page:Ann"))
        assert [state for *_, state in await books(box)] == ["cancelled"]
        await box.wait(3600)
        assert await task(box) == []


async def test_per_day_counts_what_was_done_today(tmp_path: Path) -> None:
    one = office(replace(TUNE_UP, per_day=1, notice=timedelta(0)))
    async with living(tmp_path / "box", one, read=reader()) as box:
        await says(box, DANA, "tuesday morning")
        box.clock.moment += timedelta(days=1, minutes=30)
        (offer,) = await says(box, DANA, caller=OTHER)
        assert "Tue Mar 3" not in offer


async def test_what_a_person_has_decided_is_said_whatever_the_caller_writes_meanwhile(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2")
        box.modem.ready = False
        await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.CANCEL, "page:Ann"))
        await box.hears("see you wednesday")
        box.modem.ready = True
        await box.wait(120)
        assert any(body.startswith("Cancelled: ") for body in box.texts_to())


# ---- who thinks again before it is booked


NO_ADDRESS = "I need a furnace tune up in 44107. Dana Reyes"
HELD = "{} is held for you for 30 min. What is the street address?"


@pytest.mark.parametrize(
    ("words", "answer", "now"),
    [
        ("actually can you do thursday afternoon instead", HELD.format("Thu Mar 5 12-5 PM"), "held"),
        ("1423 Clifton Blvd but friday morning would be better", BOOKED.format("Fri Mar 6 8 AM-12 PM"), "confirmed"),
        ("sorry wrong day, friday", "Open: 1 Fri Mar 6 8 AM-12 PM, 2 Fri Mar 6 12-5 PM. Which suits? Reply with a number.", "cancelled"),
        ("can we make it sunday at 9 pm?", "Nothing is open then. Open: 1 Tue Mar 3 8 AM-12 PM,", "cancelled"),
        ("none of those work sorry", "Open: 1 Tue Mar 3 8 AM-12 PM, 2 Thu Mar 5 8 AM-12 PM,", "cancelled"),
        ("i cant do wednesday", "Open: 1 Tue Mar 3 8 AM-12 PM, 2 Thu Mar 5 8 AM-12 PM,", "cancelled"),
        ("el miercoles no puedo", "Libre: 1 martes 3 mar 8 AM-12 PM, 2 jueves 5 mar 8 AM-12 PM,", "cancelled"),
        ("cancel that", "Cancelled as you asked: Wed Mar 4 12-5 PM.", "cancelled"),
        ("wednesday afternoon is fine, 1423 Clifton Blvd", BOOKED.format("Wed Mar 4 12-5 PM"), "confirmed"),
    ],
)  # fmt: skip
async def test_a_window_that_he_does_not_want_any_more_is_not_booked(
    tmp_path: Path, words: str, answer: str, now: str
) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        assert (await says(box, NO_ADDRESS, "2"))[-1] == HELD.format("Wed Mar 4 12-5 PM")
        (said,) = await says(box, words)
        assert said.startswith(answer)
        assert [state for *_, state in await books(box)] == [now]


async def test_a_window_that_was_refused_is_free_for_others_at_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, NO_ADDRESS, "2", "none of those work sorry")
        assert (await says(box, DANA, "2", caller=OTHER))[-1] == BOOKED.format("Wed Mar 4 12-5 PM")
        await says(box, "1", "1423 Clifton Blvd")
        assert await books(box) == [
            ("2026-03-03", "north", 1, "confirmed"),
            ("2026-03-04", "north", 1, "confirmed"),
        ]


async def test_a_window_that_begins_too_soon_by_now_is_not_said_to_be_taken(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA)
        await box.wait(20 * 3600)
        (said,) = await says(box, "1")
        assert said.startswith("That one begins too soon by now, sorry. Open: 1 Tue Mar 3 12-5 PM,")
        assert await books(box) == []


async def test_what_was_chosen_just_as_a_storm_began_is_passed_on_as_a_wish(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA)
        await box.happens(Switched(box.clock.now(), "storm", True, "page:Ann"))
        await says(box, "2")
        ((timeline,),) = await box.rows("SELECT timeline FROM leads")
        assert timeline == "Wed Mar 4, 12-5 PM"
        assert await books(box) == []


async def test_an_address_elsewhere_makes_a_booking_a_request(tmp_path: Path) -> None:
    near = office(replace(TUNE_UP, zips=frozenset({"44107"})), NORTH)
    async with living(tmp_path / "box", near, read=reader()) as box:
        await says(box, NO_ADDRESS, "2")
        (said,) = await says(box, "it is at 88 Lake Rd, 44116")
        assert said.startswith("Requested, not booked yet:")
        assert await books(box) == [("2026-03-04", "north", 1, "requested")]


# ---- a booking page of the business's own


def linked(link: str = "miller-heating.example/book") -> Business:
    business = office()
    rules = replace(
        business.conversation, booking=replace(business.conversation.booking, types=(), link=link), follow_up=True
    )
    return replace(business, conversation=rules)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (
            DANA,
            "Thank you. You can choose a time at miller-heating.example/book, or text here what day or time would suit you.",
        ),
        (
            "necesito mantenimiento de la calefaccion en 44107. Dana Reyes, 1423 Clifton Blvd",
            "Gracias. Puede elegir la hora en miller-heating.example/book, o escribir aqui qué dia u hora le conviene.",
        ),
    ],
)
async def test_who_is_asked_for_a_time_hears_of_the_page_and_is_not_reminded(
    tmp_path: Path, words: str, asked: str
) -> None:
    async with living(tmp_path / "box", linked(), read=reader()) as box:
        assert await says(box, words) == [asked]
        await box.wait(3 * 86400)
        assert box.texts_to()[-1] == asked


async def test_who_answers_by_text_all_the_same_is_passed_on(tmp_path: Path) -> None:
    async with living(tmp_path / "box", linked(), read=reader()) as box:
        (done,) = (await says(box, DANA, "thursday afternoon"))[1:]
        assert done.startswith("Thank you. Requested: Tune-up or maintenance plan, 44107, thursday afternoon.")


async def test_what_the_box_books_itself_is_offered_and_no_page_is_named(tmp_path: Path) -> None:
    business = office()
    rules = replace(
        business.conversation, booking=replace(business.conversation.booking, link="miller-heating.example/book")
    )
    async with living(tmp_path / "box", replace(business, conversation=rules), read=reader()) as box:
        assert await says(box, DANA) == [OFFER]
        assert not any("example/book" in text for text in await says(box, "none of those"))


@pytest.mark.parametrize(
    "words",
    ["?", "\U0001f44e", "1", "yes keep it please", "please do not cancel it, i still need the tune up this week"],
)
async def test_nothing_but_a_yes_cancels_an_appointment(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2", "please cancel my appointment", words)
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]


async def test_who_names_another_day_when_asked_whether_to_cancel_is_offered_that_day(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2", "please cancel my appointment")
        (offer,) = await says(box, "actually can you come thursday instead")
        assert offer.startswith("Wed Mar 4 12-5 PM stays until you choose. Open: 1 Thu Mar 5 8 AM-12 PM,")
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]


async def test_a_yes_to_the_reminder_cancels_nothing_that_was_asked_before(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "wednesday afternoon")
        await box.wait((datetime(2026, 3, 3, 9, 30, tzinfo=ZONE) - box.clock.now()).total_seconds())
        await says(box, "please cancel my appointment")
        await box.wait(3600)
        assert box.texts_to()[-1].startswith("Miller Heating & Air: Tune-up or maintenance plan, Wed Mar 4 12-5 PM.")
        await says(box, "yes")
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]


async def test_who_has_thought_better_of_it_may_want_to_cancel_again(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2", "please cancel my appointment", "no, keep it")
        assert await says(box, "sorry, please cancel my appointment") == [
            "Cancel Wed Mar 4 12-5 PM? Reply YES to cancel it. Until then it stays."
        ]


@pytest.mark.parametrize("words", ["C thanks", "Yes confirmed, thank you", "Si, confirmado gracias"])
async def test_an_appointment_is_confirmed_with_good_manners_too(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2")
        (stands,) = await says(box, words)
        assert "Wed Mar 4 12-5 PM, 1423 Clifton Blvd." in stands or "miércoles 4 mar" in stands


async def test_r_please_moves_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        (offer,) = (await says(box, DANA, "2", "R please"))[2:]
        assert offer.startswith("Wed Mar 4 12-5 PM stays until you choose.")


async def test_a_day_for_a_second_place_does_not_move_the_appointment_for_the_first(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "2", "also my rental at 88 Oak St 44102 needs a furnace tune up too")
        assert "stays until you choose" not in str(await says(box, "friday morning would work for that one", "1"))
        assert await books(box) == [("2026-03-04", "north", 1, "confirmed")]
        assert await task(box) != []


async def test_what_a_person_has_made_at_a_time_of_his_own_is_moved_by_a_person(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA)
        friday = datetime(2026, 3, 6, 7, tzinfo=ZONE)
        await box.dispatcher.submit(
            AppointmentWritten(box.clock.now(), 1, friday, friday + timedelta(hours=12), "page:Ann", who="Hank")
        )
        assert (await says(box, "I need to reschedule my appointment"))[-1:] == [
            "Noted for the office. Nothing is changed until a person from the office answers you."
        ]
        assert await task(box) != []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("no llegó nadie a la cita", "Lo que nos escribio esta en la lista de la oficina."),
        ("are you still coming?", "What you texted is on the office's list."),
        (
            "now the rental at 88 Oak St 44102 needs a furnace tune up too",
            "Thank you. That is added to what the office has from you.",
        ),
    ],
)
async def test_of_an_appointment_whose_time_has_come_nothing_is_said_and_a_person_looks(
    tmp_path: Path, words: str, answer: str
) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, DANA, "1")
        await box.wait((datetime(2026, 3, 3, 13, tzinfo=ZONE) - box.clock.now()).total_seconds())
        (said,) = await says(box, words)
        assert said.startswith(answer)
        assert (await task(box))[0].startswith("they have written about their appointment")


async def test_a_window_that_is_kept_goes_to_another_crew_when_its_own_is_taken_out_of_the_rules(
    tmp_path: Path,
) -> None:
    south = Crew("south", "South crew")
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107. Dana Reyes", "2")
        assert await books(box) == [("2026-03-04", "north", 1, "held")]
        box.dispatcher.go_by(office(replace(TUNE_UP, crews=("south",)), south), reader())
        assert await says(box, "1423 Clifton Blvd") == [BOOKED.format("Wed Mar 4 12-5 PM")]
        assert await books(box) == [("2026-03-04", "south", 1, "confirmed")]


async def test_a_window_that_is_kept_is_not_booked_on_what_has_become_a_holiday(tmp_path: Path) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107. Dana Reyes", "2")
        closed = office()
        hours = replace(closed.hours, holidays={**closed.hours.holidays, date(2026, 3, 4): "closed"})
        box.dispatcher.go_by(replace(closed, hours=hours), reader())
        (gone,) = await says(box, "1423 Clifton Blvd")
        assert "Open: 1 Tue Mar 3 8 AM-12 PM" in gone
        assert [state for *_, state in await books(box)] == ["cancelled"]


@pytest.mark.parametrize("words", ["4", "8", "24"])
async def test_a_number_that_is_none_of_those_offered_books_nothing_by_guessing(tmp_path: Path, words: str) -> None:
    async with living(tmp_path / "box", office(), read=reader()) as box:
        _, which = await says(box, DANA, words)
        assert which.startswith("Which of these: 1 Tue Mar 3 8 AM-12 PM, 2 Wed Mar 4 12-5 PM,")
        assert await books(box) == []
