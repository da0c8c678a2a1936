"""`textback` with short waits, by a clock that a drill moves: the same program, only its patience is another.

`python -m tests.drill.hurried CLOCK --config FILE run`. CLOCK is a file of JSON, read whenever somebody asks for the time:
`wrong_s` is by how much the machine's clock is wrong, `slept_s` what has passed beside the real time (as for a machine that slept),
`keeps` whether the machine has a clock that runs while it is off, `boot` a name for this start of the machine.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from drivers.asterisk.settings import Timings as AsteriskTimings
from drivers.modem.settings import Timings as ModemTimings
from gateway import clock as kept
from gateway import (
    clockwatch,
    dispatcher,
    hardware,
    openrecords,
    pageserving,
    restarts,
    sender,
    supervisor,
    troublewatch,
)
from gateway.care import nightly
from gateway.cli import main as cli

# A hung modem is found within two seconds; what waits for an answer is patient all the same: the machine may be busy.
MODEM = replace(
    ModemTimings(),
    command_s=3.0,
    probe_s=1.0,
    drain_s=0.05,
    accept_s=10.0,
    sweep_s=0.5,
    store_retry_s=0.1,
    idle_probe_s=0.5,
    supervise_s=0.5,
    registration_s=0.1,
    radio_off_s=0.1,
    back_off_min_s=0.1,
    back_off_max_s=0.3,
    replug_poll_s=0.05,
    sim_busy_s=2.0,
    sim_retry_s=0.1,
    ring_silence_s=1.0,
    caller_id_s=0.5,
    call_poll_s=0.7,
    missed_list_s=0.5,
)
ASTERISK = AsteriskTimings(
    connect_s=5.0, answer_s=3.0, ping_every_s=0.5, back_off_min_s=0.1, back_off_max_s=0.3, retry_submit_s=0.1
)
PATIENCE_S = 0.3  # a part that is out of order for so long is told to the owner


class MovedClock:
    """The machine's clock as the drill wants it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> dict[str, Any]:
        """What the drill wants."""
        found: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
        return found

    def now(self) -> datetime:
        """What the machine's clock shows."""
        wanted = self.read()
        return datetime.now(UTC) + timedelta(seconds=wanted["wrong_s"] + wanted["slept_s"])

    async def sleep(self, seconds: float) -> None:
        """As long as really."""
        await asyncio.sleep(seconds)

    def ticks(self) -> float:
        """Since the machine was switched on."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) + float(self.read()["slept_s"])


def hurry(clock: MovedClock) -> None:
    """Exchange the waits of everything that waits, and who tells the time."""
    openrecords.RETRY_S = supervisor.DOOR_RETRY_S = 0.1
    pageserving.PAGE_RETRY_S = 0.1
    restarts.RESTART_MIN_S, restarts.HEALED_S = 0.1, 0.5
    dispatcher.STEADY_S = 0.3
    sender.STORE_RETRY_S, sender.LOOK_AGAIN_S = 0.1, 0.3
    hardware.STORE_RETRY_S = 0.1
    hardware.TroubleWatch = partial(troublewatch.TroubleWatch, patience_s=PATIENCE_S)  # type: ignore[misc,assignment]
    clockwatch.ticks = kept.ticks = clock.ticks
    clockwatch.boot_id = lambda: str(clock.read()["boot"])
    nightly.FIRST_S, nightly.LOOK_S = 0.5, 0.2
    keeps = bool(clock.read()["keeps"])
    supervisor.Gateway = partial(  # type: ignore[misc,assignment]
        supervisor.Gateway,
        clock=clock,
        modem_timings=MODEM,
        asterisk_timings=ASTERISK,
        synchronised=_no,
        keeps=lambda: keeps,
    )


def _no() -> bool:
    return False


if __name__ == "__main__":
    hurry(MovedClock(Path(sys.argv[1])))
    sys.exit(cli.main(sys.argv[2:]))
