"""What a configuration file says, as plain data: every value is the text that was written."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.settings.yamlnodes import Items, Mapping, Node, Scalar

Data = str | list["Data"] | dict[str, "Data"] | None
"""None: nothing is written, which is not the same as a text without letters."""
Path = tuple[str, ...]


class Bare(str):
    """A text that means itself only without quotes, such as the word none, or is never written with any, as a number."""

    __slots__ = ()


NONE = Bare("none")


def data_of(node: Node) -> Data:
    """The data of a node; aliases and merged sections are written out."""
    match node:
        case Mapping(entries=entries):
            return {entry.key: data_of(entry.node) for entry in entries}
        case Items(nodes=nodes):
            return [data_of(inner) for inner in nodes]
        case Scalar():
            return plain(node.text, quoted=node.quoted)


def plain(text: str, *, quoted: bool) -> Data:
    """The data of a single value as it stands in a file."""
    if Scalar(text, 0, quoted).empty:
        return None
    return NONE if not quoted and text.strip().casefold() == NONE else text


def same(one: Data, other: Data) -> bool:
    """Whether two mean the same. The order of a section's options has no meaning, except where they are names of one's own."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case str(), str():
            return one == other and (one == NONE and isinstance(one, Bare)) == (
                other == NONE and isinstance(other, Bare)
            )
        case _:
            return one is None and other is None


def found(data: Data, path: Sequence[str]) -> Data:
    """What stands at a path; None when nothing does."""
    for name in path:
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data


def put(data: Data, path: Sequence[str], value: Data, *, remove: bool = False) -> Data:
    """The same with one value in its place, or without it. What stands in the way of a path is replaced."""
    if not path:
        return value
    name, rest = path[0], path[1:]
    inner = dict(data) if isinstance(data, dict) else {}
    if remove and name not in inner:
        return data
    if remove and not rest:
        del inner[name]
    else:
        inner[name] = put(inner.get(name), rest, value, remove=remove)
    return inner
