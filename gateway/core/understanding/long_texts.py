"""Texts longer than almost anybody writes: what is read of them, and where in them a danger is looked for.

Somebody may send 39,000 characters (255 parts of 153), and nobody else is to wait for them. Beginning and end are read as one
text. What many other words surround is easily overlooked, and so is what stands in the middle: dangers and emergencies are
looked for a window at a time as well, where rules find something alarming. A middle of more windows than anybody writes is
looked through for words of danger first, so that no length keeps others waiting.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Final

from gateway.core.understanding.circumstances import Standing, standing
from gateway.core.understanding.folded import Folded, fold
from gateway.core.understanding.safety import TOGETHER, joined
from gateway.core.understanding.situations import GRAVE, Found, Weight, situations

HEAD, TAIL = 600, 200  # characters: five segments, and what comes last; hardly anybody says more in one text
WINDOW = 260  # characters: two or three sentences, with what says whether a thing is so, denied or over
OVERLAP = 80  # a phrase that lies across the border of two windows stands whole in one of them
BEFORE = 100  # characters of a window before what is found in it
WINDOWS = 3  # of a text, and as many of a middle, are read by themselves: the plainest
# Of a middle: windows in which rules look for what alarms by itself, those with the most words of danger, and of these those
# in which they look for what alarms only beside something else.
SOUGHT = 24
JUDGED = 6
SENTENCES = 2  # of a window, are read by themselves
FEW = 8  # different words; a window with fewer tells something only if one of them is a word of danger
LONGEST: Final = HEAD + TAIL + WINDOWS * (WINDOW + 1) + 1  # of what is worked with, and the spaces between its parts
_ALARMING: Final = (Weight.PLAIN, Weight.LIFE, Weight.EMERGENCY)
# How the words of dangers and emergencies begin, up to four letters of each: one in forty is told without any.
_STEMS: Final = frozenset(
    "gas smel odor eggs co mono carb ppm dete alar fire flam smok burn heat hot melt spar arci buzz shoc zapp ting elec "
    "outl pane brea wire powe line wate leak drip pour floo gush burs pipe hose valv shut stop rais risi sewa sewe over "
    "toil ceil roof wall coll sagg cave fell tree trap pinn stuc lock keys baby newb todd oxyg dial insu grea brok robb "
    "kick stol crow door free froz cold degr fros furn boil urge emer help hurt blee dizz pass fain inha coug chok puki "
    "thro whee swol fing leg head chlo blea fume gene bipa cpap vent nebu pump cord plug plat brow crac popp halo inch knee "
    "deep bar dark unde 911 sos asap now huel fuga humo fueg lumb ince quem chis cort toqu desc agua saca sale sali gote "
    "llov inun reve romp tube tubo dren negr tech cayo caye ence atra llav bebe oxig nino abue meti roba frio hela cale "
    "ayud auxi soco mare vomi sang peli clor arde tose garg cabl medi post colg golp corr luz ench apag true "
    "glow humm smol rain conc pill resp forz pate cier huev fusi nina desm desp ahog".split()
)
_ACCENTS: Final = str.maketrans("áéíóúüñ", "aeiouun")
_WORDS: Final = re.compile(r"\w+")
_HALVES: Final = re.compile("[\ud800-\udfff]")  # of a character; no file and no network takes one
_GRAVEST: Final = tuple(sorted(GRAVE, key=lambda one: _ALARMING.index(one.weight)))
_TOLD: Final = re.compile(
    r"\b(?=\w)(?:" + "|".join(f"(?P<s{place}>{one.pattern.pattern})" for place, one in enumerate(_GRAVEST)) + ")"
)
_STOP: Final = re.compile(r"[.!?\n]+(?!\d)")


def legible(body: str) -> str:
    """As much of a text as is worked with: all of it, or its beginning, what in the middle is alarming, and its end.

    What has been shortened once stays as it is.
    """
    body = whole(body)
    if len(body) <= LONGEST:
        return body
    return " ".join((body[:HEAD], *alarming(between(body)), body[-TAIL:]))


def whole(body: str) -> str:
    """A text without halves of characters, in whose place a sign stands for what cannot be read."""
    return _HALVES.sub("\ufffd", body)


def ends(body: str) -> str:
    """Beginning and end, which are read as one text; all of it where it is no longer than these."""
    return body if len(body) <= HEAD + TAIL + 1 else f"{body[:HEAD]} {body[-TAIL:]}"


def between(body: str) -> str:
    """What `ends` leaves out, with as much of either end as a phrase may lie across; empty where it is all read."""
    return body[HEAD - OVERLAP : OVERLAP - TAIL] if len(body) > HEAD + TAIL + 1 else ""


def alarming(middle: str) -> list[str]:
    """The windows of a middle in which rules find something alarming, in order: the plainest of them where there are many, and
    one for each thing that they find before a second one for any."""
    starts = range(0, max(len(middle) - OVERLAP, 0), WINDOW - OVERLAP)
    worded = [(words, at) for at in starts if (words := _words_of_danger(middle[at : at + WINDOW])) is not None]
    worded = sorted(worded, key=lambda window: -window[0])
    worded = [*worded[:JUDGED], *(window for window in worded[JUDGED:SOUGHT] if window[0])]
    sought = [(at, fold(middle[at : at + WINDOW])) for _, at in worded]
    told = [(kind, at) for at, window in sought if (kind := _told(window)) is not None]
    known = {at for _, at in told}
    judged = [(at, window) for at, window in sought[:JUDGED] if at not in known]
    told += [((len(_ALARMING), ""), at) for at, window in judged if _alarms_beside(window)]
    often: Counter[str] = Counter()
    chosen: list[tuple[int, int, int]] = []
    for (rank, name), at in sorted(told):
        chosen.append((often[name], rank, at))
        often[name] += 1
    return [middle[at : at + WINDOW] for at in sorted(at for _, _, at in sorted(chosen)[:WINDOWS])]


def _told(window: Folded) -> tuple[int, str] | None:
    """The gravest thing that rules find in a window to be so, by rank and name, without what is one only beside another."""
    now = [match for match in _TOLD.finditer(window.plain) if standing(window, *match.span()) is Standing.NOW]
    told = [_GRAVEST[int((match.lastgroup or "s0")[1:])] for match in now]
    return min(((_ALARMING.index(one.weight), one.name) for one in told), default=None)


def around(text: Folded, found: Sequence[Found]) -> list[str]:
    """The windows of a text around what rules have `found` alarming in it, the plainest first; none where it is no longer
    than two."""
    if len(text.plain) <= 2 * WINDOW:
        return []
    now = [one for one in found if one.standing is Standing.NOW]
    places = [(rank, start) for one in now if (rank := _rank_of(one)) is not None for start in one.starts]
    places += [(len(_ALARMING), start) for start in _together(now)]
    chosen: list[int] = []
    for _, start in sorted(places):
        first = max(0, start - BEFORE)
        if len(chosen) < WINDOWS and not any(abs(first - other) < BEFORE for other in chosen):
            chosen.append(first)
    return [text.plain[first : first + WINDOW] for first in chosen]


def pointed(passage: Folded) -> list[str]:
    """The sentences of a passage in which rules find what is most alarming, where it has others too."""
    found = [one for one in situations(passage, GRAVE) if one.standing is Standing.NOW]
    spans = dict.fromkeys(_sentence(passage.plain, start) for one in found for start in one.starts)
    parts = (passage.plain[left:right].strip() for left, right in islice(spans, SENTENCES))
    return [part for part in parts if len(part) < len(passage.plain) - FEW]


def _sentence(plain: str, at: int) -> tuple[int, int]:
    """The sentence that stands at a place."""
    left = max((stop.end() for stop in _STOP.finditer(plain, 0, at)), default=0)
    after = _STOP.search(plain, at)
    return left, after.start() if after else len(plain)


def _together(now: Sequence[Found]) -> list[int]:
    """Where situations that are an emergency together stand near one another."""
    starts = {one.situation.name: one.starts for one in now}
    return [
        min(one, other)
        for pair in TOGETHER
        for one in starts.get(pair[0], ())
        for other in starts.get(pair[1], ())
        if abs(one - other) < WINDOW - BEFORE
    ]


def _words_of_danger(window: str) -> int | None:
    """How many words of danger a window has; None where it says a few others over and over, which tells nothing."""
    words = {word[:4] for word in _WORDS.findall(window.lower().translate(_ACCENTS))}
    return len(words & _STEMS) or (0 if len(words) >= FEW else None)


def _alarms_beside(window: Folded) -> bool:
    """Whether a window has what is an emergency together, or the word for one."""
    found = [one for one in situations(window) if one.standing is Standing.NOW]
    return bool(joined(found)) or any(_rank_of(one) is not None for one in found)


def _rank_of(one: Found) -> int | None:
    if one.situation.weight in _ALARMING:
        return _ALARMING.index(one.situation.weight)
    return len(_ALARMING) if one.situation.name == "urgent word" else None
