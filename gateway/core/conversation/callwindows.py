"""The hours in which somebody is there to call back, which of them are free, and which of these are offered.

The rota is read off the clock on the business's wall. Nothing is offered on a day on which the office does not open, outside
the hours of a half day, in a storm, and in an hour that the clocks skip or show twice: nobody could tell which was meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from gateway.core.business import Business
from gateway.core.conversation.calltimes import Wanted, wanted
from gateway.core.conversation.callwords import LEAVES_WITHIN
from gateway.core.conversation.rota import WINDOW, CallWindow
from gateway.core.desk.absence import Away
from gateway.core.hours import windows_on
from gateway.core.wallclock import only_instant

HORIZON_DAYS = 7  # today and six more: a weekday names one day only
AT_MOST = 3  # of one text: more do not fit, and are not read
APART = timedelta(hours=3)  # between two that are offered without a wish: one of them suits
NOBODY = Away()
NEVER = datetime.min.replace(tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Diary:
    """The times for calls at one moment: those that are real at all, and those of them that may be offered to this caller.

    `written_at` is when the caller wrote: his "tomorrow" counts from there. `now` is None with a clock that is not believed.
    """

    zone: tzinfo = UTC
    written_at: datetime = NEVER
    standing: tuple[CallWindow, ...] = ()
    free: tuple[CallWindow, ...] = ()
    now: datetime | None = NEVER

    def lies_ahead(self, window: CallWindow) -> bool:
        """Whether a text may still speak of the window: it is not over by the time at which the text leaves."""
        return self.now is not None and window.ends - self.now > LEAVES_WITHIN

    def wish(self, words: str) -> Wanted | None:
        """The time that the caller's words name; None where they name none for sure."""
        return wanted(words, self.written_at, self.zone)


def standing(
    business: Business, now: datetime, *, storm_on: bool = False, away: Away = NOBODY
) -> tuple[CallWindow, ...]:
    """Every person's windows that begin after `now`, in order of time, then of the rota; none while he is `away`."""
    if storm_on:
        return ()
    today = now.astimezone(business.zone).date()
    days = [today + count * _DAY for count in range(HORIZON_DAYS)]
    ahead = (window for day in days for window in _of_day(business, day) if window.begins > now)
    found = [window for window in ahead if not away.at(window.who, window.begins)]
    return tuple(sorted(found, key=lambda window: window.begins))


def free(
    business: Business,
    now: datetime,
    taken: Mapping[tuple[str, datetime], int],
    *,
    storm_on: bool = False,
    away: Away = NOBODY,
) -> tuple[CallWindow, ...]:
    """One window for every hour that may still be offered, of the person who has the fewest callers in it.

    `taken` counts the callers to whom a person's window has been offered or promised.
    """
    rules = business.conversation.call_back
    first = now + timedelta(seconds=rules.notice_s)
    best: dict[datetime, CallWindow] = {}
    for window in standing(business, now, storm_on=storm_on, away=away):
        load = taken.get((window.who, window.begins), 0)
        other = best.get(window.begins)
        less = other is None or load < taken.get((other.who, other.begins), 0)
        if window.begins >= first and load < rules.per_hour and less:
            best[window.begins] = window
    return tuple(sorted(best.values(), key=lambda window: window.begins))


def proposed(
    windows: Sequence[CallWindow], wish: Wanted | None, zone: tzinfo, apart: timedelta = APART
) -> tuple[CallWindow, ...]:
    """Two or three windows to offer: those that the caller has named first, then others that lie `apart` from them."""
    fitting = [window for window in windows if wish is not None and wish.fits(window.begins, window.ends, zone)]
    chosen: list[CallWindow] = []
    for window in (*fitting, *windows):
        least = timedelta(0) if window in fitting else apart
        if len(chosen) < AT_MOST and all(_apart(window, other) >= least for other in chosen):
            chosen.append(window)
    for window in windows:  # a short rota has none that lie so far apart
        if len(chosen) < min(2, AT_MOST) and all(_apart(window, other) >= timedelta(0) for other in chosen):
            chosen.append(window)
    return tuple(chosen)


def _apart(one: CallWindow, other: CallWindow) -> timedelta:
    """The time between two windows; below zero when they overlap."""
    return max(one.begins, other.begins) - min(one.ends, other.ends)


def _of_day(business: Business, day: date) -> Iterator[CallWindow]:
    hours = windows_on(business.hours, day)
    half = business.hours.half_days.get(day)
    for person in business.conversation.call_back.rota if hours else ():
        for opens, closes in person.hours if day.weekday() in person.days else ():
            begins, last = datetime.combine(day, opens), _end(day, closes)
            while begins + WINDOW <= last:
                if half is None or any(
                    datetime.combine(day, one.opens) <= begins and begins + WINDOW <= _end(day, one.closes)
                    for one in half
                ):
                    yield from _window(business, begins, person.name)
                begins += WINDOW


def _window(business: Business, wall: datetime, who: str) -> Iterator[CallWindow]:
    begins, ends = only_instant(business.zone, wall), only_instant(business.zone, wall + WINDOW)
    if begins is None or ends is None or ends - begins != WINDOW:
        return
    if not any(begins < storm.ends and storm.begins < ends for storm in business.storms):
        yield CallWindow(begins, ends, who)


def _end(day: date, closes: time) -> datetime:
    """When a window of a day ends on the wall; 00:00 is the midnight behind it."""
    return datetime.combine(day if closes > time(0) else day + _DAY, closes)
