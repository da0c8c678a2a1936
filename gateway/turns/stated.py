"""A response time that texts state is held against what was measured, and left out while it is not kept."""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core.hours import is_open
from gateway.turns.context import Context

LOOK_BACK = timedelta(days=14)
LOOKED_AT = 40  # texted calls, of which those in opening hours count
COUNTED = 10  # the newest of them
ENOUGH = 5  # fewer say nothing
KEPT = 0.8  # share of callers to whom a person came back in time
TASK = "stated_response"


def keeps_time(ctx: Context) -> bool:
    """Whether first texts may state the business's response time. Says so to the office when that changes."""
    minutes = ctx.business.policy.stated_minutes
    if minutes is None:
        return True
    within = timedelta(minutes=minutes)
    found = records.responses(ctx.db, ctx.now - LOOK_BACK, ctx.now - within, LOOKED_AT)
    waited = [back - ended if back else None for ended, back in found if is_open(ctx.business, ended)][:COUNTED]
    in_time = sum(wait is not None and wait <= within for wait in waited)
    kept = len(waited) < ENOUGH or in_time >= KEPT * len(waited)
    if kept:
        records.close_kind(ctx.db, TASK, "kept again", ctx.now)
    else:
        say = (
            f"texts no longer say that you answer within {minutes} min:"
            f" of the last {len(waited)} callers only {in_time} heard from a person in that time"
        )
        records.open_task(ctx.db, TASK, "", say, ctx.now)
    return kept
