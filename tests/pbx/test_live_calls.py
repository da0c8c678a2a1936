"""Real calls on real PBXs: what the manager port says must lead to what truly happened."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.asterisk.calls import CallBook
from drivers.asterisk.contexts import DEFAULT_INBOUND
from drivers.asterisk.messages import MessageParser
from gateway.cli.replay import outcomes
from gateway.core.events import CallEnded, OfficeCalled, OfficeRings
from tests.pbx.ami import messages
from tests.pbx.asterisk import Stack
from tests.pbx.bench import Bench, Play
from tests.pbx.phones import Caller
from tests.pbx.playbill import drills, playable, plays
from tests.pbx.scenarios import Scenario, Truth
from tests.pbx.tenant import national

pytestmark = pytest.mark.live

EVERY_PLAY = [
    *(pytest.param(stack, one, id=f"{stack}: {one}") for stack in Stack for one in plays(stack)),
    *(
        pytest.param(stack, one, id=f"{stack}: {one}", marks=pytest.mark.drill)
        for stack in Stack
        for one in drills(stack)
    ),
]
every_play = pytest.mark.parametrize(("stack", "scenario"), EVERY_PLAY)

Verdict = tuple[str | None, bool | None, str | None]  # DID as delivered, missed, answered by


def told(data: bytes, scratch: Path) -> list[CallEnded]:
    """The inbound calls of a recorded stream, as `textback replay` tells them."""
    trace = scratch / "trace.ami"
    trace.write_bytes(data)
    return list(outcomes(trace, None, DEFAULT_INBOUND, sys.stderr))


def told_of_the_office(data: bytes) -> Counter[tuple[str, bool, str | None]]:
    """The office's own calls in a recorded stream, each once: number, whether they spoke, from which phone."""
    book, parser, now = CallBook(), MessageParser(), datetime(2026, 3, 2, tzinfo=UTC)
    events = [event for message in parser.feed(data) for event in book.feed(message, now)]
    rung = Counter(national(event.to) for event in events if isinstance(event, OfficeRings))
    over = [event for event in events if isinstance(event, OfficeCalled) and event.over]
    assert rung == Counter(national(event.to) for event in over)
    spoke = {(event.to, event.by) for event in events if isinstance(event, OfficeCalled) and not event.over}
    assert spoke == {(event.to, event.by) for event in over if event.reached}
    return Counter((national(event.to), event.reached, event.by) for event in over)


def true_calls(scenario: Scenario) -> list[tuple[Caller, Truth]]:
    outside = [caller for caller in scenario.callers if caller.is_outside]
    return [(caller, truth) for caller, truth in zip(outside, scenario.truths, strict=True) for _ in caller.numbers]


def played(bench: Bench, stack: Stack, scenario: Scenario) -> Play:
    play = bench.play(stack, scenario)
    assert play.troubles == (), "the bench itself failed, not the gateway"
    return play


@every_play
def test_the_least_privileged_feed_tells_who_was_missed_and_who_was_answered(
    bench: Bench, stack: Stack, scenario: Scenario, tmp_path: Path
) -> None:
    play = played(bench, stack, scenario)
    verdicts = Counter((call.did, call.missed, call.answered_by) for call in told(play.narrow, tmp_path))
    truths: Counter[Verdict] = Counter(
        (caller.did, truth.missed, truth.answered_by) for caller, truth in true_calls(scenario)
    )
    assert verdicts == truths


@every_play
def test_a_feed_of_every_class_tells_why_as_well(
    bench: Bench, stack: Stack, scenario: Scenario, tmp_path: Path
) -> None:
    play = played(bench, stack, scenario)
    calls = told(play.wide, tmp_path)
    for caller, truth in true_calls(scenario):
        who = (*caller.numbers, None)  # withheld
        mine = next((call for call in calls if call.did == caller.did and call.caller in who), None)
        assert mine is not None, f"no call on {caller.did} was told"
        calls.remove(mine)
        if truth.missed is not None:  # this feed was never away
            assert (mine.missed, mine.answered_by) == (truth.missed, truth.answered_by)
            assert mine.reason in truth.reasons or not truth.reasons
    assert calls == []


@every_play
def test_the_offices_own_calls_are_told_and_nobody_elses(bench: Bench, stack: Stack, scenario: Scenario) -> None:
    play = played(bench, stack, scenario)
    truth = Counter(scenario.office)
    assert told_of_the_office(play.narrow) == truth
    if not scenario.breaks_the_link or not scenario.rough:
        assert told_of_the_office(play.wide) == truth


@every_play
def test_what_the_office_did_is_said_on_the_page(bench: Bench, stack: Stack, scenario: Scenario) -> None:
    """Of the last call of everybody whom the office rang back."""
    played(bench, stack, scenario)
    callers = {national(number) for one in scenario.callers if one.is_outside for number in one.numbers}
    said = bench.said(stack)
    for number, reached, by in scenario.office:
        if number not in callers:
            continue
        if reached:
            assert said[number] == f"the office ({by}) has spoken with the caller"
        else:
            assert said[number].startswith("texted in ")


@every_play
def test_the_gateways_manager_user_is_told_no_more_than_it_needs(
    bench: Bench, stack: Stack, scenario: Scenario
) -> None:
    play = played(bench, stack, scenario)
    names = {message.get("Event", "") for message in messages(play.narrow)}
    assert "Newchannel" in names
    assert names & {"VarSet", "Newexten", "Cdr", "CEL", "RTCPSent", "DTMFBegin", "UserEvent"} == set()


def wanted_texts(scenario: Scenario) -> Counter[str]:
    """Openers by number: a caller who is missed twice gets one."""
    wanted: Counter[str] = Counter()
    for caller, truth in zip([one for one in scenario.callers if one.is_outside], scenario.truths, strict=True):
        for number in caller.numbers:
            wanted |= Counter({national(number): truth.texts})
    return wanted


@every_play
def test_each_missed_caller_gets_exactly_one_text(bench: Bench, stack: Stack, scenario: Scenario) -> None:
    played(bench, stack, scenario)
    texted = bench.texted(stack)
    numbers = {national(number) for one in scenario.callers for number in one.numbers if one.is_outside}
    assert {number: texted[number] for number in numbers} == {
        number: wanted_texts(scenario)[number] for number in numbers
    }


@pytest.mark.parametrize(
    ("stack", "scenario"),
    [
        *(pytest.param(stack, plays(stack)[0], id=str(stack)) for stack in Stack),
        *(pytest.param(stack, drills(stack)[0], id=f"{stack}, drill", marks=pytest.mark.drill) for stack in Stack),
    ],
)
def test_nobody_else_is_texted(bench: Bench, stack: Stack, scenario: Scenario) -> None:
    played(bench, stack, scenario)
    missed = {number for one in playable(stack) for number in wanted_texts(one)}
    assert set(bench.texted(stack)) - missed == set()


@pytest.mark.parametrize("stack", list(Stack))
def test_no_two_stories_share_a_caller(stack: Stack) -> None:
    """Texts are counted by number: a shared one would excuse a false text or invent one."""
    by_story = [{national(n) for who in one.callers if who.is_outside for n in who.numbers} for one in playable(stack)]
    shared = Counter(number for numbers in by_story for number in numbers if number.isdigit())
    assert {number for number, stories in shared.items() if stories > 1} == set()
