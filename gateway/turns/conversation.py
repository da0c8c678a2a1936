"""Turns of the conversation: callers are answered when they have finished writing, or not at all while a person goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from gateway import records
from gateway.core.conversation import answering, limits
from gateway.core.conversation.duty import NIGHT, follow_up_time, may_follow_up
from gateway.core.conversation.lead import Lane, Stage
from gateway.core.conversation.moves import Answer
from gateway.core.effects import Changed, Declined, Effect
from gateway.core.events import HandedBack, TakenOver
from gateway.core.numbers import read_number
from gateway.core.outbound import Purpose
from gateway.records import LeadRecord
from gateway.turns import booking, booking_notices, escalation, hearing, leads, often, reviewing
from gateway.turns.context import Context

AT_ONCE = 50  # answers in one turn: an emergency that comes meanwhile does not wait for thousands
LOOK_AGAIN = timedelta(minutes=10)  # with a clock that is not believed
FOLLOW_UP_WITHIN = timedelta(days=1)  # of its time: what was asked longer ago is not taken up again


def due(ctx: Context) -> list[Effect]:
    """Answer whoever has finished writing, and follow up who has fallen silent."""
    effects: list[Effect] = []
    for record in records.leads_to_answer(ctx.db, ctx.now, AT_ONCE):
        effects += _attempt(ctx, record, _answer)
    if not ctx.clock_sane:
        records.put_off_follow_ups(ctx.db, ctx.now, ctx.now + LOOK_AGAIN)
    for record in records.leads_to_follow_up(ctx.db, ctx.now):
        effects += _attempt(ctx, record, _follow_up)
    return effects


def _attempt(ctx: Context, record: LeadRecord, move: Callable[[Context, LeadRecord], list[Effect]]) -> list[Effect]:
    """One lead that this program cannot work with must not hold up the others: a person gets it."""
    try:
        with records.attempt(ctx.db):
            return move(ctx, record)
    except records.FAULTS as fault:
        records.set_lead_times(ctx.db, record.id, reply_at=None, follow_up_at=None)
        say = f"a fault in this program ({type(fault).__name__}) kept it from being answered"
        records.note(ctx.db, ctx.now, f"lead:{record.id}", say)
        records.tell_lead_task(ctx.db, record.peer, record.id, say, None, ctx.now)
        return [Changed("tasks")]


def next_due(db: sqlite3.Connection) -> datetime | None:
    """When the next answer or follow-up falls due."""
    return records.next_lead_moment(db)


def taken_over(ctx: Context, event: TakenOver) -> list[Effect]:
    """A person goes on with the conversation: the box is silent for as long as after a text by hand."""
    peer = read_number(event.to, ctx.business.country, ctx.business.area_code).e164
    if peer is None:
        return [Declined("this is not a number that can be texted")]
    until = ctx.now + timedelta(seconds=ctx.business.policy.takeover_s)
    records.set_peer(ctx.db, peer, "takeover_until", until)
    records.drop_relay(ctx.db, peer)
    leads.taken_over(ctx, peer)
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"taken over by {event.by}")
    return [Changed("leads")]


def handed_back(ctx: Context, event: HandedBack) -> list[Effect]:
    """A person gives the conversation back to the box."""
    peer = read_number(event.to, ctx.business.country, ctx.business.area_code).e164
    if peer is None:
        return [Declined("this is not a number that can be texted")]
    records.set_peer(ctx.db, peer, "takeover_until", None)
    records.drop_relay(ctx.db, peer)
    records.note(ctx.db, ctx.now, f"peer:{peer}", f"handed back to the box by {event.by}")
    record = records.last_lead(ctx.db, peer)
    if record is None or record.lead.stage is not Stage.HANDED_OVER:
        return [Changed("leads")]
    lead = replace(limits.resumed(record.lead), stage=Stage.TALKING, unclear=0, automatic=0)
    return [*leads.save(ctx, record, lead), Changed("leads")]


def _answer(ctx: Context, record: LeadRecord) -> list[Effect]:
    words = hearing.words_of(ctx, record)
    able = leads.may_answer(ctx, record.peer)
    rules, diary, book = ctx.business.conversation, leads.diary(ctx, record), booking.bookable(ctx, record)
    pictured = records.speaks_of_pictures(ctx.db, record.id)
    said = "\n".join(words)
    answer = answering.answer(
        record.lead, rules, person_writes=not able, words=said, pictured=pictured, diary=diary, book=book
    )
    answer = often.within_limit(ctx, record, replace(record.lead, heard="", news=False), answer)
    records.mark_answered(ctx.db, record.id)
    key = f"lead:{record.id}:{record.wrote_at.timestamp():.3f}"
    if (what := answer.say) is not None:
        answer = replace(answer, lead=leads.fitted(ctx, record, answer.lead, what))
        leads.say(ctx, record, answer.lead, what, key)
    if answer.pass_on:
        escalation.pass_on(ctx, record, answer.lead, " / ".join(reversed(words)), key)
    if answer.lead.unclear > record.lead.unclear:
        reviewing.not_understood(ctx, record.id, record.peer)
    answer = replace(answer, lead=booking.doubted(ctx, record, answer.lead, book))
    asks = answer.say is not None and answer.say.purpose is Purpose.QUESTION and answer.lead.lane is not Lane.ESCALATE
    asks = asks and not leads.names_page(ctx, answer.lead, answer.say)  # who goes there does not answer here
    later = follow_up_time(ctx.business, ctx.now) if asks and ctx.business.conversation.follow_up else None
    records.set_lead_times(ctx.db, record.id, reply_at=None, follow_up_at=later)
    effects = leads.save(ctx, record, answer.lead)
    booking_notices.of_change(ctx, record, answer.lead, f"{record.wrote_at.timestamp():.3f}")
    return effects


def _follow_up(ctx: Context, record: LeadRecord) -> list[Effect]:
    assert record.follow_up_at is not None
    late = ctx.now - record.follow_up_at > FOLLOW_UP_WITHIN
    if late or not may_follow_up(ctx.business, ctx.now):  # the box was off, or its clock was wrong
        at = None if late else follow_up_time(ctx.business, ctx.now - NIGHT)
        records.set_lead_times(ctx.db, record.id, reply_at=record.reply_at, follow_up_at=at)
        return leads.save(ctx, record, answering.fell_silent(record.lead)) if late else []
    able = leads.may_answer(ctx, record.peer)
    move = answering.follow_up(record.lead, ctx.business.conversation) if able else Answer(record.lead)
    if move.say is not None:
        leads.say(ctx, record, move.lead, move.say, f"lead:{record.id}")
    later = follow_up_time(ctx.business, ctx.now) if move.say is not None else None
    records.set_lead_times(ctx.db, record.id, reply_at=None, follow_up_at=later)
    return leads.save(ctx, record, move.lead)
