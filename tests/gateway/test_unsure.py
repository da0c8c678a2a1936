"""Texts of which nobody knows whether they went out: never sent again by themselves, and not to somebody who has moved on."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.commands.office import OfficeCommands
from gateway.core.events import ContactSet, OfficeCalled, TextClaimed
from gateway.health import HealthBoard
from gateway.queries.office import Queries
from tests.gateway.box import ACCEPTED, BUSY, THREE_PARTS, UNSURE, Box, PortModem, VirtualClock, living
from tests.gateway.office import CALLER, OWNER

ONCALL = "+12165550155"
CALLS = "SELECT state, say FROM calls ORDER BY id"
STATES = "SELECT state FROM texts WHERE purpose IN ('opener', 'staff') ORDER BY id"


def commands(box: Box) -> OfficeCommands:
    return OfficeCommands(box.dispatcher, Queries(box.store, box.dispatcher, HealthBoard()), box.clock)


async def unsure_opener(box: Box) -> None:
    box.modem.answers.append(UNSURE)
    await box.misses()
    await box.wait(20)
    assert await box.rows(STATES) == [("unconfirmed",)]


async def test_an_unsure_text_is_not_sent_again_by_itself(tmp_path: Path) -> None:
    modem, clock = PortModem(), VirtualClock()
    async with living(tmp_path / "box", modem=modem, clock=clock) as box:
        await unsure_opener(box)
        await box.wait(3600)
        await box.misses()
        await box.wait(3600)
    async with living(tmp_path / "box", modem=modem, clock=clock) as box:
        await box.wait(3600)
        assert len(box.texts_to()) == 1
        assert await box.rows("SELECT no_text FROM calls WHERE id = 2") == [("cooldown",)]


async def test_a_text_that_a_person_has_sent_again_is_in_doubt_until_it_has_left(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        box.modem.ready = False
        await commands(box).resend_unsure(1, "ann")
        assert await box.rows(CALLS) == [("unsure", "not sure whether it was texted, is being sent again, says ann")]
        box.modem.ready = True
        await box.wait(5)
        assert len(box.texts_to()) == 2
        assert await box.rows("SELECT state FROM calls") == [("texted",)]
        assert await box.rows("SELECT 1 FROM tasks WHERE closed_at IS NULL") == []


async def test_a_text_sent_again_in_vain_leaves_the_call_in_doubt_and_on_the_call_back_list(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        box.modem.ready = False
        await commands(box).resend_unsure(1, "ann")
        await box.wait(3600)
        assert (await box.rows(CALLS))[0][0] == "unsure"
        assert await box.rows("SELECT kind FROM tasks WHERE closed_at IS NULL") == [("call_back",)]


async def decline(box: Box) -> str:
    with pytest.raises(ValueError) as declined:
        await commands(box).resend_unsure(1, "ann")
    await box.wait(60)
    assert len(box.texts_to()) == 1
    assert await box.rows(STATES) == [("unconfirmed",)]
    assert await box.rows("SELECT count(*) FROM tasks WHERE kind = 'unsure_text' AND closed_at IS NULL") == [(1,)]
    return str(declined.value)


async def test_it_is_not_sent_again_to_somebody_who_has_opted_out_since(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        await box.happens(ContactSet(box.clock.now(), CALLER, "opted_out", basis="on the phone"))
        assert "not to be texted" in await decline(box)


async def test_it_is_not_sent_again_to_somebody_the_office_has_spoken_with_since(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        await box.wait(5)
        await box.happens(OfficeCalled(box.clock.now(), CALLER, True))
        assert "spoken" in await decline(box)


async def test_it_is_not_sent_again_to_somebody_who_has_written_since(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        await box.wait(5)
        await box.hears("I got your text, my boiler is leaking")
        assert "written" in await decline(box)


async def test_it_is_not_sent_again_hours_later(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        await box.wait(3 * 3600)
        assert "too old" in await decline(box)


async def test_it_is_not_sent_again_while_the_caller_is_on_the_line(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        await box.rings()
        assert "on the line" in await decline(box)


async def test_who_is_reached_while_the_text_waits_to_be_sent_again_is_not_texted(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        box.modem.ready = False
        await box.wait(5)
        await commands(box).resend_unsure(1, "ann")
        await box.happens(OfficeCalled(box.clock.now(), CALLER, True))
        box.modem.ready = True
        await box.wait(60)
        assert len(box.texts_to()) == 1
        assert (await box.rows(CALLS))[0][0] == "unsure"


async def test_a_text_that_is_sent_again_twice_by_two_people_leaves_once(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        await commands(box).resend_unsure(1, "ann")
        with pytest.raises(ValueError):
            await commands(box).resend_unsure(1, "bob")
        await box.wait(60)
        assert len(box.texts_to()) == 2


async def test_of_a_long_text_only_what_is_in_doubt_is_sent_again(tmp_path: Path) -> None:
    async with living(tmp_path / "box", THREE_PARTS) as box:
        box.modem.answers.extend([ACCEPTED, UNSURE])
        await box.misses()
        await box.wait(20)
        await commands(box).resend_unsure(1, "ann")
        await box.wait(20)
        assert [segment.number for segment in box.modem.air] == [1, 2, 2, 3]


async def test_an_alert_in_doubt_reaches_the_owner_again_but_not_for_ever(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.answers.extend([UNSURE] * 50)
        await box.hears("URGENT water everywhere")
        await box.wait(4 * 3600)
        states = await box.rows("SELECT state FROM texts WHERE purpose = 'escalation'")
        assert states == [("unconfirmed",)] * 4  # three tellings, and that nobody has it
        assert len(box.texts_to(OWNER)) == 3 * len(states)
        assert ("unsure_text",) in await box.rows("SELECT kind FROM tasks WHERE closed_at IS NULL")


async def test_an_alert_that_the_network_refuses_is_tried_until_it_gets_through(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.answers.extend([BUSY] * 20)
        await box.hears("URGENT water everywhere")
        await box.wait(4 * 3600)
        told, nobody = box.texts_to(OWNER)
        assert told.startswith("URGENT 10")
        assert nobody.startswith("NOBODY HAS 10 YET")


async def test_a_box_that_dies_with_every_alert_in_hand_does_not_send_it_at_every_start(tmp_path: Path) -> None:
    modem, clock = PortModem(), VirtualClock()
    modem.ready = False
    async with living(tmp_path / "box", modem=modem, clock=clock) as box:
        await box.hears("URGENT water everywhere")
    claims = 0
    for _ in range(8):
        async with living(tmp_path / "box", modem=modem, clock=clock) as box:
            effects = await box.dispatcher.submit(TextClaimed(clock.now(), able=True))  # and the power fails here
            claims += any(getattr(effect, "to", "") == OWNER and hasattr(effect, "ucs2") for effect in effects)
    assert claims == 3


async def test_an_opener_the_sender_dropped_on_the_way_is_unsure_and_not_forgotten(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await box.misses()
        box.clock.moment = box.clock.moment.replace(minute=1)
        await box.dispatcher.submit(TextClaimed(box.clock.now(), able=True))  # claimed, and the sender falls over
        await box.sender.drain()
        assert await box.rows("SELECT state FROM calls") == [("unsure",)]
        assert box.modem.air == []


async def test_the_office_reaching_a_caller_while_the_text_leaves_gives_the_call_one_outcome(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:

        async def meanwhile(_segment: object) -> None:
            await box.dispatcher.submit(OfficeCalled(box.clock.now(), CALLER, True))

        box.modem.meanwhile = meanwhile
        await box.misses()
        await box.wait(60)
        told = [type(effect).__name__ for effect in box.effects]
        assert (told.count("TextSent"), told.count("CallNotTexted")) == (1, 0)
        assert await box.rows("SELECT state FROM calls") == [("texted",)]


async def test_a_report_settles_the_call_of_a_text_that_was_sent_again(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        await unsure_opener(box)
        box.modem.answers.append(UNSURE)
        await commands(box).resend_unsure(1, "ann")
        await box.wait(5)
        assert await box.rows("SELECT state FROM calls") == [("unsure",)]
        await box.reported(77)
        assert await box.rows(STATES) == [("delivered",)]
        assert await box.rows("SELECT state FROM calls") == [("texted",)]


async def test_a_confirmation_does_not_go_to_a_number_that_was_blocked_meanwhile(tmp_path: Path) -> None:
    async with living(tmp_path / "box") as box:
        box.modem.ready = False
        await box.hears("STOP")
        await box.happens(ContactSet(box.clock.now(), CALLER, "blocked", basis="the office"))
        box.modem.ready = True
        await box.wait(60)
        assert box.modem.air == []
