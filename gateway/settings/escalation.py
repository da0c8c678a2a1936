"""The ladder: who is told of an emergency, how often, and who comes next."""

from __future__ import annotations

from dataclasses import replace

from gateway.core.business import Business
from gateway.core.escalation.ladder import ONE_PHONE, Rung
from gateway.core.escalation.people import ON_CALL, OWNER, Person
from gateway.core.escalation.rules import EscalationRules
from gateway.settings import kinds, times
from gateway.settings.on_call import read_on_call
from gateway.settings.options import Option, Place, Reading, RefusedError, Section, Shape, items, mapping, shaped, taken
from gateway.settings.people import say_unknown
from gateway.settings.times import spelled
from gateway.settings.yamlnodes import Mapping, Node

LONG_LADDER_S = 3600.0  # "to management at 30 min" is usual among dispatchers; behind an hour a caller has given up
MOST_TIMES = 6  # GoAlert lets 5 texts in a quarter of an hour go to one telephone

T_TELL: Option[tuple[str, ...]] = Option(
    "tell", kinds.some(kinds.name, "[on_call, dana]"), (), "Who is told.", example="[on_call, dana]", required=True
)
T_TIMES = Option("times", kinds.whole(1, MOST_TIMES), 1, "How often, before the next ones are.", "1")
T_EVERY = Option(
    "every", times.duration("min", 60, 3600), 300.0, "How long each time is waited for somebody to take it.", "5 min"
)
RUNG: Section = Section("ladder", "A rung of the ladder.", (T_TELL, T_TIMES, T_EVERY))


def _ladder(node: Node, place: Place) -> tuple[Rung, ...]:
    wanted = "- {tell: [on_call, owner], times: 2, every: 5 min}"
    found: list[Rung] = []
    nodes = (node,) if isinstance(node, Mapping) else items(node, f"'{wanted}' below it")
    if not nodes:
        raise RefusedError("nobody is on the ladder", f"write '{wanted}' below it, or remove the section")
    for count, inner in enumerate(nodes, 1):
        at = replace(place, path=f"{place.path}[{count}]")
        options = taken(lambda each, _: mapping(each, f"'{wanted}'"), inner, at, None)
        if options is not None:
            reading = Reading(RUNG, options, at, inner.line)
            found.append(Rung(reading.get(T_TELL), reading.get(T_TIMES), reading.get(T_EVERY)))
    return tuple(found)


shaped(_ladder, Shape("list", of=Shape("section", section=RUNG)))
A_LADDER: Option[tuple[Rung, ...]] = Option(
    "ladder",
    _ladder,
    ONE_PHONE,
    "Who is told, one rung after the other, until somebody takes it: 'tell' names people, 'on_call' is whoever is on call and"
    " 'owner' the owner; 'times' is how often they are told (1), 'every' how long the box waits after each time (5 min).",
    "[{tell: [on_call], times: 3, every: 5 min}]",
    "[{tell: [on_call], times: 2, every: 5 min}, {tell: [dana]}, {tell: [owner, dana], times: 2}]",
    shown_off=True,
)
ESCALATION: Section = Section(
    "escalation",
    "What happens to an emergency that nobody has taken: it climbs the ladder. Nothing of it waits for opening or quiet hours,"
    " and behind the last rung everybody who was told, the owner and the caller hear that nobody has it.",
    (A_LADDER,),
)


def read_escalation(
    owner: tuple[str, bool, str], people: tuple[Person, ...], on_call: Reading, section: Reading
) -> EscalationRules:
    """The owner's name, whether his phone rings and his language; the others, who is on call when, and the ladder."""
    return EscalationRules(*owner, people=people, rungs=section.get(A_LADDER), on_call=read_on_call(on_call))


def judge_escalation(business: Business, place: Place) -> None:
    """Say who stands on the ladder and is nobody; doubt a ladder that reaches nobody, is slow, or leaves people out."""
    rules, people = business.escalation, business.people
    known = [person.key for person in people.everybody]
    path = "escalation.ladder"
    written = path in place.lines
    for count, rung in enumerate(rules.rungs, 1) if written else ():
        at = place.at(f"{path}[{count}].tell")
        say_unknown(rung.who, known, at, at.line_of(at.path), also=ON_CALL)
    on_ladder = {key for rung in rules.rungs for key in rung.who}
    on_duty = rules.on_call.everybody
    reached = on_ladder - {ON_CALL} | (set(on_duty or (OWNER,)) if ON_CALL in on_ladder else set())
    line = place.line_of(path if written else "people")
    if not reached & set(known):
        if known or written:
            place.doubt(line, f"{path}: nobody is told of an emergency", "write 'ladder:' with who is told")
        return
    if on_duty and ON_CALL not in on_ladder:
        what = f"nobody asks who is on call: '{ON_CALL}' stands on no rung"
        place.doubt(line, f"{path}: {what}", f"write {ON_CALL} on the first rung")
    if written and ON_CALL in on_ladder and not on_duty:
        what = f"'{ON_CALL}' is the owner as long as nobody is on call"
        place.doubt(line, f"{path}: {what}", f"write 'on_call:' with who is on call, or '{OWNER}' in its place")
    for person in rules.people:
        if person.key not in reached:
            what = f"people.{person.key}: is never told of an emergency"
            remedy = "name them on a rung of 'ladder:', or under 'on_call:'"
            place.doubt(place.line_of(f"people.{person.key}"), what, remedy)
    last_s = sum(rung.times * rung.every_s for rung in rules.rungs[:-1])
    if last_s > LONG_LADDER_S:
        what = f"{path}: the last ones are told after {spelled(last_s)}"
        place.doubt(line, what, "write fewer times, or shorter ones")
