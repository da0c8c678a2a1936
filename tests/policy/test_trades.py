"""The businesses of the nine trades keep the same rules, each by its own clock, numbers and words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.simulate import run
from gateway.core.alphabet import segment_count
from gateway.settings import load

EXAMPLES = Path(__file__).parents[2] / "config" / "examples"
EAST, CENTRAL = "-05:00", "-06:00"
TRADES = {
    "hvac": ("216", EAST),
    "plumbing": ("913", CENTRAL),
    "electrical": ("216", EAST),
    "roofing": ("210", CENTRAL),
    "painting": ("216", EAST),
    "cleaning": ("210", CENTRAL),
    "garage_door": ("913", CENTRAL),
    "locksmith": ("210", CENTRAL),
    "general": ("913", CENTRAL),
}
# (what is special about the call, local end of the call, outcome); {a} is the shop's area code
CALLS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "2026-03-02T10:00:00", "open"),
    ({"line": "+1{a}5550100"}, "2026-03-02T10:00:00", "open"),
    ({}, "2026-03-02T07:59:45", "open"),
    ({}, "2026-03-02T16:59:45", "after_hours"),
    ({}, "2026-03-07T12:59:44", "open"),
    ({}, "2026-03-07T12:59:45", "after_hours"),
    ({}, "2026-03-01T12:00:00", "after_hours"),
    ({}, "2025-11-27T10:00:00", "holiday"),
    ({}, "2025-12-24T11:59:44", "open"),
    ({}, "2025-12-24T11:59:45", "after_hours"),
    ({}, "2026-03-02T23:00:00", "after_hours"),
    ({"outcome": "voicemail", "ring_s": 1}, "2026-03-02T10:00:00", "open"),
    ({"ring_s": 3}, "2026-03-02T10:00:00", "short_ring"),
    ({"outcome": "answered"}, "2026-03-02T10:00:00", "not_missed"),
    ({"caller": "5550137"}, "2026-03-02T10:00:00", "open"),
    ({"caller": "+1{a}5550100"}, "2026-03-02T10:00:00", "own_number"),
    ({"caller": "+1{a}5550188"}, "2026-03-02T10:00:00", "own_number"),
    ({"caller": ""}, "2026-03-02T10:00:00", "withheld"),
    ({"caller": "+14165550137"}, "2026-03-02T10:00:00", "international"),
    ({"line": "+1{a}5550188"}, "2026-03-02T10:00:00", "line_not_enabled"),
]


@pytest.mark.parametrize("trade", TRADES)
def test_a_business_of_this_trade_keeps_the_rules(trade: str) -> None:
    settings = load(EXAMPLES / f"{trade}.yaml")
    area, offset = TRADES[trade]
    events: list[dict[str, Any]] = []
    for changes, at, _ in CALLS:
        events.append({"event": "scenario", "id": str(len(events))})
        plain = {"at": at + offset, "event": "call", "caller": f"+1{area}5550137", "line": "main", "ring_s": 22}
        own = {name: value.format(a=area) if isinstance(value, str) else value for name, value in changes.items()}
        events.append(plain | {"outcome": "no_answer", "source": "ami"} | own)
    out = io.StringIO()
    run(settings, [json.dumps(event) for event in events], out)
    effects = [e for line in out.getvalue().splitlines() if "effect" in (e := json.loads(line))]
    assert [e.get("reason") or e["template"] for e in effects] == [outcome for *_, outcome in CALLS]
    for text in (e for e in effects if e["effect"] == "text"):
        assert text["body"].startswith(settings.business.name)
        assert segment_count(text["body"]) == text["segments"] == 1


@pytest.mark.parametrize("trade", TRADES)
def test_a_business_of_this_trade_texts_a_caller_once_and_tells_the_owner_of_the_third_call(trade: str) -> None:
    settings = load(EXAMPLES / f"{trade}.yaml")
    area, offset = TRADES[trade]
    call = {"event": "call", "caller": f"+1{area}5550137", "line": "main", "ring_s": 22, "outcome": "no_answer"}
    out = io.StringIO()
    run(settings, [json.dumps(call | {"at": f"2026-03-02T10:{m:02}:00{offset}"}) for m in (0, 5, 10)], out)
    effects = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [e.get("reason") or e["purpose"] for e in effects] == ["opener", "cooldown", "cooldown", "owner_notice"]
    assert effects[-1]["to"] == settings.business.owner
    assert effects[2]["notify_owner"]
