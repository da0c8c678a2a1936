"""When whom of the business's people is on call: a rotation, weekly shifts, and dated exceptions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from gateway.core.business import Business
from gateway.core.conversation.office import Cover
from gateway.core.escalation.oncall import Duty, OnCall, Rotation, Shift, Turn
from gateway.core.escalation.people import ON_CALL
from gateway.settings import kinds, times
from gateway.settings.options import Option, Place, Reading, Section, Shape, items, mapping, shaped, taken
from gateway.settings.people import say_unknown
from gateway.settings.yamlnodes import Mapping, Node

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_DAY = date(2000, 1, 1)
NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_MONDAY = datetime(2001, 1, 1)  # of a week without holidays or clock changes, on which gaps are looked for
_WEEK = timedelta(days=7)
_NAMES = kinds.some(kinds.name, "[owner, dana]")

R_PEOPLE: Option[tuple[str, ...]] = Option(
    "people",
    _NAMES,
    (),
    "Who takes turns, in this order; 'owner' is one of them.",
    example="[owner, dana]",
    required=True,
)
R_EVERY = Option("every", kinds.choice(Turn), Turn.WEEK, "How long a turn is: week or day.", "week")
R_FROM = Option(
    "from", times.day, NO_DAY, "The day on which the first one begins.", example="2026-03-02", required=True
)
R_AT = Option("at", times.time_of_day, time(8), "When one hands over to the next.", '"08:00"')
ROTATION: Section = Section("rotation", "People who take turns.", (R_PEOPLE, R_EVERY, R_FROM, R_AT))
S_WHO: Option[tuple[str, ...]] = Option("who", _NAMES, (), "Who it is.", example="dana", required=True)
S_DAYS: Option[tuple[str, ...]] = Option(
    "days",
    kinds.some(kinds.one_of(*WEEK), "[sat, sun]"),
    (),
    "The days on which it begins.",
    example="[sat, sun]",
    required=True,
)
S_HOURS: Option[tuple[tuple[time, time], ...]] = Option(
    "hours",
    kinds.some(times.stretch, "['17:00-08:00']"),
    (),
    "From when to when.",
    example='"20:00-08:00"',
    required=True,
)
SHIFT: Section = Section("shifts", "On call each week.", (S_WHO, S_DAYS, S_HOURS))
O_WHO: Option[tuple[str, ...]] = Option("who", _NAMES, (), "Who it is.", example="dana", required=True)
O_FROM = Option("from", times.moment, NO_MOMENT, "When it begins.", example='"2026-12-24 12:00"', required=True)
O_TO = Option("to", times.moment, NO_MOMENT, "When it is over.", example='"2026-12-26 08:00"', required=True)
OVERRIDE: Section = Section("overrides", "Dated exceptions.", (O_WHO, O_FROM, O_TO))


def _rotation(node: Node, place: Place) -> Rotation | None:
    reading = Reading(ROTATION, mapping(node, "{people: [owner, dana], from: 2026-03-02}"), place)
    rotation = Rotation(reading.get(R_PEOPLE), reading.get(R_FROM), reading.get(R_EVERY), reading.get(R_AT))
    return rotation if rotation.people and rotation.begins != NO_DAY else None


def _listed(node: Node, place: Place, section: Section, wanted: str) -> Iterator[Reading]:
    """The sections of a list, or the one that stands in its place; each has its number in messages, from 1."""
    for count, inner in enumerate((node,) if isinstance(node, Mapping) else items(node, f"[{wanted}]"), 1):
        at = replace(place, path=f"{place.path}[{count}]")
        options = taken(lambda each, _: mapping(each, wanted), inner, at, None)
        if options is not None:
            yield Reading(section, options, at, inner.line)


def _shifts(node: Node, place: Place) -> tuple[Shift, ...]:
    found: list[Shift] = []
    for reading in _listed(node, place, SHIFT, '{who: dana, days: [sat], hours: "20:00-08:00"}'):
        days = frozenset(WEEK.index(day) for day in reading.get(S_DAYS))
        found.append(Shift(reading.get(S_WHO), days, reading.get(S_HOURS)))
    return tuple(found)


def _overrides(node: Node, place: Place) -> tuple[Duty, ...]:
    found: list[Duty] = []
    for reading in _listed(node, place, OVERRIDE, '{who: dana, from: "2026-12-24 12:00", to: "2026-12-26 08:00"}'):
        duty = Duty(reading.get(O_WHO), reading.get(O_FROM), reading.get(O_TO))
        if duty.ends <= duty.begins and NO_MOMENT not in (duty.begins, duty.ends):
            reading.place.say(reading.line_of(O_TO), "it is over before it begins", "swap the times")
        if any(other.begins < duty.ends and duty.begins < other.ends for other in found):
            what, remedy = "lies over another one: who is written last is on call", "part the times"
            reading.place.doubt(reading.line, what, remedy)
        found.append(duty)
    return tuple(found)


shaped(_shifts, Shape("list", of=Shape("section", section=SHIFT)))
shaped(_overrides, Shape("list", of=Shape("section", section=OVERRIDE)))
A_ROTATION: Option[Rotation | None] = Option(
    "rotation",
    kinds.optional(_rotation),
    None,
    "People who take turns by the week or by the day.",
    "none",
    inner=ROTATION,
    shown_off=True,
)
A_SHIFTS: Option[tuple[Shift, ...]] = Option(
    "shifts",
    _shifts,
    (),
    "Each week at the same hours, in place of the rotation. 20:00-08:00 ends the next morning, 08:00-08:00 lasts a whole day.",
    "[]",
    '[{who: dana, days: [sat, sun], hours: "20:00-08:00"}]',
    shown_off=True,
)
A_OVERRIDES: Option[tuple[Duty, ...]] = Option(
    "overrides",
    _overrides,
    (),
    "Dates on which it is different, in place of both: holidays, vacations.",
    "[]",
    '[{who: owner, from: "2026-12-24 12:00", to: "2026-12-26 08:00"}]',
    shown_off=True,
)
ON_CALL_SECTION: Section = Section(
    ON_CALL,
    "Who is on call, by the names under 'people:'; 'owner' is the owner. Where nobody is, the owner is told in their place. Your"
    " people can also swap by text, which counts before all that stands here.",
    (A_ROTATION, A_SHIFTS, A_OVERRIDES),
)


def read_on_call(section: Reading) -> OnCall:
    """The plan as the file has it."""
    return OnCall(section.get(A_ROTATION), section.get(A_SHIFTS), section.get(A_OVERRIDES))


def judge_on_call(business: Business, place: Place, today: date) -> None:
    """Say who is named and is nobody; doubt hours in which nobody is on call, and turns that have not begun."""
    plan = business.escalation.on_call
    known = [person.key for person in business.people.everybody]
    at = place.at(ON_CALL)
    rotation = plan.rotation
    if rotation is not None:
        _known(rotation.people, known, at.at("rotation"), "people")
    for name, several in (
        ("shifts", [shift.who for shift in plan.shifts]),
        ("overrides", [duty.who for duty in plan.overrides]),
    ):
        for count, who in enumerate(several, 1):
            _known(who, known, replace(at, path=f"{at.path}.{name}[{count}]"), "who")
    begun = rotation is not None and rotation.begins <= today
    if rotation is not None and not begun:
        what = f"until {rotation.begins} nobody takes turns, and the owner is told"
        path = f"{ON_CALL}.rotation.from"
        place.doubt(place.line_of(path), f"{path}: {what}", "write the day on which the present turn began")
    if rotation is not None and len(rotation.people) == 1:
        path = f"{ON_CALL}.rotation.people"
        place.doubt(place.line_of(path), f"{path}: nobody takes turns with them", "add the others")
    if plan.shifts and rotation is None and (gap := _gap(business)) is not None:
        what = f"nobody is on call {gap}, and the owner is told in their place"
        remedy = "add a shift or a rotation, or leave it if you mean it"
        place.doubt(place.line_of(f"{ON_CALL}.shifts"), f"{ON_CALL}.shifts: {what}", remedy)


def _known(keys: Collection[str], known: Collection[str], at: Place, option: str) -> None:
    inner = at.at(option)
    say_unknown(keys, known, inner, inner.line_of(inner.path))


def _gap(business: Business) -> str | None:
    """The first hours of the week that are covered and in which nobody has a shift, in words; None where there are none."""
    emergencies = business.conversation.emergencies
    covers = {emergencies.covered, *(one.covered for one in emergencies.services.values())}
    wanted: list[tuple[datetime, datetime]] = []
    if Cover.ALWAYS in covers:
        wanted = [(_MONDAY, _MONDAY + _WEEK)]
    elif Cover.OPEN in covers:
        for day, windows in enumerate(business.hours.weekly):
            wanted += _in_week({day}, [(window.opens, window.closes) for window in windows])
    shifts = sorted(span for shift in business.escalation.on_call.shifts for span in _in_week(shift.days, shift.hours))
    gaps = [gap for span in sorted(wanted) for gap in _left_free(span, shifts)]
    if not gaps:
        return None
    begins, ends = gaps[0]
    if begins == _MONDAY and gaps[-1][1] == _MONDAY + _WEEK and len(gaps) > 1:  # it lasts over the end of the week
        begins = gaps.pop()[0]
    more = " (and at other times)" if len(gaps) > 1 else ""
    return "at any time" if ends - begins == _WEEK else f"from {_said(begins)} to {_said(ends)}{more}"


def _left_free(
    span: tuple[datetime, datetime], shifts: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """What the shifts, in order of their beginnings, leave free of a stretch."""
    free, ends = span
    for opens, closes in shifts:
        if free < min(opens, ends):
            yield free, min(opens, ends)
        free = max(free, closes)
    if free < ends:
        yield free, ends


def _in_week(days: Collection[int], hours: Collection[tuple[time, time]]) -> list[tuple[datetime, datetime]]:
    """The stretches of a week; what runs over its end goes on at its beginning."""
    found: list[tuple[datetime, datetime]] = []
    for day in days:
        for opens, closes in hours:
            begins = datetime.combine(_MONDAY + timedelta(days=day), opens)
            ends = datetime.combine(begins + timedelta(days=0 if closes > opens else 1), closes)
            found += [(begins, ends), (begins - _WEEK, ends - _WEEK)]
    return found


def _said(at: datetime) -> str:
    return f"{WEEK[at.weekday()]} {at:%H:%M}"
