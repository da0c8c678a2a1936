"""Telling systemd how the gateway is: ready, alive, stopping (sd_notify(3)). Outside systemd nothing happens."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

log = logging.getLogger(__name__)

BEATS = 3  # signs of life within the unit's WatchdogSec; sd_watchdog_enabled(3) advises half of it or less
STARTING_S = (
    90.0  # asked for while starting, again and again: a start that hangs is ended, one that waits for a disk is not
)
LATE_S = 10.0  # a loop that turns this late is no sign of life; a Pi under full load is late by tenths of a second
Alive = Callable[[], Awaitable[bool]]


async def _always() -> bool:
    return True


@contextlib.asynccontextmanager
async def told(ready: asyncio.Event, alive: Alive = _always) -> AsyncIterator[None]:
    """Say READY=1 when `ready` is set, then WATCHDOG=1 while `alive` says so and the loop is not late, STOPPING=1 on leaving.

    The address is $NOTIFY_SOCKET, the watchdog's time $WATCHDOG_USEC, both given by systemd.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        yield
        return
    life = asyncio.create_task(_live(address, ready, alive), name="systemd")
    try:
        yield
    finally:
        life.cancel()
        _say(address, "STOPPING=1")


async def _live(address: str, ready: asyncio.Event, alive: Alive) -> None:
    while not ready.is_set():
        _say(address, f"EXTEND_TIMEOUT_USEC={STARTING_S * 1e6:.0f}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ready.wait(), STARTING_S / BEATS)
    _say(address, "READY=1")
    limit_us = os.environ.get("WATCHDOG_USEC", "")
    loop, due = asyncio.get_running_loop(), 0.0
    while limit_us.isdecimal() and int(limit_us):
        late = loop.time() - due if due else 0.0
        if late > LATE_S:
            log.error("no sign of life to the watchdog: the program was late by %.0f s", late)
        elif await alive():
            _say(address, "WATCHDOG=1")
        pause = int(limit_us) / 1e6 / BEATS
        due = loop.time() + pause
        await asyncio.sleep(pause)


def _say(address: str, what: str) -> None:
    # "@" stands for the NUL byte of an abstract socket's name.
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sock:
        sock.sendto(what.encode(), "\0" + address[1:] if address.startswith("@") else address)
