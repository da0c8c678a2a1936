"""A lead in a list: who it is, what it wants, how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """What a lead wants of a person at this moment, the most pressing first."""

    EMERGENCY = "emergency"
    OVERDUE = "overdue"
    WAITING = "waiting"  # for a person, and there is time
    TALKING = "talking"  # the box, or a person, has written last, and it is the caller's turn
    DONE = "done"  # nothing is left to do


@dataclass(frozen=True, slots=True)
class PromisedCall:
    """A call that a caller has chosen: who makes it, between which moments."""

    begins: datetime
    ends: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The appointment of a lead: its window, who goes, and how far it has come."""

    begins: datetime
    ends: datetime
    crew: str  # as the page calls it, or who goes in words; "" where nobody is named
    state: str  # a `gateway.core.booking.appointments.State`
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One matter of one caller, as far as it is known. Facts are "" when they were not said."""

    id: int
    peer: str
    name: str
    issue: str  # the caller's own words for the matter; while there are none, what was written last
    service: str  # as the menu calls it
    place: str
    timeline: str
    callback_time: str
    answers: tuple[tuple[str, str], ...]  # to the business's own questions, by the names that it has given them
    urgency: str  # emergency, urgent, routine, none
    lane: str  # book, message, escalate, none; "" before it is known
    why: str  # reason of the lane
    danger: bool  # people may be in danger
    stage: str
    standing: Standing
    next_step: str  # "" when nothing is left to do
    due: datetime | None
    owner: str  # who has to do it: "owner", "office", a person of the rota by name, ""
    taken_until: datetime | None  # a person has the conversation until then
    opened_at: datetime
    wrote_at: datetime  # the caller's last text
    task_id: int | None = None  # the open task
    callback_number: str = ""  # another number to call, E.164
    callback_whose: str = ""
    pictures: int = 0  # texts with a picture, or about one: the box can receive none
    may: str = ""  # how far the box goes by itself with it
    call: PromisedCall | None = None  # promised to the caller, and not made yet
    assignee: str = ""  # whose it is, by name; "": the office's
    claimed: bool = False  # a person has said so, not a rule
    assigned_at: datetime | None = None
    tries: int = 0  # calls that nobody answered since they last wrote
    put_off_until: datetime | None = None
    outcome: str = ""  # how it ended: a `gateway.core.remote.commands.Outcome`
    value_cents: int | None = None
    closed_by: str = ""
    outcome_at: datetime | None = None
    language: str = "en"  # of the texts to the caller
