"""The check of everything on the page: the worst first with what to do, without JavaScript, in both languages, for the office too."""

from __future__ import annotations

import re
from html import unescape

from aiohttp.test_utils import TestClient, TestServer
from sample import ANN, Doorkeeper, a_days_work, app_of
from sample_checkup import SampleDoctor


async def words(client, path="/health/check", **options) -> str:
    answer = await client.get(path, **options)
    assert answer.status == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", await answer.text())))


async def press(client, path, **form):
    page = await (await client.get("/health/check")).text()
    token = re.search(r'name="token" value="([0-9a-f]{64})"', page)[1]
    return await client.post(path, data={"token": token, **form}, allow_redirects=False)


async def test_the_worst_comes_first_each_with_what_to_do(browse, office):
    page = await words(await browse(office))
    assert "2 things are not in order. One thing needs a look." in page
    order = [
        page.index(each) for each in ("The disk is full: 12 MB", "Clock Needs a look", "Not looked at", "unlocked")
    ]
    assert order == sorted(order)
    assert "What to do: Delete files on the box" in page
    assert "Modem: SIM card In order" in page
    assert "Records Not in order The disk is full, so nothing can be written down." in page


async def test_the_office_checks_everything_by_a_button_without_a_script(browse, office):
    client = await browse(office)
    assert 'action="/health/check"' in await (await client.get("/health")).text()
    answer = await press(client, "/health/check")
    assert answer.status == 303
    there = await words(client, answer.headers["Location"])
    assert "Everything was looked at." in there
    assert "asked for by Ann" in there


async def test_before_the_first_check_only_the_button_stands_there():
    app = app_of(a_days_work(), gate=Doorkeeper(ANN), doctor=SampleDoctor(asked=False))
    async with TestClient(TestServer(app)) as client:
        page = await words(client)
    assert "Check everything" in page
    assert "asked for by" not in page


async def test_in_spanish_nothing_stays_english(browse, office):
    page = await words(await browse(office), headers={"Accept-Language": "es"})
    assert "2 cosas no están bien." in page
    assert "Qué hacer: Borre archivos del equipo" in page
    assert "Módem: Tarjeta SIM Está bien" in page
    for english in ("The disk", "The clock", "unlocked", "Power supply"):
        assert english not in page
