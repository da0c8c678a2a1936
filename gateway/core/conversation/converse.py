"""The next move of a conversation: what a text of the caller changes, and what the box writes back.

The order is fixed: an opt-out ends it, a danger to people comes before every question, an emergency tells the owner, and
only then is a question asked, one at a time, never the same twice. Whatever the box cannot do well it hands over.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from gateway.core.conversation.answers import ISSUE_LENGTH, merged
from gateway.core.conversation.lanes import FOR_A_PERSON, SMALL_TALK, lane_of, missing
from gateway.core.conversation.lead import Area, Fact, Lane, Lead, Stage, Urgency
from gateway.core.conversation.office import ConversationRules
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.outbound import Purpose
from gateway.core.understanding.language import Language
from gateway.core.understanding.reader import Reading

JOBS = frozenset({"new_service", "booking_request", "price_question"})
SILENT_INTENTS = frozenset({"spam", "vendor_or_sales", "job_seeker", "opt_in"})
TIMES_UNCLEAR = 2  # then a person looks


@dataclass(frozen=True, slots=True)
class Say:
    """One text to the caller: the template by its name, for the purpose."""

    purpose: Purpose
    template: str


@dataclass(frozen=True, slots=True)
class Move:
    """What follows from a text: the lead as it is now, what is written, whether the owner is alerted, what a person does."""

    lead: Lead
    says: tuple[Say, ...] = ()
    alert: bool = False
    task: str = ""  # for the office's list, in its words; "" when there is nothing
    because: tuple[str, ...] = field(default=())


def converse(lead: Lead, reading: Reading, body: str, rules: ConversationRules, *, person_writes: bool = False) -> Move:
    """Answer one text, or several that were written in one go.

    `person_writes`: a person of the office has taken the conversation over; then nothing is said but the safety line.
    """
    lead = _understood(lead, reading, body)
    lead = replace(lead, language=rules.spoken(lead.language))
    lane, why = lane_of(lead, rules)
    lead = replace(lead, lane=lane, why=why)
    says: list[Say] = []
    alert = lane is Lane.ESCALATE and not lead.alerted
    if reading.life_safety and reading_hazard(lead) not in lead.said:
        says.append(Say(Purpose.SAFETY, reading_hazard(lead)))
    if alert:
        lead = replace(lead, alerted=True)
    if person_writes or lead.stage in (Stage.OPTED_OUT, Stage.HANDED_OVER):
        return _move(lead, says, alert, reading, task="the caller wrote again")
    lead, more, task = _next(lead, reading, rules, first=not says)
    return _move(lead, [*says, *more], alert, reading, task)


def reading_hazard(lead: Lead) -> str:
    """The safety text for the hazard of a lead."""
    return f"safety_{lead.danger or 'danger'}"


def _understood(lead: Lead, reading: Reading, body: str) -> Lead:
    """The lead with what the text says; a lead only becomes more urgent by itself, never less."""
    facts = merged(lead.facts, reading, body, lead.question)
    if facts.issue is None and reading.intent in JOBS:
        facts = replace(facts, issue=" ".join(body.split())[:ISSUE_LENGTH])
    order = list(Urgency)
    urgency = min((lead.urgency, Urgency(reading.urgency)), key=order.index)
    intent = lead.intent if reading.intent in SMALL_TALK and lead.intent not in SMALL_TALK else reading.intent
    answered = lead.question is not None and facts != lead.facts
    if (
        answered
        and lead.intent not in SMALL_TALK
        and reading.intent not in ("opt_out", "complaint", "cancel_appointment")
    ):
        intent = lead.intent  # an answer does not change the matter
    language = lead.language if reading.lang is Language.MIXED else str(reading.lang)
    if lead.automatic and len(body.split()) <= 2:
        language = lead.language  # a bare name or number tells nothing of the language
    usable = answered or reading.intent not in ("unclear",) or reading.urgency != "none"
    return replace(
        lead,
        facts=facts,
        urgency=urgency,
        intent=intent,
        language=language,
        danger=lead.danger or ("danger" if reading.life_safety else None),
        unclear=0 if usable else lead.unclear + 1,
        question=None,
    )


def _next(lead: Lead, reading: Reading, rules: ConversationRules, *, first: bool) -> tuple[Lead, list[Say], str]:
    """What is written beside safety and alert. `first` False: a safety text goes already, no question comes with it."""
    if lead.intent in SILENT_INTENTS:
        return replace(lead, stage=Stage.CLOSED), [], ""
    if lead.intent == "wrong_number":
        return replace(lead, stage=Stage.CLOSED), [Say(Purpose.CLOSING, "wrong_number")], ""
    if reading.intent in ("thanks_ack", "no") and lead.facts.issue is None and lead.lane is Lane.NONE:
        return replace(lead, stage=Stage.CLOSED), [], ""
    if lead.automatic >= rules.most_texts:
        return replace(lead, stage=Stage.HANDED_OVER), [], "the box has asked enough: please go on by hand"
    if lead.lane is Lane.ESCALATE:
        return _in_emergency(lead, rules, first=first)
    if lead.intent == "photo_only" and "no_pictures" not in lead.said:
        return replace(lead, question=Fact.SERVICE), [Say(Purpose.ANSWER, "no_pictures")], FOR_A_PERSON["photo_only"]
    if lead.unclear >= TIMES_UNCLEAR:
        return _hand_over(lead, "not understood twice: a person has to read it")
    if lead.intent in FOR_A_PERSON and lead.intent not in ("price_question", "photo_only"):
        return _for_a_person(lead)
    if rules.area.holds(lead.facts) is Area.OUTSIDE:
        return replace(lead, stage=Stage.COMPLETE), [Say(Purpose.OUT_OF_AREA, "out_of_area")], "outside the area"
    booking = rules.bookable(lead.facts.service) and lead.urgency is not Urgency.URGENT
    wanted = _wanted(lead, rules, Lane.BOOK if booking else Lane.MESSAGE)
    if wanted is not None:
        return _ask(lead, wanted)
    return _done(lead)


def _wanted(lead: Lead, rules: ConversationRules, lane: Lane) -> str | None:
    """What is asked next: the first usual fact that is not known, then the business's own questions. Nothing twice."""
    own = [one.key for one in rules.own_questions(lead.facts.service, lane) if lead.facts.answer(one.key) is None]
    return next((fact for fact in (*missing(lead.facts, rules.needs(lane)), *own) if fact not in lead.asked), None)


def _in_emergency(lead: Lead, rules: ConversationRules, *, first: bool) -> tuple[Lead, list[Say], str]:
    task = "an emergency: the owner is being told"
    wanted = _wanted(lead, rules, Lane.ESCALATE)
    if first and wanted is not None:
        lead, says, _ = _ask(lead, wanted)
        return lead, says, task
    return lead, [], task


def _ask(lead: Lead, fact: str) -> tuple[Lead, list[Say], str]:
    template = f"ask_{fact}"
    if lead.intent == "price_question" and "price" not in lead.said and f"price_{template}" in CONVERSATION_TEXTS:
        template = f"price_{template}"
        lead = replace(lead, said=lead.said | {"price"})
    if fact == Fact.SERVICE and lead.unclear:
        template = "ask_again"
    return replace(lead, asked=(*lead.asked, fact), question=fact), [Say(Purpose.QUESTION, template)], ""


def _for_a_person(lead: Lead) -> tuple[Lead, list[Say], str]:
    template = {"complaint": "noted_complaint", "call_me_back": "noted_call", "human_request": "noted_call"}.get(
        lead.intent, "noted_change"
    )
    return replace(lead, stage=Stage.HANDED_OVER), [Say(Purpose.HANDOVER, template)], FOR_A_PERSON[lead.intent]


def _hand_over(lead: Lead, task: str) -> tuple[Lead, list[Say], str]:
    return replace(lead, stage=Stage.HANDED_OVER), [Say(Purpose.HANDOVER, "noted")], task


def _done(lead: Lead) -> tuple[Lead, list[Say], str]:
    lead = replace(lead, stage=Stage.COMPLETE)
    if lead.lane is Lane.BOOK:
        return lead, [Say(Purpose.CONFIRMATION, "requested")], "wants an appointment: please confirm"
    return lead, [Say(Purpose.HANDOVER, "noted")], lead.why


def _move(lead: Lead, says: list[Say], alert: bool, reading: Reading, task: str) -> Move:
    """Nothing is said twice in one conversation."""
    fresh = tuple(say for say in says if say.template not in lead.said)
    lead = replace(lead, said=lead.said | {say.template for say in fresh}, automatic=lead.automatic + len(fresh))
    return Move(lead, fresh, alert, task, reading.because)
