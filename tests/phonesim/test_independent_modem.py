"""The modem driver against a modem that somebody else wrote: it starts, sends and receives there too.

The emulator's own rules lack what every modem has: plain AT, AT+CMEE and an empty memory that lists as OK. Rules for these
stand before its own.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import serial

from drivers.modem.examine import Examination
from drivers.modem.modem import GsmModem
from drivers.modem.pdu import encode_submit
from drivers.modem.settings import ModemSettings, Timings
from gateway.clock import SystemClock
from gateway.core.checkup import Grade
from gateway.core.events import (
    CallEnded,
    CallRang,
    ErrorClass,
    HealthReport,
    ReportReceived,
    SegmentReceived,
    SubmitVerdict,
)
from gateway.ports.devices import OutgoingSegment
from tests.phonesim.emulator import UNPACKED, Emulator, missing, shipped_rules
from tests.tooling import need
from tests.waiting import until

pytestmark = pytest.mark.phonesim

BASICS = """
<chat><command>AT</command><response>OK</response></chat>
<chat><command>AT+CMEE=*</command><response>OK</response></chat>
"""
# SMS-DELIVER from +1 216 555 0137 (3GPP TS 23.040 9.2.2.1), "hellohello", 2026-11-21 14:00 UTC-5
INCOMING = "00040B912161550531F7000062111241000002" + "0A" + "E8329BFD4697D9EC37"
TIMINGS = Timings(sweep_s=0.5, drain_s=0.05, replug_poll_s=0.1, back_off_min_s=0.1, registration_s=0.2)
TEXT = OutgoingSegment("+12165550137", "Sorry we missed you", False, None, 1, 1, 3600, False)
REPLIED_TO = replace(TEXT, to="+12165550199")  # the rules answer a text to this number with a text


def with_inbox(rules: str, incoming: str = INCOMING, text: OutgoingSegment = REPLIED_TO) -> str:
    """A memory of one place, that a text like `text` fills with `incoming`, an SMS-DELIVER without an SMSC."""
    length = len(incoming) // 2 - 1
    pdu, _ = encode_submit(text)
    listed = f"+CMGL: 1,0,,{length}\\n{incoming}\\n\\n"
    read = f"+CMGR: 0,,{length}\\n{incoming}\\n\\n"
    inbox = """
<set name="INBOX" value=""/><set name="FIRST" value=""/>
<chat><command>AT+CMGR=1</command><response>${FIRST}OK</response></chat>
<chat><command>AT+CMGL=4</command><response>${INBOX}OK</response></chat>
<chat><command>AT+CMGD=1*</command><response>OK</response>
<set name="INBOX" value=""/><set name="FIRST" value=""/></chat>
<chat><command>AT+CPMS="SM"</command><response>+CPMS: 0,1,0,1,0,1\\n\\nOK</response></chat>
<chat><command>AT+CPMS="ME"</command><response>+CMS ERROR: 302</response></chat>
"""
    reply = f"""<state name="smsread">
<chat><command>{pdu[:24]}*</command><response>+CMGS: 7\\n\\nOK\\n\\n+CMTI: "SM",1</response>
<switch name="default"/><set name="INBOX" value="{listed}"/><set name="FIRST" value="{read}"/></chat>
"""
    return rules.replace("<simulator>", "<simulator>" + inbox, 1).replace('<state name="smsread">', reply, 1)


def to(number: str) -> OutgoingSegment:
    return replace(TEXT, to=number)


# What happens at the emulator when a text to that number arrives: what it answers, and the state it goes to.
CALLED, CALLED_EARLY, REPORTED, REFUSED, TIMED_OUT = (f"+121655501{n}" for n in (60, 61, 62, 63, 64))
CALLER = "+12165550142"
CLIP = f'+CLIP: "{CALLER[1:]}",145,,,,0'
REPORT = "0006080B912161550561F26211124100000262111241000002" + "00"  # of a text to REPORTED, reference 8
ACCEPTED = "+CMGS: 8\\n\\nOK"
AFTER_TEXT = {
    CALLED: (ACCEPTED, "ringing"),
    CALLED_EARLY: (f"RING\\n\\n{CLIP}\\n\\n{ACCEPTED}\\n\\nNO CARRIER", "default"),
    REPORTED: (f"{ACCEPTED}\\n\\n+CDS: {len(REPORT) // 2 - 1}\\n{REPORT}", "default"),
    REFUSED: ("+CMS ERROR: 38", "default"),
    TIMED_OUT: ("+CMS ERROR: 332", "default"),
}
RINGING = f"""<state name="ringing">
<unsolicited delay="100" once="true">RING</unsolicited>
<unsolicited delay="500" once="true">{CLIP}</unsolicited>
<unsolicited delay="900" once="true">RING\\n\\n{CLIP}</unsolicited>
<unsolicited delay="1200" once="true">NO CARRIER</unsolicited>
</state>
"""


def with_happenings(rules: str) -> str:
    """A text to one of the numbers above makes something happen."""
    chats = "".join(
        f'<chat><command>{encode_submit(to(number))[0][:24]}*</command><response>{said}</response><switch name="{state}"/></chat>'
        for number, (said, state) in AFTER_TEXT.items()
    )
    rules = rules.replace("</simulator>", RINGING + "</simulator>", 1)
    return rules.replace('<state name="smsread">', '<state name="smsread">' + chats, 1)


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[Emulator]:
    need(not missing(), f"{', '.join(missing())} not here - ./install.sh test gets what is missing")
    rules = shipped_rules().replace("<simulator>", "<simulator>" + BASICS, 1)
    emulator = Emulator(tmp_path, with_happenings(with_inbox(rules)))
    emulator.start()
    yield emulator
    emulator.stop()


@dataclass(slots=True)
class Heard:
    driver: GsmModem
    events: list[object] = field(default_factory=list)

    async def until(self, happened: Callable[[], object], within_s: float = 20.0) -> None:
        await until(happened, lambda: f"events: {self.events}", within_s)

    def ended(self) -> list[str | None]:
        return [event.caller for event in self.events if isinstance(event, CallEnded)]

    def rang(self) -> list[str | None]:
        return [event.caller for event in self.events if isinstance(event, CallRang)]

    def reports(self) -> list[ReportReceived]:
        return [event for event in self.events if isinstance(event, ReportReceived)]

    def texts(self) -> list[SegmentReceived]:
        return [event for event in self.events if isinstance(event, SegmentReceived)]


@asynccontextmanager
async def driving(emulator: Emulator) -> AsyncIterator[Heard]:
    events: list[object] = []

    async def submit(event: object) -> None:
        events.append(event)

    def health(_: HealthReport) -> None:
        return None

    settings = ModemSettings(str(emulator.path), timings=TIMINGS)
    driver = GsmModem(settings, submit, health, SystemClock(), "boot")
    running = asyncio.create_task(driver.run())
    try:
        heard = Heard(driver, events)
        await heard.until(lambda: driver.ready or running.done())
        yield heard
        assert not running.done()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def test_the_emulator_is_somebody_elses_modem(modem: Emulator) -> None:
    with serial.Serial(str(modem.path), timeout=5) as port:
        port.write(b"AT+CGMI\r")
        said = port.read_until(b"OK\r\n")
    assert re.findall(rb"[^\r\n]+", said) == [b"MeeGo", b"OK"]
    assert UNPACKED.exists()


async def test_the_driver_starts_on_a_modem_it_has_never_met(modem: Emulator) -> None:
    async with driving(modem) as line:
        assert line.driver.ready


async def test_a_text_is_accepted_by_a_modem_it_has_never_met(modem: Emulator) -> None:
    async with driving(modem) as line:
        result = await line.driver.submit(TEXT)
        assert (result.verdict, result.ref) == (SubmitVerdict.ACCEPTED, 0)


async def test_a_text_announced_right_behind_an_acceptance_is_received_once_and_deleted(modem: Emulator) -> None:
    async with driving(modem) as line:
        result = await line.driver.submit(REPLIED_TO)
        assert (result.verdict, result.ref) == (SubmitVerdict.ACCEPTED, 7)
        await line.until(line.texts)
        assert {(text.sender, text.body) for text in line.texts()} == {("+12165550137", "hellohello")}
        assert len({text.identity for text in line.texts()}) == 1


async def test_a_call_whose_number_comes_after_its_ring_is_one_missed_call(modem: Emulator) -> None:
    async with driving(modem) as line:
        assert (await line.driver.submit(to(CALLED))).verdict is SubmitVerdict.ACCEPTED
        await line.until(line.ended)
        assert line.rang() == line.ended() == [CALLER]


async def test_a_call_that_rings_and_ends_while_a_text_is_being_accepted_is_seen(modem: Emulator) -> None:
    async with driving(modem) as line:
        result = await line.driver.submit(to(CALLED_EARLY))
        assert (result.verdict, result.ref) == (SubmitVerdict.ACCEPTED, 8)
        await line.until(line.ended)
        assert line.ended() == [CALLER]


async def test_a_report_right_behind_the_acceptance_is_read(modem: Emulator) -> None:
    async with driving(modem) as line:
        assert (await line.driver.submit(to(REPORTED))).ref == 8
        await line.until(line.reports)
        assert [(report.ref, report.to, report.status) for report in line.reports()] == [(8, "+12165550162", 0)]


async def test_errors_of_the_network_are_classed_and_the_next_text_goes_out(modem: Emulator) -> None:
    async with driving(modem) as line:
        refused = await line.driver.submit(to(REFUSED))
        assert (refused.verdict, refused.error) == (SubmitVerdict.REJECTED, ErrorClass.TEMPORARY)
        assert (await line.driver.submit(to(TIMED_OUT))).verdict is SubmitVerdict.UNCONFIRMED
        assert (await line.driver.submit(TEXT)).verdict is SubmitVerdict.ACCEPTED


async def test_a_line_that_is_cut_in_the_middle_is_noticed_and_opened_again(modem: Emulator) -> None:
    async with driving(modem) as line:
        modem.cut()
        await line.until(lambda: not line.driver.ready)
        modem.join()
        await line.until(lambda: line.driver.ready)
        assert (await line.driver.submit(TEXT)).verdict is SubmitVerdict.ACCEPTED


async def test_the_doctor_understands_a_modem_that_somebody_else_wrote(modem: Emulator) -> None:
    examination = Examination(ModemSettings(str(modem.path), timings=TIMINGS))
    try:
        found = {finding.key: finding for finding in await examination.findings()}
    finally:
        examination.close()
    for key in ("modem", "sim", "network", "signal", "smsc"):
        assert found[key].grade is Grade.PASS, found[key]
    assert found["pin"].grade in (Grade.PASS, Grade.SKIPPED), found["pin"]
    assert found["storage"].grade is not Grade.FAIL, found["storage"]
    async with driving(modem) as heard:  # the port was let go
        findings = await heard.driver.checkup()
    assert {finding.key for finding in findings} >= {"modem", "sim", "network"}
