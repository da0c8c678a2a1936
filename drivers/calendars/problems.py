"""Why a calendar cannot be read: a clause for the office, and what to do."""

from __future__ import annotations

from typing import Final

from gateway.ports.calendars import UnreadableError

_ADDRESS: Final = (
    "Look whether that computer is switched on and in the network, and whether the address in the settings is right."
)
_PATH: Final = "Look whether the share is mounted, and whether the path in the settings is right."
_ANEW: Final = "Have the program that writes the calendar write it anew, and look whether it shows all of it."


def no_answer(what: str) -> UnreadableError:
    """`what`: the system's words for what stood in the way."""
    return UnreadableError(f"nothing answers at its address ({what})", _ADDRESS)


def not_allowed() -> UnreadableError:
    """This machine's own rules keep the gateway from that address (a firewall, IPAddressDeny of its unit)."""
    remedy = (
        "It lies outside of the office's network, and somebody has forbidden this service to speak with such addresses:"
        " see “systemctl cat textback” and the box's firewall."
    )
    return UnreadableError("this box is not allowed to speak with its address", remedy)


def too_slow() -> UnreadableError:
    return UnreadableError("the answer takes too long", _ADDRESS)


def not_trusted() -> UnreadableError:
    return UnreadableError(
        "the certificate of its server is not trusted",
        "Add the certificate to those of this box (update-ca-certificates), or use its address with http:// inside the office.",
    )


def refused(*, signed_in: bool, digest: bool = False) -> UnreadableError:
    """401 and 403."""
    if digest:
        why = "its server wants a way of signing in that this box does not have (Digest)"
        return UnreadableError(why, "Switch the server to Basic, as Radicale, Nextcloud and Synology have it.")
    if signed_in:
        remedy = "Correct user and password in the settings. Nextcloud wants an app password made for this box."
        return UnreadableError("its server refuses the user or the password", remedy)
    return UnreadableError("its server wants a user and a password", "Write user and password into the settings.")


def missing() -> UnreadableError:
    """404 and 410."""
    return UnreadableError(
        "there is no calendar at its address", "Correct the address of the calendar in the settings."
    )


def answered(status: int) -> UnreadableError:
    """Any other answer that is no calendar."""
    remedy = "Look at the server; its own log says more. It is asked again by itself."
    return UnreadableError(f"its server answers with an error ({status})", remedy)


def elsewhere(host: str) -> UnreadableError:
    """The server sends us to another one: a password is given to nobody whom the settings do not name."""
    remedy = "Write the address to which the calendar has moved into the settings."
    return UnreadableError(f"its server sends this box to another one ({host})", remedy)


def cut_off() -> UnreadableError:
    return UnreadableError("the answer was cut off", "It is asked again by itself. If this stays, look at the server.")


def no_caldav() -> UnreadableError:
    remedy = (
        "Write the address of one calendar, as the server shows it for other programs; an .ics file goes under url."
    )
    return UnreadableError("what is at its address is no calendar of a CalDAV server", remedy)


def no_file(what: str) -> UnreadableError:
    """`what`: the system's words."""
    return UnreadableError(f"its file cannot be read ({what})", _PATH)


def too_big(most_bytes: int) -> UnreadableError:
    why = f"it has more than {most_bytes // (1024 * 1024)} MB"
    return UnreadableError(why, "Give the crew a calendar of its own, without attachments and old years.")


def not_understood(why: str) -> UnreadableError:
    """`why`: a clause of `drivers.calendars.cutting`."""
    return UnreadableError(why, _ANEW)


def too_much(why: str) -> UnreadableError:
    """`why`: a clause of `drivers.calendars.cutting` or `expanding`."""
    return UnreadableError(why, "Give the crew a calendar of its own, with what it does and nothing else.")


def too_long() -> UnreadableError:
    """The work on it was given up."""
    return UnreadableError(
        "it is too big, or too odd, to be understood in time",
        "Give the crew a calendar of its own, with what it does and nothing else.",
    )


def not_worked(what: str) -> UnreadableError:
    """The process that understands calendars could not be started, or ended by itself."""
    remedy = "If this stays, start the gateway again; its log (journalctl -u textback) says more."
    return UnreadableError(f"a part of this program failed on it ({what})", remedy)
