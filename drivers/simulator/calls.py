"""A telephone call at the simulated modem, seen from the other party."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from enum import StrEnum


class CallState(StrEnum):
    """Where the call stands; everything after ACTIVE is an end."""

    RINGING = "ringing"
    WAITING = "waiting"  # a second call, announced by +CCWA only
    DIALLING = "dialling"  # the modem calls out
    ALERTING = "alerting"  # and it rings there
    ACTIVE = "active"
    MISSED = "missed"  # the caller gave up
    REJECTED = "rejected"  # the program hung up while it rang
    FINISHED = "finished"
    BUSY = "busy"  # who was called is on the telephone
    NOT_ANSWERED = "not_answered"  # the network gave up ringing
    REFUSED = "refused"  # the network does not put it through
    UNREACHABLE = "unreachable"  # modem unplugged, radio off, no network


_CLCC_STAT = {
    CallState.ACTIVE: 0,
    CallState.DIALLING: 2,
    CallState.ALERTING: 3,
    CallState.RINGING: 4,
    CallState.WAITING: 5,
}  # TS 27.007 7.18


class Answering(StrEnum):
    """What becomes of a call that the modem makes."""

    STAYS = "stays"  # dialled, and nothing more is heard of it
    RINGS = "rings"  # until somebody hangs up
    ANSWERED = "answered"
    BUSY = "busy"
    DECLINED = "declined"
    NOT_ANSWERED = "not_answered"
    REFUSED = "refused"


class SimulatedCall:
    """One call. `number` is the other party as signalled (None: withheld); `ended` is set when it is over."""

    def __init__(self, number: str | None, ton: int, state: CallState, over: Callable[[SimulatedCall], None]) -> None:
        self.number = number
        self.ton = ton
        self.state = state
        self.rings = 0
        self.started = time.monotonic()
        self.answered_at: float | None = None
        self.ended = asyncio.Event()
        self.incoming = state is not CallState.DIALLING
        self._over = over

    @property
    def open(self) -> bool:
        return not self.ended.is_set()

    @property
    def clcc_stat(self) -> int:
        return _CLCC_STAT[self.state]

    @property
    def talk_seconds(self) -> int:
        return int(time.monotonic() - self.answered_at) if self.answered_at is not None else 0

    def pick_up(self) -> None:
        """The side that was rung takes the call."""
        if self.open and self.state is not CallState.ACTIVE:
            self.state = CallState.ACTIVE
            self.answered_at = time.monotonic()

    def hang_up(self) -> None:
        """The other party hangs up or gives up."""
        if self.open:
            self.finish(CallState.FINISHED if self.answered_at is not None or not self.incoming else CallState.MISSED)

    def finish(self, state: CallState) -> None:
        """End with that outcome; a call that has ended stays as it is."""
        if self.open:
            self.state = state
            self.ended.set()
            self._over(self)
