"""What a story on the bench is made of: callers, phones, what befalls the office meanwhile, and what truly happened.

Truths follow from what the phones and callers do, never from what Asterisk reports. Offices have the phones 201, 202 and
203, which ring and ring unless a scenario says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gateway.core.events import CallReason
from tests.pbx.phones import Caller
from tests.pbx.sip import AwaitBye, Behaviour, Bye, Dtmf, Step, Wait

R = CallReason


@dataclass(frozen=True, slots=True)
class Truth:
    """What became of one inbound call.

    `missed` None: nobody can tell afterwards (the feed was away). `reasons` are the right ones, empty when the vocabulary
    has none that fits. `answered_by` the first person that spoke. `texts`: openers this caller must get.
    """

    missed: bool | None
    reasons: frozenset[CallReason]
    answered_by: str | None = None
    texts: int = 0


def missed(*reasons: CallReason, texts: int = 1) -> Truth:
    return Truth(True, frozenset(reasons), None, texts)


def taken(by: str) -> Truth:
    return Truth(False, frozenset({R.ANSWERED}), by, 0)


BLOCKED = Truth(False, frozenset({R.BLOCKED}))
UNSURE = Truth(None, frozenset({R.UNKNOWN}))


class Act(StrEnum):
    """What else can happen to an office while a call is on."""

    CUT = "the manager connection is cut"
    MEND = "the manager connection comes back"
    KILL = "Asterisk is killed"
    RESTART = "Asterisk is told to restart"
    START = "Asterisk is started again"
    NEW_GATEWAY = "the gateway is stopped and started again"
    RELOAD = "Asterisk reads its configuration again"
    DEAF_201 = "phone 201 does not answer from now on"
    CLICK_TO_CALL = "201 clicks to call a customer"
    DIALLER = "a dialler calls a customer from the inbound context"


@dataclass(frozen=True, slots=True)
class Manages:
    """What an operator panel or a customer program asks of the manager port. `{201}` or `{trunk}` in a value becomes the name
    of the newest channel of that endpoint, `{TECH}` the channel driver."""

    action: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story. `truths` go with the outside callers in order (a row of callers shares one)."""

    name: str
    callers: tuple[Caller, ...]
    truths: tuple[Truth, ...]
    phones: dict[str, Behaviour] = field(default_factory=dict)
    acts: tuple[tuple[float, Act | Manages], ...] = ()
    database: dict[str, str] = field(default_factory=dict)  # AstDB "family/key": value
    rough: bool = False  # the PBX dies under the call: SIPp's own verdict does not count
    office: tuple[
        tuple[str, bool, str | None], ...
    ] = ()  # whom the office rings: number, whether they speak, from which phone
    macro: bool = False  # needs Macro(), which only Asterisk 16 has

    def __str__(self) -> str:
        return self.name

    @property
    def breaks_the_link(self) -> bool:
        return any(act in (Act.CUT, Act.KILL, Act.RESTART) for _, act in self.acts)

    @property
    def lasts_s(self) -> float:
        """A guess, to deal the long ones out first."""
        return sum(step.ms / 1000 for who in self.callers for step in who.steps if isinstance(step, Wait)) + 5 * len(
            self.callers
        )


def hear(ms: int, *after: Step) -> tuple[Step, ...]:
    """Stay `ms` on the line, then hang up (or do something else first)."""
    return (Wait(ms), *after, Bye())


def press(*keys: str, then: tuple[Step, ...] = (AwaitBye(),)) -> tuple[Step, ...]:
    steps: list[Step] = []
    for key in keys:
        steps += [Wait(900), Dtmf(key)]
    return (*steps, *then)


TO_THE_END = (AwaitBye(),)


def caller(did: str, steps: tuple[Step, ...] = (), number: str = "", **more: Any) -> Caller:
    """Somebody outside, with a number nobody else in the playbill has."""
    return Caller(number or next(_NUMBERS), did, steps, **more)


def extension(number: str, dials: str, steps: tuple[Step, ...] = (), **more: Any) -> Caller:
    """Somebody in the office."""
    return Caller(number, dials, steps, host=number, **more)


def one(name: str, who: Caller, truth: Truth, phones: dict[str, Behaviour] | None = None, **more: Any) -> Scenario:
    """The usual scenario: one caller, one truth."""
    return Scenario(name, (who,), (truth,), phones or {}, **more)


# Fictional numbers (555-01xx) of the area codes of Colorado.
_NUMBERS = (f"{area}55501{last:02}" for area in (719, 983, 720) for last in range(100))
