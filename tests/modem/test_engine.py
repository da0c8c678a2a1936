"""The AT engine and its verdicts on modems that answer in odd ways."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from drivers.modem.cms import error_class, judge, masked
from drivers.modem.engine import Answer, AtEngine, AtTimeoutError, HandOver, LinkLostError
from gateway.core.events import ErrorClass, SubmitResult, SubmitVerdict
from tests.modem.bench import FAST
from tests.modem.scripted import OK, PROMPT, Reply, ScriptedModem

PDU, LENGTH = "0011000B912161550531F70000A704D4F29C0E", 18


@asynccontextmanager
async def engine_on(modem: ScriptedModem) -> AsyncIterator[tuple[AtEngine, list[tuple[str, str | None]]]]:
    heard: list[tuple[str, str | None]] = []
    async with modem:
        engine = AtEngine.open(modem.path, 115_200, False, FAST, lambda line, pdu: heard.append((line, pdu)))
        try:
            yield engine, heard
        finally:
            engine.close("the test is over")


async def verdict(replies: dict[str, Reply], after_pdu: bytes = b"\r\n+CMGS: 7\r\n" + OK) -> SubmitResult:
    async with engine_on(ScriptedModem(replies, after_pdu)) as (engine, _):
        return judge(await engine.hand_over(PDU, LENGTH))


@pytest.mark.parametrize(
    ("answer", "ref"),
    [
        (b"\r\n+CMGS: 12\r\n\r\nOK\r\n", 12),
        (b"\r\n+CMGS:12\r\n\r\nOK\r\n", 12),
        (b'\r\n+CMGS: 12,"26/11/21,14:00:00-20"\r\n\r\nOK\r\n', 12),
        (b"\r\n+CMGS: 0\r\nOK\r\n", 0),
        (b"\r\n^RSSI:17\r\nRING\r\n+CMGS: 12\r\r\n^MODE:5,4\r\r\nOK\r\r\n", 12),
        (b"\xff\xfe\r\n+CMGS: 255\r\n\xe9\r\nOK\r\n", 255),
        (b"\r\n+CMGS: 12\r\n", 12),  # and never OK
        (b"\r\nOK\r\n", None),
        (b"\r\n+CMGS: \r\n\r\nOK\r\n", None),
    ],
)
async def test_an_accepted_text_is_accepted_in_every_spelling(answer: bytes, ref: int | None) -> None:
    result = await verdict({}, answer)
    assert (result.verdict, result.ref) == (SubmitVerdict.ACCEPTED, ref)


@pytest.mark.parametrize(
    ("prompt", "code"),
    [(b"\r\n+CMS ERROR: 310\r\n", 310), (b"\r\nERROR\r\n", None), (b"\r\nCOMMAND NOT SUPPORT\r\n", None), (b"", None)],
)
async def test_a_text_whose_prompt_was_refused_certainly_did_not_go(prompt: bytes, code: int | None) -> None:
    result = await verdict({"AT+CMGS=": prompt})
    assert (result.verdict, result.code) == (SubmitVerdict.NOT_TAKEN, code)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", SubmitVerdict.UNCONFIRMED),
        (b"\r\n+CMS ERROR: 500\r\n", SubmitVerdict.UNCONFIRMED),
        (b"\r\n+CMS ERROR: 38\r\n", SubmitVerdict.REJECTED),
        (b"\r\n+CMS ERROR: SIM not inserted\r\n", SubmitVerdict.REJECTED),
        (b"\r\nERROR\r\n", SubmitVerdict.UNCONFIRMED),
        (b"\r\nCOMMAND NOT SUPPORT\r\n", SubmitVerdict.REJECTED),
        (b"\r\n+CMS ERROR: network timeout\r\n", SubmitVerdict.UNCONFIRMED),
        (b"\r\n+CMS ERROR: 500, unknown\r\n", SubmitVerdict.UNCONFIRMED),
        (b"\r\n+CME ERROR: 100\r\n", SubmitVerdict.UNCONFIRMED),
        (b"\r\nRING\r\n^RSSI:3\r\n", SubmitVerdict.UNCONFIRMED),
    ],
)
async def test_a_text_that_was_handed_over_is_judged_by_its_answer(answer: bytes, expected: SubmitVerdict) -> None:
    assert (await verdict({}, answer)).verdict is expected


async def test_only_the_pdu_follows_the_prompt_whatever_else_is_asked_meanwhile() -> None:
    modem = ScriptedModem({"AT+CMGS=": b'\r\n> \r\n+CMTI: "SM",1\r\n'})
    async with engine_on(modem) as (engine, heard):
        jobs = [engine.hand_over(PDU, LENGTH) for _ in range(20)]
        asks = [engine.command("AT+CSQ", "+CSQ") for _ in range(20)]
        await asyncio.gather(*jobs, *asks)
        assert modem.bodies == [PDU.encode()] * 20
        assert len(heard) == 20


@pytest.mark.parametrize("pdu", ["", "00\x1a", "0011\r", "AT", "001", "00 11"])
async def test_a_payload_that_is_not_hexadecimal_never_reaches_the_modem(pdu: str) -> None:
    modem = ScriptedModem()
    async with engine_on(modem) as (engine, _):
        with pytest.raises(ValueError, match="hexadecimal"):
            await engine.hand_over(pdu, 1)
        assert modem.commands == []


async def test_a_late_answer_is_thrown_away_and_counted() -> None:
    modem = ScriptedModem({"AT+COPS?": b""})
    async with engine_on(modem) as (engine, _):
        with pytest.raises(AtTimeoutError):
            await engine.command("AT+COPS?", "+COPS", timeout=0.02)
        modem.say(b'\r\n+COPS: 0,0,"Carrier"\r\n\r\nOK\r\n')
        modem.replies["AT+CREG?"] = b"\r\n+CREG: 1,5\r\n\r\nOK\r\n"
        answer = await engine.command("AT+CREG?", "+CREG")
        assert (answer.fields("+CREG"), answer.final) == (("1", "5"), "OK")
        assert engine.discards["late answer"] >= 1


async def test_a_modem_that_never_answers_at_is_given_up() -> None:
    async with engine_on(ScriptedModem({"AT": b""})) as (engine, _):
        with pytest.raises(LinkLostError, match="does not answer"):
            await engine.command("AT+CSQ")
        assert engine.lost.is_set()
        with pytest.raises(LinkLostError):
            await engine.command("AT")


async def test_a_command_in_progress_fails_at_once_when_the_modem_is_unplugged() -> None:
    modem = ScriptedModem({"AT+COPS?": b""})
    async with engine_on(modem) as (engine, _):
        asking = asyncio.create_task(engine.command("AT+COPS?", timeout=30))
        await modem.heard("AT+COPS?")
        before = time.monotonic()
        modem.unplug()
        with pytest.raises(LinkLostError) as lost:
            await asking
        assert time.monotonic() - before < 0.2
        assert lost.value.unplugged


async def test_an_announced_pdu_finds_its_announcement_through_noise() -> None:
    async with engine_on(ScriptedModem()) as (engine, heard):
        await engine.command("AT")
        engine_modem_lines = b"\r\n+CDS: 3\r\n^RSSI:17\r\n0006AABB\r\n+CMT: ,9\r\n07AABB\r\nRING\r\n"
        for token in engine._splitter.feed(engine_modem_lines):
            engine._take(token)
        assert heard == [("^RSSI:17", None), ("+CDS: 3", "0006AABB"), ("+CMT: ,9", "07AABB"), ("RING", None)]


async def test_a_call_that_ends_in_the_middle_of_an_answer_spoils_neither() -> None:
    listing = b'\r\n+CMGL: 1,0,,5\r\nNO CARRIER\r\n0011AA\r\nRING\r\n+CLIP: "2165550137",129\r\n\r\nOK\r\n'
    async with engine_on(ScriptedModem({"AT+CMGL": listing})) as (engine, heard):
        answer = await engine.command("AT+CMGL=4", "+CMGL")
        assert answer.lines == ("+CMGL: 1,0,,5", "0011AA")
        assert [line for line, _ in heard] == ["NO CARRIER", "RING", '+CLIP: "2165550137",129']


async def test_a_cancelled_send_before_the_prompt_leaves_the_line_usable() -> None:
    modem = ScriptedModem({"AT+CMGS=": b""})
    async with engine_on(modem) as (engine, _):
        sending = asyncio.create_task(engine.hand_over(PDU, LENGTH))
        await modem.heard("AT+CMGS=")
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert engine.loss is None
        modem.replies["AT+CMGS="] = PROMPT
        assert (await engine.hand_over(PDU, LENGTH)).how is HandOver.ANSWERED
        assert modem.bodies == [PDU.encode()]


async def test_an_error_right_behind_the_prompt_is_not_followed_by_the_pdu() -> None:
    modem = ScriptedModem({"AT+CMGS=": b"\r\n> \r\n+CMS ERROR: 304\r\n"})
    async with engine_on(modem) as (engine, _):
        result = judge(await engine.hand_over(PDU, LENGTH))
        assert (result.verdict, result.error) == (SubmitVerdict.NOT_TAKEN, ErrorClass.OUR_BUG)
        assert modem.bodies == []


@pytest.mark.parametrize(
    ("final", "kind"),
    [
        ("+CMS ERROR: 28", ErrorClass.NUMBER),
        ("+CMS ERROR: 310", ErrorClass.ACCOUNT),
        ("+CMS ERROR: 42", ErrorClass.TEMPORARY),
        ("+CMS ERROR: 513", ErrorClass.TEMPORARY),
        ("+CMS ERROR: 322", ErrorClass.STORAGE),
        ("+CMS ERROR: 143", ErrorClass.OUR_BUG),
        ("+CMS ERROR: 9999", ErrorClass.UNCLEAR),
        ("+CME ERROR: 10", ErrorClass.ACCOUNT),
        ("+CME ERROR: 14", ErrorClass.TEMPORARY),
        ("ERROR", ErrorClass.UNCLEAR),
    ],
)
def test_every_error_has_its_class(final: str, kind: ErrorClass) -> None:
    assert error_class(final, Answer((), final).code) is kind


def test_evidence_shows_no_telephone_number() -> None:
    assert masked('+CMGS: 7 | +CLIP: "+12165550137",145') == '+CMGS: 7 | +CLIP: "…37",145'
