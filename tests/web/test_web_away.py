"""Who is away, said on the page: by everybody of himself, by an owner of anybody, and what it leaves is said beforehand."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from real import ANN, NOW, a_box

from gateway.access import passwords
from gateway.core.desk.rules import DeskRules, OwnerRule


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.fixture
async def box(tmp_path):
    async with a_box(tmp_path) as found:
        yield found


async def said(box, who, path="/away") -> str:
    page = re.sub(r"<[^>]*>", " ", await box.text(path, who))
    return " ".join(html.unescape(page).split())


async def test_somebody_says_that_he_is_away_and_is_back_at_his_time(box):
    ann = await box.comes(ANN)
    assert "Ann (you) here" in await said(box, ann)
    answer = await box.press("/away", "/away/set", ann, name="Ann", when="monday", until="")
    assert answer.headers["Location"] == "/away?said=away"
    page = await said(box, ann)
    assert "Ann (you) away until Mar 9, 8:00 AM" in page  # it is a Monday
    assert "Ann has said so" in page
    assert "You are away until Mar 9, 8:00 AM. I am back" in await said(box, ann, "/")
    assert "You are away until" in await said(box, ann, "/me")
    assert "You are away" not in await said(box, await box.comes(), "/")
    assert "Ann: away until Mon Mar 9, 10:00 AM" in await box.history()  # the books of this box are in New York
    box.clock.moment = NOW + timedelta(days=8)
    assert "Ann (you) here" in await said(box, ann)
    assert "You are away" not in await said(box, ann, "/")


async def test_an_owner_says_it_of_anybody_and_the_office_of_nobody_else(box):
    olga, ann = await box.comes(), await box.comes(ANN)
    answer = await box.press("/away", "/away/set", ann, name="Olga", when="tomorrow", until="")
    assert answer.status == 409
    assert "Only an owner says that of somebody else." in await answer.text()
    assert (
        await box.press("/away", "/away/set", olga, name="Ann", until="2026-03-06T17:00", when="week")
    ).status == 303
    assert "Ann away until Mar 6, 5:00 PM" in await said(box, olga)
    assert (await box.press("/away", "/away/back", olga, name="Ann")).status == 303
    assert "Ann here" in await said(box, olga)
    assert [line for line in await box.history() if "Ann is" in line] == [
        "Olga: Ann is away until Fri Mar 6, 7:00 PM",
        "Olga: Ann is back",
    ]


@pytest.mark.parametrize(
    ("fields", "sorry"),
    [
        ({"name": "Ann", "when": "own", "until": ""}, "Choose a day and a time."),
        ({"name": "Ann", "when": "", "until": "2026-03-01T08:00"}, "This time has passed, or is too far off"),
        ({"name": "<b>Eve</b>", "when": "week", "until": ""}, "There is nobody of this name."),
    ],
)
async def test_what_cannot_be_is_said(box, fields, sorry):
    answer = await box.press("/away", "/away/set", await box.comes(), **fields)
    text = await answer.text()
    assert answer.status == 409
    assert sorry in text
    assert "<b>Eve" not in text


async def test_what_is_left_of_emergencies_and_leads_is_said_with_a_remedy(box):
    olga = await box.comes()
    business = replace(box.dispatcher.business, desk=DeskRules(owners=(OwnerRule(("Ann",)),)))
    box.dispatcher.go_by(business, None)
    for name in ("Ann", *(who[0] for key, who in (await box.queries.gone(NOW)).everybody if key)):
        assert (await box.press("/away", "/away/set", olga, name=name, when="week", until="")).status == 303
    page = await said(box, olga)
    assert "Nobody is left for emergencies Everybody whom an emergency is told is away." in page
    assert "Everybody to whom rule 1 of the settings gives leads is away." in page
    health = await said(box, olga, "/health")
    assert "Everybody whom an emergency is told is away. All of them are told all the same." in health
    assert "What to do: Say “Back now” of one of them" in health
