"""Turns of the calendars of other programs: what was read of one, and that one cannot be read.

How often it was read again without a change is no history; that it can be read again is.
"""

from __future__ import annotations

from gateway import records
from gateway.core.booking.appointments import Span
from gateway.core.effects import Changed, Effect
from gateway.core.events import CalendarFailed, CalendarRead
from gateway.turns.context import Context


def read(ctx: Context, event: CalendarRead) -> list[Effect]:
    """Keep when somebody is busy by it. One that no configuration names any more is forgotten."""
    calendars = ctx.business.conversation.booking.calendars
    before = records.known_calendars(ctx.db)
    records.forget_calendars(ctx.db, before.keys() - calendars.keys())
    if event.name not in calendars or calendars[event.name].source != event.source:
        return []  # the configuration was changed while it was read
    known = before.get(event.name)
    if known is not None and known.source != event.source:
        records.forget_calendars(ctx.db, (event.name,))
        known = None
    if event.busy is None and (known is None or known.mark != event.mark):
        return []  # what has not changed is not here any more: it is read as a whole the next time
    busy = None if event.busy is None else [Span(begins, ends) for begins, ends in event.busy]
    records.calendar_read(ctx.db, event.name, event.source, event.mark, event.doubts, busy, event.at)
    subject, its = f"box:calendar {event.name}", f"the calendar '{event.name}'"
    if event.doubts and (known is None or known.doubts != event.doubts):
        records.note(ctx.db, ctx.now, subject, f"{its} was read; it has {event.doubts}")
    elif known is None or known.read_at is None:
        records.note(ctx.db, ctx.now, subject, f"{its} was read for the first time")
    elif known.failed_at is not None:
        records.note(ctx.db, ctx.now, subject, f"{its} can be read again")
    elif known.doubts:
        records.note(ctx.db, ctx.now, subject, f"all of {its} is understood again")
    return [Changed("leads")]


def failed(ctx: Context, event: CalendarFailed) -> list[Effect]:
    """What it said last counts for as long as the rules have it."""
    calendar = ctx.business.conversation.booking.calendars.get(event.name)
    if calendar is None or calendar.source != event.source:
        return []
    known = records.known_calendars(ctx.db).get(event.name)
    records.calendar_failed(ctx.db, event.name, event.source, event.why, event.at)
    if known is None or known.source != event.source or known.why != event.why:
        say = f"the calendar '{event.name}' cannot be read: {event.why}"
        records.note(ctx.db, ctx.now, f"box:calendar {event.name}", say)
    return [Changed("leads")]
