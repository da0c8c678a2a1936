"""What people look through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sample import NOW, Office
from test_web_guard import press
from test_web_leads import ATTACK, read, words

from gateway.core.desk.reviewing import ReviewKind
from gateway.core.views.review import ReviewRow
from web.pages.review import KINDS, MEANINGS, NOTHING


def a_review(id: int, kind: str = "not_understood", **changes: object) -> ReviewRow:
    values = {
        "peer": "+13035550142", "name": "Dana Whitfield", "lead_id": 7, "letter_id": 31, "text_id": None,
        "say": "the box could not use what they wrote", "words": "blorp", "at": NOW - timedelta(hours=1),
        "settled_at": None, "settled_by": "",
    }  # fmt: skip
    return ReviewRow(id=id, kind=kind, **values | changes)  # type: ignore[arg-type]


async def token_of(client, path="/review/not_understood") -> str:
    return (await read(client, path)).split('name="token" value="')[1][:64]


def test_every_kind_is_told_of() -> None:
    assert set(KINDS) == set(MEANINGS) == set(NOTHING) == set(ReviewKind)


@pytest.mark.parametrize("kind", [kind.value for kind in ReviewKind])
async def test_an_empty_list_teaches_what_will_stand_there(browse, kind):
    page = words(await read(await browse(Office()), f"/review/{kind}"))
    assert MEANINGS[ReviewKind(kind)] in page
    assert NOTHING[ReviewKind(kind)] in page


async def test_the_first_kind_of_which_there_is_something_is_shown_and_all_are_counted(browse):
    office = Office()
    office.all_reviews = [a_review(3, "slow", say="not answered by Mon 2:00 PM", letter_id=None), a_review(2, "slow")]
    page = await read(await browse(office), "/review")
    assert 'aria-current="page">Answered late <span class="count">2</span>' in page
    assert "Not answered by Mon 2:00 PM." in words(page)
    assert 'href="/leads/7"' in page


async def test_what_was_looked_through_is_off_the_list_and_can_still_be_seen_with_who_has(browse):
    office = Office()
    office.all_reviews = [a_review(2), a_review(1)]
    client = await browse(office)
    page = await read(client, "/review/not_understood")
    assert 'href="/leads/7#said-in-31-should-s"' in page
    answer = await press(client, "/review/not_understood/2/seen", await token_of(client))
    assert answer.headers["Location"] == "/review/not_understood?said=seen"
    assert office.done == [("looked through", 2, "Ann")]
    assert 'id="review-2"' not in await read(client, "/review/not_understood")
    assert "Looked through by Ann, 2:30 PM" in words(await read(client, "/review/not_understood?all=1"))


async def test_a_long_list_goes_on_where_it_was_left(browse):
    office = Office()
    office.all_reviews = [a_review(id) for id in range(120, 0, -1)]
    client = await browse(office)
    seen, path = [], "/review/not_understood"
    for _page in range(3):
        page = await read(client, path)
        seen += [id for id in range(1, 121) if f'id="review-{id}"' in page]
        path = page.split('id="more" href="')[1].split('"')[0].replace("&amp;", "&") if 'id="more"' in page else ""
    assert sorted(seen) == list(range(1, 121))
    assert path == ""


@pytest.mark.parametrize("query", ["?before=x", "?before=" + "9" * 40, "?all=", "?before=-1"])
async def test_an_address_that_somebody_has_typed_breaks_nothing(browse, query):
    assert (await (await browse(Office())).get(f"/review/slow{query}")).status == 200


async def test_hostile_words_are_only_text(browse):
    office = Office()
    office.all_reviews = [
        a_review(1, name=ATTACK, peer=ATTACK, say=ATTACK, words=ATTACK, settled_at=NOW, settled_by=ATTACK)
    ]
    page = await read(await browse(office), "/review/not_understood?all=1")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "\u202e" not in page
