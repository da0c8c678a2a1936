"""The contents of an SMS: data coding, user data header, septets and characters (3GPP TS 23.038 4-6, TS 23.040 9.2.3.24).

The library's decoder is not used here: it loses the first character of parts with a 16-bit reference and a final "@",
tears emoji, drops characters behind an unknown escape and knows neither language tables nor the coding groups C0-FF.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drivers.modem.shift_tables import LOCKING_SHIFT, SINGLE_SHIFT
from gateway.core.alphabet import BASIC, ESC, EXTENSION

# Information elements, 23.040 9.2.3.24
CONCAT_8_BIT: Final = 0x00
SPECIAL_INDICATION: Final = 0x01
PORTS_8_BIT: Final = 0x04
PORTS_16_BIT: Final = 0x05
CONCAT_16_BIT: Final = 0x08
VOICE_MAIL: Final = 0x23
SINGLE: Final = 0x24
LOCKING: Final = 0x25


class Alphabet(StrEnum):
    """How the octets of the user data become characters."""

    GSM7 = "gsm7"
    OCTETS = "octets"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Coding:
    """A TP-DCS. `waiting`: the text tells of a waiting message (voice mail, fax) rather than being one."""

    alphabet: Alphabet
    compressed: bool = False
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """What the user data header says that matters here. `octets` is its length with the length octet, 0 when absent."""

    octets: int = 0
    ref: int | None = None
    total: int | None = None
    number: int | None = None
    port: int | None = None
    single: int | None = None
    locking: int | None = None
    waiting: bool = False


def read_coding(dcs: int) -> Coding:
    """TP-DCS by 23.038 clause 4; reserved values count as the default alphabet, as it asks."""
    match dcs >> 4:
        case group if group < 0x8:  # general, and the same marked for automatic deletion
            alphabets = (Alphabet.GSM7, Alphabet.OCTETS, Alphabet.UCS2, Alphabet.GSM7)
            return Coding(alphabets[(dcs >> 2) & 0x03], compressed=bool(dcs & 0x20))
        case 0xC | 0xD:
            return Coding(Alphabet.GSM7, waiting=True)
        case 0xE:
            return Coding(Alphabet.UCS2, waiting=True)
        case 0xF:
            return Coding(Alphabet.OCTETS if dcs & 0x04 else Alphabet.GSM7)
        case _:
            return Coding(Alphabet.GSM7)


def read_header(data: bytes) -> Header:
    """The header at the start of the user data. Elements that are cut short or make no sense are passed over; of an element
    that comes twice the last counts (9.2.3.24). Raises ValueError when the header is longer than the user data.
    """
    if not data or data[0] + 1 > len(data):
        raise ValueError("the user data header is longer than the user data")
    octets = data[0] + 1
    found: dict[int, bytes] = {}
    at = 1
    while at + 2 <= octets and at + 2 + data[at + 1] <= octets:
        found[data[at]] = data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
    ref, total, number = _concatenation(found)
    return Header(
        octets,
        ref,
        total,
        number,
        _destination_port(found),
        _language(found.get(SINGLE)),
        _language(found.get(LOCKING)),
        SPECIAL_INDICATION in found or VOICE_MAIL in found,
    )


def unpack(data: bytes, count: int) -> bytes:
    """The first `count` septets of packed octets (23.038 6.1.2.1), one to a byte."""
    bits = int.from_bytes(data, "little")
    return bytes((bits >> (7 * place)) & 0x7F for place in range(count))


def septets_to_text(septets: bytes, single: int | None = None, locking: int | None = None) -> str:
    """Characters of septets, with the tables of national languages where the header names them.

    ESC and a septet that the table behind it lacks is the character of the main table, ESC ESC a space (23.038 6.2.1.1).
    An ESC at the very end stays as U+001B: the other half may begin the next part.
    """
    main: str = LOCKING_SHIFT.get(locking or 0, BASIC)
    behind: Mapping[int, str] = SINGLE_SHIFT.get(single or 0, EXTENSION)
    text: list[str] = []
    escaped = False
    for septet in septets:
        if escaped:
            text.append(" " if septet == ESC else behind.get(septet, main[septet]))
            escaped = False
        elif septet == ESC:
            escaped = True
        else:
            text.append(main[septet])
    return "".join(text) + ("\x1b" if escaped else "")


def _concatenation(found: Mapping[int, bytes]) -> tuple[int | None, int | None, int | None]:
    for element, size in ((CONCAT_8_BIT, 3), (CONCAT_16_BIT, 4)):
        value = found.get(element, b"")
        if (
            len(value) == size and 1 <= value[-1] <= value[-2]
        ):  # else "the receiving entity shall ignore" it (9.2.3.24.1)
            return int.from_bytes(value[:-2], "big"), value[-2], value[-1]
    return None, None, None


def _destination_port(found: Mapping[int, bytes]) -> int | None:
    for element, size in ((PORTS_16_BIT, 4), (PORTS_8_BIT, 2)):
        value = found.get(element, b"")
        if len(value) == size:
            return int.from_bytes(value[: size // 2], "big")
    return None


def _language(value: bytes | None) -> int | None:
    return value[0] if value else None
