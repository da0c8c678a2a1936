"""What is wrong with a configuration, said so that a person can put it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, or doubtful, at one place. `line` counts from 1; `remedy` is what the person should do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} - {self.remedy}"


class SettingsError(Exception):
    """The configuration cannot be used. `problems` holds everything found in one run, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: list[Problem] = sorted(problems, key=lambda problem: (problem.file, problem.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shown(text: str, limit: int = 40) -> str:
    """A value as a message quotes it: in single quotes, on one line, never long."""
    quoted = repr(text if len(text) <= limit else text[: limit - 3] + "...")
    return quoted if quoted.isprintable() else ascii(text[:limit])


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant, or None."""
    by_folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold()[:80], list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def suggestion(word: str, known: Sequence[str]) -> str:
    """The remedy for a word that is not known: the near one, else all of them."""
    meant = nearest(word, known)
    return f"did you mean '{meant}'?" if meant is not None else f"use one of: {', '.join(known)}"
