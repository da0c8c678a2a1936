"""The options of texting: when a missed call is texted, and when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from gateway.core.business import Policy
from gateway.settings import kinds, times
from gateway.settings.options import Option, Place, Reading, Section, mapping
from gateway.settings.times import duration
from gateway.settings.yamlnodes import Node

_DEFAULTS = Policy()


class Missed(StrEnum):
    """Ends of a call that can count as missed; the words of `Policy.missed_means`."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    QUEUE_ABANDON = "queue_abandon"
    IVR_ABANDON = "ivr_abandon"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Night in the business's time zone; `release` is when held openers leave."""

    begins: time
    ends: time
    release: time | None


Q_FROM = Option("from", times.time_of_day, time(0), "When it gets quiet.", example='"21:30"', required=True)
Q_TO = Option("to", times.time_of_day, time(0), "When it is over.", example='"07:00"', required=True)
Q_RELEASE = Option(
    "release",
    kinds.optional(times.time_of_day),
    None,
    "When held texts leave, if later than the end.",
    "none",
    '"07:30"',
)
QUIET: Section = Section(
    "quiet_hours",
    "Night, when only the lines that say `send` text, and no reminder goes out.",
    (Q_FROM, Q_TO, Q_RELEASE),
)


def _quiet_hours(node: Node, place: Place) -> QuietHours:
    reading = Reading(QUIET, mapping(node, '{from: "21:30", to: "07:00"}'), place)
    night = QuietHours(reading.get(Q_FROM), reading.get(Q_TO), reading.get(Q_RELEASE))
    if reading.given(Q_FROM) and reading.given(Q_TO) and night.begins == night.ends:
        place.say(
            reading.line_of(Q_TO), "quiet hours begin and end at the same time", "change one, or remove quiet_hours"
        )
    return night


_HOUR_S, _DAY_S = 3600.0, 86400.0
T_SETTLE = Option(
    "settle",
    duration("s", 0, 600),
    _DEFAULTS.settle_s,
    "Wait this long after the call: the office may ring back first. Plain numbers are seconds.",
    "10 s",
)
T_MIN_RING = Option(
    "min_ring",
    times.ring_time,
    _DEFAULTS.min_ring_s,
    "An unanswered call that rang for less is a misdial. Plain numbers are seconds; 2 rings are 12 s.",
    "0 s",
    "4 s",
)
T_MIN_RING_CLOSED = Option(
    "min_ring_closed",
    kinds.optional(times.ring_time),
    None,
    "The same outside opening hours. none: as within them.",
    "none",
)
T_MIN_RING_MODEM = Option(
    "min_ring_modem",
    kinds.optional(times.ring_time),
    None,
    "The same for calls that ring at the modem. none: no difference. A forwarded call has rung in the office before:"
    " 0 s texts them all.",
    "none",
)
T_MIN_ABANDONED = Option(
    "min_abandoned",
    duration("s", 0, 600),
    _DEFAULTS.min_abandoned_s,
    "A call given up in the menu or the queue sooner than this is a misdial. Plain numbers are seconds.",
    "0 s",
)
T_MISSED = Option(
    "missed_means",
    kinds.set_of(kinds.choice(Missed), "a list such as [no_answer, busy]"),
    frozenset(Missed),
    "Which ends of a call count as missed.",
    "[no_answer, busy, voicemail, queue_abandon, ivr_abandon]",
)
T_COOLDOWN = Option(
    "cooldown",
    duration("h", 0, 365 * _DAY_S),
    _DEFAULTS.cooldown_s,
    "No second first text to the same number for this long, on any line. Plain numbers are hours.",
    "12 h",
)
T_OPEN = Option(
    "conversation_open",
    duration("h", 0, 365 * _DAY_S),
    _DEFAULTS.conversation_open_s,
    "A caller who has texted us is in conversation for this long: no first text meanwhile. Plain numbers are hours.",
    "72 h",
)
T_TAKEOVER = Option(
    "human_takeover",
    duration("h", 0, 365 * _DAY_S),
    _DEFAULTS.takeover_s,
    "After a person has written by hand the gateway stays silent for this long. Plain numbers are hours.",
    "24 h",
)
T_REPEAT_CALLS = Option(
    "repeat_calls",
    kinds.cap,
    _DEFAULTS.repeat_calls,
    "This many missed calls of one number tell the owner. 0: never.",
    "3",
)
T_REPEAT_WITHIN = Option(
    "repeat_within",
    duration("min", 1, _DAY_S),
    _DEFAULTS.repeat_within_s,
    "... within this time. Plain numbers are minutes.",
    "15 min",
)
T_MAX_AGE = Option(
    "max_age",
    duration("min", 60, _DAY_S),
    _DEFAULTS.max_age_s,
    "Calls found later than this (the box was off) go on the call-back list. Plain numbers are minutes.",
    "15 min",
)
T_DUPLICATE = Option(
    "duplicate_window",
    duration("s", 0, 600),
    _DEFAULTS.duplicate_s,
    "The same call seen by Asterisk and by the modem within this time is one call. Plain numbers are seconds.",
    "60 s",
)
T_MINUTE = Option(
    "per_minute", kinds.cap, _DEFAULTS.per_minute, "Most automatic texts in a minute; none for no limit.", "6"
)
T_HOUR = Option(
    "per_hour",
    kinds.cap,
    _DEFAULTS.per_hour,
    "Most automatic texts in an hour; none for no limit. When it is reached there are no further first texts, and the owner"
    " is told; callers who write are answered all the same.",
    "60",
)
T_DAY = Option("per_day", kinds.cap, _DEFAULTS.per_day, "The same in a day.", "200")
T_QUIET: Option[QuietHours | None] = Option(
    "quiet_hours", kinds.optional(_quiet_hours), None, QUIET.title, "none", inner=QUIET
)
T_COUNTRIES = Option(
    "allowed_countries",
    kinds.set_of(kinds.country, "a list such as [US, CA]"),
    frozenset[str](),
    "Countries whose numbers are texted; yours when left out. US takes in Puerto Rico and Guam, not Canada.",
    example="[US]",
)
T_VALIDITY = Option(
    "validity",
    times.whole_seconds(duration("min", 300, 7 * _DAY_S)),
    _DEFAULTS.validity_s,
    "The network stops trying to deliver a text after this time. Plain numbers are minutes.",
    "1 h",
)
T_STATED = Option(
    "stated_response",
    kinds.optional(duration("min", 60, 2 * _DAY_S)),
    None,
    "The response time that your texts may name, such as 30 min, because you keep it. none: they may name no time."
    " It is measured: from the text until somebody speaks with the caller through Asterisk, writes by hand or closes the"
    " task. While fewer than 80 % of the last 20 callers (in 14 days) heard from you in time, first texts go out in plainer"
    " words without it, and a to-do says so; the same holds when the office closes before the time is over."
    " Plain numbers are minutes.",
    "none",
)
TEXTING: Section = Section(
    "texting",
    "When a missed call is texted, and when not.",
    (
        T_SETTLE,
        T_MIN_RING,
        T_MIN_RING_CLOSED,
        T_MIN_RING_MODEM,
        T_MIN_ABANDONED,
        T_MISSED,
        T_COOLDOWN,
        T_OPEN,
        T_TAKEOVER,
        T_REPEAT_CALLS,
        T_REPEAT_WITHIN,
        T_MAX_AGE,
        T_DUPLICATE,
        T_MINUTE,
        T_HOUR,
        T_DAY,
        T_QUIET,
        T_COUNTRIES,
        T_VALIDITY,
        T_STATED,
    ),
)


def read_policy(reading: Reading, country: str) -> Policy:
    """How callers are texted; without `countries`, only to the business's own."""
    night = reading.get(T_QUIET)
    stated_s = reading.get(T_STATED)
    return Policy(
        settle_s=reading.get(T_SETTLE),
        min_ring_s=reading.get(T_MIN_RING),
        min_ring_closed_s=reading.get(T_MIN_RING_CLOSED),
        min_ring_modem_s=reading.get(T_MIN_RING_MODEM),
        min_abandoned_s=reading.get(T_MIN_ABANDONED),
        missed_means=frozenset(end.value for end in reading.get(T_MISSED)),
        cooldown_s=reading.get(T_COOLDOWN),
        conversation_open_s=reading.get(T_OPEN),
        takeover_s=reading.get(T_TAKEOVER),
        repeat_calls=reading.get(T_REPEAT_CALLS),
        repeat_within_s=reading.get(T_REPEAT_WITHIN),
        max_age_s=reading.get(T_MAX_AGE),
        duplicate_s=reading.get(T_DUPLICATE),
        per_minute=reading.get(T_MINUTE),
        per_hour=reading.get(T_HOUR),
        per_day=reading.get(T_DAY),
        quiet_from=night.begins if night else None,
        quiet_to=night.ends if night else None,
        quiet_release=(night.release or night.ends) if night else None,
        validity_s=reading.get(T_VALIDITY),
        stated_minutes=None if stated_s is None else round(stated_s / 60),
        allowed_countries=reading.get(T_COUNTRIES) or frozenset({country}),
    )
