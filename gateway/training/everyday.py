"""Counting who writes which words: the everyday ones, names left out, and how each is spelt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from gateway.core.understanding.everyday import COMMON, KNOWN, TABLES, WORD, places_of
from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.folded import fold
from gateway.core.understanding.model import ZERO
from gateway.core.understanding.spelling import SPELT, Spelling
from gateway.training.labelled import Labelled

FEW, MANY = 3, 12  # people who wrote a word that is known, one that is common: cross-validated, hands left out in turn


def everyday_words(texts: Sequence[Labelled]) -> tuple[bytes, ...]:
    """The tables of the words that at least FEW people wrote, and not as a name; capital letters inside a text are
    left out, as these are names more often than not."""
    writers: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        folded = fold(text.text)
        shouted = folded.sent.isupper()
        names = {
            word
            for value in (text.labels["name"], *text.accept.get("name", ()))
            if value
            for word in WORD.findall(fold(str(value)).plain)
        }
        for match in WORD.finditer(folded.plain):
            capital = folded.sent[match.start()].isupper() and match.start() and not shouted
            if match.group() not in names and not capital:
                writers[match.group()].add(_writer(text))
    tables = [bytearray([ZERO]) * BUCKETS for _ in TABLES]
    for word, people in writers.items():
        if len(people) >= FEW:
            level = COMMON if len(people) >= MANY else KNOWN
            for table, at in zip(tables, places_of(word), strict=True):
                table[at] = max(table[at], ZERO + level)
    return tuple(bytes(table) for table in tables)


def spelling_of(texts: Sequence[Labelled]) -> Spelling:
    """The words that at least FEW people wrote, whatever they are, with how many."""
    writers: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for word in SPELT.findall(fold(text.text).plain):
            writers[word].add(_writer(text))
    return Spelling({word: len(people) for word, people in writers.items() if len(people) >= FEW})


def _writer(text: Labelled) -> str:
    """The person whose text it is."""
    return text.id.removeprefix(f"{text.trade}-").rpartition("-")[0]
