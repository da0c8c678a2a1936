"""The call machine alone: transcripts of real modems and random walks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.modem.calls import (
    AskCallList,
    Calls,
    CallsListed,
    Effect,
    HangUp,
    HungUp,
    Input,
    Moment,
    TimePassed,
    due,
    step,
)
from drivers.modem.urc import CallerId, CallOver, CallWaiting, ListedCall, MissedCall, Ring
from gateway.core.events import CallEnded, CallRang

ANN, BOB = "+12165550137", "+12165550138"
START = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
OVER = CallOver("NO CARRIER")


@dataclass
class Line:
    """A modem's line whose clock is moved by hand."""

    calls: Calls = field(default_factory=lambda: Calls("boot"))
    tick: float = 1000.0
    seen: list[Effect] = field(default_factory=list)

    def hears(self, *events: Input) -> None:
        for event in events:
            moment = Moment(START + timedelta(seconds=self.tick - 1000.0), self.tick)
            self.calls, effects = step(self.calls, event, moment)
            self.seen += effects

    def waits(self, seconds: float) -> None:
        until = self.tick + seconds
        while (at := due(self.calls)) is not None and at <= until:
            self.tick = max(self.tick, at)
            self.hears(TimePassed())
        self.tick = until

    @property
    def ended(self) -> list[CallEnded]:
        return [effect for effect in self.seen if isinstance(effect, CallEnded)]

    @property
    def rang(self) -> list[CallRang]:
        return [effect for effect in self.seen if isinstance(effect, CallRang)]

    @property
    def asked(self) -> int:
        return sum(isinstance(effect, AskCallList) for effect in self.seen)


def test_four_rings_and_a_hang_up_are_one_missed_call() -> None:
    line = Line()
    for _ in range(4):
        line.hears(Ring(), CallerId(ANN))
        line.waits(5)
    line.hears(OVER)
    assert [(call.caller, call.missed, call.ring_s) for call in line.ended] == [(ANN, True, 20.0)]
    assert len(line.rang) == 1


def test_a_call_without_an_end_is_over_ten_seconds_after_its_last_ring() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN))
    line.waits(5)
    line.hears(Ring(), CallerId(ANN))
    line.waits(9.9)
    assert not line.ended
    line.waits(0.2)
    assert [call.ring_s for call in line.ended] == [5.0]


def test_the_call_list_is_asked_once_when_no_caller_id_comes() -> None:
    line = Line()
    line.hears(Ring())
    line.waits(4)
    assert (line.asked, line.rang) == (1, [])
    line.hears(CallsListed("modem-boot-1", (ListedCall(ANN, waiting=False),)))
    assert [call.caller for call in line.rang] == [ANN]
    line.waits(2)
    assert line.asked == 1


def test_a_call_list_that_never_shows_ringing_calls_does_not_end_one() -> None:
    line = Line()
    line.hears(Ring())
    line.waits(3.5)
    line.hears(CallsListed("modem-boot-1", ()))
    assert not line.ended
    line.hears(Ring(), CallerId(ANN), OVER)
    assert [call.caller for call in line.ended] == [ANN]
    assert len(line.rang) == 1


def test_an_empty_call_list_together_with_missing_rings_is_an_end() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN))
    line.waits(7)
    assert line.asked == 1
    line.hears(CallsListed("modem-boot-1", ()))
    assert [call.caller for call in line.ended] == [ANN]


def test_a_call_that_is_still_listed_goes_on_without_rings() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN))
    line.waits(7)
    line.hears(CallsListed("modem-boot-1", (ListedCall(ANN, waiting=False),)))
    line.waits(6)
    assert not line.ended
    line.waits(10)
    assert len(line.ended) == 1


def test_a_one_ring_call_waits_a_moment_for_its_late_caller_id() -> None:
    line = Line()
    line.hears(Ring(), OVER)
    line.waits(0.3)
    line.hears(CallerId(ANN))
    assert [call.caller for call in line.ended] == [ANN]
    line.waits(60)
    assert len(line.ended) == 1


def test_a_one_ring_call_without_caller_id_is_still_a_call() -> None:
    line = Line()
    line.hears(Ring(), OVER)
    line.waits(0.6)
    assert [call.caller for call in line.ended] == [None]


def test_the_missed_call_notice_behind_its_end_is_not_another_call() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN), OVER, MissedCall(ANN))
    line.waits(60)
    assert len(line.ended) == 1


def test_the_missed_call_notice_names_a_caller_nobody_named_and_a_call_nobody_heard() -> None:
    line = Line()
    line.hears(Ring(), MissedCall(ANN), OVER)
    line.waits(60)
    line.hears(MissedCall(BOB))
    assert [call.caller for call in line.ended] == [ANN, BOB]
    assert len(line.rang) == 2


def test_another_number_is_another_call_even_without_an_end_between() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN))
    line.waits(4)
    line.hears(Ring(), CallerId(BOB))
    line.waits(30)
    assert [call.caller for call in line.ended] == [ANN, BOB]
    assert len({call.key for call in line.ended}) == 2


def test_a_waiting_call_is_a_call_of_its_own_and_stays_the_same_when_it_rings() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN), CallWaiting(BOB), OVER)
    line.waits(3)
    line.hears(CallerId(BOB), Ring(), OVER)
    line.waits(60)
    assert [call.caller for call in line.ended] == [ANN, BOB]
    assert len(line.rang) == 2


def test_a_forwarded_line_hangs_up_once_and_the_call_is_missed() -> None:
    line = Line(Calls("boot", hang_up=True))
    line.hears(Ring())
    assert not line.seen
    line.hears(CallerId(ANN))
    line.hears(Ring(), CallerId(ANN))
    assert line.seen.count(HangUp("modem-boot-1")) == 1
    line.hears(HungUp("modem-boot-1"), OVER)
    line.waits(60)
    assert [call.caller for call in line.ended] == [ANN]


def test_an_answer_for_an_earlier_call_does_not_touch_the_present_one() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN), OVER, Ring(), CallerId(BOB))
    line.hears(HungUp("modem-boot-1"), CallsListed("modem-boot-1", ()))
    assert [call.caller for call in line.ended] == [ANN]


numbers = st.sampled_from([None, ANN, BOB])
inputs = st.one_of(
    st.just(Ring()),
    st.builds(CallerId, numbers),
    st.builds(CallWaiting, numbers),
    st.just(OVER),
    st.builds(MissedCall, numbers),
    st.builds(HungUp, st.sampled_from(["modem-boot-1", "modem-boot-2"])),
    st.builds(
        CallsListed,
        st.sampled_from(["modem-boot-1", "modem-boot-2", "modem-boot-3"]),
        st.one_of(
            st.none(),
            st.lists(st.builds(ListedCall, numbers, st.booleans()), max_size=2).map(lambda found: tuple(found)),
        ),
    ),
    st.floats(0.01, 12.0),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(inputs, max_size=25), st.booleans())
def test_whatever_the_line_says_every_call_rings_once_and_ends_once(walk: list[Input | float], hang_up: bool) -> None:
    line = Line(Calls("boot", hang_up=hang_up))
    for event in walk:
        if isinstance(event, float):
            line.waits(event)
        else:
            line.hears(event)
    line.waits(600)
    assert due(line.calls) is None
    rang, ended = [call.key for call in line.rang], [call.key for call in line.ended]
    assert sorted(rang) == sorted(ended)
    assert len(set(rang)) == len(rang)
    for call in line.ended:
        assert call.ring_s is not None
        assert call.ring_s >= 0.0
        before = [effect.key for effect in line.seen[: line.seen.index(call)] if isinstance(effect, CallRang)]
        assert call.key in before
    hang_ups = [effect.key for effect in line.seen if isinstance(effect, HangUp)]
    assert len(set(hang_ups)) == len(hang_ups)
    assert hang_up or not hang_ups


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([ANN, BOB]), st.integers(1, 6), st.booleans()), min_size=1, max_size=5))
def test_ordinary_calls_are_counted_exactly(calls: list[tuple[str, int, bool]]) -> None:
    line = Line()
    for number, rings, clip_first in calls:
        for _ in range(rings):
            line.hears(*((CallerId(number), Ring()) if clip_first else (Ring(), CallerId(number))))
            line.waits(5)
        line.hears(OVER)
        line.waits(1)
    assert [call.caller for call in line.ended] == [number for number, _, _ in calls]


def test_one_end_said_twice_does_not_end_the_waiting_call_too() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN), CallWaiting(BOB), CallOver("^CEND:1,0,104,16"), OVER)
    assert [call.caller for call in line.ended] == [ANN]
    line.hears(Ring(), CallerId(BOB))
    line.waits(3)
    line.hears(OVER)
    line.waits(60)
    assert [call.caller for call in line.ended] == [ANN, BOB]


def test_a_missed_call_of_somebody_else_is_another_call_even_right_behind_an_end() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN), OVER, MissedCall(BOB))
    line.waits(60)
    assert [call.caller for call in line.ended] == [ANN, BOB]


def test_a_missed_call_of_somebody_else_leaves_the_ringing_one_ringing() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN), MissedCall("2165550138"))
    assert [call.caller for call in line.ended] == ["2165550138"]
    line.hears(Ring(), CallerId(ANN), OVER, MissedCall("2165550137"))
    line.waits(60)
    assert [call.caller for call in line.ended] == ["2165550138", ANN]


def test_the_missed_call_notice_of_a_waiting_call_ends_that_call() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN), CallWaiting(BOB), OVER, MissedCall(BOB), OVER)
    line.waits(60)
    assert [call.caller for call in line.ended] == [ANN, BOB]


def test_a_notice_that_names_a_caller_too_late_for_his_call_is_not_thrown_away() -> None:
    line = Line()
    line.hears(Ring(), OVER)
    line.waits(1)
    assert [call.caller for call in line.ended] == [None]
    line.hears(MissedCall(ANN))
    assert [call.caller for call in line.ended] == [None, ANN]
    line.hears(CallOver("NO CARRIER"))
    line.waits(60)
    assert len(line.ended) == 2


def test_a_withheld_call_is_not_named_by_the_notice_behind_it() -> None:
    line = Line()
    line.hears(Ring(), CallerId(None), OVER, MissedCall(ANN))
    line.waits(60)
    assert [call.caller for call in line.ended] == [None]


def test_the_notice_behind_the_end_of_a_waiting_call_is_not_another_call() -> None:
    line = Line()
    line.hears(Ring(), CallerId(ANN), CallWaiting(BOB), OVER)
    line.waits(3)
    line.hears(OVER, MissedCall(BOB))
    line.waits(60)
    assert [call.caller for call in line.ended] == [ANN, BOB]
