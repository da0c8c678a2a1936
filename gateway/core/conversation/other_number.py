"""Another number to call: taken from a text into the facts of a lead, and said to those who call."""

from __future__ import annotations

from dataclasses import replace

from gateway.core.conversation.lead import Facts
from gateway.core.numbers import spoken
from gateway.core.understanding.reader import Reading


def noted(facts: Facts, reading: Reading) -> Facts:
    """The facts with the number of a text; a new one takes the place of an old one with whose it was."""
    if reading.callback_number is None:
        return facts
    known = facts.callback_whose if reading.callback_number == facts.callback_number else None
    return replace(facts, callback_number=reading.callback_number, callback_whose=reading.callback_whose or known)


def to_call(facts: Facts) -> str:
    """The number and whose it is, for people: "(216) 555-0134 (wife)"; "" where there is no other number."""
    if facts.callback_number is None:
        return ""
    return spoken(facts.callback_number) + (f" ({facts.callback_whose})" if facts.callback_whose else "")
