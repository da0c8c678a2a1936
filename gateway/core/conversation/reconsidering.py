"""Who has chosen a window, and thinks again before it is booked: it is given up at once, for nothing is booked that he has refused.

What he names instead is looked for as if it were the answer to the offer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from gateway.core.booking.appointments import State
from gateway.core.conversation.booking import (
    AGAIN,
    INSTEAD,
    ONE,
    Bookable,
    choose,
    proposal,
    window_of,
    wished,
)
from gateway.core.conversation.callanswers import A_REPLY, denies
from gateway.core.conversation.calltimes import names_time
from gateway.core.conversation.callwords import dated
from gateway.core.conversation.lanes import lane_of, missing
from gateway.core.conversation.lead import Fact, Lane, Lead, Stage
from gateway.core.conversation.moves import Say
from gateway.core.conversation.office import ConversationRules
from gateway.core.conversation.rebooking import CALLED_OFF
from gateway.core.outbound import Purpose
from gateway.core.understanding.folded import fold

_REFUSES: Final = re.compile(
    r"\b(?:none of (?:those|them|these)|ningun[ao] de es[ao]s|no me (?:sirven?|quedan?|convienen?)|wrong (?:day|time|one)"
    r"|(?:day|time|one|that|it|those|they|window|slot)\b.{0,12}\b(?:doesn'?t|does not|don'?t|do not|won'?t|will not) (?:work|suit|fit))\b"
)

_ALL_BUT: Final = re.compile(r"\b(?:any\w*|day|days|time|all) but\b")  # elsewhere "but" turns to what is wished for


def reply(
    lead: Lead, heard: str, words: str, rules: ConversationRules, book: Bookable
) -> tuple[Lead, Say | None] | None:
    """What follows from words about a window that is only kept so far; None when they are about something else."""
    kept = lead.appointment
    if kept is None or kept.state not in (State.HELD, State.EXPIRED) or lead.offered or lead.stage is not Stage.TALKING:
        return None
    if lead.lane in (Lane.ESCALATE, Lane.NONE):
        return None
    own = window_of(kept.opening)
    if heard == "cancel_appointment":
        gone = replace(_given_up(lead, rules), stage=Stage.COMPLETE)
        return gone, Say(Purpose.CONFIRMATION, CALLED_OFF)
    named = lead.facts.timeline if lead.facts.timeline != dated(own, book.diary.zone) else None
    wish = book.diary.wish(named) if named is not None else None
    refused = _refuses(heard, words)
    if wish is not None and not wish.fits(own.begins, own.ends, book.diary.zone) and not denies_time(words):
        return _instead(_given_up(lead, rules), words, rules, book)
    if refused:
        lead = _given_up(lead, rules)
        others = [one for one in book.windows() if one != own]
        if others and not lead.said & {AGAIN, ONE}:
            return proposal(replace(lead, facts=replace(lead.facts, timeline=None)), AGAIN, book, others, None)
        return replace(lead, facts=replace(lead.facts, timeline=None)), None
    if named is None:
        return None
    if wish is None:  # no time that can be looked for: a person reads it beside the window
        return None
    return replace(lead, facts=replace(lead.facts, timeline=dated(own, book.diary.zone))), None


def denies_time(words: str) -> bool:
    """Whether the time in the words is refused, not wished for: "i cant do friday"."""
    said = words if _ALL_BUT.search(fold(words).plain) else re.sub(r"(?i)\bbut\b", " ", words)
    return names_time(words) and denies(said) and len(words.split()) <= A_REPLY


def _refuses(heard: str, words: str) -> bool:
    plain = fold(words).plain
    return heard == "reschedule" or _REFUSES.search(plain) is not None or denies_time(words)


def _given_up(lead: Lead, rules: ConversationRules) -> Lead:
    """The lead without the window that was kept for it. What was asked beside it, and not answered, may be asked again."""
    assert lead.appointment is not None
    open_still = set(missing(lead.facts, tuple(Fact)))
    asked = tuple(each for each in lead.asked if each not in open_still)
    intent = "booking_request" if lead.intent in ("reschedule", "cancel_appointment") else lead.intent
    said = frozenset(each for each in lead.said if not each.startswith("held_ask_"))
    gone = replace(lead.appointment, state=State.CANCELLED, held_until=None)
    lead = replace(lead, appointment=gone, asked=asked, said=said, intent=intent, unclear=0)
    lane, why = lane_of(lead, rules)
    return replace(lead, lane=lane, why=why)


def _instead(lead: Lead, words: str, rules: ConversationRules, book: Bookable) -> tuple[Lead, Say | None]:
    wish = book.diary.wish(lead.facts.timeline or "")
    fitting = book.windows(wish) if wish is not None else []
    if len(fitting) == 1 or (fitting and wish is not None and wish.exact):
        return choose(lead, fitting[0], rules, book)
    if fitting and not lead.said & {AGAIN, ONE}:
        return proposal(lead, AGAIN, book, fitting, wish)
    if not fitting and book.free and INSTEAD not in lead.said:
        return proposal(lead, INSTEAD, book, (), wish)
    return wished(lead, words if names_time(words) else "", rules), None
