"""What a turn has brought about, as the page, the log and `simulate` tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SendSegment:
    """Wish: hand this segment to the modem now. Its SUBMITTING state is committed already."""

    text_id: int
    to: str
    body: str  # of the segment
    ucs2: bool
    ref: int | None
    number: int
    total: int
    validity_s: int
    want_report: bool


@dataclass(frozen=True, slots=True)
class RingPhone:
    """Wish: ring this telephone now. That it is being dialled is committed already. `code` can be spoken."""

    alert_id: int
    to: str
    code: int
    kind: str  # gateway.core.escalation.ladder.Kind


@dataclass(frozen=True, slots=True)
class TextSent:
    """A text has left: accepted by the network, or (`sure` False) handed over with its fate unknown."""

    at: datetime
    text_id: int
    to: str
    body: str
    purpose: str
    template: str
    segments: int
    call_id: int | None
    notify_owner: bool
    sure: bool
    lead_id: int | None = None


@dataclass(frozen=True, slots=True)
class CallNotTexted:
    """A call's outcome is that it is not texted (now), with the reason in the office's words."""

    at: datetime
    call_id: int
    caller: str
    reason: str
    say: str
    notify_owner: bool


@dataclass(frozen=True, slots=True)
class OptOutChanged:
    """A person is opted out (`state` True) or back in."""

    at: datetime
    peer: str
    state: bool


@dataclass(frozen=True, slots=True)
class LeadChanged:
    """What is known of a lead, or what has to be done about it, has changed. `facts` None: not said yet."""

    at: datetime
    lead_id: int
    peer: str
    lane: str | None
    urgency: str
    status: str
    facts: dict[str, str | None]
    next_step: str


@dataclass(frozen=True, slots=True)
class EscalationChanged:
    """An emergency is being told to people (`state` alerting), taken by one (acknowledged), or by none (exhausted)."""

    at: datetime
    lead_id: int | None  # None: of a text that nobody has read, or of a drill
    state: str
    rung: int
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that the page shows has changed."""

    what: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The lead that a person has written down, or the open one of that number."""

    lead_id: int


@dataclass(frozen=True, slots=True)
class PauseChanged:
    """Automatic texts are paused, `why` in words, or ("") go out again."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Declined:
    """What a person asked for is not done; `say` is why, and what to do instead."""

    say: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event that a fault of this program kept from being taken in; it is in the journal and before people's eyes."""

    event: str
    fault: str


@dataclass(frozen=True, slots=True)
class ResponseTimeJudged:
    """The response time that texts state is withdrawn, or (`kept`) stated again; `say` is what was measured."""

    at: datetime
    kept: bool
    say: str


Effect = (
    SendSegment
    | RingPhone
    | TextSent
    | CallNotTexted
    | OptOutChanged
    | LeadChanged
    | EscalationChanged
    | Opened
    | Changed
    | PauseChanged
    | Declined
    | SetAside
    | ResponseTimeJudged
)
