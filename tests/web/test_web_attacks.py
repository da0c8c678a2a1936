"""Attacks on the page of a real box, each tried and refused. Whatever a stranger can write is hostile."""

from __future__ import annotations

import asyncio
import contextlib
import html
import logging
import re
from datetime import timedelta

import pytest
from real import ANN, OLGA, a_box

from gateway.access import passwords
from gateway.core.events import CallEnded, CallReason, CallSource, SegmentReceived, TextClaimed
from tests.waiting import until
from web.access import Access, Routes
from web.app import serve
from web.guard import COOKIE, SESSION

CALLER = "+13035550137"
SCRIPT = "<script>console.log('owned')</script>"
HOSTILE = [
    SCRIPT,
    "\"><img src=x onerror=console.log('owned')>",
    "'-console.log('owned')-'",
    "{{ 7 * 191 }}{% raw %}",
    "</textarea></title><svg onload=console.log('owned')>",
    "javascript:console.log('owned')",
]


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.fixture
async def box(tmp_path):
    async with a_box(tmp_path) as found:
        yield found


def routes_of(app) -> Routes:
    for middleware in app.middlewares:
        for cell in getattr(middleware, "__closure__", None) or ():
            if isinstance(cell.cell_contents, Routes):
                return cell.cell_contents
    raise AssertionError("no gate")


def pages(box) -> list[str]:
    """Every address that is read, with ids filled in."""
    found = []
    for route in routes_of(box.client.app).all():
        if route.method == "GET" and route.resource.canonical != "/events":
            path = re.sub(r":[^}]+}", "}", route.resource.canonical)
            found.append(re.sub(r"{id}", "1", path.replace("{name}", "page.css").replace("{slug}", "texts")))
    return found


async def a_hostile_day(box) -> None:
    """Hostile words by every way that a stranger, or somebody of the office, has."""
    now = box.clock.now()
    for n, words in enumerate(HOSTILE):
        caller = f"+130355501{40 + n}"
        await box.dispatcher.submit(
            CallEnded(
                key=f"1.{n}",
                source=CallSource.AMI,
                at=now,
                caller=caller,
                did="+12165550100",
                missed=True,
                reason=CallReason.NO_ANSWER,
                ring_s=20.0,
                caller_name=words,
            )
        )
        await box.dispatcher.submit(SegmentReceived(f"pdu{n}", now, caller, f"water heater leaks {words}", scts=now))
        await box.commands.contacts.put(caller, words, ["customer"], [], "Ann")
    box.clock.moment += timedelta(minutes=2)
    await box.dispatcher.submit(TextClaimed(box.clock.now(), able=True))
    for lead in await box.queries.leads(now):
        for words in HOSTILE:
            await box.commands.leads.note(lead.id, words, "Ann")
    await box.logins.add(HOSTILE[0].replace(":", ""), "office", "gasket 99", "Olga")
    await box.logins.sign_in(*ANN, "127.0.0.1", f"{SCRIPT} Firefox")


async def test_no_word_of_a_stranger_becomes_markup_on_any_page(box):
    await a_hostile_day(box)
    assert await box.queries.leads(box.clock.now()), "the hostile texts have become leads"
    olga, shown = await box.comes(), 0
    for path in [*pages(box), "/contacts?q=script", "/contacts/one?number=%2B13035550140", f"/contacts?q={SCRIPT}"]:
        answer = await box.client.get(path, cookies=olga)
        assert answer.status < 500, path
        if "html" not in answer.content_type:
            continue
        text = await answer.text()
        for words in HOSTILE[:3] + HOSTILE[4:5]:
            assert words not in text, (path, words)
        assert "1337" not in re.sub(r"[0-9a-f]{12,}", "", text), path
        assert not re.search(r'(?:href|src|action)="\s*javascript:', text, re.IGNORECASE), path
        assert not re.search(r"<[^>]+\son[a-z]+=", text), path
        shown += html.escape(SCRIPT).replace("&#x27;", "&#39;") in text
    assert shown >= 2, "they are shown, as words"


@pytest.mark.browser
async def test_no_word_of_a_stranger_runs_in_a_real_browser(box):
    from conftest import CHROMIUM
    from playwright.async_api import async_playwright

    await a_hostile_day(box)
    olga = await box.comes()
    home = str(box.client.make_url("/")).rstrip("/")
    said: list[str] = []
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--headless", "--disable-gpu"]
        )
        context = await chromium.new_context()
        await context.add_cookies([{"name": SESSION, "value": olga[SESSION], "url": home}])
        page = await context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        for path in ("/", "/contacts", "/contacts/one?number=%2B13035550140", "/people", "/history", "/leads/1"):
            await page.goto(home + path)
            for details in await page.locator("details").all():
                await details.evaluate("it => it.open = true")
        # Signed out in another tab, then back: nothing of what was shown comes out of the cache.
        await page.goto(home + "/contacts")
        await page.goto(home + "/me")
        await page.locator("main form[action='/sign-out'] button").click()
        await page.wait_for_url("**/sign-in")
        await page.go_back()
        await page.go_back()
        await page.wait_for_url("**/sign-in**")
        assert "555-01" not in await page.content()
        await chromium.close()
    assert [each for each in said if "owned" in each or "Content Security" in each] == []


async def test_every_change_needs_our_forms_token_and_the_right_role(box):
    ann, olga = await box.comes(ANN), await box.comes()
    before = (await box.history(), [row.name for row in await box.logins.rows()])
    for route, access in routes_of(box.client.app).all().items():
        if route.method != "POST" or route.resource.canonical.startswith("/sign"):
            continue
        path = re.sub(r"{id[^}]*}", "1", re.sub(r":[^}]+}", "}", route.resource.canonical))
        path = re.sub(r"{[^}]+}", "x", path)
        answer = await box.client.post(path, data={"token": "0" * 64}, cookies=olga, allow_redirects=False)
        assert answer.status in (403, 404, 415), (path, answer.status)
        answer = await box.client.post(path, cookies=ann, headers={"Origin": "http://evil.example"})
        assert answer.status in (403, 404, 415), (path, answer.status)
        if access is Access.OWNER:
            answer = await box.press("/me", path, ann)
            assert answer.status == 403, path
        answer = await box.client.post(path, data={"token": "0" * 64}, allow_redirects=False)
        assert answer.status in (401, 403, 404), (path, answer.status)
    assert (await box.history(), [row.name for row in await box.logins.rows()]) == before


async def test_a_planted_cookie_is_nobodys_session_and_an_old_one_ends_with_signing_in_anew(box):
    planted = {SESSION: "A" * 43}
    page = await box.text("/sign-in", planted)
    visitor = (await box.client.get("/sign-in")).cookies
    assert 'name="token"' in page
    old = await box.comes(ANN)
    jar = {**old, **({COOKIE: visitor[COOKIE].value} if COOKIE in visitor else {})}
    page = await box.client.get("/me", cookies=jar)
    token = re.search(r'name="token" value="([0-9a-f]{64})"', await page.text())[1]
    form = {"token": token, "name": OLGA[0], "password": OLGA[1]}
    answer = await box.client.post("/sign-in", data=form, cookies=jar, allow_redirects=False)
    assert answer.status == 303
    assert answer.cookies[SESSION].value not in ("A" * 43, old[SESSION])
    assert (await box.client.get("/", cookies=old, allow_redirects=False)).status == 302, "the one before is over"
    assert (await box.client.get("/", cookies=planted, allow_redirects=False)).status == 302


async def test_a_stolen_cookie_is_worth_nothing_after_signing_out(box):
    stolen = await box.comes()
    assert (await box.press("/me", "/sign-out", stolen)).status == 303
    for path in ("/", "/people", "/contacts/export.csv", "/events", "/fragment/today"):
        answer = await box.client.get(path, cookies=stolen, allow_redirects=False)
        assert answer.status in (302, 401), path


async def test_guessing_is_stopped_over_the_wire_and_a_guess_is_nowhere_written_down(box, caplog):
    caplog.set_level(logging.DEBUG)
    page = await (await box.client.get("/sign-in")).text()
    token = re.search(r'name="token" value="([0-9a-f]{64})"', page)[1]
    told = []
    for n in range(14):
        form = {"token": token, "name": "Olga", "password": f"the-guess-{n}"}
        answer = await box.client.post("/sign-in", data=form, headers={"X-Forwarded-For": f"10.0.0.{n}"})
        told.append(answer.status)
        assert "the-guess" not in await answer.text()
    assert told == [401] * 10 + [429] * 4, "a header that anybody can write does not make another visitor"
    assert "the-guess" not in caplog.text
    assert not any("the-guess" in line for line in await box.history())


async def test_private_pages_and_downloads_are_kept_by_no_cache(box):
    olga = await box.comes()
    for path in pages(box):
        answer = await box.client.get(path, cookies=olga, allow_redirects=False)
        kept = answer.headers["Cache-Control"]
        assert kept == "no-store" or path.startswith(("/static", "/favicon")), path


async def test_nothing_secret_is_on_a_page_in_an_export_or_in_the_log(box, caplog):
    caplog.set_level(logging.DEBUG)
    await a_hostile_day(box)
    olga = await box.comes()
    secrets = [OLGA[1], ANN[1], "gasket 99", olga[SESSION]]
    secrets += await box.store.read(
        lambda db: [r[0] for r in db.execute("SELECT secret FROM logins UNION SELECT token FROM sessions").fetchall()]
    )
    left = [caplog.text]
    for path in pages(box):
        answer = await box.client.get(path, cookies=olga, allow_redirects=False)
        left += [await answer.text() if "octet" not in answer.content_type else "", str(answer.headers)]
    for secret in secrets:
        assert not any(secret in each for each in left)


async def raw(port: int, *pieces: bytes, within_s: float = 10.0) -> bytes:
    """What a socket answers to bytes that no browser sends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        answer = await asyncio.wait_for(reader.read(), within_s)
    writer.close()
    return answer


HEAD = b"Host: localhost\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST /sign-in HTTP/1.1\r\n" + HEAD + b"Content-Length: +5\r\n\r\nabcde",
        b"POST /sign-in HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: xchunked\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\n" + HEAD + b"\r\n",
    ],
)
async def test_a_request_that_two_readers_could_read_differently_is_refused(box, request_):
    port = box.client.port
    answer = await raw(port, request_)
    assert not re.search(rb"^HTTP/1\.[01] [23]", answer), answer[:80]
    assert answer.count(b"HTTP/1.") <= 1, "one request, one answer"
    assert b"Traceback" not in answer
    assert (await box.client.get("/healthz")).status == 200


@pytest.mark.parametrize("value", ["x%0d%0aSet-Cookie:a=b", "/%0d%0aSet-Cookie:%20a=b", "/a%0aLocation:%20http://evil"])
async def test_no_header_is_written_by_a_visitor(box, value):
    page = await box.client.get(f"/sign-in?next={value}")
    token = re.search(r'name="token" value="([0-9a-f]{64})"', await page.text())[1]
    form = {
        "token": token,
        "name": OLGA[0],
        "password": OLGA[1],
        "next": value.replace("%0d", "\r").replace("%0a", "\n"),
    }
    answer = await box.client.post("/sign-in", data=form, allow_redirects=False)
    assert answer.headers["Location"] == "/"
    assert {cookie.key for cookie in answer.cookies.values()} <= {SESSION, COOKIE, "textback_known"}


async def test_slow_visitors_and_many_connections_do_not_keep_others_out(box):
    async with contextlib.AsyncExitStack() as stack, serve_again(box) as served:
        crowd = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(60)]
        stack.callback(lambda: [writer.close() for _reader, writer in crowd])
        for _reader, writer in crowd[:20]:
            writer.write(b"GET / HTTP/1.1\r\nHost: loc")
        answer = await raw(served.port, b"GET /healthz HTTP/1.1\r\n" + HEAD + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 200")
        for reader, _writer in crowd:
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 10) == b""


async def test_a_crowd_that_asks_politely_and_stays_leaves_room_for_who_is_signed_in(box):
    """Each of them costs an open file, of which modem, phone system and records want some."""
    cookie = "; ".join(f"{name}={value}" for name, value in (await box.comes()).items())
    ask = f"GET /healthz HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
    gone = 0

    async def stays() -> None:
        nonlocal gone
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        try:
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with contextlib.suppress(ConnectionError):
                while await reader.read(4096):
                    pass
            gone += 1
        finally:
            writer.close()

    async with serve_again(box) as served:
        own, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(ask)
        assert (await own.readline()).startswith(b"HTTP/1.1 200")
        async with asyncio.TaskGroup() as group:
            crowd = [group.create_task(stays()) for _ in range(120)]
            await until(lambda: gone >= 120 - 49)
            writer.write(ask)
            await asyncio.wait_for(own.readuntil(b"HTTP/1.1 200"), 10)
            for one in crowd:
                one.cancel()
        writer.close()


@contextlib.asynccontextmanager
async def serve_again(box):
    """The same page on a socket of its own, which has little patience."""
    from sample import ZONE

    from web.app import make_app

    app = make_app(
        box.queries,
        box.commands,
        box.logins,
        box.clock,
        business="Miller",
        zone=ZONE,
        allowed_hosts=frozenset(),
        version="0.1.0",
    )
    async with serve(app, "127.0.0.1", 0, head_within_s=0.5, connections=50) as served:
        yield served


async def test_a_session_that_is_too_old_is_over_also_when_its_cookie_is_not(box):
    old = await box.comes()
    box.clock.moment += timedelta(days=31)
    assert (await box.client.get("/", cookies=old, allow_redirects=False)).status == 302
