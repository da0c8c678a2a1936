"""Who calls back and when: the rota, how many calls an hour, how soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from gateway.core.business import Business, Window
from gateway.core.conversation.authority import Authority
from gateway.core.conversation.lead import Lane
from gateway.core.conversation.rota import WINDOW, CallBack, Person
from gateway.settings import kinds, times
from gateway.settings.options import Option, Place, Reading, Section, mapping, taken
from gateway.settings.yamlnodes import Entry

_USUAL = CallBack()
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AN_HOUR = round(WINDOW.total_seconds() / 60)
MOST_PER_HOUR = 12  # five minutes for each
# 47 CFR 64.1200(c)(1): outside of these nobody may be called for selling; nobody likes it.
EARLY, LATE = time(8), time(21)

B_PER_HOUR = Option(
    "per_hour",
    kinds.whole(1, MOST_PER_HOUR),
    _USUAL.per_hour,
    "To so many callers an hour of one person is offered or promised, and to no more.",
    str(_USUAL.per_hour),
)
B_NOTICE = Option(
    "notice",
    times.duration("min", 15 * 60, 24 * 3600),
    _USUAL.notice_s,
    "Only hours that begin so much later are offered. Plain numbers are minutes.",
    "1 h",
)
CALL_BACK: Section = Section(
    "call_back",
    "Times for a call: callers whose lead a person has to look at are offered two or three hours in which somebody of the rota"
    " below calls back, where 'authority:' says offer. What a caller chooses is a promise: it stands in the lead's task, and is"
    " overdue when the hour has passed. Not offered: days and hours on which the office is closed for a holiday or a half day,"
    " days without opening hours, storms.",
    (B_PER_HOUR, B_NOTICE),
)
R_NAME = Option(
    "name", kinds.word("the name"), "", "What the page calls this person; callers do not read it.", example="Ann"
)
R_DAYS: Option[tuple[str, ...]] = Option(
    "days",
    kinds.each(kinds.one_of(*_WEEK), "[mon, tue, wed]"),
    (),
    "On these days of the week.",
    example="[mon, tue, wed, thu, fri]",
    required=True,
)
R_HOURS: Option[tuple[Window, ...]] = Option(
    "hours",
    times.windows,
    (),
    "Between these times; whole hours are offered, from the beginning on.",
    example='["08:00-11:00", "15:00-17:00"]',
    required=True,
)
ROTA: Section = Section(
    "rota",
    "Who calls back, and when. Each person has a name of your choice (small letters, digits and _). With nobody here no times"
    " are offered.",
    (R_NAME, R_DAYS, R_HOURS),
)


def read_call_back(section: Reading, named: Iterator[tuple[Entry, Place]]) -> CallBack:
    """The rota with its limits."""
    rota: list[Person] = []
    for entry, place in named:
        options = taken(
            lambda inner, _: mapping(inner, "'days: [mon]' and 'hours: [\"08:00-11:00\"]'"), entry.node, place, None
        )
        if options is None:
            continue
        reading = Reading(ROTA, options, place, entry.line)
        name = reading.get(R_NAME) or entry.key.replace("_", " ").capitalize()
        days = frozenset(_WEEK.index(day) for day in reading.get(R_DAYS))
        hours = tuple((window.opens, window.closes) for window in reading.get(R_HOURS))
        if any(name == other.name for other in rota):
            place.say(entry.line, f"another person is called '{name}'", "give each a name of their own")
        _judge_hours(hours, reading)
        rota.append(Person(name, days, hours))
    return CallBack(tuple(rota), section.get(B_PER_HOUR), section.get(B_NOTICE))


def _judge_hours(hours: tuple[tuple[time, time], ...], reading: Reading) -> None:
    place, line = reading.place.at(R_HOURS.name), reading.line_of(R_HOURS)
    if hours and not any(_minutes(*one) >= _AN_HOUR for one in hours):
        place.say(line, "no whole hour fits in", "write at least an hour, such as 08:00-09:00")
    elif any(_minutes(*one) % _AN_HOUR for one in hours):
        place.doubt(line, "the rest behind the last whole hour is not offered", "write whole hours")
    if any(opens < EARLY or closes == time(0) or closes > LATE for opens, closes in hours):
        place.doubt(line, "calls before 8 or after 21 o'clock disturb people", "write hours between 08:00 and 21:00")


def judge_call_back(business: Business, place: Place) -> None:
    """Doubt what has no effect: a rota that nothing may offer, an offer without a rota, days on which the office is closed."""
    rules = business.conversation
    may = [
        rules.authority.level(key, lane)
        for key in (None, *rules.authority.services)
        for lane in (Lane.BOOK, Lane.MESSAGE)
    ]
    message = [rules.authority.level(key, Lane.MESSAGE) for key in (None, *rules.authority.services)]
    offers = any(level.reaches(Authority.OFFER) for level in message) or Authority.OFFER in may
    if rules.call_back.rota and not offers:
        what = "no times for a call are offered: the box has no authority to"
        place.doubt(place.line_of("rota"), f"rota: {what}", "write 'authority: {message: offer}'")
    if not rules.call_back.rota and offers:
        what = "nobody calls back at known hours, so no times are offered"
        place.doubt(place.line_of("authority"), f"authority: {what}", "write 'rota:' with who calls back and when")
    for person in rules.call_back.rota:
        shut = [day for number, day in enumerate(_WEEK) if number in person.days and not business.hours.weekly[number]]
        if shut:
            what = f"{person.name}: no times are offered on {', '.join(shut)}, when the office does not open"
            place.doubt(place.line_of("rota"), f"rota: {what}", "take the day out, or write its opening hours")


def _minutes(opens: time, closes: time) -> int:
    """How long a stretch of a day is; 00:00 ends the day."""
    begins, ends = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    return (ends or 24 * 60) - begins
