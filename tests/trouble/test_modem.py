"""Trouble with the modem: each is said in plain words, heals by itself, and the caller who waits is texted once."""

from __future__ import annotations

import asyncio
import os
import sys
import tty
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulator.modem import SimCard, SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from tests.trouble.office import Trouble, in_trouble

CALLER = "2165550137"
LATER = "2165550138"
EARLIER = "2165550139"
WAITS = "Callers are not texted until"


async def a_caller_waits_and_is_texted_once(office: Trouble, heal: Callable[[], object]) -> None:
    """A call is missed during the trouble; after `heal` it is texted, and so is the next one."""
    await office.is_well("asterisk")
    await office.missed(CALLER)
    await office.rings(CALLER)
    assert office.texts_to(CALLER) == []
    done = heal()
    if asyncio.iscoroutine(done):
        await done
    await office.all_well()
    await office.is_texted(CALLER)
    await office.missed(LATER)
    await office.is_texted(LATER)


async def test_a_modem_that_is_plugged_in_later_is_found(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    await modem.stop()
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.says("modem", "The modem is not there", str(tmp_path / "modem"), WAITS)
        await a_caller_waits_and_is_texted_once(office, modem.start)


async def test_a_modem_pulled_out_while_running_is_missed_and_found_again(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        await modem.stop()
        await office.says("modem", "The modem is not there", WAITS)
        await a_caller_waits_and_is_texted_once(office, modem.start)


async def test_a_modem_that_another_process_holds_is_taken_when_it_is_let_go(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"import serial,sys; p = serial.Serial({modem.path!r}, exclusive=True); print('held', flush=True); sys.stdin.read()",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    async with in_trouble(tmp_path, pbx, modem) as office:
        report = await office.says("modem", "Another program uses", WAITS)
        assert "modemmanager" in report.remedy
        holder.terminate()
        await holder.wait()
        await a_caller_waits_and_is_texted_once(office, lambda: None)


async def test_two_gateways_on_one_modem_do_not_talk_over_each_other(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    (tmp_path / "second").mkdir()
    async with AsyncExitStack() as until_later, SimulatedPbx() as other_pbx:
        first = await until_later.enter_async_context(in_trouble(tmp_path, pbx, modem, alone=False))
        await first.all_well()
        async with in_trouble(tmp_path / "second", other_pbx, modem) as second:
            await second.says("modem", "Another program uses", WAITS)
            await second.is_well("asterisk")
            await second.missed(LATER)
            await first.missed(CALLER)
            await first.is_texted(CALLER)
            await until_later.aclose()  # the first gateway is stopped: the second takes over
            await second.all_well()
            await second.is_texted(LATER)
    assert len(modem.sent_texts()) == 2


@asynccontextmanager
async def a_tty(link: Path, chatter: bytes = b"") -> AsyncIterator[None]:
    """A serial port whose far end is no modem: silent, or never silent."""
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    link.unlink(missing_ok=True)
    link.symlink_to(os.ttyname(slave))

    async def talk() -> None:
        while True:
            with suppress(BlockingIOError):
                os.write(master, chatter)
            with suppress(BlockingIOError):
                os.read(master, 4096)
            await asyncio.sleep(0.005)

    talking = asyncio.create_task(talk()) if chatter else None
    try:
        yield
    finally:
        if talking is not None:
            talking.cancel()
        link.unlink()
        os.close(slave)
        os.close(master)


@pytest.mark.parametrize(
    "chatter",
    [b"", bytes(range(256)), b"$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n", b"\xff" * 512],
    ids=["silence", "garbage", "a-gps-mouse", "noise"],
)
async def test_a_port_that_is_no_modem_is_told_from_a_modem(
    chatter: bytes, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    await modem.stop()
    async with in_trouble(tmp_path, pbx, modem, wait=False) as office:
        async with a_tty(tmp_path / "modem", chatter):
            report = await office.says("modem", "does not answer", "Callers are not texted until it answers")
            assert "command port" in report.remedy or "Unplug" in report.remedy
        await a_caller_waits_and_is_texted_once(office, modem.start)


async def test_a_modem_port_that_is_a_plain_file_is_said(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    (tmp_path / "file").write_text("hello\n")
    async with in_trouble(tmp_path, pbx, modem, port_path=str(tmp_path / "file")) as office:
        report = await office.says("modem", "is not a serial port", WAITS)
        assert "/dev/serial/by-id" in report.remedy


async def _insert(modem: SimulatedModem) -> None:
    modem.sim.present = True


async def _unlock(modem: SimulatedModem) -> None:
    modem.sim.pin, modem.sim.pin_attempts, modem.sim.unlocked = None, 3, True


async def test_a_missing_sim_is_said_and_found_when_it_is_put_in(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    modem.sim.present = False
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.says("modem", "finds no SIM card", WAITS)
        await a_caller_waits_and_is_texted_once(office, lambda: _insert(modem))


@pytest.mark.parametrize(
    ("sim", "pin", "words", "tries"),
    [
        (SimCard(pin="1234"), "", "asks for its PIN, and none is configured", 0),
        (SimCard(pin="1234"), ', pin: "9999"', "refused the configured PIN, which is not tried again", 1),
        (SimCard(pin="1234", pin_attempts=0), ', pin: "1234"', "asks for its PUK", 0),
    ],
    ids=["no-pin", "wrong-pin", "puk"],
)
async def test_a_locked_sim_is_never_tried_into_the_puk(
    sim: SimCard, pin: str, words: str, tries: int, tmp_path: Path, pbx: SimulatedPbx
) -> None:
    locked = replace(sim)
    async with SimulatedModem(link=tmp_path / "modem", sim=locked) as modem:
        async with in_trouble(tmp_path, pbx, modem, pin=pin) as office:
            await office.says("modem", words, WAITS)
            await office.is_well("asterisk")
            await office.missed(EARLIER)
            await office.rings(EARLIER)
        async with in_trouble(tmp_path, pbx, modem, pin=pin) as office:  # a restart is no new try
            await office.says("modem", words, WAITS)
            asked = [line for _, line in modem.commands if line.startswith("AT+CPIN=")]
            assert len(asked) == tries
            await a_caller_waits_and_is_texted_once(office, lambda: _unlock(modem))
            await office.is_texted(EARLIER)


async def test_the_right_pin_opens_the_sim_at_once(tmp_path: Path, pbx: SimulatedPbx) -> None:
    async with (
        SimulatedModem(link=tmp_path / "modem", sim=SimCard(pin="1234")) as modem,
        in_trouble(tmp_path, pbx, modem, pin=', pin: "1234"') as office,
    ):
        await office.all_well()
        await office.missed(CALLER)
        await office.is_texted(CALLER)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("registration_denied", ("The mobile network refuses this SIM card", WAITS)),
        ("network_lost", ("mobile network",)),
    ],
)
async def test_a_modem_without_a_network_waits_for_one(
    fault: str, words: tuple[str, ...], tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    setattr(modem.faults, fault, True)
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.says("modem", *words)
        await a_caller_waits_and_is_texted_once(office, lambda: setattr(modem.faults, fault, False))


async def test_a_network_that_never_comes_is_said_as_such(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    modem.faults.network_lost = True
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.says("modem", "finds no mobile network", WAITS)


async def test_a_modem_without_a_signal_says_so_and_still_tries(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    modem.network.signal = 0
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.says("modem", "hears hardly any signal")
        await office.is_well("asterisk")
        await office.missed(CALLER)
        await office.is_texted(CALLER)
        modem.network.signal = 18
        await office.all_well()


async def test_a_network_that_refuses_our_texts_is_said_until_one_goes_out(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        modem.faults.cms_errors = [8]  # TS 27.005: operator determined barring
        await office.missed(CALLER)
        await office.says("modem", "The mobile network refuses our texts", WAITS)
        await office.missed(LATER)
        await office.is_texted(LATER)
        await office.all_well()
        waits = await office.gateway.queries.counts()
        assert waits["queued"] == 1  # the first caller is tried again, not forgotten


@pytest.mark.parametrize("where", ["noise", "noise_inside"])
async def test_garbage_on_the_serial_line_loses_no_caller_and_texts_nobody_twice(
    where: str, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        setattr(modem.faults, where, 0.2)  # every fifth line; "inside" destroys the line it hits
        callers = [f"21655501{number}" for number in range(60, 64)]
        for caller in callers:
            await office.missed(caller)
        for caller in callers:
            assert (await office.outcome(caller)).outcome in ("texted", "unsure")
            assert len(office.texts_to(caller)) <= 1
        setattr(modem.faults, where, False)
        await office.all_well()
        await office.missed(LATER)
        await office.is_texted(LATER)
        unsure = (await office.gateway.queries.counts())["unsure"]
        assert sum(len(office.texts_to(caller)) for caller in callers) + unsure >= len(callers)
