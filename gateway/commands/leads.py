"""What a person may do with a lead from the page, as events (implements `gateway.ports.commands.LeadCommands`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from gateway.core import events
from gateway.core.desk.hold import at_page
from gateway.core.effects import Declined, Effect, Opened
from gateway.ports.clock import Clock

Submit = Callable[[events.Event], Awaitable[list[Effect]]]


class LeadWork:
    """Each method submits one event and returns after its commit. Raises ValueError with the sentence when the rules decline."""

    def __init__(self, submit: Submit, clock: Clock) -> None:
        self._deliver = submit
        self._clock = clock

    async def claim(self, lead_id: int, seen: str, by: str) -> None:
        """The lead is `by`'s; declined where another has taken it since the page was drawn (`seen`: whose it was then)."""
        await self._do(events.LeadClaimed(self._clock.now(), lead_id, at_page(by), seen))

    async def assign(self, lead_id: int, to: str, seen: str, by: str) -> None:
        """The lead is `to`'s by name, or with "" the office's again."""
        await self._do(events.LeadAssigned(self._clock.now(), lead_id, to, at_page(by), seen))

    async def called(self, lead_id: int, reached: bool, by: str) -> None:
        """Somebody has rung the caller."""
        await self._do(events.CallTried(self._clock.now(), reached, at_page(by), lead_id=lead_id))

    async def later(self, lead_id: int, until: datetime, by: str, upto: str = "") -> None:
        """The lead is looked at again then. `upto` here and below: declined where the page was behind (`LeadStory.upto`)."""
        await self._do(events.PutOff(self._clock.now(), until, at_page(by), lead_id=lead_id, upto=upto))

    async def task_called(self, task_id: int, reached: bool, by: str) -> None:
        """Somebody has rung somebody of the call-back list."""
        await self._do(events.CallTried(self._clock.now(), reached, at_page(by), task_id=task_id))

    async def task_later(self, task_id: int, until: datetime, by: str) -> None:
        """The call back is made then."""
        await self._do(events.PutOff(self._clock.now(), until, at_page(by), task_id=task_id))

    async def end(self, lead_id: int, outcome: str, cents: int | None, words: str, by: str, upto: str = "") -> None:
        """How the lead ended, and what it is worth."""
        await self._do(events.LeadEnded(self._clock.now(), lead_id, outcome, at_page(by), cents, words, upto))

    async def reopen(self, lead_id: int, by: str) -> None:
        """The lead has not ended after all."""
        await self._do(events.LeadReopened(self._clock.now(), lead_id, at_page(by)))

    async def open(
        self, number: str, name: str, service: str, by: str, visit: tuple[datetime, datetime] | None = None
    ) -> int:
        """Somebody who has called is written down; gives the lead, or the one of that number that is meant (`events.LeadOpened`)."""
        done = await self._do(events.LeadOpened(self._clock.now(), number, at_page(by), name, service, visit))
        return next(each.lead_id for each in done if isinstance(each, Opened))

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
    ) -> None:
        """A person has made an appointment, or moved the one that stands (`events.AppointmentWritten`)."""
        written = events.AppointmentWritten(
            self._clock.now(), lead_id, begins, ends, at_page(by), crew, who, note, tell, upto
        )
        await self._do(written)

    async def rule(self, lead_id: int, ruling: str, by: str, upto: str = "") -> None:
        """A person decides about the appointment that a caller has chosen; `ruling` is an `events.Ruling`."""
        await self._do(events.AppointmentRuled(self._clock.now(), lead_id, events.Ruling(ruling), at_page(by), upto))

    async def note(self, lead_id: int, body: str, by: str) -> None:
        """Something is written down."""
        await self._do(events.LeadNoted(self._clock.now(), lead_id, body, at_page(by)))

    async def strike_note(self, note_id: int, by: str) -> None:
        """A note does not count any more."""
        await self._do(events.NoteStruck(self._clock.now(), note_id, at_page(by)))

    async def correct(self, lead_id: int, facts: Mapping[str, str], by: str, upto: str = "") -> None:
        """What is known is put right (`gateway.core.desk.putting_right.FACTS`, "urgency", "lane")."""
        await self._do(events.LeadCorrected(self._clock.now(), lead_id, at_page(by), dict(facts), upto))

    async def correct_text(self, letter_id: int, labels: Mapping[str, str], counts: bool, by: str) -> None:
        """A text should have been read so (`gateway.core.desk.putting_right.LABELS`); `counts`: for the lead too."""
        await self._do(events.TextCorrected(self._clock.now(), letter_id, at_page(by), dict(labels), counts))

    async def settle_review(self, review_id: int, by: str) -> None:
        """Somebody has looked through it."""
        await self._do(events.ReviewSettled(self._clock.now(), review_id, at_page(by)))

    async def set_away(self, name: str, away: bool, by: str, until: datetime | None = None) -> None:
        """Somebody is away until then (None: until he is back) and gets no new leads by rule, or is back."""
        await self._do(events.AwaySet(self._clock.now(), name, away, at_page(by), until if away else None))

    async def _do(self, event: events.Event) -> list[Effect]:
        done = await self._deliver(event)
        for effect in done:
            if isinstance(effect, Declined):
                raise ValueError(effect.say)
        return done
