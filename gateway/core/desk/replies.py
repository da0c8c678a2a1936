"""Texts that people write often: those of the business, or ours where it has none, filled in for one lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class ReplyText:
    """A text to be filled in. `text_es` "": there is none in Spanish."""

    key: str
    label: str
    text: str
    text_es: str = ""


USUAL: Final = (
    ReplyText(
        "calling",
        "I call you now",
        "Hi {name}, this is {me} from {business}. I'm calling you in a few minutes.",
        "Hola {name}, soy {me} de {business}. Le llamo en unos minutos.",
    ),
    ReplyText(
        "not_reached",
        "I could not reach you",
        "Hi {name}, this is {me} from {business}. I just tried to call you. When is a good time to reach you?",
        "Hola {name}, soy {me} de {business}. Acabo de llamarle. ¿A que hora le puedo llamar?",
    ),
    ReplyText(
        "address",
        "What is the address?",
        "Hi {name}, this is {me} from {business}. What is the address of the job?",
        "Hola {name}, soy {me} de {business}. ¿Cual es la direccion del trabajo?",
    ),
    ReplyText(
        "which_time",
        "Which day suits you?",
        "Hi {name}, this is {me} from {business}. Which day and time would suit you?",
        "Hola {name}, soy {me} de {business}. ¿Que dia y a que hora le conviene?",
    ),
    ReplyText(
        "booked",
        "You are booked",
        "Hi {name}, this is {me} from {business}. You are booked for {appointment}. Reply here if that changes.",
        "Hola {name}, soy {me} de {business}. Su cita es {appointment}. Responda aqui si hay algun cambio.",
    ),
)


def filled(text: str, facts: Mapping[str, str]) -> str | None:
    """The text with what is known; None where it speaks of an appointment and there is none.

    What is not known is left out with the blank before it: "Hi {name}, this is" becomes "Hi, this is".
    """
    if "{appointment}" in text and not facts.get("appointment"):
        return None
    for name in _PLACEHOLDER.findall(text):
        if not facts.get(name):
            text = re.sub(rf" ?\{{{name}\}}", "", text)
    told = _PLACEHOLDER.sub(lambda found: facts[found[1]], text)
    return " ".join(told.split())


def first_name(name: str) -> str:
    """By which somebody is greeted: "Marta" of "Marta Ruiz"; "" where no name is known."""
    word = name.split(" ", 1)[0].strip(".,")
    return word if len(word) > 1 else ""
