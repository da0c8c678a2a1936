"""The whole path through real sockets and a real pty: a missed call becomes one AT+CMGS."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.modem.settings import Timings
from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import control
from gateway.core.events import Health
from gateway.settings import parse
from gateway.statefolder import SOCKET, AlreadyRunning, only_one
from gateway.supervisor import Gateway, running

PATIENCE_S = 20.0
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

CONFIG = """
business: {{name: Miller Heating & Air, timezone: America/New_York, area_code: "216", owner_cell: "+12165550190",
  extensions: ["100-299"]}}
lines: {{main: {{number: "+12165550100"}}, oncall: {{number: "+12165550155", always_notify_owner: yes}}}}
hours: {{mon: ["08:00-17:00"]}}
texting: {{settle: 0 s}}
conversation: {{wait: 0 s}}
asterisk: {{host: 127.0.0.1, port: {ami}, username: textback, secret: simulated}}
modem: {{port: {modem}, number: "+12165550188", role: forwarded_line, line: main}}
page: {{host: 127.0.0.1, port: 8080}}
state: {state}
"""


class Box:
    """A gateway with a simulated PBX and modem around it."""

    def __init__(self, gateway: Gateway, pbx: SimulatedPbx, modem: SimulatedModem) -> None:
        self.gateway, self.pbx, self.modem = gateway, pbx, modem
        self.changed = asyncio.Event()
        gateway.board.listen(lambda _report: self.changed.set())
        gateway.dispatcher.listen(lambda _event, _effects: self.changed.set())
        modem.network.on_sent.append(lambda _text: self.changed.set())

    async def until(self, true: object) -> None:
        """Wait until `true()` holds; looks whenever the box or the network has done something."""
        async with asyncio.timeout(PATIENCE_S):
            while not true():  # type: ignore[operator]
                self.changed.clear()
                await self.changed.wait()

    async def up(self) -> None:
        def all_up() -> bool:
            up = {r.component for r in self.gateway.board.reports() if r.health is Health.UP}
            return {"modem", "asterisk"} <= up

        await self.until(all_up)

    async def calls(self, count: int, *, over: bool = True) -> list[str]:
        """The sentences of the calls (that are over), oldest first, once there are `count` of them."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                self.changed.clear()
                calls = await self.gateway.queries.calls(LONG_AGO)
                said = [c.say for c in reversed(calls) if not over or c.outcome not in ("ringing", "waiting")]
                if len(said) >= count:
                    return said
                await self.changed.wait()

    def cmgs(self) -> int:
        return sum(command.upper().startswith("AT+CMGS=") for _, command in self.modem.commands)


@pytest.fixture
async def box(tmp_path: Path, request: pytest.FixtureRequest) -> object:
    dialect = getattr(request, "param", "generic")
    async with SimulatedPbx() as pbx, SimulatedModem(dialect, link=tmp_path / "modem") as modem:
        modem.auto_report = True
        text = CONFIG.format(ami=pbx.port, modem=modem.path, state=tmp_path / "state")
        settings = parse(text, "box.yaml")
        settings = replace(settings, page=replace(settings.page, port=0))
        async with running(Gateway(settings, modem_timings=Timings(drain_s=0.05))) as gateway:
            box = Box(gateway, pbx, modem)
            await box.up()
            yield box


async def test_a_missed_call_on_asterisk_becomes_one_text_on_the_wire(box: Box) -> None:
    await box.pbx.missed_call("2165550137", "2165550100", ring_s=0.05)
    assert (await box.calls(1))[0].startswith("texted in")
    assert [t.to for t in box.modem.network.sent_texts()] == ["+12165550137"]
    assert box.cmgs() == 1


async def test_an_answered_call_sends_nothing(box: Box) -> None:
    await box.pbx.answered_call("2165550138", "2165550100", "102", ring_s=0.05, talk_s=0.05)
    assert await box.calls(1) == ["answered by 102"]
    assert box.cmgs() == 0


async def test_a_caller_who_rings_again_and_is_answered_is_not_texted_for_the_first_call(box: Box) -> None:
    first = asyncio.create_task(box.pbx.missed_call("2165550142", "2165550100", ring_s=0.3))
    await box.calls(1, over=False)
    second = asyncio.create_task(box.pbx.answered_call("2165550142", "2165550100", "102", ring_s=0.4, talk_s=0.2))
    await asyncio.gather(first, second)
    assert await box.calls(2) == ["the office (102) has spoken with the caller", "answered by 102"]
    assert box.cmgs() == 0


async def test_a_caller_whom_the_office_reaches_while_they_ring_in_vain_is_not_texted(box: Box) -> None:
    """The office calls first, and the two calls cross."""
    first = asyncio.create_task(box.pbx.missed_call("2165550143", "2165550100", ring_s=1.5))
    await box.calls(1, over=False)
    second = asyncio.create_task(box.pbx.office_call("102", "12165550143", ring_s=0.2, talk_s=2.0))
    await asyncio.gather(first, second)
    assert await box.calls(1) == ["the office has spoken with the caller"]
    assert box.cmgs() == 0


async def test_a_caller_whom_the_office_rings_in_vain_is_texted_after_that(box: Box) -> None:
    first = asyncio.create_task(box.pbx.missed_call("2165550144", "2165550100", ring_s=1.5))
    await box.calls(1, over=False)
    second = asyncio.create_task(box.pbx.office_call("102", "912165550144", ring_s=2.0))
    await first
    assert box.cmgs() == 0
    await second
    assert (await box.calls(1))[0].startswith("texted in")
    assert box.cmgs() == 1


async def test_a_withheld_caller_is_not_texted_also_when_the_trunk_leaks_the_number(box: Box) -> None:
    await box.pbx.missed_call("2165550139", "2165550100", ring_s=0.2, withheld_with_number=True)
    assert await box.calls(1) == ["withheld number"]
    assert box.cmgs() == 0


@pytest.mark.parametrize("box", ["generic", "huawei", "quectel", "sim7600", "sim800", "zte"], indirect=True)
async def test_a_call_forwarded_to_the_modem_becomes_one_text(box: Box) -> None:
    call = box.modem.ring("2165550141", rings=1)
    await box.calls(1, over=False)
    call.hang_up()
    assert (await box.calls(1))[0].startswith("texted in")
    assert [t.to for t in box.modem.network.sent_texts()] == ["+12165550141"]


@pytest.mark.parametrize("box", ["generic", "huawei", "quectel", "sim7600", "sim800", "zte"], indirect=True)
async def test_a_text_is_answered_with_one_question_on_the_wire(box: Box) -> None:
    box.modem.receive("+12165550137", "our furnace needs its yearly tune up")
    await box.until(lambda: box.cmgs() == 1)
    sent = box.modem.network.sent_texts()
    assert [(t.to, t.body) for t in sent] == [("+12165550137", "Thank you. What ZIP code or town is that in?")]


async def test_an_emergency_is_told_to_the_owner_and_then_the_caller_hears_that_it_was(box: Box) -> None:
    box.modem.receive("+12165550137", "the pipe burst and water is pouring through the ceiling")
    await box.until(lambda: box.cmgs() == 2)
    first, second = box.modem.network.sent_texts()
    assert (first.to, second.to) == ("+12165550190", "+12165550137")
    assert first.body.startswith("EMERGENCY 10: (216) 555-0137")
    assert second.body.startswith("Our on-call person has been texted about this. Nobody has confirmed yet.")


async def test_where_people_are_in_danger_the_safety_text_is_the_first_on_the_wire(box: Box) -> None:
    box.modem.receive("+12165550137", "I smell gas in the whole house")
    await box.until(lambda: box.cmgs() == 3)
    sent = box.modem.network.sent_texts()
    assert [t.to for t in sent] == ["+12165550137", "+12165550190", "+12165550137"]
    assert sent[0].body.startswith("Leave the building now.")


async def test_an_answer_by_text_is_kept_and_deleted_from_the_sim(box: Box) -> None:
    box.modem.receive("+12165550137", "Our furnace quit. Can you come by today? 🥶")
    async with asyncio.timeout(PATIENCE_S):
        while not (leads := await box.gateway.queries.leads(datetime.now(UTC))):
            box.changed.clear()
            await box.changed.wait()
    letters = await box.gateway.store.read(lambda db: [row["body"] for row in db.execute("SELECT body FROM letters")])
    assert letters == ["Our furnace quit. Can you come by today? 🥶"]
    assert [lead.issue for lead in leads] == ["Our furnace quit. Can you come by today? 🥶"]


async def test_status_and_test_text_go_through_the_side_door(box: Box) -> None:
    path = box.gateway.settings.state_dir / SOCKET
    status = await control.ask(path, {"do": "status"})
    health = {h["component"]: h["health"] for h in status["health"]}
    assert health == {"modem": "up", "asterisk": "up", "store": "up", "clock": "up"}
    json.dumps(status)
    assert status["leads"] == {"open": 0, "emergencies": 0}
    assert await control.ask(path, {"do": "hand-back", "to": "2165550137", "by": "ann"}) == {"number": "+12165550137"}
    with pytest.raises(control.Refused, match="not a telephone number"):
        await control.ask(path, {"do": "hand-back", "to": "ann"})
    key = (await control.ask(path, {"do": "send-test", "to": "+12165550137"}))["key"]
    await box.until(lambda: box.modem.network.sent)
    assert (await control.ask(path, {"do": "text", "key": key}))["state"] in ("submitting", "accepted", "delivered")
    assert await control.ask(path, {"do": "drill"}) == {}
    view = await control.ask(path, {"do": "drill-state"})
    assert (view["code"], view["state"], view["told"][0]["channel"]) == (10, "alerting", "text")
    with pytest.raises(control.Refused, match="no drill now: 10 is not over"):
        await control.ask(path, {"do": "drill"})
    with pytest.raises(control.Refused, match="unknown request 'nonsense'"):
        await control.ask(path, {"do": "nonsense"})


async def test_another_system_says_by_the_side_door_whom_it_has_contacted(box: Box) -> None:
    path = box.gateway.settings.state_dir / SOCKET
    answer = await control.ask(path, {"do": "contacted", "to": "(216) 555-0147", "by": "the answering service"})
    assert answer == {"number": "+12165550147"}
    call = box.modem.ring("2165550147", rings=1)
    await box.calls(1, over=False)
    call.hang_up()
    assert (await box.calls(1))[0].startswith("already contacted")
    with pytest.raises(control.Refused, match="is not a telephone number"):
        await control.ask(path, {"do": "contacted", "to": "Bob"})


async def test_a_second_gateway_on_the_same_folder_is_refused_with_a_sentence(box: Box) -> None:
    with pytest.raises(AlreadyRunning, match="another gateway runs"), only_one(box.gateway.settings.state_dir):
        raise AssertionError("two gateways at once")
