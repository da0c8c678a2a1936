"""The openers that ship with the box: complete, one segment, honest."""

from __future__ import annotations

import pytest

from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.library import (
    DEFAULT_TEXTS,
    LIBRARY,
    PLAINER_TEXTS,
    ROOM_FOR_LONG_NAME,
    ROOM_FOR_NAME,
    ROOM_FOR_NAME_ES,
    texts_for,
)
from gateway.core.lint import lint
from gateway.core.wording import EMERGENCY_WORDS, render

LONG_NAME = "Heartland Garage Door Repair"
LONG_NAME_ES = "Heartland Garage Door"
NAMES = {f"{situation}{tail}" for situation in ("open", "after_hours", "holiday", "storm") for tail in ("", "_es")}
TRADES = {"hvac", "plumbing", "electrical", "roofing", "painting", "cleaning", "garage_door", "locksmith", "general"}
EVERY_TEXT = [pytest.param(t, n, w, id=f"{t}-{n}") for t, texts in LIBRARY.items() for n, w in texts.items()]


def test_nine_trades_have_every_situation_in_english_and_spanish() -> None:
    assert set(LIBRARY) == TRADES
    assert {trade: set(texts) for trade, texts in LIBRARY.items()} == dict.fromkeys(TRADES, NAMES)


@pytest.mark.parametrize(("trade", "name", "words"), EVERY_TEXT)
def test_an_opener_fits_one_segment_with_a_long_business_name(trade: str, name: str, words: str) -> None:
    assert (len(LONG_NAME), len(LONG_NAME_ES)) == (ROOM_FOR_NAME, ROOM_FOR_NAME_ES)
    longest = LONG_NAME_ES if name.endswith("_es") and name != "open_es" else LONG_NAME
    body = render(words, business=longest)
    assert is_gsm7(body), (trade, name)
    assert segment_count(body) == 1


@pytest.mark.parametrize(("trade", "name", "words"), EVERY_TEXT)
def test_an_opener_asks_one_question_names_the_emergency_word_and_offers_stop(
    trade: str, name: str, words: str
) -> None:
    spanish = name.endswith("_es")
    assert words.startswith("{business}: "), trade
    assert words.count("?") == 1
    assert ("¿" in words) is spanish
    assert EMERGENCY_WORDS["es" if spanish else "en"] + "." in words
    assert "STOP" in words
    assert ("perdimos su llamada" if spanish else "missed your call") in words
    assert ("texto" if spanish else "auto-text") in words.casefold()


def test_an_unknown_trade_gets_the_texts_of_a_general_contractor() -> None:
    assert texts_for("chimneys") == DEFAULT_TEXTS == LIBRARY["general"]
    assert texts_for("hvac") == LIBRARY["hvac"]


@pytest.mark.parametrize("name", PLAINER_TEXTS)
def test_the_plainer_texts_are_as_honest_and_leave_room_for_a_long_name(name: str) -> None:
    long_name = "Sons " * (ROOM_FOR_LONG_NAME // 5) + "Co"
    assert len(long_name) == ROOM_FOR_LONG_NAME
    assert set(PLAINER_TEXTS) == NAMES
    assert lint(PLAINER_TEXTS[name], long_name, "es" if name.endswith("_es") else "en") == []
