"""Which calls somebody wants to see, and a page of them. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.core.views.calls import CallRow


class CallKind(StrEnum):
    """What became of calls."""

    ALL = ""
    MISSED = "missed"
    TEXTED = "texted"
    NOT_TEXTED = "not_texted"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class CallSieve:
    """What somebody wants to see. `line` "" is every line, `day` None every day; `who` is one caller (E.164)."""

    kind: CallKind = CallKind.ALL
    line: str = ""
    day: date | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class CallsPage:
    """A page of calls, newest first. `more` is where the next one begins, "" where this is the last; `lines` are all lines."""

    calls: tuple[CallRow, ...] = ()
    more: str = ""
    lines: tuple[str, ...] = ()
