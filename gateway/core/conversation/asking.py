"""What is asked next, and by which text: one thing at a time, what is missing for the lane, nothing twice."""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.core.conversation.lanes import missing
from gateway.core.conversation.lead import Fact, Lane, Lead
from gateway.core.conversation.moves import Say
from gateway.core.conversation.office import ConversationRules
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.outbound import Purpose
from gateway.core.understanding.folded import fold


def wanted(lead: Lead, rules: ConversationRules, lane: Lane) -> str | None:
    """What is asked next: the first usual fact that is not known, then the business's own questions. Nothing twice."""
    own = [one.key for one in rules.own_questions(lead.facts.service, lane) if lead.facts.answer(one.key) is None]
    return next((fact for fact in (*missing(lead.facts, rules.needs(lane)), *own) if fact not in lead.asked), None)


def wanted_in_emergency(lead: Lead, rules: ConversationRules) -> str | None:
    """Somebody who only wrote URGENT is asked what has happened before anything else."""
    if missing(lead.facts, (Fact.SERVICE,)) and Fact.SERVICE not in lead.asked:
        return Fact.SERVICE
    return wanted(lead, rules, Lane.ESCALATE)


_COME = (
    r"(?:come|comin\w*|be (?:here|there|out|by)|get (?:here|there|out|to|some|a)|out (?:here|to)|show|send|arrive|make it|available"
    r"|opening|free|fix|do it|take)\b"
)
_VENIR = r"(?:venir|mandar\w*|llegar|pasar|ir|enviar\w*|atender\w*|hacer\w*|tener|arreglar\w*|revisar\w*)\b"
_WHEN = re.compile(
    rf"\bwhen (?:can|could|will|would|are|is|do|does|might)\b[^.!\n]{{0,40}}\b{_COME}"
    rf"|\b(?:how (?:soon|fast|quick\w*|long)|what (?:day|time)|soonest|earliest)\b[^.!?\n]{{0,30}}"
    rf"\b(?:can|could|will|would|are|is|do|does|till|until|before|for|be|get|have|you)\b[^.!\n]{{0,40}}\b{_COME}"
    r"|\b(?:cuando|que tan (?:pronto|rapido)|a que hora|que dia)\b(?: (?:me|nos|le|lo))? (?:pued\w*|podri\w*|podra\w*)\b"
    rf"[^.!?\n]{{0,20}}\b{_VENIR}"
    r"|\b(?:cuando|a que hora|que dia) (?:vienen?|llegan?|vendr\w*|tienen|pasan)\b|\bque tan pronto\b[^.!?\n]{0,20}\bpued"
    r"|\bcuanto (?:se )?tardan?\b"
)


def asks_when(words: str) -> bool:
    """Whether somebody asks when a person could come: "how soon can someone be here", "cuando pueden venir"."""
    return _WHEN.search(fold(words).plain) is not None


def ask(lead: Lead, fact: str, words: str = "") -> tuple[Lead, Say | None]:
    """The question for a fact, or of the business's own, in the words that fit what was said before, and the `words` just heard."""
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
