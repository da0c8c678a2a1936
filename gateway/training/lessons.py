"""From labelled texts to a model: which head learns what from which text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from gateway.core.understanding.features import features
from gateway.core.understanding.folded import fold
from gateway.core.understanding.model import Head
from gateway.core.understanding.people import candidates
from gateway.core.understanding.reader import NO_SERVICE, evidence
from gateway.core.understanding.roles import NAME_ROLES, WISH_ROLES, name_features, wish_features
from gateway.core.understanding.situations import situations
from gateway.core.understanding.vocabulary import Vocabulary
from gateway.core.understanding.when import wishes
from gateway.training.fit import Course, Example, Floats, fit
from gateway.training.labelled import INTENTS, MENUS, URGENCIES, Labelled
from gateway.training.score import same, within

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

YES_NO = ("no", "yes")
MAIN = 0.7  # share of the truth that the label itself gets where others are accepted too


def lesson(text: Labelled, menu: Vocabulary) -> Numbers:
    """The features of a text, as the reader sees them."""
    folded = fold(text.text)
    found = list(situations(folded))
    return np.array(
        features(folded.plain, evidence(folded, found, menu.counts(folded), timed=bool(wishes(folded)))), dtype=np.int64
    )


def truth(text: Labelled, label: str, classes: Sequence[str]) -> Floats:
    """How much of the truth each class has."""
    row = np.zeros(len(classes), np.float32)
    main = _named(text.labels[label], label)
    others = {_named(value, label) for value in text.accept.get(label, ())} - {main}
    row[classes.index(main)] = MAIN if others else 1.0
    for other in others:
        row[classes.index(other)] += (1 - MAIN) / len(others)
    return row


def _named(value: str | bool | None, label: str) -> str:
    if label in ("life_safety", "opt_out"):
        return YES_NO[bool(value)]
    return NO_SERVICE if not value else str(value)


def learn(texts: Sequence[Labelled], menus: Mapping[str, Vocabulary], course: Course) -> dict[str, Head]:
    """All heads of a model, learnt from texts."""
    prepared = [(text, lesson(text, menus[text.trade])) for text in texts]
    return {
        name: fit(examples, classes, course)
        for lessons in (label_lessons(prepared), role_lessons(texts))
        for name, classes, examples in lessons
    }


def label_lessons(prepared: Sequence[tuple[Labelled, Numbers]]) -> Iterator[tuple[str, Sequence[str], list[Example]]]:
    """What each head learns: its name, its classes and its examples, rare classes weighted up."""
    plain: Mapping[str, Sequence[str]] = {
        "intent": INTENTS,
        "urgency": URGENCIES,
        "life_safety": YES_NO,
        "opt_out": YES_NO,
    }
    for label, classes in plain.items():
        yield label, classes, balanced([Example(numbers, truth(text, label, classes)) for text, numbers in prepared])
    for trade, menu in MENUS.items():
        classes = (NO_SERVICE, *menu)
        rows = [(text, numbers) for text, numbers in prepared if text.trade == trade]
        if rows:
            yield (
                f"service:{trade}",
                classes,
                balanced([Example(numbers, truth(text, "service", classes)) for text, numbers in rows]),
            )


def role_lessons(texts: Sequence[Labelled]) -> Iterator[tuple[str, Sequence[str], list[Example]]]:
    """What tells a wanted time from one for a call and from any other, and the caller's name from other words."""
    times: list[Example] = []
    names: list[Example] = []
    for text in texts:
        folded = fold(text.text)
        found = wishes(folded)
        for wish in found:
            role = next(
                (role for role in WISH_ROLES[1:] if any(within(wish.said, said) for said in wordings(text, role))),
                "none",
            )
            times.append(
                Example(np.array(wish_features(folded, wish, found)), _one(WISH_ROLES.index(role), len(WISH_ROLES)))
            )
        for candidate in candidates(folded):
            right = any(same("name", said, candidate.words) for said in wordings(text, "name"))
            names.append(Example(np.array(name_features(folded, candidate)), _one(int(right), len(NAME_ROLES))))
    yield "wish", WISH_ROLES, times
    yield "name", NAME_ROLES, names


def wordings(text: Labelled, label: str) -> list[str]:
    """Every right wording of a field."""
    return [str(value) for value in text.accept.get(label, (text.labels[label],)) if value]


def _one(at: int, count: int) -> Floats:
    row = np.zeros(count, np.float32)
    row[at] = 1.0
    return row


def balanced(examples: Sequence[Example]) -> list[Example]:
    """Weights by which a rare class counts as much as the square root of how rare it is."""
    totals = sum((example.truth for example in examples), start=np.zeros_like(examples[0].truth))
    share = np.maximum(totals, 1.0) / max(len(examples), 1)
    weight = np.sqrt(1 / (share * len(share)))
    weight /= float((weight * share).sum())
    return [Example(example.features, example.truth, float(example.truth @ weight)) for example in examples]
