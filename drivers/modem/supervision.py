"""Registration, signal and signs of life of a modem, and when its radio is switched off and on.

That heals a modem that has lost its network and one whose texts are all refused until it registers anew (both seen in the
field). It costs calls for some seconds: once an hour at most, and never while the phone rings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from drivers.modem import problems
from drivers.modem.engine import AtEngine, AtTimeoutError
from drivers.modem.problems import Condition
from drivers.modem.settings import Timings
from drivers.modem.startup import NO_CARD, READY

# TS 27.007 7.2 <stat>: home, roaming, and the two that register for SMS only
_REGISTERED = {"1", "5", "6", "7"}
_DENIED, _NOT_SEARCHING = "3", "0"
NO_NETWORK_AFTER = 12  # polls of 5 s without a network: a minute is longer than any healthy registration
REFUSED_TEXTS = 5  # in a row, whatever the number: one bad number or one busy moment gives fewer
RESETS_APART = 6  # in units of `radio_off_after_s`: an hour


class Supervision:
    """Knows whether the network takes texts. `run` ends only by cancellation or LinkLostError; one at a time.

    `ringing` says whether a call is in progress; `looked` is told at every look whether the modem is registered.
    """

    def __init__(
        self,
        condition: Condition,
        timings: Timings,
        ringing: Callable[[], bool] = lambda: False,
        looked: Callable[[AtEngine, bool], Awaitable[None]] | None = None,
    ) -> None:
        self._looked = looked
        self._condition = condition
        self._timings = timings
        self._ringing = ringing
        self._refused = 0
        self._radio_reset_at: float | None = None
        self._wake = asyncio.Event()
        self._searches = 0
        self.registered = False
        self.time_outs = 0

    def look_again(self) -> None:
        """The modem said that its registration has changed."""
        self._wake.set()

    def text_refused(self) -> None:
        """The network refused a text for a reason that is not the text's or the number's."""
        self._refused += 1

    def text_accepted(self) -> None:
        self._refused = 0

    async def run(self, engine: AtEngine) -> None:
        loop = asyncio.get_running_loop()
        outage_since = loop.time()
        while True:
            self._wake.clear()
            try:
                await self._look(engine)
            except AtTimeoutError:
                self.time_outs += 1  # the next command resynchronises, or gives the line up
            else:
                await self._tell(engine)
            if self.registered:
                outage_since = loop.time()
            lost_long = loop.time() - outage_since >= self._timings.radio_off_after_s
            if (lost_long or self._refused >= REFUSED_TEXTS) and self._may_reset_radio():
                await self._reset_radio(engine)
            await self._idle(engine, self._timings.supervise_s if self.registered else self._timings.registration_s)

    async def _tell(self, engine: AtEngine) -> None:
        if self._looked is None:
            return
        try:
            await self._looked(engine, self.registered)
        except AtTimeoutError:
            self.time_outs += 1

    def _may_reset_radio(self) -> bool:
        apart_s = RESETS_APART * self._timings.radio_off_after_s
        recently = self._radio_reset_at
        return not self._ringing() and (recently is None or asyncio.get_running_loop().time() - recently > apart_s)

    async def _idle(self, engine: AtEngine, seconds: float) -> None:
        """Wait, but want a sign of life from a modem that has been silent for too long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (now := loop.time()) < until and not self._wake.is_set():
            probe_at = max(engine.last_line_at, now - self._timings.idle_probe_s) + self._timings.idle_probe_s
            if probe_at <= now:
                try:
                    await engine.command("AT", timeout=self._timings.probe_s)
                except AtTimeoutError:
                    self.time_outs += 1
                continue
            try:
                async with asyncio.timeout_at(min(until, probe_at)):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _look(self, engine: AtEngine) -> None:
        status = await _status(engine, "+CREG")
        if status not in _REGISTERED:
            packet = await _status(engine, "+CEREG")
            status = packet if packet in _REGISTERED else status
        self.registered = status in _REGISTERED
        if not self.registered and await _card_is_out(engine):
            engine.close("the SIM card is out, or locked")  # the next start says which
            return
        if self.registered:
            self._searches = 0
            self._condition.set("registration", None)
            await self._signal(engine)
            self._condition.runs("The modem works.")
            return
        self._searches += 1
        if status == _DENIED:
            self._condition.set("registration", problems.DENIED)
        elif status == _NOT_SEARCHING or self._searches > NO_NETWORK_AFTER:
            self._condition.set("registration", problems.NO_NETWORK)
        else:
            self._condition.set("registration", problems.SEARCHING)

    async def _signal(self, engine: AtEngine) -> None:
        fields = (await engine.command("AT+CSQ", "+CSQ")).fields("+CSQ") or ("",)
        if not fields[0].isdecimal():
            return
        level = int(fields[0])  # TS 27.007 8.5: 0..31 from -113 dBm in steps of 2, 99 not known
        self._condition.fact("signal", f"{2 * level - 113} dBm" if level <= 31 else "not known")
        self._condition.set("signal", problems.NO_SIGNAL if level == 0 else None)

    async def _reset_radio(self, engine: AtEngine) -> None:
        self._radio_reset_at = asyncio.get_running_loop().time()
        self._refused = 0
        try:
            await engine.command("AT+CFUN=4")
            await asyncio.sleep(self._timings.radio_off_s)
            await engine.command("AT+CFUN=1")
        except AtTimeoutError:
            self.time_outs += 1
        engine.close("the radio was switched off and on")  # the settings may be gone: start again


async def _card_is_out(engine: AtEngine) -> bool:
    """Whether the network is gone because the card is: few sticks say so when it is pulled out."""
    answer = await engine.command("AT+CPIN?", "+CPIN")
    state = (answer.fields("+CPIN") or ("",))[0].upper()
    return answer.code in NO_CARD or (bool(state) and state not in READY)


async def _status(engine: AtEngine, name: str) -> str:
    """<stat> of +CREG? or +CEREG?: the second field, or the only one where a modem leaves the first out."""
    fields = (await engine.command(f"AT{name}?", name)).fields(name) or ("",)
    return fields[1] if len(fields) > 1 and len(fields[1]) == 1 else fields[0]
