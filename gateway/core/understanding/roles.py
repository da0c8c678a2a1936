"""What part a piece of a text plays: which time is wanted, which is for a call, which words are the caller's name.

Rules find the candidates (`when`, `people`), the trained part decides by what stands around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from zlib import crc32

from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.model import Head
from gateway.core.understanding.people import Candidate
from gateway.core.understanding.when import Wish

WISH_ROLES = ("none", "timeline", "callback_time")
NAME_ROLES = ("no", "yes")
SURE_OF_NAME = 0.45
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\sa-z\d]")
_SENTENCE = re.compile(r"[.!?\n]+")


def wish_features(text: Folded, wish: Wish, all_wishes: Sequence[Wish]) -> list[int]:
    """What is known of a time and its surroundings, as numbers below BUCKETS."""
    return _numbers("wish", _of_wish(text, wish, all_wishes))


def name_features(text: Folded, candidate: Candidate) -> list[int]:
    """What is known of words that may be a name, as numbers below BUCKETS."""
    return _numbers("name", _of_name(text, candidate))


def times(text: Folded, found: Sequence[Wish], head: Head) -> tuple[str | None, str | None]:
    """The wanted time and the time for a call, each as words; None where the text gives none."""
    by_role: dict[str, list[Wish]] = {role: [] for role in WISH_ROLES}
    for wish in found:
        guess = head.probabilities(wish_features(text, wish, found))
        by_role[max(guess, key=lambda role: guess[role])].append(wish)
    return _joined(by_role["timeline"]), _joined(by_role["callback_time"])


def _joined(wishes: Sequence[Wish]) -> str | None:
    said = list(dict.fromkeys(wish.said for wish in wishes))
    return " ".join(said) if said else None


def caller_name(text: Folded, found: Sequence[Candidate], head: Head) -> str | None:
    """The most likely name, as it was written; None where nothing is likely to be one."""
    best: tuple[float, str] | None = None
    for candidate in found:
        chance = head.probabilities(name_features(text, candidate))["yes"]
        if best is None or chance > best[0]:
            best = (chance, candidate.words)
    return best[1] if best is not None and best[0] >= SURE_OF_NAME else None


def _numbers(kind: str, names: Iterator[str]) -> list[int]:
    return sorted({crc32(f"{kind}/{name}".encode()) % BUCKETS for name in names})


def _around(text: Folded, start: int, end: int) -> Iterator[str]:
    before = _WORD.findall(text.plain[max(0, start - 60) : start])[-5:]
    after = _WORD.findall(text.plain[end : end + 60])[:5]
    for far, word in enumerate(reversed(before), 1):
        yield f"-{min(far, 3)} {word}"
        yield f"before {word}"
    for far, word in enumerate(after, 1):
        yield f"+{min(far, 3)} {word}"
        yield f"after {word}"
    yield f"-- {' '.join(before[-2:])}"
    yield f"--- {' '.join(before[-3:])}"
    yield f"++ {' '.join(after[:2])}"
    yield f"-+ {' '.join(before[-1:])} {' '.join(after[:1])}"


def _of_wish(text: Folded, wish: Wish, all_wishes: Sequence[Wish]) -> Iterator[str]:
    yield from _around(text, wish.start, wish.end)
    for word in wish.said.split():
        yield f"said {re.sub(r'[0-9]+', '#', word)}"
    yield f"all {re.sub(r'[0-9]+', '#', wish.said)}"
    yield f"as sent {re.sub(r'[0-9]+', '#', text.plain[wish.start : wish.end])}"
    left = max((match.end() for match in _SENTENCE.finditer(text.plain, 0, wish.start)), default=0)
    right = next((match.start() for match in _SENTENCE.finditer(text.plain, wish.end)), len(text.plain))
    for word in set(_WORD.findall(text.plain[left : wish.start])):
        yield f"left {word}"
    for word in set(_WORD.findall(text.plain[wish.end : right])):
        yield f"right {word}"
    for word in set(_WORD.findall(text.plain)):
        yield f"text {word}"
    place = all_wishes.index(wish)
    yield f"first {place == 0}"
    yield f"last {place == len(all_wishes) - 1}"
    yield f"count {min(len(all_wishes), 4)}"
    yield f"alone {wish.end - wish.start >= len(text.plain) - 4}"
    yield f"asks {'?' in text.plain[wish.end : right + 2]}"


def _of_name(text: Folded, candidate: Candidate) -> Iterator[str]:
    yield from _around(text, candidate.start, candidate.end)
    words = candidate.words.split()
    yield f"words {len(words)}"
    yield f"first {words[0].lower()}"
    yield f"shape {' '.join('X' if word.isupper() else 'Xx' if word[:1].isupper() else 'x' for word in words)}"
    for hint in candidate.hints:
        yield f"hint {hint}"
        yield f"hint {hint} {len(words)}"
    yield f"start {candidate.start == 0}"
    yield f"near start {candidate.start < 12}"
    yield f"end {len(text.plain.rstrip(' .!,')) <= candidate.end}"
    yield f"near end {len(text.plain) - candidate.end < 22}"
    yield f"hints {len(candidate.hints)}"
