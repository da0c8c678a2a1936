"""What a caller's text changes the moment it comes: facts, urgency, lane, and what cannot wait for an answer.

A danger to people gets its safety text and an emergency its alert at once, whatever else is going on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gateway.core.conversation.answers import ISSUE_LENGTH, merged
from gateway.core.conversation.callreply import behind_a_call, replied
from gateway.core.conversation.hazards import hazard
from gateway.core.conversation.intents import STRANGERS, meaning, tells_facts
from gateway.core.conversation.lanes import FOR_A_PERSON, NOT_CUSTOMERS, SMALL_TALK, lane_of, missing
from gateway.core.conversation.lead import Alert, Fact, Facts, Lane, Lead, Stage, Urgency
from gateway.core.conversation.limits import TIMES_UNCLEAR
from gateway.core.conversation.moves import ANSWER, GREETING, JOBS, NO_MORE, QUESTION, REFUSAL, Say
from gateway.core.conversation.office import ConversationRules
from gateway.core.conversation.other_number import noted
from gateway.core.conversation.pieces import lone_name
from gateway.core.conversation.together import gravity
from gateway.core.outbound import Purpose
from gateway.core.understanding.language import spoken_in
from gateway.core.understanding.other_numbers import is_only_a_number
from gateway.core.understanding.reader import Reading

ENDINGS = frozenset({"opt_out", "complaint", "cancel_appointment", "reschedule", "wrong_number"})
# A text with one of these intents is no answer to what was asked, however short it is.
NO_ANSWERS = ENDINGS | {"help", "human_request", "photo_only", "no", "thanks_ack", "opt_in"}
MANNERS = frozenset({"thanks_ack", "yes"})  # tell nobody anything; "no" may be "no need to come any more"
BARE = 2  # words
_NO_MORE = re.compile(
    r"some(?:one|body) else|found (?:some|a |an )|another (?:company|guy|place|plumber|electrician|roofer|locksmith|painter)"
    r"|(?:don'?t|do not|no longer) need|no longer (?:necessary|interested)|never ?mind|nvm|forget it|not interested"
    r"|all set|taken care of|otra (?:persona|compa|empresa)|a otro|encontr[eé] |ya no (?:lo |la )?(?:necesit|ocup|hace falta)|olvid",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"(\d{5})(?: [^\W\d]+\.?){1,4}")
_FLAG_ALONE = re.compile(r"\W*(?:urgent|urgente|emergency|emergencia|help|911)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text changes at once. `alarm`: the owner is to be told now."""

    lead: Lead
    safety: Say | None = None
    alarm: bool = False


def hear(lead: Lead, reading: Reading, body: str, rules: ConversationRules, before: str = "") -> Heard:
    """Take in one text. `before`: what the caller has written of the matter until now; it names the hazard where this text does not."""
    lead = behind_a_call(lead)
    reply = None if _NO_MORE.search(body) or _named(lead, body) else replied(lead, reading, body)
    if reply is not None:
        language = rules.spoken(spoken_in(body, enough=2) or lead.language)
        return Heard(replace(reply, language=language))
    return _judged(_understood(lead, reading, body, rules), reading, body, rules, again=True, before=before)


def hear_together(lead: Lead, reading: Reading, body: str, rules: ConversationRules) -> Heard:
    """Take in what several texts, heard one by one before, say only when they are read as one."""
    lead = replace(
        lead,
        heard=reading.intent if lead.heard in SMALL_TALK else lead.heard,
        intent=reading.intent if lead.intent in SMALL_TALK else lead.intent,
        urgency=_pressing(lead, Urgency(reading.urgency)),
        facts=replace(lead.facts, service=lead.facts.service or reading.service).but(lead.facts, lead.fixed),
    )
    return _judged(lead, reading, body, rules, again=False)


def hear_so_far(lead: Lead, reading: Reading, body: str, rules: ConversationRules) -> Heard:
    """Take in that a text and those before it, answered ones too, are an emergency together; what they say besides is known."""
    if not gravity(reading) or lead.alert is not Alert.NONE:
        return Heard(lead)
    return _judged(replace(lead, urgency=Urgency.EMERGENCY), reading, body, rules, again=False)


def hear_picture(lead: Lead, rules: ConversationRules) -> Heard:
    """Take in the notice of a picture, which the box cannot receive."""
    lead = replace(
        lead, heard=lead.heard or "photo_only", intent="photo_only" if lead.intent in SMALL_TALK else lead.intent
    )
    lane, why = lane_of(lead, rules)
    return Heard(replace(lead, lane=lane, why=why))


def wants_texts_again(lead: Lead, rules: ConversationRules) -> Lead:
    """The lead of somebody who had opted out; a job that he told of before is heard now."""
    job = lead.facts.service is not None or lead.facts.issue is not None
    intent = lead.intent if lead.intent != "opt_out" else "new_service" if job else "unclear"
    lead = replace(lead, stage=Stage.TALKING, intent=intent, heard=intent if job else "")
    lane, why = lane_of(lead, rules)
    return replace(lead, lane=lane, why=why)


def wants_texts(lead: Lead, rules: ConversationRules) -> Lead:
    """The lead of somebody who writes START with nothing open here: what they want is not known, and a person asks."""
    lead = replace(lead, stage=Stage.TALKING, intent="opt_in", heard="", news=True)
    lane, why = lane_of(lead, rules)
    return replace(lead, lane=lane, why=why)


def _judged(
    lead: Lead, reading: Reading, body: str, rules: ConversationRules, *, again: bool, before: str = ""
) -> Heard:
    """The lane, and what cannot wait until the writer has finished. `again`: an alert that failed is tried again."""
    lane, why = lane_of(lead, rules)
    lead = replace(lead, lane=lane, why=why)
    safety = None
    known = lead.alert in (Alert.UNDER_WAY, Alert.TOLD, Alert.UNSURE)
    worse = False  # the owner knows of less than this
    if reading.life_safety:
        danger = hazard(body, before)
        lead = replace(lead, danger=lead.danger or danger, lane=Lane.ESCALATE, why="danger to people")
        if f"safety_{danger}" not in lead.said:
            worse = again and known and not lead.settled
            safety = Say(Purpose.SAFETY, f"safety_{danger}")
            lead = replace(lead, said=lead.said | {safety.template})
    if worse:
        return Heard(replace(lead, news=False), safety, alarm=True)
    lost = lead.alert is Alert.FAILED or lead.settled
    retry = again and lost and (reading.urgency == Urgency.EMERGENCY or reading.life_safety)
    if lead.lane is not Lane.ESCALATE or not (lead.alert is Alert.NONE or retry):
        return Heard(lead, safety)
    # What is written now goes with the alert, and the caller is answered when it is known what became of that.
    anew = replace(lead, alert=Alert.UNDER_WAY, taken_by="", taker="", nobody=False, settled=False)
    return Heard(replace(anew, heard="", news=False), safety, alarm=True)


def _understood(lead: Lead, reading: Reading, body: str, rules: ConversationRules) -> Lead:
    """The lead with what the text says; a lead only becomes more urgent by itself, never less."""
    meant = meaning(lead, reading, body)
    name = _named(lead, body)
    reading = _as_meant(lead, reading, body, meant, name)
    asked_for = lead.appointment is None or not lead.appointment.stands
    moved = (
        reading.intent == "reschedule" and lead.intent in JOBS and asked_for
    )  # another day for what is only asked for
    question, asked = _open_questions(lead, reading, body, moved=moved)
    said = merged(lead.facts, reading, body, question, asked, times=meant != QUESTION and name is None)
    facts = _placed(lead, noted(said, reading), body, rules, question).but(lead.facts, lead.fixed)
    told = facts != lead.facts
    answered = moved or (
        meant != QUESTION
        and (
            question is not None
            or bool(asked)
            or lead.stage is Stage.HANDED_OVER
            or (lead.stage is Stage.COMPLETE and lead.intent in JOBS and reading.intent == "existing_customer")
        )  # what is told after the end adds to it
        and (told if question is None else _tells(facts, lead.facts, question))
    )
    if _describes(reading, body, facts) and not (told and lead.facts.service is not None):
        facts = replace(facts, issue=" ".join(body.split())[:ISSUE_LENGTH])
    heard = meant if meant in (GREETING, QUESTION) else _heard(lead, reading, body, answered=answered)
    first = lead.facts == Facts(name=lead.facts.name) and not lead.automatic
    return replace(
        lead,
        facts=facts,
        urgency=_pressing(lead, Urgency(reading.urgency)),
        intent=lead.intent
        if moved or heard == "unclear"
        else _intent(lead, reading.intent, told=told, answered=answered),
        heard=_says_most(lead.heard, heard),
        news=lead.news or told or _says_most(lead.heard, heard) not in MANNERS,
        language=rules.spoken(spoken_in(body, enough=1 if first else 2) or lead.language),
        stage=Stage.TALKING if _reopens(lead, reading, meant) else lead.stage,
    )


def _placed(lead: Lead, facts: Facts, body: str, rules: ConversationRules, question: str | None) -> Facts:
    """The facts as the business's own area has them: "Selma" alone may be a name elsewhere, and five digits before a word are a
    house where that is asked for and nobody works in such a ZIP code."""
    area = rules.area
    house = _HOUSE.fullmatch(body.strip(" .,!")) if question == Fact.ADDRESS else None
    if house and facts.street_address is None and facts.zip == house[1] and area.zips and house[1] not in area.zips:
        facts = replace(facts, street_address=house[0], zip=lead.facts.zip, name=lead.facts.name)
    town = area.town(facts.place) if facts.place and not facts.city else None
    return replace(facts, city=town[0], state=town[1] or facts.state, place=None) if town else facts


def _as_meant(lead: Lead, reading: Reading, body: str, meant: str, name: str | None) -> Reading:
    """The reading as it is to be taken in this conversation. `name`: all that the text is."""
    reading = replace(reading, intent="unclear" if meant in (GREETING, QUESTION) else meant)
    pressing = reading.urgency == Urgency.URGENT
    if pressing and lead.asked and reading.timeline is None and tells_facts(lead, reading, body):
        reading = replace(reading, urgency=Urgency.NONE)  # a place is not urgent
    if name is not None:
        reading = replace(reading, name=reading.name or name, timeline=None, callback_time=None)
    return reading


def _open_questions(lead: Lead, reading: Reading, body: str, *, moved: bool) -> tuple[str | None, tuple[str, ...]]:
    """The question that the text may answer, and everything that was asked that it may."""
    question = lead.question if moved or _may_answer(reading.intent, lead.question) else None
    asked = lead.asked if moved or _may_answer(reading.intent, None) else ()
    if reading.callback_number is not None and is_only_a_number(body) and question in (None, *Fact):
        return None, ()  # digits are no town and no name
    return question, asked


def _describes(reading: Reading, body: str, facts: Facts) -> bool:
    """Whether the caller's words are the matter itself, which nobody has told yet."""
    job = reading.intent in JOBS or reading.urgency == Urgency.EMERGENCY
    return facts.issue is None and job and not _FLAG_ALONE.fullmatch(body)


def _intent(lead: Lead, intent: str, *, told: bool, answered: bool) -> str:
    """What the caller wants of us, all his texts taken together, behind one of this intent."""
    if lead.intent in STRANGERS and (intent in JOBS or (told and intent in SMALL_TALK)):
        intent = intent if intent in JOBS else "new_service"  # who tells where and when is a customer after all
    elif lead.intent not in SMALL_TALK and (intent in SMALL_TALK or (answered and intent not in ENDINGS)):
        intent = lead.intent  # an answer does not change the matter
    if (intent == "help" and lead.intent not in SMALL_TALK) or (intent == "status_question" and lead.intent in JOBS):
        intent = lead.intent  # neither does a question about us, or about what was just asked for
    if intent == "opt_out" and lead.intent in FOR_A_PERSON and lead.intent != "photo_only":
        intent = lead.intent  # who wants no texts may still want the call he asked for
    return intent


def _says_most(before: str, heard: str) -> str:
    """Of several texts that wait for one answer the one that says most."""
    empty = heard in (*SMALL_TALK, GREETING) or heard == ANSWER
    return before if before not in ("", *SMALL_TALK, GREETING) and empty else heard


def _pressing(lead: Lead, said: Urgency) -> Urgency:
    """A lead only becomes more urgent by its texts; where a person has said how urgent it is, by an emergency alone."""
    if "urgency" in lead.fixed and said is not Urgency.EMERGENCY:
        return lead.urgency
    return min((lead.urgency, said), key=list(Urgency).index)


def _named(lead: Lead, body: str) -> str | None:
    """The name that was asked for, where a text is that and nothing else."""
    return lone_name(body) if lead.question == Fact.NAME else None


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


def _reopens(lead: Lead, reading: Reading, meant: str) -> bool:
    """After an end, something new to do makes it a conversation again. What a person is to have stays with him, but for
    a job behind words that nobody understood."""
    if lead.stage is Stage.HANDED_OVER:
        return lead.unclear >= TIMES_UNCLEAR and meant in JOBS
    if lead.stage in (Stage.SILENT, Stage.CLOSED) and meant == GREETING:
        return True
    return lead.stage in (Stage.CLOSED, Stage.SILENT, Stage.COMPLETE) and (
        reading.intent not in SMALL_TALK | NOT_CUSTOMERS or reading.urgency == Urgency.EMERGENCY
    )
