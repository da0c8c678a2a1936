"""A GSM modem on a serial line as the gateway's way to send and receive texts and to see calls.

`run` opens the port, starts the modem and serves it until the line is lost, then begins again: at once after a doubtful
send, every second while the port is not there, with growing pauses while the modem does not answer. A modem that stays
silent climbs a ladder: reopen, radio off and on, the vendor's reset, and at last a person who unplugs it.
"""

from __future__ import annotations

import asyncio
import errno
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

from drivers.modem import checkup, problems, urc
from drivers.modem.calls import Calls
from drivers.modem.cms import SMSC_UNKNOWN, judge, masked
from drivers.modem.dialling import Dialler
from drivers.modem.engine import AtEngine, AtTimeoutError, LinkLostError
from drivers.modem.inbox import Inbox
from drivers.modem.missedcalls import read_missed
from drivers.modem.nettime import NetworkTime, is_news
from drivers.modem.pdu import PduError, encode_submit
from drivers.modem.phone import Phone
from drivers.modem.problems import Condition
from drivers.modem.profiles import FALLBACK, choose, load_profiles
from drivers.modem.settings import ModemSettings
from drivers.modem.startup import NotUsableError, Started, has_smsc, start
from drivers.modem.supervision import Supervision
from gateway.core.checkup import Finding
from gateway.core.events import ErrorClass, MissedListRead, RingOutcome, SubmitResult, SubmitVerdict
from gateway.ports.clock import Clock
from gateway.ports.devices import (
    HealthSink,
    OnRing,
    OutgoingSegment,
    Recorder,
    RingResult,
    RingWish,
    Sink,
    TimeSink,
    Unrecorded,
)

log = logging.getLogger(__name__)

RADIO_AT, RESET_AT, PERSON_AT = 3, 6, 8  # failed starts in a row at which the ladder's next rung is tried
RESET_EVERY = 60  # failed starts between resets: at 30 s each half an hour, for a reset loop makes nothing better
_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO}


class GsmModem:
    """Implements `gateway.ports.devices.TextModem`. `boot_id` makes call keys unique across restarts.

    Raises ProfileError when the profiles cannot be read or the wanted one does not exist.
    """

    def __init__(
        self,
        settings: ModemSettings,
        submit: Sink,
        health: HealthSink,
        clock: Clock,
        boot_id: str,
        recorder: Recorder | None = None,
        tell_time: TimeSink | None = None,
    ) -> None:
        self._settings = settings
        self._recorder = recorder or Unrecorded()
        self._condition = Condition(settings.name, health, clock)
        self._profiles = load_profiles(settings.profiles_dir)
        if settings.profile is not None:
            choose(self._profiles, "", "", settings.profile)
        self._clock = clock
        self._time = NetworkTime(settings.name, tell_time)
        self._inbox = Inbox(submit, clock, self._condition, settings.timings, self._time.stamped)
        hang_up = settings.on_ring is OnRing.HANG_UP
        self._phone = Phone(Calls(boot_id, settings.number, hang_up, settings.timings), submit, clock)
        self._dialler = Dialler(self._condition, settings.timings, lambda: not self._phone.busy)
        self._supervision = Supervision(
            self._condition, settings.timings, lambda: self._phone.busy or self._dialler.busy, self._registered
        )
        self._engine: AtEngine | None = None
        self._started: Started | None = None
        self._family = settings.profile or FALLBACK
        self._failures = 0
        self._started_at = 0.0
        self._was_up = False
        self._rang = False  # a call has rung here
        self._set_up_again = asyncio.Event()
        self._past_discards: Counter[str] = Counter()
        self._power_calm: asyncio.TimerHandle | None = None

    @property
    def ready(self) -> bool:
        """Started, registered, able to text, and no call is made: not every modem takes a text beside one."""
        return self._works and self._may_text and not self._dialler.busy

    @property
    def _may_text(self) -> bool:
        return self._condition.problems.get("smsc") is not problems.SMSC_WANTED

    @property
    def quiet_s(self) -> float | None:
        """Seconds since the modem's last line, None while it does not work (and its health says so)."""
        engine = self._engine
        return asyncio.get_running_loop().time() - engine.last_line_at if engine is not None and self._works else None

    @property
    def can_ring(self) -> bool:
        """A telephone can be rung: the modem works, and no call comes in or is made."""
        return self._works and not self._dialler.busy and not self._phone.busy

    @property
    def _works(self) -> bool:
        engine = self._engine
        return engine is not None and engine.loss is None and self._started is not None and self._supervision.registered

    async def ring(self, wish: RingWish, stop: asyncio.Event) -> RingResult:
        """Ring a telephone; see `gateway.ports.devices.Ringer.ring`. No text is handed over meanwhile: `ready` is False."""
        engine, started = self._engine, self._started
        if engine is None or started is None or not self._works:
            return RingResult(RingOutcome.FAILED, "the modem is not ready")
        return await self._dialler.ring(engine, started.profile.hang_up, wish, stop)

    async def checkup(self) -> tuple[Finding, ...]:
        """How it is, thing by thing: what it says itself, and what its driver has met."""
        engine, started, met = self._engine, self._started, self._condition.problems
        if engine is None or started is None:
            return checkup.unusable(self._settings, met)
        try:
            return await checkup.look(engine, self._settings, started, met, rang=self._rang)
        except LinkLostError:
            return checkup.unusable(self._settings, self._condition.problems)

    @property
    def discards(self) -> dict[str, int]:
        """Lines and PDUs that were thrown away, by reason."""
        present = self._engine.discards if self._engine is not None else {}
        return dict(self._past_discards + Counter(self._inbox.counts) + Counter(present))

    async def submit(
        self, segment: OutgoingSegment, about_to_write: Callable[[], Awaitable[None]] | None = None
    ) -> SubmitResult:
        """Hand one segment to the network. Only `about_to_write` may raise, before anything was written."""
        engine = self._engine
        if engine is None or not self.ready:
            return SubmitResult(SubmitVerdict.NOT_TAKEN, evidence="the modem is not ready")
        try:
            pdu, length = encode_submit(segment)
        except (PduError, ValueError) as error:
            return SubmitResult(SubmitVerdict.REJECTED, error=ErrorClass.OUR_BUG, evidence=masked(str(error)))
        result = judge(await engine.hand_over(pdu, length, about_to_write))
        if result.code == SMSC_UNKNOWN and result.verdict is SubmitVerdict.REJECTED:
            result = replace(result, verdict=SubmitVerdict.NOT_TAKEN)  # the modem's own word: no network was asked
        self._inbox.sweep_soon()
        if result.verdict not in {SubmitVerdict.ACCEPTED, SubmitVerdict.NOT_TAKEN}:
            self._recorder.keep(f"a text was {result.verdict.value}: {result.evidence}")
        if result.verdict is SubmitVerdict.ACCEPTED:
            self._condition.set("texts", None)
            self._supervision.text_accepted()
        elif (
            result.error in {ErrorClass.TEMPORARY, ErrorClass.UNCLEAR} and result.verdict is not SubmitVerdict.NOT_TAKEN
        ):
            self._supervision.text_refused()
        elif result.code == SMSC_UNKNOWN:
            self._condition.set("smsc", problems.SMSC_WANTED)
        elif result.error is ErrorClass.ACCOUNT:
            self._condition.set("texts", problems.REFUSING)
        elif result.error is ErrorClass.STORAGE:
            self._inbox.sweep_now()
        return result

    async def run(self) -> None:
        """Open, serve and reopen for ever; ends only by cancellation."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._phone.run())
            tasks.create_task(self._serve_for_ever())

    async def _serve_for_ever(self) -> None:
        while True:
            pause_s = await self._session()
            await asyncio.sleep(pause_s)

    async def _session(self) -> float:
        """One opened port from open to close; how many seconds to wait before the next one."""
        times, settings = self._settings.timings, self._settings
        try:
            engine = AtEngine.open(settings.path, settings.baud, settings.rtscts, times, self._heard, self._recorder)
        except OSError as error:
            self._lost(f"the port cannot be opened: {error}")
            self._condition.over("port", problems.port_problem(error, settings.path))
            self._failures = 0 if error.errno in _GONE else self._failures
            return times.replug_poll_s if error.errno in _GONE else times.back_off_max_s
        self._engine = engine
        try:
            return await self._serve(engine)
        except LinkLostError as lost:
            return self._after(lost)
        except NotUsableError as hindrance:
            self._lost(hindrance.problem.say)
            self._condition.over("sim", hindrance.problem)
            return times.back_off_max_s
        finally:
            self._engine, self._started = None, None
            self._supervision.registered = False
            engine.close("the session is over")
            self._past_discards.update(engine.discards)

    async def _serve(self, engine: AtEngine) -> NoReturn:
        await self._climb(engine)
        fallback = self._profiles[FALLBACK]
        self._phone.connect(engine, fallback.hang_up)
        started = await start(engine, self._settings, self._profiles)
        self._phone.connect(engine, started.profile.hang_up)
        self._time.begins()
        self._started, self._family = started, started.profile.name
        self._started_at = asyncio.get_running_loop().time()
        self._failures = 0
        self._describe(started)
        serving = [
            asyncio.create_task(self._inbox.run(engine, started.stores)),
            asyncio.create_task(self._supervision.run(engine)),
            asyncio.create_task(engine.lost.wait()),
            asyncio.create_task(self._start_again(engine)),
            asyncio.create_task(self._missed_before(engine)),
        ]
        try:
            done, _ = await asyncio.wait(serving, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            raise engine.loss or LinkLostError("the session ended")
        finally:
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)

    async def _start_again(self, engine: AtEngine) -> NoReturn:
        """Set up once more whenever the modem says that it got ready only now; texts go out in between.

        A modem whose message store is not ready refuses to announce texts, and not every one says when it is.
        """
        self._set_up_again.clear()
        while True:
            complete = self._started is not None and self._started.notices
            with suppress(TimeoutError):
                async with asyncio.timeout(None if complete else self._settings.timings.sim_busy_s):
                    await self._set_up_again.wait()
            self._set_up_again.clear()
            self._started = await start(engine, self._settings, self._profiles)
            self._inbox.sweep_now()

    async def _registered(self, engine: AtEngine, registered: bool) -> None:
        """The supervision has looked."""
        if not registered or self._started is None:
            self._time.lost()
            return
        if "smsc" in self._condition.problems and await has_smsc(engine):
            self._condition.set("smsc", None)
        profile = self._started.profile
        await self._time.registered(engine, profile.time_set_up, profile.time)
        if self._time.told:
            self._condition.fact("network time", self._time.told)

    async def _missed_before(self, engine: AtEngine) -> None:
        """Once in a session: the calls that came while nobody listened. Returns when the line is lost."""
        times = self._settings.timings
        await asyncio.sleep(times.missed_list_s)
        await self._phone.rest()
        with suppress(AtTimeoutError):
            entries = await read_missed(engine)
            if entries is not None:
                self._phone.tell(MissedListRead(self._clock.now(), self._settings.name, entries))
        await engine.lost.wait()

    async def _climb(self, engine: AtEngine) -> None:
        """The rung of the ladder that this many silent starts call for."""
        if self._failures == RADIO_AT:
            await engine.shout("AT+CFUN=4")
            await asyncio.sleep(self._settings.timings.radio_off_s)
            await engine.shout("AT+CFUN=1")
        elif self._failures >= RESET_AT and (self._failures - RESET_AT) % RESET_EVERY == 0:
            await engine.shout(self._profiles[self._family].reset)

    def _describe(self, started: Started) -> None:
        condition = self._condition
        condition.fact("model", " ".join(part for part in (started.manufacturer, started.model) if part))
        condition.fact("profile", started.profile.name)
        condition.fact("delivery reports", "yes" if started.reports else "no")
        condition.over("smsc", None if started.has_smsc else problems.NO_SMSC)
        if not self._was_up:
            log.info("the modem works: %s %s", started.manufacturer, started.model)
        self._was_up = True

    def _after(self, lost: LinkLostError) -> float:
        times = self._settings.timings
        served = self._started is not None
        self._lost(lost.reason)
        if lost.unplugged:
            self._condition.over("port", problems.port_problem(OSError(errno.ENOENT, ""), self._settings.path))
            return min(times.replug_poll_s, times.back_off_min_s)
        if served:
            self._condition.over()
            short = asyncio.get_running_loop().time() - self._started_at < times.back_off_max_s
            return times.back_off_min_s if short else 0.0  # one that is lost at each start must not be opened all day
        self._failures += 1
        stuck = self._failures >= PERSON_AT
        problem = problems.POWER_CYCLE if stuck else problems.NO_ANSWER
        remedy = problem.remedy + problems.other_ports(self._settings.path)
        self._condition.over("answer", replace(problem, remedy=remedy))
        return float(min(times.back_off_max_s, times.back_off_min_s * 2 ** min(self._failures - 1, 16)))

    def _lost(self, reason: str) -> None:
        """First loss is a warning, repeats are detail."""
        log.log(logging.WARNING if self._was_up else logging.DEBUG, "the modem is not usable: %s", reason)
        self._was_up = False

    def _warn_of_power(self) -> None:
        self._condition.set("power", problems.LOW_POWER)
        if self._power_calm is not None:
            self._power_calm.cancel()
        calm_s = self._settings.timings.power_calm_s
        self._power_calm = asyncio.get_running_loop().call_later(calm_s, self._condition.set, "power", None)

    def _heard(self, line: str, pdu: str | None) -> None:
        """One unsolicited line, in the order it came. Never blocks."""
        engine = self._engine
        dialect = engine.dialect if engine is not None else urc.Dialect()
        match urc.parse(line, pdu, dialect):
            case urc.CallOver(said) if self._dialler.is_over(said):
                pass
            case (urc.Ring() | urc.CallerId() | urc.CallWaiting() | urc.CallOver() | urc.MissedCall()) as event:
                if not isinstance(event, urc.CallOver | urc.MissedCall):
                    self._dialler.comes_in()
                    self._rang = True
                self._phone.heard(event)
            case urc.Stored() as stored:
                self._inbox.notice(stored)
            case urc.Direct(direct):
                self._inbox.pushed(direct)
            case urc.Registration():
                self._supervision.look_again()
            case urc.StoreFull():
                self._inbox.sweep_now()
            case urc.PowerWarning():
                self._warn_of_power()
            case urc.SimSaid(state) if state != "READY" and self._started is not None and engine is not None:
                engine.close(f"the SIM card says {state}")
            case urc.Rebooted(said) if engine is not None:
                engine.close(f"the modem has restarted ({said})")
            case urc.GotReady() if self._started is not None:
                self._set_up_again.set()
            case urc.Noise(said) if is_news(said):
                self._time.again()
                self._supervision.look_again()
            case urc.Noise(said):
                self._dialler.said(said)
            case _:
                pass


class ModemRinger:
    """A modem as `gateway.ports.devices.Ringer`."""

    shares_modem = True

    def __init__(self, modem: GsmModem) -> None:
        self._modem = modem

    @property
    def ready(self) -> bool:
        return self._modem.can_ring

    async def ring(self, wish: RingWish, stop: asyncio.Event) -> RingResult:
        """See `gateway.ports.devices.Ringer.ring`."""
        return await self._modem.ring(wish, stop)
