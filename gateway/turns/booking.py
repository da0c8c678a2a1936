"""Turns of appointments: which windows are free for a lead in this transaction, and what has been chosen kept in the books."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from gateway import records
from gateway.core.booking.openings import openings
from gateway.core.conversation import booking, callwindows
from gateway.core.effects import Changed, Effect
from gateway.records import LeadRecord
from gateway.turns import leads
from gateway.turns.context import Context


def bookable(ctx: Context, record: LeadRecord) -> booking.Bookable:
    """What may be booked for a lead as it stands in this transaction; nothing with a clock that is not believed."""
    rules, zone = ctx.business.conversation.booking, ctx.business.zone
    hold = timedelta(seconds=rules.hold_s)
    kind = rules.type_for(record.lead.facts.service)
    if kind is None or not ctx.clock_sane or records.switch(ctx.db, "storm"):
        return booking.Bookable(kind, hold=hold, diary=callwindows.Diary(zone, record.wrote_at, now=None))
    taken = records.taken_places(ctx.db, ctx.now, record.id)
    free = openings(kind, rules, ctx.business, ctx.now, taken)
    return booking.Bookable(kind, free, hold, callwindows.Diary(zone, record.wrote_at, now=ctx.now))


def due(ctx: Context) -> list[Effect]:
    """Windows that were kept for an answer that has not come are free for others."""
    effects: list[Effect] = []
    for lead_id in records.leads_with_late_holds(ctx.db, ctx.now):
        record = records.lead_by_id(ctx.db, lead_id)
        if record is not None:
            records.note(
                ctx.db, ctx.now, f"lead:{lead_id}", "the window is not kept any longer: no answer came in time"
            )
            effects += [*leads.save(ctx, record, booking.expired(record.lead, ctx.now)), Changed("leads")]
    return effects


def next_due(db: sqlite3.Connection) -> datetime | None:
    """When the next window is not kept any longer."""
    return records.next_hold_end(db)
