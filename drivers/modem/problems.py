"""What can be wrong with a modem, in words for a contractor, and the worst of it as the modem's health."""

from __future__ import annotations

import errno
import glob
import re
from pathlib import Path

from gateway.core.events import Health, HealthReport
from gateway.core.problem import Problem
from gateway.ports.clock import Clock
from gateway.ports.devices import HealthSink

MOST_PORTS = 3  # sticks have up to six ports; the sentence has to stay short

PIN_NEEDED = Problem(
    "The SIM card asks for its PIN, and none is configured. Callers are not texted until it is unlocked.",
    "Write the PIN into the settings as modem: pin and start the gateway again, or switch the PIN off in a phone.",
)
PIN_REFUSED = Problem(
    "The SIM card refused the configured PIN, which is not tried again. Callers are not texted until the SIM is unlocked.",
    "Correct modem: pin in the settings and start the gateway again, or put the SIM into a phone and switch the PIN off there.",
)
PIN_LAST_TRY = Problem(
    "The SIM card has only one PIN attempt left; the configured PIN is not tried."
    " Callers are not texted until the SIM is unlocked.",
    "Put the SIM into a phone and enter the right PIN there; then correct modem: pin in the settings and start the gateway again.",
)
PIN_UNSURE = Problem(
    "The box stopped while the PIN was being tried, so it is not known whether it was refused."
    " Callers are not texted until the SIM is unlocked.",
    "Put the SIM into a phone and switch its PIN off there.",
)
PIN_NOT_NOTED = Problem(
    "The PIN is not tried, because the try cannot be written down. Callers are not texted until it can.",
    "Check that the gateway's state folder exists, belongs to its user and has room.",
)
PUK_NEEDED = Problem(
    "The SIM card is locked and asks for its PUK. Callers are not texted until it is unlocked.",
    "Put the SIM into a phone and unlock it with the PUK from the carrier's letter;"
    " then correct modem: pin in the settings if the PIN has changed.",
)
SIM_MISSING = Problem(
    "The modem finds no SIM card. Callers are not texted until there is one.",
    "Check that the SIM is in its slot the right way round, then plug the modem in again.",
)
SIM_FAILED = Problem(
    "The modem cannot read the SIM card. Callers are not texted until it can.",
    "Clean the SIM's contacts; if that does not help, ask the carrier for a new SIM.",
)
SIM_BUSY = Problem(
    "The SIM card does not get ready. Callers are not texted until it is.",
    "Unplug the modem and plug it in again; check its power supply.",
)
NO_ANSWER = Problem(
    "The modem's port is there, but the modem does not answer; it is being restarted. Callers are not texted until it answers.",
    "Wait two minutes. If this stays, check that modem: port in the settings is the modem's command port.",
)
POWER_CYCLE = Problem(
    "The modem does not answer, and restarting it by software did not help. Callers are not texted until it answers.",
    "Unplug the modem, wait ten seconds and plug it in again; if this comes back, use a powered USB hub.",
)
NO_NOTICES = Problem(
    "Texts lie in the modem without a word from it. It may say so, and announce calls, on another of its ports.",
    "Try another port of the same modem as modem: port in the settings, often the last one under /dev/serial/by-id.",
    Health.DEGRADED,
)
SEARCHING = Problem(
    "The modem is looking for the mobile network. Texts wait until it has found it.",
    "Wait a minute; move the antenna if this stays.",
    Health.DEGRADED,
)
DENIED = Problem(
    "The mobile network refuses this SIM card. Callers are not texted until the network accepts it.",
    "Ask the carrier whether the SIM is active and allowed in this modem.",
)
NO_NETWORK = Problem(
    "The modem finds no mobile network. Callers are not texted until it has found one.",
    "Check the antenna, move the modem to a window, and ask the carrier about coverage.",
)
NO_SIGNAL = Problem(
    "The modem hears hardly any signal, so texts may wait or fail.",
    "Check that the antenna is screwed on; move it closer to a window.",
    Health.DEGRADED,
)
_STORE_SMSC = (
    "Ask the carrier for the number of its message center, put the SIM into a phone and store it there (settings of the texts);"
    " or get a new SIM."
)
NO_SMSC = Problem(
    "The SIM card has no message center number, so texts may not go out.",
    _STORE_SMSC,
    Health.DEGRADED,
)
SMSC_WANTED = Problem(
    "The SIM card has no message center number, and without one no text goes out. Callers are not texted until it has one.",
    _STORE_SMSC,
)
REFUSING = Problem(
    "The mobile network refuses our texts. Callers are not texted until it takes them;"
    " those who waited too long go on the call-back list.",
    "Check the SIM's plan and credit with the carrier; texting may be switched off for it.",
    Health.DEGRADED,
)
NO_VOICE = Problem(
    "The modem cannot make telephone calls, so it rings nobody in an emergency. Texts work.",
    "Use a modem with voice (some sticks have to be unlocked for it), let Asterisk ring (ringing: via: asterisk), or write"
    " 'via: off' under ringing.",
    Health.DEGRADED,
)
CALLS_REFUSED = Problem(
    "The mobile network did not put the modem's calls through, so nobody was rung in an emergency. Texts work.",
    "Ask the carrier whether the SIM's plan has voice calls, and on LTE whether it has them in this modem (VoLTE).",
    Health.DEGRADED,
)
LOW_POWER = Problem(
    "The modem complains about its power supply. It may drop out at any moment, and texts would wait until it is back.",
    "Use the board's own power supply or a powered USB hub.",
    Health.DEGRADED,
)
SETUP_REFUSED = Problem(
    "The modem refuses a setting that is needed for texts or calls. Callers are not texted until it accepts it.",
    "Check that the modem is on the list of supported ones, and that its firmware has voice and SMS.",
)


def port_problem(error: OSError, path: str) -> Problem:
    """Why the port cannot be opened."""
    match error.errno:
        case errno.ENOENT | errno.ENODEV | errno.ENXIO | errno.EIO:
            return Problem(
                f"The modem is not there: no {path}. Callers are not texted until it is plugged in.",
                "Plug the modem in; check its USB cable and power.",
            )
        case errno.EACCES | errno.EPERM:
            return Problem(
                f"The gateway is not allowed to open {path}. Callers are not texted until it is.",
                "Add the gateway's user to the group dialout (sudo usermod -aG dialout USER), then start the gateway again.",
            )
        case errno.EBUSY | errno.EAGAIN:
            return Problem(
                f"Another program uses {path}. Callers are not texted until that program lets go of the modem.",
                "Stop that program; if it is ModemManager: sudo apt remove modemmanager.",
            )
        case None if "configure port" in str(error):  # pyserial's word for a file that is no tty
            return Problem(
                f"{path} is not a serial port. Callers are not texted until modem: port in the settings names one.",
                "Look which name under /dev/serial/by-id is the modem's, write it into the settings as modem: port and"
                " start the gateway again.",
            )
        case _:
            return Problem(
                f"{path} cannot be opened: {error.strerror or error}. Callers are not texted until it can.",
                "Check that modem: port in the settings names a serial port, then start the gateway again.",
            )


def other_ports(path: str) -> str:
    """A sentence that names the other serial ports of the same USB device, of which one may be the right one; else ""."""
    port = Path(path)
    device = re.sub(r"-if\d\d.*", "", port.name)
    others = sorted(other.name for other in port.parent.glob(f"{glob.escape(device)}-if*") if other.name != port.name)
    if device == port.name or not others:
        return ""
    return f" The same device also has {', '.join(others[:MOST_PORTS])}."


def store_full(memory: str, used: int, total: int) -> Problem:
    """Texts that stay on the modem."""
    return Problem(
        f"The modem's store {memory} is nearly full ({used} of {total}). Callers' answers may not arrive.",
        "Look whether the light of the records is green; texts stay on the SIM while they cannot be"
        " written down. If it is green, put the SIM into a phone and delete old texts.",
        Health.DEGRADED,
    )


class Condition:
    """All that is wrong at the moment. Reports the worst of it, only when something has changed."""

    def __init__(self, name: str, sink: HealthSink, clock: Clock) -> None:
        self._name = name  # of the modem: the component under which it is reported
        self._sink = sink
        self._clock = clock
        self._problems: dict[str, Problem] = {}
        self._facts: dict[str, str] = {}
        self._fine: tuple[Health, str] = (Health.STARTING, "The modem is being started.")
        self._last: tuple[Health, str, str, tuple[tuple[str, str], ...]] | None = None

    @property
    def problems(self) -> dict[str, Problem]:
        """What is wrong at the moment, by aspect."""
        return dict(self._problems)

    def over(self, what: str = "", problem: Problem | None = None) -> None:
        """The session is over. What was wrong with it is forgotten, except that the network refuses texts, or calls."""
        self._fine = (Health.STARTING, "The modem is being started.")
        self._problems = {key: value for key, value in self._problems.items() if key in ("texts", "voice")}
        if problem is not None:
            self._problems[what] = problem
        self.tell()

    def runs(self, say: str) -> None:
        """The modem works; `say` is the sentence when nothing is wrong."""
        self._fine = (Health.UP, say)
        self.tell()

    def set(self, what: str, problem: Problem | None) -> None:
        """Remember or, with None, forget the problem of one aspect."""
        if problem is None:
            self._problems.pop(what, None)
        else:
            self._problems[what] = problem
        self.tell()

    def fact(self, name: str, value: str) -> None:
        self._facts[name] = value

    def tell(self) -> None:
        rank = {Health.DOWN: 0, Health.DEGRADED: 1}
        worst = min(self._problems.values(), key=lambda problem: rank.get(problem.health, 2), default=None)
        health, say, remedy = (*self._fine, "") if worst is None else (worst.health, worst.say, worst.remedy)
        state = (health, say, remedy, tuple(sorted(self._facts.items())))
        if state != self._last:
            self._last = state
            self._sink(HealthReport(self._name, health, self._clock.now(), say, remedy, dict(self._facts)))
