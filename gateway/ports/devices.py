"""What the gateway expects of hardware, and what hardware may expect of the gateway (implemented by `drivers`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from gateway.core.events import CallSource, HealthReport, RingOutcome, SubmitResult


class Sink(Protocol):
    """Where a driver puts what happened. Returns after the event is committed to disk: only then may a stored SMS be deleted.

    Raises OSError or StoreDown when it could not be committed; the driver then keeps the SMS on the modem and offers it again.
    """

    async def __call__(self, event: object) -> None: ...


class HealthSink(Protocol):
    """Where a driver says how it is. Never blocks, never fails."""

    def __call__(self, report: HealthReport) -> None: ...


class Recorder(Protocol):
    """Holds the last words exchanged with a device. Never blocks, never fails."""

    def note(self, way: str, words: object) -> None:
        """`way`: ">" to the device, "<" from it; `words`: a line, or the headers of a message."""

    def keep(self, why: str) -> None:
        """Something went wrong: what was said last is worth writing down."""


class Unrecorded:
    """A recorder that keeps nothing."""

    def note(self, way: str, words: object) -> None:
        """Forget it."""

    def keep(self, why: str) -> None:
        """There is nothing to keep."""


@dataclass(frozen=True, slots=True)
class TimeTold:
    """A modem (`part`) was told the time just now: the moments (UTC) that it can mean.

    `wall`: the zone was missing, so it may be the clock on the business's wall as well. `stamp`: it is the stamp on a text that
    has just come, so it is that moment or a later one.
    """

    part: str
    moments: tuple[datetime, ...]
    wall: datetime | None = None
    stamp: bool = False


class TimeSink(Protocol):
    """Where a driver says what time it was told. Never blocks, never fails."""

    def __call__(self, told: TimeTold) -> None: ...


class OnRing(StrEnum):
    """What the modem does with a ringing call. It never answers."""

    RING = "ring"  # let it ring out: the SIM is a business number that people may answer elsewhere
    HANG_UP = "hang_up"  # forwarded-line mode: every ring is a miss, so free the line once the number is known


@dataclass(frozen=True, slots=True)
class OutgoingSegment:
    """One segment ready for the modem: `number` of `total`, already split by `gateway.core.alphabet.split`."""

    to: str  # E.164, or a short code of the operator
    body: str
    ucs2: bool
    ref: int | None  # concatenation reference shared by the segments of one text; None for a single segment
    number: int
    total: int
    validity_s: int
    want_report: bool


class TextModem(Protocol):
    """A modem that sends. Receiving and calls arrive through the Sink given at construction."""

    @property
    def ready(self) -> bool:
        """Registered and able to send right now."""

    async def submit(
        self, segment: OutgoingSegment, about_to_write: Callable[[], Awaitable[None]] | None = None
    ) -> SubmitResult:
        """Hand one segment to the network. Never raises for anything a modem can do; cancellation is UNCONFIRMED after Ctrl-Z."""

    async def run(self) -> None:
        """Open, serve and reopen for ever; ends only by cancellation."""


@dataclass(frozen=True, slots=True)
class RingWish:
    """One telephone to be rung: for `ring_s` seconds once it rings. `code` is what can be spoken of the matter."""

    to: str  # E.164
    code: int
    ring_s: float


@dataclass(frozen=True, slots=True)
class RingResult:
    """What came of it; `say` is one clause in plain English."""

    outcome: RingOutcome
    say: str


class Ringer(Protocol):
    """Something that can ring a telephone."""

    @property
    def ready(self) -> bool:
        """It can ring one more right now."""

    @property
    def shares_modem(self) -> bool:
        """While it rings, the modem that sends the texts sends none."""

    async def ring(self, wish: RingWish, stop: asyncio.Event) -> RingResult:
        """Ring until it is taken, refused or has rung long enough, or until `stop` is set; then it is hung up.

        Never raises for anything a telephone line can do; cancelled, it hangs up as far as it can.
        """


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that was in progress when it was last written down."""

    key: str
    source: CallSource
    started_at: datetime
    caller: str | None
    did: str | None
    taken_by: str | None
    taken: bool
