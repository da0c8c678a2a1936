"""Whose a lead is by rule, the moment it exists.

The first rule that fits decides. Of its people those who are in take turns; where nobody is in, all of them do: a lead always
has somebody. In is who is not away and, where he stands in the rota, has his hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from gateway.core.conversation.rota import Person
from gateway.core.desk.hold import RULE
from gateway.core.desk.rules import OwnerRule, When


@dataclass(frozen=True, slots=True)
class Matter:
    """What a rule may look at. `number` is the lead's own: it makes people take turns."""

    number: int
    line: str
    service: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose it is, and by which rule."""

    name: str
    rule: int  # from 1

    @property
    def by(self) -> str:
        return f"{RULE}{self.rule}"


def owner_by_rule(
    rules: tuple[OwnerRule, ...], matter: Matter, local: datetime, rota: tuple[Person, ...], away: frozenset[str]
) -> Owner | None:
    """Whose a lead is; None where no rule fits. `local` is the time on the business's wall."""
    for number, rule in enumerate(rules, 1):
        if fits(rule, matter):
            there = [name for name in rule.who if name not in away and is_in(name, local, rota)]
            among = there or list(rule.who)
            return Owner(among[matter.number % len(among)], number) if among else None
    return None


def fits(rule: OwnerRule, matter: Matter) -> bool:
    """Whether a rule is about a lead."""
    hours = rule.when is When.ALWAYS or (rule.when is When.OPEN) == matter.is_open
    line = not rule.lines or matter.line in rule.lines
    return hours and line and (not rule.services or matter.service in rule.services)


def is_in(name: str, local: datetime, rota: tuple[Person, ...]) -> bool:
    """Whether somebody works at that time, as far as the rota says."""
    own = [person for person in rota if person.name == name]
    if not own:
        return True
    now = local.time()
    return any(
        local.weekday() in person.days and any(_within(begins, ends, now) for begins, ends in person.hours)
        for person in own
    )


def _within(begins: time, ends: time, now: time) -> bool:
    """00:00 ends a day."""
    return begins <= now and (ends == time(0) or now < ends)
