"""The first set-up of a box as the page shows it. Filled by `gateway.commands.setup`, drawn by `web.pages.setup`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gateway.core.views.calls import CallRow, TextRow

# In the order in which they are asked. The answers to ASKED make the configuration.
ASKED: Final = ("business", "line", "hours", "area", "people", "services", "modem")
STEPS: Final = (
    "business",
    "line",
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

Answers = Mapping[str, str]


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
    answers: Mapping[str, Answers] = field(default_factory=dict)
    trades: tuple[tuple[str, str], ...] = ()
    services: tuple[tuple[str, str], ...] = ()  # of the trade: key, label
    ports: tuple[SerialPort, ...] = ()
    previews: tuple[Preview, ...] = ()
    trial: Trial | None = None
    trial_text: TextRow | None = None
    modem: str = ""  # the component under which the modem reports

    def answer(self, step: str, name: str, default: str = "") -> str:
        """What was typed into a field."""
        return self.answers.get(step, {}).get(name, default)

    @property
    def missing(self) -> tuple[str, ...]:
        """The steps that the configuration still needs."""
        return tuple(step for step in ASKED if step not in self.answers)
