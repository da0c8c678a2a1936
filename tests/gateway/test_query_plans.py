"""A box that has worked for years is as quick as a new one: nothing that it does at a call walks through its whole books."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway import records
from gateway.core.callsieve import CallSieve
from gateway.core.effects import RingPhone, SendSegment
from gateway.core.events import (
    BoxStarted,
    CallEnded,
    CallRang,
    CallReason,
    CallSource,
    CallTaken,
    ClockJudged,
    HandedBack,
    OfficeCalled,
    OfficeRings,
    OfficeTexted,
    ReportReceived,
    RingClaimed,
    RingOutcome,
    RingSettled,
    SegmentReceived,
    SegmentSettled,
    SubmitResult,
    SubmitVerdict,
    TakenOver,
    TaskClosed,
    TextClaimed,
)
from gateway.core.inbox import Days, Sieve
from gateway.queries.boxstate import box_state
from gateway.queries.calls import calls_page
from gateway.queries.inbox import inbox, lone_texts
from gateway.queries.leads import open_counts, open_leads
from gateway.queries.leadstory import lead_story
from gateway.queries.rows import call_row, letter_row, text_row
from gateway.reading import reading_for
from gateway.settings import load
from gateway.storage.store import prepare
from gateway.turns import Context, take_turn
from gateway.turns.inbound import next_flush
from gateway.turns.outbox import next_wake
from tests.gateway.calls_back import office

BUSINESS = load(Path(__file__).parents[2] / "config/examples/miller.yaml").business
MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
CALLER, LINE = "+12165550137", "+12165550100"
LATER = 4 * 86400.0  # seconds: another conversation
# tables with a handful of rows, and (some) what a statement has itself cut to so many rows
SHORT = {"switches", "codes", "logins", "clock", "some"}
# indexes that hold only what is open at the moment: walking through them is walking through the work at hand
OPEN = {
    "texts_queued",
    "texts_submitting",
    "calls_ringing",
    "tasks_open",
    "inbound_open",
    "reports_open",
    "escalations_open",
    "alerts_to_ring",
    "alerts_dialling",
}


class Witness(sqlite3.Connection):
    """Notes every statement that walks through a whole table or through an index of one that grows for ever."""

    walks: list[str]

    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:  # type: ignore[override]
        if sql.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            for *_, step in super().execute(f"EXPLAIN QUERY PLAN {sql}", parameters):  # type: ignore[arg-type]
                found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
                # a table that the statement does not name is looked at only when a foreign key is in doubt
                walks = found and found[1] in sql and found[1] not in SHORT and found[2] not in OPEN
                if walks or re.match(r"SEARCH \w+ USING (?:COVERING )?INDEX \w+ \(\w+<\?\)$", step):  # all the past
                    self.walks.append(f"{step}: {sql}")
        return super().execute(sql, parameters)  # type: ignore[arg-type]


@pytest.fixture
def books() -> Witness:
    books = sqlite3.connect(":memory:", factory=Witness)
    books.walks = []
    prepare(books, durable=False)
    books.walks.clear()
    return books


def test_a_missed_call_its_text_and_its_report_walk_through_no_table(books: Witness) -> None:
    def turn(event: object, after_s: float = 0.0) -> list[object]:
        return list(take_turn(Context(books, BUSINESS, MONDAY + timedelta(seconds=after_s)), event))  # type: ignore[arg-type]

    turn(CallRang("1.1", CallSource.AMI, MONDAY, CALLER, LINE))
    turn(
        CallEnded(
            key="1.1",
            source=CallSource.AMI,
            at=MONDAY,
            caller=CALLER,
            did=LINE,
            missed=True,
            reason=CallReason.NO_ANSWER,
            ring_s=20.0,
        )
    )
    wish = next(effect for effect in turn(TextClaimed(MONDAY, able=True), 60) if isinstance(effect, SendSegment))
    turn(SegmentSettled(MONDAY, wish.text_id, 1, wish.total, SubmitResult(SubmitVerdict.ACCEPTED, ref=7)), 61)
    turn(TextClaimed(MONDAY, able=True), 62)
    turn(ReportReceived("r", MONDAY, 7, CALLER, 0), 63)
    next_wake(books, MONDAY)
    next_flush(books)
    assert not books.walks


def test_a_time_that_becomes_known_walks_through_no_table(books: Witness) -> None:
    def turn(event: object, *, sane: bool) -> None:
        take_turn(Context(books, BUSINESS, MONDAY, clock_sane=sane), event)  # type: ignore[arg-type]

    turn(ClockJudged(MONDAY, "", "boot", MONDAY.timestamp()), sane=False)
    turn(CallEnded("1.1", CallSource.AMI, MONDAY, CALLER, LINE, True, CallReason.NO_ANSWER, ring_s=20.0), sane=False)
    turn(ClockJudged(MONDAY, "network", "boot", MONDAY.timestamp()), sane=True)
    assert not books.walks
    assert books.execute("SELECT count(*) FROM texts WHERE call_id = 1").fetchone()[0] == 1


def test_an_answered_call_and_an_incoming_text_walk_through_no_table(books: Witness) -> None:
    def turn(event: object) -> None:
        take_turn(Context(books, BUSINESS, MONDAY), event)  # type: ignore[arg-type]

    turn(CallRang("1.1", CallSource.AMI, MONDAY, CALLER, LINE))
    turn(CallTaken("1.1", CallSource.AMI, MONDAY, "102"))
    turn(
        CallEnded(
            key="1.1",
            source=CallSource.AMI,
            at=MONDAY,
            caller=CALLER,
            did=LINE,
            missed=False,
            reason=CallReason.ANSWERED,
            answered_by="102",
        )
    )
    turn(SegmentReceived("pdu", MONDAY, CALLER, "Our furnace quit", scts=MONDAY))
    turn(SegmentReceived("stop", MONDAY, CALLER, "STOP", scts=MONDAY))
    assert not books.walks


def test_a_caller_who_is_rung_back_walks_through_no_table(books: Witness) -> None:
    def turn(event: object, after_s: float = 0.0) -> None:
        take_turn(Context(books, BUSINESS, MONDAY + timedelta(seconds=after_s)), event)  # type: ignore[arg-type]

    missed = CallEnded("1.1", CallSource.AMI, MONDAY, CALLER, LINE, True, CallReason.NO_ANSWER, ring_s=20.0)
    turn(missed)
    turn(OfficeRings(MONDAY, CALLER, "102"), 5)
    turn(TextClaimed(MONDAY, able=True), 20)
    turn(OfficeCalled(MONDAY, CALLER, False, "102"), 30)
    turn(SegmentReceived("pdu", MONDAY, CALLER, "Our furnace quit", scts=MONDAY), 40)
    turn(OfficeCalled(MONDAY + timedelta(seconds=60), CALLER, True, "102"), 60)
    assert not books.walks


def test_a_stated_response_time_is_measured_without_a_walk_through_a_table(books: Witness) -> None:
    words = "{business}: sorry we missed you. What do you need? We answer within 10 minutes. URGENT. STOP to end."
    policy = replace(BUSINESS.policy, stated_minutes=10)
    business = replace(BUSINESS, templates={**BUSINESS.templates, "open": words}, policy=policy)

    def turn(event: object, after_s: float = 0.0) -> list[object]:
        return list(take_turn(Context(books, business, MONDAY + timedelta(seconds=after_s)), event))  # type: ignore[arg-type]

    turn(CallEnded("1.1", CallSource.AMI, MONDAY, CALLER, LINE, True, CallReason.NO_ANSWER, ring_s=20.0))
    wish = next(effect for effect in turn(TextClaimed(MONDAY, able=True), 60) if isinstance(effect, SendSegment))
    assert "10 minutes" in wish.body
    turn(SegmentSettled(MONDAY, wish.text_id, 1, wish.total, SubmitResult(SubmitVerdict.ACCEPTED, ref=7)), 61)
    turn(OfficeCalled(MONDAY + timedelta(seconds=90), CALLER, True, "102"), 90)
    turn(SegmentReceived("pdu", MONDAY, CALLER, "STOP", scts=MONDAY), 120)
    assert not books.walks


def test_what_a_person_does_about_a_lead_and_what_the_page_asks_for_walk_through_no_table(books: Witness) -> None:
    def turn(event: object, after_s: float = 0.0) -> None:
        now = MONDAY + timedelta(seconds=after_s)
        take_turn(Context(books, BUSINESS, now, read=reading_for(BUSINESS)), event)  # type: ignore[arg-type]

    turn(SegmentReceived("pdu", MONDAY, CALLER, "Our furnace quit", scts=MONDAY))
    turn(OfficeTexted(MONDAY, CALLER, "Ann here", "ann"), 1)
    turn(TakenOver(MONDAY, CALLER, "ann"), 2)
    turn(HandedBack(MONDAY, CALLER, "ann"), 3)
    (lead,) = open_leads(books, BUSINESS.conversation, MONDAY, 10)
    assert lead.task_id is not None
    assert open_counts(books)["open"] == 1
    assert lead_story(books, BUSINESS, lead.id, MONDAY, text_row, letter_row, call_row) is not None
    state = box_state(books, BUSINESS, MONDAY, clock_sane=True, text_row=text_row, call_row=call_row, free_bytes=None)
    assert state.used
    midnight = MONDAY - timedelta(hours=15)
    assert len(inbox(books, BUSINESS.conversation, Sieve(), MONDAY, midnight).items) == 1
    assert len(inbox(books, BUSINESS.conversation, Sieve(days=Days.WEEK), MONDAY, midnight).items) == 1
    assert calls_page(books, CallSieve(), BUSINESS.zone, ()).calls == ()
    assert lone_texts(books, midnight, 10) == []
    turn(TaskClosed(MONDAY, lead.task_id, "ann"), 4)
    assert not books.walks


def test_a_conversation_walks_through_no_table(books: Witness) -> None:
    read = reading_for(BUSINESS)

    def turn(event: object, after_s: float = 0.0) -> list[object]:
        now = MONDAY + timedelta(seconds=after_s)
        return list(take_turn(Context(books, BUSINESS, now, read=read), event))  # type: ignore[arg-type]

    def sent(after_s: float) -> None:
        while wish := next(
            (e for e in turn(TextClaimed(MONDAY, able=True), after_s) if isinstance(e, SendSegment)), None
        ):
            accepted = SubmitResult(SubmitVerdict.ACCEPTED, ref=7)
            turn(SegmentSettled(MONDAY, wish.text_id, 1, wish.total, accepted), after_s)

    turn(SegmentReceived("1", MONDAY, CALLER, "my furnace needs a tune up"))
    turn(SegmentReceived("2", MONDAY, CALLER, "it is in 44107"), 5)
    sent(60)
    sent(LATER)
    turn(SegmentReceived("3", MONDAY, CALLER, "i smell gas in the basement"), LATER)
    sent(LATER + 1)
    turn(SegmentReceived("4", MONDAY, CALLER, "1423 Elm Ave"), LATER + 60)
    sent(LATER + 120)
    turn(ReportReceived("r", MONDAY, 7, str(BUSINESS.owner), 0x46), LATER + 200)
    turn(OfficeTexted(MONDAY, CALLER, "Ann here", "ann"), LATER + 300)
    turn(HandedBack(MONDAY, CALLER, "ann"), LATER + 400)
    turn(SegmentReceived("5", MONDAY, CALLER, "stop texting me"), LATER + 500)
    next_wake(books, MONDAY)
    assert not books.walks
    assert books.execute("SELECT count(*) FROM leads").fetchone()[0] == 2


def test_a_call_that_is_offered_and_chosen_walks_through_no_table(books: Witness) -> None:
    read, business = reading_for(BUSINESS), office()

    def turn(event: object, after_s: float) -> list[object]:
        now = MONDAY + timedelta(seconds=after_s)
        return list(take_turn(Context(books, business, now, read=read), event))  # type: ignore[arg-type]

    turn(SegmentReceived("1", MONDAY, CALLER, "please call me"), 0)
    turn(TextClaimed(MONDAY, able=True), 60)
    turn(SegmentReceived("2", MONDAY, CALLER, "2"), 120)
    turn(TextClaimed(MONDAY, able=True), 180)
    turn(OfficeCalled(MONDAY, CALLER, True, "102"), 300)
    assert not books.walks
    assert books.execute("SELECT call_who, call_kept FROM leads").fetchone()[:] == ("Ann", 1)


def test_a_telephone_that_is_rung_walks_through_no_table(books: Witness) -> None:
    business = replace(BUSINESS, escalation=replace(BUSINESS.escalation, owner_rings=True))

    def turn(event: object, after_s: float) -> list[object]:
        now = MONDAY + timedelta(seconds=after_s)
        return list(take_turn(Context(books, business, now, read=reading_for(BUSINESS)), event))  # type: ignore[arg-type]

    turn(SegmentReceived("1", MONDAY, CALLER, "the pipe burst and water is pouring through the ceiling"), 0)
    assert records.next_ring_at(books) is not None
    (wish,) = (effect for effect in turn(RingClaimed(MONDAY, able=True), 30) if isinstance(effect, RingPhone))
    turn(RingSettled(MONDAY, wish.alert_id, RingOutcome.BUSY, "busy"), 31)
    turn(RingClaimed(MONDAY, able=True, shares=True), 70)
    turn(BoxStarted(MONDAY), 71)
    turn(RingClaimed(MONDAY, able=True), 110)
    turn(RingSettled(MONDAY, wish.alert_id, RingOutcome.ACCEPTED, "1 was pressed"), 111)
    assert not books.walks
    assert books.execute("SELECT state FROM alerts WHERE id = ?", (wish.alert_id,)).fetchone()[0] == "accepted"
