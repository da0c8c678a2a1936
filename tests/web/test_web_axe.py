"""Every page in every state, looked at by axe-core and by Chromium's own inspector; and that the look can fail.

The ordinary run sees each state once, in one of the eight combinations of language, colours and width, in turn; `-m drill` sees all.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from axe import violations
from conftest import CHROMIUM
from playwright.async_api import Browser, Page, async_playwright
from states import STATES, Served, State, every_office
from test_web_browser import ARGS

pytestmark = pytest.mark.browser
COMBINATIONS = list(itertools.product(("en", "es"), ("light", "dark"), (1280, 390)))
NARROW = 60 * 16  # below that the places stand in a menu
REFUSED = "the server responded with a status of"  # Chromium writes it itself for 401, 404, 409 ...
BROKEN = """<!doctype html><html><head><title></title></head><body><p style="color: #bbb; background: #fff">Hard to read</p>
<input><img src="data:,"><button></button><ul><p>No list</p></ul><div tabindex="5">First</div></body></html>"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield chromium
        await chromium.close()


async def test_a_broken_page_is_found_to_be_broken(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content(BROKEN)
    found = {each.split(":")[0] for each in await violations(page)}
    assert found >= {
        "document-title",
        "html-has-lang",
        "color-contrast",
        "label",
        "image-alt",
        "button-name",
        "list",
        "tabindex",
    }


@pytest.mark.parametrize("part", range(8))
async def test_no_state_breaks_a_rule(browser: Browser, tmp_path: Path, part: int) -> None:
    language, scheme, width = COMBINATIONS[part]
    await looked_through(browser, tmp_path, language, scheme, width, lambda index, _state: index % 8 == part)


@pytest.mark.drill
@pytest.mark.parametrize(("language", "scheme", "width"), COMBINATIONS)
async def test_no_state_breaks_a_rule_in_any_combination(browser, tmp_path, language, scheme, width) -> None:
    await looked_through(browser, tmp_path, language, scheme, width, lambda _index, _state: True)


async def looked_through(
    browser: Browser, folder: Path, language: str, scheme: str, width: int, wanted: Callable[[int, State], bool]
) -> None:
    wrong: list[str] = []
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale=language, reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    async with every_office(folder) as served:
        for index, state in enumerate(STATES):
            if wanted(index, state) and not (state.press == ("#menu summary",) and width > NARROW):
                wrong += [f"{state.name}: {each}" for each in await looked_at(await context.new_page(), state, served)]
    await context.close()
    assert not wrong, "\n".join(wrong)


async def looked_at(page: Page, state: State, served: Served) -> list[str]:
    """What is wrong with one state. The page is closed afterwards."""
    wrong: list[str] = []
    inspector = await page.context.new_cdp_session(page)
    inspector.on(
        "Audits.issueAdded",
        lambda event: wrong.append(f"inspector: {event['issue']['code']} {event['issue']['details']}"),
    )
    await inspector.send("Audits.enable")
    page.on("console", lambda message: REFUSED in message.text or wrong.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    address = await served.at(state)
    home = address[: len(address) - len(state.path)]
    page.on(
        "request", lambda request: request.url.startswith(home) or wrong.append(f"a foreign request: {request.url}")
    )
    await page.goto(address)
    await page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
    for selector, words in state.fill:
        await page.locator(selector).fill(words)
    for selector in state.press:
        await page.locator(selector).first.click()
    if state.shows:
        await page.locator(state.shows).first.wait_for()
    await page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
    wrong += await violations(page)
    wrong += await page.evaluate(
        """() => {
            const wrong = [];
            const says = (ok, words) => ok || wrong.push(words);
            says(document.compatMode === "CSS1Compat", "quirks mode");
            says(document.characterSet === "UTF-8", "character set");
            says(/^.{3,} - .+/.test(document.title), `title ${document.title}`);
            says([...document.images].every((one) => one.width && one.height), "an image without a size");
            says(document.documentElement.scrollWidth <= innerWidth, "scrolls sideways");
            return wrong;
        }"""
    )
    # 1.4.4 and 1.4.10: letters of twice the size on a PC, and a PC's page at 400 %, which is 320 CSS pixels wide.
    wide = "document.documentElement.scrollWidth - innerWidth"
    if page.viewport_size and page.viewport_size["width"] > NARROW:
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        if (over := await page.evaluate(wide)) > 0:
            wrong.append(f"{over} px too wide with letters of twice the size")
        await page.evaluate("document.documentElement.style.fontSize = ''")
    await page.set_viewport_size({"width": 320, "height": 640})
    if (over := await page.evaluate(wide)) > 0:
        wrong.append(f"{over} px too wide at 320 px")
    await page.close()
    return wrong
