"""Turns of what people write down themselves: a lead of somebody who called, an appointment that they have made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from gateway import records
from gateway.core import events
from gateway.core.booking.appointments import Appointment, Span, State, Taken
from gateway.core.booking.byhand import opening_at
from gateway.core.conversation import rulings
from gateway.core.conversation.callwords import dated
from gateway.core.conversation.lanes import lane_of
from gateway.core.conversation.lead import Facts, Lead, Stage, Urgency
from gateway.core.desk.hold import Desk, person_of
from gateway.core.effects import Changed, Declined, Effect, Opened
from gateway.core.numbers import read_number
from gateway.core.remote.commands import Outcome
from gateway.records import LeadRecord
from gateway.turns import booking, desk, leads, optouts, unread
from gateway.turns.context import Context

JUST_NOW: Final = timedelta(hours=1)  # an appointment may be written down while it begins
LONGEST: Final = timedelta(days=31)
LONGEST_WAY: Final = timedelta(days=1)
LONGEST_NOTE: Final = 300


def lead_opened(ctx: Context, event: events.LeadOpened) -> list[Effect]:
    """A person writes a lead down; where one of that number is open, and has no appointment yet, it is that one."""
    number = read_number(event.number, ctx.business.country, ctx.business.area_code)
    if number.e164 is None:
        return [Declined("this is no telephone number: write it with its area code")]
    if event.service and event.service not in ctx.business.conversation.services:
        return [Declined("this service is not on the menu")]
    last, name = records.last_lead(ctx.db, number.e164), " ".join(event.name.split())[: desk.LONGEST_NAME]
    if last is not None and _is_meant(ctx, last, event):
        return [Opened(last.id)]
    facts = Facts(service=event.service or None, name=name or (last.lead.facts.name if last else None))
    language = optouts.language_with(ctx, number.e164)
    lead = Lead(language, intent="booking_request", urgency=Urgency.ROUTINE, stage=Stage.HANDED_OVER, facts=facts)
    lead_id = records.open_lead(ctx.db, number.e164, lead, 0, ctx.now)
    record = records.lead_by_id(ctx.db, lead_id)
    assert record is not None
    person = person_of(event.by)
    lane, why = lane_of(lead, ctx.business.conversation)
    records.note(ctx.db, ctx.now, f"lead:{lead_id}", f"written down by {person}")
    lead = replace(lead, lane=lane, why=why, desk=Desk(person, event.by, ctx.now))
    return [*leads.save(ctx, record, lead), Opened(lead_id), Changed("leads")]


def _is_meant(ctx: Context, last: LeadRecord, event: events.LeadOpened) -> bool:
    """Whether it is this lead that is written down. One whose appointment lies ahead keeps it: another one is another matter."""
    one = last.lead.appointment
    if one is not None and one.state is State.CONFIRMED and one.opening.arrival.ends > ctx.now:
        return event.visit == (one.opening.arrival.begins, one.opening.arrival.ends)  # the same form once more
    return records.has_lead_task(ctx.db, last.id)


def appointment_written(ctx: Context, event: events.AppointmentWritten) -> list[Effect]:
    """An appointment that a person has made or moved; the lead has ended well so far."""
    record = records.lead_by_id(ctx.db, event.lead_id)
    if record is None:
        return [Declined(desk.NO_LEAD)]
    if not ctx.now - JUST_NOW < event.begins <= ctx.now + desk.LATEST:
        return [Declined("the appointment lies in the past, or too far off: choose a day within a year")]
    if not event.begins < event.ends <= event.begins + LONGEST:
        return [Declined("the appointment ends before it begins, or lasts too long: correct the times")]
    if (sorry := unread.why_not(ctx, record, event.upto)) is not None:
        return [Declined(sorry)]
    chosen = _chosen(ctx, record, event)
    if isinstance(chosen, Declined):
        return [chosen]
    told = event.tell and leads.may_be_warned(ctx, record.peer)
    if _is_so_already(record.lead.appointment, replace(chosen, quiet=not told)):
        return []  # the same form once more: its answer was lost on the way
    lead, what = rulings.made(booking.overtaken(ctx, record).lead, replace(chosen, quiet=not told), ctx.business.zone)
    lead = replace(lead, said=lead.said | {what.template})
    if told:
        leads.say(ctx, record, lead, what, f"lead:{record.id}{leads.RULED}made:{ctx.now.timestamp():.3f}")
    effects = leads.save(ctx, record, lead)
    goes = _goes(ctx, chosen)
    tells = "they are told by text" if told else "they get no text"
    said = (
        f"{person_of(event.by)}: booked for {dated(Span(event.begins, event.ends), ctx.business.zone)}{goes}; {tells}"
    )
    current = records.lead_by_id(ctx.db, record.id) or record
    return [*effects, *desk.end(ctx, current, Outcome.BOOKED, None, event.by, said)]


def _chosen(ctx: Context, record: LeadRecord, event: events.AppointmentWritten) -> Appointment | Declined:
    """The appointment with a crew's place, where it is to take one."""
    rules = ctx.business.conversation.booking
    who, note = " ".join(event.who.split())[: desk.LONGEST_NAME], " ".join(event.note.split())[:LONGEST_NOTE]
    if event.crew and event.crew not in rules.crews:
        return Declined("there is no such crew: choose one of the list")
    span, kind = Span(event.begins, event.ends), rules.type_for(record.lead.facts.service)
    taken = records.taken_places(ctx.db, min(ctx.now, event.begins) - LONGEST_WAY, record.id)
    found = opening_at(span, event.crew, who, kind, ctx.business, ctx.now, taken)
    if found is None:
        return Declined(_taken(ctx, event, taken))
    return Appointment(found[0], found[1], State.CONFIRMED, who="" if event.crew else who, note=note)


def _is_so_already(one: Appointment | None, chosen: Appointment) -> bool:
    if one is None or one.state is not State.CONFIRMED:
        return False
    if one.quiet and not chosen.quiet:
        return False  # now he is to be told of it
    return (one.kind, one.opening, one.who, one.note) == (chosen.kind, chosen.opening, chosen.who, chosen.note)


def _taken(ctx: Context, event: events.AppointmentWritten, taken: Iterable[Taken]) -> str:
    crew = ctx.business.conversation.booking.crews.get(event.crew)
    if crew is None:
        return "this window is taken by now: choose another"
    span = Span(event.begins, event.ends)
    meets = sorted((one.span.begins, one.span) for one in taken if one.crew == crew.name and one.span.meets(span))
    then = f" {dated(meets[0][1], ctx.business.zone)}" if meets else ""
    return f"{crew.label} is taken then{then}: choose another time, or somebody else"


def _goes(ctx: Context, one: Appointment) -> str:
    crew = ctx.business.conversation.booking.crews.get(one.opening.crew)
    who = crew.label if crew is not None else one.who
    return f"{f', {who} goes' if who else ''}{f' ({one.note})' if one.note else ''}"
