"""A telephone rings in an emergency: after the text, once at a time, until somebody has it; a pressed key takes it."""

from __future__ import annotations

import asyncio
import io
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.cli.jsonlines import BadLine
from gateway.cli.simulate import Simulation
from gateway.core.effects import RingPhone
from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.people import ON_CALL, Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.events import (
    Acknowledged,
    ClockJumped,
    RingClaimed,
    RingOutcome,
    RingSettled,
    TaskClosed,
    TextClaimed,
)
from gateway.ports.devices import RingResult, RingWish
from gateway.ringer import RingService
from gateway.settings.values import RingingConfig, RingVia
from tests.gateway.box import BUSINESS, NO_SUCH_NUMBER, Box, PortModem, VirtualClock, living, reader
from tests.gateway.office import CALLER, MILLER, OWNER, at, wait
from tests.waiting import until

DANA = "+12165550151"
OTHER = "+12165550138"
PEOPLE = EscalationRules(
    owner_name="Mike",
    owner_rings=True,
    people=(Person("dana", "Dana", DANA, rings=True),),
    rungs=(Rung((ON_CALL,), times=2), Rung(("dana",), times=2)),
)
SHOP = replace(BUSINESS, escalation=PEOPLE)
FLOOD = "the pipe burst and water is pouring through the ceiling, 1423 Elm Ave 44107"
NO_AIR = "no heat, 41 degrees in here with a newborn, 88 Beach Ave 44116"

PRESSED = RingResult(RingOutcome.ACCEPTED, "answered, and 1 was pressed")
RANG = RingResult(RingOutcome.RANG, "rang, nobody answered")
VOICEMAIL = RingResult(RingOutcome.ANSWERED, "answered, 1 was not pressed; it may have been a voicemail")
BUSY = RingResult(RingOutcome.BUSY, "busy")
FAILED = RingResult(RingOutcome.FAILED, "Asterisk could not place the call")
UNSURE = RingResult(RingOutcome.UNSURE, "the modem was lost")
HOLDS = None  # rings until it is hung up


class Line:
    """Something that can ring: each ring ends with the next of `answers`, else it rings in vain."""

    def __init__(self, *answers: RingResult | None, shares_modem: bool = False) -> None:
        self.answers = deque(answers)
        self.shares_modem = shares_modem
        self.lines = 3
        self.rung: list[RingWish] = []
        self.going: list[str] = []
        self.hung_up: list[str] = []
        self.dead = False

    @property
    def ready(self) -> bool:
        return not self.dead and len(self.going) < self.lines

    async def ring(self, wish: RingWish, stop: asyncio.Event) -> RingResult:
        assert wish.to not in self.going, "one telephone rings twice at once"
        self.rung.append(wish)
        answer = self.answers.popleft() if self.answers else RANG
        if answer is not None:
            return answer
        self.going.append(wish.to)
        try:
            await stop.wait()
        finally:
            self.going.remove(wish.to)
        self.hung_up.append(wish.to)
        return RingResult(RingOutcome.RANG, "hung up: not needed any more")

    @property
    def numbers(self) -> list[str]:
        return [wish.to for wish in self.rung]


class Office:
    """A box with telephones that ring."""

    def __init__(self, box: Box, line: Line) -> None:
        self.box, self.line = box, line
        self.service = RingService(
            box.dispatcher, box.store, [line], box.clock, ring_s=25.0, can_text=lambda: box.modem.ready
        )

    async def passes(self, seconds: float, step_s: float = 5.0) -> None:
        """Time goes by; what is to ring then rings, and what does not hold is over."""
        for _ in range(max(1, round(seconds / step_s))):
            await self.box.wait(step_s)
            await self.rings()

    async def rings(self) -> None:
        await self.service.drain()
        await until(lambda: len(self.service._going) == len(self.line.going), "the rings are over")

    async def says(self, body: str, sender: str = CALLER) -> None:
        await self.box.hears(body, sender)
        await self.rings()
        await self.passes(20)

    async def states(self) -> list[tuple[str, str, int]]:
        sql = "SELECT number, state, tries FROM alerts WHERE channel = 'call' ORDER BY id"
        return [(number, state, tries) for number, state, tries in await self.box.rows(sql)]


@asynccontextmanager
async def open_office(
    path: Path,
    *answers: RingResult | None,
    line: Line | None = None,
    modem: PortModem | None = None,
    clock: VirtualClock | None = None,
) -> AsyncIterator[Office]:
    async with living(path / "box", SHOP, modem=modem, clock=clock, read=reader()) as box:
        office = Office(box, line or Line(*answers))
        yield office
        await office.service._hang_all_up()


async def test_the_key_takes_the_emergency_as_the_code_in_a_text_does(tmp_path: Path) -> None:
    async with open_office(tmp_path, PRESSED) as office:
        await office.says(FLOOD)
        assert [(wish.to, wish.code, wish.ring_s) for wish in office.line.rung] == [(OWNER, 10, 25.0)]
        assert await office.states() == [(OWNER, "accepted", 1)]
        assert office.box.texts_to(OWNER)[1:] == ["10: You have it. Call (216) 555-0137."]
        assert office.box.texts_to()[-1].startswith("Mike has seen your message.")
        await office.passes(3600, 60)
        assert len(office.line.rung) == 1
        assert office.box.texts_to(DANA) == []


async def test_the_text_is_out_before_anything_rings(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        gone: list[int] = []
        office.box.dispatcher.listen(
            lambda _event, effects: gone.extend(
                len(office.box.texts_to(OWNER)) for effect in effects if isinstance(effect, RingPhone)
            )
        )
        await office.says(FLOOD)
        assert gone == [1]


async def test_a_telephone_rings_also_when_the_modem_is_down_and_again_with_every_step(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        office.box.modem.ready = False
        await office.says(FLOOD)
        await office.passes(10)
        assert office.line.numbers == [OWNER]
        await office.passes(300)
        assert office.line.numbers == [OWNER, OWNER]
        assert office.box.texts_to(OWNER) == []


async def test_a_voicemail_that_takes_the_call_has_not_got_the_emergency(tmp_path: Path) -> None:
    async with open_office(tmp_path, VOICEMAIL, VOICEMAIL, PRESSED) as office:
        await office.says(FLOOD)
        assert await office.states() == [(OWNER, "rang", 1)]
        ((state,),) = await office.box.rows("SELECT state FROM escalations")
        assert state == "alerting"
        await office.passes(11 * 60, 30)
        assert office.line.numbers == [OWNER, OWNER, DANA]
        assert office.box.texts_to()[-1].startswith("Dana has seen your message.")


async def test_a_telephone_that_rings_is_hung_up_when_somebody_else_has_it(tmp_path: Path) -> None:
    async with open_office(tmp_path, HOLDS) as office:
        await office.says(FLOOD)
        assert office.line.going == [OWNER]
        await office.box.happens(Acknowledged(office.box.clock.now(), "ann at the page"))
        await until(lambda: office.line.hung_up == [OWNER])
        await office.rings()
        assert await office.states() == [(OWNER, "withdrawn", 1)]


async def test_a_telephone_that_rings_is_hung_up_when_the_matter_is_settled(tmp_path: Path) -> None:
    async with open_office(tmp_path, HOLDS) as office:
        await office.says(FLOOD)
        ((task,),) = await office.box.rows("SELECT id FROM tasks WHERE closed_at IS NULL")
        await office.box.happens(TaskClosed(office.box.clock.now(), task, "ann"))
        await until(lambda: office.line.hung_up == [OWNER])


async def test_a_code_by_text_while_the_telephone_rings_hangs_it_up(tmp_path: Path) -> None:
    async with open_office(tmp_path, HOLDS) as office:
        await office.says(FLOOD)
        await office.box.hears("10", OWNER)
        await until(lambda: office.line.hung_up == [OWNER])
        await office.passes(3600, 60)
        assert office.line.numbers == [OWNER]


async def test_whose_telephone_rings_just_when_another_one_has_it_learns_who(tmp_path: Path) -> None:
    """His alert text did not leave, and the ringing stops in mid-air: he must not wonder what it was."""
    both = replace(SHOP, escalation=replace(PEOPLE, rungs=(Rung((ON_CALL, "dana")),)))
    async with living(tmp_path / "box", both, read=reader()) as box:
        office = Office(box, Line(HOLDS, HOLDS))
        box.modem.ready = False
        await box.hears(FLOOD)
        await office.passes(30)
        assert sorted(office.line.going) == sorted([OWNER, DANA])
        await box.hears("10", OWNER)
        await office.rings()
        box.modem.ready = True
        await office.passes(10)
        assert box.texts_to(DANA) == ["10: Mike has it. Nothing for you to do. Customer (216) 555-0137."]


async def test_two_who_press_the_key_in_the_same_second_are_told_who_has_it(tmp_path: Path) -> None:
    both = replace(SHOP, escalation=replace(PEOPLE, rungs=(Rung((ON_CALL, "dana")),)))
    async with living(tmp_path / "box", both, read=reader()) as box:
        office = Office(box, Line(HOLDS, HOLDS))
        await office.says(FLOOD)
        rings = await box.rows("SELECT id FROM alerts WHERE channel = 'call' ORDER BY id")
        for (alert,) in rings:
            await box.happens(RingSettled(box.clock.now(), alert, RingOutcome.ACCEPTED, "pressed"))
        await office.passes(60)
        assert box.texts_to(OWNER)[-1] == "10: You have it. Call (216) 555-0137."
        assert "10: Mike has it already." in box.texts_to(DANA)
        assert len([text for text in box.texts_to() if "has seen" in text]) == 1


async def test_who_presses_the_key_too_late_reads_who_has_it(tmp_path: Path) -> None:
    async with open_office(tmp_path, HOLDS) as office:
        await office.says(FLOOD)
        ((alert,),) = await office.box.rows("SELECT id FROM alerts WHERE channel = 'call'")
        await office.box.hears("10", OWNER)
        await office.rings()
        await office.box.happens(RingSettled(office.box.clock.now(), alert, RingOutcome.ACCEPTED, "pressed"))
        assert office.box.texts_to(OWNER)[-1] == "10: Mike has it already."


async def test_a_key_is_counted_once(tmp_path: Path) -> None:
    async with open_office(tmp_path, PRESSED) as office:
        await office.says(FLOOD)
        ((alert,),) = await office.box.rows("SELECT id FROM alerts WHERE channel = 'call'")
        told = office.box.texts_to(OWNER)
        await office.box.happens(RingSettled(office.box.clock.now(), alert, RingOutcome.ACCEPTED, "pressed"))
        assert office.box.texts_to(OWNER) == told


async def test_who_is_on_the_telephone_is_rung_again_a_moment_later_three_times_in_all(tmp_path: Path) -> None:
    async with open_office(tmp_path, BUSY, BUSY, BUSY) as office:
        await office.says(FLOOD)
        assert await office.states() == [(OWNER, "queued", 1)]
        await office.passes(120)
        assert office.line.numbers == [OWNER] * 3
        assert await office.states() == [(OWNER, "failed", 3)]


@pytest.mark.parametrize(("result", "state"), [(FAILED, "failed"), (UNSURE, "rang")])
async def test_a_ring_of_which_nobody_knows_is_tried_again_and_ends(
    tmp_path: Path, result: RingResult, state: str
) -> None:
    async with open_office(tmp_path, result, result, result) as office:
        await office.says(FLOOD)
        await office.passes(120)
        assert await office.states() == [(OWNER, state, 3)]


async def test_two_emergencies_of_one_person_ring_one_after_the_other(tmp_path: Path) -> None:
    async with open_office(tmp_path, HOLDS, PRESSED) as office:
        await office.says(FLOOD)
        await office.says(NO_AIR, OTHER)
        assert [wish.code for wish in office.line.rung] == [10]
        await office.box.happens(Acknowledged(office.box.clock.now(), "ann", escalation_id=1))
        await until(lambda: office.line.hung_up == [OWNER])
        await office.passes(5)
        assert [wish.code for wish in office.line.rung] == [10, 11]
        assert await office.states() == [(OWNER, "withdrawn", 1), (OWNER, "accepted", 1)]


async def test_of_two_rings_of_one_emergency_that_wait_one_is_left(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        office.line.dead = True
        await office.says(FLOOD)
        await office.passes(330, 30)
        assert [state for _, state, _ in await office.states()] == ["withdrawn", "queued"]
        office.line.dead = False
        await office.passes(5)
        assert office.line.numbers == [OWNER]


async def test_two_people_of_one_rung_ring_at_the_same_time(tmp_path: Path) -> None:
    both = replace(SHOP, escalation=replace(PEOPLE, rungs=(Rung((ON_CALL, "dana")),)))
    async with living(tmp_path / "box", both, read=reader()) as box:
        office = Office(box, Line(HOLDS, HOLDS))
        await office.says(FLOOD)
        assert sorted(office.line.going) == sorted([OWNER, DANA])
        await box.hears("10", DANA)
        await until(lambda: sorted(office.line.hung_up) == sorted([OWNER, DANA]))
        await office.rings()


async def test_what_could_not_ring_for_half_an_hour_rings_no_more(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        office.line.dead = True
        await office.says(FLOOD)
        await office.passes(3600, 60)
        assert {state for _, state, _ in await office.states()} <= {"withdrawn", "failed"}
        office.line.dead = False
        await office.passes(60)
        assert office.line.numbers == []


async def test_a_telephone_is_rung_although_the_alert_text_is_refused(tmp_path: Path) -> None:
    modem = PortModem()
    modem.answers.append(NO_SUCH_NUMBER)
    async with open_office(tmp_path, modem=modem) as office:
        await office.says(FLOOD)
        assert office.line.numbers[0] == OWNER


async def test_the_modem_that_rings_lets_a_text_of_an_emergency_go_first(tmp_path: Path) -> None:
    async with open_office(tmp_path, line=Line(HOLDS, HOLDS, shares_modem=True)) as office:
        await office.says(FLOOD)
        assert office.line.going == [OWNER]
        office.box.modem.ready = False  # as a modem that rings
        await office.box.hears(NO_AIR, OTHER)
        await until(lambda: office.line.hung_up == [OWNER])
        office.box.modem.ready = True


async def test_a_modem_rings_on_where_another_one_has_the_text(tmp_path: Path) -> None:
    async with open_office(tmp_path, line=Line(HOLDS, shares_modem=True)) as office:
        await office.says(FLOOD)
        assert office.line.going == [OWNER]
        await office.box.hears(NO_AIR, OTHER)
        await office.passes(10)
        assert len(office.box.texts_to(OWNER)) == 2
        assert (office.line.going, office.line.hung_up) == ([OWNER], [])


async def test_the_modem_that_rings_waits_for_the_texts_that_are_due(tmp_path: Path) -> None:
    """What the caller is told of the alert is not behind 30 seconds of ringing."""
    async with open_office(tmp_path, line=Line(shares_modem=True)) as office:
        told: list[int] = []
        office.box.dispatcher.listen(
            lambda _event, effects: told.extend(
                len(office.box.texts_to()) for effect in effects if isinstance(effect, RingPhone)
            )
        )
        await office.says(FLOOD)
        assert told == [1]


async def test_a_power_cut_while_it_rings_rings_again_and_a_third_one_is_the_last(tmp_path: Path) -> None:
    clock, modem = VirtualClock(), PortModem()
    async with living(tmp_path / "box", SHOP, modem=modem, clock=clock, read=reader()) as box:
        await box.hears(FLOOD)
        (wish,) = [e for e in await box.happens(RingClaimed(clock.now(), able=True)) if isinstance(e, RingPhone)]
    for life in (2, 3):
        async with living(tmp_path / "box", SHOP, modem=modem, clock=clock, read=reader()) as box:
            assert await box.rows("SELECT state, tries FROM alerts WHERE id = ?", wish.alert_id) == [
                ("queued", life - 1)
            ]
            await box.wait(31)
            await box.happens(RingClaimed(clock.now(), able=True))
    async with living(tmp_path / "box", SHOP, modem=modem, clock=clock, read=reader()) as box:
        assert await box.rows("SELECT state, tries FROM alerts WHERE id = ?", wish.alert_id) == [("rang", 3)]


async def test_a_power_cut_between_the_key_and_its_commit_rings_again(tmp_path: Path) -> None:
    """Who has pressed the key and is rung once more is better off than a caller of whom nobody knows."""
    clock = VirtualClock()
    async with living(tmp_path / "box", SHOP, clock=clock, read=reader()) as box:
        await box.hears(FLOOD)
        await box.happens(RingClaimed(clock.now(), able=True))
    async with open_office(tmp_path, PRESSED, clock=clock) as office:
        await office.passes(40)
        assert office.line.numbers == [OWNER]
        assert office.box.texts_to()[-1].startswith("Mike has seen your message.")


async def test_a_clock_that_is_set_keeps_a_ring_waiting_as_long_as_before(tmp_path: Path) -> None:
    async with open_office(tmp_path, BUSY) as office:
        await office.says(FLOOD)
        jump = 86400.0
        office.box.clock.moment += timedelta(seconds=jump)
        now = office.box.clock.now()
        await office.box.dispatcher.submit(ClockJumped(now, jump, now - timedelta(seconds=jump, hours=1)))
        await office.passes(40)
        assert office.line.numbers == [OWNER, OWNER]


async def test_people_who_are_not_to_be_rung_are_only_texted(tmp_path: Path) -> None:
    quiet = replace(SHOP, escalation=replace(PEOPLE, owner_rings=False))
    async with living(tmp_path / "box", quiet, read=reader()) as box:
        office = Office(box, Line())
        await office.says(FLOOD)
        assert office.line.rung == []
        assert len(box.texts_to(OWNER)) == 1


async def test_a_service_that_is_stopped_hangs_up_and_leaves_the_ring_for_the_next_start(tmp_path: Path) -> None:
    async with open_office(tmp_path, HOLDS) as office:
        serving = asyncio.create_task(office.service.run())
        await office.box.hears(FLOOD)
        await until(lambda: office.line.going == [OWNER])
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        assert office.line.going == []
        assert await office.states() == [(OWNER, "queued", 1)]


def simulated(via: RingVia, *lines: dict[str, object]) -> list[dict[str, object]]:
    """What `textback simulate` tells of telephones and of the emergency."""
    out = io.StringIO()
    box = Simulation(replace(MILLER, business=SHOP, ringing=RingingConfig(via=via)), out, reader())
    for line in lines:
        box.feed(line)
    box.close()
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    return [effect for effect in told if effect["effect"] in ("ring", "escalation")]


def test_simulate_shows_whose_telephone_rings_and_what_comes_of_it() -> None:
    flood: dict[str, object] = {"at": at(), "event": "text", "from": CALLER, "body": FLOOD}
    key: dict[str, object] = {"at": at(60), "event": "phones", "answer": "key"}
    told = simulated(RingVia.ASTERISK, flood, key, wait(3600))
    assert [(effect["effect"], effect.get("to") or effect.get("state"), effect.get("outcome")) for effect in told] == [
        ("escalation", "alerting", None),
        ("ring", OWNER, "rang"),
        ("escalation", "acknowledged", None),
        ("ring", OWNER, "accepted"),
    ]
    by_modem = simulated(RingVia.MODEM, flood, key, wait(3600))
    assert {effect["outcome"] for effect in by_modem if effect["effect"] == "ring"} == {"rang", "answered"}
    off = simulated(RingVia.OFF, flood, key, wait(3600))
    assert not [effect for effect in off if effect["effect"] == "ring"]


def test_simulate_names_an_answer_that_is_none() -> None:
    with pytest.raises(BadLine, match="unknown answer 'maybe'"):
        simulated(RingVia.ASTERISK, {"at": at(), "event": "phones", "answer": "maybe"})


LEE, KIM = "+12165550152", "+12165550153"
MINUTES = replace(
    PEOPLE,
    people=(*PEOPLE.people, Person("lee", "Lee", LEE, rings=True), Person("kim", "Kim", KIM, rings=True)),
    rungs=(Rung(("owner", "dana", "lee"), times=3, every_s=60.0), Rung(("kim",), every_s=60.0)),
)


async def rung_one_by_one(path: Path, rules: EscalationRules, minutes: int, ring_s: float = 45.0) -> list[str]:
    """Whom a modem rings, one after the other, each for that long and in vain."""
    rung: list[str] = []
    async with living(path / "box", replace(BUSINESS, escalation=rules), read=reader()) as box:
        await box.hears(FLOOD)
        over = box.clock.now() + timedelta(minutes=minutes)
        while box.clock.now() < over:
            effects = await box.happens(RingClaimed(box.clock.now(), able=True, shares=True))
            wish = next((effect for effect in effects if isinstance(effect, RingPhone)), None)
            await box.wait(ring_s if wish is not None else 1.0)
            if wish is not None:
                rung.append(wish.to)
                await box.happens(RingSettled(box.clock.now(), wish.alert_id, RingOutcome.RANG, "rang"))
    return rung


async def test_with_one_modem_everybody_of_a_rung_is_rung_before_anybody_is_rung_again(tmp_path: Path) -> None:
    assert await rung_one_by_one(tmp_path, MINUTES, 3) == [OWNER, DANA, LEE, OWNER]


async def test_with_one_modem_the_next_rung_does_not_wait_for_all_of_the_one_before(tmp_path: Path) -> None:
    once = replace(MINUTES, rungs=(replace(MINUTES.rungs[0], times=1), MINUTES.rungs[1]))
    assert await rung_one_by_one(tmp_path, once, 3) == [OWNER, DANA, KIM, LEE]


async def test_a_ring_that_has_waited_for_long_lets_a_fresh_alert_leave_before_it(tmp_path: Path) -> None:
    once = replace(MINUTES, rungs=(replace(MINUTES.rungs[0], times=1), MINUTES.rungs[1]))
    async with living(tmp_path / "box", replace(BUSINESS, escalation=once), read=reader()) as box:
        await box.hears(FLOOD)
        await box.wait(59)
        box.clock.moment += timedelta(seconds=2)
        box.modem.ready = False
        await box.sender.drain()
        await box.happens(TextClaimed(box.clock.now(), able=False))
        claim = RingClaimed(box.clock.now(), able=True, shares=True)
        assert await box.happens(claim) == []  # Kim's text waits
        box.modem.ready = True
        await box.sender.drain()
        (wish,) = await box.happens(claim)
        assert isinstance(wish, RingPhone)
        assert wish.to == KIM
