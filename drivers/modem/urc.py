"""What a modem says unasked, as values. Pure.

Sources: 3GPP TS 27.007 7.6 (+CLIP), 7.12 (+CCWA), 7.18 (+CLCC), TS 27.005 3.4.1 (+CMTI, +CMT, +CDS, +CDSI),
vendors' manuals for ^CEND (Huawei), VOICE CALL and MISSED_CALL (SIMCom).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

INTERNATIONAL = 145  # TS 24.008 10.5.4.7: type of number international, ISDN plan
_WITHHELD = {"1", "2", "3", "4"}  # TS 27.007 7.6: withheld, interworking, payphone, unavailable for another reason
_CALL_OVER = ("NO CARRIER", "BUSY", "NO ANSWER", "^CEND", "VOICE CALL: END", "VOICE CALL:END", "HANGUP", "^ORIG_END")
_REBOOT = ("RDY", "NORMAL POWER DOWN")  # Huawei's ^BOOT is noise
_READY = ("Call Ready", "SMS Ready", "PB DONE", "SMS DONE", "+QIND: SMS DONE", "+QIND: PB DONE")
_FULL = ("^SMMEMFULL", "+SMSFULL", "SMS FULL", "*SMSFULL")
_POWER = ("UNDER-VOLTAGE", "OVER-VOLTAGE", "UNDER VOLTAGE", "OVER VOLTAGE")
_KNOWN = ("^", *_CALL_OVER, *_REBOOT, *_READY, *_FULL, *_POWER)
# Names that also open the answer to a command; the engine prefers the answer when that command waits.
_NAMES = {
    *("RING", "+CRING", "+CLIP", "+CCWA", "+CMTI", "+CMT", "+CDS", "+CDSI", "+CBM", "+CBMI", "MISSED_CALL"),
    *("+CREG", "+CGREG", "+CEREG", "+CPIN", "+CFUN", "+CUSD", "+CTZV", "+CTZE", "+CTZDST", "+CIEV", "+CSSI", "+CSSU"),
    *("+CGEV", "+COLP", "+CNAP", "+CDIP", "+ZUSIMR", "+QIND", "+QUSIM", "+SIMCARD", "+STIN", "+STC", "+PSUTTZ", "DST"),
    *("*PSUTTZ", "*ECAV", "*PSNWID", "+WIND", "+SIM", "CONNECT", "RINGBACK", "VOICE CALL"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ring:
    """RING or +CRING."""


@dataclass(frozen=True, slots=True)
class CallerId:
    """+CLIP. `number` as delivered, with "+" when its type is international; None when withheld."""

    number: str | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class CallWaiting:
    """+CCWA: a second call while another one rings."""

    number: str | None


@dataclass(frozen=True, slots=True)
class CallOver:
    """The ringing call has ended."""

    said: str


@dataclass(frozen=True, slots=True)
class MissedCall:
    """MISSED_CALL: 11:01AM 0771..., SIMCom's notice after a call nobody took."""

    number: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """+CMTI or +CDSI: something was stored at `index` (0 is valid) of `memory`."""

    memory: str
    index: int


@dataclass(frozen=True, slots=True)
class Direct:
    """+CMT or +CDS: a PDU that is stored nowhere."""

    pdu: str


@dataclass(frozen=True, slots=True)
class Registration:
    """+CREG, one field."""

    status: int


@dataclass(frozen=True, slots=True)
class SimSaid:
    """+CPIN: READY, SIM PIN, NOT INSERTED, NOT READY ..."""

    state: str


@dataclass(frozen=True, slots=True)
class Rebooted:
    """The modem has just started: everything set before is gone."""

    said: str


@dataclass(frozen=True, slots=True)
class GotReady:
    """SIM or message store got ready some seconds after power-up: what was set earlier may not hold."""

    said: str


@dataclass(frozen=True, slots=True)
class StoreFull:
    """A text waits in the network because the store has no room."""


@dataclass(frozen=True, slots=True)
class PowerWarning:
    """The modem's supply is out of range."""

    said: str


@dataclass(frozen=True, slots=True)
class Noise:
    """Anything else."""

    said: str


Urc = (
    Ring
    | CallerId
    | CallWaiting
    | CallOver
    | MissedCall
    | Stored
    | Direct
    | Registration
    | SimSaid
    | Rebooted
    | GotReady
    | StoreFull
    | PowerWarning
    | Noise
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A vendor's additions: prefixes of lines that are noise, and of lines that end a call."""

    noise: tuple[str, ...] = ()
    call_over: tuple[str, ...] = ()


def name_of(line: str) -> str:
    """The part before the colon, which says what the line is."""
    return line.split(":", 1)[0].rstrip()


def is_unsolicited(line: str, dialect: Dialect) -> bool:
    """A line the modem may say at any moment. Judged by its own beginning, never by its position."""
    return name_of(line) in _NAMES or line.startswith(_KNOWN + dialect.noise + dialect.call_over)


def carries_next_line(line: str) -> bool:
    """+CMT, +CDS and +CBM announce a PDU on the line that follows (TS 27.005 3.4.1)."""
    return name_of(line) in {"+CMT", "+CDS", "+CBM"}


def tpdu_octets(pdu: str) -> int:
    """Octets behind the service centre address, which is what modems announce (TS 27.005 3.1 <length>)."""
    octets = len(pdu) // 2
    return octets - 1 - int(pdu[:2], 16) if octets else 0


def parse(line: str, pdu: str | None, dialect: Dialect) -> Urc:
    """One unsolicited line, with the PDU that followed it if any. Never raises."""
    if pdu is not None:
        return Noise(line) if name_of(line) == "+CBM" else Direct(pdu)  # a broadcast is for everybody, not for us
    if line.startswith(_CALL_OVER + dialect.call_over):
        return CallOver(line)
    if line.startswith(_FULL):
        return StoreFull()
    if line.startswith(_POWER):
        return PowerWarning(line)
    if line.startswith(_REBOOT):
        return Rebooted(line)
    if line.startswith(_READY):
        return GotReady(line)
    fields = split_fields(line)
    match name_of(line):
        case "RING" | "+CRING":
            return Ring()
        case "+CLIP":
            return CallerId(_caller(fields, validity_at=5), _field(fields, 4) or None)
        case "+CCWA":
            return CallWaiting(_caller(fields, validity_at=4))
        case "MISSED_CALL":
            return MissedCall(dialable([*line.split(None, 2), "", ""][2], None))  # behind name and time of day
        case "+CMTI" | "+CDSI" if _field(fields, 1).isdecimal():
            return Stored(_field(fields, 0), int(_field(fields, 1)))
        case "+CREG" if _field(fields, 0).isdecimal():
            return Registration(int(_field(fields, 0)))
        case "+CPIN":
            return SimSaid(_field(fields, 0))
        case _:
            return Noise(line)


def split_fields(line: str) -> tuple[str, ...]:
    """Fields behind the colon; commas inside quotation marks do not separate; the marks and blanks are removed."""
    fields, quoted = [""], False
    for letter in line.partition(":")[2]:
        if letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            fields.append("")
        else:
            fields[-1] += letter
    return tuple(field.strip() for field in fields)


def dialable(number: str, type_of_number: int | None) -> str | None:
    """A number as delivered. "+" is put in front of international ones only; a national number stays as it is."""
    digits = re.sub(r"[^0-9*#+]", "", number)
    if not re.search(r"[0-9]", digits):
        return None
    return f"+{digits}" if type_of_number == INTERNATIONAL and not digits.startswith("+") else digits


@dataclass(frozen=True, slots=True)
class ListedCall:
    """One line of +CLCC: an incoming call that rings (4) or waits (5), as TS 27.007 7.18 numbers the states."""

    number: str | None
    waiting: bool


def ringing_calls(lines: tuple[str, ...]) -> tuple[ListedCall, ...]:
    """Incoming calls of an answer to AT+CLCC; SIM800's extra field is harmless."""
    found = []
    for line in lines:
        fields = split_fields(line)
        if name_of(line) == "+CLCC" and _field(fields, 1) == "1" and _field(fields, 2) in {"4", "5"}:
            found.append(ListedCall(dialable(_field(fields, 5), _integer(_field(fields, 6))), _field(fields, 2) == "5"))
    return tuple(found)


def call_out(lines: tuple[str, ...]) -> int | None:
    """State of the call that the modem has made, by an answer to AT+CLCC (TS 27.007 7.18: 0 active, 2 dialling, 3 alerting)."""
    for line in lines:
        fields = split_fields(line)
        if name_of(line) == "+CLCC" and _field(fields, 1) == "0" and (state := _integer(_field(fields, 2))) is not None:
            return state
    return None


def _caller(fields: tuple[str, ...], validity_at: int) -> str | None:
    if _field(fields, validity_at) in _WITHHELD:
        return None
    return dialable(_field(fields, 0), _integer(_field(fields, 1)))


def _field(fields: tuple[str, ...], at: int) -> str:
    return fields[at] if at < len(fields) else ""


def _integer(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() else None
