"""How cold or hot it is in the house, as a text says it, and from where on that is an emergency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gateway.core.understanding.folded import Folded


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Degrees Fahrenheit indoors: without heat at `cold_f` or less it is an emergency, without cooling at `hot_f` or more.

    `hot_f` None: heat alone is none, without babies, old or ill people.
    """

    cold_f: int = 55  # gateway/training/labelling.md
    hot_f: int | None = None


_DEGREES: Final = re.compile(
    r"(?<![\d.$#-])(?P<unit>\d{2,3})(?= ?(?:degrees?|deg|°|f\b|º|grados))"
    r"|(?:^|[,.;:!-] ?|\b(?:and|but|like|maybe) )(?P<alone>\d{2,3})(?= (?:inside|indoors|in (?:here|the (?:house|home|apartment))|adentro)\b)"
    r"|\b(?:it'?s|is|at|down to|up to|reads?|reading|says?|only|already|hit|now|about|below|above|around|like|dropped to|fell to"
    r"|showing|inside is|in here is|thermostat) (?P<bare>\d{2,3})(?= (?:in|inside|and|now|here|right|already|adentro)\b|[.,!]|$)"
    r"(?![.,]\d|,? (?:\d|am\b|pm\b)|and \w+ (?:years|yrs|months|weeks))"
)
_NOT_NOW: Final = re.compile(
    r"(?:set (?:it )?(?:to|at|on|for)|supposed to be|should be|usually|normally|was|from|want|like it)(?: \w+)? $"
    r"|\b(?:(?:sun|mon|tues|wednes|thurs|fri|satur)day|today|tomorrow|tonight|service|mass|church|meeting|party|opens?|closes?|starts?) at $"
    r"|(?:mom|mother|dad|father|parents?|wife|husband|grand\w+|aunt|uncle|neighbor|tenant|lady|man|she|he|who)(?: is|'?s) $"  # old
)
_OUTSIDE: Final = re.compile(
    r"\w* ?(?:degrees?|deg|°|f\b|º|grados)?,? ?(?:out(?:side|doors|there)?\b|afuera|tonight|esta noche)"
)
_LOW, _HIGH = 10, 125  # what a thermometer in a house shows


def indoors(text: Folded) -> tuple[int, ...]:
    """The degrees that it has indoors now, in the order in which a text says them."""
    found: list[int] = []
    for match in _DEGREES.finditer(text.plain):
        number = next(name for name in ("unit", "alone", "bare") if match[name])
        before, after = (
            text.plain[max(0, match.start(number) - 30) : match.start(number)],
            text.plain[match.end(number) :],
        )
        degrees = int(match[number])
        if _LOW <= degrees <= _HIGH and not _NOT_NOW.search(before) and not _OUTSIDE.match(after):
            found.append(degrees)
    return tuple(found)
