"""What a text tells behind what calms: "I shut the main but it is still coming", "you fixed it in May and it just burst again".

What was shut, fixed or harmless before such a turn says nothing of what comes behind it, which is therefore read by itself.
"""

from __future__ import annotations

import re

from gateway.core.understanding.calming import CALMING, MOST_WORDS
from gateway.core.understanding.folded import Folded

FEWEST_WORDS = 2  # behind a turn; fewer tell nothing by themselves
MOST = 3  # turns of one text
_DONE = (
    r"fixed|repaired|replaced|patched|snaked|cleared|checked|reset|put it out|got out|in may|(?<=\w )(?:fine|okay|ok|safe|bien)"
    r"|(?:it|that|dripp?ed|leaked|flooded) (?:stopped|dripped)|arregl\w+|repar\w+|cambi\w+|cerrad[oa]|vali[od]\b"
)
_BUT = (
    r"\b(?:but|yet|however|except|although|pero|aunque)\b|[.,;] (?:now|today|ahora|hoy|ahorita)\b"
    r"|(?:\b(?:and|y)\b|,) ?(?:(?:now|today|ahora|hoy|ahorita|just|its?|it's)\b|(?=[^.!?\n]*\b(?:again|just|still|now|today|otra vez|sigue|todavia|hoy|ahorita)\b))"
)
_ANY = r"\b(?:today|hoy|ahorita)\b|[.!?;,\n]"
_TURNED = re.compile(rf"(?:{CALMING.pattern})[^\n]*?(?P<any>{_BUT}|{_ANY})|\b(?:{_DONE})\b[^.!?\n]*?(?P<but>{_BUT})")
_LED_IN = re.compile(
    r"^(?:\W|\b(?:but|yet|however|and|pero|y|e|now|ahora|ahorita|today|hoy|then|just|today|right now|aun asi|even so|otra vez)\b)+"
)
_TOLD_OF_THEN = re.compile(r"(?:(?:it|that|which|they|the \w+) )?(?:was|were|had|did)\b")


def behind_turns(text: Folded) -> list[tuple[str, bool]]:
    """What the text tells behind each turn away from something that calms, in order; and whether a "but" or a "now" makes the turn."""
    found: list[tuple[str, bool]] = []
    at = 0
    if len(text.words()) > MOST_WORDS:
        return []
    while len(found) < MOST and (turned := _TURNED.search(text.plain, at)):
        start = turned.start("any" if turned.group("any") else "but")
        rest = _LED_IN.sub("", text.plain[start:]).strip()
        plain = re.match(_BUT, text.plain[start:]) is not None
        if len(rest.split()) >= FEWEST_WORDS and (plain or not _TOLD_OF_THEN.match(rest)):
            found.append((rest, plain))
        at = turned.end()
    return found
