"""Whether words of which the reading makes nothing may be the answer to a question all the same.

"near the stadium" is a place that no list knows, "when my husband is home" a time that no rule resolves; "have to ask my
wife" is neither. All take folded words.
"""

from __future__ import annotations

import re

_REFUSES = re.compile(
    r"^(?:no|nope|none|nah|n/?a|(?:i )?(?:idk|dunno|don'?t know|not sure|no idea|can'?t say)|why|what|huh|nada|no (?:lo )?se|por que)\b"
    r"(?: yet| todavia| aun)?[ .!?]*$"
)
_PUTS_OFF = re.compile(
    r"\b(?:have to|need to|gotta|let me|i'?ll|will|gonna|going to) (?:check|ask|see|think|look|talk|get back|let you know|find out)\b"
    r"|\b(?:tengo que|dejeme|deje|dejame|voy a|necesito) (?:ver|checar|preguntar|pensar|revisar|hablar|consultar)"
    r"|\b(?:luego|despues|al rato) (?:le|les|te) (?:digo|aviso)\b"
)
_AT_A_PLACE = re.compile(
    r"^(?:(?:i live|i am|i'?m|we are|we'?re|it is|it'?s|vivo|vivimos|estoy|estamos|esta|es) )?(?:near|by|in|at|off|outside|close to"
    r"|around|corner of|behind|across from|cerca|por|en|entre|a un lado|atras)\b \S"
)
_NO_PLACE = re.compile(
    r"\b(?:i|i'?m|me|my|we|we'?re|you|your|it|it'?s|is|are|was|were|do|does|don'?t|can|could|will|would|what|how|why|when|who|just|only"
    r"|need|want|know|please|ballpark|prices?|cost|call|text|hello|asap|cuanto|solo|nomas|quiero|necesito|estoy|estamos|soy|que|como"
    r"|cuando|hola|perdon|sorry)\b"
)
_OF_TIMES = re.compile(
    r"\d|\b(?:when|once|after|before|until|till?|while|as soon|days?|weeks?|months?|hours?|mornings?|evenings?|nights?|home|off|work"
    r"|school|kids|nap|lunch|dinner|church|season|holidays?|spring|summer|fall|winter|soon|later|early|late|up to you"
    r"|you (?:pick|choose|tell)|your (?:call|choice)|pick|either|any|open|doesn'?t matter|don'?t care|no preference|flexible"
    r"|cuando|despues|antes|hasta|dias?|semanas?|mes|horas?|tardes?|mananas?|noches?|temprano|luego|cualquier\w*"
    r"|usted(?:es)? (?:diga\w*|escoja\w*)|me da igual|igual|navidad|verano|invierno|primavera|otono|trabajo|escuela|ninos)\b"
)


def refuses(plain: str) -> bool:
    """Whether the answer is none: "no", "idk yet", "have to ask my wife"."""
    return bool(_REFUSES.match(plain) or _PUTS_OFF.search(plain))


def may_be_place(plain: str) -> bool:
    """Whether the words may be a place."""
    return bool(_AT_A_PLACE.match(plain)) or not _NO_PLACE.search(plain)


def may_be_time(plain: str) -> bool:
    """Whether the words may say when."""
    return bool(_OF_TIMES.search(plain))
