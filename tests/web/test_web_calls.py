"""What the page of calls says, and what every list of it has in common with the inbox."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import get_args
from urllib.parse import quote

import pytest
from sample import NOW, Office, a_call, a_lead, a_task, a_text

from gateway.core.events import Health, HealthReport
from gateway.core.views.found import FoundPerson
from gateway.core.views.tasks import TaskKind
from web.words import wording


def words(page: str) -> str:
    """The page as it is read: without tags, spaces collapsed."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


async def read(client, path="/calls") -> str:
    answer = await client.get(path)
    assert answer.status == 200
    return await answer.text()


async def test_a_call_shows_caller_line_time_and_outcome_sentence(browse):
    office = Office()
    office.all_calls = [a_call(99, caller="+13035550142", caller_name="DANA WHITFIELD")]
    page = words(await read(await browse(office)))
    assert "(303) 555-0142 DANA WHITFIELD 2:23 PM Texted in 12 s on Main line" in page


@pytest.mark.parametrize("name", ["3035550142", "+13035550142", "1 (303) 555-0142", "13035550142"])
async def test_a_caller_name_that_is_the_number_once_more_is_not_shown(browse, name):
    office = Office()
    office.all_calls = [a_call(99, caller="+13035550142", caller_name=name)]
    assert "(303) 555-0142 2:23 PM" in words(await read(await browse(office)))


@pytest.mark.parametrize("name", ["3035550199", "Unit 142", "24 7 Locks"])
async def test_a_caller_name_with_other_digits_is_shown(browse, name):
    office = Office()
    office.all_calls = [a_call(99, caller="+13035550142", caller_name=name)]
    assert f"(303) 555-0142 {name} 2:23 PM" in words(await read(await browse(office)))


async def test_what_is_to_be_answered_stands_beside_the_wish_to_answer_it(browse):
    office = Office()
    office.all_tasks = [a_task(5, "wrote", peer="+13035550199", say="a text came in")]
    office.all_texts = [
        a_text(1, "received", "received", direction="in", peer="+13035550199", body="Is Tuesday <ok>?"),
        a_text(
            2, "received", "received", direction="in", peer="+13035550199", body="Hello?", at=NOW - timedelta(hours=1)
        ),
    ]
    page = words(await read(await browse(office), "/"))
    assert "Answer (303) 555-0199" in page
    assert "A text came in. Is Tuesday <ok>? Call (303) 555-0199" in page


async def test_a_text_that_was_not_sent_is_shown_with_its_words(browse):
    office = Office()
    office.all_texts = [a_text(3, "failed", "not sent", body="You get no more texts.")]
    office.all_tasks = [a_task(5, "not_sent", text_id=3, say="the modem was down until it was too late")]
    page = words(await read(await browse(office), "/"))
    assert "This text was not sent (303) 555-0142" in page
    assert "The modem was down until it was too late. You get no more texts. Call" in page


async def test_a_very_long_text_shows_its_beginning_and_can_be_opened_to_the_end(browse):
    office = Office()
    body = "The basement is under water. " * 210 + "Ring the back door."
    office.all_texts = [a_text(4, "received", "received", direction="in", peer="+13035550199", body=body)]
    office.all_tasks = [a_task(5, "wrote", peer="+13035550199", say="a text came in")]
    client = await browse(office)
    assert len(re.findall("[a-z]…", words(await read(client, "/")))) == 1
    page = words(await read(client))
    assert len(re.findall("[a-z]…", page)) == 1
    assert "Show the whole text The basement is under water." in page
    assert page.count("Ring the back door.") == 1


async def test_a_refused_text_is_said_in_plain_words(browse):
    office = Office()
    office.all_calls = [a_call(99, "cooldown", "already texted 2 h ago")]
    assert "Not texted: already texted 2 h ago" in words(await read(await browse(office)))


async def test_an_unsure_text_is_never_called_not_texted(browse):
    office = Office()
    office.all_calls = [a_call(99, "unsure", "texted, but it is not sure that it went out")]
    page = await read(await browse(office))
    assert "Texted, but it is not sure that it went out" in page
    assert "Not texted:" not in page
    assert "tone-warn" in page


async def test_a_text_with_a_missing_part_says_so(browse):
    office = Office()
    office.all_texts = [a_text(9, "received", "received, a part is missing", direction="in", body="my heater is")]
    assert "my heater is Received, a part is missing" in words(await read(await browse(office)))


async def test_the_newest_call_is_on_top_and_each_day_has_its_head(browse):
    office = Office()
    office.all_calls = [
        a_call(1, say="older", started_at=NOW - timedelta(hours=3)),
        a_call(2, say="newer", started_at=NOW - timedelta(hours=1)),
        a_call(3, say="just before midnight", started_at=NOW - timedelta(hours=14, minutes=31)),
        a_call(4, say="just after midnight", started_at=NOW - timedelta(hours=14, minutes=29)),
    ]
    client = await browse(office)
    page = words(await read(client))
    told = ("Newer", "Older", "Just after midnight", "Friday, November 20", "Just before midnight")
    assert [page.index(each) for each in told] == sorted(page.index(each) for each in told)
    assert "Just before midnight" not in await read(client, "/calls?day=today")
    yesterday = words(await read(client, "/calls?day=2026-11-20"))
    assert "Just before midnight" in yesterday
    assert "Newer" not in yesterday


@pytest.mark.parametrize("day", ["2026-13-01", "0001-01-01", "9999-12-31", "today' OR 1", "%00", "1e9"])
async def test_a_day_that_there_is_not_is_every_day(browse, office, day):
    assert "The newest calls" in await read(await browse(office), f"/calls?day={day}")


async def test_calls_are_looked_through_by_what_became_of_them_by_line_and_by_caller(browse, office):
    client = await browse(office)
    answered = words(await read(client, "/calls?kind=answered"))
    assert "Answered by 102" in answered
    assert "Texted in 12 s" not in answered
    emergency_line = words(await read(client, "/calls?line=Emergency+line"))
    assert "Texted in 14 s" in emergency_line
    assert "Texted in 12 s" not in emergency_line
    one = words(await read(client, "/calls?who=%2B13035550142"))
    assert "Calls of (303) 555-0142." in one
    assert "Texted in" not in one[one.index("The newest calls") :]
    none = words(await read(client, "/calls?who=%2B19995550142"))
    assert "No calls pass these filters." in none


async def test_what_does_not_fit_is_on_the_next_page(browse):
    office = Office()
    office.all_calls = [a_call(n, started_at=NOW - timedelta(minutes=n)) for n in range(1, 121)]
    client, path, seen = await browse(office), "/calls", []
    while path:
        page = await read(client, path)
        seen += re.findall(r'data-key="call-([0-9]+)"', page)
        more = re.search(r'id="more" class="button" href="([^"]+)"', page)
        path = html.unescape(more[1]) if more else ""
    assert seen == [str(n) for n in range(1, 121)]


async def test_the_figures_of_today_stand_at_the_head(browse, office):
    client = await browse(office)
    for path in ("/", "/calls"):
        page = words(await read(client, path))
        assert re.search("Today ?: 8 missed, 3 texted, 5 not texted, 1 waiting, 2 answered", page)


async def test_an_empty_page_teaches_what_will_appear(browse):
    page = words(await read(await browse(Office())))
    assert "No calls yet. When somebody calls, the call appears here within seconds, and what became of it." in page
    assert "None in the last two days." in page


async def test_a_paused_box_says_so_with_its_reason(browse, office):
    office.pause_reason = "the loop guard stopped 12 texts to one number."
    page = words(await read(await browse(office), "/"))
    assert "Texting is paused The loop guard stopped 12 texts to one number." in page
    assert "Resume texting" in page
    assert "Pause texting" not in page


async def test_a_pause_by_a_person_is_said_in_words(browse, office):
    office.pause_reason = "by page"
    assert "Texting is paused Somebody paused it on this page." in words(await read(await browse(office), "/"))
    office.pause_reason = "by page:ann"
    assert "Texting is paused ann paused it on this page." in words(await read(await browse(office), "/"))


async def test_an_unsure_text_shows_its_words_and_three_ways_out(browse, office):
    page = words(await read(await browse(office), "/"))
    todo = page[page.index("To do") :]
    assert "Did this text arrive? (303) 555-0195" in todo
    assert "Miller Plumbing: sorry we missed your call." in todo
    for button in ("It arrived", "Send again", "Done"):
        assert button in todo


async def test_a_task_about_an_unsure_text_links_to_its_call(browse, office):
    page = await read(await browse(office), "/")
    assert 'href="/calls?who=%2B13035550195"' in page


def test_everything_that_a_person_has_to_do_has_a_title_of_its_own():
    assert set(wording.TASK_TITLES) == set(get_args(TaskKind))
    assert len(set(wording.TASK_TITLES.values())) == len(wording.TASK_TITLES)


async def test_nobody_is_asked_to_call_the_sim_that_the_network_refuses(browse):
    office = Office()
    office.all_tasks = [a_task(9, "texts_refused", say="the network has refused the last 5 texts")]
    page = words(await read(await browse(office), "/"))
    assert "Look at the SIM (303) 555-0142" in page
    assert "Call (303) 555-0142" not in page


async def test_an_unknown_kind_of_task_and_state_of_text_are_still_shown(browse):
    office = Office()
    office.all_tasks = [a_task(9, "check_forwarding", peer="", say="no forwarded call for two days")]
    office.all_texts = [a_text(8, "somewhere_new", "")]
    client = await browse(office)
    page = words(await read(client, "/"))
    assert "Check forwarding" in page
    assert "No forwarded call for two days" in page
    assert "Somewhere_new" in await read(client)


async def test_times_are_those_of_the_business(browse):
    office = Office()
    office.all_texts = [a_text(5, at=NOW - timedelta(days=1))]
    page = await read(await browse(office))
    assert '<time datetime="2026-11-20T14:30:00-07:00">Fri 2:30 PM</time>' in page


async def test_hostile_names_and_bodies_are_only_text(browse, office):
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7919*7919 }}"
    office.all_calls.append(a_call(89, caller=attack, caller_name=attack, line=attack, say=attack))
    office.all_texts.append(a_text(9, body=attack, peer=attack, say=attack))
    office.all_tasks.append(a_task(9, say=attack, peer=attack))
    office.pause_reason = attack
    office.reports.append(HealthReport("store", Health.DOWN, NOW, attack, attack, facts={attack: attack}))
    office.people = [FoundPerson(attack, attack, office.all_calls[-1])]
    client = await browse(office)
    for path in ("/", "/calls", "/search?q=heat", f"/search?q={quote(attack)}", f"/calls?line={quote(attack)}"):
        page = await read(client, path)
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "62710561" not in page  # what a template would make of it; "49" may be in any token
        assert attack in html.unescape(page) or "line=" in path


async def test_only_telephone_numbers_become_links(browse):
    office = Office()
    office.all_calls = [a_call(99, caller='javascript:alert(1)"'), a_call(98, caller="withheld number")]
    page = await read(await browse(office))
    assert "tel:" not in page
    assert 'href="javascript' not in page
    assert "Withheld number" in page


async def test_right_to_left_overrides_and_controls_are_made_visible(browse):
    office = Office()
    office.all_calls = [a_call(99, caller_name="\u202e5550-999\u2069\x00\x1b[31m\ud800")]
    page = await read(await browse(office))
    assert "\N{REPLACEMENT CHARACTER}5550-999\N{REPLACEMENT CHARACTER}" in page
    for bad in ("\u202e", "\u2069", "\x00", "\x1b"):
        assert bad not in page


async def test_a_name_of_two_megabytes_is_cut_and_a_long_body_says_so(browse):
    office = Office()
    office.all_calls = [a_call(99, caller_name="N" * 2_000_000, say="s" * 2_000_000, caller="7" * 2_000_000)]
    office.all_texts = [a_text(9, body="b" * 2_000_000)]
    page = await read(await browse(office))
    assert len(page) < 30_000
    assert "N" * wording.NAME_LENGTH + "…" in page
    assert "(shortened: the whole text has 2,000,000 characters)" in page


async def test_the_first_load_stays_under_150_kilobytes_on_a_busy_day(browse):
    office = Office()
    office.all_calls = [a_call(n, texts=(a_text(n),), started_at=NOW - timedelta(minutes=n)) for n in range(1, 201)]
    office.all_texts = [a_text(n) for n in range(1, 31)]
    office.adds(*(a_lead(n) for n in range(1, 60)))
    client = await browse(office)
    for first in ("/", "/calls", "/search?q=heat"):
        assert await first_load(client, first) < 150 * 1024, first


async def first_load(client, first: str) -> int:
    page = await read(client, first)
    size = 0
    for path in [first, *re.findall(r'(?:href|src)="(/static/[^"]+)"', page)]:
        answer = await client.get(path, headers={"Accept-Encoding": "gzip"})
        size += int(answer.headers["Content-Length"])
    return size


async def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(browse, office):
    client = await browse(office)
    for path in ("/", "/calls", "/search?q=heat", "/help/", "/help/outcomes", "/nowhere"):
        page = await (await client.get(path)).text()
        assert not re.search(r"<script(?![^>]* src=)|<style|\bstyle=|\son[a-z]+=|javascript:|//[a-z]", page), path


async def test_every_id_is_there_once_and_every_label_points_at_one(browse, office):
    client = await browse(office)
    for path in ("/", "/?whose=mine&days=week", "/calls", "/search?q=heat"):
        check_ids(await read(client, path))


def check_ids(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    for value in re.findall(r'(?:aria-(?:labelledby|describedby)|for)="([^"]+)"', page):
        assert set(value.split()) <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
