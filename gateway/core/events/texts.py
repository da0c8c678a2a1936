"""Texts at the modem: what came in, what the network reported, and what the modem said of one that was handed to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


TextEvent = SegmentReceived | ReportReceived | TextClaimed | SegmentSettled
