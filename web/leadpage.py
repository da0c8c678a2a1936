"""One lead with its conversation, and what a person may do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiohttp import web

from gateway.core.views import LeadStory
from web.changes import Act, Ask, Form, typed
from web.language import mark
from web.shell import Shell, said_by

WORDS = "words"  # the field in which a text is typed

_SAID = {
    "written": mark("Your text is on its way. The box leaves the conversation to you."),
    "taken": mark("The conversation is yours. The box writes nothing more by itself."),
    "have": mark("It is yours. Nobody else is told of it any more, and the caller hears that it was seen."),
    "handed_back": mark("The box answers this person again."),
    "finished": mark("Done. It is off the list."),
    "opted_out": mark("Noted: this person gets no more texts."),
    "blocked": mark("Noted: this number is blocked."),
    "vendor": mark("Noted: this is a vendor."),
    "unmarked": mark("The note is taken back."),
}


@dataclass(frozen=True, slots=True)
class LeadSight:
    """Everything the page of a lead shows, read at `now`."""

    now: datetime
    mark: str
    story: LeadStory


class LeadPage:
    """The endpoints of `/leads/{id}`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its addresses."""
        routes, commands = self._shell.routes, self._shell.commands
        number = "{id:[0-9]{1,18}}"  # fits SQLite's 64-bit row id
        routes.get(f"/leads/{number}", self.page)
        routes.get(f"/fragment/leads/{number}", self.fragment)

        def button(verb: str, said: str, act: Act) -> None:
            change = self._shell.changes.endpoint(act, (said, _SAID[said]), "/leads/{id}", self._refuse)
            routes.post(f"/leads/{number}/{verb}", change)

        button("text", "written", lambda ask: commands.write(ask.id, ask.typed(WORDS), ask.by))
        button("take", "taken", lambda ask: commands.take_over(ask.id, ask.by))
        button("hand-back", "handed_back", lambda ask: commands.hand_back(ask.id, ask.by))
        button("have", "have", lambda ask: commands.have_it(ask.id, ask.by))
        button("done", "finished", lambda ask: commands.finish(ask.id, ask.by))
        for kind in ("opted_out", "blocked", "vendor"):
            button(f"mark/{kind}", kind, partial(self._mark, kind, True))
        for kind in ("blocked", "vendor"):
            button(f"unmark/{kind}", "unmarked", partial(self._mark, kind, False))

    async def page(self, request: web.Request) -> web.Response:
        """`GET /leads/{id}`"""
        return await self._draw(request, "lead.html", said=said_by(request, _SAID))

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/leads/{id}`: the parts of the page that change."""
        return await self._draw(request, "lead_fragment.html")

    async def _mark(self, kind: str, on: bool, ask: Ask) -> None:
        await self._shell.commands.mark(ask.id, kind, on, ask.by)

    async def _refuse(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        return await self._draw(request, "lead.html", sorry=sorry, draft=typed(form, WORDS), status=409)

    async def _draw(
        self,
        request: web.Request,
        template: str,
        *,
        said: str = "",
        sorry: str = "",
        draft: str = "",
        status: int = 200,
    ) -> web.Response:
        # The mark before reading: a change in between is drawn twice, never missed.
        now, mark_before = self._shell.clock.now(), self._shell.live.mark
        story = await self._shell.data.lead(int(request.match_info["id"]), now)
        if story is None:
            raise web.HTTPNotFound
        return self._shell.draw(
            request,
            template,
            status=status,
            now=now,
            sight=LeadSight(now, mark_before, story),
            story=story,
            lead=story.lead,
            said=said,
            sorry=sorry,
            draft=draft,
        )
