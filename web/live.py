"""Server-sent events: tells every open page that something changed; the page then fetches what.

One task follows the data's changes and wakes the streams. A stream sends only the newest number, so a slow page can
never pile up work, and a page that was away compares its own number with the first one it is told.
"""

from __future__ import annotations

import asyncio
import logging
import secrets

from aiohttp import ClientConnectionResetError, web

from gateway.ports.data import PageData
from gateway.ports.gate import Gate
from web import guard

log = logging.getLogger(__name__)

HEARTBEAT_S = (
    15.0  # HTML standard, 9.2.7: something "every 15 seconds or so" keeps proxies from closing; page.js waits 40 s
)
RETRY_MS = 2000  # how soon a browser comes back; browsers' own default is 3 to 5 s
STREAMS = 100  # an office has some ten screens; each stream costs about 20 kB
WRITE_WITHIN_S = 10.0  # a page that takes no bytes for as long as this is gone
_RETRY_FIRST_S, _RETRY_CAP_S = 0.5, 30.0  # a failing read of the changes is tried again, ever more slowly


class Live:
    """The open pages of one running box."""

    def __init__(self, data: PageData, gate: Gate, look: str, heartbeat_s: float = HEARTBEAT_S) -> None:
        """`look` names the version of page and script: a page with another one reloads itself."""
        self._data = data
        self._gate = gate
        self._look = look
        self._heartbeat_s = heartbeat_s
        self._boot = secrets.token_hex(4)  # numbers of an earlier run must not be taken for ours
        self._number = 0
        self._wakes: set[asyncio.Event] = set()
        self._ended = asyncio.Event()
        self.following = False

    @property
    def mark(self) -> str:
        """Stands for what can be read now. Take it before reading."""
        return f"{self._boot}-{self._number}"

    @property
    def streams(self) -> int:
        """How many pages are open."""
        return len(self._wakes)

    async def follow(self) -> None:
        """Follow the data's changes for ever."""
        wait = _RETRY_FIRST_S
        while True:
            try:
                self.following = True
                async for number in self._data.changes():
                    wait = _RETRY_FIRST_S
                    self._number = number
                    self._wake_all()
                reason = "they ended"
            except Exception as error:  # the records may be unreadable for a while; /healthz shows it meanwhile
                reason = repr(error)
            self.following = False
            log.warning("page: changes cannot be followed (%s), trying again in %.1f s", reason, wait)
            await asyncio.sleep(wait)
            wait = min(_RETRY_CAP_S, wait * 2)

    async def end(self, _app: web.Application) -> None:
        """Signal `on_shutdown`: let every stream finish now, else stopping waits for the browsers."""
        self._ended.set()
        self._wake_all()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """`GET /events`: `hello` at once, then `change` with the newest mark; `beat` in between, by which a page knows that it hears."""
        if self._ended.is_set() or self.streams >= STREAMS:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}, text="Too many open pages.")
        wake = asyncio.Event()
        self._wakes.add(wake)
        try:
            response = web.StreamResponse(headers={"X-Accel-Buffering": "no"})
            response.content_type = "text/event-stream"
            response.charset = "utf-8"
            await response.prepare(request)
            await self._write(response, f"retry: {RETRY_MS}\nevent: hello\nid: {self.mark}\ndata: {self._look}\n\n")
            while not self._ended.is_set():
                if await self._gate.visitor(guard.session_of(request)) is None:
                    return response  # signed out: the page asks again, and is told
                try:
                    await asyncio.wait_for(wake.wait(), self._heartbeat_s)
                except TimeoutError:
                    await self._write(response, "event: beat\ndata: .\n\n")
                    continue
                wake.clear()
                if not self._ended.is_set():
                    await self._write(response, f"event: change\nid: {self.mark}\ndata: {self._look}\n\n")
            return response
        except (ClientConnectionResetError, ConnectionResetError, TimeoutError):
            return response  # the tab was closed
        finally:
            self._wakes.discard(wake)

    async def _write(self, response: web.StreamResponse, text: str) -> None:
        async with asyncio.timeout(WRITE_WITHIN_S):
            await response.write(text.encode())

    def _wake_all(self) -> None:
        for wake in self._wakes:
            wake.set()
