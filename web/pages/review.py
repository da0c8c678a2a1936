"""What people look through: what was not understood, late, in doubt or not sent, opt-outs, and a week's reading."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from gateway.core.desk.reviewing import ReviewKind
from web.changes import Ask, Form
from web.language import mark
from web.shell import Shell, said_by

SHOWN = 50
KINDS: Mapping[ReviewKind, str] = {
    ReviewKind.NOT_UNDERSTOOD: mark("Not understood"),
    ReviewKind.UNSURE: mark("In doubt"),
    ReviewKind.FAILED: mark("Not sent"),
    ReviewKind.SLOW: mark("Answered late"),
    ReviewKind.OPT_OUT: mark("Wants no more texts"),
    ReviewKind.READING: mark("To read"),
}
MEANINGS: Mapping[ReviewKind, str] = {
    ReviewKind.NOT_UNDERSTOOD: mark(
        "Texts that the box could do nothing with. Say how each should have been read: the box can learn from it."
    ),
    ReviewKind.UNSURE: mark(
        "Texts of which nobody knows whether they went out. They are settled on their lead's page."
    ),
    ReviewKind.FAILED: mark("Texts that did not go out or did not arrive. Whoever waited for one is better called."),
    ReviewKind.SLOW: mark("Leads that were not answered by their time. Is a target too short, or somebody missing?"),
    ReviewKind.OPT_OUT: mark("Who asked for no more texts, and in which words. Was it meant so?"),
    ReviewKind.READING: mark(
        "A few ordinary conversations of last week, chosen by lot: only who reads along notices what is always a little wrong."
    ),
}
NOTHING: Mapping[ReviewKind, str] = {
    ReviewKind.NOT_UNDERSTOOD: mark("Everything was understood."),
    ReviewKind.UNSURE: mark("No text is in doubt."),
    ReviewKind.FAILED: mark("Every text went out."),
    ReviewKind.SLOW: mark("Everybody was answered in time."),
    ReviewKind.OPT_OUT: mark("Nobody new wants no more texts."),
    ReviewKind.READING: mark("Last week's conversations are read, or there were none."),
}
_SAID = {"seen": mark("Looked through. It is off this list.")}


class ReviewPage:
    """The endpoints of `/review`."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the pages their addresses."""
        routes = self._shell.routes
        routes.get("/review", self.first)
        for kind in KINDS:
            routes.get(f"/review/{kind.value}", partial(self.page, kind))
            routes.get(f"/fragment/review/{kind.value}", partial(self.fragment, kind))
            path = f"/review/{kind.value}/{{id:[0-9]{{1,18}}}}/seen"
            said = "seen", _SAID["seen"]
            self._shell.button(path, said, self._seen, f"/review/{kind.value}", partial(self._refuse, kind))

    async def first(self, request: web.Request) -> web.Response:
        """`GET /review`: the first kind of which there is something."""
        counts = await self._shell.data.review_counts()
        kind = next((kind for kind in KINDS if counts.get(kind.value)), ReviewKind.NOT_UNDERSTOOD)
        return await self.page(kind, request)

    async def page(self, kind: ReviewKind, request: web.Request) -> web.Response:
        """`GET /review/{kind}`: `before` is the id to go on from, `all` shows what was looked through, too."""
        return await self._draw(request, kind, "review.html", said=said_by(request, _SAID))

    async def fragment(self, kind: ReviewKind, request: web.Request) -> web.Response:
        """`GET /fragment/review/{kind}`: the parts of the page that change."""
        return await self._draw(request, kind, "review_fragment.html")

    async def _seen(self, ask: Ask) -> None:
        await self._shell.commands.leads.settle_review(ask.id, ask.by)

    async def _refuse(self, kind: ReviewKind, request: web.Request, sorry: str, _form: Form) -> web.Response:
        return await self._draw(request, kind, "review.html", sorry=sorry, status=409)

    async def _draw(
        self,
        request: web.Request,
        kind: ReviewKind,
        template: str,
        *,
        said: str = "",
        sorry: str = "",
        status: int = 200,
    ) -> web.Response:
        data, mark_before = self._shell.data, self._shell.live.mark
        written, settled = request.query.get("before", ""), bool(request.query.get("all"))
        before = int(written) if written.isdecimal() and len(written) <= 18 else None
        rows = list(await data.reviews(kind.value, before, SHOWN + 1, settled=settled))
        return self._shell.draw(
            request,
            template,
            status=status,
            mark=mark_before,
            kind=kind.value,
            kinds={each.value: title for each, title in KINDS.items()},
            meaning=MEANINGS[kind],
            nothing=NOTHING[kind],
            counts=await data.review_counts(),
            rows=rows[:SHOWN],
            more=rows[SHOWN - 1].id if len(rows) > SHOWN else None,
            settled=settled,
            before=before,
            said=said,
            sorry=sorry,
        )
