"""Who is there for an emergency, and from how many degrees on it is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.core.conversation.office import Cover, Coverage, Emergencies, Service
from gateway.settings import kinds
from gateway.settings.options import (
    AS_IN_TRADE,
    Option,
    Place,
    Reading,
    Section,
    Shape,
    mapping,
    report_unknown,
    shaped,
    taken,
)
from gateway.settings.problems import suggestion
from gateway.settings.trades import COLD_F, TradePack
from gateway.settings.yamlnodes import Node, Scalar

_cover = kinds.choice(Cover)


@dataclass(frozen=True, slots=True)
class Own:
    """What is said of one service, and in which line of the file. None: as for the others."""

    covered: Cover | None
    holidays: bool | None
    line: int


def services(node: Node, place: Place) -> dict[str, Own]:
    """`pool_heater: open`, or `pool_heater: {covered: always, holidays: no}`."""
    found: dict[str, Own] = {}
    for entry in mapping(node, "{pool_heater: open}").entries:
        at = place.at(entry.key)
        if isinstance(entry.node, Scalar):
            found[entry.key] = Own(taken(_cover, entry.node, at, None), None, entry.line)
            continue
        options = taken(
            lambda inner, _: mapping(inner, "a word, or {covered: open, holidays: no}"), entry.node, at, None
        )
        if options is None:
            continue
        report_unknown(options, ("covered", "holidays"), at)
        covered, holidays = None, None
        for option in options.entries:
            if option.key == "covered":
                covered = taken(_cover, option.node, at.at(option.key), None)
            elif option.key == "holidays":
                holidays = taken(kinds.switch, option.node, at.at(option.key), None)
        found[entry.key] = Own(covered, holidays, entry.line)
    return found


shaped(services, Shape("table"))
E_COVERED = Option(
    "covered",
    _cover,
    Cover.ALWAYS,
    "When somebody is on call: always, open (in opening hours) or never. The owner is texted in any case; where nobody is on"
    " call the caller is told so.",
    "always",
)
E_HOLIDAYS = Option(
    "holidays",
    kinds.switch,
    True,
    "Whether somebody is on call on holidays too. With 'covered: open' nobody is: the office is closed.",
    "yes",
)
E_SERVICES: Option[dict[str, Own]] = Option(
    "services",
    services,
    {},
    "Services of your menu for which it is different.",
    "{}",
    "{cooling_repair: open, heating_repair: {holidays: no}}",
    shown_off=True,
)
E_INSTEAD = Option(
    "instead",
    kinds.word("what the caller should do then"),
    "",
    "What a caller with an emergency is told to do when nobody is on call, in your words.",
    example='"You can try Lake County Emergency Plumbing at (216) 555-0177."',
    shown_off=True,
)
E_INSTEAD_ES = Option(
    "instead_es",
    kinds.word("the same in Spanish"),
    "",
    "The same in Spanish.",
    example='"Puede llamar a Lake County Emergency Plumbing al (216) 555-0177."',
    shown_off=True,
)
E_COLD: Option[int | None] = Option(
    "cold_f",
    kinds.optional(kinds.whole(20, 75)),
    None,
    "No heat is an emergency at this many degrees Fahrenheit indoors or less (also with frost outside, or with babies, old"
    " or ill people).",
    AS_IN_TRADE,
    str(COLD_F),
    shown_off=True,
)
E_HOT: Option[int | None] = Option(
    "hot_f",
    kinds.optional(kinds.whole(75, 120)),
    None,
    "No cooling is an emergency at this many degrees or more, also without babies, old or ill people. none: only with them.",
    AS_IN_TRADE,
    "90",
    shown_off=True,
)
EMERGENCIES: Section = Section(
    "emergencies",
    "Who is there for an emergency. Danger to people always is one: the caller gets the safety text at once and the owner is"
    " told, at any hour, whatever is written here. What is urgent and no emergency goes to the top of the office's list only.",
    (E_COVERED, E_HOLIDAYS, E_SERVICES, E_INSTEAD, E_INSTEAD_ES, E_COLD, E_HOT),
)


def read_emergencies(section: Reading, pack: TradePack, menu: Mapping[str, Service]) -> Emergencies:
    """The section with the trade's degrees where it names none; words that nobody will read are doubted."""
    cold, hot = section.get(E_COLD), section.get(E_HOT)
    covered, holidays = section.get(E_COVERED), section.get(E_HOLIDAYS)
    emergencies = Emergencies(
        covered,
        section.get(E_INSTEAD),
        section.get(E_INSTEAD_ES),
        pack.cold_f if cold is None else cold,
        hot if section.given(E_HOT) else pack.hot_f,
        holidays,
        _for_services(section, Coverage(covered, holidays), menu),
    )
    if emergencies.always_covered and (emergencies.instead or emergencies.instead_es):
        given = E_INSTEAD if emergencies.instead else E_INSTEAD_ES
        remedy = "write 'covered: open' or 'covered: never', or remove the text"
        section.place.at(given.name).doubt(section.line_of(given), "somebody is always on call", remedy)
    return emergencies


def _for_services(section: Reading, usual: Coverage, menu: Mapping[str, Service]) -> dict[str, Coverage]:
    """What is said of single services; says what is not on the menu, and doubts what says nothing."""
    place = section.place.at(E_SERVICES.name)
    found: dict[str, Coverage] = {}
    for key, own in section.get(E_SERVICES).items():
        coverage = Coverage(own.covered or usual.covered, usual.holidays if own.holidays is None else own.holidays)
        if key not in menu:
            place.say(own.line, f"'{key}' is not on your menu", suggestion(key, sorted(menu)))
        elif coverage == usual:
            place.at(key).doubt(own.line, "is covered as all the others", "remove it, or write what is different")
        found[key] = coverage
    return found
