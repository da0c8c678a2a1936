"""The gateway as `textback` runs it, by a clock that leaps: `python -m tests.durability.fastrun PAGE WIRE run ...`."""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import json
import signal
import socket
import sys
from pathlib import Path

from tests.durability.fastclock import follow
from tests.durability.fasttimes import Times


def main() -> int:
    """PAGE is the file of the clock, WIRE the descriptor on which it is asked; the rest is for `textback`."""
    page, wire, *command = sys.argv[1:]
    times = Times(Path(page))
    follow(times, socket.socket(fileno=int(wire)))

    from gateway import clock, machinetime

    clock.SystemClock.now = lambda _self: times.now()  # type: ignore[method-assign]
    machinetime.kernel_synchronised = lambda *_: times.told  # type: ignore[assignment]
    machinetime.keeps_time = lambda *_: False  # type: ignore[assignment]

    from gateway.cli.main import main as textback

    faulthandler.register(signal.SIGUSR1)  # where every thread stands, into the log
    signal.signal(signal.SIGUSR2, lambda *_: _count(Path(page).with_name("census")))
    return textback(command)


def _count(said: Path) -> None:
    """What lives in this process, once the rubbish is out: for whoever looks for growth."""
    gc.collect()
    objects = gc.get_objects()
    tasks = sum(isinstance(each, asyncio.Task) and not each.done() for each in objects)
    written = said.with_suffix(".new")
    written.write_text(json.dumps({"objects": len(objects), "tasks": tasks}))
    written.rename(said)


if __name__ == "__main__":
    sys.exit(main())
