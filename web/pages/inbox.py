"""The inbox: everything that waits for people, the most pressing first, and what may be done about it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from aiohttp import web

from gateway.core.events import HealthReport
from gateway.core.inbox import Days, InboxPage, Sieve, Whose, read_cursor
from gateway.core.views.calls import Today
from gateway.core.views.leads import LeadRow, Standing
from web.access import visitor
from web.changes import Act, Form
from web.language import mark
from web.pages.away import mine
from web.shell import Shell, said_by
from web.words import leadwords

_SAID = {
    "done": mark("Done. It is off the list."),
    "arrived": mark("Noted: the text arrived."),
    "again": mark("The text is being sent again."),
    "paused": mark("Texting is paused."),
    "resumed": mark("Texting is on again."),
}
TO_DO = (Standing.EMERGENCY, Standing.OVERDUE, Standing.WAITING, Standing.TALKING)
WHOSE = {Whose.ANYBODY: mark("Everybody's"), Whose.MINE: mark("Mine"), Whose.NOBODY: mark("Nobody's yet")}
DAYS = {
    Days.TO_DO: mark("What is to do"),
    Days.TODAY: mark("Came in today"),
    Days.WEEK: mark("In 7 days"),
    Days.ALL: mark("All there ever were"),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything the inbox shows, read at `now`."""

    now: datetime
    mark: str
    today: Today
    page: InboxPage
    sieve: Sieve
    after: str
    health: Sequence[HealthReport]
    paused: str

    @property
    def ages(self) -> bool:
        """Whether something on the page is told anew as time goes by."""
        return any(isinstance(item, LeadRow) for item in self.page.items)

    @property
    def shown(self) -> int:
        """How much passes the sieve."""
        chosen = self.sieve.standing
        return self.page.counts.get(chosen, 0) if chosen else sum(self.page.counts.values())

    def link(self, **changes: str) -> str:
        """The address of the inbox with something else chosen."""
        chosen = {**addressed(self.sieve), **changes}
        query = urlencode({key: value for key, value in chosen.items() if value})
        return f"/?{query}" if query else "/"


def addressed(sieve: Sieve) -> dict[str, str]:
    """A sieve as an address has it."""
    return {
        "standing": sieve.standing,
        "whose": sieve.whose.value,
        "lane": sieve.lane,
        "urgency": sieve.urgency,
        "days": sieve.days.value,
    }


def asked(query: Mapping[str, str], me: str) -> Sieve:
    """The sieve of an address; whatever is not known passes everything."""

    def one_of(name: str, known: Sequence[str]) -> str:
        value = query.get(name, "")
        return value if value in known else ""

    return Sieve(
        whose=Whose(one_of("whose", tuple(Whose))),
        me=me if query.get("whose") == Whose.MINE else "",
        standing=one_of("standing", TO_DO),
        lane=one_of("lane", tuple(leadwords.LANES)),
        urgency=one_of("urgency", tuple(leadwords.URGENCIES)),
        days=Days(one_of("days", tuple(Days))),
    )


class Inbox:
    """The endpoints of `/`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its addresses."""
        routes, commands = self._shell.routes, self._shell.commands
        routes.get("/", self.page)
        routes.get("/fragment/today", self.fragment)
        number = "{id:[0-9]{1,18}}"  # fits SQLite's 64-bit row id

        def button(path: str, said: str, act: Act) -> None:
            routes.post(path, self._shell.changes.endpoint(act, (said, _SAID[said]), "/", self._refuse))

        button(f"/tasks/{number}/done", "done", lambda ask: commands.close_task(ask.id, ask.by, ask.typed("upto")))
        button(f"/texts/{number}/arrived", "arrived", lambda ask: commands.settle_unsure(ask.id, True, ask.by))
        button(f"/texts/{number}/again", "again", lambda ask: commands.resend_unsure(ask.id, ask.by))
        button("/texting/pause", "paused", lambda ask: commands.pause(True, ask.by))
        button("/texting/resume", "resumed", lambda ask: commands.pause(False, ask.by))

    async def page(self, request: web.Request) -> web.Response:
        """`GET /`"""
        return await self._draw(request, "inbox.html", said=said_by(request, _SAID))

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/today`: the parts of the page that change."""
        return await self._draw(request, "inbox_fragment.html")

    async def _refuse(self, request: web.Request, sorry: str, _form: Form) -> web.Response:
        return await self._draw(request, "inbox.html", sorry=sorry, status=409)

    async def _draw(
        self, request: web.Request, template: str, *, said: str = "", sorry: str = "", status: int = 200
    ) -> web.Response:
        shell, now = self._shell, self._shell.clock.now()
        mark_before = shell.live.mark  # before reading: a change in between is then drawn twice, never missed
        sieve = asked(request.query, visitor(request).name)
        after = request.query.get("after", "")
        if read_cursor(after) is None and not after.isdecimal():
            after = ""
        sight = Sight(
            now=now,
            mark=mark_before,
            today=await shell.data.today(now),
            page=await shell.data.inbox(sieve, now, after),
            sieve=sieve,
            after=after,
            health=shell.data.health(),
            paused=shell.data.paused(),
        )
        return shell.draw(
            request,
            template,
            status=status,
            now=now,
            sight=sight,
            absent=mine(await shell.data.gone(now), visitor(request)),
            said=said,
            sorry=sorry,
            text_of=sight.page.texts,
            letter_of=sight.page.letters,
            to_do=TO_DO,
            whose_words=WHOSE,
            days_words=DAYS,
            fragment=f"/fragment/today{sight.link(after=after)[1:]}",
            filtered=replace(sieve, standing="", me="") != Sieve(),
        )
