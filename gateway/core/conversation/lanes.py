"""Which lane a lead goes into, and why."""

from __future__ import annotations

from gateway.core.conversation.authority import Authority
from gateway.core.conversation.lead import Area, Fact, Facts, Lane, Lead, Urgency
from gateway.core.conversation.office import ConversationRules

NOT_CUSTOMERS = frozenset({"wrong_number", "spam", "vendor_or_sales", "job_seeker", "opt_out", "opt_in", "help"})
FOR_A_PERSON = {
    "complaint": "a complaint",
    "reschedule": "wants to move an appointment",
    "cancel_appointment": "wants to cancel an appointment",
    "status_question": "asks how far a job is",
    "existing_customer": "about an existing job",
    "human_request": "wants a person",
    "call_me_back": "wants a call",
    "price_question": "asks for a price",
    "photo_only": "sent a picture, which this box cannot receive",
}
SMALL_TALK = frozenset({"thanks_ack", "yes", "no", "unclear"})


def lane_of(lead: Lead, rules: ConversationRules) -> tuple[Lane, str]:
    """The lane and its reason. A job that still lacks facts waits in the message lane: a person can always take it."""
    if lead.danger:
        return Lane.ESCALATE, "danger to people"
    if lead.urgency is Urgency.EMERGENCY or lead.lane is Lane.ESCALATE:
        return Lane.ESCALATE, "an emergency"
    if "lane" in lead.fixed and lead.lane is not None:
        return lead.lane, lead.why
    job = lead.facts.service is not None or lead.facts.issue is not None
    if lead.heard == "no_more":
        return Lane.NONE, "needs nothing any more"
    if lead.intent in ("wrong_number", "spam", "vendor_or_sales", "job_seeker"):
        return Lane.NONE, "not a customer"
    if not job and lead.intent == "opt_in":
        return Lane.MESSAGE, "wants our texts and has not said what for"
    if not job and lead.intent in NOT_CUSTOMERS:
        return Lane.NONE, "nothing for the office to do"
    if not job and lead.intent in ("thanks_ack", "no"):
        return Lane.NONE, "needs nothing"
    if lead.intent == "opt_out" or (lead.heard == "opt_out" and lead.intent in FOR_A_PERSON):
        return Lane.MESSAGE, "wants no more texts: only a call is possible"
    if lead.intent in FOR_A_PERSON and lead.intent not in ("price_question", "call_me_back"):
        return Lane.MESSAGE, FOR_A_PERSON[lead.intent]
    match rules.area.holds(lead.facts):
        case Area.OUTSIDE:
            return Lane.MESSAGE, "outside the area"
        case _ if lead.urgency is Urgency.URGENT and rules.alarms(lead.facts.service):
            return Lane.ESCALATE, "urgent, and of the kind that the owner is told of at once"
        case _ if lead.urgency is Urgency.URGENT:
            return Lane.MESSAGE, "urgent: a person decides when"
        case _ if not rules.bookable(lead.facts.service):
            return Lane.MESSAGE, FOR_A_PERSON.get(lead.intent, "a person has to look at it")
        case area:
            lacking = [*missing(lead.facts, rules.booking_needs), *unanswered(lead.facts, rules)]
            if lacking:
                return Lane.MESSAGE, f"not known yet: {', '.join(lacking)}"
            if area is Area.UNKNOWN:
                return Lane.MESSAGE, "the place is on no list"
            return Lane.BOOK, "everything is known that an appointment needs"


def for_a_person(lead: Lead) -> bool:
    """Whether a person has to have the matter from the start; prices and pictures can be asked about first."""
    return lead.intent in FOR_A_PERSON and lead.intent not in ("price_question", "photo_only")


def lane_meant(lead: Lead, rules: ConversationRules) -> Lane:
    """The lane that the conversation is heading for: facts that are still missing do not make an appointment a message."""
    if lead.lane is Lane.BOOK:
        return Lane.BOOK
    if for_a_person(lead) or lead.urgency is Urgency.URGENT or rules.area.holds(lead.facts) is Area.OUTSIDE:
        return Lane.MESSAGE
    return Lane.BOOK if rules.bookable(lead.facts.service) else Lane.MESSAGE


def authority_over(lead: Lead, rules: ConversationRules) -> Authority:
    """How far the box may go with a lead that is no emergency."""
    return rules.authority.level(lead.facts.service, lane_meant(lead, rules))


def missing(facts: Facts, needs: tuple[Fact, ...]) -> list[Fact]:
    """The facts that are needed and not known, in the order of the needs."""
    known = {
        Fact.SERVICE: facts.service or facts.issue,
        Fact.PLACE: facts.has_place,
        Fact.ADDRESS: facts.street_address,
        Fact.NAME: facts.name,
        Fact.TIME: facts.timeline,
    }
    return [fact for fact in needs if not known[fact]]


def unanswered(facts: Facts, rules: ConversationRules) -> list[str]:
    """The business's own questions without whose answers nothing is booked."""
    own = rules.own_questions(facts.service, Lane.BOOK)
    return [question.key for question in own if question.needed and facts.answer(question.key) is None]
