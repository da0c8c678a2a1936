"""What a caller puts right: "1423 not 1432", "actually make it Wednesday", "Thursday instead of Tuesday"."""

from __future__ import annotations

import difflib
import re

from gateway.core.understanding.folded import fold
from gateway.core.understanding.roles import joined
from gateway.core.understanding.when import wishes

_NUMBER = re.compile(r"\b(\d{1,6})\b[ ,]*(?:,? ?not|no,?|instead of|en vez de|y no) (\d{1,6})\b")
_NUMBER_BACKWARDS = re.compile(r"\bnot (\d{1,6})\b[ ,.;-]*(?:but |it'?s |its )?(\d{1,6})\b")
_MEANT = re.compile(
    r"\b(?:make (?:it|that)|i meant?|i'd rather(?: have| do)?|change (?:it|that|this) to|switch (?:it|that) to|move it to|can we do"
    r"|let'?s (?:do|say|make it)"
    r"|digo|quise decir|quiero decir|(?:mejor|cambi\w+|pas\w+|muev\w+)(?: que sea)?(?: (?:a|al|para|pa))?)\b"
)
_GIVEN_UP = re.compile(r"(?:instead of|rather than|en (?:vez|lugar) del?|not)\s*(?:on |the |el |la )*$")
_ALIKE = 0.7  # of difflib's measure: "katherine" and "kathryn" have 0.75, "anna" and "anita" 0.67
_BREAK = re.compile(r"[.,;!?\n]")
# A day, and a part or hour of one; both are said in English by then.
_HOUR = r"\d{1,2}(?::\d\d)?(?:am|pm)?"
_PART = re.compile(
    rf"\b(?:(?:before|after|by|around|between|at|early|late|from) )+(?:{_HOUR}(?: (?:to|or|and) {_HOUR})?|noon|midday)\b"
    rf"|\b(?:{_HOUR} (?:to|or|and) {_HOUR}|\d{{1,2}}(?::\d\d|am|pm|:\d\d[ap]m)|noon|midday"
    r"|(?:early |late )?(?:morning|afternoon|evening|night)"
    r"|early|(?:after|before) (?:work|school|lunch|dinner|church)|first thing)\b"
)
_DAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|to(?:day|morrow|night)|weekend|week|month|the \d{1,2}|\d{1,2}/\d{1,2}"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)(?: \d{1,2})?"
    r"|(?:spring|summer|fall|winter))\b"
)
_OFTEN = re.compile(
    r"(?:weekly|bi-?weekly|monthly|daily|nightly|quarterly|every (?:\w+ )?(?:weeks?|months?|days?))(?: |$)"
)


def corrected_number(value: str | None, body: str) -> str | None:
    """A house number or ZIP code after "1423 not 1432"."""
    for found, (right, wrong) in ((_NUMBER.search(body), (1, 2)), (_NUMBER_BACKWARDS.search(body), (2, 1))):
        if value is not None and found is not None and re.search(rf"\b{found[wrong]}\b", value):
            return re.sub(rf"\b{found[wrong]}\b", found[right], value)
    return value


def rehoused(before: str | None, now: str | None) -> str | None:
    """The new address; where it gives the house anew and leaves the end of the same street away, that stays: "4521 Clark"."""
    if before is None or now is None:
        return now
    (_, _, old), (number, _, new) = before.partition(" "), now.partition(" ")
    same = number.isdigit() and new and old.casefold().startswith(f"{new.casefold().rstrip('.')} ")
    return f"{number} {old}" if same else now


def respelt(before: str | None, now: str) -> str:
    """The new name; where it only spells a part of the one before in another way, the other parts stay."""
    parts = (before or "").split()
    if len(parts) < 2 or len(now.split()) > 1:
        return now
    near = difflib.get_close_matches(now.casefold(), [part.casefold() for part in parts], 1, _ALIKE)
    return " ".join(now if part.casefold() in near else part for part in parts) if near else now


def time_meant(body: str) -> str | None:
    """The time that a text puts in the place of one that was said before, in English; None where it does nothing of the kind."""
    text = fold(body)
    found = wishes(text)
    for cue in _MEANT.finditer(text.plain):
        meant = [
            wish
            for wish in found
            if wish.start >= cue.end() - 2 and not _BREAK.search(text.plain[cue.end() : wish.start])
        ]
        if meant:
            return joined([wish.worded() for wish in meant])
    return None


_NOT_BEFORE = re.compile(
    r"\b(?:do not|don'?t|dont|can'?t|cant|cannot|no)\b[^.!?,;]{1,30}\b(?:before|antes de(?: las?)?) $"
)


def turned(time: str | None, body: str) -> str | None:
    """The time that a reading found, with "before" turned where the text rules that out: "please dont stop by before 10"."""
    text = fold(body)
    for wish in wishes(text):
        ruled_out = wish.bound == "before" and _NOT_BEFORE.search(
            f"{text.plain[: wish.end].rpartition('before')[0]}before "
        )
        if time is not None and ruled_out:
            bare = wish.said.removeprefix("at ")
            time = time.replace(f"before {bare}", f"after {bare}")
    return time


def without_given_up(time: str | None, body: str) -> str | None:
    """The time that a reading found, without what the text gives up for it: "thursday instead of tuesday"."""
    text = fold(body)
    for wish in wishes(text):
        if time is not None and _GIVEN_UP.search(text.plain[: wish.start]):
            time = " ".join(re.sub(rf"\b{re.escape(wish.said)}\b", " ", time).split()) or time
    return time


def refined(before: str | None, now: str) -> str:
    """The new time, with the day of the one before where it names only an hour ("thursday", then "after 3") or how often
    ("tuesday", then "weekly")."""
    if before is not None and (often := _OFTEN.fullmatch(now) or _OFTEN.match(before)):
        day = _OFTEN.sub(" ", before if often.string == now else now).strip()
        return " ".join(f"{often[0].strip()} {day}".split())
    if before is None or _DAY.search(now) or not _PART.search(now) or not _DAY.search(before):
        return now
    day = " ".join(_PART.sub(" ", before).split())
    return f"{day} {now}" if _DAY.search(day) else now
