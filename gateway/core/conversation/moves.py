"""What the moves of a conversation share: a text to be said, and what a caller's text is to the conversation."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.outbound import Purpose

JOBS = frozenset({"new_service", "booking_request", "price_question"})
# Beside the intents, what a text is to the conversation: of these the last asks for what the box has been told before.
ANSWER, REFUSAL, NO_MORE, GREETING, QUESTION = "answer", "refusal", "no_more", "greeting", "question"
TIMES_UNCLEAR = 2  # then a person looks
# With these a conversation ends; and what became of the alert.
ENDS = frozenset({"requested", "handed_over", "out_of_area", "wrong_number"}) | {
    name for name in CONVERSATION_TEXTS if name.removeprefix("pictures_").startswith("noted")
}
FATES = frozenset(name for name in CONVERSATION_TEXTS if name.startswith("alert_")) | {"not_covered"}


@dataclass(frozen=True, slots=True)
class Say:
    """One text to the caller: the template by its name, for the purpose."""

    purpose: Purpose
    template: str
