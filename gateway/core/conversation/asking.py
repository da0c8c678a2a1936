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

PRICE, WHEN = "price", "when"  # what only the office can tell


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
    if lead.intent == "price_question" and _may_tell(PRICE, lead, template):
        template = f"{PRICE}_{template}"
    elif _may_tell(WHEN, lead, template) and asks_when(words):
        template = f"{WHEN}_{template}"
    elif lead.unclear and f"again_{template}" in CONVERSATION_TEXTS:
        template = f"again_{template}"
    lead = replace(lead, said=lead.said | also_told(template))
    return replace(lead, asked=(*lead.asked, fact), question=fact), Say(Purpose.QUESTION, template)


def also_told(template: str) -> frozenset[str]:
    """What the text of this name tells beside its question, once in a conversation: `PRICE`, `WHEN`, or nothing."""
    return frozenset(about for about in (PRICE, WHEN) if template.startswith(f"{about}_ask_"))


def _may_tell(about: str, lead: Lead, template: str) -> bool:
    return about not in lead.said and f"{about}_{template}" in CONVERSATION_TEXTS
