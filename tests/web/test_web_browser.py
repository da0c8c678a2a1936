"""The page in a real browser, at the widths of a small telephone, a telephone and a PC."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import CHROMIUM
from playwright.async_api import Browser, Page, async_playwright, expect
from sample import NOW, Office, StoppedClock, a_call, a_days_work, a_lead, a_text, app_of

from gateway.core.events import Health, HealthReport
from gateway.core.views.leads import Standing
from gateway.core.views.leadstory import Said
from web.app import serve

pytestmark = pytest.mark.browser

ARGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000  # on a machine with much else to do a page takes longer than Playwright's own 5 s
SIZES = [(320, 640), (390, 844), (1280, 800)]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield chromium
        await chromium.close()


@contextlib.asynccontextmanager
async def tab(browser: Browser, size=(1280, 800), **options) -> AsyncIterator[Page]:
    """A tab that fails the test when anything is written to its console."""
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    # A box that is off, a refusal, a session that has ended: Chromium logs each itself.
    expected = ("ERR_CONNECTION_REFUSED", "409 (Conflict)", "401 (Unauthorized)")
    assert [each for each in complaints if not any(word in each for word in expected)] == []


def the_worst_day() -> Office:
    """Long words and hostile ones, and everything red."""
    office = a_days_work()
    office.pause_reason = "Something" * 12
    office.reports = [
        HealthReport("modem", Health.DOWN, NOW, "w" * 300, "r" * 300, facts={"k" * 90: "v" * 90}),
        HealthReport("asterisk", Health.DEGRADED, NOW, "Slow."),
        HealthReport("an_unheard_of_component_with_a_name", Health.STARTING, NOW, "Starting."),
    ]
    nasty = "<script>console.log('owned')</script>\u202e" + "W" * 100
    office.all_calls.append(a_call(89, caller="9" * 70, caller_name=nasty, line=nasty, say=nasty))
    office.all_texts.append(a_text(9, body=nasty * 20, say="s" * 100))
    every = dict.fromkeys(("peer", "name", "issue", "service", "place", "timeline", "why", "next_step"), nasty)
    office.adds(a_lead(9, Standing.EMERGENCY, **every, answers=((nasty, nasty),), danger=True))
    return office


@pytest.mark.parametrize("size", SIZES)
async def test_no_size_scrolls_sideways(browser, size):
    days = (a_days_work(), Office(), the_worst_day())
    for office in days:
        async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser, size) as page:
            for path in (
                "",
                "?whose=mine",
                "calls",
                "calls?line=x",
                "search?q=e",
                *(f"leads/{lead}" for lead in office.stories),
                "help/",
                "help/outcomes",
                "help/modem",
            ):
                await page.goto(served.url + path)
                for details in await page.locator("details").all():
                    await details.evaluate("it => it.open = true")
                assert await page.evaluate("document.documentElement.scrollWidth") <= size[0], path


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_call_appears_without_reload_and_is_announced(browser, size):
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser, size) as page:
        await page.goto(served.url + "calls")
        await page.evaluate("window.neverReloaded = true")
        await expect(page.locator("#call-101")).to_have_count(0)
        office.all_calls.append(
            a_call(101, "waiting", "waiting 10 s", caller="+13035550177", started_at=NOW.replace(minute=31))
        )
        await office.changed()
        row = page.locator("#calls .list > li").first
        await expect(row).to_contain_text("(303) 555-0177")
        await expect(page.locator("#news")).to_have_text("New call: (303) 555-0177, Waiting 10 s on Main line")
        office.all_calls[-1] = replace(office.all_calls[-1], outcome="texted", say="texted in 11 s")
        await office.changed()
        await expect(row).to_contain_text("Texted in 11 s")
        assert await page.evaluate("window.neverReloaded")
        assert await page.locator("#calls .list > li").count() == len(office.all_calls)


async def test_an_update_keeps_focus_open_texts_and_place(browser):
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser, (390, 844)) as page:
        await page.goto(served.url + "calls")
        summary = page.locator("#call-99-out-1-s")
        await summary.focus()
        await page.keyboard.press("Enter")
        await page.locator("#call-99").evaluate("it => it.scrollIntoView({ block: 'start' })")
        place = await summary.evaluate("it => it.getBoundingClientRect().top")
        call = next(call for call in office.all_calls if call.id == 99)
        office.all_calls[office.all_calls.index(call)] = replace(call, caller_name="DANA WHITFIELT")
        office.all_calls.append(a_call(101, started_at=NOW))
        await office.changed()
        await expect(page.locator("#call-99")).to_contain_text("DANA WHITFIELT")
        await expect(page.locator("#call-101")).to_have_count(1)
        assert await page.evaluate("document.activeElement.id") == "call-99-out-1-s"
        assert await page.locator("#call-99-out-1").evaluate("it => it.open")
        assert abs(await summary.evaluate("it => it.getBoundingClientRect().top") - place) <= 2


async def test_done_takes_a_task_off_without_reload_and_keeps_the_keyboard_near(browser):
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser) as page:
        await page.goto(served.url)
        await expect(page).to_have_title("(4) Inbox - Miller Plumbing & Heating")
        await page.locator("#task-1-done").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#task-1")).to_have_count(0)
        await expect(page.locator("#said")).to_have_text("Done. It is off the list.")
        await expect(page).to_have_title("(3) Inbox - Miller Plumbing & Heating")
        assert (
            await page.evaluate("document.activeElement.id") == "lead-3-open"
        )  # of the row that has come up to its place
        assert office.done == [("close", 1, "Ann")]
        await page.get_by_role("button", name="It arrived").click()
        await expect(page.locator("#task-2")).to_have_count(0)
        await expect(page).to_have_title("(2) Inbox - Miller Plumbing & Heating")  # the leads


async def test_two_pages_see_the_same_and_a_late_click_is_told_so(browser):
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser, java_script_enabled=False) as old:
        await old.goto(served.url)
        async with tab(browser) as page:
            await page.goto(served.url)
            await page.locator("#task-1-done").click()
            await expect(page.locator("#task-1")).to_have_count(0)
        await old.locator("#task-1-done").click()
        await expect(old.locator("#sorry")).to_have_text("This is already off the list")
        assert office.done == [("close", 1, "Ann")]


async def test_pausing_and_resuming_show_at_once(browser):
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser, (320, 640)) as page:
        await page.goto(served.url)
        await page.get_by_role("button", name="Pause texting").click()
        await expect(page.get_by_role("heading", name="Texting is paused")).to_be_visible()
        await page.get_by_role("button", name="Resume texting").click()
        await expect(page.get_by_role("heading", name="Texting is paused")).to_have_count(0)


async def test_a_lost_box_is_said_and_the_page_recovers_with_working_buttons(browser):
    office = a_days_work()
    async with tab(browser) as page:
        async with serve(app_of(office), "127.0.0.1", 0) as served:
            await page.goto(served.url)
            await expect(page.locator("#lost")).to_be_hidden()
        await expect(page.locator("#lost")).to_be_visible()
        await expect(page.locator("#lost")).to_contain_text("Connection to the box lost, trying again")
        office.adds(a_lead(9, peer="+13035550177", name=""))
        async with serve(app_of(office), "127.0.0.1", served.port):
            await expect(page.locator("#lost")).to_be_hidden(timeout=15_000)
            await expect(page.locator("#lead-9")).to_contain_text("(303) 555-0177")
            await page.locator("#task-1-done").click()
            await expect(page.locator("#task-1")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
async def test_without_javascript_everything_is_there_and_works(browser, size):
    office = a_days_work()
    async with (
        serve(app_of(office), "127.0.0.1", 0) as served,
        tab(browser, size, java_script_enabled=False) as page,
    ):
        await page.goto(served.url + "calls")
        await expect(page.locator("#calls .list > li")).to_have_count(len(office.all_calls))
        await page.get_by_role("link", name="Answered", exact=True).click()
        await expect(page.locator("#calls .list > li")).to_have_count(2)
        menu = page.locator("#menu summary")
        if await menu.is_visible():
            await menu.click()
        await page.get_by_role("link", name="Search", exact=True).click()
        await page.locator("#q").fill("water heater")
        await page.get_by_role("button", name="Search").click()
        await expect(page.locator("mark").first).to_have_text("water")
        if await menu.is_visible():
            await menu.click()
        await page.get_by_role("link", name="Inbox", exact=True).click()
        await page.locator("#s-overdue").click()
        await expect(page.locator("#leads .list > li")).to_have_count(1)
        await page.locator("#s-all").click()
        await expect(page.get_by_role("link", name="Reload")).to_be_visible()
        await page.locator("#task-2-again").click()
        await expect(page.locator("#said")).to_have_text("The text is being sent again.")
        await expect(page.locator("#task-2")).to_have_count(0)
        assert office.done == [("again", 3, "Ann")]


async def test_hostile_words_run_nothing_and_stay_in_their_place(browser):
    async with serve(app_of(the_worst_day()), "127.0.0.1", 0) as served, tab(browser) as page:
        await page.goto(served.url + "calls")
        await expect(page.locator("#call-89")).to_contain_text("<script>console.log('owned')</script>")
        assert await page.locator("main script").count() == 0


async def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(browser):
    async with serve(app_of(a_days_work()), "127.0.0.1", 0) as served, tab(browser) as page:
        await page.goto(served.url)
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.textContent") == "Skip to the content"
        assert await page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.id") == "q"
        assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize("size", [(320, 640), (1280, 800)])
async def test_structure_and_targets_are_accessible(browser, size):
    async with serve(app_of(a_days_work()), "127.0.0.1", 0) as served, tab(browser, size) as page:
        for path in ("", "calls", "search?q=heat", "leads/1", "help/", "help/texts"):
            await page.goto(served.url + path)
            for landmark in ("banner", "navigation", "main", "contentinfo"):
                await expect(page.get_by_role(landmark)).to_have_count(1)
            levels = await page.eval_on_selector_all("main h1, main h2, main h3", "all => all.map(h => +h.tagName[1])")
            assert levels.count(1) == 1
            assert levels[0] == 1
            assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
            assert await page.locator("a:not([href]), button:not(:has-text('x')):empty").count() == 0
        for path in ("", "calls", "search?q=heat", "leads/1"):
            await page.goto(served.url + path)
            small = await page.eval_on_selector_all(
                "button, summary, a.button, a.peer, nav a",
                "all => all.filter(it => it.getClientRects().length && it.getBoundingClientRect().height < 24).map(it => it.outerHTML)",
            )
            assert small == []


async def test_dark_rooms_get_a_dark_page(browser):
    shades = []
    for scheme in ("light", "dark"):
        async with (
            serve(app_of(a_days_work()), "127.0.0.1", 0) as served,
            tab(browser, color_scheme=scheme) as page,
        ):
            await page.goto(served.url)
            colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
            shades.append(sum(map(int, re.findall(r"\d+", colour))))
    assert shades[0] > 600 > 150 > shades[1]


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_lead_appears_on_top_without_reload_and_is_announced(browser, size):
    office = Office()
    async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser, size) as page:
        await page.goto(served.url)
        await expect(page.locator("#leads")).to_contain_text("No leads yet.")
        office.adds(a_lead(1, Standing.TALKING, next_step="waits for an answer (place)"))
        await office.changed()
        await expect(page.locator("#news")).to_have_text(
            "New: Dana Whitfield, In conversation: Waits for an answer (place)"
        )
        office.adds(a_lead(2, Standing.EMERGENCY, peer="+13035550199", name=""))
        office.all_leads.reverse()
        await office.changed()
        await expect(page.locator("#leads .list > li").first).to_contain_text("(303) 555-0199")
        await expect(page).to_have_title("(1) Inbox - Miller Plumbing & Heating")
        await page.locator("#lead-2-open").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("(303) 555-0199")


@pytest.mark.parametrize("size", SIZES)
async def test_a_conversation_goes_on_under_the_hands_of_somebody_who_types(browser, size):
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser, size) as page:
        await page.goto(served.url + "leads/2")
        await page.locator("#words").focus()
        await page.keyboard.type("Ann he")
        story = office.stories[2]
        letter = a_text(
            205, "received", "received", direction="in", body="Are you there?", peer=story.lead.peer, at=NOW
        )
        office.stories[2] = replace(story, talk=(*story.talk, Said(letter)))
        await office.changed()
        await expect(page.locator("#talk .list > li").last).to_contain_text("Are you there?")
        await page.keyboard.type("re")
        await page.locator("#send").click()
        await expect(page.locator("#said")).to_contain_text("Your text is on its way.")
        await expect(page.locator("#talk .list > li").last).to_contain_text("Written by the office")
        await expect(page.locator("#words")).to_have_value("")
        assert office.done == [("write Ann here", 2, "Ann")]
        await page.get_by_role("button", name="Hand back to the box").click()
        await expect(page.get_by_role("button", name="Take over")).to_be_visible()
        await page.get_by_role("button", name="Done", exact=True).click()
        await expect(page.locator("#lead")).to_contain_text("Nothing is left to do.")


async def test_words_that_were_refused_stay_in_their_field(browser):
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as served, tab(browser) as page:
        await page.goto(served.url + "leads/2")
        await page.locator("#words").fill("this is too long")
        await page.locator("#send").click()
        await expect(page.locator("#sorry")).to_contain_text("too long")
        await expect(page.locator("#words")).to_have_value("this is too long")


async def test_what_is_being_typed_outlives_a_restart_of_the_box(browser):
    office = a_days_work()
    async with tab(browser) as page:
        async with serve(app_of(office), "127.0.0.1", 0) as served:
            await page.goto(served.url + "leads/2")
            await page.locator("#words").fill("Ann here")
        await expect(page.locator("#lost")).to_be_visible()
        async with serve(app_of(office), "127.0.0.1", served.port):
            await expect(page.locator("#lost")).to_be_hidden(timeout=15_000)
            await page.locator("#send").click()
            await expect(page.locator("#said")).to_contain_text("Your text is on its way.")
        assert office.done == [("write Ann here", 2, "Ann")]


@pytest.mark.parametrize("size", SIZES)
async def test_a_lead_without_javascript_is_read_and_answered(browser, size):
    office = a_days_work()
    async with (
        serve(app_of(office), "127.0.0.1", 0) as served,
        tab(browser, size, java_script_enabled=False) as page,
    ):
        await page.goto(served.url)
        await page.locator("#lead-2-open").click()
        await page.locator("#said-in-202-read-s").click()
        await expect(page.locator("#said-in-202-read")).to_contain_text("Water that runs")
        await page.locator("#words").fill("this is too long")
        await page.locator("#send").click()
        await expect(page.locator("#sorry")).to_contain_text("too long")
        await page.locator("#words").fill("Ann here")
        await page.locator("#send").click()
        await expect(page.locator("#said")).to_contain_text("Your text is on its way.")
        await page.locator("#press-done").click()
        await page.get_by_role("link", name="All leads").click()
        await expect(page.locator("#lead-2")).to_have_count(0)
        assert office.done == [("write Ann here", 2, "Ann"), ("finish", 2, "Ann")]


async def test_how_long_a_lead_has_waited_is_told_anew_every_minute(browser):
    office, clock = Office(), StoppedClock()
    office.adds(a_lead(2))
    async with serve(app_of(office, clock), "127.0.0.1", 0) as served, tab(browser) as page:
        await page.clock.install()
        await page.goto(served.url)
        await expect(page.locator("#lead-2")).to_contain_text("35 min")
        clock.time += timedelta(minutes=10)
        await page.clock.fast_forward(61_000)
        await expect(page.locator("#lead-2")).to_contain_text("45 min")
