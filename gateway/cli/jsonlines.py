"""Lines of JSON as people and programs write them: what is missing or of the wrong kind is said in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any


class BadLine(ValueError):
    """A line of the input that cannot be used; the message names the line and what is wrong."""


def parsed(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of an input, each with the number of its line; empty lines are passed over. Raises BadLine."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text.removeprefix("\ufeff"))
            json.dumps(line, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise BadLine(f"line {number}: half a character (a lone \\ud8xx) - write the whole of it") from None
        except (ValueError, RecursionError) as error:
            raise BadLine(f"line {number}: not JSON: {error}") from None
        if not isinstance(line, dict):
            raise BadLine(f"line {number}: not a JSON object")
        yield number, line


def when(line: dict[str, Any]) -> datetime:
    """The moment at which the box learns of an event: `processed_at`, but nothing is known before it has happened."""
    at = moment(line, "at")
    return at if line.get("processed_at") is None else max(at, moment(line, "processed_at"))


def moment(line: dict[str, Any], name: str) -> datetime:
    """A moment with its offset, between 2000 and 2200. Raises BadLine."""
    if line.get(name) is None:
        raise BadLine(f"{name} is missing")
    try:
        at = datetime.fromisoformat(str(line[name]))
    except ValueError:
        raise BadLine(f"{name} is no ISO 8601 time: {line[name]!r}") from None
    if at.tzinfo is None:
        raise BadLine(f"{name} has no offset: {line[name]!r} - write it as 2026-03-02T10:00:00-05:00")
    if not 2000 <= at.year <= 2200:
        raise BadLine(f"{name} is out of reach: {line[name]!r} - a year from 2000 to 2200")
    return at


def switch(line: dict[str, Any], name: str) -> bool:
    """true or false; false where nothing is said. Raises BadLine."""
    value = line.get(name, False)
    if not isinstance(value, bool):
        raise BadLine(f"{name} is true or false, not {value!r}")
    return value


def word(line: dict[str, Any], name: str) -> str:
    """A string that has to be there. Raises BadLine."""
    value = line.get(name)
    if not isinstance(value, str):
        raise BadLine(f"{name} is missing" if value is None else f"{name} is not a string")
    return value
