"""Texts of a few words: the word for an emergency in all its forms, and who is no customer at all."""

from __future__ import annotations

import pytest

from gateway.core.understanding import safety
from gateway.core.understanding.degrees import Thresholds
from gateway.core.understanding.folded import fold
from gateway.core.understanding.situations import situations
from gateway.reading import load_reader
from gateway.settings.trades import load_trades

READER = load_reader(load_trades())
ALARMS = (
    "its an emergency please call me",
    "tengo una emergencia",
    "we have an emergency",
    "SOS",
    "911 emergency here",
    "emergencia por favor llame",
    "need someone right now",
    "please send somebody immediately",
    "can you get a plumber here now",
)
NO_ALARMS = (
    "not an emergency",
    "no es urgente",
    "no emergency here",
    "is there an emergency fee",
    "need someone for a quote",
    "call me now",
    "send a plumber friday",
)


@pytest.mark.parametrize("text", ALARMS)
def test_the_word_for_an_emergency_needs_no_guess(text: str) -> None:
    assert safety.emergency(fold(text), [], 0.0, Thresholds())


@pytest.mark.parametrize("text", NO_ALARMS)
def test_words_around_it_that_say_otherwise_need_one(text: str) -> None:
    assert not safety.emergency(fold(text), list(situations(fold(text))), 0.0, Thresholds())


def test_a_guess_about_few_words_has_to_be_surer_to_be_a_danger() -> None:
    between = (safety.DANGER.in_few_words + safety.DANGER.alone) / 2
    assert not safety.danger(fold("outside unit is loud"), [], between)
    assert safety.danger(fold("outside unit is loud " * 5), [], between)


def test_a_guess_about_a_stranger_has_to_be_surer_still() -> None:
    text = fold("my son was playing with the phone")
    assert safety.danger(text, [], 0.7)
    assert not safety.danger(text, [], 0.7, stranger=True)
    assert not safety.emergency(text, [], 0.7, Thresholds(), stranger=True)


@pytest.mark.parametrize(
    "text", ["URGENT your domain expires, renew", "urgent loan offer, act now", "click http://x.example"]
)
def test_what_sells_something_is_no_emergency_by_a_guess(text: str) -> None:
    assert not safety.emergency(fold(text), [], 0.95, Thresholds())


@pytest.mark.parametrize(
    "text",
    [
        "heat is out",
        "our heat is out since this morning",
        "no hay calefaccion",
        "ac is out",
        "the heat went out last night",
        "el aire no enfria",
    ],
)
def test_a_house_without_heat_or_cooling_is_urgent_and_alone_no_emergency(text: str) -> None:
    assert READER.read(text, "hvac").urgency == "urgent"


@pytest.mark.parametrize("text", ["no heat, baby here", "heat is out and its 45 inside", "furnace out, mom is 88"])
def test_with_cold_or_somebody_frail_it_is_one(text: str) -> None:
    assert READER.read(text, "hvac").urgency == "emergency"
