"""Calendars for tests: written in a few words, and what they say of when somebody is busy, on Cleveland's wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from drivers.calendars.cutting import cut
from drivers.calendars.expanding import Busy, expand

FILES = Path(__file__).parent / "files"
WALL = ZoneInfo("America/New_York")
BEGINS = datetime(2026, 3, 1, tzinfo=WALL).astimezone(UTC)
ENDS = datetime(2026, 5, 3, tzinfo=WALL).astimezone(UTC)
MARGIN = timedelta(days=3)


def ics(*events: str, more: str = "") -> bytes:
    """A calendar of events whose lines are parted by |."""
    entries = "".join(f"BEGIN:VEVENT\r\n{event.replace('|', chr(13) + chr(10))}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{more}{entries}END:VCALENDAR\r\n".encode()


def entry(begins: str, ends: str, more: str = "", uid: str = "1") -> str:
    """An event at times of Cleveland's clock."""
    zone = "TZID=America/New_York:"
    return f"UID:{uid}|DTSTART;{zone}{begins}|DTEND;{zone}{ends}{more and '|' + more}"


def busy(text: bytes, begins: datetime = BEGINS, ends: datetime = ENDS, wall: ZoneInfo = WALL) -> Busy:
    return expand(cut(text, (begins - MARGIN).date(), (ends + MARGIN).date()), begins, ends, wall)


def told(found: Busy, wall: ZoneInfo = WALL) -> list[str]:
    """ "03-04 08:00-09:30", or with the day of the end where it is another."""
    said = []
    for first, last in found.spans:
        begins, ends = first.astimezone(wall), last.astimezone(wall)
        day = "" if begins.date() == ends.date() else f"{ends:%m-%d} "
        said.append(f"{begins:%m-%d %H:%M}-{day}{ends:%H:%M}")
    return said


def says(*events: str, more: str = "") -> list[str]:
    """What is busy by these events, all of which were understood."""
    found = busy(ics(*events, more=more))
    assert (found.strange, found.endless, found.zones) == (0, 0, 0), found
    return told(found)


def day(number: int) -> date:
    return date(2026, 3, number)
