"""Wanted times in English and Spanish: spans of words that name a day, a part of a day, a clock time or a hurry.

A wish is kept as it was worded ("wednesday after 3pm", "before thanksgiving"), in English, and never turned into a date:
whoever reads the lead knows what the caller said, and the booking rules resolve it against a calendar of their own.
Every wish found here is one small piece: "tue or wed afternoon" are three. Which of them are wanted, and for what, is
decided in `roles`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from gateway.core.understanding.folded import Folded
from gateway.core.understanding.time_grammar import MASTER, PIECES, Kind
from gateway.core.understanding.time_words import clock


class Wording(StrEnum):
    """How a wish is passed on: with its bound, without, or with the bound that the sentence gives it ("we close on the
    14th", "asleep until 2, call then")."""

    AS_SAID = "as said"
    BARE = "bare"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Wish:
    """One time in a text, in English: `bound` ("after") may be empty; `[start, end)` are the words as sent."""

    said: str
    bound: str
    start: int
    end: int

    def worded(self, wording: Wording = Wording.AS_SAID) -> str:
        """The words to pass on."""
        match wording:
            case Wording.AS_SAID:
                bound = self.bound
            case Wording.BARE:
                bound = ""
            case _:
                bound = str(wording)
        if bound == "any" and _WEEKS.match(self.said):
            bound = "any day"
        return f"{bound} {_one_of(bound, self.said).removeprefix('at ')}" if bound else self.said


_WEEKS = re.compile(r"(?:this|next|the|in|during|within)\b")


def _one_of(bound: str, said: str) -> str:
    return "weekday" if bound == "any" and said == "weekdays" else said


_DAYS_OF = ("d", "d_es", "we", "we_es")  # the groups that hold the day of "week of the {d}"
_HOUR_BOUNDS = frozenset({"after", "before", "by", "not"})
_FLIPPED = {"before": "after", "after": "before"}
_MOST_LINKS = 3
_MOST_WISHES = 12  # nobody names more; a text that does is no wish


def wishes(text: Folded) -> list[Wish]:
    """Every time that a text names, in order. Whether it is wanted, past or about a call is for others to say."""
    found: list[Wish] = []
    bounds: list[tuple[str, int]] = []
    links = 0
    carried = False  # only "or" and the like since the last wish
    for match in MASTER.finditer(text.plain):
        group = match.lastgroup  # the outermost: it closes last
        if group is None or group in ("word", "stop"):
            bounds, links, carried = [], 0, carried and match.group(0) in ",-/"
            continue
        said, kind, _ = PIECES[int(group[1:])]
        match kind:
            case Kind.BOUND:
                bounds.append((said if isinstance(said, str) else said(match), match.start()))
                links, carried = 0, False
                continue
            case Kind.LINK:
                links += 1
                if links > _MOST_LINKS:
                    bounds, carried = [], False
                carried = carried and said == "or"
                continue
            case Kind.NUMBER:
                said_before = text.plain[bounds[-1][1] : match.start()] if bounds else ""
                words = _number(
                    match.group(0),
                    [bound for bound, _ in bounds],
                    found[-1] if carried else None,
                    hour=said_before.endswith(" las "),
                )
            case Kind.HALF:
                near = bool(found) and text.plain[found[-1].end : match.start()].strip(" ,") == ""
                words = str(said) if near else ""
            case Kind.WHEN:
                words = said if isinstance(said, str) else said(match)
                words = words.replace("{d}", next((day for name in _DAYS_OF if (day := match[name])), ""))
        if words:
            start = bounds[0][1] if bounds else match.start()
            if len(found) == _MOST_WISHES:
                break
            found.append(Wish(" ".join(words.split()), _bound([bound for bound, _ in bounds]), start, match.end()))
        bounds, links, carried = [], 0, bool(words)
    return found


def _bound(bounds: list[str]) -> str:
    """The bounds before one time as words; "not before" is "after"."""
    said: list[str] = []
    for bound in bounds[-2:]:
        if said and said[-1] == "not" and bound in _FLIPPED:
            said[-1] = _FLIPPED[bound]
        else:
            said.append(bound)
    return " ".join(dict.fromkeys(said))


def _number(words: str, bounds: list[str], before: Wish | None, *, hour: bool) -> str:
    """A bare number as a time: an hour behind "after", the same as the one before behind "or"."""
    if hour and words.isdigit() and 12 < int(words) < 24:
        return f"at {int(words) - 12}pm"
    if bounds and bounds[-1] in _HOUR_BOUNDS:
        return f"the {words}" if words.isdigit() and 12 < int(words) < 32 else f"at {clock(words)}"
    if before is not None and (last := re.search(r"(\d{1,2})(?:st|nd|rd|th)?$", before.said)) and words.isdigit():
        dated = before.said.startswith("the ") or " " in before.said
        if int(words) <= 31 and int(last[1]) < int(words):
            return f"the {words}" if dated and "at" not in before.said else words
    return ""
