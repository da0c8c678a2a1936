"""How leads are worked: whose a new one is, by when it is answered, how often somebody is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gateway.core.business import Business
from gateway.core.desk.rules import DeskRules, OwnerRule, When
from gateway.core.escalation.people import OWNER
from gateway.settings import kinds, times
from gateway.settings.options import Option, Place, Reading, Section, Shape, items, mapping, shaped, taken
from gateway.settings.people import say_unknown
from gateway.settings.problems import shown, suggestion
from gateway.settings.yamlnodes import Mapping, Node

_USUAL = DeskRules()
MOST_TRIES = 10
SHORTEST_S, LONGEST_S = 300, 5 * 86400  # an office that is open round the clock counts every hour

W_WHO: Option[tuple[str, ...]] = Option(
    "who",
    kinds.some(kinds.word("a name"), "[ann, owner]"),
    (),
    "Whose they are: people by their names under people or rota, the owner, or by the name under which somebody signs in.",
    example="[ann, owner]",
    required=True,
)
W_LINES: Option[tuple[str, ...]] = Option("lines", kinds.each(kinds.name, "[main]"), (), "Only of these lines.", "[]")
W_SERVICES: Option[tuple[str, ...]] = Option(
    "services", kinds.each(kinds.name, "[maintenance]"), (), "Only about these services.", "[]"
)
W_WHEN = Option("when", kinds.choice(When), When.ALWAYS, "In which hours they came in: always, open, closed.", "always")
W_THEN: Option[tuple[str, ...]] = Option(
    "then", kinds.each(kinds.name, "[dana]"), (), "Who is told of those that nobody has answered in time.", "[]"
)
RULE: Section = Section("owners", "Whose leads are.", (W_WHO, W_LINES, W_SERVICES, W_WHEN, W_THEN))


def _rules(node: Node, place: Place) -> tuple[OwnerRule, ...]:
    wanted = "- {who: [ann]}"
    nodes = (node,) if isinstance(node, Mapping) else items(node, f"'{wanted}' below it")
    found: list[OwnerRule] = []
    for count, inner in enumerate(nodes, 1):
        at = replace(place, path=f"{place.path}[{count}]")
        options = taken(lambda each, _: mapping(each, f"'{wanted}'"), inner, at, None)
        if options is not None:
            rule = Reading(RULE, options, at, inner.line)
            lines: tuple[str, ...] = rule.get(W_LINES)
            services: tuple[str, ...] = rule.get(W_SERVICES)
            which = frozenset(lines), frozenset(services)
            found.append(OwnerRule(rule.get(W_WHO), *which, rule.get(W_WHEN), rule.get(W_THEN)))
    return tuple(found)


def _hours(name: str, usual: timedelta, meaning: str, written: str) -> Option[float]:
    return Option(name, times.duration("min", SHORTEST_S, LONGEST_S), usual.total_seconds(), meaning, written)


shaped(_rules, Shape("list", of=Shape("section", section=RULE)))
L_OWNERS: Option[tuple[OwnerRule, ...]] = Option(
    "owners",
    _rules,
    (),
    "Whose a new lead is: the first rule that fits decides. 'who' take turns, those first who are in (the rota tells their hours);"
    " 'lines', 'services' and 'when' (open, closed) narrow it down; 'then' are told when it was not answered in time. Without a"
    " rule leads are the office's until somebody takes them.",
    "[]",
    "[{who: [ann, owner], lines: [main], when: open, then: [owner]}, {who: [owner]}]",
    shown_off=True,
)
L_URGENT = _hours(
    "answer_urgent",
    _USUAL.urgent,
    "Within so long of opening hours what is urgent is answered, counted from the caller's last text. Plain numbers are minutes.",
    "1 h",
)
L_BOOKING = _hours("answer_booking", _USUAL.booking, "The same for what only needs a time.", "4 h")
L_MESSAGE = _hours("answer_message", _USUAL.message, "The same for what a person has to look at.", "4 h")
L_CLOSED = _hours(
    "answer_after_hours",
    _USUAL.after_hours,
    "What came in while you were closed is answered so long after you open.",
    "30 min",
)
L_AGAIN = _hours(
    "look_again",
    _USUAL.look_again,
    "A text or call of yours that was never answered is looked at again after so much time of opening hours.",
    "16 h",
)
L_CALL = _hours("call_again", _USUAL.call_again, "Who was not reached is called again after so long.", "2 h")
L_TRIES = Option(
    "tries",
    kinds.whole(1, MOST_TRIES),
    _USUAL.tries,
    "So many calls are tried; then the page offers a text, or the end.",
    str(_USUAL.tries),
)
L_TELL: Option[tuple[str, ...]] = Option(
    "tell_next",
    kinds.each(kinds.name, "[owner]"),
    (),
    "Who is told, by text, of a lead that was not answered in time, where its rule names nobody. []: as under notifications"
    " (overdue_lead).",
    "[]",
    "[owner]",
    shown_off=True,
)
LEADS: Section = Section(
    "leads",
    "Working leads: whose they are, and by when they are answered. What is late is marked so, and somebody is told, once.",
    (L_OWNERS, L_URGENT, L_BOOKING, L_MESSAGE, L_CLOSED, L_AGAIN, L_CALL, L_TRIES, L_TELL),
)


def read_desk(section: Reading) -> DeskRules:
    """The rules of working leads; who is meant by the key of a person is settled by `named_people`."""
    return DeskRules(
        owners=section.get(L_OWNERS),
        urgent=timedelta(seconds=section.get(L_URGENT)),
        booking=timedelta(seconds=section.get(L_BOOKING)),
        message=timedelta(seconds=section.get(L_MESSAGE)),
        after_hours=timedelta(seconds=section.get(L_CLOSED)),
        look_again=timedelta(seconds=section.get(L_AGAIN)),
        call_again=timedelta(seconds=section.get(L_CALL)),
        tries=section.get(L_TRIES),
        tell_next=section.get(L_TELL),
    )


def named_people(business: Business) -> Business:
    """The business with the people of its rules by the names that people read; who is nobody's key stays as written."""
    rota = {person.name.casefold(): person.name for person in business.conversation.call_back.rota}
    keys = {person.key: person.title for person in business.people.everybody}
    names = {OWNER: "Owner", **rota, **keys}
    owners = tuple(
        replace(rule, who=tuple(dict.fromkeys(names.get(who, rota.get(who.casefold(), who)) for who in rule.who)))
        for rule in business.desk.owners
    )
    return replace(business, desk=replace(business.desk, owners=owners))


def judge_leads(business: Business, place: Place) -> None:
    """Say which lines, services and telephones of the rules there are not; doubt a rule that is never asked."""
    known = [person.key for person in business.people.everybody]
    lines = [line.name for line in business.lines]
    for count, rule in enumerate(business.desk.owners, 1):
        path = f"leads.{L_OWNERS.name}[{count}]"
        line = place.line_of(path)
        for name in sorted(rule.lines - set(lines)):
            place.say(line, f"{path}: there is no line {shown(name)}", suggestion(name, lines))
        for name in sorted(rule.services - set(business.conversation.services)):
            menu = sorted(business.conversation.services)
            place.say(line, f"{path}: {shown(name)} is not on your menu", suggestion(name, menu))
        say_unknown(rule.then, known, place.at(f"{path}.then"), line)
        always = not rule.lines and not rule.services and rule.when is When.ALWAYS
        if always and count < len(business.desk.owners):
            place.doubt(line, f"{path}: fits every lead, so the rules below it are never asked", "put it last")
            break
    say_unknown(business.desk.tell_next, known, place.at(f"leads.{L_TELL.name}"), place.line_of(f"leads.{L_TELL.name}"))
