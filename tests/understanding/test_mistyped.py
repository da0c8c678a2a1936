"""The texts of unseen hands once more, with every sixth longer word mistyped: they are read nearly as well."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from gateway.reading import load_reader
from gateway.settings.trades import load_trades
from gateway.training.__main__ import TEST_TEXTS, TEXTS
from gateway.training.labelled import read_all, unseen
from gateway.training.score import score

SHARE = 0.15
NEIGHBOURS = dict(zip("asdertionmlnkughcvbp", "safretoimnkmlyjfjbvn", strict=False))
FLOORS = {"emergency recall": 0.955, "emergency precision": 0.88, "life-safety recall": 0.935, "opt-out recall": 0.90}


def mistyped(text: str, chance: random.Random) -> str:
    """A text as a hasty thumb writes it."""

    def slip(match: re.Match[str]) -> str:
        return _slip(match.group(), chance) if chance.random() < SHARE else match.group()

    return re.sub(r"[A-Za-zñáéíóú]{4,}", slip, text)


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 2:
            return word[:at] + word[at] + word[at:]
        case _:
            return word[:at] + NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :]


def test_mistyped_texts_are_read_nearly_as_well() -> None:
    chance = random.Random(1)
    reader = load_reader(load_trades())
    texts = [replace(one, text=mistyped(one.text, chance)) for one in unseen(read_all(TEST_TEXTS), read_all(TEXTS))]
    figures = score(texts, reader.read).figures()
    assert {name: figures[name] for name, floor in FLOORS.items() if figures[name] < floor} == {}
