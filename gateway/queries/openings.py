"""Which windows may be booked at a moment, by the rules and by what stands in the books."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from gateway.core.booking.appointments import Opening
from gateway.core.booking.openings import openings
from gateway.core.booking.outside import Outside
from gateway.core.booking.rules import AppointmentType
from gateway.core.business import Business
from gateway.core.views.calendar import BookingDesk, FreeWindow
from gateway.core.wallclock import midnight
from gateway.queries.busy import outside_now
from gateway.records.appointments import taken_places

SHOWN = 60  # of one list


def booking_desk(db: sqlite3.Connection, business: Business, now: datetime) -> BookingDesk:
    """What an appointment can be made of at a moment."""
    rules = business.conversation
    windows = [one for kind in rules.booking.types for one in free_windows(db, business, kind, now)]
    return BookingDesk(
        tuple(sorted(windows, key=lambda one: (one.begins, one.ends, one.label))),
        tuple((name, crew.label) for name, crew in rules.booking.crews.items()),
        tuple((key, service.label) for key, service in rules.services.items()),
    )


def free_openings(
    db: sqlite3.Connection,
    business: Business,
    kind: AppointmentType,
    now: datetime,
    but: int = 0,
    elsewhere: Outside | None = None,
) -> tuple[Opening, ...]:
    """The free windows of a kind, in order of time; what lead `but` has itself is free for it.

    A crew of whose calendar it is not sure whether it is free goes only where no other can. `elsewhere` None: as the books know it.
    """
    elsewhere = elsewhere or outside_now(db, business, now)
    today = midnight(business.zone, now.astimezone(business.zone).date())  # what is over counts for `per_day` still
    taken = taken_places(db, today, but)
    kind = replace(kind, crews=tuple(sorted(kind.crews, key=lambda crew: crew in elsewhere.unsure)))
    return openings(kind, business.conversation.booking, business, now, taken, elsewhere.busy)


def free_windows(
    db: sqlite3.Connection, business: Business, kind: AppointmentType, now: datetime, but: int = 0
) -> tuple[FreeWindow, ...]:
    """The same as the page shows it."""
    crews = business.conversation.booking.crews
    return tuple(
        FreeWindow(
            one.day, one.arrival.begins, one.arrival.ends, kind.name, kind.label, one.crew, crews[one.crew].label
        )
        for one in free_openings(db, business, kind, now, but)[:SHOWN]
    )
