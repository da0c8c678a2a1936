"""Who is on call at a moment: what was agreed by text goes before dated overrides, these before shifts, these before the rotation.

Of several swaps, or of several overrides, the last one counts. All who have a shift at a moment are on call. Nobody may be: then
the owner is told in their place, which is the ladder's to know. All times but those of swaps and overrides are read off the clock
on the business's wall: a hand-over at 01:30 happens when the wall shows 01:30 for the first time, or at the change where the
clocks skip it, and is not taken back where an hour is lived twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from gateway.core.wallclock import instants, latest_shown, wall

_DAY: Final = timedelta(days=1)
HORIZON_DAYS: Final = (
    62  # how far the next hand-over is looked for; a rotation by weeks of eight people comes round in less
)


class Turn(StrEnum):
    """How long one person of a rotation is on call."""

    DAY = "day"
    WEEK = "week"

    @property
    def days(self) -> int:
        return 1 if self is Turn.DAY else 7


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns: the first of them from `begins` on, at `hands_over` on the wall; before that nobody."""

    people: tuple[str, ...]
    begins: date
    turn: Turn = Turn.WEEK
    hands_over: time = time(8)


@dataclass(frozen=True, slots=True)
class Shift:
    """On call each week on these days (0 is Monday), between the times. One that does not end after it begins ends the next day."""

    who: tuple[str, ...]
    days: frozenset[int]
    hours: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """On call from one moment (aware) to another: a dated override, or a swap."""

    who: tuple[str, ...]
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class OnCall:
    """When whom of the business's people, by their keys, is on call. Empty: nobody ever is."""

    rotation: Rotation | None = None
    shifts: tuple[Shift, ...] = ()
    overrides: tuple[Duty, ...] = ()

    @property
    def everybody(self) -> tuple[str, ...]:
        """All who may be on call, each once."""
        turns = self.rotation.people if self.rotation is not None else ()
        on_shift = (key for shift in self.shifts for key in shift.who)
        dated = (key for duty in self.overrides for key in duty.who)
        return tuple(dict.fromkeys((*turns, *on_shift, *dated)))


@dataclass(frozen=True, slots=True)
class HandOver:
    """The moment (UTC) at which somebody else comes on call; `who` empty: nobody."""

    at: datetime
    who: tuple[str, ...]


def on_call(plan: OnCall, zone: ZoneInfo, at: datetime, swaps: Sequence[Duty] = ()) -> tuple[str, ...]:
    """The keys of those who are on call at `at` (aware), each once. `swaps` in the order in which they were agreed."""
    at = at.astimezone(UTC)
    for dated in (swaps, plan.overrides):
        found = next((duty.who for duty in reversed(dated) if duty.begins <= at < duty.ends), None)
        if found is not None:
            return tuple(dict.fromkeys(found))
    shown = latest_shown(zone, at)
    on_shift = (key for shift in plan.shifts if _lasts(shift, shown) for key in shift.who)
    return tuple(dict.fromkeys(on_shift)) or _whose_turn(plan.rotation, shown)


def next_hand_over(plan: OnCall, zone: ZoneInfo, at: datetime, swaps: Sequence[Duty] = ()) -> HandOver | None:
    """When somebody else comes on call after `at`; None when that takes longer than `HORIZON_DAYS`."""
    at = at.astimezone(UTC)
    now = on_call(plan, zone, at, swaps)
    for moment in sorted(set(_moments(plan, zone, at, swaps))):
        if moment > at and (who := on_call(plan, zone, moment, swaps)) != now:
            return HandOver(moment, who)
    return None


def _lasts(shift: Shift, shown: datetime) -> bool:
    """Whether a shift that began on this day or the one before lasts at this time on the wall."""
    for day in (shown.date(), shown.date() - _DAY):
        for opens, closes in shift.hours if day.weekday() in shift.days else ():
            begins = datetime.combine(day, opens)
            if begins <= shown < datetime.combine(day if closes > opens else day + _DAY, closes):
                return True
    return False


def _whose_turn(rotation: Rotation | None, shown: datetime) -> tuple[str, ...]:
    if rotation is None or not rotation.people:
        return ()
    began = datetime.combine(rotation.begins, rotation.hands_over)
    if shown < began:
        return ()
    turn = (shown - began) // _DAY // rotation.turn.days
    return (rotation.people[turn % len(rotation.people)],)


def _moments(plan: OnCall, zone: ZoneInfo, at: datetime, swaps: Sequence[Duty]) -> Iterator[datetime]:
    """When it can change who is on call."""
    for duty in (*swaps, *plan.overrides):
        yield from (duty.begins.astimezone(UTC), duty.ends.astimezone(UTC))
    times = {time for shift in plan.shifts for hours in shift.hours for time in hours}
    if plan.rotation is not None:
        times.add(plan.rotation.hands_over)
    first = wall(zone, at).date() - _DAY
    for offset in range(HORIZON_DAYS + 1):
        for each in times:
            yield instants(zone, datetime.combine(first + offset * _DAY, each))[0]
