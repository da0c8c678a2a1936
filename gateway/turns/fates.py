"""What becomes of a text, written on the text, on the call it answers, and on the list of what people have to do.

A text has left, surely or not; or it certainly failed; or it was stopped. An opener, and an opener that a person has sent
again, carries its call's outcome with it.
"""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core.alphabet import split
from gateway.core.conversation.lead import Alert
from gateway.core.effects import Changed, Effect, TextSent
from gateway.core.outbound import TO_OUR_PEOPLE, Purpose, TextState
from gateway.core.policy import ContactKind, NoText, Refused, ago
from gateway.records import CallRecord, TextRecord
from gateway.turns import calls, digest, escalation, leads, notices, relay, testcalls
from gateway.turns.context import Context

SLOW_AFTER = timedelta(seconds=30)  # settling and sending together, on a healthy line
NOTICEABLE = timedelta(seconds=10)  # a delay that explains a slow text
ON_THE_LINE = "the caller is on the line again"
OFFICE_RINGS = "the office is ringing the caller"
IN_DOUBT = "the box stopped, or the modem fell silent, just while the text was leaving"


def left(ctx: Context, text: TextRecord, *, sure: bool, say: str = IN_DOUBT) -> list[Effect]:
    """The text has left; with `sure` False it may have, or in part, and `say` is why nobody knows."""
    state = TextState.ACCEPTED if sure else TextState.UNCONFIRMED
    records.set_text(ctx.db, text.id, state, "" if sure else say)
    records.note(ctx.db, ctx.now, f"text:{text.id}", f"{text.purpose}: {'sent' if sure else f'not sure: {say}'}")
    notified = False
    if text.call_id is not None and answers_call(text):
        records.set_peer(ctx.db, text.peer, "opened_at", ctx.now)
        call = records.call_by_id(ctx.db, text.call_id)
        notified = call.notified
        took = ago(ctx.now - (call.ended_at or ctx.now))
        done = f"texted in {took}{_slowness(ctx, text, call)}" if sure else "not sure whether it was texted"
        records.set_texted(ctx.db, call.id, done, sure=sure)
    if testcalls.is_text(text):
        testcalls.left(ctx, text, sure=sure)
    if sure and is_by_hand(text):
        records.keep_promises(ctx.db, text.peer, ctx.now)
    told = escalation.settled(ctx, text, Alert.TOLD if sure else Alert.UNSURE) if is_alarm(text) else []
    if not sure and not testcalls.is_text(text):
        notices.of_text(ctx, text)
        relay.in_doubt(ctx, text)
        records.open_task(ctx.db, "unsure_text", text.peer, say, ctx.now, call_id=text.call_id, text_id=text.id)
    segments = len(split(text.body, 0))
    return [
        TextSent(
            at=ctx.now,
            text_id=text.id,
            to=text.peer,
            body=text.body,
            purpose=text.purpose,
            template=text.template,
            segments=segments,
            call_id=text.call_id,
            notify_owner=notified,
            sure=sure,
            lead_id=text.lead_id,
        ),
        *told,
    ]


def _slowness(ctx: Context, text: TextRecord, call: CallRecord) -> str:
    """Why a text took longer than it should, as the end of the sentence; nothing when it did not, or was held on purpose."""
    if text.purpose is not Purpose.OPENER or call.state == "held" or call.ended_at is None:
        return ""
    fine = max(SLOW_AFTER, timedelta(seconds=ctx.business.policy.settle_s) + NOTICEABLE)
    if ctx.now - call.ended_at <= fine:
        return ""
    if call.known_at is not None and call.known_at - call.ended_at > NOTICEABLE:
        return ", slow: the box learnt of the call late"
    if text.say == OFFICE_RINGS:  # the last thing it waited for
        return ", slow: the office rang back first"
    if text.say == ON_THE_LINE:
        return ", slow: the caller was on the line again"
    if text.tries:
        return ", slow: it was refused at first"
    return ", slow: it had to wait for the modem or the network"


def failed(ctx: Context, text: TextRecord, say: str, *, not_textable: bool = False) -> list[Effect]:
    """A text that certainly did not go out: the call-back list takes over, and it starts no cooldown."""
    if records.part_is_out(ctx.db, text.id):
        return left(ctx, text, sure=False, say=f"only a part of the text went out: {say}")
    records.set_text(ctx.db, text.id, TextState.FAILED, say)
    records.note(ctx.db, ctx.now, f"text:{text.id}", f"failed: {say}")
    notices.of_text(ctx, text, say, known=leads.RULED in text.key)
    if not_textable and text.purpose not in TO_OUR_PEOPLE:
        records.add_contact(ctx.db, text.peer, ContactKind.LANDLINE, name="", basis=say, now=ctx.now)
    return not_sent(ctx, text, Refused(NoText.SEND_FAILED, f"{say}, on the call-back list"), say)


def stopped(ctx: Context, text: TextRecord, refused: Refused) -> list[Effect]:
    """A queued text must not leave any more."""
    if records.part_is_out(ctx.db, text.id):
        return left(ctx, text, sure=False, say=f"only a part of the text went out: {refused.say}")
    records.set_text(ctx.db, text.id, TextState.CANCELLED, refused.say)
    records.note(ctx.db, ctx.now, f"text:{text.id}", f"taken back: {refused.say}")
    return not_sent(ctx, text, refused, refused.say)


def not_sent(ctx: Context, text: TextRecord, refused: Refused, say: str) -> list[Effect]:
    """The text does not leave: its call is not texted, or a person is told."""
    if text.purpose is Purpose.DIGEST:
        return digest.not_sent(ctx, text)
    if testcalls.is_text(text):
        return testcalls.not_sent(ctx, text, refused)
    told = escalation.settled(ctx, text, Alert.FAILED) if is_alarm(text) else leads.not_said(ctx, text, say)
    if text.call_id is None or not answers_call(text):
        records.open_task(ctx.db, "not_sent", text.peer, say, ctx.now, text_id=text.id)
        relay.not_out(ctx, text, say)
        return [Changed("texts"), *told]
    call = records.call_by_id(ctx.db, text.call_id)
    if text.purpose is Purpose.OPENER:
        return calls.refuse(ctx, call.id, refused, quiet=call.state == "held")
    # A person had it sent again: the first time may have worked, so the call stays in doubt.
    records.tell_call(ctx.db, call.id, f"not sure whether it was texted, not sent again: {say}")
    records.open_task(ctx.db, "call_back", text.peer, f"not sent again: {say}", ctx.now, call_id=call.id)
    return [Changed("calls")]


def is_by_hand(text: TextRecord) -> bool:
    """A person wrote it; a first text that a person had sent again says nothing new."""
    return text.purpose is Purpose.STAFF and text.call_id is None


def is_alarm(text: TextRecord) -> bool:
    """The text tells the owner of an emergency; the caller waits to hear what became of it."""
    return text.purpose is Purpose.ESCALATION and text.lead_id is not None and text.template == escalation.ALARM


def answers_call(text: TextRecord) -> bool:
    """The text is what a call's outcome hangs on: its opener, or the opener sent again by a person."""
    return text.call_id is not None and text.purpose in (Purpose.OPENER, Purpose.STAFF)
