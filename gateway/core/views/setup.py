"""The first set-up of a box as the page shows it. Filled by `gateway.commands.setup`, drawn by `web.pages.setup`.

Which steps there are depends on how calls reach the box: a phone system is set up where a line is forwarded otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gateway.core.phonesystem import PhoneSystem
from gateway.core.views.calls import CallRow, TextRow

# In the order in which they are asked. The answers to ASKED make the configuration.
ASKED: Final = ("business", "line", "asterisk", "hours", "area", "people", "services", "modem")
STEPS: Final = (
    "business",
    "line",
    "asterisk",
    "hours",
    "area",
    "people",
    "services",
    "texts",
    "modem",
    "forwarding",
    "others",
    "test-text",
    "test-call",
    "go-live",
)
# What a person has to say yes to before anybody is texted.
POINTS: Final = (
    "phone",
    "hours",
    "services",
    "area",
    "emergencies",
    "booking",
    "handoff",
    "notifications",
    "review",
    "consent",
)
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLDS: Final = "the set-up is not finished"  # why texting is paused until somebody has gone live

MADE: Final = "made"  # no step: the secret that the box has made for the phone system, until it was let in with it

Answers = Mapping[str, str]


def has_phone_system(answers: Mapping[str, Answers]) -> bool:
    """Whether calls are seen by a phone system of the office's."""
    return answers.get("line", {}).get("kind") == "asterisk"


def steps_of(answers: Mapping[str, Answers]) -> tuple[str, ...]:
    """The steps that there are for these answers, in order."""
    left_out = "forwarding" if has_phone_system(answers) else "asterisk"
    return tuple(step for step in STEPS if step != left_out)


def asked_of(answers: Mapping[str, Answers]) -> tuple[str, ...]:
    """Those of them that make the configuration."""
    return tuple(step for step in steps_of(answers) if step in ASKED)


@dataclass(frozen=True, slots=True)
class Preview:
    """One text that callers can get. `findings` are (serious, what and remedy)."""

    name: str
    body: str
    segments: int
    findings: tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A serial port of the box; `same` are further ones of the same device."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class TrialCall:
    """One call that came in while a test ran. `ours`: it came from the number that is tested."""

    call: CallRow
    ours: bool
    hidden: bool  # it shows one of our own lines: the forwarding hides who rang
    text: TextRow | None
    due: datetime | None  # when the text leaves
    segments_out: int  # parts that the network has taken


@dataclass(frozen=True, slots=True)
class Trial:
    """A test call. `until` None: no number is tested at this moment. The newest call comes first."""

    number: str
    since: datetime
    until: datetime | None
    calls: tuple[TrialCall, ...]
    answer: str  # what the tested phone has written since then


@dataclass(frozen=True, slots=True)
class SetupView:
    """How far the set-up is. `answers`: step -> field -> what was typed; a step that is there has been answered."""

    configured: bool
    live: bool  # somebody has gone live, or the box was set up by hand
    answers: Mapping[str, Answers] = field(default_factory=dict)  # without secrets
    trades: tuple[tuple[str, str], ...] = ()
    services: tuple[tuple[str, str, str], ...] = ()  # of the trade: key, label, the same in Spanish
    places: bool = False  # the list of ZIP codes is there, which an area of so many miles needs
    ports: tuple[SerialPort, ...] = ()
    previews: tuple[Preview, ...] = ()
    trial: Trial | None = None
    trial_text: TextRow | None = None
    paste: str = ""  # what belongs into manager.conf; stars for a secret that is not the box's own
    looked: PhoneSystem | None = None  # what the phone system said when it was last asked
    same_machine: bool = False  # the phone system runs on the box
    modem: str = ""  # the component under which the modem reports
    system: str = ""  # the same of the phone system
    secret: bool = False  # there is one for the phone system; it is not among the answers

    def answer(self, step: str, name: str, default: str = "") -> str:
        """What was typed into a field."""
        return self.answers.get(step, {}).get(name, default)

    @property
    def missing(self) -> tuple[str, ...]:
        """The steps that the configuration still needs."""
        return tuple(step for step in asked_of(self.answers) if step not in self.answers)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of this box, in order."""
        return steps_of(self.answers)
