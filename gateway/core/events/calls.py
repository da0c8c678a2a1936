"""Calls: those of callers, as Asterisk or a modem saw them, and those of the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CallSource(StrEnum):
    """Who saw the call."""

    AMI = "ami"
    MODEM = "modem"


class CallReason(StrEnum):
    """How a call ended (the vocabulary of `textback replay`)."""

    NO_ANSWER = "no_answer"
    ABANDONED_IN_IVR = "abandoned_in_ivr"
    ABANDONED_IN_QUEUE = "abandoned_in_queue"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    ANNOUNCEMENT = "announcement"
    CONFERENCE_ALONE = "conference_alone"
    PBX_RESTART = "pbx_restart"
    ANSWERED = "answered"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CallRang:
    """An inbound call is in progress. `key` is unique for the call on its source: Asterisk's Linkedid, or the modem's own id."""

    key: str
    source: CallSource
    at: datetime
    caller: str | None
    did: str | None


@dataclass(frozen=True, slots=True)
class CallTaken:
    """A person spoke with the caller of a call in progress (first bridge with a telephone). Kept so that a feed gap cannot forget it."""

    key: str
    source: CallSource
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class CallEnded:
    """An inbound call is over.

    `missed` None: the feed did not see enough (reason UNKNOWN); such a call goes on the call-back list.
    `caller` as delivered by the trunk or +CLIP (type 145 gets its "+"), None when withheld. `ring_s` None when not known.
    """

    key: str
    source: CallSource
    at: datetime
    caller: str | None
    did: str | None
    missed: bool | None
    reason: CallReason
    answered_by: str | None = None
    ring_s: float | None = None
    started_at: datetime | None = None
    caller_name: str | None = None


class NotedBy(StrEnum):
    """Who has noted a call that nobody need have seen here."""

    CDR = "cdr"  # the phone system's call detail records
    LIST = "list"  # the modem's own list of missed calls
    CARRIER = "carrier"  # a text of the carrier's: "you missed a call from ..."


@dataclass(frozen=True, slots=True)
class CallNoted:
    """Somebody else has noted a call, which may have been seen here as well.

    `identity` tells the calls of one witness apart. `at` is its end where that is known, else the earliest moment that it can have
    been; it lies between `earliest` and `latest`. `key` is the Linkedid, "" where there is none.
    """

    witness: NotedBy
    part: str
    identity: str
    at: datetime
    caller: str | None
    did: str | None
    missed: bool | None
    reason: CallReason
    earliest: datetime
    latest: datetime
    key: str = ""
    answered_by: str | None = None
    started_at: datetime | None = None

    def end(self) -> CallEnded:
        """The same as the end of a call, under a key of its own where the witness has none."""
        return CallEnded(
            key=self.key or f"{self.witness.value}:{self.part}:{self.identity}",
            source=CallSource.AMI if self.witness is NotedBy.CDR else CallSource.MODEM,
            at=self.at,
            caller=self.caller,
            did=self.did,
            missed=self.missed,
            reason=self.reason,
            answered_by=self.answered_by,
            started_at=self.started_at,
        )


@dataclass(frozen=True, slots=True)
class ListedMiss:
    """An entry of a modem's list of missed calls. `stamp` is what it says of when, `at` that as a moment where it can be read."""

    number: str
    stamp: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MissedListRead:
    """A modem's list of missed calls, the newest first."""

    at: datetime
    part: str
    entries: tuple[ListedMiss, ...]
    did: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeRings:
    """The office is ringing somebody; `OfficeCalled` tells what comes of it. `to` as dialled, `by` the extension."""

    at: datetime
    to: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeCalled:
    """The office rang somebody. `reached`: they spoke. `over` False: they do so at this moment, and the end is told again.

    An answering machine that takes the call looks like a person.
    """

    at: datetime
    to: str
    reached: bool
    by: str | None = None
    over: bool = True


CallEvent = CallRang | CallTaken | CallEnded | OfficeRings | OfficeCalled

NotedEvent = CallNoted | MissedListRead
