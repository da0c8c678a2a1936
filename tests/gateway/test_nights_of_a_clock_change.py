"""The nights in which the clocks change: what is done once a night is done once, and what takes five minutes takes five minutes.

New York goes forward in March and back in November, at two; Phoenix never does.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from gateway.care.forgetting import NightlyForgetting
from gateway.care.nightly import NightlyBackups
from gateway.core.booking.appointments import Appointment, Opening, Span, State
from gateway.core.booking.reminders import remind_at
from gateway.core.care import BackupRules, last_due
from gateway.core.hours import in_quiet_hours, quiet_release, situation
from gateway.core.notify import Notifications
from gateway.core.problem import Problem
from gateway.core.wallclock import instants, wall
from gateway.health import HealthBoard
from gateway.settings import Settings
from gateway.storage.shelf import Shelved
from tests.gateway.box import BUSINESS, VirtualClock, living, reader
from tests.gateway.office import OWNER
from tests.gateway.test_ladder import DANA, FLOOD, OFFICE, SHOP

NEW_YORK, PHOENIX = ZoneInfo("America/New_York"), ZoneInfo("America/Phoenix")
FORWARD, BACK, PLAIN = date(2026, 3, 8), date(2026, 11, 1), date(2026, 6, 14)
NIGHTS = [(zone, night) for zone in (NEW_YORK, PHOENIX) for night in (FORWARD, BACK, PLAIN)]
NAMES = [f"{zone.key.split('/')[1]}-{night}" for zone, night in NIGHTS]
HOURS = [time(0), time(0, 30), time(1), time(1, 30), time(2), time(2, 30), time(3), time(3, 15), time(12), time(23, 59)]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

nights = pytest.mark.parametrize(("zone", "night"), NIGHTS, ids=NAMES)


def around(zone: ZoneInfo, night: date, days: int = 3) -> tuple[datetime, datetime]:
    """The beginning (UTC) of the day before the night, and the end of the days behind it."""
    begins = datetime.combine(night - DAY, time(), zone).astimezone(UTC)
    return begins, datetime.combine(night - DAY + days * DAY, time(), zone).astimezone(UTC)


# ---- what is due once a night


@nights
@pytest.mark.parametrize("at", HOURS)
def test_each_day_has_one_moment_at_which_its_nightly_work_is_due(at: time, zone: ZoneInfo, night: date) -> None:
    begins, ends = around(zone, night)
    dues: list[datetime] = []
    moment = begins
    while moment < ends:
        due = last_due(at, moment, zone).astimezone(UTC)
        assert due <= moment
        assert not dues or due >= dues[-1]
        if not dues or due != dues[-1]:
            dues.append(due)
        moment += MINUTE
    within = [due for due in dues if due >= begins]
    assert [wall(zone, due).date() for due in within] == [night - DAY, night, night + DAY]
    assert all(timedelta(hours=22, minutes=59) <= b - a <= timedelta(hours=25) for a, b in pairwise(dues))


class Backups(NightlyBackups):
    """Backups that are made at once and always come out."""

    def __init__(self, settings: Settings, clock: VirtualClock) -> None:
        self.made: list[datetime] = []
        super().__init__(lambda: settings, clock, HealthBoard(), lambda: True)

    def shelf(self) -> list[Shelved]:
        return [cast(Shelved, SimpleNamespace(made_at=each)) for each in sorted(self.made, reverse=True)]

    def _make(self, _settings: Settings, now: datetime, again: bool) -> Problem | None:
        assert not again
        self.made.append(now)
        return None

    def _report(self) -> None:
        pass


class Forgetting(NightlyForgetting):
    """Old things that go at once."""

    def __init__(self, settings: Settings, clock: VirtualClock) -> None:
        self.nights: list[datetime] = []
        super().__init__(lambda: settings, cast(Any, None), clock, lambda: True, cast(Any, None))

    async def forget(self) -> dict[str, int]:
        self.nights.append(self._clock.now())
        return {}


@nights
@pytest.mark.parametrize("at", [time(0, 30), time(1, 30), time(2), time(2, 30), time(3, 15)])
async def test_a_backup_is_made_and_old_things_go_once_in_each_night(at: time, zone: ZoneInfo, night: date) -> None:
    begins, ends = around(zone, night)
    settings = cast(
        Settings, SimpleNamespace(backup=BackupRules(at=at), business=SimpleNamespace(zone=zone), state_dir=Path())
    )
    clock = VirtualClock(begins)
    backups, forgetting = Backups(settings, clock), Forgetting(settings, clock)
    backups.made.append(begins - timedelta(minutes=1))
    while clock.moment < ends:
        await backups.look()
        await forgetting.look()
        clock.moment += 5 * MINUTE
    made = [wall(zone, each).date() for each in backups.made[1:]]
    gone = [wall(zone, each).date() for each in forgetting.nights]
    assert made == gone[-3:] == [night - DAY, night, night + DAY]


@nights
@pytest.mark.parametrize("seed", range(5))
async def test_a_box_that_is_switched_off_and_on_in_that_night_makes_no_second_backup(
    seed: int, zone: ZoneInfo, night: date
) -> None:
    chance, at = random.Random(seed), time(1, 30)
    settings = cast(
        Settings, SimpleNamespace(backup=BackupRules(at=at), business=SimpleNamespace(zone=zone), state_dir=Path())
    )
    begins, ends = around(zone, night)
    clock = VirtualClock(begins)
    backups = Backups(settings, clock)
    backups.made.append(begins - timedelta(minutes=1))
    while clock.moment < ends:
        await backups.look()
        clock.moment += MINUTE * chance.choice((1, 7, 30))
        if not chance.randrange(8):  # another run of the program
            again = Backups(settings, clock)
            again.made, backups = backups.made, again
    assert [wall(zone, each).date() for each in backups.made[1:]] == [night - DAY, night, night + DAY]


@nights
@pytest.mark.parametrize("at", [time(8), time(17, 30)])
async def test_the_digest_comes_once_a_day(at: time, zone: ZoneInfo, night: date, tmp_path: Path) -> None:
    business = replace(BUSINESS, zone=zone, notifications=Notifications(digest_at=at, digest_days=frozenset(range(7))))
    begins, _ = around(zone, night)
    async with living(tmp_path / "box", business, clock=VirtualClock(begins + timedelta(hours=20))) as box:
        for _ in range(3):
            await box.misses()
            await box.wait(DAY.total_seconds())
        sent = await box.rows("SELECT sent_at FROM texts WHERE purpose = 'digest' ORDER BY id")
        days = [wall(zone, datetime.fromtimestamp(ms / 1000, UTC)).date() for (ms,) in sent]
        assert len(days) == len(set(days)) == 3


# ---- what hangs on the hour of the wall


@nights
def test_opening_hours_and_quiet_hours_are_those_of_the_wall_in_every_minute(zone: ZoneInfo, night: date) -> None:
    policy = replace(BUSINESS.policy, quiet_from=time(21), quiet_to=time(7, 30), quiet_release=time(8))
    business = replace(BUSINESS, zone=zone, policy=policy)
    moment, ends = around(zone, night)
    while moment < ends:
        shown = wall(zone, moment)
        quiet = shown.time() >= time(21) or shown.time() < time(7, 30)
        assert in_quiet_hours(policy, shown) is quiet
        released = wall(zone, quiet_release(business, moment))
        if quiet:
            assert released.time() == time(8)
            assert released.date() == shown.date() + (DAY if shown.time() >= time(21) else timedelta())
            assert quiet_release(business, moment) - moment <= timedelta(hours=12)
        else:
            assert released == shown
        same_hour = datetime.combine(shown.date() + 7 * DAY, shown.time())
        for other in instants(zone, same_hour)[:1]:
            if wall(zone, other) == same_hour:
                assert situation(business, moment) is situation(business, other)
        moment += MINUTE


@nights
@pytest.mark.parametrize("hour", [0, 1, 3, 8, 13, 22])
def test_a_reminder_is_due_the_day_before_at_ten_of_the_wall(hour: int, zone: ZoneInfo, night: date) -> None:
    business = replace(BUSINESS, zone=zone)
    for offset in range(-1, 4):
        day = night + offset * DAY
        begins = instants(zone, datetime.combine(day, time(hour)))[0]
        span = Span(begins, begins + timedelta(hours=2))
        one = Appointment("visit", Opening(span, "crew", 1, span, day), State.CONFIRMED)
        at = remind_at(business, one, begins - timedelta(days=5))
        assert at is not None
        assert wall(zone, at) == datetime.combine(day - DAY, time(10))


# ---- what takes its time, whatever the wall shows


@nights
@pytest.mark.parametrize("minutes_before", [1, 7, 13])
async def test_the_ladder_climbs_at_the_same_pace(
    minutes_before: int, zone: ZoneInfo, night: date, tmp_path: Path
) -> None:
    change = instants(zone, datetime.combine(night, time(2)))[-1]
    if zone is NEW_YORK and night == BACK:
        change -= timedelta(hours=1)
    clock = VirtualClock(change - timedelta(minutes=minutes_before))
    async with living(tmp_path / "box", replace(SHOP, zone=zone), clock=clock, read=reader()) as box:
        told: list[tuple[str, float]] = []
        begins = clock.moment
        await box.hears(FLOOD)
        for _ in range(22):
            told += [
                (each.to, (clock.moment - begins).total_seconds() // 60)
                for each in box.modem.air
                if each.to in (OWNER, DANA, OFFICE) and each.number == 1
            ]
            box.modem.air.clear()
            await box.wait(60)
    assert told == [(OWNER, 0.0), (OWNER, 5.0), (DANA, 10.0), (DANA, 15.0), (OFFICE, 20.0)]
