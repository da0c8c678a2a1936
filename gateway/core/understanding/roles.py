"""What part a piece of a text plays: which time is wanted, which is for a call, which words are the caller's name.

Rules find the candidates (`when`, `people`, `where`, `streets`), the trained part decides by what stands around them
(`surroundings`). Times are decided from left to right, each with the knowledge of what the one before turned out to be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.core.understanding.everyday import parted as without_words
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.model import Head
from gateway.core.understanding.people import Candidate
from gateway.core.understanding.surroundings import LOOSE, NO_ROLE, candidate_features, wish_features
from gateway.core.understanding.when import Wish, Wording

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
YES_NO = ("no", "yes")
# How likely a candidate has to be; chosen on texts of hands that the model had not seen.
SURE = {"name": 0.3, "zip": 0.5, "city": 0.4, "street_address": 0.4}
MOST = 24  # candidates that are weighed, from both ends of a text; nobody writes more
OR = "or "
_OR = re.compile(r"\s*(?:,\s*)?(?:\bor|\bo|/)\s*")


def times(text: Folded, found: Sequence[Wish], head: Head) -> tuple[str | None, str | None]:
    """The wanted time and the time for a call, each as words; None where the text gives none."""
    said: dict[str, list[str]] = {"timeline": [], "callback_time": []}
    roles: list[str] = []
    for place, wish in enumerate(found):
        role = likeliest(head.probabilities(wish_features(text, found, place, roles)))
        roles.append(role)
        if role != NO_ROLE:
            label, wording = field_of(role)
            instead = said[label] and _OR.fullmatch(text.plain[found[place - 1].end : wish.start]) is not None
            said[label].append(f"{OR if instead else ''}{wish.worded(wording)}")
    return joined(said["timeline"]), joined(said["callback_time"])


def _says(whole: str, part: str) -> bool:
    """Whether one piece says all of another: "friday afternoon" says "friday", "day after tomorrow" not "tomorrow"."""
    more = set(whole.split()) - set(part.split())
    return set(part.split()) <= set(whole.split()) and not more & {"after", "before", "by", "than", "not", "from"}


def likeliest(guess: Mapping[str, float]) -> str:
    """The role of a time: first the field, by all its wordings together, then the wording."""
    fields: dict[str, float] = {}
    for role, chance in guess.items():
        label = role.partition(", ")[0]
        fields[label] = fields.get(label, 0.0) + chance
    best = max(fields, key=lambda label: fields[label])
    return max((role for role in guess if role.partition(", ")[0] == best), key=lambda role: guess[role])


def field_of(role: str) -> tuple[str, Wording]:
    """The field of a role that is not NO_ROLE, and the wording."""
    label, _, wording = role.partition(", ")
    return label, Wording(wording) if wording else Wording.AS_SAID


def joined(said: Sequence[str]) -> str | None:
    """Pieces of one wish in one wording; what is said twice is kept once."""
    kept: list[str] = []
    open_ended = [words for words in said if LOOSE.match(words)]
    for words in said:
        if words in open_ended[1:]:
            continue
        if not any(_says(other, words) for other in kept):
            kept = [other for other in kept if not _says(words, other)]
            kept.append(words)
    return " ".join(kept).removeprefix(OR) if kept else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate and how likely it is the right one, 0..1."""

    candidate: Candidate
    chance: float


def chosen(text: Folded, found: Sequence[Candidate], head: Head, label: str) -> Choice | None:
    """The most likely candidate; None where nothing is likely to be one. Of two alike the later one wins."""
    best: Choice | None = None
    head, known = without_words(head)
    for candidate in found if len(found) <= MOST else (*found[: MOST // 2], *found[-MOST // 2 :]):
        chance = head.probabilities(candidate_features(text, candidate, label, known))["yes"] + candidate.favoured
        if best is None or chance >= best.chance:
            best = Choice(candidate, chance)
    return best if best is not None and best.chance >= SURE[label] else None


def parted(one: Choice | None, other: Choice | None) -> tuple[Choice | None, Choice | None]:
    """Of two choices that share words only the more likely one is kept: a house number is no ZIP code."""
    if one is None or other is None:
        return one, other
    if one.candidate.end <= other.candidate.start or other.candidate.end <= one.candidate.start:
        return one, other
    return (one, None) if one.chance >= other.chance else (None, other)
