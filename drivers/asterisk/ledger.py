"""The inbound calls in progress: each rings once, is taken at most once and ends once. What is told leaves through here.

The ledger decides nothing. It keeps what is known of each call and turns the book's decisions into events.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from drivers.asterisk.arrivals import Arrival
from drivers.asterisk.messages import Message
from drivers.asterisk.parties import delivered_name, delivered_number
from drivers.asterisk.places import Trail
from gateway.core.events import (
    CallEnded,
    CallEvent,
    CallRang,
    CallReason,
    CallSource,
    CallTaken,
    OfficeCalled,
    OfficeRings,
)
from gateway.ports.devices import OpenCall

MAX_CALLS = 1000  # a 20-line office has 20; beyond this the oldest open call is given up as unknown


@dataclass(slots=True)
class InboundCall:
    """One inbound call in progress. `generation` is the connection on which it was last known to be alive; `unlisted` a call
    that went on after a lost link without any list of who is where. `joined`: it has been in a bridge with sound."""

    key: str
    uniqueid: str
    started_at: datetime
    generation: int
    caller: str | None
    did: str | None
    caller_name: str | None = None
    withheld: bool = False
    taken: bool = False
    taken_by: str | None = None
    taken_at: datetime | None = None
    voicemail_at: datetime | None = None
    shutting_down: bool = False
    unlisted: bool = False
    joined: bool = False
    trail: Trail = field(default_factory=Trail)


class Ledger:
    """The open calls by the caller's Uniqueid, oldest first. `now` is the moment of the message being read.

    A call's key is its Uniqueid, followed by `@` and the name of the PBX where that has one.
    """

    def __init__(self, pbx: str = "") -> None:
        self._tail = f"@{pbx}" if pbx else ""
        self.calls: dict[str, InboundCall] = {}
        self.now = datetime.min.replace(tzinfo=UTC)
        self._events: list[CallEvent] = []
        self._families: dict[str, None] = {}  # Uniqueids of the newest inbound calls, ended ones too

    def seed(self, known: OpenCall) -> None:
        """A call that was open when the gateway last wrote it down; no connection has spoken of it yet (generation -1)."""
        uniqueid = known.key.removesuffix(self._tail)
        self._remember(uniqueid)
        self.calls[uniqueid] = InboundCall(
            known.key,
            uniqueid,
            known.started_at,
            -1,
            known.caller,
            known.did,
            taken=known.taken,
            taken_by=known.taken_by,
        )

    def drain(self) -> tuple[CallEvent, ...]:
        """What happened since the last time, in order."""
        if not self._events:
            return ()
        events, self._events = tuple(self._events), []
        return events

    def tell(self, event: OfficeRings | OfficeCalled) -> None:
        """Something about the office's own calls, in order with the others."""
        self._events.append(event)

    def is_inbound(self, *uniqueids: str) -> bool:
        """Whether one of these is an inbound call, or was one a while ago."""
        return any(uniqueid in self._families for uniqueid in uniqueids)

    def _remember(self, uniqueid: str) -> None:
        self._families[uniqueid] = None
        if len(self._families) > 2 * MAX_CALLS:
            del self._families[next(iter(self._families))]

    def begin(self, uniqueid: str, arrival: Arrival, generation: int) -> InboundCall:
        """An inbound call rings; beyond `MAX_CALLS` the oldest is given up."""
        while len(self.calls) >= MAX_CALLS:
            oldest = next(iter(self.calls.values()))
            self.end(oldest, CallReason.ANSWERED if oldest.taken else CallReason.UNKNOWN)
        call = InboundCall(
            uniqueid + self._tail, uniqueid, arrival.started_at, generation, arrival.caller, arrival.did, arrival.name
        )
        call.withheld = arrival.withheld
        self.calls[uniqueid] = call
        self._remember(uniqueid)
        self._events.append(CallRang(call.key, CallSource.AMI, call.started_at, call.caller, call.did))
        return call

    def learns_caller(self, call: InboundCall, message: Message) -> None:
        """An analogue line gives number and name only after the channel was made; the first ones count."""
        if call.caller is None and not call.withheld:
            call.caller = delivered_number(message.get("CallerIDNum"))
        if call.caller_name is None:
            call.caller_name = delivered_name(message.get("CallerIDName"))

    def withhold(self, call: InboundCall) -> None:
        """The caller does not want to be known."""
        call.caller, call.caller_name, call.withheld = None, None, True

    def take(self, call: InboundCall, by: str | None) -> None:
        """A person speaks with the caller."""
        call.taken, call.taken_at, call.taken_by = True, self.now, by
        self._events.append(CallTaken(call.key, CallSource.AMI, self.now, by))

    def end(self, call: InboundCall, reason: CallReason) -> None:
        """The call is over."""
        self.calls.pop(call.uniqueid, None)
        missed: bool | None = reason not in (CallReason.ANSWERED, CallReason.BLOCKED)
        ring_s: float | None = None
        if reason is CallReason.UNKNOWN:
            missed = None
        elif call.generation >= 0:
            until = call.taken_at or call.voicemail_at or self.now
            ring_s = max(0.0, round((until - call.started_at).total_seconds(), 1))
        self._events.append(
            CallEnded(
                key=call.key,
                source=CallSource.AMI,
                at=self.now,
                caller=call.caller,
                did=call.did,
                missed=missed,
                reason=reason,
                answered_by=call.taken_by if reason is CallReason.ANSWERED else None,
                ring_s=ring_s,
                started_at=call.started_at,
                caller_name=call.caller_name,
            )
        )


def belongs(key: str, pbx: str) -> bool:
    """Whether the call of this key is one of the PBX of this name ("" is the only or first one, whose keys are bare)."""
    return key.endswith(f"@{pbx}") if pbx else "@" not in key


def given_up(known: OpenCall, now: datetime) -> CallEnded:
    """The end of a call whose PBX is no longer asked (taken out of the configuration, or named anew): nobody will tell."""
    return CallEnded(
        key=known.key,
        source=known.source,
        at=now,
        caller=known.caller,
        did=known.did,
        missed=False if known.taken else None,
        reason=CallReason.ANSWERED if known.taken else CallReason.UNKNOWN,
        answered_by=known.taken_by,
        ring_s=None,
        started_at=known.started_at,
        caller_name=None,
    )
