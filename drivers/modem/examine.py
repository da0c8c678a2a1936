"""One look at a modem that no gateway serves: opened, started and asked by the driver's own code, then let go.

Texts that lie there stay there, and what is announced meanwhile stays stored for the gateway.
"""

from __future__ import annotations

import asyncio
import errno

from drivers.modem import problems, urc
from drivers.modem.checkup import look, unusable
from drivers.modem.engine import AtEngine, LinkLostError
from drivers.modem.profiles import load_profiles
from drivers.modem.settings import ModemSettings
from drivers.modem.startup import NotUsableError, start
from gateway.core.checkup import Finding


class Examination:
    """A modem while it is looked at. `findings` first; then `ring` may wait for a call."""

    def __init__(self, settings: ModemSettings) -> None:
        self._settings = settings
        self._engine: AtEngine | None = None
        self._rang = asyncio.Event()
        self._caller: str | None = None
        self._named = asyncio.Event()

    async def findings(self) -> tuple[Finding, ...]:
        """All that can be seen of it."""
        settings = self._settings
        profiles = load_profiles(settings.profiles_dir)
        try:
            self._engine = AtEngine.open(settings.path, settings.baud, settings.rtscts, settings.timings, self._heard)
        except OSError as error:
            return unusable(settings, {"port": problems.port_problem(error, settings.path)})
        try:
            started = await start(self._engine, settings, profiles)
            return await look(self._engine, settings, started, {}, rang=self._rang.is_set())
        except NotUsableError as hindrance:
            return unusable(settings, {"sim": hindrance.problem})
        except LinkLostError as lost:
            if lost.unplugged:
                gone = problems.port_problem(OSError(errno.ENOENT, ""), settings.path)
                return unusable(settings, {"port": gone})
            return unusable(settings, {"answer": problems.NO_ANSWER})

    async def ring(self, seconds: float) -> tuple[bool, str | None]:
        """Whether a call rings within a time, and the caller's number; None where it is withheld or not told."""
        if self._engine is None or self._engine.loss is not None:
            return False, None
        try:
            async with asyncio.timeout(seconds):
                await self._rang.wait()
            async with asyncio.timeout(2 * self._settings.timings.caller_id_s):
                await self._named.wait()
        except TimeoutError:
            pass
        return self._rang.is_set(), self._caller

    def close(self) -> None:
        """Let the port go."""
        if self._engine is not None:
            self._engine.close("looked at")

    def _heard(self, line: str, pdu: str | None) -> None:
        dialect = self._engine.dialect if self._engine is not None else urc.Dialect()
        match urc.parse(line, pdu, dialect):
            case urc.Ring():
                self._rang.set()
            case urc.CallerId(number):
                self._caller = number
                self._rang.set()
                self._named.set()
            case _:
                pass
