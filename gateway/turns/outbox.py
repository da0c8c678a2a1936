"""Turns of the outbox: which text leaves next, and which one leaves no more."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from gateway import records
from gateway.core import wording
from gateway.core.alphabet import split
from gateway.core.effects import Effect, SendSegment
from gateway.core.events import TextClaimed
from gateway.core.outbound import OUT, TO_OUR_PEOPLE, Purpose, TextState
from gateway.core.policy import ContactKind, NoText, Refused
from gateway.records import TextRecord
from gateway.turns import breaker, calls, fates, notices, stated, unsure
from gateway.turns.context import Context
from gateway.turns.fates import OFFICE_RINGS, ON_THE_LINE

OWNER_VALIDITY_S = 4 * 3600  # TP-VP of alerts: an alert that arrives next morning is worse than none
ON_THE_LINE_S = 30.0  # a caller who is ringing again is not texted meanwhile; the end of that call brings the text up
RINGS_AT_MOST = timedelta(minutes=10)  # a call of the office whose end is not told holds nothing up for ever
PACE_S = 10.0  # with the cap per minute reached, openers wait instead of being dropped

PACED = "the limit of texts per minute is reached"


def claimed(ctx: Context, event: TextClaimed) -> list[Effect]:
    """Choose the next text and commit that it is being handed over, before it is; expire what came too late.

    The sender asks when it has nothing in hand: a text that is still SUBMITTING then was dropped on the way.
    """
    effects = unsure.in_mid_air(ctx)
    while event.able and (text := records.next_due(ctx.db, ctx.now)) is not None:
        try:
            with records.attempt(ctx.db):
                outcome = _leaves(ctx, text)
        except records.FAULTS as fault:  # one text that this program cannot send must not hold up the others
            effects += fates.failed(ctx, text, f"a fault in this program ({type(fault).__name__})")
            continue
        effects += outcome
        if outcome and isinstance(outcome[-1], SendSegment):
            return effects
    return effects + _expire(ctx)


def _leaves(ctx: Context, text: TextRecord) -> list[Effect]:
    """Look at the recipient once more; ends with a SendSegment when the text goes.

    A text of which a part is out keeps its words and goes on, unless it is barred.
    """
    if text.purpose is Purpose.OPENER and not records.part_is_out(ctx.db, text.id):
        return _opener_leaves(ctx, text)
    if notices.stays(ctx, text):
        return []
    if (refused := barred(ctx, text)) is not None:
        return fates.stopped(ctx, text, refused)
    return [hand_over(ctx, text, text.body)]


def barred(ctx: Context, text: TextRecord) -> Refused | None:
    """Why this text must not go to its recipient (any more), whatever it says."""
    if text.purpose in TO_OUR_PEOPLE:
        return None
    kinds = records.kinds_of(ctx.db, text.peer)
    if ContactKind.OPTED_OUT in kinds and text.purpose is not Purpose.OPT_OUT_CONFIRMATION:
        return Refused(NoText.OPTED_OUT, "asked not to be texted")
    if ContactKind.BLOCKED in kinds and text.purpose not in (Purpose.STAFF, Purpose.TEST):
        return Refused(NoText.BLOCKED, "blocked by the office")
    if text.purpose is Purpose.STAFF and text.call_id is not None and text.sent_at is not None:
        say = unsure.overtaken_by(ctx, text)
        return None if say is None else Refused(NoText.OFFICE_REACHED, say)
    return None


def _opener_leaves(ctx: Context, text: TextRecord) -> list[Effect]:
    """Judge once more; render by the local time of leaving."""
    assert text.call_id is not None
    cap = ctx.business.policy.per_minute
    busy = records.traffic(ctx.db, ctx.now)
    if cap and busy.minute >= cap:
        records.wait(ctx.db, text.id, ctx.now + timedelta(seconds=PACE_S), PACED)
        return []
    if records.is_on_the_line(ctx.db, text.peer):
        records.wait(ctx.db, text.id, ctx.now + timedelta(seconds=ON_THE_LINE_S), ON_THE_LINE)
        return []
    if records.is_rung(ctx.db, text.peer, ctx.now - RINGS_AT_MOST):
        records.wait(ctx.db, text.id, ctx.now + timedelta(seconds=ON_THE_LINE_S), OFFICE_RINGS)
        return []
    if (probe_at := breaker.held_until(ctx)) is not None:
        records.wait(ctx.db, text.id, probe_at, breaker.WAITS)
        return []
    held = records.call_by_id(ctx.db, text.call_id).state == "held"
    call, judged = calls.judge_again(ctx, text.call_id, held=held)
    if isinstance(judged, Refused):
        if judged.until is not None:
            expires = judged.until + timedelta(seconds=ctx.business.policy.max_age_s)
            records.hold(ctx.db, text.id, judged.until, expires)
        else:
            records.set_text(ctx.db, text.id, TextState.CANCELLED, judged.say)
        return calls.refuse(ctx, text.call_id, judged, quiet=held)
    assert call.line is not None
    opener = wording.opener(
        ctx.business,
        call.line,
        ctx.now,
        busy.storm_on,
        vip=ContactKind.VIP in records.kinds_of(ctx.db, text.peer),
    )
    opener, effects = stated.as_kept(ctx, text, call.line, opener, busy.storm_on)
    records.set_words(ctx.db, text.id, opener.body, opener.template)
    return [*effects, hand_over(ctx, text, opener.body)]


def hand_over(ctx: Context, text: TextRecord, body: str) -> SendSegment:
    """Commit SUBMITTING for the text and its next segment."""
    records.begin_submit(ctx.db, text.id, ctx.now)
    done = {n for n, state in records.segment_states(ctx.db, text.id).items() if state in OUT}
    segments = split(body, text.id % 256)
    segment = next(s for s in segments if s.number not in done)
    records.set_segment(ctx.db, text.id, segment.number, TextState.SUBMITTING, ctx.now)
    ours = text.purpose in TO_OUR_PEOPLE
    return SendSegment(
        text_id=text.id,
        to=text.peer,
        body=segment.body,
        ucs2=segment.ucs2,
        ref=segment.ref,
        number=segment.number,
        total=segment.total,
        validity_s=OWNER_VALIDITY_S if ours else ctx.business.policy.validity_s,
        want_report=True,
    )


def _expire(ctx: Context) -> list[Effect]:
    """A text that could not leave in time does not leave any more."""
    effects: list[Effect] = []
    for text in records.overdue(ctx.db, ctx.now):
        refused, say = _too_late(text)
        if records.part_is_out(ctx.db, text.id):
            effects += fates.left(ctx, text, sure=False, say=f"only a part of the text went out: {say}")
            continue
        records.set_text(ctx.db, text.id, TextState.EXPIRED, say)
        records.note(ctx.db, ctx.now, f"text:{text.id}", f"expired: {say}")
        effects += fates.not_sent(ctx, text, refused, say)
    return effects


def _too_late(text: TextRecord) -> tuple[Refused, str]:
    """Why the text could not leave in time, as the call's outcome and in plain English."""
    if text.waits == ON_THE_LINE:
        say = "on the line again until the text was too old"
        return Refused(NoText.STALE, f"{say}, on the call-back list"), say
    if text.waits == OFFICE_RINGS:
        say = "the office was ringing the caller until the text was too old"
        return Refused(NoText.STALE, f"{say}, on the call-back list"), say
    if text.waits == PACED:
        return Refused(NoText.RATE_LIMIT, f"{PACED}, on the call-back list"), PACED
    if text.tries or text.waits == breaker.WAITS:
        say = "the network did not take it in time"
        return Refused(NoText.SEND_FAILED, "the network did not take the text, on the call-back list"), say
    return Refused(NoText.MODEM_DOWN, "modem down, on the call-back list"), "the modem was down until it was too late"


def next_wake(db: sqlite3.Connection, now: datetime) -> datetime | None:
    """The next moment at which the outbox wants attention: something falls due, or its last moment has passed."""
    return records.next_moment(db, now)
