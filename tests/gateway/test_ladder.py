"""An emergency climbs the ladder until somebody has it; stories, each as it would go on a bad evening."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from gateway.core.effects import Effect
from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.people import ON_CALL, Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.events import Acknowledged, ClockJumped, Event, OfficeCalled, OfficeTexted, Switched, TaskClosed
from gateway.ports.devices import OutgoingSegment
from tests.gateway.box import BUSINESS, NO_SUCH_NUMBER, START, Box, PortModem, VirtualClock, living, reader
from tests.gateway.office import CALLER, OWNER

DANA, OFFICE = "+12165550151", "+12165550152"
OTHER = "+12165550138"
PEOPLE = EscalationRules(
    owner_name="Mike",
    people=(Person("dana", "Dana", DANA), Person("office", "the office", OFFICE)),
    rungs=(Rung((ON_CALL,), times=2), Rung(("dana",), times=2), Rung(("office",))),
)
SHOP = replace(BUSINESS, escalation=PEOPLE)
WITHOUT_OWNER = replace(BUSINESS, escalation=replace(PEOPLE, rungs=(Rung(("dana",)),)))
FLOOD = "the pipe burst and water is pouring through the ceiling, 1423 Elm Ave 44107"
NO_AIR = "no heat, 41 degrees in here with a newborn, 88 Beach Ave 44116"
MINUTE = 60.0
SENT = "Our on-call person has been texted about this. Nobody has confirmed yet."
NOBODY = "We texted our on-call people and nobody has confirmed yet. Please call (216) 555-0100. In danger call 911."


async def states(box: Box) -> list[tuple[str, int]]:
    return [(state, rung) for state, rung in await box.rows("SELECT state, rung FROM escalations ORDER BY id")]


async def says(box: Box, body: str, sender: str = CALLER) -> None:
    await box.hears(body, sender)
    await box.wait(20)


def code_in(text: str) -> str:
    found = re.search(r"\b(\d{2}): \(216\)", text)
    assert found, text
    return found[1]


async def test_the_first_person_has_it_at_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        (alert,) = box.texts_to(OWNER)
        assert alert.startswith("EMERGENCY 10: (216) 555-0137 1423 Elm Ave, 44107: the pipe burst and water")
        assert alert.endswith("Reply 10 if you have it.")
        assert [told for told in box.texts_to() if told.startswith(SENT)]
        await says(box, "10", OWNER)
        assert box.texts_to()[-1].startswith("Mike has seen your message.")
        assert box.texts_to(OWNER)[1:] == ["10: You have it. Call (216) 555-0137."]
        await box.wait(60 * MINUTE)
        assert box.texts_to(DANA) == []
        assert len(box.texts_to(OWNER)) == 2
        assert await states(box) == [("acknowledged", 1)]
        ((step, owner),) = await box.rows("SELECT next_step, owner FROM leads")
        assert (step, owner) == ("emergency: Mike has it", "Mike")


async def test_the_first_person_sleeps_and_the_second_one_has_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await box.wait(5 * MINUTE)
        assert [text.startswith("AGAIN, ") for text in box.texts_to(OWNER)] == [False, True]
        assert box.texts_to(DANA) == []
        await box.wait(5 * MINUTE)
        assert len(box.texts_to(OWNER)) == 2
        assert len(box.texts_to(DANA)) == 1
        assert not [text for text in box.texts_to() if "has seen" in text]
        await says(box, "ok 10 on my way", DANA)
        assert [text for text in box.texts_to() if "has seen" in text] == [
            "Dana has seen your message. In danger call 911."
        ]
        assert box.texts_to(OWNER)[-1] == "10: Dana has it. Nothing for you to do. Customer (216) 555-0137."
        await box.wait(60 * MINUTE)
        assert box.texts_to(OFFICE) == []
        assert await states(box) == [("acknowledged", 2)]


async def test_the_owner_who_stands_on_no_rung_hears_that_nobody_has_it_and_may_take_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", WITHOUT_OWNER, read=reader()) as box:
        await says(box, FLOOD)
        await box.wait(4 * MINUTE)
        assert box.texts_to(OWNER) == []
        await box.wait(2 * MINUTE)
        (told,) = box.texts_to(OWNER)
        assert told.startswith("NOBODY HAS 10 YET: (216) 555-0137: the pipe burst")
        await says(box, "got it", OWNER)
        assert "Mike has seen your message. In danger call 911." in box.texts_to()
        assert box.texts_to(DANA)[-1].startswith("10: Mike has it.")


async def test_nobody_has_it_and_everybody_hears_of_that(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await box.wait(24 * MINUTE)
        assert await states(box) == [("alerting", 3)]
        assert NOBODY not in box.texts_to()
        await box.wait(3 * MINUTE)
        assert await states(box) == [("exhausted", 3)]
        assert box.texts_to()[-1] == NOBODY
        for phone in (OWNER, DANA, OFFICE):
            assert box.texts_to(phone)[-1].startswith("NOBODY HAS 10 YET: (216) 555-0137: the pipe burst")
        before = len(box.modem.air)
        await box.wait(24 * 60 * MINUTE)
        assert len(box.modem.air) == before
        ((step,),) = await box.rows("SELECT next_step FROM leads")
        assert step == "emergency: call now (everybody was texted, and NOBODY has confirmed)"
        await says(box, "I have it", OFFICE)
        assert await states(box) == [("acknowledged", 3)]
        assert box.texts_to()[-1].startswith("the office has seen your message.")


async def test_two_emergencies_and_two_people_cross(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await says(box, NO_AIR, OTHER)
        first, second = (code_in(text) for text in box.texts_to(OWNER))
        assert first != second
        await box.wait(10 * MINUTE)
        await says(box, f"{second} mine", OWNER)
        await says(box, f"take {first}", DANA)
        assert [text for text in box.texts_to(CALLER) if "has seen" in text] == [
            "Dana has seen your message. In danger call 911."
        ]
        assert [text for text in box.texts_to(OTHER) if "has seen" in text] == [
            "Mike has seen your message. In danger call 911."
        ]
        assert await states(box) == [("acknowledged", 2), ("acknowledged", 2)]


async def test_a_plain_yes_takes_nothing_where_two_wait(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await says(box, NO_AIR, OTHER)
        await says(box, "ok", OWNER)
        assert await states(box) == [("alerting", 1), ("alerting", 1)]
        assert not [text for text in box.texts_to() + box.texts_to(OTHER) if "has seen" in text]


async def test_who_takes_what_another_one_has_hears_so(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await box.wait(10 * MINUTE)
        await says(box, "10", DANA)
        await says(box, "10", OWNER)
        assert box.texts_to(OWNER)[-1] == "10: Dana has it already."
        assert len([text for text in box.texts_to() if "has seen" in text]) == 1


async def test_the_answer_comes_while_the_repeat_is_leaving(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)

        async def answers(segment: OutgoingSegment) -> None:
            if segment.body.startswith("AGAIN"):
                box.modem.meanwhile = None
                await box.hears("10", OWNER)

        box.modem.meanwhile = answers
        await box.wait(60 * MINUTE)
        assert await states(box) == [("acknowledged", 1)]
        assert box.texts_to(DANA) == []
        assert len([text for text in box.texts_to() if "has seen" in text]) == 1


async def test_the_answer_overtakes_the_truth_about_the_alert(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        box.modem.ready = False
        await says(box, FLOOD)
        await box.happens(Acknowledged(box.clock.now(), "page:ann", lead_id=1))
        box.modem.ready = True
        await box.wait(1)
        await box.wait(60 * MINUTE)
        assert box.texts_to(OWNER) == []
        assert not [text for text in box.texts_to() if "Nobody has confirmed" in text]
        assert [text.split(".")[0] for text in box.texts_to() if "has seen" in text] == [
            "Somebody from our office has seen your message"
        ]


async def test_a_phone_that_takes_no_texts_is_left_for_the_next_one_at_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        box.modem.answers.append(NO_SUCH_NUMBER)
        await says(box, FLOOD)
        assert box.texts_to(OWNER) == []
        assert len(box.texts_to(DANA)) == 1
        assert [told for told in box.texts_to() if told.startswith(SENT)]
        await box.wait(60 * MINUTE)
        assert await states(box) == [("exhausted", 3)]


async def test_when_the_network_takes_no_alert_the_caller_hears_that_nobody_could_be_reached(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        box.modem.answers.extend([NO_SUCH_NUMBER] * 3)
        await says(box, FLOOD)
        assert box.texts_to() == [
            "We could not reach our on-call person by text. Please call (216) 555-0100. In danger call 911."
        ]
        assert await states(box) == [("exhausted", 3)]


async def test_with_the_modem_down_nothing_is_claimed_and_everybody_is_told_once_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        box.modem.ready = False
        await says(box, FLOOD)
        await box.wait(60 * MINUTE)
        assert await states(box) == [("alerting", 3)]
        ((step,),) = await box.rows("SELECT next_step FROM leads")
        assert step == "emergency: call now (the owner is being texted)"
        box.modem.ready = True
        await box.wait(20)
        assert [len(box.texts_to(phone)) for phone in (OWNER, DANA, OFFICE)] == [1, 1, 1]
        assert box.texts_to()[0].startswith(SENT)
        await says(box, "10", DANA)
        assert await states(box) == [("acknowledged", 3)]


async def test_who_speaks_with_the_caller_has_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        before = len(box.texts_to())
        await box.happens(OfficeCalled(box.clock.now(), CALLER, reached=True, by="102"))
        await box.wait(60 * MINUTE)
        assert await states(box) == [("acknowledged", 1)]
        assert len(box.texts_to(OWNER)) == 2  # told, and that the office has it
        assert len(box.texts_to()) == before


async def test_a_settled_emergency_wakes_nobody_and_another_one_does(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        ((task,),) = await box.rows("SELECT id FROM tasks WHERE closed_at IS NULL")
        await box.happens(TaskClosed(box.clock.now(), task, "ann"))
        await box.wait(60 * MINUTE)
        assert len(box.texts_to(OWNER)) == 1
        await says(box, "the pipe burst again and the kitchen is filling with water")
        assert len(box.texts_to(OWNER)) == 2
        assert box.texts_to(OWNER)[-1].startswith("EMERGENCY 10")
        assert await states(box) == [("over", 1), ("alerting", 1)]


async def test_another_danger_behind_a_settled_emergency_is_nobodys_until_somebody_takes_it(tmp_path: Path) -> None:
    """It climbs anew, and neither page nor caller believes that whoever had the first one has this one."""
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await says(box, "10 done", OWNER)
        before = len(box.texts_to())
        await says(box, "i smell gas in the kitchen")
        assert box.texts_to(OWNER)[-1].startswith("DANGER 10:")
        assert [text for text in box.texts_to()[before:] if "Nobody has confirmed yet" in text]
        assert await box.rows("SELECT next_step FROM leads") == [("emergency: call now (the owner has been texted)",)]
        await box.wait(60 * MINUTE)
        assert await states(box) == [("over", 1), ("exhausted", 3)]
        ((step,),) = await box.rows("SELECT next_step FROM leads")
        assert "NOBODY" in step
        assert box.texts_to()[-1] == NOBODY


async def test_more_of_an_emergency_that_somebody_has_leaves_it_his(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await says(box, "10 done", OWNER)
        box.modem.ready = False
        await says(box, "i smell gas in the kitchen")
        await box.happens(Acknowledged(box.clock.now(), "ann", lead_id=1))
        await box.wait(5 * 60 * MINUTE)
        await says(box, "sewage is coming up in the bathtub and it is rising")
        box.modem.ready = True
        await box.wait(60)
        assert not [text for text in box.texts_to()[2:] if "Nobody has confirmed" in text]
        assert await box.rows("SELECT next_step FROM leads") == [("emergency: ann has it",)]


async def test_worse_goes_to_who_has_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await says(box, "10", OWNER)
        await says(box, "now i smell gas too and my head hurts")
        assert box.texts_to(OWNER)[-1].startswith("DANGER 10:")
        assert box.texts_to(DANA) == []


async def test_a_clock_that_is_set_neither_hurries_nor_stops_the_ladder(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        for hours in (30, -50):
            box.clock.moment += timedelta(hours=hours)
            await box.happens(ClockJumped(box.clock.now(), hours * 3600.0))
        assert len(box.texts_to(OWNER)) == 1
        await box.wait(5 * MINUTE)
        assert len(box.texts_to(OWNER)) == 2


# ---- the power fails at every commit

Step = Callable[[Box], Awaitable[None]]


class PowerCut(BaseException):
    """Everything stops here."""


async def lived(path: Path, cut: int, story: list[Step]) -> tuple[PortModem, int, list[tuple[str, int]]]:
    """The story with the power cut just before (odd) or just after (even) a commit; gives how many such points there were."""
    modem, clock, passed, at = PortModem(), VirtualClock(), 0, 0

    def point() -> None:
        nonlocal passed
        passed += 1
        if passed == cut:
            raise PowerCut

    while at < len(story):
        try:
            async with living(path, SHOP, modem, clock, reader()) as box:
                submit = box.dispatcher.submit

                async def fused(
                    event: Event, submit: Callable[[Event], Awaitable[list[Effect]]] = submit
                ) -> list[Effect]:
                    point()
                    effects = await submit(event)
                    point()
                    return effects

                box.dispatcher.submit = fused  # type: ignore[method-assign]
                await box.sender.drain()
                while at < len(story):
                    await story[at](box)
                    at += 1
                return modem, passed, await states(box)
        except PowerCut:
            clock.moment += timedelta(seconds=40)
    raise AssertionError


async def until(box: Box, minutes: float) -> None:
    """Time passes up to so many minutes after the beginning, however often the power has failed."""
    await box.wait(max(0.0, (START + timedelta(minutes=minutes) - box.clock.now()).total_seconds()))


STORY: list[Step] = [
    lambda box: box.hears(FLOOD, identity="flood"),
    lambda box: until(box, 11),
    lambda box: box.hears("10 on it", DANA, identity="dana"),
    lambda box: until(box, 60),
]


async def test_the_power_fails_at_every_commit_of_an_emergency(tmp_path: Path) -> None:
    _, points, calm = await lived(tmp_path / "calm", 0, STORY)
    assert calm == [("acknowledged", 2)]
    assert points > 40
    for cut in range(1, points + 1):
        modem, _, after = await lived(tmp_path / f"cut{cut}", cut, STORY)
        air = [(segment.to, segment.body) for segment in modem.air]
        assert after == [("acknowledged", 2)], cut
        assert {DANA, OWNER} <= {to for to, _ in air}, cut
        assert OFFICE not in {to for to, _ in air}, cut
        seen = [at for at, (to, body) in enumerate(air) if to == CALLER and "Dana has seen" in body]
        told = next(at for at, (to, body) in enumerate(air) if to == DANA and "EMERGENCY" in body)
        assert len(seen) <= 1, cut  # a text to a customer goes out at most once
        assert all(at > told for at in seen), cut
        repeats = [body for to, body in air if to == OWNER and "EMERGENCY" in body]
        assert 2 <= len(repeats) <= 3, cut  # an alert in doubt goes out again


GAS = "I smell gas in the kitchen, 1423 Elm Ave 44107"


async def is_paused(box: Box) -> None:
    await box.happens(Switched(box.clock.now(), "pause", "by the owner", "owner"))


async def test_while_texting_is_paused_who_is_in_danger_hears_what_is_so(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await is_paused(box)
        await says(box, "I smell gas in the kitchen")
        safety, sent = box.texts_to()
        assert safety.startswith("Leave the building now.")
        assert sent == SENT  # and nothing is asked
        await says(box, "10", OWNER)
        assert box.texts_to()[2:] == ["Mike has seen your message. In danger call 911."]
        await says(box, "ok, we are outside")
        assert len(box.texts_to()) == 3  # paused it is


async def test_while_texting_is_paused_who_is_in_danger_hears_that_nobody_has_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await is_paused(box)
        await says(box, GAS)
        await box.wait(60 * MINUTE)
        assert box.texts_to()[2:] == [NOBODY]


async def test_who_was_told_of_the_alert_before_the_pause_hears_the_end_of_it(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await says(box, FLOOD)
        await is_paused(box)
        before = len(box.texts_to())
        await box.wait(60 * MINUTE)
        assert box.texts_to()[before:] == [NOBODY]
        await says(box, "10", DANA)
        assert box.texts_to()[before + 1 :] == ["Dana has seen your message. In danger call 911."]


async def test_who_is_in_no_danger_reads_nothing_while_texting_is_paused(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await is_paused(box)
        await says(box, FLOOD)
        assert box.texts_to(OWNER)
        await box.wait(60 * MINUTE)
        await says(box, "10", OWNER)
        assert box.texts_to() == []


async def test_while_a_person_writes_the_box_says_of_a_danger_only_that_nobody_comes(tmp_path: Path) -> None:
    async with living(tmp_path / "box", SHOP, read=reader()) as box:
        await box.happens(OfficeTexted(box.clock.now(), CALLER, "Ann here, what is it about?", "ann"))
        await says(box, GAS)
        assert [text[:17] for text in box.texts_to()] == ["Ann here, what is", "Leave the buildin"]
        await box.wait(60 * MINUTE)
        assert box.texts_to()[2:] == [NOBODY]
        await says(box, "10", OWNER)
        assert len(box.texts_to()) == 3  # Ann says it
