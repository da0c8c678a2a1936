"""The calendar: a week of appointments, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiohttp import web

from gateway.core.conversation.callwords import hours
from gateway.core.views.calendar import Entry
from web.language import mark
from web.shell import Shell

WEEK = 7  # days
STATES = {
    "held": mark("kept while the box asks"),
    "requested": mark("requested, to be confirmed"),
    "confirmed": mark("booked"),
    "done": mark("done"),
    "by hand": mark("written down by a person"),
}


@dataclass(frozen=True, slots=True)
class CalendarSight:
    """Everything the page shows: seven days from a Monday, each with its appointments."""

    mark: str
    first: date
    present: date
    days: tuple[tuple[date, tuple[Entry, ...]], ...]

    def link(self, weeks: int) -> str:
        """The address of another week."""
        return f"/calendar?day={(self.first + timedelta(days=weeks * WEEK)).isoformat()}"

    @property
    def empty(self) -> bool:
        return not any(entries for _, entries in self.days)


def monday_of(asked: str, present: date) -> date:
    """The first day of the week that an address asks for; of the present one where it asks for none that can be."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = present
    if abs((day - present).days) > 3 * 366:
        day = present
    return day - timedelta(days=day.weekday())


class CalendarPage:
    """The endpoints of `/calendar`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its addresses."""
        self._shell.routes.get("/calendar", self.page)
        self._shell.routes.get("/fragment/calendar", self.fragment)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /calendar`"""
        return await self._draw(request, "calendar.html")

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/calendar`: the parts of the page that change."""
        return await self._draw(request, "calendar_fragment.html")

    async def _draw(self, request: web.Request, template: str) -> web.Response:
        shell, now = self._shell, self._shell.clock.now()
        mark_before = shell.live.mark  # before reading: a change in between is then drawn twice, never missed
        midnight = shell.drawing.midnight(now)
        first = monday_of(request.query.get("day", ""), midnight.date())
        found = await shell.data.calendar(first, WEEK)
        days = [first + timedelta(days=count) for count in range(WEEK)]
        sight = CalendarSight(
            mark_before,
            first,
            midnight.date(),
            tuple((day, tuple(one for one in found if one.day == day)) for day in days),
        )
        return shell.draw(
            request,
            template,
            now=now,
            sight=sight,
            states=STATES,
            hours=lambda one: hours(one, shell.drawing.zone),
            fragment=f"/fragment/calendar?day={first.isoformat()}",
            noon=lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=midnight.tzinfo),
        )
