"""How a line of the history reads in an office. The records keep keys and short forms; the sentences' file has their Spanish."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from web import language
from web.language import _, mark
from web.words import setupwords

_TEXTS: Final[Mapping[str, str]] = {  # what a text was for
    "opener": "first text",
    "question": "question of the box",
    "answer": "answer of the box",
    "confirmation": "confirmation",
    "closing": "last text of the box",
    "digest": "daily digest",
    "escalation": "alert to our people",
    "owner_notice": "notice to our people",
    "owner_reply": "answer to one of our people",
    "handover": "passed to the office",
    "safety": "safety advice",
    "opt_out_confirmation": "confirmation that texts have ended",
    "staff": "text of the office",
    "follow_up": "question asked once more",
    "out_of_area": "outside the area",
    "offer": "times for a call",
    "help": "who we are",
    "test": "test text",
    "relay": "passed on to one of our people",
}
_KINDS: Final[Mapping[str, str]] = {
    "opted_out": "opted out",
    "no_autotext": "called, not texted",
    "autoresponder": "a machine that answers by itself",
}
_LINES: Final = tuple(
    (re.compile(pattern, re.DOTALL), said)
    for pattern, said in (
        (r"exhausted: nobody has it", "everybody was told, and nobody has it"),
        (r"acknowledged by (.+)", r"\1 has it"),
        (r"over: (.+)", r"ended: \1"),
        (r"step (\d+): (.+)", r"told in step \1: \2"),
        (r"failed: (.+)", r"not sent: \1"),
        (r"expired: (.+)", r"not sent, too late: \1"),
        (r"done: (.+)", r"done, says \1"),
        (r"the alert to our people: unsure", "it is not sure whether the alert to our people went out"),
        (r"the alert to our people: failed", "the alert to our people could not be sent"),
        (r"the alert to our people: told", "our people were told"),
    )
)
# What is switched on the page, by the name of the switch: switched on, and off.
_SWITCHES: Final[Mapping[str, tuple[str, str]]] = {
    "box:pause": (mark("%(who)s has paused texting"), mark("%(who)s has resumed texting")),
}


def told(subject: str, what: str) -> str:
    """A line as people read it."""
    who, colon, value = what.partition(": ")
    by_page = value == "off" or value.startswith("by page:")
    by_page = by_page and who != "its time is over" and not who.endswith(", by text")
    if colon and subject in _SWITCHES and by_page:
        return _(_SWITCHES[subject][value == "off"]) % {"who": who}
    if colon and subject == "box:setup" and value in setupwords.TITLES:
        return _("%(who)s has answered “%(step)s” in the set-up") % {"who": who, "step": _(setupwords.TITLES[value])}
    if subject.startswith("text:") and who in _TEXTS and language.spoken() == language.DEFAULT:
        return f"{_TEXTS[who]}{colon}{value}"
    return plain(re.sub(rf"\b(?<=is |er )({'|'.join(_KINDS)})\b", _kind, what))


def plain(what: str) -> str:
    """A short form of the records written out."""
    if language.spoken() != language.DEFAULT:  # the sentences have them
        return what
    return next((pattern.sub(said, what) for pattern, said in _LINES if pattern.fullmatch(what)), what)


def _kind(found: re.Match[str]) -> str:
    return _KINDS[found[1]] if language.spoken() == language.DEFAULT else found[0]
