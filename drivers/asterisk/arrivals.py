"""Which channel is a caller from outside, and what the trunk says of him.

A caller's channel is the first of its family (`Uniqueid == Linkedid`), no half of a Local channel, in state Ring (4), and began
in an inbound context: an AMI Originate through the trunk begins there too, but goes Down -> Ringing (5). The number that was
dialled is the extension it began with; later events carry inner extensions, lists carry it as `DNID`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from drivers.asterisk.bridges import Channel
from drivers.asterisk.contexts import is_among
from drivers.asterisk.dialled import SHORTEST_OUTSIDE_NUMBER
from drivers.asterisk.messages import Message
from drivers.asterisk.parties import delivered_name, delivered_number, endpoint, is_local

RINGING_IN, RINGING, UP = 4, 5, 6  # ChannelState Ring, Ringing, Up (include/asterisk/channelstate.h)
_NOT_TOLD = ("", "<unknown>")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A caller as the trunk delivered him; None where it did not tell. `withheld`: it told that it does not tell."""

    caller: str | None
    did: str | None
    name: str | None
    started_at: datetime
    withheld: bool


class Arrivals:
    """Tells callers from our own phones' channels, by context; remembers the trunks on which callers came."""

    def __init__(self, inbound_contexts: Iterable[str], internal_contexts: Iterable[str]) -> None:
        self._inbound = tuple(inbound_contexts)
        self._internal = tuple(internal_contexts)
        self._trunks: set[str] = set()

    def rings(self, channel: Channel, message: Message, now: datetime) -> Arrival | None:
        """A channel reached a new state: a caller, or None."""
        if channel.state != RINGING_IN or not _is_first(channel):
            return None
        if not is_among(channel.context or message.get("Context"), self._inbound):
            return None
        self._trunks.add(endpoint(channel.name))
        number = channel.caller_id if channel.caller_id not in _NOT_TOLD else message.get("CallerIDNum")
        name = channel.caller_name if channel.caller_name not in _NOT_TOLD else message.get("CallerIDName")
        return _arrival(number, name, channel.exten or message.get("Exten"), now)

    def is_listed(self, channel: Channel, message: Message, now: datetime) -> Arrival | None:
        """A list names a channel that nobody knew: a caller who came while nobody listened, or None."""
        if channel.state not in (RINGING_IN, UP) or not _is_first(channel):
            return None
        context, dialled = message.get("Context"), _did(message.get("DNID"))
        outside = endpoint(channel.name)
        inbound = is_among(context, self._inbound) or outside in self._trunks
        if not inbound and not is_among(context, self._internal):
            inbound = dialled is not None and len(dialled) >= SHORTEST_OUTSIDE_NUMBER and not outside.isdigit()
        if not inbound or (channel.state == UP and dialled is None):
            return None
        started = now - timedelta(seconds=number_or(message.get("Seconds"), 0)) if now.year > 1 else now
        return _arrival(message.get("CallerIDNum"), message.get("CallerIDName"), message.get("DNID"), started)

    def is_outside(self, channel: Channel) -> bool:
        """Whether the channel began where callers come in, or on a trunk on which one came."""
        return is_among(channel.context, self._inbound) or endpoint(channel.name) in self._trunks

    def is_inside(self, context: str) -> bool:
        """Whether the context is one of our own telephones'."""
        return is_among(context, self._internal)


def number_or(text: str, default: int) -> int:
    """A header's whole number, `default` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _is_first(channel: Channel) -> bool:
    return channel.linkedid == channel.uniqueid and not is_local(channel.name)


def _arrival(number: str, name: str, dialled: str, started: datetime) -> Arrival:
    caller = delivered_number(number)
    return Arrival(caller, _did(dialled), delivered_name(name), started, caller is None and number not in _NOT_TOLD)


def _did(exten: str) -> str | None:
    """The dialled number; an analogue line has none (`s`)."""
    return exten if exten not in ("", "s", "S", "<unknown>") else None
