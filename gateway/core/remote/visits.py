"""Commands about appointments: those of a day, and where one is moved to. Pure; None where a word has no plain sense."""

from __future__ import annotations

import re
from typing import Final

from gateway.core.remote.commands import Day, MoveVisit, Visits
from gateway.core.remote.days import named, said
from gateway.core.remote.vocabulary import VERBS, Verb, verb_of

_CODE: Final = re.compile(r"\d{2,4}", re.ASCII)
_BESIDE_LIST: Final = frozenset("show list what whats which do we i have me my ver que tengo hay".split())
_BEFORE_CODE: Final = frozenset("# lead no number the appointment appt la el cita please pls for of de numero".split())


def listed(text: str) -> Visits | None:
    """Of which day the appointments are asked for; without one, of today."""
    words = [word for word in said(text) if word not in _BESIDE_LIST]
    words = [word for word in words if VERBS.get(word) is not Verb.VISITS or named([word]) is not None]
    found = named(words)
    if found is None or found[1] is not None:
        return None
    return Visits(found[0] or Day(ahead=0))


def moved(text: str) -> MoveVisit | None:
    """Which appointment is moved, and where to."""
    words = said(text)
    verb = next((at for at, word in enumerate(words) if verb_of(word) is Verb.MOVE), None)
    if verb is None:
        return None
    before = [word for word in words[:verb] if word not in _BEFORE_CODE]
    rest = words[verb + 1 :]
    if before and _CODE.fullmatch(before[0]):
        code, before = before[0], before[1:]
    else:
        while rest and rest[0] in _BEFORE_CODE:
            rest = rest[1:]
        if not rest or not _CODE.fullmatch(rest[0]):
            return None
        code, rest = rest[0], rest[1:]
    if any(word not in _BEFORE_CODE for word in before):
        return None
    number = [word for word in rest if word not in ("#", "?", ".", "!")]
    if len(number) == 1 and re.fullmatch(
        r"\d{1,2}", number[0], re.ASCII
    ):  # of the list, and no hour of who knows which day
        return MoveVisit(int(code), listed=int(number[0])) if 1 <= int(number[0]) <= 9 else None
    found = named(rest)
    return None if found is None else MoveVisit(int(code), *found)
