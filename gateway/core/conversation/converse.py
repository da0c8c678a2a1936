"""The moves of a conversation: what a caller's text changes at once, and what is written back when he has finished.

A text is heard the moment it comes: a danger to people gets its safety text and an emergency its alert, whatever else is
going on. The answer waits until the writer has stopped. It asks one thing at a time and none twice, it says only what is
so, and whatever the box cannot do well it hands to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gateway.core.conversation.answers import ISSUE_LENGTH, merged
from gateway.core.conversation.hazards import hazard
from gateway.core.conversation.lanes import FOR_A_PERSON, NOT_CUSTOMERS, SMALL_TALK, lane_of, missing
from gateway.core.conversation.lead import Alert, Area, Fact, Facts, Lane, Lead, Stage, Urgency
from gateway.core.conversation.office import ConversationRules
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.outbound import Purpose
from gateway.core.understanding.language import spoken_in
from gateway.core.understanding.reader import Reading

JOBS = frozenset({"new_service", "booking_request", "price_question"})
ENDINGS = frozenset({"opt_out", "complaint", "cancel_appointment", "reschedule", "wrong_number"})
# A text with one of these intents is no answer to what was asked, however short it is.
NO_ANSWERS = ENDINGS | {"help", "human_request", "photo_only", "no", "thanks_ack", "opt_in"}
MANNERS = frozenset({"thanks_ack", "yes"})  # tell nobody anything; "no" may be "no need to come any more"
CLOSING = frozenset({Purpose.HANDOVER, Purpose.CONFIRMATION})
# With these a conversation ends; and what became of the alert.
ENDS = frozenset({"requested", "handed_over", "out_of_area", "wrong_number"}) | {
    name for name in CONVERSATION_TEXTS if name.startswith("noted")
}
FATES = frozenset(name for name in CONVERSATION_TEXTS if name.startswith("alert_")) | {"not_covered"}
TIMES_UNCLEAR = 2  # then a person looks
ANSWER, REFUSAL, NO_MORE = "answer", "refusal", "no_more"  # beside the intents: what a text is to the conversation
BARE = 2  # words
_NO_MORE = re.compile(
    r"some(?:one|body) else|found (?:some|a |an )|another (?:company|guy|place|plumber|electrician|roofer|locksmith|painter)"
    r"|(?:don'?t|do not|no longer) need|no longer (?:necessary|interested)|never ?mind|nvm|forget it|not interested"
    r"|all set|taken care of|otra (?:persona|compa|empresa)|a otro|encontr[eé] |ya no (?:lo |la )?(?:necesit|ocup|hace falta)|olvid",
    re.IGNORECASE,
)
_FLAG_ALONE = re.compile(r"\W*(?:urgent|urgente|emergency|emergencia|help|911)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Say:
    """One text to the caller: the template by its name, for the purpose."""

    purpose: Purpose
    template: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text changes at once. `alarm`: the owner is to be told now."""

    lead: Lead
    safety: Say | None = None
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written back. `pass_on`: what the caller has added goes to the owner, who knows of the emergency."""

    lead: Lead
    say: Say | None = None
    pass_on: bool = False


def hear(lead: Lead, reading: Reading, body: str, rules: ConversationRules) -> Heard:
    """Take in one text."""
    return _judged(_understood(lead, reading, body, rules), reading, body, rules, again=True)


def hear_together(lead: Lead, reading: Reading, body: str, rules: ConversationRules) -> Heard:
    """Take in what several texts, heard one by one before, say only when they are read as one."""
    order = list(Urgency)
    lead = replace(
        lead,
        heard=reading.intent if lead.heard in SMALL_TALK else lead.heard,
        intent=reading.intent if lead.intent in SMALL_TALK else lead.intent,
        urgency=min((lead.urgency, Urgency(reading.urgency)), key=order.index),
        facts=replace(lead.facts, service=lead.facts.service or reading.service),
    )
    return _judged(lead, reading, body, rules, again=False)


def hear_picture(lead: Lead, rules: ConversationRules) -> Heard:
    """Take in the notice of a picture, which the box cannot receive."""
    lead = replace(
        lead, heard=lead.heard or "photo_only", intent="photo_only" if lead.intent in SMALL_TALK else lead.intent
    )
    lane, why = lane_of(lead, rules)
    return Heard(replace(lead, lane=lane, why=why))


def _judged(lead: Lead, reading: Reading, body: str, rules: ConversationRules, *, again: bool) -> Heard:
    """The lane, and what cannot wait until the writer has finished. `again`: an alert that failed is tried again."""
    lane, why = lane_of(lead, rules)
    lead = replace(lead, lane=lane, why=why)
    safety = None
    known = lead.alert in (Alert.UNDER_WAY, Alert.TOLD, Alert.UNSURE)
    worse = False  # the owner knows of less than this
    if reading.life_safety:
        danger = hazard(body)
        lead = replace(lead, danger=lead.danger or danger, lane=Lane.ESCALATE, why="danger to people")
        if f"safety_{danger}" not in lead.said:
            worse = again and known
            safety = Say(Purpose.SAFETY, f"safety_{danger}")
            lead = replace(lead, said=lead.said | {safety.template})
    if worse:
        return Heard(replace(lead, news=False), safety, alarm=True)
    retry = again and lead.alert is Alert.FAILED and reading.urgency == Urgency.EMERGENCY
    if lead.lane is not Lane.ESCALATE or not (lead.alert is Alert.NONE or retry):
        return Heard(lead, safety)
    # What is written now goes with the alert, and the caller is answered when it is known what became of that.
    return Heard(replace(lead, alert=Alert.UNDER_WAY, heard="", news=False), safety, alarm=True)


def answer(lead: Lead, rules: ConversationRules, *, person_writes: bool = False) -> Answer:
    """What the box writes back to everything heard since its last answer.

    `person_writes`: a person of the office has the conversation; nothing is said then.
    """
    heard, news = lead.heard, lead.news
    lead = replace(lead, heard="", news=False)
    pass_on = news and lead.alert in (Alert.UNDER_WAY, Alert.TOLD, Alert.UNSURE) and heard not in NOT_CUSTOMERS
    if person_writes or not heard or lead.stage in (Stage.OPTED_OUT, Stage.HANDED_OVER):
        return Answer(lead, None, pass_on)
    before, lead = lead, replace(lead, question=None)
    lead, say = _next(lead, heard, before, rules)
    if say is not None and say.template in lead.said:  # nothing is said twice in one conversation
        say = _afterwards(lead, heard) if say.purpose in CLOSING else None
        say = None if say is not None and say.template in lead.said else say
    if say is not None:
        lead = replace(lead, said=lead.said | {say.template}, automatic=lead.automatic + 1)
    if heard not in (ANSWER, REFUSAL) and lead.question is None:
        lead = replace(lead, question=before.question)  # it stays open
    return Answer(lead, say, pass_on)


def after_alert(lead: Lead, fate: Alert, rules: ConversationRules, *, covered: bool) -> Answer:
    """The truth for the caller once it is known what became of the alert; with it the first question of an emergency.

    `covered`: somebody is on call at this hour.
    """
    lead = replace(lead, alert=fate)
    match fate:
        case Alert.TOLD if not covered:
            say = Say(Purpose.ANSWER, "not_covered")
        case Alert.TOLD:
            wanted = _wanted_in_emergency(lead, rules)
            if wanted is not None and lead.automatic < rules.most_texts:
                lead = replace(lead, asked=(*lead.asked, wanted), question=wanted)
                say = Say(Purpose.QUESTION, f"alert_sent_ask_{wanted}")
            else:
                say = Say(Purpose.ANSWER, "alert_sent")
        case Alert.UNSURE:
            say = Say(Purpose.ANSWER, "alert_unsure")
        case _:
            say = Say(Purpose.ANSWER, "alert_failed")
    if say.template in lead.said:
        return Answer(lead)
    return Answer(replace(lead, said=lead.said | {say.template}, automatic=lead.automatic + 1), say)


def unsaid(lead: Lead, name: str) -> Lead:
    """The lead as if a text that did not leave had never been written; `name` is that of its template.

    What the caller had said before it is heard again, so that it is answered with what comes next.
    """
    if name.startswith("safety_"):
        return replace(lead, said=lead.said - {name})
    fact = next((fact for fact in lead.asked if name.endswith(f"ask_{fact}")), None)
    ended = name in ENDS and lead.stage in (Stage.COMPLETE, Stage.HANDED_OVER, Stage.CLOSED)
    return replace(
        lead,
        stage=Stage.TALKING if ended else lead.stage,
        heard=lead.heard or ("" if name in FATES or lead.intent in SMALL_TALK else lead.intent),
        said=lead.said - {name},
        asked=tuple(each for each in lead.asked if each != fact),
        question=None if lead.question == fact else lead.question,
        automatic=max(0, lead.automatic - 1),
    )


def follow_up(lead: Lead, rules: ConversationRules) -> Answer:
    """The one text into a silence; a second silence ends the conversation, and so does the first after `most_texts`."""
    enough = "follow_up" in lead.said or lead.automatic >= rules.most_texts
    done = lead.lane is Lane.ESCALATE or enough  # an emergency is a person's, and nobody is chased
    if lead.stage is not Stage.TALKING or lead.question is None or done:
        return Answer(fell_silent(lead))
    lead = replace(lead, said=lead.said | {"follow_up"}, automatic=lead.automatic + 1)
    return Answer(lead, Say(Purpose.FOLLOW_UP, "follow_up"))


def wants_texts_again(lead: Lead, rules: ConversationRules) -> Lead:
    """The lead of somebody who had opted out; a job that he told of before is heard now."""
    job = lead.facts.service is not None or lead.facts.issue is not None
    intent = lead.intent if lead.intent != "opt_out" else "new_service" if job else "unclear"
    lead = replace(lead, stage=Stage.TALKING, intent=intent, heard=intent if job else "")
    lane, why = lane_of(lead, rules)
    return replace(lead, lane=lane, why=why)


def fell_silent(lead: Lead) -> Lead:
    """No answer came; nothing more is asked."""
    return replace(lead, stage=Stage.SILENT) if lead.stage is Stage.TALKING else lead


def next_step(lead: Lead) -> str:
    """What has to happen now, in the office's words; "" when nothing has to."""
    match lead.lane:
        case Lane.ESCALATE:
            told = {
                Alert.TOLD: "the owner has been texted",
                Alert.UNSURE: "not sure whether the owner was texted",
                Alert.FAILED: "the owner could not be texted",
            }
            return f"emergency: call now ({told.get(lead.alert, 'the owner is being texted')})"
        case Lane.NONE:
            return ""
        case None:
            return "waits for the caller's answer to our first text"
        case Lane.BOOK:
            return f"confirm the appointment: {lead.facts.timeline}"
        case _ if lead.stage is Stage.TALKING and lead.question is not None:
            return f"waits for an answer ({lead.question}); {lead.why}"
        case _ if lead.stage is Stage.SILENT:
            return f"stopped answering: call; {lead.why}"
        case _:
            return f"answer: {lead.why}"


def _understood(lead: Lead, reading: Reading, body: str, rules: ConversationRules) -> Lead:
    """The lead with what the text says; a lead only becomes more urgent by itself, never less."""
    moved = reading.intent == "reschedule" and lead.intent in JOBS
    question = lead.question if moved or _may_answer(reading.intent, lead.question) else None
    facts = merged(lead.facts, reading, body, question)
    answered = question is not None and _tells(facts, lead.facts, question)
    if (
        facts.issue is None
        and (reading.intent in JOBS or reading.urgency == Urgency.EMERGENCY)
        and not _FLAG_ALONE.fullmatch(body)
    ):
        facts = replace(facts, issue=" ".join(body.split())[:ISSUE_LENGTH])
    order = list(Urgency)
    urgency = min((lead.urgency, Urgency(reading.urgency)), key=order.index)
    intent = reading.intent
    if moved:
        intent, answered = lead.intent, True  # another day for what is only being asked for
    if lead.intent not in SMALL_TALK and (intent in SMALL_TALK or (answered and intent not in ENDINGS)):
        intent = lead.intent  # an answer does not change the matter
    if lead.intent in JOBS and intent == "help":
        intent = lead.intent  # neither does a question about us
    first = lead.facts == Facts(name=lead.facts.name) and not lead.automatic
    language = rules.spoken(spoken_in(body, enough=1 if first else 2) or lead.language)
    heard = _heard(lead, reading, body, answered=answered)
    if heard == "unclear":
        intent = lead.intent
    if lead.heard not in ("", *SMALL_TALK) and (heard in SMALL_TALK or heard == ANSWER):
        heard = lead.heard  # of several texts the one that says most
    return replace(
        lead,
        facts=facts,
        urgency=urgency,
        intent=intent,
        heard=heard,
        news=lead.news or facts != lead.facts or heard not in MANNERS,
        language=language,
        stage=Stage.TALKING if _reopens(lead, reading) else lead.stage,
    )


def _may_answer(intent: str, question: str | None) -> bool:
    """Whether words of this intent can be the answer to the question: "no" only to one of the business's own."""
    return intent not in NO_ANSWERS or (intent == "no" and question not in set(Fact))


def _heard(lead: Lead, reading: Reading, body: str, *, answered: bool) -> str:
    """What a text is to the conversation: an intent, or one of ANSWER, REFUSAL and NO_MORE."""
    if answered and reading.intent in (*SMALL_TALK, *JOBS, "existing_customer", "call_me_back", "reschedule"):
        return ANSWER
    if reading.intent == "no":
        if _NO_MORE.search(body):
            return NO_MORE
        return REFUSAL if lead.question is not None and len(body.split()) <= BARE else "no"
    if reading.intent in NOT_CUSTOMERS - {"opt_out", "help"} and lead.facts.issue is not None:
        return "unclear"  # who has a job for us does not turn into a salesman: a person looks
    return reading.intent


def _tells(now: Facts, before: Facts, question: str) -> bool:
    """The text answers the question, or tells something else."""
    return now != before or (question in set(Fact) and not missing(now, (Fact(question),)))


def _reopens(lead: Lead, reading: Reading) -> bool:
    """After an end, something new to do makes it a conversation again. What a person has taken stays with him."""
    return lead.stage in (Stage.CLOSED, Stage.SILENT, Stage.COMPLETE) and (
        reading.intent not in SMALL_TALK | NOT_CUSTOMERS or reading.urgency == Urgency.EMERGENCY
    )


def _next(lead: Lead, heard: str, before: Lead, rules: ConversationRules) -> tuple[Lead, Say | None]:
    """The next text, whatever has been said before."""
    if lead.lane is Lane.ESCALATE:
        return _in_emergency(lead, rules)
    if heard in NOT_CUSTOMERS - {"wrong_number", "help"}:
        return replace(lead, stage=Stage.CLOSED), None
    if heard == "wrong_number":
        return replace(lead, stage=Stage.CLOSED), Say(Purpose.CLOSING, "wrong_number")
    if lead.lane is Lane.NONE and heard in ("thanks_ack", "no", NO_MORE):
        return replace(lead, stage=Stage.CLOSED), None
    if heard == "thanks_ack":
        return lead, None
    if lead.automatic >= rules.most_texts:
        return replace(lead, stage=Stage.HANDED_OVER), None
    if heard == "help":
        return lead, Say(Purpose.ANSWER, "who_we_are")
    if heard == "photo_only":
        return replace(lead, question=before.question or Fact.SERVICE), Say(Purpose.ANSWER, "no_pictures")
    if lead.stage is Stage.COMPLETE:
        return lead, _afterwards(lead, heard)
    if heard == "unclear":
        lead = replace(lead, unclear=lead.unclear + 1)
        if lead.unclear >= TIMES_UNCLEAR:
            return replace(lead, stage=Stage.HANDED_OVER), Say(Purpose.HANDOVER, "handed_over")
    else:
        lead = replace(lead, unclear=0)
    if lead.intent in FOR_A_PERSON and lead.intent not in ("price_question", "photo_only"):
        return _for_a_person(lead)
    if rules.area.holds(lead.facts) is Area.OUTSIDE:
        return replace(lead, stage=Stage.COMPLETE), Say(Purpose.OUT_OF_AREA, "out_of_area")
    booking = rules.bookable(lead.facts.service) and lead.urgency is not Urgency.URGENT
    wanted = _wanted(lead, rules, Lane.BOOK if booking else Lane.MESSAGE)
    if wanted is not None:
        return _ask(lead, wanted)
    return _done(lead)


def _afterwards(lead: Lead, heard: str) -> Say | None:
    """What is said to a text that comes when everything has been asked: what is so, and no more."""
    if heard in SMALL_TALK or heard in (REFUSAL, NO_MORE):
        return None
    if lead.lane is Lane.BOOK and heard != ANSWER:
        return Say(Purpose.ANSWER, "not_confirmed")
    return Say(Purpose.ANSWER, "added")


def _in_emergency(lead: Lead, rules: ConversationRules) -> tuple[Lead, Say | None]:
    """The first question of an emergency goes with the truth about the alert (`after_alert`); here come the others."""
    if lead.alert not in (Alert.TOLD, Alert.UNSURE):
        return lead, None
    wanted = _wanted_in_emergency(lead, rules)
    if wanted is not None and lead.automatic < rules.most_texts:
        return _ask(lead, wanted)
    return replace(lead, stage=Stage.COMPLETE), None


def _wanted(lead: Lead, rules: ConversationRules, lane: Lane) -> str | None:
    """What is asked next: the first usual fact that is not known, then the business's own questions. Nothing twice."""
    own = [one.key for one in rules.own_questions(lead.facts.service, lane) if lead.facts.answer(one.key) is None]
    return next((fact for fact in (*missing(lead.facts, rules.needs(lane)), *own) if fact not in lead.asked), None)


def _wanted_in_emergency(lead: Lead, rules: ConversationRules) -> str | None:
    """Somebody who only wrote URGENT is asked what has happened before anything else."""
    if missing(lead.facts, (Fact.SERVICE,)) and Fact.SERVICE not in lead.asked:
        return Fact.SERVICE
    return _wanted(lead, rules, Lane.ESCALATE)


def _ask(lead: Lead, fact: str) -> tuple[Lead, Say | None]:
    template = f"ask_{fact}"
    if lead.intent == "price_question" and "price" not in lead.said and f"price_{template}" in CONVERSATION_TEXTS:
        template = f"price_{template}"
        lead = replace(lead, said=lead.said | {"price"})
    elif lead.unclear and f"again_{template}" in CONVERSATION_TEXTS:
        template = f"again_{template}"
    return replace(lead, asked=(*lead.asked, fact), question=fact), Say(Purpose.QUESTION, template)


def _for_a_person(lead: Lead) -> tuple[Lead, Say | None]:
    template = {
        "complaint": "noted_complaint",
        "call_me_back": "noted_call",
        "human_request": "noted_person",
        "reschedule": "noted_change",
        "cancel_appointment": "noted_change",
    }.get(lead.intent, "noted")
    return replace(lead, stage=Stage.HANDED_OVER), Say(Purpose.HANDOVER, template)


def _done(lead: Lead) -> tuple[Lead, Say | None]:
    lead = replace(lead, stage=Stage.COMPLETE)
    if lead.lane is Lane.BOOK:
        return lead, Say(Purpose.CONFIRMATION, "requested")
    if lead.intent == "price_question" and "price" not in lead.said:
        return lead, Say(Purpose.HANDOVER, "noted_price")
    return lead, Say(Purpose.HANDOVER, "noted")
