"""SMS PDUs as the network sees them (3GPP TS 23.040 9.2, TS 23.038 6).

Written apart from the gateway's own codec on purpose: the two check each other on the wire.
The simulated network encodes SMS-DELIVER and SMS-STATUS-REPORT and decodes SMS-SUBMIT: the gateway's work mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)  # TS 23.038 6.2.1
EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
ESCAPE = 0x1B
SMSC = "+12165550199"
USER_DATA_OCTETS = 140  # TS 23.040 9.2.3.24

_SEPTETS = {char: (code,) for code, char in enumerate(BASIC) if code != ESCAPE} | {
    char: (ESCAPE, code) for code, char in EXTENSION.items()
}
_ADDRESS_DIGITS = "0123456789*#abc"  # TS 23.040 9.1.2.3


class PduError(ValueError):
    """The octets are not the PDU they claim to be; a modem says +CMS ERROR: 304."""


class Concat(NamedTuple):
    """Place of a segment in a longer text; `number` counts from 1."""

    ref: int
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Submit:
    """An SMS-SUBMIT. `body` may hold a lone surrogate where a longer text was cut; `raw`: user data after the header."""

    to: str
    ton: int
    body: str
    raw: bytes
    dcs: int
    pid: int
    reference: int
    concat: Concat | None
    validity_s: int | None
    wants_report: bool
    rejects_duplicates: bool

    @property
    def ucs2(self) -> bool:
        return alphabet(self.dcs) == "ucs2"


def decode_submit(hex_text: str, length: int | None = None) -> Submit:
    """Read `hex_text` (service centre address first); `length` is what AT+CMGS announced (octets without it)."""
    try:
        octets = bytes.fromhex(hex_text)
    except ValueError as error:
        raise PduError(f"not hexadecimal: {hex_text[:40]!r}") from error
    if len(hex_text) != 2 * len(octets):
        raise PduError("blanks inside the PDU")
    cursor = _Cursor(octets)
    cursor.take(cursor.octet())
    if length is not None and length != cursor.left:
        raise PduError(f"AT+CMGS announced {length} octets, the PDU has {cursor.left}")
    first = cursor.octet()
    if first & 0x03 != 0x01:
        raise PduError(f"not an SMS-SUBMIT: first octet {first:02X}")
    reference = cursor.octet()
    to, ton = _read_address(cursor)
    pid, dcs = cursor.octet(), cursor.octet()
    validity_s = _read_validity(cursor, (first >> 3) & 0x03)
    count = cursor.octet()
    data = cursor.take(cursor.left)
    header = data[: data[0] + 1] if first & 0x40 and data else b""
    if len(header) > len(data):
        raise PduError("the user data header is longer than the user data")
    body, raw = _read_body(data, count, len(header), dcs)
    return Submit(
        to,
        ton,
        body,
        raw,
        dcs,
        pid,
        reference,
        _concat(header),
        validity_s,
        bool(first & 0x20),
        bool(first & 0x04),
    )


def alphabet(dcs: int) -> str:
    """ "gsm7", "8bit" or "ucs2" (TS 23.038 4)."""
    group = dcs >> 4
    if group < 0x08:
        return ("gsm7", "8bit", "ucs2", "gsm7")[(dcs >> 2) & 0x03]
    if group == 0x0E:
        return "ucs2"
    if group == 0x0F and dcs & 0x04:
        return "8bit"
    return "gsm7"


def fits_gsm7(body: str) -> bool:
    return all(char in _SEPTETS for char in body)


def split(body: str, *, ref16: bool = False, cut_pairs: bool = False) -> list[str]:
    """Cut `body` as a handset does. With `cut_pairs` a surrogate pair may be cut in two, as some handsets do."""
    header_octets = 7 if ref16 else 6
    parts: list[str] = []
    if fits_gsm7(body):
        units = [(char, len(_SEPTETS[char])) for char in body]
        single, joined = 160, (USER_DATA_OCTETS - header_octets) * 8 // 7
    else:
        single, joined = 70, (USER_DATA_OCTETS - header_octets) // 2
        chars = _utf16_units(body) if cut_pairs else list(body)
        units = [(char, len(char.encode("utf-16-be", "surrogatepass")) // 2) for char in chars]
    if sum(size for _, size in units) <= single:
        return [body]
    room = 0
    for char, size in units:
        if size > room:
            parts.append("")
            room = joined
        parts[-1] += char
        room -= size
    return parts


def encode_deliver(
    sender: str,
    body: str,
    at: datetime,
    *,
    ton: int | None = None,
    concat: Concat | None = None,
    ref16: bool = False,
    ucs2: bool | None = None,
    dcs: int | None = None,
    pid: int = 0,
    smsc: str = SMSC,
) -> str:
    """One SMS-DELIVER in hexadecimal, service centre address first. `at` (aware) becomes the SCTS."""
    wide = (not fits_gsm7(body)) if ucs2 is None else ucs2
    header = b""
    if concat is not None:
        ref = concat.ref.to_bytes(2, "big") if ref16 else bytes([concat.ref & 0xFF])
        element = bytes([0x08 if ref16 else 0x00, len(ref) + 2]) + ref + bytes([concat.total, concat.number])
        header = bytes([len(element)]) + element
    if wide:
        text = body.encode("utf-16-be", "surrogatepass")
        count, data = len(header) + len(text), header + text
    else:
        septets = [code for char in body for code in _SEPTETS[char]]
        filled = -(-len(header) * 8 // 7)
        count, data = filled + len(septets), header + _pack(septets, filled * 7 - len(header) * 8)
    if len(data) > USER_DATA_OCTETS:
        raise PduError(f"{len(data)} octets of user data, {USER_DATA_OCTETS} fit")
    first = 0x04 | (0x40 if header else 0)
    coding = dcs if dcs is not None else (0x08 if wide else 0x00)
    tpdu = bytes([first]) + _address(sender, ton) + bytes([pid, coding]) + _timestamp(at) + bytes([count]) + data
    return (_service_centre(smsc) + tpdu).hex().upper()


def encode_report(ref: int, to: str, submitted: datetime, discharged: datetime, status: int, smsc: str = SMSC) -> str:
    """One SMS-STATUS-REPORT (TS 23.040 9.2.2.3) in hexadecimal, service centre address first."""
    tpdu = bytes([0x06, ref]) + _address(to, None) + _timestamp(submitted) + _timestamp(discharged) + bytes([status])
    return (_service_centre(smsc) + tpdu).hex().upper()


def tpdu_length(hex_text: str) -> int:
    """Octets without the service centre address: the length that +CMT, +CMGL, +CMGR and +CDS give (TS 27.005 3.1)."""
    return len(hex_text) // 2 - 1 - int(hex_text[:2], 16)


class _Cursor:
    """Reads octets in order; running past the end is a PduError."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._octets) - self._at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise PduError("the PDU ends too early")
        self._at += count
        return self._octets[self._at - count : self._at]

    def octet(self) -> int:
        return self.take(1)[0]


def _read_address(cursor: _Cursor) -> tuple[str, int]:
    digits, ton = cursor.octet(), cursor.octet()
    octets = cursor.take((digits + 1) // 2)
    if ton & 0x70 == 0x50:
        return _septets_to_text(_unpack(octets, digits * 4 // 7, 0)), ton
    swapped = "".join(f"{octet & 0x0F:x}{octet >> 4:x}" for octet in octets)[:digits]
    try:
        number = "".join(_ADDRESS_DIGITS[int(digit, 16)] for digit in swapped)
    except IndexError as error:
        raise PduError(f"filler inside the address {swapped!r}") from error
    if not number:
        raise PduError("no destination address")
    return ("+" if ton & 0x70 == 0x10 else "") + number, ton


def _read_validity(cursor: _Cursor, form: int) -> int | None:
    if form == 0:
        return None
    if form != 2:
        cursor.take(7)
        return None
    value = cursor.octet()
    match value:  # TS 23.040 9.2.3.12.1
        case _ if value <= 143:
            return (value + 1) * 300
        case _ if value <= 167:
            return 12 * 3600 + (value - 143) * 1800
        case _ if value <= 196:
            return (value - 166) * 86_400
        case _:
            return (value - 192) * 604_800


def _read_body(data: bytes, count: int, header: int, dcs: int) -> tuple[str, bytes]:
    coding = alphabet(dcs)
    octets = (count * 7 + 7) // 8 if coding == "gsm7" else count
    if octets != len(data) or octets > USER_DATA_OCTETS:
        raise PduError(f"user data length {count} ({coding}) does not agree with {len(data)} octets")
    raw = data[header:]
    if coding == "gsm7":
        filled = -(-header * 8 // 7)
        if filled > count:
            raise PduError("the user data header is longer than the user data")
        return _septets_to_text(_unpack(raw, count - filled, filled * 7 - header * 8)), raw
    if coding == "ucs2":
        if len(raw) % 2:
            raise PduError("an odd number of UCS2 octets")
        return raw.decode("utf-16-be", "surrogatepass"), raw
    return raw.decode("latin-1"), raw


def _concat(header: bytes) -> Concat | None:
    rest = header[1:]
    while len(rest) >= 2:
        identifier, size, value = rest[0], rest[1], rest[2 : 2 + rest[1]]
        if len(value) < size:
            raise PduError("an information element is cut short")
        if (identifier, size) in {(0x00, 3), (0x08, 4)}:
            return Concat(int.from_bytes(value[:-2], "big"), value[-2], value[-1])
        rest = rest[2 + size :]
    return None


def _pack(septets: list[int], fill_bits: int) -> bytes:
    bits = sum(code << (7 * place) for place, code in enumerate(septets)) << fill_bits
    return bits.to_bytes((7 * len(septets) + fill_bits + 7) // 8, "little")


def _unpack(octets: bytes, count: int, fill_bits: int) -> list[int]:
    bits = int.from_bytes(octets, "little") >> fill_bits
    return [(bits >> (7 * place)) & 0x7F for place in range(count)]


def _septets_to_text(septets: list[int]) -> str:
    text, escaped = "", False
    for code in septets:
        if code == ESCAPE and not escaped:
            escaped = True
            continue
        text += EXTENSION.get(code, BASIC[code]) if escaped else BASIC[code]
        escaped = False
    return text


def _utf16_units(body: str) -> list[str]:
    octets = body.encode("utf-16-be", "surrogatepass")
    return [chr(int.from_bytes(octets[place : place + 2], "big")) for place in range(0, len(octets), 2)]


def _address(number: str, ton: int | None) -> bytes:
    digits = number.removeprefix("+")
    if not digits or any(char not in _ADDRESS_DIGITS for char in digits):
        septets = [code for char in number for code in _SEPTETS[char]]
        return bytes([-(-len(septets) * 7 // 4), 0xD0]) + _pack(septets, 0)
    kind = ton if ton is not None else (0x91 if number.startswith("+") else 0x81)
    return bytes([len(digits), kind]) + _swapped(digits)


def _service_centre(number: str) -> bytes:
    if not number:
        return b"\x00"
    digits = _swapped(number.removeprefix("+"))
    return bytes([len(digits) + 1, 0x91]) + digits


def _swapped(digits: str) -> bytes:
    codes = [_ADDRESS_DIGITS.index(digit) for digit in digits]
    codes += [0x0F] * (len(codes) % 2)
    return bytes(codes[place] | codes[place + 1] << 4 for place in range(0, len(codes), 2))


def _timestamp(at: datetime) -> bytes:
    offset = at.utcoffset() or timedelta(0)
    quarters = int(offset.total_seconds()) // 900
    zone = _bcd(abs(quarters)) | (0x08 if quarters < 0 else 0)
    fields = (at.year % 100, at.month, at.day, at.hour, at.minute, at.second)
    return bytes([*(_bcd(field) for field in fields), zone])


def _bcd(value: int) -> int:
    return (value % 10) << 4 | value // 10


def now() -> datetime:
    """The network's own clock, whole seconds, UTC."""
    return datetime.now(UTC).replace(microsecond=0)
