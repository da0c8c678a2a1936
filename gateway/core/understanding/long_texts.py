"""Texts longer than anybody writes: what is read of them, and where in them a danger is looked for.

Somebody may send 39,000 characters (255 parts of 153), and nobody else is to wait for them. Beginning and end are read as one
text. What many other words surround is easily overlooked, and so is what stands in the middle: dangers and emergencies are
looked for a window at a time as well, where rules that cost little find something alarming.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gateway.core.understanding.circumstances import Standing
from gateway.core.understanding.folded import fold
from gateway.core.understanding.safety import joined
from gateway.core.understanding.situations import Weight, situations

HEAD, TAIL = 1200, 300  # characters: eight segments and what comes last; nobody says more in one text
WINDOW = 260  # characters: two or three sentences, with what says whether a thing is so, denied or over
OVERLAP = 80  # a phrase that lies across the border of two windows stands whole in one of them
WINDOWS = 4  # of the middle are kept, those first that rules find the plainest
LONGEST: Final = HEAD + TAIL + WINDOWS * (WINDOW + 1) + 1
_ALARMING: Final = (Weight.PLAIN, Weight.LIFE, Weight.EMERGENCY)


_HALVES = re.compile("[\ud800-\udfff]")  # of a character; no file and no network takes one


def legible(body: str) -> str:
    """As much of a text as is worked with: all of it, or its beginning, what in the middle is alarming, and its end.

    What has been shortened once stays as it is.
    """
    body = _HALVES.sub("\ufffd", body)
    if len(body) <= LONGEST:
        return body
    middle = [
        (rank, at) for at in _steps(body, HEAD - OVERLAP, TAIL) if (rank := _rank(body[at : at + WINDOW])) is not None
    ]
    kept = sorted(at for _, at in sorted(middle)[:WINDOWS])
    return " ".join((body[:HEAD], *(body[at : at + WINDOW] for at in kept), body[-TAIL:]))


def ends(body: str) -> str:
    """Beginning and end, which are read as one text; all of it where it is no longer than these."""
    return body if len(body) <= HEAD + TAIL + 1 else f"{body[:HEAD]} {body[-TAIL:]}"


def alarming(body: str) -> list[str]:
    """The windows of a long text that sound like a danger or an emergency, in order; none where it is no longer than two."""
    if len(body) <= 2 * WINDOW:
        return []
    windows = [body[at : at + WINDOW] for at in _steps(body, 0, OVERLAP)]
    return [window for window in windows if _rank(window) is not None]


def _steps(body: str, first: int, last: int) -> Iterator[int]:
    """Where windows begin, from `first` on, so that they reach to `last` characters before the end at least."""
    yield from range(first, len(body) - last, WINDOW - OVERLAP)


def _rank(window: str) -> int | None:
    """How plainly rules find something alarming, 0 the plainest; None: nothing."""
    found = [one for one in situations(fold(window)) if one.standing is Standing.NOW]
    ranks = [_ALARMING.index(one.situation.weight) for one in found if one.situation.weight in _ALARMING]
    if joined(found) or any(one.situation.name == "urgent word" for one in found):
        ranks.append(len(_ALARMING))
    return min(ranks, default=None)
