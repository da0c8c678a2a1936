"""What is asked next, and by which text: one thing at a time, what is missing for the lane, nothing twice."""

from __future__ import annotations

from dataclasses import replace

from gateway.core.conversation.arrivals import asks_when
from gateway.core.conversation.lanes import missing
from gateway.core.conversation.lead import Fact, Lane, Lead
from gateway.core.conversation.moves import Say
from gateway.core.conversation.office import ConversationRules
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.outbound import Purpose


def wanted(lead: Lead, rules: ConversationRules, lane: Lane) -> str | None:
    """What is asked next: the first usual fact that is not known, then the business's own questions. Nothing twice."""
    own = [one.key for one in rules.own_questions(lead.facts.service, lane) if lead.facts.answer(one.key) is None]
    return next((fact for fact in (*missing(lead.facts, rules.needs(lane)), *own) if fact not in lead.asked), None)


def wanted_in_emergency(lead: Lead, rules: ConversationRules) -> str | None:
    """Somebody who only wrote URGENT is asked what has happened before anything else."""
    if missing(lead.facts, (Fact.SERVICE,)) and Fact.SERVICE not in lead.asked:
        return Fact.SERVICE
    return wanted(lead, rules, Lane.ESCALATE)


def ask(lead: Lead, fact: str, words: str = "") -> tuple[Lead, Say | None]:
    """The question for a fact, or of the business's own, in the words that fit what was said before and what he wrote just now."""
    template = f"ask_{fact}"
    if lead.intent == "price_question" and "price" not in lead.said and f"price_{template}" in CONVERSATION_TEXTS:
        template = f"price_{template}"
        lead = replace(lead, said=lead.said | {"price"})
    elif "when" not in lead.said and f"when_{template}" in CONVERSATION_TEXTS and asks_when(words):
        template = f"when_{template}"
        lead = replace(lead, said=lead.said | {"when"})
    elif lead.unclear and f"again_{template}" in CONVERSATION_TEXTS:
        template = f"again_{template}"
    return replace(lead, asked=(*lead.asked, fact), question=fact), Say(Purpose.QUESTION, template)
