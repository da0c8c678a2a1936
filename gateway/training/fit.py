"""Fitting the linear reader: multinomial logistic regression by AdaGrad, one text after the other, reproducible.

Needs numpy, which the box itself does not: training runs in a process of its own and is gone afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.model import ZERO, Head

Floats = NDArray[np.float32]
QUIET = 8  # weights below this many 127ths of the largest are left out: half the bytes, and no worse on unseen texts
STEP = 4  # the others are kept in steps of this many


@dataclass(frozen=True, slots=True)
class Example:
    """One text for one head: its features, and how much of the truth each class has (a row that sums to 1)."""

    features: NDArray[np.int64]
    truth: Floats
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how carefully to learn."""

    epochs: int = 12
    rate: float = 0.5
    decay: float = 1e-4  # pull of every touched weight towards 0, per text
    drop: float = 0.2  # share of features hidden from the learner each time, so that none carries a text alone
    seed: int = 7
    runs: int = 1  # in other orders, with other features hidden: their mean hangs less on chance than any of them


def fit(examples: Sequence[Example], classes: Sequence[str], course: Course) -> Head:
    """Learn one head. The same examples in the same order give the same bytes."""
    learnt = [_run(examples, len(classes), course, course.seed + run) for run in range(course.runs)]
    weights = np.asarray(sum(weights for weights, _ in learnt) / course.runs, np.float32)
    return packed(weights, np.asarray(sum(bias for _, bias in learnt) / course.runs, np.float32), classes)


def _run(examples: Sequence[Example], count: int, course: Course, seed: int) -> tuple[Floats, Floats]:
    """Weights and biases as one order of the examples leaves them."""
    chance = np.random.default_rng(seed)
    weights = np.zeros((BUCKETS, count), np.float32)
    steps = np.full((BUCKETS, 1), 1e-2, np.float32)
    bias = np.zeros(count, np.float32)
    bias_steps = np.float32(1e-2)
    for epoch in range(course.epochs):
        rate = course.rate * (1 - epoch / course.epochs) + 0.02
        for at in chance.permutation(len(examples)):
            example = examples[at]
            features = example.features
            if course.drop:
                features = features[chance.random(len(features)) >= course.drop]
            if not len(features):
                continue
            size = np.float32(1 / np.sqrt(len(features)))
            scores = bias + size * weights[features].sum(axis=0)
            scores -= scores.max()
            guess = np.exp(scores)
            guess /= guess.sum()
            error = (guess - example.truth) * np.float32(example.weight)
            squared = float(error @ error)
            if squared < 1e-6:
                continue
            steps[features] += squared * size * size
            slopes = size * error + course.decay * weights[features]
            weights[features] -= rate * slopes / np.sqrt(steps[features])
            bias_steps += np.float32(squared)
            bias -= rate * error / np.sqrt(bias_steps)
    return weights, bias


def packed(weights: Floats, bias: Floats, classes: Sequence[str], *, step: int = STEP, quiet: int = QUIET) -> Head:
    """Weights as bytes. The largest 0.01 % are cut off so that the rest keeps its resolution."""
    seen = np.abs(weights[weights != 0])
    top = float(np.quantile(seen, 0.9999)) if len(seen) else 1.0
    scale = max(top, 1e-6) / 127
    steps = np.clip(np.rint(weights / scale / step) * step, -124, 124)
    table = np.where(np.abs(steps) < quiet, 0, steps).astype(np.int16) + ZERO
    return Head(
        classes=tuple(classes),
        biases=tuple(float(round(value, 6)) for value in bias),
        scale=scale,
        tables=tuple(table[:, i].astype(np.uint8).tobytes() for i in range(len(classes))),
    )
