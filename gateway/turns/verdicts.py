"""Turns of the modem's verdicts on the segments it was handed, and of a start in the middle of one."""

from __future__ import annotations

from gateway import records
from gateway.core.effects import Changed, Effect
from gateway.core.events import BoxStarted, SegmentSettled, SubmitVerdict
from gateway.core.outbound import Purpose, Requeued, TextState, after_submit
from gateway.turns import breaker, calls, fates, outbox, reports, stated, unsure
from gateway.turns.context import Context


def started(ctx: Context, _event: BoxStarted) -> list[Effect]:
    """Settle what the last run left in mid-air: calls that rang at the modem, texts the modem had in hand."""
    stated.started(ctx)
    records.forget_dialling(ctx.db)  # a feed that still sees such a call tells of it again
    return [*calls.abandoned(ctx), *unsure.in_mid_air(ctx)]


def settled(ctx: Context, event: SegmentSettled) -> list[Effect]:
    """The modem has said what became of a segment (or has not)."""
    text = records.text_by_id(ctx.db, event.text_id)
    if text is None or text.state is not TextState.SUBMITTING:
        return []
    if event.result.verdict is SubmitVerdict.UNCONFIRMED:
        records.doubt(ctx.db, text.id)
    outcome = after_submit(event.result, purpose=text.purpose, tries=text.tries, doubts=text.doubts, now=ctx.now)
    evidence = event.result.evidence
    if isinstance(outcome, Requeued):
        records.drop_segment(ctx.db, text.id, event.number)
        records.requeue(ctx.db, text.id, outcome.due, outcome.tries)
        if evidence:
            records.note(ctx.db, ctx.now, f"text:{text.id}", f"waits: {evidence}")
        return [Changed("texts")]
    since = records.handed_over_at(ctx.db, text.id, event.number)
    records.set_segment(ctx.db, text.id, event.number, outcome.state, ctx.now, event.result.ref, evidence)
    match outcome.state:
        case TextState.ACCEPTED if event.number < event.segments:
            if text.purpose is Purpose.OPENER:
                records.set_peer(ctx.db, text.peer, "opened_at", ctx.now)
            effects = reports.overtaken(ctx, text.peer, since)
            refused = outbox.barred(ctx, text)  # STOP may have come while the first part was leaving
            return effects + (
                fates.stopped(ctx, text, refused) if refused else [outbox.hand_over(ctx, text, text.body)]
            )
        case TextState.ACCEPTED:
            effects = fates.left(ctx, text, sure=True) + breaker.text_taken(ctx)
        case TextState.UNCONFIRMED:
            effects = fates.left(ctx, text, sure=False)
        case _:
            return fates.failed(ctx, text, outcome.say, not_textable=outcome.not_textable)
    return effects + reports.overtaken(ctx, text.peer, since) + reports.sum_up(ctx, text.id)
