"""The LAN page as an aiohttp application: what happened today, what is left to do, and the manual.

Reading is GET and harmless; every change is a POST from our own page and becomes a command for the dispatcher.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from gateway.core.events import Health
from gateway.ports import Clock, Commands, PageData
from web import guard
from web.changes import Act, Changes, Endpoint, Form
from web.drawing import HELP_PAGES, Asset, Drawing, Sight, read_assets
from web.leadpage import LeadPage
from web.live import Live
from web.serving import Page, serve
from web.troubles import as_pages, html_answer

__all__ = ["BY", "Page", "make_app", "serve"]

BY = "page"  # who gave a command, until there are logins
FORM_BYTES = 64 * 1024  # our largest form has a text of at most ten parts
LEADS_SHOWN = 100
CALLS_SHOWN = 200
TEXTS_SHOWN = 30
TASKS_SHOWN = 200
TEXTS_LOOK_BACK = timedelta(hours=48)  # last night's answers still matter in the morning
STATIC_AGE_S = 365 * 24 * 3600  # static addresses carry the file's hash

_SAID = {
    "done": "Done. It is off the list.",
    "contacted": "Noted: already contacted. No text goes out.",
    "arrived": "Noted: the text arrived.",
    "again": "The text is being sent again.",
    "paused": "Texting is paused.",
    "resumed": "Texting is on again.",
}


def make_app(
    data: PageData,
    commands: Commands,
    clock: Clock,
    *,
    business: str,
    zone: ZoneInfo,
    allowed_hosts: frozenset[str],
    version: str,
) -> web.Application:
    """The page of one business.

    `allowed_hosts` are names under which the page may be opened besides IP addresses, localhost and the box's own
    host name. `zone` is the business's time zone: it decides when "today" began.
    """
    assets = read_assets()
    drawing = Drawing(assets, business, zone, version)
    live = Live(data, drawing.look)
    tokens = guard.Tokens()
    changes = Changes(tokens)
    office = _Office(data, clock, drawing, live, tokens, version)
    app = web.Application(
        client_max_size=FORM_BYTES, middlewares=[as_pages(drawing, data), _our_names_only(guard.Names(allowed_hosts))]
    )
    app.on_response_prepare.append(guard.harden)
    app.on_shutdown.append(live.end)
    app.cleanup_ctx.append(_following(live))
    app.router.add_get("/", office.page)
    app.router.add_get("/fragment/today", office.fragment)
    app.router.add_get("/events", live.stream, allow_head=False)
    app.router.add_get("/healthz", office.healthz)
    app.router.add_get("/help/", office.manual)
    app.router.add_get("/help", _moved("/help/"))
    app.router.add_get("/help/{slug:[a-z_-]{1,40}}", office.manual)
    app.router.add_get("/static/{name:[a-z0-9_.-]{1,60}}", _static(assets))
    app.router.add_get("/favicon.ico", _moved("/static/favicon.svg"))
    number = "{id:[0-9]{1,18}}"  # fits SQLite's 64-bit row id
    LeadPage(data, commands, clock, drawing, live, tokens, BY).add_to(app, changes, number)

    def button(path: str, said: str, act: Act) -> None:
        app.router.add_post(path, changes.endpoint(act, (said, _SAID[said]), "/", office.refuse))

    button(f"/tasks/{number}/done", "done", lambda n, _: commands.close_task(n, BY))
    button(f"/calls/{number}/contacted", "contacted", lambda n, _: commands.contacted(n, BY))
    button(f"/texts/{number}/arrived", "arrived", lambda n, _: commands.settle_unsure(n, True, BY))
    button(f"/texts/{number}/again", "again", lambda n, _: commands.resend_unsure(n, BY))
    button("/texting/pause", "paused", lambda *_: commands.pause(True, BY))
    button("/texting/resume", "resumed", lambda *_: commands.pause(False, BY))
    return app


class _Office:
    """The endpoints that show the business's day."""

    def __init__(
        self,
        data: PageData,
        clock: Clock,
        drawing: Drawing,
        live: Live,
        tokens: guard.Tokens,
        version: str,
    ) -> None:
        self._data = data
        self._clock = clock
        self._drawing = drawing
        self._live = live
        self._tokens = tokens
        self._version = version

    async def page(self, request: web.Request) -> web.Response:
        """`GET /`"""
        return await self._draw(request, said=_SAID.get(request.query.get("said", ""), ""))

    async def fragment(self, request: web.Request) -> web.Response:
        """`GET /fragment/today`: the parts of the page that change."""
        return await self._draw(request, fragment=True)

    async def manual(self, request: web.Request) -> web.Response:
        """`GET /help/` and its pages."""
        slug = request.match_info.get("slug", "index")
        if slug not in HELP_PAGES and slug != "index":
            raise web.HTTPNotFound
        return html_answer(self._drawing.help(slug))

    async def healthz(self, _request: web.Request) -> web.Response:
        """`GET /healthz`: 200, or 503 as soon as a component is down, so that any monitor can watch the box."""
        reports = self._data.health()
        down = [report.component for report in reports if report.health is Health.DOWN]
        if not self._live.following:
            down.append("page")
        found = {
            "ok": not down,
            "down": down,
            "version": self._version,
            "at": self._clock.now().isoformat(timespec="seconds"),
            "paused": self._data.paused(),
            "open_pages": self._live.streams,
            "components": [
                {
                    "component": report.component,
                    "health": report.health.value,
                    "since": report.at.isoformat(timespec="seconds"),
                    "say": report.say,
                    "remedy": report.remedy,
                }
                for report in reports
            ],
        }
        return web.json_response(found, status=503 if down else 200)

    async def refuse(self, request: web.Request, sorry: str, _form: Form) -> web.Response:
        """The page with the sentence by which a command was declined."""
        return await self._draw(request, sorry=sorry, status=409)

    async def _draw(
        self, request: web.Request, *, said: str = "", sorry: str = "", fragment: bool = False, status: int = 200
    ) -> web.Response:
        visitor, new = self._tokens.visitor(request)
        sight = await self._look(self._clock.now())
        html = self._drawing.today(sight, self._tokens.token(visitor), said, sorry, fragment=fragment)
        response = html_answer(html, status)
        if new:
            guard.set_visitor(response, visitor)
        return response

    async def _look(self, now: datetime) -> Sight:
        mark = self._live.mark  # before reading: a change in between is then drawn twice, never missed
        calls = await self._data.calls(self._drawing.midnight(now), CALLS_SHOWN + 1)
        leads = await self._data.leads(now, LEADS_SHOWN + 1)
        return Sight(
            now=now,
            mark=mark,
            today=await self._data.today(now),
            leads=leads[:LEADS_SHOWN],
            leads_cut=len(leads) > LEADS_SHOWN,
            calls=calls[:CALLS_SHOWN],
            calls_cut=len(calls) > CALLS_SHOWN,
            texts=await self._data.texts(now - TEXTS_LOOK_BACK, TEXTS_SHOWN),
            tasks=await self._data.tasks(TASKS_SHOWN),
            health=self._data.health(),
            paused=self._data.paused(),
        )


def _moved(to: str) -> Endpoint:
    async def endpoint(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(to)

    return endpoint


def _static(assets: dict[str, Asset]) -> Endpoint:
    """Files from memory: the address is a key, never a path."""

    async def endpoint(request: web.Request) -> web.StreamResponse:
        asset = assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        fresh = request.query.get("v") == asset.etag
        headers = {
            "ETag": f'"{asset.etag}"',
            "Cache-Control": f"public, max-age={STATIC_AGE_S}, immutable" if fresh else "no-cache",
        }
        if any(tag.value == asset.etag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        response = web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8", headers=headers)
        response.enable_compression()
        return response

    return endpoint


def _following(live: Live) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(_app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(live.follow(), name="page: follow changes")
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return context


def _our_names_only(names: guard.Names) -> Callable[..., Awaitable[web.StreamResponse]]:
    @web.middleware
    async def check(request: web.Request, handler: Endpoint) -> web.StreamResponse:
        if not names.include(request.headers.get("Host", "")):
            raise web.HTTPMisdirectedRequest(
                text="Textback does not answer to this name. Open it by its IP address, or by the box's own name with "
                ".local behind it, or add the name to page: names: in the configuration.\n"
            )
        return await handler(request)

    return check
