"""Random days of Miller's: whatever happens in whatever order, every call has one outcome and nobody is texted twice."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.simulate import run
from tests.gateway.office import MILLER

BEGINS = datetime.fromisoformat("2026-03-06T06:00:00-05:00")  # a weekend with the change to summer time follows
CALLERS = ["+12165550137", "2165550138", "+12165550139", "anonymous", "+18005550137", "+12165550191"]
LINES = ["main", "ads", "spanish", "oncall", "warehouse", "+12165550188"]
ENDS = ["no_answer", "busy", "voicemail", "queue_abandon", "ivr_abandon", "answered", "answered_elsewhere"]
people = st.sampled_from(CALLERS[:3])

calls = st.fixed_dictionaries(
    {
        "event": st.just("call"),
        "caller": st.sampled_from(CALLERS),
        "line": st.sampled_from(LINES),
        "ring_s": st.sampled_from([0, 3, 4, 22]),
        "outcome": st.sampled_from(ENDS),
        "source": st.sampled_from(["ami", "modem"]),
        "late_s": st.sampled_from([0, 0, 0, 5, 300, 900, 901]),
    }
)
others = st.one_of(
    st.fixed_dictionaries(
        {
            "event": st.just("text"),
            "from": people,
            "body": st.sampled_from(["no heat since last night", "STOP", "START", "HELP", "I am driving now"]),
        }
    ),
    st.fixed_dictionaries({"event": st.just("office_call"), "to": people, "reached": st.booleans()}),
    st.fixed_dictionaries({"event": st.just("office_text"), "to": people, "body": st.just("Ann here")}),
    st.fixed_dictionaries(
        {"event": st.just("contact"), "number": people, "kind": st.sampled_from(["vendor", "vip", "opted_out"])}
    ),
    st.fixed_dictionaries({"event": st.just("contacted"), "to": people}),
    st.fixed_dictionaries(
        {"event": st.just("report"), "to": people, "status": st.sampled_from(["delivered", "failed"])}
    ),
    st.fixed_dictionaries({"event": st.just("modem"), "state": st.sampled_from(["down", "up", "up", "refusing"])}),
    st.fixed_dictionaries({"event": st.just("storm"), "on": st.booleans()}),
)
gaps = st.sampled_from([0, 1, 7, 14, 15, 16, 60, 61, 240, 900, 5400, 6 * 3600, 12 * 3600])
days = st.lists(st.tuples(gaps, st.one_of(calls, calls, others)), min_size=1, max_size=25)


def played(day: list[tuple[int, dict[str, Any]]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The events with their times, and everything the box did, a week of waiting included."""
    at = BEGINS
    events = []
    for gap, event in day:
        at += timedelta(seconds=gap)
        timed = {"at": at.isoformat()} | {name: value for name, value in event.items() if name != "late_s"}
        if event.get("late_s"):
            timed["processed_at"] = (at + timedelta(seconds=event["late_s"])).isoformat()
        events.append(timed)
    end = {"at": (at + timedelta(days=7)).isoformat(), "event": "wait"}
    out = io.StringIO()
    run(MILLER, [json.dumps(event) for event in [*events, end]], out)
    return events, [json.loads(line) for line in out.getvalue().splitlines()]


@settings(max_examples=150, deadline=None)
@given(days)
def test_every_call_has_one_outcome_and_nobody_gets_a_second_first_text_within_twelve_hours(
    day: list[tuple[int, dict[str, Any]]],
) -> None:
    events, effects = played(day)
    openers = [e for e in effects if e.get("purpose") == "opener"]
    refused = [e for e in effects if e["effect"] == "no_text"]
    held = {e["call"] for e in refused if e["reason"] == "quiet_hours_defer"}
    texted = [e["call"] for e in openers]
    told = [e["call"] for e in refused]
    assert len(set(texted)) == len(texted)
    assert len(set(told)) == len(told)
    assert set(texted) & set(told) <= held
    assert set(texted) | set(told) == set(range(1, 1 + sum(event["event"] == "call" for event in events)))
    last: dict[str, datetime] = {}
    for opener in openers:
        at = datetime.fromisoformat(opener["at"])
        if opener["to"] in last:
            assert at - last[opener["to"]] >= timedelta(hours=12)
        last[opener["to"]] = at
    assert not set(last) & {"+18005550137", "+12165550191"}


@settings(max_examples=150, deadline=None)
@given(days)
def test_after_stop_nothing_but_its_confirmation_reaches_that_person_until_start(
    day: list[tuple[int, dict[str, Any]]],
) -> None:
    _, effects = played(day)
    out: set[str] = set()
    for effect in effects:
        if effect["effect"] == "opt_out":
            (out.add if effect["state"] else out.discard)(effect["peer"])
        elif effect["effect"] == "text" and effect["to"] in out:
            assert effect["purpose"] == "opt_out_confirmation", effect
