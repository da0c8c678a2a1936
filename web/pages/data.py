"""The owner's page of the data: the backups, and one person's data taken out at his request."""

from __future__ import annotations

from aiohttp import web

from gateway.ports.care import CareDesk
from web.access import Access
from web.changes import Ask, Form, typed
from web.language import mark
from web.shell import Shell, said_by, who

HOME = "/data"
_SAID = {
    "made": mark("The backup is made. It was read back and can be restored."),
    "erased": mark("It is done. What was taken out, and what remains elsewhere, stands below."),
}
_NOT_SURE = "tick the box if this person's data is really to be deleted: it cannot be brought back"


class DataPage:
    """The endpoints of `/data`."""

    def __init__(self, shell: Shell, desk: CareDesk) -> None:
        self._shell = shell
        self._desk = desk

    def add(self) -> None:
        """Give the page its addresses."""
        shell = self._shell
        shell.routes.get(HOME, self.page, Access.OWNER)
        shell.routes.get(
            HOME + r"/{backup:textback-[0-9]{8}T[0-9]{6}Z\.tar\.gz}", self.download, Access.OWNER, head=False
        )
        for verb, key, act in (("backup", "made", self._back_up), ("erase", "erased", self._erase)):
            shell.button(f"{HOME}/{verb}", (key, _SAID[key]), act, HOME, self._refuse, access=Access.OWNER)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /data`"""
        return await self._draw(request, said=said_by(request, _SAID))

    async def download(self, request: web.Request) -> web.StreamResponse:
        """`GET /data/{name}`: one backup, as a file."""
        name = request.match_info["backup"]
        file = self._desk.backup_file(name)
        if file is None:
            raise web.HTTPNotFound
        await self._desk.note_download(name, who(request))
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return web.FileResponse(file, headers=headers)

    async def _back_up(self, ask: Ask) -> None:
        await self._desk.back_up(ask.by)

    async def _erase(self, ask: Ask) -> None:
        if ask.typed("sure") != "yes":
            raise ValueError(_NOT_SURE)
        await self._desk.erase(ask.typed("number"), ask.by)

    async def _refuse(self, request: web.Request, sorry: str, form: Form) -> web.Response:
        return await self._draw(request, sorry=sorry, number=typed(form, "number"), status=409)

    async def _draw(
        self, request: web.Request, *, said: str = "", sorry: str = "", number: str = "", status: int = 200
    ) -> web.Response:
        return self._shell.draw(
            request,
            "data.html",
            rows=self._desk.backups(),
            copied_to=self._desk.copied_to(),
            erased=self._desk.erased(),
            number=number,
            said=said,
            sorry=sorry,
            status=status,
        )
