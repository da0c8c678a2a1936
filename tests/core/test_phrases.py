"""What the box says in conversations: honest, short, in both languages, and a safety text for every danger it can name."""

from __future__ import annotations

import re

import pytest

from gateway.core.alphabet import segment_count
from gateway.core.conversation.hazards import SAFETY_TEXT_OF, UNNAMED, hazard
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.lint import Severity
from gateway.core.understanding.situations import SITUATIONS, Weight
from gateway.core.wording import render
from gateway.settings.spoken import judged

FACTS = {
    "business": "Miller Heating & Air",
    "office_number": "(216) 555-0100",
    "place": "Middleburg Heights 44130",
    "service": "Tune-up or maintenance plan",
    "time": "Wednesday afternoon",
    "instead": "If anybody is in danger, call 911.",
    "visits": "1 Wed Dec 30 12-5 PM, 2 Thu Dec 31 12-5 PM, 3 Sat Jan 2 9 AM-1 PM",
    "visit": "Wed Dec 30 8 AM-12 PM",
    "where": "4321 Lee Road, Middleburg Heights 44130",
    "hold": "30 min",
}
PLAIN = sorted(name for name in CONVERSATION_TEXTS if not name.startswith("instead"))


@pytest.mark.parametrize("name", PLAIN)
def test_every_text_of_a_conversation_keeps_the_rules_of_honest_wording(name: str) -> None:
    found = judged(name, CONVERSATION_TEXTS[name], FACTS["business"])
    assert [f"{one.say} ({one.where})" for one in found if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", PLAIN)
def test_every_text_of_a_conversation_is_one_segment_and_asks_one_thing(name: str) -> None:
    words = render(CONVERSATION_TEXTS[name], **FACTS)
    assert segment_count(words) == 1, words
    assert words.count("?") <= 1
    assert "{" not in words


def test_everything_is_said_in_both_languages() -> None:
    english = {name for name in CONVERSATION_TEXTS if not name.endswith("_es")}
    assert english == {name.removesuffix("_es") for name in CONVERSATION_TEXTS if name.endswith("_es")}


def test_every_danger_has_its_safety_text() -> None:
    dangers = {situation.name for situation in SITUATIONS if situation.weight in (Weight.LIFE, Weight.PLAIN)}
    assert dangers == set(SAFETY_TEXT_OF)
    assert {f"safety_{text}" for text in (*SAFETY_TEXT_OF.values(), UNNAMED)} <= set(CONVERSATION_TEXTS)


@pytest.mark.parametrize("name", sorted(name for name in CONVERSATION_TEXTS if name.startswith("safety_")))
def test_a_safety_text_says_whom_to_call_and_asks_nothing(name: str) -> None:
    assert re.search(r"\b911\b", CONVERSATION_TEXTS[name])
    assert "?" not in CONVERSATION_TEXTS[name]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("i smell gas in the basement", "gas"),
        ("the carbon monoxide alarm is going off", "co"),
        ("there is smoke coming out of the outlet", "fire"),
        ("a power line is down across our driveway", "wire"),
        ("water is dripping into the breaker panel", "electric"),
        ("huele a gas en la cocina", "gas"),
        ("something is very wrong here", UNNAMED),
    ],
)
def test_the_safety_text_fits_the_danger(body: str, expected: str) -> None:
    assert hazard(body) == expected
