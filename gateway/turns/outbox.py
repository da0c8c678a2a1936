"""Turns of outgoing texts: claimed, settled by the modem, found unsure."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from gateway import records
from gateway.clock import from_ms, to_ms
from gateway.core import wording
from gateway.core.alphabet import split
from gateway.core.effects import Changed, Effect, SendSegment, TextSent
from gateway.core.events import BoxStarted, SegmentSettled, TextClaimed, UnsureDecided
from gateway.core.outbound import (
    OUT,
    TO_OUR_PEOPLE,
    Purpose,
    Requeued,
    TextState,
    after_submit,
)
from gateway.core.policy import ContactKind, NoText, Refused, ago
from gateway.records import TextRecord
from gateway.turns import calls, reports
from gateway.turns.context import Context

OWNER_VALIDITY_S = 4 * 3600  # TP-VP of alerts: an alert that arrives next morning is worse than none
ON_THE_LINE_S = 2.0  # a caller who is ringing again is not texted meanwhile; looked at again this often
PACE_S = 10.0  # with the cap per minute reached, openers wait instead of being dropped


def claimed(ctx: Context, event: TextClaimed) -> list[Effect]:
    """Choose the next text and commit that it is being handed over, before it is; expire what came too late."""
    effects: list[Effect] = []
    while event.able and (row := _next(ctx)) is not None:
        text = records.text_record(row)
        if text.purpose is Purpose.OPENER and not records.part_is_out(ctx.db, text.id):
            sending = _opener_leaves(ctx, text, effects)
        else:
            sending = _hand_over(ctx, text, text.body)
        if sending is not None:
            return [*effects, sending]
    return effects + _expire(ctx)


def _next(ctx: Context) -> sqlite3.Row | None:
    now = to_ms(ctx.now)
    row: sqlite3.Row | None = ctx.db.execute(
        "SELECT * FROM texts WHERE state = 'queued' AND due <= ? AND (expires IS NULL OR expires >= ?)"
        " ORDER BY priority, due, id LIMIT 1",
        (now, now),
    ).fetchone()
    return row


def _opener_leaves(ctx: Context, text: TextRecord, effects: list[Effect]) -> SendSegment | None:
    """Judge once more; render by the local time of leaving."""
    assert text.call_id is not None
    cap = ctx.business.policy.per_minute
    busy = records.traffic(ctx.db, ctx.now)
    if cap and busy.minute >= cap:
        records.requeue(ctx.db, text.id, ctx.now + timedelta(seconds=PACE_S), text.tries)
        return None
    if records.is_on_the_line(ctx.db, text.peer):
        records.requeue(ctx.db, text.id, ctx.now + timedelta(seconds=ON_THE_LINE_S), text.tries)
        return None
    held = records.call_by_id(ctx.db, text.call_id).state == "held"
    call, judged = calls.judge_again(ctx, text.call_id, held=held)
    if isinstance(judged, Refused):
        if judged.until is not None:
            ctx.db.execute(
                "UPDATE texts SET due = ?, expires = ? WHERE id = ?",
                (
                    to_ms(judged.until),
                    to_ms(judged.until + timedelta(seconds=ctx.business.policy.max_age_s)),
                    text.id,
                ),
            )
        else:
            records.set_text(ctx.db, text.id, TextState.CANCELLED, judged.say)
        effects += calls.refuse(ctx, text.call_id, judged, quiet=held)
        return None
    assert call.line is not None
    opener = wording.opener(ctx.business, call.line, ctx.now, busy.storm_on)
    ctx.db.execute("UPDATE texts SET body = ?, template = ? WHERE id = ?", (opener.body, opener.template, text.id))
    return _hand_over(ctx, text, opener.body)


def _hand_over(ctx: Context, text: TextRecord, body: str) -> SendSegment:
    """Commit SUBMITTING for the text and its next segment."""
    ctx.db.execute(
        "UPDATE texts SET state = 'submitting', sent_at = coalesce(sent_at, ?) WHERE id = ?", (to_ms(ctx.now), text.id)
    )
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
    rows = ctx.db.execute(
        "SELECT * FROM texts WHERE state = 'queued' AND expires IS NOT NULL AND expires < ?", (to_ms(ctx.now),)
    ).fetchall()
    effects: list[Effect] = []
    for row in rows:
        text = records.text_record(row)
        tried = text.tries > 0
        say = "the network did not take it in time" if tried else "the modem was down until it was too late"
        records.set_text(ctx.db, text.id, TextState.EXPIRED, say)
        records.note(ctx.db, ctx.now, f"text:{text.id}", f"expired: {say}")
        if text.purpose is Purpose.OPENER and text.call_id is not None:
            held = records.call_by_id(ctx.db, text.call_id).state == "held"
            refused = (
                Refused(NoText.SEND_FAILED, "the network did not take the text, on the call-back list")
                if tried
                else Refused(NoText.MODEM_DOWN, "modem down, on the call-back list")
            )
            effects += calls.refuse(ctx, text.call_id, refused, quiet=held)
        else:
            records.open_task(ctx.db, "not_sent", text.peer, say, ctx.now, text_id=text.id)
    return effects


def settled(ctx: Context, event: SegmentSettled) -> list[Effect]:
    """The modem has said what became of a segment (or has not)."""
    text = records.text_by_id(ctx.db, event.text_id)
    if text is None or text.state is not TextState.SUBMITTING:
        return []
    outcome = after_submit(event.result, purpose=text.purpose, tries=text.tries, now=ctx.now)
    evidence = event.result.evidence
    if isinstance(outcome, Requeued):
        ctx.db.execute("DELETE FROM segments WHERE text_id = ? AND number = ?", (text.id, event.number))
        records.requeue(ctx.db, text.id, outcome.due, outcome.tries)
        if evidence:
            records.note(ctx.db, ctx.now, f"text:{text.id}", f"waits: {evidence}")
        return [Changed("texts")]
    since = ctx.db.execute(
        "SELECT at FROM segments WHERE text_id = ? AND number = ?", (text.id, event.number)
    ).fetchone()["at"]
    records.set_segment(ctx.db, text.id, event.number, outcome.state, ctx.now, event.result.ref, evidence)
    match outcome.state:
        case TextState.ACCEPTED if event.number < event.segments:
            if text.purpose is Purpose.OPENER:
                records.set_peer(ctx.db, text.peer, "opened_at", ctx.now)
            return [*reports.overtaken(ctx, text.peer, since), _hand_over(ctx, text, text.body)]
        case TextState.ACCEPTED:
            effects = _left(ctx, text, event.segments, sure=True)
        case TextState.UNCONFIRMED:
            effects = _left(ctx, text, event.segments, sure=False)
        case _:
            return _failed(ctx, text, outcome.say, not_textable=outcome.not_textable)
    return effects + reports.overtaken(ctx, text.peer, since) + reports.sum_up(ctx, text.id)


def _left(ctx: Context, text: TextRecord, segments: int, *, sure: bool) -> list[Effect]:
    state = TextState.ACCEPTED if sure else TextState.UNCONFIRMED
    records.set_text(ctx.db, text.id, state, "" if sure else "the modem did not say whether it went out")
    notified = False
    if text.purpose is Purpose.OPENER and text.call_id is not None:
        records.set_peer(ctx.db, text.peer, "opened_at", ctx.now)
        call = records.call_by_id(ctx.db, text.call_id)
        notified = call.notified
        took = ago(ctx.now - (call.ended_at or ctx.now))
        say = f"texted in {took}" if sure else "texted, but the modem did not confirm it"
        ctx.db.execute(
            "UPDATE calls SET state = ?, no_text = '', say = ? WHERE id = ?",
            ("texted" if sure else "unsure", say, text.call_id),
        )
    if not sure:
        say = "the box stopped, or the modem fell silent, just while the text was leaving"
        records.open_task(ctx.db, "unsure_text", text.peer, say, ctx.now, call_id=text.call_id, text_id=text.id)
    return [
        TextSent(
            ctx.now, text.id, text.peer, text.body, text.purpose, text.template, segments, text.call_id, notified, sure
        )
    ]


def _failed(ctx: Context, text: TextRecord, say: str, *, not_textable: bool) -> list[Effect]:
    """A text that certainly did not go out: the call-back list takes over, and it starts no cooldown."""
    if records.part_is_out(ctx.db, text.id):  # not sure what the person has read
        return _left(ctx, text, len(split(text.body, 0)), sure=False)
    records.set_text(ctx.db, text.id, TextState.FAILED, say)
    records.note(ctx.db, ctx.now, f"text:{text.id}", f"failed: {say}")
    if not_textable:
        records.add_contact(ctx.db, text.peer, ContactKind.LANDLINE, name="", basis=say, now=ctx.now)
    if text.purpose is Purpose.OPENER and text.call_id is not None:
        held = records.call_by_id(ctx.db, text.call_id).state == "held"
        return calls.refuse(ctx, text.call_id, Refused(NoText.SEND_FAILED, f"{say}, on the call-back list"), quiet=held)
    records.open_task(ctx.db, "not_sent", text.peer, say, ctx.now, text_id=text.id)
    return [Changed("texts")]


def unsure_decided(ctx: Context, event: UnsureDecided) -> list[Effect]:
    """A person has decided on an unsure text."""
    text = records.text_by_id(ctx.db, event.text_id)
    if text is None or text.state is not TextState.UNCONFIRMED:
        return []
    records.note(
        ctx.db, ctx.now, f"text:{text.id}", f"{event.by}: {'it went out' if event.went_out else 'send it again'}"
    )
    _close_unsure(ctx, text.id, event.by)
    if event.went_out:
        records.set_text(ctx.db, text.id, TextState.ACCEPTED, f"went out, says {event.by}")
    else:
        ctx.db.execute("DELETE FROM segments WHERE text_id = ? AND state = 'unconfirmed'", (text.id,))
        expires = ctx.now + timedelta(seconds=ctx.business.policy.max_age_s)
        ctx.db.execute(
            "UPDATE texts SET state = 'queued', purpose = 'staff', due = ?, expires = ? WHERE id = ?",
            (to_ms(ctx.now), to_ms(expires), text.id),
        )
    if text.call_id is not None:
        ctx.db.execute(
            "UPDATE calls SET state = 'texted', say = ? WHERE id = ?", (f"texted, {event.by} checked", text.call_id)
        )
    return [Changed("texts")]


def started(ctx: Context, _event: BoxStarted) -> list[Effect]:
    """Settle what the last run left between SUBMITTING and the modem's answer: at most once for customers."""
    effects: list[Effect] = calls.abandoned(ctx)
    for row in ctx.db.execute("SELECT * FROM texts WHERE state = 'submitting'").fetchall():
        text = records.text_record(row)
        if text.purpose in TO_OUR_PEOPLE:
            ctx.db.execute("DELETE FROM segments WHERE text_id = ? AND state = 'submitting'", (text.id,))
            records.requeue(ctx.db, text.id, ctx.now, text.tries)
            continue
        ctx.db.execute(
            "UPDATE segments SET state = 'unconfirmed', evidence = 'the box stopped in mid-send'"
            " WHERE text_id = ? AND state = 'submitting'",
            (text.id,),
        )
        effects += _left(ctx, text, len(split(text.body, 0)), sure=False)
    return effects


def next_wake(db: sqlite3.Connection, now: datetime) -> datetime | None:
    """The next moment at which the outbox wants attention: something falls due, or its last moment has passed."""
    row = db.execute(
        "SELECT min(due) FILTER (WHERE due > :now) AS due, min(expires) FILTER (WHERE expires >= :now) + 1 AS late"
        " FROM texts WHERE state = 'queued'",
        {"now": to_ms(now)},
    ).fetchone()
    later = [moment for moment in (row["due"], row["late"]) if moment is not None]
    return from_ms(min(later)) if later else None


def _close_unsure(ctx: Context, text_id: int, by: str) -> None:
    ctx.db.execute(
        "UPDATE tasks SET closed_at = ?, closed_by = ? WHERE text_id = ? AND kind = 'unsure_text' AND closed_at IS NULL",
        (to_ms(ctx.now), by, text_id),
    )
