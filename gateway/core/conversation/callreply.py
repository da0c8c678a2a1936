"""Times for a call: when they are offered, what a caller's answer to them means, and what is written to it.

An offer is made where the conversation would hand a lead to the office. Nothing is promised before the caller has chosen, by
a number or in words, a window in which a person is rostered; then the call is said back, and stands in the office's task until
a person has made it or settled it. What fits no window is kept as it was worded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from gateway.core.conversation.authority import Authority
from gateway.core.conversation.calltimes import Wanted, names_time, wanted
from gateway.core.conversation.callwindows import Diary, proposed
from gateway.core.conversation.lanes import FOR_A_PERSON, authority_over, lane_meant
from gateway.core.conversation.lead import Lane, Lead, Stage, Urgency
from gateway.core.conversation.moves import REFUSAL, Say
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
    "noted_call": "offer",
    "noted_price": "price_offer",
    "noted_person": "person_offer",
    "noted_complaint": "complaint_offer",
    "noted_change": "change_offer",
}
AGAIN, WHICH = "offer_again", "offer_which"
OFFERS: Final = frozenset(OFFER_FOR.values()) | {AGAIN}
CHOSEN, WISH_NOTED, STAYS = "call_noted", "noted_wish", "call_stays"
A_REFUSAL = 6  # words; so few that name a time or refuse one are taken for that, whatever else they look like
A_REPLY = 12  # words; who writes more tells of something else, unless he speaks of the call
# Whatever else is going on, these are no answers to an offer.
_ENDINGS: Final = frozenset({"opt_out", "wrong_number", "complaint", "cancel_appointment", "no_more"})
_OTHER_MATTERS: Final = _ENDINGS | frozenset(
    {
        *("opt_in", "help", "photo_only", "spam", "vendor_or_sales", "job_seeker"),
        *("status_question", "price_question", "thanks_ack"),
    }
)  # fmt: skip


# ---- the offer


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
    windows = proposed(diary.free, _wish(lead.facts.callback_time or "", diary), diary.zone)
    return replace(lead, offered=windows, stage=Stage.TALKING, question=None), Say(Purpose.OFFER, template)


# ---- the answer to it


def behind_a_call(lead: Lead) -> Lead:
    """The lead of somebody who writes after the promised call was made: something else."""
    return replace(lead, call=None, call_kept=False) if lead.call_kept else lead


def replied(lead: Lead, reading: Reading, body: str) -> Lead | None:
    """The lead with a text that answers an offer: the time in it is one for a call, and a bare number is neither work nor
    a name. None for any other text."""
    hurry = reading.urgency == Urgency.URGENT and _HURRY.search(body)  # "tomorrow morning" alone is none
    grave = reading.opt_out or reading.life_safety or reading.urgency == Urgency.EMERGENCY or hurry
    tells = (
        reading.zip or reading.street_address or reading.city or reading.callback_number
    )  # facts that must not be lost
    if not lead.offered or grave or tells or reading.intent in _ENDINGS:
        return None
    few = len(body.split()) <= A_REFUSAL
    if few and _denies(body) and not names_time(body):
        return replace(lead, heard="no", news=True)
    if reading.intent in _OTHER_MATTERS and ("?" in body or not few or reading.intent == "price_question"):
        return None
    if numbered(body, len(lead.offered)) is not None:
        return replace(lead, heard="yes")
    about_call = re.search(r"\bcall|\bring\b|\bllam", body, re.IGNORECASE) is not None
    if not names_time(body) or not (about_call or len(body.split()) <= A_REPLY):
        return None
    times = joined([wish.worded() for wish in wishes(fold(body))])
    return replace(lead, facts=replace(lead.facts, callback_time=times), heard="yes", news=True)


class _Kind(Enum):
    CHOICE = "choice"
    ELSEWHEN = "elsewhen"  # a time, and none of the offered ones
    NEITHER = "neither"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class _Meant:
    kind: _Kind
    window: CallWindow | None = None
    wish: Wanted | None = None


def reply(lead: Lead, heard: str, words: str, rules: ConversationRules, diary: Diary) -> tuple[Lead, Say | None] | None:
    """What follows from the answer to an offer; None when the words are about something else."""
    if lead.lane in (Lane.ESCALATE, Lane.NONE):
        return None
    if lead.call is not None and not lead.call_kept and CHOSEN not in lead.said:
        return lead, Say(Purpose.CONFIRMATION, CHOSEN)  # it was said back in a text that did not leave
    if not lead.offered or heard in _ENDINGS:
        return None
    texts = words.splitlines()
    alone = [text for text in texts if numbered(text, len(lead.offered)) is not None]
    if not alone and heard == "thanks_ack":  # behind "tomorrow morning" it takes nothing back
        alone = [text for text in texts if names_time(text) and len(text.split()) <= A_REPLY and "?" not in text]
    if heard in _OTHER_MATTERS and not alone:
        return None
    meant = _meant(lead, heard, alone[-1] if alone else " ".join(words.split()), diary)
    if meant is None:
        return None
    if lead.automatic >= rules.most_texts or not authority_over(lead, rules).reaches(Authority.OFFER):
        return _ended(_wished(lead, words), rest=Stage.HANDED_OVER), None  # what cannot be said back is not promised
    match meant.kind:
        case _Kind.CHOICE if meant.window in diary.standing:
            return _promised(lead, meant.window)
        case _Kind.CHOICE:
            return _again(lead, None, diary) or _left_open(lead, words)
        case _Kind.ELSEWHEN:
            fitting = [w for w in diary.free if meant.wish and meant.wish.fits(w.begins, w.ends, diary.zone)]
            if fitting and meant.wish is not None and meant.wish.exact:
                return _promised(lead, fitting[0])
            return (_again(lead, meant.wish, diary) if fitting else None) or _left_open(lead, words)
        case _Kind.UNCLEAR:
            return lead, Say(Purpose.OFFER, WHICH) if WHICH not in lead.said else None
        case _Kind.NEITHER:
            return _left_open(lead, words)


def unsaid(lead: Lead, name: str) -> Lead:
    """The lead when a text of this name has not left: what was not offered is free for others. A chosen call stays."""
    return replace(lead, offered=()) if name in OFFERS else lead


def settled(lead: Lead) -> Lead:
    """The lead without times that nobody can choose any more: it is an emergency, no lead, over, or wants no texts."""
    over = lead.lane in (Lane.ESCALATE, Lane.NONE) or lead.stage in (Stage.OPTED_OUT, Stage.CLOSED, Stage.SILENT)
    return replace(lead, offered=()) if over and lead.offered else lead


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
    if not names_time(words) and _denies(words):
        return lead
    said = lead.facts.callback_time or " ".join(words.split())[:60]
    return replace(lead, facts=replace(lead.facts, callback_time=said))


def _ended(lead: Lead, rest: Stage | None = None) -> Lead:
    """The lead behind an offer: with the office where it is for a person from the start, else complete."""
    person = lead.intent in FOR_A_PERSON and lead.intent not in ("price_question", "photo_only")
    stage = rest or (Stage.HANDED_OVER if person else Stage.COMPLETE)
    return replace(lead, offered=(), question=None, unclear=0, stage=stage)


def _wish(words: str, diary: Diary) -> Wanted | None:
    return wanted(words, diary.written_at, diary.zone)


# ---- what an answer means

_DENIES: Final = re.compile(
    r"\b(?:not|no|nope|none|neither|nor|except|but|cant|can't|cannot|don'?t|doesn'?t|won'?t|isn'?t|unable|busy|ningun\w*|tampoco|menos"
    r"|no puedo|ni)\b"
)
_HURRY: Final = re.compile(r"urgen|emergen|worse|hurry|peor|prisa", re.IGNORECASE)
_HARMLESS: Final = re.compile(
    r"\b(?:no (?:problem|problema|worries|rush|hurry|prisa|hay (?:problema|prisa))|not (?:a problem|urgent)|why not|can'?t wait)\b"
)
_ORDER: Final = (
    (1, r"1|one|first|1st|uno|una|primer[ao]?|1[ae]ra?"),
    (2, r"2|two|second|2nd|dos|segund[ao]|2d[ao]"),
    (3, r"3|three|third|3rd|tres|tercer[ao]?|3[ae]ra?"),
)
_NUMBER: Final = "|".join(f"(?P<n{number}>{words})" for number, words in _ORDER)
_TOKEN: Final = re.compile(r"[a-z0-9']+")
# Around a number these say nothing else: "number 2 please", "la primera esta bien, gracias".
_COURTESY: Final = re.compile(
    r"please|pls|plz|pleas|thanks|thank|you|thx|ty|ok|okay|k|yes|yeah|yep|yup|sure|great|perfect|good|fine|cool"
    r"|awesome|nice|works|work|is|would|be|will|do|does|for|me|us|my|that|that's|thats|it|it's|its|this|i|i'll|ill"
    r"|i'd|id|we|we'll|take|pick|choose|prefer|want|like|go|going|with|let|let's|lets|the|a|an|option|opt|number|num"
    r"|time|slot|window|call|best|better|can|could|sounds|hi|hello|hey|so|then|just|and|on|to|either|or|any|by|choice"
    r"|there|por|favor|gracias|si|claro|bien|buena|bueno|vale|dale|perfecto|esta|el|la|lo|las|los|es|mi|nos|queda|va"
    r"|mejor|opcion|numero|prefiero|escojo|elijo|quiero|tomo|puede|ser|con|de|hora|hola|seria|que|llamen|llamenme"
    r"|llame|entonces"
)


def numbered(body: str, count: int) -> int | None:
    """Which of `count` offers the words choose by number or place in the row; None when they do not, or say more."""
    plain = _HARMLESS.sub("", fold(body).plain)
    if _denies(body):
        return None
    if count > 1 and re.fullmatch(
        r"\W*(?:(?:the )?last(?: one)?|(?:la )?ultima|(?:el )?ultimo)\b[\w ,.!']{0,30}", plain
    ):
        return count
    tokens = _TOKEN.findall(re.sub(r"[#)(]|n[o°º]\.? ?(?=\d)", " ", plain))
    numbers: list[int] = []
    for place, token in enumerate(tokens):
        found = re.fullmatch(_NUMBER, token)
        if found is None:
            if not _COURTESY.fullmatch(token):
                return None
            continue
        number = int((found.lastgroup or "n0")[1:])
        article = token in ("one", "una", "uno") and (numbers or re.search(_FOLLOWED, " ".join(tokens[place + 1 :])))
        if not article:
            numbers.append(number)
    if not numbers or numbers[0] > count:
        return None
    if len(set(numbers)) > 1 and not re.search(r"\b(?:or|o|either)\b", plain):
        return None
    return numbers[0]


_FOLLOWED: Final = rf"^(?:\w+ )?(?:{'|'.join(words for _, words in _ORDER)})\b"  # "any one, 2", "number one or two"


def _denies(body: str) -> bool:
    return _DENIES.search(_HARMLESS.sub("", fold(body).plain)) is not None


def _meant(lead: Lead, heard: str, words: str, diary: Diary) -> _Meant | None:
    number = numbered(words, len(lead.offered))
    if number is not None:
        return _Meant(_Kind.CHOICE, lead.offered[number - 1])
    plain = fold(words).plain
    denied = _denies(words)
    short = len(words.split()) <= A_REPLY
    about_call = re.search(r"\bcall|\bring\b|\bllam", plain) is not None
    if names_time(words) and (short or about_call):
        if denied:
            return _Meant(_Kind.NEITHER)
        return _by_time(lead, words, diary)
    bare = re.fullmatch(r"\W*(?:at |a las? )?(\d{1,2})\W*", plain)
    if bare is not None:  # "8" where 8-9 AM is offered, and no eighth time
        meant = _by_time(lead, f"at {bare[1]}", diary)
        return meant if meant.kind is _Kind.CHOICE else _Meant(_Kind.UNCLEAR)
    if heard in (REFUSAL, "no") or (denied and short):
        return _Meant(_Kind.NEITHER)
    if re.search(r"\b(?:either|any|whichever|both|cualquiera|las dos|ambas|el que sea|la que sea)\b", plain) and short:
        return _Meant(_Kind.CHOICE, lead.offered[0])
    if heard == "yes" and len(lead.offered) == 1:
        return _Meant(_Kind.CHOICE, lead.offered[0])
    tells = len(words.split()) > A_REFUSAL or re.search(r"\d{3}", plain)  # an address, a number, something else
    if heard in ("yes", "unclear", "call_me_back", "human_request", "reschedule") and not tells:
        return _Meant(_Kind.UNCLEAR)
    return None


def _by_time(lead: Lead, words: str, diary: Diary) -> _Meant:
    """A time in words: of the offered windows the first that it fits, else whatever else it may be."""
    led = re.match(
        r"\W*(?:#|option |opcion |numero |number )?([1-3])\b[).,:]?\s+(?=\D)(?!am\b|pm\b|o'?clock)", fold(words).plain
    )
    wish = _wish(words, diary)
    fitting = [w for w in lead.offered if wish is not None and wish.fits(w.begins, w.ends, diary.zone)]
    if led is not None and int(led[1]) <= len(lead.offered):
        window = lead.offered[int(led[1]) - 1]  # "2 tomorrow 8-9 AM", the offer said back
        return _Meant(_Kind.CHOICE, window) if window in fitting else _Meant(_Kind.UNCLEAR)
    return _Meant(_Kind.CHOICE, fitting[0]) if fitting else _Meant(_Kind.ELSEWHEN, wish=wish)
