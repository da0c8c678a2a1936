"""A changed configuration is taken in while calls come in and texts go out, and none of them is lost."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from drivers.modem.settings import Timings
from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import control
from gateway.core.events import Health
from gateway.settings import SettingsError, load, parse
from gateway.settings.edit.first import first_text, unconfigured
from gateway.statefolder import SOCKET
from gateway.supervisor import Gateway, running
from tests.gateway.test_wire import CONFIG, Box
from tests.waiting import until

QUICK = Timings(drain_s=0.05)


class Filed(Box):
    """A box whose configuration lies in a file."""

    file: Path

    def rewrite(self, old: str, new: str) -> None:
        text = self.file.read_text()
        assert old in text
        self.file.write_text(text.replace(old, new))

    async def history(self) -> list[str]:
        rows = await self.gateway.store.read(
            lambda db: db.execute("SELECT what FROM history WHERE subject = 'box:settings' ORDER BY id").fetchall()
        )
        return [row["what"] for row in rows]

    def health(self) -> dict[str, Health]:
        return {report.component: report.health for report in self.gateway.board.reports()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Filed]:
    async with SimulatedPbx() as pbx, SimulatedModem("generic", link=tmp_path / "modem") as modem:
        file = tmp_path / "gateway.yaml"
        text = CONFIG.format(ami=pbx.port, modem=modem.path, state=tmp_path / "state")
        file.write_text(text.replace("port: 8080", f"port: {free_port()}"))
        file.chmod(0o600)
        async with running(Gateway(load(file), modem_timings=QUICK)) as gateway:
            box = Filed(gateway, pbx, modem)
            box.file = file
            await box.up()
            yield box


async def test_a_rule_that_changes_while_a_call_rings_decides_about_that_call(box: Filed) -> None:
    ringing = asyncio.create_task(box.pbx.missed_call("2165550137", "2165550100", ring_s=0.5))
    await box.calls(1, over=False)
    box.rewrite('main: {number: "+12165550100"}', 'main: {number: "+12165550100", text_back: no}')

    taken = await box.gateway.reload("the command line")
    await ringing

    assert taken.exchanged == ()
    assert await box.calls(1) == ["line main is not texted"]
    assert box.cmgs() == 0
    assert await box.history() == ["the command line: the configuration file was changed by hand"]


async def test_the_text_in_the_modems_hand_is_finished_before_the_modem_is_exchanged(
    box: Filed, tmp_path: Path
) -> None:
    async with SimulatedModem("generic", link=tmp_path / "other") as other:
        other.network.on_sent.append(lambda _text: box.changed.set())
        box.modem.faults.late_cmgs, box.modem.faults.late_cmgs_s = True, 0.4
        await box.pbx.missed_call("2165550137", "2165550100", ring_s=0.05)
        await box.until(lambda: box.cmgs() == 1)
        box.rewrite(str(tmp_path / "modem"), str(tmp_path / "other"))

        taken = await box.gateway.reload("the command line")

        assert taken.exchanged == ("modem",)
        assert (await box.calls(1))[0].startswith("texted in")
        await box.up()
        await box.pbx.missed_call("2165550138", "2165550100", ring_s=0.05)
        assert len(await box.calls(2)) == 2
        assert [text.to for text in box.modem.network.sent_texts()] == ["+12165550137"]
        assert [text.to for text in other.network.sent_texts()] == ["+12165550138"]


async def test_a_call_that_rings_at_a_modem_that_is_exchanged_is_texted_all_the_same(
    box: Filed, tmp_path: Path
) -> None:
    async with SimulatedModem("generic", link=tmp_path / "other") as other:
        other.network.on_sent.append(lambda _text: box.changed.set())
        box.modem.ring("2165550141", rings=20)
        await box.calls(1, over=False)
        box.rewrite(str(tmp_path / "modem"), str(tmp_path / "other"))

        await box.gateway.reload("the command line")

        assert (await box.calls(1))[0].startswith("texted in")
        assert [text.to for text in other.network.sent_texts()] == ["+12165550141"]


async def test_another_asterisk_is_listened_to_and_the_modem_is_left_alone(box: Filed) -> None:
    async with SimulatedPbx() as other:
        box.rewrite(f"port: {box.pbx.port}", f"port: {other.port}")

        assert (await box.gateway.reload("the command line")).exchanged == ("asterisk",)

        await box.up()
        assert sum(command == "ATE0" for _, command in box.modem.commands) == 1  # it was not started anew
        await other.missed_call("2165550139", "2165550100", ring_s=0.05)
        assert (await box.calls(1))[0].startswith("texted in")


async def test_a_call_in_progress_goes_on_when_its_asterisk_gets_other_contexts(box: Filed) -> None:
    ringing = asyncio.create_task(box.pbx.missed_call("2165550137", "2165550100", ring_s=1.5))
    await box.calls(1, over=False)
    box.rewrite("secret: simulated}", "secret: simulated, inbound_contexts: [from-trunk, from-pstn]}")

    assert (await box.gateway.reload("the command line")).exchanged == ("asterisk",)
    await ringing

    assert (await box.calls(1))[0].startswith("texted in")
    assert box.cmgs() == 1


async def test_a_file_with_mistakes_is_refused_with_all_of_them_and_the_box_goes_on(box: Filed) -> None:
    before = box.gateway.settings
    box.rewrite('mon: ["08:00-17:00"]', 'mon: ["08:00-07:00"], funday: []')
    path = before.state_dir / SOCKET

    with pytest.raises(control.Refused, match=r"(?s)hours.*funday"):
        await control.ask(path, {"do": "reload"})

    assert box.gateway.settings is before
    assert box.health()["configuration"] is Health.DEGRADED
    await box.pbx.missed_call("2165550137", "2165550100", ring_s=0.05)
    assert (await box.calls(1))[0].startswith("texted in")
    box.rewrite('mon: ["08:00-07:00"], funday: []', 'mon: ["08:00-16:00"]')
    assert await control.ask(path, {"do": "reload"}) == {"say": "Saved and in use."}
    assert "configuration" not in box.health()


async def test_a_signal_has_the_file_taken_in(box: Filed) -> None:
    box.rewrite("name: Miller Heating & Air", "name: Miller & Sons")

    box.gateway.reload_soon()

    await box.until(lambda: box.gateway.dispatcher.business.name == "Miller & Sons")


async def test_the_page_moves_to_its_new_address_and_an_address_that_is_taken_is_refused(box: Filed) -> None:
    port, before = free_port(), box.gateway.settings.page.port
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        box.rewrite(f"port: {before}", f"port: {other.getsockname()[1]}")
        with pytest.raises(SettingsError, match="nothing can listen"):
            await box.gateway.reload("the command line")
        box.rewrite(f"port: {other.getsockname()[1]}", f"port: {port}")

    await box.gateway.reload("the command line")

    await until(lambda: f":{port}/" in box.gateway.page_url, "the page at its new address")
    async with aiohttp.ClientSession() as browser, browser.get(box.gateway.page_url) as answer:
        assert answer.status == 200


async def test_another_state_folder_starts_the_whole_box_anew(box: Filed, tmp_path: Path) -> None:
    box.rewrite(str(tmp_path / "state"), str(tmp_path / "elsewhere"))
    await box.gateway.reload("the command line")

    async with asyncio.timeout(20):
        await box.gateway._stop.wait()
    assert box.gateway.next is not None
    assert box.gateway.next.state_dir == tmp_path / "elsewhere"


async def test_a_box_without_a_configuration_is_set_up_and_goes_on_in_the_same_process(tmp_path: Path) -> None:
    async with SimulatedPbx() as pbx, SimulatedModem("generic", link=tmp_path / "modem") as modem:
        nothing = unconfigured(tmp_path / "gateway.yaml", f"127.0.0.1:{free_port()}", str(tmp_path / "state"))
        async with running(Gateway(nothing, modem_timings=QUICK)) as gateway:
            box = Filed(gateway, pbx, modem)
            assert box.health()["setup"] is Health.DEGRADED
            assert gateway.page_url
            answers = {
                "business": {"name": "Acme Plumbing", "timezone": "America/New_York", "trade": "plumbing"},
                "line": {"kind": "asterisk", "number": "(216) 555-0100"},
                "asterisk": {"secret": "simulated", "port": str(pbx.port)},
                "hours": {"mon_from": "08:00", "mon_to": "17:00"},
                "people": {"owner_cell": "(216) 555-0190"},
                "modem": {"port": str(tmp_path / "modem")},
            }
            text = first_text(answers, nothing)
            settings = parse(text.replace("#settle: 10 s", "settle: 0 s").replace("min_ring: 4 s", "min_ring: 0 s"))

            taken = await gateway.take_in(
                replace(settings, source=nothing.source), "page:Mike", "the first configuration"
            )

            assert taken.exchanged == ("modem", "asterisk", "page")
            await box.up()
            assert "setup" not in box.health()
            await pbx.missed_call("2165550137", "2165550100", ring_s=0.05)
            assert (await box.calls(1))[0].startswith("texted in")
            [text] = modem.network.sent_texts()
            assert text.body.startswith("Acme Plumbing")
