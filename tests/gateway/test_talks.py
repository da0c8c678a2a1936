"""Conversations in bad circumstances: outages, faults, a clock that is set, damaged records, bursts of texts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.core.conversation import answering, hazards
from gateway.core.events import ClockJumped, OfficeCalled, Switched, TaskClosed
from gateway.core.understanding.reader import Reading
from gateway.turns import inbound
from gateway.turns.agenda import next_wake
from tests.gateway.box import Box, PortModem, VirtualClock, living, reader
from tests.gateway.office import CALLER, OWNER

OTHER = "+12165550141"
FLOOD = "water is pouring through my kitchen ceiling and I cannot stop it"
JOB = "hi my AC needs a tune up"
TASKS = "SELECT kind, peer FROM tasks WHERE closed_at IS NULL ORDER BY id"


async def steps(box: Box) -> list[str]:
    return [row[0] for row in await box.rows("SELECT next_step FROM leads ORDER BY id")]


# What did not leave was never said


async def test_a_question_that_could_not_leave_is_not_waited_for(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        box.modem.ready = False
        await box.hears(JOB)
        await box.wait(3600)
        box.modem.ready = True
        await box.wait(3 * 86400)
        assert box.texts_to() == []  # no reminder of a question that was never asked
        (step,) = await steps(box)
        assert not step.startswith("waits for")
        assert ("wrote", CALLER) in await box.rows(TASKS)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("I want to talk to a person", "hello?", "you want a person"),
        ("my AC needs a tune up, I am in Toledo 43604", "thanks", "outside the area"),
        ("wrong number, sorry", "thanks", "mix-up"),
    ],
)
async def test_an_answer_that_was_overtaken_is_given_all_the_same(
    tmp_path: Path, before: str, after: str, words: str
) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        box.modem.ready = False
        await box.hears(before)
        await box.wait(60)
        await box.hears(after)
        await box.wait(10)
        box.modem.ready = True
        await box.wait(120)
        assert [words in body for body in box.texts_to()] == [True]


# Bursts


async def test_help_in_a_burst_does_not_swallow_the_job(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(JOB)
        await box.hears("HELP")
        await box.wait(60)
        assert len(box.texts_to()) == 2


async def test_a_mark_in_a_burst_does_not_swallow_the_words(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(30)
        await box.hears("1423 Elm Ave")
        await box.hears("Liked “Our on-call person has been texted about this.”")
        await box.wait(60)
        assert "1423 Elm" in box.texts_to(OWNER)[-1]


@pytest.mark.parametrize(
    "mark",
    [
        "Removed an exclamation mark from “Emergency: text URGENT.”",
        "Removed a question mark from “Emergency: text URGENT.”",
        "👍 to “Emergency: text URGENT.”",
        "\u200a\u200b👍\u200b to \u201c\u200aEmergency: text URGENT.\u200a\u201d\u200a",
        "Le encanta “Emergency: text URGENT.”",
        "Le gusta “Emergencia: escriba URGENTE.”",
        "Eliminó un Me gusta de “Emergencia: escriba URGENTE.”",
        "Reaccionó con 👍 a “Emergencia: escriba URGENTE.”",
    ],
)
async def test_a_mark_on_our_text_is_neither_answered_nor_an_emergency(tmp_path: Path, mark: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(mark)
        await box.wait(60)
        assert box.modem.air == []


# Faults


async def test_with_a_reader_that_fails_stop_and_urgent_are_still_obeyed(tmp_path: Path) -> None:
    def fails(body: str) -> Reading:
        raise RecursionError(body)

    async with living(tmp_path / "box", read=fails) as box:
        await box.hears("URGENT water everywhere")
        await box.hears("a word", OTHER)
        await box.hears("STOP", OTHER)
        await box.wait(60)
        assert "URGENT water everywhere" in box.texts_to(OWNER)[0]
        assert len(box.texts_to(OTHER)) == 1
        assert await box.rows("SELECT number FROM contacts WHERE kind = 'opted_out'") == [(OTHER,)]
        assert await box.rows(TASKS) == [("wrote", CALLER), ("wrote", OTHER)]


async def test_a_fault_in_one_answer_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works = answering.answer

    def fails(lead: object, *args: object, **more: object) -> object:
        if getattr(getattr(lead, "facts", None), "zip", "") == "44107":
            raise KeyError("nobody thought of this")
        return works(lead, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(answering, "answer", fails)
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("my furnace needs a tune up in 44107")
        await box.hears(JOB, OTHER)
        await box.wait(60)
        assert len(box.texts_to(OTHER)) == 1
        assert ("wrote", CALLER) in await box.rows(TASKS)


@pytest.mark.parametrize("talk", ["{}", "no json", '{"asked": 7}', "null"])
async def test_a_lead_that_cannot_be_read_holds_up_nobody(tmp_path: Path, talk: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(JOB)
        await box.store.write(lambda db: db.execute("UPDATE leads SET talk = ?", (talk,)))
        await box.hears(JOB, OTHER)
        await box.wait(60)
        assert len(box.texts_to(OTHER)) == 1
        assert ("wrote", CALLER) in await box.rows(TASKS)
        await box.hears(FLOOD)  # and what its caller writes next is not lost
        await box.wait(60)
        assert len(box.texts_to(OWNER)) == 1


async def test_parts_that_cannot_be_read_hold_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("the first half of ", ref=5, total=2, number=1)

        def fails(*_: object) -> str:
            raise ValueError("nobody thought of this")

        monkeypatch.setattr(inbound, "join_parts", fails)
        await box.wait(660)
        await box.hears(JOB, OTHER)
        await box.wait(60)
        assert len(box.texts_to(OTHER)) == 1
        assert ("wrote", CALLER) in await box.rows(TASKS)


# The clock


async def asks_friday(box: Box) -> None:
    box.clock.moment += timedelta(days=4)  # Friday, ten in the morning
    await box.hears(JOB)
    await box.wait(60)
    assert len(box.texts_to()) == 1


async def test_a_reminder_is_not_sent_at_night_after_an_outage(tmp_path: Path) -> None:
    clock, modem = VirtualClock(), PortModem()
    async with living(tmp_path / "box", clock=clock, modem=modem, read=reader()) as box:
        await asks_friday(box)
    clock.moment += timedelta(days=3, hours=16)  # Tuesday, two in the morning
    async with living(tmp_path / "box", clock=clock, modem=modem, read=reader()) as box:
        await box.wait(60)
        assert len(box.texts_to()) == 1


async def test_nobody_is_reminded_of_what_was_asked_a_week_ago(tmp_path: Path) -> None:
    clock, modem = VirtualClock(), PortModem()
    async with living(tmp_path / "box", clock=clock, modem=modem, read=reader()) as box:
        await asks_friday(box)
    clock.moment += timedelta(days=9)
    async with living(tmp_path / "box", clock=clock, modem=modem, read=reader()) as box:
        await box.wait(3 * 86400)
        assert len(box.texts_to()) == 1


async def test_with_a_clock_that_is_not_believed_the_sender_rests(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(JOB)
        await box.wait(60)
        await box.store.write(lambda db: db.execute("UPDATE leads SET follow_up_at = 1000"))

        class Doubted:
            sane, since = False, box.clock.now()

            def look(self) -> float:
                return 0.0

            def news(self) -> None:
                return None

        box.dispatcher._watch = Doubted()  # type: ignore[assignment]
        await box.sender.drain()
        now = box.clock.now()
        due = await box.store.read(lambda db: next_wake(db, now))
        assert due is None or due > now


async def test_when_the_clock_is_set_an_answer_keeps_its_remaining_time(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        began = box.clock.now()
        await box.hears(JOB)
        box.clock.moment -= timedelta(days=3)
        await box.happens(ClockJumped(box.clock.now(), -3 * 86400.0, began - timedelta(days=3, seconds=60)))
        await box.wait(60)
        assert len(box.texts_to()) == 1
        ((wrote, opened),) = await box.rows("SELECT wrote_at, opened_at FROM leads")
        assert wrote == opened < (box.clock.now()).timestamp() * 1000
        ((said,),) = await box.rows("SELECT at FROM letters")
        assert said < box.clock.now().timestamp() * 1000


# A conversation that is over, a person who has done it


async def test_a_talk_with_somebody_who_wrote_long_ago_is_no_takeover(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(JOB)
        await box.wait(30 * 86400)
        await box.happens(OfficeCalled(box.clock.now(), CALLER, True))
        await box.wait(3600)
        before = len(box.texts_to())
        await box.misses()
        await box.wait(60)
        assert len(box.texts_to()) == before + 1


async def test_nobody_is_reminded_of_what_a_person_has_settled(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(JOB)
        await box.wait(60)
        ((task,),) = await box.rows("SELECT id FROM tasks WHERE closed_at IS NULL")
        await box.happens(TaskClosed(box.clock.now(), task, "ann"))
        await box.wait(3 * 86400)
        assert len(box.texts_to()) == 1


async def test_a_telephones_own_reply_opens_no_conversation(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.misses()
        await box.wait(30)
        await box.hears("I’m driving with Do Not Disturb While Driving turned on. I’ll see your message later.")
        await box.wait(20 * 3600)
        await box.misses()
        await box.wait(60)
        assert len(box.texts_to()) == 2


# Words that come back in our texts


@pytest.mark.parametrize(
    "place",
    [
        "x" * 3000,
        "Ciudad " + "Ñ" * 200,
        "a😀b",
        "\u202e\u200b{business}{office_number}",
        "<b>'; DROP TABLE leads;--</b>",
    ],
)
async def test_a_place_of_the_callers_own_words_keeps_our_text_to_one_segment(tmp_path: Path, place: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(JOB)
        await box.wait(60)
        await box.hears(place)
        await box.wait(60)
        await box.hears("Dana Smith")
        await box.wait(60)
        await box.hears("friday morning")
        await box.wait(60)
        assert [(segment.total, segment.ucs2) for segment in box.modem.air if segment.total > 1 or segment.ucs2] == []


async def test_a_name_does_not_push_the_words_out_of_the_alert(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(JOB)
        await box.wait(60)
        await box.hears("44107")
        await box.wait(60)
        await box.hears("Wolfeschlegelsteinhausenbergerdorff" * 8)
        await box.wait(60)
        await box.hears(FLOOD)
        await box.wait(60)
        (alert, *_) = box.texts_to(OWNER)
        assert "water is pouring" in alert


def test_of_a_very_long_text_no_more_is_looked_at_than_of_eight_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks for situations takes the square of the length: half a minute for the longest text there is."""
    looked_at = []
    works = hazards.situations
    monkeypatch.setattr(hazards, "situations", lambda text: looked_at.append(len(text.plain)) or works(text))
    assert hazards.hazard("smoke is coming in " + "and nothing else " * 2000) == "fire"
    assert max(looked_at) < 2000


async def test_in_a_trial_week_nothing_is_sent_to_a_caller(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.happens(Switched(box.clock.now(), "shadow", "on", "ann"))
        for body in ("HELP", JOB, "i smell gas", "STOP"):
            await box.hears(body)
            await box.wait(60)
        assert box.texts_to() == []
        assert len(box.texts_to(OWNER)) == 1
        assert await box.rows("SELECT number FROM contacts WHERE kind = 'opted_out'") == [(CALLER,)]


async def test_a_job_told_before_stop_is_answered_after_start(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        for body in (JOB, "STOP", "START"):
            await box.hears(body)
            await box.wait(2)
        await box.wait(60)
        assert len(box.texts_to()) == 3
        (step,) = await steps(box)
        assert "no more texts" not in step
