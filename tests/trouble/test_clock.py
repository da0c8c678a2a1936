"""Trouble with the time: a clock that cannot be right, and one that is set while the gateway runs."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.clockwatch import ClockWatch
from gateway.core.events import HealthReport
from tests.trouble.office import OFFICE, in_trouble

CALLER = "2165550137"
LATER = "2165550138"
EARLIER = "2165550139"


class Wall:
    """The real clock, set by somebody."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def set(self, **span: float) -> None:
        self.offset += timedelta(**span)


def in_1970() -> Wall:
    return Wall(datetime(1970, 1, 1, 0, 1, tzinfo=UTC) - datetime.now(UTC))


async def test_a_box_that_wakes_in_1970_texts_nobody_until_its_clock_is_set_and_then_who_has_just_called(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    wall = in_1970()
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        report = await office.says("clock", "shows Dec 31, 1969, 7:01 PM", "Callers are not texted until")
        assert "timedatectl" in report.remedy
        await office.is_well("asterisk")
        await office.missed(CALLER)
        call = await office.outcome(CALLER)
        assert (call.outcome, call.say) == (
            "clock_unsure",
            "the box does not know the time yet, on the call-back list",
        )
        assert [task.peer for task in await office.gateway.queries.tasks()] == [f"+1{CALLER}"]
        wall.offset = timedelta()
        await office.all_well()
        assert "The clock was set forward by" in await office.page("health")
        await office.is_texted(CALLER)  # some seconds ago, whatever the clock showed then
        assert not await office.gateway.queries.tasks()
        await office.missed(LATER)
        await office.is_texted(LATER)


async def test_a_clock_behind_what_was_written_down_is_not_believed_until_it_has_caught_up(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()
        await office.missed(EARLIER)
        await office.is_texted(EARLIER)
    wall = Wall(timedelta(hours=-20))  # the box was off for the night and wakes where it went to sleep, or earlier
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        await office.says("clock", "has passed already", "Callers are not texted until")
        await office.is_well("asterisk")
        await office.missed(CALLER)
        assert (await office.outcome(CALLER)).outcome == "clock_unsure"
        wall.set(hours=20)
        await office.all_well()
        await office.missed(LATER)
        await office.is_texted(LATER)


async def test_a_clock_that_the_kernel_vouches_for_is_believed(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem, clock=Wall(timedelta(days=3))) as office:
        await office.all_well()
        await office.missed(EARLIER)  # written down three days ahead
        await office.is_texted(EARLIER)
    async with in_trouble(tmp_path, pbx, modem, synchronised=True) as office:
        await office.all_well()
        await office.missed(CALLER)
        await office.is_texted(CALLER)


async def test_a_clock_that_was_ahead_for_days_is_believed_when_it_is_set_right(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    ahead = Wall(timedelta(days=3))
    async with in_trouble(tmp_path, pbx, modem, clock=ahead) as office:
        await office.all_well()
        await office.missed(EARLIER)
        await office.is_texted(EARLIER)
    async with in_trouble(tmp_path, pbx, modem, clock=ahead) as office:
        await office.all_well()
        ahead.set(days=-3)
        await office.missed(CALLER)
        await office.is_texted(CALLER)
        await office.all_well()


async def test_a_clock_set_back_by_a_minute_or_two_is_believed(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    async with in_trouble(tmp_path, pbx, modem, clock=Wall(timedelta(minutes=2))) as office:
        await office.all_well()
        await office.missed(EARLIER)
        await office.is_texted(EARLIER)
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.all_well()


@pytest.mark.parametrize("hours", [6, -6, 30, -30])
async def test_a_caller_who_waits_is_texted_once_however_the_clock_jumps(
    hours: int, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    wall = Wall()
    await modem.stop()
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        await office.is_well("asterisk")
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["waiting"])
        wall.set(hours=hours)
        way = "forward" if hours > 0 else "back"
        await office.until(lambda: office.logged(f"The clock was set {way} by {abs(hours)} h"), "it is in the log")
        assert f"clock: up: The clock was set {way} by {abs(hours)} h" in await office.status()
        await office.is_well("clock")
        await modem.start()
        await office.all_well()
        await office.is_texted(CALLER)
        assert (await office.outcome(CALLER)).say.startswith("texted in")


@pytest.mark.parametrize("hours", [6, -6])
async def test_a_call_that_ends_just_after_the_jump_is_texted_at_once(
    hours: int, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.sender.LOOK_AGAIN_S", 3600.0)  # nobody looks at the clock but the call itself
    wall = Wall()
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        await office.all_well()
        ringing = asyncio.create_task(pbx.missed_call(CALLER, OFFICE, ring_s=0.3))
        await office.rings(CALLER)
        wall.set(hours=hours)
        await ringing
        await office.is_texted(CALLER)
        await office.missed(LATER)
        await office.is_texted(LATER)


def test_a_machine_that_slept_has_not_had_its_clock_set(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, told = Wall(), list[HealthReport]()
    watch = ClockWatch(wall, ZoneInfo("America/New_York"), told.append, lambda: False)
    watch.start(None)
    real = time.clock_gettime
    monkeypatch.setattr(time, "clock_gettime", lambda which: real(which) + 8 * 3600)
    wall.set(hours=8)
    assert watch.look() == 0.0
    assert [report.say for report in told] == ["The clock shows a time that can be right."]
    wall.set(hours=1)
    assert round(watch.look()) == 3600
    assert told[-1].say.startswith("The clock was set forward by 1 h 0 min")


@pytest.mark.parametrize("hours", [13, -13])
async def test_nobody_is_texted_twice_because_the_clock_was_set(
    hours: int, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    wall = Wall()
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        await office.all_well()
        await office.missed(CALLER)
        await office.is_texted(CALLER)
        wall.set(hours=hours)
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["cooldown", "texted"])
        wall.set(hours=-hours)
        await office.missed(CALLER)
        await office.until_outcomes(CALLER, ["cooldown", "cooldown", "texted"])
        assert len(office.texts_to(CALLER)) == 1


async def test_the_clock_that_was_set_while_the_disk_was_full_is_taken_in_afterwards(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    wall = Wall()
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        await office.all_well()
        await office.missed(CALLER)
        await office.is_texted(CALLER)
        store = office.gateway.store
        assert store._writer is not None
        await store._run(store._writer, lambda db: db.execute("PRAGMA query_only = ON").fetchall())
        wall.set(hours=13)
        await office.missed(CALLER)
        await office.says("store", "cannot be written to any more")
        await store._run(store._writer, lambda db: db.execute("PRAGMA query_only = OFF").fetchall())
        await office.all_well()
        await office.until_outcomes(CALLER, ["cooldown", "texted"])
        assert len(office.texts_to(CALLER)) == 1


@pytest.mark.parametrize("hours", [30, -30])
async def test_a_call_that_waits_for_the_disk_while_the_clock_is_set_is_texted_at_once(
    hours: int, tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem
) -> None:
    wall = Wall()
    async with in_trouble(tmp_path, pbx, modem, clock=wall) as office:
        await office.all_well()
        ringing = asyncio.create_task(pbx.missed_call(CALLER, OFFICE, ring_s=0.3))
        await office.rings(CALLER)
        store = office.gateway.store
        assert store._writer is not None
        await store._run(store._writer, lambda db: db.execute("PRAGMA query_only = ON").fetchall())
        await ringing
        await office.says("asterisk", "A call waits because it could not be written down")
        wall.set(hours=hours)
        await store._run(store._writer, lambda db: db.execute("PRAGMA query_only = OFF").fetchall())
        await office.all_well()
        await office.is_texted(CALLER)
        assert (await office.outcome(CALLER)).say.startswith("texted in")
