"""What is put before people to look through: what was not understood, late, in doubt, not sent, or the end of texts; and once
a week some ordinary conversations, for nobody sees what is always a little wrong by looking at what went wrong.
"""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core import events
from gateway.core.desk.hold import person_of
from gateway.core.desk.reviewing import ReviewKind, to_read, week_of
from gateway.core.effects import Changed, Declined, Effect
from gateway.turns.context import Context

WEEK = timedelta(days=7)
READING = "reading_list"  # the switch that holds the week whose reading was chosen last


def settled(ctx: Context, event: events.ReviewSettled) -> list[Effect]:
    """Somebody has looked through it."""
    is_open = records.is_open_review(ctx.db, event.review_id)
    if is_open is None:
        return [Declined("there is nothing of that number to look through")]
    if is_open:
        records.settle_review(ctx.db, event.review_id, person_of(event.by), ctx.now)
    return [Changed("reviews")]


def not_understood(ctx: Context, lead_id: int, peer: str) -> None:
    """The box could do nothing with what a caller has written."""
    letter_id = records.last_letter_of(ctx.db, lead_id)
    kind, key = ReviewKind.NOT_UNDERSTOOD, f"letter:{letter_id}:not_understood"
    say = "the box could not use what they wrote"
    records.add_review(ctx.db, kind, key, peer, say, ctx.now, lead_id=lead_id, letter_id=letter_id)


def due(ctx: Context) -> list[Effect]:
    """Choose last week's reading, with the first thing that is looked at in a week."""
    if not ctx.clock_sane:
        return []
    week = week_of(ctx.now, ctx.business.zone)
    chosen = f"{week:%Y-%m-%d}"
    if records.switch(ctx.db, READING) >= chosen:
        return []
    begins = week_of(week - WEEK / 2, ctx.business.zone)
    peers = dict(records.leads_opened(ctx.db, begins, week))
    for lead_id in to_read([number for number in peers if not records.is_reviewed(ctx.db, number)]):
        say = f"an ordinary conversation of the week of {begins:%b %-d}"
        key = f"reading:{chosen}:{lead_id}"
        records.add_review(ctx.db, ReviewKind.READING, key, peers[lead_id], say, ctx.now, lead_id=lead_id)
    records.set_switch(ctx.db, READING, chosen, ctx.now)
    return [Changed("reviews")]
