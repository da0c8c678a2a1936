"""YAML nodes with the places in the text at which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from gateway.settings.edit.data import Data, plain


@dataclass(slots=True)
class Value:
    """A single value. `start` to `end` is what is written for it, quotes and anchor included; both are equal where nothing is."""

    start: int
    end: int
    text: str
    quote: str  # "" for a plain one, else the character it begins with
    anchor: str = ""


@dataclass(slots=True)
class Alias:
    """`*name`, and what it stands for."""

    start: int
    end: int
    target: Marked
    anchor: str = ""


@dataclass(slots=True)
class Sequence:
    """A list, in brackets (`flow`) or with dashes."""

    start: int
    end: int
    flow: bool
    nodes: list[Marked] = field(default_factory=list)
    anchor: str = ""


@dataclass(slots=True)
class Pair:
    """One `key: node`. `colon` is the place behind the colon."""

    start: int
    colon: int
    key: str
    node: Marked
    merges: bool = False  # "<<: *other"


@dataclass(slots=True)
class Table:
    """Names with values, in braces (`flow`) or below each other."""

    start: int
    end: int
    flow: bool
    pairs: list[Pair] = field(default_factory=list)
    anchor: str = ""

    def pair(self, key: str) -> Pair | None:
        return next((pair for pair in self.pairs if pair.key == key and not pair.merges), None)


Marked = Value | Alias | Sequence | Table


def marked(text: str) -> Marked:
    """The nodes of a text that `gateway.settings.yamlnodes.read_nodes` has taken (so that it is known to be small and sound)."""
    return _Marking(text).document()


def data_of(node: Marked) -> Data:
    """What a node says, as `gateway.settings.yamlnodes` would read it."""
    match node:
        case Value():
            return plain(node.text, quoted=bool(node.quote))
        case Alias():
            return data_of(node.target)
        case Sequence():
            return [data_of(inner) for inner in node.nodes]
        case Table():
            merged: dict[str, Data] = {}
            for pair in node.pairs:
                if pair.merges:
                    source = data_of(pair.node)
                    for each in source if isinstance(source, list) else [source]:
                        assert isinstance(each, dict)  # the reading has refused everything else
                        merged = {**each, **merged}
            own: dict[str, Data] = {}
            for pair in node.pairs:
                if not pair.merges and pair.key not in own:
                    own[pair.key] = data_of(pair.node)
            return merged | own


def walk(node: Marked) -> Iterator[Marked]:
    """The node and all below it, in the order of the text."""
    yield node
    if isinstance(node, Sequence):
        for inner in node.nodes:
            yield from walk(inner)
    elif isinstance(node, Table):
        for pair in node.pairs:
            yield from walk(pair.node)


_COLON = re.compile(r"\s*:")


class _Marking:
    def __init__(self, text: str) -> None:
        self._text = text
        self._events = yaml.parse(text, Loader=yaml.SafeLoader)
        self._anchors: dict[str, Marked] = {}

    def document(self) -> Marked:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                node = self._node(next(self._events))
                for _ in self._events:
                    pass
                return node
        raise ValueError("an empty file")

    def _node(self, event: yaml.Event) -> Marked:
        if isinstance(event, yaml.AliasEvent):
            return Alias(*_span(event), self._anchors[event.anchor or ""])
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
        node: Marked
        match event:
            case yaml.ScalarEvent():
                start, end = _span(event)
                end = start + len(self._text[start:end].rstrip())  # a block ends behind its last line break
                node = Value(start, end, event.value, event.style or "")
            case yaml.SequenceStartEvent():
                node = self._sequence(event)
            case _:
                node = self._table(event)
        if event.anchor is not None:
            node.anchor = event.anchor
            self._anchors[event.anchor] = node
        return node

    def _sequence(self, began: yaml.CollectionStartEvent) -> Sequence:
        node = Sequence(*_span(began), bool(began.flow_style))
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            node.nodes.append(self._node(event))
        node.end = _span(event)[1] if node.flow else max(each.end for each in node.nodes)
        return node

    def _table(self, began: yaml.CollectionStartEvent) -> Table:
        node = Table(*_span(began), bool(began.flow_style))
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event)
            colon = _COLON.match(self._text, key.end)
            text = key.text if isinstance(key, Value) else ""
            merges = isinstance(key, Value) and text == "<<" and not key.quote
            value = self._node(next(self._events))
            node.pairs.append(Pair(key.start, colon.end() if colon else key.end, text, value, merges))
        node.end = _span(event)[1] if node.flow else max(max(pair.node.end, pair.colon) for pair in node.pairs)
        return node


def _span(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None
    assert event.end_mark is not None  # every event that was read from a text has both
    return event.start_mark.index, event.end_mark.index
