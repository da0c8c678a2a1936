"""What the gateway expects of hardware, and what hardware may expect of the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from gateway.core.callsieve import CallSieve, CallsPage
from gateway.core.contactfiles.entry import ContactFile, Entry
from gateway.core.events import CallSource, HealthReport, RingOutcome, SubmitResult
from gateway.core.inbox import InboxPage, Sieve
from gateway.core.sheets import (
    FirstAnswers,
    RawFile,
    Saved,
    Sheet,
    SheetLink,
    Standing,
    TextPreview,
    VersionRow,
)
from gateway.core.views.box import BoxState
from gateway.core.views.calls import TextRow, Today
from gateway.core.views.contacts import ContactPage, ContactRow
from gateway.core.views.found import Found
from gateway.core.views.history import HistoryPage, HistorySearch
from gateway.core.views.leadstory import LeadStory
from gateway.core.views.review import ReviewRow
from gateway.core.views.setup import SetupView
from gateway.core.visitors import LoginRow, Visitor


class Sink(Protocol):
    """Where a driver puts what happened. Returns after the event is committed to disk: only then may a stored SMS be deleted.

    Raises OSError or StoreDown when it could not be committed; the driver then keeps the SMS on the modem and offers it again.
    """

    async def __call__(self, event: object) -> None: ...


class HealthSink(Protocol):
    """Where a driver says how it is. Never blocks, never fails."""

    def __call__(self, report: HealthReport) -> None: ...


class Clock(Protocol):
    """Wall time (aware, UTC) and the waiting that goes with it."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...


class OnRing(StrEnum):
    """What the modem does with a ringing call. It never answers."""

    RING = "ring"  # let it ring out: the SIM is a business number that people may answer elsewhere
    HANG_UP = "hang_up"  # forwarded-line mode: every ring is a miss, so free the line once the number is known


@dataclass(frozen=True, slots=True)
class OutgoingSegment:
    """One segment ready for the modem: `number` of `total`, already split by `gateway.core.alphabet.split`."""

    to: str  # E.164, or a short code of the operator
    body: str
    ucs2: bool
    ref: int | None  # concatenation reference shared by the segments of one text; None for a single segment
    number: int
    total: int
    validity_s: int
    want_report: bool


class TextModem(Protocol):
    """A modem that sends. Receiving and calls arrive through the Sink given at construction."""

    @property
    def ready(self) -> bool:
        """Registered and able to send right now."""

    async def submit(
        self, segment: OutgoingSegment, about_to_write: Callable[[], Awaitable[None]] | None = None
    ) -> SubmitResult:
        """Hand one segment to the network. Never raises for anything a modem can do; cancellation is UNCONFIRMED after Ctrl-Z."""

    async def run(self) -> None:
        """Open, serve and reopen for ever; ends only by cancellation."""


@dataclass(frozen=True, slots=True)
class RingWish:
    """One telephone to be rung: for `ring_s` seconds once it rings. `code` is what can be spoken of the matter."""

    to: str  # E.164
    code: int
    ring_s: float


@dataclass(frozen=True, slots=True)
class RingResult:
    """What came of it; `say` is one clause in plain English."""

    outcome: RingOutcome
    say: str


class Ringer(Protocol):
    """Something that can ring a telephone."""

    @property
    def ready(self) -> bool:
        """It can ring one more right now."""

    @property
    def shares_modem(self) -> bool:
        """While it rings, the modem that sends the texts sends none."""

    async def ring(self, wish: RingWish, stop: asyncio.Event) -> RingResult:
        """Ring until it is taken, refused or has rung long enough, or until `stop` is set; then it is hung up.

        Never raises for anything a telephone line can do; cancelled, it hangs up as far as it can.
        """


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that was in progress when it was last written down."""

    key: str
    source: CallSource
    started_at: datetime
    caller: str | None
    did: str | None
    taken_by: str | None
    taken: bool


class SignInRefused(ValueError):
    """Somebody is not let in. `wait_s`: how long until the next try is worth anything."""

    def __init__(self, sentence: str, wait_s: float) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


class Gate(Protocol):
    """Who is let in to the page."""

    async def exist(self) -> bool:
        """Whether anybody may use the page yet; while nobody may, the first visitor makes himself the owner."""

    async def visitor(self, token: str) -> Visitor | None:
        """Who is signed in with this cookie; None for nobody."""

    async def sign_in(self, name: str, secret: str, address: str, device: str, browser: str = "") -> str:
        """The cookie of a new session. `browser` is what `browser` once gave to it. Raises SignInRefused."""

    async def browser(self, token: str) -> str:
        """What a browser keeps to show later that this person has signed in there: guessing elsewhere does not keep it out."""

    async def first(self, name: str, secret: str, device: str) -> str:
        """The cookie of the first owner. Raises ValueError with a sentence, also where there is somebody already."""

    async def sign_out(self, token: str) -> None: ...

    async def rows(self, token: str = "") -> Sequence[LoginRow]:
        """Everybody who may use the page; `token` is the cookie of the browser that asks."""

    def people(self) -> Mapping[str, str]:
        """The business's own people by key, as callers read their names."""

    async def add(self, name: str, role: str, secret: str, by: str, person: str = "") -> None: ...

    async def set_secret(self, login_id: int, secret: str, by: str, token: str = "") -> None:
        """Another password; every browser of that person but the one with the cookie `token` is signed out."""

    async def confirm(self, login_id: int, secret: str) -> None:
        """Somebody who is signed in shows once more who he is. Raises SignInRefused."""

    async def set_role(self, login_id: int, role: str, by: str) -> None: ...

    async def set_person(self, login_id: int, person: str, by: str) -> None: ...

    async def set_language(self, login_id: int, language: str) -> None: ...

    async def remove(self, login_id: int, by: str) -> None: ...

    async def end_session(self, session_id: int, by: str, login_id: int | None = None) -> None:
        """Sign a browser out; with `login_id` only when it is that person's."""

    async def end_sessions(self, login_id: int, by: str) -> None:
        """Sign out every browser of somebody."""


class ContactData(Protocol):
    """What the page may read of the contacts (`gateway.queries.contacts` says how each is meant)."""

    async def contacts(
        self, words: str = "", kind: str = "", after: tuple[str, str] | None = None, limit: int = 50
    ) -> ContactPage: ...

    async def contact(self, number: str) -> ContactRow | None: ...

    async def contact_counts(self) -> Mapping[str, int]: ...

    async def known_contacts(self, numbers: Collection[str]) -> Mapping[str, frozenset[str]]: ...

    def all_contacts(self) -> AsyncIterator[Sequence[ContactRow]]: ...


class HistoryData(Protocol):
    """What the page may read of the history (`gateway.queries.history`)."""

    async def history(self, look: HistorySearch, before: int | None = None, limit: int = 50) -> HistoryPage: ...


class PageData(ContactData, HistoryData, Protocol):
    """What the page may read. Every method is a read-only query; `at` is the present moment (aware, UTC)."""

    async def today(self, at: datetime) -> Today: ...

    async def inbox(self, sieve: Sieve, at: datetime, after: str = "") -> InboxPage:
        """A page of what waits for people; `after`: `InboxPage.more` of the page before."""

    async def calls_page(self, sieve: CallSieve, after: str = "") -> CallsPage:
        """A page of calls, newest first; `after`: `CallsPage.more` of the page before."""

    async def lone_texts(self, since: datetime, limit: int = 50) -> Sequence[TextRow]:
        """Texts that belong to no call and no lead, newest first."""

    async def lead(self, lead_id: int, at: datetime) -> LeadStory | None: ...

    async def find(self, typed: str, at: datetime, before: int | None = None) -> Found:
        """Leads, newest first, and numbers that have all the words that were typed; `before`: `Found.before` of the last page."""

    async def reviews(
        self, kind: str, before: int | None = None, limit: int = 50, *, settled: bool = False
    ) -> Sequence[ReviewRow]:
        """What is to be looked through of a `gateway.core.desk.reviewing.ReviewKind`; `before`: an id to go on from."""

    async def review_counts(self) -> Mapping[str, int]:
        """How much of each kind nobody has looked through yet."""

    async def box(self, at: datetime) -> BoxState:
        """How the whole box stands, for the health page."""

    def health(self) -> Sequence[HealthReport]: ...

    def paused(self) -> str:
        """Why texting is paused, in plain English; "" when it is not."""

    def changes(self) -> AsyncIterator[int]:
        """Yields a growing number whenever something the page shows has changed (coalesced)."""


class SettingsDesk(Protocol):
    """What the page changes of the configuration. Whatever cannot be done raises ValueError with a sentence; problems with values
    come back in `Saved`, each with its field. `by` is who acts, `owner` whether that is an owner."""

    async def standing(self) -> Standing:
        """Whether the file is the one in use, and if not what is wrong with it."""

    def sheets(self) -> Sequence[SheetLink]: ...

    async def sheet(self, key: str) -> Sheet: ...

    async def save(self, key: str, form: Mapping[str, Sequence[str]], mark: str, by: str, owner: bool) -> Saved:
        """Save a filled-in sheet that was drawn from the file with that mark, and go by it."""

    async def preview(self, path: str, text: str) -> TextPreview:
        """How the text of a field would read, before it is saved."""

    async def raw(self) -> RawFile: ...

    async def save_raw(self, text: str, mark: str, by: str) -> Saved:
        """The whole file; for owners."""

    async def versions(self) -> Sequence[VersionRow]: ...

    async def former(self, key: str) -> str:
        """A version that was in use before, secrets as stars."""

    async def restore(self, key: str, mark: str, by: str) -> Saved: ...

    async def take_in(self, by: str) -> Saved:
        """Go by the file as it was changed by hand."""

    async def first_configuration(self, answers: FirstAnswers, by: str) -> Saved:
        """Write the first file and go by it. Complaints name the places in the file: business.timezone, lines.main.number, hours.mon,
        area.zips, modem.port, asterisk.secret ..."""


class LeadCommands(Protocol):
    """What a person may do with a lead (`gateway.commands.leads` says how each is meant); raises ValueError with a sentence."""

    async def claim(self, lead_id: int, seen: str, by: str) -> None: ...

    async def assign(self, lead_id: int, to: str, seen: str, by: str) -> None: ...

    async def called(self, lead_id: int, reached: bool, by: str) -> None: ...

    async def later(self, lead_id: int, until: datetime, by: str) -> None: ...

    async def task_called(self, task_id: int, reached: bool, by: str) -> None: ...

    async def task_later(self, task_id: int, until: datetime, by: str) -> None: ...

    async def end(self, lead_id: int, outcome: str, cents: int | None, words: str, by: str) -> None: ...

    async def reopen(self, lead_id: int, by: str) -> None: ...

    async def book(self, lead_id: int, begins: datetime, ends: datetime, who: str, note: str, by: str) -> None: ...

    async def note(self, lead_id: int, body: str, by: str) -> None: ...

    async def strike_note(self, note_id: int, by: str) -> None: ...

    async def correct(self, lead_id: int, facts: Mapping[str, str], by: str) -> None: ...

    async def correct_text(self, letter_id: int, labels: Mapping[str, str], counts: bool, by: str) -> None: ...

    async def settle_review(self, review_id: int, by: str) -> None: ...

    async def set_away(self, name: str, away: bool, by: str) -> None: ...


class ContactCommands(Protocol):
    """What a person may do with the contacts (`gateway.commands.contacts`); raises ValueError with a sentence."""

    async def put_contact(
        self, number: str, name: str, add: Collection[str], drop: Collection[str], by: str
    ) -> None: ...

    async def take_contacts(self, entries: Sequence[Entry], by: str) -> None: ...

    async def read_contacts(self, data: bytes, kind: str) -> ContactFile: ...


class Commands(LeadCommands, ContactCommands, Protocol):
    """What a person may do on the page. Each is an event for the dispatcher; raises ValueError with a sentence when it cannot be done."""

    async def close_task(self, task_id: int, by: str) -> None: ...

    async def contacted(self, call_id: int, by: str) -> None: ...

    async def resend_unsure(self, text_id: int, by: str) -> None: ...

    async def settle_unsure(self, text_id: int, went_out: bool, by: str) -> None: ...

    async def pause(self, on: bool, by: str) -> None: ...

    async def write(self, lead_id: int, body: str, by: str, seen: str | None = None) -> None: ...

    async def take_over(self, lead_id: int, by: str) -> None: ...

    async def have_it(self, lead_id: int, by: str) -> None: ...

    async def hand_back(self, lead_id: int, by: str) -> None: ...

    async def finish(self, lead_id: int, by: str) -> None: ...

    async def mark(self, lead_id: int, kind: str, on: bool, by: str, reason: str = "") -> None: ...

    async def trial_text(self, to: str, by: str) -> None:
        """A test text to one of our own telephones."""

    async def drill(self, by: str) -> None:
        """A marked test alarm goes up the ladder."""


class SetupDesk(Protocol):
    """The first set-up of a box from its page. Every refusal is a ValueError with a sentence."""

    def pending(self) -> bool:
        """Whether there is no configuration yet."""

    async def view(self, *, step: str = "") -> SetupView:
        """How far the set-up is; what only one step shows is read for that step."""

    async def answer(self, step: str, answers: Mapping[str, str], by: str) -> None:
        """Keep the answers of a step; with a configuration they are taken in at once."""

    async def install(self, by: str) -> None:
        """All is answered: write the first configuration and go by it, with texting paused."""

    async def begin_trial(self, to: str, by: str) -> None:
        """Calls of that number are test calls for a quarter of an hour."""

    async def end_trial(self, by: str) -> None: ...

    async def go_live(self, by: str) -> None:
        """Callers are texted from now on; declined while a point of the list has no yes."""
