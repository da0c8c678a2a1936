"""The addresses under which calendar programs read the appointments (implements `gateway.ports.feeds.FeedDesk`).

A calendar program cannot sign in to the page, so the address itself is the key: 192 random bits, another one for each crew, read
only. It is kept readable, unlike a password, for the office copies it from the page to each phone. Guesses are counted apart from
those of the sign-in. An address that was right once and has ended is no guess: phones go on asking for it for weeks.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import timedelta

from gateway import records
from gateway.access.attempts import Attempts, known, network, stranger
from gateway.access.passwords import token_hash
from gateway.core.business import Business
from gateway.core.views.feeds import Feed, FeedRow, Published
from gateway.ports.clock import Clock
from gateway.ports.feeds import TooManyTries
from gateway.queries.feeds import published, published_of
from gateway.storage.store import Store

SECRET_BYTES = 24
LONGEST_SECRET = 100  # characters of an address that are looked at
_READERS = 200  # machines that have shown a right address; guesses of others do not keep them out


class Feeds:
    """The calendar addresses of one box."""

    def __init__(self, store: Store, clock: Clock, business: Callable[[], Business]) -> None:
        self._store = store
        self._clock = clock
        self._business = business
        self._attempts = Attempts()
        self._readers: OrderedDict[str, None] = OrderedDict()
        self._kept: list[records.FeedRecord] | None = None
        self._changed = 0  # how often an address was made or ended
        self._installation = ""

    async def rows(self) -> Sequence[FeedRow]:
        """Everybody's appointments, then each crew's, then what still has an address."""
        crews = self._business().conversation.booking.crews
        feeds = {one.feed.crew: one.feed for one in await self._all() if one.feed is not None}
        rows = [FeedRow("", "", feeds.get(""))]
        rows += [FeedRow(name, crew.label or name, feeds.get(name)) for name, crew in crews.items()]
        rows += [FeedRow(name, name, feed, gone=True) for name, feed in feeds.items() if name and name not in crews]
        return rows

    async def make(self, crew: str, language: str, by: str) -> None:
        """Make an address where there is none. Raises ValueError with a sentence for an unknown crew."""
        if crew and crew not in self._business().conversation.booking.crews:
            raise ValueError("there is no such crew any more")

        def write(db: sqlite3.Connection) -> None:
            if records.open_feed(db, crew) is None:
                self._add(db, crew, language, by)
                records.note(db, self._clock.now(), "box:page", f"{by}: a calendar address was made {self._of(crew)}")

        await self._change(write)

    async def renew(self, crew: str, language: str, by: str) -> None:
        """Another address in place of the one there is, which ends. Raises ValueError with a sentence where there is none."""

        def write(db: sqlite3.Connection) -> None:
            _present(db, crew)
            records.end_feed(db, crew, self._clock.now())
            self._add(db, crew, language, by)
            records.note(db, self._clock.now(), "box:page", f"{by}: another calendar address was made {self._of(crew)}")

        await self._change(write)

    async def end(self, crew: str, by: str) -> None:
        """The address opens nothing any more. Raises ValueError with a sentence where there is none."""

        def write(db: sqlite3.Connection) -> None:
            _present(db, crew)
            records.end_feed(db, crew, self._clock.now())
            records.note(db, self._clock.now(), "box:page", f"{by}: the calendar address was ended {self._of(crew)}")

        await self._change(write)

    async def enter(self, secret: str, address: str) -> Feed | None:
        """What a secret opens, None for nothing; `address` is the visitor's. Raises TooManyTries.

        From the count to the judgement nothing is waited for: many tries at the same moment are counted one by one.
        """
        kept, now, reader = await self._all(), self._clock.now(), network(address)
        counted = known(f"calendars of {reader}") if reader in self._readers else stranger(address, "calendars")
        if (wait := self._attempts.wait(counted, now)) > timedelta(0):
            raise TooManyTries(wait.total_seconds())
        token, found = token_hash(secret[:LONGEST_SECRET]), None
        for each in kept:
            if hmac.compare_digest(each.token, token):
                found = each
        if found is None:
            self._attempts.tried(counted, now)
            return None
        if found.feed is not None:
            self._readers[reader] = None
            self._readers.move_to_end(reader)
            if len(self._readers) > _READERS:
                self._readers.popitem(last=False)
        return found.feed

    async def published(self, crew: str) -> Sequence[Published]:
        """The appointments of a crew, "" for everybody's, in order of time."""
        return await self._store.read(lambda db: published(db, self._business(), crew, self._clock.now()))

    async def published_of(self, lead_id: int) -> Published | None:
        """The last appointment of a lead; None where it has none, or one that is only held."""
        return await self._store.read(lambda db: published_of(db, self._business(), lead_id))

    async def installation(self) -> str:
        """By what calendars tell the appointments of this box from those of another."""
        if not self._installation:
            self._installation = await self._store.read(records.installation)
        if not self._installation:
            name = secrets.token_hex(8)
            self._installation = await self._store.write(
                lambda db: records.name_installation(db, name, self._clock.now())
            )
        return self._installation

    def _add(self, db: sqlite3.Connection, crew: str, language: str, by: str) -> None:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        records.add_feed(db, Feed(crew, secret, language, self._clock.now(), by), token_hash(secret))

    def _of(self, crew: str) -> str:
        """Whose appointments, for the history."""
        known_as = self._business().conversation.booking.crews.get(crew)
        return f"for {known_as.label if known_as and known_as.label else crew}" if crew else "for all appointments"

    async def _all(self) -> Sequence[records.FeedRecord]:
        if (kept := self._kept) is None:
            changed = self._changed
            kept = await self._store.read(records.all_feeds)
            if changed == self._changed:  # else an address may have ended while we read
                self._kept = kept
        return kept

    async def _change(self, write: Callable[[sqlite3.Connection], None]) -> None:
        try:
            await self._store.write(write)
        finally:
            self._changed += 1
            self._kept = None


def _present(db: sqlite3.Connection, crew: str) -> None:
    if records.open_feed(db, crew) is None:
        raise ValueError("there is no calendar address here any more")
