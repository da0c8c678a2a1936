"""How far the box may go by itself, by service and lane. It starts low, and only the owner raises it, in the configuration.

Danger to people, emergencies, STOP, START and HELP are outside the table: they are answered whatever it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gateway.core.conversation.lead import Lane


class Authority(StrEnum):
    """A level holds everything of the levels before it."""

    WATCH = "watch"
    OPENER = "opener"
    ASK = "ask"
    OFFER = "offer"
    REQUEST = "request"
    CONFIRM = "confirm"  # by the rules of booking

    def reaches(self, level: Authority) -> bool:
        """Whether this level holds what `level` allows."""
        return _ORDER.index(self) >= _ORDER.index(level)


_ORDER: Final = tuple(Authority)
# What the box does by itself on a level, as `check` and the page say it.
MEANINGS: Final[Mapping[Authority, str]] = MappingProxyType(
    {
        Authority.WATCH: "writes nothing, the lead is only shown",
        Authority.OPENER: "writes the first text only",
        Authority.ASK: "asks what is missing and puts it on the list",
        Authority.OFFER: "asks, and may offer times for a call",
        Authority.REQUEST: "asks, and passes the wish on as requested",
        Authority.CONFIRM: "asks, and confirms by the rules of booking",
    }
)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The level of each lane in which there is something to decide; None: as for all services."""

    book: Authority | None = None
    message: Authority | None = None


@dataclass(frozen=True, slots=True)
class AuthorityTable:
    """What the owner has agreed to."""

    book: Authority = Authority.REQUEST
    message: Authority = Authority.ASK
    services: Mapping[str, Lanes] = field(default_factory=dict)  # those that differ, by their keys

    def level(self, service: str | None, lane: Lane) -> Authority:
        """The level for a service in a lane. Whatever is no appointment has the level of messages."""
        own = self.services.get(service or "", Lanes())
        if lane is Lane.BOOK:
            return own.book or self.book
        return own.message or self.message

    @property
    def unknown(self) -> Authority:
        """The level while nobody knows yet what a caller wants; the first text goes by it."""
        return self.level(None, Lane.MESSAGE)
