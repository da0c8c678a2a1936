"""Other ways in which a manager may tell the same: each takes the blocks of a stream and gives them back changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Blocks = list[bytes]

# Without these no watcher can know: 8.6 % of the events of a full feed (BridgeDestroy and DialBegin on top).
_NEEDED = frozenset(
    b"Newchannel Newstate NewCallerid BridgeEnter BridgeLeave BridgeDestroy Hangup DialBegin Rename FullyBooted Shutdown "
    b"Status StatusComplete CoreShowChannel CoreShowChannelsComplete".split()
)
_IN_ORDER = frozenset(b"FullyBooted Shutdown Status StatusComplete CoreShowChannel CoreShowChannelsComplete".split())


def _event(block: bytes) -> bytes:
    found = re.search(rb"^Event: (\S+)", block, re.MULTILINE)
    return found.group(1) if found and not block.startswith(b"Asterisk") else b""


def _channels(block: bytes) -> set[bytes]:
    return set(re.findall(rb"^(?:Dest|Target)?Uniqueid: (\S+)", block, re.MULTILINE))


def _renamed(spell: Callable[[bytes], bytes]) -> Callable[[Blocks, Random], Blocks]:
    def change(blocks: Blocks, _: Random) -> Blocks:
        return [
            re.sub(rb"^([\w-]+):(?=[ \r])", lambda hit: spell(hit.group(1)) + b":", b, flags=re.MULTILINE)
            for b in blocks
        ]

    return change


def _doubled(blocks: Blocks, chance: Random) -> Blocks:
    return [copy for b in blocks for copy in [b] * (2 if _event(b) and chance.random() < 0.5 else 1)]


def _swapped(blocks: Blocks, chance: Random) -> Blocks:
    """Neighbours about different channels change places: they come from different threads of the PBX."""
    told, i = list(blocks), 0
    while i < len(told) - 1:
        one, two = told[i], told[i + 1]
        free = _event(one) and _event(two) and not {_event(one), _event(two)} & _IN_ORDER
        if free and not _channels(one) & _channels(two) and chance.random() < 0.5:
            told[i], told[i + 1] = two, one
            i += 1  # by one place, no further
        i += 1
    return told


def _needed(blocks: Blocks, _: Random) -> Blocks:
    return [b for b in blocks if not _event(b) or _event(b) in _NEEDED]


def _foreign(blocks: Blocks, chance: Random) -> Blocks:
    """A newer release, or `timestampevents = yes`, says more."""
    more = (b"SequenceNumber: 812", b"File: pbx.c", b"SystemName: office", b"X-Unheard-Of: 1: 2", b"ChanVariable: a=b")
    return [b + b"\r\n" + chance.choice(more) if _event(b) else b for b in blocks]


def _shuffled(blocks: Blocks, chance: Random) -> Blocks:
    """Header lines in any order; a greeting and its block stay."""
    told = []
    for b in blocks:
        lines = b.strip(b"\r\n").split(b"\r\n")
        if not b.startswith(b"Asterisk"):
            chance.shuffle(lines)
        told.append(b"\r\n".join(lines))
    return told


def _older(blocks: Blocks, _: Random) -> Blocks:
    return [b.replace(b"Asterisk Call Manager/" + b.split(b"/")[1].split(b"\r")[0], b"Asterisk Call Manager/5.0.3")
            if b.startswith(b"Asterisk Call Manager/") else b for b in blocks]  # fmt: skip


def _line_feeds(blocks: Blocks, _: Random) -> Blocks:
    return [b.replace(b"\r\n", b"\n") for b in blocks]


SPOILED: dict[str, Callable[[Blocks, Random], Blocks]] = {
    "header names in lower case": _renamed(bytes.lower),
    "header names in upper case": _renamed(bytes.upper),
    "headers shuffled": _shuffled,
    "foreign headers": _foreign,
    "events doubled": _doubled,
    "neighbours swapped": _swapped,
    "only the needed events": _needed,
    "an older greeting": _older,
    "bare line feeds": _line_feeds,
}
