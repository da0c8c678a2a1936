"""What a modem remembers: its settings, its SIM card, its memories, its calls."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum

from drivers.simulator.calls import SimulatedCall
from drivers.simulator.dialects import Dialect
from drivers.simulator.faults import Faults
from drivers.simulator.network import SimulatedNetwork
from drivers.simulator.storage import Memory

PIN_ATTEMPTS = 3  # TS 11.11
PUK_ATTEMPTS = 10
MISSED_LIST_LENGTH = 10

_CME_WORDS = {
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    13: "SIM failure",
    14: "SIM busy",
    16: "incorrect password",
    22: "not found",
    30: "no network service",
    50: "incorrect parameters",
    100: "unknown",
}  # TS 27.007 9.2


class SimState(StrEnum):
    """What AT+CPIN? says; ABSENT is an error there."""

    READY = "READY"
    PIN = "SIM PIN"
    PUK = "SIM PUK"
    ABSENT = "not inserted"


class RefusedError(Exception):
    """The command fails with this final line."""

    def __init__(self, final: str) -> None:
        super().__init__(final)
        self.final = final


@dataclass(slots=True)
class SimCard:
    """The card survives power cuts; `pin` None means the lock is off."""

    pin: str | None = None
    puk: str = "12345678"
    imsi: str = "310260555010100"
    present: bool = True
    pin_attempts: int = PIN_ATTEMPTS
    puk_attempts: int = PUK_ATTEMPTS
    unlocked: bool = False
    smsc: str = "+12165550199"  # "" : the carrier forgot it, or the card lost it

    @property
    def state(self) -> SimState:
        if not self.present or self.puk_attempts == 0:
            return SimState.ABSENT
        if self.pin_attempts == 0:
            return SimState.PUK
        return SimState.READY if self.pin is None or self.unlocked else SimState.PIN

    def enter_pin(self, pin: str) -> bool:
        if pin == self.pin:
            self.pin_attempts, self.unlocked = PIN_ATTEMPTS, True
        else:
            self.pin_attempts -= 1
        return self.unlocked

    def enter_puk(self, puk: str, new_pin: str) -> bool:
        if puk == self.puk:
            self.pin, self.pin_attempts, self.puk_attempts, self.unlocked = new_pin, PIN_ATTEMPTS, PUK_ATTEMPTS, True
        else:
            self.puk_attempts -= 1
        return self.unlocked


@dataclass(slots=True)
class Settings:
    """What AT commands set and a power cut forgets."""

    echo: bool = True
    verbose: bool = True  # ATV1: "OK" rather than "0"
    quiet: bool = False  # ATQ1: no final results at all
    cmee: int = 0
    cnmi: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    clip: bool = False
    cring: bool = False
    ccwa: bool = False
    creg: dict[str, int] = field(default_factory=lambda: {"+CREG": 0, "+CGREG": 0, "+CEREG": 0})
    csms: int = 0
    charset: str = "GSM"
    mems: list[str] = field(default_factory=lambda: ["SM", "SM", "SM"])
    phonebook: str = "SM"
    ctzr: int = 0
    status_lines: bool = True  # AT^CURC
    radio: int = 1  # AT+CFUN
    urc_port: str = ""


@dataclass(slots=True)
class ModemState:
    """Everything AT commands read and change. Pure of input and output."""

    dialect: Dialect
    network: SimulatedNetwork
    faults: Faults
    sim: SimCard
    settings: Settings = field(default_factory=Settings)
    memories: dict[str, Memory] = field(default_factory=dict)
    calls: list[SimulatedCall] = field(default_factory=list)
    missed: list[tuple[str, int]] = field(default_factory=list)  # newest first
    dialled: list[str] = field(default_factory=list)
    busy_until: float = 0.0
    flooding: bool = False
    unacknowledged: int = 0
    clock_shift_s: float = 0.0

    def __post_init__(self) -> None:
        first = self.dialect.first_index
        for name, capacity in self.dialect.memories.items():
            self.memories.setdefault(name, Memory(name, capacity, first))

    @property
    def registration(self) -> int:
        """<stat> of +CREG (TS 27.007 7.2)."""
        if self.sim.state is not SimState.READY or self.settings.radio != 1:
            return 0
        if self.faults.registration_denied:
            return 3
        if self.faults.network_lost:
            return 2
        return 5 if self.network.roaming else 1

    @property
    def reachable(self) -> bool:
        return self.registration in {1, 5}

    def memory(self, place: int) -> Memory:
        """<mem1>, <mem2> or <mem3> of +CPMS, counted from 0."""
        return self.memories[self.settings.mems[place]]

    def cme(self, code: int) -> RefusedError:
        """The failure `code` as AT+CMEE has it said."""
        match self.settings.cmee:
            case 0:
                return RefusedError("ERROR")
            case 1:
                return RefusedError(f"+CME ERROR: {code}")
            case _:
                return RefusedError(f"+CME ERROR: {_CME_WORDS.get(code, 'unknown')}")

    def need_sim(self) -> None:
        """Raise the refusal a command meets while the card is busy, locked or missing."""
        if time.monotonic() < self.busy_until:
            raise self.cme(14)
        match self.sim.state:
            case SimState.ABSENT:
                raise self.cme(10)
            case SimState.PIN:
                raise self.cme(11)
            case SimState.PUK:
                raise self.cme(12)
            case SimState.READY:
                return

    def open_call(self) -> SimulatedCall | None:
        """The call that rings or is active, the oldest first."""
        return next((call for call in self.calls if call.open), None)

    def note_missed(self, number: str | None, ton: int) -> None:
        """The modem's own list of missed calls (phone book MC)."""
        if number:
            self.missed.insert(0, (number, ton))
            del self.missed[MISSED_LIST_LENGTH:]

    def power_up(self) -> None:
        """Forget what a power cut forgets. Memories, the missed-call list and the card's counters stay."""
        self.settings = Settings()
        self.sim.unlocked = False
        self.unacknowledged = 0
        self.flooding = bool(self.dialect.flood)
        self.busy_until = time.monotonic() + self.dialect.boot_busy_s
