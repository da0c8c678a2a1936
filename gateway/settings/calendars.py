"""Calendars in which a crew may be busy: where each is read, how often, and for how long what was read counts."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from gateway.core.booking.rules import BusyCalendar
from gateway.core.business import Business
from gateway.settings import kinds, times
from gateway.settings.devices import read_secret
from gateway.settings.options import (
    Option,
    Place,
    Reading,
    RefusedError,
    Section,
    Shape,
    mapping,
    scalar,
    shaped,
    taken,
)
from gateway.settings.problems import shown
from gateway.settings.values import CalendarConfig, CalendarKind
from gateway.settings.yamlnodes import Entry, Node

_FURTHEST_REFRESH_S, _LONGEST_FRESH_S = 12 * 3600.0, 24 * 3600.0
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?", re.ASCII)
# Names that no public name server answers for: RFC 6762, RFC 8375, and what ICANN keeps for private use.
_OF_THE_LAN = (".local", ".lan", ".home", ".home.arpa", ".internal", ".localdomain", ".localhost", ".intranet", ".corp")
_TAILNET = ipaddress.ip_network("100.64.0.0/10")  # RFC 6598; Tailscale's addresses are of these


def _web_address(node: Node, place: Place) -> str:  # noqa: ARG001
    """An address of http or https, without a name and a password in it."""
    wanted = "an address such as http://nas.local/calendars/north.ics"
    text = scalar(node, wanted)
    if text.casefold().startswith(("webcal:", "webcals:")):
        raise RefusedError(f"{shown(text)} begins with webcal", "write the same address with https:// or http://")
    if any(ord(character) <= 32 or ord(character) == 127 for character in text):
        raise RefusedError(f"{shown(text)} is not a web address", f"write {wanted}")
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and _is_host(parts) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise RefusedError(f"{shown(text)} is not a web address", f"write {wanted}")
    if "@" in parts.netloc:
        raise RefusedError(
            "a name or a password stands in the address", "write 'user:' and 'password:' below it instead"
        )
    return text.partition("#")[0]


def _is_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if _HOST.fullmatch(host):
        return True
    try:
        return bool(ipaddress.IPv6Address(host.partition("%")[0]))
    except ValueError:
        return False


shaped(_web_address, Shape("words"))

K_FILE = Option(
    "file",
    kinds.absolute,
    "",
    "An .ics file on this box or on a share that is mounted here. One of file, url and caldav is needed.",
    example="/mnt/office/north.ics",
    shown_off=True,
)
K_URL = Option(
    "url",
    _web_address,
    "",
    "The address of an .ics file in your network.",
    example="http://nas.local/calendars/north.ics",
    shown_off=True,
)
K_CALDAV = Option(
    "caldav",
    _web_address,
    "",
    "The address of one calendar of a CalDAV server in your network: Radicale, Nextcloud, Synology, Baikal and others.",
    example="http://nas.local:5232/office/north/",
    shown_off=True,
)
K_USER = Option(
    "user",
    kinds.word("the user's name"),
    "",
    "The name to sign in with, where the server asks for one. A user who may only read is enough.",
    example="textback",
    shown_off=True,
)
K_PASSWORD = Option(
    "password",
    shaped(kinds.word("the password in quotes"), Shape("secret")),
    "",
    "The password; or use password_file.",
    example='"change-me"',
    shown_off=True,
)
K_PASSWORD_FILE = Option(
    "password_file",
    kinds.word("the path of a file"),
    "",
    "A file whose first line is the password (beside this file when the path does not begin with /).",
    example="/etc/textback/calendar-password",
    shown_off=True,
)
K_REFRESH = Option(
    "refresh",
    times.duration("min", 60.0, _FURTHEST_REFRESH_S),
    15 * 60.0,
    "How often it is read. Plain numbers are minutes.",
    "15 min",
)
K_FRESH = Option(
    "fresh",
    times.duration("h", 5 * 60.0, _LONGEST_FRESH_S),
    3600.0,
    "For so long what was read counts for sure. Older than that, appointments of its crews are requested, and a person of the"
    " office confirms them. Plain numbers are hours.",
    "1 h",
)
CALENDAR: Section = Section(
    "calendars",
    "Calendars in which your crews may be busy. Each has a name of your choice, by which a crew names it. Whatever stands there"
    " is not offered, unless it is marked as free or cancelled; what it is about is neither kept nor shown.",
    (K_FILE, K_URL, K_CALDAV, K_USER, K_PASSWORD, K_PASSWORD_FILE, K_REFRESH, K_FRESH),
)
_PLACES = ((K_FILE, CalendarKind.FILE), (K_URL, CalendarKind.URL), (K_CALDAV, CalendarKind.CALDAV))


def read_calendars(named: Iterator[tuple[Entry, Place]]) -> tuple[CalendarConfig, ...]:
    """All calendars that say where they are. Each has to be in exactly one place."""
    return tuple(each for each in (_calendar(entry, place) for entry, place in named) if each is not None)


def _calendar(entry: Entry, place: Place) -> CalendarConfig | None:
    node = taken(lambda inner, _: mapping(inner, "'file: /mnt/office/north.ics'"), entry.node, place, None)
    if node is None:
        return None
    reading = Reading(CALENDAR, node, place, entry.line)
    before = len(place.problems)
    found = [(kind, where) for option, kind in _PLACES if (where := reading.get(option))]
    user, password = (
        reading.get(K_USER),
        read_secret(reading, reading.get(K_PASSWORD), K_PASSWORD.name, K_PASSWORD_FILE),
    )
    refresh_s, fresh_s = reading.get(K_REFRESH), reading.get(K_FRESH)
    if not found and len(place.problems) == before:
        place.say(entry.line, "it is not said where it is", "write one of file, url and caldav below it")
    elif len(found) > 1:
        several = " and ".join(kind for kind, _ in found)
        place.say(entry.line, f"it is said to be in several places ({several})", "keep one of them")
    elif found and found[0][0] is CalendarKind.FILE and (user or password):
        place.doubt(entry.line, "a file needs no user and no password", "take them out")
    elif password and not user:
        place.say(entry.line, "there is a password and no user", "write 'user:' with the name to sign in with")
    if fresh_s < refresh_s:
        what = "it is not read again before what was read counts no more"
        place.at(K_FRESH.name).say(reading.line_of(K_FRESH), what, "make it at least as long as refresh")
    kind, where = found[0] if found else (CalendarKind.FILE, "/")
    return CalendarConfig(entry.key, kind, where, user, password, refresh_s, fresh_s)


def rules_of(calendars: Sequence[CalendarConfig]) -> dict[str, BusyCalendar]:
    """What the core has to know of them."""
    return {each.name: BusyCalendar(each.name, source_of(each), timedelta(seconds=each.fresh_s)) for each in calendars}


def source_of(calendar: CalendarConfig) -> str:
    """A mark of where a calendar is: what was read elsewhere under the same name does not count for it."""
    where = "\n".join((calendar.kind, calendar.where, calendar.user))
    return hashlib.sha256(where.encode("utf-8", "replace")).hexdigest()[:16]


def judge_calendars(calendars: Sequence[CalendarConfig], business: Business, place: Place) -> None:
    """Doubt a calendar that no crew names, and one that is not in the office's own network."""
    used = {name for crew in business.conversation.booking.crews.values() for name in crew.calendars}
    for each in calendars:
        path = f"{CALENDAR.name}.{each.name}"
        if each.name not in used:
            what = f"{path}: no crew names this calendar: it is never read"
            place.doubt(place.line_of(path), what, f"write 'calendars: [{each.name}]' for one of the crews")
        if each.kind is not CalendarKind.FILE and not is_of_the_lan(each.where):
            what = f"{path}.{each.kind}: this looks like an address in the internet, and this box works without it"
            remedy = "use a calendar in your own network, or one that another program copies into a file here"
            place.doubt(place.line_of(f"{path}.{each.kind}"), what, remedy)


def is_of_the_lan(address: str) -> bool:
    """Whether an address can be one of the office's own network, as far as its words tell."""
    host = (urlsplit(address).hostname or "").rstrip(".").casefold()
    try:
        ip = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "." not in host or host.endswith(_OF_THE_LAN)
    return ip.is_private or ip.is_loopback or ip.is_link_local or (ip.version == 4 and ip in _TAILNET)
