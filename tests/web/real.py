"""The page in front of a real box: its database, its one door, its people."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer
from sample import ZONE

from gateway.access.feeds import Feeds
from gateway.access.logins import Logins
from gateway.commands.office import OfficeCommands
from gateway.core.business import Business
from gateway.dispatcher import Dispatcher
from gateway.health import HealthBoard
from gateway.queries.office import Queries
from gateway.queries.search import Search
from gateway.reading import reading_for
from gateway.storage.store import Store
from tests.gateway.box import VirtualClock
from tests.gateway.office import MILLER
from web.app import make_app
from web.guard import SESSION

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
OLGA, ANN = ("Olga", "boiler 77"), ("Ann", "ladder 12")


@dataclass
class Box:
    """A box with its page. Olga is its owner, Ann works in the office."""

    clock: VirtualClock
    store: Store
    dispatcher: Dispatcher
    queries: Queries
    commands: OfficeCommands
    logins: Logins
    client: TestClient
    feeds: Feeds

    async def comes(self, who: tuple[str, str] = OLGA) -> dict[str, str]:
        """The cookies of somebody who signs in."""
        return {SESSION: await self.logins.sign_in(*who, "127.0.0.1", "Mozilla/5.0 (X11; Linux) Firefox/140.0")}

    async def text(self, path: str, cookies: dict[str, str], status: int = 200) -> str:
        """What a page says."""
        answer = await self.client.get(path, cookies=cookies)
        assert answer.status == status, (path, answer.status)
        return await answer.text()

    async def press(self, page: str, path: str, cookies: dict[str, str], **fields: str):
        """Send a form of a page; the answer, redirects not followed."""
        token = re.search(r'name="token" value="([0-9a-f]{64})"', await self.text(page, cookies))[1]
        return await self.client.post(path, data={"token": token, **fields}, cookies=cookies, allow_redirects=False)

    async def history(self) -> list[str]:
        """What stands in the history."""
        rows = await self.store.read(lambda db: db.execute("SELECT what FROM history ORDER BY id").fetchall())
        return [row["what"] for row in rows]


@contextlib.asynccontextmanager
async def a_box(folder: Path, business: Business = MILLER.business, **options: object) -> AsyncIterator[Box]:
    """A box that has its owner."""
    clock = VirtualClock(NOW)
    store = Store(folder / "box.sqlite3", clock)
    await store.open()
    client = search = None
    try:
        dispatcher = Dispatcher(store, business, clock, read=reading_for(business, folder))
        search = Search(store.path, lambda: business)
        queries = Queries(store, dispatcher, HealthBoard(), search)
        commands = OfficeCommands(dispatcher, queries, clock)
        logins = Logins(store, clock, lambda: {"mike": "Mike", "dana": "Dana"})
        feeds = Feeds(store, clock, lambda: business)
        app = make_app(
            queries,
            commands,
            logins,
            clock,
            business="Miller Plumbing & Heating",
            zone=ZONE,
            allowed_hosts=frozenset(),
            version="0.1.0",
            feeds=feeds,
            **options,
        )
        client = TestClient(TestServer(app))
        await client.start_server()
        await logins.first(*OLGA, "Mozilla/5.0 (iPhone) Safari/605")
        await logins.add(*ANN[:1], "office", ANN[1], "Olga")
        yield Box(clock, store, dispatcher, queries, commands, logins, client, feeds)
    finally:
        if client is not None:
            await client.close()
        if search is not None:
            await search.close()
        await store.close()
