"""Nobody is answered by machine more often within an hour than the business lets the box."""

from __future__ import annotations

from gateway import records
from gateway.core.conversation import limits
from gateway.core.conversation.lead import Lead
from gateway.core.conversation.moves import Answer
from gateway.records import LeadRecord
from gateway.turns.context import Context


def answered(ctx: Context, peer: str) -> int:
    """How many automatic answers to `peer` have left, or are about to, within the last hour."""
    return records.answers_to(ctx.db, peer, limits.COUNTED, ctx.now - limits.WITHIN)


def enough(ctx: Context, peer: str) -> bool:
    """Whether `peer` has been answered as often as the box may."""
    return answered(ctx, peer) >= ctx.business.conversation.answers_per_hour


def within_limit(ctx: Context, record: LeadRecord, before: Lead, answer: Answer) -> Answer:
    """The answer; where it would be one too many a silence, and the lead is a person's."""
    if answer.say is None or not enough(ctx, record.peer):
        return answer
    if limits.STOPPED not in before.said:
        say = f"answered {answered(ctx, record.peer)} times within an hour: the box stops, and a person goes on"
        records.note(ctx.db, ctx.now, f"lead:{record.id}", say)
    return Answer(limits.stopped(before), None, answer.pass_on)
