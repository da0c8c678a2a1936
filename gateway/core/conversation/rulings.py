"""What a person decides about an appointment: it stands, it is made or moved, it is given up, others are offered in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo

from gateway.core.booking.appointments import Appointment, State
from gateway.core.conversation.booking import (
    APART,
    BOOKED,
    CANCELLED,
    CHANGED,
    OTHERS,
    SAID_OF_ONE,
    SET,
    Bookable,
    window_of,
)
from gateway.core.conversation.callwindows import proposed
from gateway.core.conversation.callwords import dated
from gateway.core.conversation.lead import Lead, OfferOf, Stage
from gateway.core.conversation.moves import Say
from gateway.core.outbound import Purpose


def confirmed(lead: Lead, now: datetime) -> tuple[Lead, Say] | None:
    """The lead whose appointment a person has confirmed; None where none waits for that, or its window has passed."""
    chosen = lead.appointment
    if chosen is None or chosen.state not in (State.HELD, State.REQUESTED) or chosen.opening.arrival.ends <= now:
        return None
    return _ruled(lead, State.CONFIRMED), Say(Purpose.CONFIRMATION, BOOKED)


def made(lead: Lead, chosen: Appointment, zone: tzinfo) -> tuple[Lead, Say]:
    """The lead for which a person has made an appointment, in place of the one that it has."""
    former = lead.appointment if lead.appointment is not None and lead.appointment.stands else None
    chosen = replace(chosen, number=former.number if former is not None else None)
    facts = replace(lead.facts, timeline=dated(window_of(chosen.opening), zone))
    lead = _ruled(replace(lead, appointment=chosen, facts=facts), State.CONFIRMED)
    moved = former is not None and former.state is not State.HELD and former.opening.arrival != chosen.opening.arrival
    return lead, Say(Purpose.CONFIRMATION, CHANGED if moved else SET)


def called_off(lead: Lead) -> tuple[Lead, Say] | None:
    """The lead whose appointment a person has cancelled; None where none stands."""
    if lead.appointment is None or not lead.appointment.stands:
        return None
    return _ruled(lead, State.CANCELLED), Say(Purpose.CONFIRMATION, CANCELLED)


def others(lead: Lead, book: Bookable) -> tuple[Lead, Say] | None:
    """The lead to which a person has other windows offered in place of the one that it has; None where there are none."""
    chosen = lead.appointment
    windows = [one for one in book.windows() if chosen is None or one != window_of(chosen.opening)]
    if chosen is None or not chosen.stands or not windows:
        return None
    facts = replace(lead.facts, timeline=None)  # what was wished for is refused
    lead = replace(_ruled(lead, State.CANCELLED), stage=Stage.TALKING, facts=facts)
    shown = proposed(windows, None, book.diary.zone, APART)
    return replace(lead, offered=shown, offer_of=OfferOf.VISIT), Say(Purpose.OFFER, OTHERS)


def _ruled(lead: Lead, state: State) -> Lead:
    assert lead.appointment is not None
    settled, said = replace(lead.appointment, state=state, held_until=None), lead.said - SAID_OF_ONE
    stage = lead.stage if lead.stage is Stage.OPTED_OUT else Stage.COMPLETE
    return replace(lead, appointment=settled, stage=stage, offered=(), question=None, said=said, heard="", news=False)
