"""Turns of texts from our own people: their telephones are remote controls.

A text of a customer never comes here: only the full number of a person whom the configuration names does. Every command is
logged with what it did. What changes the box for every caller asks for the PIN where there is one, and is told to the owner.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import assert_never

from gateway import records
from gateway.core.assembly import MISSING_PART, is_part, join_parts
from gateway.core.business import Business
from gateway.core.conversation.machines import is_tapback, written_by_machine
from gateway.core.effects import Effect
from gateway.core.escalation.people import OWNER
from gateway.core.events import SegmentReceived
from gateway.core.numbers import read_number, spoken
from gateway.core.outbound import Purpose
from gateway.core.remote import commands, secret
from gateway.core.remote.grammar import understood, writes
from gateway.core.remote.sentences import sentence
from gateway.turns import relay, remote_away, remote_box, remote_matters, remote_moves, remote_visits
from gateway.turns.context import Context
from gateway.turns.remote_hand import Done, Hand, send, shown_time

NUDGES, NUDGED_WITHIN = 5, timedelta(hours=1)  # GoAlert stops after 5 passive replies: two machines would never end
TALKS_WITHIN = timedelta(hours=12)  # one sentence to somebody who takes the box for a person
NUDGE, TALK = "nudge", "talk"  # templates of the answers to what is no command
OWN_TRIES, ALL_TRIES = 3, 6  # wrong PINs within an hour: from one number, from all of them
LOCKED_FOR = timedelta(hours=1)
_TORN_NUMBER = re.compile(rf"\d{{1,12}}(?={re.escape(MISSING_PART)})|(?<={re.escape(MISSING_PART)})\d{{1,12}}")
FULL_NUMBER = 10  # digits; shorter ones are completed with the own area code, which no network leaves out of a text


def concealed(business: Business, event: SegmentReceived) -> SegmentReceived:
    """The event without the PIN in it, before anything of it is written down; that of a customer as it is.

    A part of a longer text is judged when it is `joined`: the PIN may be cut in two.
    """
    if event.kind != "text" or is_part(event) or not _is_from_our_people(business, event.sender):
        return event
    body = _without_pin(business, event.body)
    return event if body == event.body else _with_body(event, body)


def for_the_journal(business: Business, event: SegmentReceived) -> SegmentReceived:
    """The event as it is kept among the inputs: of a part of a text of ours without its words, for they may hold half a PIN."""
    hides = event.kind == "text" and is_part(event) and _is_from_our_people(business, event.sender)
    return _with_body(event, "") if hides else event


def joined(ctx: Context, peer: str, parts: list[SegmentReceived]) -> str:
    """The whole text of parts. Where one of our people has written a PIN in it, it is taken out of the parts as well, and so are
    numbers at the edge of a part that never came: half a PIN."""
    body = join_parts(parts)
    if parts[0].kind != "text" or not _is_from_our_people(ctx.business, peer):
        return body
    hidden = _without_pin(ctx.business, body)
    if ctx.business.remote.pin:
        hidden = _TORN_NUMBER.sub("", hidden)
    if hidden != body:
        records.reword_segments(ctx.db, [part.identity for part in parts], hidden)
    return hidden


def _is_from_our_people(business: Business, sender: str) -> bool:
    number = read_number(sender, business.country, business.area_code)
    return business.people.with_phone(number.e164 or "") is not None


def _without_pin(business: Business, body: str) -> str:
    return secret.concealed(body, business.remote.pin, words_for_a_caller=writes(body) is not None)


def _with_body(event: SegmentReceived, body: str) -> SegmentReceived:
    return SegmentReceived(
        event.identity, event.at, event.sender, body, event.scts, event.ref, event.total, event.number, "", event.kind
    )


def is_short(business: Business, sender: str) -> bool:
    """Whether a sender is one of our people only because a number was completed: it commands nothing."""
    number = read_number(sender, business.country, business.area_code)
    return len(number.digits) < FULL_NUMBER and business.people.with_phone(number.e164 or "") is not None


def came(ctx: Context, letter_id: int, peer: str, body: str) -> list[Effect]:
    """A text of one of our people. It opens no lead, whatever it says."""
    person = ctx.business.people.with_phone(peer)
    if person is None or not person.texts or not body.strip():  # a landline that gets no texts writes none: it is faked
        records.note(ctx.db, ctx.now, f"peer:{peer}", f"text {letter_id} is not from a customer")
        return []
    if written_by_machine(body) and not is_tapback(body):
        records.note(ctx.db, ctx.now, f"remote:{person.key}", f"text {letter_id} was written by a machine")
        return []
    said = understood(body)
    hand = Hand(ctx, person, f"letter:{letter_id}", said.spanish or person.spanish)
    if MISSING_PART.strip() in body:
        done = Done(hand.says("torn"), "a part is missing: nothing done")
    elif isinstance(said.command, commands.Unclear):
        done = _unclear(hand, said.command)
    else:
        refused = _refused(hand, said)
        done = refused or _carried_out(hand, said.command)
        if refused is None and isinstance(said.command, commands.GUARDED):
            _tell_owner(hand, done)
    records.note(ctx.db, ctx.now, f"remote:{person.key}", f"{body[:100]!r}: {done.did}")
    if done.reply:
        send(ctx, peer, done.reply, f"{hand.key}:reply", template=done.template)
    return done.effects


def _carried_out(hand: Hand, command: commands.Command) -> Done:
    match command:
        case commands.Acknowledge():
            return remote_matters.acknowledge(hand, command)
        case commands.Decline():
            return remote_matters.decline(hand, command)
        case commands.TakeOver():
            return remote_matters.take_over(hand, command)
        case commands.Write():
            return remote_matters.write(hand, command)
        case commands.HandBack(code=None) if (said := remote_away.back(hand)) is not None:
            return said
        case commands.HandBack():
            return remote_matters.hand_back(hand, command)
        case commands.Snooze():
            return remote_matters.snooze(hand, command)
        case commands.Show():
            return remote_matters.show(hand, command)
        case commands.Close():
            return remote_matters.close(hand, command)
        case commands.CloseAll():
            return remote_matters.close_all(hand)
        case commands.Pause():
            return remote_box.pause(hand, command)
        case commands.Resume():
            return remote_box.resume(hand)
        case commands.Storm():
            return remote_box.storm(hand, command)
        case commands.Status():
            return remote_box.status(hand)
        case commands.Leads():
            return remote_box.leads(hand, command)
        case commands.Visits():
            return remote_visits.visits(hand, command)
        case commands.ConfirmVisit():
            return remote_visits.confirm(hand, command)
        case commands.MoveVisit():
            return remote_moves.move(hand, command)
        case commands.CallOffVisit():
            return remote_visits.call_off(hand, command)
        case commands.OnCall():
            return remote_box.on_call(hand, command)
        case commands.OnCallAsked():
            return remote_box.on_call_asked(hand)
        case commands.OnCallAsPlanned():
            return remote_box.on_call_as_planned(hand)
        case commands.Away():
            return remote_away.away(hand, command)
        case commands.Here():
            return remote_away.here(hand, command.who)
        case commands.Drill():
            return remote_box.drill(hand)
        case commands.Help():
            return Done(hand.says("help"), "help told")
        case commands.Hush():
            return remote_box.hush(hand)
        case commands.Unhush():
            return remote_box.unhush(hand)
        case commands.Unclear():
            return _unclear(hand, command)
        case _:
            assert_never(command)


def _unclear(hand: Hand, command: commands.Unclear) -> Done:
    """Nothing is done; what he perhaps means is named a few times an hour, and who only talks is told so now and then."""
    ctx, phone = hand.ctx, hand.person.phone
    say = _meant(hand, command)
    often, since = (NUDGES, NUDGED_WITHIN) if say is not None else (1, TALKS_WITHIN)
    if records.texts_with(ctx.db, phone, TALK if say is None else NUDGE, ctx.now - since) >= often:
        return Done(None, "not understood, and not answered any more for a while")
    return Done(say or hand.says("talk"), "not understood, nothing done", template=NUDGE if say else TALK)


def _meant(hand: Hand, command: commands.Unclear) -> str | None:
    """What somebody perhaps means whom the box does not understand; None for plain talk."""
    ctx = hand.ctx
    if waiting := remote_matters.codes_waiting(hand):
        return hand.says("unclear_waits", codes=waiting, code=waiting.partition(",")[0])
    if command.nearest:
        return hand.says("unclear", nearest=command.nearest)
    held = relay.spoken_of(ctx, hand.person.phone)
    return hand.says("unclear_relay", code=held[0][0], who=held[0][1]) if len(held) == 1 else None


# ---- the PIN


def _refused(hand: Hand, said: commands.Said) -> Done | None:
    """Why a guarded command is not carried out; None where it is."""
    ctx, pin = hand.ctx, hand.ctx.business.remote.pin
    if not pin or not isinstance(said.command, commands.GUARDED):
        return None
    own, everybody, last = records.wrong_pins(ctx.db, hand.person.phone, ctx.now - LOCKED_FOR)
    if (own >= OWN_TRIES or everybody >= ALL_TRIES) and last is not None:
        return Done(hand.says("pin_locked", time=hand.time(last + LOCKED_FOR)), "nothing done: the PIN is locked")
    match said.pin:
        case commands.Pin.RIGHT:
            records.forget_wrong_pins(ctx.db, hand.person.phone)
            return None
        case commands.Pin.NONE:
            return Done(hand.says("pin_missing"), "nothing done: no PIN")
        case commands.Pin.WRONG:
            records.add_wrong_pin(ctx.db, hand.person.phone, ctx.now)
            left = min(OWN_TRIES - own, ALL_TRIES - everybody) - 1
            if left > 0:
                return Done(hand.says("pin_wrong", left=left), "nothing done: wrong PIN")
            _warn_owner(hand)
            locked = hand.says("pin_locked", time=hand.time(ctx.now + LOCKED_FOR))
            return Done(locked, "nothing done: wrong PIN, locked for an hour")
        case _:
            assert_never(said.pin)


def _warn_owner(hand: Hand) -> None:
    """Somebody guesses: the owner learns of it, also where he wants no ordinary notices."""
    ctx = hand.ctx
    owner = ctx.business.people.named(OWNER)
    if owner is None:
        return
    until = shown_time(ctx, ctx.now + LOCKED_FOR, spanish=owner.spanish)
    facts = {"number": spoken(hand.person.phone), "who": hand.name, "time": until}
    body = sentence("pin_warning", owner.spanish, **facts)
    send(ctx, owner.phone, body, f"{hand.key}:pin", purpose=Purpose.OWNER_NOTICE)


def _tell_owner(hand: Hand, done: Done) -> None:
    """What another telephone has changed for every caller, the owner learns of: numbers can be faked."""
    ctx = hand.ctx
    owner = ctx.business.people.named(OWNER)
    if owner is None or owner.phone == hand.person.phone or records.wants_no_notices(ctx.db, owner.phone):
        return
    body = sentence("told_owner", owner.spanish, who=hand.name, what=done.did)
    send(ctx, owner.phone, body, f"{hand.key}:owner", purpose=Purpose.OWNER_NOTICE)
