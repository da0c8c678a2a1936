"""STOP at every moment of a text's life, and nobody who asked for silence hears from us again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.core.events import CallSource, ContactSet, SegmentReceived, TaskClosed
from gateway.ports.devices import OutgoingSegment
from tests.gateway.box import ACCEPTED, BUSINESS, BUSY, NOT_TAKEN, THREE_PARTS, Box, living, reader
from tests.gateway.office import CALLER, OWNER

PURPOSES = "SELECT purpose, state FROM texts ORDER BY id"
CANADIAN = "+14165550137"


def stops_while_sending(box: Box, number: int = 1) -> None:
    """STOP is committed while the modem has a segment of the opener in hand."""
    done: list[bool] = []

    async def meanwhile(segment: OutgoingSegment) -> None:
        if segment.number == number and not done:
            done.append(True)
            await box.dispatcher.submit(SegmentReceived("stop", box.clock.now(), segment.to, "STOP"))

    box.modem.meanwhile = meanwhile


async def test_stop_between_queued_and_sending_takes_the_opener_back(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.wait(5)
        await box.hears("Stop!")
        await box.wait(3600)
        assert await box.rows(PURPOSES) == [("opener", "cancelled"), ("opt_out_confirmation", "accepted")]
        assert await box.rows("SELECT state, no_text FROM calls") == [("not_texted", "opted_out")]


async def test_stop_while_the_opener_is_leaving_does_not_lose_the_calls_outcome(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        stops_while_sending(box)
        await box.misses()
        await box.wait(3600)
        assert await box.rows(PURPOSES) == [("opener", "accepted"), ("opt_out_confirmation", "accepted")]
        assert await box.rows("SELECT state, no_text FROM calls") == [("texted", "")]


@pytest.mark.parametrize("answer", [NOT_TAKEN, BUSY])
async def test_an_opener_that_comes_back_from_the_modem_does_not_leave_after_stop(
    tmp_path: Path, answer: object
) -> None:
    async with living(tmp_path / "box") as box:
        stops_while_sending(box)
        box.modem.answers.append(answer)  # type: ignore[arg-type]
        await box.misses()
        await box.wait(3600)
        assert await box.rows(PURPOSES) == [("opener", "cancelled"), ("opt_out_confirmation", "accepted")]
        assert await box.rows("SELECT state, no_text FROM calls") == [("not_texted", "opted_out")]


async def test_stop_between_two_parts_stops_the_rest(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE_PARTS) as box:
        stops_while_sending(box)
        await box.misses()
        await box.wait(3600)
        assert [s.number for s in box.modem.air if "word" in s.body] == [1]
        assert await box.rows(PURPOSES) == [("opener", "unconfirmed"), ("opt_out_confirmation", "accepted")]
        assert await box.rows("SELECT kind FROM tasks") == [("unsure_text",)]


async def test_stop_while_the_second_part_waits_to_be_tried_again_stops_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE_PARTS) as box:
        box.modem.answers.extend([ACCEPTED, BUSY])
        await box.misses()
        await box.wait(16)
        await box.hears("STOP")
        await box.wait(3600)
        assert [s.number for s in box.modem.air if "word" in s.body] == [1]
        assert await box.rows("SELECT state FROM calls") == [("unsure",)]


async def test_two_quick_stops_are_confirmed_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.ready = False
        await box.hears("STOP")
        await box.hears("stop")
        box.modem.ready = True
        await box.wait(60)
        assert len(box.texts_to()) == 1


async def test_an_answer_that_waits_for_the_modem_is_taken_back_by_stop(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.answers.append(BUSY)
        await box.hears("HELP")
        await box.hears("STOP")
        await box.wait(300)
        assert await box.rows(PURPOSES) == [("help", "cancelled"), ("opt_out_confirmation", "accepted")]


async def test_start_takes_back_a_confirmation_that_has_not_left(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.ready = False
        await box.hears("STOP")
        await box.hears("START")
        box.modem.ready = True
        await box.wait(60)
        assert await box.rows(PURPOSES) == [("opt_out_confirmation", "cancelled"), ("answer", "accepted")]
        await box.misses()
        await box.wait(60)
        assert len(box.texts_to()) == 2


async def test_a_text_that_was_queued_before_the_office_noted_the_opt_out_does_not_leave(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.ready = False
        await box.hears("HELP")
        await box.happens(ContactSet(box.clock.now(), CALLER, "opted_out", basis="said so on the phone"))
        box.modem.ready = True
        await box.wait(60)
        assert box.texts_to() == []


async def test_stop_in_two_parts_is_obeyed_when_it_is_whole(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        await box.hears("OP", ref=9, total=2, number=2)
        await box.hears("ST", ref=9, total=2, number=1)
        await box.wait(60)
        assert await box.rows(PURPOSES) == [("opener", "cancelled"), ("opt_out_confirmation", "accepted")]


async def test_a_customer_from_a_country_that_may_be_texted_can_opt_out(tmp_path: Path) -> None:
    policy = replace(BUSINESS.policy, allowed_countries=frozenset({"US", "CA"}))
    async with living(tmp_path / "box", replace(BUSINESS, policy=policy)) as box:
        await box.misses(CANADIAN)
        await box.wait(60)
        assert len(box.texts_to(CANADIAN)) == 1
        await box.hears("Stop", CANADIAN)
        await box.wait(13 * 3600)
        await box.misses(CANADIAN)
        await box.wait(60)
        assert len(box.texts_to(CANADIAN)) == 2
        assert await box.rows("SELECT no_text FROM calls WHERE id = 2") == [("opted_out",)]


async def test_stop_from_a_number_that_is_never_texted_is_noted_and_not_answered(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.hears("STOP", CANADIAN)
        await box.hears("STOP", "+18005550137")
        await box.wait(60)
        assert box.modem.air == []
        assert await box.rows("SELECT number FROM contacts WHERE kind = 'opted_out' ORDER BY number") == [
            (CANADIAN,),
            ("+18005550137",),
        ]


@pytest.mark.parametrize("sender", ["+12165550188", "+12165550100", "150", "72345", "MILLER", "+12165550191"])
@pytest.mark.parametrize("body", ["STOP", "HELP", "START", "URGENT help", "hello"])
async def test_nothing_automatic_goes_to_our_own_numbers_and_to_services(
    tmp_path: Path, sender: str, body: str
) -> None:
    async with living(tmp_path / "box") as box:
        await box.hears(body, sender)
        await box.misses(sender, CallSource.MODEM)
        await box.wait(60)
        assert box.modem.air == []
        assert await box.rows("SELECT body FROM letters") == [(body,)]


async def test_an_employee_noted_by_the_office_is_not_answered_by_machine(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.happens(ContactSet(box.clock.now(), CALLER, "staff", basis="the office"))
        await box.hears("HELP")
        await box.wait(60)
        assert box.modem.air == []


@pytest.mark.parametrize("kind", ["blocked", "autoresponder"])
async def test_somebody_the_office_has_blocked_gets_no_automatic_answer(tmp_path: Path, kind: str) -> None:
    async with living(tmp_path / "box") as box:
        await box.happens(ContactSet(box.clock.now(), CALLER, kind, basis="the office"))
        for body in ("HELP", "START", "STOP"):
            await box.hears(body)
        await box.wait(60)
        assert box.modem.air == []


@pytest.mark.parametrize("body", ["HELP", "INFO", "START"])
async def test_a_machine_that_asks_for_help_for_ever_is_answered_three_times(tmp_path: Path, body: str) -> None:
    async with living(tmp_path / "box") as box:
        for _ in range(20):
            await box.hears(body)
            await box.wait(30)
        assert len(box.texts_to()) == 3
        assert await box.rows("SELECT count(*) FROM letters") == [(20,)]


async def test_stop_and_start_for_ever_are_obeyed_but_not_answered_for_ever(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        for _ in range(10):
            await box.hears("STOP")
            await box.wait(30)
            await box.hears("START")
            await box.wait(30)
        await box.hears("STOP")
        await box.misses()
        await box.wait(60)
        assert len(box.texts_to()) <= 6
        assert await box.rows("SELECT no_text FROM calls") == [("opted_out",)]


async def test_a_phone_that_answers_every_text_by_itself_starts_no_ping_pong(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:

        async def answers_by_itself(segment: OutgoingSegment) -> None:
            if segment.to == CALLER and len(box.modem.air) < 50:
                await box.dispatcher.submit(
                    SegmentReceived(box.key(), box.clock.now(), CALLER, "I'm driving - sent by my car. INFO: text STOP")
                )

        box.modem.meanwhile = answers_by_itself
        await box.misses()
        await box.wait(600)
        assert len(box.texts_to()) == 1


async def test_urgent_sent_a_hundred_times_does_not_ring_the_owner_a_hundred_times(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        for n in range(100):
            await box.hears(f"URGENT number {n}")
            await box.wait(5)
        assert 1 <= len(box.texts_to(OWNER)) <= 5
        await box.wait(3600)
        await box.hears("URGENT still")
        await box.wait(5)
        assert "still" in box.texts_to(OWNER)[-1]


@pytest.mark.parametrize("own", [{}, {"open": "hola"}])
async def test_who_was_texted_in_spanish_is_answered_in_spanish_every_time(tmp_path: Path, own: dict[str, str]) -> None:
    words = "{business}: perdimos su llamada. ¿Qué necesita? STOP para salir."
    line = replace(BUSINESS.lines[0], language="es", templates=own)
    business = replace(BUSINESS, lines=(line,), templates={**BUSINESS.templates, "hola": words})
    async with living(tmp_path / "box", business) as box:
        await box.misses()
        await box.wait(30)
        for word in ("HELP", "START", "STOP"):
            await box.hears(word)
            await box.wait(30)
        told = box.texts_to()
        assert len(told) == 4
        assert [
            text for text in told if "no recibirlos" not in text and "salir" not in text and "Para" not in text
        ] == []


# A STOP that the network brings late, and START of somebody for whom nothing is open


@pytest.mark.parametrize("body", ["STOP", "please don't text me anymore"])
@pytest.mark.parametrize(("late_s", "confirmed"), [(0, 1), (240, 1), (301, 0), (5 * 3600, 0)])
async def test_a_stop_that_comes_late_is_obeyed_and_confirmed_within_five_minutes_only(
    tmp_path: Path, body: str, late_s: int, confirmed: int
) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(body, scts=box.clock.now() - timedelta(seconds=late_s))
        await box.wait(60)
        assert await box.rows("SELECT number, kind FROM contacts") == [(CALLER, "opted_out")]
        assert len(box.texts_to()) == confirmed
        notes = [what for (what,) in await box.rows("SELECT what FROM history WHERE subject LIKE 'peer:%'")]
        assert any(what.startswith("not confirmed") for what in notes) is not confirmed


async def test_by_a_clock_that_is_not_believed_no_stop_is_late(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:

        class Doubted:
            sane, since = False, box.clock.now()

            def look(self) -> float:
                return 0.0

            def news(self) -> None:
                return None

        box.dispatcher._watch = Doubted()  # type: ignore[assignment]
        await box.hears("STOP", scts=box.clock.now() - timedelta(days=3))
        await box.wait(60)
        assert len(box.texts_to()) == 1


async def open_steps(box: Box) -> list[str]:
    return [say for (say,) in await box.rows("SELECT say FROM tasks WHERE kind = 'wrote' AND closed_at IS NULL")]


async def test_start_of_somebody_who_never_opted_out_is_a_lead_that_a_person_sees(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("START")
        await box.wait(60)
        assert await open_steps(box) == ["answer: wants our texts and has not said what for"]
        assert await box.rows("SELECT count(*) FROM letters WHERE lead_id IS NOT NULL") == [(1,)]
        await box.hears("my furnace makes a grinding noise")
        await box.wait(60)
        assert len(await box.rows("SELECT id FROM leads")) == 1
        assert len(box.texts_to()) == 2  # that texts are on, and the first question


async def test_start_long_after_stop_is_a_lead_of_today(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("my furnace makes a grinding noise")
        await box.hears("STOP")
        await box.wait(30 * 86400)
        await box.hears("unstop")
        await box.wait(60)
        first, second = await box.rows("SELECT stage, wrote_at FROM leads ORDER BY id")
        assert first[0] == "talking"
        assert second[1] / 1000 > box.clock.now().timestamp() - 120
        assert (await open_steps(box))[-1] == "answer: wants our texts and has not said what for"


async def test_start_opens_again_what_the_office_had_settled(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("START")
        ((task,),) = await box.rows("SELECT id FROM tasks WHERE closed_at IS NULL")
        await box.happens(TaskClosed(box.clock.now(), task, "ann"))
        assert await open_steps(box) == []
        await box.hears("START")
        assert len(await open_steps(box)) == 1


async def test_start_in_the_middle_of_a_conversation_changes_nothing_but_the_thread(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("my furnace makes a grinding noise")
        await box.wait(60)
        before = await open_steps(box)
        await box.hears("START")
        await box.wait(60)
        assert await open_steps(box) == before
        assert await box.rows("SELECT count(*) FROM letters WHERE lead_id = 1") == [(2,)]


@pytest.mark.parametrize("body", ["who is this", "Who's this??", "quien es usted?", "is this a robot"])
async def test_who_asks_twice_who_we_are_is_no_machine(tmp_path: Path, body: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.misses()
        await box.wait(60)
        for _ in range(3):
            await box.hears(body)
            await box.wait(120)
        assert await box.rows("SELECT kind FROM contacts") == []
        await box.hears("my furnace makes a grinding noise")
        await box.wait(60)
        assert len(box.texts_to()) == 3  # the opener, who we are, and the first question


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("ALTO", "no le enviaremos mas textos"),
        ("ya no me manden mensajes por favor", "no le enviaremos mas textos"),
        ("Ayuda", "este numero contesta llamadas perdidas"),
        ("STOP", "you will get no more texts"),
        ("HELP", "this number answers missed calls"),
    ],
)
async def test_stop_and_help_are_answered_in_the_language_they_are_written_in(
    tmp_path: Path, body: str, answer: str
) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.misses()
        await box.wait(30)
        await box.hears(body)
        await box.wait(30)
        assert answer in box.texts_to()[-1]


async def test_a_business_that_answers_in_english_only_confirms_alto_in_english(tmp_path: Path) -> None:
    english = replace(BUSINESS, conversation=replace(BUSINESS.conversation, languages=("en",)))
    async with living(tmp_path / "box", english, read=reader()) as box:
        await box.hears("ALTO")
        await box.wait(30)
        assert "you will get no more texts" in box.texts_to()[-1]
