"""`/health/check`: everything looked at when somebody presses the button, thing by thing with what to do; the last result is kept."""

from __future__ import annotations

from aiohttp import web

from gateway.ports.checkup import CheckupDesk
from web.changes import Ask, Form
from web.language import mark
from web.shell import Shell, said_by
from web.words import checkwords

_HOME = "/health/check"
_SAID = {"checked": mark("Everything was looked at. What was found stands below.")}


class CheckupPage:
    """The check of everything, for office and owner."""

    def __init__(self, shell: Shell, desk: CheckupDesk) -> None:
        self._shell = shell
        self._desk = desk

    def add(self) -> None:
        """Give the page its addresses."""
        self._shell.routes.get(_HOME, self.page)
        endpoint = self._shell.changes.endpoint(self._check, ("checked", _SAID["checked"]), _HOME, self._refuse)
        self._shell.routes.post(_HOME, endpoint)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /health/check`"""
        return self._draw(request, said=said_by(request, _SAID))

    async def _check(self, ask: Ask) -> None:
        await self._desk.check(ask.by)

    async def _refuse(self, request: web.Request, sorry: str, _form: Form) -> web.Response:
        return self._draw(request, sorry=sorry, status=409)

    def _draw(self, request: web.Request, *, said: str = "", sorry: str = "", status: int = 200) -> web.Response:
        last = self._desk.last
        return self._shell.draw(
            request,
            "health_check.html",
            status=status,
            now=self._shell.clock.now(),
            last=last,
            found=[] if last is None else [checkwords.shown(finding) for finding in last.sorted],
            summary="" if last is None else checkwords.summary(last),
            said=said,
            sorry=sorry,
        )
