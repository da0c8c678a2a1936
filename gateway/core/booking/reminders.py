"""When somebody is reminded of an appointment: the day before, in the forenoon, once."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from gateway.core.booking.appointments import Appointment, State
from gateway.core.business import Business
from gateway.core.hours import quiet_release
from gateway.core.wallclock import instants

AT: Final = time(10)  # within the hours of 47 CFR 64.1200(c)(1) and of every state's stricter ones
LATE: Final = timedelta(hours=8)  # a box that was off does not remind in the evening
SOON: Final = timedelta(hours=3)  # who has just booked, or is about to be visited, needs none


def remind_at(business: Business, one: Appointment, now: datetime) -> datetime | None:
    """When (UTC) the reminder is due; None where there is to be none."""
    if one.state is not State.CONFIRMED or one.quiet:
        return None
    day_before = one.opening.day - timedelta(days=1)
    at = quiet_release(business, instants(business.zone, datetime.combine(day_before, AT))[0])
    return at if now + SOON <= at <= one.opening.arrival.begins - SOON else None


def is_late(due: datetime, now: datetime) -> bool:
    """Whether its moment has passed by too far."""
    return now - due > LATE
