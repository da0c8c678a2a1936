"""Which safety text fits the danger that a caller describes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gateway.core.understanding.circumstances import Standing
from gateway.core.understanding.folded import fold
from gateway.core.understanding.long_texts import legible
from gateway.core.understanding.situations import Weight, situations

UNNAMED: Final = "danger"  # people may be in danger, and the words do not tell from what

# Situation -> safety text, the most pressing first: of several the first one is said.
SAFETY_TEXT_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "plain gas": "gas",
        "gas": "gas",
        "plain carbon monoxide": "co",
        "co": "co",
        "plain fire": "fire",
        "fire": "fire",
        "plain wire": "wire",
        "wire down": "wire",
        "wet electrics": "electric",
        "plain sparks": "electric",
        "sparks": "electric",
        "shock": "electric",
        "plain trapped": "person",
        "trapped": "person",
        "medical": "person",
        "ill": "person",
        "plain intruder": "threat",
        "threat": "threat",
        "fumes": "fumes",
        "plain giving way": "structure",
        "giving way": "structure",
    }
)


# Words that tell from what, in a text that is known to tell of a danger: they need not be as plain as those of a situation.
_CUES: Final = (
    ("co", re.compile(r"\b(?:co|monox\w*|carbon|headaches?|dizz\w*|nause\w*|mare\w*|dolor(?:es)? de cabeza)\b")),
    ("gas", re.compile(r"\b(?:gas|propane?o?|eggs?|eggy|sulph?ur\w*|hiss\w*|huevos?|silb\w*)\b")),
    (
        "fire",
        re.compile(r"\b(?:fire|flames?|smok\w*|burn\w*|scorch\w*|char+ed|humo|fuego|lumbre|quem\w*|chamusc\w*)\b"),
    ),
    (
        "electric",
        re.compile(
            r"\b(?:outlets?|sockets?|plugs?|panel|breakers?|fuses?|wir(?:es?|ing)|switch(?:es)?|cords?|shock\w*|zap\w*|spark\w*"
            r"|enchufes?|contactos?|tomacorrientes?|apagador(?:es)?|cables?|chisp\w*|toques)\b"
        ),
    ),
)


def hazard(body: str, before: str = "") -> str:
    """The hazard of a text in which people may be in danger: a name with a text `safety_<name>`.

    Where it does not name one, `before`, what was written of the matter until then, may.
    """
    for words in (body, f"{before}\n{body}" if before else ""):
        if words and (found := _named(words)) is not None:
            return found
    return UNNAMED


def _named(body: str) -> str | None:
    text = fold(legible(body))
    found = {
        one.situation.name
        for one in situations(text)
        if one.situation.weight in (Weight.PLAIN, Weight.LIFE) and one.standing is Standing.NOW
    }
    said = next((name for situation, name in SAFETY_TEXT_OF.items() if situation in found), None)
    return said or next((name for name, cue in _CUES if cue.search(text.plain)), None)
