"""An emergency is told to our people, and the caller is told what became of that: nothing before it is known.

Up to a person who says that he has it, the ladder (`gateway.turns.ladder`) goes on by itself. The caller hears that somebody was
texted when the network has taken an alert, who has seen it when that person has said so, and that nobody has when all were told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gateway import records
from gateway.core.conversation.emergencies import after_acknowledged, after_alert, after_nobody
from gateway.core.conversation.lead import Alert, Lead
from gateway.core.conversation.moves import Answer
from gateway.core.effects import Changed, Declined, Effect, EscalationChanged
from gateway.core.escalation.ladder import Kind, State, after_rung, with_rest
from gateway.core.escalation.people import Person
from gateway.core.events import Acknowledged
from gateway.core.outbound import Purpose
from gateway.core.wording import fixed_text
from gateway.records import EscalationRecord, LeadRecord, TextRecord
from gateway.turns import ladder, leads
from gateway.turns.context import Context

ALARM = ladder.ALARM
OF_ONE_LEAD, WITHIN = 6, timedelta(minutes=15)  # a telephone must stay usable in an emergency
_OF_ONE_ALERT = ("alert_", "not_covered")  # texts that are said once of each emergency
HOPEFUL = frozenset(
    {"queued", "submitting", "accepted", "delivered", "unconfirmed"}
)  # an alert that may reach somebody


def alarm(ctx: Context, record: LeadRecord, lead: Lead, words: str, key: str) -> tuple[Lead, list[Effect]]:
    """Tell our people at once. Where there is nobody to tell, the caller hears so."""
    records.note(ctx.db, ctx.now, f"lead:{record.id}", f"an emergency: {words[:300]!r}")
    known = records.escalation_of_lead(ctx.db, record.id)
    if known is not None and known.state in (State.ALERTING, State.ACKNOWLEDGED):
        _worse(ctx, known, lead, words, key)
        if known.state is State.ACKNOWLEDGED:  # and he still has it
            lead = replace(lead, alert=Alert.TOLD, taken_by=known.by, taker=record.lead.taker, nobody=False)
        return lead, []
    unsaid = frozenset(said for said in lead.said if not said.startswith(_OF_ONE_ALERT))
    lead = replace(lead, alert=Alert.UNDER_WAY, taken_by="", taker="", nobody=False, settled=False, said=unsaid)
    over(ctx, known, "the same caller tells of an emergency again")
    escalation = ladder.begin(ctx, Kind.EMERGENCY, record.id, record.peer, words)
    effects = ladder.climb(ctx, escalation, lead)
    if records.escalation_by_id(ctx.db, escalation.id).state is State.EXHAUSTED:
        records.note(ctx.db, ctx.now, f"lead:{record.id}", "there is nobody's phone to tell of it")
        return _told_caller(ctx, record, lead, Alert.FAILED), effects
    return lead, effects


def pass_on(ctx: Context, record: LeadRecord, lead: Lead, words: str, key: str) -> None:
    """Give what the caller has added to an emergency to who has it, else to everybody who was told."""
    escalation = records.escalation_of_lead(ctx.db, record.id)
    if escalation is None:
        return
    told = records.texts_about(ctx.db, record.id, Purpose.ESCALATION, ctx.now - WITHIN)
    if told >= OF_ONE_LEAD:
        say = f"not passed on, {told} texts of it within a quarter of an hour"
        records.note(ctx.db, ctx.now, f"lead:{record.id}", say)
        return
    relay = records.relay_of(ctx.db, record.peer, ctx.now)  # who has the conversation has read it already
    numbers = [number for number in _who_knows(ctx, escalation) if relay is None or number != relay.number]
    ladder.add_more(ctx, escalation, lead, numbers, words, key)


def due(ctx: Context) -> list[Effect]:
    """Go on with every ladder whose next step is due."""
    effects: list[Effect] = []
    for escalation in records.escalations_due(ctx.db, ctx.now):
        if not ladder.waits_longer(ctx, escalation):
            effects += _go_on(ctx, escalation, escalation.step + 1)
    return effects


def acknowledged(ctx: Context, event: Acknowledged) -> list[Effect]:
    """Somebody at the page (or a telephone that was rung) has it."""
    found = _meant(ctx, event)
    if found is None:
        return [Declined("there is no emergency that waits for somebody")]
    person = ctx.business.people.named(event.person) if event.person else None
    return take(ctx, found, person, event.by)


def take(
    ctx: Context, escalation: EscalationRecord, person: Person | None, by: str, *, told: bool = True
) -> list[Effect]:
    """Somebody has it: nobody else is told any more, who was told learns of it, and so does the caller.

    `by` in words, for people; declined with a sentence where somebody has it already, or it is settled. `told` False: the
    caller knows, and is not texted.
    """
    if escalation.state is State.ACKNOWLEDGED:
        return [Declined(f"{escalation.by} has it already")]
    if escalation.state is State.OVER:
        return [Declined("this is settled already")]
    name = (person.name if person is not None else "") or ""
    records.set_acknowledged(ctx.db, escalation.id, person.key if person else "", by, ctx.now)
    records.note(ctx.db, ctx.now, f"escalation:{escalation.id}", f"acknowledged by {by}")
    ladder.stop(ctx, escalation, f"{by} has it")
    if escalation.kind is Kind.DRILL:
        records.set_over(ctx.db, escalation.id, ctx.now)
    record = None if escalation.lead_id is None else records.lead_by_id(ctx.db, escalation.lead_id)
    ladder.tell_others(ctx, escalation, name or by, person.phone if person else "")
    effects: list[Effect] = [
        EscalationChanged(ctx.now, escalation.lead_id, State.ACKNOWLEDGED.value, escalation.rung, by),
        Changed("leads"),
    ]
    if record is not None:
        taker = name if person is not None else fixed_text(ctx.business, "office_person", record.lead.language)
        effects += leads.save(ctx, record, _taken(ctx, record, escalation, taker, by, told=told))
    return effects


def _taken(ctx: Context, record: LeadRecord, escalation: EscalationRecord, name: str, by: str, *, told: bool) -> Lead:
    """The lead that somebody has; "nobody has confirmed" is not true any more, and does not leave.

    The caller reads a `name` that the business has given to one of its people, or that it is somebody from the office; `by` is for
    the office.
    """
    lead = leads.take_back(ctx, record.peer, record.lead, "somebody has the emergency")
    if not told:
        return replace(lead, taken_by=by, taker=name, nobody=False, alert=Alert.TOLD)
    lead, asks = replace(lead, heard=record.lead.heard), leads.may_answer(ctx, record.peer)
    seen = after_acknowledged(lead, by, name, ctx.business.conversation, asks=asks)
    return _said(ctx, record, seen, f"escalation:{escalation.id}:seen")


def drill(ctx: Context, by: str) -> list[Effect]:
    """A test alarm goes up the real ladder, marked as one; declined while an emergency waits for somebody."""
    waiting = [str(each.code) for each in records.open_escalations(ctx.db)]
    if waiting:
        return [Declined(f"no drill now: {', '.join(waiting[:5])} is not over")]
    record = ladder.begin(ctx, Kind.DRILL, None, "", by)
    effects = ladder.climb(ctx, record, None)
    told = records.escalation_by_id(ctx.db, record.id).state is State.ALERTING
    return effects if told else [Declined("nobody's phone is set up to be told of an emergency")]


def spoken_with(ctx: Context, peer: str, who: str) -> list[Effect]:
    """The office and the caller speak by telephone: who speaks with him has it, and nobody is woken any more."""
    record = records.last_lead(ctx.db, peer)
    escalation = None if record is None else records.escalation_of_lead(ctx.db, record.id)
    if escalation is None or escalation.state not in (State.ALERTING, State.EXHAUSTED):
        return []
    return take(ctx, escalation, None, who, told=False)


def over(ctx: Context, escalation: EscalationRecord | None, why: str) -> None:
    """The matter is settled: nobody is told of it any more."""
    if escalation is not None and escalation.state is not State.OVER:
        ladder.stop(ctx, escalation, why)
        records.set_over(ctx.db, escalation.id, ctx.now)
        records.note(ctx.db, ctx.now, f"escalation:{escalation.id}", f"over: {why}")


def settled(ctx: Context, text: TextRecord, fate: Alert) -> list[Effect]:
    """It is known now what became of an alert. While others may still be told, one that failed is not said to the caller."""
    escalation = records.escalation_of_text(ctx.db, text.id)
    if fate is Alert.FAILED and escalation is not None and escalation.state is State.ALERTING:
        if HOPEFUL & set(records.alert_states(ctx.db, escalation.id)):
            return []
        effects = _go_on(ctx, escalation, _next_rung(ctx, escalation))
        if records.escalation_by_id(ctx.db, escalation.id).state is State.ALERTING:
            return effects
        return effects + _fate(ctx, text, fate)
    return _fate(ctx, text, fate)


def undelivered(ctx: Context, text: TextRecord) -> list[Effect]:
    """The network had taken the alert and could not deliver it: the next one is told at once; where there is none, nobody
    was told, and the caller must not believe so."""
    record = None if text.lead_id is None else records.lead_by_id(ctx.db, text.lead_id)
    if record is None or record.lead.alert not in (Alert.TOLD, Alert.UNSURE):
        return []
    records.note(ctx.db, ctx.now, f"lead:{record.id}", "an alert could not be delivered")
    escalation = records.escalation_of_text(ctx.db, text.id)
    effects: list[Effect] = []
    if escalation is not None:
        if escalation.state is State.ACKNOWLEDGED or HOPEFUL & set(records.alert_states(ctx.db, escalation.id)):
            return []
        if escalation.state is State.ALERTING:
            effects = _go_on(ctx, escalation, _next_rung(ctx, escalation), quiet=True)
            if records.escalation_by_id(ctx.db, escalation.id).state is State.ALERTING:
                return effects
        record = records.lead_by_id(ctx.db, record.id) or record
    lead = leads.take_back(ctx, record.peer, record.lead, "the alert was not delivered")
    lead = _told_caller(ctx, record, replace(lead, heard=record.lead.heard), Alert.FAILED)
    return effects + leads.save(ctx, record, lead)


def told_again(ctx: Context, record: LeadRecord, lead: Lead, key: str) -> Lead:
    """What became of the alert, once more from the start: the text that said so was taken back before it left."""
    if lead.taken_by:
        asks = leads.may_answer(ctx, record.peer)
        seen = after_acknowledged(lead, lead.taken_by, lead.taker, ctx.business.conversation, asks=asks)
        return replace(_said(ctx, record, seen, key), heard="")
    return replace(_told_caller(ctx, record, lead, lead.alert, key), heard="")


def _go_on(ctx: Context, escalation: EscalationRecord, number: int, *, quiet: bool = False) -> list[Effect]:
    """The step with that number; where nobody is left the caller who was told of an alert learns that nobody has confirmed.

    `quiet`: he is told something else.
    """
    record = None if escalation.lead_id is None else records.lead_by_id(ctx.db, escalation.lead_id)
    hopeful = HOPEFUL & set(records.alert_states(ctx.db, escalation.id))
    effects = ladder.climb(ctx, escalation, record.lead if record else None, number)
    if record is None or records.escalation_by_id(ctx.db, escalation.id).state is not State.EXHAUSTED:
        return effects
    rules = ctx.business.conversation
    lead = replace(record.lead, nobody=bool(records.told_of(ctx.db, escalation.id)))
    if record.lead.alert in (Alert.TOLD, Alert.UNSURE) and not quiet:
        covered = ladder.is_covered(ctx, record.lead, escalation.opened_at)
        truth = after_nobody(lead) if covered else after_alert(lead, lead.alert, rules, covered=False)
        warned = (
            lead.danger is not None
        )  # he must not wait for somebody who does not come, whoever writes to him besides
        lead = _said(ctx, record, truth, f"escalation:{escalation.id}:nobody", warned=warned)
    elif record.lead.alert is Alert.UNDER_WAY and not hopeful:
        lead = _told_caller(ctx, record, lead, Alert.FAILED)  # telephones rang in vain, and nobody was texted
    return effects + leads.save(ctx, record, lead)


def _next_rung(ctx: Context, escalation: EscalationRecord) -> int:
    return after_rung(with_rest(ctx.business.escalation.rungs), escalation.rung)


def _worse(ctx: Context, escalation: EscalationRecord, lead: Lead, words: str, key: str) -> None:
    """People know of it already, and now they learn of worse: those who were told, or who has it."""
    numbers = set(_who_knows(ctx, escalation))
    for person in ctx.business.people.everybody:
        if person.phone in numbers:
            ladder.tell(
                ctx, replace(escalation, words=words), lead, person, escalation.step, again=False, key=f":{key}"
            )


def _who_knows(ctx: Context, escalation: EscalationRecord) -> list[str]:
    """The telephones to which what is new goes: of who has it, else of everybody who was told."""
    person = ctx.business.people.named(escalation.person) if escalation.person else None
    return [person.phone] if person is not None else records.alerted_numbers(ctx.db, escalation.id)


def _meant(ctx: Context, event: Acknowledged) -> EscalationRecord | None:
    """The escalation that somebody has taken: the one he names, else the oldest that waits."""
    if event.escalation_id is not None:
        return records.escalation_by_id(ctx.db, event.escalation_id)
    if event.lead_id is not None:
        return records.escalation_of_lead(ctx.db, event.lead_id)
    return next(iter(records.open_escalations(ctx.db)), None)


def _fate(ctx: Context, text: TextRecord, fate: Alert) -> list[Effect]:
    """The caller, who waits to hear of it, is told what became of the first alert of which that is known."""
    record = None if text.lead_id is None else records.lead_by_id(ctx.db, text.lead_id)
    if record is None or record.lead.alert is not Alert.UNDER_WAY:
        return []
    records.note(ctx.db, ctx.now, f"lead:{record.id}", f"the alert to our people: {fate.value}")
    return leads.save(ctx, record, _told_caller(ctx, record, record.lead, fate))


def _told_caller(ctx: Context, record: LeadRecord, lead: Lead, fate: Alert, key: str = "") -> Lead:
    """The lead with the fate of the alert; the caller is told unless nothing may be written to him now."""
    escalation = records.escalation_of_lead(ctx.db, record.id)
    since = ctx.now if escalation is None else escalation.opened_at
    covered, asks = ladder.is_covered(ctx, lead, since), leads.may_answer(ctx, record.peer)
    told = after_alert(lead, fate, ctx.business.conversation, covered=covered, asks=asks)
    # He must not wait for somebody who is not told.
    failed = fate is Alert.FAILED and leads.may_be_warned(ctx, record.peer)
    if told.say is None or not (failed or leads.may_be_told(ctx, record.peer, lead)):
        return replace(lead, alert=fate)
    of_this = f"lead:{record.id}" if escalation is None else f"escalation:{escalation.id}"
    leads.say(ctx, record, told.lead, told.say, f"{key or of_this}:{fate.value}")
    return told.lead


def _said(ctx: Context, record: LeadRecord, told: Answer, key: str, *, warned: bool = False) -> Lead:
    """The lead behind a text about its emergency; as if there was none where nothing may be written to the caller.

    `warned`: he hears it wherever a safety text may go.
    """
    may = leads.may_be_told(ctx, record.peer, record.lead) or (warned and leads.may_be_warned(ctx, record.peer))
    if told.say is not None and may:
        leads.say(ctx, record, told.lead, told.say, key)
        return told.lead
    now = told.lead
    return replace(record.lead, taken_by=now.taken_by, taker=now.taker, nobody=now.nobody, alert=now.alert)
