"""What calendar programs may read, and who says so (implemented by `gateway.access.feeds`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gateway.core.views.feeds import Feed, FeedRow, Published


class TooManyTries(Exception):
    """Somebody guesses. `wait_s`: how long until the next try is looked at."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("too many wrong addresses")
        self.wait_s = wait_s


class FeedDesk(Protocol):
    """The addresses of calendars, and what stands there."""

    async def rows(self) -> Sequence[FeedRow]:
        """Everybody's appointments, then each crew's, then what still has an address."""

    async def make(self, crew: str, language: str, by: str) -> None:
        """Make an address where there is none. Raises ValueError with a sentence for an unknown crew."""

    async def renew(self, crew: str, language: str, by: str) -> None:
        """Another address in place of the one there is, which ends. Raises ValueError with a sentence where there is none."""

    async def end(self, crew: str, by: str) -> None:
        """The address opens nothing any more. Raises ValueError with a sentence where there is none."""

    async def enter(self, secret: str, address: str) -> Feed | None:
        """What a secret opens, None for nothing; `address` is the visitor's. Raises TooManyTries."""

    async def published(self, crew: str) -> Sequence[Published]:
        """The appointments of a crew, "" for everybody's, in order of time."""

    async def published_of(self, lead_id: int) -> Published | None:
        """The last appointment of a lead; None where it has none, or one that is only held."""

    async def installation(self) -> str:
        """By what calendars tell the appointments of this box from those of another."""
