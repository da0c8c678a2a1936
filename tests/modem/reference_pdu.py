"""A second SMS codec, written from 3GPP TS 23.038 and 23.040 alone and on another principle: user data is a string of bits.

It plays the network: it makes SMS-DELIVER and SMS-STATUS-REPORT and takes SMS-SUBMIT apart. Nothing of it is shared with
the codec under test, so that the two cannot be wrong in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

# TS 23.038 6.2.1, read column by column as the standard prints it; ESC (1B) is None
COLUMNS = (
    ("@£$¥èéùìòÇ\nØø\rÅå", 0x00),
    ("Δ_ΦΓΛΩΠΨΣΘΞ", 0x10),
    ("ÆæßÉ", 0x1C),
    (" !\"#¤%&'()*+,-./", 0x20),
    ("0123456789:;<=>?", 0x30),
    ("¡ABCDEFGHIJKLMNO", 0x40),
    ("PQRSTUVWXYZÄÖÑÜ§", 0x50),
    ("¿abcdefghijklmno", 0x60),
    ("pqrstuvwxyzäöñüà", 0x70),
)
CODES = {character: start + place for column, start in COLUMNS for place, character in enumerate(column)}
BEHIND_ESC = dict(zip("\f^{}\\[~]|€", (0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65), strict=True))
SPANISH_BEHIND_ESC = BEHIND_ESC | dict(
    zip("çÁÍÓÚáíóú", (0x09, 0x41, 0x49, 0x4F, 0x55, 0x61, 0x69, 0x6F, 0x75), strict=True)
)
TURKISH_BEHIND_ESC = BEHIND_ESC | dict(zip("ĞİŞçğış", (0x47, 0x49, 0x53, 0x63, 0x67, 0x69, 0x73), strict=True))
PORTUGUESE_BEHIND_ESC = BEHIND_ESC | dict(
    zip(
        "êçÔôÁáΦΓΩΠΨΣΘÊÀÍÓÚÃÕÂíóúãõâ",
        bytes.fromhex("05 09 0B 0C 0E 0F 12 13 15 16 17 18 19 1F 41 49 4F 55 5B 5C 61 69 6F 75 7B 7C 7F"),
        strict=True,
    )
)
TURKISH_CODES = {c: v for c, v in CODES.items() if v not in (0x04, 0x07, 0x0B, 0x0C, 0x1C, 0x1D, 0x40, 0x60)} | dict(
    zip("€ıĞğŞşİç", (0x04, 0x07, 0x0B, 0x0C, 0x1C, 0x1D, 0x40, 0x60), strict=True)
)

ELEMENT_8_BIT, ELEMENT_16_BIT = 0x00, 0x08


def septets_of(text: str, main: dict[str, int] = CODES, behind: dict[str, int] = BEHIND_ESC) -> list[int]:
    """Each character's septet, or ESC and its septet."""
    return [code for c in text for code in ((main[c],) if c in main else (0x1B, behind[c]))]


def concatenation(ref: int, total: int, number: int, wide: bool = False) -> bytes:
    """The information element, 8-bit or 16-bit reference."""
    if wide:
        return bytes([ELEMENT_16_BIT, 4, ref >> 8, ref & 0xFF, total, number])
    return bytes([ELEMENT_8_BIT, 3, ref, total, number])


def gsm7_user_data(septets: list[int], elements: bytes = b"") -> tuple[int, bytes]:
    """TP-UDL and TP-UD. Bits are written lowest first; the header is filled up to a septet."""
    bits = "".join(f"{octet:08b}"[::-1] for octet in _header(elements))
    while len(bits) % 7:
        bits += "0"
    bits += "".join(f"{septet:07b}"[::-1] for septet in septets)
    count = len(bits) // 7
    bits += "0" * (-len(bits) % 8)
    return count, bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))


def octet_user_data(octets: bytes, elements: bytes = b"") -> tuple[int, bytes]:
    """TP-UDL and TP-UD of UCS2 and of 8-bit data."""
    data = _header(elements) + octets
    return len(data), data


def deliver(
    sender: bytes,
    user_data: tuple[int, bytes],
    *,
    dcs: int = 0x00,
    header: bool = False,
    pid: int = 0x00,
    stamp: bytes = bytes.fromhex("62111241038069"),
    mti: int = 0x00,
    smsc: bytes = b"\x07\x91\x21\x61\x55\x05\x91\xf9",
) -> str:
    """SMS-DELIVER, 9.2.2.1. `sender` is a whole address field (`digits`, `letters`)."""
    count, data = user_data
    first = 0x04 | mti | (0x40 if header else 0)
    return (smsc + bytes([first]) + sender + bytes([pid, dcs]) + stamp + bytes([count]) + data).hex().upper()


def report(ref: int, to: bytes, discharge: bytes, status: int) -> str:
    """SMS-STATUS-REPORT, 9.2.2.3."""
    stamp = bytes.fromhex("62111241038069")
    return (b"\x00\x06" + bytes([ref]) + to + stamp + discharge + bytes([status])).hex()


def digits(number: str, kind: int = 0x91) -> bytes:
    """An address of digits: their number, the type, and the digits swapped in pairs (9.1.2.5)."""
    padded = number + "F" * (len(number) % 2)
    return bytes([len(number), kind]) + bytes.fromhex(
        "".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2))
    )


def letters(name: str) -> bytes:
    """An alphanumeric address: its length is in useful semi-octets (9.1.2.5)."""
    count, data = gsm7_user_data(septets_of(name))
    return bytes([-(-count * 7 // 4), 0xD0]) + data


@dataclass(frozen=True)
class Submit:
    """An SMS-SUBMIT taken apart."""

    smsc: str
    wants_report: bool
    rejects_duplicates: bool
    mr: int
    to: str
    kind: int
    pid: int
    dcs: int
    validity: int | None
    elements: bytes
    text: str
    octets: int


def submit(pdu: str) -> Submit:
    """SMS-SUBMIT, 9.2.2.2, service centre address first."""
    raw = bytes.fromhex(pdu)
    smsc, raw = raw[: raw[0] + 1], raw[raw[0] + 1 :]
    octets = len(raw)
    first, mr, length, kind = raw[:4]
    assert first & 0x03 == 0x01
    at = 4 + (length + 1) // 2
    to = "".join(f"{octet & 15:X}{octet >> 4:X}" for octet in raw[4:at])[:length]
    pid, dcs = raw[at], raw[at + 1]
    at += 2
    validity = raw[at] if first & 0x18 == 0x10 else None
    at += 1 if validity is not None else 0
    count, data = raw[at], raw[at + 1 :]
    elements = data[1 : 1 + data[0]] if first & 0x40 else b""
    used = 1 + len(elements) if first & 0x40 else 0
    if dcs == 0x08:
        assert count == len(data) <= 140
        text = data[used:].decode("utf-16-be")
    else:
        bits = "".join(f"{octet:08b}"[::-1] for octet in data)
        assert len(data) == -(-count * 7 // 8) <= 140
        septets = [int(bits[i * 7 : i * 7 + 7][::-1], 2) for i in range(-(-used * 8 // 7), count)]
        text = text_of(septets)
    return Submit(
        smsc.hex(), bool(first & 0x20), bool(first & 0x04), mr, to, kind, pid, dcs, validity, elements, text, octets
    )


def text_of(septets: list[int]) -> str:
    """Characters of septets that are all in the tables."""
    main = {code: character for character, code in CODES.items()}
    behind = {code: character for character, code in BEHIND_ESC.items()}
    text, codes = "", iter(septets)
    for code in codes:
        text += behind[next(codes)] if code == 0x1B else main[code]
    return text


def _header(elements: bytes) -> bytes:
    return bytes([len(elements)]) + elements if elements else b""
