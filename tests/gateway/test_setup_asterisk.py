"""A box is connected to a phone system from its page: the text for manager.conf, the look at it, a test call seen by it."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.asterisk.settings import Timings as AsteriskTimings
from drivers.modem.settings import Timings
from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.commands.phonesystem import HIDDEN, own_address
from gateway.core.phonesystem import PhoneSystemAnswer, manager_text
from gateway.core.views.setup import steps_of
from gateway.settings import load
from gateway.settings.edit.first import unconfigured
from gateway.supervisor import Gateway, running
from tests.gateway.test_setup import ANSWERS, CELL
from tests.waiting import until
from web.words import setupwords

LINE = {"kind": "asterisk", "number": "(216) 555-0100", "sim": "(216) 555-0188"}


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Gateway]:
    settings = unconfigured(tmp_path / "gateway.yaml", "127.0.0.1:0", str(tmp_path / "state"))
    quick = AsteriskTimings(connect_s=2.0, answer_s=1.5)
    async with running(Gateway(settings, modem_timings=Timings(drain_s=0.05), asterisk_timings=quick)) as gateway:
        await gateway.setup.answer("business", ANSWERS["business"], "Otto")
        await gateway.setup.answer("line", LINE, "Otto")
        yield gateway


async def pasted(gateway: Gateway) -> dict[str, str]:
    """The text for manager.conf, line by line."""
    text = (await gateway.setup.view(step="asterisk")).paste
    return dict(re.findall(r"^(\w+) = (.*)$", text, re.MULTILINE))


def tones(system) -> list[str]:
    return [step.tone for step in setupwords.looked(system)]


async def test_what_stands_on_the_page_lets_the_box_in_and_its_secret_is_shown_no_more(fresh: Gateway) -> None:
    text = await pasted(fresh)
    assert (text["read"], text["write"]) == ("system,call", "reporting")
    assert len(text["secret"]) >= 20
    async with SimulatedPbx(secret=text["secret"]) as pbx:
        where = {"host": "127.0.0.1", "port": str(pbx.port), "username": "", "secret": ""}
        await fresh.setup.answer("asterisk", where, "Otto")
        assert (await pasted(fresh))["secret"] == text["secret"]  # not in use yet
        await fresh.setup.look()
        view = await fresh.setup.view(step="asterisk")
        assert view.looked.fine
        assert view.looked.version.startswith("22")
        assert tones(view.looked) == ["good"] * 4
        assert (await pasted(fresh))["secret"] == HIDDEN
        assert [action["action"] for action in pbx.actions if action["action"] == "Login"] == ["Login"]


async def test_a_secret_that_somebody_has_typed_is_never_shown(fresh: Gateway) -> None:
    await fresh.setup.answer("asterisk", {"username": "watcher", "secret": "swordfish"}, "Otto")
    assert (await pasted(fresh))["secret"] == HIDDEN
    assert (await fresh.setup.view(step="asterisk")).paste.startswith("[watcher]")


async def test_each_way_in_which_a_phone_system_cannot_be_used_has_its_own_words(fresh: Gateway) -> None:
    said: dict[PhoneSystemAnswer, str] = {}

    async def looks(port: int, host: str = "127.0.0.1") -> PhoneSystemAnswer:
        await fresh.setup.answer("asterisk", {"host": host, "port": str(port), "secret": "simulated"}, "Otto")
        await fresh.setup.look()
        system = (await fresh.setup.view(step="asterisk")).looked
        bad = next(step for step in setupwords.looked(system) if step.tone == "bad")
        said[system.answer] = bad.remedy
        return system.answer

    async with SimulatedPbx(secret="another") as pbx:
        assert await looks(pbx.port) is PhoneSystemAnswer.REFUSED
        pbx.frozen = True
        assert await looks(pbx.port) is PhoneSystemAnswer.SILENT
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert await looks(free.getsockname()[1]) is PhoneSystemAnswer.NOTHING_LISTENS
    assert await looks(5038, "pbx..lan") is PhoneSystemAnswer.UNKNOWN_NAME

    async def greets(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greets, "127.0.0.1", 0) as server:
        assert await looks(server.sockets[0].getsockname()[1]) is PhoneSystemAnswer.STRANGER
    assert len(set(said.values())) == 5
    assert all(said.values())


async def test_a_port_that_is_none_is_refused_before_anybody_is_asked(fresh: Gateway) -> None:
    with pytest.raises(ValueError, match="say where the phone system is first"):
        await fresh.setup.look()
    with pytest.raises(ValueError, match="whole number from 1 to 65535"):
        await fresh.setup.answer("asterisk", {"port": "manager", "secret": "simulated"}, "Otto")


async def test_a_test_call_is_watched_from_the_phone_systems_side(fresh: Gateway, tmp_path: Path) -> None:
    secret = (await pasted(fresh))["secret"]
    async with SimulatedPbx(secret=secret) as pbx, SimulatedModem("generic", link=tmp_path / "modem") as modem:
        assert "asterisk" in (await fresh.setup.view()).missing
        await fresh.setup.answer("asterisk", {"host": "127.0.0.1", "port": str(pbx.port)}, "Otto")
        for step in ("hours", "area", "people", "services"):
            await fresh.setup.answer(step, ANSWERS[step], "Otto")
        await fresh.setup.answer("modem", {"port": str(tmp_path / "modem")}, "Otto")
        await fresh.setup.install("Otto")
        settings = load(fresh.settings.source)
        assert settings.asterisk[0].secret == secret
        assert settings.asterisk[0].port == pbx.port
        works = {"modem": "The modem works.", "asterisk": f"Connected to Asterisk at 127.0.0.1:{pbx.port}."}

        def up() -> bool:
            return works.items() <= {report.component: report.say for report in fresh.board.reports()}.items()

        await until(up)
        await fresh.setup.begin_trial(CELL, "Otto")
        call = asyncio.create_task(pbx.missed_call("2165550190", "2165550100", ring_s=5.0))

        async def steps() -> list[str]:
            view = await fresh.setup.view(step="test-call")
            link = next(report for report in fresh.board.reports() if report.component == view.system)
            return [step.tone for step in setupwords.live_steps(view.trial, fresh.clock.now(), link)]

        async def shows(tones: list[str]) -> None:
            async with asyncio.timeout(20):
                async for _change in fresh.queries.changes():
                    if (await steps())[: len(tones)] == tones:
                        return

        await shows(["good", "good", "good", "busy"])  # connected, seen, whose number, and it rings
        await call
        await shows(["good", "good", "good", "busy"])
        await until(lambda: bool(modem.network.sent_texts()), 20)
        assert [text.to for text in modem.network.sent_texts()] == [CELL]


def test_a_phone_system_is_set_up_where_a_line_would_be_forwarded() -> None:
    assert "asterisk" not in steps_of({})
    assert "forwarding" in steps_of({"line": {"kind": "sim"}})
    assert "forwarding" not in steps_of({"line": LINE})
    assert steps_of({"line": LINE}).index("asterisk") == 2


def test_the_text_names_the_address_that_the_phone_system_sees() -> None:
    assert "permit = 192.168.1.20/255.255.255.255" in manager_text("textback", "s", "192.168.1.20")
    assert "permit = fd00::20/128" in manager_text("textback", "s", "fd00::20")
    assert own_address("127.0.0.1") == "127.0.0.1"
    assert own_address("pbx..lan") == own_address("192.0.2.1")
