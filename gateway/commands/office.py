"""What a person may do from the page, as events (implements `gateway.ports.commands.Commands`)."""

from __future__ import annotations

import uuid
from datetime import timedelta

from gateway.clock import SystemClock
from gateway.commands.contacts import ContactWork
from gateway.commands.leads import LeadWork
from gateway.core.desk.hold import at_page, person_of
from gateway.core.effects import Declined
from gateway.core.events import (
    Acknowledged,
    AlreadyContacted,
    ContactSet,
    DrillAsked,
    Event,
    HandedBack,
    OfficeTexted,
    Switched,
    TakenOver,
    TaskClosed,
    TrialTextAsked,
    UnsureDecided,
)
from gateway.core.policy import ContactKind
from gateway.core.views.calls import CallRow
from gateway.core.views.leadstory import LeadStory
from gateway.dispatcher import Dispatcher
from gateway.ports.clock import Clock
from gateway.queries.office import Queries

WAITS_AT_MOST = timedelta(days=1)  # a text held for the end of the quiet hours leaves within a day

# What the page may note of a number, and what of it the page may take back. An opt-out ends with the person's own START.
REVERSIBLE = frozenset(
    {
        *(ContactKind.BLOCKED, ContactKind.VENDOR, ContactKind.CUSTOMER, ContactKind.VIP, ContactKind.STAFF),
        *(ContactKind.NO_AUTOTEXT, ContactKind.AUTORESPONDER, ContactKind.LANDLINE),
    }
)
MARKS = REVERSIBLE | {ContactKind.OPTED_OUT}
LONGEST_REASON = 200  # characters


class OfficeCommands:
    """Each method submits one event and returns after its commit."""

    def __init__(self, dispatcher: Dispatcher, queries: Queries, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self.leads = LeadWork(dispatcher.submit, self._clock)
        self._dispatcher = dispatcher
        self._queries = queries
        self.contacts = ContactWork(dispatcher.submit, self._clock, lambda: dispatcher.business)

    async def close_task(self, task_id: int, by: str, upto: str = "") -> None:
        """The task is done. Raises ValueError for a task that is not open, or when there is news of its person (`upto`)."""
        if all(task.id != task_id for task in await self._queries.tasks(limit=10_000)):
            raise ValueError("this task is not open any more")
        await self._submit(TaskClosed(self._clock.now(), task_id, by, upto))

    async def contacted(self, call_id: int, by: str) -> None:
        """The caller of a call that waits for its text has been contacted: no text. Raises ValueError when it is too late."""
        if (call := await self._waiting(call_id)) is None:
            raise ValueError("this call does not wait for a text any more")
        await self._submit(AlreadyContacted(self._clock.now(), call.caller, by))
        if await self._waiting(call_id) is not None:
            raise ValueError("the text is leaving already")

    async def resend_unsure(self, text_id: int, by: str) -> None:
        """Send an unsure text again, because a person says so."""
        await self._decide(text_id, False, by)

    async def settle_unsure(self, text_id: int, went_out: bool, by: str) -> None:
        """Say what became of an unsure text."""
        await self._decide(text_id, went_out, by)

    async def pause(self, on: bool, by: str) -> None:
        """Stop or resume all automatic texts to customers."""
        await self._submit(Switched(self._clock.now(), "pause", f"by {by}" if on else "", by))
        await self._queries.load_pause()
        self._queries.touch()

    async def write(
        self, lead_id: int, body: str, by: str, seen: str | None = None, upto: str = "", *, sure: bool = False
    ) -> None:
        """Text the caller of a lead in a person's own words; the box is silent from then on.

        Who is marked as blocked is texted by whoever is `sure` alone.

        Declined where somebody else has taken the lead since the page was drawn (`seen`: whose it was then), or has written
        to the caller (`upto`: how far the page had come).
        """
        story = await self._lead(lead_id)
        if not sure and any(mark.kind == ContactKind.BLOCKED for mark in story.marks):
            raise ValueError(
                "this number is marked as blocked. Your text was not sent: tick the box below if it is to go out all the same"
            )
        peer = story.lead.peer
        words = body.replace("\r\n", "\n").strip()
        await self._submit(OfficeTexted(self._clock.now(), peer, words, at_page(by), seen, upto))

    async def take_over(self, lead_id: int, by: str) -> None:
        """A person goes on with the conversation: the box is silent."""
        await self._submit(TakenOver(self._clock.now(), (await self._lead(lead_id)).lead.peer, at_page(by)))

    async def have_it(self, lead_id: int, by: str) -> None:
        """Somebody has the emergency of a lead: nobody else is told of it any more."""
        await self._lead(lead_id)
        await self._submit(Acknowledged(self._clock.now(), at_page(by), lead_id=lead_id))

    async def hand_back(self, lead_id: int, by: str) -> None:
        """The box may answer again."""
        await self._submit(HandedBack(self._clock.now(), (await self._lead(lead_id)).lead.peer, by))

    async def finish(self, lead_id: int, by: str, upto: str = "") -> None:
        """Nothing is left to do about a lead. Raises ValueError when nothing was, or when there is news (`upto`)."""
        if (task_id := (await self._lead(lead_id)).lead.task_id) is None:
            raise ValueError("nothing is left to do about this any more")
        await self._submit(TaskClosed(self._clock.now(), task_id, by, upto))

    async def mark(self, lead_id: int, kind: str, on: bool, by: str, reason: str = "") -> None:
        """Note what the caller of a lead is, and why, or take that back."""
        story = await self._lead(lead_id)
        if kind not in (MARKS if on else REVERSIBLE):
            raise ValueError("this cannot be changed here")
        if not on and any(m.kind == kind and m.basis == "configuration" for m in story.marks):
            raise ValueError("this stands in the configuration of the box and is changed there")
        why = " ".join(reason.split())[:LONGEST_REASON]
        basis = f"{person_of(by)}: {why}" if why else f"{person_of(by)} on the page"
        await self._submit(ContactSet(self._clock.now(), story.lead.peer, kind, on=on, basis=basis))

    async def trial_text(self, to: str, by: str) -> None:
        """A test text to a telephone."""
        await self._submit(TrialTextAsked(self._clock.now(), to, f"test:{uuid.uuid4().hex}", by))

    async def drill(self, by: str) -> None:
        """A marked test alarm goes up the ladder. Raises ValueError while an emergency waits for somebody."""
        await self._submit(DrillAsked(self._clock.now(), by))

    async def _lead(self, lead_id: int) -> LeadStory:
        story = await self._queries.lead(lead_id, self._clock.now())
        if story is None:
            raise ValueError("there is no such lead")
        return story

    async def _waiting(self, call_id: int) -> CallRow | None:
        calls = await self._queries.calls(self._clock.now() - WAITS_AT_MOST, limit=10_000)
        return next((call for call in calls if call.id == call_id and call.outcome == "waiting"), None)

    async def _decide(self, text_id: int, went_out: bool, by: str) -> None:
        if all(
            task.text_id != text_id for task in await self._queries.tasks(limit=10_000) if task.kind == "unsure_text"
        ):
            raise ValueError("this text is not in doubt any more")
        await self._submit(UnsureDecided(self._clock.now(), text_id, went_out, by))

    async def _submit(self, event: Event) -> None:
        """Raises ValueError with the sentence when the rules decline."""
        for effect in await self._dispatcher.submit(event):
            if isinstance(effect, Declined):
                raise ValueError(effect.say)
