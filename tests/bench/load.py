"""What the page costs a telephone: its first load in Chromium, slowed down as Lighthouse does it, and the score that Lighthouse gives.

Lighthouse's mobile run: processor four times slower, 1.6 Mbit/s, 150 ms for a round trip. Its score is the weighted mean of five
log-normal curves (`lighthouse-core/config`, version 10 and later); the speed index, which wants a film of the loading, is taken to be
the largest contentful paint, which comes no sooner.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, async_playwright

from drivers.simulator.pbx import SimulatedPbx
from gateway.statefolder import DATABASE
from tests.bench.box import world
from tests.bench.figures import KIB, Figure
from tests.bench.page import signed_in
from tests.bench.years import fill_years

CHROMIUM = os.environ.get("TEXTBACK_CHROMIUM", "/usr/bin/chromium")
PAGES = {"inbox": "", "a lead": "leads/{lead}", "search": "search?q=heat", "calls": "calls", "health": "health"}
SLOWER = 4
LINK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
# name: weight, and the value that gets 90 and 50 of 100; milliseconds, the last a share of the screen
CURVES = {
    "first contentful paint": (0.10, 1800, 3000),
    "speed index": (0.10, 3387, 5800),
    "largest contentful paint": (0.25, 2500, 4000),
    "total blocking time": (0.30, 200, 600),
    "layout shift": (0.25, 0.1, 0.25),
}
LONG_MS = 50  # a task beyond that blocks
WATCH = """
window.seen = { long: [], paint: 0, shift: 0 };
const watch = (type, each) =>
  new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
watch("longtask", (task) => seen.long.push([task.startTime, task.duration]));
watch("largest-contentful-paint", (paint) => (seen.paint = paint.startTime));
watch("layout-shift", (shift) => (seen.shift += shift.hadRecentInput ? 0 : shift.value));
"""


async def measure(
    folder: Path, *, leads: int = 2000, texts: int = 10_000, times: int = 3, late_ms: int = 1500
) -> list[Figure]:
    """Each kind of page, loaded by a browser that has nothing of it; of so many loads the middle one."""
    figures: list[Figure] = []
    async with world(folder, SimulatedPbx()) as start:
        fill_years(folder / "state" / DATABASE, leads, texts)
        async with start() as made, async_playwright() as playwright:
            await made.up()
            async with signed_in(made) as session:
                browser = await playwright.chromium.launch(
                    executable_path=CHROMIUM, args=["--no-sandbox", "--headless"]
                )
                home = f"http://127.0.0.1:{made.page}/"
                for name, path in PAGES.items():
                    there = path.format(lead=leads - 1)
                    loads = [await _load(browser, home, there, session, name, late_ms) for _ in range(times)]
                    figures += [
                        sorted(each, key=lambda one: one.value)[times // 2] for each in zip(*loads, strict=True)
                    ]
                await browser.close()
    return figures


async def _load(
    browser: Browser, home: str, path: str, session: aiohttp.ClientSession, name: str, late_ms: int
) -> list[Figure]:
    context = await browser.new_context(viewport={"width": 412, "height": 823})
    cookies = session.cookie_jar.filter_cookies(home)  # type: ignore[arg-type]
    await context.add_cookies([{"name": key, "value": one.value, "url": home} for key, one in cookies.items()])
    page = await context.new_page()
    await page.add_init_script(WATCH)
    inspector = await context.new_cdp_session(page)
    received: list[float] = []
    asked: list[str] = []
    said: list[str] = []
    inspector.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    await inspector.send("Network.enable")
    await inspector.send("Network.emulateNetworkConditions", LINK)
    await inspector.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(home + path, wait_until="load")
    await page.wait_for_timeout(late_ms)  # what comes late: shifts, long tasks
    seen = await page.evaluate("seen")
    first = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    await context.close()
    blocked = sum(length - LONG_MS for begin, length in seen["long"] if begin + length > first)
    values = [first, seen["paint"], seen["paint"], blocked, seen["shift"]]
    points = sum(
        weight * score(value, good, middling)
        for value, (weight, good, middling) in zip(values, CURVES.values(), strict=True)
    )
    data = [url for url in asked if "/static/" not in url and not url.endswith("/events")]
    foreign = [url for url in asked if not url.startswith(home)]
    return [
        Figure(f"{name}: over the wire", sum(received) / KIB, "KiB", 150.0, detail=f"{len(asked)} requests, the stream too"),
        Figure(f"{name}: round trips of data", len(data), "", 1.0),
        Figure(f"{name}: first contentful paint", first, "ms", 1800.0, detail=f"largest {seen['paint']:.0f} ms"),
        Figure(f"{name}: total blocking time", blocked, "ms", 200.0),
        Figure(f"{name}: layout shift", seen["shift"], "", 0.1),
        Figure(f"{name}: performance as Lighthouse counts it", points * 100, "points", 95.0, at_least=True),
        Figure(f"{name}: console messages and foreign requests", len(said) + len(foreign), "", 0.0, detail="; ".join(said)),
    ]  # fmt: skip


def score(value: float, good: float, middling: float) -> float:
    """0 to 1: the log-normal curve through 0.9 at `good` and 0.5 at `middling`."""
    if value <= 0:
        return 1.0
    width = math.log(middling / good) / 0.9061938024368232  # sqrt(2) * inverse of erfc(1 / 5)
    return 0.5 * math.erfc(math.log(value / middling) / width)
