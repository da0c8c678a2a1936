"""What our people read of an emergency that a caller tells piece by piece, and what stays of such texts as facts."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from gateway.cli.simulate import run
from gateway.core.conversation.hazards import hazard
from tests.conversation.script import CALLER, EAST, shop

BEGAN = datetime(2026, 3, 3, 10, tzinfo=EAST)


def told(trade: str, *texts: str, after_s: float = 90.0) -> list[dict[str, Any]]:
    """Everything the box did while these texts came, each `after_s` behind the one before."""
    at, lines = BEGAN, list[dict[str, Any]]()
    for text in texts:
        at += timedelta(seconds=after_s)
        lines.append({"at": at.isoformat(), "event": "text", "from": CALLER, "body": text})
    lines.append({"at": (at + timedelta(minutes=3)).isoformat(), "event": "wait"})
    out = io.StringIO()
    run(shop(trade), [json.dumps(line) for line in lines], out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def alarms(effects: list[dict[str, Any]]) -> list[str]:
    return [one["body"] for one in effects if one.get("purpose") == "escalation" and one["template"] == "alarm"]


def facts(effects: list[dict[str, Any]]) -> dict[str, Any]:
    leads = [one for one in effects if one["effect"] == "lead"]
    return {name: value for name, value in leads[-1]["facts"].items() if value}


@pytest.mark.parametrize("after_s", [5.0, 90.0])
def test_the_owner_reads_what_the_newest_text_speaks_of(after_s: float) -> None:
    effects = told(
        "electrical",
        "one of the outlets in my sons room",
        "its warm and kinda brown around the edges now",
        after_s=after_s,
    )
    first = alarms(effects)[0]
    assert "its warm and kinda brown around the edges now / one of the outlets in my sons room" in first
    safety = [one["template"] for one in effects if one.get("purpose") == "safety"]
    assert safety == ["safety_electric"]  # one, and the one for what it is


def test_the_owner_reads_of_what_the_urgent_word_is_and_it_is_no_place() -> None:
    effects = told("hvac", "no heat", "URGENT")
    assert alarms(effects)[0] == "EMERGENCY 10: (330) 555-0137: URGENT / no heat. Reply 10 if you have it."
    assert facts(effects)["service"] == "heating_repair"
    assert "place" not in facts(effects)


@pytest.mark.parametrize(
    ("trade", "texts"),
    [
        ("plumbing", ("leak under the sink", "cant find the shutoff")),
        ("hvac", ("calenton no prende", "tengo un bebe recien nacido")),
        ("electrical", ("breaker keeps tripping", "the panel cover feels warm and i can hear it humming")),
        ("painting", ("exterior paint peeling", "Parma", "your ladder is leaning on the power line and sparking")),
    ],
)
def test_who_tells_of_an_emergency_answers_no_other_question(trade: str, texts: tuple[str, ...]) -> None:
    effects = told(trade, *texts)
    assert alarms(effects)
    assert not {"place", "name", "street_address", "timeline"} & facts(effects).keys()


def test_what_was_so_yesterday_makes_no_emergency_of_thanks() -> None:
    assert not alarms(told("hvac", "no heat", "44107, Pam", "it works again, thank you so much, the baby is happy"))


@pytest.mark.parametrize(
    ("body", "before", "named"),
    [
        ("theres kind of an egg smell by the furnace", "", "gas"),
        ("i hear hissing by the meter", "", "gas"),
        ("its warm and kinda brown around the edges now", "one of the outlets in my sons room", "electric"),
        ("my son just fell through it", "deck railing loose", "structure"),
        ("like rotten eggs", "furnace making a weird smell", "gas"),
        ("please hurry", "", "danger"),
    ],
)
def test_the_safety_text_is_the_one_for_what_the_caller_tells(body: str, before: str, named: str) -> None:
    assert hazard(body, before) == named
