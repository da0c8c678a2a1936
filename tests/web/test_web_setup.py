"""A new box, from an empty folder to a test call that is texted, in a real browser against the real gateway and a simulated modem."""

from __future__ import annotations

import asyncio
import contextlib
import html
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Error, Page, expect
from test_web_browser import browser, tab  # noqa: F401

from drivers.modem.settings import Timings
from drivers.simulator.modem import SimulatedModem
from gateway.commands import serialports
from gateway.core.views.setup import HOLDS, POINTS
from gateway.settings.edit.first import unconfigured
from gateway.supervisor import Gateway, running
from tests.gateway.test_setup import ANSWERS, LINE
from web.words import sentences

CELL, CUSTOMER = "+12165550190", "+12165550137"
DEVICE = "usb-HUAWEI_Mobile-if00-port0"


@dataclass
class NewBox:
    gateway: Gateway
    modem: SimulatedModem
    url: str


@pytest.fixture
async def new_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[NewBox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "serial").mkdir()
    monkeypatch.setattr(serialports, "SERIAL", tmp_path / "serial")
    settings = unconfigured(tmp_path / "gateway.yaml", f"127.0.0.1:{port}", str(tmp_path / "state"))
    async with (
        SimulatedModem("generic", link=tmp_path / "modem") as modem,
        running(Gateway(settings, modem_timings=Timings(drain_s=0.05))) as gateway,
    ):
        (tmp_path / "serial" / DEVICE).symlink_to(modem.path)
        modem.auto_report = 0.2
        yield NewBox(gateway, modem, f"http://127.0.0.1:{port}/")


async def goes_on(page: Page, title: str) -> None:
    await page.click("#go")
    await expect(page.locator("h1")).to_have_text(title)


async def reads_until(page: Page, words: str) -> None:
    """Wait for it as a person without JavaScript does: look again. The page moves meanwhile, to the name of the business."""
    for _ in range(60):
        with contextlib.suppress(Error):
            if words in await page.locator("main").inner_text(timeout=1_000):
                return
            await page.goto(page.url.partition("?")[0])
        await page.wait_for_timeout(250)
    raise AssertionError(f"{words!r} is not on the page")


async def answers_everything(page: Page, url: str) -> None:
    """From the first visit to the modem that works, as somebody does it who has read nothing."""
    await page.goto(url)
    for field, value in (("name", "Otto"), ("password", "boiler 77"), ("again", "boiler 77")):
        await page.fill(f"#{field}", value)
    await page.click("button.button-main")
    await expect(page.locator("h1")).to_have_text("Set-up")
    await page.click("#start")
    await page.fill("#name", "Acme Plumbing")
    await page.select_option("#trade", "plumbing")
    await page.fill("#area_code", "216")
    await goes_on(page, "Your phone line")
    await page.fill("#number", "12")
    await goes_on(page, "Your phone line")  # refused, with a reason, and what was typed is still there
    await expect(page.get_by_role("alert")).to_contain_text("'12' is not a telephone number")
    await expect(page.locator("#number")).to_have_value("12")
    await page.fill("#number", "(216) 555-0100")
    await page.fill("#sim", "(216) 555-0188")
    await goes_on(page, "Opening hours")
    await goes_on(page, "Where you work")
    await page.fill("#zips", "44102, 44107")
    await page.goto(url)  # somebody leaves and comes back
    await page.click("#start")
    await expect(page.locator("h1")).to_have_text("Where you work")
    await page.fill("#zips", "44102, 44107")
    await page.press("#zips", "Enter")  # saves, and fetches nothing
    await expect(page.locator("h1")).to_have_text("Who is told")
    await page.fill("#owner_name", "Mike")
    await page.fill("#owner_cell", "216 555 0190")
    await goes_on(page, "What you do")
    await page.get_by_label("Sump pump").uncheck()
    await goes_on(page, "The first texts")
    await expect(page.locator(".bubble").first).to_contain_text("Acme Plumbing")
    await goes_on(page, "The modem")
    await expect(page.get_by_label("HUAWEI Mobile")).to_be_checked()
    await goes_on(page, "The modem")  # which says whether it answers, before anybody calls the phone company
    await expect(page.locator("#said")).to_contain_text("wait here until it works")
    await reads_until(page, "The modem works.")
    await goes_on(page, "Forwarding")
    await expect(page.locator("main")).to_contain_text("**61*2165550188**20#")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("size", "script"), [((390, 844), True), ((1280, 800), False)], ids=["phone", "PC without JavaScript"]
)
async def test_from_an_empty_folder_to_a_test_call(browser: Browser, new_box: NewBox, size, script) -> None:  # noqa: F811
    box, gateway = new_box, new_box.gateway
    async with tab(browser, size, java_script_enabled=script, timezone_id="America/Chicago") as page:
        page.context.set_default_timeout(30_000)
        await answers_everything(page, box.url)
        assert gateway.settings.business.zone.key == ("America/Chicago" if script else "America/New_York")
        assert "sump_pump" not in gateway.settings.business.conversation.services
        assert gateway.queries.paused() == HOLDS
        await goes_on(page, "Other automatic texts")
        await goes_on(page, "A test text")

        async def shows(place: str, words: str) -> None:
            """Without JavaScript it is there after a reload."""
            for _ in range(60):
                if words in (await page.locator(place).inner_text()):
                    return
                await page.wait_for_timeout(250)
                if not script:
                    await page.goto(page.url.partition("?")[0])
            raise AssertionError(f"{words!r} is not in {place}")

        await page.click("#send")
        await shows("#sent", "elivered to the phone")
        await page.check("input[name=arrived][value=yes]")
        await goes_on(page, "Call your number")
        await page.click("#begin-go")
        await shows("#begin", "Call your number now")
        if script:
            await page.evaluate("window.neverReloaded = true")
        box.modem.ring(CELL, rings=2, period_s=0.5)
        await shows("#steps", "A call came in")
        await shows("#steps", "(216) 555-0190")
        box.modem.ring(CUSTOMER, rings=2, period_s=0.5)  # a customer, while texting is off
        await shows("#steps", "this is what a caller reads")
        assert await page.locator(".live-good").count() == 6
        if script:
            assert await page.evaluate("window.neverReloaded")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert [text.to for text in box.modem.sent_texts()] == [CELL, CELL]
        await page.check("input[name=arrived][value=yes]")
        await goes_on(page, "Go live")
        await page.click("#live-now")
        await expect(page.get_by_role("alert")).to_contain_text("10 points of the list are not answered yet")
        for point in await page.locator(".check input").all():
            await point.check()
        await page.click("#live-now")
        await expect(page.locator("main")).to_contain_text("Your box is live")
        assert gateway.queries.paused() == ""
        await page.goto(f"{box.url}setup/hours")  # the answers of then may not be the hours of today
        await expect(page).to_have_url(f"{box.url}settings/hours")
        today = await gateway.queries.today(gateway.clock.now())
        assert (today.missed, today.texted) == (1, 0)  # the customer's call alone
        assert await gateway.queries.leads(gateway.clock.now()) == []


async def test_the_set_up_is_the_owners(new_box: NewBox) -> None:
    async with aiohttp.ClientSession() as client:
        answer = await client.get(new_box.url + "setup", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (302, "/welcome")
    await new_box.gateway.logins.first("Otto", "boiler 77", "")
    await new_box.gateway.logins.add("Ann", "office", "kettle 88", "Otto")
    token = await new_box.gateway.logins.sign_in("Ann", "kettle 88", "127.0.0.1", "")
    async with aiohttp.ClientSession(cookies={"textback_session": token}) as client:
        assert (await client.get(new_box.url + "setup/people")).status == 403
        assert (await client.post(new_box.url + "setup/go-live/now")).status == 403
        assert re.search("Inbox|Today", await (await client.get(new_box.url)).text())


async def test_the_set_up_is_found_on_every_page_until_somebody_has_gone_live(new_box: NewBox) -> None:
    gateway = new_box.gateway
    otto = await gateway.logins.first("Otto", "boiler 77", "")
    await gateway.logins.add("Ann", "office", "kettle 88", "Otto")
    ann = await gateway.logins.sign_in("Ann", "kettle 88", "127.0.0.1", "")

    async def reads(token: str, path: str) -> str:
        async with aiohttp.ClientSession(cookies={"textback_session": token}) as client:
            return await (await client.get(new_box.url + path)).text()

    link, resume = '<a href="/setup"', 'action="/texting/resume"'
    assert link in await reads(otto, "calls")
    assert link not in await reads(ann, "calls")
    for step, answers in {**ANSWERS, "modem": {"port": str(new_box.modem.path)}}.items():
        await gateway.setup.answer(step, answers, "Otto")
    await gateway.setup.install("Otto")
    for path in ("", "calls", "health", "settings"):
        assert link in await reads(otto, path), path
    inbox = await reads(otto, "")
    assert "Go on with the set-up" in inbox
    assert resume not in inbox
    assert "/setup/go-live" in await reads(otto, "health")
    office = await reads(ann, "")
    assert resume not in office
    assert "/setup" not in office
    await gateway.setup.answer("go-live", dict.fromkeys(POINTS, "yes"), "Otto")
    await gateway.setup.go_live("Otto")
    assert link not in await reads(otto, "calls")


def words_of(page: str) -> list[str]:
    """What somebody reads on a page, piece by piece; texts to customers and what is pasted are English anyway."""
    page = re.sub(r"(?s)<head>.*?</head>|<pre.*?</pre>|<blockquote.*?</blockquote>|<code.*?</code>", "", page)
    return [" ".join(html.unescape(each).split()) for each in re.findall(r">([^</][^<]*)<", page) if each.strip()]


async def test_in_spanish_with_a_phone_system_no_step_is_left_in_english(new_box: NewBox) -> None:
    gateway = new_box.gateway
    token = await gateway.logins.first("Otto", "boiler 77", "")
    english: list[str] = []
    jar = aiohttp.CookieJar(unsafe=True)  # the box has an address and no name
    jar.update_cookies({"textback_session": token})
    async with aiohttp.ClientSession(headers={"Accept-Language": "es-MX"}, cookie_jar=jar) as client:

        async def reads(step: str) -> str:
            async with client.get(f"{new_box.url}setup{step}") as answer:
                page = await answer.text()
            english.extend(f"{step}: {each}" for each in words_of(page) if sentences.is_english(each))
            return page

        async def answers(step: str, status: int, **form: str) -> None:
            """Refusals come back into the form, in Spanish."""
            field = re.search(r'name="token" value="([^"]+)"', await reads(f"/{step.partition('/')[0]}"))
            async with client.post(f"{new_box.url}setup/{step}", data={"token": field[1], **form}) as answer:
                page = await answer.text()
                assert answer.status == status, (step, form)
            english.extend(f"{step} {form}: {each}" for each in words_of(page) if sentences.is_english(each))
            assert status != 409 or all(
                f'value="{value}"' in page for name, value in form.items() if name in ("miles", "name_1")
            )

        await reads("")
        await answers("business", 200, **ANSWERS["business"])
        await answers("line", 409, kind="asterisk", number="12")
        await answers("line", 200, **{**LINE, "kind": "asterisk"})
        await answers("asterisk/look", 200, host="127.0.0.1", port="9")
        await answers("asterisk", 200, host="127.0.0.1", port="9")
        await answers("hours", 200, **ANSWERS["hours"])
        await answers("area", 409, miles="20")
        await answers("area", 200, **ANSWERS["area"])
        await answers("people", 409, owner_cell="216 555 0190", name_1="Dana")
        await answers("people", 200, **ANSWERS["people"])
        await answers("services", 200, known="")
        await answers("texts", 200)
        await answers("modem", 200, port=str(new_box.modem.path))
        for _ in range(100):  # the page moves to the name of the business
            with contextlib.suppress(aiohttp.ClientError):
                if "127.0.0.1:9" in await reads("/test-call"):
                    break
            await asyncio.sleep(0.05)
        for step in ("modem", "forwarding", "others", "test-text", "test-call", "go-live", "services", ""):
            await reads(f"/{step}" if step else "")
        await answers("go-live/now", 409)
    assert english == []
