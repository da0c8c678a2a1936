"""What the page says of leads, and what its forms on them do."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from sample import NOW, Office, a_call, a_lead, a_story, a_task, a_text
from test_web_calls import read as read_path
from test_web_calls import words as loose_words
from test_web_guard import press, token_of

from gateway.core.conversation.lead import Lane, Urgency
from gateway.core.outbound import Purpose
from gateway.core.policy import ContactKind
from gateway.core.views.contacts import Mark
from gateway.core.views.emergencies import Emergency, Told
from gateway.core.views.leads import PromisedCall, Standing
from gateway.core.views.leadstory import Jotting, Note, PutRight, Reply, Said, Understood
from gateway.core.views.tasks import TaskKind
from web.words import leadwords

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)></textarea>{{ 7919*7919 }}\u202e"


async def read(client, path: str = "/") -> str:
    return await read_path(client, path)


def words(page: str) -> str:
    """The page as it is read, without the spaces that tags leave beside commas and brackets."""
    return re.sub(r" (?=[,.:)])|(?<=\() ", "", loose_words(page))


async def test_an_empty_list_teaches_what_a_lead_is(browse):
    page = words(await read(await browse(Office())))
    assert "No leads yet. Somebody calls and nobody answers. The box texts them within seconds." in page
    assert "Try it: call the office number from a cell phone" in page
    office = Office()
    office.adds(a_lead(2))
    page = words(await read(await browse(office), "/?standing=overdue"))
    assert "Nothing passes these filters." in page


async def test_a_lead_says_who_what_where_how_pressing_and_what_to_do(browse):
    office = Office()
    office.adds(a_lead(2))
    page = words(await read(await browse(office)))
    row = page[page.index("To do 1") :]
    assert "Dana Whitfield Urgent Our water heater is leaking in the basement" in row
    assert "Service Water heaters, Place Lakewood, CO 80226, Lane Message" in row
    assert "Waits for you: Answer: urgent: a person decides when Due 2:55 PM" in row
    assert "Has it Office Waits for 35 min Call (303) 555-0102" in row


async def test_a_row_that_was_drawn_before_tells_what_is_so_now(browse, clock):
    office = Office()
    office.adds(a_lead(2))
    client = await browse(office)
    assert "Waits for 35 min" in words(await read(client))
    clock.time = NOW + timedelta(minutes=1)
    assert "Waits for 36 min" in words(await read(client))
    clock.time = NOW + timedelta(days=1)
    assert "Due Sat 2:55 PM" in words(await read(client))
    spanish = await client.get("/", headers={"Accept-Language": "es"})
    assert "Espera" in await spanish.text()
    office.all_leads.clear()
    office.adds(a_lead(2, assignee="Otto"))
    assert "Has it Otto" in words(await read(client))


async def test_the_most_pressing_lead_stands_first_and_above_all_else(browse, office):
    page = await read(await browse(office))
    places = [
        page.index(word)
        for word in ("pouring through", "Our water heater", "Did this text arrive", "Call back", "garbage disposals")
    ]
    assert places == sorted(places)


async def test_what_waits_for_a_person_is_counted_in_the_title_and_a_talk_is_not(browse):
    office = Office()
    office.adds(a_lead(1, Standing.EMERGENCY), a_lead(2), a_lead(3, Standing.TALKING))
    office.all_tasks = [a_task(1)]
    assert "<title>(3) Inbox" in await read(await browse(office))


async def test_more_leads_than_fit_are_on_the_next_page(browse):
    office = Office()
    office.adds(*(a_lead(n, due=NOW + timedelta(minutes=n)) for n in range(1, 96)))
    office.all_tasks = [a_task(n, created_at=NOW - timedelta(minutes=n)) for n in range(1, 6)]
    client, path, seen = await browse(office), "/", []
    while path:
        page = await read(client, path)
        seen += re.findall(r'data-key="((?:lead|task)-[0-9]+)"', page)
        more = re.search(r'id="more" class="button" href="([^"]+)"', page)
        path = html.unescape(more[1]) if more else ""
    assert len(seen) == len(set(seen)) == 100
    assert seen[0] == "lead-1"


async def test_the_inbox_is_looked_through_by_standing_person_lane_and_urgency(browse):
    office = Office()
    office.adds(
        a_lead(1, Standing.EMERGENCY, name="Em", urgency="emergency", lane="escalate"),
        a_lead(2, name="Mine", assignee="Ann", urgency="routine"),
        a_lead(3, Standing.TALKING, name="Otto's", assignee="Otto", lane="book"),
        a_lead(4, Standing.OVERDUE, name="Late"),
    )
    office.all_tasks = [a_task(9)]
    client = await browse(office)

    async def shown(query: str) -> set[str]:
        return set(re.findall(r'data-key="([a-z]+-[0-9]+)"', await read(client, f"/?{query}")))

    assert await shown("") == {"lead-1", "lead-2", "lead-3", "lead-4", "task-9"}
    assert await shown("standing=overdue") == {"lead-4"}
    assert await shown("standing=waiting") == {"lead-2", "task-9"}
    assert await shown("whose=mine") == {"lead-2"}
    assert await shown("whose=nobody") == {"lead-1", "lead-4", "task-9"}
    assert await shown("lane=book") == {"lead-3"}
    assert await shown("urgency=emergency&lane=escalate") == {"lead-1"}
    assert await shown("standing=<script>&whose=x&lane=y&urgency=z&days=q&after=999") == await shown("")
    page = await read(client, "/?whose=mine")
    assert 'data-fragment="/fragment/today?whose=mine"' in page
    assert set(re.findall(r'data-key="([a-z]+-[0-9]+)"', await read(client, "/fragment/today?whose=mine"))) == {
        "lead-2"
    }


async def test_emergencies_that_nobody_has_and_the_newest_lead_are_told_to_the_script(browse):
    office = Office()
    office.adds(a_lead(1, Standing.EMERGENCY), a_lead(7))
    page = await read(await browse(office))
    assert 'data-newest="7" data-alarms="1"' in page


@pytest.mark.parametrize(
    ("lead", "who"),
    [
        (a_lead(1, Standing.TALKING, stage="talking"), "The box"),
        (
            a_lead(1, Standing.TALKING, stage="handed_over"),
            "Office",
        ),  # a person has spoken with them; the box asks nothing
        (a_lead(1, Standing.EMERGENCY, owner="owner"), "Nobody yet"),
        (a_lead(1, Standing.EMERGENCY, owner="Mike"), "Mike"),
        (a_lead(1), "Office"),
        (a_lead(1, Standing.TALKING, taken_until=NOW + timedelta(hours=1)), "Office"),
        (a_lead(1, Standing.DONE), "Nobody"),
    ],
)
def test_somebody_has_every_lead(lead, who):
    assert leadwords.holder(lead) == who


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (47 * 60, "47 h"), (48 * 60, "2 days"), (-5, "0 min")],
)
def test_a_wait_is_told_in_its_own_unit(minutes, said):
    assert leadwords.waited(NOW - timedelta(minutes=minutes), NOW) == said


def test_who_has_taken_over_is_told_and_what_the_box_had_asked_is_not():
    step = "waits for an answer (place); urgent: a person decides when"
    assert leadwords.step(a_lead(1, next_step=step)) == step
    taken = a_lead(1, next_step=step, taken_until=NOW + timedelta(hours=1))
    assert leadwords.step(taken) == "the office is writing with them; urgent: a person decides when"


def test_whom_a_person_has_answered_is_not_to_be_answered_again():
    answered = a_lead(1, Standing.TALKING, next_step="answer: a complaint")
    assert leadwords.step(answered) == "a person has answered, and it is their turn; a complaint"
    taken = replace(answered, taken_until=NOW + timedelta(hours=1))
    assert leadwords.step(taken) == "the office is writing with them; a complaint"
    assert leadwords.step(replace(answered, standing=Standing.WAITING)) == "answer: a complaint"


def test_every_lane_urgency_purpose_and_mark_has_its_words():
    assert set(leadwords.LANES) == set(Lane) - {Lane.NONE}
    assert set(leadwords.URGENCIES) == set(Urgency) - {Urgency.NONE}
    assert set(leadwords.STANDINGS) == set(leadwords.STANDING_TONES) == set(Standing)
    assert set(leadwords.MARKS) == set(ContactKind)
    never_in_a_talk = {"reminder", "owner_notice", "owner_reply", "digest"}
    assert set(leadwords.PURPOSES) == {purpose.value for purpose in Purpose} - never_in_a_talk
    assert "wrote" in get_args(TaskKind)


async def test_the_page_of_a_lead_says_what_call_is_promised_by_whom_and_how_far_the_box_goes(browse):
    office, call = Office(), PromisedCall(NOW + timedelta(minutes=30), NOW + timedelta(minutes=90), "Ann")
    lead = a_lead(2, owner="Ann", due=call.ends, call=call, may="asks, and may offer times for a call")
    office.adds(lead)
    page = words(await read(await browse(office), "/leads/2"))
    assert "Promised to the caller: a call between 3:00 PM and 4:00 PM, by Ann." in page
    assert "Due 4:00 PM, 1 h left" in page
    assert "Has it: Ann" in page
    assert "By itself the box asks, and may offer times for a call. Who decides that?" in page
    row = words(await read(await browse(office)))
    assert "Due 4:00 PM Has it Ann Waits for" in row


async def test_the_page_of_a_lead_shows_conversation_call_facts_reasons_and_history(browse, office):
    page = words(await read(await browse(office), "/leads/2"))
    talk = page[page.index("Conversation") : page.index("Write to them")]
    order = ["First text", "sorry we missed your call", "They wrote", "is leaking", "The box asked", "80226"]
    places = [talk.index(word) for word in order]
    assert places == sorted(places)
    assert talk.count("Delivered") == 2
    assert "What the box understood Meant as new work Urgency Urgent Service Water heaters" in talk
    assert "Water that runs: “leaking in the basement”" in talk
    assert "Lane Message (urgent: a person decides when) Urgency Urgent" in page
    assert "Due 2:25 PM, 5 min late" in page
    assert "Has it: Office" in page
    facts = page[page.index("What is known") : page.index("Notes")]
    assert "Place Lakewood, CO 80226 Wants it Tomorrow morning Gate code None" in facts
    assert "They called 1:48 PM, Main line Texted in 12 s" in talk
    assert "Customer (configuration," in page
    assert "2:00 PM Taken over by page" in page


async def test_a_lead_that_is_not_there_is_a_page_that_says_so(browse, office):
    client = await browse(office)
    for path in ("/leads/999", "/fragment/leads/999", "/leads/999999999999999999"):
        assert (await client.get(path)).status == 404
    assert (await client.get("/leads/x")).status == 404


@pytest.mark.parametrize(
    ("path", "done"),
    [
        ("take", "take"),
        ("have", "have it"),
        ("hand-back", "hand back"),
        ("done", "finish"),
        ("mark kind=opted_out", "mark opted_out"),
        ("mark kind=vendor", "mark vendor"),
        ("unmark kind=blocked", "unmark blocked"),
    ],
)
async def test_every_button_of_a_lead_gives_its_command_and_comes_back_to_it(browse, office, path, done):
    client = await browse(office)
    verb, _, field = path.partition(" ")
    form = {"token": await token_of(client)} | dict([field.split("=")] if field else [])
    answer = await client.post(f"/leads/2/{verb}", data=form, allow_redirects=False)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/leads/2?said=")
    assert office.done == [(done, 2, "Ann")]
    assert 'role="status">' in await (await client.get(answer.headers["Location"])).text()


async def test_every_button_that_is_drawn_has_an_address(browse, office):
    client = await browse(office)
    office.stories[2] = replace(office.stories[2], marks=(Mark("blocked", "", NOW, ""), Mark("vendor", "", NOW, "")))
    for lead_id in (1, 2, 3):
        page = await read(client, f"/leads/{lead_id}")
        for action in re.findall(r'action="([^"]+)"', page):
            assert (await client.get(action)).status == 405, action


@pytest.mark.parametrize(
    "path", ["text", "take", "have", "hand-back", "done", "mark", "claim", "end", "note", "should"]
)
async def test_no_other_web_site_and_no_guessed_token_changes_a_lead(browse, office, path):
    client = await browse(office)
    token = await token_of(client)
    assert (await press(client, f"/leads/2/{path}", token, Origin="http://evil.example")).status == 403
    assert (await press(client, f"/leads/2/{path}", token, **{"Sec-Fetch-Site": "cross-site"})).status == 403
    assert (await press(client, f"/leads/2/{path}", "0" * 64)).status == 403
    assert (await press(client, f"/leads/2/{path}")).status == 403
    assert office.done == []


@pytest.mark.parametrize("path", ["mark/staff", "unmark/opted_out", "mark/", "mark/../done", "erase"])
async def test_other_marks_have_no_address(browse, office, path):
    client = await browse(office)
    assert (await press(client, f"/leads/2/{path}", await token_of(client))).status == 404 or path == "mark/../done"
    assert office.done in ([], [("finish", 2, "Ann")])


AN_EMERGENCY = Emergency(
    code=14,
    state="alerting",
    by="",
    opened_at=NOW - timedelta(minutes=7),
    acknowledged_at=None,
    next_at=NOW + timedelta(minutes=3),
    told=(
        Told("Mike", "+13035550190", "text", NOW - timedelta(minutes=7), "delivered", ""),
        Told("Dana", "+13035550191", "call", NOW - timedelta(minutes=2), "rang", "rang, nobody pressed 1"),
    ),
)


async def test_an_emergency_says_who_was_told_and_gives_itself_to_whoever_takes_it(browse, office):
    client = await browse(office)
    office.stories[2] = replace(office.stories[2], emergency=AN_EMERGENCY)
    page = words(await read(client, "/leads/2"))
    assert "Emergency 14: nobody has it yet" in page
    assert "The next alert goes out at 2:33 PM." in page
    assert "Mike, text: delivered" in page
    assert "Dana, ringing phone: rang, nobody pressed 1" in page
    assert "I have it" in page
    await press(client, "/leads/2/have", await token_of(client))
    page = words(await read(client, "/leads/2"))
    assert "Emergency 14: Ann has it" in page
    assert "I have it" not in page
    assert "The next alert" not in page


@pytest.mark.parametrize(
    ("state", "says"), [("exhausted", "everybody was told, and NOBODY has it"), ("over", "settled")]
)
async def test_an_emergency_says_where_it_stands(browse, office, state, says):
    client = await browse(office)
    office.stories[2] = replace(office.stories[2], emergency=replace(AN_EMERGENCY, state=state, told=()))
    page = words(await read(client, "/leads/2"))
    assert f"Emergency 14: {says}" in page
    assert "Nobody could be told: no phone is set up for emergencies." in page
    assert ("I have it" in page) is (state == "exhausted")


async def write(client, body, **headers):
    data = {"token": await token_of(client), "words": body}
    return await client.post("/leads/2/text", data=data, headers=headers, allow_redirects=False)


async def test_a_text_by_hand_goes_to_the_caller_of_the_lead(browse, office):
    client = await browse(office)
    answer = await write(client, "Ann here; 3 PM & not later?")
    assert answer.headers["Location"] == "/leads/2?said=written"
    assert office.done == [("write Ann here; 3 PM & not later?", 2, "Ann")]
    page = words(await read(client, answer.headers["Location"]))
    assert "Your text is on its way." in page
    assert "Written by the office 2:30 PM Ann here; 3 PM & not later? Waits to be sent" in page
    assert "Hand back to the box" in page


async def test_words_that_cannot_be_sent_are_kept_and_the_reason_is_said(browse, office):
    client = await browse(office)
    answer = await write(client, f"\nthis is too long {ATTACK}")
    page = await answer.text()
    assert answer.status == 409
    assert "This is too long to be sent" in page
    kept = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.S)
    assert html.unescape(kept[1]).startswith("\nthis is too long <script>")
    assert office.done == []
    assert await (await write(client, "", Accept="application/json")).json() == {"sorry": "there are no words to send"}


async def test_to_whom_wants_no_texts_none_can_be_typed(browse, office):
    sorry = "They have asked not to be texted: call instead."
    office.stories[2] = replace(office.stories[2], marks=(Mark("opted_out", "", NOW, "STOP"),), may_text=sorry)
    page = await read(await browse(office), "/leads/2")
    assert sorry in page
    assert 'id="words"' not in page
    assert "Wants no more texts" not in page


async def test_a_done_lead_has_no_done_button_and_no_due_time(browse, office):
    office.adds(a_lead(8, Standing.DONE, task_id=None, next_step="", due=None))
    page = words(await read(await browse(office), "/leads/8"))
    assert "Nothing is left to do." in page
    assert "/leads/8/done" not in page


async def test_hostile_words_are_only_text_on_the_page_of_a_lead(browse):
    office = Office()
    lead = a_lead(
        5,
        **dict.fromkeys(
            (
                "peer",
                "name",
                "issue",
                "service",
                "place",
                "timeline",
                "callback_time",
                "callback_whose",
                "why",
                "next_step",
            ),
            ATTACK,
        ),
        answers=((ATTACK, ATTACK),),
        urgency=ATTACK,
        lane=ATTACK,
        stage=ATTACK,
        owner=ATTACK,
        assignee=ATTACK,
        claimed=True,
        assigned_at=NOW,
        outcome=ATTACK,
        closed_by=ATTACK,
        outcome_at=NOW,
    )
    letter = a_text(7, "received", ATTACK, direction="in", body=ATTACK, purpose=ATTACK, peer=ATTACK)
    every = tuple((name, ATTACK) for name in ("intent", "service", "name", "zip", "urgency"))
    read_so = Understood((("intent", ATTACK), ("service", ATTACK), (ATTACK, ATTACK)), (ATTACK,), every, every, ATTACK)
    story = a_story(
        lead,
        talk=(Said(letter, read_so), Said(a_text(8, ATTACK, ATTACK, body=ATTACK, purpose=ATTACK))),
        calls=(a_call(9, ATTACK, ATTACK, caller=ATTACK, caller_name=ATTACK, line=ATTACK),),
        notes=(Note(NOW, ATTACK),),
        marks=(Mark(ATTACK, ATTACK, NOW, ATTACK),),
        jottings=(Jotting(1, NOW, "page:Ann", ATTACK, False), Jotting(2, NOW, ATTACK, ATTACK, True)),
        put_right=(PutRight("name", ATTACK, ATTACK, ATTACK, NOW),),
        known=every,
        services=((ATTACK, ATTACK),),
        people=(ATTACK,),
        replies=(Reply("own", ATTACK, ATTACK, ATTACK),),
    )
    office.all_leads, office.stories = [lead], {5: story}
    client = await browse(office)
    for path in ("/", "/leads/5", "/fragment/leads/5"):
        page = await read(client, path)
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "62710561" not in page
        assert "\u202e" not in page
        assert ATTACK[:-1] in html.unescape(page)
    assert page.count("</textarea>") == 2


async def test_every_id_on_the_page_of_a_lead_is_there_once(browse, office):
    client = await browse(office)
    for lead_id in (1, 2, 3):
        page = await read(client, f"/leads/{lead_id}")
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert sorted(ids) == sorted(set(ids))
        for value in re.findall(r'(?:aria-(?:labelledby|describedby)|for)="([^"]+)"', page):
            assert set(value.split()) <= set(ids)
        assert not re.search(r"<script(?![^>]* src=)|<style|\bstyle=|\son[a-z]+=|javascript:|//[a-z]", page)


async def test_a_light_that_is_red_is_told_above_the_leads(browse, office):
    office.reports[1] = replace(office.reports[1], health=office.reports[1].health.DOWN)
    page = words(await read(await browse(office)))
    assert page.index("Modem: not working.") < page.index("Inbox Today")


async def test_another_number_to_call_is_the_one_that_is_dialled(browse, office):
    office.adds(a_lead(8, callback_number="+12165550134", callback_whose="wife", pictures=2))
    client = await browse(office)
    for path in ("/", "/leads/8"):
        page = await read(client, path)
        assert 'href="tel:+12165550134"' in page
        assert "(216) 555-0134 (wife)" in words(page)
    page = words(await read(client, "/leads/8"))
    assert "Meant to send some, 2 times" in page
