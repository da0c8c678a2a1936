"""SMS PDUs between hexadecimal on the serial line and the gateway's values (3GPP TS 23.040 9.2).

Out: one segment is one SMS-SUBMIT. In: SMS-DELIVER and SMS-STATUS-REPORT. python-gsmmodem-new packs septets, swaps the
digits of addresses and builds the concatenation element; what it gets wrong (see `drivers.modem.user_data`) is done here.
Whatever octets a modem offers, the only exception is PduError, and its text is a sentence without the caller's number.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from drivers.modem.user_data import Alphabet, Coding, Header, read_coding, read_header, septets_to_text, unpack
from drivers.modem.wap import WAP_PUSH_PORTS, is_mms_notification, mms_sender
from gateway.core.alphabet import encode_gsm7, valid_unicode
from gateway.core.events import ReportReceived, SegmentReceived
from gateway.ports.devices import OutgoingSegment

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its regular expressions are not raw strings: SyntaxWarning at first import
    from gsmmodem.pdu import Concatenation, decodeSemiOctets, encodeSemiOctets, packSeptets

MAX_USER_DATA: Final = 140  # octets, 23.040 9.2.3.24
MAX_ADDRESS: Final = 20  # digits, 23.040 9.1.2.5: ten octets

INTERNATIONAL: Final = 0x91  # type of address, 23.040 9.1.2.5: international number, telephone numbering plan
UNKNOWN: Final = 0x81  # as dialled on the telephone: short codes and national numbers

_DELIVER, _SUBMIT, _REPORT = 0, 1, 2  # TP-MTI, 9.2.3.1
_VALIDITY_RELATIVE, _REPORT_WANTED, _HAS_HEADER = 0x10, 0x20, 0x40  # bits of the first octet, 9.2.3
_TYPE_0: Final = 0x40  # TP-PID "short message type 0": acknowledged and thrown away, a probe of the network (9.2.3.9)
_BCD_DIGITS: Final = str.maketrans("abcde", "*#abc")  # 9.1.2.3


class PduError(ValueError):
    """The PDU cannot be read or made. The text says why in a sentence."""


class NotForUs(PduError):
    """No fault: a modem's copy of a text that was sent, found in its storage."""


def encode_submit(segment: OutgoingSegment, smsc: str | None = None, mr: int = 0) -> tuple[str, int]:
    """An SMS-SUBMIT in upper-case hexadecimal, service centre address first, and the length AT+CMGS wants in octets.

    `smsc` None: the service centre set in the modem. `mr` is TP-MR, 0..255; modems number themselves. Validity is relative
    and rounded down to what TP-VP can say (at least 5 minutes): a text may die early, never arrive late. Raises PduError.
    """
    if not 0 <= mr <= 255:
        raise PduError(f"a message reference is 0 to 255, not {mr}")
    header = _concatenation(segment)
    count, data = _user_data(segment, header)
    first = _SUBMIT | _VALIDITY_RELATIVE
    first |= _REPORT_WANTED if segment.want_report else 0
    first |= _HAS_HEADER if header else 0
    tpdu = bytes([first, mr]) + _address(segment.to)
    tpdu += bytes([0x00, 0x08 if segment.ucs2 else 0x00, validity(segment.validity_s), count]) + data
    return (_service_centre(smsc) + tpdu).hex().upper(), len(tpdu)


def validity(seconds: float) -> int:
    """TP-VP in relative form (23.040 9.2.3.12.1): the longest period it can say that is not longer than `seconds`."""
    whole = int(max(0, seconds))
    days = whole // 86_400
    if whole <= 12 * 3600:
        return max(0, whole // 300 - 1)
    if days < 2:
        return min(167, 143 + (whole - 12 * 3600) // 1800)
    if days < 35:
        return min(196, 166 + days)
    return min(255, 192 + days // 7)


def decode(pdu: str, at: datetime) -> SegmentReceived | ReportReceived:
    """Whatever the modem offers: a received text or a delivery report. `at` is when it was read.

    Raises NotForUs for copies of texts that were sent, PduError for what cannot be read.
    """
    match _first_octet(pdu) & 0x03:
        case 0x01:
            raise NotForUs("a copy of a text that was sent, not a received one")
        case 0x02:
            return decode_report(pdu, at)
        case _:  # the reserved value is to be read as SMS-DELIVER (9.2.3.1)
            return decode_deliver(pdu, at)


def decode_deliver(pdu: str, at: datetime) -> SegmentReceived:
    """An SMS-DELIVER (23.040 9.2.2.1), with or without header. Raises PduError.

    `kind` is "text"; "mms_notice" for the announcement of a picture message (`sender` is who sent it where that can be
    read, and `body` is empty); "voicemail_notice" for message waiting indications; "binary" for data (`raw` its octets,
    `body` what of it is printable); "undecodable" for a compressed text (`raw` its octets). Parts of longer texts carry
    `raw` as `gateway.core.assembly` wants it.
    """
    octets = _Octets(pdu)
    first = octets.one()
    start = octets.at
    sender = octets.address()
    address = octets.since(start)
    pid, dcs = octets.one(), octets.one()
    stamp = octets.take(7)
    count = octets.one()
    coding = read_coding(dcs)
    data = octets.user_data(count, coding)
    header = _header(data) if first & _HAS_HEADER else Header()
    concatenation = repr((header.ref, header.total, header.number)).encode()
    received = SegmentReceived(
        identity=_identity(address, stamp, concatenation, data),
        at=at,
        sender=sender,
        body="",
        scts=_timestamp(stamp),
    )
    return _with_contents(received, coding, header, data, count, pid)


def decode_report(pdu: str, at: datetime) -> ReportReceived:
    """An SMS-STATUS-REPORT (23.040 9.2.2.3). Raises PduError."""
    octets = _Octets(pdu)
    octets.one()
    start = octets.at
    ref = octets.one()
    to = octets.address()
    octets.take(7)  # when the text reached the service centre
    discharged = _timestamp(octets.take(7))
    status = octets.one()
    return ReportReceived(_identity(octets.since(start)), at, ref, to, status, discharged)


def is_report(pdu: str) -> bool:
    """Whether it says that it is an SMS-STATUS-REPORT, readable or not."""
    try:
        return _first_octet(pdu) & 0x03 == _REPORT
    except PduError:
        return False


def sender_of(pdu: str) -> str:
    """Who sent an SMS-DELIVER that cannot be read to its end; "" when not even that can be read."""
    try:
        octets = _Octets(pdu)
        return octets.address() if octets.one() & 0x03 == _DELIVER else ""
    except PduError:
        return ""


# ---- out ----


def _concatenation(segment: OutgoingSegment) -> bytes:
    if segment.total == 1:
        return b""
    if segment.ref is None or not 0 <= segment.ref <= 255 or not 1 <= segment.number <= segment.total <= 255:
        raise PduError(
            f"part {segment.number} of {segment.total} with reference {segment.ref} cannot be told in a header"
        )
    element = Concatenation()
    element.reference, element.parts, element.number = segment.ref, segment.total, segment.number
    encoded = bytes(element.encode())
    return bytes([len(encoded)]) + encoded


def _user_data(segment: OutgoingSegment, header: bytes) -> tuple[int, bytes]:
    """TP-UDL and TP-UD: septets are counted with the header's and the fill bits that end it on a septet (9.2.3.16)."""
    if segment.ucs2:
        try:
            data = header + segment.body.encode("utf-16-be")
        except UnicodeEncodeError:
            raise PduError("the text holds half of a surrogate pair") from None
        count = len(data)
    else:
        try:
            septets = encode_gsm7(segment.body)
        except ValueError as error:
            raise PduError(f"the segment is marked GSM 7-bit, but {error}") from None
        # The library's padBits are the bits of the header in its last septet, not the fill bits behind them.
        data = header + bytes(packSeptets(bytearray(septets), padBits=len(header) * 8 % 7))
        count = -(-len(header) * 8 // 7) + len(septets)
    if len(data) > MAX_USER_DATA:
        raise PduError(f"the segment has {len(data)} octets of user data, {MAX_USER_DATA} fit")
    return count, data


def _address(number: str) -> bytes:
    digits = number.removeprefix("+")
    if not re.fullmatch(r"[0-9]+" if number.startswith("+") else r"[0-9*#]+", digits) or len(digits) > MAX_ADDRESS:
        raise PduError("the number to text is not a telephone number or short code of at most 20 digits")
    kind = INTERNATIONAL if number.startswith("+") else UNKNOWN
    return bytes([len(digits), kind]) + bytes(encodeSemiOctets(digits.replace("*", "A").replace("#", "B")))


def _service_centre(number: str | None) -> bytes:
    if not number:
        return b"\x00"
    address = _address(number)[1:]
    return bytes([len(address)]) + address  # counted in octets here, not in digits (TS 27.005 4.3, TS 24.011 8.2.5.1)


# ---- in ----


class _Octets:
    """A PDU behind its service centre address, read from front to back; reading past the end is a PduError."""

    def __init__(self, pdu: str) -> None:
        try:
            self._octets = bytes.fromhex(pdu)
        except ValueError:
            raise PduError("the PDU is not hexadecimal") from None
        self.at = 0
        self.take(self.one())

    def take(self, count: int) -> bytes:
        if self.at + count > len(self._octets):
            raise PduError(f"the PDU is cut short: {self.at + count} octets announced, {len(self._octets)} there")
        self.at += count
        return self._octets[self.at - count : self.at]

    def one(self) -> int:
        return self.take(1)[0]

    def since(self, start: int) -> bytes:
        return self._octets[start : self.at]

    def address(self) -> str:
        """A TP-OA or TP-RA: a name, or digits with "+" before those of international type (9.1.2.5)."""
        length, kind = self.one(), self.one()
        octets = self.take((length + 1) // 2)
        if kind & 0x70 == 0x50:
            septets = unpack(octets, length * 4 // 7)
            if len(septets) % 8 == 0:
                septets = septets.removesuffix(b"\x00")  # seven letters fill seven octets, the rest bits are no "@"
            name = septets_to_text(septets).removesuffix("\x1b").strip()
            # Anybody may buy a name that looks like a number; it must not be taken for that telephone.
            return f"{name} (name)" if re.fullmatch(r"\W*(?:\d\W*){7,}", name, re.ASCII) else name
        digits = str(decodeSemiOctets(bytearray(octets)))[:length].replace("f", "").translate(_BCD_DIGITS)
        return f"+{digits}" if kind & 0x70 == 0x10 and digits else digits

    def user_data(self, count: int, coding: Coding) -> bytes:
        packed = coding.alphabet is Alphabet.GSM7 and not coding.compressed
        octets = (count * 7 + 7) // 8 if packed else count
        if octets > MAX_USER_DATA:
            raise PduError(f"the PDU announces {octets} octets of user data, {MAX_USER_DATA} fit")
        return self.take(octets)


def _first_octet(pdu: str) -> int:
    return _Octets(pdu).one()


def _header(data: bytes) -> Header:
    try:
        return read_header(data)
    except ValueError as error:
        raise PduError(str(error)) from None


def _with_contents(
    received: SegmentReceived, coding: Coding, header: Header, data: bytes, count: int, pid: int
) -> SegmentReceived:
    octets = data[header.octets :]
    if header.port in WAP_PUSH_PORTS and (header.number or 1) == 1 and is_mms_notification(octets):
        return replace(received, kind="mms_notice", sender=mms_sender(octets) or received.sender, raw=octets.hex())
    if coding.compressed and octets:
        return replace(received, kind="undecodable", raw=octets.hex())
    text = _text(coding.alphabet, header, data, count)
    shown = text.removesuffix("\x1b") if coding.alphabet is Alphabet.GSM7 else text
    body = valid_unicode(shown).replace("\x00", "")
    if coding.alphabet is Alphabet.OCTETS or header.port is not None or pid == _TYPE_0:
        return replace(received, kind="binary", body="".join(c for c in body if c.isprintable()), raw=octets.hex())
    kind = "voicemail_notice" if coding.waiting or header.waiting else "text"
    if header.total in (None, 1):
        return replace(received, kind=kind, body=body)
    return replace(
        received,
        kind=kind,
        body=body,
        ref=header.ref,
        total=header.total,
        number=header.number,
        raw=text.encode("utf-16-be", "surrogatepass").hex(),
    )


def _text(alphabet: Alphabet, header: Header, data: bytes, count: int) -> str:
    """The characters as they came: half a surrogate pair, or an ESC without its character, may stand at an end."""
    octets = data[header.octets :]
    match alphabet:
        case Alphabet.GSM7:
            header_septets = -(-header.octets * 8 // 7)
            if header_septets > count:
                raise PduError("the user data header is longer than the user data")
            return septets_to_text(unpack(data, count)[header_septets:], header.single, header.locking)
        case Alphabet.UCS2:
            whole = len(octets) & ~1
            return octets[:whole].decode("utf-16-be", "surrogatepass") + ("\ufffd" if whole < len(octets) else "")
        case Alphabet.OCTETS:
            return octets.decode("latin-1")


def _timestamp(octets: bytes) -> datetime | None:
    """Seven octets of local time and quarter hours from UTC (9.2.3.11), in UTC; None when they are no time."""
    year, month, day, hour, minute, second, zone = ((octet & 0x0F) * 16 + (octet >> 4) for octet in octets)
    fields = [_bcd(field) for field in (year, month, day, hour, minute, second, zone & 0x7F)]
    if any(field < 0 for field in fields):
        return None
    year, month, day, hour, minute, second, quarters = fields
    offset = timedelta(minutes=-15 * quarters if zone & 0x80 else 15 * quarters)  # the zone's highest bit is its sign
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _bcd(value: int) -> int:
    high, low = value >> 4, value & 0x0F
    return high * 10 + low if high <= 9 and low <= 9 else -1


def _identity(*fields: bytes) -> str:
    """The same octets, read twice, are the same segment. Each field's length goes in, so none can run into the next."""
    digest = hashlib.sha256()
    for field in fields:
        digest.update(len(field).to_bytes(2, "big") + field)
    return digest.hexdigest()[:32]  # 128 bits: no two texts of one box ever collide
