"""Who can hear whom: channels, bridges, and the two halves of Local channels as one graph.

A caller speaks with a person when the caller's channel shares a bridge with a telephone, directly or through Local
channels (whose halves `;1` and `;2` pass the sound on). A holding bridge (parking, music) joins nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.asterisk.parties import is_local, is_telephone, local_partner


@dataclass(slots=True)
class Channel:
    """One channel as the feed knows it. `generation` is the number of the connection that last spoke of it."""

    uniqueid: str
    name: str
    linkedid: str
    generation: int
    state: int = 0
    bridge: str = ""
    caller_id: str = ""
    caller_name: str = ""
    context: str = ""
    exten: str = ""
    dial_string: str = ""
    dial_status: str = ""
    rung_for: str = ""  # Uniqueid of the caller's channel this leg was rung for
    cause: int = 0
    rang: bool = False


@dataclass(slots=True)
class Bridge:
    """One mixing or holding bridge. `members` in order of entering."""

    holding: bool = False
    conference: bool = False
    members: dict[str, None] = field(default_factory=dict)


class Switchboard:
    """All channels and bridges. Bounded: `forgotten` counts strays dropped for want of room."""

    def __init__(self, limit: int, may_forget: Callable[[str], bool]) -> None:
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, Bridge] = {}
        self.forgotten = 0
        self._by_name: dict[str, str] = {}
        self._limit = limit
        self._may_forget = may_forget

    def channel(self, uniqueid: str, name: str, linkedid: str, generation: int) -> Channel:
        """The channel, made on first sight; name and connection are brought up to date."""
        known = self.channels.get(uniqueid)
        if known is None:
            self._make_room()
            known = self.channels[uniqueid] = Channel(uniqueid, name, linkedid or uniqueid, generation)
        known.generation = generation
        if name and (known.name != name or name not in self._by_name):
            if self._by_name.get(known.name) == uniqueid:
                del self._by_name[known.name]
            known.name = name
            self._by_name[name] = uniqueid
        if linkedid:
            known.linkedid = linkedid
        return known

    def enters(self, channel: Channel, bridge_id: str, holding: bool, conference: bool) -> None:
        """The channel joins a bridge; a channel is in one bridge at most."""
        if channel.bridge != bridge_id:
            self.leaves(channel)
        bridge = self.bridges.setdefault(bridge_id, Bridge())
        bridge.holding = holding
        bridge.conference = bridge.conference or conference
        bridge.members[channel.uniqueid] = None
        channel.bridge = bridge_id

    def leaves(self, channel: Channel) -> None:
        """The channel leaves its bridge; an empty bridge is forgotten."""
        bridge = self.bridges.get(channel.bridge)
        if bridge is not None:
            bridge.members.pop(channel.uniqueid, None)
            if not bridge.members:
                del self.bridges[channel.bridge]
        channel.bridge = ""

    def destroyed(self, bridge_id: str) -> None:
        """The bridge is gone and with it whoever still seemed to be in it."""
        bridge = self.bridges.pop(bridge_id, None)
        for uniqueid in bridge.members if bridge else ():
            if uniqueid in self.channels:
                self.channels[uniqueid].bridge = ""

    def gone(self, uniqueid: str) -> None:
        """The channel was hung up."""
        channel = self.channels.pop(uniqueid, None)
        if channel is not None:
            self.leaves(channel)
            if self._by_name.get(channel.name) == uniqueid:
                del self._by_name[channel.name]

    def clear(self) -> None:
        """The PBX started anew."""
        self.channels.clear()
        self.bridges.clear()
        self._by_name.clear()

    def heard_by(self, uniqueid: str) -> tuple[Channel, ...]:
        """Every other channel that shares sound with `uniqueid`, nearest first, Local halves followed."""
        start = self.channels.get(uniqueid)
        if start is None:
            return ()
        seen = {uniqueid}
        found: list[Channel] = []
        waiting = [start]
        for channel in waiting:  # grows while it is walked: breadth first
            bridge = self.bridges.get(channel.bridge)
            if bridge is None or bridge.holding:
                continue
            for member in bridge.members:
                other = self.channels.get(member)
                if other is None or member in seen:
                    continue
                seen.add(member)
                found.append(other)
                partner = self.channels.get(self._by_name.get(local_partner(other.name) or "", ""))
                if partner is not None and partner.uniqueid not in seen:
                    seen.add(partner.uniqueid)
                    found.append(partner)
                    waiting.append(partner)
        return tuple(found)

    def telephone_with(self, uniqueid: str) -> Channel | None:
        """The nearest telephone that shares sound with the channel."""
        return next((other for other in self.heard_by(uniqueid) if is_telephone(other.name)), None)

    def callers_through(self, channel: Channel) -> tuple[str, ...]:
        """Uniqueids of the telephones whose company may have changed because `channel` entered a bridge."""
        near = [other.uniqueid for other in self.heard_by(channel.uniqueid)]
        partner = self._by_name.get(local_partner(channel.name) or "") if is_local(channel.name) else None
        if partner is not None:
            near += [other.uniqueid for other in self.heard_by(partner)]
        return (channel.uniqueid, *near)

    def _make_room(self) -> None:
        if len(self.channels) < self._limit:
            return
        for uniqueid in list(self.channels)[: max(1, self._limit // 10)]:
            if self._may_forget(uniqueid):
                self.gone(uniqueid)
                self.forgotten += 1
