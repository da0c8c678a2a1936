"""Mistyped words read as the words that were meant: "basemnt floding" as "basement flooding".

Only a word is mended that next to nobody writes, whose texts the reader learnt from, into one that many write and that is one
slip away: a letter left out, added or replaced, two swapped, one held down (Damerau 1964). What was sent is kept: names,
places and wishes for no more texts are read from it alone. Words of their own that hardly anybody has written yet (`real_words`) are
no slips.
"""

from __future__ import annotations

import re
import string
import zlib
from base64 import b85decode, b85encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from gateway.core.understanding.real_words import REAL_WORDS

SHORTEST, LONGEST = 4, 18  # letters of a word that is mended; shorter ones are a slip away from too many
MOST = 30  # unknown words of one text that are looked at
RARE = 15  # people who wrote a word; one that more wrote is no slip
CLEARER = 40  # how many times as many people must have written the word that is meant
SPELT = re.compile(r"[a-z]+(?:'[a-z]+)?")
_HELD = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"(.)\1")
_VOWELS = frozenset("aeiou")


class Spelling:
    """The words that are known: how many people wrote each. None mends nothing."""

    def __init__(self, writers: Mapping[str, int] | None = None) -> None:
        self._writers = dict(writers or {})
        self._meant = lru_cache(maxsize=5_000)(self._find)

    def __len__(self) -> int:
        return len(self._writers)

    def also(self, words: Iterable[str]) -> Spelling:
        """These words and some more, which are no slips: those of the menus."""
        more = {word: RARE for word in words if self._writers.get(word, 0) < RARE}
        return Spelling(self._writers | more) if more and self._writers else self

    def mended(self, plain: str) -> str:
        """A folded text with its slips mended; the same text where there are none."""
        if not self._writers:
            return plain
        left = MOST

        def meant(match: re.Match[str]) -> str:
            nonlocal left
            word = match.group()
            if not len(word) >= SHORTEST or self._writers.get(word, 0) >= RARE or word in REAL_WORDS or left <= 0:
                return word
            left -= 1
            return self._meant(word)

        return SPELT.sub(meant, plain)

    def _find(self, word: str) -> str:
        """The word that is meant by one that hardly anybody writes; the same one where that is not plain."""
        word, sent = _HELD.sub(r"\1\1", word), word
        own = self._writers.get(word, 0)
        if own >= RARE:
            return word
        if "'" in word or len(word) > LONGEST:
            return sent
        best, most = sent, float(CLEARER * own)
        for slip, weight in _slips(word):
            if (writers := self._writers.get(slip, 0) * weight) > most:
                best, most = slip, writers
        return best

    def packed(self) -> str:
        """The words as a line of text: those of as many writers stand together."""
        by_count: dict[int, list[str]] = {}
        for word, count in self._writers.items():
            by_count.setdefault(count, []).append(word)
        lines = (f"{count} {' '.join(sorted(words))}" for count, words in sorted(by_count.items(), reverse=True))
        return b85encode(zlib.compress("\n".join(lines).encode(), 9)).decode()


def unpacked(line: str) -> Spelling:
    """The words of a line that `packed` wrote. ValueError when it is damaged."""
    try:
        lines = zlib.decompress(b85decode(line)).decode().splitlines() if line else []
    except zlib.error as error:
        raise ValueError(f"the list of words is damaged: {error}") from error
    writers: dict[str, int] = {}
    for one in lines:
        count, *words = one.split()
        writers |= dict.fromkeys(words, int(count))
    return Spelling(writers)


def _slips(word: str) -> Iterator[tuple[str, float]]:
    """Every word that may have been meant, with how easily one slips there; a first letter is hardly ever mistyped."""
    if (single := _DOUBLED.sub(r"\1", word)) != word:
        yield single, 5.0
    for at in range(len(word)):
        head, letter, rest = word[:at], word[at], word[at + 1 :]
        first = 0.15 if at == 0 else 1.0
        vowel = letter in _VOWELS
        yield head + rest, first * (2.0 if head[-1:] == letter else 1.0)
        if rest:
            yield head + rest[0] + letter + rest[1:], first * 2.0
        for other in string.ascii_lowercase:
            yield head + other + rest, first * (1.4 if vowel and other in _VOWELS else 0.7)
            yield head + other + letter + rest, first * (2.0 if other in _VOWELS or head[-1:] == other else 1.0)
    for other in string.ascii_lowercase:
        yield word + other, 1.0
