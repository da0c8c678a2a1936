"""Calls that came while nobody knew the time: each is judged again once, by when it really was."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from gateway import records
from gateway.core.business import Business
from gateway.core.effects import CallNotTexted, Effect, SendSegment
from gateway.core.events import (
    CallEnded,
    CallReason,
    CallSource,
    ClockJudged,
    ClockJumped,
    Event,
    OfficeCalled,
    SegmentSettled,
    SubmitResult,
    SubmitVerdict,
    TaskClosed,
    TextClaimed,
)
from gateway.storage.store import open_memory, transact
from gateway.turns import Context, take_turn
from tests.policy.shop import shop

CALLER, OTHER, LINE, OWNER = "+12165550137", "+12165550138", "+12165550100", "+12165550190"
NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # a Monday in Cleveland
NIGHT = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)  # midnight
BUSINESS = shop().business
BOOT = "this start"


@dataclass
class Machine:
    """A box whose clock is off by `off` as long as nobody has told it the time. `true` is the time that it really is."""

    true: datetime
    off: timedelta
    db: sqlite3.Connection = field(default_factory=open_memory)
    business: Business = BUSINESS
    sane: bool = False
    boot: str = BOOT
    texts: list[str] = field(default_factory=list)
    calls: int = 0

    def __post_init__(self) -> None:
        self.on = self.true  # when it was switched on
        self.began = self.now  # by its own clock
        self.does(ClockJudged(self.now, "", self.boot, self.now.timestamp()))

    @property
    def now(self) -> datetime:
        return self.true if self.sane else self.true + self.off

    def does(self, *events: Event) -> list[Effect]:
        effects: list[Effect] = []
        transact(
            self.db,
            lambda db: [
                effects.extend(take_turn(Context(db, self.business, self.now, clock_sane=self.sane), event))
                for event in events
            ],
        )
        return effects

    def passes(self, **span: float) -> None:
        self.true += timedelta(**span)

    def misses(self, caller: str = CALLER) -> None:
        self.calls += 1
        self.does(
            CallEnded(
                f"{self.boot}-{self.calls}",
                CallSource.AMI,
                self.now,
                caller,
                LINE,
                True,
                CallReason.NO_ANSWER,
                ring_s=20.0,
            )
        )

    def restarts(self) -> None:
        """The program, not the machine: its clock goes on, and so does what it knows of it."""
        memory = records.clock_memory(self.db)
        assert memory is not None
        assert memory.at == self.began
        self.does(ClockJudged(self.now, "", self.boot, (self.on + self.off).timestamp()))

    def is_told(self, by: str = "network") -> list[Effect]:
        """Somebody tells the time, as the dispatcher takes it in."""
        step = -self.off.total_seconds()
        self.sane = True
        return self.does(
            ClockJumped(self.now, step, self.began, fresh=True),
            ClockJudged(self.now, by, self.boot, self.on.timestamp()),
        )

    def sends(self) -> None:
        """Everything that is due leaves, and is taken by the network."""
        while wishes := [each for each in self.does(TextClaimed(self.now, able=True)) if isinstance(each, SendSegment)]:
            wish = wishes[0]
            if wish.to.startswith("+121655501") and wish.to != OWNER:
                self.texts.append(wish.to)
            self.does(
                SegmentSettled(
                    self.now, wish.text_id, wish.number, wish.total, SubmitResult(SubmitVerdict.ACCEPTED, ref=1)
                )
            )

    def outcomes(self) -> list[tuple[str, str]]:
        return [tuple(row) for row in self.db.execute("SELECT state, say FROM calls ORDER BY id")]

    def call_backs(self) -> list[tuple[str, str]]:
        found = self.db.execute(
            "SELECT peer, say FROM tasks WHERE kind = 'call_back' AND closed_at IS NULL ORDER BY id"
        )
        return [tuple(row) for row in found]


OFFS = [timedelta(hours=-9), timedelta(days=2), timedelta(days=-20_000), timedelta(days=400)]


@pytest.fixture(params=OFFS, ids=["9 h behind", "2 days ahead", "in 1970", "over a year ahead"])
def box(request: pytest.FixtureRequest) -> Iterator[Machine]:
    machine = Machine(NOON, request.param)
    yield machine
    machine.db.close()


def test_a_caller_of_two_minutes_ago_is_texted_once_when_the_time_is_known(box: Machine) -> None:
    box.misses()
    assert box.outcomes() == [("not_texted", "the box does not know the time yet, on the call-back list")]
    box.passes(minutes=2)
    assert not [each for each in box.is_told() if isinstance(each, CallNotTexted)]  # its no_text has been said
    box.sends()
    assert box.texts == [CALLER]
    assert box.call_backs() == []
    assert box.outcomes()[0][0] == "texted"
    for by in ("internet", "network"):
        box.does(ClockJudged(box.now, by, box.boot, box.on.timestamp()))
        box.passes(minutes=1)
        box.sends()
    assert box.texts == [CALLER]


def test_a_caller_of_long_ago_stays_on_the_call_back_list_with_the_reason(box: Machine) -> None:
    box.misses()
    box.passes(minutes=16)
    box.misses(OTHER)
    box.passes(minutes=2)
    box.is_told()
    box.sends()
    say = "the box did not know what time it was until Mar 2, 12:18 PM"
    assert box.texts == [OTHER]
    assert box.call_backs() == [(CALLER, say)]
    assert box.outcomes()[0] == ("not_texted", f"{say}, on the call-back list")
    started = box.db.execute("SELECT ended_at FROM calls ORDER BY id").fetchone()[0]
    assert abs(started / 1000 - NOON.timestamp()) < 1


def test_a_restart_of_the_program_in_between_changes_nothing(box: Machine) -> None:
    box.misses()
    box.passes(minutes=10)
    box.restarts()
    box.misses(OTHER)
    box.passes(minutes=6)
    box.is_told()
    box.sends()
    assert box.texts == [OTHER]  # the first was sixteen minutes ago
    assert [peer for peer, _ in box.call_backs()] == [CALLER]


def test_of_calls_before_the_machines_start_nobody_knows_when_they_were(box: Machine) -> None:
    box.misses()
    box.boot, box.on = "the next start", box.true
    box.began = box.now + timedelta(seconds=1)
    box.does(ClockJudged(box.now, "", box.boot, box.now.timestamp()))
    box.passes(seconds=5)
    box.misses(OTHER)
    box.is_told()
    box.passes(seconds=30)
    box.sends()
    assert box.texts == [OTHER]
    assert box.call_backs() == [(CALLER, "the box did not know what time it was")]


def test_two_calls_of_one_caller_are_one_text(box: Machine) -> None:
    box.misses()
    box.passes(minutes=1)
    box.misses()
    box.passes(minutes=1)
    box.is_told()
    box.sends()
    assert box.texts == [CALLER]
    assert [state for state, _ in box.outcomes()] == ["texted", "not_texted"]
    assert box.call_backs() == []


def test_whoever_was_rung_back_meanwhile_is_not_texted(box: Machine) -> None:
    box.misses()
    box.misses(OTHER)
    box.does(OfficeCalled(box.now, CALLER, True))
    task = box.db.execute("SELECT id FROM tasks WHERE peer = ? AND closed_at IS NULL", (OTHER,)).fetchone()[0]
    box.does(TaskClosed(box.now, task, "page:ann"))
    box.passes(minutes=2)
    box.is_told()
    box.sends()
    assert box.texts == []
    assert box.call_backs() == []


@pytest.mark.parametrize("off", OFFS)
def test_in_quiet_hours_the_text_waits_for_the_morning(off: timedelta) -> None:
    line, texting = (
        '{main: {number: "+12165550100", quiet_hours: defer}}',
        '{quiet_hours: {from: "21:00", to: "08:00"}}',
    )
    box = Machine(NIGHT, off, business=shop(line, texting).business)
    box.misses()
    assert box.outcomes() == [("not_texted", "the box does not know the time yet, on the call-back list")]
    box.passes(minutes=2)
    box.is_told()
    box.sends()
    assert box.texts == []
    assert box.outcomes() == [("held", "quiet hours, held until 8:00 AM")]
    assert box.call_backs() == []
    box.true = NIGHT + timedelta(hours=8, minutes=1)
    box.sends()
    assert box.texts == [CALLER]
    box.db.close()


def test_a_text_that_waited_before_nobody_knew_the_time_may_leave_after_all(box: Machine) -> None:
    box.sane = True
    box.does(ClockJudged(box.now, "module", box.boot, box.on.timestamp()))
    box.misses()
    box.sane, box.began = False, box.now + box.off
    box.does(ClockJumped(box.now, box.off.total_seconds()))
    box.does(ClockJudged(box.now, "", box.boot, (box.on + box.off).timestamp()))
    box.passes(minutes=2)
    box.sends()
    assert "does not know the time" in box.outcomes()[0][1]
    box.is_told()
    box.sends()
    assert box.texts == [CALLER]


@pytest.mark.parametrize("seed", range(60))
def test_whatever_happens_meanwhile_nobody_is_texted_twice_or_late_and_nobody_is_lost(seed: int) -> None:
    chance = random.Random(seed)
    box = Machine(NOON + timedelta(minutes=chance.randrange(3 * 60)), chance.choice(OFFS))
    rang: dict[str, list[datetime]] = {}
    for _ in range(chance.randrange(3, 14)):
        match chance.randrange(4):
            case 0 | 1:
                caller = f"+121655501{chance.randrange(40, 44)}"
                rang.setdefault(caller, []).append(box.true)
                box.misses(caller)
            case 2:
                box.passes(minutes=chance.choice((0.2, 3, 9, 20)))
            case 3:
                box.restarts()
        box.sends()
    assert box.texts == []
    box.is_told(chance.choice(("network", "internet", "texts", "set")))
    told = box.true
    box.passes(seconds=30)
    box.sends()
    box.does(ClockJudged(box.now, "internet", box.boot, box.on.timestamp()))
    box.passes(minutes=chance.choice((1, 30)))
    box.sends()
    young = {caller for caller, at in rang.items() if told - at[-1] <= timedelta(minutes=15)}
    assert sorted(box.texts) == sorted(young)
    assert {peer for peer, _ in box.call_backs()} >= rang.keys() - young
    box.db.close()
