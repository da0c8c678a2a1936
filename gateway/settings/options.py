"""An option, a section, and the reading of one by the other: every problem is said, none stops the reading."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Names
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Generic, TypeVar

from gateway.settings.problems import Problem, shown, suggestion
from gateway.settings.yamlnodes import Entry, Items, Mapping, Node, Scalar

T = TypeVar("T")
AS_IN_TRADE = "as in your trade"  # `Option.written` of what the trade pack decides


class RefusedError(Exception):
    """A value that cannot be taken. `line` None means the line of the value itself."""

    def __init__(self, what: str, remedy: str, line: int | None = None) -> None:
        super().__init__(what)
        self.what, self.remedy, self.line = what, remedy, line


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file the reading stands, and what is known by then. Problems of all places share two lists."""

    file: str
    path: str = ""
    country: str = "US"
    area_code: str = ""
    zone: tzinfo = UTC
    folder: Path = Path()
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)  # "lines.main.number" -> the line it stands in

    def at(self, name: str) -> Place:
        return replace(self, path=f"{self.path}.{name}" if self.path else name)

    def say(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, self._prefixed(what), remedy))

    def line_of(self, path: str) -> int:
        """The line of an option or section by its path, or of the nearest heading above it that is there."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)

    def doubt(self, line: int, what: str, remedy: str) -> None:
        self.warnings.append(Problem(self.file, line, self._prefixed(what), remedy))

    def _prefixed(self, what: str) -> str:
        return f"{self.path}: {what}" if self.path else what


Kind = Callable[[Node, Place], T]
"""Reads a value; raises RefusedError when the whole of it cannot be taken, or says what is wrong with a part and goes on."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value is asked for. `kind`: words, choice, switch, number, phone, time, window, day, moment, duration, zone, secret,
    list (of `of`), table (names -> `of`, or words), section.

    `low` and `high` are limits (of durations in seconds); `nothing`: the word none may be written.
    """

    kind: str = "words"
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    of: Shape | None = None
    section: Section | None = None
    nothing: bool = False


_SHAPES: dict[Kind[Any], Shape] = {}


def shaped(kind: Kind[T], shape: Shape) -> Kind[T]:
    """The same kind; whoever draws a form knows what it takes."""
    _SHAPES[kind] = shape
    return kind


def shape_of(kind: Kind[Any]) -> Shape:
    """What a kind takes; one that has said nothing takes words."""
    return _SHAPES.get(kind, Shape())


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One option. `default` stands in for a required one that is missing, so that the reading can go on.

    `written` is the default as a file would have it ("" when there is none), `example` what the example file shows
    instead; with `shown_off` the example file has it as a comment. `inner`: it is a section itself.
    """

    name: str
    kind: Kind[T]
    default: T
    meaning: str
    written: str = ""
    example: str = ""
    required: bool = False
    shown_off: bool = False
    inner: Section | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Options that belong together. `title` is what the example file says above them."""

    name: str
    title: str
    options: tuple[Option[Any], ...]
    refused: Names[str, tuple[str, str]] = field(default_factory=dict)  # not to be set: why, and what to do

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(option.name for option in self.options)


class Reading:
    """A section of a file, read option by option."""

    def __init__(self, section: Section, node: Mapping, place: Place, line: int | None = None) -> None:
        self.place = place
        self.line = node.line if line is None else line  # of the heading, where there is one
        self._entries = {entry.key: entry for entry in node.entries}
        place.lines[place.path] = self.line
        for entry in node.entries:
            place.lines[f"{place.path}.{entry.key}"] = entry.line
        report_unknown(node, section.names, place, section.refused)

    def get(self, option: Option[T]) -> T:
        entry = self._entries.get(option.name)
        if entry is None or (isinstance(entry.node, Scalar) and entry.node.empty):
            if option.required:
                what = f"'{option.name}' is missing" if entry is None else f"'{option.name}' is empty"
                self.place.say(
                    self.line_of(option), what, f"write '{option.name}: {option.example}', with your own value"
                )
            return option.default
        return taken(option.kind, entry.node, self.place.at(option.name), option.default)

    def line_of(self, option: Option[T]) -> int:
        """The option's own line, or the section's when it is not given."""
        entry = self._entries.get(option.name)
        return entry.line if entry is not None else self.line

    def given(self, option: Option[T]) -> bool:
        return option.name in self._entries


def taken(kind: Kind[T], node: Node, place: Place, otherwise: T) -> T:
    """The value read, or `otherwise` with a problem said."""
    try:
        return kind(node, place)
    except RefusedError as refused:
        place.say(refused.line or node.line, refused.what, refused.remedy)
        return otherwise


def report_unknown(
    node: Mapping, known: tuple[str, ...], place: Place, refused: Names[str, tuple[str, str]] | None = None
) -> None:
    for entry in node.entries:
        if refused and entry.key in refused:
            place.say(entry.line, *refused[entry.key])
        elif entry.key not in known:
            place.say(entry.line, f"unknown option {shown(entry.key)}", suggestion(entry.key, known))


def scalar(node: Node, wanted: str) -> str:
    """The text of a single value; `wanted` completes "write ..."."""
    match node:
        case Scalar(text=text):
            return text.strip()
        case Items():
            raise RefusedError("a list stands where one value should", f"write {wanted}")
        case Mapping():
            raise RefusedError("a section stands where one value should", f"write {wanted}")


def mapping(node: Node, wanted: str) -> Mapping:
    match node:
        case Mapping():
            return node
        case Items():
            raise RefusedError("a list stands where a section should", f"write {wanted}")
        case Scalar(text=text):
            raise RefusedError(f"{shown(text)} stands where a section should", f"write {wanted}")


def items(node: Node, wanted: str) -> tuple[Node, ...]:
    """The entries of a list; nothing written is an empty list."""
    match node:
        case Items(nodes=nodes):
            return nodes
        case Scalar() if node.empty:
            return ()
        case _:
            raise RefusedError("a list is needed here", f"write {wanted}")


def entries(node: Node, wanted: str) -> tuple[Entry, ...]:
    if isinstance(node, Scalar) and node.empty:
        return ()
    return mapping(node, wanted).entries
