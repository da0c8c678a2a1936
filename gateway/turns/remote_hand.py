"""What the commands of our people's telephones share: who asks, what came of it, and how a matter is found by its code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway import records
from gateway.core.booking.appointments import Appointment
from gateway.core.effects import Effect
from gateway.core.escalation.ladder import State
from gateway.core.escalation.people import Person
from gateway.core.numbers import spoken
from gateway.core.outbound import PRIORITY, Purpose
from gateway.core.remote.sentences import in_one_segment, sentence
from gateway.core.wallclock import month_day, weekday
from gateway.records import EscalationRecord, LeadRecord
from gateway.turns.context import Context

REPLY_LIFE = timedelta(hours=4)  # the validity of notices on the network side is the same
WAITING = (State.ALERTING, State.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class Hand:
    """One text of one of our people. `key` is the text's own: what it brings about is never doubled.

    `spanish`: he has written it in that language, or wants his texts in it.
    """

    ctx: Context
    person: Person
    key: str
    spanish: bool = False

    @property
    def name(self) -> str:
        """As colleagues and callers read it."""
        return self.person.name or "the owner"

    @property
    def by(self) -> str:
        """As the history has it."""
        return f"{self.name}, by text"

    def says(self, sentence_name: str, /, **facts: object) -> str:
        """A sentence in his language."""
        return sentence(sentence_name, self.spanish, **facts)

    def time(self, moment: datetime) -> str:
        """ "3:10 PM" today, "Tue 8:00 AM" else."""
        return shown_time(self.ctx, moment, spanish=self.spanish)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command: the answer (None: none), what was done in the words of the history, its effects, and the
    template of the answer."""

    reply: str | None
    did: str
    effects: list[Effect] = field(default_factory=list)
    template: str = "reply"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a code stands for: a lead, an emergency, or both."""

    code: int
    peer: str
    lead: LeadRecord | None
    escalation: EscalationRecord | None

    @property
    def waits(self) -> bool:
        """Whether it is an emergency that nobody has."""
        return self.escalation is not None and self.escalation.state in WAITING

    @property
    def visit(self) -> Appointment | None:
        """The appointment that stands; None where none does."""
        one = self.lead.lead.appointment if self.lead is not None else None
        return one if one is not None and one.stands else None

    @property
    def who(self) -> str:
        """The caller's name as far as he has told it."""
        return (self.lead.lead.facts.name if self.lead is not None else None) or ""

    @property
    def number(self) -> str:
        """The number to call: another one where the caller has named it."""
        other = self.lead.lead.facts.callback_number if self.lead is not None else None
        return spoken(other or self.peer)


def matter(ctx: Context, code: int) -> Matter | None:
    """What a code stands for; None where nothing does."""
    found = records.matter_of_code(ctx.db, code)
    if found is None:
        return None
    lead_id, escalation_id = found
    lead = None if lead_id is None else records.lead_by_id(ctx.db, lead_id)
    if lead is not None:
        escalation = records.escalation_of_lead(ctx.db, lead.id)
    else:
        escalation = None if escalation_id is None else records.escalation_by_id(ctx.db, escalation_id)
    if lead is None and escalation is None:
        return None
    return Matter(code, lead.peer if lead is not None else escalation.peer if escalation else "", lead, escalation)


def shown_time(ctx: Context, moment: datetime, *, spanish: bool = False) -> str:
    """A moment on the business's clock, with the day where it is not today."""
    there, today = moment.astimezone(ctx.business.zone), ctx.now.astimezone(ctx.business.zone).date()
    clock = f"{there:%-I:%M %p}"
    if there.date() == today:
        return clock
    soon = (there.date() - today).days < 7
    day = weekday(there, spanish=spanish) if soon else month_day(there, spanish=spanish)
    return f"{day} {clock}"


def send(
    ctx: Context,
    to: str,
    body: str,
    key: str,
    *,
    purpose: Purpose = Purpose.OWNER_REPLY,
    template: str = "reply",
    parts: bool = False,
) -> None:
    """Queue an answer or a notice for one of our telephones, in one segment unless it may have `parts`."""
    records.add_text(
        ctx.db,
        key=key,
        purpose=purpose,
        to=to,
        body=body if parts else in_one_segment(body),
        template=template,
        priority=PRIORITY[purpose],
        due=ctx.now,
        expires=ctx.now + REPLY_LIFE,
        now=ctx.now,
    )
