"""Services that are kept running: a bug in one of them is logged and shown, and it is started again while the others go on."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from gateway.health import HealthBoard
from gateway.ports.clock import Clock
from gateway.troubles import part_failed

log = logging.getLogger(__name__)

RESTART_MIN_S, RESTART_MAX_S = 1.0, 60.0  # a service that failed comes back after 1, 2, 4 ... s
HEALED_S = 10.0  # a part that has run for so long after it failed, and for as long as its last pause, is well again
Service = Callable[[], Awaitable[None]]


class Restarts:
    """`stopping` tells whether the box is coming to its end: a service that ends then is not started again."""

    def __init__(self, board: HealthBoard, clock: Clock, stopping: Callable[[], bool]) -> None:
        self._board = board
        self._clock = clock
        self._stopping = stopping

    async def keep(self, name: str, service: Service) -> None:
        """Run a service until it is told to end: a bug in it is logged and shown, and it is started again."""
        pause = RESTART_MIN_S
        while True:
            began = time.monotonic()
            failed: Exception | None = None
            healing = asyncio.get_running_loop().call_later(
                max(pause, HEALED_S), lambda: self._board.forget(name, self._clock.now())
            )
            try:
                await service()
            except Exception as error:
                failed = error
            finally:
                healing.cancel()
            if self._stopping():
                return
            log.error("%s failed", name, exc_info=failed)
            self._board(part_failed(name, failed).report(name, self._clock.now()))
            if time.monotonic() - began > RESTART_MAX_S:
                pause = RESTART_MIN_S
            await asyncio.sleep(pause)
            pause = min(RESTART_MAX_S, pause * 2)
