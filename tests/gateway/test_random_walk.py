"""Random lives of a box: calls, texts, people, a moody modem, a stepping clock, power cuts at any commit; the promises hold.

The real turns, store, dispatcher and sender run on a virtual clock. What the modem lets into the air is the truth; what the
books say is compared with it after every step, and again when everything has come to rest.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gateway import records
from gateway.core.effects import CallNotTexted, Effect, OptOutChanged, TextSent
from gateway.core.events import (
    CallEnded,
    CallRang,
    CallReason,
    CallSource,
    CallTaken,
    ClockJumped,
    ContactSet,
    Event,
    HandedBack,
    OfficeCalled,
    OfficeRings,
    OfficeTexted,
    ReportReceived,
    SegmentReceived,
    SubmitResult,
    Switched,
    TaskClosed,
    UnsureDecided,
)
from gateway.core.outbound import TO_OUR_PEOPLE, Purpose
from gateway.core.understanding.reader import Reading
from gateway.ports.devices import OutgoingSegment
from gateway.storage.store import Store
from tests.gateway.box import (
    ACCEPTED,
    BUSINESS,
    BUSY,
    MAIN,
    NO_SUCH_NUMBER,
    NOT_TAKEN,
    UNSURE,
    Box,
    PortModem,
    VirtualClock,
    reader,
)
from tests.gateway.calls_back import office
from tests.gateway.office import OWNER

T = TypeVar("T")

MEMORY = Path("/dev/shm")  # these power cuts need no disk: what is committed is in the file
CUSTOMERS = ["+12165550137", "+12165550141", "+12165550142"]
NEVER = ["+12165550188", MAIN, OWNER, "150", "72345", "+18005550137", "", "MILLER"]
LINES = [MAIN, MAIN, "+12165550111", "+12165550155"]  # the office, an ad line that waits for the morning, on call
BODIES = ["STOP", "STOP", "START", "START", "HELP", "hello", "URGENT water", "\u202e\x00 odd"]
TALK = [
    *(
        "my furnace needs a tune up",
        "it is in 44107",
        "Dana Smith",
        "friday morning",
        "thanks",
        "I want to talk to a person",
    ),
    *("water is pouring through my ceiling and I cannot stop it", "i smell gas in the basement", "URGENT"),
    *(
        "stop texting me and call me, sparks come out of the panel",
        "someone else fixed it",
        "Liked \u201cThank you\u201d",
    ),
    "I'm driving right now and will see your message later",
    *(
        "please call me",
        "1",
        "2",
        "the second one",
        "tomorrow at 9",
        "neither",
        "2, call my wife at 216-555-0163",
        "who is this?",
    ),
]
MARKS_OF_FATE = {"alert_sent": "told", "not_covered": "told", "alert_unsure": "unsure", "alert_failed": "failed"}
UNASKED = {"safety", "opt_out_confirmation", "help", "opener", "staff", "test", "escalation"}
MOST_TEXTS = 8  # automatic texts of one conversation, whatever happens
KINDS = ["opted_out", "blocked", "vendor", "autoresponder"]
SPANS = [1, 5, 16, 61, 600, 901, 1300, 3600, 3601, 8 * 3600, 25 * 3600]
LONG = BUSINESS.name + " " + "word " * 40  # two parts
WALKED = replace(  # memories are short, so that much can happen
    BUSINESS,
    templates={**BUSINESS.templates, "after_hours": LONG},
    policy=replace(BUSINESS.policy, per_minute=3, cooldown_s=3600.0, conversation_open_s=1200.0, takeover_s=1200.0),
    conversation=office(per_hour=1).conversation,  # callers choose times for a call, and get into each other's way
)
_OFTEN = {
    "a_call_is_missed": 8,
    "a_call_comes_in": 2,
    "a_call_is_taken": 1,
    "a_call_ends": 3,
    "the_end_of_a_call_is_never_told": 1,
    "a_text_comes_in": 3,
    "somebody_talks": 8,
    "a_picture_comes_in": 1,
    "the_office_hands_back": 1,
    "a_text_in_parts_comes_in": 1,
    "the_modem_will_answer": 4,
    "the_modem_comes_and_goes": 1,
    "something_will_happen_in_mid_send": 5,
    "a_report_comes_in": 3,
    "the_office_calls": 2,
    "the_office_writes": 1,
    "the_office_notes": 1,
    "texting_is_paused": 1,
    "a_person_decides_on_unsure_texts": 2,
    "a_person_does_the_tasks": 1,
    "time_passes": 4,
    "the_power_will_fail": 3,
    "the_box_is_started_again": 1,
    "the_clock_is_set": 1,
}
WHAT_HAPPENS = [what for what, often in _OFTEN.items() for _ in range(often)]
LISTED = ("unknown_outcome", "stale", "rate_limit", "paused", "modem_down", "send_failed", "opted_out", "landline")


@cache
def understood(body: str) -> Reading:
    """The shipped reader; each text is read once."""
    return reader()(body)


class PowerCut(BaseException):
    """Everything stops here."""


class Fuse:
    """Burns down by one at each point that is passed; once it has blown the box is dead."""

    def __init__(self) -> None:
        self.left = 0
        self.blown = False

    def point(self) -> None:
        if self.left:
            self.left -= 1
            self.blown = self.left == 0
        if self.blown:
            raise PowerCut


class FusedStore(Store):
    """The power may fail just before and just after each commit."""

    def __init__(self, path: Path, fuse: Fuse) -> None:
        super().__init__(path)
        self.fuse = fuse

    async def write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        self.fuse.point()
        result = await super().write(change)
        self.fuse.point()
        return result


@dataclass(frozen=True)
class Flight:
    """One segment that has (or may have) left: `at` in real time, whatever the wall clock said."""

    at: datetime
    to: str
    text_id: int
    number: int
    purpose: str
    ref: int
    life: int


class WitnessModem(PortModem):
    """Looks into the books at the moment it gets a segment."""

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self.walk = walk

    async def submit(self, segment: OutgoingSegment, about_to_write: object = None) -> SubmitResult:
        assert about_to_write is None
        walk = self.walk
        leaving = await walk.box.rows(
            "SELECT id, purpose, peer, template, lead_id FROM texts WHERE state = 'submitting'"
        )
        assert len(leaving) == 1, f"handed over without being written down: {leaving}"
        text_id, purpose, peer, template, lead_id = leaving[0]
        begun = await walk.box.rows("SELECT number FROM segments WHERE text_id = ? AND state = 'submitting'", text_id)
        assert peer == segment.to
        assert begun == [(segment.number,)]
        if Purpose(purpose) not in TO_OUR_PEOPLE:
            kinds = {kind for (kind,) in await walk.box.rows("SELECT kind FROM contacts WHERE number = ?", peer)}
            assert peer in CUSTOMERS, f"{purpose} to {peer}"
            assert "opted_out" not in kinds or purpose == "opt_out_confirmation", f"{purpose} after an opt-out"
            assert "blocked" not in kinds or purpose == "staff", f"{purpose} to a blocked number"
            assert "autoresponder" not in kinds or purpose in ("staff", "opener", "opt_out_confirmation", "test"), (
                purpose
            )
        fate = next((fate for words, fate in MARKS_OF_FATE.items() if template.startswith(words)), None)
        if fate is not None:
            alerts = await walk.box.rows("SELECT alert FROM leads WHERE id = ?", lead_id)
            assert alerts == [(fate,)], f"{template} is said, and the alert is {alerts}"
        if template.startswith(("call_noted", "call_stays")):
            calls = await walk.box.rows("SELECT call_ends FROM leads WHERE id = ?", lead_id)
            assert calls[0][0] is not None, f"{template} is said, and no call is promised"
            jumps = timedelta(hours=26) if walk.jumped else timedelta()
            assert calls[0][0] / 1000 > (walk.clock.now() - jumps).timestamp(), f"{template} of an hour that is over"
        if purpose == "follow_up":
            assert 8 <= walk.clock.now().astimezone(WALKED.zone).hour < 20, "chased at night"
        walk.fuse.point()
        before = len(self.air)
        answer = await super().submit(segment)
        if len(self.air) > before:
            walk.flights.append(
                Flight(walk.real_now(), peer, text_id, segment.number, purpose, self.refs[-1], walk.life)
            )
            walk.fuse.point()
        return answer


class Walk(RuleBasedStateMachine):
    """A box, what surrounds it, and what it must never do."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="walk-", dir=MEMORY if MEMORY.is_dir() else None))
        self.clock = VirtualClock()
        self.jumped = timedelta()
        self.fuse = Fuse()
        self.modem = WitnessModem(self)
        self.modem.meanwhile = self._meanwhile
        self.midway: list[Event | None] = []
        self.flights: list[Flight] = []
        self.sent_again: set[int] = set()  # texts a person had sent again
        self.effects: list[Effect] = []
        self.offered: set[str] = set()
        self.open_calls: list[tuple[str, CallSource, str, str]] = []
        self.ended: set[tuple[str, str]] = set()
        self.forget_before = -1  # openers of lives up to this one count no more: the clock was set after a restart
        self.life = 0
        self.serial = 0
        self.do(self._boot())

    # -- machinery

    def do(self, work: Awaitable[Any]) -> bool:
        """Run it; False when the power failed, and the box was started again."""

        async def guarded() -> bool:
            try:
                await work
            except PowerCut:
                return False
            return True

        done = self.loop.run_until_complete(guarded())
        while not done:
            done = self.loop.run_until_complete(self._restart())
        return done

    async def _restart(self) -> bool:
        await self.box.store.close()
        self.fuse = Fuse()
        self.midway.clear()
        self.open_calls.clear()
        await self._boot()
        return True

    async def _boot(self) -> None:
        self.life += 1
        store = FusedStore(self.folder / "box", self.fuse)
        await store.open()
        self.box = Box(store, WALKED, self.modem, self.clock, understood)
        self.box.effects = self.effects
        self.born = self.clock.now()
        await self.box.start()

    def real_now(self) -> datetime:
        return self.clock.now() - self.jumped

    def key(self) -> str:
        self.serial += 1
        return f"e{self.serial}"

    async def _meanwhile(self, segment: OutgoingSegment) -> None:
        if self.midway:
            event = self.midway.pop()
            if event is None:  # the delivery report of what has just left overtakes the modem's answer
                event = ReportReceived(self.key(), self.clock.now(), (self.modem.refs or [0])[-1], segment.to, 0)
            await self.box.dispatcher.submit(event)

    def offers(self, event: SegmentReceived | ReportReceived) -> None:
        """The modem keeps a PDU until it is committed."""
        while True:
            before = self.life
            self.do(self.box.happens(event))
            if self.life == before:
                return

    def teardown(self) -> None:
        try:
            if not self.fuse.blown:
                self._come_to_rest()
        finally:
            self.loop.run_until_complete(self.box.store.close())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()
            shutil.rmtree(self.folder)

    # -- what happens

    @rule(what=st.sampled_from(WHAT_HAPPENS), data=st.data())
    def something_happens(self, what: str, data: st.DataObject) -> None:
        note(what)
        self.draw = data.draw
        getattr(self, what)()

    def one_of(self, things: Sequence[T]) -> T:
        return self.draw(st.sampled_from(things))

    def peer(self) -> str:
        return self.one_of(CUSTOMERS * 8 + NEVER)

    def a_call_comes_in(self) -> None:
        call = (self.key(), self.one_of(tuple(CallSource)), self.peer(), self.one_of(LINES))
        self.open_calls.append(call)
        key, source, caller, line = call
        self.do(self.box.happens(CallRang(key, source, self.clock.now(), caller or None, line)))

    def a_call_is_taken(self) -> None:
        if self.open_calls:
            key, source, *_ = self.one_of(self.open_calls)
            self.do(self.box.happens(CallTaken(key, source, self.clock.now(), "102")))

    def a_call_ends(self) -> None:
        if self.open_calls:
            call = self.one_of(self.open_calls)
            self.open_calls.remove(call)
            self._ends(*call, self.one_of([True, True, True, False, None]))

    def a_call_is_missed(self) -> None:
        self._ends(self.key(), self.one_of(tuple(CallSource)), self.peer(), self.one_of(LINES), True)
        self.do(self.box.wait(self.one_of([0, 5, 16, 16, 61])))

    def _ends(self, key: str, source: CallSource, caller: str, line: str, missed: bool | None) -> None:
        reason = {True: CallReason.NO_ANSWER, False: CallReason.ANSWERED, None: CallReason.UNKNOWN}[missed]
        for _ in range(self.one_of([1, 1, 2])):
            event = CallEnded(key, source, self.clock.now(), caller or None, line, missed, reason, ring_s=20.0)
            before = self.life
            self.do(self.box.happens(event))
            if self.life == before:
                self.ended.add((source.value, key))

    def the_end_of_a_call_is_never_told(self) -> None:
        if self.open_calls:
            self.open_calls.remove(self.one_of(self.open_calls))

    def a_text_comes_in(self) -> None:
        event = SegmentReceived(self.key(), self.clock.now(), self.peer() or "MILLER", self.one_of(BODIES))
        self.offered.add(event.identity)
        for _ in range(self.one_of([1, 1, 2])):
            self.offers(event)

    def somebody_talks(self) -> None:
        """A burst of a few texts of one person."""
        sender = self.one_of(CUSTOMERS)
        for _ in range(self.one_of([1, 1, 2, 3])):
            event = SegmentReceived(self.key(), self.clock.now(), sender, self.one_of([*TALK, "STOP"]))
            self.offered.add(event.identity)
            self.offers(event)
            self.do(self.box.wait(self.one_of([0, 3, 20])))

    def a_picture_comes_in(self) -> None:
        sender = self.one_of(CUSTOMERS)
        event = SegmentReceived(self.key(), self.clock.now(), sender, "", kind="mms_notice")
        self.offered.add(event.identity)
        self.offers(event)

    def the_office_hands_back(self) -> None:
        self.do(self.box.happens(HandedBack(self.clock.now(), self.one_of(CUSTOMERS), "ann")))

    def a_text_in_parts_comes_in(self) -> None:
        ref, sender = self.serial % 256, self.one_of(CUSTOMERS)
        for number, body in ((2, "OP"), (1, "ST"))[: self.one_of([1, 2])]:
            event = SegmentReceived(self.key(), self.clock.now(), sender, body, ref=ref, total=2, number=number)
            self.offered.add(event.identity)
            self.offers(event)

    def the_modem_will_answer(self) -> None:
        moods = [ACCEPTED, UNSURE, UNSURE, NOT_TAKEN, BUSY, NO_SUCH_NUMBER]
        self.modem.answers.extend([self.one_of(moods) for _ in range(self.one_of([1, 2, 3]))])

    def the_modem_comes_and_goes(self) -> None:
        self.modem.ready = self.one_of([True, True, False])
        self.do(self.box.sender.drain())

    def something_will_happen_in_mid_send(self) -> None:
        now, peer = self.clock.now(), self.one_of(CUSTOMERS)
        match self.one_of(["stop", "talk", "talk", "reached", "missed", "typed", "report", "report"]):
            case "stop":
                self.midway.append(SegmentReceived(self.key(), now, peer, "STOP"))
            case "talk":
                self.midway.append(SegmentReceived(self.key(), now, peer, self.one_of(TALK)))
            case "reached":
                self.midway.append(OfficeCalled(now, peer, True))
            case "missed":
                ended = CallEnded(self.key(), CallSource.AMI, now, peer, MAIN, True, CallReason.NO_ANSWER, ring_s=9.0)
                self.midway.append(ended)
            case "typed":
                self.midway.append(OfficeTexted(now, peer, "Ann here", "ann"))
            case _:
                self.midway.append(None)

    def a_report_comes_in(self) -> None:
        if self.flights:
            flight, status = self.one_of(self.flights[-6:]), self.one_of([0, 0, 0, 0x30, 0x46, 0x41])
            event = ReportReceived(self.key(), self.clock.now(), flight.ref, flight.to, status)
            for _ in range(self.one_of([1, 2])):
                self.offers(event)

    def the_office_calls(self) -> None:
        now, peer = self.clock.now(), self.one_of(CUSTOMERS)
        called = OfficeCalled(now, peer, self.one_of([True, False]), "102", over=self.one_of([True, True, False]))
        self.do(self.box.happens(self.one_of([OfficeRings(now, peer, "102"), called])))

    def the_office_writes(self) -> None:
        self.do(self.box.happens(OfficeTexted(self.clock.now(), self.one_of(CUSTOMERS), "Ann here", "ann")))

    def the_office_notes(self) -> None:
        peer, kind, on = self.one_of(CUSTOMERS), self.one_of(KINDS), self.one_of([True, False, False])
        self.do(self.box.happens(ContactSet(self.clock.now(), peer, kind, on=on, basis="the office")))

    def texting_is_paused(self) -> None:
        value = self.one_of(["by ann", "", ""])
        self.do(self.box.happens(Switched(self.clock.now(), "pause", value, "ann")))

    def a_person_decides_on_unsure_texts(self) -> None:
        went_out = self.one_of([True, False, False])
        for (text_id,) in self._rows("SELECT id FROM texts WHERE state = 'unconfirmed'"):
            if not went_out:
                self.sent_again.add(text_id)
            self.do(self.box.happens(UnsureDecided(self.clock.now(), text_id, went_out, "ann")))

    def a_person_does_the_tasks(self) -> None:
        for (task,) in self._rows("SELECT id FROM tasks WHERE kind <> 'unsure_text' AND closed_at IS NULL"):
            self.do(self.box.happens(TaskClosed(self.clock.now(), task, "ann")))

    def time_passes(self) -> None:
        self.do(self.box.wait(self.one_of(SPANS)))

    def the_power_will_fail(self) -> None:
        self.fuse.left = self.draw(st.integers(1, 9))

    def the_box_is_started_again(self) -> None:
        self.fuse.left = 0
        self.loop.run_until_complete(self._restart())

    def the_clock_is_set(self) -> None:
        seconds = self.one_of([-90000, -4000, -60, 60, 4000, 90000])
        step = timedelta(seconds=seconds)
        event = ClockJumped(self.clock.now() + step, float(seconds), self.born)
        self.clock.moment += step
        self.jumped += step
        self.born += step
        self.forget_before = self.life - 1  # what an earlier life noted keeps the time on its label
        self.do(self.box.happens(event))

    # -- what must hold

    @invariant()
    def the_promises_hold(self) -> None:
        self.nobody_gets_two_openers_within_the_cooldown()
        self.no_part_of_a_customers_text_leaves_twice()
        self.alerts_in_doubt_do_not_go_on_for_ever()
        self.a_call_waits_for_exactly_one_text()
        self.a_call_says_what_its_text_says()
        self.what_is_in_doubt_is_before_somebodys_eyes()
        self.no_call_is_forgotten()
        self.no_event_was_beyond_us()
        self.who_wants_no_texts_gets_one_confirmation()
        self.every_emergency_is_told()
        self.every_lead_is_somebodys()
        self.automatic_texts_come_to_an_end()
        self.each_call_is_told_once()
        self.no_hour_is_given_twice()
        self.a_promised_call_is_in_a_task()

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self.loop.run_until_complete(self.box.rows(sql, *values))

    def nobody_gets_two_openers_within_the_cooldown(self) -> None:
        first: dict[int, Flight] = {}
        for flight in self.flights:
            if flight.purpose == Purpose.OPENER and flight.life > self.forget_before:
                first.setdefault(flight.text_id, flight)
        for peer in CUSTOMERS:
            moments = sorted(flight.at for flight in first.values() if flight.to == peer)
            for earlier, later in pairwise(moments):
                assert (later - earlier).total_seconds() >= WALKED.policy.cooldown_s, f"{peer} texted twice"

    def no_part_of_a_customers_text_leaves_twice(self) -> None:
        sent = Counter(
            (flight.text_id, flight.number)
            for flight in self.flights
            if Purpose(flight.purpose) not in TO_OUR_PEOPLE and flight.text_id not in self.sent_again
        )
        assert all(times == 1 for times in sent.values()), sent

    def alerts_in_doubt_do_not_go_on_for_ever(self) -> None:
        sent = Counter((f.text_id, f.number) for f in self.flights if f.text_id not in self.sent_again)
        assert all(times <= 3 for times in sent.values()), sent

    def a_call_waits_for_exactly_one_text(self) -> None:
        waiting = self._rows("SELECT id FROM calls WHERE state IN ('waiting', 'held') ORDER BY id")
        coming = self._rows(
            "SELECT call_id FROM texts WHERE purpose = 'opener' AND state IN ('queued', 'submitting') ORDER BY call_id"
        )
        assert waiting == coming

    def a_call_says_what_its_text_says(self) -> None:
        rows = self._rows(
            "SELECT c.id, c.state, t.state FROM calls c LEFT JOIN texts t ON t.call_id = c.id AND t.purpose IN ('opener', 'staff')"
            " WHERE c.state IN ('texted', 'unsure')"
        )
        for call, said, text in rows:
            if said == "texted":
                assert text in ("accepted", "delivered", "undelivered"), f"call {call} is said to be texted: {text}"
            else:
                assert text not in (None, "delivered"), f"call {call} is said to be unsure: {text}"

    def what_is_in_doubt_is_before_somebodys_eyes(self) -> None:
        rows = self._rows(
            "SELECT id FROM texts WHERE state = 'unconfirmed' AND id NOT IN"
            " (SELECT text_id FROM tasks WHERE kind = 'unsure_text' AND closed_at IS NULL)"
        )
        assert rows == []

    def no_call_is_forgotten(self) -> None:
        known = set(self._rows("SELECT source, key FROM calls"))
        assert self.ended <= known

    def no_event_was_beyond_us(self) -> None:
        assert self._rows("SELECT kind, body FROM journal WHERE kind LIKE 'aside:%'") == []

    def who_wants_no_texts_gets_one_confirmation(self) -> None:
        """Of each wish at most one; the witness sees to it that nothing else leaves."""
        wishes = Counter(e.peer for e in self.effects if isinstance(e, OptOutChanged) and e.state)
        told = {(f.to, f.text_id) for f in self.flights if f.purpose == Purpose.OPT_OUT_CONFIRMATION}
        lives = self.life  # a wish whose effects the power cut took is in the books all the same
        assert all(times <= wishes[peer] + lives for peer, times in Counter(peer for peer, _ in told).items())

    def every_emergency_is_told(self) -> None:
        """Each has its alert in the outbox, whatever else is said or silenced."""
        rows = self._rows(
            "SELECT l.id, l.peer, e.lane, e.alert FROM letters l JOIN leads e ON e.id = l.lead_id"
            " WHERE l.reading LIKE '%\"urgency\": \"emergency\"%' AND (e.lane <> 'escalate' OR e.alert = 'none' OR NOT EXISTS"
            " (SELECT 1 FROM texts t WHERE t.lead_id = e.id AND t.purpose = 'escalation' AND t.template = 'alarm'))"
        )
        assert rows == []

    def every_lead_is_somebodys(self) -> None:
        """What a caller wants is in a task, or is done, or is nothing for the office, with the reason."""
        rows = self._rows(
            "SELECT id, lane, stage, next_step FROM leads WHERE (next_step <> '' AND NOT EXISTS"
            " (SELECT 1 FROM tasks t WHERE t.lead_id = leads.id)) OR (lane = 'none' AND why = '')"
        )
        assert rows == []

    def automatic_texts_come_to_an_end(self) -> None:
        leads = dict(self._rows("SELECT id, lead_id FROM texts WHERE lead_id IS NOT NULL"))
        sent = {(f.text_id, leads[f.text_id]) for f in self.flights if f.text_id in leads and f.purpose not in UNASKED}
        assert all(times <= MOST_TEXTS for times in Counter(lead for _, lead in sent).values()), sent

    def no_hour_is_given_twice(self) -> None:
        """Offered and promised together, to different leads."""
        now = self.clock.now()
        taken = self.loop.run_until_complete(self.box.store.read(lambda db: records.taken_windows(db, now, but=0)))
        assert max(taken.values(), default=0) <= 1, taken
        silent = "SELECT l.id FROM leads l WHERE l.offered <> '[]' AND l.stage IN ('opted_out', 'closed', 'silent')"
        assert self._rows(silent) == []

    def a_promised_call_is_in_a_task(self) -> None:
        """Whatever is written behind it, until it was made or a person has settled it."""
        rows = self._rows(
            "SELECT id, next_step FROM leads WHERE call_begins IS NOT NULL AND call_kept = 0 AND (NOT EXISTS"
            " (SELECT 1 FROM tasks t WHERE t.lead_id = leads.id AND t.closed_at IS NULL)"
            " OR (lane <> 'escalate' AND next_step NOT LIKE 'call % as promised (Ann)%'))"
        )
        assert rows == []

    def each_call_is_told_once(self) -> None:
        texted = Counter(e.call_id for e in self.effects if isinstance(e, TextSent) and e.purpose == "opener")
        assert all(times == 1 for times in texted.values())
        refused = Counter(e.call_id for e in self.effects if isinstance(e, CallNotTexted))
        unseen = {e.call_id for e in self.effects if isinstance(e, CallNotTexted) and e.reason == "unknown_outcome"}
        assert all(times == 1 or call in unseen for call, times in refused.items())
        deferred = {e.call_id for e in self.effects if isinstance(e, CallNotTexted) and e.reason == "quiet_hours_defer"}
        assert texted.keys() & refused.keys() <= deferred | unseen

    def _come_to_rest(self) -> None:
        """The power stays on, the modem works, nobody does anything: everything finds its end."""
        self.fuse.left = 0
        self.midway.clear()
        self.modem.answers.clear()
        self.modem.ready = True
        for _ in range(30):
            self.loop.run_until_complete(self.box.wait(3600))
        self.the_promises_hold()
        assert self._rows("SELECT id, state FROM calls WHERE state IN ('ringing', 'waiting', 'held')") == []
        assert self._rows("SELECT id, purpose FROM texts WHERE state IN ('queued', 'submitting')") == []
        assert self._rows("SELECT id FROM calls WHERE state = 'not_texted' AND (no_text = '' OR say = '')") == []
        assert (
            self._rows(
                "SELECT id FROM calls WHERE state = 'not_texted' AND NOT EXISTS"
                " (SELECT 1 FROM history WHERE subject = 'call:' || calls.id)"
            )
            == []
        )
        assert (
            self._rows(
                "SELECT id, state FROM texts WHERE state <> 'cancelled' AND NOT EXISTS"
                " (SELECT 1 FROM history WHERE subject = 'text:' || texts.id)"
            )
            == []
        )
        marks = ",".join(f"'{reason}'" for reason in LISTED)
        assert (
            self._rows(
                f"SELECT id, no_text FROM calls WHERE no_text IN ({marks}) AND missed IS NOT 0 AND peer IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.peer = calls.peer)"
            )
            == []
        )
        assert self._rows("SELECT id, reply_at FROM leads WHERE reply_at IS NOT NULL") == []
        unread = self._rows("SELECT id, body FROM letters WHERE lead_id IS NULL AND kind = 'text'")
        assert {body.upper() for _, body in unread if body in TALK} == set()
        kept = self._rows("SELECT identity, letter_id FROM inbound")
        assert self.offered <= {identity for identity, _ in kept}
        assert all(letter is not None for _, letter in kept)
        left = {flight.text_id for flight in self.flights}
        for text_id, state in self._rows("SELECT id, state FROM texts WHERE purpose IN ('escalation', 'owner_notice')"):
            told = self._rows("SELECT 1 FROM tasks WHERE text_id = ?", text_id)
            needless = state == "cancelled" and self._rows(
                "SELECT 1 FROM alerts a JOIN escalations e ON e.id = a.escalation_id WHERE a.text_id = ?"
                " AND e.state IN ('acknowledged', 'over')",
                text_id,
            )
            assert text_id in left or told or needless, f"an alert went nowhere: {state}"
        assert self._rows("SELECT id, state FROM escalations WHERE state = 'alerting'") == [], (
            "a ladder that has no end"
        )


def walks(examples: int, steps: int, *, always_the_same: bool) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Walk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=always_the_same,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
            phases=[Phase.generate] if always_the_same else list(Phase),  # a shorter story takes minutes to find
        ),
    )


def test_whatever_happens_nobody_is_texted_twice_and_nobody_is_forgotten() -> None:
    walks(50, 50, always_the_same=True)


@pytest.mark.drill
def test_whatever_happens_for_a_long_time_nobody_is_texted_twice_and_nobody_is_forgotten() -> None:
    walks(2000, 60, always_the_same=False)
