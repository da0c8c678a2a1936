"""Appointments by text: when windows are offered, what follows from a caller's answer, and what is written to it.

A window is offered when the business's rules have one that is free. What a caller chooses is kept for him from others while the
box asks what is still missing; then it is booked where the owner lets the box confirm, else requested, and the text says which.
Nothing is said that does not stand in the books: both are of one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from gateway.core.booking import outside
from gateway.core.booking.appointments import Appointment, Opening, State
from gateway.core.booking.outside import Outside
from gateway.core.booking.rules import AppointmentType
from gateway.core.conversation.authority import Authority
from gateway.core.conversation.callanswers import Kind, meant
from gateway.core.conversation.calltimes import Wanted
from gateway.core.conversation.callwindows import Diary, proposed
from gateway.core.conversation.callwords import dated
from gateway.core.conversation.lanes import FOR_A_PERSON, authority_over, lane_of, missing
from gateway.core.conversation.lead import Area, Fact, Lane, Lead, OfferOf, Stage
from gateway.core.conversation.moves import Say
from gateway.core.conversation.office import ConversationRules
from gateway.core.conversation.phrases import CONVERSATION_TEXTS
from gateway.core.conversation.rota import CallWindow
from gateway.core.outbound import Purpose
from gateway.core.understanding.folded import fold
from gateway.core.understanding.roles import joined
from gateway.core.understanding.when import wishes

OFFER, INSTEAD, WHICH, GONE = "book_offer", "book_instead", "book_which", "book_gone"
AGAIN, ONE = "book_again", "book_one"  # of the second kind there is one in a conversation
OTHERS = "book_others"  # the office cannot come in the window that was asked for
LATE = "book_late"  # it begins too soon by now
MOVE = "book_move"  # to who has one and wants another; the old one stays until he has chosen
OFFERS: Final = frozenset({OFFER, INSTEAD, AGAIN, ONE, GONE, LATE, OTHERS, MOVE})
BOOKED, REQUESTED, STAYS, STANDS = "booked", "book_requested", "booked_stays", "booked_stands"
CANCELLED, REMINDER = "book_cancelled", "book_reminder"
SET, CHANGED = "book_set", "book_changed"  # by a person: made, or moved
TOLD: Final = frozenset({BOOKED, SET, CHANGED})  # that it is booked
SAID_OF_ONE: Final = frozenset({*TOLD, REQUESTED, STAYS, STANDS, WHICH, CANCELLED})  # may be said of another again
APART: Final = timedelta(hours=24)  # between two that are offered without a wish: a morning, an afternoon, another day
_TEXTS_LEFT: Final = 2  # an offer needs room for the text that says the choice back


@dataclass(frozen=True, slots=True)
class Bookable:
    """What may be booked for one lead at one moment: the kind of its service, and the windows that are free for it."""

    kind: AppointmentType | None = None
    free: tuple[Opening, ...] = ()
    hold: timedelta = timedelta(0)
    diary: Diary = field(default_factory=Diary)
    outside: Outside = outside.NOTHING  # what calendars say of the crews

    def opening(self, window: CallWindow) -> Opening | None:
        """The free opening of a window; None when it is not free any more."""
        return next((one for one in self.free if window_of(one) == window), None)

    def windows(self, wish: Wanted | None = None) -> list[CallWindow]:
        """Every free window, or those that a wish names."""
        windows = [window_of(one) for one in self.free]
        return [one for one in windows if wish is None or wish.fits(one.begins, one.ends, self.diary.zone)]


NOTHING: Final = Bookable()


def window_of(opening: Opening) -> CallWindow:
    """The window as it is offered; whose it is does not matter to the caller."""
    return CallWindow(opening.arrival.begins, opening.arrival.ends, "")


def awaits_offer(lead: Lead, rules: ConversationRules, book: Bookable) -> bool:
    """Whether windows will be offered as soon as enough is known: nobody is asked when it would suit before.

    Who has refused what was offered, and names another time, is offered what is free then, once.
    """
    kind = book.kind
    return (
        kind is not None
        and bool(book.free)
        and not _has_one(lead)
        and (not lead.said & OFFERS or (not lead.said & {AGAIN, ONE} and bool(_fitting(lead, book))))
        and authority_over(lead, rules).reaches(Authority.REQUEST)
        and (not kind.zips or lead.facts.zip is None or lead.facts.zip in kind.zips)
    )


def offered(lead: Lead, rules: ConversationRules, book: Bookable) -> tuple[Lead, Say] | None:
    """The offer of windows, where the service and the place are known, and there is room to say the choice back."""
    kind = book.kind
    if kind is None or not awaits_offer(lead, rules, book) or lead.automatic + _TEXTS_LEFT > rules.most_texts:
        return None
    if not _is_for(kind, lead):
        return None
    if lead.facts.service is None or rules.area.holds(lead.facts) is not Area.INSIDE:
        return None
    wish, fitting = book.diary.wish(lead.facts.timeline or ""), _fitting(lead, book)
    if lead.said & OFFERS:
        return proposal(lead, AGAIN, book, fitting, wish)
    return proposal(lead, INSTEAD if wish is not None and not fitting else OFFER, book, fitting, wish)


def reply(
    lead: Lead, heard: str, words: str, rules: ConversationRules, book: Bookable
) -> tuple[Lead, Say | None] | None:
    """What follows from the answer to an offer of windows; None when there is none, or the words are about something else.

    A lead whose offer is settled without a choice goes on as any other: its wish is a fact, and what is missing is asked.
    """
    if lead.offer_of is not OfferOf.VISIT or not lead.offered or lead.lane in (Lane.ESCALATE, Lane.NONE):
        return None
    if heard in FOR_A_PERSON and heard not in ("reschedule", "call_me_back"):
        return None
    answer = meant(lead, heard, " ".join(words.split()), book.diary)
    if answer is None:
        if heard == "yes" and WHICH not in lead.said:
            return lead, Say(Purpose.OFFER, WHICH)
        return None
    match answer.kind:
        case Kind.CHOICE if answer.window is not None:
            return choose(lead, answer.window, rules, book)
        case Kind.ELSEWHEN:
            fitting = book.windows(answer.wish) if answer.wish is not None else []
            if len(fitting) == 1 or (fitting and answer.wish is not None and answer.wish.exact):
                return choose(lead, fitting[0], rules, book)
            if fitting and not lead.said & {AGAIN, ONE}:
                return proposal(lead, AGAIN, book, fitting, answer.wish)
            return wished(lead, words, rules), None
        case Kind.UNCLEAR if WHICH not in lead.said:
            return lead, Say(Purpose.OFFER, WHICH)
        case Kind.NEITHER:
            return replace(
                lead, offered=(), facts=replace(lead.facts, timeline=None)
            ), None  # what was wished for is refused
        case _:
            return wished(lead, "", rules), None


def settled(lead: Lead, rules: ConversationRules, book: Bookable) -> tuple[Lead, Say | None]:
    """What becomes of the window that a caller has chosen, once everything has been asked; nothing is said where he has none."""
    chosen = lead.appointment
    if not _has_one(lead) and lead.offered and lead.offer_of is OfferOf.VISIT and WHICH not in lead.said:
        return lead, Say(Purpose.OFFER, WHICH)  # all but the choice was answered
    if chosen is None or chosen.state in (State.CANCELLED, State.DONE):
        return lead, None
    now = book.diary.now
    if now is None or chosen.opening.arrival.begins <= now:  # nothing is booked that has passed, or may have
        return lead, None
    if chosen.state is State.CONFIRMED:  # it was said in a text that did not leave
        lead = replace(lead, stage=Stage.COMPLETE)
        return lead, Say(Purpose.CONFIRMATION, SET if chosen.by_hand else BOOKED) if not lead.said & TOLD else None
    if chosen.state is State.REQUESTED:  # what it lacked may have been told meanwhile
        lead, say = _booked(lead, chosen, rules, book)
        return lead, say if say.template == BOOKED else None
    if chosen.state is State.EXPIRED or not _goes(chosen, book):  # it is his if somebody has time for it by now
        opening = book.opening(window_of(chosen.opening))
        if opening is None:
            return _gone(lead, window_of(chosen.opening), rules, book)
        chosen = replace(chosen, opening=opening)
    return _booked(lead, chosen, rules, book)


def let_go(lead: Lead) -> Lead:
    """The lead of a matter that a person has closed: what was not confirmed yet keeps no place any more."""
    one = lead.appointment
    if one is None or one.state not in (State.HELD, State.REQUESTED):
        return lead
    return replace(lead, appointment=replace(one, state=State.CANCELLED, held_until=None))


def released(lead: Lead) -> Lead:
    """The lead without a window that is only kept for it: others may have it."""
    if lead.appointment is None or lead.appointment.state is not State.HELD:
        return lead
    return replace(lead, appointment=replace(lead.appointment, state=State.EXPIRED, held_until=None))


def expired(lead: Lead, now: datetime) -> Lead:
    """The lead without a window for which the answer has not come in time."""
    chosen = lead.appointment
    late = chosen is not None and chosen.held_until is not None and chosen.held_until <= now
    return released(lead) if late else lead


def needs(rules: ConversationRules, kind: AppointmentType | None) -> tuple[Fact, ...]:
    """What has to be known for an appointment of a kind; the time is what is being agreed."""
    usual = tuple(fact for fact in rules.booking_needs if fact is not Fact.TIME)
    return (*usual, *(fact for fact in Fact if kind is not None and fact in kind.needs and fact not in usual))


def next_question(lead: Lead, rules: ConversationRules, kind: AppointmentType | None) -> str | None:
    """What is asked next about an appointment; nothing twice. The time only of who has chosen none of those that were offered."""
    own = [one.key for one in rules.own_questions(lead.facts.service, Lane.BOOK) if not lead.facts.answer(one.key)]
    time = (Fact.TIME,) if not _has_one(lead) and lead.said & OFFERS and not lead.offered else ()
    lacking = (*missing(lead.facts, (*time, *needs(rules, kind))), *own)
    return next((fact for fact in lacking if fact not in lead.asked), None)


def _is_for(kind: AppointmentType | None, lead: Lead) -> bool:
    """Whether a kind of appointment is for the place of a lead."""
    return kind is None or not kind.zips or lead.facts.zip in kind.zips


def _goes(chosen: Appointment, book: Bookable) -> bool:
    """Whether the crew of a window that is kept still goes then, by its calendars and the rules as they are by now."""
    kind, now, window = book.kind, book.diary.now, window_of(chosen.opening)
    if book.outside.is_busy(chosen.opening):
        return False
    if kind is None or now is None:
        return True  # it is only requested then
    too_soon = window.begins < now + kind.notice  # it was not when he chose it
    return chosen.opening.crew in kind.crews and (too_soon or book.opening(window) is not None)


def has_begun(lead: Lead, now: datetime | None) -> bool:
    """Whether the window of its appointment has begun, or may have: only people know what has become of it."""
    one = lead.appointment
    return one is not None and one.state is State.CONFIRMED and (now is None or one.opening.arrival.begins <= now)


def _has_one(lead: Lead) -> bool:
    return lead.appointment is not None and lead.appointment.state is not State.CANCELLED


def _fitting(lead: Lead, book: Bookable) -> list[CallWindow]:
    """The free windows that the caller has wished for."""
    wish = book.diary.wish(lead.facts.timeline or "")
    return book.windows(wish) if wish is not None else []


def proposal(
    lead: Lead, template: str, book: Bookable, fitting: Sequence[CallWindow], wish: Wanted | None
) -> tuple[Lead, Say]:
    """The offer of windows in the words of a template: those that fit a wish, or any that are free."""
    windows = fitting if template == AGAIN else _nearest(book, wish) if template == INSTEAD else book.windows()
    chosen = proposed(windows, wish if fitting else None, book.diary.zone, APART)
    template = ONE if template == AGAIN and len(chosen) == 1 else template
    return replace(lead, offered=chosen, offer_of=OfferOf.VISIT, question=None), Say(Purpose.OFFER, template)


def _nearest(book: Bookable, wish: Wanted | None) -> list[CallWindow]:
    """Every free window, those first that are near to a wish which none fulfils: on its days and around its hours, then on its days."""
    windows = book.windows()
    if wish is None:
        return windows
    around, on_days = (
        [one for one in windows if wish.nears(one.begins, one.ends, book.diary.zone, hours=hours)]
        for hours in (True, False)
    )
    return list(dict.fromkeys((*around, *on_days, *windows)))


def choose(lead: Lead, window: CallWindow, rules: ConversationRules, book: Bookable) -> tuple[Lead, Say | None]:
    """What follows from the choice of a window: it is kept while something is asked, booked, requested, or has gone."""
    opening = book.opening(window)
    if lead.automatic >= rules.most_texts:  # what cannot be said back is not promised
        return replace(wished(lead, dated(window, book.diary.zone), rules), stage=Stage.HANDED_OVER), None
    if opening is None or book.kind is None or book.diary.now is None:
        return _gone(lead, window, rules, book)
    if lead.appointment is not None and lead.appointment.state in (State.REQUESTED, State.CONFIRMED):
        return _moved(
            lead, replace(lead.appointment, kind=book.kind.name, opening=opening, who="", quiet=False), rules, book
        )
    until = book.diary.now + book.hold
    number = lead.appointment.number if lead.appointment is not None else None  # the same one, in another window
    appointment = Appointment(book.kind.name, opening, State.HELD, until, number)
    facts = replace(lead.facts, timeline=dated(window, book.diary.zone))  # whatever he wished for before
    lead = replace(lead, offered=(), appointment=appointment, facts=facts, unclear=0)
    lane, why = lane_of(lead, rules)
    lead = replace(lead, lane=lane, why=why)
    wanted = next_question(lead, rules, book.kind)
    if wanted is None or lead.automatic + _TEXTS_LEFT > rules.most_texts:
        return _booked(lead, appointment, rules, book)
    template = f"held_ask_{wanted}"
    template = template if template in CONVERSATION_TEXTS else f"ask_{wanted}"
    lead = replace(lead, asked=(*lead.asked, wanted), question=wanted, stage=Stage.TALKING)
    return lead, Say(Purpose.QUESTION, template)


def _moved(lead: Lead, appointment: Appointment, rules: ConversationRules, book: Bookable) -> tuple[Lead, Say]:
    """The same appointment in another window, the old one given up in the same moment; the matter is the job again."""
    intent = "booking_request" if lead.intent in ("reschedule", "cancel_appointment") else lead.intent
    facts = replace(lead.facts, timeline=dated(window_of(appointment.opening), book.diary.zone))
    lead = replace(lead, offered=(), intent=intent, facts=facts, unclear=0, said=lead.said - SAID_OF_ONE - {MOVE})
    lane, why = lane_of(lead, rules)
    return _booked(replace(lead, lane=lane, why=why), appointment, rules, book)


def _booked(lead: Lead, chosen: Appointment, rules: ConversationRules, book: Bookable) -> tuple[Lead, Say]:
    """Booked where the owner lets the box confirm this kind and everything is known, else requested."""
    unknown = missing(lead.facts, needs(rules, book.kind))
    may = book.kind is not None and book.kind.confirms and authority_over(lead, rules).reaches(Authority.CONFIRM)
    inside = rules.area.holds(lead.facts) is Area.INSIDE and _is_for(book.kind, lead)
    sure = may and inside and not unknown and lead.lane is Lane.BOOK and not book.outside.doubt(chosen.opening)
    state = State.CONFIRMED if sure else State.REQUESTED
    lead = replace(lead, appointment=replace(chosen, state=state, held_until=None), stage=Stage.COMPLETE, question=None)
    return lead, Say(Purpose.CONFIRMATION, BOOKED if state is State.CONFIRMED else REQUESTED)


def doubted(lead: Lead, book: Bookable) -> Lead:
    """The lead with the reason why its request is not booked, where a calendar is that reason."""
    one = lead.appointment
    if one is None or one.state is not State.REQUESTED or lead.lane is not Lane.BOOK:
        return lead
    return replace(lead, why=book.outside.doubt(one.opening) or lead.why)


def _gone(lead: Lead, window: CallWindow, rules: ConversationRules, book: Bookable) -> tuple[Lead, Say | None]:
    """Somebody else has it, or it begins too soon by now: other windows once, then the wish is passed on as it is."""
    kept = lead.appointment
    if kept is not None and kept.state not in (State.REQUESTED, State.CONFIRMED):
        kept = replace(kept, state=State.CANCELLED, held_until=None)
    lead = replace(lead, offered=(), appointment=kept)
    if lead.said & {GONE, LATE} or not book.free:
        lead = wished(lead, "", rules)
        return replace(lead, facts=replace(lead.facts, timeline=dated(window, book.diary.zone))), None
    now, notice = book.diary.now, book.kind.notice if book.kind is not None else timedelta(0)
    late = now is not None and window.begins < now + notice
    return proposal(lead, LATE if late else GONE, book, (), None)


def wished(lead: Lead, words: str, rules: ConversationRules) -> Lead:
    """The lead behind an offer without a choice; the wish stays as it was worded."""
    said = (
        joined([wish.worded() for wish in wishes(fold(words))]) or " ".join(words.split())[:60] or lead.facts.timeline
    )
    lead = replace(lead, offered=(), facts=replace(lead.facts, timeline=said))
    lane, why = lane_of(lead, rules)
    return replace(lead, lane=lane, why=why)
