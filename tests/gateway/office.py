"""A box on a virtual clock for tests: plays events through `textback simulate` and reads what it did."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gateway.cli.simulate import run
from gateway.settings import load

MILLER = load(Path(__file__).parents[2] / "config/examples/miller.yaml")
CALLER = "+12165550137"
OWNER = "+12165550190"
MONDAY_TEN = datetime.fromisoformat("2026-03-02T10:00:00-05:00")

Event = dict[str, Any]


def at(seconds: float = 0, base: datetime = MONDAY_TEN) -> str:
    return (base + timedelta(seconds=seconds)).isoformat()


def call(seconds: float = 0, *, base: datetime = MONDAY_TEN, **changes: Any) -> Event:
    plain = {
        "at": at(seconds, base),
        "event": "call",
        "caller": CALLER,
        "line": "main",
        "ring_s": 22,
        "outcome": "no_answer",
        "source": "ami",
    }
    return plain | changes


def wait(seconds: float, base: datetime = MONDAY_TEN) -> Event:
    return {"at": at(seconds, base), "event": "wait"}


def play(*events: Event) -> list[dict[str, Any]]:
    """Everything the box does for these events."""
    out = io.StringIO()
    run(MILLER, [json.dumps(event) for event in events], out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@dataclass(frozen=True)
class Outcome:
    """What became of one call: `reason` "missed_call" for a text, else the refusal."""

    reason: str
    template: str
    notify: bool
    at: datetime


def outcomes(*events: Event) -> list[Outcome]:
    """The first outcome of each call, in the order of the calls."""
    found: dict[int, Outcome] = {}
    for effect in play(*events):
        if effect.get("purpose") == "opener" or effect["effect"] == "no_text":
            found.setdefault(
                effect["call"],
                Outcome(
                    effect.get("reason", "missed_call"),
                    effect.get("template", ""),
                    effect["notify_owner"],
                    datetime.fromisoformat(effect["at"]),
                ),
            )
    return [found[n] for n in sorted(found)]


def outcome(*events: Event) -> Outcome:
    """The outcome of the last call."""
    return outcomes(*events)[-1]


def openers(*events: Event) -> list[dict[str, Any]]:
    return [effect for effect in play(*events) if effect.get("purpose") == "opener"]
