"""What the page, `status` and `export` read: SQL on the read-only connection, rows out as `gateway.core.views`."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime

from gateway.clock import to_ms
from gateway.core.business import Business
from gateway.core.callsieve import CallSieve, CallsPage
from gateway.core.desk.reviewing import ReviewKind
from gateway.core.effects import Effect, PauseChanged
from gateway.core.events import Event, Health, HealthReport, TextClaimed
from gateway.core.inbox import InboxPage, Sieve
from gateway.core.views.box import BoxState, Gone
from gateway.core.views.calendar import BookingDesk, Entry
from gateway.core.views.calls import CallRow, TextRow, Today
from gateway.core.views.emergencies import DrillView
from gateway.core.views.found import Found
from gateway.core.views.leads import LeadRow
from gateway.core.views.leadstory import NEWEST, LeadStory, Place
from gateway.core.views.review import ReviewRow
from gateway.core.views.tasks import TaskRow
from gateway.dispatcher import Dispatcher
from gateway.health import HealthBoard
from gateway.queries.absent import gone
from gateway.queries.boxstate import box_state, free_bytes
from gateway.queries.calendar import entries
from gateway.queries.calls import calls_page, texts_of_calls
from gateway.queries.contacts import Contacts
from gateway.queries.figures import Figures, figures
from gateway.queries.history import History
from gateway.queries.inbox import inbox, lone_texts
from gateway.queries.leads import open_counts, open_leads, task_row
from gateway.queries.leadstory import drill_view, lead_story
from gateway.queries.openings import booking_desk
from gateway.queries.review import review_counts, reviews
from gateway.queries.rows import call_row, letter_row, text_row
from gateway.queries.search import Search
from gateway.storage.store import Store

_COALESCE_S = 0.2  # a burst of changes is one refresh of the page
INBOXES = 20  # that are held at once: each person of an office with a choice of his own


class Queries:
    """The page's view of the box (implements `gateway.ports.data.PageData`)."""

    def __init__(self, store: Store, dispatcher: Dispatcher, board: HealthBoard, search: Search | None = None) -> None:
        self._store = store
        self.contacts = Contacts(store)
        self.history = History(store)
        self._dispatcher = dispatcher
        self._search = search
        self._board = board
        self._version = 0
        self._changed = asyncio.Condition()
        self._pause = ""
        self._inboxes: dict[tuple[Sieve, str], asyncio.Future[InboxPage]] = {}
        self._inboxes_of = (-1, 0)  # the version and the minute that they are of
        dispatcher.listen(self._heard)
        board.listen(lambda _report: self.touch())

    @property
    def _business(self) -> Business:
        return self._dispatcher.business

    async def today(self, at: datetime) -> Today:
        """Figures since local midnight."""
        start = to_ms(_midnight(at, self._business))
        row = await self._store.read(
            lambda db: db.execute(
                "SELECT coalesce(sum(missed IS 1 AND no_text <> 'duplicate'), 0) AS missed,"
                " coalesce(sum(state IN ('texted', 'unsure')), 0) AS texted, coalesce(sum(missed IS 0), 0) AS answered,"
                " coalesce(sum(state = 'not_texted' AND missed IS NOT 0 AND no_text <> 'duplicate'), 0) AS not_texted,"
                " coalesce(sum(state IN ('waiting', 'held')), 0) AS waiting,"
                " coalesce(sum(say LIKE 'texted in %, slow: %'), 0) AS slow"
                " FROM calls WHERE started_at >= ? AND no_text <> 'trial'",
                (start,),
            ).fetchone()
        )
        return Today(row["missed"], row["texted"], row["answered"], row["not_texted"], row["waiting"], row["slow"])

    async def calls(self, since: datetime, limit: int = 200) -> Sequence[CallRow]:
        """Calls, newest first, with the texts they caused."""

        def query(db: sqlite3.Connection) -> list[CallRow]:
            rows = db.execute(
                "SELECT calls.*, (SELECT name FROM contacts WHERE number = calls.peer AND name <> '' LIMIT 1) AS known_as"
                " FROM calls WHERE started_at >= ? ORDER BY started_at DESC, id DESC LIMIT ?",
                (to_ms(since), limit),
            ).fetchall()
            texts = texts_of_calls(db, [r["id"] for r in rows])
            return [call_row(r, texts.get(r["id"], ())) for r in rows]

        return await self._store.read(query)

    async def calls_page(self, sieve: CallSieve, after: str = "") -> CallsPage:
        """A page of calls, newest first; `after`: where the page before it ended."""
        business = self._business
        lines = tuple(dict.fromkeys(line.name for line in business.lines))
        return await self._store.read(lambda db: calls_page(db, sieve, business.zone, lines, after))

    async def lone_texts(self, since: datetime, limit: int = 50) -> Sequence[TextRow]:
        """Texts that belong to no call and no lead, newest first."""
        return await self._store.read(lambda db: lone_texts(db, since, limit))

    async def booking_desk(self, at: datetime) -> BookingDesk:
        """Implements `PageData.booking_desk`."""
        business = self._dispatcher.business
        return await self._store.read(lambda db: booking_desk(db, business, at))

    async def calendar(self, first: date, days: int) -> Sequence[Entry]:
        """The appointments of some days from a day on, in order of time."""
        return await self._store.read(lambda db: entries(db, self._business, first, days))

    async def inbox(self, sieve: Sieve, at: datetime, after: str = "") -> InboxPage:
        """A page of what waits for people; `after`: where the page before it ended.

        Drawn once for all who look at the same: nothing but a commit, or the next minute, changes it.
        """
        key, moment = (sieve, after), (self._version, int(at.timestamp() // 60))
        if self._inboxes_of != moment or len(self._inboxes) >= INBOXES:
            self._inboxes, self._inboxes_of = {}, moment
        held = self._inboxes.get(key)
        if held is None or (held.done() and (held.cancelled() or held.exception() is not None)):
            business = self._business
            midnight = _midnight(at, business)
            held = self._inboxes[key] = asyncio.ensure_future(
                self._store.read(lambda db: inbox(db, business.conversation, sieve, at, midnight, after))
            )
        return await asyncio.shield(held)

    async def tasks(self, limit: int = 200) -> Sequence[TaskRow]:
        """What people have to do beside the leads, oldest first."""
        rows = await self._store.read(
            lambda db: db.execute(
                "SELECT * FROM tasks WHERE closed_at IS NULL AND lead_id IS NULL ORDER BY created_at LIMIT ?", (limit,)
            ).fetchall()
        )
        return [task_row(row) for row in rows]

    async def leads(self, at: datetime, limit: int = 200) -> Sequence[LeadRow]:
        """Leads with something left to do, the most pressing first."""
        rules = self._business.conversation
        return await self._store.read(lambda db: open_leads(db, rules, at, limit))

    async def lead(self, lead_id: int, at: datetime, place: Place = NEWEST) -> LeadStory | None:
        """One lead with its conversation, of a long one the part at `place`; None when there is no such lead."""
        return await self._store.read(
            lambda db: lead_story(db, self._business, lead_id, at, text_row, letter_row, call_row, place)
        )

    async def reviews(
        self, kind: str, before: int | None = None, limit: int = 50, *, settled: bool = False
    ) -> Sequence[ReviewRow]:
        """What is to be looked through of a kind, the newest first. Raises ValueError for a kind that there is not."""
        which = ReviewKind(kind)
        return await self._store.read(lambda db: reviews(db, which, before, limit, settled=settled))

    async def review_counts(self) -> dict[str, int]:
        """How much of each kind nobody has looked through yet."""
        return await self._store.read(review_counts)

    async def find(self, typed: str, at: datetime, before: int | None = None) -> Found:
        """What has all the words that were typed; `before`: the lead from which the last page went on."""
        return Found(down=True) if self._search is None else await self._search.find(typed, at, before)

    async def lead_counts(self) -> dict[str, int]:
        """How many leads are `open`, and how many of them are `emergencies`."""
        return await self._store.read(open_counts)

    async def counts(self) -> dict[str, int]:
        """Figures for `status`: what is queued and what is open."""
        row = await self._store.read(
            lambda db: db.execute(
                "SELECT (SELECT count(*) FROM texts WHERE state IN ('queued', 'submitting')) AS queued,"
                " (SELECT count(*) FROM texts WHERE state = 'unconfirmed') AS unsure,"
                " (SELECT count(*) FROM calls WHERE state = 'ringing') AS ringing,"
                " (SELECT count(*) FROM tasks WHERE closed_at IS NULL) AS tasks"
            ).fetchone()
        )
        return {key: row[key] for key in row.keys()}  # noqa: SIM118 - sqlite3.Row iterates over values

    async def drill(self) -> DrillView | None:
        """How far the newest drill has come (`textback drill` waits on it)."""
        return await self._store.read(lambda db: drill_view(db, self._business))

    async def gone(self, at: datetime) -> Gone:
        """Who is away, and what that leaves."""
        sane = self._clock_sane()
        return await self._store.read(lambda db: gone(db, self._business, at, clock_sane=sane))

    def _clock_sane(self) -> bool:
        return all(report.health is not Health.DOWN for report in self._board.reports() if report.component == "clock")

    async def box(self, at: datetime) -> BoxState:
        """How the whole box stands (the health page)."""
        sane = self._clock_sane()
        return await self._store.read(
            lambda db: box_state(
                db,
                self._business,
                at,
                clock_sane=sane,
                text_row=text_row,
                call_row=call_row,
                free_bytes=free_bytes(self._store.path),
            )
        )

    async def text_state(self, key: str) -> TextRow | None:
        """The text with a natural key (`send-test` waits on it)."""
        row = await self._store.read(lambda db: db.execute("SELECT * FROM texts WHERE key = ?", (key,)).fetchone())
        return None if row is None else text_row(row)

    async def figures(self) -> Figures:
        """Figures of the last day for a monitor."""
        at = self._dispatcher.now()
        return await self._store.read(lambda db: figures(db, at))

    async def newest_heard(self, number: str) -> tuple[int, int]:
        """The newest call that came in, and the newest text from a number, by id; 0 for none."""

        def read(db: sqlite3.Connection) -> tuple[int, int]:
            call = db.execute("SELECT max(id) FROM calls").fetchone()[0]
            letter = db.execute("SELECT max(id) FROM letters WHERE peer = ?", (number,)).fetchone()[0]
            return call or 0, letter or 0

        return await self._store.read(read)

    def health(self) -> Sequence[HealthReport]:
        """State of every component, the worst first."""
        return self._board.reports()

    def paused(self) -> str:
        """Why texting is paused, "" when it is not."""
        return self._pause

    async def load_pause(self) -> None:
        """Read the pause switch (at start, and after each switching)."""
        row = await self._store.read(
            lambda db: db.execute("SELECT value FROM switches WHERE name = 'pause'").fetchone()
        )
        self._pause = row["value"] if row else ""

    async def changes(self) -> AsyncIterator[int]:
        """Yield a growing number when something shown has changed."""
        seen = self._version
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._version != seen)  # noqa: B023 - evaluated at once
            await asyncio.sleep(_COALESCE_S)
            seen = self._version
            yield seen

    def _heard(self, event: Event, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, PauseChanged):
                self._pause = effect.why
        if effects or not isinstance(event, TextClaimed):
            self.touch()

    def touch(self) -> None:
        """Tell the page that something it shows has changed."""
        self._version += 1
        self._waker = asyncio.ensure_future(self._wake())

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _midnight(at: datetime, business: Business) -> datetime:
    return at.astimezone(business.zone).replace(hour=0, minute=0, second=0, microsecond=0)
