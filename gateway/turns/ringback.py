"""Turns of the office's own calls: whom it rings back, and what that changes for a caller who was missed."""

from __future__ import annotations

from gateway import records
from gateway.core.effects import Changed, Effect
from gateway.core.events import OfficeCalled, OfficeRings
from gateway.core.numbers import read_dialled
from gateway.turns import calls, todo
from gateway.turns.context import Context


def rings(ctx: Context, event: OfficeRings) -> list[Effect]:
    """The office is ringing somebody who has called: what waits for them waits until it is known whether they answer."""
    number = read_dialled(event.to, ctx.business.country, ctx.business.area_code).e164
    if number is None or not records.has_called(ctx.db, number):
        return []
    records.set_peer(ctx.db, number, "dialled_at", event.at)
    _tell_waiting(ctx, number, f"{todo.who(event.by)} is ringing back, will be texted if nobody answers")
    return [Changed("calls")]


def called(ctx: Context, event: OfficeCalled) -> list[Effect]:
    """The office rang somebody. When they spoke nothing automatic is due to that person any more, and nobody need ring back;
    an attempt is noted, and lets go what waited for its end."""
    number = read_dialled(event.to, ctx.business.country, ctx.business.area_code).e164
    if number is None:
        return []
    if event.over:
        records.end_dialling(ctx.db, number)
    if event.reached:
        return [Changed("calls"), *calls.spoke(ctx, number, event.at, None, event.by)]
    if not records.has_called(ctx.db, number):
        return []
    todo.note_attempt(ctx, number, event.at, event.by)
    _tell_waiting(ctx, number, f"{todo.who(event.by)} rang back in vain, is being texted")
    records.hurry(ctx.db, number, ctx.now)
    return [Changed("calls")]


def _tell_waiting(ctx: Context, peer: str, say: str) -> None:
    """Calls that are held for the morning keep their sentence."""
    for call_id in records.waiting_calls(ctx.db, peer):
        if records.call_by_id(ctx.db, call_id).state == "waiting":
            records.tell_call(ctx.db, call_id, say)
