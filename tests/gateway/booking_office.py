"""An office that lets appointments be booked, for the tests of booking."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from gateway.core.booking.rules import AppointmentType, Arrival, BookingRules, Crew
from gateway.core.business import Business
from gateway.core.conversation.authority import Authority, AuthorityTable
from gateway.core.conversation.lead import Fact
from tests.gateway.box import BUSINESS

HALF_DAYS = (Arrival(time(8), time(12)), Arrival(time(12), time(17)))
WEEK = (*((HALF_DAYS,) * 5), (), ())
TUNE_UP = AppointmentType(
    "tune_up",
    "Tune-up",
    frozenset({"maintenance"}),
    WEEK,
    ("north",),
    timedelta(minutes=90),
    confirms=True,
    needs=frozenset({Fact.ADDRESS}),
)
NORTH = Crew("north", "North crew")


def office(
    kind: AppointmentType = TUNE_UP, *crews: Crew, book: Authority = Authority.CONFIRM, hold_s: float = 1800.0
) -> Business:
    """Miller, whose box may book tune-ups."""
    known = {crew.name: crew for crew in crews or (NORTH,)}
    rules = replace(
        BUSINESS.conversation,
        authority=AuthorityTable(book=book),
        booking=BookingRules((kind,), known, hold_s),
        booking_needs=(Fact.SERVICE, Fact.PLACE, Fact.NAME, Fact.TIME),
    )
    return replace(BUSINESS, conversation=rules)
