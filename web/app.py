"""The LAN page as an aiohttp application: its addresses, and what stands before all of them.

Reading is GET and harmless; every change is a POST from our own page and becomes a command for the dispatcher.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from zoneinfo import ZoneInfo

from aiohttp import web

from gateway.core.views.setup import HOLDS
from gateway.ports.care import CareDesk
from gateway.ports.checkup import CheckupDesk
from gateway.ports.clock import Clock
from gateway.ports.commands import Commands
from gateway.ports.data import PageData
from gateway.ports.feeds import FeedDesk
from gateway.ports.gate import Gate
from gateway.ports.settings import SettingsDesk, SetupDesk
from web import guard
from web.access import Access, Endpoint, Routes, gate_of
from web.changes import Changes
from web.drawing import Asset, Drawing, read_assets
from web.language import _
from web.live import Live
from web.navigation import Navigation
from web.neighbours import near_only
from web.pages.away import AwayPage
from web.pages.calendar import CalendarPage
from web.pages.calls import CallsPages
from web.pages.checkup import CheckupPage
from web.pages.contacts import ContactsPage
from web.pages.data import DataPage
from web.pages.feeds import FeedPages
from web.pages.health import HealthPage
from web.pages.history import HistoryListing
from web.pages.inbox import Inbox
from web.pages.lead import LeadPage
from web.pages.manual import Manual
from web.pages.people import PeoplePage
from web.pages.review import ReviewPage
from web.pages.search import SearchPage
from web.pages.settings import SettingsPages
from web.pages.setup import SetupPages
from web.pages.signing import SigningPages
from web.serving import Page, serve
from web.shell import Shell
from web.state import figures_for, healthz
from web.troubles import as_pages

__all__ = ["Page", "make_app", "serve"]

FORM_BYTES = 64 * 1024  # our largest form has a text of at most ten parts
STATIC_AGE_S = 365 * 24 * 3600  # static addresses carry the file's hash


def make_app(
    data: PageData,
    commands: Commands,
    gate: Gate,
    clock: Clock,
    *,
    business: str,
    zone: ZoneInfo,
    allowed_hosts: frozenset[str],
    version: str,
    desk: SettingsDesk | None = None,
    everywhere: bool = False,
    setup: SetupDesk | None = None,
    feeds: FeedDesk | None = None,
    care: CareDesk | None = None,
    tokens: guard.Tokens | None = None,
    doctor: CheckupDesk | None = None,
    metrics: Callable[[], Awaitable[str]] | None = None,
) -> web.Application:
    """The page of one business.

    `allowed_hosts` are names under which the page may be opened besides IP addresses, localhost and the box's own
    host name. `zone` is the business's time zone: it decides when "today" began.
    `setup` sets a new box up. `feeds` gives the appointments to calendar programs.
    `care` has the backups, and takes people's data out.
    `tokens` outlive a page that is served anew in the same process.
    `doctor` checks everything.
    `metrics`: figures for a monitor; for near visitors only, also where others are let in.
    `everywhere`: visitors from the internet are not refused.
    """
    assets = read_assets()
    drawing = Drawing(assets, business, zone, version)
    live = Live(data, gate, drawing.look)
    tokens = tokens or guard.Tokens()
    app = web.Application(client_max_size=FORM_BYTES)
    routes = Routes(app)
    app.middlewares.extend(
        [
            near_only(everywhere),
            as_pages(drawing, data),
            _our_names_only(guard.Names(allowed_hosts)),
            gate_of(routes, gate),
        ]
    )
    app.on_response_prepare.append(guard.harden)
    app.on_shutdown.append(live.end)
    app.cleanup_ctx.append(_following(live))
    shell = Shell(data, commands, gate, clock, drawing, live, tokens, Changes(tokens), routes)

    routes.get("/events", live.stream, head=False)
    routes.get("/healthz", healthz(data, clock, live, version), Access.ANYBODY)
    if metrics is not None:
        routes.get("/metrics", figures_for(metrics), Access.ANYBODY)
    routes.get("/static/{name:[a-z0-9_.-]{1,60}}", _static(assets), Access.ANYBODY)
    routes.get("/favicon.ico", moved("/static/favicon.svg"), Access.ANYBODY)
    routes.get("/help", moved("/help/"), Access.ANYBODY)
    Manual(shell).add()
    SigningPages(shell).add()
    Inbox(shell).add()
    CallsPages(shell).add()
    SearchPage(shell).add()
    CalendarPage(shell).add()
    if feeds is not None:
        FeedPages(shell, feeds).add()
    LeadPage(shell).add()
    HealthPage(shell).add()
    if care is not None:
        DataPage(shell, care).add()
    if doctor is not None:
        CheckupPage(shell, doctor).add()
    PeoplePage(shell).add()
    AwayPage(shell).add()
    ContactsPage(shell).add()
    HistoryListing(shell).add()
    if desk is not None:
        SettingsPages(shell, desk).add()
    ReviewPage(shell).add()
    if setup is not None:
        setting_up = SetupPages(shell, setup)
        setting_up.add()
        app.middlewares.append(setting_up.leads_here())

    def unfinished() -> bool:
        return setup is not None and (setup.pending() or data.paused() == HOLDS)

    drawing.env.globals["has_doctor"] = doctor is not None
    drawing.env.globals["has_feeds"] = feeds is not None
    drawing.env.globals["has_data"] = care is not None
    drawing.env.globals["navigation"] = Navigation(routes, unfinished)
    return app


def moved(to: str) -> Endpoint:
    """An address that stands for another one."""

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
                text=_(
                    "Textback does not answer to this name. Open it by its IP address, or by the box's own name with "
                    ".local behind it, or add the name to page: names: in the configuration."
                )
                + "\n"
            )
        return await handler(request)

    return check
