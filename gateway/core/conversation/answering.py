"""What the box writes back when a caller has finished: one question at a time and none twice, and only what is so.

Whatever it cannot do well it hands to a person.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.core.booking.appointments import State
from gateway.core.conversation import asking, booking, callduty, callreply, rebooking, reconsidering
from gateway.core.conversation.arrivals import asks_when
from gateway.core.conversation.authority import Authority
from gateway.core.conversation.booking import NOTHING, Bookable
from gateway.core.conversation.callwindows import Diary
from gateway.core.conversation.emergencies import in_emergency
from gateway.core.conversation.lanes import NOT_CUSTOMERS, SMALL_TALK, authority_over, for_a_person
from gateway.core.conversation.lead import Alert, Area, Fact, Lane, Lead, Stage, Urgency
from gateway.core.conversation.limits import TIMES_UNCLEAR
from gateway.core.conversation.moves import (
    ANSWER,
    GREETING,
    NO_MORE,
    QUESTION,
    REFUSAL,
    Answer,
    Say,
)
from gateway.core.conversation.office import ConversationRules
from gateway.core.conversation.phrases import CONVERSATION_TEXTS, ENDS, FATES
from gateway.core.conversation.pictures import says_too, told_with
from gateway.core.conversation.pieces import lone_name
from gateway.core.outbound import Purpose

NO_DIARY = Diary()  # nobody calls back at hours that are known
CLOSING = frozenset({Purpose.HANDOVER, Purpose.CONFIRMATION})


def answer(
    lead: Lead,
    rules: ConversationRules,
    *,
    person_writes: bool = False,
    words: str = "",
    pictured: bool = False,
    diary: Diary = NO_DIARY,
    book: Bookable = NOTHING,
) -> Answer:
    """What the box writes back to everything heard since its last answer.

    `person_writes`: a person of the office has the conversation; nothing is said then. `words`: what the caller has written;
    `pictured`: he spoke of a picture, or sent one; `diary`: the times at which a call may be offered, or chosen; `book`: the
    windows in which an appointment may.
    """
    heard, news = lead.heard, lead.news
    lead = replace(lead, heard="", news=False)
    pass_on = news and lead.alert in (Alert.UNDER_WAY, Alert.TOLD, Alert.UNSURE) and heard not in NOT_CUSTOMERS
    if person_writes or not heard or lead.stage is Stage.OPTED_OUT:
        return Answer(lead, None, pass_on)
    if not may_write(lead, heard, rules):
        return Answer(replace(lead, stage=Stage.CLOSED) if lead.lane is Lane.NONE else lead, None, pass_on)
    before, lead = replace(lead, news=news), replace(lead, question=None)
    if before.question == Fact.NAME:  # a name is no time
        words = "\n".join(line for line in words.splitlines() if lone_name(line) is None)
    answers_own = heard == ANSWER and before.question is not None and before.question not in set(Fact)
    move = None if answers_own else rebooking.reply(lead, heard, words, rules, book)
    if move is None and not answers_own:
        move = reconsidering.reply(lead, heard, words, rules, book)
    if move is None and not answers_own:
        move = booking.reply(lead, heard, words, rules, book)
    if move is not None and move[1] is None and move[0].stage is Stage.TALKING:  # none was chosen: on without
        lead, heard, move = move[0], ANSWER, None
    elif move is None and not answers_own:
        move = callreply.reply(lead, heard, words, rules, diary)
    lead, say = move or _next(lead, heard, before, rules, diary, book, words)
    if say is not None and say.purpose is Purpose.HANDOVER and move is None:
        if say.template in ("noted", "noted_when", "noted_call") and _stays(lead, diary):
            say = Say(Purpose.ANSWER, callreply.STAYS)
        lead, say = callreply.offered(lead, say, rules, diary)
    if say is not None and say.template in lead.said:  # nothing is said twice in one conversation
        say = _afterwards(lead, heard, rules, diary) if say.purpose in CLOSING else None
        say = None if say is not None and say.template in lead.said else say
    if say is not None:
        name = told_with(say.template, lead.said, CONVERSATION_TEXTS) if pictured else say.template
        lead = replace(lead, said=lead.said | {name, *says_too(name)}, automatic=lead.automatic + 1)
        say = replace(say, template=name)
    added = (say is None and news) or (say is not None and say.template in ("added", "still_listed"))
    if added and lead.appointment is not None and lead.appointment.state is State.CONFIRMED:
        lead = replace(lead, said=lead.said | {booking.STAYS})  # a person looks at what was added
    settled = lead.offered or lead.call is not None or lead.appointment is not None
    if heard not in (ANSWER, REFUSAL) and lead.question is None and not settled:
        lead = replace(lead, question=before.question)  # it stays open
    return Answer(lead, say, pass_on)


def unsaid(lead: Lead, name: str) -> Lead:
    """The lead as if a text that did not leave had never been written; `name` is that of its template.

    What the caller had said before it is heard again, so that it is answered with what comes next.
    """
    if name == booking.REMINDER:
        return lead  # nothing that he wrote waits for it
    lead = callreply.unsaid(lead, name)
    if name.startswith("safety_"):
        return replace(lead, said=lead.said - {name})
    fact = next((fact for fact in lead.asked if name.endswith(f"ask_{fact}")), None)
    ended = name in ENDS and lead.stage in (Stage.COMPLETE, Stage.HANDED_OVER, Stage.CLOSED)
    return replace(
        lead,
        stage=Stage.TALKING if ended else lead.stage,
        heard=lead.heard or ("" if name in FATES or lead.intent in SMALL_TALK else lead.intent),
        said=lead.said - {name, *says_too(name), *asking.also_told(name)},
        asked=tuple(each for each in lead.asked if each != fact),
        question=None if lead.question == fact else lead.question,
        automatic=max(0, lead.automatic - 1),
    )


def follow_up(lead: Lead, rules: ConversationRules) -> Answer:
    """The one text into a silence; a second silence ends the conversation, and so does the first after `most_texts`."""
    enough = "follow_up" in lead.said or lead.automatic >= rules.most_texts
    # An emergency is a person's, and nobody is chased.
    done = lead.lane is Lane.ESCALATE or enough or not may_write(lead, "", rules)
    if lead.stage is not Stage.TALKING or lead.question is None or done:
        return Answer(fell_silent(lead))
    lead = replace(lead, said=lead.said | {"follow_up"}, automatic=lead.automatic + 1)
    return Answer(lead, Say(Purpose.FOLLOW_UP, "follow_up"))


def fell_silent(lead: Lead) -> Lead:
    """No answer came; nothing more is asked."""
    return replace(lead, stage=Stage.SILENT) if lead.stage is Stage.TALKING else lead


def may_write(lead: Lead, heard: str, rules: ConversationRules) -> bool:
    """Whether the owner lets the box go on after the first text. Emergencies go on, and who asks who we are is told."""
    return lead.lane is Lane.ESCALATE or heard == "help" or authority_over(lead, rules).reaches(Authority.ASK)


def _next(
    lead: Lead, heard: str, before: Lead, rules: ConversationRules, diary: Diary, book: Bookable, words: str
) -> tuple[Lead, Say | None]:
    """The next text, whatever has been said before."""
    if lead.lane is Lane.ESCALATE:
        return in_emergency(lead, heard, before, rules)
    if heard in NOT_CUSTOMERS - {"wrong_number", "help"}:
        return replace(lead, stage=Stage.CLOSED), None
    if heard == "wrong_number":
        return replace(lead, stage=Stage.CLOSED), Say(Purpose.CLOSING, "wrong_number")
    if lead.lane is Lane.NONE and heard in ("thanks_ack", "no", NO_MORE):
        return replace(lead, stage=Stage.CLOSED), None
    if heard == "thanks_ack":
        return lead, None
    if lead.automatic >= rules.most_texts:
        return replace(lead, stage=Stage.HANDED_OVER), None
    if heard == "help" or (heard == GREETING and lead.asked and lead.stage is Stage.TALKING):
        return lead, Say(Purpose.ANSWER, "who_we_are")
    if heard == "photo_only":
        return replace(lead, question=before.question or Fact.SERVICE), Say(Purpose.ANSWER, "no_pictures")
    if lead.stage is Stage.COMPLETE and lead.appointment is not None:
        booked, say = booking.settled(lead, rules, book)
        if say is not None:
            return booked, say
    if lead.stage in (Stage.COMPLETE, Stage.HANDED_OVER):
        return lead, _afterwards(lead, heard, rules, diary)
    if heard == "unclear":
        lead = replace(lead, unclear=lead.unclear + 1)
        if lead.unclear >= TIMES_UNCLEAR:
            return replace(lead, stage=Stage.HANDED_OVER), Say(Purpose.HANDOVER, "handed_over")
    else:
        lead = replace(lead, unclear=0)
    if for_a_person(lead):
        return _to_a_person(lead)
    if rules.area.holds(lead.facts) is Area.OUTSIDE:
        return replace(lead, stage=Stage.COMPLETE), Say(Purpose.OUT_OF_AREA, "out_of_area")
    bookable = rules.bookable(lead.facts.service) and lead.urgency is not Urgency.URGENT
    if bookable and (offer := booking.offered(lead, rules, book)) is not None:
        return offer
    agreed = bookable and (
        lead.appointment is not None or lead.said & booking.OFFERS or booking.awaits_offer(lead, rules, book)
    )
    wanted = (
        booking.next_question(lead, rules, book.kind)
        if agreed
        else asking.wanted(lead, rules, Lane.BOOK if bookable else Lane.MESSAGE)
    )
    if wanted is not None:
        return asking.ask(lead, wanted, words)
    lead, say = booking.settled(lead, rules, book)
    if say is None and lead.appointment is not None and lead.appointment.state is State.CONFIRMED:
        told = "added" if booking.has_begun(lead, diary.now) else booking.STAYS
        return replace(lead, stage=Stage.COMPLETE), Say(Purpose.ANSWER, told)
    return (lead, say) if say is not None else _done(lead, rules, words)


def _afterwards(lead: Lead, heard: str, rules: ConversationRules, diary: Diary) -> Say | None:
    """What is said to a text that comes when everything has been asked, or a person is to answer: what is so, and no more."""
    asks = heard in (QUESTION, GREETING)
    if not asks and (heard in SMALL_TALK or heard in (REFUSAL, NO_MORE)):
        return None
    if _stays(lead, diary):
        return Say(Purpose.ANSWER, callreply.STAYS)
    if booking.has_begun(lead, diary.now):
        return Say(Purpose.ANSWER, "still_listed" if asks or heard == "status_question" else "added")
    if lead.appointment is not None and lead.appointment.state is State.CONFIRMED:
        return Say(Purpose.ANSWER, booking.STANDS if asks or heard == "status_question" else booking.STAYS)
    may_request = authority_over(lead, rules).reaches(Authority.REQUEST)
    if lead.lane is Lane.BOOK and may_request and not lead.said & {"requested", booking.REQUESTED} and not asks:
        return Say(Purpose.CONFIRMATION, "requested")
    if lead.lane is Lane.BOOK and heard != ANSWER:
        return Say(Purpose.ANSWER, "not_confirmed")
    return Say(Purpose.ANSWER, "still_listed" if asks else "added")


def _stays(lead: Lead, diary: Diary) -> bool:
    """Whether a call is promised, and may still be spoken of."""
    return lead.call is not None and callduty.is_promised(lead) and diary.lies_ahead(lead.call)


def _to_a_person(lead: Lead) -> tuple[Lead, Say | None]:
    template = {
        "complaint": "noted_complaint",
        "call_me_back": "noted_call",
        "human_request": "noted_person",
        "reschedule": "noted_change",
        "cancel_appointment": "noted_change",
    }.get(lead.intent, "noted")
    return replace(lead, stage=Stage.HANDED_OVER), Say(Purpose.HANDOVER, template)


def _done(lead: Lead, rules: ConversationRules, words: str) -> tuple[Lead, Say | None]:
    lead = replace(lead, stage=Stage.COMPLETE)
    if lead.lane is Lane.BOOK and authority_over(lead, rules).reaches(Authority.REQUEST):
        return lead, Say(Purpose.CONFIRMATION, "requested")
    if lead.intent == "price_question" and asking.PRICE not in lead.said:
        return lead, Say(Purpose.HANDOVER, "noted_price")
    if asking.WHEN not in lead.said and asks_when(words):
        return lead, Say(Purpose.HANDOVER, "noted_when")
    return lead, Say(Purpose.HANDOVER, "noted")
