"""Dangers in the plainest words there are, and the same words where nothing burns, falls or breaks in."""

from __future__ import annotations

import pytest

from gateway.core.conversation.hazards import hazard
from gateway.core.understanding.asides import asides
from gateway.reading import load_reader
from gateway.settings.trades import load_trades

READER = load_reader(load_trades())


@pytest.mark.parametrize(
    ("trade", "text", "named"),
    [
        ("general", "theres a fire in the kitchen", "fire"),
        ("general", "there's a small fire behind the dryer", "fire"),
        ("electrical", "fire in the wall", "fire"),
        ("plumbing", "my kitchen is burning", "fire"),
        ("electrical", "FIRE!!!", "fire"),
        ("hvac", "hay fuego en la cocina", "fire"),
        ("electrical", "forget all that, house is filling with smoke", "fire"),
        ("roofing", "ceiling is caving in", "structure"),
        ("locksmith", "there is a man in my house", "threat"),
        ("locksmith", "someone is inside my house", "threat"),
        ("electrical", "downed wire in the yard", "wire"),
        ("electrical", "outlet is charred", "fire"),
        ("hvac", "my baby is choking on the fumes", "fumes"),
    ],
)
def test_a_danger_in_plain_words_is_one(trade: str, text: str, named: str) -> None:
    reading = READER.read(text, trade)
    assert (reading.life_safety, reading.urgency) == (True, "emergency")
    assert hazard(text) == named


@pytest.mark.parametrize(
    ("trade", "text"),
    [
        ("hvac", "we have a fire pit that needs gas"),
        ("general", "theres fire damage in the kitchen"),
        ("general", "we had a fire in the kitchen last month and need drywall"),
        ("general", "repair after a fire in the kitchen"),
        ("hvac", "if theres a fire will the smoke alarm go off"),
        ("painting", "theres a guy in the house working until 5 so come before then"),
        ("cleaning", "that team is fire"),
        ("general", "ceiling caved in last year and was fixed, now needs paint"),
        ("hvac", "house is burning up in here, ac out"),
        ("hvac", "there's a fire station next door, gray house"),
        ("cleaning", "want my house sparkling clean"),
        ("electrical", "some sparkling lights for the porch"),
        ("general", "door header is rotten"),
    ],
)
def test_the_same_words_elsewhere_are_none(trade: str, text: str) -> None:
    reading = READER.read(text, trade)
    assert (reading.life_safety, reading.urgency == "emergency") == (False, False)


@pytest.mark.parametrize("text", ["feces in the tub", "water spewing out of the pipe"])
def test_a_rare_word_of_its_own_is_no_slip(text: str) -> None:
    assert READER.read(text, "plumbing").urgency == "emergency"


def test_what_follows_a_dismissal_stands_alone() -> None:
    assert asides("never mind, the drain is fine. my panel is buzzing loudly")[0].startswith("the drain is fine")
    assert asides("never mind") == []


def test_half_a_character_is_read_like_any_other_sign() -> None:
    assert READER.read("no heat \ud83d and a newborn", "hvac").urgency == "emergency"
