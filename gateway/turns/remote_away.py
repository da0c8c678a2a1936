"""Commands about who is away: everybody says it of himself, and the owner's telephone of anybody."""

from __future__ import annotations

from gateway import records
from gateway.core.desk.absence import Who, named
from gateway.core.effects import Declined
from gateway.core.escalation.ladder import Present, on_ladder
from gateway.core.escalation.people import OWNER
from gateway.core.remote.commands import Away
from gateway.core.remote.spans import ends
from gateway.turns import away as absences
from gateway.turns import ladder, remote_box
from gateway.turns.remote_hand import Done, Hand


def away(hand: Hand, command: Away) -> Done:
    """Somebody is away; without a time until the next morning."""
    ctx, who = hand.ctx, _meant(hand, command.who)
    if who is None:
        return _nobody(hand, command.who)
    if not _may(hand, who):
        return Done(hand.says("away_others"), f"{who.name} is not his to say: nothing done")
    until = remote_box.next_morning(hand) if command.span is None else ends(command.span, ctx.now, ctx.business.zone)
    effects = absences.change(
        ctx, who, away=True, until=until, by=hand.by, own=who.key == hand.person.key, key=hand.key
    )
    if (declined := next((effect.say for effect in effects if isinstance(effect, Declined)), None)) is not None:
        return Done(hand.says("unclear", nearest="AWAY FRI"), declined)
    name = _called(hand, who)
    say = hand.says("away_all" if nobody_left(hand) else "away", who=name, time=hand.time(until))
    return Done(say, f"{name} away until {hand.time(until)}", effects)


def here(hand: Hand, name: str) -> Done:
    """Somebody is back."""
    who = _meant(hand, name)
    if who is None:
        return _nobody(hand, name)
    if not _may(hand, who):
        return Done(hand.says("away_others"), f"{who.name} is not his to say: nothing done")
    own = who.key == hand.person.key
    effects = absences.change(hand.ctx, who, away=False, until=None, by=hand.by, own=own)
    name = _called(hand, who)
    if not effects:
        return Done(hand.says("here_already", who=name), f"{name} is not away")
    return Done(hand.says("here", who=name), f"{name} back", effects)


def back(hand: Hand) -> Done | None:
    """A lone BACK of somebody who is away; None where it can only mean a conversation."""
    ctx = hand.ctx
    if hand.person.key not in absences.away(ctx).keys:
        return None
    held = records.relays_to(ctx.db, hand.person.phone, ctx.now)
    if not held:
        return here(hand, "")
    last = records.last_lead(ctx.db, held[0].peer)
    code = "" if last is None else records.code_of_lead(ctx.db, last.id, ctx.now)
    return Done(hand.says("back_or_here", code=code), "which of two is not said: nothing done")


def nobody_left(hand: Hand) -> bool:
    """Whether all whom an emergency is told are away."""
    business = hand.ctx.business
    present = Present(ladder.on_call_now(hand.ctx), absences.passed_over(hand.ctx))
    told = on_ladder(business.escalation.rungs, business.people, present)
    return present.away.issuperset(told)


def _meant(hand: Hand, name: str) -> Who | None:
    known = absences.known(hand.ctx)
    person = remote_box.person_named(hand, name)
    if person is not None:
        return next((who for who in known if who.key == person.key), None)
    return named(known, name)


def _may(hand: Hand, who: Who) -> bool:
    return hand.person.key in (OWNER, who.key)


def _called(hand: Hand, who: Who) -> str:
    person = hand.ctx.business.people.named(who.key)
    return who.name if person is None else person.title


def _nobody(hand: Hand, name: str) -> Done:
    names = ", ".join(who.name for who in absences.known(hand.ctx))
    return Done(hand.says("on_call_who", who=name[:20], names=names), f"nobody is called {name!r}")
