"""What a text adds to what is known, read against what was asked."""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.core.conversation.corrections import (
    corrected_number,
    refined,
    rehoused,
    respelt,
    time_meant,
    turned,
    without_given_up,
)
from gateway.core.conversation.lead import Fact, Facts
from gateway.core.conversation.moves import JOBS
from gateway.core.conversation.pieces import (
    Piece,
    clauses,
    introduces,
    left_over,
    lies_ahead,
    lone_state,
    name_in,
    says_nothing,
    time_in,
)
from gateway.core.conversation.plausible import may_be_place, may_be_time, refuses
from gateway.core.conversation.together import gravity
from gateway.core.understanding.folded import Folded, fold
from gateway.core.understanding.reader import Reading
from gateway.core.understanding.roles import joined
from gateway.core.understanding.when import wishes

ISSUE_LENGTH = 300  # characters of the caller's words that a lead keeps; the thread has them all
FACT_LENGTH = 60  # characters of a place, a name or a time; the longest names of towns have half of that
OWN_LENGTH = 120  # characters of an answer to an own question
_USUAL = frozenset(Fact)
_LONGEST_PLACE = 6  # words
_LONGEST_TIME = 10
_A_THING = 2  # words; so many that name a line of the menu name no place
_A_ROW = 15  # words; a longer text tells a story, and not every name in it is the caller's
_TELLS_WHEN = JOBS | {"yes", "unclear", "thanks_ack", "existing_customer"}
_GREETS = re.compile(r"(?:very )?good |(?:muy )?buen[oa]s|(?:morning|evening|afternoon)$")
_A_SENTENCE = 5  # words; less tells of no other job
_NAME_TWICE = re.compile(r"^(?:(?:my |the )?names?(?: is|['’]s)?|(?:mi )?nombre(?: es)?)[ :]+(?=\S)", re.IGNORECASE)
_PLACED_WORDS = re.compile(r"[a-z]+[^a-z]+[a-z]+[^a-z]+[a-z]")  # more than a town between a place and what follows
_BEFORE_A_ZIP = re.compile(r"[ ,]*\d{5}\b")
_PLACE_BEGINS = re.compile(
    r"^(?:(?:i ?am|i'?m|we(?:'?re| are)|it(?:'?s| is)|(?:the )?(?:house|place|home) is|i live|estoy|estamos|vivo|es)\s+)?"
    r"(?:in |en )(?:the )?",
    re.IGNORECASE,
)
_PLACE_ENDS = re.compile(r"[ ,]+(?:area|please|pls|thanks?|gracias|por favor)[ .!]*$", re.IGNORECASE)
_LONE_ZIP = re.compile(
    r"(?<![\d$#-])\d{5}(?!\d)(?!,? (?:[nsew]\.? )?[a-z]+ (?:st|ave|rd|dr|ln|blvd|ct|pl|way|street|avenue|road|drive|lane)\b)"
)
_BARE_HOUR = re.compile(
    r"^(?:at |around |about |a las? |como a las? )?(1[0-2]|[1-9])(?::([0-5]\d))?(?: ?(?:ish|or so|mas o menos))?[ .!]*$"
)


def merged(
    facts: Facts, reading: Reading, body: str, question: str | None, asked: tuple[str, ...] = (), *, times: bool = True
) -> Facts:
    """The facts with those of a new text. What a text says now replaces what was said before; silence replaces nothing.

    `question` is the one that waits for an answer, `asked` are all that were put: what was left out then may come later.
    With `times` False nothing said of times counts: the text asks about what is known.
    """
    new = replace(
        facts,
        service=_service(facts, reading, body, question),
        zip=corrected_number(reading.zip or facts.zip, body),
        city=reading.city or facts.city,
        state=reading.state or (None if reading.city else facts.state),
        street_address=corrected_number(
            rehoused(facts.street_address, reading.street_address) or facts.street_address, body
        ),
        name=respelt(facts.name, _named(reading.name, body)) if reading.name else facts.name,
    )
    if times:
        new = replace(
            new,
            timeline=_timeline(facts, reading, body, question),
            callback_time=reading.callback_time or facts.callback_time,
        )
    if new.zip is None and Fact.PLACE in (question, *asked) and len(codes := _LONE_ZIP.findall(fold(body).plain)) == 1:
        new = replace(new, zip=codes[0])
    if reading.zip and not reading.city and facts.zip not in (None, reading.zip):
        new = replace(new, city=None, state=None)  # another ZIP code than before: the old city no longer goes with it
    if reading.city and not reading.zip and facts.city not in (None, reading.city):
        new = replace(new, zip=None)
    if new.state is None and (state := lone_state(body)) is not None and new.has_place:
        new = replace(new, state=state)
    new = _with_the_rest(facts, new, reading, fold(" ".join(body.split(" "))), question, asked, times=times)
    if question is not None:
        new = _answered(facts, new, body, question, reading)
    return replace(
        new,
        city=_brief(new.city),
        place=_brief(new.place),
        street_address=_brief(new.street_address),
        name=_brief(new.name),
        timeline=_brief(new.timeline),
        callback_time=_brief(new.callback_time),
    )


def _named(name: str, body: str) -> str:
    """The name that a reading found, without "name" before it and with the initials that stand there: "T.J. Meyers"."""
    name = _NAME_TWICE.sub("", name)
    initials = re.search(rf"(?<!\w)((?:[A-Z]\. ?){{1,3}}){re.escape(name)}\b", body)
    return f"{initials[1].strip()} {name}" if initials else name


def _timeline(facts: Facts, reading: Reading, body: str, question: str | None) -> str | None:
    """When the work is wanted: what a text puts right counts for more than what it names besides."""
    known = facts.timeline is not None or question == Fact.TIME
    said = (time_meant(body) if known else None) or turned(without_given_up(reading.timeline, body), body)
    return refined(facts.timeline, said) if said else facts.timeline


def _with_the_rest(
    before: Facts,
    now: Facts,
    reading: Reading,
    text: Folded,
    question: str | None,
    asked: tuple[str, ...],
    *,
    times: bool,
) -> Facts:
    """The facts with a name and a time that stand in the text by themselves and that the reading has left over.

    Both need a reason to be looked for: they were asked for, or they stand in a row with other facts.
    """
    if now.name is None:
        now = replace(now, name=_name_left(reading, text, now, question, asked))
    untold = before.timeline is None and now.timeline is None and reading.callback_time is None
    if times and untold and reading.intent in _TELLS_WHEN:
        now = replace(now, timeline=_time_left(text, asked=question is not None or Fact.TIME in asked))
    return now


def _name_left(reading: Reading, text: Folded, now: Facts, question: str | None, asked: tuple[str, ...]) -> str | None:
    rest = left_over(text, (reading.city, reading.street_address, reading.timeline))
    places = [place for place in (reading.city, reading.zip, now.zip) if place]
    where = max((text.plain.find(fold(place).plain) for place in places), default=-1)
    placed = where >= 0 or reading.city is not None  # a nickname of a town does not stand there as its name
    about_work = reading.service is not None and reading.intent in JOBS
    looked_for = Fact.NAME in (question, *asked) or placed
    for piece in rest:
        small = question == Fact.NAME and len(rest) <= 2 and not about_work and not gravity(reading)
        name = name_in(piece, asked=small, placed=placed)
        if name is None or (not name.sure and _BEFORE_A_ZIP.match(text.plain, piece.end)):
            continue
        if not name.sure and reading.city is not None and where < 0 and piece is rest[0]:
            continue  # the nickname itself
        if question is None and not asked:  # an unasked name: only one that can hardly be anything else
            in_a_row = where >= 0 or reading.street_address is not None
            behind = 0 <= where < piece.start and not _PLACED_WORDS.search(text.plain[where : piece.start])
            if (name.common and name.introduced) or (
                in_a_row and (name.common or behind) and len(text.plain.split()) <= _A_ROW
            ):
                return name.words
        elif name.sure or (
            looked_for and ((now.has_place or question != Fact.PLACE) and not _a_quarter(text, piece, where))
        ):
            return name.words
    return None


def _a_quarter(text: Folded, piece: Piece, where: int) -> bool:
    """Whether a piece stands before a town, as its quarter would: "Zona Rosa, Kansas City"."""
    return piece.end <= where and not text.plain[piece.end : where].strip(" ,")


def _time_left(text: Folded, *, asked: bool) -> str | None:
    for piece in clauses(text):
        time = time_in(piece)
        if time is not None and (asked or lies_ahead(time)) and not _GREETS.match(fold(piece.words).plain):
            return time
    return None


def _brief(words: str | None) -> str | None:
    """The words without what cannot be seen, and no longer than anybody would say them."""
    if words is None:
        return None
    seen = "".join(char for char in words if char.isprintable())
    return seen[:FACT_LENGTH].strip() or None


def _service(facts: Facts, reading: Reading, body: str, question: str | None) -> str | None:
    """The line of the menu. Once it is known only a text about work changes it, not one that answers something else."""
    if facts.service is None or question == Fact.SERVICE:
        return reading.service or facts.service
    details = (reading.zip, reading.city, reading.street_address, reading.name, reading.timeline, reading.callback_time)
    words = len(body.split())
    about_work = reading.intent in JOBS
    if not about_work or words < _A_SENTENCE or (any(details) and words < 2 * _A_SENTENCE):
        return facts.service
    return reading.service or facts.service


def _is_place(words: str) -> bool:
    plain = fold(words).plain
    empty = says_nothing(plain) or introduces(plain)
    return len(plain.split()) <= _LONGEST_PLACE and not empty and may_be_place(plain)


def _bare_place(words: str) -> str:
    """ "im in the Shawnee area" without what stands around the place."""
    return _PLACE_ENDS.sub("", _PLACE_BEGINS.sub("", words)).strip(" .,!") or words.strip(" .,!")


def _answered(before: Facts, now: Facts, body: str, question: str, reading: Reading) -> Facts:
    """Take a short text as the answer to the question where the reading found none in it.

    A question of the business's own takes any words that ask nothing back: "no" may be the answer. Who tells of an emergency
    answers nothing else: "cant find the shutoff" is no place.
    """
    words = " ".join(body.split())
    if question not in _USUAL:
        own = tuple(pair for pair in now.own if pair[0] != question)
        return replace(now, own=(*own, (question, words[:OWN_LENGTH]))) if words and "?" not in words else now
    plain = fold(words).plain
    if not words or refuses(plain) or (gravity(reading) and question != Fact.ADDRESS):
        return now
    count = len(words.split())
    match question:
        case Fact.PLACE if not now.has_place and "?" not in words and not (reading.service and count <= _A_THING):
            pieces = [words] if now == before else [piece.words for piece in left_over(fold(words), (now.name,))]
            return replace(now, place=next(map(_bare_place, filter(_is_place, pieces)), None))
        case Fact.ADDRESS if (
            now.street_address is None
            and re.match(r"\d{1,5}\b.*[a-z]{3}", plain)
            and count <= _LONGEST_PLACE
            and (now.zip is None or not plain.startswith(now.zip))
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
            if now == before and count <= _LONGEST_TIME and "?" not in words and may_be_time(plain):
                return replace(now, timeline=words.strip(" .,!"))
        case Fact.SERVICE if now.service is None and now.issue is None and reading.intent != "unclear":
            return replace(now, issue=words[:ISSUE_LENGTH])
        case _:
            pass
    return now
