"""Commands about the whole box: pause, storm, status, lists, who is on call, drills, and notices to the telephone itself."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from gateway import records
from gateway.core.effects import Declined
from gateway.core.escalation.people import Person
from gateway.core.events import Switched
from gateway.core.outbound import Purpose
from gateway.core.remote.commands import Leads, OnCall, Pause, Span, Storm
from gateway.core.remote.sentences import in_one_segment, sentence
from gateway.core.remote.spans import ends
from gateway.core.remote.vocabulary import folded, slipped
from gateway.core.views.leads import LeadRow, Standing
from gateway.queries.leads import open_leads
from gateway.turns import escalation, ladder, office, remote_visits
from gateway.turns.remote_hand import Done, Hand, send, shown_time

# A pause by text without an end, where no PIN stands behind it: sender numbers can be faked, and a day is noticed.
PAUSED_AT_MOST = timedelta(hours=24)
LIST_LASTS = timedelta(hours=1)  # MORE goes on with a list that is no older
LISTED = 500
_SHORT = 28  # characters of one lead in the list
_ON_CALL_UNTIL = Span(until=time(8))  # "ONCALL DANA": the next morning
_AT_LEAST = timedelta(hours=1)


def pause(hand: Hand, command: Pause) -> Done:
    """No automatic texts."""
    ctx = hand.ctx
    until = None if command.span is None else ends(command.span, ctx.now, ctx.business.zone)
    if not ctx.business.remote.pin:
        until = min(until or ctx.now + PAUSED_AT_MOST, ctx.now + PAUSED_AT_MOST)
    when = "" if until is None else f" until {hand.time(until)}"
    effects = office.switched(ctx, Switched(ctx.now, "pause", f"by {hand.by}{when}", hand.by, until=until))
    say = hand.says("paused_open") if until is None else hand.says("paused", time=hand.time(until))
    return Done(say, f"texting paused{when}", effects)


def resume(hand: Hand) -> Done:
    """Automatic texts again."""
    ctx = hand.ctx
    if not records.switch(ctx.db, "pause"):
        return Done(hand.says("resumed_already"), "texting is on already")
    effects = office.switched(ctx, Switched(ctx.now, "pause", "", hand.by))
    if any(isinstance(effect, Declined) for effect in effects):
        return Done(hand.says("resumed_not_yet"), "the set-up is not finished")
    return Done(hand.says("resumed"), "texting resumed", effects)


def storm(hand: Hand, command: Storm) -> Done:
    """The wording for storms."""
    ctx = hand.ctx
    if not command.on:
        return Done(hand.says("storm_off"), "storm off", office.switched(ctx, Switched(ctx.now, "storm", "", hand.by)))
    until = None if command.span is None else ends(command.span, ctx.now, ctx.business.zone)
    effects = office.switched(ctx, Switched(ctx.now, "storm", "on", hand.by, until=until))
    if until is None:
        return Done(hand.says("storm_on_open"), "storm on", effects)
    return Done(hand.says("storm_on", time=hand.time(until)), f"storm on until {hand.time(until)}", effects)


def status(hand: Hand) -> Done:
    """How the box stands, in one segment: what is worst comes first."""
    ctx = hand.ctx
    paused = records.switch(ctx.db, "pause")
    waiting = [str(each.code) for each in records.open_escalations(ctx.db)]
    rows = open_leads(ctx.db, ctx.business.conversation, ctx.now, LISTED)
    say = hand.says(
        "status",
        texting=hand.says("texting_off", why=paused[:40]) if paused else hand.says("texting_on"),
        emergencies=hand.says("waiting", codes=", ".join(waiting[:6])) if waiting else "",
        leads=len(rows),
        overdue=sum(row.standing is Standing.OVERDUE for row in rows),
        calls=records.open_count(ctx.db, "call_back"),
        who=_on_call_now(hand),
        storm=hand.says("storm_is_on") if records.switch(ctx.db, "storm") else "",
    )
    return Done(say, "status told")


def leads(hand: Hand, command: Leads) -> Done:
    """The open leads with their codes, as many as one segment holds; MORE tells the next ones."""
    ctx = hand.ctx
    of, skip = records.listed(ctx.db, hand.person.phone, ctx.now - LIST_LASTS) if command.more else ("", 0)
    if of:
        return remote_visits.more(hand, of, skip)
    rows = open_leads(ctx.db, ctx.business.conversation, ctx.now, LISTED)
    left = rows[skip:] or rows
    skip = skip if rows[skip:] else 0
    if not left:
        return Done(hand.says("leads_none"), "no lead is open")
    shown: list[str] = []
    say = ""
    for row in left:
        told = [*shown, _in_list(hand, row)]
        rest = len(left) - len(told)
        listed = hand.says("leads", rows="; ".join(told))
        longer = hand.says("leads_cut", rows=listed, count=rest) if rest else listed
        if shown and longer != in_one_segment(longer):
            break
        shown, say = told, longer
    records.set_listed(ctx.db, hand.person.phone, skip + len(shown), ctx.now)
    return Done(say, f"{len(shown)} of {len(rows)} leads told")


def _in_list(hand: Hand, row: LeadRow) -> str:
    code = records.code_of_lead(hand.ctx.db, row.id, hand.ctx.now)
    pressing = "!" if row.standing is Standing.EMERGENCY else ""
    what = " ".join(part for part in (row.name.partition(" ")[0] or row.peer[-4:], row.service or row.issue) if part)
    return f"{code}{pressing} {sentence('show', code='', who='', number='', what=what, next='').strip(' :.')[:_SHORT].strip()}"


def on_call(hand: Hand, command: OnCall) -> Done:
    """Somebody is on call from now on."""
    ctx = hand.ctx
    person = person_named(hand, command.who)
    if person is None:
        names = ", ".join(each.name or each.key for each in ctx.business.people.everybody)
        return Done(hand.says("on_call_who", who=command.who[:20], names=names), f"nobody is called {command.who!r}")
    until = ends(command.span, ctx.now, ctx.business.zone) if command.span is not None else next_morning(hand)
    records.add_swap(ctx.db, person.key, ctx.now, until, hand.by)
    name = person.name or person.key
    if person.phone != hand.person.phone and person.texts:
        when = shown_time(ctx, until, spanish=person.spanish)
        body = sentence("on_call_you", person.spanish, by=hand.name, time=when)
        send(ctx, person.phone, body, f"{hand.key}:on_call", purpose=Purpose.OWNER_NOTICE)
    return Done(hand.says("on_call", who=name, time=hand.time(until)), f"{name} on call until {hand.time(until)}")


def next_morning(hand: Hand) -> datetime:
    """Eight in the morning, an hour from now at least."""
    moment = ends(_ON_CALL_UNTIL, hand.ctx.now, hand.ctx.business.zone)
    return moment if moment - hand.ctx.now >= _AT_LEAST else moment + timedelta(days=1)


def person_named(hand: Hand, who: str) -> Person | None:
    """The person of that name: by key, by the whole name, by a first name that only one has, with one slip in it at most."""
    if not who:
        return hand.person
    everybody = hand.ctx.business.people.everybody
    names = {
        person: {folded(person.key), folded(person.name), folded(person.name).partition(" ")[0]} for person in everybody
    }
    exact = [person for person, called in names.items() if who in called]
    if exact or not who.isalpha():
        return exact[0] if len(exact) == 1 else None
    near = [person for person, called in names.items() if slipped(who, called)]
    return near[0] if len(near) == 1 else None


def on_call_asked(hand: Hand) -> Done:
    """Who is on call?"""
    return Done(hand.says("on_call_now", who=_on_call_now(hand)), "told who is on call")


def on_call_as_planned(hand: Hand) -> Done:
    """What was agreed by text is over."""
    records.end_swaps(hand.ctx.db, hand.ctx.now)
    return Done(hand.says("on_call_planned", who=_on_call_now(hand)), "on call as planned again")


def _on_call_now(hand: Hand) -> str:
    """By name; where nobody is, or whoever is on call is away, the owner is told of emergencies."""
    people = hand.ctx.business.people
    found = [people.named(key) for key in ladder.answering_now(hand.ctx)]
    names = dict.fromkeys(person.name or person.key for person in found if person is not None)
    return ", ".join(names) or "-"


def drill(hand: Hand) -> Done:
    """A test goes up the ladder, unless an emergency does."""
    ctx = hand.ctx
    waiting = [str(each.code) for each in records.open_escalations(ctx.db)]
    if waiting:
        return Done(
            hand.says("drill_not_now", codes=", ".join(waiting[:5])), f"no drill while {', '.join(waiting)} waits"
        )
    effects = escalation.drill(ctx, hand.name)
    if any(isinstance(effect, Declined) for effect in effects):
        return Done(hand.says("drill_nobody"), "no drill: nobody's phone is on the ladder")
    code = records.last_drill(ctx.db).code
    return Done(hand.says("drill", code=code), f"drill {code} begun", effects)


def hush(hand: Hand) -> Done:
    """STOP: no customer's opt-out, but notices stay away. Emergencies go on, and he hears so."""
    records.set_notices(hand.ctx.db, hand.person.phone, wanted=False, now=hand.ctx.now)
    return Done(hand.says("hushed"), "no more notices to this telephone; emergencies go on")


def unhush(hand: Hand) -> Done:
    """START: notices again."""
    records.set_notices(hand.ctx.db, hand.person.phone, wanted=True, now=hand.ctx.now)
    paused = records.switch(hand.ctx.db, "pause")
    return Done(hand.says("unhushed_paused" if paused else "unhushed"), "notices to this telephone again")
