"""The manual that the box serves itself."""

from __future__ import annotations

from aiohttp import web

from web import language
from web.access import Access
from web.drawing import HELP_PAGES
from web.shell import Shell


class Manual:
    """`/help/` and its pages; for anybody, since it tells of no caller."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def add(self) -> None:
        """Give the manual its addresses."""
        self._shell.routes.get("/help/", self.page, Access.ANYBODY)
        self._shell.routes.get("/help/{slug:[a-z_-]{1,40}}", self.page, Access.ANYBODY)

    async def page(self, request: web.Request) -> web.Response:
        """`GET /help/{slug}`: in the language of the visitor, or in the one that `?language=` asks for."""
        slug = request.match_info.get("slug", "index")
        if slug not in HELP_PAGES and slug != "index":
            raise web.HTTPNotFound
        wanted = request.query.get("language", "")
        if wanted in language.LANGUAGES:
            language.speak(wanted)
        page = f"help_{slug}.html"
        there = f"{language.spoken()}/{page}"
        known = self._shell.drawing.has(there)
        in_language = language.spoken() if known else language.DEFAULT
        return self._shell.draw(request, there if known else page, slug=slug, in_language=in_language)
