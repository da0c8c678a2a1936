"""A lead that has gone on for years: its page is as light as any, and all of it can be reached."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from long_lead import a_long_lead
from playwright.async_api import expect
from real import Box, a_box
from test_web_browser import tab
from test_web_desk import chromium
from test_web_weight import FIRST_LOAD_BYTES, LINKED

__all__ = ["chromium"]
TEXTS, NOTES, LINES = 330, 130, 230
TURN = r'<a id="{}"[^>]* href="(/leads/1[^"]*)"'


@pytest.fixture
async def box(tmp_path: Path):
    async with a_box(tmp_path) as made:
        a_long_lead(tmp_path / "box.sqlite3", TEXTS, NOTES, LINES)
        yield made


async def turned(box: Box, cookies: dict[str, str], link: str, words: str, path: str = "/leads/1") -> list[list[str]]:
    """What is seen of what matches `words`, page by page, as somebody follows a link as long as there is one."""
    seen = []
    while path:
        address, _, end = html.unescape(path).partition("#")
        page = await box.text(address, cookies)
        assert not end or f'id="{end}"' in page, path
        seen.append(re.findall(words, page))
        found = re.search(TURN.format(link), page)
        path = found[1] if found else ""
    return seen


def joined(parts: list[list[str]]) -> list[str]:
    """Parts that overlap by one entry, in the order in which they were seen, as one list."""
    whole = parts[0]
    for part in parts[1:]:
        assert part[-1] == whole[0]
        whole = part[:-1] + whole
    return whole


async def test_every_text_note_and_line_of_it_is_reached_by_plain_links_each_once(box: Box):
    cookies = await box.comes()
    talk = await turned(box, cookies, "talk-earlier", r"<bdi>text (\d+) ")
    assert len(talk[0]) == 100
    assert joined(talk) == [str(number) for number in range(TEXTS)]
    assert joined(await turned(box, cookies, "notes-earlier", r"<bdi>note (\d+) ")) == [str(n) for n in range(NOTES)]
    lines = await turned(box, cookies, "lines-earlier", r"<bdi>Line (\d+):")  # the newest stand first
    assert joined([part[::-1] for part in lines]) == [str(n) for n in range(LINES)]
    back = await turned(box, cookies, "talk-later", r"<bdi>text (\d+) ", "/leads/1?from=in-1")
    assert joined([part[::-1] for part in back])[::-1] == [str(number) for number in range(TEXTS)]


async def test_a_text_from_long_ago_is_found_and_the_search_leads_to_the_part_that_has_it(box: Box):
    cookies = await box.comes()
    for kind, number in (("text", 8), ("text", 11), ("note", 3)):
        page = await box.text(f"/search?q={kind}{number}end", cookies)
        path = html.unescape(re.search(r'class="there" href="([^"]+)"', page)[1])
        address, _, end = path.partition("#")
        there = await box.text(address, cookies)
        assert re.search(rf'id="{end}".*?<bdi>(\w+ \d+) ', there, re.DOTALL)[1] == f"{kind} {number}"
        assert 'id="talk-newest"' in there or 'id="notes-newest"' in there


@pytest.mark.browser
async def test_turned_in_a_browser_the_page_keeps_what_was_begun_and_the_place(box: Box, chromium):
    base = str(box.client.make_url("/"))
    async with tab(chromium, (390, 844)) as page:
        for name, value in (await box.comes()).items():
            await page.context.add_cookies([{"name": name, "value": value, "url": base}])
        await page.goto(base + "leads/1")
        await page.locator("#words").fill("half a text")
        await page.keyboard.press("Escape")
        first = await page.locator("#talk li").first.get_attribute("id")
        await page.keyboard.press("o")
        await expect(page.locator("#talk-newest")).to_be_visible()
        await expect(page.locator(f"#{first}")).to_be_focused()
        assert await page.locator("#talk .talk > li").last.get_attribute("id") == first
        await expect(page.locator("#words")).to_have_value("half a text")
        assert await page.locator("#news").text_content() == ""
        await page.go_back()
        await expect(page.locator("#talk-newest")).to_be_hidden()
        await page.locator("#talk-earlier").click()
        await expect(page.locator("#talk-newest")).to_be_visible()
        await page.locator("#send").click()  # what is written stands at the end
        await expect(page.locator("#talk .talk > li").last).to_contain_text("half a text")


@pytest.mark.parametrize(
    "address", ["?until=in-999999", "?at=out-0", "?from=call-1", "?until=in-x&note=y", "?note=0&line=0"]
)
async def test_an_address_that_names_nothing_shows_a_page_all_the_same(box: Box, address: str):
    page = await box.text(f"/leads/1{address}", await box.comes())
    assert '<h1 id="lead-h"' in page


@pytest.mark.parametrize("length", [0, 60, 1500])
async def test_the_first_load_of_any_lead_is_light(tmp_path: Path, length: int):
    async with a_box(tmp_path) as box:
        a_long_lead(tmp_path / "box.sqlite3", 400, 200, 200, length)
        cookies = await box.comes()
        size = 0
        for path in ("/leads/1", *LINKED.findall(await box.text("/leads/1", cookies))):
            headers = {"Accept-Encoding": "gzip, deflate"}
            async with box.client.session.get(
                box.client.make_url(path), cookies=cookies, headers=headers, auto_decompress=False
            ) as answer:
                size += len(await answer.read()) + sum(len(a) + len(b) + 4 for a, b in answer.raw_headers)
        assert size <= FIRST_LOAD_BYTES
