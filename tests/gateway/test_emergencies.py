"""An emergency by text: the owner is told whatever comes in between, and the caller hears what is so and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.core.events import OfficeTexted, SegmentSettled, SubmitResult, Switched, TaskClosed, TextClaimed
from tests.gateway.box import ACCEPTED, BUSINESS, BUSY, NO_SUCH_NUMBER, Box, living, reader
from tests.gateway.office import CALLER, OWNER

FLOOD = "the pipe burst and water is pouring through the ceiling"
TOLD = "texted about this"
LADDER = 20 * 60  # seconds; behind its end everybody was told
FAILED = "could not reach our on-call person"


def told(box: Box) -> str:
    """All that the caller has been sent."""
    return "\n".join(box.texts_to())


async def lead(box: Box) -> tuple[str, str, str]:
    (row,) = await box.rows("SELECT lane, alert, next_step FROM leads")
    return row[0], row[1], row[2]


@pytest.mark.parametrize(
    "body",
    [
        "I'm driving home, my neighbor says water is pouring out of my house",
        "can't talk right now, the kids are asleep. we smell gas in the hallway",
        "cannot talk right now. pipe burst and the basement is flooding, please text",
        "I am out of the office, my tenant says the CO alarm is going off",
    ],
)
async def test_words_that_telephones_also_use_do_not_hide_an_emergency(tmp_path: Path, body: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.misses()
        await box.wait(30)
        await box.hears(body)
        await box.wait(60)
        assert len(box.texts_to(OWNER)) == 1
        assert (await lead(box))[:2] == ("escalate", "told")


async def test_a_job_of_somebody_who_cannot_talk_now_is_answered(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("can't talk right now but I need my furnace repaired this week")
        await box.wait(60)
        assert len(box.texts_to()) == 1


@pytest.mark.parametrize(("answer", "words"), [(NO_SUCH_NUMBER, FAILED), (ACCEPTED, TOLD)])
async def test_what_became_of_the_alert_is_said_although_the_caller_writes_on(
    tmp_path: Path, answer: SubmitResult, words: str
) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        box.modem.ready = False
        await box.hears(FLOOD)
        ((text_id,),) = await box.rows("SELECT id FROM texts WHERE purpose = 'escalation'")
        now = box.clock.now()
        await box.dispatcher.submit(TextClaimed(now, able=True))
        await box.dispatcher.submit(SegmentSettled(now, text_id, 1, 1, answer))
        box.modem.ready = True
        await box.hears("my name is Dana Smith")  # before the text that says so has left
        await box.wait(120)
        assert words in told(box)


@pytest.mark.parametrize("silenced", ["pause", "takeover"])
async def test_that_nobody_could_be_told_is_said_also_while_the_box_is_silent(tmp_path: Path, silenced: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        now = box.clock.now()
        if silenced == "pause":
            await box.dispatcher.submit(Switched(now, "pause", "on", "owner"))
        else:
            await box.dispatcher.submit(OfficeTexted(now, CALLER, "Ann here, what is it about?", "ann"))
            await box.wait(5)
        box.modem.answers.append(NO_SUCH_NUMBER)
        await box.hears(FLOOD)
        await box.wait(60)
        assert FAILED in told(box)
        assert TOLD not in told(box)


async def test_the_owner_reads_the_newest_words_first(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(30)
        await box.hears("412 Oak St Lakewood")
        await box.hears("come to the back door, the front one is stuck")
        await box.wait(60)
        more = box.texts_to(OWNER)[-1]
        assert more.startswith("MORE")
        assert more.index("back door") < more.index("412 Oak St Lakewood")


async def test_an_alert_that_failed_is_tried_again_when_the_caller_tells_of_worse(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        box.modem.answers.append(NO_SUCH_NUMBER)
        await box.hears(FLOOD)
        await box.wait(3600)
        assert (await lead(box))[1] == "failed"
        await box.hears("now sparks are coming out of the light and it smells burnt")
        await box.wait(60)
        assert any("sparks" in body for body in box.texts_to(OWNER))
        assert (await lead(box))[1] == "told"
        assert TOLD in told(box)


async def test_what_the_caller_adds_while_the_alert_is_under_way_reaches_the_owner(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        box.modem.ready = False
        await box.hears(FLOOD)
        await box.wait(5)
        await box.hears("1423 Elm Ave 44107, Dana Smith")
        await box.wait(60)
        box.modem.ready = True
        await box.wait(5)
        assert any("1423 Elm" in body for body in box.texts_to(OWNER))
        assert box.texts_to(OWNER)[0].startswith("EMERGENCY")


@pytest.mark.parametrize("addition", ["sorry false alarm it was my stove", "no need to come anymore"])
async def test_that_it_was_no_emergency_reaches_the_owner_and_thanks_do_not(tmp_path: Path, addition: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("I smell gas")
        await box.wait(60)
        await box.hears(addition)
        await box.wait(60)
        await box.hears("thanks")
        await box.wait(60)
        assert [addition in text for text in box.texts_to(OWNER)] == [False, True]


async def test_the_fate_of_an_addition_is_not_that_of_the_alert(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        box.modem.answers.extend([BUSY, BUSY])
        await box.hears(FLOOD)
        await box.wait(10)  # the alert waits for half a minute
        box.modem.answers.append(NO_SUCH_NUMBER)  # what is added meanwhile fails for good
        await box.hears("1423 Elm Ave 44107, Dana Smith")
        await box.wait(15)
        assert (await lead(box))[1] == "under_way"
        assert told(box) == ""
        await box.wait(60)
        assert (await lead(box))[1] == "told"
        assert FAILED not in told(box)


async def test_an_alert_that_could_not_be_delivered_is_no_alert(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(5)
        ref = next(ref for ref, segment in zip(box.modem.refs, box.modem.air, strict=True) if segment.to == OWNER)
        assert TOLD in told(box)
        await box.wait(60)
        await box.reported(ref, 0x46, to=OWNER)
        await box.wait(5)
        assert FAILED in told(box)
        assert (await lead(box))[1:] == ("failed", "emergency: call now (the owner could not be texted)")


async def test_the_safety_line_is_in_the_confirmation_when_the_safety_text_did_not_leave(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        box.modem.ready = False
        await box.hears("i smell gas in the basement")
        await box.wait(5)
        await box.hears("STOP")
        await box.wait(30)
        box.modem.ready = True
        await box.wait(5)
        (only,) = box.texts_to()
        assert "911" in only
        assert len(box.texts_to(OWNER)) == 1


async def test_who_sends_an_emergency_twice_is_no_machine(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.misses()
        await box.wait(30)
        box.modem.ready = False
        await box.hears(FLOOD)
        await box.wait(20)
        await box.hears(FLOOD)
        await box.wait(20)
        box.modem.ready = True
        await box.wait(60)
        assert TOLD in told(box)


async def test_an_emergency_is_not_chased_next_morning(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("URGENT")
        await box.wait(60)
        await box.hears("burst pipe, basement is filling")
        await box.wait(LADDER)
        before = len(box.texts_to())
        await box.wait(3 * 86400)
        assert len(box.texts_to()) == before


async def test_without_an_owners_phone_the_caller_hears_so(tmp_path: Path) -> None:
    async with living(tmp_path / "box", replace(BUSINESS, owner=None), read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(60)
        assert FAILED in told(box)


async def test_a_danger_is_answered_although_the_caller_was_taken_for_a_machine(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.misses()
        for _ in range(2):
            await box.wait(60)
            await box.hears("please call me")
        assert await box.rows("SELECT kind FROM contacts") == [("autoresponder",)]
        await box.hears("URGENT I smell gas in the kitchen")
        await box.wait(60)
        assert "Leave the building" in told(box)
        assert TOLD in told(box)
        assert await box.rows("SELECT kind FROM contacts") == []


async def test_what_somebody_who_wants_no_texts_adds_to_an_emergency_reaches_the_owner(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(60)
        await box.hears("STOP")
        await box.wait(60)
        before = box.texts_to()
        assert len(box.texts_to(OWNER)) == 1  # that he wants no texts is nothing to ring the owner for
        await box.hears("its 1423 Elm St, hurry")
        await box.wait(60)
        assert "1423 Elm St" in box.texts_to(OWNER)[-1]
        assert box.texts_to() == before


@pytest.mark.parametrize("first", [FLOOD, "URGENT"])
async def test_a_danger_is_told_at_once_although_the_owner_knows_of_something(tmp_path: Path, first: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(first)
        await box.wait(60)
        await box.hears("now i smell gas in the kitchen")
        assert box.texts_to(OWNER)[-1].startswith("DANGER")
        assert "gas" in box.texts_to(OWNER)[-1]
        await box.wait(60)
        assert len(box.texts_to(OWNER)) == 2
        assert any("Leave the building" in body for body in box.texts_to())


async def test_what_somebody_adds_who_wants_no_texts_reaches_the_owner(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(60)
        await box.hears("STOP")
        await box.wait(60)
        assert len(box.texts_to(OWNER)) == 1
        before = len(box.texts_to())
        await box.hears("the ceiling came down, we are at 1423 Elm Ave")
        await box.wait(60)
        assert "1423 Elm" in box.texts_to(OWNER)[-1]
        await box.hears("i smell gas now")
        await box.wait(60)
        assert box.texts_to(OWNER)[-1].startswith("DANGER")
        assert len(box.texts_to()) == before


async def test_a_toll_free_number_that_flags_an_emergency_is_listed_and_told(tmp_path: Path) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears("URGENT: water in unit 4, this is the property manager", "+18005550137")
        await box.wait(60)
        assert len(box.texts_to(OWNER)) == 1
        assert box.texts_to("+18005550137") == []
        assert await box.rows("SELECT kind, peer FROM tasks") == [("wrote", "+18005550137")]


@pytest.mark.parametrize(
    ("bodies", "words"),
    [
        (["STOP", "i smell gas in here"], "no more texts"),
        (["i smell gas in here", "STOP", "START"], "Leave the building"),
    ],
)
async def test_the_safety_line_leaves_whatever_is_said_of_texts(tmp_path: Path, bodies: list[str], words: str) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        box.modem.ready = False
        for body in bodies:
            await box.hears(body)
            await box.wait(2)
        box.modem.ready = True
        await box.wait(60)
        (warning,) = [body for body in box.texts_to() if words in body]
        assert "911" in warning


async def test_an_emergency_in_the_text_that_asks_for_silence_reaches_an_owner_who_had_settled_the_last_one(
    tmp_path: Path,
) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(60)
        ((task,),) = await box.rows("SELECT id FROM tasks WHERE closed_at IS NULL")
        await box.happens(TaskClosed(box.clock.now(), task, "ann"))
        await box.wait(86400)
        await box.hears("stop texting me. " + FLOOD)
        assert "stop texting me. " + FLOOD in box.texts_to(OWNER)[-1]
        await box.wait(60)
        assert len(box.texts_to(OWNER)) == 2


async def test_what_is_added_to_an_emergency_reaches_the_owner_however_late_the_network_brings_it(
    tmp_path: Path,
) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(60)
        told_so_far = box.texts_to()
        await box.hears("we are at 1423 Elm Ave", scts=box.clock.now() - timedelta(hours=3))
        await box.wait(60)
        assert "1423 Elm Ave" in box.texts_to(OWNER)[-1]
        assert box.texts_to() == told_so_far


@pytest.mark.parametrize(
    ("flood", "asks", "answer"),
    [
        (FLOOD, "is anybody coming?", "This automatic line cannot say when anybody comes"),
        (FLOOD, "hello?", "This automatic line cannot say when anybody comes"),
        (
            "se rompió un tubo y se está inundando la casa",
            "ya viene alguien?",
            "Esta linea automatica no sabe cuando va alguien",
        ),
        (
            "se rompió un tubo y se está inundando la casa",
            "hola? alguien va a venir?",
            "Esta linea automatica no sabe cuando va alguien",
        ),
        (FLOOD, "nobody called me yet", "This automatic line cannot say when anybody comes"),
        (FLOOD, "still waiting...", "This automatic line cannot say when anybody comes"),
    ],
)
async def test_who_asks_whether_anybody_comes_hears_once_who_can_tell(
    tmp_path: Path, flood: str, asks: str, answer: str
) -> None:
    async with living(tmp_path / "box", read=reader()) as box:
        for body in (flood, "1423 Clifton Blvd, Lakewood", asks, asks):
            await box.hears(body)
            await box.wait(60)
        assert told(box).count(answer) == 1
        assert told(box).endswith("911.")
        assert box.texts_to(OWNER)[-1].endswith(asks)
