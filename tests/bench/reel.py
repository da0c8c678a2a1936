"""Recorded calls played again and again, many at a time: each copy gets identities and a caller of its own.

The recordings are real (Asterisk 16 and 22), so the mix of events, their sizes and their order are. Those with a gap, a
restart or a truth that only the CDR knows are left out: they are about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from drivers.asterisk.calls import WANTED_EVENTS, WANTED_VARIABLES, CallBook
from drivers.asterisk.messages import MessageParser
from gateway.core.events import CallEnded
from tests.asterisk.recorded import Recording, Truth, recordings
from tests.bench.numbers import callers

FIRST_COPY = 3_000_000_000  # stands where a Uniqueid has the second of its birth
_NOT_PLAYED = ("gap", "restart", "killed")
_OURS = re.compile(rb"^(Response: |Asterisk Call Manager|Event: (FullyBooted|Shutdown|Status|CoreShow))")
# What must differ between two copies: Uniqueid and Linkedid, the number of a channel, a bridge's UUID.
_IDENTITY = re.compile(
    rb"\b\d{10}(?P<serial>\.\d{1,6})\b"
    rb"|[0-9a-f]{8}(?P<bridge>-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    rb"|-(?P<channel>[0-9a-f]{8})(?=[;\r\n,|&)\]/ ]|$)"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One recording, cut into its events; each event is the pieces between what changes from copy to copy."""

    events: tuple[tuple[bytes | int, ...], ...]
    names: tuple[bytes, ...]  # what the integers among the pieces stand for: kind and original
    calls: tuple[Truth, ...]

    def copy(self, number: int, caller: bytes) -> list[bytes]:
        """The events with the identities of copy `number`."""
        new = [_renamed(name, number, place, caller) for place, name in enumerate(self.names)]
        return [b"".join(new[piece] if isinstance(piece, int) else piece for piece in event) for event in self.events]


def scenes(*, least_privilege: bool) -> list[Scene]:
    """Every usable recording, as the wide or the narrow manager user hears it."""
    chosen = [
        recording
        for recording in recordings()
        if not any(word in recording.name for word in _NOT_PLAYED)
        and not any(call.cdr_only for call in recording.calls)
    ]
    made = [
        _scene(recording, recording.least_privilege() if least_privilege else recording.stream) for recording in chosen
    ]
    return [scene for scene in made if _is_understood(scene)]


def _is_understood(scene: Scene) -> bool:
    """Whether every call of the scene is seen for what it was when nothing else goes on; under load it must be, too."""
    book, parser = CallBook(), MessageParser(WANTED_EVENTS, WANTED_VARIABLES)
    seen: dict[str, bool | None] = {}
    for message in parser.feed(b"".join(scene.copy(0, b"3035550100"))):
        seen.update({e.key: e.missed for e in book.feed(message, datetime.now(UTC)) if isinstance(e, CallEnded)})
    return seen == {_linkedid(0, call): call.missed for call in scene.calls}


def _linkedid(copy: int, call: Truth) -> str:
    return f"{FIRST_COPY + copy}.{call.linkedid.partition('.')[2]}"


def _scene(recording: Recording, stream: bytes) -> Scene:
    numbers = sorted({call.caller.encode() for call in recording.calls if call.caller}, key=len, reverse=True)
    changing = re.compile(
        b"|".join([_IDENTITY.pattern, *(rb"(?<!\d)" + re.escape(n[-10:]) + rb"(?!\d)" for n in numbers)])
    )
    names: dict[bytes, int] = {}
    events = []
    for block in stream.split(b"\r\n\r\n"):
        if _OURS.match(block) or not block.startswith(b"Event: "):
            continue
        pieces: list[bytes | int] = []
        end = 0
        for hit in changing.finditer(block):
            pieces += [block[end : hit.start()], names.setdefault(_name(hit), len(names))]
            end = hit.end()
        events.append((*pieces, block[end:] + b"\r\n\r\n"))
    return Scene(tuple(events), tuple(names), recording.calls)


def _name(hit: re.Match[bytes]) -> bytes:
    kind = hit.lastgroup
    return (kind or "caller").encode() + b" " + (hit[kind] if kind else b"")


def _renamed(name: bytes, copy: int, place: int, caller: bytes) -> bytes:
    kind, _, original = name.partition(b" ")
    match kind:
        case b"serial":
            return b"%010d%b" % (FIRST_COPY + copy, original)
        case b"bridge":
            return b"%08x%b" % (copy, original)
        case b"channel":
            return b"-%08x" % ((copy * 256 + place) & 0xFFFFFFFF)
        case _:
            return caller


@dataclass(slots=True)
class Reel:
    """An endless stream of events of `lanes` calls at a time, and the truth about every call that was played to its end."""

    scenes: Sequence[Scene]
    lanes: int = 24
    truths: dict[str, Truth] = field(default_factory=dict)  # by Linkedid
    played: int = 0  # events

    def events(self) -> Iterator[bytes]:
        """One event after another; an event of each lane in turn."""
        copies = self._copies()
        lanes = [(next(copies)) for _ in range(self.lanes)]
        while True:
            for lane, (events, truths) in enumerate(lanes):
                event = next(events, None)
                if event is None:
                    self.truths.update(truths)
                    lanes[lane] = next(copies)
                    continue
                self.played += 1
                yield event

    def _copies(self) -> Iterator[tuple[Iterator[bytes], dict[str, Truth]]]:
        numbers = callers()
        number = 0
        while True:
            for scene in self.scenes:
                number += 1
                truths = {_linkedid(number, call): call for call in scene.calls}
                yield iter(scene.copy(number, next(numbers).encode())), truths
