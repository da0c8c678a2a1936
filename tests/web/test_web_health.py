"""The health page: the worst first, each with its remedy; what becomes of a test text and a drill; the banner on every page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sample import A_QUIET_BOX, NOW, Office, a_call, a_text

from gateway.core.events import Health, HealthReport
from gateway.core.views.box import Delivery, Switch, WhoIsTold
from gateway.core.views.emergencies import DrillView, Told
from gateway.core.views.setup import HOLDS

GONE = HealthReport(
    "modem",
    Health.DOWN,
    NOW - timedelta(hours=2),
    "The modem is not there: no /dev/modem.",
    "Plug the modem in.",
    facts={"signal": "-91 dBm", "<b>": "<script>"},
)


async def words(client, path="/health") -> str:
    answer = await client.get(path)
    assert answer.status == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", await answer.text())))


async def press(client, path, **form):
    page = await (await client.get("/health")).text()
    token = re.search(r'name="token" value="([0-9a-f]{64})"', page)[1]
    return await client.post(path, data={"token": token, **form}, allow_redirects=False)


async def test_a_box_that_is_well_says_so_and_who_would_be_told(browse, office):
    page = await words(await browse(office))
    assert "Everything works." in page
    assert "No call has come in yet" in page
    assert "Signal of the mobile network: good (-77 dBm)" in page
    assert re.search(r"At once Otto \(303\) 555-0150 .*After 10 min Dana \(303\) 555-0151, texted and rung", page)
    assert "After 20 min everybody and the caller hear that nobody has it" in page


async def test_the_worst_comes_first_with_remedy_and_what_it_means_for_callers(browse, office):
    office.reports.append(GONE)
    office.reports = [report for report in office.reports if report is GONE or report.component != "modem"]
    office.state = replace(A_QUIET_BOX, pause=Switch("by Ann", NOW), unsure=2, used=True)
    page = await words(await browse(office))
    assert "One thing does not work. 2 more need a look." in page
    order = [
        page.index(each) for each in ("The modem is not there", "paused by Ann", "2 texts may", "Connected to the")
    ]
    assert order == sorted(order)
    assert "Not working since 12:30 PM" in page
    assert "What to do: Plug the modem in." in page
    assert "For callers: Missed calls are still seen." in page


async def test_what_came_from_outside_is_escaped(browse, office):
    office.reports = [GONE]
    html = await (await (await browse(office)).get("/health")).text()
    assert "<script>" not in html.replace('<script type="module"', "")
    assert "&lt;script&gt;" in html


async def test_a_new_box_that_has_not_reported_and_one_that_tells_nobody(browse):
    office = Office()
    client = await browse(office)
    assert "The box is starting." in await words(client)
    office.state = replace(A_QUIET_BOX, told=WhoIsTold((), 0, True, ()), people=())
    page = await words(client)
    assert "Nobody is told of an emergency" in page
    assert "No cell phone of theirs is in the settings yet." in page
    assert "Begin a drill" not in page


@pytest.mark.parametrize(("week", "poor"), [(Delivery(7, 3), True), (Delivery(8, 2), False), (Delivery(0, 9), False)])
async def test_a_week_in_which_few_texts_arrived_is_a_trouble(browse, office, week, poor):
    office.state = replace(A_QUIET_BOX, week=week)
    assert ("of this week's texts have reached a phone" in await words(await browse(office))) is poor


async def test_calls_and_texts_at_a_glance(browse, office):
    office.state = replace(
        A_QUIET_BOX,
        last_missed=a_call(98),
        last_sent=a_text(2, "accepted", "sent, no delivery report yet"),
        last_delivered=a_text(9),
        week=Delivery(delivered=19, undelivered=1, open=1),
        queued=1,
        queued_since=NOW - timedelta(minutes=4),
        storm=Switch("on", NOW, NOW + timedelta(hours=1)),
    )
    page = await words(await browse(office))
    assert "2:16 PM , (303) 555-0198: Texted in 12 s" in page
    assert "(303) 555-0102: sent, no delivery report yet" in page
    assert "95 % of the texts reached a phone (19 of 20); one without a report" in page
    assert "one text, since 2:26 PM" in page
    assert "on; with the words for a storm until 3:30 PM" in page


async def test_a_test_text_goes_to_our_own_people_only_and_its_fate_is_shown(browse, office):
    client = await browse(office)
    answer = await press(client, "/health/test-text", to="+13035550199")
    assert answer.status == 409
    assert "not the phone of one of your people" in unescape(await answer.text())
    answer = await press(client, "/health/test-text", to="+13035550150")
    assert (answer.status, answer.headers["Location"]) == (303, "/health?said=sent")
    assert office.done == [("test +13035550150", 0, "Ann")]
    assert "Sent, no delivery report yet (303) 555-0150" in await words(client)


async def test_a_drill_asks_first_and_shows_who_was_told_and_who_answered(browse, office):
    client = await browse(office)
    assert "Real texts go out" in await words(client)
    assert (await press(client, "/health/drill")).status == 303
    page = await words(client)
    assert "Drill 10 is under way. Whoever gets it replies 10." in page
    assert "Otto , text: sent" in page
    assert "2:40 PM the next one is told" in page
    assert "Begin a drill" not in page
    answer = await press(client, "/health/drill")
    assert (answer.status, "No drill now: 10 is not over" in await answer.text()) == (409, True)
    told = (Told("Otto", "+13035550150", "text", NOW, "delivered", ""),)
    office.state = replace(A_QUIET_BOX, drill=DrillView(10, "acknowledged", "Otto", told, "Ann", NOW, NOW))
    assert "Otto answered at 2:30 PM. It worked." in await words(client)
    office.state = replace(A_QUIET_BOX, drill=DrillView(10, "exhausted", "", told, "Ann", NOW, NOW))
    assert "nobody has answered" in await words(client)
    office.state = replace(A_QUIET_BOX, drill=DrillView(10, "exhausted", "", told, "Ann", NOW - timedelta(days=2), NOW))
    assert "nobody has answered" not in await words(client)


async def test_every_page_says_what_does_not_work(browse, office):
    office.reports = [GONE]
    client = await browse(office)
    for path in ("/leads/1", "/me", "/help/"):
        html = await (await client.get(path)).text()
        assert html.count("The modem is not there") == 1, path
    assert (await (await client.get("/health")).text()).count("The modem is not there") == 1
    fragment = await (await client.get("/fragment/leads/1")).text()
    assert '<section id="alarm"' in fragment  # pages that are open hear of it
    office.reports = []
    html = await (await client.get("/me")).text()
    assert re.search(r'<section id="alarm"[^>]* hidden>', html)


async def test_a_set_up_that_is_not_finished_leads_to_its_end(browse, office):
    office.state = replace(A_QUIET_BOX, pause=Switch(HOLDS, NOW))
    html = await (await (await browse(office)).get("/health")).text()
    assert 'href="/setup/go-live"' in html
    assert "/texting/resume" not in html
