"""What stands around a time, a name or a place in a text, and what it is made of: the features by which `roles` chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from zlib import crc32

from gateway.core.understanding.everyday import Everyday
from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.meanings import meaning
from gateway.core.understanding.people import Candidate
from gateway.core.understanding.when import Wish

NO_ROLE = "none"
NOTHING_KNOWN = Everyday()
# A wish that leaves the time open; one of them is enough.
LOOSE = re.compile(
    r"no (?:rush|hurry)|not (?:urgent|in )|when(?:ever)?\b|flexible|anytime|at your (?:leisure|convenience)"
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\sa-z\d]")
_TAKEN_BACK = re.compile(
    r"\b(?:no,? wait|wait|actually|sorry|i mean(?:t)?|make (?:it|that)|scratch|correction|digo|perdon|mejor|mas bien|instead|rather|no,)"
)
_SENTENCE = re.compile(r"[.!?\n]+(?!\d)")
_NEAR = 60  # characters on either side that are looked at word by word
_SIDE = 300  # characters of a sentence on either side; a text without any stop is no longer a sentence
# Words that tell what a time is for, in either language.
_HINTS = {
    "call": r"call(?:ed|ing|s)?|ring|phone|telephone|reach|reachable|contact|talk|speak|catch|try me|callback|coordinate|coordinar|llam\w+|marqu\w+|marc[ae]\w*|habl\w+|comuni\w+|contest\w+",
    "come": r"come|send|stop|swing|visit|out|venir|vengan?|pasar?|pasen|mand\w+|over",
    "book": r"book|schedule|appt|appointment|cita|slot|opening|openings|availab\w+|disponib\w+|agendar?",
    "move": r"move|moved?|reschedul\w+|push|switch|instead|change|bump|cambi\w+|mover|pasar|mejor|reprogram\w+",
    "not": r"cant|can't|cannot|won't|wont|not|don't|dont|no|never|unable|except",
    "past": r"since|ago|last|was|were|came|started|broke|went|yesterday|did|had|said|told|quit|desde|hace|ayer|vino|vinieron|fue|anoche",
    "event": r"closing|close|arriv\w+|guests?|party|movers?|moving|inspection|listing|lease|closes|land[s]?|lleg\w+|mud\w+|entreg\w+|tenants?|check|deliver\w+|wedding|company|visit\w*|opens?|shift|flight|work",
    "then": r"then|that|before|b4|antes|after|despues",
    "free": r"free|home|off|work|works|best|good|fine|prefer\w*|available|estoy|libre|descanso|lunch",
    "weather": r"rain\w*|storm\w*|snow\w*|freez\w*|cold|hot|forecast|lluvia|tormenta|degrees|hail|wind",
}  # fmt: skip
_HINT = re.compile(rf"\b(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _HINTS.items())})\b")


def wish_features(text: Folded, found: Sequence[Wish], place: int, before: Sequence[str]) -> list[int]:
    """What is known of the time `found[place]` and its surroundings, as numbers below BUCKETS; `before` are the roles of
    the times before it."""
    return _numbers("wish", _of_wish(text, found, place, before))


def candidate_features(text: Folded, candidate: Candidate, label: str, known: Everyday = NOTHING_KNOWN) -> list[int]:
    """What is known of words that may be the name, the ZIP code, the city or the address, as numbers below BUCKETS."""
    names = _of_candidate(text, candidate, label)
    return _numbers(label, chain(names, _familiar(text, candidate, known)) if known and label == "name" else names)


def _numbers(kind: str, names: Iterator[str]) -> list[int]:
    return sorted({crc32(f"{kind}/{name}".encode()) % BUCKETS for name in names})


def _around(text: Folded, start: int, end: int) -> Iterator[str]:
    before = _WORD.findall(text.plain[max(0, start - _NEAR) : start])[-5:]
    after = _WORD.findall(text.plain[end : end + _NEAR])[:5]
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


def _shape(words: str) -> str:
    return re.sub(r"[0-9]+", "#", words)


def _of_wish(text: Folded, found: Sequence[Wish], place: int, before: Sequence[str]) -> Iterator[str]:
    wish = found[place]
    yield from _around(text, wish.start, wish.end)
    for word in wish.said.split():
        yield f"said {_shape(word)}"
    shape = _shape(wish.said)
    yield f"all {shape}"
    yield f"bound {wish.bound}"
    yield f"bound {wish.bound} {shape}"
    yield f"as sent {_shape(text.plain[wish.start : wish.end])}"
    farthest = max(0, wish.start - _SIDE), min(len(text.plain), wish.end + _SIDE)
    left = max((match.end() for match in _SENTENCE.finditer(text.plain, farthest[0], wish.start)), default=farthest[0])
    right = next((match.start() for match in _SENTENCE.finditer(text.plain, wish.end, farthest[1])), farthest[1])
    for word in set(_WORD.findall(text.plain[left : wish.start])):
        yield f"left {word}"
    for word in set(_WORD.findall(text.plain[wish.end : right])):
        yield f"right {word}"
    for hint in _hints(text, left, wish.start):
        yield f"hint left {hint}"
        yield f"hint left {hint} {wish.bound}"
    for hint in _hints(text, max(left, wish.start - 22), wish.start):
        yield f"hint near left {hint}"
    for hint in _hints(text, wish.end, right):
        yield f"hint right {hint}"
    for hint in _hints(text, wish.end, min(right, wish.end + 22)):
        yield f"hint near right {hint}"
    for hint in _hints_anywhere(text):
        yield f"hint anywhere {hint}"
    for hint in _hints(text, right, min(len(text.plain), right + 60)):
        yield f"hint sentence behind {hint}"
    for hint in _hints(text, max(0, left - 60), left):
        yield f"hint sentence before {hint}"
    yield from _meant(text, wish, left, right)
    yield from _nearest(text, wish)
    yield from _beside(text, found, place, before)
    yield f"alone {wish.end - wish.start >= len(text.plain) - 4}"
    yield f"asks {'?' in text.plain[wish.end : right + 2]}"


def _meant(text: Folded, wish: Wish, left: int, right: int) -> Iterator[str]:
    """What the words of the sentence before and behind a time mean, and of the clause that it stands in."""
    for side, words in (
        ("left", _WORD.findall(text.plain[left : wish.start])),
        ("right", _WORD.findall(text.plain[wish.end : right])),
    ):
        meant = [kind for word in words if (kind := meaning(word.replace("'", "")))]
        for kind in set(meant):
            yield f"means {side} {kind}"
        if meant:
            nearest = meant[-1] if side == "left" else meant[0]
            yield f"means nearest {side} {nearest}"
            yield f"means nearest {side} {nearest} {wish.bound}"
    start = max((match.end() for match in _CLAUSE.finditer(text.plain, left, wish.start)), default=left)
    clause = _WORD.findall(text.plain[start : wish.start])
    yield f"clause {' '.join(clause[:2])}"
    yield f"clause {' '.join(clause[:1])} {wish.bound}"
    yield f"clause length {min(len(clause), 8)}"
    for word in set(clause):
        yield f"clause word {word}"


_CLAUSE = re.compile(r",|;| - |\b(?:and|but|so|because|cuz|bc|y|pero|porque|asi que|que)\b")


def _nearest(text: Folded, wish: Wish) -> Iterator[str]:
    """The words nearest to a time that say what it is for: "call", "come", "moved from"."""
    before = [
        match
        for match in _HINT.finditer(text.plain, max(0, wish.start - 120), wish.start)
        if match.lastgroup in _PURPOSES
    ]
    after = next(
        (
            match
            for match in _HINT.finditer(text.plain, wish.end, min(len(text.plain), wish.end + 80))
            if match.lastgroup in _PURPOSES
        ),
        None,
    )
    near = before[-1] if before else None
    left = f"{near.lastgroup} {_far(text, near.end(), wish.start)}" if near else "nothing"
    right = f"{after.lastgroup} {_far(text, wish.end, after.start())}" if after else "nothing"
    yield f"for {left}"
    yield f"for {near.lastgroup if near else 'nothing'}"
    yield f"then {right}"
    yield f"for {near.lastgroup if near else 'nothing'} then {after.lastgroup if after else 'nothing'}"
    yield f"for {left} {wish.bound}"
    if near:
        yield f"for word {near.group()}"
        yield f"not for {near.lastgroup} {bool(_DENIED.search(text.plain, max(0, near.start() - 14), near.start()))} {wish.bound}"
    if len(before) > 1:
        yield f"for {before[-2].lastgroup} and {before[-1].lastgroup}"


def _far(text: Folded, start: int, end: int) -> str:
    """How far two places of a text are apart: in one breath, in one sentence, or further."""
    between = text.plain[start:end]
    if _SENTENCE.search(between):
        return "beyond"
    return "near" if len(between) < 12 else "within" if len(between) < 40 else "far"


_PURPOSES = frozenset({"call", "come", "book", "move", "past", "event", "free"})
_DENIED = re.compile(r"\b(?:not|dont|don't|no|never|cant|can't)\b")


def _hints(text: Folded, start: int, end: int) -> set[str]:
    return {match.lastgroup for match in _HINT.finditer(text.plain, start, end) if match.lastgroup}


@lru_cache(maxsize=1)
def _hints_anywhere(text: Folded) -> set[str]:
    """Found once for all the times of a text."""
    return _hints(text, 0, len(text.plain))


def _beside(text: Folded, found: Sequence[Wish], place: int, before: Sequence[str]) -> Iterator[str]:
    """What is known of the times before and after one."""
    wish = found[place]
    role_before = before[-1] if before else NO_ROLE
    taken = sorted({role.partition(", ")[0] for role in before} - {NO_ROLE})
    loose = bool(LOOSE.match(wish.said))
    firm = sum(not LOOSE.match(other.said) for at, other in enumerate(found) if at != place)
    yield f"taken {taken}"
    yield f"taken {taken} {_shape(wish.said)}"
    yield f"loose {loose} beside {min(firm, 3)}"
    yield f"loose {loose} beside {firm > 0} {taken}"
    yield f"roles {before[-2:]}"
    yield f"first {place == 0}"
    yield f"last {place == len(found) - 1}"
    yield f"count {min(len(found), 6)}"
    yield f"role {role_before}"
    if place:
        gap = _WORD.findall(text.plain[found[place - 1].end : wish.start])
        between = " ".join(gap) if len(gap) <= 3 else "far" if len(gap) > 8 else "some"
        yield f"gap {between}"
        yield f"gap {between} {role_before}"
        yield f"former {_shape(found[place - 1].said)}"
        for word in set(gap[:12]):
            yield f"in gap {word}"
    if place + 1 < len(found):
        gap = _WORD.findall(text.plain[wish.end : found[place + 1].start])
        between = " ".join(gap) if len(gap) <= 3 else "far" if len(gap) > 8 else "some"
        yield f"next gap {between}"
        yield f"latter {_shape(found[place + 1].said)}"
        yield f"latter {between} {_shape(found[place + 1].said)}"
        for word in set(gap[:12]):
            yield f"in next gap {word}"
        yield f"taken back {bool(_TAKEN_BACK.search(text.plain, wish.end, found[place + 1].start))}"


def _of_candidate(text: Folded, candidate: Candidate, label: str) -> Iterator[str]:
    yield from _around(text, candidate.start, candidate.end)
    words = text.sent[candidate.start : candidate.end].split()
    yield f"words {len(words)}"
    if label != "zip":
        yield f"first {words[0].lower()}"
        yield f"last {words[-1].lower()}"
    yield f"shape {' '.join('X' if word.isupper() else 'Xx' if word[:1].isupper() else 'x' for word in words)}"
    for hint in candidate.hints:
        yield f"hint {hint}"
        yield f"hint {hint} {len(words)}"
    yield f"start {candidate.start == 0}"
    yield f"near start {candidate.start < 12}"
    yield f"end {len(text.plain.rstrip(' .!,')) <= candidate.end}"
    yield f"near end {len(text.plain) - candidate.end < 22}"
    for hint in _hints(text, max(0, candidate.start - 40), candidate.start):
        yield f"near left {hint}"


def _familiar(text: Folded, candidate: Candidate, known: Everyday) -> Iterator[str]:
    """How well the words of a candidate and beside it are known, with its letters and what introduces it."""
    start, end = candidate.start, candidate.end
    levels = known.levels(text.plain[start:end])
    letters = "shouted" if text.sent.isupper() else "capital" if text.sent[start].isupper() else "small"
    before = _LAST_WORD.search(text.plain[max(0, start - 20) : start])
    after = _NEXT_WORD.match(text.plain, end)
    yield f"known {levels}"
    yield f"known {levels} {letters}"
    yield f"known first {levels[:1]} {letters}"
    place = f"{start == 0} {len(text.plain.rstrip(' .!,')) <= end} {_SENTENCE.search(text.plain, end) is None}"
    sorts = next((hint for hint in candidate.hints if hint.startswith("between")), "")
    yield f"known {levels} {letters} at {place}"
    yield f"known {levels} at {place} {sorts}"
    yield f"{sorts} {letters} at {place}"
    yield f"known {levels} {letters} before {after[1] if after else '-'}"
    yield f"known {levels} {letters} after {before[1] if before else '-'}"
    yield f"known {levels} between {known.level(before[1]) if before else '-'} {known.level(after[1]) if after else '-'}"
    for hint in candidate.hints:
        if hint.startswith(("between", "stops")):
            yield f"known {levels} {letters} {hint}"
        elif "introduced" in hint:
            yield f"known {levels} {hint}"


_LAST_WORD = re.compile(r"([a-z]+) $")
_NEXT_WORD = re.compile(r" ([a-z]+)")
