"""Opt-out, opt-in and help as lone keywords, read before anything else in a text.

The words are the union of 47 CFR 64.1200(a)(10) and of the lists carriers' messaging services use; YES is no opt-in,
because it is an answer in our conversations.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Keyword(StrEnum):
    """What a text that is nothing but a keyword asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


_SPANISH_STOP = ("alto", "pare", "basta", "nomas", "nomasmensajes", "cancelar", "parar", "detener", "baja")
_STOP = frozenset(
    {
        *(
            "stop",
            "stopp",
            "stopall",
            "end",
            "quit",
            "cancel",
            "revoke",
            "unsubscribe",
            "optout",
            "remove",
            "arret",
            "td",
        ),
        *("stopplease", "pleasestop", "stopit", "stoptexting"),
        *_SPANISH_STOP,
    }
)
_START = frozenset({"start", "unstop", "optin"})
_HELP = frozenset({"help", "info", "ayuda"})


_LONGEST = max(map(len, (*_STOP, *_START, *_HELP)))


def lone_keyword(body: str) -> Keyword | None:
    """The keyword that `body` consists of, case, spaces and punctuation aside; None for anything more."""
    word = _lone_word(body)
    if word in _STOP:
        return Keyword.STOP
    if word in _START:
        return Keyword.START
    return Keyword.HELP if word in _HELP else None


def keyword_language(body: str) -> str | None:
    """The language of a lone keyword that only Spanish has, "es"; None for any other text: everybody knows STOP."""
    return "es" if _lone_word(body) in (*_SPANISH_STOP, "ayuda") else None


def _lone_word(body: str) -> str | None:
    """The letters of `body`; None where digits or another script make it more than a keyword."""
    plain = unicodedata.normalize("NFKD", body).casefold()
    word = re.sub(r"[^a-z]", "", plain)
    if len(word) > _LONGEST:
        return None
    return word if len(word) == sum(ch.isalnum() for ch in plain if not unicodedata.combining(ch)) else None
