"""The page at its address, for ever: an address that is taken, or a broken certificate, is no reason to miss a call."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from gateway.access import certificates
from gateway.health import HealthBoard
from gateway.ports.clock import Clock
from gateway.settings import PageConfig
from gateway.troubles import certificate_problem, page_problem
from web.serving import serve

PAGE_RETRY_S = 5.0  # an address that is taken is tried again


class PageServing:
    """`config` says where the page is served, `page` makes it; `url` is where it can be opened, "" while it is nowhere."""

    def __init__(
        self,
        config: Callable[[], PageConfig],
        page: Callable[[], Any],
        board: HealthBoard,
        clock: Clock,
    ) -> None:
        self.url = ""
        self.tried = asyncio.Event()  # it is open, or it has been said why not
        self._config = config
        self._page = page
        self._board = board
        self._clock = clock
        self._again = asyncio.Event()

    def again(self) -> None:
        """Make and serve it anew."""
        self._again.set()

    async def run(self) -> None:
        """Serve it until cancelled. The next page is made while the last one is served: only the door changes hands."""
        app: Any = None
        serving = contextlib.AsyncExitStack()
        try:
            while True:
                page = self._config()
                try:
                    tls = certificates.context(page.tls_certificate, page.tls_key) if page.tls_certificate else None
                    app = app or await self._made()
                    following = contextlib.AsyncExitStack()
                    served = await following.enter_async_context(serve(app, page.host, page.port, tls=tls))
                except certificates.BadCertificate as bad:
                    why = (bad.strerror or str(bad)).partition(" - ")[0].removeprefix("the page's ")
                    self._board(certificate_problem(why).report("page", self._clock.now()))
                except OSError as error:
                    why = (error.strerror or str(error)).removeprefix("page: ").partition(" - ")[0]
                    self._board(page_problem(why).report("page", self._clock.now()))
                else:
                    before, serving = serving, following
                    await before.aclose()
                    self.url = served.url
                    self._board.forget("page", self._clock.now())
                    self.tried.set()
                    await self._again.wait()
                    app = await self._made()
                    await served.close_door()
                    continue
                await serving.aclose()
                app = None
                self.tried.set()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._again.wait(), PAGE_RETRY_S)
        finally:
            self.url = ""
            self.tried.set()
            await serving.aclose()

    async def _made(self) -> Any:
        """The page as it has to be now. Templates are compiled for it: seconds on a Pi, so not in the loop."""
        self._again.clear()
        return await asyncio.to_thread(self._page)
