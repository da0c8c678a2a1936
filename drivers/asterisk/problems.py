"""What can be wrong with the link to Asterisk, in words for a contractor. `where` is "host:port"."""

from __future__ import annotations

import socket

from gateway.core.events import Health
from gateway.core.problem import Problem, why

_BLIND = "Calls are not seen until the link is back; those still ringing are picked up then."
SHOWN = 40  # characters of what a stranger at the port says; enough for "HTTP/1.1 400 Bad Request"


def unreachable(where: str, error: OSError | UnicodeError) -> Problem:
    """No connection came about."""
    if isinstance(error, socket.gaierror | UnicodeError):  # a name that is no name at all is a UnicodeError
        return Problem(
            f"Asterisk at {where} cannot be reached: that name is not known on this network. {_BLIND}",
            "Write the phone system's IP address as asterisk: host in the settings, then start the gateway again.",
        )
    if isinstance(error, ConnectionRefusedError):
        return Problem(
            f"Asterisk at {where} cannot be reached: nothing listens there. {_BLIND}",
            "Check that Asterisk runs, that manager.conf says 'enabled = yes', and the port in the settings."
            " It is tried again by itself.",
        )
    what = error.strerror or ("no answer" if isinstance(error, TimeoutError) else str(error)) or "no answer"
    return Problem(
        f"Asterisk at {where} cannot be reached: {what}. {_BLIND}",
        "Check that the phone system is on, the network cables, and asterisk: host in the settings."
        " It is tried again by itself.",
    )


def silent(where: str) -> Problem:
    """Something takes the connection and says nothing."""
    return Problem(
        f"Asterisk at {where} takes the connection but does not answer. {_BLIND}",
        "If this stays, restart Asterisk on the phone system. It is tried again by itself.",
    )


def stranger(where: str, said: bytes) -> Problem:
    """Something else than a manager port answers; `said` is how it began."""
    words = "".join(character if character.isprintable() else "." for character in said.decode("latin-1").strip())
    return Problem(
        f"What answers at {where} is not Asterisk's manager port; it says “{words[:SHOWN]}”. {_BLIND}",
        "Correct asterisk: port in the settings (it is 5038 unless manager.conf says otherwise), then start the gateway again.",
    )


def refused(where: str, user: str, answer: str) -> Problem:
    """The login was refused."""
    return Problem(
        f"Asterisk at {where} refused the login of user '{user}': {answer}. {_BLIND}",
        "Compare username and secret in the settings with manager.conf on the phone system, and its 'permit' line with"
        " the address of this box. After a change of the settings start the gateway again.",
    )


def lost(where: str, reason: str) -> Problem:
    """A link that had worked ended."""
    return Problem(
        f"The link to Asterisk at {where} was lost: {reason}. {_BLIND}",
        "It is tried again by itself. If it stays so, look whether the phone system runs and the network cable is in.",
    )


def may_not_look(where: str, answer: str) -> Problem:
    """The manager user lacks the right to list calls."""
    return Problem(
        f"Asterisk at {where} does not tell which calls are in progress: {answer}."
        " Callers are texted, but calls in progress are lost sight of whenever the link drops.",
        "Give the manager user 'write = reporting' in manager.conf on the phone system.",
        Health.DEGRADED,
    )


def may_not_listen(where: str, user: str) -> Problem:
    """The manager user lacks the right to hear of calls."""
    return Problem(
        f"Asterisk at {where} does not tell manager user '{user}' of any calls. No caller is texted until it does.",
        "Write 'read = system,call' for this user in manager.conf on the phone system, then 'manager reload' there.",
    )


def not_written(error: Exception) -> Problem:
    """The gateway could not take a call in; it is offered again until it can."""
    return Problem(
        f"A call waits because it could not be written down: {why(error)}. Its caller is not texted until it is.",
        "It is tried again by itself. Look at the light of the records; if that is green, send the log to whoever looks after the box.",
        Health.DEGRADED,
    )


_NO_RING = "Emergencies are texted, but no telephone is rung until that is fixed."


def cannot_ring(problem: Problem) -> Problem:
    """A problem of the link, of the link that rings telephones: no call is overlooked for it."""
    return Problem(problem.say.replace(_BLIND, _NO_RING), problem.remedy, Health.DEGRADED)


def may_not_originate(where: str, user: str) -> Problem:
    """The manager user who is to ring telephones lacks the right to place calls."""
    return Problem(
        f"Asterisk at {where} does not let manager user '{user}' place calls. {_NO_RING}",
        "Write 'read = call,dtmf' and 'write = originate,call' for this user in manager.conf on the phone system, then"
        " 'manager reload' there.",
        Health.DEGRADED,
    )


def trunk_refuses(where: str, why: str) -> Problem:
    """Two rings running that did not even begin to ring."""
    return Problem(
        f"Asterisk at {where} could not ring the telephones of our people: {why}. Emergencies are texted all the same.",
        "Check ringing: channel in the settings (the trunk's name, the digits in front of the number), and that the trunk is"
        " registered and may call cell phones.",
        Health.DEGRADED,
    )


def records_unread(path: object, why: str) -> Problem:
    """The phone system's call detail records cannot be read. `why` is what the system said."""
    return Problem(
        f"The phone system's records in {path} cannot be read: {why}. Calls that come while the box is off are not caught up.",
        "Look whether the file is there and whether the gateway's user may read it, and correct asterisk: cdr in the settings.",
        Health.DEGRADED,
    )
