"""The alert to our people: one segment, readable on a lock screen, English and Spanish.

Spanish is spelt without the accents that are not in the GSM 7-bit alphabet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway.core.alphabet import is_gsm7, segment_count, transliterate
from gateway.core.conversation.lead import Facts, Lead
from gateway.core.conversation.other_number import to_call
from gateway.core.numbers import spoken

LONGEST_WORDS = 320  # characters looked at: twice what one segment holds
_ENDS = ".!?:"  # behind the caller's words our own begin
SHOWN_WORDS = 90  # of these at least are in one segment behind kind, code and number
LONGEST_WHO = 50  # characters of who and where: the words that tell what has happened need the room

_S: Final[Mapping[str, tuple[str, str]]] = {
    "emergency": ("EMERGENCY", "EMERGENCIA"),
    "danger": ("DANGER", "PELIGRO"),
    "more": ("MORE", "AÑADE"),
    "again": ("AGAIN, ", "OTRA VEZ, "),
    "call": ("call {other}, from {peer}", "llame al {other}, de {peer}"),
    "flagged": ("URGENT {code} from {peer}: ", "URGENTE {code} de {peer}: "),
    "take": (" Reply {code} if you have it.", " Responda {code} si lo toma."),
    "taken": (
        "{code}: {name} has it. Nothing for you to do. Customer {peer}.",
        "{code}: lo tiene {name}. Usted no tiene que hacer nada. Cliente {peer}.",
    ),
    "nobody": ("NOBODY HAS {code} YET: {peer}: ", "NADIE TIENE {code} TODAVIA: {peer}: "),
    "drill": ("DRILL {code}, no emergency: a test by ", "SIMULACRO {code}, no es emergencia: prueba de "),
    "drill_take": (" Reply {code} as in an emergency.", " Responda {code} como en una emergencia."),
    "drill_taken": (
        "DRILL {code} is over: {name} has confirmed it.",
        "SIMULACRO {code} terminado: confirmado por {name}.",
    ),
    "drill_nobody": (
        "DRILL {code} is over: NOBODY has confirmed it. In an emergency nobody would have come.",
        "SIMULACRO {code} terminado: NADIE lo ha confirmado. En una emergencia no habria venido nadie.",
    ),
}


def alarm_text(
    lead: Lead,
    peer: str,
    words: str,
    *,
    code: int | None = None,
    more: bool = False,
    again: bool = False,
    spanish: bool = False,
) -> str:
    """What our people read: the kind, the number to call, who and where as far as known, the caller's own words, and how to
    say that one has it: the code.

    `more`: something that the caller has added to an emergency they know of. `again`: they have been told before.
    """
    kind = _say("more" if more else "danger" if lead.danger else "emergency", spanish)
    if code is not None:
        kind = f"{_again(again, spanish)}{kind} {code}"
    known = [part for part in (lead.facts.name, *_parts_of_place(lead.facts)) if part]
    beginning = " ".join(words.split())[:SHOWN_WORDS] if more else ""
    who = ", ".join(part for part in known if not _stands_in(beginning, part))
    other = to_call(lead.facts)
    number = _say("call", spanish, other=other, peer=spoken(peer)) if other else spoken(peer)
    room = max(0, LONGEST_WHO - (len(number) - len(spoken(peer))) // 2)
    head = f"{kind}: {number}{' ' + who[:room] if who else ''}: "
    return _in_one_segment(head, words, "" if code is None or more else _say("take", spanish, code=code))


def flagged_text(peer: str, words: str, *, code: int, again: bool = False, spanish: bool = False) -> str:
    """The same for an emergency that the caller has flagged and nobody has read."""
    head = _again(again, spanish) + _say("flagged", spanish, code=code, peer=spoken(peer))
    return _in_one_segment(head, words, _say("take", spanish, code=code))


def drill_text(by: str, *, code: int, again: bool = False, spanish: bool = False) -> str:
    """A test that `by` wanted, which nobody takes for an emergency."""
    head = _again(again, spanish) + _say("drill", spanish, code=code)
    return _in_one_segment(head, by, _say("drill_take", spanish, code=code))


def drill_taken_text(code: int, name: str, *, spanish: bool = False) -> str:
    """To everybody else who was told of a test."""
    return _in_one_segment(_say("drill_taken", spanish, code=code, name=name), "")


def drill_exhausted_text(code: int, *, spanish: bool = False) -> str:
    """To everybody who was told of a test that nobody confirmed."""
    return _in_one_segment(_say("drill_nobody", spanish, code=code), "")


def taken_text(code: int, name: str, peer: str, *, spanish: bool = False) -> str:
    """To everybody else who was told: somebody has it."""
    return _in_one_segment(_say("taken", spanish, code=code, peer=spoken(peer), name=name), "")


def exhausted_text(code: int, peer: str, words: str, *, spanish: bool = False) -> str:
    """To everybody who was told: nobody has it."""
    head = _say("nobody", spanish, code=code, peer=spoken(peer))
    return _in_one_segment(head, words, _say("take", spanish, code=code))


def _say(name: str, spanish: bool, /, **facts: object) -> str:
    return _S[name][int(spanish)].format(**facts)


def _again(again: bool, spanish: bool) -> str:
    return _say("again", spanish) if again else ""


def _stands_in(words: str, part: str) -> bool:
    return re.search(rf"\b{re.escape(part)}\b", words, re.IGNORECASE) is not None


def _in_one_segment(head: str, words: str, tail: str = "") -> str:
    told = _ended(head + words[:LONGEST_WORDS], tail)
    if (
        segment_count(told + tail) > 1
    ):  # one sign outside the GSM alphabet leaves 70 characters: it goes, not the number
        told = _ended("".join(char for char in told if is_gsm7(char)), tail)
    while segment_count(told + tail) > 1:
        told = told[: len(told) - 5].rstrip() + "..."
    return told + tail


def _ended(text: str, tail: str) -> str:
    """A text on one line that ends before the tail begins."""
    told = transliterate(" ".join(text.split()))
    return f"{told}." if tail and told[-1] not in _ENDS else told


def place_of(facts: Facts) -> str:
    """Where the job is, as far as it is known, in one line."""
    return ", ".join(_parts_of_place(facts))


def _parts_of_place(facts: Facts) -> list[str]:
    city = f"{facts.city}, {facts.state}" if facts.city and facts.state else facts.city or facts.place
    return [part for part in (facts.street_address, " ".join(p for p in (city, facts.zip) if p)) if part]
