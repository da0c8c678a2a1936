"""The page of a business that has texted for years: how soon it answers while calls come in, and what open pages cost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

import aiohttp

from drivers.simulator.pbx import SimulatedPbx
from gateway.queries.search import FILE
from gateway.statefolder import DATABASE
from tests.bench.box import PATIENCE_S, Box, now, served, world
from tests.bench.figures import KIB, Figure, quantile
from tests.bench.numbers import callers
from tests.bench.years import LEADS, TEXTS, fill_years

ASKED = 200  # times each page is asked for
PAGES_OPEN = 20
CALL_EVERY_S = 0.5  # two calls a second: twenty times what an office with ten lines gets
NAME, SECRET = "Ann", "a long enough secret"
SEARCHES = ("dana", "water heater", "furn", "(212) 555-0137", "0137", "nunez", "44107 elm", "no heat", "w", "gotera")


async def measure(
    folder: Path,
    *,
    leads: int = LEADS,
    texts: int = TEXTS,
    asked: int = ASKED,
    pages: int = PAGES_OPEN,
    idle_s: float = 60.0,
) -> list[Figure]:
    """Inbox, search, calls and leads through HTTP, one browser asking as fast as it is answered, calls coming in meanwhile."""
    pbx = SimulatedPbx()
    async with world(folder, pbx) as start:
        fill_years(folder / "state" / DATABASE, leads, texts)
        async with start() as made:
            await made.up()
            began = now()
            async with signed_in(made) as browser:
                await _read_in(browser, folder / "state" / FILE)
                read_in = now() - began
                figures = await _under_load(made, pbx, browser, leads, asked)
                rss = made.usage().rss_kib
                idle, streams = await _idle_with_pages(made, browser, pages, idle_s)
                stopping = await _stop(made)
                for stream in streams:
                    stream.close()
    words = (folder / "state" / FILE).stat().st_size
    return [
        *figures,
        Figure("memory (RSS) after that", rss / KIB, "MiB", 120.0),
        Figure(f"processor, idle, {pages} pages open", idle * 100, "%", 2.0, detail=f"{idle_s:.0f} s, of one core"),
        Figure(f"stopping with {pages} pages open", stopping, "s", 3.0),
        Figure("reading an old database into the search", read_in, "s", detail="the newest leads are found at once"),
        Figure("words of the search on the disk", words / KIB / KIB, "MiB"),
    ]


@contextlib.asynccontextmanager
async def signed_in(made: Box) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser whose person is the first owner."""
    jar = aiohttp.CookieJar(unsafe=True)
    base = f"http://127.0.0.1:{made.page}/"
    async with aiohttp.ClientSession(base, cookie_jar=jar) as browser:
        await served(browser)
        async with browser.get("/welcome") as answer:
            page = await answer.text()
        field = re.search(r'name="token" value="([^"]+)"', page)
        assert field is not None, "the page of a new box asks for its owner"
        form = {"token": field[1], "name": NAME, "password": SECRET, "again": SECRET}
        async with browser.post("/welcome", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
        yield browser


async def _read_in(browser: aiohttp.ClientSession, words: Path) -> None:
    """Until the search has read in everything, the callers behind the leads as well."""
    async with asyncio.timeout(PATIENCE_S * 10):
        while "still being read in" in await _get(browser, "/search?q=dana") or _left(words):  # noqa: ASYNC110 - another process
            await asyncio.sleep(1)


def _left(words: Path) -> bool:
    """Whether something old is not in the index yet."""
    with contextlib.closing(sqlite3.connect(f"{words.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return bool(db.execute("SELECT 1 FROM marks WHERE name IN ('build', 'people', 'lone') AND upto > 0").fetchone())


async def _get(browser: aiohttp.ClientSession, path: str) -> str:
    async with browser.get(path) as answer:
        assert answer.status == 200, (path, answer.status)
        return await answer.text()


async def _under_load(
    made: Box, pbx: SimulatedPbx, browser: aiohttp.ClientSession, leads: int, asked: int
) -> list[Figure]:
    chance = random.Random(7)
    kinds = {
        "inbox": lambda: chance.choice(("/", "/?whose=nobody", "/?days=all&lane=escalate", "/?days=week", "/?standing=overdue")),
        "search": lambda: f"/search?q={chance.choice(SEARCHES)}",
        "a lead": lambda: f"/leads/{chance.randrange(1, leads + 1)}",
        "calls": lambda: chance.choice(("/calls", "/calls?kind=not_texted", "/calls?day=today")),
    }  # fmt: skip
    waits: dict[str, list[float]] = {kind: [] for kind in kinds}
    work: dict[str, float] = {}
    ringing = asyncio.create_task(_calls(pbx))
    try:
        for kind, path in kinds.items():
            for _ in range(5):  # the first ones load what every later one needs
                await _get(browser, path())
            before = made.usage().cpu_s
            for _ in range(asked):
                began = now()
                await _get(browser, path())
                waits[kind].append(now() - began)
            work[kind] = (made.usage().cpu_s - before) / asked
    finally:
        ringing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ringing
    assert not made.texted_twice()
    return [
        figure
        for kind, each in waits.items()
        for figure in (
            Figure(f"{kind}, median", median(each) * 1e3, "ms", detail=f"{asked} times, calls coming in"),
            Figure(f"{kind}, 95 of 100", quantile(each, 0.95) * 1e3, "ms", 50.0, detail=f"max {max(each) * 1e3:.0f} ms"),
            Figure(f"{kind}, processor", work[kind] * 1e3, "ms", detail="of each; the calls that came in meanwhile are in it"),
        )
    ]  # fmt: skip


async def _calls(pbx: SimulatedPbx) -> None:
    """Missed calls, for ever."""
    async with asyncio.TaskGroup() as group:
        for caller in callers():
            group.create_task(pbx.missed_call(caller, "2165550100", 0.2))
            await asyncio.sleep(CALL_EVERY_S)


async def _idle_with_pages(
    made: Box, browser: aiohttp.ClientSession, pages: int, seconds: float
) -> tuple[float, list[aiohttp.ClientResponse]]:
    """Share of a core with so many pages open and nothing happening, and the pages: open as long as they are held."""
    streams = [await browser.get("/events", timeout=aiohttp.ClientTimeout(None)) for _ in range(pages)]
    await asyncio.sleep(min(5.0, seconds))  # the last calls' texts and reports
    assert json.loads(await _get(browser, "/healthz"))["open_pages"] == pages
    before = made.usage().cpu_s
    await asyncio.sleep(seconds)
    return (made.usage().cpu_s - before) / seconds, streams


async def _stop(made: Box) -> float:
    began = now()
    made.process.terminate()
    await made.process.wait()
    return now() - began
