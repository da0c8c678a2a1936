"""Memory pressure: the program gets no more memory for a while, and it is ended by the kernel for want of it.

The limit is RLIMIT_AS of the running process (prlimit(2)): every further allocation of pages fails. That is harsher than a Pi, where
the kernel ends a process instead; that is the second half. Who starts the program again is systemd on a real box, the drill here.
"""

from __future__ import annotations

import asyncio
import resource
from contextlib import suppress

import aiohttp

from tests.drill.faultworld import Office

ROOM = 64 << 10  # bytes above what it has: less than one new thread's stack, or one block of Python's own allocator


async def memory_pressure(shop: Office) -> None:
    """Nothing more is to be had while callers call and people look at pages; then the program is ended, and started again."""
    unlimited = resource.prlimit(shop.box.pid, resource.RLIMIT_AS)
    resource.prlimit(shop.box.pid, resource.RLIMIT_AS, (_size(shop.box.pid) + ROOM, unlimited[1]))
    waits: list[str] = []
    calling: list[asyncio.Task[str]] = []
    customer = shop.somebody()
    shop.modem.receive(f"+1{customer}", "my furnace quit")
    for _ in range(5):
        waits.append(caller := shop.somebody())
        calling.append(asyncio.create_task(shop.missed(caller, ring_s=shop.patient_s / 12)))
        for path in ("health", "calls", "", "search?q=furnace", "settings", "history"):
            with suppress(aiohttp.ClientError, TimeoutError):
                async with asyncio.timeout(2):
                    await shop.see(path)
    if shop.box.alive:
        resource.prlimit(shop.box.pid, resource.RLIMIT_AS, unlimited)
    await shop.rises_again()
    await shop.all_well()
    await asyncio.gather(*calling)
    for caller in waits:
        await shop.served(caller)
    await shop.until(lambda: shop.letters(customer) == ["my furnace quit"], "the customer's text is there")
    ringing = asyncio.create_task(shop.missed(caller := shop.somebody(), ring_s=shop.patient_s / 20))
    await shop.noted(caller, "ringing")
    shop.box.kill()  # the kernel's own remedy is SIGKILL
    await shop.box.died()
    await shop.rises_again()
    await ringing
    await shop.served(caller)
    await shop.is_texted(await shop.missed())


def _size(pid: int) -> int:
    """The address space of a process, in bytes."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
