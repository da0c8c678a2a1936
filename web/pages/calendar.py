"""The calendar: a week or a day of appointments, what is free then, and a new appointment for somebody who has called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web

from gateway.core.views.calendar import Entry, FreeWindow
from web.access import visitor
from web.changes import Ask, Form, typed
from web.language import gettext, mark
from web.pages import leadforms
from web.shell import Shell

WEEK = 7  # days
FAR = timedelta(days=3 * 366)
STATES = {
    "held": mark("kept while the box asks"),
    "requested": mark("requested, to be confirmed"),
    "confirmed": mark("booked"),
    "done": mark("done"),
}
KEPT = ("number", "name", "service", "window", "day", "begins", "ends", "crew", "who", "booking")
BOOKED = ("booked", mark("Booked."))


@dataclass(frozen=True, slots=True)
class CalendarSight:
    """Everything the page shows: a day, or seven from a Monday, each with its appointments; of a day what is free too."""

    mark: str
    view: str  # "day" or "week"
    first: date
    present: date
    days: tuple[tuple[date, tuple[Entry, ...]], ...]
    free: tuple[FreeWindow, ...] = ()

    def link(self, spans: int) -> str:
        """The address of another week, or day."""
        return address(self.view, self.first + timedelta(days=spans * len(self.days)))

    @property
    def empty(self) -> bool:
        return not any(entries for _, entries in self.days)


def address(view: str, day: date) -> str:
    """Of a day, or of the week that it is in."""
    return "/calendar?" + urlencode({"view": view, "day": day.isoformat()})


def day_of(asked: str, present: date) -> date:
    """The day that an address asks for; the present one where it asks for none that can be."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return present
    return day if abs(day - present) <= FAR else present


class CalendarPage:
    """The endpoints of `/calendar`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its addresses."""
        shell = self._shell
        shell.routes.get("/calendar", self.page)
        shell.routes.get("/fragment/calendar", self.fragment)
        shell.routes.get("/calendar/new", self.new)
        shell.button("/calendar/new", BOOKED, self._book, "/calendar", self._refuse)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /calendar`: `view` day or week, `day`."""
        return await self._draw(request, "calendar.html")

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/calendar`: the parts of the page that change."""
        return await self._draw(request, "calendar_fragment.html")

    async def new(self, request: web.Request) -> web.Response:
        """`GET /calendar/new`: a new appointment; `day` and `window` are filled in."""
        return await self._draw_new(request, {name: request.query.get(name, "") for name in KEPT})

    async def _book(self, ask: Ask) -> None:
        visit = leadforms.appointment(ask.typed, self._shell.drawing.zone)
        does = self._shell.commands.leads
        when = visit.begins, visit.ends
        lead_id = await does.open(ask.typed("number"), ask.typed("name"), ask.typed("service"), ask.by, when)
        await does.book(
            lead_id,
            visit.begins,
            visit.ends,
            ask.by,
            crew=visit.crew,
            who=visit.who,
            note=ask.typed("booking"),
            tell=bool(ask.typed("tell")),
        )
        raise web.HTTPSeeOther(f"/leads/{lead_id}?said={BOOKED[0]}")

    async def _refuse(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        return await self._draw_new(
            request, {name: typed(form, name) for name in KEPT}, sorry=gettext(sorry), status=409
        )

    async def _draw_new(
        self, request: web.Request, drafts: dict[str, str], *, sorry: str = "", status: int = 200
    ) -> web.Response:
        shell, now = self._shell, self._shell.clock.now()
        desk = await shell.data.booking_desk(now)
        return shell.draw(
            request,
            "calendar_new.html",
            status=status,
            now=now,
            sorry=sorry,
            drafts=drafts,
            desk=desk,
            me=visitor(request).name,
        )

    async def _draw(self, request: web.Request, template: str) -> web.Response:
        shell, now = self._shell, self._shell.clock.now()
        mark_before = shell.live.mark  # before reading: a change in between is then drawn twice, never missed
        midnight = shell.drawing.midnight(now)
        view = "day" if request.query.get("view") == "day" else "week"
        first = day_of(request.query.get("day", ""), midnight.date())
        if view == "week":
            first -= timedelta(days=first.weekday())
        count = 1 if view == "day" else WEEK
        found = await shell.data.calendar(first, count)
        days = [first + timedelta(days=number) for number in range(count)]
        free = (await shell.data.booking_desk(now)).windows if view == "day" else ()
        sight = CalendarSight(
            mark_before,
            view,
            first,
            midnight.date(),
            tuple((day, tuple(one for one in found if one.day == day)) for day in days),
            tuple(one for one in free if one.day == first),
        )
        return shell.draw(
            request,
            template,
            now=now,
            sight=sight,
            states=STATES,
            address=address,
            fragment="/fragment" + address(view, first),
            noon=lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=midnight.tzinfo),
            new=lambda **given: "/calendar/new?" + urlencode(given),
        )
