"""Telling systemd how the gateway is: ready, alive, stopping (sd_notify(3)). Outside systemd nothing happens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator

BEATS = 3  # signs of life within the unit's WatchdogSec; sd_watchdog_enabled(3) advises half of it or less


@contextlib.asynccontextmanager
async def told(ready: asyncio.Event) -> AsyncIterator[None]:
    """Say READY=1 when `ready` is set, WATCHDOG=1 while the event loop turns, STOPPING=1 on leaving.

    The address is $NOTIFY_SOCKET, the watchdog's time $WATCHDOG_USEC, both given by systemd.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        yield
        return
    life = asyncio.create_task(_live(address, ready), name="systemd")
    try:
        yield
    finally:
        life.cancel()
        _say(address, "STOPPING=1")


async def _live(address: str, ready: asyncio.Event) -> None:
    await ready.wait()
    _say(address, "READY=1")
    limit_us = os.environ.get("WATCHDOG_USEC", "")
    while limit_us.isdecimal() and int(limit_us):
        _say(address, "WATCHDOG=1")
        await asyncio.sleep(int(limit_us) / 1e6 / BEATS)


def _say(address: str, what: str) -> None:
    # "@" stands for the NUL byte of an abstract socket's name.
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sock:
        sock.sendto(what.encode(), "\0" + address[1:] if address.startswith("@") else address)
