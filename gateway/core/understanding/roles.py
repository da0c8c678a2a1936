"""What part a piece of a text plays: which time is wanted, which is for a call, which words are the caller's name.

Rules find the candidates (`when`, `people`), the trained part decides by what stands around them. Times are decided from
left to right, each with the knowledge of what the one before turned out to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from zlib import crc32

from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.model import Head
from gateway.core.understanding.people import Candidate
from gateway.core.understanding.when import Wish, Wording

NO_ROLE = "none"
# A role is the field a time goes into and the wording it goes in with.
WISH_ROLES = (
    NO_ROLE,
    "timeline",
    "timeline, bare",
    "timeline, before",
    "timeline, after",
    "callback_time",
    "callback_time, bare",
    "callback_time, before",
    "callback_time, after",
)
NAME_ROLES = ("no", "yes")
SURE_OF_NAME = 0.35
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\sa-z\d]")
_SENTENCE = re.compile(r"[.!?\n]+(?!\d)")
_NEAR = 60  # characters on either side that are looked at word by word
# Words that tell what a time is for, in either language.
_HINTS = {
    "call": r"call(?:ed|ing|s)?|ring|phone|telephone|reach|contact|talk|speak|calls?|callback|llam\w+|marqu\w+|marc[ae]\w*|habl\w+|comuni\w+|contest\w+",
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


def wish_features(text: Folded, found: Sequence[Wish], place: int, before: str) -> list[int]:
    """What is known of the time `found[place]` and its surroundings, as numbers below BUCKETS; `before` is the role of
    the time before it."""
    return _numbers("wish", _of_wish(text, found, place, before))


def name_features(text: Folded, candidate: Candidate) -> list[int]:
    """What is known of words that may be a name, as numbers below BUCKETS."""
    return _numbers("name", _of_name(text, candidate))


def times(text: Folded, found: Sequence[Wish], head: Head) -> tuple[str | None, str | None]:
    """The wanted time and the time for a call, each as words; None where the text gives none."""
    said: dict[str, list[str]] = {"timeline": [], "callback_time": []}
    role = NO_ROLE
    for place, wish in enumerate(found):
        guess = head.probabilities(wish_features(text, found, place, role))
        role = max(guess, key=lambda name: guess[name])
        if role != NO_ROLE:
            label, wording = field_of(role)
            said[label].append(wish.worded(wording))
    return joined(said["timeline"]), joined(said["callback_time"])


def field_of(role: str) -> tuple[str, Wording]:
    """The field of a role that is not NO_ROLE, and the wording."""
    label, _, wording = role.partition(", ")
    return label, Wording(wording) if wording else Wording.AS_SAID


def joined(said: Sequence[str]) -> str | None:
    """Pieces of one wish in one wording; what is said twice is kept once."""
    kept: list[str] = []
    for words in said:
        if not any(set(words.split()) <= set(other.split()) for other in kept):
            kept = [other for other in kept if not set(other.split()) <= set(words.split())]
            kept.append(words)
    return " ".join(kept) if kept else None


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


def _of_wish(text: Folded, found: Sequence[Wish], place: int, role_before: str) -> Iterator[str]:
    wish = found[place]
    yield from _around(text, wish.start, wish.end)
    for word in wish.said.split():
        yield f"said {_shape(word)}"
    shape = _shape(wish.said)
    yield f"all {shape}"
    yield f"bound {wish.bound}"
    yield f"bound {wish.bound} {shape}"
    yield f"as sent {_shape(text.plain[wish.start : wish.end])}"
    left = max((match.end() for match in _SENTENCE.finditer(text.plain, 0, wish.start)), default=0)
    right = next((match.start() for match in _SENTENCE.finditer(text.plain, wish.end)), len(text.plain))
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
    for hint in _hints(text, max(0, left - 60), left):
        yield f"hint sentence before {hint}"
    yield from _beside(text, found, place, role_before)
    yield f"alone {wish.end - wish.start >= len(text.plain) - 4}"
    yield f"asks {'?' in text.plain[wish.end : right + 2]}"


def _hints(text: Folded, start: int, end: int) -> set[str]:
    return {match.lastgroup for match in _HINT.finditer(text.plain, start, end) if match.lastgroup}


def _beside(text: Folded, found: Sequence[Wish], place: int, role_before: str) -> Iterator[str]:
    """What is known of the times before and after one."""
    wish = found[place]
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


def _of_name(text: Folded, candidate: Candidate) -> Iterator[str]:
    yield from _around(text, candidate.start, candidate.end)
    words = candidate.words.split()
    yield f"words {len(words)}"
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
