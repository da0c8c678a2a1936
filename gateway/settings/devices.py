"""The options of the hardware and of the program itself: Asterisk, modem, page, journal, state folder; and what they come down to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum

from gateway.core.business import Line
from gateway.files import MODEM_PROFILES
from gateway.ports.devices import OnRing
from gateway.settings import kinds
from gateway.settings.options import Option, Place, Reading, RefusedError, Section
from gateway.settings.problems import shown, suggestion
from gateway.settings.values import AsteriskConfig, ClockConfig, LogLevel, ModemConfig, PageConfig, Role
from gateway.settings.yamlnodes import Node

_CONTEXTS = "a list of context names such as [from-trunk, from-pstn]"
# The Asterisk driver's own defaults: FreePBX's names first, then those of hand-written dialplans.
INBOUND_CONTEXTS: tuple[str, ...] = (
    *("from-trunk", "from-trunk-*", "from-pstn", "from-pstn-*", "from-did", "from-did-*", "from-dahdi", "from-zaptel"),
    *("from-analog", "from-digital", "from-sip-external", "from-external", "from-outside", "from-provider"),
    *("incoming*", "inbound*", "ext-did*"),
)
INTERNAL_CONTEXTS: tuple[str, ...] = (
    *("from-internal*", "internal*", "from-phones*", "from-extensions*", "click-to-call*", "outbound*", "outgoing*"),
)
A_NAME = Option(
    "name", kinds.name, "asterisk", "A name of your choice, for the page; needed when there are several.", "asterisk"
)
A_HOST = Option("host", kinds.host, "127.0.0.1", "Where Asterisk runs.", "127.0.0.1")
A_PORT = Option("port", kinds.port_number, 5038, "Its manager port (manager.conf).", "5038")
A_USER = Option(
    "username",
    kinds.word("the manager user of manager.conf"),
    "",
    "The user in manager.conf: read = system,call and write = reporting are enough.",
    example="textback",
    required=True,
)
A_SECRET = Option(
    "secret", kinds.word("the secret in quotes"), "", "Its secret; or use secret_file.", example='"change-me"'
)
A_SECRET_FILE = Option(
    "secret_file",
    kinds.word("the path of a file"),
    "",
    "A file whose first line is the secret (beside this file when the path does not begin with /).",
    example="/etc/textback/ami-secret",
    shown_off=True,
)
A_INBOUND: Option[tuple[str, ...]] = Option(
    "inbound_contexts",
    kinds.each(kinds.word("a context name"), _CONTEXTS),
    INBOUND_CONTEXTS,
    "Dialplan contexts in which calls from outside arrive; * stands for any ending.",
    f"[{', '.join(INBOUND_CONTEXTS)}]",
)
A_INTERNAL: Option[tuple[str, ...]] = Option(
    "internal_contexts",
    kinds.each(kinds.word("a context name"), _CONTEXTS),
    INTERNAL_CONTEXTS,
    "Dialplan contexts of your own telephones; * stands for any ending.",
    f"[{', '.join(INTERNAL_CONTEXTS)}]",
)
A_CDR = Option(
    "cdr",
    kinds.optional(kinds.absolute),
    None,
    "The phone system's own records of calls, if this box can read them: a csv file or an SQLite database. Calls that came while"
    " the box was off are caught up from there.",
    "none",
    "/var/log/asterisk/cdr-csv/Master.csv",
    shown_off=True,
)
ASTERISK: Section = Section(
    "asterisk",
    "Your Asterisk or FreePBX. Remove the section if you have none. Several are written as a list.",
    (A_NAME, A_HOST, A_PORT, A_USER, A_SECRET, A_SECRET_FILE, A_INBOUND, A_INTERNAL, A_CDR),
)


def _profile(node: Node, place: Place) -> str:
    """A modem profile by its name; those that come with the product are files, so one can be added."""
    name = kinds.name(node, place)
    known = sorted(path.stem for path in MODEM_PROFILES.glob("*.yaml"))
    if known and name not in known:
        raise RefusedError(f"there is no modem profile {shown(name)}", suggestion(name, known))
    return name


M_NAME = Option(
    "name", kinds.name, "modem", "A name of your choice, for the page; needed when there are several.", "modem"
)
M_PORT = Option(
    "port",
    kinds.absolute,
    "",
    "The modem's serial port. Use the name under /dev/serial/by-id: ttyUSB numbers change at a restart.",
    example="/dev/serial/by-id/usb-HUAWEI_HUAWEI_Mobile-if00-port0",
    required=True,
)
M_BAUD = Option("baud", kinds.whole(1200, 4_000_000), 115200, "Speed of the port.", "115200")
M_RTSCTS = Option("rtscts", kinds.switch, False, "Hardware flow control, for boards that wire it.", "no")
M_PIN = Option(
    "pin",
    kinds.optional(kinds.pin),
    None,
    "The SIM's PIN, in quotes; or use pin_file. Tried once only.",
    "none",
    '"1234"',
    shown_off=True,
)
M_PIN_FILE = Option(
    "pin_file",
    kinds.word("the path of a file"),
    "",
    "A file whose first line is the PIN.",
    example="/etc/textback/sim-pin",
    shown_off=True,
)
M_NUMBER = Option(
    "number",
    kinds.optional(kinds.phone),
    None,
    "The SIM's own number, from which the texts go out.",
    "none",
    '"+12165550188"',
)
M_ON_RING = Option(
    "on_ring",
    kinds.choice(OnRing),
    OnRing.RING,
    "A call to the SIM: ring (let it ring out) or hang_up. It is never answered.",
    "ring",
)
M_ROLE = Option(
    "role",
    kinds.choice(Role),
    Role.TEXT_ONLY,
    "What the SIM is for: text_only; forwarded_line (the office's unanswered calls are forwarded to it);"
    " business_line (it is your published number).",
    "text_only",
)
M_LINE = Option(
    "line",
    kinds.optional(kinds.name),
    None,
    "The line whose calls ring here, for forwarded_line; your only line when left out.",
    "none",
    "main",
    shown_off=True,
)
M_PROFILE = Option(
    "profile",
    kinds.optional(_profile),
    None,
    "Modem profile, when the modem is not recognised by itself.",
    "none",
    "generic",
    shown_off=True,
)
M_CARRIERS: Option[tuple[str, ...]] = Option(
    "carrier_senders",
    kinds.each(kinds.word("a number or name"), "a list such as ['+18055550149', MyCarrier]"),
    (),
    "Senders of the carrier's own texts “you missed a call from ...”, beside short codes: its voicemail number or its name.",
    "[]",
    '["+18055550149"]',
    shown_off=True,
)
MODEM: Section = Section(
    "modem",
    "The GSM modem with the SIM that sends the texts. Several are written as a list.",
    (M_NAME, M_PORT, M_BAUD, M_RTSCTS, M_PIN, M_PIN_FILE, M_NUMBER, M_ON_RING, M_ROLE, M_LINE, M_PROFILE, M_CARRIERS),
)

P_HOST = Option(
    "host",
    kinds.host,
    "127.0.0.1",
    "127.0.0.1 is this machine only; the box's own LAN address, or 0.0.0.0, opens the page to the office network.",
    "127.0.0.1",
)
P_PORT = Option("port", kinds.port_number, 8080, "The port in the page's address.", "8080")
P_NAMES: Option[tuple[str, ...]] = Option(
    "names",
    kinds.each(kinds.page_name, "a list such as [textback.local]"),
    (),
    "Further names under which the page is opened, such as one of your own DNS. IP addresses, localhost and the box's"
    " own name, also with .local behind it, work anyway.",
    "[]",
    "[calls.miller.example]",
    shown_off=True,
)
P_INTERNET = Option(
    "from_internet",
    kinds.switch,
    False,
    "Whether visitors from public addresses are let in. Left at no, only the office's network and a VPN are.",
    "no",
)
P_CERTIFICATE = Option(
    "tls_certificate",
    kinds.word("the path of a file"),
    "",
    "Serves the page by HTTPS: a certificate in PEM, with tls_key. “textback certificate” makes both.",
    example="/var/lib/textback/tls/page.pem",
    shown_off=True,
)
P_KEY = Option(
    "tls_key",
    kinds.word("the path of a file"),
    "",
    "The certificate's key.",
    example="/var/lib/textback/tls/page.key",
    shown_off=True,
)
P_METRICS = Option(
    "metrics",
    kinds.switch,
    False,
    "yes: figures for Prometheus at /metrics of the page, for the office's network only. They name nobody, so nobody has to sign in.",
    "no",
)
PAGE: Section = Section(
    "page", "The office page.", (P_HOST, P_PORT, P_NAMES, P_INTERNET, P_CERTIFICATE, P_KEY, P_METRICS)
)

G_LEVEL = Option("level", kinds.choice(LogLevel), LogLevel.INFO, "debug, info, warning or error.", "info")
LOG: Section = Section("log", "What is written to the journal. Numbers are always masked.", (G_LEVEL,))


class Unconfirmed(StrEnum):
    """What a box without a clock of its own does after a power cut while nobody tells it the time."""

    WAIT = "wait"
    GO_ON = "go_on"


K_NETWORK = Option(
    "network",
    kinds.switch,
    True,
    "Whether the mobile network's time is believed. Say no where the carrier tells a wrong one.",
    "yes",
)
K_UNCONFIRMED = Option(
    "unconfirmed",
    kinds.choice(Unconfirmed),
    Unconfirmed.WAIT,
    "After a power cut, while neither the internet nor the mobile network tells the time and the box has no clock module:"
    " wait (nobody is texted), or go_on (its clock is believed, although it may be hours behind).",
    "wait",
)
CLOCK: Section = Section("clock", "How the box learns what time it is.", (K_NETWORK, K_UNCONFIRMED))

STATE = Option(
    "state",
    kinds.absolute,
    "/var/lib/textback",
    "The folder in which the gateway keeps its memory.",
    "/var/lib/textback",
)


def read_asterisk(reading: Reading) -> AsteriskConfig:
    """One Asterisk; that its secret is missing is said."""
    secret = read_secret(reading, reading.get(A_SECRET), A_SECRET.name, A_SECRET_FILE)
    if not secret and not reading.given(A_SECRET_FILE):
        reading.place.say(reading.line, "'secret' is missing", "write secret, or secret_file with the path of a file")
    return AsteriskConfig(
        name=reading.get(A_NAME),
        host=reading.get(A_HOST),
        port=reading.get(A_PORT),
        username=reading.get(A_USER),
        secret=secret,
        inbound_contexts=reading.get(A_INBOUND),
        internal_contexts=reading.get(A_INTERNAL),
        cdr=_readable(reading),
    )


def _readable(reading: Reading) -> str | None:
    """The records' path; that they cannot be read now is a doubt, for the phone system may not have made them yet."""
    path = reading.get(A_CDR)
    if path is not None and not os.access(path, os.R_OK):
        reading.place.at(A_CDR.name).doubt(
            reading.line_of(A_CDR),
            f"{shown(path)} is not there, or this user may not read it",
            "calls that come while the box is off are only caught up when it can be read",
        )
    return path


def read_modem(reading: Reading) -> ModemConfig:
    """One modem."""
    pin = read_secret(reading, reading.get(M_PIN), M_PIN.name, M_PIN_FILE)
    if pin and not kinds.is_pin(pin):
        remedy = "write 4 to 8 digits on the file's first line"
        reading.place.say(reading.line_of(M_PIN_FILE), "the file does not hold a PIN", remedy)
    return ModemConfig(
        name=reading.get(M_NAME),
        port=reading.get(M_PORT),
        baud=reading.get(M_BAUD),
        rtscts=reading.get(M_RTSCTS),
        pin=pin or None,
        number=reading.get(M_NUMBER),
        on_ring=reading.get(M_ON_RING),
        role=reading.get(M_ROLE),
        line=reading.get(M_LINE),
        profile=reading.get(M_PROFILE),
        carriers=reading.get(M_CARRIERS),
    )


def rings_at(modem: ModemConfig, lines: Sequence[Line]) -> str | None:
    """The number under which calls at a modem count: of the line that is forwarded to it, else its own."""
    number = next((line.number for line in lines if line.name == modem.line), None)
    if number is None and modem.role is Role.FORWARDED_LINE and lines:
        number = lines[0].number
    return number or modem.number


def read_page(reading: Reading) -> PageConfig:
    """Where and how the page is served."""
    return PageConfig(
        reading.get(P_HOST),
        reading.get(P_PORT),
        reading.get(P_NAMES),
        reading.get(P_INTERNET),
        reading.get(P_CERTIFICATE),
        reading.get(P_KEY),
        reading.get(P_METRICS),
    )


def read_clock(reading: Reading) -> ClockConfig:
    """Who is believed about the time."""
    return ClockConfig(reading.get(K_NETWORK), reading.get(K_UNCONFIRMED) is Unconfirmed.GO_ON)


def read_secret(reading: Reading, written: str | None, name: str, file: Option[str]) -> str:
    """A secret that stands in the file itself or in a file of its own ("" when in neither)."""
    path = reading.get(file)
    if not path:
        return written or ""
    place = reading.place.at(file.name)
    if written:
        place.say(reading.line_of(file), f"'{name}' is given as well", "keep one of the two")
    try:
        return kinds.small_file(place.folder / path)
    except RefusedError as refused:
        place.say(reading.line_of(file), refused.what, refused.remedy)
        return ""
