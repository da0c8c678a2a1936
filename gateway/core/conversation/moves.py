"""What the moves of a conversation share: a text to be said, an answer, and what a caller's text is to the conversation."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.core.conversation.lead import Lead
from gateway.core.outbound import Purpose

JOBS = frozenset({"new_service", "booking_request", "price_question"})
# Beside the intents, what a text is to the conversation: of these the last asks for what the box has been told before.
ANSWER, REFUSAL, NO_MORE, GREETING, QUESTION = "answer", "refusal", "no_more", "greeting", "question"


@dataclass(frozen=True, slots=True)
class Say:
    """One text to the caller: the template by its name, for the purpose."""

    purpose: Purpose
    template: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written back. `pass_on`: what the caller has added goes to the owner, who knows of the emergency."""

    lead: Lead
    say: Say | None = None
    pass_on: bool = False
