"""Appointments as calendar programs read them: three parsers that other people wrote read what was meant, whatever strangers wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from gateway.core.booking.icaltext import LINE_OCTETS, Happening, Status, calendar_text, uid_of

BEGINS = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
VISIT = Happening(
    uid_of(7, "c0ffee"),
    BEGINS,
    BEGINS + timedelta(hours=4),
    BEGINS - timedelta(days=3),
    2,
    Status.CONFIRMED,
    "Tune-up: Dana Reyes",
    "1423 Clifton Blvd, Lakewood, OH 44107",
    "Phone: (216) 555-0137\nAbout: it rattles; badly",
    ("North crew",),
    "http://192.168.1.20:8080/leads/14",
)
PROPERTIES = [
    *("BEGIN", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP"),
    *("LOCATION", "DESCRIPTION", "CATEGORIES", "URL", "END"),
]


@dataclass(frozen=True)
class Read:
    """What a parser has found of one event."""

    uid: str
    begins: datetime
    ends: datetime
    sequence: int
    status: str
    summary: str
    location: str
    description: str


def by_ical(text: bytes) -> list[Read]:
    """allenporter's parser, which Home Assistant uses; a property that is not of the standard's form is an error."""
    return [
        Read(
            one.uid,
            one.dtstart,
            one.dtend,
            one.sequence,
            one.status.value,
            one.summary or "",
            one.location or "",
            one.description or "",
        )
        for one in IcsCalendarStream.calendar_from_ics(text.decode()).events
    ]


def by_vobject(text: bytes) -> list[Read]:
    """The parser of Radicale."""
    calendar = vobject.readOne(text.decode())

    def value(one, name):
        return getattr(one, name).value if hasattr(one, name) else ""

    return [
        Read(
            one.uid.value,
            one.dtstart.value,
            one.dtend.value,
            int(one.sequence.value),
            one.status.value,
            *(value(one, name) for name in ("summary", "location", "description")),
        )
        for one in calendar.contents.get("vevent", [])
    ]


def by_icalendar(text: bytes) -> list[Read]:
    """The parser of khal, Plone and many others."""
    calendar = icalendar.Calendar.from_ical(text)
    assert not calendar.errors
    events = calendar.walk("VEVENT")
    assert not any(one.errors for one in events)
    return [
        Read(
            str(one["uid"]),
            one["dtstart"].dt,
            one["dtend"].dt,
            int(one["sequence"]),
            str(one["status"]),
            *(str(one.get(name, "")) for name in ("summary", "location", "description")),
        )
        for one in events
    ]


PARSERS = (by_ical, by_vobject, by_icalendar)
MENACES = (
    *(
        "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:free",
        "\nATTACH:http://evil.example/x",
        "\r",
        "\n ",
        "\r\n\t",
        "\\",
        "\\n",
    ),
    *(
        "\\N",
        "\\;",
        "\\,",
        ";",
        ",",
        ":",
        '"',
        ";X=1:",
        "\x00",
        "\x07",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x1d",
        "\x1e",
        "\x7f",
        "\x85",
    ),
    *(
        "\u2028END:VCALENDAR",
        "\u2029",
        "\u202e",
        "\u2067",
        "\ufeff",
        "\ufffe",
        "\uffff",
        "\U0001ffff",
        "\ud800",
        "\U0001f600",
    ),
    *(
        "👩\u200d🔧",
        "مرحبا",
        "שלום",
        "e\u0301",
        "a" * 80,
        "ä" * 40,
        "=0D=0A",
        "BEGIN:VALARM",
        "  ",
        "\t",
        "%0D%0A",
        "END:VCALENDAR",
    ),
)
hostile = st.lists(
    st.one_of(st.sampled_from(MENACES), st.text(st.characters(), max_size=30), st.text("aé😀 ,;\\:", max_size=90)),
    max_size=8,
).map("".join)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
happenings = st.builds(
    Happening,
    uid=st.integers(1, 10**6).map(lambda number: uid_of(number, "c0ffee")),
    begins=moments,
    ends=moments,
    changed=moments,
    sequence=st.integers(0, 1000),
    status=st.sampled_from(Status),
    summary=hostile,
    location=hostile,
    description=hostile,
    categories=st.lists(hostile, max_size=2).map(tuple),
    url=st.one_of(st.just(VISIT.url), hostile),
)


def unfolded(text: bytes) -> list[str]:
    assert text.endswith(b"\r\n")
    return text.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def names(text: bytes) -> list[str]:
    return [line.partition(":")[0].partition(";")[0] for line in unfolded(text)]


def letters(words: str) -> str:
    return "".join(character for character in words if character.isalnum())


@pytest.mark.parametrize("read", PARSERS)
def test_an_appointment_is_read_as_it_was_meant(read) -> None:
    assert read(calendar_text("Miller Plumbing & Heating: North crew", "America/New_York", [VISIT])) == [
        Read(
            "appointment-7-c0ffee@textback",
            BEGINS,
            BEGINS + timedelta(hours=4),
            2,
            "CONFIRMED",
            VISIT.summary,
            VISIT.location,
            VISIT.description,
        )
    ]


def test_the_calendar_says_who_wrote_it_what_it_is_called_where_and_how_often_to_ask() -> None:
    lines = unfolded(calendar_text("Miller, Plumbing", "America/New_York", []))
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Textback//Textback appointments//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Miller\\, Plumbing",
        "X-WR-CALNAME:Miller\\, Plumbing",
        "X-WR-TIMEZONE:America/New_York",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        "END:VCALENDAR",
    ]


def test_an_event_has_each_property_once_and_its_times_in_utc() -> None:
    lines = unfolded(calendar_text("Miller", "America/New_York", [VISIT]))[9:-1]
    assert [line.partition(":")[0] for line in lines] == PROPERTIES
    found = dict(line.split(":", 1) for line in lines)
    assert (found["DTSTART"], found["DTEND"]) == ("20261124T150000Z", "20261124T190000Z")
    assert found["DTSTAMP"] == found["LAST-MODIFIED"] == "20261121T150000Z"
    assert (found["SEQUENCE"], found["STATUS"], found["TRANSP"]) == ("2", "CONFIRMED", "OPAQUE")
    assert found["URL"] == VISIT.url


def test_the_same_appointments_are_the_same_bytes_and_a_moved_one_keeps_its_name() -> None:
    text = calendar_text("Miller", "America/New_York", [VISIT])
    assert calendar_text("Miller", "America/New_York", [VISIT]) == text
    moved = replace(VISIT, begins=BEGINS + timedelta(days=1), ends=BEGINS + timedelta(days=1, hours=4), sequence=3)
    (was,), (now,) = by_ical(text), by_ical(calendar_text("Miller", "America/New_York", [moved]))
    assert (was.uid, was.begins + timedelta(days=1), was.sequence + 1) == (now.uid, now.begins, now.sequence)


def test_what_was_cancelled_takes_no_time() -> None:
    lines = unfolded(calendar_text("Miller", "America/New_York", [replace(VISIT, status=Status.CANCELLED)]))
    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT"} <= set(lines)


def test_a_crews_name_with_a_comma_stays_one_category() -> None:
    text = calendar_text(
        "Miller", "America/New_York", [replace(VISIT, categories=("North, with Ann; \\ Lee", "", "B"))]
    )
    assert "CATEGORIES:North with Ann Lee,B" in unfolded(text)
    assert IcsCalendarStream.calendar_from_ics(text.decode()).events[0].categories == ["North with Ann Lee", "B"]


def test_a_note_of_two_thousand_characters_is_whole_and_a_far_longer_one_says_that_it_goes_on() -> None:
    for read in PARSERS:
        note = "Ring twice, ünd wait; 😀 " * 80
        (one,) = read(calendar_text("Miller", "UTC", [replace(VISIT, description=note)]))
        assert one.description == note.strip()
        (one,) = read(calendar_text("Miller", "UTC", [replace(VISIT, description="x" * 9000)]))
        assert one.description == "x" * 3999 + "…"


@settings(max_examples=300, deadline=None)
@given(st.lists(happenings, max_size=4, unique_by=lambda one: one.uid), hostile)
def test_no_words_leave_their_property_or_tear_a_line(found: list[Happening], name: str) -> None:
    text = calendar_text(name, "America/New_York", found)
    for line in text.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= LINE_OCTETS
        assert not set(line) & ({*range(32), 0x7F} - {9}), "no control character, a lone CR or LF neither"
        line.decode()  # no character is torn
    known = names(text)
    events = [list(PROPERTIES) for _ in found]
    for one, properties in zip(found, events, strict=True):
        for optional in ("LOCATION", "DESCRIPTION", "CATEGORIES", "URL"):
            if optional not in known or optional not in _of(known, found.index(one)):
                properties.remove(optional)
    head = [
        "BEGIN",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "NAME",
        "X-WR-CALNAME",
        "X-WR-TIMEZONE",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
    ]
    assert known == [*head, *(each for properties in events for each in properties), "END"]


def _of(known: list[str], place: int) -> list[str]:
    """The properties of the event at a place."""
    starts = [number for number, name in enumerate(known) if name == "UID"]
    ends = [*starts[1:], len(known)]
    return known[starts[place] : ends[place]]


@settings(max_examples=300, deadline=None)
@given(st.lists(happenings, max_size=3, unique_by=lambda one: one.uid), hostile)
def test_three_parsers_read_the_same_and_no_letter_is_lost(found: list[Happening], name: str) -> None:
    text = calendar_text(name, "America/New_York", found)
    first, *others = (read(text) for read in PARSERS)
    for other in others:
        assert other == first
    assert [one.uid for one in first] == [one.uid for one in found]
    for one, was in zip(first, found, strict=True):
        begins = was.begins.replace(microsecond=0)
        assert (one.begins, one.sequence, one.status) == (begins, was.sequence, was.status.value)
        assert one.ends == max(was.ends.replace(microsecond=0), begins + timedelta(seconds=1))
        assert letters(one.summary) == letters(was.summary)
        assert letters(one.location) == letters(was.location)
        assert letters(one.description) == letters(was.description)
