"""The settings in a real browser: a text judged while it is typed, a form without JavaScript, a small telephone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from test_web_browser import browser, tab
from test_web_settings import shop

from gateway.settings.edit.plan import SHEETS

__all__ = ["browser", "shop"]  # fixtures
pytestmark = pytest.mark.browser


async def test_a_text_is_judged_while_it_is_typed_and_hours_are_saved(browser, shop):
    async with tab(browser) as page:
        await page.goto(str(shop.client.make_url("/settings/texts")))
        words = page.get_by_label("When you are open", exact=True)
        await words.fill("Hello! We call you in 5 minutes 😀")
        preview = page.locator("[id='p-templates.open']")
        await expect(preview).to_contain_text("70 instead of 160")
        await expect(preview).to_contain_text("STOP")
        await page.goto(str(shop.client.make_url("/settings")))
        await page.get_by_role("link", name="Opening hours").click()
        await page.get_by_label("Saturday").fill("08:00-12:00")
        await page.get_by_text("Add another").first.click()
        await page.locator("[id='f-holidays[9].date']").fill("2026-11-26")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("status")).to_have_text("Saved, and in use.")
    assert '"08:00-12:00"' in shop.file.read_text()
    assert "{date: 2026-11-26}" in shop.file.read_text()


async def test_without_javascript_a_mistake_is_shown_at_its_field_and_mended(browser, shop):
    async with tab(browser, (320, 640), java_script_enabled=False) as page:
        await page.goto(str(shop.client.make_url("/settings/hours")))
        await page.get_by_label("Saturday").fill("8-5")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
        await expect(page.get_by_label("Saturday")).to_have_value("8-5")
        await expect(page.locator("[id='f-hours.sat-hint']")).to_contain_text("'08:00-17:00'")
        await page.get_by_label("Saturday").fill("08:00-17:00")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("status")).to_have_text("Saved, and in use.")


@pytest.mark.parametrize("size", [(320, 640), (1280, 800)])
async def test_no_sheet_scrolls_sideways(browser, shop, size):
    async with tab(browser, size) as page:
        for path in ("", "/file", "/versions", *(f"/{plan.key}" for plan in SHEETS)):
            await page.goto(str(shop.client.make_url(f"/settings{path}")))
            await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
            assert await page.evaluate("document.documentElement.scrollWidth") <= size[0], path
