"""The life of an outgoing text, as data.

QUEUED -> SUBMITTING -> ACCEPTED -> DELIVERED | UNDELIVERED
QUEUED -> CANCELLED | EXPIRED
SUBMITTING -> QUEUED (the modem certainly did not take it) | FAILED | UNCONFIRMED
UNCONFIRMED -> DELIVERED | UNDELIVERED (a late report) | ACCEPTED | QUEUED (a person decides)

Customer texts go out at most once: whatever may have left the box is never handed over again by itself. Alerts to the
business's own people go out at least once: they are handed over again when in doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.core.events import ErrorClass, SubmitResult, SubmitVerdict


class TextState(StrEnum):
    """Where an outgoing text (and each of its segments) stands."""

    QUEUED = "queued"
    SUBMITTING = "submitting"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


# A segment in one of these has left the box: it is never handed over again.
OUT = frozenset({TextState.ACCEPTED, TextState.DELIVERED, TextState.UNDELIVERED})


class Purpose(StrEnum):
    """What a text is for (the vocabulary of `textback simulate`)."""

    OPENER = "opener"
    QUESTION = "question"
    ANSWER = "answer"
    SAFETY = "safety"
    OPT_OUT_CONFIRMATION = "opt_out_confirmation"
    HELP = "help"
    OUT_OF_AREA = "out_of_area"
    OFFER = "offer"
    CONFIRMATION = "confirmation"
    REMINDER = "reminder"
    FOLLOW_UP = "follow_up"
    HANDOVER = "handover"
    CLOSING = "closing"
    ESCALATION = "escalation"
    OWNER_NOTICE = "owner_notice"
    OWNER_REPLY = "owner_reply"
    DIGEST = "digest"
    STAFF = "staff"  # typed by a person on the page
    TEST = "test"


TO_OUR_PEOPLE = frozenset({Purpose.ESCALATION, Purpose.OWNER_NOTICE, Purpose.OWNER_REPLY, Purpose.DIGEST})

# Lower goes first. Escalations and safety texts jump every queue.
PRIORITY: dict[Purpose, int] = {
    Purpose.SAFETY: 0,
    Purpose.ESCALATION: 0,
    Purpose.OPT_OUT_CONFIRMATION: 1,
    Purpose.OWNER_REPLY: 1,
    Purpose.OWNER_NOTICE: 2,
    Purpose.STAFF: 2,
    Purpose.OPENER: 4,
    Purpose.FOLLOW_UP: 7,
    Purpose.REMINDER: 7,
    Purpose.DIGEST: 8,
}
DEFAULT_PRIORITY = 3

# Back-off of a temporary error: 5 s, 30 s, then every 2 min, bounded by the age of the text (TS 27.005 gives no times;
# gammu-smsd and jasmin retry in this range).
BACKOFF_S = (5.0, 30.0, 120.0)
ACCOUNT_BACKOFF_S = 120.0  # SIM or account trouble heals by a person; look again now and then
NOT_TAKEN_BACKOFF_S = 2.0  # the modem is reopening; it is ready again within seconds or says why not
DOUBTS_OF_OURS = 3  # an alert of which nobody knows whether it went out leaves three times, then a person looks
UNCLEAR_TRIES = 2  # "rejected" (21) is often a content filter: one careful retry, no more


@dataclass(frozen=True, slots=True)
class Requeued:
    """Hand it over again at `due`. `tries` counts refusals by the network, never waiting."""

    due: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The segment's new state; FAILED carries the reason in plain English."""

    state: TextState
    say: str = ""
    not_textable: bool = False


def after_submit(
    result: SubmitResult, *, purpose: Purpose, tries: int, doubts: int, now: datetime
) -> Requeued | Settled:
    """What a segment becomes after the modem's answer; `doubts` is how often its text may have gone out before."""
    ours = purpose in TO_OUR_PEOPLE
    match result.verdict:
        case SubmitVerdict.ACCEPTED:
            return Settled(TextState.ACCEPTED)
        case SubmitVerdict.NOT_TAKEN:
            return Requeued(now + timedelta(seconds=NOT_TAKEN_BACKOFF_S), tries)
        case SubmitVerdict.UNCONFIRMED:
            if ours and doubts + 1 < DOUBTS_OF_OURS:
                return Requeued(now + timedelta(seconds=BACKOFF_S[min(tries, 2)]), tries + 1)
            return Settled(TextState.UNCONFIRMED, "the modem did not say whether it went out")
        case SubmitVerdict.REJECTED:
            return _after_rejection(result, ours=ours, tries=tries, now=now)


def _after_rejection(result: SubmitResult, *, ours: bool, tries: int, now: datetime) -> Requeued | Settled:
    code = f" (error {result.code})" if result.code is not None else ""
    match result.error:
        case ErrorClass.NUMBER:
            return Settled(
                TextState.FAILED, f"the network does not know this number for texts{code}", not_textable=True
            )
        case ErrorClass.OUR_BUG:
            return Settled(TextState.FAILED, f"the modem found the text malformed{code}")
        case ErrorClass.ACCOUNT:
            return Requeued(now + timedelta(seconds=ACCOUNT_BACKOFF_S), tries + 1)
        case ErrorClass.UNCLEAR | None if not ours and tries + 1 >= UNCLEAR_TRIES:
            return Settled(TextState.FAILED, f"the network rejected the text{code}")
        case _:
            return Requeued(now + timedelta(seconds=BACKOFF_S[min(tries, 2)]), tries + 1)


class ReportMeaning(StrEnum):
    """TP-ST (TS 23.040 9.2.3.15) in three words."""

    DELIVERED = "delivered"
    PENDING = "pending"
    FAILED = "failed"


# TP-ST "incompatible destination", "not obtainable", "no interworking available": a number that takes no texts.
NO_SMS_STATUS = frozenset({0x41, 0x43, 0x45})


def report_meaning(status: int) -> ReportMeaning:
    """0x00-0x1F delivered, 0x20-0x3F the service centre still tries, 0x40 and above it has given up."""
    if status < 0x20:
        return ReportMeaning.DELIVERED
    return ReportMeaning.PENDING if status < 0x40 else ReportMeaning.FAILED
