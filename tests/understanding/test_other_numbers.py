"""Another number to call: who is to be called under it, and what only looks like one."""

from __future__ import annotations

import pytest

from gateway.core.understanding.other_numbers import corrected, other_number

OWN, OFFICE = "+14405550177", "+12165550100"


def told(body: str) -> tuple[str, str] | None:
    return other_number(body, "US", "440", (OWN, OFFICE))


GIVEN = (
    ("call my wife at 216-555-0134", "+12165550134", "wife"),
    ("mejor llame al 440 555 0162", "+14405550162", ""),
    ("my cell is 555-0199 use that", "+14405550199", "cell"),
    ("Please call (216) 555-0134, I can't text at work", "+12165550134", ""),
    ("216.555.0134 is better", "+12165550134", ""),
    ("reach me on 1-216-555-0134 after 5", "+12165550134", ""),
    ("+1 216 555 0134", "+12165550134", ""),
    ("2165550134", "+12165550134", ""),
    ("area code 216, 555-0134 is my husband, call him", "+12165550134", "husband"),
    ("call 555-0134 area code 216", "+12165550134", ""),
    ("call me at 216 and then 555 0134", "+12165550134", ""),
    ("two one six five five five oh one three four is the number to call", "+12165550134", ""),
    ("call two one six, five five five, zero one three four", "+12165550134", ""),
    ("marque al cuatro cuatro cero cinco cinco cinco cero uno seis dos", "+14405550162", ""),
    ("llame a mi esposa al (216) 555 0134 por favor", "+12165550134", "wife"),
    ("my tenant's number is 216-555-0134", "+12165550134", "tenant"),
    ("216-555-0134 (wife)", "+12165550134", "wife"),
    ("216-555-0134 is my mom, she is home all day", "+12165550134", "mother"),
    ("ask for Dana at 216-555-0134", "+12165550134", "Dana"),
    ("call my wife Ana at 216-555-0134", "+12165550134", "wife Ana"),
    ("my furnace is out. Dana Smith, 1420 Clark Ave, 44107, 216-555-0134", "+12165550134", ""),
    ("I'm on 440-555-0177 but call my work 216-555-0134", "+12165550134", "work"),
    ("call 216-555-0134 or my wife 216-555-0135", "+12165550134", ""),
    ("call 216-555-0134 sorry 0135", "+12165550135", ""),
    ("call 216-555-0134, oops I mean 216-555-0135", "+12165550135", ""),
    ("dont call this number, call 216-555-0134", "+12165550134", ""),
    ("the property manager is at 216 555 0134", "+12165550134", "property manager"),
    ("my cell: 216-555-0134", "+12165550134", "cell"),
    ("call the landline 555.0134", "+14405550134", "home"),
    ("use 5550134 to call me", "+14405550134", ""),
)
NONE = (
    "call me at 440-555-0177",
    "I called 216-555-0100 and nobody answered",
    "I missed a call from 216-555-0134",
    "got a text from 216-555-0134 saying you were closed",
    "model 216-555-0134",
    "Trane model number XR-216-5550134",
    "the serial is 2165550134",
    "filter part # 555-0134",
    "account number 2165550134, please check my invoice",
    "it was $555-6000 last time",
    "the quote was 555-6000 dollars",
    "44107-1234",
    "zip is 44107 1234",
    "we are at 4400 555 St",
    "built 1998-2004, 2 units",
    "don't call 216-555-0134 anymore",
    "not 216-555-0134",
    "my old number was 216-555-0134",
    "216-555-0134 is disconnected",
    "take 216-555-0134 off your list",
    "is this 216-555-0134?",
    "order 2165550134 is late",
    "call 900-555-0134",
    "call 216-555-01345",
    "call 116-555-0134",
    "we need 300 4500 btu units",
    "12-14-2025 works",
    "between 200 and 3000 dollars",
    "no heat at 55 degrees since 0600",
    "",
)


@pytest.mark.parametrize(("body", "number", "whose"), GIVEN)
def test_another_number_is_taken_down_with_whose_it_is(body: str, number: str, whose: str) -> None:
    assert told(body) == (number, whose)


@pytest.mark.parametrize("body", NONE)
def test_what_only_looks_like_another_number_is_none(body: str) -> None:
    assert told(body) is None


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ("sorry 0135", "+12165550135"),
        ("0135*", "+12165550135"),
        ("sorry its 0143", "+12165550143"),
        ("the number ends in 7788", "+12165557788"),
        ("perdon, 0135", "+12165550135"),
        ("0135", None),
        ("sorry 1420", None),
        ("sorry 0134", None),
        ("I live at 0135 Clark", None),
        ("sorry 44107", None),
    ],
)
def test_the_last_four_alone_correct_a_number(body: str, right: str | None) -> None:
    assert corrected(body, "+12165550134") == right
