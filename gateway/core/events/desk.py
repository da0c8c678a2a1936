"""What a person does with a lead. `by` is who: "page:Ann". `seen` is whose the lead was on the page that the person saw,
`upto` how far that page had come (`gateway.core.desk.upto`); "" where no page was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class LeadClaimed:
    """Somebody takes a lead."""

    at: datetime
    lead_id: int
    by: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class LeadAssigned:
    """Somebody gives a lead to `to` by name; to "" it is the office's again."""

    at: datetime
    lead_id: int
    to: str
    by: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class CallTried:
    """Somebody has rung the caller of a lead, or of a task of the call-back list."""

    at: datetime
    reached: bool
    by: str
    lead_id: int | None = None
    task_id: int | None = None


@dataclass(frozen=True, slots=True)
class PutOff:
    """A lead, or a task of the call-back list, is looked at again at `until`."""

    at: datetime
    until: datetime
    by: str
    lead_id: int | None = None
    task_id: int | None = None
    upto: str = ""


@dataclass(frozen=True, slots=True)
class LeadEnded:
    """How a lead ended: `outcome` is a `gateway.core.remote.commands.Outcome`, `cents` what it is worth."""

    at: datetime
    lead_id: int
    outcome: str
    by: str
    cents: int | None = None
    words: str = ""
    upto: str = ""


@dataclass(frozen=True, slots=True)
class LeadReopened:
    """A lead has not ended after all."""

    at: datetime
    lead_id: int
    by: str


@dataclass(frozen=True, slots=True)
class LeadOpened:
    """A person writes down somebody who has called. `service` is a key of the menu, or "" .

    `visit`: begin and end of the appointment that is made next; who has that one already is not written down twice.
    """

    at: datetime
    number: str
    by: str
    name: str = ""
    service: str = ""
    visit: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class AppointmentWritten:
    """A person has made an appointment with a caller, or moved the one that stands.

    `crew` is one of the business's crews, whose place it takes; "" with `who` in free words, or with neither: where it is one of
    the business's own windows, whoever is free. `tell`: the caller is told by text, where he may be texted.
    """

    at: datetime
    lead_id: int
    begins: datetime
    ends: datetime
    by: str
    crew: str = ""
    who: str = ""
    note: str = ""
    tell: bool = True
    upto: str = ""


class Ruling(StrEnum):
    """What a person does with an appointment that stands in the books."""

    CONFIRM = "confirm"
    OTHERS = "others"  # that window cannot be: the caller is offered others
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class AppointmentRuled:
    """A person has decided about the appointment of a lead; the caller is told by text."""

    at: datetime
    lead_id: int
    ruling: Ruling
    by: str
    upto: str = ""


@dataclass(frozen=True, slots=True)
class LeadNoted:
    """Something written down about a lead."""

    at: datetime
    lead_id: int
    body: str
    by: str


@dataclass(frozen=True, slots=True)
class NoteStruck:
    """A note does not count any more."""

    at: datetime
    note_id: int
    by: str


@dataclass(frozen=True, slots=True)
class LeadCorrected:
    """What is known of a lead is put right: facts by their names, `urgency`, `lane`. "": it is not known."""

    at: datetime
    lead_id: int
    by: str
    facts: Mapping[str, str] = field(default_factory=dict)
    upto: str = ""


@dataclass(frozen=True, slots=True)
class TextCorrected:
    """ "It should have been ...": labels by their names as `gateway/training/labelling.md` has them; "" where there is none.

    `counts`: it is put right in the lead too.
    """

    at: datetime
    letter_id: int
    by: str
    labels: Mapping[str, str] = field(default_factory=dict)
    counts: bool = True


@dataclass(frozen=True, slots=True)
class ReviewSettled:
    """Somebody has looked through it."""

    at: datetime
    review_id: int
    by: str


@dataclass(frozen=True, slots=True)
class AwaySet:
    """Somebody is away, by name, until a moment (None: until he is back), and gets no new leads; or is back."""

    at: datetime
    name: str
    away: bool
    by: str
    until: datetime | None = None


DeskEvent = (
    LeadClaimed
    | LeadAssigned
    | CallTried
    | PutOff
    | LeadEnded
    | LeadReopened
    | LeadOpened
    | AppointmentWritten
    | AppointmentRuled
    | LeadNoted
    | NoteStruck
    | LeadCorrected
    | TextCorrected
    | ReviewSettled
    | AwaySet
)
