"""Test calls: for a while one number may call as often as it likes and is texted each time, so that a person sees the box work.

A test call passes the rules about whom and how often (our own people, "already texted", a pause, the trial week, quiet hours) and
none about the call itself. It has the outcome "trial" and a text of purpose "test": it opens no lead, no task and no cooldown,
and no figure counts it. Which number, and until when, is a switch of the box.
"""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core import wording
from gateway.core.effects import Changed, Declined, Effect
from gateway.core.events import TrialCallAsked, TrialCallEnded
from gateway.core.numbers import NumberKind, read_number
from gateway.core.outbound import Purpose
from gateway.core.policy import ContactKind, Refused, ago, judge_call
from gateway.core.views.setup import HOLDS
from gateway.records import TextRecord
from gateway.turns.context import Context

SWITCH = "trial_call"
LASTS = timedelta(minutes=15)
MOST = 5  # texts of one trial: two boxes that ring each other must come to an end
PRIORITY = 3


def begin(ctx: Context, event: TrialCallAsked) -> list[Effect]:
    """From now on for a quarter of an hour, calls of that number are test calls."""
    number = read_number(event.to, ctx.business.country, ctx.business.area_code)
    if number.e164 is None or number.kind is not NumberKind.TEXTABLE:
        return [Declined("this is not a number that can be texted - write it with its area code")]
    kinds = records.kinds_of(ctx.db, number.e164)
    if ContactKind.OPTED_OUT in kinds:
        return [Declined("this number has asked not to be texted - text START from it first, or take another phone")]
    if number.e164 in {*ctx.business.sims, *(line.number for line in ctx.business.lines)}:
        return [Declined("this is a number of the box itself - take the phone that you are going to call from")]
    lead = records.last_lead(ctx.db, number.e164)
    if lead is not None and records.has_lead_task(ctx.db, lead.id) and records.switch(ctx.db, "pause") != HOLDS:
        # A customer's number, typed by mistake: for a quarter of an hour his calls would lie on nobody's list.
        return [Declined("a caller with this number waits for an answer - see to that first, or take another phone")]
    records.set_switch(ctx.db, SWITCH, number.e164, ctx.now, ctx.now + LASTS)
    records.note(ctx.db, ctx.now, f"box:{SWITCH}", f"{event.by}: test calls from {number.e164}")
    return [Changed("switches")]


def end(ctx: Context, event: TrialCallEnded) -> list[Effect]:
    """The number is one like any other again."""
    if not records.switch(ctx.db, SWITCH):
        return []
    records.set_switch(ctx.db, SWITCH, "", ctx.now)
    records.note(ctx.db, ctx.now, f"box:{SWITCH}", f"{event.by}: off")
    return [Changed("switches")]


def is_trial(ctx: Context, peer: str | None) -> bool:
    """Whether calls and texts of that number are a test at this moment."""
    return peer is not None and records.switch(ctx.db, SWITCH) == peer


def called(ctx: Context, call_id: int) -> list[Effect]:
    """A test call is over: its text is queued, with the words that a caller would read."""
    record = records.call_by_id(ctx.db, call_id)
    assert record.peer is not None
    call = records.call_facts(ctx.business, record)
    due = max(call.at + timedelta(seconds=ctx.business.policy.settle_s), ctx.now)
    peer = records.peer_facts(ctx.db, ctx.business, record)
    refused = judge_call(ctx.business, call, peer.other_source_at, now=ctx.now, due=due, known_at=ctx.now)
    if refused is not None:
        return _says(
            ctx, call_id, f"a caller would not be texted: {refused.say.removesuffix(', on the call-back list')}"
        )
    if records.trial_texts(ctx.db, record.peer, records.switched_at(ctx.db, SWITCH)) >= MOST:
        return _says(ctx, call_id, f"not texted, {MOST} test texts are enough - begin the test anew for more")
    assert call.line is not None
    opener = wording.opener(ctx.business, call.line, due, bool(records.switch(ctx.db, "storm")))
    records.add_text(
        ctx.db,
        key=f"call:{call_id}:trial",
        purpose=Purpose.TEST,
        to=record.peer,
        body=opener.body,
        template=opener.template,
        call_id=call_id,
        priority=PRIORITY,
        due=due,
        expires=due + LASTS,
        now=ctx.now,
    )
    wait_s = round((due - ctx.now).total_seconds())
    return _says(ctx, call_id, f"the text leaves in {wait_s} s" if wait_s else "the text is leaving")


def is_text(text: TextRecord) -> bool:
    """Whether a text answers a test call."""
    return text.purpose is Purpose.TEST and text.call_id is not None


def left(ctx: Context, text: TextRecord, *, sure: bool) -> None:
    """The text of a test call has left, or may have."""
    assert text.call_id is not None
    call = records.call_by_id(ctx.db, text.call_id)
    took = ago(ctx.now - (call.ended_at or ctx.now))
    records.tell_call(
        ctx.db, call.id, f"test call: {f'texted in {took}' if sure else 'not sure whether it was texted'}"
    )


def not_sent(ctx: Context, text: TextRecord, refused: Refused) -> list[Effect]:
    """The text of a test call does not leave."""
    assert text.call_id is not None
    return _says(ctx, text.call_id, f"not texted: {refused.say.removesuffix(', on the call-back list')}")


def _says(ctx: Context, call_id: int, say: str) -> list[Effect]:
    records.set_trial(ctx.db, call_id, f"test call: {say}")
    records.note(ctx.db, ctx.now, f"call:{call_id}", f"test call: {say}")
    return [Changed("calls")]
