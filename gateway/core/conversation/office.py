"""The business's rules for conversations: its menu, its area and what it lets the box do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.core.conversation.lead import Area, Fact, Facts


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the menu. `label` is the words the caller reads."""

    key: str
    label: str
    label_es: str = ""
    bookable: bool = False


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """Where the business works: ZIP codes and cities, folded. Both empty: everywhere."""

    zips: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()

    def holds(self, facts: Facts) -> Area:
        """Whether the place of a lead is inside. A ZIP code tells before a city; words that no list knows tell nothing."""
        if not self.zips and not self.cities:
            return Area.INSIDE
        if facts.zip is not None and self.zips:
            return Area.INSIDE if facts.zip in self.zips else Area.OUTSIDE
        if facts.city is not None and self.cities:
            return Area.INSIDE if _plain(facts.city) in self.cities else Area.OUTSIDE
        return Area.UNKNOWN


def _plain(city: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", "", city.lower().replace("-", " ")).split())


@dataclass(frozen=True, slots=True)
class ConversationRules:
    """What the business has agreed to let the box say and ask."""

    services: Mapping[str, Service]
    area: ServiceArea = field(default_factory=ServiceArea)
    booking_needs: tuple[Fact, ...] = (Fact.SERVICE, Fact.PLACE, Fact.NAME, Fact.TIME)
    message_needs: tuple[Fact, ...] = (Fact.SERVICE, Fact.PLACE, Fact.NAME)
    emergency_needs: tuple[Fact, ...] = (Fact.ADDRESS,)
    most_texts: int = 6  # automatic texts in one conversation; safety texts and confirmations of an opt-out besides
    emergencies_covered: bool = True  # somebody is on call outside the opening hours

    def bookable(self, service: str | None) -> bool:
        return service is not None and service in self.services and self.services[service].bookable
