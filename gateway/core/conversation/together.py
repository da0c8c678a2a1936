"""Several texts of one matter read as one: what people send piece by piece means more together.

"no heat, 58 in here" is no emergency, "now its 54" is none either; the two of them are, also when the box has asked
something between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gateway.core.conversation.lead import Facts, Urgency
from gateway.core.conversation.pieces import only_facts
from gateway.core.understanding.degrees import indoors
from gateway.core.understanding.folded import fold
from gateway.core.understanding.reader import Reading

_BARE_DEGREES = re.compile(
    r"\W*(?:(?:its|it'?s|now|house|inside|at|is|like|about|in|here|esta|a|adentro|casa|ya)\W+)+\d{2,3}\W*(?:\w+\W*)?"
)
_LONE_NUMBER = re.compile(
    r"\W*(?:(?:its|now|at|down to|like|about|ya|a)\W+)*([3-9]\d)\W*(?:(?:now|rn|degrees?|deg|f|inside|ahora|grados)\W*)?"
)
MOST = 6  # texts, the last ones
LONG = 1200  # characters; nobody who writes more says it piece by piece


def as_one(texts: Sequence[str], read: Callable[[str], Reading]) -> Reading:
    """The texts read as one. Most people leave out the stop at the end of a text, and it may change what is read: they are read
    with and without it, and the graver reading counts."""
    texts = [_with_degrees(text) for text in texts]
    without = read("\n".join(texts))
    if sum(map(len, texts)) > LONG:
        return without
    stopped = read(". ".join(text.rstrip(" .,\n") for text in texts))
    return max(without, stopped, key=gravity)


def is_lone_number(text: str) -> bool:
    """Whether a text is two digits and nothing else, or next to it: the degrees in the house, where that is what is spoken of."""
    return _LONE_NUMBER.fullmatch(fold(text).plain) is not None


def _with_degrees(text: str) -> str:
    found = _LONE_NUMBER.fullmatch(fold(text).plain)
    return f"it is {found[1]} in here" if found else text


def gravity(reading: Reading) -> int:
    """0: no emergency, 1: one, 2: a danger to people."""
    return 2 if reading.life_safety else int(reading.urgency == Urgency.EMERGENCY)


def story(texts: Sequence[str], facts: Facts) -> list[str]:
    """The last texts without those that only say who, where and when, and each once; the newest stays, whatever it says."""
    told = [text for text in texts[:-1] if not adds_nothing(text, facts)]
    kept = list(dict.fromkeys([*told, *texts[-1:]]))[-MOST:]
    while len(kept) > 1 and sum(map(len, kept)) > LONG:
        del kept[0]
    return kept


def adds_nothing(body: str, facts: Facts) -> bool:
    """Whether a text only says who, where and when."""
    known = (facts.zip, facts.city, facts.street_address, facts.name)
    text = fold(body)
    return (
        not is_lone_number(body)
        and not indoors(text)
        and not _BARE_DEGREES.fullmatch(text.plain)
        and only_facts(text, known, asked=False)
    )


def newest_first(texts: Sequence[str]) -> str:
    """The texts for a telephone that may not show them all."""
    return " / ".join(reversed(texts))
