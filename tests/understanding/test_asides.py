"""A danger told beside something else is found, and what is only told beside one is none."""

from __future__ import annotations

import pytest

from gateway.core.understanding.asides import MOST, asides
from gateway.reading import load_reader
from gateway.settings.trades import load_trades

READER = load_reader(load_trades())


@pytest.mark.parametrize(
    ("plain", "parts"),
    [
        (
            "thanks for the estimate. also the panel is buzzing and hot",
            ["thanks for the estimate.", "the panel is buzzing and hot"],
        ),
        ("what do you charge? water runs down the wall", ["what do you charge?", "water runs down the wall"]),
        ("the sink is clogged again", []),
        ("ok. the sink is clogged again since monday", []),
        ("gracias por la cita. tmb huele a gas en la cocina", ["gracias por la cita.", "huele a gas en la cocina"]),
        ("", []),
        ("hi. yes. ok. no.", []),
    ],
)
def test_the_parts_of_a_text_that_can_stand_alone(plain: str, parts: list[str]) -> None:
    assert asides(plain) == parts


def test_of_many_parts_the_last_are_looked_at() -> None:
    many = " ".join(f"this is sentence number {at}." for at in range(40))
    assert asides(many) == [f"this is sentence number {at}." for at in range(40 - MOST, 40)]


@pytest.mark.parametrize(
    ("trade", "text"),
    [
        (
            "electrical",
            "Hello, could you send me the invoice for last month again, my accountant asks for it. Also the outlet behind the"
            " bed is smoking and I can smell it burning",
        ),
        (
            "garage_door",
            "What would a tune up cost for a double door, two cars, about ten years old? Also my son's arm is caught in the door"
            " and we cannot get it out",
        ),
        (
            "plumbing",
            "Gracias por la cita del sábado, ahí estaremos todos y les tenemos café. Tambien huele mucho a gas en la cocina ahorita",
        ),
    ],
)
def test_a_danger_in_the_last_sentence_is_found(trade: str, text: str) -> None:
    reading = READER.read(text, trade)
    assert reading.life_safety
    assert reading.urgency == "emergency"


@pytest.mark.parametrize(
    ("trade", "text"),
    [
        (
            "electrical",
            "Our kitchen outlet sparked last year. Your man fixed it. Now I want a quote for a ceiling fan.",
        ),
        (
            "plumbing",
            "We had water everywhere in 2019. That is all repaired. Could you look at the water heater some day?",
        ),
        ("hvac", "Smelled gas on Monday. The gas company came and it was the neighbor's grill. Can you do a tune up?"),
    ],
)
def test_what_is_over_is_no_emergency_for_standing_alone(trade: str, text: str) -> None:
    assert READER.read(text, trade).urgency != "emergency"
