"""The settings that people change on the page: sheets of fields, the whole file, former versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from aiohttp import web

from gateway.core.sheets import Complaint, Saved
from gateway.core.visitors import PageRole
from gateway.ports.settings import SettingsDesk
from web.access import Access, visitor
from web.changes import Form, typed
from web.language import mark
from web.pages.sheetinputs import Inputs, paths, place_of
from web.shell import Shell, said_by, who

FILE_BYTES = 512 * 1024  # a form with the whole configuration in it; a busy shop's has some 20 KiB
_HOME, _FILE, _VERSIONS = "/settings", "/settings/file", "/settings/versions"
_SAID = {
    "saved": mark("Saved, and in use."),
    "anew": mark("Saved, and in use. What it concerns was started anew."),
    "page": mark("Saved, and in use. This page starts anew in a moment."),
    "same": mark("Nothing was changed."),
    "back": mark("The earlier version is back, and in use."),
}


class MultiDictProxy(Protocol):
    """A form as aiohttp has it: a name may have several values."""

    def getall(self, name: str) -> list[Any]: ...


class SettingsPages:
    """`/settings` and what lies below it. The office may look at all sheets, and change those that are not the owner's."""

    def __init__(self, shell: Shell, desk: SettingsDesk) -> None:
        self._shell = shell
        self._desk = desk

    def add(self) -> None:
        """Give the pages their addresses."""
        routes = self._shell.routes
        routes.get(_HOME, self.home)
        routes.post(f"{_HOME}/take-in", self.take_in, Access.OWNER)
        routes.post(f"{_HOME}/preview", self.preview)
        routes.get(_FILE, self.file, Access.OWNER)
        routes.post(_FILE, self.save_file, Access.OWNER)
        routes.get(_VERSIONS, self.versions, Access.OWNER)
        routes.get(f"{_VERSIONS}/{{key:[0-9a-f-]{{1,60}}}}", self.version, Access.OWNER)
        routes.post(f"{_VERSIONS}/{{key:[0-9a-f-]{{1,60}}}}/restore", self.restore, Access.OWNER)
        routes.get(f"{_HOME}/{{key:[a-z_]{{1,30}}}}", self.sheet)
        routes.post(f"{_HOME}/{{key:[a-z_]{{1,30}}}}", self.save)

    # ---- the list of sheets

    async def home(self, request: web.Request) -> web.Response:
        """`GET /settings`"""
        return await self._home(request, said=said_by(request, _SAID))

    async def take_in(self, request: web.Request) -> web.StreamResponse:
        """`POST /settings/take-in`: go by the file as it was changed by hand."""
        await self._shell.changes.form(request)
        try:
            saved = await self._desk.take_in(who(request))
        except ValueError as refusal:
            return await self._home(request, sorry=str(refusal), status=409)
        if not saved.done:
            return await self._home(request, status=409)
        raise web.HTTPSeeOther(f"{_HOME}?said={_said_of(saved)}")

    async def _home(self, request: web.Request, *, said: str = "", sorry: str = "", status: int = 200) -> web.Response:
        standing = await self._desk.standing()
        return self._shell.draw(
            request,
            "settings.html",
            status=status,
            said=said,
            sorry=sorry,
            standing=standing,
            sheets=self._desk.sheets(),
            owner=_is_owner(request),
        )

    # ---- one sheet

    async def sheet(self, request: web.Request) -> web.Response:
        """`GET /settings/{key}`"""
        return await self._sheet(request, said=said_by(request, _SAID))

    async def save(self, request: web.Request) -> web.StreamResponse:
        """`POST /settings/{key}`"""
        key = request.match_info["key"]
        form = await self._shell.changes.form(request)
        words = _words(form)
        try:
            saved = await self._desk.save(key, words, typed(form, "mark"), who(request), _is_owner(request))
        except ValueError as refusal:
            return await self._sheet(request, sorry=str(refusal), words=words, status=409)
        if not saved.done:
            return await self._sheet(request, problems=saved.problems, words=words, status=409)
        raise web.HTTPSeeOther(f"{_HOME}/{key}?said={_said_of(saved)}")

    async def preview(self, request: web.Request) -> web.Response:
        """`POST /settings/preview`: how a text would read, while it is typed."""
        form = await self._shell.changes.form(request)
        try:
            seen = await self._desk.preview(typed(form, "path"), typed(form, "text"))
        except ValueError as refusal:
            return self._shell.draw(request, "settings_preview.html", seen=None, sorry=str(refusal))
        return self._shell.draw(request, "settings_preview.html", seen=seen)

    async def _sheet(
        self,
        request: web.Request,
        *,
        said: str = "",
        sorry: str = "",
        problems: Sequence[Complaint] = (),
        words: Mapping[str, Sequence[str]] | None = None,
        status: int = 200,
    ) -> web.Response:
        """`words` are what was typed and not saved: it stands in the fields again."""
        key = request.match_info["key"]
        link = next((each for each in self._desk.sheets() if each.key == key), None)
        if link is None:
            raise web.HTTPNotFound
        try:
            drawn = await self._desk.sheet(key)
        except ValueError as refusal:
            return await self._home(request, sorry=str(refusal), status=409)
        doubts = (await self._desk.standing()).doubts if not problems and not sorry else ()
        known = set(paths(drawn.fields))
        return self._shell.draw(
            request,
            "settings_sheet.html",
            status=status,
            said=said,
            sorry=sorry,
            sheet=drawn,
            link=link,
            may=not link.owner_only or _is_owner(request),
            inputs=Inputs(words or {}, problems, doubts, known),
            others=[each for each in problems if place_of(each.path, known) == ""],
        )

    # ---- the whole file

    async def file(self, request: web.Request) -> web.Response:
        """`GET /settings/file`"""
        return await self._file(request, said=said_by(request, _SAID))

    async def save_file(self, request: web.Request) -> web.StreamResponse:
        """`POST /settings/file`"""
        form = await self._shell.changes.form(request.clone(client_max_size=FILE_BYTES))
        text = typed(form, "text")
        try:
            saved = await self._desk.save_raw(text, typed(form, "mark"), who(request))
        except ValueError as refusal:
            return await self._file(request, text=text, sorry=str(refusal), status=409)
        if not saved.done:
            return await self._file(request, text=text, problems=saved.problems, status=409)
        raise web.HTTPSeeOther(f"{_FILE}?said={_said_of(saved)}")

    async def _file(
        self,
        request: web.Request,
        *,
        text: str = "",
        said: str = "",
        sorry: str = "",
        problems: Sequence[Complaint] = (),
        status: int = 200,
    ) -> web.Response:
        raw, standing = await self._desk.raw(), await self._desk.standing()
        return self._shell.draw(
            request,
            "settings_file.html",
            status=status,
            raw=raw,
            text=text or raw.text,
            said=said,
            sorry=sorry,
            problems=problems or standing.problems,
            doubts=() if problems else standing.doubts,
        )

    # ---- former versions

    async def versions(self, request: web.Request) -> web.Response:
        """`GET /settings/versions`"""
        return await self._versions(request)

    async def version(self, request: web.Request) -> web.Response:
        """`GET /settings/versions/{key}`"""
        return await self._versions(request, request.match_info["key"])

    async def restore(self, request: web.Request) -> web.StreamResponse:
        """`POST /settings/versions/{key}/restore`"""
        form = await self._shell.changes.form(request)
        key = request.match_info["key"]
        try:
            saved = await self._desk.restore(key, typed(form, "mark"), who(request))
        except ValueError as refusal:
            return await self._versions(request, sorry=str(refusal), status=409)
        if not saved.done:
            return await self._versions(request, key, problems=saved.problems, status=409)
        raise web.HTTPSeeOther(f"{_HOME}?said=back")

    async def _versions(
        self,
        request: web.Request,
        key: str = "",
        *,
        sorry: str = "",
        problems: Sequence[Complaint] = (),
        status: int = 200,
    ) -> web.Response:
        rows = await self._desk.versions()
        row = next((each for each in rows if each.key == key), None)
        if key and row is None and not sorry:
            raise web.HTTPNotFound
        return self._shell.draw(
            request,
            "settings_versions.html",
            status=status,
            rows=rows,
            row=row,
            text=await self._desk.former(key) if row is not None else "",
            mark=(await self._desk.standing()).mark,
            problems=problems,
            sorry=sorry,
        )


def _is_owner(request: web.Request) -> bool:
    return visitor(request).role is PageRole.OWNER


def _said_of(saved: Saved) -> str:
    if not saved.say or saved.say == _SAID["same"]:
        return "same"
    return "page" if "page" in saved.exchanged else "anew" if saved.exchanged else "saved"


def _words(form: Form) -> dict[str, list[str]]:
    """What was typed, by the names of the inputs; each may have several values."""
    several = cast("MultiDictProxy", form).getall
    return {
        name: [value for value in several(name) if isinstance(value, str)]
        for name in form
        if name not in ("token", "mark")
    }
