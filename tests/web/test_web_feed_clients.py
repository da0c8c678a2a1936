"""The calendar of a running page in programs that other people wrote: vdirsyncer subscribes to it, a Radicale keeps what it got.

vdirsyncer asks for the address like a telephone does and brings what it finds into a calendar of a CalDAV server; the `caldav`
library reads there what came of it. vdirsyncer names what it gets by addresses anew, so that the names are looked at where the
same calendar is put there by `caldav`.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest
from real import ANN, ZONE, a_box
from test_web_calendar import hears, requested
from test_web_feeds import made, upto

from gateway.access import certificates, passwords
from gateway.core.conversation.authority import Authority
from tests.calendars.radicale import PASSWORD, USER, radicale
from tests.gateway.booking_office import office
from tests.tooling import need
from web.app import make_app, serve

PATIENCE_S = 60.0
CONFIG = """
[general]
status_path = "{folder}/status"

[pair office]
a = "page"
b = "phone"
collections = null
conflict_resolution = "a wins"

[storage page]
type = "http"
url = "{feed}"
{trusts}

[storage phone]
{keeps}
"""


@dataclass(frozen=True)
class Kept:
    """An event as the CalDAV server has it."""

    uid: str
    begins: datetime
    ends: datetime
    sequence: int
    status: str
    summary: str


def kept(calendar) -> list[Kept]:
    found = []
    for each in calendar.events():
        for one in icalendar.Calendar.from_ical(each.data).walk("VEVENT"):
            times = (one[name].dt.astimezone(UTC) for name in ("dtstart", "dtend"))
            words = (str(one[name]) for name in ("status", "summary"))
            found.append(Kept(str(one["uid"]), *times, int(one["sequence"]), *words))
    return found


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.fixture
async def box(tmp_path):
    async with a_box(tmp_path, replace(office(book=Authority.REQUEST), zone=ZONE)) as found:
        yield found


@pytest.fixture
async def server(tmp_path):
    with radicale(tmp_path / "radicale") as found:
        await found.is_up()
        yield found


class Subscriber:
    """vdirsyncer, as somebody has set it up who copied the address from the page.

    What it reads it keeps in `calendar` of a CalDAV server, else in the folder `kept`. `trusts`: an authority, in a file.
    """

    def __init__(self, folder: Path, feed: str, calendar: str = "", trusts: Path | None = None) -> None:
        self.kept = folder / "kept"
        self.kept.mkdir(parents=True)
        keeps = f'type = "filesystem"\npath = "{self.kept}"\nfileext = ".ics"'
        if calendar:
            keeps = f'type = "caldav"\nurl = "{calendar}"\nusername = "{USER}"\npassword = "{PASSWORD}"'
        verify = "" if trusts is None else f'verify = "{trusts}"'
        self._config = folder / "config"
        self._config.write_text(CONFIG.format(folder=folder, feed=feed, trusts=verify, keeps=keeps))

    async def does(self, doing: str) -> str:
        """Once `discover` (before anything else) or `sync`; why it could not, "" when it could."""
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "vdirsyncer", "-c", str(self._config), doing),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(program.communicate(), PATIENCE_S)
        return said.decode() if program.returncode else ""


async def test_a_subscriber_sees_an_appointment_made_confirmed_moved_cancelled_and_gone(box, server, tmp_path):
    ann, path = await box.comes(ANN), await made(box)
    calendar = await asyncio.to_thread(server.calendar)
    phone = Subscriber(tmp_path / "phone", str(box.client.make_url(path)), str(calendar.url))

    assert await phone.does("discover") == ""

    async def seen() -> Kept:
        assert await phone.does("sync") == ""
        (one,) = await asyncio.to_thread(kept, calendar)
        return one

    await requested(box)
    asked = await seen()
    await box.press("/leads/1", "/leads/1/confirm", ann, upto=await upto(box, ann))
    booked = await seen()
    for words in ("I need to reschedule", "1"):
        await hears(box, words)
    moved = await seen()
    await box.press("/leads/1", "/leads/1/call-off", ann, upto=await upto(box, ann))
    gone = await seen()

    assert (asked.status, booked.status, gone.status) == ("TENTATIVE", "CONFIRMED", "CANCELLED")
    assert asked.sequence < booked.sequence < moved.sequence < gone.sequence
    assert (asked.begins, asked.ends) == (booked.begins, booked.ends) != (moved.begins, moved.ends)
    stands = await box.store.read(lambda db: db.execute("SELECT begins, ends FROM appointments").fetchone())
    assert [at.timestamp() * 1000 for at in (moved.begins, moved.ends)] == list(stands)
    assert gone.summary == "Cancelled: Tune-up or maintenance plan: Dana Reyes"


async def test_by_https_a_program_has_to_trust_the_boxs_authority_and_is_led_there_from_http(box, tmp_path):
    need(shutil.which("openssl") is not None, "openssl is missing - apt install openssl")
    path, tls = await made(box), certificates.make(tmp_path / "tls", [], [])
    await requested(box)
    app = make_app(
        box.queries,
        box.commands,
        box.logins,
        box.clock,
        business="Miller",
        zone=ZONE,
        allowed_hosts=frozenset(),
        version="1",
        feeds=box.feeds,
    )
    async with serve(app, "127.0.0.1", 0, tls=certificates.context(str(tls.certificate), str(tls.key))) as served:
        for name, scheme, trusts in (("a", "https", tls.authority), ("b", "http", tls.authority), ("c", "https", None)):
            program = Subscriber(tmp_path / name, f"{scheme}://127.0.0.1:{served.port}{path}", trusts=trusts)
            assert await program.does("discover") == ""
            why = await program.does("sync")
            events = [each.read_text() for each in program.kept.iterdir()]
            if trusts is None:
                assert "CERTIFICATE_VERIFY_FAILED" in why
                assert events == []
            else:
                assert why == ""
                (event,) = events
                assert f"URL:https://127.0.0.1:{served.port}/leads/1" in event


async def test_a_program_that_goes_by_names_and_numbers_replaces_what_was_moved_and_keeps_what_was_cancelled(
    box, server
):
    ann, path = await box.comes(ANN), await made(box)
    calendar = await asyncio.to_thread(server.calendar)

    async def put() -> Kept:
        text = await (await box.client.get(path)).text()
        await asyncio.to_thread(calendar.add_event, text, increase_seqno=False)
        (one,) = await asyncio.to_thread(kept, calendar)
        (sent,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
        assert (one.begins, one.ends) == (sent["dtstart"].dt, sent["dtend"].dt)
        assert (one.uid, one.sequence, one.status) == (str(sent["uid"]), int(sent["sequence"]), str(sent["status"]))
        return one

    await requested(box)
    asked = await put()
    form = {"upto": await upto(box, ann), "day": "2026-03-05", "begins": "10:00", "who": "Hank"}
    await box.press("/leads/1", "/leads/1/book", ann, **form)
    moved = await put()
    await box.press("/leads/1", "/leads/1/call-off", ann, upto=await upto(box, ann))
    gone = await put()
    assert re.fullmatch(r"appointment-1-[0-9a-f]{16}@textback", asked.uid)
    assert asked.uid == moved.uid == gone.uid
    assert asked.sequence < moved.sequence < gone.sequence
    assert (asked.begins != moved.begins, gone.status) == (True, "CANCELLED")


async def test_hostile_words_reach_a_calendar_server_and_come_back_as_one_event(box, server):
    ann = await box.comes(ANN)
    await requested(box)
    name = "Eve\r\nEND:VEVENT\nBEGIN:VEVENT;X=\u2028\x00\x0c\x1d\x85\u202e\ufffe😀, <b>&amp;]]>" * 20
    await box.store.write(lambda db: db.execute("UPDATE leads SET name = ?, issue = ?", (name, name)))
    calendar = await asyncio.to_thread(server.calendar)
    text = await (await box.client.get("/leads/1/appointment.ics", cookies=ann)).text()
    await asyncio.to_thread(calendar.add_event, text)
    (one,) = await asyncio.to_thread(kept, calendar)
    (sent,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert one.summary == str(sent["summary"])
    found = await asyncio.to_thread(lambda: list(calendar.search(event=True, start=one.begins, end=one.ends)))
    assert len(found) == 1, "found by its time as well"
