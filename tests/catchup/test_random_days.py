"""Random days with random outages: every call is one call, whoever tells of it, however often and in whatever order."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.core.events import (
    CallEnded,
    CallNoted,
    CallRang,
    CallReason,
    CallSource,
    Event,
    ListedMiss,
    MissedListRead,
    NotedBy,
    SegmentReceived,
)
from tests.gateway.box import BUSINESS, MAIN, Box, PortModem, VirtualClock, living

LINE = [f"+1216555{number:04d}" for number in range(160, 166)]  # they call the phone system
CELL = [f"+1216555{number:04d}" for number in range(170, 174)]  # they call the SIM
CODE = "24273"
SIM = replace(BUSINESS, rings_at=MAIN, policy=replace(BUSINESS.policy, per_hour=0, per_day=0))


@dataclass(frozen=True)
class Call:
    key: str
    caller: str
    began: float
    over: float
    missed: bool

    @property
    def at_sim(self) -> bool:
        return self.caller in CELL


class Day:
    """What really happened, and what its witnesses hold."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.clock = VirtualClock()
        self.start = self.clock.moment
        self.calls = sorted((self._call(number) for number in range(40)), key=lambda call: call.began)
        self.off = sorted(self.random.uniform(0, 36_000) for _ in range(2 * self.random.randint(1, 3)))
        self.list: list[str] = []
        self.carrier: list[tuple[Call, str]] = []
        self.modem = PortModem()
        self.reads = 0

    def _call(self, number: int) -> Call:
        began = self.random.uniform(0, 36_000)
        caller = self.random.choice(LINE + CELL)
        missed = caller in CELL or self.random.random() < 0.7
        return Call(f"17000000{number:02d}.{number}", caller, began, began + self.random.uniform(8, 40), missed)

    def at(self, seconds: float) -> object:
        return self.start + timedelta(seconds=seconds)

    def is_off(self, seconds: float) -> bool:
        return sum(edge <= seconds for edge in self.off) % 2 == 1

    def live(self, call: Call) -> list[tuple[float, Event]]:
        """What the box hears while it is on: of a call that begins or ends in an outage only a part."""
        source = CallSource.MODEM if call.at_sim else CallSource.AMI
        key = f"modem-{call.key}" if call.at_sim else call.key
        heard: list[tuple[float, Event]] = []
        if not self.is_off(call.began):
            heard.append((call.began, CallRang(key, source, self.at(call.began), call.caller, MAIN)))  # type: ignore[arg-type]
            if not self.is_off(call.over) and self._same_stretch(call):
                reason = CallReason.NO_ANSWER if call.missed else CallReason.ANSWERED
                by = None if call.missed else "102"
                over = self.at(call.over)
                heard.append(
                    (call.over, CallEnded(key, source, over, call.caller, MAIN, call.missed, reason, by, 20.0))
                )  # type: ignore[arg-type]
        return heard

    def _same_stretch(self, call: Call) -> bool:
        return not any(call.began < edge <= call.over for edge in self.off)

    def told(self, until: float) -> list[Event]:
        """Everything that witnesses can tell at that moment."""
        events: list[Event] = []
        for call in self.calls:
            if call.over > until or call.at_sim:
                continue
            over = self.start + timedelta(seconds=call.over + self.random.uniform(-1, 1))
            began = self.start + timedelta(seconds=call.began)
            reason = CallReason.NO_ANSWER if call.missed else CallReason.ANSWERED
            by = None if call.missed else "102"
            events.append(
                CallNoted(
                    *(NotedBy.CDR, "asterisk", call.key, over, call.caller, MAIN, call.missed, reason, began, over),
                    *(call.key, by, began),
                )
            )
        now = self.start + timedelta(seconds=until)
        missed = [call.caller for call in self.calls if call.at_sim and call.over <= until][::-1]
        events.append(MissedListRead(now, "modem", tuple(ListedMiss(caller[2:]) for caller in missed), MAIN))
        for call in self.calls:
            if call.at_sim and self.is_off(call.began) and self.is_off(call.over) and call.over <= until:
                scts = self.start + timedelta(seconds=call.over + 5)
                events.append(
                    SegmentReceived(f"pdu{call.key}", now, CODE, f"You missed a call from {call.caller[2:]}", scts=scts)
                )
        self.random.shuffle(events)
        return events

    async def restarted(self, path: Path, until: float, *, killed: bool) -> None:
        """The box comes up, is told everything, and may be killed in the middle of it."""
        async with living(path, SIM, self.modem, self.clock) as box:
            events = self.told(until)
            for event in events[: self.random.randrange(len(events)) if killed else None]:
                await box.dispatcher.submit(event)
            if not killed:
                await box.wait(1.0)

    async def lived(self, path: Path) -> None:
        edges = [0.0, *self.off, 40_000.0]
        for number, (begin, end) in enumerate(itertools.pairwise(edges)):
            if number % 2 == 1:
                continue
            self.clock.moment = max(self.clock.moment, self.start + timedelta(seconds=begin))
            for _ in range(self.random.randint(0, 2)):
                await self.restarted(path, begin, killed=True)
            async with living(path, SIM, self.modem, self.clock) as box:
                for event in self.told(begin):
                    await box.happens(event)
                heard = sorted((each for call in self.calls for each in self.live(call)), key=lambda each: each[0])
                for at, event in heard:
                    if begin <= at < end:
                        await self._until(box, at)
                        await box.happens(event)
                if number < len(edges) - 2:
                    await self._until(box, end)
                else:
                    await self._until(box, 40_000.0)
                    for event in self.told(40_000.0):
                        await box.happens(event)

    async def _until(self, box: Box, seconds: float) -> None:
        wait = (self.start + timedelta(seconds=seconds) - self.clock.moment).total_seconds()
        if wait > 0:
            await box.wait(wait)


@pytest.mark.parametrize("seed", range(10))
async def test_every_call_of_a_day_with_outages_is_one_call(seed: int, tmp_path: Path) -> None:
    day = Day(seed)
    path = tmp_path / "box.sqlite3"
    await day.lived(path)
    async with living(path, SIM, day.modem, day.clock) as box:
        for caller in LINE + CELL:
            real = [call for call in day.calls if call.caller == caller]
            rows = await box.rows("SELECT missed, no_text, say FROM calls WHERE peer = ? ORDER BY started_at", caller)
            assert len(rows) == len(real), (caller, real, rows, day.off)
            assert sum(row[0] == 1 for row in rows) == sum(call.missed for call in real), (caller, real, rows)
            sent = await box.rows(
                "SELECT sent_at FROM texts WHERE peer = ? AND sent_at IS NOT NULL ORDER BY sent_at", caller
            )
            gaps = [two[0] - one[0] for one, two in itertools.pairwise(sent)]
            assert all(gap >= SIM.policy.cooldown_s * 1000 for gap in gaps), (caller, sent)
            if any(call.missed for call in real) and not sent:
                last_talk = max((call.over for call in real if not call.missed), default=-1.0)
                if max(call.over for call in real if call.missed) > last_talk:
                    open_tasks = await box.rows("SELECT say FROM tasks WHERE peer = ? AND closed_at IS NULL", caller)
                    assert open_tasks, (caller, real, rows, day.off)
