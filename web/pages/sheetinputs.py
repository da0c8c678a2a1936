"""What stands in the inputs of a sheet of settings, of which kind each is, and what is said beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gateway.core.sheets import Complaint, Field, Row

_COMMAS = frozenset({"window", "day", "phone", "number", "zip", "name", "time"})
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})")


class Inputs:
    """What stands in the inputs of a sheet, and what is said beside them."""

    def __init__(
        self,
        words: Mapping[str, Sequence[str]],
        problems: Sequence[Complaint],
        doubts: Sequence[Complaint],
        known: set[str],
    ) -> None:
        self._words = words
        self._problems = _at_fields(problems, known)
        self._doubts = _at_fields(doubts, known)

    @property
    def any(self) -> bool:
        """Whether anything was not taken."""
        return bool(self._problems)

    def problems(self, path: str) -> list[Complaint]:
        """Why a field was not taken."""
        return self._problems.get(path, [])

    def doubts(self, path: str) -> list[Complaint]:
        """What is doubtful about a field."""
        return self._doubts.get(path, [])

    def troubled(self, row: Row) -> bool:
        """Whether something is said within a row, so that it is shown open."""
        return any(path == row.path or path.startswith(f"{row.path}.") for path in self._problems)

    def ticked(self, path: str) -> bool:
        """Whether a box was ticked."""
        return any(self._words.get(path, ()))

    def value(self, field: Field) -> str:
        """The words in the input of a field."""
        if field.path in self._words:
            return self._words[field.path][-1]
        if field.many:
            return (", " if field.kind in _COMMAS else "\n").join(field.values)
        found = _MOMENT.fullmatch(field.value) if field.kind == "moment" else None
        return f"{found[1]}T{found[2]}" if found else field.value if field.kind != "secret" else ""

    def chosen(self, field: Field) -> Sequence[str]:
        """Of several choices those that are ticked."""
        return self._words.get(field.path, field.values)

    def type(self, field: Field) -> str:
        """The kind of an input; a value that a browser's own kind cannot show is typed as words."""
        value = self.value(field)
        if field.many:
            return "text"
        match field.kind:
            case "time" if not value or _CLOCK.fullmatch(value):
                return "time"
            case "day" if not value or _DAY.fullmatch(value):
                return "date"
            case "moment" if not value or _MOMENT.fullmatch(value):
                return "datetime-local"
            case "phone":
                return "tel"
            case "secret":
                return "password"
            case _:
                return "text"

    def in_lines(self, field: Field) -> bool:
        """Whether there is an entry a line."""
        return field.kind in ("text", "table") or (field.many and field.kind not in _COMMAS and field.kind != "choice")


def paths(fields: Sequence[Field]) -> list[str]:
    """The places on a sheet at which something can be said."""
    found: list[str] = []
    for field in fields:
        found += [field.path, *paths(field.fields)]
        for row in field.rows:
            found += [row.path, *paths(row.fields)]
    return found


def place_of(path: str, known: set[str]) -> str:
    """The field that a place in the file belongs to, or "" when it is on another sheet."""
    while path and path not in known:
        path = re.sub(r"(?:\.[^.\[]*|\[\d+\]|^[^.\[]*)$", "", path)
    return path


def _at_fields(complaints: Sequence[Complaint], known: set[str]) -> dict[str, list[Complaint]]:
    found: dict[str, list[Complaint]] = {}
    for each in complaints:
        if place := place_of(each.path, known):
            found.setdefault(place, []).append(each)
    return found
