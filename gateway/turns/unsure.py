"""Texts of which nobody can say whether they went out.

A customer's text is never sent again by itself: a late delivery report settles it, or a person does. A person may have it
sent again, but not to somebody who has meanwhile asked for silence, was reached, wrote, or whose call is long past. Alerts
to the business's own people are sent again when in doubt, a few times.
"""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core.desk.reviewing import ReviewKind
from gateway.core.effects import Changed, Declined, Effect
from gateway.core.events import UnsureDecided
from gateway.core.outbound import DOUBTS_OF_OURS, PRIORITY, TO_OUR_PEOPLE, Purpose, TextState
from gateway.core.policy import ContactKind
from gateway.records import TextRecord
from gateway.turns import fates
from gateway.turns.context import Context

RESEND_WITHIN = timedelta(hours=2)  # "sorry we just missed you" of this morning is worse than a call


def in_mid_air(ctx: Context) -> list[Effect]:
    """Settle what was left between SUBMITTING and the modem's answer: at most once for customers."""
    effects: list[Effect] = []
    for text in records.texts_in_hand(ctx.db):
        if text.purpose in TO_OUR_PEOPLE and text.doubts + 1 < DOUBTS_OF_OURS:
            records.drop_segments(ctx.db, text.id, TextState.SUBMITTING)
            records.doubt(ctx.db, text.id)
            records.requeue(ctx.db, text.id, ctx.now, text.tries)
            continue
        records.doubt_segments(ctx.db, text.id, "the box stopped in mid-send")
        effects += fates.left(ctx, text, sure=False)
    return effects


def unsure_decided(ctx: Context, event: UnsureDecided) -> list[Effect]:
    """A person has decided on an unsure text."""
    text = records.text_by_id(ctx.db, event.text_id)
    if text is None or text.state is not TextState.UNCONFIRMED:
        return [Declined("this text is not in doubt any more")]
    done = _went_out(ctx, text, event.by) if event.went_out else _send_again(ctx, text, event.by)
    if not any(isinstance(effect, Declined) for effect in done):
        records.settle_reviews_of(ctx.db, ReviewKind.UNSURE, text.id, event.by, ctx.now)
    return done


def _went_out(ctx: Context, text: TextRecord, by: str) -> list[Effect]:
    records.note(ctx.db, ctx.now, f"text:{text.id}", f"{by}: it went out")
    records.close_unsure(ctx.db, text.id, by, ctx.now)
    records.set_text(ctx.db, text.id, TextState.ACCEPTED, f"went out, says {by}")
    if fates.is_by_hand(text) and text.sent_at is not None:
        records.keep_promises(ctx.db, text.peer, text.sent_at)
    if text.call_id is not None and fates.answers_call(text):
        records.set_texted(ctx.db, text.call_id, f"texted, says {by}")
    return [Changed("texts")]


def _send_again(ctx: Context, text: TextRecord, by: str) -> list[Effect]:
    if (say := _why_not_again(ctx, text)) is not None:
        records.note(ctx.db, ctx.now, f"text:{text.id}", f"{by}: send it again - refused: {say}")
        return [Declined(say)]
    records.note(ctx.db, ctx.now, f"text:{text.id}", f"{by}: send it again")
    records.close_unsure(ctx.db, text.id, by, ctx.now)
    records.drop_segments(ctx.db, text.id, TextState.UNCONFIRMED)
    ours = text.purpose in TO_OUR_PEOPLE
    records.send_again(
        ctx.db,
        text.id,
        text.purpose if ours else Purpose.STAFF,
        PRIORITY[Purpose.STAFF],
        due=ctx.now,
        expires=ctx.now + timedelta(seconds=ctx.business.policy.max_age_s),
        say=f"again, says {by}",
    )
    if text.call_id is not None and fates.answers_call(text):
        say = f"not sure whether it was texted, is being sent again, says {by}"
        records.tell_call(ctx.db, text.call_id, say)
    return [Changed("texts")]


def _why_not_again(ctx: Context, text: TextRecord) -> str | None:
    """Why a person's wish to send it again is not followed, as a sentence; None when it is."""
    if text.purpose in TO_OUR_PEOPLE:
        return None
    kinds = records.kinds_of(ctx.db, text.peer)
    if ContactKind.OPTED_OUT in kinds:
        return "this person has asked not to be texted - call instead"
    if ContactKind.BLOCKED in kinds:
        return "this number is blocked - take the block back first"
    if text.sent_at is not None and ctx.now - text.sent_at > RESEND_WITHIN:
        return "this text is too old to be sent again - call instead"
    if (say := overtaken_by(ctx, text)) is not None:
        return f"{say} - look at that first"
    return "this person is on the line right now" if records.is_on_the_line(ctx.db, text.peer) else None


def overtaken_by(ctx: Context, text: TextRecord) -> str | None:
    """What has happened between us and the recipient since the text was first handed over, if anything."""
    if text.sent_at is None:
        return None
    reached_at, wrote_at = records.last_contact(ctx.db, text.peer)
    if reached_at is not None and reached_at > text.sent_at:
        return "the office has spoken with this person since"
    if wrote_at is not None and wrote_at > text.sent_at:
        return "this person has written since"
    return None
