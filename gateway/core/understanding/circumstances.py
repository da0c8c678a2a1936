"""Whether something a text names is so, now: denied, over, imagined or a figure of speech it is not.

The scope of a word is its clause; a clause ends at punctuation and at "but", "so", "and now", "pero".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import StrEnum
from functools import lru_cache

from gateway.core.understanding.folded import Folded


class Standing(StrEnum):
    """How a text speaks of a thing."""

    NOW = "now"
    DENIED = "denied"
    PAST = "past"
    IMAGINED = "imagined"


SCOPE = 160  # characters; a clause that is longer than one segment is dictated without a stop
_BORDER = re.compile(
    r"[.!?;\n]+|,|\bbut\b|\bhowever\b|\bthough\b|\bpero\b|\baunque\b|\bjust\b|\bso\b|\bsolo\b|\bnow\b|\bahora\b|\bbecause\b|\bcuz\b|\bporque\b| - "
)
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not|isn'?t|aint|ain'?t|don'?t|dont|doesn'?t|didn'?t|without|w/o|never|haven'?t|hasn'?t|nothing|none|zero|neither|nor|cant|can'?t|wasn'?t|weren'?t|there'?s no|stopped"
    r"|ni|sin|nunca|tampoco|ningun[ao]?|nada|dejo de|ya no)\b[^.!?;,\n]{0,40}$"
)
_NOT_A_DENIAL = re.compile(
    r"\b(?:not sure|no idea|don'?t know|dont know|not stopping|won'?t stop|wont stop|can'?t stop|cant stop|can'?t (?:get|turn|shut|find|reach|breathe)|cant (?:get|turn|shut|find|reach|breathe)|doesn'?t stop|isn'?t stopping"
    r"|no (?:heat|power|water|ac|air|hot water|electricity|shutoff|way)|not (?:working|draining|responding|answering|only|just)|no (?:se|puedo|para|deja|hay (?:luz|agua|calefaccion|gas))|no (?:one|body)|nobody|no longer"
    r"|no joke|not kidding|don'?t (?:want|wanna)|dont (?:want|wanna)|cannot|won'?t|wont|no (?:sirve|funciona|prende|enciende|responde|contesta))\b[^.!?;,\n]{0,40}$"
)
_PAST_IN = re.compile(
    r"\b(?:(?:last|a|two|three|few|couple|several|\d+) (?:night|week|month|year|winter|summer|spring|fall|weekend|days?|weeks|months|years)(?: or so)? (?:ago|back)|years? ago|months? ago|weeks? ago|a (?:year|month|week) ago|(?:in|since|back in) (?:19|20)\d\d|last (?:xmas|christmas|thanksgiving|january|february|march|april|may|june|july|august|september|october|november|december)|the other day|el otro dia|ayer\b(?=[^.!?;]*\b(?:pero|ya)\b)|last (?:year|month|winter|summer|spring|fall|season)|back in (?:19|20)?\d\d|back when|used to|years back"
    r"|in the past|previous(?:ly)? (?:owner|had)|before we (?:moved|bought)|already (?:fixed|stopped|out|handled|taken care|repaired|replaced|came|been)|(?:was|were|is|are|got|been) (?:all |now |since )?(?:fixed|repaired|handled|taken care of|put out|resolved)"
    r"|all (?:good|clear|fine|set|done) now|(?:fire|gas) (?:dept|department|company|dpt|co)\.? (?:came|already|was here|checked|cleared|shut)|it'?s (?:over|gone|out|fixed)|gone now|went away|no longer|anymore|stopped (?:on its own|by itself|now|last)"
    r"|hace (?:un|una|dos|tres|varios|varias|unos|unas|\d+) (?:ano|anos|mes|meses|semana|semanas)|el (?:ano|mes|invierno|verano) pasado|la semana pasada|ya (?:paso|lo arregl|la arregl|se arreglo|esta arreglad|no huele|se quito|se apago|vinieron)|antes)\b"
)
_IMAGINED_IN = re.compile(
    r"\b(?:(?<!know )(?<!sure )(?<!idk )(?<!tell )(?<!see )if (?:there|it|i|we|you|the|that|my|a|something|anything|ever)|in case|what if|would (?:it|that|there)|could (?:it|that|this) (?:cause|be dangerous|start)|worried (?:about|that|it)|afraid|is it (?:safe|dangerous)|risk of|prevent|just in case|some ?day|hypothetical|make sure"
    r"|do you (?:guys )?(?:do|handle|offer|have|install|test|inspect|check|fix|repair)|si (?:hay|hubiera|se|llega)|por si|en caso|que pasa si|hacen|instalan|revisan)\b"
)


def standing(text: Folded, start: int, end: int) -> Standing:
    """How the text speaks of what stands at `[start, end)`."""
    left, right = clause(text, start, end)
    before, whole = text.plain[left:start], text.plain[left:right]
    if _DENIED_BEFORE.search(before) and not _NOT_A_DENIAL.search(before):
        return Standing.DENIED
    if _PAST_IN.search(whole):
        return Standing.PAST
    if _IMAGINED_IN.search(text.plain[left:end]):
        return Standing.IMAGINED
    return Standing.NOW


def clause(text: Folded, start: int, end: int) -> tuple[int, int]:
    """The clause around a span."""
    begins, ends = _borders(text.plain)
    before = bisect_right(ends, start)
    left = max(0, start - SCOPE, ends[before - 1] if before else 0)
    behind = bisect_left(begins, end)
    return left, min(len(text.plain), end + SCOPE, begins[behind] if behind < len(begins) else len(text.plain))


@lru_cache(maxsize=4)
def _borders(plain: str) -> tuple[list[int], list[int]]:
    """Where the borders between the clauses of a text begin, and where they end: found once for all that stands between them."""
    found = [match.span() for match in _BORDER.finditer(plain)]
    return [start for start, _ in found], [end for _, end in found]
