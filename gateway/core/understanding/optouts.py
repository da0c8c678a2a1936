"""Whether a text asks for no more texts, in whatever words (47 CFR 64.1200(a)(10): any reasonable means counts).

A lone keyword is read by `gateway.core.keywords` before anything else. Here are the wordings of everyday language, and
the things that sound like them and are none: stopping a leak, cancelling an appointment, "can you stop by".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from gateway.core.keywords import Keyword, lone_keyword
from gateway.core.understanding.folded import Folded
from gateway.core.understanding.optout_words import BESIDE, LOOKS_LIKE, NO_MORE, OTHERWISE, PLAIN, WELCOME


def _any_of(wordings: Sequence[str], *first: str) -> re.Pattern[str]:
    """Any of the wordings, each from the beginning of a word on; `first` those that begin as they say."""
    return re.compile("|".join((*first, r"\b(?:" + "|".join(wordings) + ")")))


_NO_MORE = _any_of(NO_MORE)
_LOOKS_LIKE = _any_of(LOOKS_LIKE)
_PLAIN = _any_of(
    PLAIN,
    # the keyword as the first sentence
    r"^\W*(?:stop|stopp|stpo|sotp|stp|unsub\w*|opt ?out|alto|basta)(?: it| please| pls| plz| now| texting| this)* ?[.!]",
)
_WELCOME = _any_of(
    WELCOME,
    # marks a text of ours
    r"^\W*(?:liked|loved|disliked|emphasized|laughed at|questioned|reacted\b.{0,12}) (?:to )?[\"'\u00ab]",
    r"^\W*stop\W+(?:no,? )?(?:wait|sorry(?=\W+\w)|never ?mind|oops)",
)
_OTHERWISE = _any_of(OTHERWISE)
_BESIDE = _any_of((*PLAIN, *BESIDE))
# A machine says so of itself; a person who writes it may still want no texts.
_ON_THE_ROAD = re.compile(r"driving")
_STOP_SIGN = re.compile(r"\W*[🛑⛔]\W*")
_ONE_WORD = frozenset(("stop", "quit", "cancel", "remove", "revoke", "unsubscribe", "optout"))
LONGEST_SLIP = 14  # letters
_SLIPS = frozenset(
    "sopt stap endd enddd eend detengase detenganse cancela fin salir cncel cancl cansel edn stoo stob stup srop stopm revocar parale parenle stp sto stpo sotp tsop stopo stpp dtop atop stip stol stoped estop unsubcribe unsuscribe unsubscibe unsubsribe unscribe".split()
)


class Wish(StrEnum):
    """How a text speaks of getting texts."""

    PLAIN = "plain"  # no doubt: no more of them
    LIKELY = "likely"  # words that mean it most of the time
    OTHERWISE = "otherwise"  # speaks of texts in words that are no wish most of the time, or is written by a machine
    WELCOME = "welcome"  # asks for them, in so many words
    NOT_SAID = "not said"


@dataclass(frozen=True, slots=True)
class Said:
    """A wish with the words that tell it."""

    wish: Wish
    words: str = ""


@lru_cache(maxsize=16)  # asked for several times in reading one text
def wish(text: Folded) -> Said:
    """Whether a text asks for no more texts, and how plainly."""
    lone = "".join(char for char in text.plain if char.isalpha())
    if lone_keyword(text.sent) is Keyword.STOP or lone in _SLIPS or _is_slip(lone) or _STOP_SIGN.fullmatch(text.sent):
        return Said(Wish.PLAIN, text.sent.strip())
    if match := _WELCOME.search(text.plain):
        return _beside(text, match, behind=True) or Said(Wish.WELCOME, text.sent[match.start() : match.end()])
    if (match := _OTHERWISE.search(text.plain)) and not (
        _ON_THE_ROAD.fullmatch(match.group()) and (_PLAIN.search(text.plain) or opted_out(text))
    ):
        return _beside(text, match) or Said(Wish.OTHERWISE, text.sent[match.start() : match.end()])
    words = opted_out(text)
    if match := _PLAIN.search(text.plain):
        if words is not None or match.start() == 0:
            return Said(Wish.PLAIN, text.sent[match.start() : match.end()].strip())
        return Said(Wish.LIKELY, text.sent[match.start() : match.end()])
    return Said(Wish.NOT_SAID) if words is None else Said(Wish.LIKELY, words)


def _beside(text: Folded, otherwise: re.Match[str], *, behind: bool = False) -> Said | None:
    """The plain wish that stands beside words that are none, or only `behind` them: "never got your text and stop texting me"."""
    before = "" if behind else text.plain[: otherwise.start()]
    rest = before + "x" * (otherwise.end() - len(before)) + text.plain[otherwise.end() :]
    match = _BESIDE.search(rest)
    return Said(Wish.PLAIN, text.sent[match.start() : match.end()].strip()) if match else None


def _is_slip(lone: str) -> bool:
    """Whether a single word is a keyword with a letter held down or two letters swapped: "stoppppp", "qiut", "unsbuscribe"."""
    if re.sub(r"(.)\1+", r"\1", lone) in _ONE_WORD:
        return True
    swaps = (lone[:at] + lone[at + 1] + lone[at] + lone[at + 2 :] for at in range(min(len(lone), LONGEST_SLIP) - 1))
    return any(swapped in _ONE_WORD for swapped in swaps)


@lru_cache(maxsize=16)
def opted_out(text: Folded) -> str | None:
    """The words by which a text asks for no more texts; None when it does not ask."""
    if lone_keyword(text.sent) is Keyword.STOP:
        return text.sent.strip()
    match = _NO_MORE.search(text.plain)
    if match is None:
        return None
    around = text.plain[max(0, match.start() - 12) : match.end() + 25]
    if _LOOKS_LIKE.search(around):
        rest = text.plain[match.end() :]
        again = _NO_MORE.search(rest)
        if again is None or _LOOKS_LIKE.search(rest[max(0, again.start() - 12) : again.end() + 25]):
            return None
    return text.sent[match.start() : match.end()]
