"""One person's data is taken out at his request: of the records, of the search, and of a restored backup.

What stays is said: the proof of an opt-out, backups until they are put away, damaged or replaced records that lie aside, and
what stands in the configuration.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gateway import records
from gateway.core.business import Business
from gateway.core.numbers import read_number
from gateway.ports.clock import Clock
from gateway.records import Erased
from gateway.settings import Settings
from gateway.statefolder import BACKUPS, DATABASE
from gateway.storage.shelf import shelved
from gateway.storage.store import Store

ENTRIES = 2000  # of the journal in one transaction
BREATH_S = 0.05


class NotErased(ValueError):
    """Nothing was taken out. The sentence says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was taken out, and where the person's data still is: so many backups, files aside, the configuration."""

    erased: Erased
    backups: int
    aside: tuple[str, ...]
    configured: bool

    def sentences(self) -> list[str]:
        """The same for a person."""
        done = self.erased
        said = [f"Erased: {done.calls} calls, {done.leads} leads, {done.texts} texts."]
        if done.opted_out:
            said.append("What stays is the proof that this person asked not to be texted.")
        if self.backups:
            said.append(
                f"{self.backups} backups on the box still hold it until they are put away, as the settings say; copies elsewhere too."
            )
        if self.aside:
            said.append(
                f"Old records that lie aside may hold it: {', '.join(self.aside)}. Delete them when nobody needs them."
            )
        if self.configured:
            said.append("The number stands in the configuration, under contacts: take it out there.")
        return said


class Erasing:
    """`changed` is told when something has gone."""

    def __init__(
        self, settings: Callable[[], Settings], store: Store, clock: Clock, changed: Callable[[], Awaitable[None]]
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._changed = changed

    async def erase(self, typed: str, by: str) -> Erasure:
        """Take out the person with that number. Raises NotErased, StoreDown."""
        settings = self._settings()
        peer = number_of(typed, settings.business)
        above: int | None = 0
        if await self._store.read(lambda db: records.has_open_emergency(db, peer)):
            raise NotErased("an emergency of this number is open - settle it first")
        leads = await self._store.read(lambda db: records.leads_of_person(db, peer))
        while above is not None:
            above = await self._store.write(
                lambda db, above=above: records.erase_inputs(db, peer, leads, above, ENTRIES)  # type: ignore[misc]
            )
            await asyncio.sleep(BREATH_S)
        now = self._clock.now()

        def take_out(db: sqlite3.Connection) -> Erased:
            done = records.erase_person(db, peer, now, by)
            records.erase_words(db, peer)
            return done

        done = await self._store.write(take_out)
        await self._store.tidy()
        await self._changed()
        state = settings.state_dir
        aside = tuple(
            path.name for path in sorted(state.glob(f"{DATABASE}.*-*Z*")) if not path.name.endswith(("-wal", "-shm"))
        )
        configured = any(contact.number == peer for contact in settings.contacts)
        return Erasure(done, len(shelved(state / BACKUPS)), aside, configured)


def number_of(typed: str, business: Business) -> str:
    """The number that was typed. Raises NotErased for none, and for one of our own."""
    number = read_number(typed, business.country, business.area_code).e164
    if number is None:
        raise NotErased(f"{typed[:40]!r} is not a telephone number - write it as +12165550137")
    ours = {business.owner, *business.staff, *business.sims, *(line.number for line in business.lines)}
    if number in ours or any(person.phone == number for person in business.people.everybody):
        raise NotErased("this is a number of the business itself - take it out of the settings first")
    return number
