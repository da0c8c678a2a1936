"""The words by which customers name a line of a menu, and which of them a text uses.

A term is a word or a phrase; `*` at the end of a word stands for any ending. Terms joined by ` + ` must stand near each
other, in any order. Case, accents, apostrophes and hyphens do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.core.understanding.folded import Folded, fold

NEAR = 60  # characters between joined terms
LONGEST_PIECE = 40  # letters of a word that are looked at for how it begins; no term is longer
_PIECE = re.compile(r"\w+(?:'\w+)*|[^\w\s'-]")


@dataclass(frozen=True, slots=True)
class Piece:
    """One word or mark of a phrase: `apart` is it when a space stands before it, `open` when any ending will do."""

    text: str
    apart: bool
    open: bool = False

    def is_(self, other: Piece) -> bool:
        """Whether a piece of a text is this one."""
        return other.text.startswith(self.text) if self.open else other.text == self.text


@dataclass(frozen=True, slots=True)
class Term:
    """One way to say it: the phrases that have to stand near each other, each with one piece or more."""

    written: str
    parts: tuple[tuple[Piece, ...], ...]

    @classmethod
    def of(cls, written: str) -> Term:
        """A term as a trade pack writes it. ValueError for one without a letter or digit."""
        return cls(written, tuple(_phrase(part) for part in written.split(" + ")))


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that a text has, and where its first part begins in `Folded.plain`."""

    term: Term
    start: int


Phrase = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of each line of one menu, by the first piece of their first phrase too, so that a text is read once."""

    terms: Mapping[str, tuple[Term, ...]]
    led: Mapping[Phrase, Sequence[tuple[str, Term]]] = field(repr=False)
    whole: Mapping[str, Sequence[Phrase]] = field(repr=False)
    begun: Mapping[str, Sequence[Phrase]] = field(repr=False)

    @classmethod
    def of(cls, words: Mapping[str, Iterable[str]]) -> Vocabulary:
        terms = {key: tuple(Term.of(term) for term in dict.fromkeys(written)) for key, written in words.items()}
        led: dict[Phrase, list[tuple[str, Term]]] = {}
        whole: dict[str, list[Phrase]] = {}
        begun: dict[str, list[Phrase]] = {}
        for key, line in terms.items():
            for term in line:
                led.setdefault(term.parts[0], []).append((key, term))
        for phrase in dict.fromkeys(part for line in terms.values() for term in line for part in term.parts):
            (begun if phrase[0].open else whole).setdefault(phrase[0].text, []).append(phrase)
        return cls(terms, led, whole, begun)

    def hits(self, text: Folded) -> dict[str, list[Hit]]:
        """Every place where a text has a term, by line; lines that it has none of are left out."""
        if not self.terms:
            return {}
        spots = self._spots(text.plain)
        found: dict[str, list[Hit]] = {}
        for phrase in spots:
            for key, term in self.led.get(phrase, ()):
                for start in _together(term, spots):
                    found.setdefault(key, []).append(Hit(term, start))
        return found

    def words(self) -> Iterator[str]:
        """Every word of the terms, folded; of one that may end in any way its beginning."""
        return (
            piece.text
            for line in self.terms.values()
            for term in line
            for part in term.parts
            for piece in part
            if piece.text.isalpha()
        )

    def _spots(self, plain: str) -> dict[Phrase, list[int]]:
        """Where each phrase of the vocabulary begins in a text."""
        said = list(_pieces(plain))
        pieces = [piece for piece, _ in said]
        spots: dict[Phrase, list[int]] = {}
        for at, (piece, start) in enumerate(said):
            for phrase in self._beginning(piece.text):
                if _goes_on(phrase, pieces, at):
                    spots.setdefault(phrase, []).append(start)
        return spots

    def _beginning(self, word: str) -> Iterator[Phrase]:
        yield from self.whole.get(word, ())
        for size in range(1, min(len(word), LONGEST_PIECE) + 1):
            yield from self.begun.get(word[:size], ())


def _together(term: Term, spots: Mapping[Phrase, Sequence[int]]) -> Iterator[int]:
    """Where the first part of a term stands near all its others."""
    first, *others = (spots.get(part, ()) for part in term.parts)
    for start in first:
        if all(any(abs(spot - start) <= NEAR for spot in other) for other in others):
            yield start


def _goes_on(phrase: Sequence[Piece], said: Sequence[Piece], at: int) -> bool:
    """Whether a phrase whose first piece stands at `at` goes on as it should."""
    if at + len(phrase) > len(said):
        return False
    return all(
        piece.is_(said[at + more]) and piece.apart == said[at + more].apart
        for more, piece in enumerate(phrase[1:], start=1)
    )


def _phrase(part: str) -> Phrase:
    pieces: list[Piece] = []
    for word in re.split(r"[\s-]+", fold(part).plain):
        open_ = word.endswith("*")
        inner = [piece for piece, _ in _pieces(word.removesuffix("*"))]
        for at, piece in enumerate(inner):
            pieces.append(Piece(piece.text, apart=at == 0, open=open_ and at == len(inner) - 1))
    if not any(char.isalnum() for piece in pieces for char in piece.text):
        raise ValueError(f"{part!r} is no word")
    return tuple(pieces)


def _pieces(plain: str) -> Iterator[tuple[Piece, int]]:
    """The pieces of a folded text, each with the place where it begins."""
    end = -1
    for match in _PIECE.finditer(plain):
        yield Piece(match[0].replace("'", ""), apart=match.start() > end), match.start()
        end = match.end()
