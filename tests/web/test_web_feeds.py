"""The appointments in people's own calendar programs: who makes an address, what it opens, and what it does not."""

from __future__ import annotations

import asyncio
import html
import logging
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import icalendar
import pytest
from playwright.async_api import expect
from real import ANN, OLGA, ZONE, a_box
from sample import OTTO, Doorkeeper, a_days_work, app_of
from test_web_access import addresses
from test_web_browser import browser, tab  # noqa: F401
from test_web_calendar import DANA, hears, requested

from gateway.access import feeds as calendars
from gateway.access import passwords
from gateway.access.attempts import FOR_ONE_NAME, FROM_ONE_ADDRESS, WINDOW
from gateway.core.booking.rules import Crew
from gateway.core.conversation.authority import Authority
from gateway.ports.feeds import TooManyTries
from gateway.queries.feeds import CANCELLED, PAST
from tests.gateway.booking_office import NORTH, TUNE_UP, office
from web.access import Access
from web.app import serve

SOUTH = Crew("south", "South crew; Ann, Lee")
HOME = "/calendar/feeds"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.fixture(autouse=True)
def as_served(monkeypatch):
    """`web.serving` writes no log of requests; the tests' own server does."""
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)


@pytest.fixture
async def box(tmp_path):
    async with a_box(tmp_path, replace(office(TUNE_UP, NORTH, SOUTH, book=Authority.REQUEST), zone=ZONE)) as found:
        yield found


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def shown(page: str) -> list[str]:
    """The addresses on a page, as paths."""
    return [urlsplit(html.unescape(found)).path for found in re.findall(r'readonly value="([^"]+)"', page)]


async def made(box, crew: str = "") -> str:
    """The path of a new address."""
    olga = await box.comes(OLGA)
    assert (await box.press(HOME, f"{HOME}/make", olga, crew=crew)).headers["Location"] == f"{HOME}?said=made"
    name = f"/{crew or 'all'}.ics"
    (path,) = [path for path in shown(await box.text(HOME, olga)) if path.endswith(name)]
    return path


async def events(box, path: str) -> list[icalendar.Event]:
    answer = await box.client.get(path)
    assert answer.status == 200, await answer.text()
    return icalendar.Calendar.from_ical(await answer.read()).walk("VEVENT")


async def upto(box, who) -> str:
    return re.search(r'data-upto="([^"]*)"', await box.text("/leads/1", who))[1]


# ---- what stands there


async def test_an_appointment_stands_in_the_calendar_with_what_a_person_needs_who_goes_there(box):
    await requested(box)
    (one,) = await events(box, await made(box))
    assert str(one["summary"]) == "Tune-up or maintenance plan: Dana Reyes (to be confirmed)"
    assert str(one["status"]) == "TENTATIVE"
    assert str(one["location"]).startswith("1423 Clifton Blvd")
    assert re.fullmatch(r"appointment-1-[0-9a-f]{16}@textback", str(one["uid"]))
    assert one["dtstart"].dt.isoformat() == "2026-03-04T19:00:00+00:00"
    assert one["dtend"].dt.isoformat() == "2026-03-05T00:00:00+00:00"
    assert [str(each) for each in one["categories"].cats] == ["North crew"]
    words = str(one["description"])
    assert "Phone: (216) 555-0" in words
    assert str(one["url"]).endswith("/leads/1")
    assert str(one["url"]) in words
    assert urlsplit(str(one["url"])).port == box.client.port


async def test_what_a_person_has_moved_by_hand_says_who_goes_and_what_was_noted(box):
    everybody, north = await made(box), await made(box, "north")
    await requested(box)
    (before,) = await events(box, north)
    begins = box.clock.now() + timedelta(days=2)
    note = "The dog bites; ring twice.\n" * 10
    await box.commands.leads.book(1, begins, begins + timedelta(days=3), "page:Ann", who="Hank, with Lee", note=note)
    (one,) = await events(box, everybody)
    assert (str(one["uid"]), int(one["sequence"])) == (str(before["uid"]), int(before["sequence"]) + 1)
    assert (one["dtstart"].dt, one["dtend"].dt) == (begins, begins + timedelta(days=3))
    assert [str(each) for each in one["categories"].cats] == ["Hank with Lee"]
    assert "Note: The dog bites; ring twice." in str(one["description"])
    assert await events(box, north) == [], "nobody of them goes there any more"


async def test_the_calendar_is_called_like_the_business_and_the_crew(box):
    calendar = icalendar.Calendar.from_ical(await (await box.client.get(await made(box))).read())
    assert (str(calendar["x-wr-calname"]), str(calendar["x-wr-timezone"])) == (
        "Miller Plumbing & Heating",
        "America/Denver",
    )
    calendar = icalendar.Calendar.from_ical(await (await box.client.get(await made(box, "south"))).read())
    assert str(calendar["x-wr-calname"]) == "Miller Plumbing & Heating: South crew\\; Ann\\, Lee"


async def test_a_window_that_is_only_held_stands_in_no_calendar(box):
    for words in ("I need a furnace tune up in 44107", "2"):
        await hears(box, words)
    assert await box.store.read(lambda db: db.execute("SELECT state FROM appointments").fetchone()[0]) == "held"
    assert await events(box, await made(box)) == []


async def test_confirmed_moved_and_cancelled_it_keeps_its_name_and_counts_on(box):
    ann, path = await box.comes(ANN), await made(box)
    await requested(box)
    (asked,) = await events(box, path)
    await box.press("/leads/1", "/leads/1/confirm", ann, upto=await upto(box, ann))
    (booked,) = await events(box, path)
    for words in ("I need to reschedule", "1"):
        await hears(box, words)
    (moved,) = await events(box, path)
    await box.press("/leads/1", "/leads/1/call-off", ann, upto=await upto(box, ann))
    (gone,) = await events(box, path)
    lives = (asked, booked, moved, gone)
    assert len({str(one["uid"]) for one in lives}) == 1
    assert [str(one["status"]) for one in lives][1::2] == ["CONFIRMED", "CANCELLED"]
    counts = [int(one["sequence"]) for one in lives]
    assert counts == sorted(set(counts)), counts
    changed = [one["last-modified"].dt for one in lives]
    assert changed == sorted(changed)
    assert [one["dtstamp"].dt for one in lives] == changed
    assert moved["dtstart"].dt != booked["dtstart"].dt
    assert str(gone["summary"]).startswith("Cancelled: ")


async def test_what_was_cancelled_and_what_is_long_over_leaves_the_calendar_by_and_by(box):
    ann, path = await box.comes(ANN), await made(box)
    await requested(box)
    await box.press("/leads/1", "/leads/1/call-off", ann, upto=await upto(box, ann))
    box.clock.moment += CANCELLED - timedelta(minutes=1)
    assert len(await events(box, path)) == 1
    box.clock.moment += timedelta(minutes=2)
    assert await events(box, path) == []


async def test_what_was_two_months_ago_is_not_shown_any_more(box):
    path = await made(box)
    await requested(box)
    box.clock.moment += PAST
    assert len(await events(box, path)) == 1
    box.clock.moment += timedelta(days=4)
    assert await events(box, path) == []


async def test_hostile_words_stay_where_they_were_written(box):
    path = await made(box)
    await requested(box)
    name = "Eve\r\nEND:VEVENT\nBEGIN:VEVENT;X=\u2028\x00\u202e😀" * 20
    await box.store.write(lambda db: db.execute("UPDATE leads SET name = ?, issue = ?", (name, name)))
    (one,) = await events(box, path)
    assert str(one["summary"]).startswith("Tune-up or maintenance plan: Eve")
    assert set(one) == {
        *("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP", "LOCATION"),
        *("DESCRIPTION", "CATEGORIES", "URL"),
    }


# ---- who may read


async def test_each_crew_has_an_address_of_its_own_that_opens_nothing_else(box):
    await requested(box)
    everybody, north, south = await made(box), await made(box, "north"), await made(box, "south")
    assert len({path.split("/")[2] for path in (everybody, north, south)}) == 3
    assert len(await events(box, everybody)) == len(await events(box, north)) == 1
    assert await events(box, south) == []
    for wrong in (south.replace("south", "north"), south.replace("south", "all"), north.replace(".ics", "")):
        assert (await box.client.get(wrong)).status == 404


async def test_an_address_opens_its_calendar_and_not_one_other_page(box):
    path = await made(box)
    secret = path.split("/")[2]
    for method, address, access in addresses(box.client.app):
        if access is Access.ANYBODY or method not in ("GET", "HEAD"):
            continue
        there = re.sub(r"{\w+}", "1", address)
        for asked in (there, f"/feeds/{secret}{there}", f"/feeds/{secret}/..{there}", f"{there}?secret={secret}"):
            answer = await box.client.request(
                method, asked, allow_redirects=False, headers={"Authorization": f"Bearer {secret}"}
            )
            assert answer.status in (302, 401, 404, 405, 429), (method, asked)
            answer.close()
    for method in ("POST", "PUT", "DELETE", "PROPFIND", "OPTIONS"):
        assert (await box.client.request(method, path)).status == 405, method


async def test_a_wrong_address_is_no_page(box):
    await made(box)
    for path in (
        "/feeds/x/all.ics",
        f"/feeds/{'A' * 32}/all.ics",
        f"/feeds/{'A' * 101}/all.ics",
        "/feeds/%00/all.ics",
        "/feeds/",
    ):
        assert (await box.client.get(path)).status == 404, path


async def test_the_owner_makes_another_address_and_the_old_one_stops_at_once(box):
    olga, old = await box.comes(OLGA), await made(box)
    answer = await box.press(HOME, f"{HOME}/renew", olga, crew="")
    assert answer.headers["Location"] == f"{HOME}?said=renewed"
    assert "The old one does not work any more." in await box.text(f"{HOME}?said=renewed", olga)
    (new,) = shown(await box.text(HOME, olga))
    assert new != old
    assert (await box.client.get(old)).status == 404
    assert (await box.client.get(new)).status == 200


async def test_an_address_that_was_ended_opens_nothing_and_can_be_made_again(box):
    olga, old = await box.comes(OLGA), await made(box, "north")
    assert (await box.press(HOME, f"{HOME}/end", olga, crew="north")).headers["Location"] == f"{HOME}?said=ended"
    assert shown(await box.text(HOME, olga)) == []
    assert (await box.client.get(old)).status == 404
    assert (await box.press(HOME, f"{HOME}/end", olga, crew="north")).status == 409
    assert (await box.press(HOME, f"{HOME}/renew", olga, crew="north")).status == 409
    assert await made(box, "north") != old


async def test_pressing_twice_makes_one_address(box):
    path, olga = await made(box), await box.comes(OLGA)
    assert (await box.press(HOME, f"{HOME}/make", olga, crew="")).status == 303
    assert shown(await box.text(HOME, olga)) == [path]


async def test_an_address_outlives_a_restart(box):
    path = await made(box)
    (secret,) = path.split("/")[2:3]
    again = calendars.Feeds(box.store, box.clock, lambda: box.dispatcher.business)
    assert (await again.enter(secret, "192.168.1.9")).crew == ""
    assert await again.installation() == await box.feeds.installation() != ""


async def test_only_an_owner_makes_renews_and_ends_an_address_and_the_office_may_copy_it(box):
    path, ann = await made(box), await box.comes(ANN)
    page = await box.text(HOME, ann)
    assert shown(page) == [path]
    assert "An owner can make one." in page
    assert f'action="{HOME}' not in page
    for verb in ("make", "renew", "end"):
        assert (await box.press("/me", f"{HOME}/{verb}", ann, crew="")).status == 403, verb
    assert (await box.client.get(path)).status == 200
    answer = await box.client.get(HOME, allow_redirects=False)
    assert answer.headers["Location"].startswith("/sign-in")


async def test_an_unknown_crew_gets_no_address_and_one_that_is_gone_keeps_its_own_until_it_is_ended(box):
    olga = await box.comes(OLGA)
    answer = await box.press(HOME, f"{HOME}/make", olga, crew="nobody")
    assert answer.status == 409
    assert "There is no such crew any more." in await answer.text()
    path = await made(box, "south")
    box.feeds._business = lambda: office(TUNE_UP, NORTH)
    assert "The settings know no such crew any more." in await box.text(HOME, olga)
    assert (await box.client.get(path)).status == 200
    await box.press(HOME, f"{HOME}/end", olga, crew="south")
    assert "The settings know no such crew any more." not in await box.text(HOME, olga)


async def test_who_did_what_stands_in_the_history_and_the_address_nowhere(box, caplog):
    caplog.set_level(logging.DEBUG)
    olga, path = await box.comes(OLGA), await made(box, "north")
    await box.press(HOME, f"{HOME}/renew", olga, crew="north")
    (new,) = shown(await box.text(HOME, olga))
    await box.client.get(path)
    await box.client.get(new)
    await box.press(HOME, f"{HOME}/end", olga, crew="north")
    assert [line for line in await box.history() if "calendar" in line] == [
        "Olga: a calendar address was made for North crew",
        "Olga: another calendar address was made for North crew",
        "Olga: the calendar address was ended for North crew",
    ]
    kept = await box.store.read(lambda db: "\n".join(db.iterdump()))
    for secret in (path.split("/")[2], new.split("/")[2]):
        assert secret not in caplog.text
        assert secret not in kept, "what has ended is nowhere any more"


async def test_an_address_is_in_no_log_when_the_page_fails(box, caplog, monkeypatch):
    path = await made(box)

    async def fails(_crew):
        raise RuntimeError("no")

    monkeypatch.setattr(box.feeds, "published", fails)
    assert (await box.client.get(path)).status == 500
    assert "failed" in caplog.text
    assert path.split("/")[2] not in caplog.text


# ---- guessing


async def test_guessing_is_stopped_and_keeps_no_machine_out_that_reads_a_calendar_already(box):
    secret = (await made(box)).split("/")[2]
    assert await box.feeds.enter(secret, "192.168.1.5") is not None
    for guess in range(FROM_ONE_ADDRESS):
        assert await box.feeds.enter(f"guess-{guess}", "192.168.1.66") is None
    with pytest.raises(TooManyTries):
        await box.feeds.enter(secret, "192.168.1.66")
    for guess in range(FOR_ONE_NAME - FROM_ONE_ADDRESS):
        assert await box.feeds.enter(f"guess-{guess}", f"192.168.1.{100 + guess}") is None
    with pytest.raises(TooManyTries):
        await box.feeds.enter("guess", "192.168.1.200")
    assert await box.feeds.enter(secret, "192.168.1.5") is not None
    box.clock.moment += WINDOW + timedelta(seconds=1)
    assert await box.feeds.enter(secret, "192.168.1.66") is not None


async def test_a_right_address_in_between_buys_no_further_guesses(box):
    secret = (await made(box)).split("/")[2]
    for guess in range(FROM_ONE_ADDRESS):
        assert await box.feeds.enter(secret, "192.168.1.5") is not None
        assert await box.feeds.enter(f"guess-{guess}", "192.168.1.5") is None
    with pytest.raises(TooManyTries):
        await box.feeds.enter(secret, "192.168.1.5")


async def test_guesses_at_the_same_moment_are_counted_one_by_one(box):
    await made(box)
    found = await asyncio.gather(
        *(box.feeds.enter(f"guess-{guess}", "192.168.1.66") for guess in range(50)), return_exceptions=True
    )
    assert found.count(None) == FROM_ONE_ADDRESS


async def test_a_telephone_that_goes_on_asking_for_an_old_address_does_not_guess(box):
    olga, old = await box.comes(OLGA), (await made(box)).split("/")[2]
    await box.press(HOME, f"{HOME}/renew", olga, crew="")
    (new,) = shown(await box.text(HOME, olga))
    for _ in range(5 * FROM_ONE_ADDRESS):
        assert await box.feeds.enter(old, "192.168.1.5") is None
    assert await box.feeds.enter(new.split("/")[2], "192.168.1.5") is not None


async def test_guessing_over_the_wire_is_told_to_wait(box):
    await made(box)
    told = [
        (await box.client.get(f"/feeds/guess-{n}/all.ics", headers={"X-Forwarded-For": f"10.0.0.{n}"}))
        for n in range(12)
    ]
    assert [answer.status for answer in told] == [404] * FROM_ONE_ADDRESS + [429] * 2
    assert int(told[-1].headers["Retry-After"]) > 0


# ---- how programs ask


async def test_a_calendar_that_has_not_changed_is_not_sent_again(box):
    path = await made(box)
    await requested(box)
    first = await box.client.get(path)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"].startswith("private")
    tag = first.headers["ETag"]
    box.clock.moment += timedelta(hours=1)
    again = await box.client.get(path, headers={"If-None-Match": tag})
    assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", tag)
    ann = await box.comes(ANN)
    await box.press("/leads/1", "/leads/1/confirm", ann, upto=await upto(box, ann))
    other = await box.client.get(path, headers={"If-None-Match": tag})
    assert other.status == 200
    assert other.headers["ETag"] != tag


async def test_a_program_may_ask_for_the_head_alone(box):
    path = await made(box)
    whole = await (await box.client.get(path)).read()
    answer = await box.client.head(path)
    assert (answer.status, await answer.read()) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(whole)


async def test_the_words_are_in_the_language_of_the_page_on_which_the_address_was_made(box):
    await requested(box)
    box.client.session.headers["Accept-Language"] = "es"
    path = await made(box)
    box.client.session.headers["Accept-Language"] = "en"
    (one,) = await events(box, path)
    assert str(one["summary"]).endswith("(por confirmar)")
    assert "Teléfono: (216) 555-0" in str(one["description"])


# ---- one appointment as a file, and the page


async def test_the_appointment_of_a_lead_is_a_file_for_whoever_is_signed_in(box):
    ann = await box.comes(ANN)
    await hears(box, DANA)
    assert (await box.client.get("/leads/1/appointment.ics", cookies=ann)).status == 404
    assert "appointment.ics" not in await box.text("/leads/1", ann)
    await hears(box, "2")
    assert 'href="/leads/1/appointment.ics"' in await box.text("/leads/1", ann)
    answer = await box.client.get("/leads/1/appointment.ics", cookies=ann)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment-1.ics"'
    (one,) = icalendar.Calendar.from_ical(await answer.read()).walk("VEVENT")
    (same,) = await events(box, await made(box))
    assert (str(one["uid"]), one["sequence"], one["dtstart"].dt) == (
        str(same["uid"]),
        same["sequence"],
        same["dtstart"].dt,
    )
    assert (await box.client.get("/leads/9/appointment.ics", cookies=ann)).status == 404
    answer = await box.client.get("/leads/1/appointment.ics", allow_redirects=False)
    assert answer.headers["Location"].startswith("/sign-in")


async def test_the_calendar_leads_to_the_addresses_and_the_page_says_what_they_are(box):
    olga = await box.comes(OLGA)
    assert f'href="{HOME}"' in await box.text("/calendar", olga)
    await made(box)
    page = await box.text(HOME, olga)
    assert "Whoever has an address reads names, telephone numbers and streets without signing in." in plain(page)
    assert "You have opened this page under a name that means “this machine itself”." in plain(page)
    assert "This page is served without HTTPS" in plain(page)
    assert re.search(r'value="http://127\.0\.0\.1:\d+/feeds/[\w-]{32}/all\.ics"', page)


@pytest.mark.browser
async def test_an_address_is_copied_by_a_press(browser):  # noqa: F811
    async with serve(app_of(a_days_work(), gate=Doorkeeper(OTTO)), "127.0.0.1", 0) as served, tab(browser) as page:
        await page.goto(f"{served.url}calendar/feeds")
        address = page.get_by_label(re.compile(r"Address\s*: All appointments"))
        await page.get_by_role("button", name=re.compile(r"Copy\s*: All appointments")).click()
        await expect(page.locator("#f1 output")).to_have_text("Copied")
        await page.evaluate("document.body.insertAdjacentHTML('beforeend', '<textarea id=there></textarea>')")
        await page.locator("#there").focus()
        await page.keyboard.press("Control+V")
        await expect(page.locator("#there")).to_have_value(await address.input_value())
