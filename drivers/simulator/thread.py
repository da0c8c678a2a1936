"""A simulated modem on a thread and loop of its own, so that a measured program does not share its loop with the modem."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from drivers.simulator.modem import SimulatedModem

Result = TypeVar("Result")

REPLY_TIMEOUT_S = 10.0  # every act of the modem is immediate; longer means that its loop is stuck


class SimulatedModemThread:
    """`with SimulatedModemThread(lambda: SimulatedModem("huawei")) as bench:` opens `bench.path`.

    `modem` may be read from any thread (`sent`, `commands`); act on it through `do` or `await_on`.
    """

    def __init__(self, make: Callable[[], SimulatedModem]) -> None:
        self._make = make
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulated-modem", daemon=True)
        self.modem: SimulatedModem
        self.path = ""

    def __enter__(self) -> SimulatedModemThread:
        self._thread.start()
        self.modem = self.await_on(self._create())
        self.path = self.await_on(self.modem.start())
        return self

    def __exit__(self, *_: object) -> None:
        self.await_on(self.modem.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(REPLY_TIMEOUT_S)
        self._loop.close()

    def do(self, act: Callable[[SimulatedModem], Result]) -> Result:
        """Run `act(modem)` on the modem's loop and return its result: `bench.do(lambda m: m.ring("+12165550137"))`."""

        async def on_loop() -> Result:
            return act(self.modem)

        return self.await_on(on_loop())

    def await_on(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine of the modem on its loop and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(REPLY_TIMEOUT_S)

    async def _create(self) -> SimulatedModem:
        return self._make()
