"""May this caller be texted? The never-twice, never-late, never-to rules, in one fixed order.

A call is judged twice with the same rules: when it becomes known, and when its opener is about to leave (the settle delay,
a modem that was down and quiet hours lie between). The first reason that applies, in the order of `NoText`, is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.core.business import Business, Line, QuietHoursRule, TextWhen
from gateway.core.conversation.authority import Authority
from gateway.core.events import CallReason, CallSource
from gateway.core.hours import in_quiet_hours, is_open, quiet_release
from gateway.core.numbers import Number, NumberKind, is_foreign


class NoText(StrEnum):
    """Why a call is not texted, in the order in which the reasons are tried."""

    OWN_NUMBER = "own_number"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    WITHHELD = "withheld"
    INVALID_NUMBER = "invalid_number"
    SHORT_CODE = "short_code"
    PREMIUM = "premium"
    TOLL_FREE = "toll_free"
    INTERNATIONAL = "international"
    VENDOR = "vendor"
    AUTORESPONDER = "autoresponder"
    NO_AUTOTEXT = "no_autotext"
    LANDLINE = "landline"
    LINE_NOT_ENABLED = "line_not_enabled"
    NOT_MISSED = "not_missed"
    UNKNOWN_OUTCOME = "unknown_outcome"
    SHORT_RING = "short_ring"
    STALE = "stale"
    DUPLICATE = "duplicate"
    OFFICE_REACHED = "office_reached"
    HUMAN_TAKEOVER = "human_takeover"
    CONVERSATION_OPEN = "conversation_open"
    COOLDOWN = "cooldown"
    RATE_LIMIT = "rate_limit"
    QUIET_HOURS_DEFER = "quiet_hours_defer"
    PAUSED = "paused"
    SHADOW = "shadow"
    CLOCK_UNSURE = "clock_unsure"
    MODEM_DOWN = "modem_down"
    SEND_FAILED = "send_failed"


class ContactKind(StrEnum):
    """What the office knows of a number."""

    VENDOR = "vendor"
    STAFF = "staff"
    CUSTOMER = "customer"
    VIP = "vip"
    BLOCKED = "blocked"
    NO_AUTOTEXT = "no_autotext"
    AUTORESPONDER = "autoresponder"
    LANDLINE = "landline"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A finished call as the rules see it. `line` None: the DID is not configured; `to_sim`: it is a SIM's number."""

    at: datetime
    source: CallSource
    line: Line | None
    number: Number
    raw: str
    missed: bool | None
    reason: CallReason
    answered_by: str | None = None
    ring_s: float | None = None
    to_sim: bool = False


@dataclass(frozen=True, slots=True)
class PeerFacts:
    """What is remembered of a number. `missed_at` are its missed calls before this one, newest last."""

    kinds: frozenset[ContactKind] = frozenset()
    opened_at: datetime | None = None  # last opener that was accepted or may have gone out
    contacted_at: datetime | None = None  # somebody else, or another system, has written to them or rung them
    wrote_at: datetime | None = None
    takeover_until: datetime | None = None
    reached_at: datetime | None = None  # the office and this person last spoke
    missed_at: tuple[datetime, ...] = ()
    repeat_told_at: datetime | None = None
    other_source_at: datetime | None = None  # end of this caller's latest call that another source saw


@dataclass(frozen=True, slots=True)
class Traffic:
    """The box as a whole at this moment. The counts are automatic customer texts of the last minute, hour and day."""

    minute: int = 0
    hour: int = 0
    day: int = 0
    paused: str = ""
    shadow: bool = False
    clock_sane: bool = True
    storm_on: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """No text. `until` is set when an opener is only held back (quiet hours).

    `call_back`: somebody should ring this caller, although callers refused for the reason need it seldom.
    """

    reason: NoText
    say: str
    until: datetime | None = None
    call_back: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """The opener may go."""


Judgement = Refused | Allowed

# How the words of the configuration (`missed_means`) cover what a PBX can report.
_MEANS: dict[CallReason, str] = {
    CallReason.NO_ANSWER: "no_answer",
    CallReason.UNAVAILABLE: "no_answer",
    CallReason.PBX_RESTART: "no_answer",
    CallReason.CONFERENCE_ALONE: "no_answer",
    CallReason.BUSY: "busy",
    CallReason.VOICEMAIL: "voicemail",
    CallReason.ABANDONED_IN_QUEUE: "queue_abandon",
    CallReason.ABANDONED_IN_IVR: "ivr_abandon",
    CallReason.ANNOUNCEMENT: "ivr_abandon",
}

_KINDS: dict[NumberKind, tuple[NoText, str]] = {
    NumberKind.WITHHELD: (NoText.WITHHELD, "withheld number"),
    NumberKind.INVALID: (NoText.INVALID_NUMBER, "not a number that can be texted"),
    NumberKind.SHORT_CODE: (NoText.SHORT_CODE, "short code"),
    NumberKind.PREMIUM: (NoText.PREMIUM, "premium-rate number"),
    NumberKind.TOLL_FREE: (NoText.TOLL_FREE, "toll-free number"),
}


def is_own(business: Business, number: Number, raw: str) -> bool:
    """True for the business's lines, SIM, owner, staff and extensions."""
    own = {line.number for line in business.lines} | set(business.staff)
    own |= {*business.sims, *(person.phone for person in business.people.everybody)}
    if number.e164 in own:
        return True
    digits = number.digits or raw.strip()
    return digits.isdecimal() and len(digits) <= 5 and any(lo <= int(digits) <= hi for lo, hi in business.extensions)


def find_line(business: Business, did: str | None, e164: str | None) -> Line | None:
    """The configured line of a DID: by its number, or by its name as `simulate` writes it.

    An analogue trunk names no number; its calls come in on the only line there is.
    """
    if did is None and len(business.lines) == 1:
        return business.lines[0]
    for line in business.lines:
        if did is not None and (line.name == did or line.number in (did, e164)):
            return line
    return None


def never_text(business: Business, call: CallFacts, peer: PeerFacts) -> Refused | None:
    """The reasons that lie in the number itself, whatever happened in the call."""
    number = call.number
    if call.source is CallSource.MODEM and number.e164 in {line.number for line in business.lines}:
        return Refused(NoText.OWN_NUMBER, "shows our own line as the caller: the forwarding hides who rang")
    if is_own(business, number, call.raw) or ContactKind.STAFF in peer.kinds:
        return Refused(NoText.OWN_NUMBER, "one of our own numbers")
    if ContactKind.OPTED_OUT in peer.kinds:
        return Refused(NoText.OPTED_OUT, "asked not to be texted")
    if ContactKind.BLOCKED in peer.kinds:
        return Refused(NoText.BLOCKED, "blocked by the office")
    if call.reason is CallReason.BLOCKED:
        return Refused(NoText.BLOCKED, "blocked by the phone system")
    if number.kind in _KINDS:
        return Refused(*_KINDS[number.kind])
    if is_foreign(number, business.policy.allowed_countries):
        return Refused(NoText.INTERNATIONAL, "foreign number")
    if ContactKind.VENDOR in peer.kinds:
        return Refused(NoText.VENDOR, "vendor")
    if ContactKind.AUTORESPONDER in peer.kinds:
        return Refused(NoText.AUTORESPONDER, "answers by machine")
    if ContactKind.NO_AUTOTEXT in peer.kinds:
        return Refused(NoText.NO_AUTOTEXT, "wants a call, not a text")
    if ContactKind.LANDLINE in peer.kinds:
        return Refused(NoText.LANDLINE, "cannot receive texts (landline)")
    return None


def judge(
    business: Business,
    call: CallFacts,
    peer: PeerFacts,
    traffic: Traffic,
    *,
    now: datetime,
    due: datetime,
    known_at: datetime,
    held: bool = False,
) -> Judgement:
    """Judge a finished call at `now`; its opener would leave at `due`.

    `known_at` is when the box learnt of the call (the stale guard measures from the call's end to there, or to `now`
    once the opener is waiting); `held` marks an opener released from quiet hours, which is exempt from that guard.
    """
    if (refused := never_text(business, call, peer)) is not None:
        return refused
    sane, other = traffic.clock_sane, peer.other_source_at
    refused = judge_call(business, call, other, now=now, due=due, known_at=known_at, held=held, clock_sane=sane)
    if refused is not None:
        return refused
    assert call.line is not None  # a call without one is refused above
    return _judge_moment(business, call.line, call, peer, traffic, now=now, due=due)


def judge_call(
    business: Business,
    call: CallFacts,
    other_source_at: datetime | None,
    *,
    now: datetime,
    due: datetime,
    known_at: datetime,
    held: bool = False,
    clock_sane: bool = True,
) -> Refused | None:
    """The reasons that lie in the call itself: its line, how it ended, how old it is, whether it was seen twice.

    What hangs on the hour is no reason while nobody knows it (`clock_sane`): the call is judged once more when somebody does.
    """
    policy = business.policy
    if (refused := _line_refuses(business, call, max(now, due), clock_sane=clock_sane)) is not None:
        return refused
    assert call.line is not None  # a call without one is refused above
    if call.missed is False:
        return Refused(NoText.NOT_MISSED, f"answered by {call.answered_by}" if call.answered_by else "answered")
    if call.missed is None:
        return Refused(NoText.UNKNOWN_OUTCOME, "not seen to the end, on the call-back list")
    if _MEANS.get(call.reason, call.reason.value) not in policy.missed_means:
        return Refused(NoText.NOT_MISSED, f"{call.reason.value.replace('_', ' ')} does not count as missed here")
    min_ring_s = _min_ring_s(business, call.line, call, clock_sane=clock_sane)
    if call.reason is CallReason.NO_ANSWER and call.ring_s is not None and call.ring_s < min_ring_s:
        return Refused(NoText.SHORT_RING, f"rang only {int(call.ring_s)} s")
    if call.reason in _ABANDONED and call.ring_s is not None and call.ring_s < policy.min_abandoned_s:
        return Refused(NoText.SHORT_RING, f"gave up after {int(call.ring_s)} s")
    if not held and (known_at - call.at).total_seconds() > policy.max_age_s:
        return Refused(NoText.STALE, "too old, on the call-back list")
    if other_source_at is not None and abs((call.at - other_source_at).total_seconds()) <= policy.duplicate_s:
        return Refused(NoText.DUPLICATE, "the same call, seen twice")
    return None


def _line_refuses(business: Business, call: CallFacts, leaves: datetime, *, clock_sane: bool) -> Refused | None:
    line = call.line
    if line is None and call.to_sim:
        say = "rang the number our texts come from, on the call-back list"
        return Refused(NoText.LINE_NOT_ENABLED, say, call_back=True)
    if line is None:
        say = "came in on a number that is not set up here, on the call-back list"
        return Refused(NoText.LINE_NOT_ENABLED, say, call_back=True)
    if not line.text_back:
        return Refused(NoText.LINE_NOT_ENABLED, f"line {line.name} is not texted")
    match line.text_when if clock_sane else TextWhen.ALWAYS:
        case TextWhen.OPEN if not is_open(business, leaves):
            say = f"line {line.name} is not texted after hours, on the call-back list"
            return Refused(NoText.LINE_NOT_ENABLED, say, call_back=True)
        case TextWhen.CLOSED if is_open(business, leaves):
            say = f"line {line.name} is not texted in opening hours, on the call-back list"
            return Refused(NoText.LINE_NOT_ENABLED, say, call_back=True)
        case _:
            return None


_ABANDONED = frozenset({CallReason.ABANDONED_IN_IVR, CallReason.ABANDONED_IN_QUEUE})


def _min_ring_s(business: Business, line: Line, call: CallFacts, *, clock_sane: bool) -> float:
    """How long a call must have rung to be no misdial: a modem's own time, else the line's, else everybody's.

    While nobody knows the hour, the shorter of the two times.
    """
    policy = business.policy
    if call.source is CallSource.MODEM and policy.min_ring_modem_s is not None:
        return policy.min_ring_modem_s
    when_open = policy.min_ring_s if line.min_ring_s is None else line.min_ring_s
    wanted = (line.min_ring_closed_s, line.min_ring_s, policy.min_ring_closed_s)
    when_closed = next((seconds for seconds in wanted if seconds is not None), policy.min_ring_s)
    if not clock_sane:
        return min(when_open, when_closed)
    return when_open if is_open(business, call.at) else when_closed


def _judge_moment(
    business: Business,
    line: Line,
    call: CallFacts,
    peer: PeerFacts,
    traffic: Traffic,
    *,
    now: datetime,
    due: datetime,
) -> Judgement:
    """The reasons that lie in what else has happened and in the hour."""
    policy = business.policy
    if peer.reached_at is not None and peer.reached_at >= call.at:
        return Refused(NoText.OFFICE_REACHED, "the office has spoken with the caller")
    if peer.takeover_until is not None and now < peer.takeover_until:
        return Refused(NoText.HUMAN_TAKEOVER, "the office is writing with this caller")
    if _within(peer.wrote_at, now, policy.conversation_open_s):
        return Refused(NoText.CONVERSATION_OPEN, "already in conversation by text")
    if peer.opened_at is not None and _within(peer.opened_at, now, policy.cooldown_s):
        return Refused(NoText.COOLDOWN, f"already texted {ago(now - peer.opened_at)} ago")
    if peer.contacted_at is not None and _within(peer.contacted_at, now, policy.cooldown_s):
        return Refused(NoText.COOLDOWN, f"already contacted {ago(now - peer.contacted_at)} ago")
    if (full := cap_reached(business, traffic)) is not None:
        limit, span = full
        return Refused(NoText.RATE_LIMIT, f"limit of {limit} texts per {span} reached, on the call-back list")
    leaves = max(now, due)
    if (
        traffic.clock_sane
        and line.quiet_hours is not QuietHoursRule.SEND
        and in_quiet_hours(policy, leaves.astimezone(business.zone))
    ):
        if line.quiet_hours is QuietHoursRule.NONE:
            return Refused(NoText.QUIET_HOURS_DEFER, "quiet hours, on the call-back list")
        until = quiet_release(business, leaves)
        return Refused(
            NoText.QUIET_HOURS_DEFER, f"quiet hours, held until {until.astimezone(business.zone):%-I:%M %p}", until
        )
    if traffic.paused:
        return Refused(NoText.PAUSED, f"texting is paused ({traffic.paused})")
    if traffic.shadow:
        return Refused(NoText.SHADOW, "would have been texted (trial week)")
    if not business.conversation.authority.unknown.reaches(Authority.OPENER):
        return Refused(NoText.SHADOW, "would have been texted (the box may only watch)")
    if not traffic.clock_sane:
        return Refused(NoText.CLOCK_UNSURE, "the box does not know the time yet, on the call-back list")
    return Allowed()


def cap_reached(business: Business, traffic: Traffic) -> tuple[int, str] | None:
    """The cap that is used up, as (limit, span). The cap per minute only paces and never refuses; 0 means no cap."""
    for sent, cap, span in (
        (traffic.hour, business.policy.per_hour, "hour"),
        (traffic.day, business.policy.per_day, "day"),
    ):
        if cap and sent >= cap:
            return cap, span
    return None


def ago(span: timedelta) -> str:
    """A span in the shortest honest words: "40 s", "12 min", "2 h", "3 days"."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def _within(at: datetime | None, now: datetime, seconds: float) -> bool:
    """True while `now` is less than `seconds` after `at`: the full span is over."""
    return at is not None and (now - at).total_seconds() < seconds
