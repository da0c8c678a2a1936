"""The page of a lead in real browsers, before a whole box: what people press is what becomes of the lead."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from conftest import CHROMIUM
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.async_api import Browser, Page, async_playwright, expect
from sample import ANN, Doorkeeper
from test_web_browser import ARGS, SIZES, tab

from gateway.commands.office import OfficeCommands
from gateway.core.alphabet import segment_count
from gateway.core.visitors import PageRole, Visitor
from gateway.health import HealthBoard
from gateway.queries.office import Queries
from tests.gateway.box import UNSURE, Box, living
from tests.gateway.test_leads import ASKING, READ
from web.app import make_app, serve

pytestmark = pytest.mark.browser
BOB = Visitor(7, "Bob", PageRole.OFFICE)
FURNACE = "Hi, my furnace is making a loud noise, can somebody look at it?"


class Desk:
    """A box with a page, and a lead on it."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.queries = Queries(box.store, box.dispatcher, HealthBoard())
        self.does = OfficeCommands(box.dispatcher, self.queries, box.clock)

    def app(self, who: Visitor = ANN):
        names = {"business": ASKING.name, "zone": ASKING.zone, "allowed_hosts": frozenset(), "version": "test"}
        return make_app(self.queries, self.does, Doorkeeper(who), self.box.clock, **names)

    async def lead(self, number: int = 1):
        story = await self.queries.lead(number, self.box.clock.now())
        return story.lead

    async def story(self, number: int = 1):
        return await self.queries.lead(number, self.box.clock.now())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with living(tmp_path / "box", ASKING, read=READ) as box:
        await box.misses()
        await box.wait(30)
        await box.hears(FURNACE)
        await box.wait(60)
        yield Desk(box)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        await browser.close()


@contextlib.asynccontextmanager
async def at_the_page(
    desk: Desk, chromium: Browser, who: Visitor = ANN, size=(1280, 800), **options
) -> AsyncIterator[Page]:
    async with serve(desk.app(who), "127.0.0.1", 0) as served, tab(chromium, size, **options) as page:
        await page.goto(served.url + "leads/1")
        yield page


async def test_two_people_at_once_one_has_the_lead_and_the_other_is_told_without_reload(desk, chromium):
    async with at_the_page(desk, chromium) as ann, at_the_page(desk, chromium, BOB) as bob:
        await ann.get_by_role("button", name="I take it").click()
        await expect(ann.locator("#lead")).to_contain_text("You have it")
        await expect(bob.locator("#lead")).to_contain_text("Ann has this lead")
        await expect(bob.locator("#news")).to_contain_text("Ann has this lead")
        # Bob has typed before he saw it: nothing goes out unasked.
        await bob.locator("#words").fill("Bob here")
        await bob.locator("#send").click()
        await expect(bob.locator("#sorry")).to_contain_text("Ann has this lead since 10:01 AM. Your text was not sent")
        await expect(bob.locator("#words")).to_have_value("Bob here")
        await bob.locator("#send").click()
        await expect(bob.locator("#said")).to_contain_text("on its way")
        await expect(ann.locator("#talk")).to_contain_text("Bob here")
        await bob.locator("#words").fill(
            "at three o'clock"
        )  # one after the other from an open page: his own text is no news
        await bob.locator("#send").click()
        await expect(ann.locator("#talk")).to_contain_text("at three")
        await expect(bob.locator("#sorry")).to_be_hidden()
        await bob.get_by_role("button", name="Take it from Ann").click()
        await expect(ann.locator("#lead")).to_contain_text("Bob has this lead")


@pytest.mark.parametrize("size", SIZES)
async def test_a_lead_is_called_put_off_booked_won_and_opened_again(desk, chromium, size):
    async with at_the_page(desk, chromium, size=size) as page:
        await page.get_by_role("button", name="No answer").click()
        await expect(page.locator("#lead")).to_contain_text("not reached Mon 10:01 AM")
        await page.locator("#later-s").click()
        await page.locator("#later-opening").click()
        await expect(page.locator("#lead")).to_contain_text("put off by Ann")
        await expect(page.locator("#later-opening")).to_be_hidden()
        await page.locator("#book-s").click()
        await page.locator("#day").fill("2026-03-05")
        await page.locator("#begins").fill("13:00")
        await page.locator("#who").fill("Hank")
        await page.get_by_role("button", name="Book it").click()
        await expect(page.locator("#lead")).to_contain_text(
            "Appointment: Mar 5, 1:00 PM until Mar 5, 3:00 PM, Hank. It is booked."
        )
        await page.locator("#end-s").click()
        await page.locator("input[value=won]").check()
        await page.get_by_label("Value in dollars").fill("$1,200.50")
        await page.get_by_role("button", name="Close it").click()
        await expect(page.locator("#lead")).to_contain_text("$1,200.50")
        lead = await desk.lead()
        assert (lead.outcome, lead.value_cents, lead.closed_by) == ("won", 120_050, "Ann")
        await page.get_by_role("button", name="Open it again").click()
        await expect(page.locator("#lead")).to_contain_text("You have it")


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
async def test_without_javascript_all_of_it_works(desk, chromium, size):
    desk.box.modem.answers.append(UNSURE)
    await desk.does.write(1, "Bob here", "Bob", "")
    await desk.box.wait(60)
    async with at_the_page(desk, chromium, size=size, java_script_enabled=False) as page:
        await page.get_by_role("button", name="It arrived").click()
        await expect(page.locator("#said")).to_have_text("Noted: the text arrived.")
        await page.get_by_role("button", name="Take it from Bob").click()
        await expect(page.locator("#lead")).to_contain_text("You have it")
        await page.locator("#note").fill("Dog in the yard")
        await page.get_by_role("button", name="Keep the note").click()
        await expect(page.locator("#jotted")).to_contain_text("Dog in the yard")
        await page.get_by_role("button", name="Strike out").click()
        await expect(page.locator("#jotted s")).to_have_text("Dog in the yard")
        await page.locator("#correct-s").click()
        await page.locator("#fact-name").fill("Marta Ruiz")
        await page.get_by_role("button", name="Put right", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Marta Ruiz")
        await page.locator("#later-s").click()
        await page.locator("#until").fill("2020-01-01T08:00")
        await page.get_by_role("button", name="Put off").click()
        await expect(page.locator("#sorry")).to_contain_text("This time has passed")
        await page.locator("#end-s").click()
        await page.locator("input[value=not_a_lead]").check()
        await page.get_by_role("button", name="Close it").click()
        await expect(page.locator("#lead")).to_contain_text("Nothing is left to do.")
        assert (await desk.lead()).outcome == "not_a_lead"


async def test_what_somebody_types_into_a_form_is_not_drawn_anew_and_still_the_claim_is(desk, chromium):
    async with at_the_page(desk, chromium) as page:
        await page.locator("#end-s").click()
        await page.get_by_label("Value in dollars").fill("450")
        await desk.does.leads.claim(1, "", "Bob")
        await expect(page.locator("#lead")).to_contain_text("Bob has this lead")
        await expect(page.get_by_label("Value in dollars")).to_have_value("450")
        await page.locator("input[value=lost]").check()
        await page.get_by_role("button", name="Close it").click()
        await expect(page.locator("#lead")).to_contain_text("$450")


async def test_a_text_that_was_read_wrongly_is_put_right_where_it_stands(desk, chromium):
    async with at_the_page(desk, chromium) as page:
        await page.locator("#talk summary", has_text="What the box understood").first.click()
        await page.locator("#talk summary", has_text="It should have been").first.click()
        form = page.locator("form[action$='/should']").first
        await form.get_by_label("Urgency").select_option("urgent")
        await form.get_by_role("button", name="This is how it should be read").click()
        await expect(page.locator("#talk")).to_contain_text("It should have been, says Ann:")
        assert (await desk.lead()).urgency == "urgent"
        assert await desk.box.rows("SELECT count(*) FROM corrections") == [(1,)]


async def test_single_keys_work_never_while_typing_and_can_be_switched_off(desk, chromium):
    async with at_the_page(desk, chromium) as page:
        await page.keyboard.press("t")
        await expect(page.locator("#lead")).to_contain_text("You have it")
        await page.keyboard.press("r")
        await page.keyboard.type("t x")
        await expect(page.locator("#words")).to_have_value("t x")
        await page.keyboard.press("Escape")
        await page.keyboard.press("b")
        await expect(page.locator("#day")).to_be_focused()
        await page.keyboard.press("Escape")
        await page.keyboard.press("?")
        await page.get_by_label("Single keys work in this browser").uncheck()
        await page.locator("#lead-h").focus()
        await page.keyboard.press("x")
        await page.keyboard.press("n")
        assert await page.evaluate("document.activeElement.id") == "lead-h"
        assert (await desk.lead()).tries == 0


async def test_a_text_that_is_written_often_is_put_into_the_field_with_the_names_in_it(desk, chromium):
    await desk.does.leads.correct(1, {"name": "Marta Ruiz"}, "Bob")
    async with at_the_page(desk, chromium) as page:
        await page.locator("#replies-s").click()
        await page.locator("#reply-not_reached").click()
        words = await page.locator("#words").input_value()
        assert words.startswith("Hi Marta, this is Ann from Miller Heating & Air. I just tried to call you.")
        await expect(page.locator("#count")).to_contain_text("1 text, ")
        await page.locator("#words").fill("x" * 161)
        await expect(page.locator("#count")).to_have_text("2 texts, 145 left")
        await page.locator("#words").fill("it’s fine")
        await expect(page.locator("#count")).to_have_text("1 text, 61 left, short because of ’")


async def test_the_counter_counts_as_the_box_does(desk, chromium):
    alphabet = st.sampled_from("ab é€{}[]~|\\^\n’ñ🙂Ωж\f")
    texts = []

    @settings(max_examples=150, database=None, derandomize=True)
    @given(st.text(alphabet, max_size=700))
    def gather(text: str) -> None:
        texts.append(text)

    gather()
    texts += (
        ["x" * n for n in (159, 160, 161, 306, 307)] + ["🙂" * n for n in (35, 36, 66, 67, 68)] + ["x" * 152 + "€€"]
    )
    async with at_the_page(desk, chromium) as page:
        counted = await page.evaluate(
            "async (texts) => { const { count } = await import('/static/segments.js');"
            " return texts.map((text) => count(text).parts); }",
            texts,
        )
    assert counted == [segment_count(text) for text in texts]


@pytest.mark.parametrize("size", SIZES)
async def test_with_every_fold_open_nothing_scrolls_sideways_and_every_field_has_a_name(desk, chromium, size):
    await desk.does.leads.note(1, "W" * 300, "Ann")
    await desk.does.leads.correct(1, {"name": "Marta " + "W" * 50}, "Bob")
    async with at_the_page(desk, chromium, size=size) as page:
        for fold in await page.locator("details").all():
            await fold.evaluate("it => it.open = true")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
        nameless = await page.eval_on_selector_all(
            "input:not([type=hidden]), select, textarea",
            "all => all.filter(it => !it.labels.length).map(it => it.outerHTML)",
        )
        assert nameless == []
        twice = await page.evaluate(
            "(() => { const ids = [...document.querySelectorAll('[id]')].map(it => it.id);"
            " return ids.filter((id, at) => ids.indexOf(id) !== at); })()"
        )
        assert twice == []
        small = await page.eval_on_selector_all(
            "main button, main summary, main a.button, main input, main select",
            "all => all.filter(it => it.getClientRects().length && it.type !== 'checkbox' && it.type !== 'radio'"
            " && it.type !== 'hidden' && it.getBoundingClientRect().height < 24).map(it => it.outerHTML)",
        )
        assert small == []
