"""The live feed against a scripted manager port: what breaks in the field must not cost a call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from drivers.asterisk.calls import CallBook
from drivers.asterisk.feed import PAUSE_AT, AsteriskFeed
from drivers.asterisk.messages import Message
from drivers.asterisk.settings import AsteriskSettings, Timings
from gateway.clock import SystemClock
from gateway.core.events import CallEnded, CallEvent, CallRang, CallReason, CallSource, CallTaken, Health, HealthReport
from gateway.ports.devices import OpenCall
from tests.asterisk.ami_server import DEADLINE_S, AmiServer
from tests.asterisk.blocks import CALLER, DID, arrives, block, enters, hangs_up, leaves, rings, row

TRUNK, PHONE = "PJSIP/trunk-00000001", "PJSIP/201-00000002"
FAST = Timings(answer_s=0.2, ping_every_s=0.2, back_off_min_s=0.01, settled_s=0.0, retry_submit_s=0.01)


class PatientClock(SystemClock):
    """Remembers every wait and keeps the short ones; a wait of a second or more lasts until `wake` is set."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.wake = asyncio.Event()
        self._changed = asyncio.Condition()

    async def until_waited(self, count: int) -> None:
        async with asyncio.timeout(DEADLINE_S), self._changed:
            await self._changed.wait_for(lambda: len(self.waits) >= count)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        async with self._changed:
            self._changed.notify_all()
        if seconds >= 1.0:
            await self.wake.wait()
        else:
            await asyncio.sleep(seconds)


class Box:
    """Stands where the gateway stands: takes events, may be unable to for a while."""

    def __init__(self) -> None:
        self.events: list[object] = []
        self.at: list[float] = []
        self.reports: list[HealthReport] = []
        self.failures = 0
        self._changed = asyncio.Condition()
        self._told = asyncio.Event()

    async def submit(self, event: object) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        self.at.append(time.perf_counter())
        self.events.append(event)
        async with self._changed:
            self._changed.notify_all()

    def health(self, report: HealthReport) -> None:
        self.reports.append(report)

        self._told.set()

    async def until_reported(self, holds: Callable[[HealthReport], bool]) -> None:
        """Wait until the newest report holds."""
        async with asyncio.timeout(DEADLINE_S):
            while not (self.reports and holds(self.reports[-1])):
                self._told.clear()
                await self._told.wait()

    def ended(self) -> list[CallEnded]:
        return [event for event in self.events if isinstance(event, CallEnded)]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_S), self._changed:
            await self._changed.wait_for(holds)

    async def until_ended(self, count: int = 1) -> list[CallEnded]:
        await self.until(lambda: len(self.ended()) >= count)
        return self.ended()


@asynccontextmanager
async def linked(
    server: AmiServer, box: Box, *, timings: Timings = FAST, open_calls: tuple[OpenCall, ...] = (), up: bool = True
) -> AsyncIterator[PatientClock]:
    clock = PatientClock()
    settings = AsteriskSettings("127.0.0.1", "textback", "a secret", port=server.port, timings=timings)
    task = asyncio.create_task(AsteriskFeed(settings, box.submit, box.health, clock, open_calls).run())
    try:
        if up:
            await server.until(lambda: bool(server.asked("Status")))
        yield clock
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=DEADLINE_S)
        assert task.cancelled()


@pytest.fixture
async def server() -> AsyncIterator[AmiServer]:
    async with AmiServer() as running:
        yield running


async def test_a_call_that_nobody_takes_is_told_as_missed(server: AmiServer) -> None:
    box = Box()
    async with linked(server, box):
        await server.send(arrives("1.1"), rings("1.2", "1.1"), hangs_up("1.1"))
        (call,) = await box.until_ended()
    assert (call.caller, call.did, call.missed, call.reason) == (CALLER, DID, True, CallReason.NO_ANSWER)
    assert call.caller_name == "JANE DOE"
    assert isinstance(box.events[0], CallRang)
    assert box.reports[-1].health in (Health.UP, Health.DOWN)


async def test_an_event_that_makes_no_sense_costs_neither_the_link_nor_the_calls_around_it(server: AmiServer) -> None:
    box = Box()
    async with linked(server, box):
        await server.send(
            arrives("1.1"),
            "Event: Hangup\r\nEvent: Newchannel\r\nUniqueid\r\n\r\n",
            "Event: BridgeEnter\r\n\r\n",
            b"\xff\xfe\x00: \x80\r\n\r\n",
            "Event: Newstate\r\nUniqueid: 1.1\r\nChannel: " + TRUNK + "\r\nChannelState: many\r\n\n",
            "Event: DialBegin\r\nUniqueid: 1.1\r\n\r\n",
            hangs_up("1.1"),
        )
        (call,) = await box.until_ended()
    assert call.missed is True
    assert server.connections == 1


async def test_a_name_cut_in_the_middle_of_a_letter_arrives_whole(server: AmiServer) -> None:
    box = Box()
    whole = arrives("1.1", name="José Muñoz").encode()
    cut = whole.index("ñ".encode()) + 1
    async with linked(server, box):
        await server.send(whole[:cut])
        await asyncio.sleep(0.01)  # halves that arrive together are only an easier case
        await server.send(whole[cut:], hangs_up("1.1"))
        (call,) = await box.until_ended()
    assert call.caller_name == "José Muñoz"


async def test_a_peer_that_falls_silent_is_left_and_called_again(server: AmiServer) -> None:
    box = Box()
    async with linked(server, box):
        server.silent = True
        await server.until(lambda: bool(server.asked("Ping")[1:]))
        server.silent = False
        await server.until(lambda: len(server.asked("Status")) == 2)
    assert any("silent" in report.say for report in box.reports if report.health is Health.DOWN)


async def test_a_link_that_we_hold_back_ourselves_is_not_taken_for_a_silent_one(server: AmiServer) -> None:
    box = Box()
    async with linked(server, box):
        box.failures = 1_000_000  # the disk takes nothing for a while: what Asterisk says has to wait
        await server.send(arrives("1.1"), block("Newstate", Channel=TRUNK, Uniqueid="1.1") * (2 * PAUSE_AT))
        pings = len(server.asked("Ping"))
        await server.until(lambda: len(server.asked("Ping")) >= pings + 3)
        await server.send(hangs_up("1.1"))
        box.failures = 0
        (call,) = await box.until_ended()
    assert (call.missed, server.connections) == (True, 1)


async def test_a_peer_that_tells_of_calls_is_not_silent_though_its_answers_are_late(server: AmiServer) -> None:
    box = Box()
    async with linked(server, box):
        server.silent = True
        for number in range(1, 5):
            pings = len(server.asked("Ping"))
            await server.until(lambda before=pings: len(server.asked("Ping")) > before)  # type: ignore[misc]
            await server.send(arrives(f"{number}.1"), hangs_up(f"{number}.1"))
        calls = await box.until_ended(4)
    assert (len(calls), server.connections) == (4, 1)


async def test_a_call_whose_presentation_is_not_known_yet_holds_up_no_other_call(server: AmiServer) -> None:
    server.kept_back.add("num-pres/1.1")
    box = Box()
    async with linked(server, box, timings=replace(FAST, presentation_s=10 * DEADLINE_S)):
        await server.send(arrives("1.1"), hangs_up("1.1"))
        await server.send(arrives("2.1", caller="2165550138"), hangs_up("2.1"))
        assert [call.key for call in await box.until_ended(1)] == ["2.1"]
        answer = "Response: Success\r\nActionID: num-pres/1.1\r\nVariable: x\r\nValue: prohib\r\n\r\n"
        await server.send(answer)
        first = (await box.until_ended(2))[1]
    assert (first.key, first.caller, first.missed) == ("1.1", None, True)


async def test_a_refused_login_says_so_and_waits_a_minute_before_the_next_try(server: AmiServer) -> None:
    server.refuse = True
    box = Box()
    async with linked(server, box, up=False) as clock:
        await clock.until_waited(1)
        assert clock.waits == [60.0]
        assert server.connections == 1
        report = box.reports[-1]
        assert report.health is Health.DOWN
        assert "refused the login of user 'textback': Authentication failed" in report.say
        assert "a secret" not in report.say + report.remedy
        server.refuse = False
        clock.wake.set()
        await server.until(lambda: bool(server.asked("Status")))


async def test_a_pbx_that_is_off_is_tried_ever_more_slowly() -> None:
    server, box = AmiServer(), Box()
    await server.open()
    await server.close()
    async with linked(server, box, timings=Timings(back_off_min_s=0.001), up=False) as clock:
        await clock.until_waited(5)
    for tries, wait in enumerate(clock.waits[:5]):
        assert 0.0005 * 2**tries <= wait <= 0.001 * 2**tries
    assert box.reports[-1].health is Health.DOWN
    assert "cannot be reached" in box.reports[-1].say


async def test_a_pbx_that_was_off_for_long_is_found_within_seconds_of_its_return() -> None:
    """Every call that rings before the link is back is not seen."""
    server, box = AmiServer(), Box()
    await server.open()
    await server.close()
    async with linked(server, box, timings=Timings(back_off_min_s=0.001, retry_max_s=0.004), up=False) as clock:
        await clock.until_waited(12)
    assert Timings().retry_max_s <= 5.0
    assert all(wait <= 0.004 for wait in clock.waits)


async def test_a_call_answered_while_the_link_was_down_is_not_missed(server: AmiServer) -> None:
    box = Box()
    async with linked(server, box):
        await server.send(arrives("1.1"), rings("1.2", "1.1"))
        await box.until(lambda: len(box.events) == 1)
        server.rows = [row("1.1", TRUNK, "6", "b7"), row("1.2", PHONE, "6", "b7", Linkedid="1.1")]
        await server.drop()
        await box.until(lambda: any(isinstance(event, CallTaken) for event in box.events))
        await server.send(hangs_up("1.1", state="6"))
        (call,) = await box.until_ended()
    assert (call.missed, call.reason, call.answered_by) == (False, CallReason.ANSWERED, "201")


async def test_a_call_that_vanished_while_the_link_was_down_is_unknown_not_missed(server: AmiServer) -> None:
    box = Box()
    async with linked(server, box):
        await server.send(arrives("1.1"))
        await box.until(lambda: len(box.events) == 1)
        await server.drop()
        (call,) = await box.until_ended()
    assert (call.missed, call.reason) == (None, CallReason.UNKNOWN)


async def test_a_conversation_that_ended_while_the_link_was_down_was_answered(server: AmiServer) -> None:
    box = Box()
    async with linked(server, box):
        await server.send(arrives("1.1"), rings("1.2", "1.1"), enters("1.2", PHONE), enters("1.1", TRUNK))
        await box.until(lambda: len(box.events) == 2)
        await server.drop()
        (call,) = await box.until_ended()
    assert (call.missed, call.answered_by) == (False, "201")


@pytest.mark.parametrize("bridged", [False, True], ids=["ringing", "talking"])
async def test_a_pbx_that_starts_anew_ends_every_call(server: AmiServer, bridged: bool) -> None:
    box = Box()
    async with linked(server, box):
        await server.send(arrives("1.1"), rings("1.2", "1.1"))
        if bridged:
            await server.send(enters("1.2", PHONE), enters("1.1", TRUNK))
        await box.until(lambda: len(box.events) == 1 + bridged)
        server.uptime, server.startup = 0, "12:31:00"
        await server.drop()
        (call,) = await box.until_ended()
    assert (call.missed, call.reason) == ((False, CallReason.ANSWERED) if bridged else (True, CallReason.PBX_RESTART))


async def test_a_call_in_progress_when_the_gateway_restarted_is_followed_to_its_end(server: AmiServer) -> None:
    box, since = Box(), datetime.now(UTC) - timedelta(seconds=8)
    known = OpenCall("1.1", CallSource.AMI, since, CALLER, DID, None, False)
    server.rows = [row("1.1", TRUNK, "4", CallerIDNum=CALLER, DNID=DID, Context="ext-group")]
    async with linked(server, box, open_calls=(known,)):
        await server.until(lambda: bool(server.asked("Status")))
        await server.send(hangs_up("1.1"))
        (call,) = await box.until_ended()
    assert (call.key, call.caller, call.did, call.missed) == ("1.1", CALLER, DID, True)
    assert call.ring_s is not None
    assert 8 <= call.ring_s < 12


async def test_a_call_that_ended_while_the_gateway_was_off_is_unknown(server: AmiServer) -> None:
    box = Box()
    known = OpenCall("1.1", CallSource.AMI, datetime.now(UTC) - timedelta(seconds=60), CALLER, DID, None, False)
    async with linked(server, box, open_calls=(known,)):
        (call,) = await box.until_ended()
    assert (call.caller, call.did, call.missed, call.reason) == (CALLER, DID, None, CallReason.UNKNOWN)


async def test_a_number_that_the_trunk_delivers_although_it_is_withheld_is_not_used(server: AmiServer) -> None:
    server.presentation = "prohib_not_screened"
    box = Box()
    async with linked(server, box):
        await server.send(arrives("1.1"))
        await server.until(lambda: bool(server.asked("Getvar")))
        await server.send(hangs_up("1.1"))
        (call,) = await box.until_ended()
    assert (call.caller, call.caller_name, call.missed) == (None, None, True)
    assert server.asked("Getvar")[0]["Channel"] == TRUNK


async def test_the_end_of_a_very_short_call_waits_for_the_answer_whether_its_number_is_withheld(
    server: AmiServer,
) -> None:
    server.presentation, server.answers_late = "prohib_not_screened", True
    box = Box()
    async with linked(server, box):
        await server.send(arrives("1.1"), hangs_up("1.1"), arrives("1.2"), hangs_up("1.2"))
        await server.until(lambda: len(server.asked("Getvar")) == 2)
        assert not box.ended()
        await server.answer_late()
        calls = await box.until_ended(2)
    assert [(call.key, call.caller, call.missed) for call in calls] == [("1.1", None, True), ("1.2", None, True)]


async def test_a_call_ends_although_nobody_tells_whether_its_number_is_withheld(server: AmiServer) -> None:
    server.answers_late = True
    box = Box()
    async with linked(server, box, timings=replace(FAST, presentation_s=0.05)):
        await server.send(arrives("1.1"), hangs_up("1.1"))
        (call,) = await box.until_ended()
    assert (call.caller, call.missed) == (CALLER, True)


async def test_a_manager_user_who_may_not_hear_of_calls_is_told_so(server: AmiServer) -> None:
    """The user may look (write = reporting) but not listen (read without call): lists show calls that no event spoke of."""
    server.rows = [row("1.1", TRUNK, "4", CallerIDNum=CALLER, DNID=DID)]
    box = Box()
    async with linked(server, box):
        server.rows = [row("1.2", TRUNK, "4", CallerIDNum=CALLER, DNID=DID)]
        await server.until(lambda: len(server.asked("Status")) >= 4)
        await box.until_reported(lambda report: "does not tell manager user 'textback'" in report.say)
        assert box.reports[-1].health is Health.DOWN
        assert "read = system,call" in box.reports[-1].remedy
        await server.send(block("Newstate", Channel=TRUNK, Uniqueid="1.2", ChannelState="6"))
        await box.until_reported(lambda report: report.health is Health.UP and "Connected" in report.say)
    assert [event.key for event in box.events if isinstance(event, CallRang)] == ["1.1"]


async def test_a_message_over_which_the_feed_stumbles_is_counted_in_sight_and_costs_no_other_call(
    server: AmiServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    feed = CallBook.feed

    def stumbles(book: CallBook, message: Message, now: datetime) -> tuple[CallEvent, ...]:
        if message.get("Uniqueid") == "1.1":
            raise ValueError("a fault of ours")
        return feed(book, message, now)

    monkeypatch.setattr(CallBook, "feed", stumbles)
    box = Box()
    async with linked(server, box):
        await server.send(arrives("1.1"))
        await box.until_reported(lambda report: report.facts["faults"] == "1")
        await server.send(arrives("2.1"), rings("2.2", "2.1"), hangs_up("2.1"))
        (call,) = await box.until_ended()
    assert call.key == "2.1"
    assert "a message of Asterisk was skipped (Newchannel)" in caplog.text


async def test_a_call_that_cannot_be_written_down_is_offered_until_it_can(
    server: AmiServer, caplog: pytest.LogCaptureFixture
) -> None:
    box = Box()
    box.failures = 3
    async with linked(server, box):
        await server.send(arrives("1.1"), leaves("1.1", TRUNK), hangs_up("1.1"))
        await box.until_ended()
    assert [type(event) for event in box.events] == [CallRang, CallEnded]
    assert any(report.health is Health.DEGRADED for report in box.reports)
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert [say for say in warnings if "a call waits" in say] == [
        "asterisk: a call waits because it could not be stored: disk full"
    ]


async def test_nothing_connects_again_after_the_feed_was_stopped(server: AmiServer) -> None:
    box = Box()
    async with linked(server, box):
        pass
    assert not [task for task in asyncio.all_tasks() if "drivers/asterisk" in repr(task)]
    await server.until(lambda: not server.open_connections)
    assert server.connections == 1


def test_a_line_break_in_the_secret_is_refused_because_it_would_be_a_second_action() -> None:
    with pytest.raises(ValueError, match="control character"):
        AsteriskSettings("127.0.0.1", "textback", "x\r\nAction: Originate")


async def test_calls_among_ten_thousand_events_all_ring_and_then_end(server: AmiServer) -> None:
    box, noise = Box(), block("VarSet", Channel=TRUNK, Uniqueid="1.1", Variable="X", Value="y" * 200) * 200
    async with linked(server, box):
        for number in range(50):
            await server.send(noise, arrives(f"{number}.1"), hangs_up(f"{number}.1"))
        calls = await box.until_ended(50)
    assert {call.key for call in calls} == {f"{number}.1" for number in range(50)}
    told = [(type(event), event.key) for event in box.events if isinstance(event, CallRang | CallEnded)]
    assert all(told.index((CallRang, call.key)) < told.index((CallEnded, call.key)) for call in calls)
    assert len(told) == 100
