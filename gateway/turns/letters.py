"""Turns of a text that has come whole, or as whole as it will: keywords are obeyed, the rest is read or waits for a person."""

from __future__ import annotations

from datetime import datetime

from gateway import records
from gateway.core.effects import Changed, Effect, SetAside
from gateway.core.keywords import Keyword, lone_keyword
from gateway.core.numbers import NumberKind, read_number
from gateway.core.outbound import Purpose
from gateway.core.policy import ContactKind, is_own
from gateway.turns import catchup, flagged, hearing, optouts, relay, remote, robots, testcalls
from gateway.turns.context import Context


def read(ctx: Context, letter_id: int, peer: str, body: str, kind: str, sent_at: datetime | None) -> list[Effect]:
    """Obey a lone keyword first; what a customer says goes into the conversation."""
    if kind == "text":
        told = catchup.carrier_text(ctx, peer, body, f"letter:{letter_id}", sent_at)
        if told is not None:
            records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} is the carrier's, about a missed call")
            return told
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    if number.e164 is None or is_ours(ctx, peer):
        return remote.came(ctx, letter_id, peer, body if kind == "text" else "")
    effects = _read_customer(ctx, letter_id, peer, body, kind, sent_at)
    relay.pass_on(ctx, letter_id, peer, body, kind)
    return effects


def _read_customer(
    ctx: Context, letter_id: int, peer: str, body: str, kind: str, sent_at: datetime | None
) -> list[Effect]:
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    kinds = records.kinds_of(ctx.db, peer)
    word = lone_keyword(body) if kind == "text" else None
    key = f"letter:{letter_id}"
    effects: list[Effect] = []
    if word is Keyword.STOP:
        effects += optouts.opt_out(ctx, peer, body, key, sent_at)
    if number.kind not in (NumberKind.TEXTABLE, NumberKind.INTERNATIONAL):
        if word is Keyword.STOP:
            return effects
        if number.kind is NumberKind.TOLL_FREE:  # bigger customers text from these; they are not answered by text
            return [*effects, *for_a_person(ctx, letter_id, peer, body, kind, done=False)]
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} is not from a person")
        return effects
    if word is Keyword.START:
        effects = optouts.opt_in(ctx, peer, body, key)
        if ctx.read is None:
            return [*effects, *for_a_person(ctx, letter_id, peer, body, kind, done=False)]
        return [*effects, *hearing.opted_in(ctx, letter_id, peer, key), Changed("tasks")]
    if word is None and kind == "text" and testcalls.is_trial(ctx, peer) and not _alarms(ctx, body):
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} answers a test call")
        return [Changed("texts")]
    if word is not Keyword.STOP:
        if not (kind == "text" and robots.is_by_machine(ctx, body)):
            records.set_peer(ctx.db, peer, "wrote_at", ctx.now)
        if kind == "text":
            robots.learn(ctx, letter_id, peer, body)
    helped = (
        word is Keyword.HELP
        and ContactKind.OPTED_OUT not in kinds
        and optouts.answer(ctx, f"{key}:help", Purpose.HELP, peer, "help", body)
    )
    if ctx.read is not None and kind == "text":
        answered = word is Keyword.STOP or helped
        try:
            with records.attempt(ctx.db):
                came = hearing.text_came(ctx, letter_id, peer, body, ctx.read, sent_at, answered=answered)
            return [*effects, *came, Changed("tasks")]
        except records.FAULTS as fault:  # what needs no reading is obeyed all the same
            records.note(
                ctx.db, ctx.now, "box:fault", f"text {letter_id} was not read: {type(fault).__name__}: {fault}"
            )
            effects.append(SetAside("SegmentReceived", type(fault).__name__))
    if ctx.read is not None and kind == "mms_notice":
        return [*hearing.picture_came(ctx, letter_id, peer), Changed("tasks")]
    return [*effects, *for_a_person(ctx, letter_id, peer, body, kind, done=helped or word is Keyword.STOP)]


def _alarms(ctx: Context, body: str) -> bool:
    """Whether a text tells of an emergency; what nobody can read may."""
    if flagged.flags_emergency(body):
        return True
    if ctx.read is None:
        return False
    try:
        reading = ctx.read(body)
    except records.FAULTS:
        return True
    return reading.life_safety or reading.urgency == "emergency"


def for_a_person(ctx: Context, letter_id: int, peer: str, body: str, kind: str, *, done: bool) -> list[Effect]:
    """What nobody can read for the office waits for it; a flagged emergency is passed on as it stands."""
    if done:
        return [Changed("tasks")]
    effects = flagged.alert_our_people(ctx, letter_id, peer, body) if flagged.flags_emergency(body) else []
    picture = "a picture was sent, and this box cannot receive pictures: ask what is on it"
    say = picture if kind == "mms_notice" else "a text came in, and nobody has answered it yet"
    records.open_task(ctx.db, "wrote", peer, say, ctx.now)
    return [*effects, Changed("tasks")]


def is_ours(ctx: Context, peer: str) -> bool:
    """Whether a text comes from the business itself: one of its numbers, or of its people."""
    number = read_number(peer, ctx.business.country, ctx.business.area_code)
    return is_own(ctx.business, number, peer) or ContactKind.STAFF in records.kinds_of(ctx.db, peer)
