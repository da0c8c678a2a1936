"""Masks: what leaves the box in a log or a bundle says nothing of people. Of a telephone number the last four digits are left."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gateway.settings import CalendarKind, Settings

HIDDEN = "***"
# Dates, addresses of machines and Asterisk's ids of calls (seconds since 1970, a dot, a count: no number of ours begins with 1 and
# has ten digits) are no telephone numbers.
_LOOK = re.compile(
    r"(?P<keep>(?<!\d)(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d)?)?"
    r"|\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|1\d{9}\.\d{1,6})(?!\d))"
    r"|(?P<octets>(?<![0-9A-Za-z])(?=[0-9A-Fa-f]*[A-Fa-f]|\d{16})[0-9A-Fa-f]{16,}(?![0-9A-Za-z]))"
    r"|(?P<number>(?<!\d)\(?\+?\d(?:[ ()./-]{0,2}\d){6,14}(?!\d))"
)
_WORD = re.compile(r"\w")
SHORTEST = 3  # letters of a name that is hidden: shorter ones are in every other word


def numbers(text: str) -> str:
    """The text with its telephone numbers masked, and long hexadecimal (texts as the network writes them) left out."""

    def mask(found: re.Match[str]) -> str:
        if found["keep"] is not None:
            return found[0]
        if found["octets"] is not None:
            return f"<{len(found[0]) // 2} octets>"
        digits = re.sub(r"\D", "", found[0])
        return f"{HIDDEN}{digits[-4:]}"

    return _LOOK.sub(mask, text)


class Words:
    """Hides words wherever they stand alone: secrets, and the names and sayings of people."""

    def __init__(self, words: Iterable[str] = (), instead: str = HIDDEN, shortest: int = SHORTEST) -> None:
        known = sorted({word.strip() for word in words if len(word.strip()) >= shortest}, key=len, reverse=True)
        self._instead = instead
        self._find = re.compile("|".join(map(_alone, known)), re.IGNORECASE) if known else None

    def __call__(self, text: str) -> str:
        return text if self._find is None else self._find.sub(self._instead, text)


def _alone(word: str) -> str:
    before = r"(?<!\w)" if _WORD.match(word[0]) else ""
    behind = r"(?!\w)" if _WORD.match(word[-1]) else ""
    return f"{before}{re.escape(word)}{behind}"


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Everything in a configuration that lets somebody in."""
    found = [modem.pin or "" for modem in settings.modems]
    found += [server.secret for server in settings.asterisk]
    found += [settings.ringing.secret, settings.business.remote.pin]
    for calendar in settings.calendars:  # an address of a calendar is often all that one needs to read it
        found += [calendar.password, calendar.where if calendar.kind is not CalendarKind.FILE else ""]
    return tuple(secret for secret in found if secret)
