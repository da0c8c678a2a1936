"""What tells a danger, an emergency or an opt-out: word classes, which of them stand together, and how they stand.

A second look beside `features`: fewer features, so that what the rules found is not drowned by the letters of street
names. Intent and what is urgent are weighed with it as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from zlib import crc32

from gateway.core.understanding.circumstances import Standing
from gateway.core.understanding.features import BUCKETS, LONGEST
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.meanings import meaning
from gateway.core.understanding.optouts import Said
from gateway.core.understanding.situations import Found

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[.!?;,\n]")
_SMALL = frozenset(
    "the a an is are it its my our your you we i im to of and in on at for so that this with been be has have just get got"
    " el la los las un una de del y que en mi se me le lo es esta por con al su uh um hi hello hola".split()
)
NEAR = 8  # meanings; words further apart in one clause rarely belong together
_LINE_ENDS = frozenset(".!?;,\n")


def signs(text: Folded, found: Sequence[Found], of_texts: Said) -> list[int]:
    """The distinct signs of a text, as numbers below BUCKETS in ascending order; `of_texts` is how it speaks of texts."""
    return sorted({crc32(name.encode()) % BUCKETS for name in _names(text, found, of_texts)})


def _names(text: Folded, found: Sequence[Found], of_texts: Said) -> Iterator[str]:
    tokens = [word.replace("'", "") for word in _WORD.findall(text.plain)[:LONGEST]]
    yield f"size {min(len(tokens), 60) // 6}"
    yield f"texts {of_texts.wish}"
    yield from _of_words(tokens)
    yield from _of_meanings(tokens)
    yield from _of_situations(found)


def _of_words(tokens: Sequence[str]) -> Iterator[str]:
    """Words, and which stand beside or one apart from each other, by meaning where they have one."""
    said = []
    for token in tokens:
        if token in _LINE_ENDS:
            continue
        yield f"w {token}"
        if token not in _SMALL:
            kind = meaning(token)
            said.append(kind.upper() if kind else token)
    for one, two in pairwise(["<", *said, ">"]):
        yield f"{one} {two}"
    for one, two in zip(said, said[2:], strict=False):
        yield f"{one} _ {two}"


def _of_meanings(tokens: Sequence[str]) -> Iterator[str]:
    """Meanings, which follow each other within a clause, and which a text has together."""
    clause: list[str] = []
    seen: list[str] = []
    for token in tokens:
        if token in _LINE_ENDS:
            clause.clear()
            continue
        kind = meaning(token)
        if kind is None:
            continue
        for other in clause[-NEAR:]:
            yield f"{other}~{kind}"
        clause.append(kind)
        if kind not in seen:
            yield f"k {kind}"
            for other in seen:
                yield f"{min(other, kind)}+{max(other, kind)}"
            seen.append(kind)


def _of_situations(found: Sequence[Found]) -> Iterator[str]:
    """What the rules found, how it stands, and which of it stands together."""
    yield from {f"s {one.situation.name}:{one.standing}" for one in found}
    now = sorted({one.situation.name for one in found if one.standing is Standing.NOW})
    for one, two in combinations(now, 2):
        yield f"s {one} & {two}"
    weights = {one.situation.weight for one in found if one.standing is Standing.NOW}
    yield f"weights {sorted(weights)}"
