"""How far the box may go by itself: read from the configuration, and nowhere else to be raised."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.core.conversation.authority import MEANINGS, Authority, AuthorityTable, Lanes
from gateway.core.conversation.office import Service
from gateway.settings import kinds
from gateway.settings.options import (
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
from gateway.settings.yamlnodes import Node, Scalar

_AGREED = AuthorityTable()
_LEVELS = "; ".join(f"{level} ({MEANINGS[level]})" for level in Authority)
level = kinds.choice(Authority)


@dataclass(frozen=True, slots=True)
class Own:
    """What is said of one service, and in which line of the file."""

    lanes: Lanes
    line: int


def services(node: Node, place: Place) -> dict[str, Own]:
    """`toilet: ask` for both lanes, or `toilet: {book: ask, message: opener}`."""
    found: dict[str, Own] = {}
    for entry in mapping(node, "{water_heater: {book: ask}}").entries:
        at = place.at(entry.key)
        if isinstance(entry.node, Scalar):
            both = taken(level, entry.node, at, None)
            found[entry.key] = Own(Lanes(both, both), entry.line)
            continue
        lanes = taken(lambda inner, _: mapping(inner, "a level, or {book: ask, message: ask}"), entry.node, at, None)
        if lanes is None:
            continue
        report_unknown(lanes, ("book", "message"), at)
        own = Lanes()
        for lane in lanes.entries:
            said = taken(level, lane.node, at.at(lane.key), None)
            if lane.key == "book":
                own = replace(own, book=said)
            elif lane.key == "message":
                own = replace(own, message=said)
        found[entry.key] = Own(own, entry.line)
    return found


shaped(services, Shape("table"))
A_BOOK = Option(
    "book",
    level,
    _AGREED.book,
    "With what is heading for an appointment.",
    str(_AGREED.book),
)
A_MESSAGE = Option(
    "message",
    level,
    _AGREED.message,
    "With what a person has to look at first. As long as nobody knows what a caller wants, this holds.",
    str(_AGREED.message),
)
A_SERVICES: Option[dict[str, Own]] = Option(
    "services",
    services,
    {},
    "Services for which it is different, in both lanes or in one.",
    "{}",
    "{heating_repair: {message: opener}, maintenance: {book: ask}}",
    shown_off=True,
)
AUTHORITY: Section = Section(
    "authority",
    f"How far the box may go by itself. The levels, each with all that is before it: {_LEVELS}. Only this file raises"
    " them. Dangers to people, emergencies, STOP, START and HELP are answered in any case.",
    (A_BOOK, A_MESSAGE, A_SERVICES),
)


def read_authority(section: Reading, menu: dict[str, Service]) -> AuthorityTable:
    """The table; says what is not on the menu, and doubts what can have no effect."""
    own = section.get(A_SERVICES)
    place = section.place.at(A_SERVICES.name)
    for key, said in own.items():
        if key not in menu:
            place.say(said.line, f"'{key}' is not on your menu", suggestion(key, sorted(menu)))
        elif said.lanes.book is not None and said.lanes.message is None and not menu[key].bookable:
            remedy = "write 'message:', or 'bookable: yes' for the service"
            place.at(key).doubt(said.line, "is not bookable: what is said for book never counts", remedy)
    table = AuthorityTable(section.get(A_BOOK), section.get(A_MESSAGE), {key: said.lanes for key, said in own.items()})
    if table.message.reaches(Authority.REQUEST):
        what, remedy = "nothing is requested or confirmed in the message lane", "write offer, which says the same"
        section.place.at(A_MESSAGE.name).doubt(section.line_of(A_MESSAGE), what, remedy)
    if not table.unknown.reaches(Authority.OPENER):
        what = "no first text goes out: nobody knows yet what a caller wants"
        section.place.at(A_MESSAGE.name).doubt(section.line_of(A_MESSAGE), what, "write at least opener")
    return table
