"""How far somebody had read when he acted: what he did not see yet must not be swept away by what he does."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Upto:
    """The newest that a page showed of a lead, by ids; 0 where there was none."""

    letter: int = 0  # a text of the caller's
    text: int = 0  # a text to him that a person has written
    escalation: int = 0

    def __str__(self) -> str:
        """As a form carries it."""
        return f"{self.letter}.{self.text}.{self.escalation}"


def upto_in(written: str) -> Upto | None:
    """What a form carries; None where no page was, or none that says so."""
    found = _WRITTEN.fullmatch(written)
    return None if found is None else Upto(*(int(part) for part in found.groups()))


@dataclass(frozen=True, slots=True)
class TaskUpto:
    """The newest that a page showed of the person whom an entry of the list is about, by ids; 0 where there was none."""

    call: int = 0
    letter: int = 0  # of all texts that have come in; 0 where the entry is not about a text
    escalation: int = 0  # an emergency that somebody has flagged

    def __str__(self) -> str:
        """As a form carries it."""
        return f"{self.call}.{self.letter}.{self.escalation}"


def task_upto_in(written: str) -> TaskUpto | None:
    """The same of an entry of the list."""
    found = _WRITTEN.fullmatch(written)
    return None if found is None else TaskUpto(*(int(part) for part in found.groups()))
