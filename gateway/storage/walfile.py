"""SQLite's write-ahead log, read without SQLite: what it holds, and whether something that was committed is damaged.

A power cut may tear the last transaction, which nobody was told of. A damaged frame in front of a later commit is
something else: that commit had been acknowledged, and SQLite drops it and all that follows without a word. Layout and
checksums: https://sqlite.org/fileformat2.html#the_write_ahead_log.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24
_MAGIC = 0x377F0682  # the lowest bit says whether checksums are made of big-endian words
_WORD = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Frame:
    """One page as written to the log. `commit` is the size of the database in pages, 0 when not the last of its transaction."""

    page: int
    commit: int
    data: bytes


@dataclass(frozen=True, slots=True)
class WalFile:
    """`frames` are those of the log's present round, damaged ones too; SQLite takes the first `sound` of them."""

    frames: tuple[Frame, ...]
    sound: int
    header_sound: bool

    @property
    def lost_commits(self) -> int:
        """Transactions that SQLite will not see, although they had been acknowledged."""
        unseen = sum(frame.commit > 0 for frame in self.frames[self.sound :])
        return unseen if not self.header_sound else max(0, unseen - 1)  # the last one may be what a power cut tore


def read_wal(data: bytes, page_size: int) -> WalFile:
    """Read the log of a database with that page size; a log shorter than its header is an empty one."""
    if len(data) < HEADER_BYTES:
        return WalFile((), 0, False)
    magic, _, size, _, salt1, salt2, check1, check2 = struct.unpack(">8I", data[:HEADER_BYTES])
    big = bool(magic & 1)
    state = _checksum(data[: HEADER_BYTES - 8], big, (0, 0))
    header_sound = magic & ~1 == _MAGIC and size == page_size and state == (check1, check2)
    salts = (salt1, salt2)
    if not header_sound and len(data) >= HEADER_BYTES + FRAME_HEADER_BYTES:
        salts = struct.unpack_from(">2I", data, HEADER_BYTES + 8)  # every frame repeats them
    frames: list[Frame] = []
    sound, unbroken = 0, header_sound
    for place in range(HEADER_BYTES, len(data) - page_size - FRAME_HEADER_BYTES + 1, page_size + FRAME_HEADER_BYTES):
        page, commit, own1, own2, check1, check2 = struct.unpack_from(">6I", data, place)
        body = data[place + FRAME_HEADER_BYTES : place + FRAME_HEADER_BYTES + page_size]
        if unbroken:
            state = _checksum(data[place : place + 8] + body, big, state)
            unbroken = (own1, own2) == salts and state == (check1, check2) and page > 0
        if (own1, own2) != salts and not _damaged_in_between(data, place, page_size, salts):
            break  # left over from the round before
        frames.append(Frame(page, commit, body))
        if unbroken and commit:
            sound = len(frames)
    return WalFile(tuple(frames), sound, header_sound)


def _damaged_in_between(data: bytes, place: int, page_size: int, salts: tuple[int, ...]) -> bool:
    """The frame's own salts are wrong, and those of the next one are right: it belongs to this round."""
    following = place + FRAME_HEADER_BYTES + page_size
    if following + FRAME_HEADER_BYTES > len(data):
        return False
    return struct.unpack_from(">2I", data, following + 8) == salts


def _checksum(data: bytes, big: bool, state: tuple[int, int]) -> tuple[int, int]:
    words = array("I", data)
    if big != (struct.pack("=H", 1) == b"\0\1"):
        words.byteswap()
    first, second = state
    pairs = iter(words)
    for one, two in zip(pairs, pairs, strict=True):
        first = (first + one + second) & _WORD
        second = (second + two + first) & _WORD
    return first, second
