"""Appointments as text that calendar programs read (RFC 5545, with RFC 7986's name and refresh interval). Pure.

Written by hand, not by a library: of the standard no more is needed than a dozen properties in UTC, the core imports no foreign
package for them, and what a stranger has written into a value cannot leave it, because every line goes through `_text` and
`_folded`. The tests have what comes out read by parsers of other people.

There is no METHOD: with one a CalDAV server refuses the object (RFC 4791, 4.1), and without one DTSTAMP is the last change of an
event and not the moment of asking (RFC 5545, 3.8.7.2), so that the same appointments are the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

PRODID = "-//Textback//Textback appointments//EN"
REFRESH_MINUTES = 15  # as often as a calendar is worth asking for; a phone that asks more often gets a 304
LINE_OCTETS = 75  # RFC 5545, 3.1: without the line break
LONGEST = 4000  # characters of one value: a note has 2,000, and a line for each other fact is far below the rest

# What calendar programs break lines at, beside CR and LF: Python's own `splitlines` does so at each of them.
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Neither RFC 5545's TSAFE-CHAR nor XML 1.0, in which CalDAV carries these texts, has controls, surrogates and noncharacters. The
# bidi embeddings, overrides and isolates of UAX #9 would reorder what stands beside them; a byte order mark is eaten by some.
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufdd0-\ufdef\ufeff]"
    "|[" + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)) + "]"
)
_URL = re.compile(r"https?://[!-~]{1,500}")
_LISTED = re.compile(r"[,;\\]+")  # in a list of values: readers that split it before they look for escapes are many


class Status(StrEnum):
    """How sure an event is (RFC 5545, 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. Texts are "" where there is nothing to say; `changed` is its last change, `sequence` how many there were."""

    uid: str
    begins: datetime
    ends: datetime
    changed: datetime
    sequence: int
    status: Status
    summary: str
    location: str = ""
    description: str = ""  # may have several lines
    categories: tuple[str, ...] = ()
    url: str = ""


def uid_of(number: int, installation: str) -> str:
    """What an appointment is called in every calendar, for as long as it is in the books of this installation."""
    return f"appointment-{number}-{installation}@textback"


def calendar_text(name: str, zone: str, happenings: Iterable[Happening]) -> bytes:
    """A whole calendar in UTF-8. `zone` is the IANA name of the business's time zone; the events themselves are in UTC."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODID}",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(_line(name))}",
        f"X-WR-CALNAME:{_text(_line(name))}",
        f"X-WR-TIMEZONE:{_text(_line(zone))}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{REFRESH_MINUTES}M",
        f"X-PUBLISHED-TTL:PT{REFRESH_MINUTES}M",
    ]
    for one in happenings:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(one: Happening) -> list[str]:
    begins = one.begins.astimezone(UTC).replace(microsecond=0)
    ends = max(
        one.ends.astimezone(UTC), begins + timedelta(seconds=1)
    )  # DTEND is later than DTSTART (RFC 5545, 3.8.2.2)
    changed = _moment(one.changed)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(_line(one.uid))}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{max(0, one.sequence)}",
        f"DTSTART:{_moment(begins)}",
        f"DTEND:{_moment(ends)}",
        f"SUMMARY:{_text(_line(one.summary))}",
        f"STATUS:{one.status.value}",
        f"TRANSP:{'TRANSPARENT' if one.status is Status.CANCELLED else 'OPAQUE'}",
    ]
    if location := _line(one.location):
        lines.append(f"LOCATION:{_text(location)}")
    if description := _lines(one.description):
        lines.append(f"DESCRIPTION:{_text(description)}")
    if categories := [found for each in one.categories if (found := _line(_LISTED.sub(" ", each)))]:
        lines.append(f"CATEGORIES:{','.join(categories)}")
    if _URL.fullmatch(one.url):
        lines.append(f"URL:{one.url}")
    return [*lines, "END:VEVENT"]


def _moment(at: datetime) -> str:
    """In UTC, to the second. Not strftime: that writes the year 900 with three digits."""
    at = at.astimezone(UTC)
    return f"{at.year:04d}{at.month:02d}{at.day:02d}T{at.hour:02d}{at.minute:02d}{at.second:02d}Z"


def _lines(raw: str) -> str:
    """Words of several lines without what no line may hold, not too long."""
    text = _BREAKS.sub("\n", raw[:LONGEST] if len(raw) <= LONGEST else raw[: LONGEST - 1] + "…")
    return "\n".join(_UNWRITABLE.sub("", line.replace("\t", " ")).strip() for line in text.split("\n")).strip()


def _line(raw: str) -> str:
    """The same on one line."""
    return " ".join(_lines(raw).split())


def _text(plain: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    escaped = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A content line with its breaks: at most 75 octets each, no character torn (RFC 5545, 3.1)."""
    rest, folded = line.encode(), b""
    room = LINE_OCTETS
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:  # the second or a later octet of a character (RFC 3629, 3)
            cut -= 1
        folded += rest[:cut] + b"\r\n "
        rest, room = rest[cut:], LINE_OCTETS - 1  # the blank that begins a continued line counts
    return folded + rest + b"\r\n"
