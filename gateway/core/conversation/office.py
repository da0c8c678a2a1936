"""The business's rules for conversations: its menu, its area and what it lets the box do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.core.booking.rules import BookingRules
from gateway.core.conversation.authority import AuthorityTable
from gateway.core.conversation.lead import Area, Fact, Facts, Lane
from gateway.core.conversation.rota import CallBack
from gateway.core.states import state_named, state_of_zip


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the menu. `label` is the words the caller reads; `words` are those by which a text is understood."""

    key: str
    label: str
    label_es: str = ""
    bookable: bool = False
    urgent_escalates: bool = False  # the owner is told at once even where an urgent job of another kind would wait
    words: tuple[str, ...] = ()  # as trade packs write them: English and Spanish
    own_words: tuple[str, ...] = ()  # those of them that the business has added: they decide

    def named(self, language: str) -> str:
        """The label in a language, the English one where there is no other."""
        return self.label_es if language == "es" and self.label_es else self.label


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """Where the business works: ZIP codes, and cities as `city_key` writes them. Both empty: everywhere.

    `partly` are cities of which only some ZIP codes are inside. `states` are those in which a city without a state is
    looked for. `names` and `nicknames` are the cities as the business writes them, for reading texts.
    """

    zips: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    nicknames: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        zips: Iterable[str] = (),
        cities: Iterable[str] = (),
        nicknames: Iterable[tuple[str, str]] = (),
        whole: Iterable[str] = (),
        partly: Iterable[str] = (),
    ) -> ServiceArea:
        """The area of some ZIP codes and cities ("Lakewood", "Independence, MO"). The ZIP codes tell the states.

        `whole` and `partly` are the cities that follow from the ZIP codes; nobody has written them.
        """
        codes, written = frozenset(zips), tuple(cities)
        keys = frozenset(city_key(*parted(city)) for city in (*written, *whole))
        parts = frozenset(city_key(*parted(city)) for city in partly)
        states = {state_of_zip(code) for code in codes} | {parted(city)[1] for city in written}
        names = tuple(dict.fromkeys(parted(city)[0] for city in written))
        return cls(codes, keys, parts, frozenset(state for state in states if state), names, tuple(nicknames))

    def town(self, place: str) -> tuple[str, str | None] | None:
        """The city of the business's own that the words for a place are, and its state where they name that."""
        own = {city_key(name): name for name in self.names}
        own |= {city_key(nickname): name for nickname, name in self.nicknames}
        spoken = ((own.get(city_key(city)), state) for city, state in _spoken_as(place))
        return next(((city, state) for city, state in spoken if city is not None), None)

    def holds(self, facts: Facts) -> Area:
        """Whether the place of a lead is inside. A ZIP code tells before a city; words that no list knows tell nothing."""
        if not self.zips and not self.cities:
            return Area.INSIDE
        if facts.zip is not None and self.zips:
            return Area.INSIDE if facts.zip in self.zips else Area.OUTSIDE
        state = facts.state or (state_of_zip(facts.zip) if facts.zip is not None else None)
        if state is not None and self.states and state not in self.states:
            return Area.OUTSIDE
        if facts.city is not None and self.cities:
            if _among(self.cities, facts.city, state):
                return Area.INSIDE
            return Area.UNKNOWN if _among(self.partly, facts.city, state) else Area.OUTSIDE
        if facts.place is not None and any(_among(self.cities, *city) for city in _spoken_as(facts.place)):
            return Area.INSIDE  # a small town that only the business's own list knows
        return Area.UNKNOWN


def _among(keys: frozenset[str], city: str, state: str | None) -> bool:
    if state is None:
        return any(city_key(city) == key.partition(",")[0] for key in keys)
    return city_key(city) in keys or city_key(city, state) in keys


def parted(city: str) -> tuple[str, str | None]:
    """ "Independence, Missouri" or "Independence MO" as the city and its state; without a state all of it is the city."""
    name, comma, state = city.rpartition(",")
    if not comma:
        name, _, state = city.strip().rpartition(" ")
    known = state_named(state) if comma or (len(state) == len("MO") and state.isupper()) else None
    return (name.strip(), known) if known and name.strip() else (city.strip(), None)


def _spoken_as(place: str) -> Iterator[tuple[str, str | None]]:
    """What the words for a place may mean: a city, or a city and its state ("grafton ohio")."""
    yield place, None
    words = place.replace(",", " ").split()
    for count in (1, 2):  # "new york" has two words
        if len(words) > count and (state := state_named(" ".join(words[-count:]))):
            yield " ".join(words[:-count]), state


def city_key(city: str, state: str | None = None) -> str:
    """How cities are compared: "Lee's Summit" is "lees summit", with its state "lees summit,MO"."""
    plain = " ".join(re.sub(r"[^a-z ]", "", city.lower().replace("-", " ")).split())
    return f"{plain},{state}" if state else plain


class Cover(StrEnum):
    """When somebody is on call for emergencies."""

    ALWAYS = "always"
    OPEN = "open"  # in opening hours only
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Coverage:
    """When somebody is on call, and whether on holidays too."""

    covered: Cover = Cover.ALWAYS
    holidays: bool = True

    def now(self, is_open: bool, is_holiday: bool = False) -> bool:
        """Whether somebody is on call, in opening hours or outside them."""
        if is_holiday and not self.holidays:
            return False
        return self.covered is Cover.ALWAYS or (self.covered is Cover.OPEN and is_open)


@dataclass(frozen=True, slots=True)
class Emergencies:
    """What counts as an emergency beyond danger to people, and who is there for it."""

    covered: Cover = Cover.ALWAYS
    instead: str = ""  # what the caller is told when nobody is on call, "" where the business has nothing to offer
    instead_es: str = ""
    cold_f: int = 55  # without heat at this many degrees Fahrenheit indoors or less
    hot_f: int | None = None  # without cooling at this many or more; None: only with babies, old or ill people
    holidays: bool = True  # whether somebody is on call on holidays too
    services: Mapping[str, Coverage] = field(default_factory=dict)  # of the menu, for which it is different

    @property
    def always_covered(self) -> bool:
        """Whether there is no hour, day or work for which nobody is on call."""
        return all(one == Coverage() for one in (Coverage(self.covered, self.holidays), *self.services.values()))

    def coverage(self, service: str | None) -> Coverage:
        """When somebody is on call for a kind of work; where that is not known, as for most."""
        return self.services.get(service or "", Coverage(self.covered, self.holidays))

    def covered_now(self, is_open: bool, *, is_holiday: bool = False, service: str | None = None) -> bool:
        """Whether somebody is on call for emergencies of that kind."""
        return self.coverage(service).now(is_open, is_holiday)

    def alternative(self, language: str) -> str:
        """The business's own words for a caller whom nobody can help now, in a language where it has them."""
        return self.instead_es if language == "es" and self.instead_es else self.instead


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A fact the business asks for beside the usual ones, once all of those are known."""

    key: str
    ask: str
    ask_es: str = ""
    label: str = ""  # the fact's name on the page and in exports
    services: frozenset[str] = frozenset()  # only for these; empty: for every service
    lanes: frozenset[Lane] = frozenset({Lane.BOOK, Lane.MESSAGE})  # in which it is asked
    needed: bool = False  # no appointment without the answer

    def concerns(self, service: str | None, lane: Lane) -> bool:
        return lane in self.lanes and (not self.services or service in self.services)

    def words(self, language: str) -> str:
        """The question in a language, in English where there is no other."""
        return self.ask_es if language == "es" and self.ask_es else self.ask


@dataclass(frozen=True, slots=True)
class ConversationRules:
    """What the business has agreed to let the box say and ask."""

    services: Mapping[str, Service] = field(default_factory=dict)
    area: ServiceArea = field(default_factory=ServiceArea)
    booking_needs: tuple[Fact, ...] = (Fact.SERVICE, Fact.PLACE, Fact.NAME, Fact.TIME)
    message_needs: tuple[Fact, ...] = (Fact.SERVICE, Fact.PLACE, Fact.NAME)
    emergency_needs: tuple[Fact, ...] = (Fact.ADDRESS,)
    questions: tuple[OwnQuestion, ...] = ()  # asked in this order
    most_texts: int = 6  # automatic texts in one conversation; safety texts and confirmations of an opt-out besides
    answers_per_hour: int = 10  # automatic answers to one number; a person goes on then
    pictures: str = ""  # the business's own place for them, an e-mail address or a page; "" where it has none
    on: bool = True  # False: the first text goes out, answers wait on the page for a person
    wait_s: float = 15.0  # several texts within this time are answered once; alarms and opt-outs do not wait
    follow_up: bool = True  # one reminder, next business morning, of a question that was never answered
    languages: tuple[str, ...] = ("en", "es")
    emergencies: Emergencies = field(default_factory=Emergencies)
    authority: AuthorityTable = field(default_factory=AuthorityTable)
    call_back: CallBack = field(default_factory=CallBack)
    booking: BookingRules = field(default_factory=BookingRules)

    def bookable(self, service: str | None) -> bool:
        return service is not None and service in self.services and self.services[service].bookable

    def needs(self, lane: Lane) -> tuple[Fact, ...]:
        """The usual facts that are asked for in a lane, in order."""
        match lane:
            case Lane.BOOK:
                return self.booking_needs
            case Lane.MESSAGE:
                return self.message_needs
            case Lane.ESCALATE:
                return self.emergency_needs
            case Lane.NONE:
                return ()

    def alarms(self, service: str | None) -> bool:
        """Whether the owner is told at once of an urgent job of this kind."""
        return service is not None and service in self.services and self.services[service].urgent_escalates

    def spoken(self, language: str) -> str:
        """The language in which a caller who writes in `language` is answered."""
        return language if language in self.languages else self.languages[0]

    def own_questions(self, service: str | None, lane: Lane) -> tuple[OwnQuestion, ...]:
        """The business's own questions about a service in a lane, in order."""
        return tuple(question for question in self.questions if question.concerns(service, lane))
