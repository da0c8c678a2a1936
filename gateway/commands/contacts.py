"""What a person may do with the contacts from the page, as events (implements `gateway.ports.commands.ContactCommands`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from itertools import islice

from gateway.core import events
from gateway.core.business import Business
from gateway.core.contactfiles import cards, table
from gateway.core.contactfiles.entry import ContactFile, Entry, gather
from gateway.core.effects import Declined, Effect
from gateway.core.policy import ContactKind
from gateway.ports.clock import Clock

Submit = Callable[[events.Event], Awaitable[list[Effect]]]

AT_ONCE = 50  # numbers of one transaction: a call that comes in meanwhile waits for one of them at most


class ContactWork:
    """Changes of the contact list. Raises ValueError with the sentence when the rules decline."""

    def __init__(self, submit: Submit, clock: Clock, business: Callable[[], Business]) -> None:
        self._submit = submit
        self._clock = clock
        self._business = business

    async def put(self, number: str, name: str, add: Collection[str], drop: Collection[str], by: str) -> None:
        """Write down who a number is: kinds to add and to drop, and its name."""
        at = self._clock.now()
        event = events.ContactPut(at, number.strip(), name, tuple(sorted(add)), tuple(sorted(drop)), by)
        for effect in await self._submit(event):
            if isinstance(effect, Declined):
                raise ValueError(effect.say)

    async def take(self, entries: Sequence[Entry], by: str) -> None:
        """Take in the contacts of a file, in transactions of a few each: calls are handled in between."""
        left = iter(entries)
        while part := tuple(islice(left, AT_ONCE)):
            contacts = tuple(
                events.TakenContact(each.number, each.name, tuple(sorted(kind.value for kind in each.kinds)))
                for each in part
            )
            await self._submit(events.ContactsTaken(self._clock.now(), contacts, by))
            await asyncio.sleep(0)

    async def read(self, data: bytes, kind: str) -> ContactFile:
        """What a file comes down to; nothing is taken in. Raises ValueError with a sentence.

        `kind` is what a number is of which the file does not say it; "" leaves such a number out.
        """
        said = ContactKind(kind) if kind else None
        return await asyncio.to_thread(_read, data, self._business(), said)


def _read(data: bytes, business: Business, kind: ContactKind | None) -> ContactFile:
    text = table.decoded(data)
    rows = cards.read(text) if cards.looks_so(text) else table.read(text)
    return gather(rows, business.country, business.area_code, kind)
