"""Conversations that one of our people has on his own telephone: what the caller writes goes there, with the code in front."""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core.alphabet import segment_count, transliterate
from gateway.core.numbers import spoken
from gateway.core.outbound import Purpose
from gateway.core.remote.sentences import sentence
from gateway.records import Relay, TextRecord
from gateway.turns.context import Context
from gateway.turns.remote_hand import Hand, send

OF_ONE_CALLER, WITHIN = 20, timedelta(hours=1)  # a telephone must stay usable; the page shows the rest
MOST_PARTS = 3  # of a long text of the caller


def hold(hand: Hand, peer: str, before: Relay | None) -> Relay:
    """He has the conversation until the box's time for that is over; whoever had it `before` learns so."""
    ctx = hand.ctx
    until = ctx.now + timedelta(seconds=ctx.business.policy.takeover_s)
    relay = Relay(peer, hand.person.key, hand.person.phone, hand.spanish, until)
    records.set_relay(ctx.db, relay)
    if before is not None and before.number != relay.number:
        body = sentence("taken_from", before.spanish, code=_code(ctx, peer), who=hand.name)
        send(ctx, before.number, body, f"{hand.key}:taken_from", purpose=Purpose.OWNER_NOTICE)
    return relay


def pass_on(ctx: Context, letter_id: int, peer: str, body: str, kind: str, part: int = 0) -> None:
    """Give what a caller has written to who has the conversation on his telephone."""
    relay = records.relay_of(ctx.db, peer, ctx.now)
    person = None if relay is None else ctx.business.people.named(relay.person)
    if (
        relay is None or person is None or person.phone != relay.number
    ):  # who has left the business reads nothing any more
        return
    key = f"letter:{letter_id}:{part}:relay" if part else f"letter:{letter_id}:relay"
    passed = records.texts_with(ctx.db, relay.number, f"relay {peer}", ctx.now - WITHIN)
    code, who = _code(ctx, peer), _who(ctx, peer)
    if passed > OF_ONE_CALLER:
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} is not passed on: {passed} within the hour")
        return
    if passed == OF_ONE_CALLER:
        told = sentence("relayed_enough", relay.spanish, code=code, who=who)
    elif kind == "mms_notice":
        told = sentence("relayed_picture", relay.spanish, code=code, who=who)
    elif kind == "text" and body.strip():
        told = sentence("relayed", relay.spanish, code=code, who=who, words="") + transliterate(body.strip())
    else:
        return
    while segment_count(told) > MOST_PARTS:
        told = told[: len(told) - 20].rstrip() + "..."
    send(ctx, relay.number, told, key, purpose=Purpose.OWNER_NOTICE, template=f"relay {peer}", parts=True)


def silenced(ctx: Context, peer: str, words: str, key: str) -> None:
    """The caller wants no more texts: who has the conversation on his telephone learns so, and it is over."""
    relay = records.relay_of(ctx.db, peer, ctx.now)
    if relay is None:
        return
    unsent = records.typed_and_queued(ctx.db, peer)
    name = "relay_over_unsent" if unsent else "relay_over"
    told = sentence(name, relay.spanish, code=_code(ctx, peer), who=_who(ctx, peer)) + transliterate(words.strip())
    send(ctx, relay.number, told, f"{key}:silenced", purpose=Purpose.OWNER_NOTICE)
    records.drop_relay(ctx.db, peer)
    records.set_peer(ctx.db, peer, "takeover_until", ctx.now)
    records.note(
        ctx.db, ctx.now, f"peer:{peer}", "nobody has this conversation on his telephone any more: no more texts"
    )


def spoken_of(ctx: Context, number: str) -> list[tuple[int | str, str]]:
    """The conversations that a telephone has, as (code, who)."""
    return [(_code(ctx, each.peer), _who(ctx, each.peer)) for each in records.relays_to(ctx.db, number, ctx.now)]


def in_doubt(ctx: Context, text: TextRecord) -> None:
    """Nobody knows whether words of his own went out: he learns so where he wrote them."""
    relay = records.relay_of(ctx.db, text.peer, ctx.now)
    if relay is not None and text.purpose is Purpose.STAFF:
        told = sentence("in_doubt", relay.spanish, code=_code(ctx, text.peer), number=spoken(text.peer))
        send(ctx, relay.number, told, f"text:{text.id}:{text.tries}:in_doubt")


def not_out(ctx: Context, text: TextRecord, why: str) -> None:
    """Words of his own did not leave: he learns so where he wrote them."""
    relay = records.relay_of(ctx.db, text.peer, ctx.now)
    if relay is not None and text.purpose is Purpose.STAFF:
        facts = {"code": _code(ctx, text.peer), "number": spoken(text.peer), "why": why}
        send(ctx, relay.number, sentence("not_out", relay.spanish, **facts), f"text:{text.id}:not_out")


def _code(ctx: Context, peer: str) -> int | str:
    """How his telephone speaks of the matter."""
    record = records.last_lead(ctx.db, peer)
    if record is not None:
        return records.code_of_lead(ctx.db, record.id, ctx.now)
    flagged = records.flagged_by(ctx.db, peer)
    return "" if flagged is None else flagged.code


def _who(ctx: Context, peer: str) -> str:
    record = records.last_lead(ctx.db, peer)
    name = None if record is None else record.lead.facts.name
    return f"{name} {spoken(peer)}" if name else spoken(peer)
