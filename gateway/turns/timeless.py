"""Calls that came while nobody knew the time, judged again once somebody does.

How long ago they were is known where the machine has run ever since: `ClockJumped` has moved what was noted meanwhile. Such a call
is judged as if it had just become known: a young one is texted, or held until quiet hours end. One that is too old stays on the
call-back list with the reason, and so does every call from before the machine's start.
"""

from __future__ import annotations

from gateway import records
from gateway.core.consequences import wants_call_back
from gateway.core.effects import Changed, Effect
from gateway.core.policy import NoText, Refused
from gateway.turns import calls
from gateway.turns.context import Context

BY = "the box knows the time now"


def judge_again(ctx: Context) -> list[Effect]:
    """The time is known, and what was noted under the clock that nobody believed has been moved to when it happened."""
    return [effect for call in records.timeless_calls(ctx.db) for effect in _again(ctx, call.id)]


def undated(ctx: Context) -> list[Effect]:
    """The machine was off since: when those calls were nobody will know."""
    left = records.timeless_calls(ctx.db)
    return [effect for call in left for effect in _stays(ctx, call.id, "the box did not know what time it was")]


def _again(ctx: Context, call_id: int) -> list[Effect]:
    call, _, judged = calls.judge_now(ctx, call_id)
    if isinstance(judged, Refused) and judged.reason is NoText.STALE:
        at = ctx.now.astimezone(ctx.business.zone)
        return _stays(ctx, call_id, f"the box did not know what time it was until {at:%b %-d, %-I:%M %p}")
    say = judged.say if isinstance(judged, Refused) else "is texted"
    if isinstance(judged, Refused) and judged.until is None:
        if wants_call_back(judged):
            return _stays(ctx, call_id, judged.say.removesuffix(", on the call-back list"), judged.reason)
        records.set_not_texted(ctx.db, call_id, judged.reason.value, judged.say, held=False)
    else:
        if isinstance(judged, Refused):
            records.set_not_texted(ctx.db, call_id, judged.reason.value, judged.say, held=True)
        calls.let_wait(ctx, call_id, call, judged.until if isinstance(judged, Refused) else None)
    records.close_call_back(ctx.db, call_id, BY, ctx.now)
    records.note(ctx.db, ctx.now, f"call:{call_id}", f"judged again, {BY}: {say}")
    return [Changed("calls"), Changed("tasks")]


def _stays(ctx: Context, call_id: int, say: str, reason: NoText = NoText.STALE) -> list[Effect]:
    """Nobody is texted, and somebody rings back."""
    records.set_not_texted(ctx.db, call_id, reason.value, f"{say}, on the call-back list", held=False)
    peer = records.call_by_id(ctx.db, call_id).peer
    if peer is not None:
        records.open_task(ctx.db, "call_back", peer, say, ctx.now, call_id=call_id)
    records.note(ctx.db, ctx.now, f"call:{call_id}", f"judged again, {BY}: {say}")
    return [Changed("calls"), Changed("tasks")]
