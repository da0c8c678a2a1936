"""Everything about one lead, as its own page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.core.views.calendar import FreeWindow
from gateway.core.views.calls import CallRow, TextRow
from gateway.core.views.contacts import Mark
from gateway.core.views.emergencies import Emergency
from gateway.core.views.leads import Chosen, LeadRow


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
    id: int = 0


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
class Place:
    """Where somebody reads in the lists of a lead; empty: at their ends, where the newest is.

    `talk` is an entry of the conversation ("in-7" a text of theirs, "out-7" one of ours, "call-7"), and the part that is shown
    ends with it (`side` "until"), begins with it ("from") or lies around it ("at"). Of the notes and of the history the part
    is shown that ends with `note`, `line`.
    """

    talk: str = ""
    side: str = ""
    note: int | None = None
    line: int | None = None


NEWEST = Place()


@dataclass(frozen=True, slots=True)
class Part:
    """What lies around a part of a list: its first entry where there are `earlier` ones, its last where there are `later` ones."""

    earlier: str = ""
    later: str = ""


@dataclass(frozen=True, slots=True)
class LeadStory:
    """One lead as it is shown, each list in the order in which it happened. Of a long list it is a part (`Place`)."""

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
    away: tuple[tuple[str, datetime | None], ...] = ()  # of `people`, with until when (None: until he is back)
    upto: str = ""  # how far this has come, for the forms of the page (`gateway.core.desk.upto`)
    chosen: Chosen | None = None  # the appointment, where it stands or was cancelled
    windows: tuple[FreeWindow, ...] = ()  # in which one of its service can be made, or moved to
    crews: tuple[tuple[str, str], ...] = ()  # who goes out: keys with what the business calls them
    talk_part: Part = Part()  # of `talk` and `calls` together
    jottings_part: Part = Part()
    notes_part: Part = Part()
