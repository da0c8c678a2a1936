"""Which safety text fits the danger that a caller describes."""

from __future__ import annotations

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
        "gas": "gas",
        "co": "co",
        "fire": "fire",
        "wire down": "wire",
        "wet electrics": "electric",
        "sparks": "electric",
        "shock": "electric",
        "trapped": "person",
        "medical": "person",
        "ill": "person",
        "threat": "threat",
        "fumes": "fumes",
        "giving way": "structure",
    }
)


def hazard(body: str) -> str:
    """The hazard of a text in which people may be in danger: a name with a text `safety_<name>`."""
    found = {
        one.situation.name
        for one in situations(fold(legible(body)))
        if one.situation.weight is Weight.LIFE and one.standing is Standing.NOW
    }
    return next((text for name, text in SAFETY_TEXT_OF.items() if name in found), UNNAMED)
