"""Random days of Miller's: whatever happens in whatever order, every call has one outcome and nobody is texted twice."""

from __future__ import annotations

import io
import json
import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from gateway.cli.simulate import run
from tests.gateway.office import MILLER

BEGINS = datetime.fromisoformat("2026-03-06T06:00:00-05:00")  # a weekend with the change to summer time follows
CALLERS = ["+12165550137", "2165550138", "+12165550139"]
NEVER = ["anonymous", "+18005550137", "+12165550191"]
LINES = ["main", "main", "main", "ads", "ads", "spanish", "oncall", "warehouse", "+12165550188"]
ENDS = ["no_answer"] * 4 + ["busy", "voicemail", "queue_abandon", "answered", "answered_elsewhere"]
TEXTS = ["no heat since last night", "STOP", "STOP", "START", "START", "HELP", "I am driving now"]
GAPS_S = [0, 1, 7, 14, 15, 16, 60, 61, 240, 900, 5400, 5400, 6 * 3600, 12 * 3600, 12 * 3600, 12 * 3600 + 15]


def random_day(seed: int) -> list[tuple[int, dict[str, Any]]]:
    """Thirty events with the seconds before each; mostly calls of three people."""
    luck = random.Random(seed)

    def call() -> dict[str, Any]:
        return {
            "event": "call",
            "caller": luck.choice(CALLERS * 4 + NEVER),
            "line": luck.choice(LINES),
            "ring_s": luck.choice([0, 3, 4, 22, 22, 22]),
            "outcome": luck.choice(ENDS),
            "source": luck.choice(["ami", "ami", "modem"]),
            "late_s": luck.choice([0, 0, 0, 0, 5, 300, 900, 901]),
        }

    def other() -> dict[str, Any]:
        who = luck.choice(CALLERS)
        return luck.choice(
            [
                {"event": "text", "from": who, "body": luck.choice(TEXTS)},
                {"event": "office_call", "to": who, "reached": luck.random() < 0.5},
                {"event": "office_text", "to": who, "body": "Ann here"},
                {"event": "contact", "number": who, "kind": luck.choice(["vip", "vip", "vendor", "opted_out"])},
                {"event": "contacted", "to": who},
                {"event": "report", "to": who, "status": luck.choice(["delivered", "delivered", "failed"])},
                {"event": "modem", "state": luck.choice(["down", "up", "up", "refusing"])},
                {"event": "storm", "on": luck.random() < 0.5},
            ]
        )

    return [(luck.choice(GAPS_S), call() if luck.random() < 0.7 else other()) for _ in range(30)]


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


@pytest.mark.parametrize("seed", range(60))
def test_every_call_has_one_outcome_and_nobody_gets_a_second_first_text_within_twelve_hours(
    seed: int,
) -> None:
    events, effects = played(random_day(seed))
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


@pytest.mark.parametrize("seed", range(60))
def test_after_stop_nothing_but_its_confirmation_reaches_that_person_until_start(seed: int) -> None:
    _, effects = played(random_day(seed))
    out: set[str] = set()
    for effect in effects:
        if effect["effect"] == "opt_out":
            (out.add if effect["state"] else out.discard)(effect["peer"])
        elif effect["effect"] == "text" and effect["to"] in out:
            assert effect["purpose"] == "opt_out_confirmation", effect
