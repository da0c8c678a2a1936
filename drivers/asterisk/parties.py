"""Who is who on the PBX: what a channel's name says, and which spellings of a caller mean "withheld".

Channel names are `Technology/endpoint-serial` (docs.asterisk.org, "Channels"); the two halves of a Local channel end
in `;1` and `;2`. The dial string of a leg (`DialString` of DialBegin) tells the number an outside leg was dialled with.
"""

from __future__ import annotations

import re

# Channels with nobody behind them: bridge plumbing, recorders, spies, media servers and robots.
_NOBODY = frozenset(
    {
        "local", "cbann", "cbrec", "announcer", "recorder", "snoop", "surrogate", "message", "unicastrtp", "multicastrtp",
        "audiosocket", "websocket", "asyncgoto", "bridge", "announce", "null", "parking", "stasis", "test", "nbs", "alsa",
    }
)  # fmt: skip

_TECHNOLOGIES = frozenset(
    {"pjsip", "sip", "dahdi", "iax2", "motif", "sccp", "skinny", "mgcp", "ooh323", "dongle", "quectel"}
)
_SERIAL = re.compile(r"-[0-9a-fA-F]{1,16}$")
_ZOMBIE = re.compile(r"(<ZOMBIE>|<MASQ>)+$")
_WITHHELD = frozenset(
    {"", "anonymous", "private", "unavailable", "restricted", "unknown", "withheld", "<unknown>", "anonymous.invalid", "blocked",
     "unknown number", "private number", "id unavailable", "not available", "none", "<null>", "(null)", "s", "asterisk",
     "anonymous caller", "no caller id", "caller id unavailable", "id blocked", "unavail", "nonumber", "not supplied", "p", "o"}
)  # fmt: skip
# The same words on a telephone's keys, as carriers send them where only digits fit (Twilio's voice documentation lists them):
# ANONYMOUS, UNKNOWN, BLOCKED, UNAVAILABLE. RESTRICTED (7378742833) is left out: it is also a number of Austin, Texas.
_WITHHELD_IN_DIGITS = frozenset({"266696687", "8656696", "2562533", "86282452253"})


def technology(channel: str) -> str:
    """`PJSIP/201-0000004a` -> `pjsip`."""
    return channel.partition("/")[0].lower()


def endpoint(channel: str) -> str:
    """`PJSIP/201-0000004a` -> `201`; `DAHDI/i1/3035550101-3` -> `i1/3035550101`."""
    name = _ZOMBIE.sub("", channel.partition("/")[2])
    return _SERIAL.sub("", name)


def is_telephone(channel: str) -> bool:
    """Whether a person can be behind the channel."""
    if "/" not in channel or technology(channel) in _NOBODY:
        return False
    return not channel.lower().startswith("dahdi/pseudo-")  # the mixer of a recording or a conference


def is_local(channel: str) -> bool:
    """Whether the channel is half of a Local channel."""
    return channel[:6].lower() == "local/"


def local_partner(channel: str) -> str | None:
    """The name of the other half of a Local channel, None for any other channel."""
    name = _ZOMBIE.sub("", channel)
    if not is_local(name) or name[-2:] not in (";1", ";2"):
        return None
    return name[:-1] + ("2" if name.endswith("1") else "1")


def spoken_by(channel: str, dial_string: str, caller_id: str) -> str | None:
    """The extension or outside number behind a channel.

    An outside leg is named as it was dialled: `13035550199@trunk` (PJSIP), `trunk/13035550199` (chan_sip),
    `g0/13035550199` (DAHDI), `trunk/sip:13035550199@provider` (PJSIP by URI). Without a dialled number it is the
    endpoint, and for an endpoint that is not a number (`PJSIP/frontdesk`) the caller ID the PBX gave it.
    """
    own = endpoint(channel)
    dialled = _dialled(dial_string, own)
    if dialled:
        return dialled
    if own.isdigit():
        return own
    return caller_id if re.fullmatch(r"[+*#\d]+", caller_id) else own or None


def _dialled(dial_string: str, own: str) -> str | None:
    text = dial_string.partition(",")[0].strip()
    head, slash, tail = text.partition("/")
    if slash and head.lower() in _TECHNOLOGIES:
        text = tail  # a queue gives the technology too
    for part in reversed(text.split("/")):
        user, _, host = part.partition("@")
        by_uri = user.startswith(("sip:", "sips:", "tel:"))
        user = user.partition(":")[2] if by_uri else user
        user = user.partition(";")[0].partition(":")[0]
        # A phone's own contact (`201/sip:8731@10.0.0.5`) is no outside number; `number@201` would be a trunk named by digits.
        if own.isdigit() and (by_uri or (host != own and not text.startswith(own + "/"))):
            continue
        if user != own and re.fullmatch(r"[+*#]?[\d*#]{2,}", user):
            return user
    return None


def delivered_number(number: str) -> str | None:
    """A number as the trunk delivered it, None for every spelling of "withheld"."""
    shown = number.strip()
    if shown.lower() in _WITHHELD or shown.lstrip("+") in _WITHHELD_IN_DIGITS or not shown.strip("0+"):
        return None
    return shown


def is_withheld_presentation(presentation: str) -> bool:
    """Whether a caller ID presentation forbids showing the number.

    `CID-CallingPres: 32 (Presentation Prohibited, ...)` of NewCallerid, or `prohib_not_screened` of CALLERID(num-pres).
    Values 32-35 are prohibited (include/asterisk/callerid.h); 67 (number not available) names no number to hide.
    """
    text = presentation.strip().lower()
    number = text.partition(" ")[0]
    return text.startswith("prohib") or (number.isdigit() and int(number) & 0x60 == 0x20)


def delivered_name(name: str) -> str | None:
    """A caller's name, None where the trunk gave none."""
    shown = name.strip()
    return None if shown.lower() in ("", "<unknown>", "unknown") else shown
