"""The alert to the owner: one segment, readable on a lock screen."""

from __future__ import annotations

import re

from gateway.core.alphabet import segment_count, transliterate
from gateway.core.conversation.lead import Facts, Lead
from gateway.core.conversation.other_number import to_call
from gateway.core.numbers import spoken

LONGEST_WORDS = 320  # characters looked at: twice what one segment holds
_ENDS = ".!?:"  # behind the caller's words our own begin
LONGEST_WHO = 50  # characters of who and where: the words that tell what has happened need the room


def alarm_text(
    lead: Lead, peer: str, words: str, *, code: int | None = None, more: bool = False, again: bool = False
) -> str:
    """What our people read: the kind, the number to call, who and where as far as known, the caller's own words, and how to
    say that one has it: the code.

    `more`: something that the caller has added to an emergency they know of. `again`: they have been told before.
    """
    kind = "MORE" if more else "DANGER" if lead.danger else "EMERGENCY"
    if code is not None:
        kind = f"{'AGAIN, ' if again else ''}{kind} {code}"
    known = [part for part in (lead.facts.name, *_parts_of_place(lead.facts)) if part]
    who = ", ".join(part for part in known if not (more and _stands_in(words, part)))
    other = to_call(lead.facts)
    number = f"call {other}, from {spoken(peer)}" if other else spoken(peer)
    room = max(0, LONGEST_WHO - (len(number) - len(spoken(peer))) // 2)
    head = f"{kind}: {number}{' ' + who[:room] if who else ''}: "
    return _in_one_segment(head, words, "" if code is None or more else _how_to_take(code))


def flagged_text(peer: str, words: str, *, code: int, again: bool = False) -> str:
    """The same for an emergency that the caller has flagged and nobody has read."""
    return _in_one_segment(
        f"{'AGAIN, ' if again else ''}URGENT {code} from {spoken(peer)}: ", words, _how_to_take(code)
    )


def drill_text(words: str, *, code: int, again: bool = False) -> str:
    """A test, which nobody takes for an emergency."""
    return _in_one_segment(
        f"{'AGAIN, ' if again else ''}DRILL {code}, no emergency: ", words, f" Reply {code} as in an emergency."
    )


def drill_taken_text(code: int, name: str) -> str:
    """To everybody else who was told of a test."""
    return _in_one_segment(f"DRILL {code} is over: {name} has confirmed it.", "")


def drill_exhausted_text(code: int) -> str:
    """To everybody who was told of a test that nobody confirmed."""
    return _in_one_segment(
        f"DRILL {code} is over: NOBODY has confirmed it. In an emergency nobody would have come.", ""
    )


def taken_text(code: int, name: str, peer: str) -> str:
    """To everybody else who was told: somebody has it."""
    return _in_one_segment(f"{code}: {name} has it. Nothing for you to do. Customer {spoken(peer)}.", "")


def exhausted_text(code: int, peer: str, words: str) -> str:
    """To everybody who was told: nobody has it."""
    return _in_one_segment(f"NOBODY HAS {code} YET: {spoken(peer)}: ", words, _how_to_take(code))


def _how_to_take(code: int) -> str:
    return f" Reply {code} if you have it."


def _stands_in(words: str, part: str) -> bool:
    return re.search(rf"\b{re.escape(part)}\b", words, re.IGNORECASE) is not None


def _in_one_segment(head: str, words: str, tail: str = "") -> str:
    told = transliterate(head + " ".join(words[:LONGEST_WORDS].split())).rstrip()
    if tail and told[-1] not in _ENDS:
        told += "."
    while segment_count(told + tail) > 1:
        told = told[: len(told) - 5].rstrip() + "..."
    return told + tail


def place_of(facts: Facts) -> str:
    """Where the job is, as far as it is known, in one line."""
    return ", ".join(_parts_of_place(facts))


def _parts_of_place(facts: Facts) -> list[str]:
    city = f"{facts.city}, {facts.state}" if facts.city and facts.state else facts.city or facts.place
    return [part for part in (facts.street_address, " ".join(p for p in (city, facts.zip) if p)) if part]
