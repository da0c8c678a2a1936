"""An emergency on a real pty: the alert text is out at once, then the modem rings the owner; and through a manager port."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.modem.settings import Timings
from drivers.simulator.modem import Answering, SimulatedModem, SimulatedNetwork
from gateway.core.events import Health
from gateway.settings import parse
from gateway.supervisor import Gateway, running
from tests.waiting import until

OWNER, CALLER = "+12165550190", "+12165550137"
FLOOD = "the pipe burst and water is pouring through the ceiling"
CONFIG = """
business: {{name: Miller Heating & Air, timezone: America/New_York, area_code: "216", owner_cell: "+12165550190",
  owner_rings: yes}}
lines: {{main: {{number: "+12165550100"}}}}
texting: {{settle: 0 s}}
conversation: {{wait: 0 s}}
ringing: {{via: modem, ring_for: 10 s}}
modem: {{port: {modem}, number: "+12165550188", role: forwarded_line, line: main}}
state: {state}
"""
TWO = pytest.mark.parametrize("dialect", ["huawei", "sim7600", "generic"])
AT_ONCE_S = 1.0  # from the caller's text to the owner's, as promised


@asynccontextmanager
async def box(folder: Path, dialect: str, fate: Answering) -> AsyncIterator[tuple[Gateway, SimulatedModem]]:
    network = SimulatedNetwork(answers={OWNER: fate}, setup_s=0.05, answer_s=0.3)
    async with SimulatedModem(dialect, link=folder / "modem", network=network) as modem:
        settings = parse(CONFIG.format(modem=modem.path, state=folder / "state"), "box.yaml")
        settings = replace(settings, page=replace(settings.page, port=0))
        timings = Timings(drain_s=0.05, call_out_poll_s=0.1, call_setup_s=1.0)
        async with running(Gateway(settings, modem_timings=timings)) as gateway:
            await until(lambda: any(r.component == "modem" and r.health is Health.UP for r in gateway.board.reports()))
            yield gateway, modem


async def rings(gateway: Gateway) -> list[tuple[str, str]]:
    sql = "SELECT state, say FROM alerts WHERE channel = 'call' ORDER BY id"
    return await gateway.store.read(lambda db: [tuple(row) for row in db.execute(sql)])


@TWO
async def test_the_text_leaves_within_a_second_and_then_the_owners_telephone_rings(
    tmp_path: Path, dialect: str
) -> None:
    async with box(tmp_path, dialect, Answering.RINGS) as (gateway, modem):
        began = time.monotonic()
        modem.receive(CALLER, FLOOD)
        await until(lambda: modem.dialled_calls)
        alert = modem.sent[0]
        assert alert.to == OWNER
        assert alert.at - began < AT_ONCE_S
        said = [line for _, line in modem.commands]
        assert said.index(f"ATD{OWNER};") > next(at for at, line in enumerate(said) if line.startswith("AT+CMGS="))
        assert [text.to for text in modem.sent] == [
            OWNER,
            CALLER,
        ]  # and the caller knows of it before the line is taken
        modem.receive(OWNER, "10")
        await until(lambda: not modem.dialled_calls[0].open)
        await until(lambda: len(modem.sent) == 4)
        assert [state for state, _ in await rings(gateway)] == ["withdrawn"]
        assert {text.body for text in modem.sent[2:] if text.to == CALLER}


async def test_who_answers_by_text_while_his_telephone_rings_is_answered_at_once(tmp_path: Path) -> None:
    async with box(tmp_path, "huawei", Answering.RINGS) as (_, modem):
        modem.receive(CALLER, FLOOD)
        await until(lambda: modem.dialled_calls)
        modem.receive(OWNER, "ten")
        await until(lambda: any("NOBODY HAS 10!" in text.body for text in modem.sent))
        assert not modem.dialled_calls[0].open


@TWO
async def test_who_takes_the_call_of_a_modem_has_not_said_that_he_has_it(tmp_path: Path, dialect: str) -> None:
    async with box(tmp_path, dialect, Answering.ANSWERED) as (gateway, modem):
        modem.receive(CALLER, FLOOD)

        async def over() -> bool:
            return [state for state, _ in await rings(gateway)] == ["rang"]

        await until(over)
        assert (await rings(gateway))[0][1].startswith("answered")
        states = await gateway.store.read(lambda db: [row[0] for row in db.execute("SELECT state FROM escalations")])
        assert states == ["alerting"]


async def test_a_second_emergency_does_not_wait_for_the_ringing_of_the_first(tmp_path: Path) -> None:
    async with box(tmp_path, "huawei", Answering.RINGS) as (_, modem):
        modem.receive(CALLER, FLOOD)
        await until(lambda: modem.dialled_calls)
        began = time.monotonic()
        modem.receive("+12165550138", "the basement is flooding, the main burst")
        await until(lambda: [text.to for text in modem.sent].count(OWNER) == 2)
        alert = [text for text in modem.sent if text.to == OWNER][1]
        assert alert.at - began < 2 * AT_ONCE_S  # the telephone was hung up first
        assert not modem.dialled_calls[0].open


async def test_a_modem_without_voice_still_texts_and_the_page_says_what_is_missing(tmp_path: Path) -> None:
    async with box(tmp_path, "quectel", Answering.RINGS) as (gateway, modem):
        modem.change_faults(no_voice=True)
        modem.receive(CALLER, FLOOD)
        await until(lambda: any("cannot make telephone calls" in report.say for report in gateway.board.reports()))
        assert [text.to for text in modem.sent][:1] == [OWNER]
        await asyncio.sleep(0)
