"""Fitting the heads that choose a line of a menu: the lines of every trade, none at all, and the signs, all together.

Logistic regression by AdaGrad as in `fit`. A line's score is how the text reads for it, learnt from the texts of its
trade alone, and the weights of its signs, learnt from the texts of every trade. In one text of ten the signs are hidden,
so that the rest learns to do without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.menus import NO_SERVICE, NONE_AT_ALL, SIGNS
from gateway.core.understanding.model import Head
from gateway.training.fit import Example, Floats, packed


@dataclass(frozen=True, slots=True)
class Choice:
    """One text: its features and the truth among the lines of its trade, and the signs for some of these by number."""

    trade: str
    example: Example
    signs: Mapping[int, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class ChoosingCourse:
    """How long and how carefully to learn; the figures are the best of a cross-validation over hands."""

    epochs: int = 14
    rate: float = 0.5
    signs_rate: float = 0.2
    decay: float = 1e-4
    signs_decay: float = 1e-2
    drop: float = 0.2
    hide: float = 0.1
    seed: int = 7


def fit_services(
    choices: Sequence[Choice], classes: Mapping[str, Sequence[str]], course: ChoosingCourse | None = None
) -> dict[str, Head]:
    """Learn `service:TRADE` for every trade, `service` and `signs`. The same choices give the same bytes."""
    course = course or ChoosingCourse()
    chance = np.random.default_rng(course.seed)
    trades = {trade: _Table(len(lines)) for trade, lines in classes.items()}
    none = _Table(1)
    signs = np.zeros(BUCKETS, np.float32)
    signs_steps = np.ones(BUCKETS, np.float32)
    for epoch in range(course.epochs):
        left = 1 - epoch / course.epochs
        rate, signs_rate = course.rate * left + 0.02, course.signs_rate * left + 0.01
        for at in chance.permutation(len(choices)):
            choice = choices[at]
            features = choice.example.features
            features = features[chance.random(len(features)) >= course.drop]
            shown = choice.signs if chance.random() >= course.hide else {}
            if not len(features):
                continue
            table = trades[choice.trade]
            scores = table.scores(features)
            scores[0] += none.scores(features)[0]
            for line, numbers in shown.items():
                scores[line] += signs[numbers].sum()
            guess = np.exp(scores - scores.max())
            guess /= guess.sum()
            error = ((guess - choice.example.truth) * choice.example.weight).astype(np.float32)
            if float(error @ error) < 1e-6:
                continue
            table.learn(features, error, rate, course.decay)
            none.learn(features, error[:1], rate, course.decay)
            for line, numbers in shown.items():
                slope = float(error[line])
                signs_steps[numbers] += slope * slope
                signs[numbers] -= (
                    signs_rate * (slope + course.signs_decay * signs[numbers]) / np.sqrt(signs_steps[numbers])
                )
    heads = {f"service:{trade}": table.head(classes[trade]) for trade, table in trades.items()}
    heads[NONE_AT_ALL] = none.head((NO_SERVICE,))
    heads[SIGNS] = packed(signs[:, None], np.zeros(1, np.float32), ("sign",), step=1, quiet=0)
    return heads


class _Table:
    """The weights of every feature for some classes, as they are learnt."""

    def __init__(self, count: int) -> None:
        self._weights = np.zeros((BUCKETS, count), np.float32)
        self._steps = np.full((BUCKETS, 1), 1e-2, np.float32)
        self._bias = np.zeros(count, np.float32)
        self._bias_steps = 1e-2

    def scores(self, features: NDArray[np.int64]) -> Floats:
        size = np.float32(1 / np.sqrt(len(features)))
        scores: Floats = self._bias + size * self._weights[features].sum(axis=0)
        return scores

    def learn(self, features: NDArray[np.int64], error: Floats, rate: float, decay: float) -> None:
        size = np.float32(1 / np.sqrt(len(features)))
        squared = float(error @ error)
        self._steps[features] += squared * size * size
        slopes = size * error + decay * self._weights[features]
        self._weights[features] -= rate * slopes / np.sqrt(self._steps[features])
        self._bias_steps += squared
        self._bias -= rate * error / np.sqrt(self._bias_steps)

    def head(self, classes: Sequence[str]) -> Head:
        return packed(self._weights, self._bias, classes)
