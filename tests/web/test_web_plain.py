"""A day of the office in a browser without JavaScript, before a whole box: everything a person has to do can be done."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from sample import ANN, Doorkeeper
from test_web_browser import tab
from test_web_desk import chromium, desk, pytestmark

from tests.gateway.test_leads import ASKING
from web.app import make_app, serve

__all__ = ["chromium", "desk", "pytestmark"]


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
async def test_a_day_without_javascript(desk, chromium, size):
    gate = Doorkeeper(None)
    (name, token), *_ = gate.comes(ANN).items()
    app = make_app(
        desk.queries, desk.does, gate, desk.box.clock,
        business="Miller", zone=ASKING.zone, allowed_hosts=frozenset(), version="test",
    )  # fmt: skip
    async with serve(app, "127.0.0.1", 0) as served, tab(chromium, size, java_script_enabled=False) as page:
        await page.context.add_cookies([{"name": name, "value": token, "url": served.url}])
        await page.goto(served.url)
        await page.locator("#pause").click()
        await expect(page.locator("#top")).to_contain_text("Texting is paused")
        await page.locator("#resume").click()
        await expect(page.locator("#top")).not_to_contain_text("Texting is paused")
        await page.locator("#lead-1-open").click()
        await page.get_by_role("button", name="I take it").click()
        await expect(page.locator("#lead")).to_contain_text("You have it")
        await page.locator("#words").fill("Ann here, is tomorrow at eight fine?")
        await page.locator("#send").click()
        await expect(page.locator("#said")).to_contain_text("on its way")
        await expect(page.locator("#talk")).to_contain_text("is tomorrow at eight fine?")
        await page.locator("#note").fill("The dog bites.")
        await page.locator("#press-note").click()
        await expect(page.locator("#jotted")).to_contain_text("The dog bites.")
        await page.locator("#book-s").click()
        await page.locator("#day").fill("2026-03-05")
        await page.locator("#begins").fill("08:00")
        await page.locator("#press-book").click()
        await expect(page.locator("#lead")).to_contain_text("Appointment: Mar 5, 8:00 AM")
        await page.locator("#end-s").click()
        await page.locator("input[name=outcome][value=won]").check()
        await page.locator("#value").fill("1200")
        await page.locator("#press-end").click()
        await expect(page.locator("#lead")).to_contain_text("$1,200")
        lead = await desk.lead()
        assert (lead.outcome, lead.assignee, lead.value_cents) == ("won", "Ann", 120_000)
        await page.goto(served.url + "me")
        await page.get_by_role("button", name="Sign out", exact=True).click()
        await expect(page.locator("h1")).to_have_text("Sign in")
        await page.goto(served.url + "leads/1")
        await expect(page.locator("h1")).to_have_text("Sign in")
