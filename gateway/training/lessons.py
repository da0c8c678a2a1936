"""From labelled texts to a model: which head learns what from which text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gateway.core.understanding.features import features
from gateway.core.understanding.folded import fold
from gateway.core.understanding.model import Head
from gateway.core.understanding.reader import NO_SERVICE, evidence
from gateway.core.understanding.situations import situations
from gateway.training.fit import Course, Example, Floats, fit
from gateway.training.labelled import INTENTS, MENUS, URGENCIES, Labelled

YES_NO = ("no", "yes")
MAIN = 0.7  # share of the truth that the label itself gets where others are accepted too
DANGERS = 1.5  # a missed emergency, danger or opt-out costs more than a false one


def lesson(text: Labelled) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The features of a text, as the reader sees them."""
    folded = fold(text.text)
    return np.array(features(folded.plain, evidence(folded, list(situations(folded)))), dtype=np.int64)


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


def learn(texts: Sequence[Labelled], course: Course) -> dict[str, Head]:
    """All heads of a model, learnt from texts."""
    prepared = [(text, lesson(text)) for text in texts]
    heads: dict[str, Head] = {}
    plain: Mapping[str, Sequence[str]] = {
        "intent": INTENTS,
        "urgency": URGENCIES,
        "life_safety": YES_NO,
        "opt_out": YES_NO,
    }
    for label, classes in plain.items():
        examples = []
        for text, numbers in prepared:
            row = truth(text, label, classes)
            danger = row[-1] > 0.5 if classes is YES_NO else label == "urgency" and row[0] > 0.5
            examples.append(Example(numbers, row, DANGERS if danger else 1.0))
        heads[label] = fit(examples, classes, course)
    for trade, menu in MENUS.items():
        classes = (NO_SERVICE, *menu)
        examples = [
            Example(numbers, truth(text, "service", classes)) for text, numbers in prepared if text.trade == trade
        ]
        if examples:
            heads[f"service:{trade}"] = fit(examples, classes, course)
    return heads
