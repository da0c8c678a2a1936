"""Who is away, under whichever of his names: one of our people, who uses the page, who stands in the rota or in a rule.

Whoever is away counts as away until his time is over, by the clock alone: nothing has to happen then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.core.business import Business


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away, by one of his names: since when, until when (None: until he is back), and who has said so."""

    name: str
    since: datetime
    until: datetime | None
    by: str

    def lasts(self, at: datetime) -> bool:
        """Whether it is not over at a moment."""
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody of the business under all his names, the first of which is shown. `key` "": no telephone of his is known."""

    key: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]

    def is_called(self, name: str) -> bool:
        """Whether it is a name of his, however it is capitalised."""
        return _plain(name) in map(_plain, self.names)


@dataclass(frozen=True, slots=True)
class Away:
    """Those who are away at one moment."""

    absences: tuple[tuple[Who, Absence], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """All their names, as rules and rota write them."""
        return frozenset(name for who, _ in self.absences for name in who.names)

    @property
    def keys(self) -> frozenset[str]:
        """Those of them who have a telephone."""
        return frozenset(who.key for who, _ in self.absences if who.key)

    def of(self, name: str) -> Absence | None:
        """The absence of who is called so."""
        return next((absence for who, absence in self.absences if who.is_called(name)), None)

    def at(self, name: str, moment: datetime) -> bool:
        """Whether who is called so is still away at a later moment."""
        absence = self.of(name)
        return absence is not None and absence.lasts(moment)


def everybody(business: Business, logins: Iterable[tuple[str, str]]) -> tuple[Who, ...]:
    """All of the business: our people, who uses the page (`logins`: name, and key of who that is or ""), the rota, the rules."""
    people = {person.key: [person.title] for person in business.people.everybody}
    others: list[list[str]] = []

    def add(name: str, key: str = "") -> None:
        same = (names for names in (*people.values(), *others) if _plain(name) in map(_plain, names))
        own = next(same, None) or people.get(key)  # a name of another one of our people stays his
        if own is None:
            others.append([name])
        elif name not in own:
            own.append(name)

    for name, key in logins:
        add(name, key)
    for person in business.conversation.call_back.rota:
        add(person.name)
    for rule in business.desk.owners:
        for name in rule.who:
            add(name)
    known = [Who(key, tuple(names)) for key, names in people.items()]
    return (*known, *(Who("", tuple(names)) for names in others))


def away_at(who: Sequence[Who], absences: Sequence[Absence], at: datetime) -> Away:
    """Those who are away at a moment; of several absences of one person the newest counts."""
    found = []
    for one in who:
        own = [absence for absence in absences if absence.lasts(at) and one.is_called(absence.name)]
        if own:
            found.append((one, max(own, key=lambda absence: absence.since)))
    return Away(tuple(found))


def named(who: Sequence[Who], name: str) -> Who | None:
    """Who is called so; None where nobody is."""
    return next((one for one in who if one.is_called(name)), None)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
