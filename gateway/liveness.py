"""Whether the gateway lives: what systemd's watchdog hears is proven each time, not only that the program's loop turns.

A sign of life is given when all of this holds:
- the loop was not late (`gateway.systemd` sees to that);
- the writer of the records begins and ends a transaction (nothing is written for it), or says with an error why not;
- each device's driver runs, and one that calls itself up has heard of its device not long ago. A device that is down is no
  fault of the gateway: it is said so on the page, and starting anew would not bring it back;
- the program's own memory has not grown far beyond what it ever needs. The unit's MemoryMax ends a leak sooner, where the kernel
  keeps to it: a Raspberry Pi's is started with cgroup_disable=memory, and does not.

What does not answer, hangs; then systemd ends the program and starts it anew, from which the records and the modem recover.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

WRITES_WITHIN_S = 15.0  # a worn card takes seconds for a forced write; the watchdog waits a minute
MEMORY_MIB = 280  # MemoryMax of systemd/textback.service is 300M


@dataclass(frozen=True, slots=True)
class Device:
    """A driver as the watchdog sees it: `quiet_s` since anything was heard, None while it is down and says so."""

    name: str
    quiet_at_most_s: float
    quiet_s: float | None
    running: bool = True


def own_memory_mib() -> int:
    """What this program has filled of the machine's memory and swap; 0 where the kernel does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
        sizes = {
            name: words.split()[0]
            for name, _, words in (line.partition(":") for line in status.splitlines())
            if words.strip()
        }
        return (int(sizes["RssAnon"]) + int(sizes["VmSwap"])) // 1024
    except (OSError, KeyError, ValueError):
        return 0


class Liveness:
    """`write` makes one empty transaction, `devices` gives the drivers as they are now, `memory_mib` the program's own memory."""

    def __init__(
        self,
        write: Callable[[], Awaitable[object]],
        devices: Callable[[], Iterable[Device]],
        within_s: float = WRITES_WITHIN_S,
        memory_mib: Callable[[], int] = own_memory_mib,
    ) -> None:
        self._write = write
        self._devices = devices
        self._within_s = within_s
        self._memory_mib = memory_mib
        self._said = ""

    async def proven(self) -> bool:
        """Whether a sign of life may be given now. Never raises; what is wrong is logged once."""
        why = self._dead_device() or self._grown() or await self._stuck()
        if why and why != self._said:
            log.error("no sign of life to the watchdog: %s", why)
        self._said = why
        return not why

    def _dead_device(self) -> str:
        for device in self._devices():
            if not device.running:
                return f"the {device.name} driver has ended"
            if device.quiet_s is not None and device.quiet_s > device.quiet_at_most_s:
                return f"{device.name} is said to work and has not been heard of for {device.quiet_s:.0f} s"
        return ""

    def _grown(self) -> str:
        mib = self._memory_mib()
        return f"the program has grown to over {MEMORY_MIB} MiB of memory" if mib > MEMORY_MIB else ""

    async def _stuck(self) -> str:
        try:
            async with asyncio.timeout(self._within_s):
                await self._write()
        except TimeoutError:
            return f"the records have not answered within {self._within_s:g} s"
        except Exception as error:
            log.debug("the records answer with an error: %s", error)  # the page says so (gateway.dispatcher)
        return ""
