"""Turns of calls: rang, taken, ended; and what ends an opener's waiting."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway import records
from gateway.core.business import Business
from gateway.core.consequences import Alert, alert, wants_call_back
from gateway.core.effects import CallNotTexted, Changed, Effect
from gateway.core.events import CallEnded, CallRang, CallReason, CallSource, CallTaken
from gateway.core.numbers import Number, read_number
from gateway.core.outbound import PRIORITY, Purpose, TextState
from gateway.core.policy import Allowed, CallFacts, Judgement, NoText, PeerFacts, Refused, find_line, judge
from gateway.turns import escalation, leads, notices, testcalls, todo
from gateway.turns.context import Context

LOST_AFTER = timedelta(hours=2)  # nobody holds the line for so long; queues give up within the hour
TALKED_ENOUGH = timedelta(hours=12)  # a call that was answered may last
KEY_REST = timedelta(minutes=10)  # the end of one call is told several times within seconds, never so much later
_LISTED = ", on the call-back list"
LONGEST_NAME = 200  # characters kept of what a trunk delivers as number, name or DID; the journal has it all


def rang(ctx: Context, event: CallRang) -> list[Effect]:
    """A call is in progress; known calls stay as they are."""
    effects = _free_key(ctx, event.source, event.key, event.caller, event.at, event.at)
    if records.call_by_key(ctx.db, event.source, event.key) is None:
        _insert(ctx, event.source, event.key, event.caller, event.did, event.at)
    return [Changed("calls"), *effects]


def taken(ctx: Context, event: CallTaken) -> list[Effect]:
    """A person speaks with the caller: what waits for that caller is taken back, and a feed gap cannot make it a miss."""
    say = f"speaking with {event.by}" if event.by else "speaking"
    call = records.take_call(ctx.db, event.source, event.key, event.by, say)
    if call is None or call.peer is None:
        return [Changed("calls")]
    return [Changed("calls"), *spoke(ctx, call.peer, event.at, call.id, event.by)]


def ended(ctx: Context, event: CallEnded) -> list[Effect]:
    """A call is over: it gets its one outcome, or its opener starts to wait."""
    effects = _free_key(ctx, event.source, event.key, event.caller, event.started_at, event.at)
    known = records.call_by_key(ctx.db, event.source, event.key)
    if known is not None and known.state != "ringing" and not _unknown_until_now(known, event):
        return []  # the same Linkedid twice is one call
    call_id = (
        known.id
        if known
        else _insert(ctx, event.source, event.key, event.caller, event.did, event.started_at or event.at)
    )
    number = read_number(event.caller, ctx.business.country, ctx.business.area_code)
    ending = records.CallEnding(
        at=event.at,
        missed=event.missed,
        reason=event.reason,
        answered_by=event.answered_by,
        ring_s=event.ring_s,
        caller=(event.caller or "")[:LONGEST_NAME],
        caller_name=(event.caller_name or "")[:LONGEST_NAME],
        peer=number.e164,
        did=event.did and event.did[:LONGEST_NAME],
        line=event.did and _line_name(ctx.business, event.did),
    )
    records.end_call(ctx.db, call_id, ending, ctx.now)
    effects.append(Changed("calls"))
    if number.e164 is not None:
        settle = timedelta(seconds=ctx.business.policy.settle_s)
        records.hurry(ctx.db, number.e164, max(ctx.now, event.at + settle))
        if event.missed is False:
            effects += spoke(ctx, number.e164, event.at, call_id, event.answered_by)
            records.close_call_back(ctx.db, call_id, event.answered_by or "answered", ctx.now)
    if testcalls.is_trial(ctx, number.e164):
        return effects + testcalls.called(ctx, call_id)
    return effects + _decide(ctx, call_id)


def forgotten(ctx: Context) -> list[Effect]:
    """Calls of which nothing was heard for so long that they must be over: the link to the PBX is gone for good.

    Should the PBX come back and tell the end of such a call, that counts (see `ended`).
    """
    effects: list[Effect] = []
    for call in records.calls_ringing_since(ctx.db, ctx.now - LOST_AFTER):
        taken = call.reason is CallReason.ANSWERED
        if not taken or call.started_at < ctx.now - TALKED_ENOUGH:
            effects += _lost(ctx, call, taken=taken)
    return effects


def _lost(ctx: Context, call: records.CallRecord, *, taken: bool) -> list[Effect]:
    """A call in progress whose end was not seen gets its outcome now, and the moment when it was last heard of."""
    return ended(
        ctx,
        CallEnded(
            key=call.key,
            source=call.source,
            at=call.started_at,
            caller=call.caller or None,
            did=call.did,
            missed=False if taken else None,
            reason=CallReason.ANSWERED if taken else CallReason.UNKNOWN,
            answered_by=call.answered_by,
            started_at=call.started_at,
        ),
    )


def _free_key(
    ctx: Context, source: CallSource, key: str, caller: str | None, began: datetime | None, at: datetime
) -> list[Effect]:
    """Keys can come round: Asterisk's are the second and a count from its start, and a clock can be set back.

    A call that began well after the known one was over, or that somebody else makes, is another one: the known one gets
    its outcome if it had none, and hands its key over.
    """
    known = records.call_by_key(ctx.db, source, key)
    if known is None:
        return []
    peer = read_number(caller, ctx.business.country, ctx.business.area_code).e164
    if began is None and known.no_text != NoText.UNKNOWN_OUTCOME:  # of a given-up call the end may come hours later
        began = at
    somebody_else = known.peer is not None and peer is not None and peer != known.peer
    later = known.ended_at is not None and began is not None and began > known.ended_at + KEY_REST
    if not somebody_else and not later:
        return []
    effects: list[Effect] = []
    if known.state == "ringing":
        effects = _lost(ctx, known, taken=known.reason is CallReason.ANSWERED)
    records.hand_key_over(ctx.db, known)
    return effects


def _unknown_until_now(known: records.CallRecord, event: CallEnded) -> bool:
    """The call's end had not been seen; what is told now is the truth."""
    return known.no_text == NoText.UNKNOWN_OUTCOME.value and event.missed is not None


def abandoned(ctx: Context) -> list[Effect]:
    """Modem calls that were ringing when the box stopped: the modem never answers, so nobody did."""
    effects: list[Effect] = []
    for call in records.ringing_at_modems(ctx.db):
        effects += ended(
            ctx,
            CallEnded(
                key=call.key,
                source=CallSource.MODEM,
                at=call.started_at,
                caller=call.caller or None,
                did=call.did,
                missed=True,
                reason=CallReason.NO_ANSWER,
            ),
        )
    return effects


def spoke(ctx: Context, peer: str, at: datetime, but: int | None, by: str | None = None) -> list[Effect]:
    """The office and `peer` have spoken: openers that still wait for them are cancelled (the call `but` aside), and nobody
    need ring them back any more."""
    records.set_reached(ctx.db, peer, at)
    records.keep_promises(ctx.db, peer, at)
    leads.spoken_with(ctx, peer)
    leads.call_made(ctx, peer)
    effects = escalation.spoken_with(ctx, peer, todo.who(by))
    for call_id in records.waiting_calls(ctx.db, peer, at, but):
        say = f"{todo.who(by)} has spoken with the caller"
        effects += withdraw(ctx, call_id, Refused(NoText.OFFICE_REACHED, say))
    todo.after_talk(ctx, peer, at, by)
    return effects


def withdraw(ctx: Context, call_id: int, refused: Refused) -> list[Effect]:
    """Take a waiting opener back; a call that was only held in quiet hours has had its `no_text` already.

    An opener that is leaving at this moment, or is out in part, is past that: it gives the call its outcome itself.
    """
    if not records.take_opener_back(ctx.db, call_id, refused.say):
        return []
    held = records.call_by_id(ctx.db, call_id).state == "held"
    return refuse(ctx, call_id, refused, quiet=held)


def refuse(ctx: Context, call_id: int, refused: Refused, *, quiet: bool = False) -> list[Effect]:
    """Write down that the call is not texted, and put it on the call-back list where somebody should ring back."""
    call = records.call_by_id(ctx.db, call_id)
    why = refused.say.removesuffix(_LISTED)
    listed = wants_call_back(refused) and call.missed is not False and call.peer is not None
    say = refused.say if listed else why  # nobody is rung back who was spoken with, or has no number
    records.set_not_texted(ctx.db, call_id, refused.reason.value, say, held=refused.until is not None)
    records.note(ctx.db, ctx.now, f"call:{call_id}", f"not texted: {refused.reason.value} - {say}")
    if listed and call.peer is not None:
        records.open_task(ctx.db, "call_back", call.peer, why, ctx.now, call_id=call_id)
    if quiet:
        return [Changed("calls")]
    return [
        CallNotTexted(ctx.now, call_id, call.peer or call.caller, refused.reason.value, say, call.notified),
    ]


def _decide(ctx: Context, call_id: int) -> list[Effect]:
    call, peer, judged = judge_now(ctx, call_id)
    if (what := alert(ctx.business, call, peer, judged)) is not None:
        notices.tell_owner(ctx, call_id, call, what)
    if isinstance(judged, Refused):
        effects = refuse(ctx, call_id, judged)
        if judged.until is not None:
            let_wait(ctx, call_id, call, judged.until)
        return effects
    let_wait(ctx, call_id, call)
    return []


def judge_now(ctx: Context, call_id: int) -> tuple[CallFacts, PeerFacts, Judgement]:
    """Judge a call that has just become known."""
    record = records.call_by_id(ctx.db, call_id)
    call = records.call_facts(ctx.business, record)
    peer = records.peer_facts(ctx.db, ctx.business, record)
    traffic = records.traffic(ctx.db, ctx.now, clock_sane=ctx.clock_sane)
    due = _due(ctx, call)
    return call, peer, judge(ctx.business, call, peer, traffic, now=ctx.now, due=due, known_at=ctx.now)


def let_wait(ctx: Context, call_id: int, call: CallFacts, until: datetime | None = None) -> None:
    """The call's opener waits for its moment; `until`: for the end of quiet hours, which has been said of the call."""
    if until is not None:
        _queue_opener(ctx, call_id, call, until, until)
        return
    due = _due(ctx, call)
    _queue_opener(ctx, call_id, call, due, call.at)
    wait_s = round((due - ctx.now).total_seconds())
    say = f"will be texted in {wait_s} s" if wait_s else "is being texted"
    records.set_waiting(ctx.db, call_id, say)


def _due(ctx: Context, call: CallFacts) -> datetime:
    return max(call.at + timedelta(seconds=ctx.business.policy.settle_s), ctx.now)


def _queue_opener(ctx: Context, call_id: int, call: CallFacts, due: datetime, age_from: datetime) -> None:
    assert call.number.e164 is not None  # judge() lets only real numbers through
    before = records.openers_of(ctx.db, call_id)  # one that waited before nobody knew the time was taken back
    records.add_text(
        ctx.db,
        key=f"call:{call_id}:opener" + (f":{before}" if before else ""),
        purpose=Purpose.OPENER,
        to=call.number.e164,
        call_id=call_id,
        priority=PRIORITY[Purpose.OPENER],
        due=due,
        expires=max(due, age_from + timedelta(seconds=ctx.business.policy.max_age_s)),
        now=ctx.now,
    )


def judge_again(ctx: Context, call_id: int, *, held: bool) -> tuple[CallFacts, Refused | Allowed]:
    """Judge a waiting call at the moment its opener would leave."""
    record = records.call_by_id(ctx.db, call_id)
    call = records.call_facts(ctx.business, record)
    peer = records.peer_facts(ctx.db, ctx.business, record)
    judged = judge(
        ctx.business,
        call,
        peer,
        records.traffic(ctx.db, ctx.now, clock_sane=ctx.clock_sane),
        now=ctx.now,
        due=ctx.now,
        known_at=record.known_at or ctx.now,
        held=held,
    )
    if isinstance(judged, Refused) and not record.notified and judged.reason is NoText.RATE_LIMIT:
        notices.tell_owner(ctx, call_id, call, Alert("rate_limit"))
    return call, judged


def cancel_texts(ctx: Context, peer: str, say: str) -> list[Effect]:
    """Take back every queued automatic text to `peer`, and give the calls that waited their outcome.

    What a person typed, and what is out in part, is stopped when its turn comes: there it is told to a person.
    """
    effects: list[Effect] = []
    for text in records.automatic_to(ctx.db, peer):
        records.set_text(ctx.db, text.id, TextState.CANCELLED, say)
        if text.purpose is Purpose.OPENER and text.call_id is not None:
            held = records.call_by_id(ctx.db, text.call_id).state == "held"
            effects += refuse(ctx, text.call_id, Refused(NoText.OPTED_OUT, say), quiet=held)
    return effects


def _insert(
    ctx: Context, source: CallSource, key: str, caller: str | None, did: str | None, started_at: datetime
) -> int:
    number: Number = read_number(caller, ctx.business.country, ctx.business.area_code)
    return records.add_call(
        ctx.db,
        source,
        key,
        caller=(caller or "")[:LONGEST_NAME],
        peer=number.e164,
        did=did and did[:LONGEST_NAME],
        line=_line_name(ctx.business, did),
        started_at=started_at,
    )


def _line_name(business: Business, did: str | None) -> str:
    e164 = read_number(did, business.country, business.area_code).e164 if did else None
    line = find_line(business, did, e164)
    return line.name if line else (did or "")[:LONGEST_NAME]
