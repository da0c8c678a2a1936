"""The ladder: who is told of an emergency, how often, and who comes next while nobody has it.

A rung is told several times before the next one is; behind the last there is nobody left, and that is said loudly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.core.escalation.people import ON_CALL, OWNER, People, Person


class State(StrEnum):
    """Where an escalation stands (the vocabulary of `textback simulate`, and "over")."""

    ALERTING = "alerting"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"  # everybody was told, nobody has said that he has it
    OVER = "over"  # the matter is settled, or a drill has ended


class Kind(StrEnum):
    """What people are told of."""

    EMERGENCY = "emergency"
    FLAGGED = "flagged"  # by the caller's own word; nobody has read it
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class Rung:
    """Some people (keys, or ON_CALL), told `times` times; after each the box waits for `every_s` seconds."""

    who: tuple[str, ...]
    times: int = 1
    every_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Step:
    """One telling of one rung. `rung` counts from 1; `again`: the same people have been told before."""

    rung: int
    who: tuple[str, ...]
    wait_s: float
    again: bool


REST: Final = "(rest)"  # in the last rung: whoever has not been told; no name of an entry looks so
ONE_PHONE: Final = (Rung((ON_CALL,), times=3),)  # a business that has named nobody but its owner


def step(rungs: Sequence[Rung], number: int) -> Step | None:
    """The `number`th step of a ladder, from 1; None behind its end."""
    done = 0
    for at, rung in enumerate(rungs, 1):
        if number <= done + rung.times:
            return Step(at, rung.who, rung.every_s, number > done + 1)
        done += rung.times
    return None


def after_rung(rungs: Sequence[Rung], rung: int) -> int:
    """The number of the first step behind a rung."""
    return sum(each.times for each in rungs[:rung]) + 1


@dataclass(frozen=True, slots=True)
class Present:
    """Who is on call at a moment, and who is away (keys)."""

    on_call: tuple[str, ...]
    away: frozenset[str] = frozenset()

    @property
    def there(self) -> tuple[str, ...]:
        """Who is on call and there; where nobody is, the owner takes his place."""
        return tuple(key for key in self.on_call if key not in self.away) or (OWNER,)


def with_rest(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """The ladder with one rung more: before it says that nobody has it, those are told who were passed over, or came on call late."""
    return (*rungs, Rung((REST,), every_s=rungs[-1].every_s)) if rungs else ()


def on_ladder(rungs: Sequence[Rung], people: People, present: Present) -> tuple[str, ...]:
    """The keys of everybody whom a ladder names, whoever is away; who stands in for somebody on call is one of them."""
    on_call = dict.fromkeys((*(present.on_call or (OWNER,)), *present.there))
    keys = (key for rung in rungs for who in rung.who for key in (on_call if who == ON_CALL else (who,)))
    return tuple(key for key in dict.fromkeys(keys) if people.named(key) is not None)


def passed_over(rungs: Sequence[Rung], people: People, present: Present) -> frozenset[str]:
    """Those on a ladder who are away, while it names somebody who is there. Where all of them are away nobody is passed over."""
    named = frozenset(on_ladder(rungs, people, present))
    return named & present.away if named - present.away else frozenset()


def told(
    step: Step, people: People, present: Present, over: frozenset[str] = frozenset(), rest: frozenset[str] = frozenset()
) -> tuple[Person, ...]:
    """Who is told in a step: each person once. Where nobody is on call, the owner is.

    `over` are passed over (`passed_over`), `rest` those on the ladder who have not been told, for the last rung.
    """
    on_call = present.there if over else present.on_call or (OWNER,)
    wanted = [key for who in step.who for key in (on_call if who == ON_CALL else (who,)) if key not in over]
    last = [person.key for person in people.everybody if person.key in rest] if REST in step.who else []
    found = (people.named(key) for key in dict.fromkeys((*wanted, *last)))
    return tuple(person for person in found if person is not None)


@dataclass(frozen=True, slots=True)
class Telling:
    """So many seconds after the first telling these people are told; `again` are those of them who have been before."""

    after_s: float
    people: tuple[Person, ...]
    again: frozenset[str] = frozenset()


def timetable(
    rungs: Sequence[Rung], people: People, on_call: Sequence[str], away: frozenset[str] = frozenset()
) -> list[Telling]:
    """The whole ladder while nobody takes the emergency; the last one, with nobody, is its end."""
    found: list[Telling] = []
    present = Present(tuple(on_call), away)
    over = passed_over(rungs, people, present)
    after_s, number, before = 0.0, 1, frozenset[str]()
    while (next_step := step(with_rest(rungs), number)) is not None:
        number += 1
        if who := told(next_step, people, present, over, over - before):
            keys = frozenset(person.key for person in who)
            found.append(Telling(after_s, who, keys & before))
            before |= keys
            after_s += next_step.wait_s
    return [*found, Telling(after_s, ())]
