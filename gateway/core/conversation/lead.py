"""A lead: one matter of one caller, what is known of it and how far the conversation about it has come."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from gateway.core.booking.appointments import Appointment
from gateway.core.conversation.rota import CallWindow
from gateway.core.desk.hold import Desk


class Lane(StrEnum):
    """Who does what with a lead."""

    BOOK = "book"  # everything is known that an appointment needs
    MESSAGE = "message"  # a person has to look at it first
    ESCALATE = "escalate"  # the owner was told at once
    NONE = "none"  # nothing for the office to do


class Urgency(StrEnum):
    """How soon a person has to know."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"
    NONE = "none"


class Fact(StrEnum):
    """What is asked for, in the order in which it is asked."""

    SERVICE = "service"
    PLACE = "place"
    ADDRESS = "address"
    NAME = "name"
    TIME = "time"


class Stage(StrEnum):
    """How far a conversation has come. After TALKING only a new matter or a danger makes the box ask again; what is added to the
    old one is acknowledged once."""

    TALKING = "talking"
    COMPLETE = "complete"  # everything asked for is known
    HANDED_OVER = "handed_over"  # a person goes on
    SILENT = "silent"  # no answer to the last question
    OPTED_OUT = "opted_out"
    CLOSED = "closed"


class Area(StrEnum):
    """Whether the business works at the place."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class Alert(StrEnum):
    """What has become of telling the owner of an emergency. Nothing is said to the caller before it is known."""

    NONE = "none"
    UNDER_WAY = "under_way"  # in the outbox
    TOLD = "told"  # taken by the network
    UNSURE = "unsure"  # it may have gone out
    FAILED = "failed"  # there is nobody to tell, or the network did not take it


class OfferOf(StrEnum):
    """What the times are for that a caller may choose from."""

    CALL = "call"
    VISIT = "visit"
    CANCEL = "cancel"  # the one that he has: whether it is to be cancelled


@dataclass(frozen=True, slots=True)
class Facts:
    """What the caller has said, in his words where they are words. None: not said yet."""

    service: str | None = None
    issue: str | None = None  # the caller's own words for the matter
    zip: str | None = None
    city: str | None = None
    state: str | None = None  # of the city, as postal letters: "OH"
    place: str | None = None  # words for the place that no list knows
    street_address: str | None = None
    name: str | None = None
    timeline: str | None = None
    callback_time: str | None = None
    callback_number: str | None = None  # another number to call, E.164; it is never texted
    callback_whose: str | None = None  # "wife", "Dana"; None where nothing was said
    own: tuple[
        tuple[str, str], ...
    ] = ()  # answers to the business's own questions, by their names, in the order they came

    @property
    def has_place(self) -> bool:
        return any((self.zip, self.city, self.place))

    def answer(self, question: str) -> str | None:
        """The answer to one of the business's own questions."""
        return dict(self.own).get(question)

    def but(self, others: Facts, names: frozenset[str]) -> Facts:
        """These facts, with those of `others` in the places that are named."""
        kept = {name: getattr(others, name) for name in names if name in _FACTS}
        return replace(self, **kept) if kept else self


_FACTS = frozenset(each.name for each in fields(Facts) if each.name != "own")


@dataclass(frozen=True, slots=True)
class Lead:
    """Everything a decision about the next text may look at."""

    language: str = "en"  # of the texts to the caller: "en" or "es"
    intent: str = "unclear"  # of the whole matter
    heard: str = ""  # intent of what was written since the box last answered; "" when nothing was
    news: bool = False  # what was written since then tells something
    urgency: Urgency = Urgency.NONE
    danger: str | None = None  # the hazard, when people may be in danger
    alert: Alert = Alert.NONE
    taken_by: str = ""  # who has said that he has the emergency; "" while nobody has
    taker: str = ""  # his name as callers read it, "" where the business has given none
    settled: bool = False  # a person has settled the emergency: another one is told of anew
    nobody: bool = False  # everybody was told of it, and nobody has it
    lane: Lane | None = None  # None: the caller has not written yet
    why: str = ""  # reason of the lane, in the office's words
    facts: Facts = field(default_factory=Facts)
    asked: tuple[str, ...] = ()  # facts, and the names of own questions
    question: str | None = None  # open: asked and not answered
    said: frozenset[str] = frozenset()  # templates that went out; none goes twice
    automatic: int = 0  # texts the box has written in this conversation, the opener not counted
    unclear: int = 0  # times that nothing could be used, in a row
    stage: Stage = Stage.TALKING
    offered: tuple[CallWindow, ...] = ()  # times that the caller may choose from, by their numbers from 1
    offer_of: OfferOf = OfferOf.CALL
    appointment: Appointment | None = None  # the last one of this matter, as it stands in the books
    call: CallWindow | None = None  # chosen and promised
    call_kept: bool = False  # it was made, or a person has settled the matter
    desk: Desk = field(default_factory=Desk)  # what people have done with it
    fixed: frozenset[str] = frozenset()  # facts, "urgency" and "lane" that people have put right; no text changes them
