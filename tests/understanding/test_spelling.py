"""Slips of the thumb: which words are mended, and which are left as they were sent."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.understanding.folded import fold
from gateway.core.understanding.model import ModelError, pack, unpack
from gateway.core.understanding.spelling import Spelling, unpacked
from gateway.reading import load_reader
from gateway.settings.trades import load_trades
from gateway.training.everyday import spelling_of
from tests.understanding.test_everyday import MANY, texts_of

SPELLING = Spelling(
    {"water": 900, "flooding": 80, "basement": 200, "spraying": 40, "sparking": 60, "heat": 700, "waher": 3}
)
READER = load_reader(load_trades())


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("basemnt floding", "basement flooding"),
        ("watre in the basementt", "water in the basement"),
        ("flooooding", "flooding"),
        ("no heet", "no heat"),
        ("basemnt 55 wtr, 3rd st", "basement 55 wtr, 3rd st"),  # two letters away, and short
        ("spraying", "spraying"),  # a word of its own is none that is like it
        ("waher", "water"),  # hardly anybody writes it
        ("xqzw", "xqzw"),
        ("", ""),
    ],
)
def test_a_slip_is_mended_into_the_word_that_many_write(sent: str, meant: str) -> None:
    assert SPELLING.mended(sent) == meant


def test_a_word_of_the_business_is_no_slip() -> None:
    assert SPELLING.also(["heet", "floding"]).mended("floding heet") == "floding heet"
    assert SPELLING.mended("heet") == "heat"


def test_without_words_nothing_is_mended() -> None:
    assert Spelling().mended("basemnt floding") == "basemnt floding"
    assert Spelling().also(["heat"]).mended("heet") == "heet"


def test_the_words_travel_packed() -> None:
    again = unpacked(SPELLING.packed())
    assert len(again) == len(SPELLING)
    assert again.mended("basemnt floding, no heet") == "basement flooding, no heat"
    assert len(unpacked("")) == 0


@pytest.mark.parametrize("line", ["rubbish", "~~~", "0" * 50, SPELLING.packed()[:40]])
def test_a_damaged_list_of_words_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        unpacked(line)


def test_a_word_is_known_by_those_who_wrote_it() -> None:
    spelling = spelling_of([*texts_of(MANY, "the faucet drips"), *texts_of(1, "the fuacet")])
    assert spelling.mended("faucte") == "faucet"
    assert spelling.mended("fuacet") == "faucet"


@given(st.text(max_size=300))
def test_any_text_is_mended_without_delay(text: str) -> None:
    plain = fold(text).plain
    began = time.process_time()
    SPELLING.mended(plain)
    assert time.process_time() - began < 0.05


def test_thousands_of_unknown_words_take_no_time() -> None:
    words = " ".join(f"qzx{chr(97 + at % 26) * 12}{chr(97 + at // 26 % 26)}" for at in range(3000))
    began = time.process_time()
    assert SPELLING.mended(words) == words
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    "text", ["basemnt floding plz hury", "watr evrywhere hlp its comin thru the celing", "el sotno se esta inundano"]
)
def test_an_emergency_in_mistyped_words_is_one(text: str) -> None:
    assert READER.read(text, "plumbing").urgency == "emergency"


@pytest.mark.parametrize("text", ["shop", "steep", "Stope", "quint", "cancun", "endo"])
def test_no_mended_slip_makes_a_wish_for_no_more_texts(text: str) -> None:
    assert not READER.read(text, "plumbing").opt_out


def test_fields_are_read_from_what_was_sent() -> None:
    reading = READER.read("watr heter leakin, its Hoose Wuter, 44107", "plumbing")
    assert reading.service == "water_heater"
    assert reading.zip == "44107"
    assert reading.name == "Hoose Wuter"


def test_a_model_without_its_words_is_refused() -> None:
    data = pack(unpack(_shipped()), {})
    damaged = data.replace(b'"words"', b'"wards"', 1)
    with pytest.raises(ModelError):
        unpack(damaged)


def _shipped() -> bytes:
    from gateway.files import READER_MODEL

    return READER_MODEL.read_bytes()
