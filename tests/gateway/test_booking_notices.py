"""What our people are told of appointments: each change that a caller makes by text once, at once or in the digest, and the day's list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.business import Business
from gateway.core.conversation.authority import Authority
from gateway.core.escalation.people import Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.events import AppointmentRuled, Ruling
from gateway.core.notify import How, Kind, Notifications
from tests.gateway.booking_office import office
from tests.gateway.box import NO_SUCH_NUMBER, Box, VirtualClock, living, reader
from tests.gateway.calls_back import says
from tests.gateway.office import OWNER
from tests.gateway.test_booking import DANA, OTHER
from tests.gateway.test_power_cut_people import at_every_point, hears, passes

BOB = Person("bob", "Bob", "+12165550142", language="es")


def told(how: Mapping[Kind, How] | None = None, **changes: object) -> Notifications:
    return Notifications(**({"how": {**Notifications().how, **(how or {})}} | changes))  # type: ignore[arg-type]


def shop(rules: Notifications | None = None, book: Authority = Authority.CONFIRM, **changes: object) -> Business:
    business = office(book=book)
    return replace(business, notifications=rules or Notifications(), **changes)  # type: ignore[arg-type]


async def notices(box: Box, to: str = OWNER) -> list[str]:
    found = box.texts_to(to)
    for body in found:
        assert is_gsm7(body), body
        assert segment_count(body) == 1, body
    return found


async def test_who_has_to_confirm_an_appointment_is_told_at_once_with_the_words_to_answer(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(book=Authority.REQUEST), read=reader()) as box:
        await says(box, DANA, "2")
        assert await notices(box) == [
            "Textback: to confirm: Wed Mar 4 12-5 PM, Dana Reyes, 1423 Clifton Blvd, 44107, Tune-up or mainte..., (216) 555-0137."
            " Reply CONFIRM 10, MOVE 10 or CALLOFF 10."
        ]
        await says(box, "thanks", "so it is booked?")
        await box.wait(24 * 3600)
        assert len(await notices(box)) == 1


async def test_what_is_booked_for_a_later_day_is_of_the_digest_and_for_tomorrow_is_told_at_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "2")
        assert await notices(box) == []
        await says(box, f"{DANA}. Tuesday morning", "1", caller=OTHER)
        assert await notices(box) == [
            "Textback: booked: Tue Mar 3 8 AM-12 PM, Dana Reyes, 1423 Clifton Blvd, 44107, Tune-up or maintenance plan, (216)"
            " 555-0141. SHOW 10, MOVE 10 or CALLOFF 10."
        ]


async def test_what_a_caller_moves_or_cancels_is_told_at_once_where_somebody_is_about_to_go_there(
    tmp_path: Path,
) -> None:
    async with living(tmp_path / "box", shop(), read=reader()) as box:
        await says(box, DANA, "tuesday morning")
        await says(box, "I need to reschedule my appointment", "thursday afternoon")
        await says(box, "please cancel my appointment", "yes")
        _, moved = await notices(box)  # the last one is of a later day
        assert moved.startswith(
            "Textback: (216) 555-0137 has moved Tue Mar 3 8 AM-12 PM to Thu Mar 5 12-5 PM: Dana Reyes, "
        )


async def test_a_cancelled_appointment_of_tomorrow_is_told_and_no_new_lead_beside(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(told(dict.fromkeys(Kind, How.INSTANT))), read=reader()) as box:
        await says(box, DANA, "tuesday morning", "please cancel my appointment", "yes")
        _, cancelled = await notices(box)
        assert cancelled == (
            "Textback: (216) 555-0137 has CANCELLED Tue Mar 3 8 AM-12 PM: Dana Reyes, 1423 Clifton Blvd, 44107, Tune-up"
            " or maintenance plan. SHOW 10."
        )
        await box.wait(24 * 3600)
        assert not [body for body in await notices(box) if "new lead" in body]


async def test_who_moves_what_has_to_be_confirmed_brings_one_notice_that_names_both_times(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(book=Authority.REQUEST), read=reader()) as box:
        await says(box, DANA, "2", "I need to reschedule my appointment", "thursday afternoon")
        _, moved = await notices(box)
        assert moved.startswith("Textback: to confirm: moved from Wed Mar 4 12-5 PM to Thu Mar 5 12-5 PM, Dana Reyes, ")
        assert moved.endswith(", (216) 555-0137. CONFIRM 10 or MOVE 10.")


async def test_what_was_requested_and_is_booked_by_a_later_answer_is_told_as_booked(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(told({Kind.APPOINTMENT_BOOKED: How.INSTANT})), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107", "2", "1423 Clifton Blvd", "Dana Reyes")
        requested, booked = await notices(box)
        assert requested.startswith("Textback: to confirm: Wed Mar 4 12-5 PM, ")
        assert booked.startswith("Textback: booked: Wed Mar 4 12-5 PM, Dana Reyes, ")


@pytest.mark.parametrize("ruling", list(Ruling))
async def test_what_our_own_people_decide_is_no_notice(tmp_path: Path, ruling: Ruling) -> None:
    rules = told(dict.fromkeys(Kind, How.INSTANT))
    async with living(tmp_path / "box", shop(rules, Authority.REQUEST), read=reader()) as box:
        await says(box, DANA, "2")
        before = len(await notices(box))
        await box.happens(AppointmentRuled(box.clock.now(), 1, ruling, "page:Ann"))
        await box.wait(3600)
        assert len(await notices(box)) == before


async def test_a_window_that_is_only_kept_while_the_box_asks_is_no_notice(tmp_path: Path) -> None:
    async with living(tmp_path / "box", shop(told(dict.fromkeys(Kind, How.INSTANT))), read=reader()) as box:
        await says(box, "I need a furnace tune up in 44107", "2")
        assert await notices(box) == []


async def test_a_notice_of_the_night_that_is_not_so_any_more_in_the_morning_does_not_leave(tmp_path: Path) -> None:
    clock = VirtualClock(datetime(2026, 3, 3, 4, tzinfo=UTC))  # eleven at night
    async with living(tmp_path / "box", shop(book=Authority.REQUEST), clock=clock, read=reader()) as box:
        await says(box, DANA, "friday morning")
        await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.CONFIRM, "page:Ann"))
        await says(box, DANA, "thursday afternoon", caller=OTHER)
        assert await notices(box) == []
        await box.wait(10 * 3600)
        (notice,) = await notices(box)
        assert notice.startswith("Textback: to confirm: Thu Mar 5 12-5 PM, ")


async def test_each_reads_it_in_his_own_language(tmp_path: Path) -> None:
    ladder = EscalationRules(owner_name="Mike", people=(BOB,))
    rules = told(who=("owner", "bob"))
    async with living(tmp_path / "box", shop(rules, Authority.REQUEST, escalation=ladder), read=reader()) as box:
        await says(box, DANA, "2")
        assert len(await notices(box)) == 1
        (notice,) = await notices(box, BOB.phone)
        assert notice.startswith("Textback: por confirmar: mie 4 mar 12-5 PM, Dana Reyes, ")
        assert notice.endswith(", (216) 555-0137. CONFIRMAR 10, MOVER 10 o ANULAR 10.")


async def test_who_wants_none_of_it_gets_none_and_the_lead_is_told_as_any_other(tmp_path: Path) -> None:
    rules = told({Kind.APPOINTMENT_REQUESTED: How.OFF, Kind.NEW_LEAD: How.INSTANT})
    async with living(tmp_path / "box", shop(rules, Authority.REQUEST), read=reader()) as box:
        await says(box, DANA, "2")
        (notice,) = await notices(box)
        assert notice.startswith("Textback: new lead (216) 555-0137: Dana Reyes")


@pytest.mark.parametrize("at_the_network", [False, True])
async def test_who_was_to_be_told_of_a_decision_and_was_not_is_told_of_at_once(
    tmp_path: Path, at_the_network: bool
) -> None:
    rules = told({Kind.APPOINTMENT_REQUESTED: How.OFF, Kind.NEW_LEAD: How.OFF})
    async with living(tmp_path / "box", shop(rules, Authority.REQUEST), read=reader()) as box:
        await says(box, DANA, "2")
        if not at_the_network:
            box.modem.answers.append(NO_SUCH_NUMBER)
        await box.happens(AppointmentRuled(box.clock.now(), 1, Ruling.CONFIRM, "page:Ann"))
        if at_the_network:
            await box.reported(box.modem.refs[-1], 0x41)
        await box.wait(60)
        (notice,) = await notices(box)
        assert notice.startswith(
            "Textback: (216) 555-0137 does NOT know what was decided about Wed Mar 4 12-5 PM: our text did not arrive ("
        )
        assert notice.endswith("). Please call. SHOW 10.")


# ---- the digest


async def test_the_digest_lists_the_day_and_says_how_many_wait(tmp_path: Path) -> None:
    rules = told({Kind.APPOINTMENT_REQUESTED: How.OFF}, digest_at=time(7, 30))
    async with living(tmp_path / "box", shop(rules), read=reader()) as box:
        await says(box, DANA, "2")
        await says(box, "I need a furnace tune up in 44107", "wednesday morning", "1423 Clifton Blvd", caller=OTHER)
        await box.wait(2 * 86400)
        digests = [body for (body,) in await box.rows("SELECT body FROM texts WHERE purpose = 'digest' ORDER BY id")]
        assert "1 appointment to confirm" in digests[-1]
        assert "Today: 8 AM-12 PM 10(?), 12-5 PM Dana 11." in digests[-1]
        assert "1 appointment booked" in digests[0]


# ---- power


async def test_a_power_cut_at_any_point_loses_no_notice_and_repeats_none(tmp_path: Path) -> None:
    business = shop(told(dict.fromkeys(Kind, How.INSTANT)), Authority.REQUEST)
    story = [hears("2", "+12165550137"), passes(60)]
    before = [hears(DANA, "+12165550137"), passes(60)]
    for life in await at_every_point(tmp_path, before, story, business):
        queued = life.rows("SELECT count(*) FROM texts WHERE template = 'appointment_requested'")
        assert queued == [(1,)], life.path.name
        ((doubts,),) = life.rows("SELECT sum(doubts) FROM texts")
        sent = [body for body in life.texts(OWNER) if body.startswith("Textback: to confirm")]
        assert len(sent) == 1 or (doubts and len(sent) == 2), life.path.name
