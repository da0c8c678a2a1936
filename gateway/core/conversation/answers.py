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
FACT_LENGTH = 60  # characters of a place, a name or a time; the longest names of towns have half of that
OWN_LENGTH = 120  # characters of an answer to an own question
_USUAL = frozenset(Fact)
_LONGEST_NAME = 4  # words
_LONGEST_PLACE = 6
_LONGEST_TIME = 10
_A_SENTENCE = 5  # words; less tells of no other job
_REFUSAL = re.compile(
    r"^(?:no|nope|none|nah|n/?a|idk|dunno|don'?t know|not sure|why|what|huh|nada|no se|por que)\b[ .!?]*$"
)
_BEFORE_NAME = re.compile(
    r"^(?:(?:hi|hey|hello|hola|yes|yeah|sure|si|sí|ok|okay|oh|sorry|thanks|gracias|please|(?:it|that|this)(?:['’]?s| is)"
    r"|i['’]?m|i am|(?:my |the |first )?names?(?: is|['’]s)?|put (?:it )?(?:under|down as)|under|for|call me|(?:mi |el )?nombre es"
    r"|a nombre de|me llamo|soy|es|sra?|mrs?|ms)\b[ ,:!.]*)+",
    re.IGNORECASE,
)
# Where a name ends: a sign, or the first word of a time or place.
_AFTER_NAME = re.compile(
    r"[,.;:!?(\n/]| - |\b(?:and|y|in|at|on|en|el|the|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thurs?|fri|sat|sun"
    r"|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|today|tomorrow|tonight|hoy|ma[nñ]ana|asap|any ?time|morning"
    r"|afternoon|evening|next|this)\b|\d",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:thanks?|thx|ty|gracias|please|yes|no|ok(?:ay)?|sure|hello|again|what|why|who|how|need|want|call|stop|text|you|your|me"
    r"|is|are|was|not|dont|can|will you|help|asap|whatever|never)\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(r"\b(\d{1,6})\b[ ,]*(?:,? ?not|no,?|instead of|en vez de|y no) (\d{1,6})\b")
_CORRECTED_BACKWARDS = re.compile(r"\bnot (\d{1,6})\b[ ,.;-]*(?:but |it'?s |its )?(\d{1,6})\b")
_BARE_HOUR = re.compile(
    r"^(?:at |around |about |a las? |como a las? )?(1[0-2]|[1-9])(?::([0-5]\d))?(?: ?(?:ish|or so|mas o menos))?[ .!]*$"
)


def merged(facts: Facts, reading: Reading, body: str, question: str | None) -> Facts:
    """The facts with those of a new text. What a text says now replaces what was said before; silence replaces nothing."""
    new = replace(
        facts,
        service=_service(facts, reading, body, question),
        zip=_corrected(reading.zip or facts.zip, body),
        city=reading.city or facts.city,
        state=reading.state or (None if reading.city else facts.state),
        street_address=_corrected(reading.street_address or facts.street_address, body),
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
    return replace(
        new,
        city=_brief(new.city),
        place=_brief(new.place),
        street_address=_brief(new.street_address),
        name=_brief(new.name),
        timeline=_brief(new.timeline),
        callback_time=_brief(new.callback_time),
    )


def _brief(words: str | None) -> str | None:
    """The words without what cannot be seen, and no longer than anybody would say them."""
    if words is None:
        return None
    seen = "".join(char for char in words if char.isprintable())
    return seen[:FACT_LENGTH].strip() or None


def _bare_name(words: str) -> str | None:
    """The name that a text consists of or begins with; None where it looks like anything else."""
    rest = _BEFORE_NAME.sub("", words)
    end = _AFTER_NAME.search(rest)
    name = (rest[: end.start()] if end else rest).strip(" -'\"")
    plausible = 0 < len(name.split()) <= _LONGEST_NAME and re.fullmatch(r"[^\W\d_][^\d_@]*", name)
    return name if plausible and not _NO_NAME.search(name) else None


def _corrected(value: str | None, body: str) -> str | None:
    """A house number or ZIP code after "1423 not 1432"."""
    for found, (right, wrong) in ((_CORRECTED.search(body), (1, 2)), (_CORRECTED_BACKWARDS.search(body), (2, 1))):
        if value is not None and found is not None and re.search(rf"\b{found[wrong]}\b", value):
            return re.sub(rf"\b{found[wrong]}\b", found[right], value)
    return value


def _service(facts: Facts, reading: Reading, body: str, question: str | None) -> str | None:
    """The line of the menu. Once it is known only a text about work changes it, not one that answers something else."""
    if facts.service is None or question == Fact.SERVICE:
        return reading.service or facts.service
    details = (reading.zip, reading.city, reading.street_address, reading.name, reading.timeline, reading.callback_time)
    words = len(body.split())
    about_work = reading.intent in ("new_service", "booking_request", "price_question")
    if not about_work or words < _A_SENTENCE or (any(details) and words < 2 * _A_SENTENCE):
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
        case Fact.NAME if now.name == before.name:
            return replace(now, name=_bare_name(words) or now.name)
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
