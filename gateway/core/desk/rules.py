"""How the business works its leads: whose a new one is, by when it is answered, how often somebody is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class When(StrEnum):
    """In which hours a rule counts."""

    ALWAYS = "always"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """Whose the leads are that it fits. `who` are names as people read them; lines and services empty: all of them.

    `then`: keys of our people who are told when such a lead was not answered in time.
    """

    who: tuple[str, ...]
    lines: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    when: When = When.ALWAYS
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskRules:
    """The targets run in opening hours and are counted from the caller's last text."""

    owners: tuple[OwnerRule, ...] = ()
    urgent: timedelta = timedelta(hours=1)
    booking: timedelta = timedelta(hours=4)
    message: timedelta = timedelta(hours=4)
    after_hours: timedelta = timedelta(minutes=30)  # from opening on, for what came in while nobody was there
    look_again: timedelta = timedelta(hours=16)  # two days of work: our own text was never answered
    call_again: timedelta = timedelta(hours=2)
    tries: int = 3  # calls that nobody answers; then a text, or the end
    tell_next: tuple[str, ...] = ()  # keys of our people; nobody: as the notifications say
