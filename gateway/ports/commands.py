"""What a person may do on the page (implemented by `gateway.commands.office`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from gateway.core.contactfiles.entry import ContactFile, Entry


class LeadCommands(Protocol):
    """What a person may do with a lead (`gateway.commands.leads` says how each is meant); raises ValueError with a sentence."""

    async def claim(self, lead_id: int, seen: str, by: str) -> None: ...

    async def assign(self, lead_id: int, to: str, seen: str, by: str) -> None: ...

    async def called(self, lead_id: int, reached: bool, by: str) -> None: ...

    async def later(self, lead_id: int, until: datetime, by: str, upto: str = "") -> None: ...

    async def task_called(self, task_id: int, reached: bool, by: str) -> None: ...

    async def task_later(self, task_id: int, until: datetime, by: str) -> None: ...

    async def end(self, lead_id: int, outcome: str, cents: int | None, words: str, by: str, upto: str = "") -> None: ...

    async def reopen(self, lead_id: int, by: str) -> None: ...

    async def open(
        self, number: str, name: str, service: str, by: str, visit: tuple[datetime, datetime] | None = None
    ) -> int: ...

    async def book(
        self,
        lead_id: int,
        begins: datetime,
        ends: datetime,
        by: str,
        *,
        crew: str = "",
        who: str = "",
        note: str = "",
        tell: bool = True,
        upto: str = "",
    ) -> None: ...

    async def rule(self, lead_id: int, ruling: str, by: str, upto: str = "") -> None: ...

    async def note(self, lead_id: int, body: str, by: str) -> None: ...

    async def strike_note(self, note_id: int, by: str) -> None: ...

    async def correct(self, lead_id: int, facts: Mapping[str, str], by: str, upto: str = "") -> None: ...

    async def correct_text(self, letter_id: int, labels: Mapping[str, str], counts: bool, by: str) -> None: ...

    async def settle_review(self, review_id: int, by: str) -> None: ...

    async def set_away(self, name: str, away: bool, by: str, until: datetime | None = None) -> None: ...


class ContactCommands(Protocol):
    """What a person may do with the contacts (`gateway.commands.contacts`); raises ValueError with a sentence."""

    async def put(self, number: str, name: str, add: Collection[str], drop: Collection[str], by: str) -> None: ...

    async def take(self, entries: Sequence[Entry], by: str) -> None: ...

    async def read(self, data: bytes, kind: str) -> ContactFile: ...


class Commands(Protocol):
    """What a person may do on the page. Each is an event for the dispatcher; raises ValueError with a sentence when it cannot be done."""

    @property
    def leads(self) -> LeadCommands: ...

    @property
    def contacts(self) -> ContactCommands: ...

    async def close_task(self, task_id: int, by: str, upto: str = "") -> None: ...

    async def contacted(self, call_id: int, by: str) -> None: ...

    async def resend_unsure(self, text_id: int, by: str) -> None: ...

    async def settle_unsure(self, text_id: int, went_out: bool, by: str) -> None: ...

    async def pause(self, on: bool, by: str) -> None: ...

    async def write(
        self, lead_id: int, body: str, by: str, seen: str | None = None, upto: str = "", *, sure: bool = False
    ) -> None: ...

    async def take_over(self, lead_id: int, by: str) -> None: ...

    async def have_it(self, lead_id: int, by: str) -> None: ...

    async def hand_back(self, lead_id: int, by: str) -> None: ...

    async def finish(self, lead_id: int, by: str, upto: str = "") -> None: ...

    async def mark(self, lead_id: int, kind: str, on: bool, by: str, reason: str = "") -> None: ...

    async def trial_text(self, to: str, by: str) -> None:
        """A test text to one of our own telephones."""

    async def drill(self, by: str) -> None:
        """A marked test alarm goes up the ladder."""
