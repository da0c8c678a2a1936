"""The real process is told to end: it ends soon, and what was on its way is neither lost nor doubled."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from drivers.simulator.faults import Fate
from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import control
from gateway.statefolder import SOCKET
from tests.trouble.office import OFFICE, PATIENCE_S, configuration
from tests.waiting import until

CALLER = "2165550137"


class Process:
    """`textback run`."""

    def __init__(self, process: asyncio.subprocess.Process, door: Path) -> None:
        self.process = process
        self._door = door

    async def status(self) -> dict[str, Any]:
        return await control.ask(self._door, {"do": "status"})

    async def up(self) -> None:
        await until(self._is_up)

    async def _is_up(self) -> bool:
        try:
            health = {each["component"]: each["health"] for each in (await self.status())["health"]}
        except control.NotRunning:
            return False
        return bool(health.get("asterisk") == health.get("modem") == "up")

    async def says(self, component: str, words: str) -> bool:
        try:
            health = (await self.status())["health"]
        except control.NotRunning:
            return False
        return any(each["component"] == component and words in each["say"] for each in health)

    async def rings(self) -> bool:
        return bool((await self.status())["queue"]["ringing"])

    async def ends(self) -> str:
        """Told to end, it ends well; what it has logged."""
        self.process.terminate()
        _, log = await asyncio.wait_for(self.process.communicate(), PATIENCE_S)
        assert self.process.returncode == 0, log.decode()
        assert b"Traceback" not in log, log.decode()
        return log.decode()


async def a_call_that_rings(pbx: SimulatedPbx) -> Callable[[], None]:
    """A call comes in and rings until the caller hangs up by what is returned."""
    root, phone = pbx._arrive(CALLER, OFFICE, "", "", False)

    def hang_up() -> None:
        pbx._dial_end(root, phone, "CANCEL")
        pbx._hang_up(phone, 127)
        pbx._hang_up(root, 127)

    return hang_up


@asynccontextmanager
async def textback_run(
    folder: Path, pbx: SimulatedPbx, modem: SimulatedModem, before: tuple[str, ...] = ()
) -> AsyncIterator[Process]:
    """`before` is a command that starts the process with other rights."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    config = folder / "gateway.yaml"
    config.write_text(configuration(folder, pbx, modem.path).replace("port: 8080", f"port: {port}"))
    config.chmod(0o600)
    process = await asyncio.create_subprocess_exec(
        *before,
        *(sys.executable, "-m", "gateway.cli", "--config", str(config), "run"),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Process(process, folder / "state" / SOCKET)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
        process._transport.close()  # type: ignore[attr-defined]


async def test_a_gateway_told_to_end_in_mid_send_waits_for_the_answer(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, handed_over: asyncio.Event
) -> None:
    modem.network.submit_s = 0.7
    async with textback_run(tmp_path, pbx, modem) as box:
        await box.up()
        await pbx.missed_call(CALLER, OFFICE, ring_s=0.02)
        await asyncio.wait_for(handed_over.wait(), PATIENCE_S)
        assert "text 1 to +1216***0137 sent" in await box.ends()
    async with textback_run(tmp_path, pbx, modem) as box:
        await box.up()
        status = await box.status()
        assert (status["today"]["texted"], status["queue"]["unsure"], status["queue"]["queued"]) == (1, 0, 0)
    assert modem.cmgs_count == 1


async def test_a_text_whose_answer_does_not_come_before_the_end_is_shown_as_unsure_and_never_sent_again(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, handed_over: asyncio.Event
) -> None:
    modem.faults.silent_after_body = Fate.TAKEN
    async with textback_run(tmp_path, pbx, modem) as box:
        await box.up()
        await pbx.missed_call(CALLER, OFFICE, ring_s=0.02)
        await asyncio.wait_for(handed_over.wait(), PATIENCE_S)
        await box.ends()
    async with textback_run(tmp_path, pbx, modem) as box:
        await box.up()
        status = await box.status()
        assert (status["queue"]["unsure"], status["queue"]["queued"], status["queue"]["tasks"]) == (1, 0, 1)
    assert modem.cmgs_count == 1


async def test_a_call_in_progress_at_the_end_is_texted_by_the_next_start(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with textback_run(tmp_path, pbx, modem) as box:
        await box.up()
        hang_up = await a_call_that_rings(pbx)
        await until(box.rings)
        await box.ends()
    async with textback_run(tmp_path, pbx, modem) as box:
        await box.up()
        assert await box.rings()
        hang_up()
        await until(modem.sent_texts)
        assert [text.to for text in modem.sent_texts()] == [f"+1{CALLER}"]
        await box.ends()


async def test_a_modem_port_without_the_right_to_it_is_said_and_found_when_the_right_is_given(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    device = Path(modem.device)
    device.chmod(0)
    mortal = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--") if os.geteuid() == 0 else ()
    async with textback_run(tmp_path, pbx, modem, mortal) as box:
        await until(lambda: box.says("modem", "The gateway is not allowed to open"))
        report = next(each for each in (await box.status())["health"] if each["component"] == "modem")
        assert report["health"] == "down"
        assert "Callers are not texted until it is" in report["say"]
        assert "dialout" in report["remedy"]
        await pbx.missed_call(CALLER, OFFICE, ring_s=0.02)
        assert f"WARNING gateway.health: modem: {report['say']} - {report['remedy']}" in await box.ends()
    device.chmod(0o600)
    async with textback_run(tmp_path, pbx, modem, mortal) as box:
        await box.up()
        await until(modem.sent_texts)
        assert [text.to for text in modem.sent_texts()] == [f"+1{CALLER}"]
