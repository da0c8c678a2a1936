"""An appointment that stands, changed by text: kept, moved to another window, cancelled.

A cancellation is asked back once, for a text misread must cost nobody his appointment. While another window is being chosen the old
one stays: it is given up in the same moment in which the new one is taken.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from gateway.core.booking.appointments import State
from gateway.core.conversation.authority import Authority
from gateway.core.conversation.booking import APART, MOVE, OFFERS, SAID_OF_ONE, STANDS, STAYS, Bookable, window_of
from gateway.core.conversation.callwindows import proposed
from gateway.core.conversation.lead import Lane, Lead, OfferOf, Stage
from gateway.core.conversation.moves import ANSWER, REFUSAL, Say
from gateway.core.conversation.office import ConversationRules
from gateway.core.outbound import Purpose
from gateway.core.understanding.folded import fold

SURE, CALLED_OFF = "book_sure", "booked_off"
OF_APPOINTMENTS: Final = OFFERS | SAID_OF_ONE | {SURE, CALLED_OFF}  # every text that speaks of one
_MANNERS: Final = r"(?:\W+(?:thanks|thank you|thx|ty|please|pls|ok|see you(?: then)?|gracias|por favor))*"
_KEEPS: Final = re.compile(rf"\W*(?:c|confirm(?:ed|o|ado)?|(?:yes|si),? (?:i )?confirm(?:ed|o|ado)?){_MANNERS}\W*")
_MOVES: Final = re.compile(rf"\W*(?:r|resched\w*|move(?: it)?|cambiar(?:la)?|mover(?:la)?){_MANNERS}\W*")
_WANTS_MOVED: Final = re.compile(
    r"\b(?:reschedul\w*|mov(?:e|ing)|chang(?:e|ing)|switch|reagendar|reprogramar|cambiar|mover)\b"
    r"(?: (?:my|the|our|that|this|mi|la|nuestra|esa|esta))? (?:appointment|appt|visit|cita|visita)\b"
    r"|\b(?:appointment|appt|cita)\b.{0,40}\b(?:another|different|other|otr[ao]) (?:day|time|dia|hora)\b"
)
_YES: Final = re.compile(
    r"\W*(?:(?:y|yes|yep|yeah|yup|si|ok|okay|sure|please|correct|claro)\W*)*(?:(?:yes |please )?(?:cancel|cancela|cancelen?|cancelar)"
    r"(?: it| that| the appointment|la| la cita)?\W*(?:please|por favor|thanks|gracias)?)?\W*"
)
_KEEPS_IT: Final = re.compile(
    r"\b(?:keep|keeping|leave it|see you|still (?:on|good|need|want|coming)|never ?mind|dej\w+|manten\w+|l[oe]s espero)\b"
    r"|\b(?:don'?t|do not|dont|no (?:la |lo )?)\W?cancel"
)  # beside a "yes", or the word "cancel"


def reply(
    lead: Lead, heard: str, words: str, rules: ConversationRules, book: Bookable
) -> tuple[Lead, Say | None] | None:
    """What follows from words about the appointment that stands; None when they are about something else, or a person decides."""
    chosen = lead.appointment
    if chosen is None or chosen.state not in (State.REQUESTED, State.CONFIRMED) or lead.lane is Lane.ESCALATE:
        return None
    now = book.diary.now
    if now is None or chosen.opening.arrival.begins <= now or lead.automatic + 1 >= rules.most_texts:
        return None
    if not rules.authority.level(lead.facts.service, Lane.BOOK).reaches(Authority.REQUEST):
        return None
    plain = fold(" ".join(words.split())).plain
    if lead.offered and lead.offer_of is OfferOf.CANCEL:
        return _sure(lead, heard, plain, book)
    if _KEEPS.fullmatch(plain):
        return _kept(lead)
    if lead.offered:
        return None  # an answer to the offer of other windows
    if heard == "cancel_appointment":
        lead = replace(lead, said=lead.said - {SURE})
        asked = replace(lead, offered=(window_of(chosen.opening),), offer_of=OfferOf.CANCEL, stage=Stage.TALKING)
        return replace(asked, question=None), Say(Purpose.QUESTION, SURE)
    return _other_windows(lead, book) if _wants_moved(lead, heard, plain) else None


def unasked(lead: Lead) -> Lead:
    """The lead that is not asked any more whether its appointment is to be cancelled: it stands."""
    if not lead.offered or lead.offer_of is not OfferOf.CANCEL:
        return lead
    return replace(lead, offered=(), stage=Stage.COMPLETE)


def _wants_moved(lead: Lead, heard: str, plain: str) -> bool:
    """Whether this appointment is to be moved. Who has told of something else beside it may speak of that."""
    assert lead.appointment is not None
    if lead.appointment.by_hand:
        return False  # made at no window of the rules: a person knows what else would do
    says_so = _MOVES.fullmatch(plain) is not None or _WANTS_MOVED.search(plain) is not None
    return says_so or (heard == "reschedule" and STAYS not in lead.said)


def _kept(lead: Lead) -> tuple[Lead, Say]:
    return replace(lead, offered=(), stage=Stage.COMPLETE, said=lead.said - {STANDS}), Say(Purpose.ANSWER, STANDS)


def _sure(lead: Lead, heard: str, plain: str, book: Bookable) -> tuple[Lead, Say | None] | None:
    lead = replace(lead, offered=())
    assert lead.appointment is not None
    if _KEEPS.fullmatch(plain) or _KEEPS_IT.search(plain):
        return _kept(lead)
    if _wants_moved(lead, heard, plain):
        return _other_windows(lead, book)
    if heard in ("yes", "cancel_appointment") or (re.search(r"[a-z]", plain) and _YES.fullmatch(plain)):
        gone = replace(lead.appointment, state=State.CANCELLED, held_until=None)
        lead = replace(lead, appointment=gone, stage=Stage.COMPLETE, said=lead.said - SAID_OF_ONE)
        return lead, Say(Purpose.CONFIRMATION, CALLED_OFF)
    if heard in ("no", "thanks_ack", REFUSAL, ANSWER):
        return _kept(lead)
    return None


def _other_windows(lead: Lead, book: Bookable) -> tuple[Lead, Say] | None:
    """Other windows, those that were wished for first; None where there are none: a person finds one."""
    assert lead.appointment is not None
    own = window_of(lead.appointment.opening)
    windows = [one for one in book.windows() if one != own]
    if not windows:
        return None
    wish = book.diary.wish(lead.facts.timeline or "")
    shown = proposed(windows, wish, book.diary.zone, APART)
    lead = replace(lead, offered=shown, offer_of=OfferOf.VISIT, question=None, stage=Stage.TALKING)
    return replace(lead, said=lead.said - {MOVE}), Say(Purpose.OFFER, MOVE)
