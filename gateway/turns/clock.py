"""The turn of a wall clock that was set.

What waits keeps its remaining time, so that a jump neither sends early nor lets an opener rot. What was noted since the
gateway started keeps its age: whether the clock was wrong before the jump or is wrong after it, that much time has really
passed, and nobody may be texted again because the clock was set to tomorrow. What an earlier run noted stays: nothing tells
how long the box was off. Where nobody was believed about the time since the start, what waits from an earlier run stays too: it
was written by another clock, and moved with this one it would leave hours late, or never.
"""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core.effects import Changed, Effect
from gateway.core.events import ClockJudged, ClockJumped, SystemClockSet
from gateway.core.timesources import SURE
from gateway.turns import digest, notices, timeless
from gateway.turns.context import Context


def clock_jumped(ctx: Context, event: ClockJumped) -> list[Effect]:
    """Take in that wall time has moved by `event.seconds` against the real one."""
    records.shift_waiting(ctx.db, event.seconds, event.since if event.fresh and event.seconds > 0 else None)
    if event.since is not None:
        records.shift_noted(ctx.db, event.seconds, event.since)
    if event.seconds < 0:
        records.take_back_journal(ctx.db, ctx.now)
    notices.clock_was_set(ctx)
    digest.clock_was_set(ctx)
    records.note(ctx.db, ctx.now, "box:clock", f"the clock moved by {event.seconds:.0f} s")
    return [Changed("clock")]


def clock_judged(ctx: Context, event: ClockJudged) -> list[Effect]:
    """Write down who is believed about the time: the next start wants to know."""
    before = records.clock_memory(ctx.db)
    certain, began = None, ctx.now
    if event.by not in SURE and before is not None:
        certain = records.last_written(ctx.db) if before.by in SURE else before.certain
    counted = before is not None and before.boot == event.boot != "" and not before.by  # since then, by one counter
    if before is not None and counted and not event.by:
        began = before.at + timedelta(seconds=event.base - before.base)
    records.keep_clock(ctx.db, records.ClockMemory(event.boot, event.base, event.by, certain, began))
    if before is None or before.by != event.by:
        say = f"the time is known: {event.by}" if event.by else "the time is not known"
        records.note(ctx.db, ctx.now, "box:clock", say)
    effects: list[Effect] = [Changed("clock")]
    if not counted:
        return [*effects, *timeless.undated(ctx)]
    return [*effects, *timeless.judge_again(ctx)] if event.by else effects


def system_clock_set(ctx: Context, event: SystemClockSet) -> list[Effect]:
    """The machine's clock shows the time now that we have gone by already: nothing moves, and the history says so."""
    way = "forward" if event.seconds > 0 else "back"
    say = f"the box's own clock was set {way} by {abs(event.seconds):.0f} s, told by: {event.by}"
    records.note(ctx.db, ctx.now, "box:clock", say)
    return [Changed("clock")]
