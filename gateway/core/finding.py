"""Words to look for, and where they stand in what was said: pure, the same for the index and for what is shown.

Whatever is typed is only words: letters and digits of any script, accents folded, capital letters small. Each has to be
the beginning of a word that is there. Digits that are written apart may be one number: "21 65 55 01 37" finds 2165550137.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

WORDS_AT_MOST = 8  # of what is typed; nobody looks for more at once
LETTERS_AT_MOST = 30  # of a word; longer ones are compared by their beginning
TYPED_AT_MOST = 200  # characters that are read of what is typed
_WORD = re.compile(r"[^\W_]+")
_APART = re.compile(r"\+?\(?[0-9]+(?:[ ().+/-]{1,3}[0-9]+)+")  # digits with what stands inside telephone numbers
_NATIONAL = 10  # digits of a number in North America, its country code left out
_SUBSCRIBER, _ENDING = 7, 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to look for: all words of `apart` begin words that are there, or `joined` does ("" where it cannot)."""

    apart: tuple[str, ...]
    joined: str = ""


def folded(text: str) -> str:
    """`text` in small letters without accents; not always of the same length."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def words_in(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return [word[:LETTERS_AT_MOST] for word in _WORD.findall(folded(text))]


def number_words(number: str) -> list[str]:
    """Under which words a telephone number is found: whole, without its country and area code, by its last digits."""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    national = digits[1:] if len(digits) == _NATIONAL + 1 and digits.startswith("1") else digits
    if len(national) < _SUBSCRIBER:
        return [national] if national else []
    found = [national, national[-_SUBSCRIBER:], national[-_ENDING:]]
    return found if national == digits else [*found, digits]


def wanted_in(typed: str) -> tuple[Wanted, ...]:
    """What somebody looks for who typed this; empty when there is not one word in it."""
    typed, found, place = typed[:TYPED_AT_MOST], [], 0
    for match in _APART.finditer(typed):
        found += [Wanted((word,)) for word in words_in(typed[place : match.start()])]
        groups = tuple(words_in(match[0]))
        joined = "".join(groups)
        if joined.startswith("1") and len(joined) > _NATIONAL:
            joined = joined[1:]
        found.append(Wanted(groups, joined[:LETTERS_AT_MOST] if len(joined) >= _SUBSCRIBER else ""))
        place = match.end()
    found += [Wanted((word,)) for word in words_in(typed[place:])]
    return tuple(dict.fromkeys(found))[:WORDS_AT_MOST]


def beginnings(wanted: Sequence[Wanted]) -> tuple[str, ...]:
    """Every beginning of a word that counts as found."""
    return tuple(dict.fromkeys(word for each in wanted for word in (*each.apart, each.joined) if word))


def marked(text: str, wanted: Sequence[Wanted]) -> list[tuple[str, bool]]:
    """`text` in pieces, those that were looked for marked; joined again they are `text`."""
    plain, places = _with_places(text)
    looked_for = beginnings(wanted)
    spans = [(places[match.start()], places[match.end()]) for match in _beginning(looked_for).finditer(plain)]
    if numbers := [word for word in looked_for if len(word) >= _ENDING and word.isdigit()]:
        for match in _APART.finditer(text):
            digits = "".join(sign for sign in match[0] if sign.isdigit())
            if any(word in digits for word in numbers):
                spans.append(match.span())
    return _cut(text, sorted(spans))


def hits(text: str, wanted: Sequence[Wanted]) -> int:
    """How many of the things that are looked for stand in a text."""
    there = folded(text)
    return sum(_beginning(beginnings([each])).search(there) is not None for each in wanted)


@lru_cache(maxsize=64)
def _beginning(looked_for: tuple[str, ...]) -> re.Pattern[str]:
    """Finds, in a folded text, where a word begins with one of these, the longest that there is."""
    either = "|".join(re.escape(word) for word in sorted(looked_for, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{either})" if either else r"(?!)")


def _with_places(text: str) -> tuple[str, Sequence[int]]:
    """A text folded, and for each of its letters (and for its end) where that stood."""
    if text.isascii():
        return folded(text), range(len(text) + 1)
    plain: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for each in folded(sign):
            plain.append(each)
            places.append(place)
    return "".join(plain), [*places, len(text)]


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    place = 0
    for begin, end in spans:
        if begin < place:
            continue
        if begin > place:
            pieces.append((text[place:begin], False))
        pieces.append((text[begin:end], True))
        place = end
    if place < len(text):
        pieces.append((text[place:], False))
    return pieces
