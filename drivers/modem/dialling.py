"""Calls that the modem makes itself, so that a telephone rings: dialled, followed, hung up. Nobody speaks on them.

ATD<number>; is answered by OK at once (Huawei, Quectel, SIMCom), or only when the call is through (ITU-T V.250 leaves it open);
the end comes as NO CARRIER, BUSY, NO ANSWER, ^CEND (Huawei), VOICE CALL: END (SIM7600), HANGUP: (ZTE). That it rings, and that
somebody took it, is told by ^CONF and ^CONN or VOICE CALL: BEGIN, or by AT+CLCC, which is asked every second or two.
Anything that comes in is more important: the call is hung up when another one rings.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from drivers.modem import problems
from drivers.modem.engine import Answer, AtEngine, AtTimeoutError, LinkLostError
from drivers.modem.problems import Condition
from drivers.modem.settings import Timings
from drivers.modem.urc import call_out
from gateway.core.events import RingOutcome
from gateway.ports.devices import RingResult, RingWish

ENDS = frozenset({"NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE"})  # V.250 table 1
ECHO_S = (
    2.0  # ^CEND and NO CARRIER, VOICE CALL: END and NO CARRIER: one end said twice, the second up to a second later
)
LINE_FREE_S = 90.0  # a text in hand may take 75 s
HEARD_S = 6.0  # who is hung up on earlier has hardly heard it ring: a ring comes every 4 to 6 s
REFUSED_RUNNING = 2  # calls that were not put through: one may be a number that does not exist
NO_VOICE_CODES = {3, 4}  # TS 27.007 9.2: operation not allowed, not supported
_TAKEN = ("^CONN", "VOICE CALL: BEGIN", "VOICE CALL:BEGIN")
_RINGS = ("^CONF", "RINGBACK")
_NUMBER = re.compile(r"\+?\d{4,15}")
_BUSY = re.compile(r"BUSY|\^CEND:[^,]*,[^,]*,[^,]*,\s*17\s*")  # cc cause 17: user busy (TS 24.008 annex H)


@dataclass(slots=True, eq=False)
class _Call:
    dialled_at: float | None = None
    rings_since: float | None = None
    taken: bool = False
    over: str = ""  # the modem's own words
    cut: bool = False  # something more important came in
    listed: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Dialler:
    """One call out at a time. `line_is_free` says whether no call comes in at the moment."""

    def __init__(self, condition: Condition, timings: Timings, line_is_free: Callable[[], bool]) -> None:
        self._condition = condition
        self._timings = timings
        self._line_is_free = line_is_free
        self._call: _Call | None = None
        self._ended_at = -ECHO_S
        self._refused = 0

    @property
    def busy(self) -> bool:
        """A call is made, or about to be."""
        return self._call is not None

    def comes_in(self) -> None:
        """A call comes in: ours makes room."""
        if self._call is not None:
            self._call.cut = True
            self._call.changed.set()

    def is_over(self, said: str) -> bool:
        """A line that ends a call; True where it is about our own call."""
        call = self._call
        if call is not None and call.dialled_at is not None:
            call.over = call.over or said
            call.changed.set()
            return True
        return asyncio.get_running_loop().time() - self._ended_at < ECHO_S

    def said(self, line: str) -> None:
        """Any other unsolicited line."""
        call = self._call
        if call is None or call.dialled_at is None:
            return
        if line.startswith(_TAKEN):
            call.taken = True
            call.changed.set()
        elif line.startswith(_RINGS):
            call.rings_since = call.rings_since or asyncio.get_running_loop().time()
            call.changed.set()

    async def ring(self, engine: AtEngine, hang_up: tuple[str, ...], wish: RingWish, stop: asyncio.Event) -> RingResult:
        """See `gateway.ports.devices.Ringer.ring`."""
        if self._call is not None or not self._line_is_free():
            return RingResult(RingOutcome.FAILED, "the modem's line was not free")
        if not _NUMBER.fullmatch(wish.to):
            return RingResult(RingOutcome.FAILED, "this is no number that can be dialled")
        call = self._call = _Call()
        dialling = asyncio.create_task(self._dial(engine, call, wish), name="dial")
        stopping = asyncio.create_task(self._stopped(call, stop), name="dial stop")
        try:
            return self._learnt(await self._follow(engine, call, dialling, wish, stop))
        except LinkLostError:
            began = call.dialled_at is not None
            return RingResult(RingOutcome.UNSURE if began else RingOutcome.FAILED, "the modem was lost")
        finally:
            for task in (dialling, stopping):
                task.cancel()
            await asyncio.gather(dialling, stopping, return_exceptions=True)
            if call.dialled_at is not None and not call.over:
                await self._hang_up(engine, hang_up)
            self._ended_at = asyncio.get_running_loop().time()
            self._call = None

    async def _dial(self, engine: AtEngine, call: _Call, wish: RingWish) -> Answer | None:
        try:
            async with engine.lock:
                if call.cut or not self._line_is_free():
                    return None
                call.dialled_at = asyncio.get_running_loop().time()
                call.changed.set()
                timeout = wish.ring_s + self._timings.call_setup_s
                return await engine.ask(f"ATD{wish.to};", timeout=timeout, finals=ENDS)
        finally:
            call.changed.set()

    async def _stopped(self, call: _Call, stop: asyncio.Event) -> None:
        await stop.wait()
        call.changed.set()

    async def _follow(
        self, engine: AtEngine, call: _Call, dialling: asyncio.Task[Answer | None], wish: RingWish, stop: asyncio.Event
    ) -> RingResult:
        """Until it is known what came of the call, or it has rung long enough."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + LINE_FREE_S
        accepted = False
        while True:
            call.changed.clear()
            if stop.is_set() or call.cut:
                return self._cut_short(call)
            if dialling.done() and not accepted:
                accepted = True
                if (refused := self._refusal(call, dialling)) is not None:
                    return refused
            if call.taken:
                return RingResult(RingOutcome.ANSWERED, "answered; it may have been a voicemail")
            if call.over:
                return self._ended(call)
            now = loop.time()
            if call.dialled_at is None:
                until = give_up
            elif call.rings_since is not None:
                until = call.rings_since + wish.ring_s
            else:
                until = call.dialled_at + wish.ring_s + self._timings.call_setup_s
            if now >= until:
                return self._rang_out(call)
            poll_s = self._timings.call_out_poll_s if accepted else until - now
            with suppress(TimeoutError):
                async with asyncio.timeout(min(poll_s, until - now)):
                    await call.changed.wait()
                continue
            if accepted:
                await self._look(engine, call)

    def _refusal(self, call: _Call, dialling: asyncio.Task[Answer | None]) -> RingResult | None:
        """What the answer to ATD says against the call; None where it is on its way."""
        try:
            answer = dialling.result()
        except AtTimeoutError:
            return self._rang_out(call)  # it is answered only when the call is through, and that was not
        if answer is None:
            return RingResult(RingOutcome.FAILED, "the modem's line was not free")
        if answer.ok:
            return None
        call.over = answer.final
        if answer.final in ENDS:
            return self._ended(call)
        if answer.final == "ERROR" or answer.final.startswith("COMMAND NOT") or answer.code in NO_VOICE_CODES:
            self._condition.set("voice", problems.NO_VOICE)
            return RingResult(RingOutcome.FAILED, f"the modem cannot make calls ({answer.final})")
        return RingResult(RingOutcome.FAILED, f"the modem refused to dial ({answer.final})")

    def _ended(self, call: _Call) -> RingResult:
        if _BUSY.fullmatch(call.over):
            return RingResult(RingOutcome.BUSY, "busy")
        rang_s = self._rang_s(call)
        if call.over == "NO ANSWER" or rang_s > 0.0:
            return RingResult(RingOutcome.RANG, f"rang for {rang_s:.0f} s, nobody answered")
        return RingResult(RingOutcome.FAILED, f"the network did not put the call through ({call.over})")

    def _rang_out(self, call: _Call) -> RingResult:
        if call.dialled_at is None:
            return RingResult(RingOutcome.FAILED, "the modem was busy with a text")
        return RingResult(RingOutcome.RANG, f"rang for {self._rang_s(call):.0f} s, nobody answered")

    def _cut_short(self, call: _Call) -> RingResult:
        why = "a caller came in" if call.cut else "it was not needed any more, or a text had to leave"
        heard = self._rang_s(call) >= HEARD_S
        return RingResult(RingOutcome.RANG if heard else RingOutcome.FAILED, f"hung up: {why}")

    def _rang_s(self, call: _Call) -> float:
        """For how long it has rung; a modem that does not tell when it began is believed after the usual set-up time."""
        now = asyncio.get_running_loop().time()
        if call.rings_since is not None:
            return now - call.rings_since
        return 0.0 if call.dialled_at is None else max(0.0, now - call.dialled_at - self._timings.call_setup_s)

    def _learnt(self, result: RingResult) -> RingResult:
        """Two calls running that were not put through are a trouble; one that rang ends it."""
        if result.outcome is RingOutcome.FAILED and result.say.startswith("the network"):
            self._refused += 1
            if self._refused >= REFUSED_RUNNING:
                self._condition.set("voice", problems.CALLS_REFUSED)
        elif result.outcome in (RingOutcome.RANG, RingOutcome.ANSWERED, RingOutcome.BUSY):
            self._refused = 0
            self._condition.set("voice", None)
        return result

    async def _look(self, engine: AtEngine, call: _Call) -> None:
        """Ask how the call stands. A modem that has listed it and does no more has ended it without a word."""
        try:
            answer = await engine.command("AT+CLCC", "+CLCC")
        except AtTimeoutError:
            return
        state = call_out(answer.lines) if answer.ok else None
        if state is None:
            if call.listed and answer.ok and not call.over:
                call.over = "not listed any more"
            return
        call.listed = True
        if state == 3 and call.rings_since is None:
            call.rings_since = asyncio.get_running_loop().time()
        call.taken |= state in (0, 1)

    async def _hang_up(self, engine: AtEngine, commands: tuple[str, ...]) -> None:
        for command in commands:
            try:
                if (await engine.command(command)).ok:
                    return
            except (AtTimeoutError, LinkLostError):
                return
