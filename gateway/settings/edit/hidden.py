"""Secrets of a configuration are shown as stars; stars that come back mean what stood there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.settings.edit.marked import Marked, Sequence, Table, Value, marked
from gateway.settings.edit.written import double_quoted
from gateway.settings.problems import SettingsError
from gateway.settings.yamlnodes import read_nodes

SECRET = frozenset({"secret", "pin", "password"})
STARS = "********"
_LOOKS_SECRET = re.compile(r"""(\b(?:secret|pin|password)["']?\s*:\s*)(?:"[^"\n]*"?|'[^'\n]*'?|[^\s,}#][^,}#\n]*)""")


def hidden(text: str) -> str:
    """The text with stars for each secret, also for a text that is no YAML (yet)."""
    if _is_sound(text):
        return _exchanged(text, {path: STARS for path, _ in _secrets(text)})
    return _LOOKS_SECRET.sub(rf'\g<1>"{STARS}"', text)


def revealed(text: str, before: str) -> str:
    """The text with the secrets of `before` where stars stand in the same place; stars without one stay, and are refused as PINs."""
    if not _is_sound(text) or not _is_sound(before):
        return text
    known = {path: value.text for path, value in _secrets(before)}
    return _exchanged(
        text, {path: known[path] for path, value in _secrets(text) if value.text == STARS and path in known}
    )


def _is_sound(text: str) -> bool:
    try:
        read_nodes(text, "")
    except SettingsError:
        return False
    return True


def _exchanged(text: str, values: dict[str, str]) -> str:
    for path, value in sorted(_secrets(text), key=lambda each: -each[1].start):
        if path in values and value.end > value.start:
            text = text[: value.start] + double_quoted(values[path]) + text[value.end :]
    return text


def _secrets(text: str) -> list[tuple[str, Value]]:
    return list(_within(marked(text), ""))


def _within(node: Marked, path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(node, Table):
        for pair in node.pairs:
            if pair.key in SECRET and isinstance(pair.node, Value):
                yield f"{path}.{pair.key}", pair.node
            else:
                yield from _within(pair.node, f"{path}.{pair.key}")
    elif isinstance(node, Sequence):
        for count, inner in enumerate(node.nodes):
            yield from _within(inner, f"{path}[{count}]")
