"""The people at the page: they sign in, look, write by hand and finish leads; their tabs stay open."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from time import perf_counter

import aiohttp

from tests.durability.busy_office import Office

NAME, SECRET = "Ann", "a long enough secret"
TABS = 3
LOOKS_EVERY_S = 120.0
PAGES = ("/", "/?whose=nobody", "/calls", "/health", "/search?q=furnace", "/contacts", "/calendar", "/history")
PRESSES = ("text", "done", "claim", "reached", "not-reached", "note", "take", "hand-back", "have")
GIVE_UP_S = 20.0
REFUSED = (400, 404, 409)  # a form that was overtaken says so


class _Forms(HTMLParser):
    """The forms of a page by their address, with what is written in their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method") == "post":
            self._fields = self.found.setdefault(said.get("action", ""), {})
        elif tag == "input" and self._fields is not None and said.get("type") == "hidden" and "name" in said:
            self._fields[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None


class Desk:
    """One browser with its tabs."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.random = random.Random(f"desk {office.seed}")  # of its own: what it does hangs on nobody else
        self._tabs: list[asyncio.Task[None]] = []
        self._browser: aiohttp.ClientSession | None = None
        self.streamed = 0

    @property
    def browser(self) -> aiohttp.ClientSession:
        assert self._browser is not None
        return self._browser

    async def sign_in(self) -> None:
        """The first owner of a new box."""
        jar = aiohttp.CookieJar(unsafe=True)
        base = f"http://127.0.0.1:{self.office.box.page}/"
        self._browser = aiohttp.ClientSession(
            base,
            cookie_jar=jar,
            timeout=aiohttp.ClientTimeout(total=GIVE_UP_S),
            headers={"User-Agent": "Firefox/140.0"},
        )
        page = await self._until_served("/welcome")
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token is not None, "the page of a new box asks for its owner"
        form = {"token": token[1], "name": NAME, "password": SECRET, "again": SECRET}
        async with self.browser.post("/welcome", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
        self.office.cookie = "; ".join(f"{cookie.key}={cookie.value}" for cookie in jar)

    async def _until_served(self, path: str) -> str:
        end = time.monotonic() + 60
        while True:
            try:
                async with self.browser.get(path) as answer:
                    return await answer.text()
            except aiohttp.ClientError:
                assert time.monotonic() < end, "the page is not served"
                await asyncio.sleep(0.2)

    async def close(self) -> None:
        for tab in self._tabs:
            tab.cancel()
        await asyncio.gather(*self._tabs, return_exceptions=True)
        await self.browser.close()

    async def live(self, until_h: float) -> None:
        """From opening to closing, and now and then in the evening."""
        chance = self.random
        self._tabs = [asyncio.ensure_future(self._tab()) for _ in range(TABS)]
        while self.office.hours() < until_h:
            working = 8 <= self.office.local().hour < 17
            await asyncio.sleep(chance.expovariate(1 / (LOOKS_EVERY_S if working else 10 * LOOKS_EVERY_S)))
            await self._looks()
            if working and chance.random() < 0.35:
                await self._presses()

    async def _tab(self) -> None:
        """A page that stays open: its stream is opened again whenever it ends."""
        quiet = aiohttp.ClientTimeout(total=None, sock_read=60)
        while True:
            if not 7 <= self.office.local().hour < 18 and self.random.random() < 0.9:
                await asyncio.sleep(1800)  # most screens are off at night
                continue
            try:
                async with self.browser.get("/events", timeout=quiet, allow_redirects=False) as stream:
                    until = time.monotonic() + self.random.uniform(60, 14_400)
                    while time.monotonic() < until and await stream.content.readline():
                        self.streamed += 1
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(self.random.uniform(1, 120))

    async def _looks(self) -> None:
        for path in self.random.sample(PAGES, 3):
            await self.get(path)
        lead = self._some_lead()
        if lead is not None:
            await self.get(f"/leads/{lead}")

    async def get(self, path: str) -> str | None:
        """A page with its time; a failure counts where nothing stands in the page's way."""
        began, real = time.monotonic(), perf_counter()
        why = ""
        try:
            async with self.browser.get(path) as answer:
                text = await answer.text()
                if answer.status == 200:
                    if self.office.is_fair(began):
                        self.office.truth.page_waits.append(perf_counter() - real)
                    return text
                why = str(answer.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            why = repr(error)
        if self.office.is_fair(began):
            self.office.truth.page_failures.append(f"{self.office.local():%a %H:%M:%S} {path}: {why}")
        return None

    def _some_lead(self) -> int | None:
        rows = self._rows(f"SELECT id FROM leads WHERE opened_at > {self.office.began_ms} ORDER BY id DESC LIMIT 30")
        return self.random.choice(rows) if rows else None

    def _rows(self, sql: str) -> list[int]:
        try:
            return [int(row[0]) for row in self.office.box.rows(sql)]
        except Exception:  # the disk is full, or the box starts: nobody is kept from his work by our curiosity
            return []

    async def _presses(self) -> None:
        """Somebody does something about a lead."""
        lead = self._some_lead()
        page = await self.get(f"/leads/{lead}") if lead is not None else None
        if page is None:
            return
        forms = _Forms()
        forms.feed(page)
        can: dict[str, dict[str, str]] = {
            verb: forms.found[address] for verb in PRESSES if (address := f"/leads/{lead}/{verb}") in forms.found
        }
        if not can:
            return
        verb = self.random.choice(list(can))
        more: Callable[[], dict[str, str]] = {
            "text": lambda: {"words": f"Ann here, we have your message no. {lead} and call you back."},
            "note": lambda: {"note": "spoke with the neighbour"},
        }.get(verb, dict)
        began = time.monotonic()
        try:
            async with self.browser.post(
                f"/leads/{lead}/{verb}", data={**can[verb], **more()}, allow_redirects=False
            ) as answer:
                done = answer.status == 303
                self.office.truth.pressed[verb if done else f"{verb} refused"] += 1
                if not done and answer.status not in REFUSED and self.office.is_fair(began):
                    self.office.truth.page_failures.append(f"{verb}: {answer.status} {(await answer.text())[-400:]}")
        except (aiohttp.ClientError, TimeoutError):
            pass
