"""Which words are everyday ones: those that several of the people wrote whose texts the reader learnt from.

A name that no list knows is told from other words by this alone: "Coleman." at the end of a text is nobody's verb. The
words are kept as two tables, by two hashes each, so that two words rarely share both; they travel in the model with the
head that was learnt with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from zlib import crc32

from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.model import ZERO, Head

NEW, KNOWN, COMMON = 0, 1, 2  # how well a word is known
TABLES = ("words by one hash", "words by another")
WORD = re.compile(r"[a-z](?:[a-z]|['-](?=[a-z]))*")


def places_of(word: str) -> Iterator[int]:
    """Where a folded word stands in each of the tables."""
    for table in TABLES:
        yield crc32(f"{table}/{word}".encode()) % BUCKETS


class Everyday:
    """Words that are known; none where there are no tables."""

    def __init__(self, tables: Sequence[bytes] = ()) -> None:
        self._tables = tables

    def __bool__(self) -> bool:
        return bool(self._tables)

    def level(self, word: str) -> int:
        """How well a folded word is known: NEW, KNOWN or COMMON."""
        return min((table[at] - ZERO for table, at in zip(self._tables, places_of(word), strict=False)), default=NEW)

    def levels(self, words: str) -> str:
        """The levels of the words of a folded phrase, "0 1"."""
        return " ".join(str(self.level(word)) for word in WORD.findall(words))


def joined(head: Head, words: Sequence[bytes]) -> Head:
    """A head with the tables of words behind its own."""
    return replace(
        head,
        classes=head.classes + TABLES,
        biases=head.biases + (0.0,) * len(TABLES),
        tables=head.tables + tuple(words),
    )


def parted(head: Head) -> tuple[Head, Everyday]:
    """A head by itself and the words that it was learnt with; none where it was learnt without."""
    own = len(head.classes) - len(TABLES)
    if head.classes[own:] != TABLES:
        return head, Everyday()
    return (
        replace(head, classes=head.classes[:own], biases=head.biases[:own], tables=head.tables[:own]),
        Everyday(head.tables[own:]),
    )
