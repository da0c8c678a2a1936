"""The health page: each part and each trouble with its remedy, how texts arrive, and who is told of an emergency."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from web.changes import Ask, Form
from web.language import _, mark
from web.shell import Shell, said_by
from web.words import healthwords

TRIED_LATELY = timedelta(hours=24)  # a drill and a test text are shown for so long

_SAID = {
    "sent": mark("The test text is on its way. What becomes of it stands below."),
    "drill": mark("The drill has begun. Who is told, and who answers, stands below."),
}


class HealthPage:
    """`/health`, its test text and its drill."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the page its addresses."""
        routes, changes = self._shell.routes, self._shell.changes
        routes.get("/health", self.page)
        routes.get("/fragment/health", self.fragment)
        routes.post(
            "/health/test-text", changes.endpoint(self._test_text, ("sent", _SAID["sent"]), "/health", self._refuse)
        )
        routes.post("/health/drill", changes.endpoint(self._drill, ("drill", _SAID["drill"]), "/health", self._refuse))

    async def page(self, request: web.Request) -> web.Response:
        """`GET /health`"""
        return await self._draw(request, "health.html", said=said_by(request, _SAID))

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/health`: the parts of the page that change."""
        return await self._draw(request, "health_fragment.html")

    async def _test_text(self, ask: Ask) -> None:
        """To one of our own people only: the page sends nothing to strangers without a conversation."""
        state = await self._shell.data.box(self._shell.clock.now())
        wanted = ask.typed("to")
        if not any(person.number == wanted and person.texts for person in state.people):
            raise ValueError(_("this is not the phone of one of your people - choose one of the list"))
        await self._shell.commands.trial_text(wanted, ask.by)

    async def _drill(self, ask: Ask) -> None:
        await self._shell.commands.drill(ask.by)

    async def _refuse(self, request: web.Request, sorry: str, _form: Form) -> web.Response:
        return await self._draw(request, "health.html", sorry=sorry, status=409)

    async def _draw(
        self, request: web.Request, template: str, *, said: str = "", sorry: str = "", status: int = 200
    ) -> web.Response:
        shell, now = self._shell, self._shell.clock.now()
        mark_before = shell.live.mark  # before reading: a change in between is then drawn twice, never missed
        state = await shell.data.box(now)
        found = healthwords.items(shell.data.health(), state)
        drill, trial = state.drill, state.trial
        return shell.draw(
            request,
            template,
            status=status,
            now=now,
            mark=mark_before,
            state=state,
            parts=found,
            worst=found[0].light if found else "warn",
            bad=sum(item.light == "bad" for item in found),
            warned=sum(item.light == "warn" for item in found),
            drill=drill if drill and drill.opened_at and now - drill.opened_at < TRIED_LATELY else None,
            trial=trial if trial and now - trial.at < TRIED_LATELY else None,
            share=healthwords.share(state),
            after=healthwords.minutes,
            told_words=healthwords.told,
            title=healthwords.title,
            said=said,
            sorry=sorry,
        )
