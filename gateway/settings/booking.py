"""What may be booked: who goes out, which appointments there are, in which windows, and how sure the box may be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any

from gateway.core.booking.rules import AppointmentType, Arrival, BookingRules, BusyCalendar, Crew, DayOff
from gateway.core.business import Business, Window
from gateway.core.conversation.authority import Authority
from gateway.core.conversation.lead import Fact, Lane
from gateway.core.conversation.office import Service
from gateway.settings import kinds, times
from gateway.settings.options import (
    Option,
    Place,
    Reading,
    RefusedError,
    Section,
    Shape,
    mapping,
    scalar,
    shaped,
    taken,
)
from gateway.settings.problems import shown, suggestion
from gateway.settings.yamlnodes import Entry, Node

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_PLACES, MOST_A_DAY, FARTHEST_DAYS = 20, 100, 60
EARLY, LATE = time(6), time(21)  # nobody is at the door before or after
_DAY_S = 24 * 3600
_USUAL = BookingRules()

B_HOLD = Option(
    "hold",
    times.duration("min", 5 * 60, 4 * 3600),
    _USUAL.hold_s,
    "For so long a window that a caller has chosen is kept for him while the box asks what is still missing. Plain numbers are"
    " minutes.",
    "30 min",
)
LONGEST_LINK = 50  # characters: with the sentence around it one segment
_PAGE = re.compile(r"(?:https?://)?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/[\w./~+-]*)?", re.ASCII)


def _is_page(text: str) -> bool:
    return len(text) <= LONGEST_LINK and _PAGE.fullmatch(text) is not None


B_LINK = Option(
    "link",
    kinds.matching(
        _is_page, "the address of a page", f"one such as example.com/book, at most {LONGEST_LINK} characters"
    ),
    "",
    "For a business with a booking page of its own: callers whose service none of the appointments below books are told of it"
    " when the box asks for a time, and nobody is reminded of that question.",
    example="example.com/book",
    shown_off=True,
)
BOOKING: Section = Section(
    "booking",
    "Appointments by text: callers are offered two or three real windows, and choose one. It needs crews and appointments"
    " below, and 'authority:' says how far the box goes: request (a person of the office confirms each) or confirm.",
    (B_HOLD, B_LINK),
)


def _days_off(node: Node, place: Place) -> DayOff:  # noqa: ARG001
    """ "2026-12-24" or "2026-12-24 to 2026-12-31"."""
    text = scalar(node, "a day such as 2026-12-24, or '2026-12-24 to 2026-12-31'")
    try:
        first, last = (
            date.fromisoformat(part.strip()) for part in (text.split(" to ") if " to " in text else (text, text))
        )
    except ValueError:
        remedy = "write a day such as 2026-12-24, or '2026-12-24 to 2026-12-31'"
        raise RefusedError(f"{shown(text)} is no day", remedy) from None
    if last < first:
        raise RefusedError(f"{shown(text)} ends before it begins", f"write '{last} to {first}'")
    return DayOff(first, last)


C_LABEL = Option(
    "label",
    kinds.word("the crew's name"),
    "",
    "What the page calls them; callers do not read it.",
    example="North crew",
)
C_PLACES = Option(
    "places", kinds.whole(1, MOST_PLACES), 1, "How many appointments they can keep at the same time.", "1"
)
C_OFF: Option[tuple[DayOff, ...]] = Option(
    "days_off",
    kinds.each(_days_off, "[2026-12-24, '2027-02-01 to 2027-02-05']"),
    (),
    "Days on which they do not go out, beside your holidays.",
    "[]",
    "[2026-12-24, '2027-02-01 to 2027-02-05']",
    shown_off=True,
)
C_CALENDARS: Option[tuple[str, ...]] = Option(
    "calendars",
    kinds.each(kinds.name, "[north]"),
    (),
    "The calendars in which they may be busy, by their names under 'calendars:'.",
    "[]",
    "[north]",
    shown_off=True,
)
CREW: Section = Section(
    "crews",
    "Who goes out to appointments. Each crew has a name of your choice (small letters, digits and _); one person is a crew"
    " too. With nobody here nothing is booked.",
    (C_LABEL, C_PLACES, C_OFF, C_CALENDARS),
)


def _is_zip(text: str) -> bool:
    return len(text) == 5 and text.isascii() and text.isdigit()


_FACTS = (Fact.ADDRESS, Fact.NAME)
shaped(_days_off, Shape("words"))
A_LABEL = Option(
    "label", kinds.word("a name"), "", "What the page calls it; callers read the service.", example="Estimate"
)
A_SERVICES: Option[tuple[str, ...]] = Option(
    "services",
    kinds.some(kinds.name, "[pool_heater]"),
    (),
    "The services on your menu that are booked as this. They have to be bookable.",
    example="[pool_heater]",
    required=True,
)
A_CREWS: Option[tuple[str, ...]] = Option(
    "crews",
    kinds.some(kinds.name, "[north]"),
    (),
    "Which crews do it, by their names, in the order in which they are asked.",
    example="[north]",
    required=True,
)
A_DURATION = Option(
    "duration",
    times.duration("min", 10 * 60, 12 * 3600),
    3600.0,
    "How long it takes on the spot.",
    example="90 min",
    required=True,
)
A_DAYS: tuple[Option[tuple[Window, ...]], ...] = tuple(
    Option(
        day,
        times.windows,
        (),
        f"Windows in which somebody arrives on a {name}.",
        "[]",
        '["08:00-12:00", "12:00-17:00"]' if day not in ("sat", "sun") else "[]",
    )
    for day, name in zip(DAYS, _DAY_NAMES, strict=True)
)
A_BUFFER = Option("buffer", times.duration("min", 0, _DAY_S), 0.0, "Time kept free behind each.", "0 min", "15 min")
A_TRAVEL = Option("travel", times.duration("min", 0, _DAY_S), 0.0, "Time for the way there.", "0 min", "30 min")
A_NOTICE = Option(
    "notice",
    times.duration("h", 0, 30 * _DAY_S),
    4 * 3600.0,
    "Only windows that begin so much later are offered. Plain numbers are hours.",
    "4 h",
)
A_HORIZON = Option(
    "horizon", kinds.whole(1, FARTHEST_DAYS), 14, "For so many days ahead windows are offered, today counted.", "14"
)
A_PER_DAY = Option(
    "per_day",
    kinds.optional(kinds.whole(1, MOST_A_DAY)),
    None,
    "At most so many of this kind on a day, all crews together; none: as many as fit.",
    "none",
    "4",
    shown_off=True,
)
A_CONFIRM = Option(
    "confirm",
    kinds.switch,
    False,
    "yes: what a caller chooses is booked, where 'authority:' says confirm. no: it is requested, and a person of the office"
    " confirms it.",
    "no",
)
A_NEEDS: Option[tuple[str, ...]] = Option(
    "needs",
    kinds.each(kinds.one_of(*_FACTS), "[address, name]"),
    (),
    "What has to be known before it stands, beside what 'conversation:' asks for an appointment: address, name.",
    "[]",
    "[address]",
)
A_ZIPS: Option[tuple[str, ...]] = Option(
    "zips",
    kinds.each(kinds.matching(_is_zip, "a ZIP code", "five digits in quotes, such as '44107'"), "['44107', '44116']"),
    (),
    "Only at these ZIP codes; empty: wherever you work.",
    "[]",
    "['44107', '44116']",
    shown_off=True,
)
_OF_A_KIND: tuple[Option[Any], ...] = (
    *(A_LABEL, A_SERVICES, A_CREWS, A_DURATION),
    *A_DAYS,
    *(A_BUFFER, A_TRAVEL, A_NOTICE, A_HORIZON, A_PER_DAY, A_CONFIRM, A_NEEDS, A_ZIPS),
)
APPOINTMENT: Section = Section(
    "appointments",
    "Kinds of appointments. Each has a name of your choice. Nothing is offered that is not written here: no window outside of"
    " these, none on a holiday, in a storm, outside the hours of a half day, and none that a crew has not free from the way"
    " there until the end.",
    _OF_A_KIND,
)

Named = Iterator[tuple[Entry, Place]]


def read_booking(
    section: Reading,
    crews: Named,
    appointments: Named,
    menu: Mapping[str, Service],
    calendars: Mapping[str, BusyCalendar] | None = None,
) -> BookingRules:
    """The rules. What is booked has to stand on the menu as bookable, and a calendar that a crew names among `calendars`."""
    calendars = calendars or {}
    known = {crew.name: crew for crew in _crews(crews, calendars)}
    types = tuple(_types(appointments, known, menu))
    return BookingRules(types, known, section.get(B_HOLD), calendars, section.get(B_LINK))


def _sections(named: Named, section: Section, wanted: str) -> Iterator[tuple[str, Reading]]:
    for entry, place in named:
        options = taken(lambda inner, _: mapping(inner, wanted), entry.node, place, None)
        if options is not None:
            yield entry.key, Reading(section, options, place, entry.line)


def _crews(named: Named, calendars: Collection[str]) -> Iterator[Crew]:
    for name, reading in _sections(named, CREW, "'places: 1'"):
        label = reading.get(C_LABEL) or name.replace("_", " ").capitalize()
        _known(reading, C_CALENDARS, calendars, "calendars")
        listed = reading.get(C_CALENDARS)
        busy_in = tuple(key for key in dict.fromkeys(listed) if key in calendars)
        yield Crew(name, label, reading.get(C_PLACES), reading.get(C_OFF), busy_in)


def _types(named: Named, crews: Collection[str], menu: Mapping[str, Service]) -> Iterator[AppointmentType]:
    booked: dict[str, str] = {}
    for name, reading in _sections(named, APPOINTMENT, "'services: [pool_heater]' and 'crews: [north]'"):
        week = tuple(tuple(Arrival(window.opens, window.closes) for window in reading.get(day)) for day in A_DAYS)
        place = reading.place
        _known(reading, A_CREWS, crews, "crews")
        _known(reading, A_SERVICES, menu, "menu")
        for key in reading.get(A_SERVICES):
            if key in menu and not menu[key].bookable:
                what, remedy = f"'{key}' may not be booked", f"write '{key}: {{bookable: yes}}' under 'services:'"
                place.at(A_SERVICES.name).say(reading.line_of(A_SERVICES), what, remedy)
        services, sent = reading.get(A_SERVICES), reading.get(A_CREWS)
        needs, zips = reading.get(A_NEEDS), reading.get(A_ZIPS)
        for key in services:
            if key in booked:
                what = f"'{key}' is booked as {booked[key]} already"
                place.at(A_SERVICES.name).say(reading.line_of(A_SERVICES), what, "take it out of one of the two")
            booked.setdefault(key, name)
        if not any(week):
            place.say(reading.line, "it has no windows", "write 'mon: [\"08:00-12:00\"]' and so on")
        for day, windows in zip(A_DAYS, week, strict=True):
            _judge_windows(windows, reading, day)
        yield AppointmentType(
            name,
            reading.get(A_LABEL) or name.replace("_", " ").capitalize(),
            frozenset(services),
            week,
            tuple(key for key in dict.fromkeys(sent) if key in crews),
            timedelta(seconds=reading.get(A_DURATION)),
            timedelta(seconds=reading.get(A_BUFFER)),
            timedelta(seconds=reading.get(A_TRAVEL)),
            timedelta(seconds=reading.get(A_NOTICE)),
            reading.get(A_HORIZON),
            reading.get(A_PER_DAY),
            reading.get(A_CONFIRM),
            frozenset(Fact(fact) for fact in needs),
            frozenset(zips),
        )


_NOT_OF = {
    "menu": "is not on your menu",
    "crews": "is not one of your crews",
    "calendars": "is not one of your calendars",
}


def _known(reading: Reading, option: Option[tuple[str, ...]], known: Collection[str], of_what: str) -> None:
    for key in reading.get(option):
        if key not in known:
            what = f"'{key}' {_NOT_OF[of_what]}"
            remedy = suggestion(key, sorted(known)) if known else f"write '{of_what}:' with it below"
            reading.place.at(option.name).say(reading.line_of(option), what, remedy)


def _judge_windows(windows: Iterable[Arrival], reading: Reading, day: Option[tuple[Window, ...]]) -> None:
    if any(window.begins < EARLY or window.ends == time(0) or window.ends > LATE for window in windows):
        place, line = reading.place.at(day.name), reading.line_of(day)
        place.doubt(line, "nobody likes visits before 6 or after 21 o'clock", "write windows between 06:00 and 21:00")


def judge_booking(business: Business, place: Place) -> None:
    """Doubt what has no effect: appointments that the box has no authority for, confirmations it may not give, days on which the
    business is closed anyway."""
    rules = business.conversation
    for kind in rules.booking.types:
        path = f"{APPOINTMENT.name}.{kind.name}"
        levels = [rules.authority.level(key, Lane.BOOK) for key in sorted(kind.services)]
        if not any(level.reaches(Authority.REQUEST) for level in levels):
            what = f"{path}: it is never offered: the box has no authority to"
            place.doubt(place.line_of(path), what, "write 'authority: {book: request}' or confirm")
        elif kind.confirms and not any(level.reaches(Authority.CONFIRM) for level in levels):
            what = f"{path}.confirm: it is only requested: the box has no authority to confirm"
            place.doubt(place.line_of(f"{path}.confirm"), what, "write 'authority: {book: confirm}', or 'confirm: no'")
    confirms = any(
        rules.authority.level(key, Lane.BOOK) is Authority.CONFIRM for key in (None, *rules.authority.services)
    )
    if confirms and not any(kind.confirms for kind in rules.booking.types):
        what = "authority: nothing is confirmed: no kind of appointment says 'confirm: yes'"
        place.doubt(place.line_of("authority"), what, "write it for one, or request here")
    if rules.booking.crews and not rules.booking.types:
        what = "crews: nobody is sent anywhere: there are no appointments"
        place.doubt(place.line_of("crews"), what, "write 'appointments:' with their windows")
