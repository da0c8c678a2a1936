"""YAML as plain nodes that know their line: every scalar stays the text that was written.

YAML 1.1 reads `0155512345` as octal, `22:30` as base 60 and `no` as false; here nothing is read as anything, the
options do that. Built from PyYAML's events with a stack of its own, so that depth and size are bounded whatever the file holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from gateway.settings.problems import Problem, SettingsError, shown

MAX_BYTES = 1 << 20  # a busy shop's file is some 10 KiB; a megabyte is a wrong file
MAX_DEPTH = 24  # the schema itself nests 5 deep
MAX_NODES = 20_000  # after aliases are followed: ten levels of ten aliases would be 10^10


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written. `quoted`: it stood in quotes or was a block, so `~` and nothing mean themselves."""

    text: str
    line: int
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Nothing was written, or YAML's words for nothing."""
        return not self.quoted and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping; `line` is the key's."""

    key: str
    node: Node
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the order of the file, each key once."""

    entries: tuple[Entry, ...]
    line: int


Node = Scalar | Items | Mapping


class _HaltError(Exception):
    """The file cannot be read further."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.what, self.remedy = line, what, remedy


def read_nodes(data: bytes | str, file: str) -> tuple[Mapping, list[Problem]]:
    """The file's top mapping, and problems that need not stop the reading (a key given twice).

    Raises SettingsError when there is nothing to go on with: not UTF-8, not YAML, empty, too large, not a mapping.
    """
    try:
        composer = _Composer(_decoded(data), file)
        return composer.document(), composer.problems
    except _HaltError as halt:
        raise SettingsError([Problem(file, halt.line, halt.what, halt.remedy)]) from None


def _decoded(data: bytes | str) -> str:
    if len(data) > MAX_BYTES:
        raise _HaltError(
            1, f"the file is larger than {MAX_BYTES >> 20} MiB", "give the gateway's own configuration file"
        )
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _HaltError(line, f"byte 0x{data[error.start]:02x} is not UTF-8 text", "save the file as UTF-8") from None


class _Composer:
    """Turns the events of one document into nodes."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0
        self._events = self._parsed(text)

    def document(self) -> Mapping:
        top: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if top is not None:
                    raise _HaltError(_line(event), "a second document begins here", "remove the line with ---")
                top = self._node(next(self._events), 1)[0]
        if top is None or (isinstance(top, Scalar) and top.empty):
            raise _HaltError(1, "the file is empty", "start from config/gateway.example.yaml")
        if not isinstance(top, Mapping):
            raise _HaltError(
                top.line,
                "the file does not hold sections",
                "write 'business:' and the other sections at the left margin",
            )
        return top

    def _parsed(self, text: str) -> Iterator[yaml.Event]:
        """PyYAML's events; what its scanner and parser refuse becomes a sentence."""
        try:
            yield from yaml.parse(text, Loader=yaml.SafeLoader)
        except yaml.reader.ReaderError as error:
            # ReaderError.position counts characters of the whole text; control characters are the usual cause.
            line = text.count("\n", 0, error.position) + 1
            raise _HaltError(line, f"character U+{ord(text[error.position]):04X} is not allowed", "delete it") from None
        except yaml.MarkedYAMLError as error:
            raise _syntax(error, text) from None
        except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
            # ValueError: PyYAML itself trips over some malformed escapes and %YAML lines.
            raise _HaltError(1, "the file cannot be read as YAML", "start from config/gateway.example.yaml") from None

    def _node(self, event: yaml.Event, depth: int) -> tuple[Node, int]:
        """The node that begins with `event`, and how many nodes it holds when aliases are followed."""
        line = _line(event)
        if depth > MAX_DEPTH:
            raise _HaltError(
                line, f"lists and sections are nested more than {MAX_DEPTH} deep", "check brackets and indentation"
            )
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _HaltError(line, f"*{event.anchor} has no &{event.anchor} before it", "write the value out here")
            node, size = self._anchors[event.anchor]
            self._grow(line, size)
            return node, size
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)  # nothing else can begin a node
        if event.tag is not None and event.tag not in ("!", "tag:yaml.org,2002:str"):
            raise _HaltError(
                line, f"tags such as {shown(event.tag)} are not used here", "remove the word that begins with '!'"
            )
        self._grow(line, 1)
        made: tuple[Node, int]
        match event:
            case yaml.ScalarEvent():
                made = Scalar(event.value, line, quoted=event.style is not None), 1
            case yaml.SequenceStartEvent():
                made = self._items(line, depth)
            case _:
                made = self._mapping(line, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = made
        return made

    def _items(self, line: int, depth: int) -> tuple[Items, int]:
        nodes: list[Node] = []
        size = 1
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            node, inner = self._node(event, depth + 1)
            nodes.append(node)
            size += inner
        return Items(tuple(nodes), line), size

    def _mapping(self, line: int, depth: int) -> tuple[Mapping, int]:
        entries: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        size = 1
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key, _ = self._node(event, depth + 1)
            node, inner = self._node(next(self._events), depth + 1)
            size += 1 + inner
            if not isinstance(key, Scalar):
                raise _HaltError(key.line, "a list or section stands where a name should", "write 'name: value'")
            if key.text == "<<" and not key.quoted:
                self._merge(node, key.line, merged)
            elif (first := entries.get(key.text)) is not None:
                what = f"{shown(key.text)} is given a second time (first in line {first.line})"
                self.problems.append(Problem(self._file, key.line, what, "keep one of the two"))
            else:
                entries[key.text] = Entry(key.text, node, key.line)
        return Mapping(tuple((merged | entries).values()), line), size

    def _merge(self, node: Node, line: int, merged: dict[str, Entry]) -> None:
        """`<<: *other` takes over the other section's entries; earlier ones win (YAML merge key)."""
        for source in node.nodes if isinstance(node, Items) else (node,):
            if not isinstance(source, Mapping):
                raise _HaltError(line, "'<<' does not name a section", "write '<<: *name' of a section marked '&name'")
            for entry in source.entries:
                merged.setdefault(entry.key, entry)

    def _grow(self, line: int, size: int) -> None:
        self._count += size
        if self._count > MAX_NODES:
            raise _HaltError(
                line, f"the file holds more than {MAX_NODES} values", "write fewer aliases (*name) or shorter lists"
            )


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _syntax(error: yaml.MarkedYAMLError, text: str) -> _HaltError:
    """PyYAML's complaint with the usual causes named first."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    lines = text.splitlines()
    line = max(1, min(line, len(lines)))
    here = lines[line - 1] if lines else ""
    problem = error.problem or error.context or "not YAML"
    if "\\t" in problem or "\t" in here[: len(here) - len(here.lstrip())]:
        return _HaltError(line, "a tab stands where spaces should", "indent with spaces")
    remedy = "check the indentation, the colons and the quotes here and in the line above"
    if "mapping values are not allowed" in problem:
        remedy = "indent it like the lines around it, or put quotes around a value that contains ': '"
    elif "found unexpected end of stream" in problem or "<stream end>" in problem:
        began = error.context_mark.line + 1 if error.context_mark is not None else line
        return _HaltError(began, "a quote or bracket is opened here and never closed", "close it")
    elif "<document start>" in problem:
        return _HaltError(
            line, "this line does not begin where the first one does", "begin every section at the left margin"
        )
    elif "cannot start any token" in problem or "unknown escape" in problem:
        remedy = "put single quotes around the value"
    return _HaltError(line, f"not YAML: {problem}", remedy)
