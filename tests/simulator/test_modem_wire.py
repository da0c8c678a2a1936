"""The simulated modem answers, rings, takes and delivers texts, driven raw through pyserial on its pty."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from gsmmodem.pdu import decodeSmsPdu

from drivers.simulator.modem import DIALECTS, CallState, SimCard, SimulatedModem, SimulatedNetwork, Wire
from tests.simulator.wire import Program, plugged, until

PEER = "+12165550137"


async def test_a_modem_answers_at_through_a_real_pty() -> None:
    async with plugged(SimulatedModem(), prepared=False) as line:
        assert await line.ask("AT") == b"AT\r\r\nOK\r\n"
        await line.ask("ATE0")
        assert await line.ask("AT+CSQ") == b"\r\n+CSQ: 18,99\r\n\r\nOK\r\n"


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
async def test_every_dialect_takes_a_call_and_a_text_and_sends_one(dialect: str) -> None:
    modem = SimulatedModem(dialect)
    async with plugged(modem, prepared=False) as line:
        if modem.dialect.boot:
            await line.expect(modem.dialect.boot[-1][1].encode())
        for command in ("ATE0", "AT+CMEE=1", "AT+CLIP=1", "AT+CPMS?"):
            await line.ask(command)
        await line.ask(f"AT+CNMI=2,1,0,{modem.dialect.report_modes[-1]},0")
        call = modem.ring(PEER)
        await line.expect(b"RING\r")
        quote = '"' if '"{number}"' in modem.dialect.clip else ""
        assert f"{quote}{PEER}{quote},145".encode() in await line.expect(b"145,")
        call.hang_up()
        await line.expect(modem.dialect.missed[-1].encode())
        modem.receive(PEER, "no heat, please call")
        index = modem.dialect.first_index
        await line.expect(f'+CMTI: "SM",{index}'.encode())
        read = await line.ask(f"AT+CMGR={index}")
        pdu_line = next(part for part in read.replace(b"\r", b"").split(b"\n") if part.startswith(b"07"))
        assert decodeSmsPdu(pdu_line.decode())["text"] == "no heat, please call"
        await line.ask(f"AT+CMGD={index}")
        await line.send(PEER, "Hi, sorry we missed you")
        assert [(text.to, text.body) for text in modem.sent] == [(PEER, "Hi, sorry we missed you")]
        assert call.state is CallState.MISSED


async def test_an_unknown_command_is_refused_in_the_familys_own_words() -> None:
    async with plugged(SimulatedModem()) as line:
        assert await line.ask("AT+NOSUCH", b"ERROR\r\n") == b"\r\nERROR\r\n"
    async with plugged(SimulatedModem("huawei")) as line:
        assert b"\r\nCOMMAND NOT SUPPORT\r\n" in await line.ask("AT+CSMS?", b"SUPPORT\r\n")


async def test_a_text_of_another_length_than_announced_is_refused_and_never_sent() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        await line.open_prompt(18)
        line.write(b"0001000B912161550531F70000 02E834\x1a")
        await line.expect(b"+CMS ERROR: 304")
        assert modem.sent == []
        assert len(modem.damaged_bodies) == 1


async def test_escape_leaves_the_prompt_without_sending() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        await line.open_prompt(18)
        line.write(b"0001\x1b")
        await line.expect(b"OK\r\n")
        assert await line.ask("AT") == b"\r\nOK\r\n"
        assert modem.sent == []
        assert modem.cmgs_count == 1


async def test_a_long_text_is_joined_again_as_the_customer_reads_it() -> None:
    modem = SimulatedModem()
    body = "Sorry we missed you - what is going on? " * 9
    async with plugged(modem) as line:
        await line.send(PEER, body)
        assert len(modem.sent) == 3
        assert [(text.to, text.body, text.complete) for text in modem.sent_texts()] == [(PEER, body, True)]


async def test_a_long_text_with_emoji_arrives_in_parts_that_python_gsmmodem_reads() -> None:
    modem = SimulatedModem()
    body = "Wasser \u00fcberall, niño! " * 5 + "é" * 40 + "Ł" * 30
    async with plugged(modem) as line:
        pdus = modem.receive(PEER, body, parts_out_of_order=True, scts=datetime(2026, 11, 21, 14, 0, tzinfo=UTC))
        await line.expect(f'+CMTI: "SM",{len(pdus)}'.encode())
        parts = [decodeSmsPdu(hex_text) for hex_text in pdus]
        assert "".join(part["text"] for part in reversed(parts)) == body
        assert parts[0]["number"] == PEER
        assert parts[0]["time"].astimezone(UTC) == datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


async def test_an_answer_longer_than_the_ptys_buffer_arrives_whole() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        for _ in range(40):
            modem.receive(PEER, "x" * 160, storage="ME")
        await line.ask('AT+CPMS="ME","ME","ME"')
        listing = await line.ask("AT+CMGL=4", b"\r\n\r\nOK\r\n")
        assert len(listing) > 12_000
        assert listing.count(b"+CMGL: ") == 40


@pytest.mark.parametrize("wire", list(Wire))
async def test_however_the_bytes_are_cut_the_answer_is_the_same(wire: Wire) -> None:
    async with plugged(SimulatedModem(wire=wire), prepared=False) as line:
        assert await line.ask("AT+CGMM") == b"AT+CGMM\r\r\nSIM-1\r\n\r\nOK\r\n"


async def test_a_full_memory_holds_texts_in_the_network_until_room_is_made() -> None:
    modem = SimulatedModem("sim800")
    async with plugged(modem, prepared=False) as line:
        await line.expect(b"SMS Ready")
        await line.prepare()
        for number in range(12):
            modem.receive(PEER, f"text {number}")
        assert modem.undelivered == 2
        await line.ask("AT+CMGD=1,4")
        assert modem.undelivered == 0
        assert b"+CPMS: " + b'"SM",2,10' in await line.ask("AT+CPMS?")


async def test_a_ring_repeats_until_the_caller_gives_up_and_is_in_the_missed_list() -> None:
    modem = SimulatedModem(network=SimulatedNetwork(ring_period_s=0.02))
    async with plugged(modem) as line:
        call = modem.ring("2165550137", rings=3, clip_gap_s=0.005)
        heard = await line.expect(b"NO CARRIER")
        assert heard.count(b"RING\r\n") == 3
        assert heard.count(b'+CLIP: "2165550137",129') == 3
        assert call.ended.is_set()
        await line.ask('AT+CPBS="MC"')
        assert b'+CPBR: 1,"2165550137",129' in await line.ask("AT+CPBR=1,10")


async def test_caller_identity_can_come_before_the_ring_and_be_withheld() -> None:
    modem = SimulatedModem("sim800")
    async with plugged(modem, prepared=False) as line:
        await line.expect(b"SMS Ready")
        await line.prepare()
        call = modem.ring(None, clip_first=True)
        heard = await line.expect(b"RING")
        assert b'+CLIP: "",128,"",0,"",1' in heard
        assert b'1,1,4,0,0,"",128' in await line.ask("AT+CLCC")
        call.hang_up()


async def test_hanging_up_while_it_rings_rejects_the_caller() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        call = modem.ring(PEER)
        await line.expect(b"+CLIP")
        await line.ask("AT+CHUP")
        assert call.state is CallState.REJECTED
        assert await line.ask("AT+CLCC") == b"\r\nOK\r\n"


async def test_answering_begins_a_call_that_the_caller_ends() -> None:
    modem = SimulatedModem("sim7600")
    async with plugged(modem) as line:
        call = modem.ring(PEER)
        await line.expect(b"+CLIP")
        await line.ask("ATA")
        await line.expect(b"VOICE CALL: BEGIN")
        call.hang_up()
        await line.expect(b"VOICE CALL: END: 000000")
        assert call.state is CallState.FINISHED
        await line.ask("ATA", b"NO CARRIER")


async def test_a_second_caller_is_announced_as_waiting_and_missed() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        await line.ask("AT+CCWA=1")
        first = modem.ring(PEER)
        second = modem.ring("+12165550138")
        await line.expect(b'+CCWA: "+12165550138",145,1')
        assert (await line.ask("AT+CLCC")).count(b"+CLCC: ") == 2
        second.hang_up()
        first.hang_up()
        assert [number for number, _ in modem.state.missed] == [PEER, "+12165550138"]


async def test_a_qualcomm_modem_offers_direct_reports_and_refuses_them() -> None:
    async with plugged(SimulatedModem("sim7600"), prepared=False) as line:
        assert b"(0,1,2),(0,1)" in await line.ask("AT+CNMI=?")
        await line.ask("AT+CNMI=2,1,0,1,0", b"+CMS ERROR: 303")
        await line.ask("AT+CNMI=2,1,0,2,0")


async def test_a_call_out_rings_the_owner() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        await line.ask(f"ATD{PEER};")
        (call,) = modem.dialled_calls
        assert (call.number, call.state) == (PEER, CallState.DIALLING)
        call.pick_up()
        assert f'+CLCC: 1,0,0,0,0,"{PEER}",145'.encode() in await line.ask("AT+CLCC")
        call.hang_up()
        await line.expect(b"NO CARRIER")


async def test_a_wrong_pin_three_times_locks_the_card_with_the_puk() -> None:
    modem = SimulatedModem(sim=SimCard(pin="1234"))
    async with plugged(modem, prepared=False) as line:
        await line.ask("ATE0")
        await line.ask("AT+CMEE=1")
        assert b"+CPIN: SIM PIN" in await line.ask("AT+CPIN?")
        await line.ask("AT+CMGL=4", b"+CME ERROR: 11\r\n")
        for _ in range(2):
            await line.ask('AT+CPIN="0000"', b"+CME ERROR: 16\r\n")
        await line.ask('AT+CPIN="0000"', b"+CME ERROR: 12\r\n")
        assert b"+CPIN: SIM PUK" in await line.ask("AT+CPIN?")
        await line.ask('AT+CPIN="12345678","4321"')
        assert b"+CREG: 0,1" in await line.ask("AT+CREG?")


async def test_a_modem_without_a_card_says_so() -> None:
    async with plugged(SimulatedModem(sim=SimCard(present=False)), prepared=False) as line:
        await line.ask("AT+CMEE=2")
        await line.ask("AT+CPIN?", b"+CME ERROR: SIM not inserted\r\n")


async def test_reports_come_directly_or_through_the_report_memory() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        await line.send(PEER, "hello")
        modem.report(modem.sent[0].ref, 0x46)
        assert b"+CDS: 25\r\n0791" in await line.expect(b"46\r\n")
        await line.ask("AT+CNMI=2,1,0,2,0")
        modem.report(modem.sent[0].ref)
        await line.expect(b'+CDSI: "SR",1')


async def test_quectel_names_the_wrong_memory_for_a_stored_report() -> None:
    modem = SimulatedModem("quectel")
    async with plugged(modem) as line:
        await line.ask("AT+CNMI=2,1,0,2,0")
        await line.send(PEER, "hello")
        modem.report(modem.sent[0].ref)
        await line.expect(b'+CDSI: "SM",0')
        await line.ask("AT+CMGR=0", b"+CMS ERROR: 321\r\n")
        await line.ask('AT+CPMS="SR"')
        assert b"+CMGR: 0,," in await line.ask("AT+CMGR=0")


async def test_a_directly_routed_text_wants_an_acknowledgement_in_phase_two_plus() -> None:
    modem = SimulatedModem()
    async with plugged(modem) as line:
        await line.ask("AT+CSMS=1")
        await line.ask("AT+CNMI=2,2,0,1,0")
        modem.receive(PEER, "direct")
        await line.expect(b"+CMT: ,")
        await line.ask("AT+CNMA")
        await line.ask("AT+CNMA", b"+CMS ERROR: 340\r\n")


async def test_a_zte_floods_until_its_memories_are_asked_for() -> None:
    modem = SimulatedModem("zte")
    async with plugged(modem) as line:
        await line.expect(b"+ZUSIMR:2")
        await line.ask("AT+CPMS?")
        assert modem.state.flooding is False


async def test_simcom_lines_end_in_two_returns_and_sim7670_prompts_without_a_blank() -> None:
    async with plugged(SimulatedModem("sim7600"), prepared=False) as line:
        await line.expect(b"PB DONE")
        await line.ask("ATE0")
        assert await line.ask("AT+CSQ") == b"\r\r\n+CSQ: 18,99\r\r\n\r\r\nOK\r\r\n"
    async with plugged(SimulatedModem("sim7670")) as line:
        line.write(b"AT+CMGS=18\r")
        assert (await line.expect(b">\r\n")).endswith(b"\r\n>\r\n")


async def test_the_clock_of_the_network_is_told_with_its_zone() -> None:
    network = SimulatedNetwork(nitz=True, utc_offset_quarters=-20)
    async with plugged(SimulatedModem(network=network)) as line:
        said = (await line.ask("AT+CCLK?")).split(b'"')[1].decode()
        told = datetime.strptime(said[:-3], "%y/%m/%d,%H:%M:%S").replace(tzinfo=UTC)
        assert said.endswith("-20")
        assert abs((datetime.now(UTC) - told).total_seconds() - 5 * 3600) < 5
        network.nitz = False
        assert b"04/01/01" in await line.ask("AT+CCLK?")


async def test_unplugging_hangs_up_and_plugging_in_again_gives_another_device_under_the_same_name(
    tmp_path: Path,
) -> None:
    modem = SimulatedModem(link=tmp_path / "modem")
    async with plugged(modem) as line:
        before = modem.device
        modem.receive(PEER, "kept on the card")
        modem.unplug()
        assert not (tmp_path / "modem").exists()
        with pytest.raises(OSError):
            line.port.read(1)
        path = await modem.replug()
        assert modem.device != before
        assert str((tmp_path / "modem").readlink()) == modem.device
        again = Program(path)
        assert b'+CPMS: "SM",1,20' in await again.ask("AT+CPMS?")
        assert b"+CMEE: 0" in await again.ask("AT+CMEE?")
        again.port.close()


async def test_a_modem_reset_by_command_comes_back_under_the_same_name(tmp_path: Path) -> None:
    modem = SimulatedModem(link=tmp_path / "modem")
    async with plugged(modem) as line:
        before = modem.device
        await line.ask("AT+CFUN=1,1")
        await until(lambda: modem.plugged and modem.device != before)
        again = Program(modem.path)
        await again.ask("AT")
        again.port.close()


async def test_several_commands_on_one_line_answer_together() -> None:
    async with plugged(SimulatedModem()) as line:
        answer = await line.ask('AT+CMGF=0;+CSQ;+CPMS="SM","ME","ME"')
        assert answer.count(b"OK") == 1
        assert b"+CSQ: 18,99" in answer
        assert b"+CPMS: 0,20,0,100,0,100" in answer
