"""Texts that are written often, filled in."""

from __future__ import annotations

import pytest

from gateway.core.alphabet import segment_count
from gateway.core.desk.replies import USUAL, filled, first_name
from gateway.core.lint import lint

FACTS = {"business": "Miller", "name": "Marta", "me": "Ann", "service": "heating", "appointment": "Wed 1 PM"}


def test_what_is_not_known_leaves_no_hole() -> None:
    text = "Hi {name}, this is {me} from {business}."
    assert filled(text, FACTS) == "Hi Marta, this is Ann from Miller."
    assert filled(text, {**FACTS, "name": ""}) == "Hi, this is Ann from Miller."


def test_no_appointment_is_confirmed_that_there_is_not() -> None:
    assert filled("You are booked for {appointment}.", {**FACTS, "appointment": ""}) is None
    assert filled("You are booked for {appointment}.", FACTS) == "You are booked for Wed 1 PM."


@pytest.mark.parametrize("reply", USUAL, ids=lambda reply: reply.key)
def test_our_own_are_one_or_two_parts_and_nothing_is_wrong_with_them(reply) -> None:  # type: ignore[no-untyped-def]
    for text in (reply.text, reply.text_es):
        assert not lint(text, "Miller Heating & Air", "en", 2, "reply")
        assert segment_count(filled(text, FACTS) or "") == 1


@pytest.mark.parametrize(("name", "first"), [("Marta Ruiz", "Marta"), ("T.J. Meyers", "T.J"), ("J", ""), ("", "")])
def test_people_are_greeted_by_the_first_of_their_names(name: str, first: str) -> None:
    assert first_name(name) == first
