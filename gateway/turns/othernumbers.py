"""Another number that a caller gives is only a number to call: his own and the business's are none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from gateway.core.business import Business
from gateway.core.conversation.lead import Facts
from gateway.core.numbers import is_foreign, read_number
from gateway.core.understanding.other_numbers import corrected, other_number, with_area_code, without_numbers
from gateway.core.understanding.reader import Reading
from gateway.turns.context import Context

_AT_NUMBER = re.compile(r"\bal\W+\d", re.IGNORECASE)  # "llame a mi esposa al 913 ...": no Al


def with_number(ctx: Context, peer: str, facts: Facts, body: str, read: Callable[[str], Reading]) -> Reading:
    """The reading of a text with the number that the text gives beside the one it came from, in its final form, or with none.

    A text that only mends the last digits of the known one ("sorry 0135") gives the mended one.
    """
    business, reading = ctx.business, read(body)
    found = other_number(body, business.country, with_area_code(peer, business.area_code), (peer, *_own(business)))
    if found is None and facts.callback_number is not None:
        mended = corrected(body, facts.callback_number)
        found = None if mended is None else (mended, facts.callback_whose or "")
    if found is not None and is_foreign(
        read_number(found[0], business.country, business.area_code), business.policy.allowed_countries
    ):
        found = None  # a call there may cost a fortune; the thread has it
    if found is None:
        return replace(reading, callback_number=None, callback_whose=None)
    rest = read(without_numbers(body))  # whom to call says nothing of how bad it is, and must not hide it
    if rest.urgency == "emergency" and (reading.urgency != "emergency" or rest.life_safety):
        because = tuple(dict.fromkeys((*reading.because, *rest.because)))
        danger = reading.life_safety or rest.life_safety
        reading = replace(reading, urgency=rest.urgency, life_safety=danger, because=because)
    intent = "call_me_back" if reading.intent == "unclear" else reading.intent
    name = (
        None
        if reading.name is not None and _AT_NUMBER.search(f"{body} ") and reading.name.lower() == "al"
        else reading.name
    )
    return replace(reading, intent=intent, name=name, callback_number=found[0], callback_whose=found[1] or None)


def _own(business: Business) -> tuple[str, ...]:
    lines = tuple(line.number for line in business.lines)
    return (*lines, *business.sims, *business.staff, *(person.phone for person in business.people.everybody))
