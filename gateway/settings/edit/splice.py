"""One value of a configuration file changed in its text: comments, order, quotes and anchors of everything else stay.

A library that reads a file and writes it out anew lays out all of it anew, and loses comments that stand before what is
removed. Here the places of the nodes are known, and only the text of what changes is exchanged. What comes out is read again
and compared with what was meant: a text in which anything else has changed is never given out.

    nodes with their places -> cuts (from, to, new text) -> the new text -> read again, compared
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import takewhile

from gateway.settings.edit import written
from gateway.settings.edit.data import Bare, Data, Path, data_of, found, put, same
from gateway.settings.edit.marked import Alias, Marked, Pair, Sequence, Table, Value, marked, walk
from gateway.settings.edit.marked import data_of as said
from gateway.settings.edit.textlines import TextLines
from gateway.settings.problems import SettingsError
from gateway.settings.yamlnodes import read_nodes

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")  # anchor and tag before a value


class CannotChangeError(Exception):
    """The file is written in a way in which this value cannot be changed safely; the sentence says what to do instead."""


@dataclass(frozen=True, slots=True)
class Change:
    """A new value for what stands at a path of names; None takes it out of the file."""

    path: Path
    value: Data


def changed(text: str, changes: Iterable[Change]) -> str:
    """The text with its changes. Raises SettingsError for a text that is no YAML, CannotChangeError where a change would touch more."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    meant = data_of(read_nodes(text, "")[0])
    for change in changes:
        if same(found(meant, change.path), change.value):
            continue
        meant = put(meant, change.path, change.value, remove=change.value is None)
        text = _one(text, change)
    try:
        outcome = data_of(read_nodes(text, "")[0])
    except SettingsError as error:
        raise CannotChangeError(_SORRY) from error
    if not same(outcome, meant):
        raise CannotChangeError(_SORRY)
    return mark + text


_SORRY = (
    "this part of the file is written in a way that cannot be changed here without touching other parts - change it in the"
    " file itself"
)


def _one(text: str, change: Change) -> str:
    try:
        while (cuts := _released(text, change.path)) is not None:
            text = _cut(text, cuts)
        return _cut(text, _Surgeon(TextLines(text)).change(change))
    except (StopIteration, ValueError, IndexError) as error:  # what came out of an earlier change is no YAML
        raise CannotChangeError(_SORRY) from error


@dataclass(frozen=True, slots=True)
class _CutOut:
    start: int
    end: int
    text: str


def _cut(text: str, cuts: Iterable[_CutOut]) -> str:
    """The text with its cuts, none of which lies over another. Those at one place come in their order.

    Lines that are written behind one which goes with its line break stand in its place.
    """
    pieces: list[str] = []
    at = 0
    for cut in sorted(cuts, key=lambda cut: (cut.start, cut.end)):
        if cut.start < at:
            broken = text[cut.start : at]
            if cut.start == cut.end and broken in ("\n", "\r\n") and cut.text.startswith(broken):
                pieces.append(cut.text.removeprefix(broken) + broken)
                continue
            raise CannotChangeError(_SORRY)
        pieces += [text[at : cut.start], cut.text]
        at = cut.end
    return "".join([*pieces, text[at:]])


def _released(text: str, path: Path) -> list[_CutOut] | None:
    """Where what is to change has an anchor that others use: the value and its anchor move to the first of these."""
    root = marked(text)
    touched: list[Marked] = [root]
    for name in path:
        pair = touched[-1].pair(name) if isinstance(touched[-1], Table) else None
        if pair is None:
            break
        touched.append(pair.node)
    inside = {id(node) for node in walk(touched[-1])}
    touched += [node for node in walk(touched[-1]) if node is not touched[-1]]
    aliases = [node for node in walk(root) if isinstance(node, Alias)]
    for node in touched:
        users = [alias for alias in aliases if alias.target is node and id(alias) not in inside]
        if node.anchor and users:
            properties = _PROPERTIES.match(text, node.start)
            assert properties is not None
            return [
                _CutOut(node.start, properties.end() if properties.end() <= node.end else node.end, ""),
                _CutOut(users[0].start, users[0].end, f"&{node.anchor} {written.inline(said(node))}"),
            ]
    return None


@dataclass(frozen=True, slots=True)
class _Where:
    """What surrounds a node: `indent` is the column of its name, `colon` the place behind that; `item`: an entry of a list."""

    indent: int
    colon: int | None = None
    flow: bool = False
    item: bool = False


@dataclass(slots=True)
class _Surgeon:
    lines: TextLines
    cuts: list[_CutOut] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.lines.text

    def change(self, change: Change) -> list[_CutOut]:
        node, where = marked(self.text), _Where(-2)
        for depth, name in enumerate(change.path):
            rest = change.path[depth + 1 :]
            value = put(None, rest, change.value) if rest and change.value is not None else change.value
            if not isinstance(node, Table):
                before = said(node)
                self.replace(node, put(before, change.path[depth:], change.value, remove=change.value is None), where)
                break
            pair = node.pair(name)
            if pair is None:
                old = found(said(node), (name,))
                if change.value is not None or old is not None:
                    self.insert(node, name, put(old, rest, change.value) if rest else value, where)
                break
            if not rest:
                if change.value is None:
                    self.remove(node, [pair], where)
                else:
                    self.replace(pair.node, change.value, self.within(node, pair, where))
                break
            where, node = self.within(node, pair, where), pair.node
        return self.cuts

    def within(self, table: Table, pair: Pair, where: _Where) -> _Where:
        return _Where(self.lines.column(pair.start), pair.colon, where.flow or table.flow)

    # ---- one value in place of another

    def replace(self, node: Marked, value: Data, where: _Where) -> None:
        """Whatever is alike in both stays untouched."""
        if same(said(node), value):
            return
        match node, value:
            case Table(), dict() if value:
                self.table(node, value, where)
            case Sequence(), list() if value:
                self.sequence(node, value, where)
            case Value(), dict() if not node.text and not node.quote and not where.flow and not where.item and value:
                for name, each in value.items():
                    self.insert_below(node.end, name, each, where)
            case Value(), str():
                kept = self.properties(node)
                self.put_text(node, kept + written.scalar(value, node.quote))
            case _:
                self.exchange(node, value, where)

    def properties(self, node: Marked) -> str:
        found = _PROPERTIES.match(self.text, node.start, node.end)
        return found[0] if found else ""

    def put_text(self, node: Marked, new: str) -> None:
        """`new` in place of what is written on the node's own lines."""
        gap = " " if node.start == node.end and self.text[node.start - 1 : node.start] not in ("", " ") else ""
        self.cuts.append(_CutOut(node.start, node.end, gap + new))

    def exchange(self, node: Marked, value: Data, where: _Where) -> None:
        """Another shape: all of the node goes."""
        if where.flow or where.item or where.colon is None:
            self.put_text(node, written.inline(value))
            return
        new = self.lines.broken_alike(written.below(value, where.indent))
        if isinstance(node, Table | Sequence) and not node.flow:
            self.clear(node)
            if new.startswith(("\n", "\r")):
                self.cuts.append(_CutOut(self.lines.end_of_line(where.colon), self.lines.end_of_line(where.colon), new))
            else:
                self.cuts.append(_CutOut(where.colon, where.colon, new))
        elif new.startswith(("\n", "\r")):
            end = self.lines.end_of_line(node.end)
            start = node.start - (1 if node.end > node.start and self.text[node.start - 1] == " " else 0)
            self.cuts += [_CutOut(start, node.end, ""), _CutOut(end, end, new)]
        else:
            self.put_text(node, new.lstrip())

    def clear(self, node: Table | Sequence) -> None:
        """The lines of a section or list without brackets go; comments between them stay."""
        if isinstance(node, Table):
            for pair in node.pairs:
                self.take_lines(pair.start, max(pair.node.end, pair.colon))
        else:
            for start, inner in zip(self.dashes(node), node.nodes, strict=True):
                self.take_lines(start, inner.end)

    def take_lines(self, start: int, end: int) -> None:
        line = self.lines.start_of_line(start)
        stop = self.lines.end_of_line(end)
        if self.text[line:start].strip():  # behind a dash, which stays
            self.cuts.append(_CutOut(start, stop, ""))
        else:
            self.cuts.append(_CutOut(line, self.lines.next_line(stop), ""))

    # ---- sections

    def table(self, node: Table, value: dict[str, Data], where: _Where) -> None:
        gone = [pair for pair in node.pairs if not pair.merges and pair.key not in value]
        own = {pair.key for pair in node.pairs if not pair.merges}
        for pair in node.pairs:
            if not pair.merges and pair.key in value:
                self.replace(pair.node, value[pair.key], self.within(node, pair, where))
        new = {name: each for name, each in value.items() if name not in own}
        if len(gone) == len(node.pairs):  # nothing of it stays, so there is nothing to write the rest beside
            self.exchange(node, dict(value), where)
            return
        if gone:
            self.remove(node, gone, where)
        merged = said(node)
        assert isinstance(merged, dict)
        last = next((pair for pair in reversed(node.pairs) if pair not in gone), None)
        for name, each in new.items():
            if name not in merged or not same(merged[name], each):
                self.insert(node, name, each, where, behind=last)

    def remove(self, node: Table, gone: list[Pair], where: _Where) -> None:
        if len(gone) == len(node.pairs):
            self.exchange(node, {}, where)
        elif node.flow:
            self.take_flow(
                [(pair.start, max(pair.node.end, pair.colon)) for pair in node.pairs],
                [pair in gone for pair in node.pairs],
            )
        else:
            for pair in gone:
                self.take_lines(pair.start, max(pair.node.end, pair.colon))

    def take_flow(self, spans: list[tuple[int, int]], gone: list[bool]) -> None:
        """Entries between brackets go with the comma behind them; the last one with the comma before it."""
        kept = [span for span, away in zip(spans, gone, strict=True) if not away]
        for at, (start, _end) in enumerate(spans):
            if gone[at] and any(not away for away in gone[at + 1 :]):
                self.cuts.append(_CutOut(start, spans[at + 1][0], ""))
        tail = len(list(takewhile(bool, reversed(gone))))
        if tail:
            self.cuts.append(_CutOut(kept[-1][1], spans[-1][1], ""))

    def insert(self, node: Table, name: str, value: Data, where: _Where, behind: Pair | None = None) -> None:
        if node.flow or where.flow:
            entry = f"{written.scalar(name)}: {written.inline(value)}"
            if not node.pairs:
                if node.flow and not where.flow and not where.item and where.colon is not None:
                    self.exchange(node, {name: value}, where)
                    return
                self.cuts.append(_CutOut(node.end - 1, node.end - 1, entry))
                return
            last = behind or node.pairs[-1]
            at = max(last.node.end, last.colon)
            self.cuts.append(_CutOut(at, at, f", {entry}"))
            return
        indent = self.lines.column(node.pairs[0].start)
        last = behind or node.pairs[-1]
        end = self.lines.end_of_line(max(node.pairs[-1].node.end, node.pairs[-1].colon))
        shown = self.lines.commented(
            self.lines.start_of_line(node.start), self.lines.territory(end, indent), indent, name
        )
        if shown is not None:
            self.write_lines(shown, indent, name, value)
        else:
            self.write_lines(self.lines.beside(end, indent), indent, name, value, apart=indent == 0)

    def insert_below(self, at: int, name: str, value: Data, where: _Where) -> None:
        """The first option of a section that has none yet, in its first free line or where a comment shows it."""
        indent = where.indent + 2
        end = self.lines.end_of_line(at)
        place = self.lines.commented(end, self.lines.territory(end, indent), indent, name)
        self.write_lines(end if place is None else place, indent, name, value)

    def write_lines(self, at: int, indent: int, name: str, value: Data, *, apart: bool = False) -> None:
        """New lines behind the line that ends at `at`; `apart`: with an empty one between."""
        entry = " " * indent + written.scalar(name) + ":" + written.below(value, indent)
        gap = "\n" if apart else ""
        self.cuts.append(_CutOut(at, at, self.lines.broken_alike(f"{gap}\n{entry}")))

    # ---- lists

    def sequence(self, node: Sequence, value: list[Data], where: _Where) -> None:
        before = [said(each) for each in node.nodes]
        steps = SequenceMatcher(None, [_word(each) for each in before], [_word(each) for each in value], autojunk=False)
        gone = [False] * len(before)
        new: list[tuple[int, Data]] = []  # before which old entry
        kept: list[tuple[int, Data]] = []
        for step, low, high, first, last in steps.get_opcodes():
            if step == "equal":
                continue
            pairs = min(high - low, last - first)
            kept += [(low + at, value[first + at]) for at in range(pairs)]
            gone[low + pairs : high] = [True] * (high - low - pairs)
            new += [(low + pairs, each) for each in value[first + pairs : last]]
        if all(gone):
            self.exchange(node, value, where)
            return
        for at, each in kept:
            self.replace(node.nodes[at], each, _Where(0, None, where.flow or node.flow, item=True))
        if node.flow or where.flow:
            self.flow_entries(node, gone, new)
        else:
            self.dashed_entries(node, gone, new)

    def flow_entries(self, node: Sequence, gone: list[bool], new: list[tuple[int, Data]]) -> None:
        self.take_flow([(each.start, each.end) for each in node.nodes], gone)
        for at, each in new:
            if at < len(node.nodes):
                self.cuts.append(_CutOut(node.nodes[at].start, node.nodes[at].start, f"{written.inline(each)}, "))
            else:
                end = (
                    node.nodes[max(i for i, away in enumerate(gone) if not away)].end
                    if gone[-1]
                    else node.nodes[-1].end
                )
                self.cuts.append(_CutOut(end, end, f", {written.inline(each)}"))

    def dashed_entries(self, node: Sequence, gone: list[bool], new: list[tuple[int, Data]]) -> None:
        dashes = self.dashes(node)
        indent = self.lines.column(dashes[0])
        for at, away in enumerate(gone):
            if away:
                self.take_lines(dashes[at], node.nodes[at].end)
        in_braces = any(isinstance(each, Table) and each.flow for each in node.nodes)
        for at, each in new:
            lines = [" " * indent + "- " + written.inline(each)] if in_braces else written.item(each, indent)
            if at == 0:
                start = self.lines.start_of_line(dashes[0])
                self.cuts.append(_CutOut(start, start, self.lines.broken_alike("\n".join(lines) + "\n")))
            else:
                end = self.lines.end_of_line(node.nodes[at - 1].end)
                self.cuts.append(_CutOut(end, end, self.lines.broken_alike("\n" + "\n".join(lines))))

    def dashes(self, node: Sequence) -> list[int]:
        """Where the dash of each entry stands."""
        column = self.lines.column(node.start)
        found: list[int] = []
        for inner in node.nodes:
            line = self.lines.start_of_line(inner.start)
            while self.text[line + column : line + column + 1] != "-" or (line + column > inner.start):
                if line == 0:
                    raise CannotChangeError(_SORRY)
                line = self.lines.start_of_line(line - 1)
            if self.text[line : line + column].strip():
                raise CannotChangeError(_SORRY)  # a list that begins behind the dash of another one
            found.append(line + column)
        return found


def _word(value: Data) -> str:
    """Two values have the same word when they are the same."""
    return json.dumps(value, sort_keys=True) + ("!" if isinstance(value, Bare) else "")
