"""Turns of what people put right: what is known of a lead, and what was understood of a text.

What a person has said wins over what the box has understood, and is not asked for. Nobody takes an emergency of a later text
away with it: what people say is about what was written so far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway import records
from gateway.clock import to_ms
from gateway.core import events
from gateway.core.conversation.lanes import lane_of, missing, unanswered
from gateway.core.conversation.lead import Alert, Fact, Lane, Lead, Urgency
from gateway.core.desk.hold import person_of
from gateway.core.desk.putting_right import (
    TOLD,
    agreed,
    cleaned,
    labels_read,
    now_known,
    titled,
    with_facts,
    wrong_fact,
    wrong_label,
)
from gateway.core.effects import Changed, Declined, Effect
from gateway.core.escalation.ladder import State
from gateway.core.policy import ContactKind
from gateway.records import LeadRecord, LetterRead
from gateway.turns import escalation, leads, office, unread
from gateway.turns.context import Context

NO_LEAD = "there is no such lead"


def lead_corrected(ctx: Context, event: events.LeadCorrected) -> list[Effect]:
    """What is known of a lead is put right."""
    record = records.lead_by_id(ctx.db, event.lead_id)
    if record is None:
        return [Declined(NO_LEAD)]
    facts = {name: cleaned(value) for name, value in event.facts.items()}
    for name, value in facts.items():
        if (sorry := wrong_fact(name, value, ctx.business.conversation.services)) is not None:
            return [Declined(sorry)]
    if (
        not facts.keys().isdisjoint(("urgency", "lane"))
        and (sorry := unread.why_not(ctx, record, event.upto)) is not None
    ):
        return [Declined(sorry)]
    return _put_right(ctx, record, facts, event.by)


def text_corrected(ctx: Context, event: events.TextCorrected) -> list[Effect]:
    """What was understood of a text is put right: a case to learn from, and where it counts the lead is put right too."""
    letter = records.letter_read(ctx.db, event.letter_id)
    if letter is None or not letter.words.strip():
        return [Declined("there is no such text")]
    services = ctx.business.conversation.services
    labels = {name: cleaned(value) for name, value in event.labels.items()}
    for name, value in labels.items():
        if (sorry := wrong_label(name, value, services)) is not None:
            return [Declined(sorry)]
    was = labels_read(letter.reading)
    should = agreed({**was, **labels})
    name = person_of(event.by)
    changed = {label: value for label, value in should.items() if value != was[label]}
    records.settle_reviews_of_letter(ctx.db, letter.id, name, ctx.now)
    if not changed:
        records.drop_correction(ctx.db, letter.id)
        return [Changed("reviews")]
    records.set_correction(ctx.db, letter, ctx.business.trade, should, event.by, ctx.now)
    said = ", ".join(f"{titled(label)}: {value.replace('_', ' ') or 'no'}" for label, value in changed.items())
    subject = f"peer:{letter.peer}" if letter.lead_id is None else f"lead:{letter.lead_id}"
    records.note(ctx.db, ctx.now, subject, f"{name}: text {letter.id} should have been read as {said}")
    effects: list[Effect] = [Changed("reviews")]
    return [*effects, *_counts(ctx, letter, was, changed, event.by)] if event.counts else effects


def _counts(
    ctx: Context, letter: LetterRead, was: Mapping[str, str], changed: Mapping[str, str], by: str
) -> list[Effect]:
    """The lead as if the text had been read so."""
    effects: list[Effect] = []
    record = None if letter.lead_id is None else records.lead_by_id(ctx.db, letter.lead_id)
    if record is not None:
        lead = record.lead
        facts = {
            name: value
            for name, value in changed.items()
            if name in (*TOLD, "service", "urgency") and (value or now_known(lead, name) == was[name])
        }
        if "urgency" in facts and facts["urgency"] != Urgency.EMERGENCY and not _made_urgent(ctx, record, letter, was):
            del facts["urgency"]  # another text has made it so urgent, or a person
        if "intent" in changed and lead.intent == was["intent"] and not _also_meant(ctx, letter, was["intent"]):
            other = replace(lead, intent=changed["intent"])
            if lead.lane not in (Lane.ESCALATE, None):
                lane, why = lane_of(replace(other, heard=changed["intent"]), ctx.business.conversation)
                other = replace(other, lane=lane, why=why)
            effects += leads.save(ctx, record, other)
            record = records.lead_by_id(ctx.db, record.id) or record
        effects += _put_right(ctx, record, facts, by)
    if changed.get("opt_out"):
        basis = f"{person_of(by)}, from their text: {letter.words[:200]}"
        effects += office.contact_set(ctx, events.ContactSet(ctx.now, letter.peer, ContactKind.OPTED_OUT, basis=basis))
    return effects


def _made_urgent(ctx: Context, record: LeadRecord, letter: LetterRead, was: Mapping[str, str]) -> bool:
    """Whether the lead is as urgent as it is because of this text, and of no other."""
    lead = record.lead
    if lead.urgency.value != was["urgency"] or "urgency" in records.corrections_of(ctx.db, record.id):
        return False
    known = records.escalation_of_lead(ctx.db, record.id)
    since = None if known is None or known.state is State.OVER else known.opened_at
    return all(labels_read(other)["urgency"] != lead.urgency for other in records.other_letters(ctx.db, letter, since))


def _also_meant(ctx: Context, letter: LetterRead, intent: str) -> bool:
    """Whether another text of the lead means the same."""
    return any(labels_read(other)["intent"] == intent for other in records.other_letters(ctx.db, letter, None))


def _put_right(ctx: Context, record: LeadRecord, facts: Mapping[str, str], by: str) -> list[Effect]:
    known = {name: now_known(record.lead, name) for name in facts}
    corrected = records.corrections_of(ctx.db, record.id)
    changes = {
        name: value for name, value in facts.items() if value != known[name] or (value and name not in corrected)
    }
    if not changes:
        return []
    name = person_of(by)
    for fact, value in changes.items():
        if value:
            was = corrected[fact]["was"] if fact in corrected else known[fact]
            corrected[fact] = {"value": value, "was": was, "by": by, "at": to_ms(ctx.now)}
        else:
            corrected.pop(fact, None)
        told = ctx.business.conversation.services[value].label if fact == "service" and value else value
        before = f" (was: {known[fact].replace('_', ' ')})" if known[fact] else ""
        records.note(
            ctx.db,
            ctx.now,
            f"lead:{record.id}",
            f"{name} put right {titled(fact)}: {told.replace('_', ' ') or 'not known'}{before}",
        )
    records.set_corrections(ctx.db, record.id, corrected)
    lead = replace(
        record.lead,
        facts=with_facts(record.lead.facts, changes),
        fixed=frozenset(corrected),
    )
    lead, effects = _judged(ctx, record, lead, changes, name)
    lead = _asked_no_more(ctx, record, lead)
    return [*effects, *leads.save(ctx, record, lead), Changed("leads")]


def _judged(
    ctx: Context, record: LeadRecord, lead: Lead, changes: Mapping[str, str], name: str
) -> tuple[Lead, list[Effect]]:
    """The lead in its lane, after what was put right; our people are told of an emergency, or no more."""
    urgency = Urgency(changes["urgency"]) if "urgency" in changes else lead.urgency
    if urgency is Urgency.EMERGENCY and lead.lane is not Lane.ESCALATE:
        fresh = lead.alert is Alert.NONE or lead.settled
        lead = replace(lead, urgency=urgency, lane=Lane.ESCALATE, why=f"an emergency, says {name}")
        if not fresh:
            return lead, []
        lead = replace(lead, alert=Alert.UNDER_WAY, taken_by="", taker="", nobody=False, settled=False)
        words = lead.facts.issue or f"{name} says that this is an emergency"
        return escalation.alarm(ctx, record, lead, words, f"desk:{record.id}:{to_ms(ctx.now)}")
    if "urgency" in changes and lead.lane is Lane.ESCALATE and urgency is not Urgency.EMERGENCY:
        known = records.escalation_of_lead(ctx.db, record.id)
        if known is not None and known.state is not State.OVER:
            escalation.over(ctx, known, f"no emergency, says {name}")
        lead = replace(lead, lane=None, danger=None, settled=lead.alert is not Alert.NONE, taken_by="", taker="")
    if lead.lane is None and record.lead.lane is None:
        return replace(lead, urgency=urgency), []  # they have not written yet
    lead = replace(lead, urgency=urgency)
    if "lane" in changes and lead.lane is not Lane.ESCALATE:
        return replace(lead, lane=Lane(changes["lane"]), why=f"{name} says so"), []
    lane, why = lane_of(lead, ctx.business.conversation)
    return replace(lead, lane=lane, why=why), []


def _asked_no_more(ctx: Context, record: LeadRecord, lead: Lead) -> Lead:
    """What is known now is not asked: a question that waits in the queue is taken back, and the next one takes its place."""
    if lead.question is None or not _known(lead, lead.question, ctx):
        return lead
    waits = bool(records.conversation_to(ctx.db, record.peer))
    if waits:
        lead = leads.take_back(ctx, record.peer, lead, "it is known now")
        records.set_lead_times(ctx.db, record.id, reply_at=ctx.now, follow_up_at=None)
    else:
        records.set_lead_times(ctx.db, record.id, reply_at=record.reply_at, follow_up_at=None)
    return replace(lead, question=None)


def _known(lead: Lead, question: str, ctx: Context) -> bool:
    if question in set(Fact):
        return not missing(lead.facts, (Fact(question),))
    return question not in unanswered(lead.facts, ctx.business.conversation) and bool(lead.facts.answer(question))
