"""The alert to the owner: one segment, readable on a lock screen."""

from __future__ import annotations

from gateway.core.alphabet import segment_count, transliterate
from gateway.core.conversation.lead import Facts, Lead
from gateway.core.conversation.other_number import to_call
from gateway.core.numbers import spoken

LONGEST_WORDS = 320  # characters looked at: twice what one segment holds
LONGEST_WHO = 50  # characters of who and where: the words that tell what has happened need the room


def alarm_text(lead: Lead, peer: str, words: str, *, more: bool = False) -> str:
    """What the owner reads: the kind, the number to call, who and where as far as known, and the caller's own words.

    `more`: something that the caller has added to an emergency the owner knows of.
    """
    kind = "MORE" if more else "DANGER" if lead.danger else "EMERGENCY"
    who = ", ".join(part for part in (lead.facts.name, place_of(lead.facts)) if part)
    other = to_call(lead.facts)
    number = f"call {other}, from {spoken(peer)}" if other else spoken(peer)
    room = max(0, LONGEST_WHO - (len(number) - len(spoken(peer))) // 2)
    head = f"{kind}: {number}{' ' + who[:room] if who else ''}: "
    return _in_one_segment(head, words)


def flagged_text(peer: str, words: str) -> str:
    """The same for an emergency that the caller has flagged and nobody has read."""
    return _in_one_segment(f"URGENT from {spoken(peer)}: ", words)


def _in_one_segment(head: str, words: str) -> str:
    text = transliterate(head + " ".join(words[:LONGEST_WORDS].split()))
    while segment_count(text) > 1:
        text = text[: len(text) - 5].rstrip() + "..."
    return text


def place_of(facts: Facts) -> str:
    """Where the job is, as far as it is known, in one line."""
    city = f"{facts.city}, {facts.state}" if facts.city and facts.state else facts.city or facts.place
    return ", ".join(part for part in (facts.street_address, " ".join(p for p in (city, facts.zip) if p)) if part)
