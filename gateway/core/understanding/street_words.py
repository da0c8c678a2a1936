"""What each word is when a street is looked for, and what stands around a place in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from gateway.core.understanding.first_names import FIRST_NAMES
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.people import is_everyday
from gateway.core.understanding.places import DIRECTIONS, NOT_STREETS, STREET_WORDS

_CALLED = re.compile(r"calle|avenida|av|ave|avenue|camino|paseo|c")


class Sort(StrEnum):
    """What a word is when a street is looked for."""

    DIRECTION = "direction"
    ORDINAL = "ordinal"
    NUMBER = "number"
    STREET = "street"
    CALLED = "called"  # "calle", "avenida": stands before the name
    NAME = "name"
    EVERYDAY = "everyday"
    NO_STREET = "no street"
    CAPITAL = "capital"
    OTHER = "other"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark, with its place in the text."""

    start: int
    end: int
    plain: str
    sort: Sort


def token_of(text: Folded, match: re.Match[str]) -> Token:
    """The token at a match, and what it is."""
    word = match.group()
    return Token(match.start(), match.end(), word, sort_of(word, text.sent[match.start() : match.end()]))


_STREET = re.compile(rf"(?:{STREET_WORDS})\Z")
_DIRECTION = re.compile(rf"(?:{DIRECTIONS})\Z")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)\Z")
_WAYS = frozenset({"county", "state", "fm", "cr", "sr", "us", "route", "rt", "rr", "interstate", "ih", "i"})


def sort_of(word: str, sent: str) -> Sort:
    """What a word is; `sent` is how it was written."""
    if not word[:1].isalnum():
        return Sort.STOP
    if _DIRECTION.match(word):
        return Sort.DIRECTION
    if _ORDINAL.match(word):
        return Sort.ORDINAL
    if word.isdigit():
        return Sort.NUMBER
    if _STREET.match(word) or word in _WAYS:
        return Sort.STREET
    if _CALLED.fullmatch(word):
        return Sort.CALLED
    if word in NOT_STREETS:
        return Sort.NO_STREET
    if is_everyday(word):
        return Sort.EVERYDAY
    if word in FIRST_NAMES:
        return Sort.NAME
    return Sort.CAPITAL if sent[:1].isupper() else Sort.OTHER


def stop_before(text: Folded, start: int) -> str:
    """What stands before a place: the mark itself, or "start", "line", "word", "number"."""
    before = text.sent[:start].rstrip(" ")[-1:]
    return (
        "start"
        if not before
        else "line"
        if before == "\n"
        else "word"
        if before.isalpha()
        else "number"
        if before.isdigit()
        else before
    )


def stop_after(text: Folded, end: int) -> str:
    """What stands behind a place: the mark itself, or "end", "line", "word", "number"."""
    after = text.sent[end:].lstrip(" ")[:1]
    return (
        "end"
        if not after
        else "line"
        if after == "\n"
        else "word"
        if after.isalpha()
        else "number"
        if after.isdigit()
        else after
    )
