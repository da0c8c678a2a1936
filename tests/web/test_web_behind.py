"""Forms of a page that is behind: what is new is shown, and nothing is lost of what was typed."""

from __future__ import annotations

import re

import pytest
from real import ANN, a_box

from gateway.access import passwords
from gateway.core.events import SegmentReceived

CALLER = "+12165550137"


@pytest.fixture
async def box(tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "N", 16)  # hashing as it is, at a thousandth of the cost
    async with a_box(tmp_path) as found:
        await says(found, "1", "Hi, my furnace is making a loud noise, can somebody look at it?")
        yield found


async def says(box, identity, body):
    await box.dispatcher.submit(SegmentReceived(identity, box.clock.now(), CALLER, body))


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of a form, as a browser sends them."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)[0]
    return dict(re.findall(r'<input type="hidden" name="([a-z-]+)" value="([^"]*)">', form))


async def test_an_old_tab_closes_nothing_that_it_did_not_show_and_the_page_that_says_so_does(box):
    ann = await box.comes(ANN)
    form = form_of(await box.text("/leads/1", ann), "/leads/1/end")
    await says(box, "2", "water is pouring through the ceiling!!")
    typed = {"outcome": "lost", "ending": "went elsewhere"}
    answer = await box.client.post("/leads/1/end", data=form | typed, cookies=ann, allow_redirects=False)
    page = await answer.text()
    assert answer.status == 409
    assert "emergency since you opened this page" in page
    assert "pouring through the ceiling" in page
    assert "went elsewhere" in page  # nobody types it twice
    again = form_of(page, "/leads/1/end") | typed
    answer = await box.client.post("/leads/1/end", data=again, cookies=ann, allow_redirects=False)
    assert answer.status == 303


@pytest.mark.parametrize("verb", ["text", "later", "book", "end", "done", "correct"])
async def test_every_form_that_settles_something_says_how_far_its_page_had_come(box, verb):
    page = await box.text("/leads/1", await box.comes(ANN))
    assert form_of(page, f"/leads/1/{verb}")["upto"] == "1.0.0"


async def test_a_text_whose_answer_was_lost_is_sent_once_and_the_page_says_it_is_on_its_way(box):
    ann = await box.comes(ANN)
    form = form_of(await box.text("/leads/1", ann), "/leads/1/text") | {"words": "Ann here, we come at 3"}
    for _ in range(2):
        answer = await box.client.post("/leads/1/text", data=form, cookies=ann, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/leads/1?said=written")
        await box.clock.sleep(600)
    rows = await box.store.read(lambda db: db.execute("SELECT body FROM texts WHERE purpose = 'staff'").fetchall())
    assert [row["body"] for row in rows] == ["Ann here, we come at 3"]


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "utf-16", "no-such"])
async def test_a_form_in_another_character_set_is_refused_before_it_is_read(box, charset):
    ann = await box.comes(ANN)
    form = form_of(await box.text("/leads/1", ann), "/leads/1/note")
    answer = await box.client.post(
        "/leads/1/note",
        data=f"token={form['token']}&note=\\ud800",
        headers={"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"},
        cookies=ann,
    )
    assert answer.status == 415
    assert not any("set aside" in line for line in await box.history())
