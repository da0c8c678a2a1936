"""What the trained reader looks at: words, pairs and triples of words, and pieces of words, each as a number below `BUCKETS`.

Pieces of words survive misspelling ("frnace not workin"), pairs carry negation and order. The numbers are CRC-32 of the
feature's name, so that training and reading agree on every machine and in every version of Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from zlib import crc32

BUCKETS = 1 << 16
LONGEST = 120  # words; a text of ten segments has about 250, and what matters was said by then
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\sa-z\d]")
_LONG_WORD = 24  # letters; longer ones are cut, nobody's vocabulary


def features(plain: str, concepts: Iterable[str] = ()) -> list[int]:
    """The distinct features of a folded text, in ascending order; `concepts` are what the rules found in it."""
    return sorted({crc32(name.encode()) % BUCKETS for name in _names(plain, concepts)})


def with_concepts(numbers: Iterable[int], concepts: Iterable[str]) -> list[int]:
    """The features of a text and some more of what the rules found in it, in ascending order."""
    return sorted({*numbers, *(crc32(f"r:{concept}".encode()) % BUCKETS for concept in concepts)})


def _names(plain: str, concepts: Iterable[str]) -> Iterator[str]:
    words = [_shape(word) for word in _WORD.findall(plain)[:LONGEST]]
    yield f"n:{min(len(words), 40) // 4}"
    if words:
        yield f"^:{words[0]}"
        yield f"$:{words[-1]}"
    before, last = "<", "<<"
    for word in words:
        yield f"w:{word}"
        yield f"b:{before} {word}"
        yield f"t:{last} {before} {word}"
        last, before = before, word
        if len(word) > 3:
            padded = f" {word} "
            for size in (3, 4, 5):
                for at in range(len(padded) - size + 1):
                    yield f"c:{padded[at : at + size]}"
    for concept in concepts:
        yield f"r:{concept}"


def _shape(word: str) -> str:
    """Numbers by their length and apostrophes away: "dont" and "don't" are one word, 44107 and 44120 one shape."""
    if word.isdigit():
        return word if len(word) <= 1 else f"#{min(len(word), 11)}"
    return word.replace("'", "")[:_LONG_WORD]
