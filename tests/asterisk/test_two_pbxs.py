"""Two PBXs in one gateway: the same Uniqueid on both is two calls, and neither ends the other's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from drivers.simulator.modem import SimulatedModem
from gateway.settings import parse
from gateway.supervisor import Gateway, running
from tests.asterisk.ami_server import AmiServer
from tests.asterisk.blocks import arrives, hangs_up, row

PATIENCE_S = 20.0
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TRUNK = "PJSIP/trunk-00000001"
FIRST = "  - {{host: 127.0.0.1, port: {0}, username: textback, secret: scripted}}"
SECOND = "  - {{name: branch, host: 127.0.0.1, port: {1}, username: textback, secret: scripted}}"
CONFIG = """
business: {{name: Miller Heating & Air, timezone: America/New_York, area_code: "216", owner_cell: "+12165550190"}}
lines: {{main: {{number: "+13035550101"}}}}
hours: {{mon: ["08:00-17:00"]}}
texting: {{settle: 0 s}}
asterisk:
%s
modem: {{port: {2}, number: "+12165550188", role: forwarded_line, line: main}}
page: {{host: 127.0.0.1, port: 8080}}
state: {3}
"""


class Calls:
    """What the page says of each caller, and a way to wait for it."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._changed = asyncio.Event()
        gateway.dispatcher.listen(lambda _event, _effects: self._changed.set())

    async def until(self, holds: Callable[[dict[str, str]], bool]) -> dict[str, str]:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                self._changed.clear()
                calls = await self._gateway.queries.calls(LONG_AGO)
                said = {call.caller: call.outcome for call in calls}
                if holds(said):
                    return said
                await self._changed.wait()


@asynccontextmanager
async def at_work(text: str) -> AsyncIterator[Calls]:
    settings = parse(text, "box.yaml")
    async with running(Gateway(replace(settings, page=replace(settings.page, port=0)))) as gateway:
        yield Calls(gateway)


async def test_the_same_uniqueid_on_two_pbxs_is_two_calls_also_after_a_restart_of_the_gateway(tmp_path: Path) -> None:
    one, two = "+12165550131", "+12165550132"
    async with AmiServer() as first, AmiServer() as second, SimulatedModem(link=tmp_path / "modem") as modem:
        places = (first.port, second.port, modem.path, tmp_path / "state")
        both = (CONFIG % f"{FIRST}\n{SECOND}").format(*places)
        async with at_work(both) as calls:
            await first.until(lambda: bool(first.asked("Status")))
            await second.until(lambda: bool(second.asked("Status")))
            await first.send(arrives("1.1", caller=one))
            await second.send(arrives("1.1", caller=two))
            await calls.until(lambda said: set(said) == {one, two})
        first.rows = [row("1.1", TRUNK, "4")]
        second.rows = [row("1.1", TRUNK, "4")]
        asked = len(second.asked("Status"))
        async with at_work(both) as calls:
            await second.until(lambda: len(second.asked("Status")) > asked)
            await first.send(hangs_up("1.1"))
            said = await calls.until(lambda said: said[one] != "ringing")
            assert said[two] == "ringing"
            await second.send(hangs_up("1.1"))
            await calls.until(lambda said: said[two] != "ringing")


async def test_a_call_of_a_pbx_that_is_no_longer_configured_ends_as_unknown(tmp_path: Path) -> None:
    caller = "+12165550133"
    async with AmiServer() as first, AmiServer() as second, SimulatedModem(link=tmp_path / "modem") as modem:
        places = (first.port, second.port, modem.path, tmp_path / "state")
        async with at_work((CONFIG % f"{FIRST}\n{SECOND}").format(*places)) as calls:
            await second.until(lambda: bool(second.asked("Status")))
            await second.send(arrives("1.1", caller=caller))
            await calls.until(lambda said: caller in said)
        async with at_work((CONFIG % FIRST).format(*places)) as calls:
            said = await calls.until(lambda said: said[caller] != "ringing")
            assert said[caller] == "unknown_outcome"
