"""The settings as people change them on the page: saved, refused at the field, and not for everybody."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sample import ANN, OTTO, ZONE, Doorkeeper, StoppedClock, a_days_work

from gateway.commands.settingsdesk import Desk
from gateway.core.sheets import Taken
from gateway.settings import Problem, Settings, load
from gateway.settings.edit.hidden import STARS
from tests.settings.test_sheets import MILLER, SHEETS, sheet
from web.app import make_app
from web.words import settingswords

NASTY = "<script>alert(1)</script>"


class Box:
    """A running box as far as the desk sees it."""

    def __init__(self, file: Path) -> None:
        self.settings: Settings = load(file)
        self.said: list[str] = []

    def objections(self, settings: Settings) -> list[Problem]:
        del settings
        return []

    async def take_in(self, settings: Settings, by: str, say: str) -> Taken:
        self.settings = settings
        self.said.append(f"{by}: {say}")
        return Taken((), "Saved and in use.")

    async def reload(self, by: str) -> Taken:
        return await self.take_in(load(self.settings.source), by, "by hand")


class Shop:
    """A browser on the settings of a box."""

    def __init__(self, file: Path, box: Box, client: TestClient, gate: Doorkeeper) -> None:
        self.file, self.box, self.client, self.gate = file, box, client, gate

    async def page(self, path: str = "", status: int = 200) -> str:
        answer = await self.client.get(f"/settings{path}", allow_redirects=False)
        assert answer.status == status
        return await answer.text()

    async def post(self, path: str, status: int = 303, page: str = "", **form: str) -> str:
        """Press a button of a page: with its token and the mark of its file."""
        drawn = await self.page(page or path)
        hidden = dict(re.findall(r'<input type="hidden" name="(token|mark)" value="([0-9a-f]*)"', drawn))
        answer = await self.client.post(
            f"/settings{path}",
            data={**hidden, **{k.replace("__", "."): v for k, v in form.items()}},
            allow_redirects=False,
        )
        assert answer.status == status, await answer.text()
        return answer.headers.get("Location", "") if status == 303 else unescape(await answer.text())


@pytest.fixture
async def shop(tmp_path: Path):
    file = tmp_path / "gateway.yaml"
    file.write_text(MILLER + f'remote:\n  pin: "8153"\nstate: {tmp_path / "state"}\n')
    file.chmod(0o600)
    box, office, gate = Box(file), a_days_work(), Doorkeeper(OTTO)
    app = make_app(
        office, office, gate, StoppedClock(), business="Miller", zone=ZONE, allowed_hosts=frozenset(), version="1",
        desk=Desk(box, StoppedClock()),
    )  # fmt: skip
    client = TestClient(TestServer(app))
    await client.start_server()
    yield Shop(file, box, client, gate)
    await client.close()


def as_office(shop: Shop) -> None:
    shop.gate.guest = ANN


async def test_every_sheet_is_listed_and_drawn_with_a_name_for_each_input(shop):
    home = await shop.page()
    for plan in SHEETS:
        assert f'href="/settings/{plan.key}"' in home
        page = await shop.page(f"/{plan.key}")
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), plan.key
        for name in re.findall(r'<(?:input|select|textarea) id="([^"]+)"', page):
            assert f'for="{name}"' in page, name
        assert "8153" not in page
        assert "change-me" not in page


async def test_a_sheet_that_is_saved_is_in_use_and_says_so(shop):
    to = await shop.post("/hours", hours__sat="", hours__sun="10:00-14:00")

    assert to == "/settings/hours?said=saved"
    assert "Saved, and in use." in await shop.page("/hours?said=saved")
    assert shop.box.said == ["Otto: Opening hours: Saturday, Sunday"]
    assert [len(windows) for windows in shop.box.settings.business.hours.weekly] == [1, 1, 1, 1, 1, 0, 1]


async def test_what_is_wrong_stands_at_its_field_with_what_was_typed(shop):
    page = await shop.post("/hours", status=409, hours__sat=f"8-5 {NASTY}")

    assert "Nothing was saved." in page
    assert shop.box.said == []
    raw = await shop.client.post("/settings/hours", data=await form_of(shop, "/hours", {"hours.sat": f"8-5 {NASTY}"}))
    assert NASTY not in await raw.text()
    assert "&lt;script&gt;" in await raw.text()
    assert re.search(r'<input id="f-hours.sat"[^>]* aria-invalid="true"', await raw.text())


async def form_of(shop: Shop, path: str, typed: dict[str, str]) -> dict[str, str]:
    drawn = await shop.page(path)
    return {**dict(re.findall(r'<input type="hidden" name="(token|mark)" value="([0-9a-f]*)"', drawn)), **typed}


async def test_a_second_person_with_an_old_page_is_told_and_overwrites_nothing(shop):
    old = await form_of(shop, "/hours", {"hours.sat": "10:00-12:00"})
    await shop.post("/hours", hours__sat="09:00-12:00")

    answer = await shop.client.post("/settings/hours", data=old, allow_redirects=False)

    assert answer.status == 409
    assert "This was changed by Otto while you had the page open" in await answer.text()
    assert '"09:00-12:00"' in shop.file.read_text()


async def test_the_office_looks_at_an_owners_sheet_and_changes_its_own(shop):
    as_office(shop)

    page = await shop.page("/authority")
    assert "Only an owner changes this." in page
    assert 'class="button button-main">Save' not in page
    assert "only an owner may change this" in (await shop.post("/authority", 409, authority__book="watch")).lower()
    assert await shop.post("/hours", hours__sat="09:00-12:00") == "/settings/hours?said=saved"
    for path in ("/file", "/versions"):
        await shop.page(path, 403)
    for path in ("/file", "/take-in", "/versions/000-0/restore"):
        answer = await shop.client.post(f"/settings{path}", data=await form_of(shop, "/hours", {}))
        assert answer.status == 403


async def test_nothing_is_changed_without_a_token_or_from_another_site(shop):
    form = await form_of(shop, "/hours", {"hours.sat": "10:00-12:00"})

    assert (await shop.client.post("/settings/hours", data={**form, "token": "0" * 64})).status == 403
    assert (
        await shop.client.post("/settings/hours", data=form, headers={"Origin": "http://evil.example"})
    ).status == 403
    assert shop.box.said == []


async def test_a_text_is_judged_while_it_is_typed(shop):
    typed = {"path": "templates.open", "text": f"Hi {NASTY} 😀"}
    answer = await shop.client.post("/settings/preview", data=await form_of(shop, "/texts", typed))
    page = unescape(await answer.text())

    assert "70 instead of 160" in page
    assert '<span class="wrong">' in page
    raw = await shop.client.post(
        "/settings/preview", data=await form_of(shop, "/texts", {"path": "templates.open", "text": NASTY})
    )
    assert NASTY not in await raw.text()
    assert shop.box.said == []


async def test_the_whole_file_is_edited_with_stars_for_its_secrets(shop):
    page = unescape(await shop.page("/file"))
    assert page.count(STARS) == 2
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]

    line = text[: text.index("settle: 15 s")].count("\n") + 1
    refused = await shop.post("/file", 409, text=text.replace("settle: 15 s", "settle: soon"))
    assert f"Line {line}: texting.settle" in refused
    assert "settle: soon" in refused
    assert await shop.post("/file", text=text.replace("settle: 15 s", "settle: 12 s")) == "/settings/file?said=saved"
    assert "settle: 12 s" in shop.file.read_text()
    assert 'pin: "8153"' in shop.file.read_text()


async def test_a_file_as_large_as_the_example_fits_into_a_form(shop):
    text = unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", await shop.page("/file"), re.DOTALL)[1])

    assert await shop.post("/file", text=text + "# more\n" * 20_000) == "/settings/file?said=saved"
    answer = await shop.client.post("/settings/file", data=await form_of(shop, "/file", {"text": "x" * 600_000}))
    assert answer.status == 413


async def test_an_earlier_version_is_looked_at_and_put_back(shop):
    before = shop.file.read_text()
    await shop.post("/hours", hours__sat="")
    key = re.search(r'/settings/versions/([0-9a-f-]+)"', await shop.page("/versions"))[1]

    page = await shop.page(f"/versions/{key}")
    assert "Opening hours: Saturday" in page
    assert "8153" not in page
    assert await shop.post(f"/versions/{key}/restore", page=f"/versions/{key}") == "/settings?said=back"
    assert shop.file.read_text() == before
    await shop.page("/versions/0000-1", 404)


async def test_a_file_that_was_changed_by_hand_is_said_and_taken_in(shop):
    shop.file.write_text(shop.file.read_text().replace("settle: 15 s", "settle: soon"))
    page = await shop.page()
    assert "The file was changed by hand and is not in use" in page
    assert "texting.settle" in page
    assert "changed by hand" in await shop.post("/hours", 409, hours__sat="")
    shop.file.write_text(shop.file.read_text().replace("settle: soon", "settle: 11 s"))

    assert 'action="/settings/take-in"' in await shop.page()
    assert await shop.post("/take-in", page="/hours") == "/settings?said=saved"
    assert shop.box.settings.business.policy.settle_s == 11


async def test_an_unknown_sheet_is_not_there(shop):
    await shop.page("/nothing", 404)


def test_titles_labels_and_choices_can_be_translated():
    marked = {*settingswords.SHEETS, *settingswords.LABELS, *settingswords.CHOICES}
    said = {words for plan in SHEETS for words in (plan.title, plan.help)}
    for plan in SHEETS:
        for field in every(sheet(plan.key).fields):
            said.add(field.label)
            if field.kind in ("choice", "switch"):
                said.update(settingswords.choice(word) for word in field.choices)

    assert said - marked == set()


def every(fields):
    for field in fields:
        yield field
        yield from every(field.fields)
        for row in field.rows:
            yield from every(row.fields)
