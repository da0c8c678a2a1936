"""The page's socket: opened, watched and closed."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

HEAD_WITHIN_S = 10.0  # a browser sends a request's head at once; aiohttp itself waits for the first one for ever
KEEP_ALIVE_S = 75.0  # nginx's default as well; also bounds a later head that never ends
CONNECTIONS = 400  # ten screens use some 60; a Pi's default limit is 1024 open files
FINISH_WITHIN_S = 0.4  # aiohttp waits for it up to twice; the whole stop stays under a second
_LOOK_EVERY_S = 1.0

_Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is being served."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Its address as seen from this machine."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"


@contextlib.asynccontextmanager
async def serve(
    app: web.Application, host: str, port: int, *, head_within_s: float = HEAD_WITHIN_S, connections: int = CONNECTIONS
) -> AsyncIterator[Page]:
    """Serve `app` while the context is open. `port` 0 takes any free one. Leaving takes less than a second.

    A connection that has sent no complete head of a request within `head_within_s` is closed. When more than
    `connections` are open, the oldest of those that have asked for nothing yet are closed.
    Raises OSError with a remedy when the address is taken or not ours.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=FINISH_WITHIN_S, keepalive_timeout=KEEP_ALIVE_S)
    spoken: set[web.RequestHandler] = set()  # connections that have made a request

    @web.middleware
    async def remember(request: web.Request, handler: _Endpoint) -> web.StreamResponse:
        spoken.add(request.protocol)
        return await handler(request)

    app.middlewares.insert(0, remember)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port, backlog=64).start()
        except OSError as error:
            raise OSError(
                error.errno,
                f"page: cannot listen on {host} port {port}: {os.strerror(error.errno or 0).lower()} - "
                "stop the other program there or change the page's address in the configuration",
            ) from error
        server = runner.server
        assert server is not None
        watch = asyncio.create_task(_close_silent(server, spoken, head_within_s, connections), name="page: watch")
        try:
            yield Page(host, runner.addresses[0][1])
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
    finally:
        await runner.cleanup()


async def _close_silent(
    server: web.Server, spoken: set[web.RequestHandler], head_within_s: float, connections: int
) -> None:
    loop = asyncio.get_running_loop()
    since: dict[web.RequestHandler, float] = {}
    while True:
        now = loop.time()
        current = server.connections
        spoken.intersection_update(current)
        since = {each: since.get(each, now) for each in current if each not in spoken}
        surplus = len(current) - connections
        for place, (each, start) in enumerate(since.items()):
            if now - start >= head_within_s or place < surplus:
                each.force_close()
        await asyncio.sleep(min(_LOOK_EVERY_S, head_within_s / 4))
