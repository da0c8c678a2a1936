"""Starting a modem: SIM, PIN, port; what a person is told and what is never done to a SIM."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest
import serial

from drivers.modem import problems
from drivers.modem.profiles import ProfileError
from drivers.modem.settings import ModemSettings
from drivers.simulator.modem import Faults, SimCard, SimulatedModem
from gateway.core.events import Health, SubmitVerdict
from tests.modem.bench import CUSTOMER, FAST, bench, served, settings_for
from tests.modem.scripted import OK, ScriptedModem
from tests.waiting import until

PATIENT = replace(FAST, back_off_max_s=0.02)


def pin_tries(modem: SimulatedModem) -> int:
    return sum(text.upper().startswith("AT+CPIN=") for _, text in modem.commands)


async def test_the_right_pin_unlocks_the_sim(tmp_path: Path) -> None:
    modem = SimulatedModem(sim=SimCard(pin="1234"))
    async with bench(modem, pin="1234", state_dir=tmp_path) as line:
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED
        assert pin_tries(modem) == 1
    assert [entry.name for entry in os.scandir(tmp_path)] == []


async def test_a_wrong_pin_is_tried_once_in_its_life(tmp_path: Path) -> None:
    sim = SimCard(pin="1234")
    for _ in range(3):  # three starts of the gateway
        modem = SimulatedModem(sim=sim)
        async with bench(modem, wait=False, pin="9999", state_dir=tmp_path, timings=PATIENT) as line:
            await line.until(lambda line=line: "refused the configured PIN" in line.said)
            asked = len(modem.commands)
            await line.until(lambda modem=modem, asked=asked: len(modem.commands) > asked + 10)
            assert line.health[-1].health is Health.DOWN
            assert line.health[-1].remedy
            assert not line.driver.ready
    assert sim.pin_attempts == 2
    async with bench(SimulatedModem(sim=sim), pin="1234", state_dir=tmp_path) as line:
        assert line.driver.ready


@pytest.mark.parametrize("counter", [b"+CPINR: SIM PIN,1,3", b"+CPINR: SIM PIN, 0, 3"])
async def test_the_last_pin_attempt_is_never_used(tmp_path: Path, counter: bytes) -> None:
    replies = {"AT+CPIN?": b"\r\n+CPIN: SIM PIN\r\n" + OK, "AT+CPINR": b"\r\n" + counter + b"\r\n" + OK}
    async with ScriptedModem(replies) as modem:
        settings = settings_for(modem.path, pin="1234", state_dir=tmp_path)
        async with served(settings) as line:
            await line.until(lambda: line.said == problems.PIN_LAST_TRY.say)
        assert not any(text.startswith("AT+CPIN=") for text in modem.commands)


@pytest.mark.parametrize(
    ("sim", "pin", "problem"),
    [
        (SimCard(pin="1234"), None, problems.PIN_NEEDED),
        (SimCard(pin="1234", pin_attempts=0), "1234", problems.PUK_NEEDED),
        (SimCard(present=False), None, problems.SIM_MISSING),
    ],
)
async def test_a_sim_that_needs_a_person_is_said_with_its_remedy(
    sim: SimCard, pin: str | None, problem: problems.Problem, tmp_path: Path
) -> None:
    modem = SimulatedModem(sim=sim)
    async with bench(modem, wait=False, pin=pin, state_dir=tmp_path) as line:
        await line.until(lambda: line.said == problem.say)
        assert line.health[-1].remedy == problem.remedy
        assert pin_tries(modem) == 0
        assert (await line.send()).verdict is SubmitVerdict.NOT_TAKEN


async def test_a_pin_try_cut_off_by_a_power_cut_is_not_repeated_blindly(tmp_path: Path) -> None:
    modem = SimulatedModem(sim=SimCard(pin="1234"))
    async with bench(modem, wait=False, pin="9999", state_dir=tmp_path, timings=PATIENT) as line:
        await line.until(lambda: "refused" in line.said)
    flag = tmp_path / "modem.pin"
    flag.write_text(flag.read_text().replace("refused", "trying"))
    again = SimulatedModem(sim=SimCard(pin="1234"))
    async with bench(again, wait=False, pin="9999", state_dir=tmp_path, timings=PATIENT) as line:
        await line.until(lambda: "not known whether it was refused" in line.said or pin_tries(again))
        assert pin_tries(again) == 0


async def test_a_pin_try_that_was_cut_off_counts_as_refused_where_the_card_has_fewer_attempts_left(
    tmp_path: Path,
) -> None:
    def replies(left: int) -> dict[str, bytes]:
        counter = b"\r\n+CPINR: SIM PIN,%d,3\r\n" % left + OK
        return {"AT+CPIN?": b"\r\n+CPIN: SIM PIN\r\n" + OK, "AT+CPINR": counter, 'AT+CPIN="9999"': b""}

    async with ScriptedModem(replies(3)) as modem:  # the power fails before the answer is read
        settings = settings_for(modem.path, pin="9999", state_dir=tmp_path, timings=PATIENT)
        async with served(settings) as line:
            await line.until(lambda: 'AT+CPIN="9999"' in modem.commands)
    async with ScriptedModem(replies(2)) as modem:
        settings = settings_for(modem.path, pin="9999", state_dir=tmp_path, timings=PATIENT)
        async with served(settings) as line:
            await line.until(lambda: line.said == problems.PIN_REFUSED.say or 'AT+CPIN="9999"' in modem.commands)
        assert 'AT+CPIN="9999"' not in modem.commands


async def test_a_pin_that_was_refused_stays_refused_when_another_was_tried_since(tmp_path: Path) -> None:
    sim = SimCard(pin="1234", pin_attempts=9)
    for pin in ("9999", "8888", "9999"):
        async with bench(SimulatedModem(sim=sim), wait=False, pin=pin, state_dir=tmp_path, timings=PATIENT) as line:
            await line.until(lambda line=line: "refused the configured PIN" in line.said)
    assert sim.pin_attempts == 7


async def test_a_missing_port_is_said_and_the_modem_is_served_when_it_comes(tmp_path: Path) -> None:
    modem = SimulatedModem(link=tmp_path / "modem")
    async with bench(modem) as line:
        modem.unplug()
        await line.until(lambda: "is not there" in line.said)
        assert "Plug the modem in" in line.health[-1].remedy
        await modem.replug()
        await line.until(lambda: line.driver.ready and line.health[-1].health is Health.UP)


async def test_a_port_in_use_by_another_program_is_said() -> None:
    async with SimulatedModem() as modem:
        other = serial.Serial(modem.path, 115_200, timeout=0, exclusive=True)
        with contextlib.closing(other):
            async with bench(modem, wait=False) as line:
                await line.until(lambda: "Another program uses" in line.said)
                other.close()
                await line.until(lambda: line.driver.ready)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "dialout"),
        (errno.EBUSY, "ModemManager"),
        (errno.ENOENT, "Plug the modem in"),
        (errno.EINVAL, "serial port"),
    ],
)
def test_every_reason_why_a_port_does_not_open_has_its_remedy(number: int, words: str) -> None:
    problem = problems.port_problem(OSError(number, "x"), "/dev/serial/by-id/modem")
    assert "/dev/serial/by-id/modem" in problem.say
    assert words in problem.remedy


async def test_a_busy_sim_is_waited_for() -> None:
    modem = SimulatedModem(faults=Faults(cme_busy=3))
    async with bench(modem) as line:
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED


async def test_a_modem_left_in_the_prompt_by_a_killed_program_starts() -> None:
    async with SimulatedModem() as modem:
        killed = serial.Serial(modem.path, 115_200, timeout=0)
        killed.write(b"AT+CMGS=20\r")
        await until(lambda: b">" in killed.read(100), "the prompt")
        killed.close()
        async with bench(modem) as line:
            assert (await line.send("after the kill")).verdict is SubmitVerdict.ACCEPTED
            assert [text.body for text in modem.sent_texts()] == ["after the kill"]


async def test_a_modem_that_restarts_by_itself_is_set_up_again(tmp_path: Path) -> None:
    modem = SimulatedModem("quectel", link=tmp_path / "modem")
    async with bench(modem) as line:
        modem.reenumerate(0.05)
        await line.until(lambda: not line.driver.ready)
        await line.until(lambda: line.driver.ready)
        modem.ring(CUSTOMER, rings=1, period_s=0.05)
        await line.until(lambda: line.ended)
        assert line.ended[0].caller == CUSTOMER


async def test_a_modem_that_stays_silent_climbs_the_ladder_and_then_asks_for_a_person() -> None:
    quick = replace(FAST, probe_s=0.02, drain_s=0.005, back_off_min_s=0.001, back_off_max_s=0.005)
    modem = SimulatedModem(faults=Faults(hang=True))
    async with bench(modem, wait=False, timings=quick) as line:
        await line.until(lambda: line.said == problems.POWER_CYCLE.say)
        heard = [text.upper() for _, text in modem.commands]
        assert heard.index("AT+CFUN=4") < heard.index("AT+CFUN=1") < heard.index("AT+CFUN=1,1")
        assert heard.count("AT+CFUN=1,1") == 1
        modem.faults.hang = False
        await line.until(lambda: line.driver.ready)


async def test_an_unknown_profile_is_refused_at_once() -> None:
    with pytest.raises(ProfileError, match="unknown profile"):
        async with bench(SimulatedModem(), profile="huwei"):
            pass


def test_a_pin_that_is_no_pin_is_refused_without_being_shown() -> None:
    with pytest.raises(ValueError, match="4 to 8 digits"):
        ModemSettings(path="/dev/ttyUSB0", pin="12a4")
    assert "1234" not in repr(ModemSettings(path="/dev/ttyUSB0", pin="1234"))


async def test_a_pin_whose_try_cannot_be_written_down_is_not_tried(tmp_path: Path) -> None:
    modem = SimulatedModem(sim=SimCard(pin="1234"))
    async with bench(modem, wait=False, pin="1234", state_dir=tmp_path / "missing") as line:
        await line.until(lambda: line.said == problems.PIN_NOT_NOTED.say)
        assert pin_tries(modem) == 0


async def test_a_modem_is_not_called_fine_before_the_network_has_taken_it() -> None:
    modem = SimulatedModem(faults=Faults(network_lost=True))
    async with bench(modem, wait=False) as line:
        await line.until(lambda: line.said in {problems.SEARCHING.say, problems.NO_NETWORK.say})
        assert not any(report.health is Health.UP for report in line.health)
        modem.change_faults(network_lost=False)
        await line.until(lambda: line.driver.ready and line.health[-1].health is Health.UP)
        assert line.health[-1].facts["signal"]


async def test_a_port_that_does_not_answer_is_told_with_the_other_ports_of_its_device(tmp_path: Path) -> None:
    """The diagnostic port of a stick opens like any other and never answers."""
    quick = replace(FAST, probe_s=0.02, drain_s=0.005, back_off_min_s=0.001, back_off_max_s=0.005)
    for name in ("usb-HUAWEI_Mobile-if02-port0", "usb-HUAWEI_Mobile-if04-port0", "usb-FTDI_UART-if00-port0"):
        (tmp_path / name).touch()
    modem = SimulatedModem("huawei", faults=Faults(hang=True), link=tmp_path / "usb-HUAWEI_Mobile-if00-port0")
    async with bench(modem, wait=False, timings=quick) as line:
        await line.until(lambda: line.said == problems.NO_ANSWER.say)
        assert line.health[-1].remedy.endswith(
            "The same device also has usb-HUAWEI_Mobile-if02-port0, usb-HUAWEI_Mobile-if04-port0."
        )


async def test_a_warning_of_the_supply_is_forgotten_when_it_stays_away() -> None:
    async with bench(SimulatedModem("sim800"), timings=replace(FAST, power_calm_s=0.3)) as line:
        line.modem.urc("UNDER-VOLTAGE WARNNING")
        await line.until(lambda: line.said == problems.LOW_POWER.say)
        await line.until(lambda: line.said == "The modem works.")


async def test_a_modem_switched_off_over_night_is_served_in_the_morning() -> None:
    """Hours of silence on a port that stays there, as a board on a UART has it."""
    quick = replace(FAST, probe_s=0.01, drain_s=0.003, back_off_min_s=0.001, back_off_max_s=0.002)
    modem = SimulatedModem()
    async with bench(modem, timings=quick) as line:
        modem.faults.deaf = True
        await line.until(lambda: line.said == problems.POWER_CYCLE.say)
        tries = len(modem.commands)
        modem.faults.deaf, modem.faults.hang = False, True
        await line.until(lambda: len(modem.commands) > tries + 150)  # half an hour at 30 s a try is 60 starts
        resets = sum(text.upper() == "AT+CFUN=1,1" for _, text in modem.commands)
        assert resets <= 2
        modem.forget()
        modem.receive(CUSTOMER, "sent at night")
        modem.faults.hang = False
        await line.until(lambda: line.driver.ready and line.texts)
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED


@pytest.mark.parametrize("ends", [b"", b"\r\n"])
async def test_a_modem_that_makes_noise_without_end_is_still_a_modem(ends: bytes) -> None:
    async with bench(SimulatedModem("sim800")) as line:
        stop = asyncio.Event()

        async def rattle() -> None:
            while not stop.is_set():
                line.modem.raw(b"\xfe\x00\x1e\xff" * 8 + ends)
                await asyncio.sleep(0.002)

        noise = asyncio.create_task(rattle())
        line.modem.receive(CUSTOMER, "can you hear me?")
        line.modem.ring(CUSTOMER, rings=2, period_s=0.2)
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED
        await line.until(lambda: line.texts and line.ended)
        stop.set()
        await noise
        assert [event.caller for event in line.ended] == [CUSTOMER]


def radio_offs(modem: SimulatedModem) -> int:
    return sum(text.upper() == "AT+CFUN=4" for _, text in modem.commands)


async def test_a_network_that_refuses_every_text_is_registered_with_anew_once() -> None:
    """Error 21 until the radio was switched off and on."""
    modem = SimulatedModem(faults=Faults(cms_errors=[21, 38, 21, 38, 21]))
    async with bench(modem) as line:
        for _ in range(5):
            assert radio_offs(modem) == 0
            assert (await line.send()).verdict is SubmitVerdict.REJECTED
        await line.until(lambda: radio_offs(modem) and not line.driver.ready)
        await line.until(lambda: line.driver.ready)
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED
        modem.faults.cms_errors = [38] * 6
        for _ in range(6):
            assert (await line.send()).verdict is SubmitVerdict.REJECTED
        looked = len(modem.commands)
        await line.until(lambda: sum(text == "AT+CREG?" for _, text in modem.commands[looked:]) >= 3)
        assert radio_offs(modem) == 1


async def test_the_radio_stays_on_while_somebody_calls() -> None:
    modem = SimulatedModem(faults=Faults(cms_errors=[38] * 5))
    async with bench(modem) as line:
        call = modem.ring(CUSTOMER, period_s=0.3)
        await line.until(lambda: line.rang)
        for _ in range(5):
            assert (await line.send()).verdict is SubmitVerdict.REJECTED
        looked = len(modem.commands)
        await line.until(lambda: sum(text == "AT+CREG?" for _, text in modem.commands[looked:]) >= 3)
        assert radio_offs(modem) == 0
        call.hang_up()
        await line.until(lambda: line.ended and radio_offs(modem))
        assert [event.caller for event in line.ended] == [CUSTOMER]


async def test_a_network_lost_for_long_is_looked_for_with_the_radio_off_and_on() -> None:
    modem = SimulatedModem(faults=Faults(network_lost=True))
    async with bench(modem, wait=False, timings=replace(FAST, radio_off_after_s=0.2)) as line:
        await line.until(lambda: radio_offs(modem) == 1)
        modem.change_faults(network_lost=False)
        await line.until(lambda: line.driver.ready)
