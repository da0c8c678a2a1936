"""What a configuration file says, as values. The business itself is `gateway.core.business.Business`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gateway.core.business import Business
from gateway.core.care import BackupRules, Retention
from gateway.core.policy import ContactKind
from gateway.ports.devices import OnRing
from gateway.settings.problems import Problem


class Role(StrEnum):
    """What the SIM is for."""

    TEXT_ONLY = "text_only"  # calls to it are people ringing back the texting number
    FORWARDED_LINE = "forwarded_line"  # the office's unanswered calls are forwarded to it: every ring is a missed call
    BUSINESS_LINE = "business_line"  # it is the published number


class RingVia(StrEnum):
    """What rings telephones in an emergency."""

    OFF = "off"
    MODEM = "modem"
    ASTERISK = "asterisk"


class LogLevel(StrEnum):
    """How much the journal is told."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class AsteriskConfig:
    """One Asterisk's manager port. `secret` is the secret itself, wherever it was written."""

    name: str
    host: str
    port: int
    username: str
    secret: str = field(repr=False)
    inbound_contexts: tuple[str, ...]
    internal_contexts: tuple[str, ...]
    cdr: str | None = None  # path of its call detail records


@dataclass(frozen=True, slots=True)
class ModemConfig:
    """One GSM modem. `number` is its SIM's own number (E.164); `line` names the line whose calls ring here."""

    name: str
    port: str
    baud: int
    rtscts: bool
    pin: str | None = field(repr=False)
    number: str | None
    on_ring: OnRing
    role: Role
    line: str | None
    profile: str | None
    carriers: tuple[str, ...] = ()  # senders of the carrier's own texts


@dataclass(frozen=True, slots=True)
class RingingConfig:
    """How telephones are rung in an emergency. All behind `ring_s` is for Asterisk; `server` is the name of one, "" the only one."""

    via: RingVia = RingVia.OFF
    ring_s: float = 25.0
    server: str = ""
    username: str = ""
    secret: str = field(default="", repr=False)
    channel: str = ""
    caller_id: str | None = None
    prompt: tuple[str, ...] = ()


class CalendarKind(StrEnum):
    """How a calendar is read; the name of the option that says where it is."""

    FILE = "file"
    URL = "url"
    CALDAV = "caldav"


@dataclass(frozen=True, slots=True)
class CalendarConfig:
    """A calendar in which a crew may be busy. `where`: a path, or an address of http or https."""

    name: str
    kind: CalendarKind
    where: str
    user: str = ""
    password: str = field(default="", repr=False)
    refresh_s: float = 15 * 60.0
    fresh_s: float = 3600.0


@dataclass(frozen=True, slots=True)
class PageConfig:
    """Where the office page is served."""

    host: str
    port: int
    names: tuple[str, ...] = ()  # further names that browsers may ask for
    from_internet: bool = False  # visitors from public addresses are let in
    tls_certificate: str = ""  # with tls_key: the page is served by HTTPS
    tls_key: str = ""
    metrics: bool = False  # figures for a monitor


@dataclass(frozen=True, slots=True)
class ClockConfig:
    """Who is believed about the time: the mobile network, and, where nobody can be asked, the clock as it stands."""

    network: bool = True
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class LogConfig:
    """What goes to the journal."""

    level: LogLevel


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody the business knows; `number` is E.164."""

    number: str
    kind: ContactKind
    name: str


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration that can be run. `warnings` are doubts, each with its line and remedy."""

    business: Business
    modems: tuple[ModemConfig, ...]
    asterisk: tuple[AsteriskConfig, ...]
    page: PageConfig
    state_dir: Path
    log: LogConfig
    contacts: tuple[Contact, ...]
    source: Path
    ringing: RingingConfig = field(default_factory=RingingConfig)
    backup: BackupRules = field(default_factory=BackupRules)
    retention: Retention = field(default_factory=Retention)
    calendars: tuple[CalendarConfig, ...] = ()
    clock: ClockConfig = field(default_factory=ClockConfig)
    warnings: tuple[Problem, ...] = ()
    mark: str = ""  # of the file's bytes (`gateway.settings.edit.keeping.mark_of`)
    setup: bool = False  # there is no file yet; `source` is where it will be
