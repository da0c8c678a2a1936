"""What a text asks: the questions in it, and the details it requests without a question mark. English and Spanish.

People answer the first thing they are asked. "What do you need and when?" asks two; "Reply with your name and address"
asks two as well; "Emergency? Text URGENT." asks nothing.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.core.claims import fold, without_name

# A word or three before a question mark that marks an emergency and asks nothing: "Emergency? Text URGENT."
_TAG: Final = re.compile(
    r"^(?:is it |is this |es |si es |smell |any |in )?(?:an? |una )?(?:life[- ]threatening |real )?"
    r"(?:emergency|emergencies|urgent|danger|gas(?: smell)?|gas leak|smell gas|emergencia|urgente|urgencia|peligro|huele a gas|"
    r"questions|preguntas|need help now)$"
)
_WH: Final = r"(?:what|when|where|who|how|which|why|que|cuando|donde|quien|como|cual|cuanto)"
_ALSO: Final = re.compile(rf"\b(?:and|or|y|e|o)(?: also)? {_WH}\b")
_ITEM: Final = re.compile(
    r"\b(?:first name|full name|name|address|zip(?: code)?|phone(?: number)?|number|e-?mail|photos?|pictures?|time|day|date|"
    r"model|problem|issue|service|city|street|nombre|direccion|codigo postal|telefono|numero|correo|fotos?|hora|dia|fecha|"
    r"modelo|problema|servicio|ciudad|calle)\b"
)
_REQUEST: Final = re.compile(
    r"\b(?:reply with|text us|text back|send(?: us)?|tell us|give us|let us know|include|share|provide|leave|answer with|"
    r"envie(?:nos)?|mande(?:nos)?|diga(?:nos)?|responda con|escriba(?:nos)?|deje(?:nos)?|indique(?:nos)?|comparta)\b"
)


def questions(template: str, business_name: str = "") -> list[str]:
    """The things a text asks for, as the words that ask them: questions, and requests for named details."""
    folded = without_name(fold(template), business_name)
    asked: list[str] = []
    for sentence in re.finditer(r"[^.!?\n]*[.!?\n]*", folded):
        words = re.sub(r"^[^:]*\xa4+[^:]*:", "", sentence[0]).strip(" ¿¡,;:-\n")
        core = words.rstrip("?.! \n").split("¿")[-1].strip(" ,;:")
        items = list(dict.fromkeys(_ITEM.findall(words)))
        if "?" in sentence[0]:
            if _TAG.match(core.rsplit(",", 1)[-1].strip()):
                continue
            wanted = re.search(r"\b(?:your|su|tu)\b", words) or _ITEM.match(core)
            listed = len(items) if wanted and _lists(words) else 1
            asked += [core] * max(1 + len(_ALSO.findall(words)), listed)
        elif items and _REQUEST.search(words) and not re.search(r"\bstop\b", words):
            asked += items if _lists(words) else items[:1]
            asked += _ALSO.findall(words)
    return asked


def _lists(words: str) -> bool:
    return re.search(r",| and | & | y | e ", words) is not None
