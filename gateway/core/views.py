"""Rows as the page, `status` and `export` show them. Filled by `gateway.queries.queries`, drawn by `web`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

# What a person has to do. The page has a title for each (`web.words.wording.TASK_TITLES`).
TaskKind = Literal["call_back", "wrote", "unsure_text", "not_sent", "texts_refused", "stated_response"]


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text, in or out. `state` of an outgoing one is a `gateway.core.outbound.TextState`; of an incoming one "received"."""

    id: int
    direction: str  # "out" | "in"
    peer: str
    body: str
    purpose: str  # opener, owner_notice, ... ; "" for incoming
    template: str
    state: str
    say: str  # the state in plain English
    segments: int
    at: datetime  # submitted, or received
    call_id: int | None


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call with its one outcome."""

    id: int
    ended_at: datetime | None  # None: in progress
    started_at: datetime
    caller: str  # E.164, or "withheld number", or the raw spelling
    caller_name: str
    line: str
    outcome: str  # ringing, waiting, texted, unsure, answered, or a no_text reason
    say: str  # the outcome sentence in plain English
    answered_by: str
    source: str
    texts: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Something a person has to do: call back, decide on an unsure text."""

    id: int
    kind: str  # a TaskKind; rows of another version's database may hold others
    peer: str
    say: str
    created_at: datetime
    call_id: int | None
    text_id: int | None
    due: datetime | None = None  # it is looked at again then
    tries: int = 0  # calls that nobody answered


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
class Booking:
    """An appointment as a person has written it down. `who` goes there."""

    begins: datetime
    ends: datetime
    who: str
    note: str


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
    booked: Booking | None = None
    language: str = "en"  # of the texts to the caller


@dataclass(frozen=True, slots=True)
class Understood:
    """What the box took from an incoming text. `labels` are (name, value) as `textback understand` names them."""

    labels: tuple[tuple[str, str], ...]
    because: tuple[str, ...]
    read: tuple[tuple[str, str], ...] = ()  # every label that can be put right, as stored; "" where there is none
    put_right: tuple[tuple[str, str], ...] = ()  # labels that a person has put right, with what they should be
    put_right_by: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a conversation, in or out, or one of it to the business's own people."""

    text: TextRow
    understood: Understood | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Who did what, and why."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Jotting:
    """A note that a person has written about a lead. `struck`: it does not count any more, says who wrote it."""

    id: int
    at: datetime
    by: str  # "page:Ann"
    body: str
    struck: bool


@dataclass(frozen=True, slots=True)
class PutRight:
    """A fact of a lead that a person has put right; what the box had understood before is in `was`."""

    fact: str
    value: str
    was: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """A text that is written often, filled in for one lead. `text_es` "": there is none in Spanish."""

    key: str
    label: str
    text: str
    text_es: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """Something to look through. `kind` is a `gateway.core.desk.reviewing.ReviewKind`; `words` are the text that it is about."""

    id: int
    kind: str
    peer: str
    name: str
    lead_id: int | None
    letter_id: int | None
    text_id: int | None
    say: str
    words: str
    at: datetime
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What the office, or the network, has noted of a number. `basis` is who said so."""

    kind: str  # a `gateway.core.policy.ContactKind`
    name: str
    since: datetime
    basis: str


@dataclass(frozen=True, slots=True)
class Told:
    """One telling of a person of an emergency. `state` as of a text, or of a ringing telephone."""

    name: str
    number: str
    channel: str  # "text" or "call"
    at: datetime
    state: str
    say: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """Who was told of an emergency, and who has it. `state`: alerting, acknowledged, exhausted or over."""

    code: int
    state: str
    by: str  # who has it, "" while nobody has
    opened_at: datetime
    acknowledged_at: datetime | None
    next_at: datetime | None  # when the next person is told
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class DrillView:
    """The newest drill. `state`: alerting, acknowledged (`by` has answered), or exhausted: nobody has."""

    code: int
    state: str
    by: str
    told: tuple[Told, ...]
    asked_by: str = ""
    opened_at: datetime | None = None
    ended_at: datetime | None = None  # answered, or given up
    next_at: datetime | None = None  # when the next person is told


@dataclass(frozen=True, slots=True)
class LeadStory:
    """Everything there is about one lead, each part in the order in which it happened."""

    lead: LeadRow
    talk: tuple[Said, ...]
    calls: tuple[CallRow, ...]
    notes: tuple[Note, ...]
    marks: tuple[Mark, ...]
    emergency: Emergency | None  # the newest of this lead
    others: tuple[int, ...]  # further leads of the same person, the newest first
    jottings: tuple[Jotting, ...] = ()  # the notes of people, in the order in which they were written
    put_right: tuple[PutRight, ...] = ()
    known: tuple[tuple[str, str], ...] = ()  # every fact that can be put right, as stored; "" where it is not known
    services: tuple[tuple[str, str], ...] = ()  # the menu: keys with what the business calls them
    people: tuple[str, ...] = ()  # to whom a lead can be given
    replies: tuple[Reply, ...] = ()
    may_text: str = ""  # why nobody may write to them, as a sentence; "": somebody may
    call_tries: int = 3  # so many calls are tried
    opens_at: datetime | None = None  # when the office opens next


@dataclass(frozen=True, slots=True)
class Today:
    """Figures of the head of the page."""

    missed: int
    texted: int
    answered: int
    not_texted: int
    waiting: int
    slow: int = 0  # of the texted ones
