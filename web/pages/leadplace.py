"""Turning the pages of a long lead: which part of its lists an address asks for, and the addresses of the parts around it.

A part's address names one of its entries (`?until=in-7`), and its end names it once more (`#said-in-7`), so that whoever turns the
page comes to the entry where he was, without a script as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from gateway.core.views.leadstory import LeadStory, Place

_ENTRY = re.compile(r"(?:in|out|call)-[0-9]{1,18}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_SIDES = ("until", "from", "at")


def place_in(query: Mapping[str, str]) -> Place:
    """What an address asks for; what is no entry is left out."""
    side = next((side for side in _SIDES if _ENTRY.fullmatch(query.get(side, ""))), "")
    note, line = (int(query[name]) if _NUMBER.fullmatch(query.get(name, "")) else None for name in ("note", "line"))
    return Place(query[side] if side else "", side, note, line)


@dataclass(frozen=True, slots=True)
class Turns:
    """The addresses of the parts around those that are shown; "" where there is nothing more."""

    lead_id: int
    place: Place
    story: LeadStory

    @property
    def query(self) -> str:
        """Behind the address of the page: what asks for these very parts."""
        return self._query(*self._talk, *self._rest())

    @property
    def earlier(self) -> str:
        """The conversation before this part."""
        entry = self.story.talk_part.earlier
        return entry and self._address(("until", entry), *self._rest(), end=anchor(entry))

    @property
    def later(self) -> str:
        """The conversation after this part."""
        entry = self.story.talk_part.later
        return entry and self._address(("from", entry), *self._rest(), end=anchor(entry))

    @property
    def newest(self) -> str:
        """The end of the conversation."""
        return self.story.talk_part.later and self._address(*self._rest(), end="talk-h")

    @property
    def earlier_notes(self) -> str:
        """Notes before these."""
        note = self.story.jottings_part.earlier
        return note and self._address(*self._talk, ("note", note), *self._rest("note"), end=f"note-{note}")

    @property
    def newest_notes(self) -> str:
        """The last notes."""
        return self.story.jottings_part.later and self._address(*self._talk, *self._rest("note"), end="jotted-h")

    @property
    def earlier_lines(self) -> str:
        """The history before this."""
        line = self.story.notes_part.earlier
        return line and self._address(*self._talk, ("line", line), *self._rest("line"), end=f"line-{line}")

    @property
    def newest_lines(self) -> str:
        """The end of the history."""
        end = "notes-h"
        return self.story.notes_part.later and self._address(*self._talk, *self._rest("line"), end=end)

    @property
    def _talk(self) -> tuple[tuple[str, str], ...]:
        return ((self.place.side, self.place.talk),) if self.place.side else ()

    def _rest(self, but: str = "") -> tuple[tuple[str, str], ...]:
        """The places in the other lists."""
        kept = (("note", self.place.note), ("line", self.place.line))
        return tuple((name, str(value)) for name, value in kept if value is not None and name != but)

    def _address(self, *query: tuple[str, str], end: str) -> str:
        return f"/leads/{self.lead_id}{self._query(*query)}#{end}"

    @staticmethod
    def _query(*query: tuple[str, str]) -> str:
        return f"?{urlencode(query)}" if query else ""


def anchor(entry: str) -> str:
    """The id that an entry of the conversation has on the page."""
    return entry if entry.startswith("call-") else f"said-{entry}"


def passage(lead_id: int, kind: str, number: int) -> str:
    """The address of a text or a note, in the part that holds it. `kind`: theirs, ours, note."""
    if kind == "note":
        return f"/leads/{lead_id}?note={number}#note-{number}"
    entry = f"{'in' if kind == 'theirs' else 'out'}-{number}"
    return f"/leads/{lead_id}?at={entry}#{anchor(entry)}"
