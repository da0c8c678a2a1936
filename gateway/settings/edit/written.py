"""How values are written into a configuration file."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from gateway.settings.edit.data import Bare, Data

# What needs no quotes anywhere, in brackets neither, and is no number or time that other YAML readers would change.
_PLAIN = re.compile(r"[A-Za-zÀ-ɏ/][\wÀ-ɏ ./&'()+-]*", re.ASCII)
_MEASURE = re.compile(r"\d{1,6}(?:\.\d+)? (?:s|min|h|days?)|\d{4}-\d{2}-\d{2}|\d{1,2} rings?", re.ASCII)
_NOTHING = frozenset({"null", "none"})
_WIDTH = 110  # columns, as the example files have it


def scalar(text: str, like: str = "") -> str:
    """A single value. `like` is the quote of the value that stood there ("" for none, or for a plain one)."""
    if isinstance(text, Bare):
        return text
    if like == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if like != '"' and _needs_no_quotes(text):
        return text
    return double_quoted(text)


def double_quoted(text: str) -> str:
    """Any text in double quotes, on one line (YAML 1.1, 5.4 and 5.7)."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def inline(value: Data) -> str:
    """Any value in one line."""
    match value:
        case None:
            return "null"
        case str():
            return scalar(value)
        case list():
            return "[" + ", ".join(inline(each) for each in value) + "]"
        case dict():
            return "{" + ", ".join(f"{scalar(key)}: {inline(each)}" for key, each in value.items()) + "}"


def below(value: Data, indent: int) -> str:
    """What stands behind the colon of a name that begins in column `indent`: " value", or lines that begin with a line break."""
    match value:
        case None:
            return ""
        case dict() if value:
            return "".join(f"\n{line}" for line in _table(value, indent + 2))
        case list() if any(isinstance(each, dict) for each in value):
            return "".join(f"\n{line}" for each in value for line in item(each, indent + 2))
        case _:
            return " " + _wrapped(
                inline(value), indent, isinstance(value, list) and all(isinstance(each, str) for each in value)
            )


def item(value: Data, indent: int) -> list[str]:
    """The lines of one entry of a list; the dash stands in column `indent`."""
    if isinstance(value, dict) and value:
        lines = list(_table(value, indent + 2))
        return [" " * indent + "- " + lines[0].lstrip(), *lines[1:]]
    return [" " * indent + "- " + inline(value)]


def _table(value: dict[str, Data], indent: int) -> Iterator[str]:
    for key, each in value.items():
        yield from (" " * indent + scalar(key) + ":" + below(each, indent)).split("\n")


def _wrapped(line: str, indent: int, is_list: bool) -> str:
    """A long list over several lines. No entry is broken in two: a quoted text keeps its spaces."""
    if not is_list or len(line) + indent < _WIDTH:
        return line
    entries = re.findall(r'"(?:[^"\\]|\\.)*",?|[^\s"][^,"]*,?', line[1:-1])
    lines = [""]
    for entry in entries:
        if len(lines[-1]) + len(entry) + indent + 3 > _WIDTH:
            lines.append("")
        lines[-1] += f" {entry}" if lines[-1] else entry
    return "[\n" + textwrap.indent("\n".join(lines), " " * (indent + 2)) + "\n" + " " * indent + "]"


def _needs_no_quotes(text: str) -> bool:
    if text.casefold() in _NOTHING or text != text.strip():
        return False
    return _PLAIN.fullmatch(text) is not None or _MEASURE.fullmatch(text) is not None


def _escaped(character: str) -> str:
    if character in '\\"':
        return "\\" + character
    code = ord(character)
    if character.isprintable() and code != 0xFEFF and not 0xD800 <= code < 0xE000:
        return character
    return (
        "\\n"
        if character == "\n"
        else f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
