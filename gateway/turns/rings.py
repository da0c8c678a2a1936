"""Turns of ringing telephones: whose is rung next, and what came of it.

A ring is a row of `alerts` that is committed as being dialled before it is. What was in mid-air when the box stopped is dialled
again: our people are told at least once. The key that is pressed says what the code in a text says; a call that was taken
without it says nothing, for a voicemail takes calls too. Rings to one telephone follow each other, and of two of the same
emergency that wait only the later one is left.
"""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core.effects import Changed, Declined, Effect, RingPhone
from gateway.core.escalation.ladder import State
from gateway.core.events import RingClaimed, RingOutcome, RingSettled
from gateway.core.numbers import spoken
from gateway.core.outbound import PRIORITY, Purpose
from gateway.core.remote.sentences import in_one_segment, sentence
from gateway.records import EscalationRecord, RingRecord
from gateway.turns import escalation, ladder
from gateway.turns.context import Context

TEXTS_FIRST = timedelta(
    seconds=20
)  # an alert text takes 2 to 6 s; a modem that is down must not keep the PBX from ringing
LIFE = timedelta(minutes=30)  # a telephone that rings of something so old does more harm than good
MOST_TRIES = 3
AGAIN = timedelta(seconds=30)  # who was on the telephone has perhaps hung up
_OPEN = (State.ALERTING, State.EXHAUSTED)


def claimed(ctx: Context, event: RingClaimed) -> list[Effect]:
    """Choose whose telephone is rung, and commit that it is being dialled, before it is. The text goes first."""
    leaving = records.texts_leave_now(ctx.db, ctx.now, urgent=not event.shares)
    fresh = records.texts_leave_now(ctx.db, ctx.now, urgent=True, since=ctx.now - TEXTS_FIRST)
    for ring in records.rings_due(ctx.db, ctx.now):
        if (in_vain := _in_vain(ctx, ring)) is not None:
            records.set_ring(ctx.db, ring.id, *in_vain)
            continue
        waits_for_text = fresh or (leaving and ctx.now - ring.at < TEXTS_FIRST)
        if not event.able or waits_for_text or records.is_being_rung(ctx.db, ring.number):
            continue
        record = records.escalation_by_id(ctx.db, ring.escalation_id)
        records.begin_ring(ctx.db, ring.id)
        records.note(ctx.db, ctx.now, f"escalation:{record.id}", f"the telephone of {_who(ctx, ring)} is rung")
        return [RingPhone(ring.id, ring.number, record.code, record.kind.value)]
    return []


def settled(ctx: Context, event: RingSettled) -> list[Effect]:
    """It is known what came of a ring."""
    ring = records.ring_by_id(ctx.db, event.alert_id)
    if ring is None or ring.state == "accepted":
        return []
    record = records.escalation_by_id(ctx.db, ring.escalation_id)
    said = f"the telephone of {_who(ctx, ring)}: {event.say}"
    if event.outcome is RingOutcome.ACCEPTED:  # whatever the books say of that ring: a person has pressed the key
        records.set_ring(ctx.db, ring.id, "accepted", event.say)
        records.note(ctx.db, ctx.now, f"escalation:{record.id}", said)
        return _has_it(ctx, record, ring)
    if ring.state != "dialling":
        return []
    records.note(ctx.db, ctx.now, f"escalation:{record.id}", said)
    if record.state not in _OPEN:
        records.set_ring(ctx.db, ring.id, "withdrawn", event.say)
    elif event.outcome in (RingOutcome.ANSWERED, RingOutcome.RANG):
        records.set_ring(ctx.db, ring.id, "rang", event.say)
    else:
        _once_more(ctx, ring, event.say, "rang" if event.outcome is RingOutcome.UNSURE else "failed")
    return [Changed("leads")]


def started(ctx: Context) -> None:
    """Whoever was being rung when the box stopped is rung again."""
    for ring in records.rings_in_mid_air(ctx.db):
        _once_more(ctx, ring, "the box stopped while it rang", "rang")


def _once_more(ctx: Context, ring: RingRecord, say: str, else_state: str) -> None:
    """Dial again in a moment; after the last try the ring ends as `else_state`."""
    if ring.tries < MOST_TRIES:
        records.ring_again(ctx.db, ring.id, ctx.now + AGAIN, say)
    else:
        records.set_ring(ctx.db, ring.id, else_state, say)


def _in_vain(ctx: Context, ring: RingRecord) -> tuple[str, str] | None:
    """Why a ring that waits is not dialled any more: its state and the reason."""
    if not records.is_ring_wanted(ctx.db, ring.id):
        return "withdrawn", "somebody has it, or it is settled"
    if records.later_ring(ctx.db, ring):
        return "withdrawn", "joined with a later ring"
    if ctx.now - ring.at > LIFE:
        return "failed", "nothing could ring for half an hour"
    return None


def _has_it(ctx: Context, record: EscalationRecord, ring: RingRecord) -> list[Effect]:
    """Who pressed the key has the emergency, and reads in a text what to do; or that somebody else was quicker."""
    person = ctx.business.people.named(ring.person)
    effects = escalation.take(ctx, record, person, _who(ctx, ring))
    if not any(isinstance(effect, Declined) for effect in effects):
        said = "have_it" if record.peer else "have_drill"
    else:
        said = "has_it" if record.state is State.ACKNOWLEDGED else "settled"
    effects = [effect for effect in effects if not isinstance(effect, Declined)]
    if not ctx.business.people.reads(ring.number):
        return effects
    spanish = ctx.business.people.spanish(ring.number)
    body = sentence(said, spanish, code=record.code, number=spoken(record.peer or None), who=record.by)
    records.add_text(
        ctx.db,
        key=f"ring:{ring.id}:reply",
        purpose=Purpose.OWNER_REPLY,
        to=ring.number,
        body=in_one_segment(body),
        template="reply",
        priority=PRIORITY[Purpose.OWNER_REPLY],
        due=ctx.now,
        expires=ctx.now + ladder.ALERT_LIFE,
        now=ctx.now,
    )
    return effects


def _who(ctx: Context, ring: RingRecord) -> str:
    person = ctx.business.people.named(ring.person)
    return (person.name if person is not None else "") or "the owner"
