"""The trained part of the reader: a linear score for every label, added up in pure Python.

A head decides one label among its classes. The weight of a feature for a class is one byte; a class's score is the sum of
its bytes at the text's features. Training is `gateway.training`; the file it writes is read here.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from gateway.core.understanding.features import BUCKETS
from gateway.core.understanding.spelling import Spelling, unpacked

MAGIC: Final = b"TBM2"
ZERO: Final = 128  # the byte that stands for the weight 0


class ModelError(ValueError):
    """The bytes are not a model that this version reads; says why."""


@dataclass(frozen=True, slots=True)
class Head:
    """One label's classes with a table of BUCKETS bytes for each; `scale` turns a byte into a score
    of a text with one feature; longer texts count each feature less, by the square root of their number."""

    classes: tuple[str, ...]
    biases: tuple[float, ...]
    scale: float
    tables: tuple[bytes, ...]

    def probabilities(self, features: Sequence[int]) -> dict[str, float]:
        """The probability of each class, summing to 1. Features are numbers below BUCKETS."""
        scores = self.scores(features)
        top = max(scores)
        weights = [math.exp(score - top) for score in scores]
        total = sum(weights)
        return {name: weight / total for name, weight in zip(self.classes, weights, strict=True)}

    def scores(self, features: Sequence[int]) -> list[float]:
        """The score of each class, to be compared with one another."""
        offset = ZERO * len(features)
        scale = self.scale / math.sqrt(len(features) or 1)
        picked = _bytes_at(features)
        return [
            bias + scale * (sum(picked(table)) - offset) for bias, table in zip(self.biases, self.tables, strict=True)
        ]

    def sum(self, features: Sequence[int]) -> float:
        """The weights of features for the first class added up, each counting in full however many there are."""
        return self.scale * (sum(_bytes_at(features)(self.tables[0])) - ZERO * len(features))


def _bytes_at(features: Sequence[int]) -> Callable[[bytes], tuple[int, ...]]:
    """What picks the bytes of a table at some features: three times as fast as asking the table for one after another,
    and most of the time of reading a text goes into this."""
    if len(features) < 2:
        return lambda table: tuple(table[one] for one in features)
    return itemgetter(*features)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt: the heads by name, and how the words are spelt that people write."""

    heads: Mapping[str, Head]
    spelling: Spelling = field(default_factory=Spelling)


def pack(model: Model, about: Mapping[str, str]) -> bytes:
    """A model as bytes: a header that says what is inside, then the tables, compressed."""
    heads = model.heads
    header = json.dumps(
        {
            "about": dict(about),
            "buckets": BUCKETS,
            "words": model.spelling.packed(),
            "heads": {
                name: {"classes": head.classes, "biases": head.biases, "scale": head.scale}
                for name, head in heads.items()
            },
        }
    ).encode()
    tables = zlib.compress(b"".join(table for head in heads.values() for table in head.tables), 9)
    return MAGIC + struct.pack(">II", len(header), len(tables)) + header + tables


def described(data: bytes) -> dict[str, str]:
    """What a packed model says of itself: from which texts it was learnt. ModelError when it is none."""
    try:
        if data[:4] != MAGIC:
            raise ModelError("not a model file")
        size = struct.unpack(">I", data[4:8])[0]
        return {str(name): str(value) for name, value in json.loads(data[12 : 12 + size])["about"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise ModelError(f"damaged: {error}") from error


def unpack(data: bytes) -> Model:
    """A packed model. ModelError when the bytes are damaged or of another version."""
    if data[:4] != MAGIC:
        raise ModelError("not a model file")
    try:
        header_size, tables_size = struct.unpack(">II", data[4:12])
        header = json.loads(data[12 : 12 + header_size])
        tables = zlib.decompress(data[12 + header_size : 12 + header_size + tables_size])
        if header["buckets"] != BUCKETS:
            raise ModelError(f"made for {header['buckets']} buckets, this version has {BUCKETS}")
        heads: dict[str, Head] = {}
        at = 0
        for name, head in header["heads"].items():
            count = len(head["classes"])
            cut = tuple(tables[at + i * BUCKETS : at + (i + 1) * BUCKETS] for i in range(count))
            at += count * BUCKETS
            if any(len(table) != BUCKETS for table in cut):
                raise ModelError("the tables are cut short")
            heads[name] = Head(tuple(head["classes"]), tuple(head["biases"]), float(head["scale"]), cut)
        spelling = unpacked(header["words"])
    except (ValueError, KeyError, TypeError, struct.error, zlib.error) as error:
        raise ModelError(f"damaged: {error}") from error
    return Model(heads, spelling)
