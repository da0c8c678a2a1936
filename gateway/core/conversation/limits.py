"""How often a number is answered by machine, and asked again: another machine whose texts vary would else never end.

What no limit holds back: the safety text, what became of an alert, and the confirmation of an opt-out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from gateway.core.conversation.lead import Lane, Lead, Stage
from gateway.core.outbound import Purpose

WITHIN: Final = timedelta(hours=1)
COUNTED: Final = (
    *(Purpose.QUESTION, Purpose.ANSWER, Purpose.HELP, Purpose.OUT_OF_AREA, Purpose.OFFER, Purpose.CONFIRMATION),
    *(Purpose.FOLLOW_UP, Purpose.HANDOVER, Purpose.CLOSING),
)
TIMES_UNCLEAR: Final = 2  # in a row; then a person looks
STOPPED: Final = "limit"  # among what a lead has `said`
STEP: Final = "answer: the box has answered as often within an hour as it may, and has stopped"


def stopped(lead: Lead) -> Lead:
    """The lead of somebody who has been answered as often as the box may: a person goes on."""
    return replace(lead, stage=Stage.HANDED_OVER, question=None, said=lead.said | {STOPPED})


def resumed(lead: Lead) -> Lead:
    """The lead once a person has given it back to the box."""
    return replace(lead, said=lead.said - {STOPPED})


def waits_for_a_person(lead: Lead) -> bool:
    """Whether the limit is why a person has to go on; an emergency has its own next step."""
    return STOPPED in lead.said and lead.stage is Stage.HANDED_OVER and lead.lane is not Lane.ESCALATE
