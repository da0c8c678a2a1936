"""Every fault of the simulated modem does on the wire what its name says."""

from __future__ import annotations

import asyncio
import time

import pytest
from gsmmodem.pdu import encodeSmsSubmitPdu

from drivers.simulator.modem import Fate, Faults, SimulatedModem, SimulatedNetwork
from tests.simulator.wire import Program, plugged, until

PEER = "+12165550137"
HELLO = encodeSmsSubmitPdu(PEER, "hello", reference=0, requestStatusReport=False)[0]
REPORTED = encodeSmsSubmitPdu(PEER, "hello", reference=0, requestStatusReport=True)[0]
BODY = str(HELLO).encode() + b"\x1a"


async def quiet(line: Program, seconds: float = 0.04) -> bytes:
    """What the program hears in a short while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        line.seen += line.port.read(4096)
        await asyncio.sleep(0.002)
    return line.seen


async def test_a_counted_fault_happens_so_many_times_and_a_fraction_repeats_with_its_seed() -> None:
    faults = Faults(no_prompt=2, noise=0.5)
    assert [faults.strikes("no_prompt") for _ in range(4)] == [True, True, False, False]
    first = [Faults(seed=7, noise=0.5).strikes("noise") for _ in range(20)]
    assert first == [Faults(seed=7, noise=0.5).strikes("noise") for _ in range(20)]
    drawn = [faults.strikes("noise") for _ in range(200)]
    assert 60 < sum(drawn) < 140
    assert faults.struck["no_prompt"] == 2


async def test_an_unknown_fault_is_named() -> None:
    with pytest.raises(ValueError, match="unknown fault 'no_promt'"):
        Faults().change({"no_promt": True})
    with pytest.raises(ValueError, match="fault 'noise' cannot be 'much'"):
        Faults().change({"noise": "much"})


async def test_noise_comes_in_front_of_lines_and_breaks_them_when_inside() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        modem.change_faults(noise=1)
        heard = await line.ask("AT+CSQ")
        assert heard.endswith(b"\r\n+CSQ: 18,99\r\n\r\nOK\r\n")
        assert len(heard) > len(b"\r\n+CSQ: 18,99\r\n\r\nOK\r\n")
        modem.change_faults(noise_inside=1)
        assert b"+CSQ: 18,99" not in await line.ask("AT+CSQ")


async def test_an_unsolicited_line_lands_inside_an_answer_and_behind_the_prompt() -> None:
    modem = SimulatedModem(faults=Faults(urc_line='+CMTI: "SM",7'))
    async with plugged(modem) as line:
        modem.change_faults(urc_in_answer=2, urc_behind_prompt=1)
        heard = await line.ask("AT+CSQ")
        assert heard.index(b"+CMTI") < heard.index(b"+CSQ") < heard.rindex(b"+CMTI") < heard.index(b"OK")
        await line.open_prompt(HELLO.tpduLength)
        await line.expect(b'+CMTI: "SM",7')
        line.write(BODY)
        await line.expect(b"+CMGS: 1")


async def test_a_lost_unsolicited_line_leaves_the_text_stored() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        modem.change_faults(lose_urc=1)
        modem.receive(PEER, "are you there")
        assert await quiet(line) == b""
        assert b"+CMGL: 1,0,," in await line.ask("AT+CMGL=4")


async def test_unsolicited_lines_go_elsewhere_until_the_port_is_chosen() -> None:
    modem = SimulatedModem("quectel", faults=Faults(urcs_elsewhere=True))
    async with plugged(modem) as line:
        modem.receive(PEER, "one")
        assert await quiet(line) == b""
        await line.ask('AT+QURCCFG="urcport","usbmodem"')
        modem.receive(PEER, "two")
        await line.expect(b'+CMTI: "SM",1')


async def test_echo_may_be_stuck() -> None:
    async with plugged(SimulatedModem(faults=Faults(echo_stuck=True))) as line:
        assert await line.ask("AT+CMGF?") == b"AT+CMGF?\r\r\n+CMGF: 0\r\n\r\nOK\r\n"


async def test_a_late_prompt_takes_what_was_typed_meanwhile_as_text() -> None:
    modem = SimulatedModem(faults=Faults(late_prompt=1, late_prompt_s=0.05))
    async with plugged(modem) as line:
        line.write(f"AT+CMGS={HELLO.tpduLength}\r".encode())
        line.write(b"AT+CSQ\r")
        await line.expect(b"> ")
        assert b"+CSQ" not in await quiet(line)
        line.write(BODY)
        await line.expect(b"+CMS ERROR: 304")
        assert modem.damaged_bodies[0].startswith("AT+CSQ\r")
        assert modem.sent == []


async def test_without_a_prompt_the_modem_waits_for_text_all_the_same() -> None:
    modem = SimulatedModem(faults=Faults(no_prompt=1))
    async with plugged(modem) as line:
        line.write(f"AT+CMGS={HELLO.tpduLength}\r".encode())
        assert await quiet(line) == b""
        line.write(b"AT\r")
        assert await quiet(line) == b""
        line.write(b"\x1b")
        await line.expect(b"OK\r\n")
        await line.ask("AT")


async def test_a_program_killed_in_the_prompt_leaves_the_modem_in_the_prompt() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        await line.open_prompt(HELLO.tpduLength)
        line.port.close()
        again = Program(modem.path)
        again.write(b"AT\r")
        assert await quiet(again) == b""
        again.write(b"\x1b")
        await again.expect(b"OK\r\n")
        await again.ask("AT")
        again.port.close()


async def test_sends_fail_with_the_codes_asked_for_in_turn() -> None:
    modem = SimulatedModem(faults=Faults(cms_errors=[38, 0, 500]))
    async with plugged(modem) as line:
        await line.send(PEER, "one", b"+CMS ERROR: 38\r\n")
        await line.send(PEER, "two")
        await line.send(PEER, "three", b"+CMS ERROR: 500\r\n")
        assert [text.body for text in modem.sent] == ["two"]


async def test_a_busy_card_answers_busy_so_many_times() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        modem.change_faults(cme_busy=2)
        await line.ask("AT+CPMS?", b"+CME ERROR: 14\r\n")
        await line.ask("AT+CPMS?", b"+CME ERROR: 14\r\n")
        await line.ask("AT+CPMS?")
        modem.change_faults(cme_busy=1, busy_code=515)
        await line.ask("AT+CPMS?", b"+CMS ERROR: 515\r\n")


async def test_a_lost_network_is_announced_refuses_sends_and_keeps_texts_until_it_is_back() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        await line.ask("AT+CREG=2")
        modem.change_faults(network_lost=True)
        await line.expect(b"+CREG: 2\r\n")
        assert b"+CREG: 2,2" in await line.ask("AT+CREG?")
        await line.ask(f"AT+CMGS={HELLO.tpduLength}", b"+CMS ERROR: 331\r\n")
        assert modem.ring(PEER).state == "unreachable"
        modem.receive(PEER, "while away")
        assert modem.undelivered == 1
        modem.change_faults(network_lost=False)
        await line.expect(b'+CREG: 1,"1A2B","01C3D4E",7\r\n')
        await line.expect(b"+CMTI")
        modem.change_faults(registration_denied=True)
        assert b"+CREG: 2,3" in await line.ask("AT+CREG?")


async def test_a_full_store_is_said_by_a_huawei_and_nothing_is_announced() -> None:
    modem = SimulatedModem("huawei", faults=Faults(storage_full=True))
    async with plugged(modem) as line:
        modem.receive(PEER, "no room")
        await line.expect(b'^SMMEMFULL: "SM"')
        modem.change_faults(storage_full=False)
        await line.ask("AT+CMGD=1,1")
        await line.expect(b"+CMTI")


async def test_a_hanging_modem_goes_on_with_unsolicited_lines_and_a_deaf_one_does_not() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        modem.change_faults(hang=True)
        line.write(b"AT\r")
        modem.urc("^RSSI:11")
        await line.expect(b"^RSSI:11")
        assert await quiet(line) == b"\r\n"
        modem.change_faults(hang=False, deaf=True)
        line.seen = b""
        line.write(b"AT\r")
        modem.urc("^RSSI:12")
        assert await quiet(line) == b""
        modem.change_faults(deaf=False)
        await line.ask("AT")


@pytest.mark.parametrize("fate", [Fate.TAKEN, Fate.NOT_TAKEN])
async def test_a_power_cut_after_ctrl_z_hangs_up_whether_or_not_the_network_took_the_text(fate: Fate) -> None:
    modem = SimulatedModem(faults=Faults(power_cut=fate))
    async with plugged(modem) as line:
        await line.open_prompt(HELLO.tpduLength)
        line.write(BODY)
        await until(lambda: not modem.plugged)
        assert len(modem.sent) == (fate is Fate.TAKEN)
        with pytest.raises(OSError):
            line.port.read(1)
        again = Program(await modem.replug())
        await again.ask("AT")
        again.port.close()


@pytest.mark.parametrize("fate", [Fate.TAKEN, Fate.NOT_TAKEN])
async def test_a_modem_may_say_nothing_after_the_body(fate: Fate) -> None:
    modem = SimulatedModem(faults=Faults(silent_after_body=fate))
    async with plugged(modem) as line:
        await line.open_prompt(HELLO.tpduLength)
        line.write(BODY)
        assert (await quiet(line)).strip() == b""
        assert len(modem.sent) == (fate is Fate.TAKEN)
        await line.ask("AT")


async def test_an_answer_may_come_long_after_the_network_took_the_text() -> None:
    modem = SimulatedModem(faults=Faults(late_cmgs=1, late_cmgs_s=0.5))
    async with plugged(modem) as line:
        await line.open_prompt(HELLO.tpduLength)
        line.write(BODY)
        await until(lambda: len(modem.sent) == 1)
        assert b"+CMGS" not in await quiet(line)
        await line.expect(b"+CMGS: 1")


async def test_reports_come_by_themselves_twice_and_torn_apart() -> None:
    modem = SimulatedModem(faults=Faults(duplicate_report=1, split_cds_s=0.02))
    modem.auto_report = True
    async with plugged(modem) as line:
        await line.open_prompt(REPORTED.tpduLength)
        line.write(str(REPORTED).encode() + b"\x1a")
        await line.expect(b"+CDS: 25\r\n")
        await line.expect(b"+CDS: 25\r\n")
        await line.expect(b"0791")
        await line.expect(b"\r\n0791")


async def test_a_caller_may_give_up_without_a_word_from_the_modem() -> None:
    modem = SimulatedModem(faults=Faults(silent_hangup=1), network=SimulatedNetwork(ring_period_s=0.02))
    async with plugged(modem) as line:
        call = modem.ring(PEER, rings=1)
        await call.ended.wait()
        assert b"NO CARRIER" not in await quiet(line)
        assert await line.expect(b"RING")


async def test_it_disappears_and_comes_back_by_itself() -> None:
    modem = SimulatedModem()
    async with plugged(modem):
        before = modem.device
        modem.reenumerate(0.01)
        assert not modem.plugged
        await until(lambda: modem.plugged)
        assert modem.device != before
