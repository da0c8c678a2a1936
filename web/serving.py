"""The page's socket: opened, watched and closed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from web.doorway import doorway

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
    secure: bool = False  # HTTPS

    @property
    def url(self) -> str:
        """Its address as seen from this machine."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host
        scheme = "https" if self.secure else "http"
        return f"{scheme}://[{host}]:{self.port}/" if ":" in host else f"{scheme}://{host}:{self.port}/"


@contextlib.asynccontextmanager
async def serve(
    app: web.Application,
    host: str,
    port: int,
    *,
    tls: ssl.SSLContext | None = None,
    head_within_s: float = HEAD_WITHIN_S,
    connections: int = CONNECTIONS,
) -> AsyncIterator[Page]:
    """Serve `app` while the context is open. `port` 0 takes any free one; with `tls` by HTTPS. Leaving takes less than a second.

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
    door = contextlib.AsyncExitStack()
    try:
        server = runner.server
        assert server is not None
        try:
            if tls is None:
                await web.TCPSite(runner, host, port, backlog=64).start()
                taken = int(runner.addresses[0][1])
            else:
                taken = await door.enter_async_context(doorway(server, tls, host, port, head_within_s))
        except OSError as error:
            raise OSError(
                error.errno,
                f"page: cannot listen on {host} port {port}: {os.strerror(error.errno or 0).lower()} - "
                "stop the other program there or change the page's address in the configuration",
            ) from error
        watch = asyncio.create_task(_close_silent(server, spoken, head_within_s, connections), name="page: watch")
        try:
            yield Page(host, taken, secure=tls is not None)
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
    finally:
        await door.aclose()
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
