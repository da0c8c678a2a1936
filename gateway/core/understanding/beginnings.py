"""With which characters the matches of a pattern can begin, so that most of a long list of patterns is passed over at once.

Found in the parsed pattern, as `re` itself does for a pattern that begins plainly. Its parser is no documented part of Python:
pyproject.toml says with which versions it has been tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from re import _constants, _parser, escape  # type: ignore[attr-defined]
from typing import Any, Final

# Members of a character class; None where a match can begin with what no class here says.
Begins = frozenset[str] | None

_CATEGORIES: Final = {
    _constants.CATEGORY_DIGIT: r"\d",
    _constants.CATEGORY_WORD: r"\w",
    _constants.CATEGORY_SPACE: r"\s",
}


def quick(pattern: str) -> str:
    """The same pattern, tried only where the next character is one that it can begin with. It sets no flags."""
    begins, empty = _of(_parser.parse(pattern))
    return pattern if begins is None or empty else f"(?=[{''.join(sorted(begins))}])(?:{pattern})"


def _of(items: Iterable[Any]) -> tuple[Begins, bool]:
    """With what a sequence begins, and whether all of it can be empty."""
    found: frozenset[str] = frozenset()
    for kind, value in items:
        if kind in (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT):
            continue
        begins, empty = _of_one(kind, value)
        if begins is None:
            return None, False
        found |= begins
        if not empty:
            return found, False
    return found, True


def _of_one(kind: Any, value: Any) -> tuple[Begins, bool]:
    match kind:
        case _constants.LITERAL:
            return frozenset((escape(chr(value)),)), False
        case _constants.IN:
            return _of_class(value), False
        case _constants.SUBPATTERN:
            return _of(value[3])
        case _constants.BRANCH:
            return _of_either([_of(items) for items in value[1]])
        case _constants.MAX_REPEAT | _constants.MIN_REPEAT:
            begins, empty = _of(value[2])
            return begins, empty or value[0] == 0
    return None, False


def _of_either(ways: list[tuple[Begins, bool]]) -> tuple[Begins, bool]:
    known = [begins for begins, _ in ways if begins is not None]
    return (frozenset[str]().union(*known) if len(known) == len(ways) else None), any(empty for _, empty in ways)


def _of_class(members: Iterable[tuple[Any, Any]]) -> Begins:
    found: set[str] = set()
    for kind, value in members:
        match kind:
            case _constants.LITERAL:
                found.add(escape(chr(value)))
            case _constants.RANGE:
                found.update(escape(chr(code)) for code in range(value[0], value[1] + 1))
            case _constants.CATEGORY if value in _CATEGORIES:
                found.add(_CATEGORIES[value])
            case _:
                return None
    return frozenset(found)
