"""Notices to the business's own people: what is told at once, what waits for the digest, what is not told at all.

Emergencies are no notices: they go the way of `gateway.core.escalation`, by day and night, and cannot be switched off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gateway.core.escalation.people import OWNER


class Kind(StrEnum):
    """What a notice is about (the names of the configuration)."""

    MISSED_CALL = "missed_call"  # on a line of which the owner hears always
    REPEAT_CALLER = "repeat_caller"
    RATE_LIMIT = "rate_limit"
    URGENT_LEAD = "urgent_lead"
    NEW_LEAD = "new_lead"
    OVERDUE_LEAD = "overdue_lead"
    TEXT_TROUBLE = "text_trouble"  # to one caller: in doubt, or it did not go out
    OPT_OUT = "opt_out"
    COMPLAINT = "complaint"
    APPOINTMENT_REQUESTED = "appointment_requested"  # by text: somebody has to confirm it
    APPOINTMENT_SOON = "appointment_soon"  # of today or tomorrow: booked, moved or cancelled by text
    APPOINTMENT_BOOKED = "appointment_booked"  # by text, of a later day
    APPOINTMENT_CHANGED = "appointment_changed"  # moved or cancelled by text, of a later day
    TEXTING_TROUBLE = "texting_trouble"  # to everybody: the network takes no texts
    PHONE_TROUBLE = "phone_trouble"  # modem or phone system: out of order, and well again
    RECORDS_TROUBLE = "records_trouble"


class How(StrEnum):
    """The way of a kind."""

    INSTANT = "instant"
    DIGEST = "digest"
    OFF = "off"


# What has always been told at once, and appointments that somebody has to confirm or to go to soon. The rest is new, and an
# upgrade must not make a telephone ring more often.
USUAL: Final[Mapping[Kind, How]] = MappingProxyType(
    {
        **dict.fromkeys(Kind, How.DIGEST),
        Kind.MISSED_CALL: How.INSTANT,
        Kind.REPEAT_CALLER: How.INSTANT,
        Kind.RATE_LIMIT: How.INSTANT,
        Kind.APPOINTMENT_REQUESTED: How.INSTANT,
        Kind.APPOINTMENT_SOON: How.INSTANT,
        Kind.TEXTING_TROUBLE: How.INSTANT,
        Kind.RECORDS_TROUBLE: How.INSTANT,
    }
)
# Somebody calls in the night and is not, or not again, told by text how to flag an emergency: a person has to know.
USUAL_AT_NIGHT: Final = frozenset({Kind.MISSED_CALL, Kind.REPEAT_CALLER, Kind.RATE_LIMIT})
# Of the box itself: never held back because many callers were told of before.
OF_THE_BOX: Final = frozenset({Kind.TEXTING_TROUBLE, Kind.PHONE_TROUBLE, Kind.RECORDS_TROUBLE})

# Templates of the notices; what has another one is part of an emergency, or an answer.
KIND_OF_TEMPLATE: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "always_notify": Kind.MISSED_CALL,
        "repeat": Kind.REPEAT_CALLER,
        "rate_limit": Kind.RATE_LIMIT,
        "urgent_lead": Kind.URGENT_LEAD,
        "new_lead": Kind.NEW_LEAD,
        "overdue_lead": Kind.OVERDUE_LEAD,
        "text_in_doubt": Kind.TEXT_TROUBLE,
        "text_failed": Kind.TEXT_TROUBLE,
        "opt_out": Kind.OPT_OUT,
        "complaint": Kind.COMPLAINT,
        "appointment_requested": Kind.APPOINTMENT_REQUESTED,
        "appointment_soon": Kind.APPOINTMENT_SOON,
        "appointment_booked": Kind.APPOINTMENT_BOOKED,
        "appointment_changed": Kind.APPOINTMENT_CHANGED,
        "modem": Kind.TEXTING_TROUBLE,
        "modem_back": Kind.TEXTING_TROUBLE,
        "phone_trouble": Kind.PHONE_TROUBLE,
        "phone_back": Kind.PHONE_TROUBLE,
        "records": Kind.RECORDS_TROUBLE,
    }
)

NOTICES_OF_ONE = 12  # in an hour, of one caller: GoAlert allows 11 to one telephone, which must stay usable
NOTICES_PER_HOUR = 60  # of all callers: another person on the on-call line is told of even when many were before
NOTICE_LIFE = timedelta(hours=4)  # a notice of a call that the owner gets next morning helps nobody


@dataclass(frozen=True, slots=True)
class Notifications:
    """The business's choice. `who` are keys of its people; `digest_at` None: there is no digest.

    `digest_days` (0 is Monday) None: the days on which the office opens.
    """

    who: tuple[str, ...] = (OWNER,)
    how: Mapping[Kind, How] = field(default_factory=lambda: USUAL)
    at_night: frozenset[Kind] = USUAL_AT_NIGHT
    digest_at: time | None = None
    digest_days: frozenset[int] | None = None

    def way(self, kind: Kind) -> How:
        """How a kind goes; what would wait for a digest that there is not is on the page alone."""
        how = self.how.get(kind, USUAL[kind])
        return How.OFF if how is How.DIGEST and self.digest_at is None else how


def enough(kind: Kind, told: int, of_one: int) -> str | None:
    """Why telephones are left in peace for now, or None. `told` within the hour, `of_one` about this caller."""
    if kind in OF_THE_BOX:
        return None
    if of_one >= NOTICES_OF_ONE:
        return f"{of_one} notices of this caller within the hour"
    return f"{told} notices within the hour" if told >= NOTICES_PER_HOUR else None


def leaves_at(rules: Notifications, kind: Kind | None, now: datetime, night_ends: datetime) -> datetime:
    """When a notice may leave: what is no emergency waits for the end of the night. `night_ends` is `now` by day.

    `kind` None: the digest.
    """
    return now if kind in rules.at_night else max(now, night_ends)
