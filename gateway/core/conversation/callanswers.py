"""What the answer to an offer of times for a call means: which of them it chooses, if any."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from gateway.core.conversation.calltimes import Wanted, names_time
from gateway.core.conversation.callwindows import Diary
from gateway.core.conversation.lead import Lead, OfferOf
from gateway.core.conversation.moves import REFUSAL
from gateway.core.conversation.rota import CallWindow
from gateway.core.understanding.folded import fold

A_REFUSAL = 6  # words; so few that name a time or refuse one are taken for that, whatever else they look like
A_REPLY = 12  # words; who writes more tells of something else, unless he speaks of the call


class Kind(Enum):
    """What an answer does with the offer."""

    CHOICE = "choice"
    ELSEWHEN = "elsewhen"  # a time, and none of the offered ones
    NEITHER = "neither"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Meant:
    """What an answer means: `window` with CHOICE, `wish` with ELSEWHEN where the time can be resolved."""

    kind: Kind
    window: CallWindow | None = None
    wish: Wanted | None = None


_DENIES: Final = re.compile(
    r"\b(?:not|no|nope|none|neither|nor|except|but|cant|can't|cannot|don'?t|doesn'?t|won'?t|isn'?t|unable|busy|ningun\w*|tampoco|menos"
    r"|no puedo|ni)\b"
)
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
    r"|there|por|favor|gracias|si|claro|bien|buena|bueno|vale|dale|perfecto|esta|el|la|lo|los|es|mi|nos|queda|va"
    r"|mejor|opcion|numero|prefiero|escojo|elijo|quiero|tomo|puede|ser|con|de|hora|hola|seria|que|llamen|llamenme"
    r"|llame|entonces"
)
_FOLLOWED: Final = rf"^(?:\w+ )?(?:{'|'.join(words for _, words in _ORDER)})\b"  # "any one, 2", "number one or two"
_THE_CALL: Final = re.compile(r"\bcall|\bring\b|\bllam")
_LED: Final = re.compile(
    r"\W*(?:#|option |opcion |number |numero )?([1-3])(?: ?[.,;:!)]+ | ?[-\n] ?| and | y )(?!or\b|o\b)([a-z].*)",
    re.DOTALL,
)
_LISTED: Final = re.compile(r"(?<![\d-])[1-9][.,:;)]? ")  # "1. price 2. time"


def numbered(body: str, count: int) -> int | None:
    """Which of `count` offers the words choose by number or place in the row; None when they do not, or say more."""
    plain = _HARMLESS.sub("", fold(body).plain)
    if denies(body):
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


def denies(body: str) -> bool:
    """Whether the words refuse something: "neither", "i cant tomorrow"; "no problem" refuses nothing."""
    return _DENIES.search(_HARMLESS.sub("", fold(body).plain)) is not None


def speaks_of_call(words: str) -> bool:
    """Whether a telephone call is spoken of."""
    return _THE_CALL.search(fold(words).plain) is not None


def meant(lead: Lead, heard: str, words: str, diary: Diary) -> Meant | None:
    """What the words do with what `lead` was offered; None when they are about something else."""
    number = numbered(words, len(lead.offered)) or _led(words, len(lead.offered))
    if number is not None:
        return Meant(Kind.CHOICE, lead.offered[number - 1])
    plain = fold(words).plain
    denied = denies(words)
    short = len(words.split()) <= A_REPLY
    if names_time(words) and (short or speaks_of_call(words)):
        if denied:
            return Meant(Kind.NEITHER)
        return _by_time(lead, words, diary)
    bare = re.fullmatch(r"\W*(?:at |a las? )?(\d{1,2})\W*", plain)
    if bare is not None:  # "8" where 8-9 AM is offered, and no eighth time
        if lead.offer_of is OfferOf.VISIT:
            return _by_hour(lead, int(bare[1]), diary)
        by_hour = _by_time(lead, f"at {bare[1]}", diary)
        return by_hour if by_hour.kind is Kind.CHOICE else Meant(Kind.UNCLEAR)
    if heard in (REFUSAL, "no") or (denied and short):
        return Meant(Kind.NEITHER)
    if re.search(r"\b(?:either|any|whichever|both|cualquiera|las dos|ambas|el que sea|la que sea)\b", plain) and short:
        return Meant(Kind.CHOICE, lead.offered[0])
    if heard == "yes" and len(lead.offered) == 1:
        return Meant(Kind.CHOICE, lead.offered[0])
    tells = len(words.split()) > A_REFUSAL or re.search(r"\d{3}", plain)  # an address, a number, something else
    if heard in ("yes", "unclear", "call_me_back", "human_request", "reschedule") and not tells:
        return Meant(Kind.UNCLEAR)
    return None


def _led(words: str, count: int) -> int | None:
    """Which of `count` offers is chosen by a number in front of something else: "2. call my wife", "option 1, I am Bob"."""
    found = _LED.fullmatch(fold(words).plain)
    if found is None or int(found[1]) > count or denies(words) or names_time(words) or "?" in words:
        return None
    return None if _LISTED.search(found[2]) else int(found[1])


def _by_hour(lead: Lead, hour: int, diary: Diary) -> Meant:
    """A bare number that is none of those that were offered: of half days only the one that begins at that hour can be meant."""
    begin = [one for one in lead.offered if one.begins.astimezone(diary.zone).hour % 12 == hour % 12]
    return Meant(Kind.CHOICE, begin[0]) if len(begin) == 1 and hour <= 12 else Meant(Kind.UNCLEAR)


def _by_time(lead: Lead, words: str, diary: Diary) -> Meant:
    """A time in words: of the offered windows the first that it fits, else whatever else it may be."""
    led = re.match(
        r"\W*(?:#|option |opcion |numero |number )?([1-3])\b[).,:]?\s+(?=\D)(?!am\b|pm\b|o'?clock)", fold(words).plain
    )
    wish = diary.wish(words)
    fitting = [w for w in lead.offered if wish is not None and wish.fits(w.begins, w.ends, diary.zone)]
    if led is not None and int(led[1]) <= len(lead.offered):
        window = lead.offered[int(led[1]) - 1]  # "2 tomorrow 8-9 AM", the offer said back
        return Meant(Kind.CHOICE, window) if window in fitting else Meant(Kind.UNCLEAR)
    return Meant(Kind.CHOICE, fitting[0]) if fitting else Meant(Kind.ELSEWHEN, wish=wish)
