"""The whole driver on every dialect of the simulated modem, over a real pty."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from drivers.modem.settings import OnRing
from drivers.simulator.modem import Fate, Faults, SimulatedModem, Wire
from gateway.core.events import CallReason, CallSource, ErrorClass, Health, SubmitVerdict
from tests.modem.bench import CUSTOMER, DIALECTS, bench, linked, segment

dialects = pytest.mark.parametrize("dialect", DIALECTS)


@dialects
async def test_a_text_is_accepted_with_its_reference(dialect: str) -> None:
    async with bench(SimulatedModem(dialect)) as line:
        result = await line.send("Hello from the office")
        assert result.verdict is SubmitVerdict.ACCEPTED
        assert result.ref == line.modem.sent[0].ref
        assert line.modem.sent_texts()[0].body == "Hello from the office"


@dialects
@pytest.mark.parametrize("wire", list(Wire))
async def test_a_day_in_short_works_however_the_bytes_are_cut(dialect: str, wire: Wire) -> None:
    async with bench(SimulatedModem(dialect, wire=wire)) as line:
        call = line.modem.ring(CUSTOMER, period_s=0.2)
        await line.until(lambda: line.rang)
        line.modem.receive(CUSTOMER, "Water heater is leaking")
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED
        call.hang_up()
        await line.until(lambda: line.ended and line.texts)
        assert [event.caller for event in line.ended] == [CUSTOMER]
        assert line.ended[0].missed is True
        assert line.ended[0].reason is CallReason.NO_ANSWER
        assert line.ended[0].source is CallSource.MODEM
        assert line.ended[0].did == "+12165550100"
        assert [text.body for text in line.texts] == ["Water heater is leaking"]
        assert line.modem.damaged_bodies == []


@dialects
async def test_a_delivery_report_reaches_the_gateway(dialect: str) -> None:
    modem = SimulatedModem(dialect)
    async with bench(modem) as line:
        result = await line.send()
        assert result.ref is not None
        modem.report(result.ref)
        await line.until(lambda: line.reports)
        assert (line.reports[0].ref, line.reports[0].status) == (result.ref, 0)


@pytest.mark.parametrize("gap_s", [0.001, 0.05, 0.3])
@pytest.mark.parametrize("clip_first", [False, True])
async def test_the_caller_is_known_however_far_apart_ring_and_caller_id_come(gap_s: float, clip_first: bool) -> None:
    async with bench(SimulatedModem()) as line:
        call = line.modem.ring(CUSTOMER, clip_gap_s=gap_s, clip_first=clip_first, period_s=0.4)
        await line.until(lambda: line.rang)
        call.hang_up()
        await line.until(lambda: line.ended)
        assert [event.caller for event in line.rang] == [CUSTOMER]
        assert [event.caller for event in line.ended] == [CUSTOMER]


async def test_a_national_caller_id_keeps_its_digits_and_gets_no_plus() -> None:
    async with bench(SimulatedModem()) as line:
        line.modem.ring("2165550137", rings=1, period_s=0.02)
        await line.until(lambda: line.ended)
        assert line.ended[0].caller == "2165550137"


@dialects
async def test_a_withheld_number_is_a_call_without_a_caller(dialect: str) -> None:
    async with bench(SimulatedModem(dialect)) as line:
        line.modem.ring(None, rings=1, period_s=0.02)
        await line.until(lambda: line.ended)
        assert [event.caller for event in line.ended] == [None]


@dialects
async def test_the_same_number_calling_again_is_another_call(dialect: str) -> None:
    async with bench(SimulatedModem(dialect)) as line:
        for _ in range(2):
            before = len(line.ended)
            line.modem.ring(CUSTOMER, rings=1, period_s=0.03)
            await line.until(lambda before=before: len(line.ended) > before)
        assert [event.caller for event in line.ended] == [CUSTOMER, CUSTOMER]
        assert len({event.key for event in line.ended}) == 2


async def test_a_call_whose_end_is_never_said_ends_with_its_rings() -> None:
    modem = SimulatedModem(faults=Faults(silent_hangup=True))
    async with bench(modem) as line:
        modem.ring(CUSTOMER, rings=2, period_s=0.1)
        await line.until(lambda: line.ended)
        assert [event.caller for event in line.ended] == [CUSTOMER]
        assert line.ended[0].ring_s == pytest.approx(0.1, abs=0.1)


async def test_a_short_call_during_a_slow_send_is_seen() -> None:
    modem = SimulatedModem()
    modem.network.submit_s = 0.4
    async with bench(modem) as line:
        sending = asyncio.create_task(line.send())
        await line.until(lambda: modem.cmgs_count)
        modem.ring(CUSTOMER, rings=1, period_s=0.1)
        await line.until(lambda: line.ended)
        assert not sending.done()
        assert (await sending).verdict is SubmitVerdict.ACCEPTED


async def test_a_forwarded_line_is_freed_once_the_caller_is_known() -> None:
    async with bench(SimulatedModem(), on_ring=OnRing.HANG_UP) as line:
        call = line.modem.ring(CUSTOMER)
        await line.until(lambda: line.ended)
        assert call.ended.is_set()
        assert line.ended[0].caller == CUSTOMER
        assert not any(text.upper().startswith("ATA") for _, text in line.modem.commands)


async def test_noise_bytes_between_lines_lose_nothing() -> None:
    async with bench(SimulatedModem(faults=Faults(noise=True))) as line:
        line.modem.ring(CUSTOMER, rings=1, period_s=0.05)
        line.modem.receive(CUSTOMER, "Hi")
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED
        await line.until(lambda: line.ended and line.texts)


@pytest.mark.parametrize("urc", ["^RSSI:17", "RING", "NO CARRIER", '+CMTI: "SM",3', "+CREG: 1", '+CUSD: 0,"caf\xe9"'])
async def test_unsolicited_lines_inside_answers_and_behind_the_prompt_spoil_no_text(urc: str) -> None:
    faults = Faults(urc_in_answer=True, urc_behind_prompt=True, urc_line=urc)
    async with bench(SimulatedModem(faults=faults)) as line:
        for _ in range(5):
            assert (await line.send()).verdict is SubmitVerdict.ACCEPTED
        assert line.modem.damaged_bodies == []
        line.modem.receive(CUSTOMER, "Hi")
        await line.until(lambda: line.texts)


@dialects
async def test_a_modem_that_keeps_its_echo_on_works(dialect: str) -> None:
    async with bench(SimulatedModem(dialect, faults=Faults(echo_stuck=True))) as line:
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED
        line.modem.receive(CUSTOMER, "Hi")
        await line.until(lambda: line.texts)


async def test_a_missing_prompt_means_not_taken_and_the_next_text_goes_out() -> None:
    modem = SimulatedModem(faults=Faults())
    async with bench(modem) as line:
        modem.faults.no_prompt = 1
        assert (await line.send("first")).verdict is SubmitVerdict.NOT_TAKEN
        await line.until(lambda: line.driver.ready)
        assert (await line.send("second")).verdict is SubmitVerdict.ACCEPTED
        assert [text.body for text in modem.sent_texts()] == ["second"]


async def test_a_prompt_that_comes_too_late_is_left_by_escape() -> None:
    modem = SimulatedModem()
    async with bench(modem) as line:
        modem.change_faults(late_prompt=1, late_prompt_s=0.5)
        assert (await line.send("first")).verdict is SubmitVerdict.NOT_TAKEN
        await line.until(lambda: line.driver.ready)
        assert (await line.send("second")).verdict is SubmitVerdict.ACCEPTED
        assert [text.body for text in modem.sent_texts()] == ["second"]
        assert modem.damaged_bodies == []


@pytest.mark.parametrize("fate", [Fate.TAKEN, Fate.NOT_TAKEN])
async def test_silence_after_the_text_is_unconfirmed_and_the_line_is_opened_anew(fate: Fate) -> None:
    modem = SimulatedModem()
    async with bench(modem) as line:
        modem.faults.silent_after_body = fate
        assert (await line.send("first")).verdict is SubmitVerdict.UNCONFIRMED
        assert not line.driver.ready
        await line.until(lambda: line.driver.ready)
        assert (await line.send("second")).verdict is SubmitVerdict.ACCEPTED


async def test_a_late_answer_is_never_taken_for_the_next_texts_answer() -> None:
    modem = SimulatedModem()
    async with bench(modem) as line:
        modem.change_faults(late_cmgs=1, late_cmgs_s=0.7)
        assert (await line.send("first")).verdict is SubmitVerdict.UNCONFIRMED
        await line.until(lambda: line.driver.ready)
        result = await line.send("second")
        assert result.verdict is SubmitVerdict.ACCEPTED
        assert result.ref == modem.sent[1].ref


@pytest.mark.parametrize("fate", [Fate.TAKEN, Fate.NOT_TAKEN])
async def test_a_modem_unplugged_after_the_text_leaves_it_unconfirmed_at_once(tmp_path: Path, fate: Fate) -> None:
    async with linked(tmp_path, lambda link: SimulatedModem(link=link)) as line:
        line.modem.faults.power_cut = fate
        before = time.monotonic()
        assert (await line.send("first")).verdict is SubmitVerdict.UNCONFIRMED
        assert time.monotonic() - before < 0.3
        await line.modem.replug()
        await line.until(lambda: line.driver.ready)
        assert (await line.send("second")).verdict is SubmitVerdict.ACCEPTED


async def test_a_modem_that_is_plugged_in_again_is_served_again(tmp_path: Path) -> None:
    async with linked(tmp_path, lambda link: SimulatedModem("huawei", link=link)) as line:
        line.modem.unplug()
        await line.until(lambda: not line.driver.ready)
        await line.until(lambda: "is not there" in line.said)
        assert (await line.send()).verdict is SubmitVerdict.NOT_TAKEN
        line.modem.receive(CUSTOMER, "sent while the modem was gone")
        await line.modem.replug()
        await line.until(lambda: line.driver.ready and line.texts)
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED


@pytest.mark.parametrize(
    ("code", "verdict", "error"),
    [
        (1, SubmitVerdict.REJECTED, ErrorClass.NUMBER),
        (21, SubmitVerdict.REJECTED, ErrorClass.UNCLEAR),
        (38, SubmitVerdict.REJECTED, ErrorClass.TEMPORARY),
        (50, SubmitVerdict.REJECTED, ErrorClass.ACCOUNT),
        (304, SubmitVerdict.REJECTED, ErrorClass.OUR_BUG),
        (322, SubmitVerdict.REJECTED, ErrorClass.STORAGE),
        (332, SubmitVerdict.UNCONFIRMED, ErrorClass.UNCLEAR),
        (500, SubmitVerdict.UNCONFIRMED, ErrorClass.UNCLEAR),
    ],
)
async def test_an_error_number_says_what_it_means_for_the_text(
    code: int, verdict: SubmitVerdict, error: ErrorClass
) -> None:
    async with bench(SimulatedModem(faults=Faults(cms_errors=[code]))) as line:
        result = await line.send()
        assert (result.verdict, result.code, result.error) == (verdict, code, error)
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED


async def test_nothing_is_written_before_the_gateway_has_noted_the_text() -> None:
    async with bench(SimulatedModem()) as line:
        seen: list[int] = []

        async def note() -> None:
            line.modem.urc("a line nobody knows")
            await line.until(lambda: line.driver.discards.get("line nobody waits for"))  # there and back on the wire
            seen.append(line.modem.cmgs_count)

        assert (await line.driver.submit(segment(), note)).verdict is SubmitVerdict.ACCEPTED
        assert seen == [0]


async def test_a_text_that_could_not_be_noted_is_not_sent() -> None:
    async with bench(SimulatedModem()) as line:

        async def disk_full() -> None:
            raise OSError("no space left")

        with pytest.raises(OSError):
            await line.driver.submit(segment(), disk_full)
        assert line.modem.cmgs_count == 0
        assert (await line.send()).verdict is SubmitVerdict.ACCEPTED


async def test_a_send_cancelled_in_doubt_gives_the_line_up() -> None:
    modem = SimulatedModem()
    modem.network.submit_s = 0.3
    async with bench(modem) as line:
        sending = asyncio.create_task(line.send("first"))
        await line.until(lambda: modem.waits_for_network)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert not line.driver.ready
        await line.until(lambda: line.driver.ready)
        result = await line.send("second")
        assert (result.verdict, result.ref) == (SubmitVerdict.ACCEPTED, modem.sent[-1].ref)


async def test_a_text_is_deleted_only_after_it_was_committed() -> None:
    modem = SimulatedModem()
    async with bench(modem) as line:
        line.refusing = 3
        modem.receive(CUSTOMER, "keep me")
        await line.until(lambda: line.refusing == 0)
        await line.until(lambda: line.texts)
        await line.until(lambda: not any(memory.slots for memory in modem.state.memories.values()))


async def test_texts_stored_before_the_start_are_read_from_every_store() -> None:
    modem = SimulatedModem()
    async with modem:
        modem.receive(CUSTOMER, "on the SIM", storage="SM")
        modem.receive(CUSTOMER, "in the modem", storage="ME")
        async with bench(modem) as line:
            await line.until(lambda: len(line.texts) == 2)


async def test_two_notices_at_once_lose_no_text_and_neither_do_lost_notices() -> None:
    modem = SimulatedModem()
    async with bench(modem) as line:
        for number in range(6):
            modem.receive(CUSTOMER, f"number {number}", storage="ME" if number % 2 else "SM")
        await line.until(lambda: len(line.texts) == 6)
        modem.faults.lose_urc = True
        modem.receive(CUSTOMER, "unannounced")
        await line.until(lambda: len(line.texts) == 7)


async def test_a_text_pushed_without_being_stored_is_received() -> None:
    async with bench(SimulatedModem()) as line:
        line.refusing = 1
        line.modem.receive(CUSTOMER, "pushed", direct=True)
        await line.until(lambda: [text.body for text in line.texts] == ["pushed"])


async def test_a_pdu_nobody_can_read_is_kept_as_it_came_and_frees_its_place() -> None:
    modem = SimulatedModem()
    async with bench(modem) as line:
        modem.receive_pdu("0004FF")
        await line.until(lambda: line.texts)
        assert (line.texts[0].kind, line.texts[0].raw) == ("undecodable", "0004FF")
        await line.until(lambda: not any(memory.slots for memory in modem.state.memories.values()))


async def test_a_full_store_is_emptied_and_everything_arrives() -> None:
    modem = SimulatedModem("sim800")
    async with modem:
        for number in range(14):
            modem.receive(CUSTOMER, f"number {number}", storage="SM")
        assert modem.undelivered == 4
        async with bench(modem) as line:
            await line.until(lambda: len(line.texts) == 14)


async def test_a_store_that_cannot_be_emptied_is_reported() -> None:
    modem = SimulatedModem("sim800")
    async with bench(modem) as line:
        line.refusing = 10_000
        for number in range(9):
            modem.receive(CUSTOMER, f"number {number}", storage="SM")
        await line.until(lambda: "nearly full" in line.said)
        line.refusing = 0
        await line.until(lambda: line.health[-1].health is Health.UP)


async def test_a_hung_modem_is_noticed_and_served_again_when_it_recovers() -> None:
    modem = SimulatedModem()
    async with bench(modem) as line:
        modem.faults.deaf = True
        await line.until(lambda: any("does not answer" in report.say and report.remedy for report in line.health))
        modem.faults.deaf = False
        await line.until(lambda: line.driver.ready)


async def test_a_lost_network_is_said_and_its_return_noticed() -> None:
    modem = SimulatedModem()
    async with bench(modem) as line:
        modem.change_faults(network_lost=True)
        await line.until(lambda: not line.driver.ready)
        assert line.health[-1].health is not Health.UP
        modem.change_faults(network_lost=False)
        await line.until(lambda: line.driver.ready and line.health[-1].health is Health.UP)
        modem.change_faults(registration_denied=True)
        await line.until(lambda: "refuses this SIM" in line.said)
