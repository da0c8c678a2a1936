"""What a browser gets before the inbox stands: little, compressed, kept, complete in its head, and nothing from elsewhere."""

from __future__ import annotations

import re

import aiohttp
from sample import Office, a_days_work, a_lead, app_of

from gateway.core.views.leads import Standing
from web.app import serve

FIRST_LOAD_BYTES = 150 * 1024  # of the issue of the page: a telephone on a poor Wi-Fi
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
IMPORTED = re.compile(rb'(?:import|from) "\./([a-z]+\.js)"')
HEAD = (
    r"^<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
    r'<meta name="viewport" content="width=device-width, initial-scale=1">',
    r"<title>[^<]{3,} - [^<]+</title>",
    r'<meta name="color-scheme" content="light dark">',
)


def a_busy_day() -> Office:
    office = a_days_work()
    office.adds(*(a_lead(number, Standing.WAITING, issue="Water everywhere! " * 12) for number in range(20, 60)))
    return office


async def test_the_first_load_of_a_full_inbox_is_light_and_brings_its_data_along():
    async with (
        serve(app_of(a_busy_day()), "127.0.0.1", 0) as served,
        aiohttp.ClientSession(served.url, auto_decompress=False) as raw,
        aiohttp.ClientSession(served.url) as browser,
    ):
        async with browser.get("/") as answer:
            page = await answer.text()
        assert page.count('class="row lead') == 40  # in the page itself, not fetched afterwards
        wanted = ["/", *LINKED.findall(page)]
        size = 0
        while wanted:
            path = wanted.pop()
            async with raw.get(path, headers={"Accept-Encoding": "gzip, deflate"}) as answer:
                size += len(await answer.read()) + sum(len(a) + len(b) + 4 for a, b in answer.raw_headers)
                assert answer.headers.get("Content-Encoding") in ("deflate", "gzip"), path
                if "?v=" in path:
                    assert "immutable" in answer.headers["Cache-Control"], path
            async with browser.get(path) as answer:
                wanted += [f"/static/{name.decode()}" for name in IMPORTED.findall(await answer.read()) if path != "/"]
        assert size <= FIRST_LOAD_BYTES / 3  # far below, so that it may grow


async def test_the_head_is_complete_and_nothing_comes_from_elsewhere():
    async with serve(app_of(a_days_work()), "127.0.0.1", 0) as served, aiohttp.ClientSession(served.url) as browser:
        for path in ("/", "/leads/1", "/calls", "/search", "/health", "/contacts", "/me", "/help/", "/nothing"):
            async with browser.get(path) as answer:
                page = await answer.text()
                assert answer.content_type == "text/html"
            for part in HEAD:
                assert re.search(part, page), (path, part)
            assert len(re.findall(r"<h1\b", page)) == 1, path
            assert not re.search(r'(?:src|srcset|href|action)="(?:https?:)?//', page), path
            assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\bstyle=|<(?:img|iframe|object|embed)\b", page), (
                path
            )
