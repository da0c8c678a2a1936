"""Whatever bytes a line or a network brings: nothing raises, and everything that is thrown away is counted."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.modem.engine import Answer, AtEngine, AtTimeoutError, Handed, HandOver, LinkLostError
from drivers.modem.inbox import _event, _listed
from drivers.modem.lines import LineSplitter
from drivers.modem.profiles import load_profiles
from drivers.modem.urc import parse
from drivers.simulator import pdu as network
from gateway.clock import SystemClock
from gateway.core.assembly import join_parts
from gateway.core.events import SegmentReceived
from tests.modem.bench import FAST

SHORT = replace(FAST, prompt_s=0.03, accept_s=0.03, final_s=0.01)
AT = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
GOOD = network.encode_deliver("+12165550137", "Water heater is leaking", AT)
DIALECTS = [profile.dialect for profile in load_profiles().values()]
SAID = (
    *("OK", "ERROR", "+CMS ERROR: 38", "+CMS ERROR: ", "+CME ERROR: SIM busy", "COMMAND NOT SUPPORT", "RING", "+CRING: VOICE"),
    *('+CLIP: "+12165550137",145', "+CLIP:", '+CMTI: "SM",1', "+CMTI: ,", "+CMT: ,30", "+CDS: 25", "+CBM: 88", GOOD, GOOD[:31]),
    *("NO CARRIER", "BUSY", "^CEND:1,0,104", "MISSED_CALL: 11:01AM 2165550137", "+CMGS: 12", "+CMGS:", "^RSSI:17", "0", "4"),
    *("+CPIN: NOT READY", "PB DONE", "UNDER-VOLTAGE WARNNING", "+CREG: 5", "AT", "AT+CSQ", "> ", ">", "+CSQ: 18,99", "+CMGL: 1,0,,30"),
)  # fmt: skip
lines = st.sampled_from(SAID).map(lambda said: f"\r\n{said}\r\n".encode())
noise = st.binary(max_size=40)
streams = st.lists(st.one_of(lines, lines, noise), max_size=25).map(b"".join)


@contextmanager
def engine_on_a_pty() -> Iterator[tuple[AtEngine, int, list[tuple[str, str | None]]]]:
    """The engine and the modem's end of its line."""
    heard: list[tuple[str, str | None]] = []
    master, slave = pty.openpty()
    tty.setraw(slave)
    engine = AtEngine.open(os.ttyname(slave), 115_200, False, SHORT, lambda line, pdu: heard.append((line, pdu)))
    try:
        yield engine, master, heard
    finally:
        engine.close("the test is over")
        os.close(slave)
        os.close(master)


@settings(max_examples=200, deadline=None)
@given(streams)
async def test_every_line_of_any_stream_is_heard_or_counted(stream: bytes) -> None:
    stream += b"\r\n^END\r\n"
    tokens = LineSplitter().feed(stream)
    with engine_on_a_pty() as (engine, master, heard):
        os.write(master, stream)
        async with asyncio.timeout(10):
            while ("^END", None) not in heard:  # noqa: ASYNC110 - the engine reads when the loop turns
                await asyncio.sleep(0)
        assert engine.loss is None
        waiting = engine._two_line is not None
        taken = sum(1 if pdu is None else 2 for _, pdu in heard)
        assert taken + sum(engine.discards.values()) + waiting == len(tokens), (tokens, heard, engine.discards)
        for dialect in DIALECTS:
            for line, pdu in heard:
                parse(line, pdu, dialect)


@settings(max_examples=60, deadline=None)
@given(streams, st.booleans())
async def test_a_command_or_a_text_among_any_bytes_ends_with_an_honest_answer(stream: bytes, sending: bool) -> None:
    with engine_on_a_pty() as (engine, master, _):
        engine._dirty = False
        work = engine.hand_over(GOOD, 30) if sending else engine.command("AT+CSQ", "+CSQ", timeout=0.03)
        job = asyncio.ensure_future(work)
        await asyncio.sleep(0)
        os.write(master, stream)
        try:
            result = await job
        except (AtTimeoutError, LinkLostError):
            assert not sending
            return
        if isinstance(result, Handed):
            written = os.read(master, 65536)
            assert (result.how in {HandOver.LOST_BEFORE, HandOver.NO_PROMPT, HandOver.REFUSED}) == (
                b"\x1a" not in written
            )


hexadecimal = st.binary(min_size=1, max_size=180).map(lambda octets: octets.hex().upper())


@st.composite
def damaged_pdus(draw: st.DrawFn) -> str:
    """A real text with some octets changed, removed or doubled."""
    octets = bytearray.fromhex(GOOD)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(octets) - 1))
        match draw(st.sampled_from("cri")):
            case "c":
                octets[at] = draw(st.integers(0, 255))
            case "r":
                del octets[at : at + draw(st.integers(1, 8))]
                octets = octets or bytearray(1)
            case _:
                octets[at:at] = draw(st.binary(min_size=1, max_size=8))
    return octets.hex().upper()


@settings(max_examples=500, deadline=None)
@given(st.one_of(hexadecimal, damaged_pdus()))
def test_any_pdu_becomes_an_event_that_can_be_stored_and_shown(pdu: str) -> None:
    event = _event(pdu, SystemClock())
    if isinstance(event, SegmentReceived):
        assert event.identity
        assert event.kind in {"text", "mms_notice", "voicemail_notice", "undecodable", "binary"}
        for shown in (event.sender, event.body, join_parts([event])):
            shown.encode("utf-8")
            assert "\x00" not in shown
        assert event.kind != "undecodable" or event.raw


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(SAID), st.text('0123456789ABCDEF,+CMGL: "', max_size=30)), max_size=12))
def test_any_listing_yields_only_places_and_pdus(listed: list[str]) -> None:
    for index, pdu, _ in _listed(Answer(tuple(listed), "OK")):
        assert index >= 0
        bytes.fromhex(pdu)
