"""Commands about one matter: it is taken, written to, handed back, put off, shown, closed."""

from __future__ import annotations

from datetime import timedelta

from gateway import records
from gateway.core.booking.appointments import State as Visit
from gateway.core.conversation.alarm import place_of
from gateway.core.conversation.bookwords import noted
from gateway.core.effects import Changed, Declined, Effect
from gateway.core.escalation.ladder import Kind, State
from gateway.core.events import HandedBack, OfficeTexted, TaskClosed
from gateway.core.outbound import Purpose
from gateway.core.policy import ContactKind
from gateway.core.remote.commands import (
    Acknowledge,
    Close,
    Decline,
    HandBack,
    Outcome,
    Show,
    Snooze,
    TakeOver,
    Write,
)
from gateway.core.remote.sentences import OUTCOME_WORDS, money, sentence
from gateway.core.views.leads import Standing
from gateway.queries.leads import open_leads
from gateway.turns import conversation, desk, escalation, leads, office, relay
from gateway.turns.remote_hand import Done, Hand, Matter, matter, send

SNOOZED = timedelta(minutes=15)  # where no time is named
SNOOZED_AT_MOST = timedelta(hours=2)  # behind the beginning of the emergency, all times together
ALL = 10_000
MOST_NAMED = 5  # emergencies in one answer


def acknowledge(hand: Hand, command: Acknowledge) -> Done:
    """Somebody has it."""
    if not command.codes:
        told = records.escalations_told(hand.ctx.db, hand.person.phone)
        if len(told) != 1:
            codes = ", ".join(str(each.code) for each in reversed(told))
            if told:
                return Done(hand.says("which", codes=codes), f"which of {codes} is not said")
            if command.courtesy:  # "thanks": an answer to our own answer
                return Done(None, "nothing waits: not answered")
            return Done(hand.says("nothing_waits"), "nothing waits")
        return _one_acknowledged(hand, told[0].code)
    done = [_one_acknowledged(hand, code) for code in command.codes[:4]]
    if len(done) == 1:
        return done[0]
    reply = " ".join(each.reply.partition(".")[0] + "." for each in done if each.reply)
    return Done(reply, "; ".join(each.did for each in done), [effect for each in done for effect in each.effects])


def _one_acknowledged(hand: Hand, code: int) -> Done:
    found = matter(hand.ctx, code)
    if found is None:
        return no_such(hand, code)
    if found.escalation is None or (found.escalation.state is State.OVER and found.lead is not None):
        shown = show(hand, Show(code))
        return Done(_and_what_waits(hand, shown.reply or ""), shown.did)
    record, number = found.escalation, found.number
    if record.kind is Kind.DRILL:
        return _drilled(hand, found)
    if record.state is State.ACKNOWLEDGED:
        mine = record.person == hand.person.key
        say = hand.says("have_it_already" if mine else "has_it", code=code, number=number, who=record.by)
        return Done(_and_what_waits(hand, say), f"{code} is taken already")
    if record.state is State.OVER:
        return Done(_and_what_waits(hand, hand.says("settled", code=code)), f"{code} is over")
    effects = escalation.take(hand.ctx, record, hand.person, hand.name)
    return Done(hand.says("have_it", code=code, number=number), f"{code} taken", _done(effects))


def _drilled(hand: Hand, found: Matter) -> Done:
    record = found.escalation
    assert record is not None
    if record.state in (State.ACKNOWLEDGED, State.OVER):
        return Done(_and_what_waits(hand, hand.says("settled", code=found.code)), f"drill {found.code} is over")
    effects = escalation.take(hand.ctx, record, hand.person, hand.name)
    seconds = round((hand.ctx.now - record.opened_at).total_seconds())
    after = f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"
    return Done(hand.says("drilled", code=found.code, after=after), f"drill confirmed after {after}", _done(effects))


def decline(hand: Hand, command: Decline) -> Done:
    """Somebody does not take it: nothing changes, and he hears what is so."""
    if not command.codes:
        told = records.escalations_told(hand.ctx.db, hand.person.phone)
        if len(told) != 1:
            return Done(None, "nothing declined: not answered")
        codes: tuple[int, ...] = (told[0].code,)
    else:
        codes = command.codes
    found = matter(hand.ctx, codes[0])
    if found is None:
        return no_such(hand, codes[0])
    if not found.waits or found.escalation is None:
        return show(hand, Show(codes[0]))
    due = found.escalation.next_at
    say = (
        hand.says("not_taken_last", code=found.code)
        if due is None
        else hand.says("not_taken", code=found.code, time=hand.time(due))
    )
    return Done(say, f"{found.code} declined")


def take_over(hand: Hand, command: TakeOver) -> Done:
    """The conversation is his, and so is the emergency where there is one."""
    found = matter(hand.ctx, command.code)
    if found is None:
        return no_such(hand, command.code)
    if not found.peer:
        return _one_acknowledged(hand, command.code)
    ctx = hand.ctx
    before = records.relay_of(ctx.db, found.peer, ctx.now)
    leads.taken_over(ctx, found.peer)
    effects: list[Effect] = [Changed("leads")]
    if found.waits and found.escalation is not None:  # first, while the box may still tell the caller who has it
        effects += _done(escalation.take(ctx, found.escalation, hand.person, hand.name))
    held = relay.hold(hand, found.peer, before)
    records.set_peer(ctx.db, found.peer, "takeover_until", held.until)
    records.note(ctx.db, ctx.now, f"peer:{found.peer}", f"taken over by {hand.by}")
    if found.lead is not None:
        effects += desk.taken_by_phone(ctx, found.lead.id, _named(hand), hand.by, over=True)
    opted_out = ContactKind.OPTED_OUT in records.kinds_of(ctx.db, found.peer)
    say = hand.says(
        "taken_opted_out" if opted_out else "taken",
        code=found.code,
        who=found.who,
        number=found.number,
        time=hand.time(held.until),
    )
    return Done(say, f"{found.code} taken over", effects)


def write(hand: Hand, command: Write) -> Done:
    """His own words go to the caller as they are; the emergency, where there is one, is his."""
    found = matter(hand.ctx, command.code)
    if found is None or not found.peer:
        return no_such(hand, command.code)
    ctx, code = hand.ctx, command.code
    before = records.relay_of(ctx.db, found.peer, ctx.now)
    already = records.typed_lately(ctx.db, found.peer, command.words, ctx.now - office.CLICKED_TWICE)
    effects = office.texted(ctx, OfficeTexted(ctx.now, found.peer, command.words, hand.by))
    declined = next((effect.say for effect in effects if isinstance(effect, Declined)), None)
    if declined is not None:
        if ContactKind.OPTED_OUT in records.kinds_of(ctx.db, found.peer):
            return Done(hand.says("text_opted_out", code=code, number=found.number), f"{code} not texted: {declined}")
        return Done(hand.says("text_refused", code=code, why=declined), f"{code} not texted: {declined}")
    if found.waits and found.escalation is not None:
        effects += escalation.take(ctx, found.escalation, hand.person, hand.name, told=False)
    held = relay.hold(hand, found.peer, before)
    if found.lead is not None:
        effects += desk.taken_by_phone(ctx, found.lead.id, _named(hand), hand.by, over=False)
    if already:
        return Done(hand.says("goes_already", code=code), f"{code} texted already", _done(effects))
    say = hand.says("goes", code=code, who=found.who, number=found.number, time=hand.time(held.until))
    return Done(say, f"{code} texted: {command.words[:200]!r}", [*_done(effects), Changed("texts")])


def hand_back(hand: Hand, command: HandBack) -> Done:
    """The box answers again."""
    ctx, code = hand.ctx, command.code
    if code is None:
        held = records.relays_to(ctx.db, hand.person.phone, ctx.now)
        if len(held) != 1:
            return Done(hand.says("back_none"), "nothing to hand back") if not held else _which(hand, held)
        peer = held[0].peer
        last = records.last_lead(ctx.db, peer)
        code = 0 if last is None else records.code_of_lead(ctx.db, last.id, ctx.now)
    else:
        found = matter(ctx, code)
        if found is None or not found.peer:
            return no_such(hand, code)
        peer = found.peer
    before = records.relay_of(ctx.db, peer, ctx.now)
    until = records.takeover_until(ctx.db, peer)
    if until is None or until <= ctx.now:
        records.drop_relay(ctx.db, peer)
        return Done(hand.says("back_already", code=code), f"{code} is with the box already")
    effects = conversation.handed_back(ctx, HandedBack(ctx.now, peer, hand.by))
    if before is not None and before.number != hand.person.phone:
        body = sentence("back", before.spanish, code=code)
        send(ctx, before.number, body, f"{hand.key}:back", purpose=Purpose.OWNER_NOTICE)
    return Done(hand.says("back", code=code), f"{code} handed back", effects)


def _which(hand: Hand, held: list[records.Relay]) -> Done:
    codes = []
    for each in held:
        last = records.last_lead(hand.ctx.db, each.peer)
        if last is not None:
            codes.append(str(records.code_of_lead(hand.ctx.db, last.id, hand.ctx.now)))
    return Done(hand.says("which", codes=", ".join(codes)), "which conversation is not said")


def snooze(hand: Hand, command: Snooze) -> Done:
    """The next people are told later. Nobody has it for that, and he hears so."""
    ctx, code = hand.ctx, command.code
    if code is None:
        told = [each for each in records.escalations_told(ctx.db, hand.person.phone) if each.state is State.ALERTING]
        if len(told) != 1:
            codes = ", ".join(str(each.code) for each in reversed(told))
            say = hand.says("which", codes=codes) if told else hand.says("nothing_waits")
            return Done(say, "nothing put off")
        code = told[0].code
    found = matter(ctx, code)
    if found is None:
        return no_such(hand, code)
    record = found.escalation
    if record is None or record.state is not State.ALERTING or record.next_at is None:
        if found.waits:
            return Done(hand.says("not_taken_last", code=code), f"{code} not put off: everybody was told")
        return Done(hand.says("snooze_none", code=code), f"{code} waits for nobody")
    if found.lead is not None and found.lead.lead.danger is not None:
        return Done(hand.says("snooze_danger", code=code), f"{code} not put off: danger to people")
    wished = ctx.now + (SNOOZED if command.seconds is None else timedelta(seconds=command.seconds))
    until = max(record.next_at, min(wished, record.opened_at + SNOOZED_AT_MOST))
    if until == record.next_at:
        return Done(hand.says("snooze_enough", code=code, time=hand.time(until)), f"{code} not put off any longer")
    records.set_next_step(ctx.db, record.id, until)
    did = f"{code} put off until {hand.time(until)}, nobody has it"
    records.note(ctx.db, ctx.now, f"escalation:{record.id}", f"{hand.by}: put off until {hand.time(until)}")
    return Done(hand.says("snoozed", code=code, time=hand.time(until)), did, [Changed("leads")])


def show(hand: Hand, command: Show) -> Done:
    """What is known of a matter, on one segment."""
    found = matter(hand.ctx, command.code)
    if found is None:
        return no_such(hand, command.code)
    facts = found.lead.lead.facts if found.lead is not None else None
    words = (facts.issue if facts else None) or (found.escalation.words if found.escalation else "")
    place = place_of(facts) if facts else ""
    kind = ""
    following = ""
    if found.escalation is not None and found.escalation.state is not State.OVER:
        kind = "EMERGENCY, " if not hand.spanish else "EMERGENCIA, "
        if found.escalation.state is State.ACKNOWLEDGED:
            following = hand.says("has_it", code=found.code, who=found.escalation.by)
        else:
            following = hand.says("waiting", codes=found.code)
    elif found.lead is not None and (standing := found.visit) is not None:
        visit = noted(standing.opening.arrival, hand.ctx.business.zone, spanish=hand.spanish)
        name = "shown_to_confirm" if standing.state is Visit.REQUESTED else "shown_visit"
        following = hand.says(name, code=found.code, visit=visit)
    elif found.lead is not None and not records.has_lead_task(hand.ctx.db, found.lead.id):
        following = hand.says("settled", code=found.code)
    what = ", ".join(part for part in (place, words[:60]) if part)
    say = hand.says("show", code=found.code, who=found.who, number=found.number, what=f"{kind}{what}", next=following)
    return Done(say, f"{found.code} shown")


def close(hand: Hand, command: Close) -> Done:
    """The matter is settled, with its outcome and its worth."""
    ctx, code = hand.ctx, command.code
    found = matter(ctx, code)
    if found is None:
        return no_such(hand, code)
    if found.escalation is not None and found.escalation.kind is Kind.DRILL:
        return _drilled(hand, found)
    effects = settle(hand, found, command.outcome, command.cents)
    outcome = OUTCOME_WORDS[command.outcome][int(hand.spanish)]
    value = "" if command.cents is None else f" {money(command.cents)}"
    did = f"{code} closed: {command.outcome.value}{value}" + (f" ({command.words})" if command.words else "")
    if found.lead is not None:
        records.note(ctx.db, ctx.now, f"lead:{found.lead.id}", f"{hand.by}: {did.partition(' ')[2]}")
    return Done(hand.says("closed", code=code, who=found.who, outcome=outcome, value=value), did, effects)


def settle(hand: Hand, found: Matter, outcome: Outcome, cents: int | None) -> list[Effect]:
    """Close what is open of a matter. Colleagues who were told of the emergency learn who has it."""
    ctx = hand.ctx
    effects: list[Effect] = []
    if found.waits and found.escalation is not None:
        effects += _done(escalation.take(ctx, found.escalation, hand.person, hand.name, told=False))
    for task in records.open_tasks_of(ctx.db, found.peer):
        mine = found.lead is not None and records.lead_of_task(ctx.db, task.id) == found.lead.id
        if mine or (found.lead is None and task.kind == "wrote"):
            effects += office.task_closed(ctx, TaskClosed(ctx.now, task.id, hand.by))
    if found.escalation is not None:
        escalation.over(ctx, records.escalation_by_id(ctx.db, found.escalation.id), f"{hand.by} has settled the matter")
    if found.lead is not None:
        records.set_outcome(ctx.db, found.lead.id, outcome.value, cents, hand.by, ctx.now)
    return [*effects, Changed("leads")]


def close_all(hand: Hand) -> Done:
    """Every open lead is settled, but emergencies that nobody has."""
    ctx = hand.ctx
    effects: list[Effect] = []
    count, stay = 0, []
    for row in open_leads(ctx.db, ctx.business.conversation, ctx.now, ALL):
        found = matter(ctx, records.code_of_lead(ctx.db, row.id, ctx.now))
        if found is None:
            continue
        if found.waits or (row.standing is Standing.EMERGENCY and found.escalation is None):
            stay.append(str(found.code))
            continue
        effects += settle(hand, found, Outcome.DONE, None)
        count += 1
    codes = ", ".join(stay) or "-"
    return Done(hand.says("closed_all", count=count, codes=codes), f"{count} closed, left open: {codes}", effects)


def _named(hand: Hand) -> str:
    """Who it is, as the page calls him."""
    return hand.person.name or "Owner"


def no_such(hand: Hand, code: int) -> Done:
    """Nothing is spoken of by that code."""
    waiting = codes_waiting(hand)
    say = hand.says("no_code_waits", code=code, codes=waiting) if waiting else hand.says("no_code", code=code)
    return Done(say, f"there is no {code}")


def _and_what_waits(hand: Hand, say: str) -> str:
    """What is said of one matter, and before it those that he perhaps meant: nobody has them."""
    waiting = codes_waiting(hand)
    return f"{hand.says('waiting', codes=waiting)} {say}" if waiting else say


def codes_waiting(hand: Hand) -> str:
    """The emergencies he was told of that nobody has, the oldest first; "" where none waits."""
    told = records.escalations_told(hand.ctx.db, hand.person.phone)
    return ", ".join(str(each.code) for each in reversed(told[:MOST_NAMED]))


def _done(effects: list[Effect]) -> list[Effect]:
    return [effect for effect in effects if not isinstance(effect, Declined)]
