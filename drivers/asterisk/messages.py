r"""AMI bytes in, messages out: an incremental parser that never raises.

The manager sends blocks of `Name: value` lines closed by an empty line (docs.asterisk.org, "AMI Message Layout").
What the wire really holds, and what becomes of it:
- the banner `Asterisk Call Manager/11.0.0` is a line of its own, glued to the first block; where several connections follow
  each other in one recording it also cuts the block before it in two. The half block is discarded and counted.
- some lists close a block with `\r\n\n` instead of `\r\n\r\n` (asterisk issue 761).
- blocks are cut anywhere by TCP, in the middle of a character too: bytes are decoded only when a block is whole. Lines
  that are not UTF-8 are read as Latin-1, so a name is never lost.
- caller names are C-escaped (`O\'Nunez \"Al\"`); the escapes are undone.
- a recording that passed through an editor or a proxy may have bare line feeds, and header names in any letter case.
- a block above `MAX_BLOCK` is discarded and counted: memory stays bounded whatever the peer sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_BLOCK = 1024 * 1024  # bytes; the largest honest event seen is 4 KiB, a channel with every variable set about 64 KiB

# A number's shape follows the slash, and either the block begins here or a login answer / event comes next:
# a caller who calls himself "Asterisk Call Manager/11" must not look like a new connection.
_BANNER = re.compile(rb"Asterisk Call Manager/[\d.]+\r?\n(?=(?i:Response|Event|ActionID):|\Z)")
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "?": "?",
}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Message:
    """One block. `headers` by name in lower case, in order of first appearance; one that repeats holds every value in turn.

    `banner` is the greeting's text on the pseudo message that opens a connection, else "".
    """

    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    banner: str = ""

    def get(self, name: str, default: str = "") -> str:
        """The first value of a header, `default` where it is absent; letter case of the name does not matter."""
        values = self.headers.get(name.lower())
        return values[0] if values else default

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in order."""
        return self.headers.get(name.lower(), ())

    @property
    def event(self) -> str:
        """The event's name, "" for answers and banners."""
        return self.get("Event")


class MessageParser:
    """Bytes of one feed, in pieces of any size. `discarded` counts blocks that could not be used.

    `wanted` (event names) drops other events before anything is decoded; answers and banners always pass. With
    `variables`, a VarSet event that names none of them is dropped too. `skipped` counts both.
    """

    def __init__(self, wanted: frozenset[str] | None = None, variables: frozenset[str] = frozenset()) -> None:
        self._buffer = bytearray()
        self._overlong = False
        self._wanted = None if wanted is None else frozenset(name.encode() for name in wanted)
        self._variables = tuple(name.encode() for name in variables)
        self.discarded = 0
        self.skipped = 0

    def feed(self, data: bytes) -> list[Message]:
        """Every message completed by `data`."""
        searched = max(0, len(self._buffer) - 3)
        self._buffer += data
        if self._buffer.find(b"\n\r\n", searched) < 0 and self._buffer.find(b"\n\n", searched) < 0:
            if len(self._buffer) > MAX_BLOCK:
                self._overlong = True
                del self._buffer[:-4]  # keep a terminator that is only half here
            return []
        whole = bytes(self._buffer)
        end = max(
            whole.rfind(b"\n\r\n") + 3 if b"\n\r\n" in whole else 0, whole.rfind(b"\n\n") + 2 if b"\n\n" in whole else 0
        )
        del self._buffer[:end]
        messages: list[Message] = []
        for block in _blocks(whole[:end]):
            if self._overlong or len(block) > MAX_BLOCK:
                self._overlong = False
                self.discarded += 1
                continue
            messages.extend(self._read(block))
        return messages

    def close(self) -> None:
        """The connection is gone: half a block is discarded, the next byte starts afresh."""
        if self._buffer.strip() or self._overlong:
            self.discarded += 1
        self._buffer.clear()
        self._overlong = False

    def _read(self, block: bytes) -> Iterator[Message]:
        if b"Asterisk Call Manager/" in block:
            cut = _BANNER.search(block)
            if cut is not None:
                if block[: cut.start()].strip():
                    self.discarded += 1
                yield Message(banner=_decode(cut.group().strip()))
                block = block[cut.end() :]
        if self._wanted is not None and block.startswith(b"Event: "):
            name = block[7 : block.find(b"\n")].strip() if b"\n" in block else block[7:].strip()
            unwanted = name == b"VarSet" and not any(variable in block for variable in self._variables)
            if name not in self._wanted or (unwanted and self._variables):
                self.skipped += 1
                return
        if not block.strip():
            return
        headers = _headers(block)
        if headers:
            yield Message(headers)
        else:
            self.discarded += 1


def _blocks(data: bytes) -> Iterator[bytes]:
    for block in data.split(b"\r\n\r\n"):
        if b"\n\n" in block:
            yield from (part for part in block.split(b"\n\n") if part.strip())
        elif block.strip():
            yield block


def _headers(block: bytes) -> dict[str, tuple[str, ...]]:
    headers: dict[str, tuple[str, ...]] = {}
    for line in _lines(block):
        name, colon, value = line.partition(":")
        if not colon:
            continue  # command output and stray text carry no header
        name, value = name.strip(" ").lower(), value.strip(" ")
        if "\\" in value and name.endswith("name"):
            value = _ESCAPE.sub(lambda hit: _ESCAPES.get(hit.group(1), hit.group(0)), value)
        headers[name] = (*headers[name], value) if name in headers else (value,)
    return headers


def _lines(block: bytes) -> list[str]:
    end = b"\r\n" if b"\r\n" in block else b"\n"
    try:
        return block.decode("utf-8").strip("\r\n").split(end.decode())
    except UnicodeDecodeError:
        return [_decode(line) for line in block.strip(b"\r\n").split(end)]


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
