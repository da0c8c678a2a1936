"""The three readings that must not fail: danger to people, emergency, no more texts.

Each is decided by what the rules found and by how sure the trained part is, together. Where the rules found something plain
the trained part has to find the opposite plain to overrule them; where they found nothing it has to be surer, and so it has
where the text says that something is stopped, harmless or long ago (`calming`). An opt-out in so many words is never overruled
by it, a danger only where the text itself says such a thing. The thresholds were chosen on texts of hands that the trained part
had not seen (CONTRIBUTING, "How texts are read").
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from gateway.core.understanding.calming import calms
from gateway.core.understanding.circumstances import Standing
from gateway.core.understanding.degrees import Thresholds, indoors
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.optouts import Wish, wish
from gateway.core.understanding.plainly import only_calls, plainly
from gateway.core.understanding.situations import Found, Weight

SIGNS_COUNT = 2  # the head made for the question counts twice as much as the one that looks at every letter


@dataclass(frozen=True, slots=True)
class Bar:
    """How sure (0..1) the trained part must be: `with_rules` where they found it, `alone` where they did not, `in_few_words`
    where the text says little besides."""

    with_rules: float
    alone: float
    in_few_words: float

    def of_guess(self, text: Folded) -> float:
        """Where the rules have found nothing, or the text says something that calms."""
        return self.in_few_words if is_short(text) else self.alone

    def of_found(self, text: Folded) -> float:
        """Where the rules have found it."""
        return self.of_guess(text) if calms(text) else self.with_rules


DANGER = Bar(with_rules=0.36, alone=0.44, in_few_words=0.50)
EMERGENCY = Bar(with_rules=0.36, alone=0.52, in_few_words=0.55)
URGENT = Bar(with_rules=0.22, alone=0.38, in_few_words=0.41)  # an emergency with the word that the opener asks for
OPT_OUT = Bar(with_rules=0.14, alone=0.58, in_few_words=0.64)

SHORT = 12  # words and marks; a plain short text says what is so and hardly how bad it is
WET_DANGER = 0.60  # alone: water that runs frightens, and is a danger to people only sometimes
ALARM_OF_DANGER = 0.36  # a danger found without rules has to be held for an emergency too
IN_EMERGENCY = 0.11  # a danger in what is an emergency anyhow: the safety text costs little there, its lack much
NAMED_IN_EMERGENCY = 0.08  # where the rules have found words for it
WET_IN_EMERGENCY = 0.40  # where the emergency is water that runs

TOGETHER_NEEDS = 0.10  # two situations that are an emergency together, unless the opposite is this plain
# How sure it must be, without rules, of a text that reads like a seller's or a wrong number, and of one that says in a few words
# what alone is no emergency.
STRANGER = 0.80
COMFORT = frozenset({"no heat", "no cooling"})

WORTH_A_LOOK = 0.03  # of the whole text; below, its sentences are not looked at one by one
BESIDE = 0.60  # how sure it must be of a sentence alone, in a text that tells of something else
BESIDE_WHAT_CALMS = 0.92  # and where the text says too that something is stopped, harmless or long ago
BEHIND = 0.52  # and of what a "but" or a "now" sets against such words

BARE = 4  # words: too few for a wish for no more texts that no rule knows
ONE_MATTER = 16  # words; a longer text is about more than "who is this", or one mended slip
# Whoever tells of these in so many words is not silenced by a guess, nor taken for one who tells nothing.
TROUBLE = frozenset({"no heat", "no cooling", "no power", "no water", "locked out", "water running", "sewage"})

_ASKS = re.compile(  # who writes, for news, for a number or an address
    r"\bwho(?:'?s| is| dis| r| are| am i)? (?:this|dis|u|you|texting)\b|\bquien (?:es|eres|habla|son)\b|\bde quien es\b|\bqu?i?en (?:me |nos )?escri[vb]\w*|\bq(?:ue)? numero es\b"
    r"|\bany (?:word|news|updates?|luck|progress)\b|\balguna? (?:noticia|novedad)|\bque (?:paso|hubo) con\b"
    r"|\b(?:give|send|tell|get) me (?:[\w']+ ){0,4}(?:number|cell|phone|address|email)\b"
    r"|\bwhat(?:'?s| is) (?:[\w']+ ){0,3}(?:number|cell|phone|address|email)\b"
    r"|\b(?:deme|dame|mandeme|cual es) (?:\w+ ){0,4}(?:numero|telefono|celular|correo)\b"
)
_CHOOSES = re.compile(  # of several that were offered
    r"\W*(?:(?:yes|ok|okay|please|si|sure)\W+)?(?:the |la |el |option |opcion |number |numero )?(?:first|second|third|last|next|latter|former|other"
    r"|primer[ao]?|segund[ao]|tercer[ao]?|ultim[ao]|otr[ao])(?: (?:one|time|slot|option|hora|opcion))?(?:\W+(?:please|pls|works|is fine|is good|por favor|thanks|thank you|gracias))*\W*"
)
_WANTS_CALL = re.compile(r"\b(?:call|phone|ring|telephone|llam\w+|marqu?e\w*)\b")
_OF_TEXTS = re.compile(
    r"\b(?:te?xt\w*|messag\w*|msg\w*|sms|mensaj\w*|texto\w*|writ\w*|escrib\w*|robot|bot|machine|maquina)\b"
)
_ALARM_WORD = re.compile(r"\b(?:urgen|emergen)")  # the word of the opener, and what it is called
_SELLS = re.compile(
    r"https?:|bit\.ly|\bwww\.|\bclick (?:here|the|this|below|on|to|link|now|and)\b|\b(?:domain|renew|expires?|account (?:is |was |has been )?(?:locked|suspended|on hold)|final notice|funding|loan|prize|gift card|claim (?:your|ur)|limited (?:slots|offer|time)|package (?:is )?held|verify your|act now|extended warranty)\b"
)

# Situations that are an emergency together (a cold house alone is none, neither is a baby).
TOGETHER = (
    ("no heat", "cold"),
    ("no heat", "vulnerable"),
    ("no cooling", "vulnerable"),
    ("no power", "medical"),
    ("no water", "medical"),
    ("locked out", "on the stove"),
    ("locked out", "child"),
    ("locked out", "cold"),
    ("locked out", "vulnerable"),
    ("locked out", "stepped out"),
    ("cold", "vulnerable"),
)


def both(letters: float, signs: float) -> float:
    """One probability of two, averaged as log-odds."""
    odds = (_odds(letters) + SIGNS_COUNT * _odds(signs)) / (1 + SIGNS_COUNT)
    return 1 / (1 + math.exp(-odds))


def _odds(chance: float) -> float:
    inside = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


def danger(
    text: Folded, found: Sequence[Found], chance: float, *, alarm: float = 1.0, stranger: bool = False
) -> tuple[str, ...]:
    """Why a text tells of a danger to people, in words of the office; empty when it does not.

    `alarm`: how sure the trained part is that it is an emergency, as every danger is. `stranger`: it reads as if it were
    from nobody with a house, a seller or a wrong number.
    """
    now = [one for one in found if one.standing is Standing.NOW]
    plain = [one for one in now if one.situation.weight is Weight.PLAIN]
    harmless = calms(text) or is_over(now)
    if plain and (not harmless or chance >= DANGER.with_rules):
        return told(plain)
    alarms = [one for one in now if one.situation.weight is Weight.LIFE]
    if alarms and chance >= DANGER.of_found(text):
        return told(alarms)
    sure = chance >= max(DANGER.of_guess(text), WET_DANGER if _wet(now) else 0.0, STRANGER if stranger else 0.0)
    return ("reads like a danger to people",) if sure and alarm >= ALARM_OF_DANGER else ()


def danger_too(alarm: Sequence[str], found: Sequence[Found], chance: float) -> tuple[str, ...]:
    """Why an emergency, told for the reasons `alarm`, is a danger to people too; empty when it is not."""
    named = any(one.situation.weight is Weight.LIFE and one.standing is Standing.NOW for one in found)
    bar = NAMED_IN_EMERGENCY if named else WET_IN_EMERGENCY if _wet(found) else IN_EMERGENCY
    return ("may be a danger to people",) if alarm and chance >= bar else ()


def is_over(found: Sequence[Found]) -> bool:
    """Whether a text says that what it tells is done with, or no earnest."""
    return any(one.situation.name in ("over", "joke") and one.standing is Standing.NOW for one in found)


def _wet(found: Sequence[Found]) -> bool:
    return any(one.situation.weight is Weight.EMERGENCY and one.standing is Standing.NOW for one in found)


def emergency(
    text: Folded, found: Sequence[Found], chance: float, limits: Thresholds, *, stranger: bool = False
) -> tuple[str, ...]:
    """Why the owner must be told at any hour; empty when he need not be. `limits` are the business's own."""
    if only_calls(text):
        return (f"the word for an emergency: “{text.sent.strip()}”",)
    if plainly(text):
        return (f"says nothing else than that it cannot wait: “{text.sent.strip()}”",)
    degrees, now = indoors(text), {one.situation.name for one in found if one.standing is Standing.NOW}
    if reason := _too_cold_or_hot(degrees, now, limits):
        return (reason,)
    mild = bool(degrees) and "no heat" in now
    if mild:  # a number that the rules take for cold is not cold by the business's own limit
        found = [one for one in found if one.situation.name != "cold" or not any(map(str.isdigit, one.words))]
        mild = not any(one.situation.weight in (Weight.PLAIN, Weight.LIFE) for one in found) and not _ALARM_WORD.search(
            text.plain
        )
    together = joined(found)
    if together and chance >= (EMERGENCY.with_rules if calms(text) else TOGETHER_NEEDS):
        return told(together)
    bar = URGENT if "urgent word" in now else EMERGENCY
    alarms = [one for one in found if one.situation.weight is not Weight.CUE and one.standing is Standing.NOW]
    if alarms and chance >= bar.of_found(text):
        return told(alarms)
    if mild or _SELLS.search(text.plain):
        return ()
    comfort = is_short(text) and bool(now & COMFORT)
    sure = chance >= max(bar.of_guess(text), STRANGER if stranger or comfort else 0.0)
    return ("reads like an emergency",) if sure else ()


def is_short(text: Folded) -> bool:
    """Whether a text is so short that what the rules find is all there is, and the rest a guess."""
    return len(text.words()) <= SHORT


def _too_cold_or_hot(degrees: Sequence[int], now: Set[str], limits: Thresholds) -> str | None:
    """The reason why the degrees in the house are an emergency by themselves, or None."""
    cold, hot = limits.cold_f, limits.hot_f
    if degrees and "no heat" in now and min(degrees) <= cold:
        return f"no heat at {min(degrees)} degrees, the limit is {cold}"
    if degrees and "no cooling" in now and hot is not None and max(degrees) >= hot:
        return f"no cooling at {max(degrees)} degrees, the limit is {hot}"
    return None


def names_trouble(found: Sequence[Found]) -> bool:
    """Whether a text says in so many words that something in the house is out."""
    return any(one.situation.name in TROUBLE and one.standing is Standing.NOW for one in found)


def pressing(urgency: Mapping[str, float], *, trouble: bool = False) -> str:
    """How urgent a text is that is no emergency; one that names trouble is never about nothing."""
    levels = ("urgent", "routine") if trouble else ("urgent", "routine", "none")
    return max(levels, key=lambda name: urgency[name])


def no_more_texts(text: Folded, chance: float, found: Sequence[Found] = ()) -> tuple[str, ...]:
    """Why a text asks for no more texts; empty when it does not. What is plain needs no guess, either way."""
    said = wish(text)
    match said.wish:
        case Wish.PLAIN:
            sure = True
        case Wish.LIKELY:
            sure = chance >= OPT_OUT.with_rules
        case Wish.WELCOME | Wish.OTHERWISE:
            sure = False
        case Wish.NOT_SAID:
            guessed = chance >= _unsaid_wish(text) and not _is_otherwise(text, found)
            return ("reads like somebody who wants no more texts",) if guessed else ()
    return (f"wants no more texts: “{said.words}”",) if sure else ()


def _unsaid_wish(text: Folded) -> float:
    """How sure the trained part must be of a wish for no more texts that no rule knows: surer of one in a few words, or of
    who wants a call, without a word about texts."""
    call = _WANTS_CALL.search(text.plain) and not _OF_TEXTS.search(text.plain)
    return OPT_OUT.in_few_words if call or len(text.words()) <= BARE else OPT_OUT.alone


def _is_otherwise(text: Folded, found: Sequence[Found]) -> bool:
    """Whether a text tells of trouble, asks or chooses, in so many words: who writes that is not silenced by a guess.

    "no heat, text me", "who is this texting me", "the second one please".
    """
    asks = len(text.words()) <= ONE_MATTER and _ASKS.search(text.plain)
    return names_trouble(found) or bool(asks) or _CHOOSES.fullmatch(text.plain) is not None


def told(found: Sequence[Found]) -> tuple[str, ...]:
    return tuple(f"{one.situation.says}: “{one.words}”" for one in found)


def joined(found: Sequence[Found]) -> list[Found]:
    """The situations of a text that are an emergency together."""
    now = {one.situation.name: one for one in found if one.standing is Standing.NOW}
    for pair in TOGETHER:
        if all(name in now for name in pair):
            return [now[name] for name in pair]
    return []
