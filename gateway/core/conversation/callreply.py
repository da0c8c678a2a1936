"""Times for a call: when they are offered, what follows from a caller's answer to them, and what is written to it.

An offer is made where the conversation would hand a lead to the office. Nothing is promised before the caller has chosen, by
a number or in words, a window in which a person is rostered; then the call is said back, and stands in the office's task until
a person has made it or settled it. What fits no window is kept as it was worded.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from gateway.core.conversation import booking
from gateway.core.conversation.authority import Authority
from gateway.core.conversation.callanswers import A_REFUSAL, A_REPLY, Kind, denies, meant, numbered, speaks_of_call
from gateway.core.conversation.calltimes import Wanted, names_time
from gateway.core.conversation.callwindows import Diary, proposed
from gateway.core.conversation.lanes import authority_over, for_a_person, lane_meant
from gateway.core.conversation.lead import Fact, Lane, Lead, OfferOf, Stage, Urgency
from gateway.core.conversation.moves import Say
from gateway.core.conversation.office import ConversationRules
from gateway.core.conversation.rota import CallWindow
from gateway.core.outbound import Purpose
from gateway.core.understanding.folded import fold
from gateway.core.understanding.reader import Reading
from gateway.core.understanding.roles import joined
from gateway.core.understanding.when import wishes

# What hands a lead to the office -> what is said instead, with times for a call.
OFFER_FOR: Final = {
    "noted": "offer",
    "noted_when": "offer",
    "noted_call": "offer",
    "noted_price": "price_offer",
    "noted_person": "person_offer",
    "noted_complaint": "complaint_offer",
    "noted_change": "change_offer",
}
AGAIN, WHICH = "offer_again", "offer_which"
OFFERS: Final = frozenset(OFFER_FOR.values()) | {AGAIN}
CHOSEN, WISH_NOTED, STAYS = "call_noted", "noted_wish", "call_stays"
_HURRY: Final = re.compile(r"urgen|emergen|worse|hurry|peor|prisa", re.IGNORECASE)
# Agrees to an offer of several times without saying to which; thanks alone may wait with the choice.
_AGREES: Final = re.compile(
    r"\W*(?:(?:o?kk?|okay|okey|sure|alright|fine|perfect|sounds (?:good|great|fine)|that (?:works|is fine|'?s fine)|yes|si|claro"
    r"|bueno|vale|dale|perfecto|(?:esta|muy) bien)\b\W*)+(?:(?:thanks?(?: you| u)?|thx|ty|(?:muchas )?gracias)\b\W*)?"
)
# Whatever else is going on, these are no answers to an offer.
_ENDINGS: Final = frozenset({"opt_out", "wrong_number", "complaint", "cancel_appointment", "no_more"})
_OTHER_MATTERS: Final = _ENDINGS | frozenset(
    {
        *("opt_in", "help", "photo_only", "spam", "vendor_or_sales", "job_seeker"),
        *("status_question", "price_question", "thanks_ack"),
    }
)  # fmt: skip


def offered(lead: Lead, say: Say, rules: ConversationRules, diary: Diary) -> tuple[Lead, Say]:
    """The same hand-over with times for a call, where there are any and the owner lets the box offer them.

    What is urgent is not put off to a window, and there has to be room for the text that says the choice back.
    """
    template = OFFER_FOR.get(say.template)
    settled = lead.offered or lead.call is not None or lead.said & OFFERS
    level = authority_over(lead, rules)
    # What is heading for an appointment waits for its missing answer, unless the owner wants a call in place of a request.
    agreed = level is Authority.OFFER if lane_meant(lead, rules) is Lane.BOOK else level.reaches(Authority.OFFER)
    room = lead.automatic + 1 < rules.most_texts
    if template is None or settled or not agreed or not room or lead.urgency is Urgency.URGENT or not diary.free:
        return lead, say
    windows = proposed(diary.free, diary.wish(lead.facts.callback_time or ""), diary.zone)
    lead = replace(lead, offered=windows, offer_of=OfferOf.CALL, stage=Stage.TALKING, question=None)
    return lead, Say(Purpose.OFFER, template)


def behind_a_call(lead: Lead) -> Lead:
    """The lead of somebody who writes after the promised call was made: something else."""
    return replace(lead, call=None, call_kept=False) if lead.call_kept else lead


def replied(lead: Lead, reading: Reading, body: str) -> Lead | None:
    """The lead with a text that answers an offer: the time in it is one for a call, and a bare number is neither work nor
    a name. None for any other text."""
    hurry = reading.urgency == Urgency.URGENT and _HURRY.search(body)  # "tomorrow morning" alone is none
    grave = reading.opt_out or reading.life_safety or reading.urgency == Urgency.EMERGENCY or hurry
    # Facts that must not be lost.
    tells = reading.zip or reading.street_address or reading.city or reading.callback_number
    if not lead.offered or grave or tells or reading.intent in _ENDINGS:
        return None
    if lead.question is not None and lead.question not in set(Fact) and not names_time(body):
        return None  # "2" is how many doors there are
    few = len(body.split()) <= A_REFUSAL
    if few and denies(body) and not names_time(body):
        return replace(lead, heard="no", news=True)
    if lead.offer_of is OfferOf.CANCEL:
        return None  # neither a number nor a time is a "yes" to that
    if reading.intent in _OTHER_MATTERS and ("?" in body or not few or reading.intent == "price_question"):
        return None
    if numbered(body, len(lead.offered)) is not None:
        return replace(lead, heard="yes")
    if not names_time(body) or not (speaks_of_call(body) or len(body.split()) <= A_REPLY):
        return None
    times = joined([wish.worded() for wish in wishes(fold(body))])
    if lead.offer_of is OfferOf.VISIT:
        return replace(lead, heard="yes", news=True)  # which window it means is seen when he has finished
    return replace(lead, facts=replace(lead.facts, callback_time=times), heard="yes", news=True)


def reply(lead: Lead, heard: str, words: str, rules: ConversationRules, diary: Diary) -> tuple[Lead, Say | None] | None:
    """What follows from the answer to an offer; None when the words are about something else."""
    if lead.lane in (Lane.ESCALATE, Lane.NONE):
        return None
    if lead.call is not None and not lead.call_kept and CHOSEN not in lead.said and diary.lies_ahead(lead.call):
        return lead, Say(Purpose.CONFIRMATION, CHOSEN)  # it was said back in a text that did not leave
    if not lead.offered or lead.offer_of is not OfferOf.CALL or heard in _ENDINGS:
        return None
    texts = words.splitlines()
    alone = [text for text in texts if numbered(text, len(lead.offered)) is not None]
    if not alone and heard == "thanks_ack":  # behind "tomorrow morning" it takes nothing back
        alone = [text for text in texts if names_time(text) and len(text.split()) <= A_REPLY and "?" not in text]
    if heard == "thanks_ack" and not alone and any(_AGREES.fullmatch(fold(text).plain) for text in texts):
        return lead, Say(Purpose.OFFER, WHICH) if WHICH not in lead.said else None
    if heard in _OTHER_MATTERS and not alone:
        return None
    answer = meant(lead, heard, alone[-1] if alone else " ".join(words.split()), diary)
    if answer is None:
        return None
    if lead.automatic >= rules.most_texts or not authority_over(lead, rules).reaches(Authority.OFFER):
        return _ended(_wished(lead, words), rest=Stage.HANDED_OVER), None  # what cannot be said back is not promised
    match answer.kind:
        case Kind.CHOICE if answer.window in diary.standing:
            return _promised(lead, answer.window)
        case Kind.CHOICE:
            return _again(lead, None, diary) or _left_open(lead, words)
        case Kind.ELSEWHEN:
            fitting = [w for w in diary.free if answer.wish and answer.wish.fits(w.begins, w.ends, diary.zone)]
            if fitting and answer.wish is not None and answer.wish.exact:
                return _promised(lead, fitting[0])
            return (_again(lead, answer.wish, diary) if fitting else None) or _left_open(lead, words)
        case Kind.UNCLEAR:
            return lead, Say(Purpose.OFFER, WHICH) if WHICH not in lead.said else None
        case Kind.NEITHER:
            return _left_open(lead, words)


def unsaid(lead: Lead, name: str) -> Lead:
    """The lead when a text of this name has not left: what was not offered is free for others. A chosen call stays."""
    return replace(lead, offered=()) if name in OFFERS or name in booking.OFFERS else lead


def settled(lead: Lead) -> Lead:
    """The lead without times that nobody can choose any more: it is an emergency, no lead, over, or wants no texts."""
    over = lead.lane in (Lane.ESCALATE, Lane.NONE) or lead.stage in (Stage.OPTED_OUT, Stage.CLOSED, Stage.SILENT)
    return booking.released(replace(lead, offered=())) if over else lead


def _promised(lead: Lead, window: CallWindow | None) -> tuple[Lead, Say]:
    return _ended(replace(lead, call=window)), Say(Purpose.CONFIRMATION, CHOSEN)


def _again(lead: Lead, wish: Wanted | None, diary: Diary) -> tuple[Lead, Say] | None:
    """Other times, once; None where there are none."""
    windows = [w for w in diary.free if wish is None or wish.fits(w.begins, w.ends, diary.zone)]
    if AGAIN in lead.said or not windows:
        return None
    return replace(lead, offered=proposed(windows, wish, diary.zone)), Say(Purpose.OFFER, AGAIN)


def _left_open(lead: Lead, words: str) -> tuple[Lead, Say]:
    return _ended(_wished(lead, words)), Say(Purpose.HANDOVER, WISH_NOTED)


def _wished(lead: Lead, words: str) -> Lead:
    """The lead with the wish as it was worded. Who only says no has worded none."""
    if not names_time(words) and denies(words):
        return lead
    said = lead.facts.callback_time or " ".join(words.split())[:60]
    return replace(lead, facts=replace(lead.facts, callback_time=said))


def _ended(lead: Lead, rest: Stage | None = None) -> Lead:
    """The lead behind an offer: with the office where it is for a person from the start, else complete."""
    stage = rest or (Stage.HANDED_OVER if for_a_person(lead) else Stage.COMPLETE)
    return replace(lead, offered=(), question=None, unclear=0, stage=stage)
