"""A page that is open all day: keys, sounds, notifications, and what happens to it when the box or the session goes away."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from playwright.async_api import Browser, BrowserContext, Page, expect
from sample import ANN, Doorkeeper, Office, a_days_work, a_lead, app_of
from test_web_browser import browser, pytestmark, tab

from gateway.core.views.leads import Standing
from gateway.core.visitors import PageRole, Visitor
from web.app import serve

__all__ = ["browser", "pytestmark"]
BOB = Visitor(7, "Bob", PageRole.OFFICE)
TURN_MS = 400  # more than tabs wait for each other in once.js

# A loudspeaker that counts, and that a browser may refuse; notifications that are counted.
FAKES = """
window.tones = 0;
window.refused = localStorage.getItem("refused") === "yes";
window.AudioContext = class {
  currentTime = 0;
  get state() { return window.refused ? "suspended" : "running"; }
  async resume() { if (window.refused) await new Promise(() => {}); }
  createOscillator() { return { frequency: {}, connect: (next) => next, start: () => (window.tones += 1), stop() {} }; }
  createGain() { return { gain: { setValueAtTime() {}, linearRampToValueAtTime() {} }, connect: (next) => next }; }
};
window.asked = 0;
window.shown = [];
window.Notification = class {
  static permission = localStorage.getItem("permission") ?? "default";
  static async requestPermission() {
    window.asked += 1;
    Notification.permission = localStorage.getItem("answer") ?? "denied";
    localStorage.setItem("permission", Notification.permission);
    return Notification.permission;
  }
  constructor(title) { window.shown.push(title); }
};
"""
LEAD_TONES, ALARM_TONES = 2, 4


@contextlib.asynccontextmanager
async def screens(browser: Browser, url: str, tabs: int = 1) -> AsyncIterator[list[Page]]:
    """Tabs of one browser on the inbox, with a loudspeaker that counts."""
    async with tab(browser) as first:
        context: BrowserContext = first.context
        await context.add_init_script(FAKES)
        pages = [first, *[await context.new_page() for _ in range(tabs - 1)]]
        for page in pages:
            await page.goto(url)
        yield pages


async def tones(*pages: Page) -> int:
    """So many were played since the last look, in all tabs together, when each has had its turn."""
    await pages[0].wait_for_timeout(TURN_MS)
    return sum([await page.evaluate("(() => { const n = tones; tones = 0; return n; })()") for page in pages])


async def test_single_keys_search_walk_open_help_and_can_be_switched_off(browser):
    async with serve(app_of(a_days_work()), "127.0.0.1", 0) as served, tab(browser) as page:
        await page.goto(served.url)
        focused = "document.activeElement.id"
        await page.keyboard.press("/")
        await page.keyboard.type("jk?/")
        await expect(page.locator("#q")).to_have_value("jk?/")
        await page.keyboard.press("Escape")
        await page.keyboard.press("j")
        assert await page.evaluate(focused) == "lead-1-open"
        await page.keyboard.press("j")
        second = await page.evaluate(focused)
        assert second not in ("", "lead-1-open")
        await page.keyboard.press("k")
        assert await page.evaluate(focused) == "lead-1-open"
        await page.keyboard.press("?")
        await expect(page.locator("#keys-on")).to_be_visible()
        await expect(page.locator("#keys-on")).to_be_focused()
        await page.keyboard.press("Space")  # off, for this browser
        await expect(page.locator("#keys-on")).not_to_be_checked()
        await page.reload()
        await page.keyboard.press("j")
        await page.keyboard.press("/")
        assert await page.evaluate(focused) == ""
        await page.locator("#keys-help summary").click()
        await page.locator("#keys-on").check()
        await page.evaluate("document.activeElement.blur()")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_contain_text("(303) 555-0199")


async def test_one_of_several_tabs_sounds_once_and_silence_holds_for_all_until_the_next_emergency(browser):
    office, gate = Office(), Doorkeeper()
    async with (
        serve(app_of(office, gate=gate), "127.0.0.1", 0) as served,
        screens(browser, served.url, 2) as (one, two),
    ):
        office.adds(a_lead(1, Standing.TALKING))
        await office.changed()
        await expect(two.locator("#lead-1")).to_be_visible()
        assert await tones(one, two) == 0  # nobody has asked for sounds
        await one.locator("#sound").click()
        assert await tones(one, two) == LEAD_TONES  # so does it sound
        await expect(two.locator("#sound")).to_have_attribute("aria-pressed", "true")

        office.adds(a_lead(2, Standing.TALKING))
        await office.changed()
        for page in (one, two):
            await expect(page.locator("#lead-2")).to_be_visible()
            await expect(page).to_have_title("Inbox - Miller Plumbing & Heating")
        assert await tones(one, two) == LEAD_TONES

        office.adds(a_lead(3, Standing.EMERGENCY))
        await office.changed()
        for page in (one, two):
            await expect(page.locator("#silence")).to_be_visible()
            await expect(page).to_have_title("(1) Inbox - Miller Plumbing & Heating")
        assert await tones(one, two) == ALARM_TONES
        await two.locator("#silence").click()
        await expect(two.locator("#sound")).to_be_focused()
        await expect(one.locator("#silence")).to_be_hidden()
        await one.reload()
        await expect(one.locator("#aids")).to_be_visible()
        await expect(one.locator("#silence")).to_be_hidden()
        assert await tones(one, two) == 0

        gate.guest = BOB  # signed in at the same screen, and has silenced nothing
        await one.reload()
        await expect(one.locator("#silence")).to_be_visible()
        await one.locator("h1").click()  # before that no browser lets it sound
        assert await tones(one) == ALARM_TONES
        gate.guest = ANN
        await one.reload()
        await expect(one.locator("#aids")).to_be_visible()
        assert await tones(one, two) == 0
        await two.close()
        office.adds(a_lead(4, Standing.EMERGENCY))
        await office.changed()
        await expect(one.locator("#silence")).to_be_visible()


async def test_a_browser_that_refuses_to_sound_is_told_of_until_it_does(browser):
    office = Office()
    office.adds(a_lead(3, Standing.EMERGENCY))
    async with serve(app_of(office), "127.0.0.1", 0) as served, screens(browser, served.url) as (page,):
        await page.evaluate("localStorage.setItem('refused', 'yes')")
        await page.locator("#sound").click()
        await expect(page.locator("#mute")).to_be_hidden()
        await page.reload()
        await expect(page.locator("#mute")).to_contain_text("keeps quiet until somebody clicks")
        assert await tones(page) == 0
        await page.evaluate("refused = false")
        await page.locator("h1").click()
        await expect(page.locator("#mute")).to_be_hidden()
        await page.locator("#sound").click()  # off: nothing is said of sounds that nobody wants
        await page.reload()
        await expect(page.locator("#aids")).to_be_visible()
        await expect(page.locator("#mute")).to_be_hidden()


async def test_notifications_are_asked_for_by_the_button_alone_and_come_once(browser):
    office = Office()
    async with serve(app_of(office), "127.0.0.1", 0) as served, screens(browser, served.url, 2) as pages:
        one, two = pages
        await expect(one.locator("#notify")).to_be_visible()
        assert await one.evaluate("asked") == 0
        await one.locator("#notify").click()
        await expect(one.locator("#sorry")).to_contain_text("This browser does not allow it.")
        await expect(one.locator("#notify")).to_have_attribute("aria-pressed", "false")
        await one.evaluate("localStorage.setItem('answer', 'granted')")
        await one.locator("#notify").click()
        await expect(one.locator("#notify")).to_have_attribute("aria-pressed", "true")
        assert await one.evaluate("asked") == 2
        await two.reload()
        assert await two.evaluate("asked") == 0
        for page in pages:
            await page.evaluate("document.hasFocus = () => false")
        office.adds(a_lead(3, Standing.EMERGENCY))
        await office.changed()
        for page in pages:
            await expect(page.locator("#lead-3")).to_be_visible()
        await one.wait_for_timeout(TURN_MS)
        assert [title for page in pages for title in await page.evaluate("shown")] == ["Emergency: Dana Whitfield"]


async def test_a_session_that_ends_is_said_and_what_was_being_typed_goes_out_after_signing_in(browser):
    office, gate = a_days_work(), Doorkeeper(None)
    (name, token), *_ = gate.comes(ANN).items()
    async with serve(app_of(office, gate=gate), "127.0.0.1", 0) as served, tab(browser) as page:
        await page.context.add_cookies([{"name": name, "value": token, "url": served.url}])
        inbox = await page.context.new_page()
        await inbox.goto(served.url)
        await page.goto(served.url + "leads/2")
        await page.locator("#words").fill("Ann he")
        gate.signed_in.clear()
        await office.changed()
        await expect(page.locator("#out")).to_contain_text("You are signed out.")
        await expect(inbox.locator("[role=status]")).to_have_text("You are signed out. Sign in to go on.")
        assert inbox.url.endswith("/sign-in?out=1&next=%2F")
        await page.locator("#words").press_sequentially("re")
        gate.comes(ANN)  # in the other tab
        await expect(page.locator("#out")).to_be_hidden()
        await expect(page.locator("#words")).to_have_value("Ann here")
        await page.locator("#send").click()
        await expect(page.locator("#said")).to_contain_text("Your text is on its way.")
        assert office.done == [("write Ann here", 2, "Ann")]


async def test_a_page_that_has_slept_asks_anew(browser):
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser) as page:
        streams: list[str] = []
        page.on("request", lambda request: request.url.endswith("/events") and streams.append(request.url))
        await page.clock.install()
        await page.goto(served.url)
        await expect(page.locator("#aids")).to_be_visible()
        assert len(streams) == 1
        await page.clock.fast_forward(timedelta(hours=3).seconds * 1000)
        lead = office.stories[2].lead
        office.all_leads = [
            replace(one, name="Dana Whitfielt") if one.id == lead.id else one for one in office.all_leads
        ]
        await office.changed()
        await expect(page.locator("#lead-2")).to_contain_text("Dana Whitfielt")
        await expect(page.locator("#lost")).to_be_hidden()
        assert len(streams) == 2


async def test_what_is_typed_is_counted_aloud_only_when_it_becomes_another_text(browser):
    async with serve(app_of(a_days_work()), "127.0.0.1", 0) as served, tab(browser) as page:
        await page.goto(served.url + "leads/2")
        await page.evaluate(
            "window.said = []; new MutationObserver(() => said.push(1)).observe(document.getElementById('news'), {childList: true})"
        )
        await page.locator("#words").press_sequentially("Ann here, tomorrow at eight?")
        await expect(page.locator("#count")).to_have_text("1 text, 132 left")
        assert await page.evaluate("said.length") == 0
        assert await page.locator("#count").get_attribute("aria-live") == "off"
        await page.locator("#words").fill("x" * 161)
        await expect(page.locator("#news")).to_contain_text("2 texts")
