"""The page of today: leads, things to do, calls, texts, and how the box is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from gateway.core.events import HealthReport
from gateway.core.views import CallRow, LeadRow, Standing, TaskRow, TextRow, Today
from web.changes import Act, Form
from web.language import mark
from web.shell import Shell, said_by

LEADS_SHOWN = 100
CALLS_SHOWN = 200
TEXTS_SHOWN = 30
TASKS_SHOWN = 200
TEXTS_LOOK_BACK = timedelta(hours=48)  # last night's answers still matter in the morning

_SAID = {
    "done": mark("Done. It is off the list."),
    "contacted": mark("Noted: already contacted. No text goes out."),
    "arrived": mark("Noted: the text arrived."),
    "again": mark("The text is being sent again."),
    "paused": mark("Texting is paused."),
    "resumed": mark("Texting is on again."),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything the page of today shows, read at `now`."""

    now: datetime
    mark: str
    today: Today
    leads: Sequence[LeadRow]
    leads_cut: bool
    calls: Sequence[CallRow]
    calls_cut: bool
    texts: Sequence[TextRow]
    tasks: Sequence[TaskRow]
    health: Sequence[HealthReport]
    paused: str

    @property
    def to_do(self) -> int:
        """How much waits for a person: tasks, and the leads that the box is not talking with."""
        return len(self.tasks) + sum(lead.standing is not Standing.TALKING for lead in self.leads)


class DayPage:
    """The endpoints that show the business's day."""

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

        button(f"/tasks/{number}/done", "done", lambda ask: commands.close_task(ask.id, ask.by))
        button(f"/calls/{number}/contacted", "contacted", lambda ask: commands.contacted(ask.id, ask.by))
        button(f"/texts/{number}/arrived", "arrived", lambda ask: commands.settle_unsure(ask.id, True, ask.by))
        button(f"/texts/{number}/again", "again", lambda ask: commands.resend_unsure(ask.id, ask.by))
        button("/texting/pause", "paused", lambda ask: commands.pause(True, ask.by))
        button("/texting/resume", "resumed", lambda ask: commands.pause(False, ask.by))

    async def page(self, request: web.Request) -> web.Response:
        """`GET /`"""
        return await self._draw(request, "today.html", said=said_by(request, _SAID))

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/today`: the parts of the page that change."""
        return await self._draw(request, "fragment.html")

    async def _refuse(self, request: web.Request, sorry: str, _form: Form) -> web.Response:
        return await self._draw(request, "today.html", sorry=sorry, status=409)

    async def _draw(
        self, request: web.Request, template: str, *, said: str = "", sorry: str = "", status: int = 200
    ) -> web.Response:
        sight = await self._look(self._shell.clock.now())
        texts = [text for call in sight.calls for text in call.texts] + list(sight.texts)
        return self._shell.draw(
            request,
            template,
            status=status,
            now=sight.now,
            sight=sight,
            said=said,
            sorry=sorry,
            text_of={text.id: text for text in texts if text.direction == "out"},  # incoming ones count for themselves
            letter_of={text.peer: text for text in reversed(sight.texts) if text.direction == "in"},  # the newest wins
            calls_shown={call.id for call in sight.calls},
        )

    async def _look(self, now: datetime) -> Sight:
        shell, data = self._shell, self._shell.data
        mark_before = shell.live.mark  # before reading: a change in between is then drawn twice, never missed
        calls = await data.calls(shell.drawing.midnight(now), CALLS_SHOWN + 1)
        leads = await data.leads(now, LEADS_SHOWN + 1)
        return Sight(
            now=now,
            mark=mark_before,
            today=await data.today(now),
            leads=leads[:LEADS_SHOWN],
            leads_cut=len(leads) > LEADS_SHOWN,
            calls=calls[:CALLS_SHOWN],
            calls_cut=len(calls) > CALLS_SHOWN,
            texts=await data.texts(now - TEXTS_LOOK_BACK, TEXTS_SHOWN),
            tasks=await data.tasks(TASKS_SHOWN),
            health=data.health(),
            paused=data.paused(),
        )
