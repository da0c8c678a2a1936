"""What happened: every input of the gateway is one of these values.

Events are past facts. Drivers, the page and the clock make them; `gateway.dispatcher` is the only consumer.
Times are aware datetimes in UTC. `peer` is a telephone number in E.164 (`+12165550137`); raw spellings are kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class SegmentReceived:
    """One SMS-DELIVER as read from the modem (3GPP TS 23.040 9.2.2.1), already decoded.

    `identity` is the PDU's own (peer, SCTS, hash, concatenation), never the words: the same PDU read twice is one segment.
    `scts` is the service centre's time stamp (UTC) or None when unreadable. `sender` is the address as delivered: "+..." for
    international, digits for national, or letters (alphanumeric). `ref`/`total`/`number` describe concatenation (1-based), else None.
    `body` is valid Unicode for a single text. For a part of a longer text `raw_utf16`-safe joining is the codec's
    business: parts carry `body` too, lone surrogates at a cut are kept in `raw` (UTF-16-BE bytes or GSM septets unpacked, hex).
    """

    identity: str
    at: datetime
    sender: str
    body: str
    scts: datetime | None = None
    ref: int | None = None
    total: int | None = None
    number: int | None = None
    raw: str = ""
    kind: str = "text"  # "text" | "mms_notice" | "voicemail_notice" | "undecodable" | "binary"


@dataclass(frozen=True, slots=True)
class ReportReceived:
    """A delivery report (SMS-STATUS-REPORT, TS 23.040 9.2.2.3). `status` is TP-ST, 0..255; `ref` is TP-MR."""

    identity: str
    at: datetime
    ref: int
    to: str
    status: int
    discharged: datetime | None = None


class SubmitVerdict(StrEnum):
    """What the modem said of one segment handed to it."""

    ACCEPTED = "accepted"  # +CMGS: <ref>
    REJECTED = "rejected"  # +CMS ERROR after the PDU, or the driver refused it
    NOT_TAKEN = "not_taken"  # certainly never left: no prompt, port gone before Ctrl-Z, modem not ready
    UNCONFIRMED = "unconfirmed"  # silence, port gone or an unclear error after Ctrl-Z: it may have gone out


class ErrorClass(StrEnum):
    """What a +CMS ERROR means for the text and for the queue (TS 27.005 3.2.5; TS 24.011 annex E)."""

    NUMBER = "number"  # this number: never again
    OUR_BUG = "our_bug"  # malformed PDU: alarm, no retry
    ACCOUNT = "account"  # SIM, account or SMSC: stop the queue, red page
    TEMPORARY = "temporary"  # back off and retry within the text's age
    STORAGE = "storage"  # modem memory: sweep, then retry
    UNCLEAR = "unclear"  # one careful retry, none for "may have gone"


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """Outcome of handing one segment to the modem."""

    verdict: SubmitVerdict
    ref: int | None = None
    code: int | None = None
    error: ErrorClass | None = None
    evidence: str = ""  # the modem's own words, numbers masked


class Health(StrEnum):
    """State of a component as the page shows it."""

    UP = "up"
    STARTING = "starting"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class HealthReport:
    """A component's state in plain English. `say` is one sentence, `remedy` what a contractor can do ("" when nothing)."""

    component: str  # "modem", "asterisk", "store", "clock"
    health: Health
    at: datetime
    say: str
    remedy: str = ""
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfficeTexted:
    """A person of the office wrote to `to` by hand (page, or the owner's phone through the box)."""

    at: datetime
    to: str
    body: str
    by: str


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
    """A person has done a task."""

    at: datetime
    task_id: int
    by: str


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
class TextClaimed:
    """The sender is free: which text goes next, if any? `able` False: the modem cannot send now, only expiry is wanted."""

    at: datetime
    able: bool


@dataclass(frozen=True, slots=True)
class SegmentSettled:
    """The modem's verdict on one segment of a claimed text. `segments` is how many the text has."""

    at: datetime
    text_id: int
    number: int
    segments: int
    result: SubmitResult


class RingOutcome(StrEnum):
    """What came of ringing one of our people's telephones."""

    ACCEPTED = "accepted"  # the key was pressed: he has it
    ANSWERED = "answered"  # taken, and no key was pressed; a voicemail also takes calls
    RANG = "rang"
    BUSY = "busy"
    FAILED = "failed"  # it did not ring, or for a moment only
    UNSURE = "unsure"  # what rings was lost meanwhile


@dataclass(frozen=True, slots=True)
class RingClaimed:
    """A telephone can be rung now: whose, if any? `able` False: nothing can ring, only what is in vain is wanted.

    `shares`: while it rings, the modem that sends the texts sends none.
    """

    at: datetime
    able: bool
    shares: bool = False


@dataclass(frozen=True, slots=True)
class RingSettled:
    """What came of a claimed ring. `say` is one clause in plain English."""

    at: datetime
    alert_id: int
    outcome: RingOutcome
    say: str


@dataclass(frozen=True, slots=True)
class BoxStarted:
    """The gateway has come up; what the last run left in mid-air is settled."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RecordsMended:
    """Damaged records were put aside as `kept` and a mended copy is in use. `certain`: it is known who was texted."""

    at: datetime
    kept: str
    certain: bool


@dataclass(frozen=True, slots=True)
class PartBroke:
    """A modem or phone system has been out of order since `since`, for long enough to tell; `say` is what is wrong."""

    at: datetime
    part: str
    since: datetime
    say: str


@dataclass(frozen=True, slots=True)
class PartMended:
    """A modem or phone system works (again)."""

    at: datetime
    part: str


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """Wall time moved against the monotonic clock by `seconds` (positive: forward).

    `since` is when the gateway started, as the clock told it before it moved.
    """

    at: datetime
    seconds: float
    since: datetime | None = None


Event = (
    CallRang
    | CallTaken
    | CallEnded
    | OfficeRings
    | OfficeCalled
    | SegmentReceived
    | ReportReceived
    | OfficeTexted
    | TakenOver
    | HandedBack
    | AlreadyContacted
    | ContactSet
    | Switched
    | Acknowledged
    | DrillAsked
    | TaskClosed
    | UnsureDecided
    | TrialTextAsked
    | TextClaimed
    | SegmentSettled
    | RingClaimed
    | RingSettled
    | BoxStarted
    | RecordsMended
    | PartBroke
    | PartMended
    | ClockJumped
)
