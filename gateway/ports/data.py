"""What the page may read (implemented by `gateway.queries.office`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from gateway.core.callsieve import CallSieve, CallsPage
from gateway.core.events import HealthReport
from gateway.core.inbox import InboxPage, Sieve
from gateway.core.views.box import BoxState, Gone
from gateway.core.views.calendar import BookingDesk, Entry
from gateway.core.views.calls import TextRow, Today
from gateway.core.views.contacts import ContactPage, ContactRow
from gateway.core.views.found import Found
from gateway.core.views.history import HistoryPage, HistorySearch
from gateway.core.views.leadstory import LeadStory, Place
from gateway.core.views.review import ReviewRow


class ContactData(Protocol):
    """What the page may read of the contacts (`gateway.queries.contacts` says how each is meant)."""

    async def page(
        self, words: str = "", kind: str = "", after: tuple[str, str] | None = None, limit: int = 50
    ) -> ContactPage: ...

    async def one(self, number: str) -> ContactRow | None: ...

    async def counts(self) -> Mapping[str, int]: ...

    async def known(self, numbers: Collection[str]) -> Mapping[str, frozenset[str]]: ...

    def everybody(self) -> AsyncIterator[Sequence[ContactRow]]: ...


class HistoryData(Protocol):
    """What the page may read of the history (`gateway.queries.history`)."""

    async def lines(self, look: HistorySearch, before: int | None = None, limit: int = 50) -> HistoryPage: ...


class PageData(Protocol):
    """What the page may read. Every method is a read-only query; `at` is the present moment (aware, UTC)."""

    @property
    def contacts(self) -> ContactData: ...

    @property
    def history(self) -> HistoryData: ...

    async def today(self, at: datetime) -> Today: ...

    async def inbox(self, sieve: Sieve, at: datetime, after: str = "") -> InboxPage:
        """A page of what waits for people; `after`: `InboxPage.more` of the page before."""

    async def calls_page(self, sieve: CallSieve, after: str = "") -> CallsPage:
        """A page of calls, newest first; `after`: `CallsPage.more` of the page before."""

    async def lone_texts(self, since: datetime, limit: int = 50) -> Sequence[TextRow]:
        """Texts that belong to no call and no lead, newest first."""

    async def lead(self, lead_id: int, at: datetime, place: Place = ...) -> LeadStory | None:
        """A lead with what was said and done about it, of long lists the part at `place`."""

    async def calendar(self, first: date, days: int) -> Sequence[Entry]:
        """The appointments of some days from a day on, in order of time."""

    async def booking_desk(self, at: datetime) -> BookingDesk:
        """What an appointment can be made of: free windows, crews, services."""

    async def find(self, typed: str, at: datetime, before: int | None = None) -> Found:
        """Leads, newest first, and numbers that have all the words that were typed; `before`: `Found.before` of the last page."""

    async def reviews(
        self, kind: str, before: int | None = None, limit: int = 50, *, settled: bool = False
    ) -> Sequence[ReviewRow]:
        """What is to be looked through of a `gateway.core.desk.reviewing.ReviewKind`; `before`: an id to go on from."""

    async def review_counts(self) -> Mapping[str, int]:
        """How much of each kind nobody has looked through yet."""

    async def gone(self, at: datetime) -> Gone:
        """Who is away, and what that leaves."""

    async def box(self, at: datetime) -> BoxState:
        """How the whole box stands, for the health page."""

    def health(self) -> Sequence[HealthReport]: ...

    def paused(self) -> str:
        """Why texting is paused, in plain English; "" when it is not."""

    def changes(self) -> AsyncIterator[int]:
        """Yields a growing number whenever something the page shows has changed (coalesced)."""
