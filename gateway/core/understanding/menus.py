"""Which line of a menu a text is about.

Two things speak for a line: how the whole text reads (`service:TRADE`, learnt for the lines that a trade comes with), and
signs about the words found for it, which mean the same for every line of every menu: found at all, found first, denied.
So a line that a business has added is told by its words alone, and weighed with the same weights. "None" is a line as
well; it is learnt from the texts of all trades together (`service`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from gateway.core.understanding.circumstances import Standing, standing
from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.model import Head
from gateway.core.understanding.vocabulary import Hit, Vocabulary

NO_SERVICE: Final = "-"
SIGNS: Final = "signs"  # the head that weighs them
NONE_AT_ALL: Final = "service"  # the head that tells texts of any trade that name no service
EARLY = 40  # characters: what a text begins with is rarely an aside
MANY_LINES = 4
ALL_DENIED: Final = "all denied"
# What the terms of a line add on average once it has been learnt; a business's own lines get it for theirs.
UNLEARNT = 2.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signs for each line of a menu that has any, and those for none of them, as numbers below BUCKETS.

    `denied` are the lines that the text names only to say that it is not about them."""

    lines: Mapping[str, tuple[int, ...]]
    none: tuple[int, ...]
    denied: frozenset[str] = frozenset()


def evidence_of(text: Folded, hits: Mapping[str, Sequence[Hit]]) -> Evidence:
    """What the words that a text has of a menu say."""
    none = [f"lines {min(len(hits), MANY_LINES)}"]
    if not hits:
        none.append(f"length {min(len(text.plain) // 30, 6)}")
    signs = dict(_signs(text, hits))
    denied = frozenset(key for key, names in signs.items() if ALL_DENIED in names)
    return Evidence({key: _numbers(names) for key, names in signs.items()}, _numbers(none), denied)


def _signs(text: Folded, hits: Mapping[str, Sequence[Hit]]) -> Iterator[tuple[str, list[str]]]:
    stands = {hit.start: standing(text, hit.start, hit.start + 1) for line in hits.values() for hit in line}
    terms = {key: {hit.term for hit in line} for key, line in hits.items()}
    most = max(map(len, terms.values()), default=0)
    first = min(stands, default=0)
    last = max(stands, default=0)
    for key, line in hits.items():
        starts = [hit.start for hit in line]
        ways = {stands[start] for start in starts}
        told = {
            "found": True,
            "twice": len(terms[key]) >= 2,
            "thrice": len(terms[key]) >= 3,
            "most": len(terms[key]) == most,
            "alone": len(hits) == 1,
            "one of two": len(hits) == 2,
            "first": min(starts) == first,
            "last": max(starts) == last,
            "early": min(starts) < EARLY,
            "joined": any(len(hit.term.parts) > 1 for hit in line),
            "phrase": any(len(hit.term.parts[0]) > 1 for hit in line),
            ALL_DENIED: ways == {Standing.DENIED},
            "all past": ways == {Standing.PAST},
        }
        names = [name for name, so in told.items() if so]
        names += [f"stands {way}" for way in ways]
        names += [f"term {key}/{term.written}" for term in terms[key]]
        yield key, names


def _numbers(names: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted(crc32(f"sign/{name}".encode()) % BUCKETS for name in names))


def choose(
    menu: Vocabulary,
    trade: str,
    heads: Mapping[str, Head],
    features: Sequence[int],
    evidence: Evidence,
    added: Mapping[str, int] | None = None,
) -> str | None:
    """The line of the menu a text is about, None where it names none of them. `features` are those of the words alone.

    What the business has `added` to the words of its menu decides. A line that the trade has and the business has not is
    as good as none, unless a line of the business's own is named.
    """
    if added:
        return max(added, key=lambda key: added[key])
    head = heads.get(f"service:{trade}")
    reads = dict(zip(head.classes, head.scores(features), strict=True)) if head else {NO_SERVICE: 0.0}
    weigh = heads[SIGNS].sum
    none = reads.pop(NO_SERVICE) + heads[NONE_AT_ALL].scores(features)[0] + weigh(evidence.none)
    own = [key for key in evidence.lines if key not in reads]
    at_best = max(reads.values(), default=0.0) + UNLEARNT
    reads |= {key: 0.0 if key in evidence.denied else at_best for key in own}
    scores = {key: score + weigh(evidence.lines.get(key, ())) for key, score in reads.items()}
    here = {key: score for key, score in scores.items() if key in menu.terms}
    if not here:
        return None
    best = max(here, key=lambda key: here[key])
    against = (
        [none] if set(own) - evidence.denied else [none, *(score for key, score in scores.items() if key not in here)]
    )
    return best if here[best] > _log_sum(against) else None


def _log_sum(scores: Sequence[float]) -> float:
    top = max(scores)
    return top + math.log(sum(math.exp(score - top) for score in scores))
