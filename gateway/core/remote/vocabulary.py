"""The words of commands, English and Spanish, and what a slip of the thumb makes of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Verb(StrEnum):
    """What kind of command a word begins. The value is how it is written in answers."""

    TAKE = "TAKE 14"
    WRITE = "TEXT 14 words"
    BACK = "BACK 14"
    SNOOZE = "SNOOZE 14 15M"
    SHOW = "SHOW 14"
    CLOSE = "CLOSE 14 WON 450"
    PAUSE = "PAUSE 2H"
    RESUME = "RESUME"
    STORM = "STORM ON"
    STATUS = "STATUS"
    LEADS = "LEADS"
    MORE = "MORE"
    VISITS = "TODAY"
    CONFIRM = "CONFIRM 14"
    MOVE = "MOVE 14 FRI 8-12"
    CALL_OFF = "CALLOFF 14"
    ON_CALL = "ONCALL DANA UNTIL 8AM"
    AWAY = "AWAY FRI"
    DRILL = "DRILL"
    HELP = "HELP"


_ENGLISH: Final = {
    Verb.TAKE: "take takeover",
    Verb.WRITE: "text txt reply r send sms msg tell",
    Verb.BACK: "back handback return release",
    Verb.SNOOZE: "snooze postpone later",
    Verb.SHOW: "show details lead who what",
    Verb.CLOSE: "close closed",
    Verb.PAUSE: "pause mute",
    Verb.RESUME: "resume unpause continue",
    Verb.STORM: "storm",
    Verb.STATUS: "status stat",
    Verb.LEADS: "leads list jobs open",
    Verb.MORE: "more next",
    Verb.VISITS: "today tomorrow tommorow tommorrow tmrw appts appt apts appointments appointment visits schedule agenda calendar",
    Verb.CONFIRM: "confirm confirmed",
    Verb.MOVE: "move moved reschedule resched",
    Verb.CALL_OFF: "calloff cancel",
    Verb.ON_CALL: "oncall swap",
    Verb.AWAY: "away",
    Verb.DRILL: "drill",
    Verb.HELP: "help commands info",
}
_SPANISH: Final = {
    Verb.TAKE: "tomar tomo toma",
    Verb.WRITE: "texto escribe escribir responde responder dile envia enviar mensaje",
    Verb.BACK: "devolver devuelve devuelvo regresa",
    Verb.SNOOZE: "posponer pospon aplazar luego",
    Verb.SHOW: "ver muestra detalles quien",
    Verb.CLOSE: "cerrar cierra cerrado",
    Verb.PAUSE: "pausa pausar",
    Verb.RESUME: "reanudar reanuda sigue seguir continuar",
    Verb.STORM: "tormenta",
    Verb.STATUS: "estado estatus",
    Verb.LEADS: "lista clientes pendientes abiertos",
    Verb.MORE: "mas siguiente",
    Verb.VISITS: "hoy manana citas cita calendario",
    Verb.CONFIRM: "confirmar confirma",
    Verb.MOVE: "mover mueve cambiar cambia reprogramar",
    Verb.CALL_OFF: "cancelar cancela anular anula",
    Verb.ON_CALL: "guardia turno",
    Verb.AWAY: "ausente",
    Verb.DRILL: "simulacro",
    Verb.HELP: "ayuda comandos",
}
VERBS: Final = {word: verb for table in (_ENGLISH, _SPANISH) for verb, words in table.items() for word in words.split()}
WRITING: Final = frozenset(word for word, verb in VERBS.items() if verb is Verb.WRITE)
# Words of commands with which people also begin to talk.
TALK: Final = frozenset(
    "who what next more open jobs list back return release later r info continue lead details help"
    " today tomorrow appointment appointments schedule move moved confirm confirmed cancel"
    " quien mas luego lista clientes sigue seguir regresa ver pendientes hoy manana cita citas".split()
)
# An outcome needs no verb before it: "14 won 450".
OUTCOMES: Final = {
    **dict.fromkeys(("won", "win", "sold", "ganado", "ganada", "vendido", "vendida"), "won"),
    **dict.fromkeys(("lost", "perdido", "perdida"), "lost"),
    **dict.fromkeys(("done", "finished", "settled", "hecho", "hecha", "terminado", "terminada"), "done"),
    **dict.fromkeys(("spam", "junk", "basura"), "spam"),
    **dict.fromkeys(("wrong", "equivocado", "equivocada"), "wrong"),
}
# What says "I have it", and what may stand beside it without changing that.
CLAIMS: Final = frozenset(
    "ok okay okey k yes yep yeah yup y got gotcha have mine on omw take takes taking taken ack acknowledge acknowledged ackd accept"
    " accepted roger copy heading going coming si lo tengo mio mia voy vamos camino encargo recibido enterado vale dale confirmo"
    " confirmado tomo tomar 👍 ✅ 👌".split()
)
ASIDE: Final = frozenset(
    "i ill im ive it its it's i'm i'll i've am this that one the my way to there over now right away sir please pls be in min mins"
    " minute minutes m hr hour will call calling them him her and & thanks thank you thx ty ya yo me para alla aca en de acuerdo"
    " ahora mismo gracias por favor y estoy minutos llego salgo el la a ahi las claro"
    " sorry just woke up saw seen was were asleep sleeping hello hey hi perdon disculpa disculpe estaba dormido dormida visto".split()
)
THANKS: Final = frozenset(
    "ok okay okey k thanks thank you thx ty gracias vale 👍 👌 ✅ so much muchas great perfect got it si yes".split()
)
REFUSALS: Final = frozenset(
    "no not nope cant can't cannot wont won't dont don't unable neither never pass busy nadie tampoco ocupado imposible".split()
)
YES_TO_ALL: Final = frozenset("all everything todo todos todas".split())
ONLY_SPANISH: Final = (
    frozenset(word for words in _SPANISH.values() for word in words.split())
    | frozenset(
        "si lo tengo mio mia voy camino encargo recibido enterado confirmo confirmado ganado ganada vendido perdido perdida".split()
    )
    | frozenset(
        "hecho hecha terminado basura equivocado hasta manana hora horas dia dias gracias puedo minutos todo todos"
        " volvi regrese vuelta".split()
    )
) - {"estatus"}

_LONGEST: Final = 320  # characters looked at: two segments hold any command
_TOKEN: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,:]\d+)*|[$?:&]|👍|✅|👌")


def folded(text: str) -> str:
    """Small letters without accents, the apostrophe plain."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST]).replace("’", "'").replace("‘", "'")
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def tokens(text: str) -> list[str]:
    """Words, numbers and a few signs, with words that belong together made one; "2h" is two, "ack14" too."""
    found = _TOKEN.findall(folded(text))
    return _joined([token for token in found if not token.isdigit() or token.isascii()])


_TOGETHER: Final = {
    ("on", "call"): "oncall",
    ("de", "guardia"): "guardia",
    ("take", "over"): "takeover",
    ("hand", "back"): "back",
    ("give", "back"): "back",
    ("call", "off"): "calloff",
    ("wrong", "number"): "wrong",
    ("numero", "equivocado"): "equivocado",
    ("lo", "vi"): "visto",  # who has seen it does not have it
    ("la", "vi"): "visto",
}


def _joined(found: list[str]) -> list[str]:
    out: list[str] = []
    for token in found:
        if out and (pair := _TOGETHER.get((out[-1], token))) is not None:
            out[-1] = pair
        else:
            out.append(token)
    return out


def verb_of(token: str) -> Verb | None:
    """The command that a word begins, also with one slip in it, where that can be no other command."""
    if token in VERBS:
        return VERBS[token]
    slips = {VERBS[word] for word in slipped(token, VERBS) if VERBS[word] is not Verb.WRITE}
    return slips.pop() if len(slips) == 1 else None


def slipped(token: str, words: Iterable[str]) -> list[str]:
    """The words that differ from a token by one letter too many, too few, another, or two that changed places.

    Only words of four letters and more: shorter ones are too near to each other.
    """
    if len(token) < 4 or not token.isalpha():
        return []
    return [word for word in words if len(word) >= 4 and _one_slip(token, word)]


def _one_slip(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        swapped = a[:at] + a[at + 1 : at + 2] + a[at : at + 1] + a[at + 2 :]
        return a[at + 1 :] == b[at + 1 :] or swapped == b
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[:at] + longer[at + 1 :] == shorter
