"""What can go wrong with a modem, as switches that may be thrown while it runs."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

HowOften = bool | int | float
"""True: always. An integer n: the next n times. A fraction: with that probability (seeded)."""


class Wire(StrEnum):
    """How bytes reach the program."""

    WHOLE = "whole"  # each line or answer in one write
    BYTES = "bytes"  # one by one
    RANDOM = "random"  # cut anywhere (seeded)


class Fate(StrEnum):
    """What became of a text that the modem never answered for."""

    NONE = ""
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"


@dataclass(slots=True)
class Faults:
    """Faults of one modem; everything is off by default. Names ending in `_s` are seconds."""

    seed: int = 1

    # the wire
    noise: HowOften = False  # a few of `noise_bytes` in front of a written line
    noise_inside: HowOften = False  # the same, in the middle of a line: that line is lost
    noise_bytes: bytes = b"\xe9\x00\xff\x1e\xfe"  # not UTF-8, NUL, line noise seen on SIM800 and +CUSD
    echo_stuck: bool = False  # ATE0 says OK and changes nothing
    deaf: bool = False  # reads nothing, says nothing
    hang: bool = False  # answers no command; unsolicited lines go on
    answer_delay_s: float = 0.0  # before every answer

    # unsolicited lines in bad places
    urc_line: str = "^RSSI:17"
    urc_in_answer: HowOften = False  # between the echo and the answer, and between the answer and its OK
    urc_behind_prompt: HowOften = False  # right behind "> "
    lose_urc: HowOften = False  # an unsolicited line is never written
    urcs_elsewhere: bool = False  # they go to another port until AT+QURCCFG="urcport"
    silent_hangup: HowOften = False  # the caller hangs up and no line says so

    # sending
    no_prompt: HowOften = False
    late_prompt: HowOften = False
    late_prompt_s: float = 6.0
    cms_errors: list[int | str] = field(default_factory=list)  # for the next sends, one each; 0 lets one through
    silent_after_body: Fate = Fate.NONE  # the next send only
    power_cut: Fate = Fate.NONE  # the next send only: unplugged between Ctrl-Z and +CMGS
    late_cmgs: HowOften = False
    late_cmgs_s: float = 35.0

    # SIM, network, memory
    cme_busy: HowOften = False
    busy_code: int = 14  # TS 27.007 9.2: SIM busy; 515 is the +CMS one
    network_lost: bool = False
    network_lost_code: int = 331  # TS 27.005 3.2.5: no network service
    registration_denied: bool = False
    storage_full: bool = False
    no_delete: bool = False  # AT+CMGD is refused: a card that takes no changes

    # calls out
    no_voice: bool = False  # ATD is refused
    ok_when_connected: bool = False  # ATD is answered only when the call is through, or over

    # reports
    duplicate_report: HowOften = False
    split_cds_s: float = 0.0  # pause between the +CDS line and its PDU

    struck: dict[str, int] = field(default_factory=dict)  # how often each fault has happened
    _random: random.Random | None = None

    @property
    def random(self) -> random.Random:
        if self._random is None:
            self._random = random.Random(self.seed)
        return self._random

    def strikes(self, name: str) -> bool:
        """Whether the fault `name` happens now; a counted fault is used up by the answer."""
        often: HowOften = getattr(self, name)
        if isinstance(often, bool):
            now = often
        elif isinstance(often, int):
            now = often > 0
            setattr(self, name, max(0, often - 1))
        else:
            now = self.random.random() < often
        if now:
            self.struck[name] = self.struck.get(name, 0) + 1
        return now

    def next_cms_error(self) -> int | str:
        """The code, or the words, the next send fails with; 0 when it does not."""
        return self.cms_errors.pop(0) if self.cms_errors else 0

    def take_fate(self, name: str) -> Fate:
        """The fate of the next send under the one-time fault `name`."""
        fate = Fate(getattr(self, name))
        setattr(self, name, Fate.NONE)
        if fate:
            self.struck[name] = self.struck.get(name, 0) + 1
        return fate

    def change(self, changes: Mapping[str, object]) -> None:
        """Throw switches by name; raises ValueError naming the first unknown one."""
        known = {each.name for each in fields(self)} - {"struck", "_random"}
        for name in changes:
            if name not in known:
                raise ValueError(f"unknown fault {name!r}; known: {', '.join(sorted(known))}")
        for name, value in changes.items():
            if name in {"silent_after_body", "power_cut"}:
                setattr(self, name, Fate(str(value)))
            elif name == "noise_bytes" and isinstance(value, str):
                self.noise_bytes = bytes.fromhex(value)
            elif name == "cms_errors" and isinstance(value, list):
                self.cms_errors = [int(code) if str(code).isdecimal() else str(code) for code in value]
            elif _fits(getattr(self, name), value):
                setattr(self, name, value)
            else:
                raise ValueError(f"fault {name!r} cannot be {value!r}")


def _fits(present: object, value: object) -> bool:
    """Whether `value` is of the kind the switch has: a word for a word, a number or yes/no for the rest."""
    return isinstance(value, type(present) if isinstance(present, (str, bytes, list)) else (bool, int, float))
