"""Turns of appointments: which windows are free for a lead in this transaction, and what has been chosen kept in the books."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

from gateway import records
from gateway.core import events
from gateway.core.booking import reminders
from gateway.core.booking.appointments import Span, State
from gateway.core.conversation import answering, booking, callwindows, rebooking, rulings
from gateway.core.conversation.lead import Lead, OfferOf
from gateway.core.conversation.moves import Say
from gateway.core.desk.hold import person_of
from gateway.core.effects import Changed, Declined, Effect
from gateway.core.outbound import Purpose, TextState
from gateway.queries.busy import outside_now
from gateway.queries.openings import free_openings
from gateway.records import LeadRecord
from gateway.turns import leads, unread
from gateway.turns.context import Context


def bookable(ctx: Context, record: LeadRecord) -> booking.Bookable:
    """What may be booked for a lead as it stands in this transaction; nothing with a clock that is not believed."""
    rules, zone = ctx.business.conversation.booking, ctx.business.zone
    hold = timedelta(seconds=rules.hold_s)
    kind = rules.type_for(record.lead.facts.service)
    if kind is None or not ctx.clock_sane or records.switch(ctx.db, "storm"):
        return booking.Bookable(kind, hold=hold, diary=callwindows.Diary(zone, record.wrote_at, now=None))
    refused, elsewhere = _refused(record.lead), outside_now(ctx.db, ctx.business, ctx.now)
    windows = free_openings(ctx.db, ctx.business, kind, ctx.now, record.id, elsewhere)
    free = tuple(one for one in windows if one.arrival != refused)
    return booking.Bookable(kind, free, hold, callwindows.Diary(zone, record.wrote_at, now=ctx.now), elsewhere)


def doubted(ctx: Context, record: LeadRecord, lead: Lead, book: booking.Bookable) -> Lead:
    """The lead, and the history, with the reason why what a caller has chosen is not booked."""
    lead = booking.doubted(lead, book)
    one = lead.appointment
    if one is None or one == record.lead.appointment or one.state is not State.REQUESTED:
        return lead
    if doubt := book.outside.doubt(one.opening):
        records.note(ctx.db, ctx.now, f"lead:{record.id}", f"requested, not booked: {doubt}")
    return lead


def _refused(lead: Lead) -> Span | None:
    """The window in which the office cannot come, as a person has said."""
    one = lead.appointment
    if one is None or one.state is not State.CANCELLED or booking.OTHERS not in lead.said:
        return None
    return one.opening.arrival


def due(ctx: Context) -> list[Effect]:
    """Windows that were kept for an answer that has not come are free for others; who comes tomorrow is said again."""
    effects: list[Effect] = []
    for lead_id in records.leads_with_late_holds(ctx.db, ctx.now):
        record = records.lead_by_id(ctx.db, lead_id)
        if record is None:
            records.forget_appointments(ctx.db, lead_id)
        else:
            records.note(
                ctx.db, ctx.now, f"lead:{lead_id}", "the window is not kept any longer: no answer came in time"
            )
            effects += [*leads.save(ctx, record, booking.expired(record.lead, ctx.now)), Changed("leads")]
    return [*effects, *_remind(ctx)]


def _remind(ctx: Context) -> list[Effect]:
    """Remind of tomorrow's appointments; not while a person has the conversation, and never of what is not so any more."""
    effects: list[Effect] = []
    for number, lead_id, due_at in records.appointments_to_remind(ctx.db, ctx.now) if ctx.clock_sane else ():
        record = records.lead_by_id(ctx.db, lead_id)
        chosen = None if record is None else record.lead.appointment
        stands = chosen is not None and chosen.number == number and chosen.state is State.CONFIRMED
        able = (
            record is not None
            and stands
            and leads.may_answer(ctx, record.peer)
            and not reminders.is_late(due_at, ctx.now)
        )
        records.reminder_settled(ctx.db, number, ctx.now if able else None)
        if record is not None and able:
            if record.lead.offer_of is OfferOf.CANCEL:  # the "yes" that comes now is to the reminder
                leads.save(ctx, record, rebooking.unasked(record.lead))
            what = Say(Purpose.REMINDER, booking.REMINDER)
            leads.say(ctx, record, record.lead, what, f"appointment:{number}:{due_at.timestamp():.0f}")
            effects.append(Changed("leads"))
        elif record is not None:
            records.note(ctx.db, ctx.now, f"lead:{lead_id}", "no reminder of the appointment was sent")
    return effects


def next_due(db: sqlite3.Connection) -> datetime | None:
    """When the next window is not kept any longer, or the next reminder is due."""
    return records.next_appointment_moment(db)


def ruled(ctx: Context, event: events.AppointmentRuled) -> list[Effect]:
    """A person has decided about an appointment: it stands so in the books, and the caller is told, where he may be texted."""
    record = records.lead_by_id(ctx.db, event.lead_id)
    if record is None:
        return [Declined("there is no such lead")]
    if (sorry := unread.why_not(ctx, record, event.upto)) is not None:
        return [Declined(sorry)]
    move = _ruling(ctx, record, event.ruling)
    if move is None:
        return [Declined(_IN_VAIN[event.ruling])]
    if event.ruling is events.Ruling.OTHERS and records.switch(ctx.db, "pause"):
        return [Declined("texting is paused: the box could not go on with the answer")]
    told = leads.may_be_warned(ctx, record.peer)
    if event.ruling is events.Ruling.OTHERS and not told:
        return [Declined("they get no texts from us: call them")]
    lead, what = _ruling(ctx, overtaken(ctx, record), event.ruling) or move
    if told:
        lead = replace(leads.fitted(ctx, record, lead, what), said=lead.said | {what.template})
        leads.say(ctx, record, lead, what, f"lead:{record.id}{leads.RULED}{event.ruling}:{ctx.now.timestamp():.3f}")
        if event.ruling is events.Ruling.OTHERS:  # the box has the conversation for the answer
            records.set_peer(ctx.db, record.peer, "takeover_until", None)
    tells = "they are told by text" if told else "they get no texts: call them"
    records.note(ctx.db, ctx.now, f"lead:{record.id}", f"{person_of(event.by)}: appointment, {event.ruling}; {tells}")
    return [*leads.save(ctx, record, lead), Changed("leads")]


def overtaken(ctx: Context, record: LeadRecord) -> LeadRecord:
    """A person decides about the appointment: what has not left of it as it stood is not said any more."""
    lead = record.lead
    for text in records.conversation_to(ctx.db, record.peer):
        name = text.template.removesuffix("_es")
        if text.lead_id == record.id and name in rebooking.OF_APPOINTMENTS:
            records.set_text(ctx.db, text.id, TextState.CANCELLED, "a person has decided about the appointment since")
            lead = answering.unsaid(lead, name)
    return replace(record, lead=lead)


_IN_VAIN = {
    events.Ruling.CONFIRM: "there is no appointment here that waits to be confirmed",
    events.Ruling.OTHERS: "there is no other free window to offer: write to them, or call",
    events.Ruling.CANCEL: "there is no appointment here to cancel",
}


def _ruling(ctx: Context, record: LeadRecord, ruling: events.Ruling) -> tuple[Lead, Say] | None:
    match ruling:
        case events.Ruling.CONFIRM:
            return rulings.confirmed(record.lead, ctx.now)
        case events.Ruling.OTHERS:
            return rulings.others(record.lead, bookable(ctx, record))
        case events.Ruling.CANCEL:
            return rulings.called_off(record.lead)
