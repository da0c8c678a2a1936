"""The page's socket: opened, watched and closed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from web.access import visitor_or_none
from web.doorway import doorway

HEAD_WITHIN_S = 10.0  # a browser sends a request's head at once; aiohttp itself waits for the first one for ever
KEEP_ALIVE_S = 75.0  # nginx's default as well; also bounds a later head that never ends
CONNECTIONS = 400  # ten screens use some 60; a Pi's default limit is 1024 open files
AT_MOST = (
    1.5  # times `connections`: more make others go at once, since modem, phone system and records want open files too
)
FINISH_WITHIN_S = 0.4  # aiohttp waits for it up to twice; the whole stop stays under a second
_LOOK_EVERY_S = 1.0
_BACKLOG = 64

_Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is being served. Behind a closed door it finishes what it has begun, and its address is free."""

    host: str
    port: int
    secure: bool  # HTTPS
    close_door: Callable[[], Awaitable[None]]

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
    `connections` are open, the oldest of those that have asked for nothing yet are closed, then the oldest of strangers; those
    of people who are signed in stay.
    Raises OSError with a remedy when the address is taken or not ours.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=FINISH_WITHIN_S, keepalive_timeout=KEEP_ALIVE_S)
    guests: _Guests | None = None

    @web.middleware
    async def remember(request: web.Request, handler: _Endpoint) -> web.StreamResponse:
        assert guests is not None
        guests.asks(request)
        return await handler(request)

    app.middlewares.insert(0, remember)
    await runner.setup()
    door = contextlib.AsyncExitStack()
    try:
        server = runner.server
        assert server is not None

        guests = _Guests(server, connections)
        try:
            if tls is None:
                listening = await asyncio.get_running_loop().create_server(
                    guests.comes, host or None, port, backlog=_BACKLOG
                )
                door.callback(listening.close)
                taken = int(listening.sockets[0].getsockname()[1])
            else:
                taken = await door.enter_async_context(doorway(guests.comes, tls, host, port, head_within_s))
        except OSError as error:
            raise OSError(
                error.errno,
                f"page: cannot listen on {host} port {port}: {os.strerror(error.errno or 0).lower()} - "
                "stop the other program there or change the page's address in the configuration",
            ) from error
        watch = asyncio.create_task(_watch(guests, head_within_s), name="page: watch")
        try:
            yield Page(host, taken, tls is not None, door.aclose)
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
    finally:
        await door.aclose()
        await runner.cleanup()


class _Guests:
    """The connections of the page, and which of them make room for others."""

    def __init__(self, server: web.Server, most: int) -> None:
        self._server = server
        self._most = most
        self._asked: dict[web.RequestHandler, web.Request] = {}  # those that have made a request, with their last one
        self._closed: set[web.RequestHandler] = set()  # by us, in this moment
        self._since: dict[web.RequestHandler, float] = {}

    def asks(self, request: web.Request) -> None:
        """A connection makes a request."""
        self._asked[request.protocol] = request

    def comes(self) -> asyncio.BaseProtocol:
        """Somebody new; where there are far too many somebody else goes at once."""
        if len(self._present()) >= self._most * AT_MOST:
            victim = next(iter(self._spare()), None)
            if victim is None:
                return _Refused()
            self._close(victim)
        return self._server()

    def look(self, now: float, head_within_s: float) -> None:
        """Close who has been silent for too long, and what is above the limit."""
        present = self._present()
        self._since = {each: self._since.get(each, now) for each in present if each not in self._asked}
        late = [each for each, start in self._since.items() if now - start >= head_within_s]
        surplus = max(0, len(present) - self._most)
        for each in dict.fromkeys((*late, *self._spare()[:surplus])):
            self._close(each)

    def _present(self) -> list[web.RequestHandler]:
        current = self._server.connections
        self._closed.intersection_update(current)
        for gone in self._asked.keys() - set(current):
            del self._asked[gone]
        return [each for each in current if each not in self._closed]

    def _spare(self) -> list[web.RequestHandler]:
        """Those that may go, the first one first: who has asked for nothing yet, then who is not signed in, each the oldest first."""
        present = self._present()
        silent = [each for each in present if each not in self._asked]
        return silent + [each for each in present if each in self._asked and visitor_or_none(self._asked[each]) is None]

    def _close(self, each: web.RequestHandler) -> None:
        self._closed.add(each)
        each.force_close()


class _Refused(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.abort()


async def _watch(guests: _Guests, head_within_s: float) -> None:
    loop = asyncio.get_running_loop()
    while True:
        guests.look(loop.time(), head_within_s)
        await asyncio.sleep(min(_LOOK_EVERY_S, head_within_s / 4))
