"""The PIN in a text of ours: it is judged and taken out where the text comes in, so that no record ever holds it.

In its place stands a mark that says whether it was right. A mark that somebody has typed is made harmless before. Where two
numbers of a command could be the PIN ("away until fri 1730 4711"), one that may be a time is it only when it stands last.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.core.remote.commands import Pin
from gateway.core.remote.vocabulary import OUTCOMES, YES_TO_ALL, Verb, tokens, verb_of

RIGHT: Final = "[PIN right]"
WRONG: Final = "[PIN wrong]"
_TYPED: Final = re.compile(r"\[(?=\s*pin)", re.IGNORECASE)
_NAMED: Final = re.compile(r"\b(?:pin|clave|nip)\b\W{0,3}(\d{2,12})(?!\d)", re.IGNORECASE)
_BARE: Final = re.compile(r"(?<![\d.,:$])(\d{4,12})(?![\d]|[.,:]\d)")
_CLOCK: Final = re.compile(r"(?:[01]?\d|2[0-3])[0-5]\d|2400", re.ASCII)
_A_TIME: Final = re.compile(r"(?:until|till?|hasta|at|las?|won|lost|ganado|perdido|\$)\s*$", re.IGNORECASE)
_ASKED_FOR: Final = frozenset({Verb.PAUSE, Verb.RESUME, Verb.STORM, Verb.ON_CALL, Verb.AWAY, Verb.DRILL})


def concealed(body: str, pin: str, *, words_for_a_caller: bool) -> str:
    """A text without its PIN. `pin` is the right one, "" where there is none; words for a caller are his own, and stay."""
    body = _TYPED.sub("(", body)
    if words_for_a_caller:
        return body
    found = [*_NAMED.finditer(body)]
    spans = {match.span(1): match.span() for match in found}
    if pin:
        for match in re.finditer(rf"(?<!\d){re.escape(pin)}(?!\d)", body):
            spans.setdefault(match.span(), match.span())
    if _is_guarded(body):
        for span in _bare(body, pin, named=bool(found)):
            spans.setdefault(span, span)
    if not spans:
        return body
    # Several guesses in one text are one wrong one.
    right = bool(pin) and len({body[start:end] for start, end in spans}) == 1 and body[slice(*next(iter(spans)))] == pin
    mark = RIGHT if right else WRONG
    for start, end in sorted(spans.values(), reverse=True):
        body = body[:start] + mark + body[end:]
    return body


def marks(body: str) -> tuple[Pin, str]:
    """What a text brought with it, and the text without the marks."""
    pin = Pin.WRONG if WRONG in body else Pin.RIGHT if RIGHT in body else Pin.NONE
    return pin, body.replace(RIGHT, " ").replace(WRONG, " ") if pin is not Pin.NONE else body


def _bare(body: str, pin: str, *, named: bool) -> list[tuple[int, int]]:
    """Where numbers stand of which each could be a PIN. `named`: another one is called so."""
    found = [match for match in _BARE.finditer(body) if not _A_TIME.search(body[: match.start()])]
    last = None if named or not found else found[-1]
    return [match.span(1) for match in found if match is last or match[1] == pin or not _CLOCK.fullmatch(match[1])]


def _is_guarded(body: str) -> bool:
    """Whether a text begins, but for numbers, like a command that asks for the PIN."""
    words = [word for word in tokens(body) if not word[0].isdigit()][:4]
    if any(verb_of(word) in _ASKED_FOR for word in words[:2]) or words[:1] == ["on"]:
        return True
    return any(verb_of(word) is Verb.CLOSE or word in OUTCOMES for word in words[:1]) and bool(YES_TO_ALL & set(words))
