"""A configuration as a stranger may read it: which options are set, and to what, without a word that names anybody.

What is left are words that the product knows (choices, switches), times and small figures. Names of the business's own choice,
everything in its own words, numbers, places and secrets are gone: of those only the length is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.settings.edit.hidden import SECRET
from gateway.settings.options import Section, shape_of
from gateway.settings.schema import PARTS, TOP
from gateway.settings.yamlnodes import Items, Mapping, Node, read_nodes

_TIME = r"\d{1,2}:\d\d"
_UNIT = r"(?: ?(?:s|min|h|hours?|days?|minutes?|rings?|miles?|%))?"
_PLAIN = re.compile(
    rf"(?:yes|no|on|off|true|false|none|{_TIME}(?:-{_TIME})?|-?\d{{1,4}}(?:\.\d{{1,3}})?{_UNIT}"
    r"|\d{4}-\d\d-\d\d(?: \d\d:\d\d)?)",
    re.IGNORECASE,
)
_PLACES = frozenset({"area_code", "zips", "zip", "counties", "cities", "area"})  # where somebody is


def lines(text: str) -> Iterator[str]:
    """The configuration, a line for each value. Raises SettingsError for what is no YAML."""
    top, _ = read_nodes(text, "")
    yield from _told(top, "", hidden=False)


def is_own(text: str) -> bool:
    """A value in the business's own words."""
    return not _PLAIN.fullmatch(text) and text not in CHOICES


def _told(node: Node, indent: str, *, hidden: bool) -> Iterator[str]:
    if isinstance(node, Mapping):
        for count, entry in enumerate(node.entries, 1):
            key = entry.key if entry.key in KEYS else f"name{count}"
            below = hidden or entry.key in SECRET or entry.key in _PLACES
            if isinstance(entry.node, Mapping | Items):
                yield f"{indent}{key}:"
                yield from _told(entry.node, indent + "  ", hidden=below)
            else:
                yield f"{indent}{key}: {_value(entry.node.text, hidden=below)}"
    elif isinstance(node, Items):
        for inner in node.nodes:
            if isinstance(inner, Mapping | Items):
                yield f"{indent}-"
                yield from _told(inner, indent + "  ", hidden=hidden)
            else:
                yield f"{indent}- {_value(inner.text, hidden=hidden)}"
    else:
        yield f"{indent}{_value(node.text, hidden=hidden)}"


def _value(text: str, *, hidden: bool) -> str:
    if not hidden and not is_own(text):
        return text
    return f"<{len(text)} characters>"


def _sections() -> Iterator[Section]:
    waiting = [part.section for part in PARTS]
    while waiting:
        section = waiting.pop()
        yield section
        waiting += [option.inner for option in section.options if option.inner is not None]


KEYS = frozenset({*TOP, *(option.name for section in _sections() for option in section.options)})
CHOICES = frozenset(
    choice for section in _sections() for option in section.options for choice in shape_of(option.kind).choices
)
