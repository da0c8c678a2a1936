"""What the modem driver needs to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gateway.ports.devices import OnRing


@dataclass(frozen=True, slots=True)
class Timings:
    """Every wait of the driver, in seconds."""

    command_s: float = 10.0  # plain commands answer in well under 1 s; CPIN and CPMS take up to 5 s on SIM800
    list_s: float = 40.0  # 255 stored texts are 90 kB: 8 s at 115200 baud, and slow SIMs add their own time
    probe_s: float = 2.0  # AT -> OK takes some ms on a healthy modem
    drain_s: float = 0.3  # a modem that was cut off finishes its line within this time
    prompt_s: float = 10.0  # prompts of 6 s were seen; the PDU has not left, so giving up is safe
    accept_s: float = 75.0  # the network may take 60 s to answer; a shorter wait makes doubtful texts
    final_s: float = 5.0  # from +CMGS: <ref> to OK
    write_s: float = 5.0  # a modem that takes no bytes for so long is hung
    sweep_s: float = 45.0  # notices of stored texts get lost; the sweep is the net under them
    store_retry_s: float = 2.0  # wait before an event that could not be committed is offered again
    idle_probe_s: float = 30.0  # age of the last line at which the modem has to prove it is alive
    supervise_s: float = 60.0  # registration and signal
    power_calm_s: float = 600.0  # SIM800 repeats its warning every few seconds while the supply is bad
    registration_s: float = 5.0  # while waiting for the network
    radio_off_after_s: float = 600.0  # not registered for so long: radio off and on, once
    radio_off_s: float = 3.0  # time with the radio off
    back_off_min_s: float = 1.0
    back_off_max_s: float = 30.0
    replug_poll_s: float = 1.0  # looking whether the port is back costs one stat(2)
    sim_busy_s: float = 30.0  # a SIM800 reports a busy SIM for up to 10 s after power-up, GPRS_SIM900 waits 30 s
    sim_retry_s: float = 1.0
    ring_silence_s: float = 10.0  # RING repeats every 4-6 s; ModemManager ends the call after 10 s
    caller_id_s: float = 3.0  # +CLIP follows the first RING within 300 ms, at the latest with the second RING
    late_caller_id_s: float = 0.5  # a caller ID split from a one-ring call
    call_setup_s: float = 15.0  # from ATD to the first ring: 4 to 10 s on GSM, longer where LTE falls back to it
    call_out_poll_s: float = (
        1.5  # AT+CLCC while calling out; asked more often it gets in the way of the modem's own lines
    )
    missed_list_s: float = 10.0  # after a start: calls that ring just then are over, and the SIM's phone book is ready
    call_poll_s: float = 6.5  # longer than any ring period: ask whether the call is still there


@dataclass(frozen=True, slots=True)
class ModemSettings:
    """One modem. Raises ValueError with a sentence for values no modem can work with."""

    path: str  # /dev/serial/by-id/... : ttyUSB numbers move when the stick is plugged in again
    name: str = "modem"
    baud: int = 115200
    rtscts: bool = False  # boards on three wires stay silent with flow control
    pin: str | None = field(default=None, repr=False)
    on_ring: OnRing = OnRing.RING
    number: str | None = None  # the SIM's own number, E.164
    state_dir: Path | None = None  # remembers a refused PIN across restarts
    profile: str | None = None  # overrides what +CGMI/+CGMM say
    profiles_dir: Path | None = None
    timings: Timings = field(default_factory=Timings)

    def __post_init__(self) -> None:
        if not self.path:
            raise ValueError("modem: no port given")
        if self.pin is not None and not (self.pin.isascii() and self.pin.isdigit() and 4 <= len(self.pin) <= 8):
            raise ValueError("modem: the PIN must be 4 to 8 digits")
