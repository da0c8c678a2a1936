"""The response time that first texts may state is held against what is measured, and left out while it is not kept.

Measured are the texts that state it, from the moment they leave until a person of the business speaks with the caller (on a
call of the office or a later one of theirs), writes by hand, or closes the caller's task. Texts in which the time is left out
are measured as if it stood there, so that it comes back once it is kept again. The verdict is a switch: it holds until enough
callers tell otherwise, and the office hears of it only when it changes.
"""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core import wording
from gateway.core.business import Line
from gateway.core.effects import Effect, ResponseTimeJudged
from gateway.core.hours import is_open
from gateway.core.wording import Opener
from gateway.records import TextRecord
from gateway.turns.context import Context

LOOK_BACK = timedelta(days=14)
COUNTED = 20  # the newest callers
ENOUGH = 5  # fewer say nothing: the verdict stays
KEPT_PERCENT = 80
SWITCH = "stated_response"  # the minutes that are not kept, "" when all is well; also the kind of the task


def as_kept(ctx: Context, text: TextRecord, line: Line, chosen: Opener, storm_on: bool) -> tuple[Opener, list[Effect]]:
    """The first text as it may leave: `chosen`, or where it states a time that is not kept, plainer words."""
    minutes = ctx.business.policy.stated_minutes
    if minutes is None or not chosen.states_time:
        return chosen, []
    plainer = wording.plainer_opener(ctx.business, line, ctx.now, storm_on)
    if is_open(ctx.business, ctx.now) and not is_open(ctx.business, ctx.now + timedelta(minutes=minutes)):
        return plainer, []  # the office closes before that
    withdrawn, effects = _judge(ctx, minutes)
    records.add_promise(ctx.db, text.id, text.peer, minutes, ctx.now, said=not withdrawn)
    return plainer if withdrawn else chosen, effects


def started(ctx: Context) -> None:
    """A time that is not stated any more, or another one: what was found of the old one is past."""
    value = records.switch(ctx.db, SWITCH)
    if value and value != str(ctx.business.policy.stated_minutes):
        records.set_switch(ctx.db, SWITCH, "", ctx.now)
        records.close_kind(ctx.db, SWITCH, "another response time is set", ctx.now)


def _judge(ctx: Context, minutes: int) -> tuple[bool, list[Effect]]:
    """Whether the time is withdrawn, and what is to be said of it when that changes at this moment."""
    before = records.switch(ctx.db, SWITCH) == str(minutes)
    kept = records.judged_promises(ctx.db, minutes, ctx.now - LOOK_BACK, ctx.now, COUNTED)
    withdrawn = before if len(kept) < ENOUGH else 100 * sum(kept) < KEPT_PERCENT * len(kept)
    if withdrawn == before:
        return withdrawn, []
    measured = f"of the last {len(kept)} callers {sum(kept)} heard from a person within {minutes} min"
    if withdrawn:
        say = f"first texts leave out your response time: {measured}; it comes back when {KEPT_PERCENT} % do"
        records.open_task(ctx.db, "stated_response", "", say, ctx.now)
    else:
        say = f"first texts state your response time again: {measured}"
        records.close_kind(ctx.db, SWITCH, f"kept again: {measured}", ctx.now)
    records.set_switch(ctx.db, SWITCH, str(minutes) if withdrawn else "", ctx.now)
    records.note(ctx.db, ctx.now, f"box:{SWITCH}", say)
    return withdrawn, [ResponseTimeJudged(ctx.now, not withdrawn, say)]
