"""The language of a page: English in the source, Spanish by gettext.

`_` may be called while a request is answered: the language belongs to that request. Words that are written down before
(tables of labels) are marked with `mark`, and go through `_` when they are shown.
"""

from __future__ import annotations

import gettext as library
from contextvars import ContextVar
from pathlib import Path

from aiohttp import web

LANGUAGES = {"en": "English", "es": "Español"}
DEFAULT = "en"
_FOLDER = Path(__file__).parent / "locales"


def _read(language: str) -> library.NullTranslations:
    path = _FOLDER / f"{language}.mo"
    if not path.exists():
        return library.NullTranslations()
    with path.open("rb") as file:
        return library.GNUTranslations(file)


_CATALOGUES = {language: _read(language) for language in LANGUAGES}
_current: ContextVar[str] = ContextVar("language", default=DEFAULT)


def speak(language: str) -> None:
    """From here on this request is answered in `language`; an unknown one is English."""
    _current.set(language if language in LANGUAGES else DEFAULT)


def spoken() -> str:
    """The language of this request."""
    return _current.get()


def gettext(message: str) -> str:
    """`message` in the language of this request."""
    return _CATALOGUES[_current.get()].gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The form for `n` in the language of this request."""
    return _CATALOGUES[_current.get()].ngettext(one, many, n)


_ = gettext


def mark(message: str) -> str:
    """A message that is translated later; extraction finds it by this call."""
    return message


def asked_for(request: web.Request) -> str:
    """The language that a browser asks for (RFC 9110, 12.5.4; weights are left aside: browsers list by preference)."""
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        language = part.split(";")[0].strip().lower()[:2]
        if language in LANGUAGES:
            return language
    return DEFAULT
