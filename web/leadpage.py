"""One lead with its conversation, and what a person may do about it."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from gateway.ports import Clock, Commands, PageData
from web import guard
from web.changes import Act, Changes, Form, typed
from web.drawing import Drawing, LeadSight
from web.live import Live
from web.troubles import html_answer

WORDS = "words"  # the field in which a text is typed

_SAID = {
    "written": "Your text is on its way. The box leaves the conversation to you.",
    "taken": "The conversation is yours. The box writes nothing more by itself.",
    "have": "It is yours. Nobody else is told of it any more, and the caller hears that it was seen.",
    "handed_back": "The box answers this person again.",
    "finished": "Done. It is off the list.",
    "opted_out": "Noted: this person gets no more texts.",
    "blocked": "Noted: this number is blocked.",
    "vendor": "Noted: this is a vendor.",
    "unmarked": "The note is taken back.",
}


class LeadPage:
    """The endpoints of `/leads/{id}`. `by` is who gives the commands."""

    def __init__(
        self,
        data: PageData,
        commands: Commands,
        clock: Clock,
        drawing: Drawing,
        live: Live,
        tokens: guard.Tokens,
        by: str,
    ) -> None:
        self._data = data
        self._commands = commands
        self._clock = clock
        self._drawing = drawing
        self._live = live
        self._tokens = tokens
        self._by = by

    def add_to(self, app: web.Application, changes: Changes, number: str) -> None:
        """Give the page its addresses; `number` is the pattern of an id."""
        app.router.add_get(f"/leads/{number}", self.page)
        app.router.add_get(f"/fragment/leads/{number}", self.fragment)

        def button(verb: str, said: str, act: Act) -> None:
            change = changes.endpoint(act, (said, _SAID[said]), "/leads/{id}", self._refuse)
            app.router.add_post(f"/leads/{number}/{verb}", change)

        by, commands = self._by, self._commands
        button("text", "written", lambda n, form: commands.write(n, typed(form, WORDS), by))
        button("take", "taken", lambda n, _: commands.take_over(n, by))
        button("hand-back", "handed_back", lambda n, _: commands.hand_back(n, by))
        button("have", "have", lambda n, _: commands.have_it(n, by))
        button("done", "finished", lambda n, _: commands.finish(n, by))
        for kind in ("opted_out", "blocked", "vendor"):
            button(f"mark/{kind}", kind, partial(self._mark, kind, True))
        for kind in ("blocked", "vendor"):
            button(f"unmark/{kind}", "unmarked", partial(self._mark, kind, False))

    async def page(self, request: web.Request) -> web.Response:
        """`GET /leads/{id}`"""
        return await self._draw(request, said=_SAID.get(request.query.get("said", ""), ""))

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/leads/{id}`: the parts of the page that change."""
        return await self._draw(request, fragment=True)

    async def _mark(self, kind: str, on: bool, lead_id: int, _form: Form) -> None:
        await self._commands.mark(lead_id, kind, on, self._by)

    async def _refuse(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        return await self._draw(request, sorry=sorry, draft=typed(form, WORDS), status=409)

    async def _draw(
        self,
        request: web.Request,
        *,
        said: str = "",
        sorry: str = "",
        draft: str = "",
        fragment: bool = False,
        status: int = 200,
    ) -> web.Response:
        # The mark before reading: a change in between is drawn twice, never missed.
        now, mark = self._clock.now(), self._live.mark
        story = await self._data.lead(int(request.match_info["id"]), now)
        if story is None:
            raise web.HTTPNotFound
        visitor, new = self._tokens.visitor(request)
        sight = LeadSight(now, mark, story)
        html = self._drawing.lead(sight, self._tokens.token(visitor), said, sorry, draft, fragment=fragment)
        response = html_answer(html, status)
        if new:
            guard.set_visitor(response, visitor)
        return response
