"""Where the business works, as ZIP codes and cities. Counties and circles become ZIP codes here, by the ZIP code list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gateway.core.conversation.office import ServiceArea, city_key, parted
from gateway.core.states import state_named, state_of_zip
from gateway.core.understanding.cities import CITIES
from gateway.settings import kinds
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
from gateway.settings.problems import nearest, shown
from gateway.settings.yamlnodes import Node
from gateway.settings.ziplist import ZipList, ZipListError


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within some miles of the middle of a ZIP code."""

    miles: int
    around: str


@dataclass(frozen=True, slots=True)
class County:
    """A county; the name without the word."""

    name: str
    state: str


def zip_code(node: Node, place: Place) -> str:  # noqa: ARG001
    """A ZIP code that can exist: five digits whose first three were given to a state."""
    text = scalar(node, "five digits such as '44107'")
    if not re.fullmatch(r"\d{5}", text, re.ASCII):
        if re.fullmatch(r"\d{5}-?\d{4}", text, re.ASCII):
            raise RefusedError(f"{shown(text)} is longer than a ZIP code", f"write '{text[:5]}'")
        if re.fullmatch(r"\d{4}", text, re.ASCII) and state_of_zip("0" + text):
            raise RefusedError(f"{shown(text)} is no ZIP code", f"did you mean '0{text}'?")
        raise RefusedError(f"{shown(text)} is no ZIP code", "write five digits such as '44107'")
    if state_of_zip(text) is None:
        raise RefusedError(f"{shown(text)} is no ZIP code of any state", "correct its digits")
    return text


shaped(zip_code, Shape("zip"))


def county(node: Node, place: Place) -> County:  # noqa: ARG001
    text = scalar(node, "a county with its state, such as 'Cuyahoga, OH'")
    name, _, state = text.rpartition(",")
    known = state_named(state)
    plain = re.sub(r"\s+(?:county|parish|borough)$", "", name.strip(), flags=re.IGNORECASE)
    if not plain or known is None:
        raise RefusedError(f"{shown(text)} does not name a county with its state", "write it as 'Cuyahoga, OH'")
    return County(plain, known)


_CITIES = kinds.each(kinds.word("a city"), "a list such as [Lakewood, 'Independence, OH']")
A_ZIPS: Option[tuple[str, ...]] = Option(
    "zips",
    kinds.each(zip_code, "a list such as ['44107', '44116']"),
    (),
    "The ZIP codes you work in, in quotes. Where a caller gives one, it decides.",
    "[]",
    '["44102", "44107", "44116"]',
    shown_off=True,
)
A_CITIES: Option[tuple[str, ...]] = Option(
    "cities",
    _CITIES,
    (),
    "The cities you work in; with the state where the name alone is not enough.",
    "[]",
    '[Cleveland, Lakewood, "Independence, OH"]',
    shown_off=True,
)
A_COUNTIES: Option[tuple[County, ...]] = Option(
    "counties",
    kinds.each(county, "a list such as ['Cuyahoga, OH']"),
    (),
    "Whole counties, each with its state. Needs the list of ZIP codes: `textback area-data`.",
    "[]",
    '["Cuyahoga, OH"]',
    shown_off=True,
)
R_MILES = Option("miles", kinds.whole(1, 300), 0, "How far you drive.", example="25", required=True)
R_AROUND = Option("around", zip_code, "", "From the middle of this ZIP code.", example='"44107"', required=True)
CIRCLE: Section = Section("radius", "Everything within some miles of a ZIP code.", (R_MILES, R_AROUND))


def _circle(node: Node, place: Place) -> Circle | None:
    reading = Reading(CIRCLE, mapping(node, '{miles: 25, around: "44107"}'), place)
    circle = Circle(reading.get(R_MILES), reading.get(R_AROUND))
    return circle if circle.miles and circle.around else None


A_RADIUS: Option[Circle | None] = Option(
    "radius",
    kinds.optional(_circle),
    None,
    "Everything within some miles of a ZIP code, as the crow flies. Needs the list of ZIP codes: `textback area-data`.",
    "none",
    inner=CIRCLE,
    shown_off=True,
)


def _nicknames(node: Node, place: Place) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for entry in mapping(node, "{OP: Overland Park}").entries:
        city = taken(kinds.word("the city's full name"), entry.node, place.at(entry.key), "")
        if not city_key(entry.key):
            place.say(entry.line, f"{shown(entry.key)} is no name", "write letters, such as OP")
        elif city:
            found.append((entry.key, city))
    return tuple(found)


shaped(_nicknames, Shape("table"))
A_NICKNAMES: Option[tuple[tuple[str, str], ...]] = Option(
    "nicknames",
    _nicknames,
    (),
    "Names that only people there use, and the cities they mean.",
    "{}",
    "{the Wood: Lakewood}",
    shown_off=True,
)
AREA: Section = Section(
    "area",
    "Where you work; everywhere when left out. Callers from elsewhere get a polite answer and are not booked.",
    (A_ZIPS, A_CITIES, A_COUNTIES, A_RADIUS, A_NICKNAMES),
)


def read_area(area: Reading, zip_list: Callable[[], ZipList]) -> ServiceArea:
    """The area that a section describes. `zip_list` gives the list of ZIP codes or raises ZipListError."""
    zips, cities = area.get(A_ZIPS), area.get(A_CITIES)
    counties, circle, nicknames = area.get(A_COUNTIES), area.get(A_RADIUS), area.get(A_NICKNAMES)
    _far_off(zips, area)
    _unknown_cities([*cities, *(city for _, city in nicknames)], area)
    if not counties and circle is None:
        return ServiceArea.of(zips, cities, nicknames)
    option: Option[object] = A_COUNTIES if counties else A_RADIUS  # type: ignore[assignment]
    say = partial(area.place.at(option.name).say, area.line_of(option))
    try:
        listed = zip_list()
    except ZipListError as error:
        say(f"the list of ZIP codes {error.what}", error.remedy)
        return ServiceArea.of(zips, cities, nicknames)
    inside = set(zips)
    for one in counties:
        found = listed.in_county(one.name, one.state)
        if not found:
            meant = nearest(one.name, listed.counties(one.state))
            remedy = f"did you mean '{meant}, {one.state}'?" if meant else "correct the name or the state"
            area.place.at(A_COUNTIES.name).say(
                area.line_of(A_COUNTIES), f"there is no county {shown(one.name)} in {one.state}", remedy
            )
        inside |= found
    if circle is not None:
        near = listed.within(circle.miles, circle.around)
        if not near:
            area.place.at(A_RADIUS.name).say(
                area.line_of(A_RADIUS), f"nobody knows where {circle.around} is", "write another ZIP code near it"
            )
        inside |= near
    whole, partly = listed.cities_of(inside)
    return ServiceArea.of(inside, cities, nicknames, whole, partly)


def _far_off(zips: tuple[str, ...], area: Reading) -> None:
    """A ZIP code alone in its state among many of another one is probably a slip of the finger."""
    states = Counter(state_of_zip(code) for code in zips)
    if len(zips) < 5:  # too few to tell what is usual
        return
    for code in zips:
        state = state_of_zip(code)
        if states[state] == 1:
            usual = states.most_common(1)[0][0]
            what = f"{code} lies in {state}, the others in {usual}"
            area.place.at(A_ZIPS.name).doubt(
                area.line_of(A_ZIPS), what, "correct its digits, or leave it if you mean it"
            )


_KNOWN = {city_key(city): city for city in CITIES}


def _unknown_cities(cities: list[str], area: Reading) -> None:
    for city in cities:
        name, _ = parted(city)
        if city_key(name) not in _KNOWN:
            meant = nearest(name, list(_KNOWN.values()))
            remedy = f"did you mean '{meant}'?" if meant else "nothing to do if it is spelt as people there spell it"
            area.place.doubt(area.line_of(A_CITIES), f"{shown(name)} is a city we do not know", remedy)
