"""Whether a text is English, Spanish or both, by the small words that only one of them has."""

from __future__ import annotations

import re
from enum import StrEnum

from gateway.core.understanding.folded import Folded, fold


class Language(StrEnum):
    ENGLISH = "en"
    SPANISH = "es"
    MIXED = "mixed"


_SPANISH = frozenset(
    """
    que de la el los las un una y en por para con del al se su mi mis es esta estoy tengo tiene tienen necesito necesita quiero
    quisiera puede pueden podria favor gracias hola buenas buenos dias tardes noches ayuda urgente casa no_ si_ como cuando donde cuanto
    cuesta cobran hay agua luz gas_ calefaccion aire fuga tuberia bano cocina techo puerta llave llaves cerradura carro precio cita manana
    hoy ahorita ya muy mas pero porque desde hasta sin sobre me_ nos le les lo soy somos ustedes usted llamo llamen llame mandar mensaje mensajes
    texto nino ninos bebe abuela senora senor vivo aqui ahora todo toda todos nada nadie otra otro esto eso ese esa este fue estan estamos son
    sirve funciona prende huele sale saliendo se_ quien cual puedo podemos hace mucho mucha frio calor pintar limpieza limpiar cuarto cuartos
    basta ponen ponga pongan pintan arreglan instalan reparan limpian vienen venga vengan mande manden ocupo urge regadera canaletas lavabo
    inodoro excusado drenaje tapado tapada gotea goteando porton cochera llavin chapa contacto foco focos pared paredes semanal vieja viejo
    alto pare saludos disculpe perdon numero equivocado trabajo busco cotizacion presupuesto cambiar reparar arreglar instalar
    """.split()
)
_ENGLISH = frozenset(
    """
    the and is are was i'm im my your you we it's its this that have has had need want can could would please thanks thank hi hello hey
    with for from not don't dont doesn't isn't won't wont what when where how much call text back out off on at to of in be been just
    do does did someone somebody get got come coming if but so house home water heat furnace door lock locked keys roof leak leaking
    appointment today tomorrow morning afternoon quote price estimate there here our us they them he she his her up down will stop yes
    wrong number who new old still any some all about now right asap help
    """.split()
)


def spoken_in(body: str, enough: int = 2) -> str | None:
    """The language in which somebody writes, "en" or "es"; None where the words tell nothing (names, numbers) or both.

    `enough` words that only one language has, and hardly any of the other, tell.
    """
    spanish, english = _counts(fold(body))
    if spanish >= enough and spanish > 2 * english:
        return "es"
    return "en" if english >= enough and english > 2 * spanish else None


def language(text: Folded) -> Language:
    """The language of a text; English where nothing tells."""
    spanish, english = _counts(text)
    if spanish == 0:
        return Language.ENGLISH
    if english >= 2 and spanish >= 2 and min(english, spanish) / (english + spanish) > 0.2:
        return Language.MIXED
    return Language.SPANISH if spanish > english else Language.ENGLISH


def _counts(text: Folded) -> tuple[int, int]:
    """How many words and letters are Spanish only, and how many words English only."""
    words = re.findall(r"[a-z']+", text.plain)
    spanish = sum(word in _SPANISH for word in words) + len(re.findall(r"[ñ¿¡áéíóú]", text.sent.lower()))
    return spanish, sum(word in _ENGLISH for word in words)
