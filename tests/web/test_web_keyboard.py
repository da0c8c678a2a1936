"""The page by its keyboard alone: what has the focus is seen, stands in a sensible order, and is never lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import CHROMIUM
from playwright.async_api import Browser, Page, async_playwright, expect
from sample import ANN, OTTO
from states import STATES, Served, State, every_office
from test_web_browser import ARGS
from test_web_desk import at_the_page, chromium, desk

from tests.gateway.box import UNSURE

__all__ = ["chromium", "desk"]
pytestmark = pytest.mark.browser
STOPS = 250  # of Tab on one page; the longest has some 120
# A page of each kind, those with bars that stay, long forms and rows before others.
PAGES = (
    "",
    "leads/4",
    "calls",
    "settings/hours",
    "settings/texts",
    "setup/hours",
    "setup/go-live",
    "contacts/one",
    "history",
)
# What the keyboard stands at: whether it is seen, and whether something else lies above it.
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const within = (at, most) => Math.min(Math.max(at, 0), most - 1);
  const above = document.elementFromPoint(
    within(box.left + box.width / 2, innerWidth), within(box.top + box.height / 2, innerHeight));
  const part = (a, b) => a.contains(b) || b.contains(a);
  const wrong = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push("has no outline");
  if (!box.width || box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) wrong.push("is not in sight");
  else if (above && !part(one, above) && !part(one.closest("label") ?? one, above)) wrong.push("is covered");
  return {name: one.outerHTML.slice(0, 100), wrong, left: box.left, top: box.top + scrollY, bottom: box.bottom + scrollY};
}"""
# What a finger may miss (WCAG 2.2, 2.5.8); links within a sentence may be lower.
SMALL = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((one) => one.getClientRects().length && !one.matches(".skip"))
  .filter((one) => {
    const box = (one.matches("[type=checkbox], [type=radio]") && one.closest("label") || one).getBoundingClientRect();
    const words = [...one.parentElement.childNodes].filter((each) => each !== one).map((each) => each.textContent.trim()).join("");
    const inside = getComputedStyle(one).display === "inline" && words.length > 3;
    return !inside && (box.width < 24 || box.height < 24);
  })
  .map((one) => `is too small: ${one.outerHTML.slice(0, 100)}`)"""


@pytest.fixture
async def browser():
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield made
        await made.close()


async def test_every_stop_of_the_keyboard_is_seen_in_order_and_no_target_is_too_small(browser: Browser, tmp_path: Path):
    await walked(browser, tmp_path, 390, [State(path) for path in PAGES])


@pytest.mark.drill
@pytest.mark.parametrize("width", [390, 1280])
async def test_every_stop_of_the_keyboard_on_every_page(browser: Browser, tmp_path: Path, width: int):
    await walked(browser, tmp_path, width, [state for state in STATES if not state.press and state.who in (ANN, OTTO)])


async def walked(browser: Browser, folder: Path, width: int, states: Sequence[State]) -> None:
    wrong: list[str] = []
    context = await browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    async with every_office(folder) as served:
        for state in states:
            page = await context.new_page()
            wrong += [f"{state.name}: {each}" for each in await stops(page, state, served)]
            await page.close()
    await context.close()
    assert not wrong, "\n".join(wrong)


async def stops(page: Page, state: State, served: Served) -> list[str]:
    """What is wrong with one page, gone through by Tab from its beginning to its end."""
    await page.goto(await served.at(state))
    wrong, before = await page.evaluate(SMALL), None
    for _ in range(STOPS):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(STOP)
        if stop is None:
            return wrong
        wrong += [f"{each}: {stop['name']}" for each in stop["wrong"]]
        if before and stop["bottom"] < before["top"] - 30 and stop["left"] <= before["left"] + 200:
            wrong.append(f"comes after what stands below it: {stop['name']}")
        before = stop
    return [*wrong, "the keyboard does not come out again"]


async def focus(page: Page) -> str:
    """The id of what has the focus."""
    return await page.evaluate("document.activeElement.id || document.activeElement.tagName")


async def test_a_lead_is_worked_by_keys_alone_and_the_focus_is_never_lost(desk, chromium):
    desk.box.modem.answers.append(UNSURE)
    await desk.does.write(1, "Bob here", "Bob", "")
    await desk.box.wait(60)
    async with at_the_page(desk, chromium, forced_colors="active", reduced_motion="reduce") as page:
        press = page.keyboard.press
        await press("u")
        await page.wait_for_url("**/#leads")
        await press("j")
        assert await focus(page) == "task-2-peer"
        await press("j")
        assert await focus(page) == "lead-1-open"
        await press("Enter")
        await page.wait_for_url("**/leads/1")
        await press("t")
        await expect(page.locator("#lead")).to_contain_text("You have it")
        # Put off by a fold: it closes with what was pressed in it, and the focus stays at it.
        await press("l")
        assert await focus(page) == "later-1h"
        await press("Escape")
        assert await focus(page) == "later-s"
        await press("l")
        await press("Enter")
        await expect(page.locator("#lead")).to_contain_text("put off by Ann")
        assert await focus(page) == "later-s"
        await expect(page.locator("#later")).not_to_have_attribute("open", "")
        # Somebody else works at the same lead while a choice has the focus.
        await press("d")
        await page.keyboard.press("ArrowDown")
        chosen = await page.evaluate("document.activeElement.value")
        await desk.does.leads.note(1, "The dog bites.", "Bob")
        await desk.does.leads.claim(1, "Ann", "Bob")
        await expect(page.locator("#lead")).to_contain_text("Bob has this lead")
        assert await page.evaluate("document.activeElement.value") == chosen
        await press("Escape")
        assert await focus(page) == "end-s"
        # A button that is gone once it was pressed leaves the focus in its part of the page.
        await page.locator("[id^=arrived-]").focus()
        await press("Enter")
        await expect(page.locator("#said")).to_contain_text("Noted: the text arrived.")
        assert await page.evaluate("document.activeElement.closest('section')?.id") == "talk"
        # Notes and texts are written, and Escape leads out to where single keys count.
        await press("n")
        await page.keyboard.type("Ring twice")
        await press("Tab")
        await press("Enter")
        await expect(page.locator("#jotted")).to_contain_text("Ring twice")
        assert await focus(page) == "press-note"
        await press("r")
        await press("Escape")
        assert await focus(page) == "write-h"
        assert (await page.evaluate(STOP))["wrong"] == []
