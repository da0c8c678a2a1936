"""Whatever happens in whatever order, an emergency ends with somebody who has it, or loudly with nobody.

The walks are put together at random, with fixed seeds: callers, our people, the page, the modem, the network, the clock and the
power do something, and after every step it has to hold that the caller was told nothing that is not so.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from gateway.core.effects import Effect, SendSegment, TextSent
from gateway.core.escalation.ladder import Rung
from gateway.core.escalation.people import ON_CALL, Person
from gateway.core.escalation.rules import EscalationRules
from gateway.core.events import (
    Acknowledged,
    BoxStarted,
    ClockJumped,
    ErrorClass,
    Event,
    OfficeCalled,
    ReportReceived,
    SegmentReceived,
    SegmentSettled,
    SubmitResult,
    SubmitVerdict,
    TaskClosed,
    TextClaimed,
)
from gateway.core.understanding.reader import Reading
from gateway.store import open_memory, transact
from gateway.turns import Context, take_turn
from gateway.turns.agenda import next_wake
from tests.gateway.box import BUSINESS, reader
from tests.gateway.office import OWNER

WALKS = int(os.environ.get("TEXTBACK_LADDER_WALKS", "150"))
STEPS = 30
DANA, OFFICE = "+12165550151", "+12165550152"
PHONES = {OWNER: "Mike", DANA: "Dana", OFFICE: "the office"}
CALLERS = ("+12165550137", "+12165550138", "+12165550139")
SHOP = replace(
    BUSINESS,
    escalation=EscalationRules(
        owner_name="Mike",
        people=(Person("dana", "Dana", DANA), Person("office", "the office", OFFICE)),
        rungs=(Rung((ON_CALL,), times=2), Rung(("dana",)), Rung(("dana", "office"), times=2, every_s=600.0)),
    ),
)
TALK = (
    *("the pipe burst and water is pouring through the ceiling", "sewage is coming up in the bathtub and it is rising"),
    *(
        "1423 Elm Ave 44107",
        "is anybody coming??",
        "ok thank you",
        "my faucet drips, any day next week",
        "STOP",
        "START",
    ),
)
ANSWERS = ("{code}", "ok {code}", "take {code} please", "{code} on my way", "ok", "who is this", "99", "thanks")
SPANS_S = (1, 5, 30, 120, 300, 301, 900, 3600, 5 * 3600)
VERDICTS = (
    SubmitResult(SubmitVerdict.NOT_TAKEN),
    SubmitResult(SubmitVerdict.UNCONFIRMED),
    SubmitResult(SubmitVerdict.REJECTED, code=38, error=ErrorClass.TEMPORARY),
    SubmitResult(SubmitVerdict.REJECTED, code=1, error=ErrorClass.NUMBER),
)
CLOSE_TOGETHER = timedelta(seconds=60)


@cache
def read(body: str) -> Reading:
    return reader()(body)


class Walk:
    """One box on a virtual clock, its telephones, and what must hold of it."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)
        self.db = open_memory()
        self.now = datetime(2026, 3, 2, 15, tzinfo=UTC) + timedelta(minutes=self.luck.randrange(3 * 1440))
        self.able = True
        self.trouble = 0.0  # how often the network does not simply take a text
        self.count = 0
        self.sent: list[tuple[datetime, TextSent]] = []

    def turn(self, event: Event) -> list[Effect]:
        effects = transact(self.db, lambda db: take_turn(Context(db, SHOP, self.now, read=read), event))
        for effect in effects:
            if isinstance(effect, TextSent):
                self.sent.append((self.now, effect))
                self.is_true(effect)
        return effects

    def drain(self) -> None:
        """What the sender does; the power may fail while a text is in the modem's hand."""
        for _ in range(200):
            wish = next(
                (e for e in self.turn(TextClaimed(self.now, able=self.able)) if isinstance(e, SendSegment)), None
            )
            while wish is not None:
                if self.luck.random() < self.trouble / 8:
                    self.turn(BoxStarted(self.now))
                    wish = None
                    break
                odd = self.luck.random() < self.trouble
                self.count += 1
                taken = SubmitResult(SubmitVerdict.ACCEPTED, ref=self.count % 256)
                result = self.luck.choice(VERDICTS) if odd else taken
                settled = SegmentSettled(self.now, wish.text_id, wish.number, wish.total, result)
                wish = next((e for e in self.turn(settled) if isinstance(e, SendSegment)), None)
            due = next_wake(self.db, self.now)
            if due is None or due > self.now or not self.able:
                return

    def wait(self, seconds: float) -> None:
        until = self.now + timedelta(seconds=seconds)
        while (due := next_wake(self.db, self.now)) is not None and due <= until:
            if due <= self.now:
                self.now += timedelta(seconds=1)
            self.now = max(self.now, due)
            self.drain()
            if self.now >= until:
                break
        self.now = max(self.now, until)
        self.drain()

    def hears(self, sender: str, body: str) -> None:
        self.count += 1
        self.turn(SegmentReceived(f"text {self.count}", self.now, sender, body))
        self.drain()

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self.db.execute(sql, values)]

    # ---- what may happen

    def a_caller_writes(self) -> None:
        self.hears(self.luck.choice(CALLERS), self.luck.choice(TALK))

    def one_of_us_writes(self) -> None:
        codes = [code for (code,) in self.rows("SELECT code FROM escalations")] or [10]
        self.hears(self.luck.choice(list(PHONES)), self.luck.choice(ANSWERS).format(code=self.luck.choice(codes)))

    def somebody_presses_the_button(self) -> None:
        self.turn(Acknowledged(self.now, "ann"))

    def the_office_rings(self) -> None:
        self.turn(OfficeCalled(self.now, self.luck.choice(CALLERS), reached=self.luck.random() < 0.5))

    def a_task_is_done(self) -> None:
        tasks = [task for (task,) in self.rows("SELECT id FROM tasks WHERE closed_at IS NULL")]
        if tasks:
            self.turn(TaskClosed(self.now, int(str(self.luck.choice(tasks))), "ann"))

    def the_modem_changes(self) -> None:
        self.able = self.luck.random() < 0.5

    def the_network_changes(self) -> None:
        self.trouble = self.luck.choice([0.0, 0.0, 0.3, 0.9])

    def a_report_comes(self) -> None:
        segments = self.rows(
            "SELECT s.ref, t.peer FROM segments s JOIN texts t ON t.id = s.text_id WHERE s.ref IS NOT NULL"
        )
        if segments:
            ref, peer = self.luck.choice(segments)
            self.count += 1
            status = self.luck.choice([0x00, 0x46])
            self.turn(ReportReceived(f"report {self.count}", self.now, int(str(ref)), str(peer), status))

    def the_clock_is_set(self) -> None:
        seconds = self.luck.choice([-90_000.0, -400.0, 400.0, 90_000.0])
        self.now += timedelta(seconds=seconds)
        self.turn(ClockJumped(self.now, seconds, datetime(2026, 1, 1, tzinfo=UTC)))

    def the_box_starts_again(self) -> None:
        self.turn(BoxStarted(self.now))

    def time_passes(self) -> None:
        self.wait(self.luck.choice(SPANS_S))

    # ---- what must hold

    def is_true(self, text: TextSent) -> None:
        """What a caller reads of an emergency is so at the moment at which it leaves."""
        if (
            text.lead_id is None
            or text.to in PHONES
            or text.template.removesuffix("_es").split("_ask")[0] not in CLAIMS
        ):
            return
        alerts = self.rows(
            "SELECT t.state FROM alerts a JOIN texts t ON t.id = a.text_id JOIN escalations e ON e.id = a.escalation_id"
            " WHERE e.lead_id = ?",
            text.lead_id,
        )
        state, person, by = self.rows(
            "SELECT state, person, by FROM escalations WHERE lead_id = ? ORDER BY id DESC LIMIT 1", text.lead_id
        )[0]
        match text.template.removesuffix("_es").split("_ask")[0]:
            case "alert_sent":
                assert {"accepted", "delivered", "undelivered"} & {str(each) for (each,) in alerts}, alerts
                assert state != "acknowledged", "nobody has confirmed, says the text"
            case "alert_seen":
                assert state in ("acknowledged", "over"), state
                assert str(by) in text.body or (person == "" and "Our on-call person" in text.body), text.body
            case "alert_nobody":
                assert state in ("exhausted", "over"), state

    def nobody_is_rung_twice_at_once(self) -> None:
        for escalation, number in self.rows("SELECT DISTINCT escalation_id, number FROM alerts"):
            at = [
                moment
                for moment, text in self.sent
                if text.to == number
                and text.sure
                and self.rows(
                    "SELECT 1 FROM alerts a JOIN texts t ON t.id = a.text_id WHERE a.text_id = ? AND a.escalation_id = ?"
                    " AND t.state <> 'undelivered'",
                    *(text.text_id, escalation),
                )
            ]
            assert all(abs(b - a) >= CLOSE_TOGETHER for a, b in pairwise(at)), (number, at)

    def every_emergency_has_an_end(self) -> None:
        self.able, self.trouble = True, 0.0
        for _ in range(40):
            self.wait(1800)
        for number, state, lead in self.rows("SELECT id, state, lead_id FROM escalations"):
            assert state in ("acknowledged", "exhausted", "over"), (number, state)
            newest = self.rows("SELECT max(id) FROM escalations WHERE lead_id = ?", lead)
            if state == "exhausted" and newest == [(number,)]:
                ((step,),) = self.rows("SELECT next_step FROM leads WHERE id = ?", lead)
                assert "NOBODY" in str(step) or "could not be texted" in str(step), step
        alarming = self.rows("SELECT id FROM leads WHERE lane = 'escalate'")
        assert {lead for (lead,) in alarming} <= {lead for (lead,) in self.rows("SELECT lead_id FROM escalations")}


CLAIMS = frozenset({"alert_sent", "alert_seen", "alert_nobody"})
HAPPENINGS: tuple[tuple[Callable[[Walk], None], int], ...] = (
    (Walk.a_caller_writes, 8),
    (Walk.one_of_us_writes, 5),
    (Walk.somebody_presses_the_button, 1),
    (Walk.the_office_rings, 1),
    (Walk.a_task_is_done, 1),
    (Walk.the_modem_changes, 2),
    (Walk.the_network_changes, 2),
    (Walk.a_report_comes, 2),
    (Walk.the_clock_is_set, 1),
    (Walk.the_box_starts_again, 1),
    (Walk.time_passes, 9),
)


def walked(seed: int) -> sqlite3.Connection:
    walk = Walk(seed)
    happenings, weights = zip(*HAPPENINGS, strict=True)
    for _ in range(STEPS):
        walk.luck.choices(happenings, weights)[0](walk)
        walk.nobody_is_rung_twice_at_once()
    walk.every_emergency_has_an_end()
    return walk.db


@pytest.mark.parametrize("seed", range(WALKS))
def test_every_emergency_ends_with_somebody_or_loudly_with_nobody(seed: int) -> None:
    walked(seed).close()


def test_the_walks_come_to_every_end() -> None:
    ends = set[str]()
    for seed in range(40):
        db = walked(seed)
        ends |= {str(row[0]) for row in db.execute("SELECT DISTINCT state FROM escalations")}
        db.close()
    assert ends == {"acknowledged", "exhausted", "over"}
