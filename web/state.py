"""`/healthz` and `/metrics`: the state of the box for a monitor, which need not sign in and therefore hears nothing of people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.core.events import Health
from gateway.ports.clock import Clock
from gateway.ports.data import PageData
from web.access import Endpoint, visitor_or_none
from web.live import Live
from web.neighbours import is_near, own_address


def figures_for(metrics: Callable[[], Awaitable[str]]) -> Endpoint:
    """`GET /metrics`: figures for Prometheus, for machines of the office's network."""

    async def endpoint(request: web.Request) -> web.Response:
        if not is_near(request.remote, own_address(request)):
            raise web.HTTPNotFound
        return web.Response(text=await metrics(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    return endpoint


def healthz(data: PageData, clock: Clock, live: Live, version: str) -> Endpoint:
    """`GET /healthz`: 200, or 503 as soon as a component is down. Somebody who is signed in reads the sentences as well."""

    async def endpoint(request: web.Request) -> web.Response:
        reports = data.health()
        down = [report.component for report in reports if report.health is Health.DOWN]
        if not live.following:
            down.append("page")
        found: dict[str, object] = {
            "ok": not down,
            "down": down,
            "version": version,
            "at": clock.now().isoformat(timespec="seconds"),
            "paused": bool(data.paused()),
            "open_pages": live.streams,
        }
        known = visitor_or_none(request) is not None
        found["components"] = [
            {"component": report.component, "health": report.health.value}
            | (
                {"since": report.at.isoformat(timespec="seconds"), "say": report.say, "remedy": report.remedy}
                if known
                else {}
            )
            for report in reports
        ]
        return web.json_response(found, status=503 if down else 200)

    return endpoint
