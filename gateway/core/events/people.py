"""What a person has done or decided: on the page, at the command line, or from a telephone of the business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OfficeTexted:
    """A person of the office wrote to `to` by hand (page, or the owner's phone through the box).

    `seen`: whose the lead was on the page that he saw; None where no page was. `upto`: how far that page had come.
    """

    at: datetime
    to: str
    body: str
    by: str
    seen: str | None = None
    upto: str = ""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A person goes on with the conversation with `to`, without having written yet: the box falls silent."""

    at: datetime
    to: str
    by: str


@dataclass(frozen=True, slots=True)
class HandedBack:
    """A person who had the conversation with `to` gives it back to the box."""

    at: datetime
    to: str
    by: str


@dataclass(frozen=True, slots=True)
class AlreadyContacted:
    """Somebody, or another system, has already written to `to` or rung them. `by` is who did, in the office's words."""

    at: datetime
    to: str
    by: str


@dataclass(frozen=True, slots=True)
class ContactSet:
    """The office (or the network) says what a number is. `on` False takes it back. `basis` is kept as the proof."""

    at: datetime
    number: str
    kind: str  # gateway.core.policy.ContactKind
    on: bool = True
    name: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ContactPut:
    """A person writes down who a number is: kinds that are added and dropped, and the name that people read."""

    at: datetime
    number: str
    name: str
    add: tuple[str, ...]  # of gateway.core.policy.ContactKind
    drop: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class TakenContact:
    """One number out of a file."""

    number: str  # E.164
    name: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactsTaken:
    """A person takes in a part of a file of contacts. What is there stays, above all an opt-out; only a missing name is filled in."""

    at: datetime
    contacts: tuple[TakenContact, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Switched:
    """A person switched something of the whole box. `name`: "pause", "storm", "shadow"; `value` "" is off.

    `until`: when it is off again by itself.
    """

    at: datetime
    name: str
    value: str
    by: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has an emergency: `by` in words ("page:ann"), `person` the key of one of our people where it is one.

    The escalation that is meant, by its id or its lead; with neither the oldest that waits.
    """

    at: datetime
    by: str
    person: str = ""
    escalation_id: int | None = None
    lead_id: int | None = None


@dataclass(frozen=True, slots=True)
class DrillAsked:
    """Somebody wants a test alarm to go up the ladder (`textback drill`)."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """A person has done a task. `upto`: how far the page of its lead had come (`gateway.core.desk.upto`)."""

    at: datetime
    task_id: int
    by: str
    upto: str = ""


@dataclass(frozen=True, slots=True)
class UnsureDecided:
    """A person says what became of an unsure text: it went out, or it shall be sent (again)."""

    at: datetime
    text_id: int
    went_out: bool
    by: str


@dataclass(frozen=True, slots=True)
class TrialTextAsked:
    """Somebody asked for a test text to `to` (`textback send-test`, the page). `key` makes the wish unique."""

    at: datetime
    to: str
    key: str
    by: str


@dataclass(frozen=True, slots=True)
class TrialCallAsked:
    """Somebody wants to see what happens when `to` calls: for a while its calls are test calls (the page)."""

    at: datetime
    to: str
    by: str


@dataclass(frozen=True, slots=True)
class TrialCallEnded:
    """Whoever tried it has seen enough."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class SetupAnswered:
    """A step of the first set-up was answered. `answers` is JSON: field -> what was typed; "" takes the step back.

    It may hold the secret of a phone system: neither journal nor history keep it.
    """

    at: datetime
    step: str
    answers: str
    by: str


PersonEvent = (
    OfficeTexted
    | TakenOver
    | HandedBack
    | AlreadyContacted
    | ContactSet
    | ContactPut
    | ContactsTaken
    | Switched
    | Acknowledged
    | DrillAsked
    | TaskClosed
    | UnsureDecided
    | TrialTextAsked
    | TrialCallAsked
    | TrialCallEnded
    | SetupAnswered
)
