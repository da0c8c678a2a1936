"""The words by which customers name a line of a menu, and how often a text uses them.

A term is a word or a phrase; `*` at the end of a word stands for any ending. Terms joined by ` + ` must stand near each
other, in any order. Case, accents and apostrophes do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.core.understanding.folded import Folded, fold

NEAR = 60  # characters between joined terms


@dataclass(frozen=True, slots=True)
class Term:
    """One way to say it: a pattern for each joined part."""

    parts: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, written: str) -> Term:
        """A term as a trade pack writes it. ValueError for one without a letter or digit."""
        parts = [_pattern(part) for part in written.split(" + ")]
        return cls(tuple(parts))

    def found(self, plain: str) -> bool:
        first = self.parts[0].search(plain)
        if first is None:
            return False
        if len(self.parts) == 1:
            return True
        spots = [[match.start() for match in part.finditer(plain)] for part in self.parts]
        return any(all(any(abs(spot - start) <= NEAR for spot in others) for others in spots[1:]) for start in spots[0])


def _pattern(part: str) -> re.Pattern[str]:
    words = fold(part).plain.replace("'", "").split()
    if not any(char.isalnum() for char in part):
        raise ValueError(f"{part!r} is no word")
    pieces = [re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) for word in words]
    return re.compile(r"(?<!\w)" + r"\s+".join(pieces) + r"(?!\w)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of each line of one menu."""

    terms: Mapping[str, tuple[Term, ...]]

    @classmethod
    def of(cls, words: Mapping[str, Iterable[str]]) -> Vocabulary:
        return cls({key: tuple(Term.of(term) for term in terms) for key, terms in words.items()})

    def counts(self, text: Folded) -> dict[str, int]:
        """How many terms of each line a text has; lines that it has none of are left out."""
        plain = " ".join(text.plain.replace("'", "").split())
        counts = {key: sum(term.found(plain) for term in terms) for key, terms in self.terms.items()}
        return {key: count for key, count in counts.items() if count}
