"""What a text adds to what is known, read against the question that was asked."""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.core.conversation.lead import Fact, Facts
from gateway.core.understanding.folded import fold
from gateway.core.understanding.reader import Reading
from gateway.core.understanding.roles import joined
from gateway.core.understanding.when import wishes

ISSUE_LENGTH = 300  # characters of the caller's words that a lead keeps; the thread has them all
OWN_LENGTH = 120  # characters of an answer to an own question
_USUAL = frozenset(Fact)
_LONGEST_NAME = 4  # words
_LONGEST_PLACE = 6
_LONGEST_TIME = 10
_REFUSAL = re.compile(
    r"^(?:no|nope|none|nah|n/?a|idk|dunno|don'?t know|not sure|why|what|huh|nada|no se|por que)\b[ .!?]*$"
)
_BEFORE_NAME = re.compile(
    r"^(?:hi|hey|hello|hola|yes|yeah|sure|si|ok|okay|it'?s|its"
    r"|this is|i'?m|im|i am|my name is|name is|name'?s|the name is|mi nombre es|me llamo|soy|es)[ ,:!.]+"
)
_BARE_HOUR = re.compile(
    r"^(?:at |around |about |a las? |como a las? )?(1[0-2]|[1-9])(?::([0-5]\d))?(?: ?(?:ish|or so|mas o menos))?[ .!]*$"
)


def merged(facts: Facts, reading: Reading, body: str, question: str | None) -> Facts:
    """The facts with those of a new text. What a text says now replaces what was said before; silence replaces nothing."""
    new = replace(
        facts,
        service=_service(facts, reading, question),
        zip=reading.zip or facts.zip,
        city=reading.city or facts.city,
        state=reading.state or (None if reading.city else facts.state),
        street_address=reading.street_address or facts.street_address,
        name=reading.name or facts.name,
        timeline=reading.timeline or facts.timeline,
        callback_time=reading.callback_time or facts.callback_time,
    )
    if reading.zip and not reading.city and facts.zip not in (None, reading.zip):
        new = replace(new, city=None, state=None)  # another ZIP code than before: the old city no longer goes with it
    if reading.city and not reading.zip and facts.city not in (None, reading.city):
        new = replace(new, zip=None)
    if question is not None:
        new = _answered(facts, new, body, question, reading.intent)
    return new


def _service(facts: Facts, reading: Reading, question: str | None) -> str | None:
    """The line of the menu. Once it is known, an answer to something else does not change it; a text about work does."""
    if facts.service is None or question == Fact.SERVICE:
        return reading.service or facts.service
    if question is not None or reading.intent not in ("new_service", "booking_request", "price_question"):
        return facts.service
    return reading.service or facts.service


def _answered(before: Facts, now: Facts, body: str, question: str, intent: str) -> Facts:
    """Take a short text as the answer to the question where the reading found none in it.

    A question of the business's own takes any words that ask nothing back: "no" may be the answer.
    """
    words = " ".join(body.split())
    if question not in _USUAL:
        own = tuple(pair for pair in now.own if pair[0] != question)
        return replace(now, own=(*own, (question, words[:OWN_LENGTH]))) if words and "?" not in words else now
    plain = fold(words).plain
    if not words or _REFUSAL.match(plain):
        return now
    count = len(words.split())
    match question:
        case Fact.NAME if now.name == before.name and count <= _LONGEST_NAME + 3:
            name = words[len(words) - len(_BEFORE_NAME.sub("", plain)) :].strip(" .,!")
            if name and len(name.split()) <= _LONGEST_NAME and re.fullmatch(r"[^\W\d_][^\d_?@]*", name):
                return replace(now, name=name)
        case Fact.PLACE if not now.has_place and count <= _LONGEST_PLACE and "?" not in words:
            return replace(now, place=words.strip(" .,!"))
        case Fact.ADDRESS if (
            now.street_address is None and re.match(r"\d{1,5}\b.*[a-z]{3}", plain) and count <= _LONGEST_PLACE
        ):
            return replace(now, street_address=words.strip(" .,!"))
        case Fact.TIME if now.timeline == before.timeline:
            if hour := _BARE_HOUR.match(plain):
                return replace(now, timeline=f"at {hour[1]}" + (f":{hour[2]}" if hour[2] else ""))
            found = wishes(fold(words))
            if found:
                return replace(
                    now, timeline=joined([wish.worded() for wish in found]), callback_time=before.callback_time
                )
            if count <= _LONGEST_TIME and "?" not in words:
                return replace(now, timeline=words.strip(" .,!"))
        case Fact.SERVICE if now.service is None and now.issue is None and intent != "unclear":
            return replace(now, issue=words[:ISSUE_LENGTH])
        case _:
            pass
    return now
