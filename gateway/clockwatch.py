"""Whether the time is known, by whom, and whether somebody has set the clock.

Nothing that depends on the hour goes out before it is. Who is believed is decided by `gateway.core.timesources`; here it is
put into effect. Where the mobile network or the texts tell another time than the machine's clock, the gateway goes by theirs
(`KeptClock`), and wishes the machine's to be set to it (`gateway.machineclock`). While nobody is believed, a clock that is
behind goes on from what was written down last, so that nothing is noted before what came before it. A machine's clock that is
set by others while we run is believed where nobody better is heard: nobody sets a clock to a wrong time on purpose.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.clock import KeptClock
from gateway.core.events import ClockJudged, Health, HealthReport
from gateway.core.timesources import NOT_BEFORE_S, STAMPS, SURE, Doubt, Heard, Known, Verdict, Witness, judge
from gateway.machineclock.slips import Setting
from gateway.machinetime import boot_id, keeps_time, kernel_synchronised, ticks
from gateway.ports.clock import Clock
from gateway.ports.devices import HealthSink, TimeTold
from gateway.records import ClockMemory
from gateway.troubles import (
    clock_moved,
    clock_put_right,
    clock_unsure,
    clock_untold,
    clock_wrong,
    networks_differ,
    time_known,
)

__all__ = ["ClockWatch", "kernel_synchronised"]

COMPONENT = "clock"
NOT_BEFORE = datetime.fromtimestamp(NOT_BEFORE_S, UTC)  # this product did not exist before
_TOLD = (Witness.NETWORK, Witness.TEXTS)  # by whom a machine's clock may be found wrong
_WITNESSES = {witness.value: witness for witness in Witness}
STEP_S = 3.0  # NTP slews small errors; a difference above this is a step


class ClockWatch:
    """Looks at the clock whenever something happens. `tell` gets the clock's health when it changes.

    `goes_on`: the clock is believed although it was off and nobody can be asked; `network`: what modems tell is heard.
    """

    def __init__(
        self,
        clock: Clock,
        zone: ZoneInfo,
        tell: HealthSink,
        synchronised: Callable[[], bool] = kernel_synchronised,
        keeps: Callable[[], bool] = keeps_time,
    ) -> None:
        self._clock = clock if isinstance(clock, KeptClock) else KeptClock(clock)
        self.zone = zone
        self.goes_on = False
        self.network = True
        self._tell = tell
        self._synchronised = synchronised
        self._keeps_time = keeps()
        self._boot = boot_id()
        self._heard: dict[str, Heard] = {}
        self._stamps: deque[Heard] = deque(maxlen=STAMPS)
        self._shown_base = self._base()
        self._kept_base = self._shown_base
        self._written = self._certain = NOT_BEFORE_S
        self._hold: float | None = None  # the base to go on from while nobody is believed
        self._vouched: tuple[float, Witness] | None = None
        self._verdict: Verdict | None = None
        self._noted: tuple[str, float] | None = None
        self.since = self._clock.now()  # the start, in the time that the clock shows now
        self._said = ""
        self._moved = ""
        self._owed = 0.0  # seconds by which the time moved at the start, against what an earlier run wrote
        self._put_right: Setting | None = None  # the machine's clock, on our word
        self._stays = ""  # why it is not put right
        self.sane = True
        self.fresh = True  # nobody has been believed since the start

    def start(self, last_written: datetime | None, memory: ClockMemory | None = None) -> None:
        """`last_written` is when the gateway last wrote something down, in this run or an earlier one."""
        if last_written is not None:
            self._written = max(NOT_BEFORE_S, last_written.timestamp())
        if memory is not None:
            self._remember(memory)
        self._hold = max(self._written, self._certain) - ticks()
        if memory is not None and not memory.by and memory.boot == self._boot != "":
            # The machine has counted on while we were away, by a clock that nobody believed then.
            self._hold = max(self._hold, memory.base)
            self._kept_base, self.since = memory.base, memory.at
            self._owed = self.look()
            return
        self.look()
        self.since = self._clock.now()

    def _remember(self, memory: ClockMemory) -> None:
        if memory.by in SURE:
            self._certain = self._written
        elif memory.certain is not None:
            self._certain = max(NOT_BEFORE_S, memory.certain.timestamp())
        if not memory.by or memory.boot != self._boot or not self._boot:
            return
        by = _WITNESSES.get(memory.by, Witness.SET)
        if by is Witness.NETWORK or abs(memory.base - self._shown_base) <= STEP_S:
            self._vouched = memory.base, by

    def hear(self, told: TimeTold) -> None:
        """A modem was told the time."""
        if not self.network:
            return
        tick = ticks()
        moments = (*told.moments, *(() if told.wall is None else (told.wall.replace(tzinfo=self.zone),)))
        bases = tuple(dict.fromkeys(moment.timestamp() - tick for moment in moments))
        if told.stamp:
            self._stamps.append(Heard(Witness.TEXTS, told.part, bases[:1], tick))
        else:
            self._heard[told.part] = Heard(Witness.NETWORK, told.part, bases, tick)

    def forget(self, part: str) -> None:
        """A modem is gone from the configuration."""
        self._heard.pop(part, None)

    def look(self) -> float:
        """Judge the clock; returns by how many seconds the time to go by has moved since the last look, 0.0 when it has not."""
        shown = self._base()
        if abs(shown - self._shown_base) > STEP_S and not self._is_ours(shown):
            self._vouched = shown, Witness.SET
            self._written = self._certain = NOT_BEFORE_S
            self._hold = NOT_BEFORE_S - ticks()
            if shown + ticks() < NOT_BEFORE_S:
                self._vouched = None
        self._shown_base = shown
        heard = [*self._heard.values(), *self._stamps] if self.network else []
        known = Known(
            shown,
            ticks(),
            self._synchronised(),
            self._keeps_time,
            self._certain,
            self._written,
            self._vouched,
            self.goes_on,
        )
        verdict = judge(known, heard)
        if verdict.by is None and self._hold is not None:
            verdict = replace(verdict, base=max(verdict.base, self._hold))
        step, self._owed = self._go_by(shown, verdict) + self._owed, 0.0
        self._report()
        return step

    def _go_by(self, shown: float, verdict: Verdict) -> float:
        """Put a verdict into effect; returns the step."""
        before, self._verdict = self._verdict, verdict
        drift = verdict.base - shown
        if verdict.by is not None and abs(drift - self._clock.by.total_seconds()) <= STEP_S:
            drift = self._clock.by.total_seconds()  # what a network tells trembles by a second or two
        self._clock.by = timedelta(seconds=drift)
        self.sane = verdict.by is not None
        if verdict.by in (Witness.NETWORK, Witness.TEXTS, Witness.INTERNET) and (before is None or before.by is None):
            self._written = NOT_BEFORE_S  # whatever was written ahead of it was written by a wrong clock
        if verdict.by in (Witness.NETWORK, Witness.INTERNET):
            self._vouched = verdict.base, verdict.by
        step = self._base() + drift - self._kept_base
        if abs(step) <= STEP_S:
            return 0.0
        self._kept_base += step
        self.since += timedelta(seconds=step)
        self._moved = clock_moved(step) if before is not None else ""
        return step

    def _is_ours(self, shown: float) -> bool:
        """The machine's clock was set to the time that we go by, which nobody new has told."""
        verdict = self._verdict
        return verdict is not None and verdict.by in _TOLD and abs(shown - self._kept_base) <= STEP_S

    def wish(self) -> tuple[float, Witness] | None:
        """The base to which the machine's clock should be set, and on whose word; None while it is right, or nobody knows better."""
        verdict = self._verdict
        if verdict is None or verdict.by not in _TOLD or abs(self._clock.by.total_seconds()) <= STEP_S:
            return None
        return self._kept_base, verdict.by

    @property
    def told(self) -> bool:
        """The time is what the mobile network tells, itself or by its texts."""
        return self._verdict is not None and self._verdict.by in _TOLD

    def told_of(self, put_right: Setting | None, stays: str) -> None:
        """How the machine's clock was set last since its start, and why it is not set now ("often", "failed", "")."""
        self._put_right, self._stays = put_right, stays
        if self._verdict is not None:
            self._report()

    def news(self) -> ClockJudged | None:
        """The verdict, when it is another one than was last taken in by `noted`."""
        verdict = self._verdict
        if verdict is None:
            return None
        by = "" if verdict.by is None else verdict.by.value
        if self._noted is not None and self._noted[0] == by and abs(self._noted[1] - verdict.base) <= STEP_S:
            return None
        return ClockJudged(self._clock.now(), by, self._boot, verdict.base)

    def noted(self, judged: ClockJudged) -> None:
        """The verdict has been written down."""
        self._noted = judged.by, judged.base
        if judged.by:
            self.fresh = False

    def _report(self) -> None:
        verdict, now, shown = self._verdict, self._clock.now(), self._clock.shown()
        assert verdict is not None
        if verdict.by is not None:
            say = self._moved or time_known(verdict.by)
            ahead = -self._clock.by.total_seconds()
            done = self._put_right
            if abs(ahead) > STEP_S:
                say = clock_wrong(ahead, verdict.by, self._stays)
            elif done is not None and verdict.by.value == done.by:
                say = clock_put_right(datetime.fromtimestamp(done.time, UTC), done.step, verdict.by, self.zone)
            key, report = say, HealthReport(COMPONENT, Health.UP, now, say)
        else:
            key = f"unsure {verdict.doubt}"  # the sentence holds the present minute: told once, not every minute
            floor = datetime.fromtimestamp(max(self._written, self._certain), UTC)
            match verdict.doubt:
                case Doubt.UNTOLD:
                    problem = clock_untold(shown, self.zone)
                case Doubt.DIFFER:
                    problem = networks_differ()
                case _:
                    problem = clock_unsure(shown, floor, self.zone)
            report = problem.report(COMPONENT, now)
        if key != self._said:
            self._said = key
            self._tell(report)

    def _base(self) -> float:
        # CLOCK_BOOTTIME goes on while the machine sleeps: waking up is no set clock, that time has really passed
        return self._clock.shown().timestamp() - ticks()
