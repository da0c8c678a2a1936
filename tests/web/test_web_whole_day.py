"""A day of the office with everything real but line and modem: from the missed call to the closed lead, in real Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect
from test_web_browser import ARGS, CHROMIUM, tab

from drivers.modem.settings import Timings
from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.settings import parse
from gateway.supervisor import Gateway, running
from tests.gateway.test_wire import CONFIG, Box

pytestmark = pytest.mark.browser
CALLER, SHOWN = "2165550137", "(216) 555-0137"
SLOW_MS = 20_000  # the whole path through serial line, PBX and browser, on a busy machine


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield chromium
        await chromium.close()


async def test_from_the_missed_call_to_the_closed_lead(browser: Browser, tmp_path: Path) -> None:
    async with SimulatedPbx() as pbx, SimulatedModem(link=tmp_path / "modem") as modem:
        modem.auto_report = True
        settings = parse(CONFIG.format(ami=pbx.port, modem=modem.path, state=tmp_path / "state"), "box.yaml")
        first = replace(settings, page=replace(settings.page, port=0))

        def gateway(port: int) -> Gateway:
            page = replace(first.page, port=port)
            return Gateway(replace(first, page=page), modem_timings=Timings(drain_s=0.05), open_house=True)

        async with tab(browser) as desk, tab(browser, (390, 844)) as phone:
            async with running(gateway(0)) as box_gateway:
                box, url = Box(box_gateway, pbx, modem), box_gateway.page_url
                await box.up()
                for page in (desk, phone):
                    await page.goto(url)
                    await page.evaluate("window.neverReloaded = true")
                await expect(desk.locator("#leads")).to_contain_text("No leads yet.")

                await pbx.missed_call(CALLER, "2165550100", ring_s=0.05)
                await box.calls(1)
                modem.receive(f"+1{CALLER}", "Our furnace quit, can you come by? 44107 Lakewood")
                for page in (desk, phone):
                    lead = page.locator("#lead-1")
                    await expect(lead).to_contain_text("Our furnace quit", timeout=SLOW_MS)
                    await expect(lead).to_contain_text("44107")
                    assert await page.evaluate("window.neverReloaded")

                await desk.locator("#lead-1-open").click()
                await desk.locator("#words").fill("Ann here, tomorrow at 8?")
                await desk.locator("#send").click()
                await box.until(lambda: any("tomorrow at 8" in text.body for text in modem.network.sent_texts()))
                modem.receive(f"+1{CALLER}", "Yes, 8 is fine")
                await expect(desk.locator("#talk")).to_contain_text("Yes, 8 is fine", timeout=SLOW_MS)
                port = int(url.rstrip("/").rsplit(":", 1)[1])

            await expect(phone.locator("#lost")).to_be_visible(timeout=SLOW_MS)
            async with running(gateway(port)) as again:
                await Box(again, pbx, modem).up()
                await expect(phone.locator("#lost")).to_be_hidden(timeout=SLOW_MS)
                await expect(phone.locator("#lead-1")).to_be_visible()

                await desk.locator("#book-s").click()
                await desk.locator("#day").fill((datetime.now(UTC) + timedelta(days=30)).date().isoformat())
                await desk.locator("#begins").fill("08:00")
                await desk.locator("#press-book").click()
                await expect(desk.locator("#said")).to_contain_text("Booked, and off the list", timeout=SLOW_MS)
                await desk.locator("#replies-s").click()
                await (
                    desk.locator("#replies", has_text="You are booked")
                    .get_by_role("button", name="You are booked")
                    .click()
                )
                assert "You are booked for" in await desk.locator("#words").input_value()

                async with tab(browser, java_script_enabled=False) as plain:
                    await plain.goto(f"{url}search?q=furnace+{CALLER}")
                    await expect(plain.locator("mark").first).to_be_visible()
                    await plain.locator("#lead-1-open").click()
                    await plain.locator("#end-s").click()
                    await plain.locator("input[name=outcome][value=won]").check()
                    await plain.locator("#press-end").click()
                    await expect(plain.locator("#said")).to_be_visible()
                    await plain.goto(f"{url}calls")
                    await expect(plain.locator("#calls")).to_contain_text(SHOWN)
                    await expect(plain.locator("#calls")).to_contain_text("Texted in")
                await expect(phone.locator("#lead-1")).to_have_count(0, timeout=SLOW_MS)
                assert sum(text.to == f"+1{CALLER}" for text in modem.network.sent_texts()) >= 2
