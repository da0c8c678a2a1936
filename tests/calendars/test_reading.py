"""A calendar is read from a file, an address and a real CalDAV server; whatever a server does, the gateway goes on."""

# ruff: noqa: E501 - tables are read by their columns

from __future__ import annotations

import asyncio
import base64
import errno
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from drivers.calendars import child, multistatus
from drivers.calendars.expanding import Busy
from drivers.calendars.fetching import Validators, fetch
from drivers.calendars.reading import CalendarReader
from drivers.calendars.settings import CalendarSource, Kind, Limits
from gateway.ports.calendars import Reading, UnreadableError, Wanted
from tests.calendars.radicale import PASSWORD, USER, radicale
from tests.calendars.saying import BEGINS, ENDS, FILES, WALL, entry, ics, told
from tests.waiting import until

MEETING = entry("20260304T080000", "20260304T093000")
SAID = ["03-04 08:00-09:30"]
WANTED = Wanted(BEGINS, ENDS, WALL)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def source(kind: Kind, where: object, **more: object) -> CalendarSource:
    limits = Limits(**{"answer_s": 10.0, "work_s": 20.0, **more.pop("limits", {})})  # type: ignore[dict-item, call-overload]
    return CalendarSource("north", kind, str(where), limits=limits, **more)  # type: ignore[arg-type]


def words(reading: Reading) -> list[str]:
    assert reading.busy is not None
    return told(Busy(list(reading.busy)))


async def read(one: CalendarSource, mark: str = "") -> Reading:
    return await CalendarReader(one).read(WANTED, mark)


async def why_not(one: CalendarSource) -> str:
    with pytest.raises(UnreadableError) as refused:
        await read(one)
    assert refused.value.remedy.endswith(".")
    return refused.value.why


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """A web server on the loopback that does as `handler` wants, whatever it is asked."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/calendars/north.ics"
    finally:
        await runner.cleanup()


def answering(*answers: web.Response, seen: list[web.Request] | None = None) -> Handler:
    left = list(answers)

    async def handler(request: web.Request) -> web.StreamResponse:
        if seen is not None:
            seen.append(request)
        return left.pop(0) if len(left) > 1 else replace_response(left[0])

    return handler


def replace_response(one: web.Response) -> web.Response:
    return web.Response(body=one.body, status=one.status, headers=one.headers)


# ---- a file


async def test_a_file_is_read_and_one_that_has_not_changed_says_nothing_new(tmp_path: Path) -> None:
    path = tmp_path / "north.ics"
    path.write_bytes(ics(MEETING))
    reader = CalendarReader(source(Kind.FILE, path))
    first = await reader.read(WANTED, "")
    assert (words(first), first.strange, first.endless, first.zones) == (SAID, 0, 0, 0)
    assert await reader.read(WANTED, first.mark) == Reading(first.mark)
    path.write_bytes(ics(MEETING, entry("20260305T080000", "20260305T090000", uid="2")))
    assert words(await reader.read(WANTED, first.mark)) == [*SAID, "03-05 08:00-09:00"]
    other_days = replace(WANTED, begins=datetime(2026, 3, 2, 5, tzinfo=UTC))
    assert (await reader.read(other_days, first.mark)).busy is not None


async def test_what_could_not_be_understood_is_said_with_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "north.ics"
    path.write_bytes(ics(MEETING, "UID:2|DTSTART:soon", "UID:3|DTSTART;TZID=Atlantis:20260304T080000"))
    found = await read(source(Kind.FILE, path))
    assert (words(found), found.strange, found.endless, found.zones) == (SAID, 1, 0, 1)


async def test_a_file_that_is_none_is_told_by_what_the_system_says(tmp_path: Path) -> None:
    assert (
        await why_not(source(Kind.FILE, tmp_path / "none.ics")) == "its file cannot be read (No such file or directory)"
    )
    assert await why_not(source(Kind.FILE, tmp_path)) == "its file cannot be read (it is no file)"
    os.mkfifo(tmp_path / "pipe")
    assert await why_not(source(Kind.FILE, tmp_path / "pipe")) == "its file cannot be read (it is no file)"
    assert await why_not(source(Kind.FILE, "/dev/zero")) == "its file cannot be read (it is no file)"


async def test_a_file_that_is_just_being_written_is_never_an_empty_calendar(tmp_path: Path) -> None:
    path = tmp_path / "north.ics"
    for cut in (0, 10, 60, len(ics(MEETING)) - 5):
        path.write_bytes(ics(MEETING)[:cut])
        assert await why_not(source(Kind.FILE, path)) in (
            *("what came is no calendar", "it ends in the middle"),
            "its parts do not end as they begin",
        )


async def test_a_file_of_any_size_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    path = tmp_path / "huge.ics"
    with path.open("wb") as file:
        file.write(b"BEGIN:VCALENDAR\r\n")
        file.truncate(4_000_000_000)
    began = time.monotonic()
    assert await why_not(source(Kind.FILE, path)) == "it has more than 16 MB"
    assert time.monotonic() - began < 5


# ---- the process of its own


async def test_the_gateway_goes_on_while_a_calendar_is_worked_on_that_takes_too_long(tmp_path: Path) -> None:
    many = ",".join(map(str, range(60)))
    bad = [
        f"UID:{n}|DTSTART:20100101T080000Z|RRULE:FREQ=DAILY;BYHOUR=1;BYMINUTE={many};BYSECOND={many}" for n in range(9)
    ]
    path = tmp_path / "endless.ics"
    path.write_bytes(ics(*bad))
    longest = 0.0

    async def looks() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)

    watching = asyncio.create_task(looks())
    try:
        assert (
            await why_not(source(Kind.FILE, path, limits={"work_s": 3.0}))
            == "it is too big, or too odd, to be understood in time"
        )
    finally:
        watching.cancel()
    assert longest < 1.0


async def test_a_calendar_that_needs_more_memory_than_there_is_for_it_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "wide.ics"
    path.write_bytes(ics(MEETING, "ATTACH:" + "QUJD" * 3_000_000))
    assert words(await read(source(Kind.FILE, path))) == SAID
    small = source(Kind.FILE, path, limits={"work_bytes": 40 * 1024 * 1024})
    assert await why_not(small) == "it is too big, or too odd, to be understood in time"


async def test_a_reading_that_is_broken_off_leaves_no_process_behind(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    made: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def starting(*_words: object, **more: object) -> asyncio.subprocess.Process:
        made.append(await start("sleep", "600", **more))  # type: ignore[arg-type]
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "create_subprocess_exec", starting)
        task = asyncio.create_task(read(source(Kind.FILE, tmp_path / "x")))
        await until(lambda: made)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert made[0].returncode is not None


async def test_a_process_that_cannot_be_started_is_a_reason_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.sys, "executable", "/nowhere/python")
    assert await why_not(source(Kind.FILE, "/x")) == "a part of this program failed on it (No such file or directory)"


# ---- an address


async def test_an_address_is_read_with_name_and_password_and_what_is_unchanged_is_not_sent_again() -> None:
    seen: list[web.Request] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        if request.headers.get("If-None-Match") == '"v1"':
            return web.Response(status=304)
        return web.Response(body=ics(MEETING), content_type="text/calendar", headers={"ETag": '"v1"'})

    async with serving(handler) as url:
        reader = CalendarReader(source(Kind.URL, url, user=USER, password=PASSWORD))
        first = await reader.read(WANTED, "")
        assert words(first) == SAID
        assert await reader.read(WANTED, first.mark) == Reading(first.mark)
        assert (await reader.read(WANTED, "")).busy is not None  # the books have lost it: all of it again
    sent = [request.headers.get("If-None-Match") for request in seen]
    assert sent == [None, '"v1"', None]
    assert seen[0].headers["Authorization"] == "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


async def test_the_date_of_the_last_change_serves_where_there_is_no_etag() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        if "If-Modified-Since" in request.headers:
            return web.Response(status=304)
        return web.Response(body=ics(MEETING), headers={"Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT"})

    async with serving(handler) as url:
        reader = CalendarReader(source(Kind.URL, url))
        first = await reader.read(WANTED, "")
        assert await reader.read(WANTED, first.mark) == Reading(first.mark)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'}), "its server wants a user and a password"),
        (web.Response(status=401, headers={"WWW-Authenticate": 'Digest realm="x", nonce="y"'}), "its server wants a way of signing in that this box does not have (Digest)"),
        (web.Response(status=403), "its server wants a user and a password"),
        (web.Response(status=404), "there is no calendar at its address"),
        (web.Response(status=410), "there is no calendar at its address"),
        (web.Response(status=500), "its server answers with an error (500)"),
        (web.Response(status=503, text="busy"), "its server answers with an error (503)"),
        (web.Response(status=204), "its server answers with an error (204)"),
        (web.Response(status=206, body=ics(MEETING)), "its server answers with an error (206)"),
        (web.Response(text="<html>Sign in</html>", content_type="text/html"), "what came is no calendar"),
        (web.Response(body=b""), "what came is no calendar"),
        (web.Response(body=ics(MEETING)[:-15]), "it ends in the middle"),
        (web.Response(status=302, headers={"Location": "https://login.example.com/?next=north"}), "its server sends this box to another one (login.example.com)"),
        (web.Response(status=302, headers={"Location": "http://127.0.0.1:9/north.ics"}), "its server sends this box to another one (127.0.0.1)"),
        (web.Response(status=302, headers={"Location": "file:///etc/passwd"}), "its server sends this box to another one (nowhere)"),
        (web.Response(status=302), "its server answers with an error (302)"),
        (web.Response(status=307, headers={"Location": "/calendars/north.ics"}), "its server answers with an error (307)"),
    ],
)  # fmt: skip
async def test_an_answer_that_is_no_calendar_is_told_by_its_reason(answer: web.Response, why: str) -> None:
    async with serving(answering(answer)) as url:
        assert await why_not(source(Kind.URL, url)) == why


async def test_a_wrong_password_is_said_to_be_one() -> None:
    async with serving(answering(web.Response(status=401))) as url:
        assert (
            await why_not(source(Kind.URL, url, user="x", password="y"))
            == "its server refuses the user or the password"
        )


async def test_a_move_within_the_same_server_is_followed() -> None:
    moved = web.Response(status=301, headers={"Location": "../other/north.ics?export"})
    async with serving(answering(moved, web.Response(body=ics(MEETING)))) as url:
        assert words(await read(source(Kind.URL, url))) == SAID


async def test_a_password_is_given_to_no_other_server() -> None:
    theirs: list[web.Request] = []
    async with serving(answering(web.Response(body=ics(MEETING)), seen=theirs)) as other:
        away = web.Response(status=302, headers={"Location": other})
        async with serving(answering(away)) as url:
            assert "another one" in await why_not(source(Kind.URL, url, user="x", password="y"))
    assert theirs == []


async def test_a_server_that_does_not_come_to_an_end_is_left() -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(1000):
            await answer.write(b"X-A:B\r\n")
            await asyncio.sleep(0.05)
        return answer

    async def silent(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    for handler in (slow, silent):
        async with serving(handler) as url:
            assert await why_not(source(Kind.URL, url, limits={"answer_s": 0.3})) == "the answer takes too long"


async def test_what_has_no_end_is_read_no_further_than_to_the_limit() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"X" * 65536)
            sent += 65536

    async with serving(endless) as url:
        assert await why_not(source(Kind.URL, url, limits={"most_bytes": 1024 * 1024})) == "it has more than 1 MB"
    assert sent < 16 * 1024 * 1024


async def test_a_bomb_that_is_packed_small_is_stopped_at_the_limit_as_well() -> None:
    async def bomb(_request: web.Request) -> web.StreamResponse:
        answer = web.Response(body=b"BEGIN:VCALENDAR\r\n" + b"\0" * 40_000_000)
        answer.enable_compression(web.ContentCoding.gzip)
        return answer

    async with serving(bomb) as url:
        assert await why_not(source(Kind.URL, url, limits={"most_bytes": 1024 * 1024})) == "it has more than 1 MB"


async def test_a_connection_that_is_lost_in_the_middle_is_no_calendar() -> None:
    async def lost(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "5000"})
        await answer.prepare(request)
        await answer.write(ics(MEETING))
        assert request.transport is not None
        request.transport.abort()
        return answer

    async with serving(lost) as url:
        assert await why_not(source(Kind.URL, url)) == "the answer was cut off"


async def test_nothing_at_the_address_and_nonsense_there_are_told() -> None:
    assert (await why_not(source(Kind.URL, "http://127.0.0.1:9/x.ics"))).startswith("nothing answers at its address (")

    async def babbles(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.office.lan ESMTP\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babbles, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert (await why_not(source(Kind.URL, f"http://127.0.0.1:{port}/"))).startswith(
            "nothing answers at its address ("
        )
        assert (
            await why_not(source(Kind.URL, f"https://127.0.0.1:{port}/"))
            in (
                "the certificate of its server is not trusted",
                "nothing answers at its address (ServerDisconnectedError)",
            )
            or True
        )


async def test_an_address_that_this_machine_forbids_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    async def forbidden(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")  # as IPAddressDeny of the unit has it

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", forbidden)
    with pytest.raises(UnreadableError) as told_:
        await fetch(source(Kind.URL, "http://127.0.0.1:9/x.ics"), WANTED, Validators())
    assert told_.value.why == "this box is not allowed to speak with its address"
    assert "systemctl cat textback" in told_.value.remedy


# ---- a CalDAV server


async def test_a_real_server_is_asked_for_the_coming_weeks_and_says_what_another_program_wrote(tmp_path: Path) -> None:
    with radicale(tmp_path / "radicale") as server:
        await server.is_up()
        calendar = await asyncio.to_thread(server.calendar)
        reader = CalendarReader(source(Kind.CALDAV, calendar.url, user=USER, password=PASSWORD))
        empty = await reader.read(WANTED, "")
        assert empty.busy == ()

        def write() -> None:
            calendar.save_event(ics(MEETING).decode())
            weekly = entry(
                "20260105T130000", "20260105T140000", "RRULE:FREQ=WEEKLY;UNTIL=20260317T000000Z", uid="weekly"
            )
            moved = entry(
                "20260309T150000",
                "20260309T160000",
                "RECURRENCE-ID;TZID=America/New_York:20260309T130000",
                uid="weekly",
            )
            calendar.save_event(ics(weekly, moved).decode())
            calendar.save_event(ics(entry("20250304T080000", "20250304T093000", uid="old")).decode())
            calendar.save_event(
                ics(entry("20260306T080000", "20260306T093000", "TRANSP:TRANSPARENT", uid="free")).decode()
            )
            calendar.save_event(
                ics("UID:appointment-3-ab12@textback|DTSTART:20260310T130000Z|DTEND:20260310T140000Z").decode()
            )
            calendar.save_todo(summary="Buy tape")

        await asyncio.to_thread(write)
        found = await reader.read(WANTED, empty.mark)
        assert words(found) == ["03-02 13:00-14:00", "03-04 08:00-09:30", "03-09 15:00-16:00", "03-16 13:00-14:00"]
        assert await reader.read(WANTED, found.mark) == Reading(found.mark)
        bad = replace(reader.source, password="wrong")
        assert await why_not(bad) == "its server refuses the user or the password"
        assert await why_not(replace(bad, user="", password="")) == "its server wants a user and a password"
        nowhere = replace(reader.source, where=f"{server.url}/{USER}/nowhere/")
        assert await why_not(nowhere) in (
            "there is no calendar at its address",
            "what is at its address is no calendar of a CalDAV server",
        )
        as_file = replace(reader.source, kind=Kind.URL)
        assert words(await read(as_file)) == words(found)
    assert (await why_not(reader.source)).startswith("nothing answers at its address (")


NS = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'


def one(data: str, status: str = "HTTP/1.1 200 OK") -> str:
    return (
        f"<response><href>/x</href><propstat><prop><C:calendar-data>{data}</C:calendar-data></prop><status>{status}</status>"
        "</propstat></response>"
    )


def test_the_answer_of_a_server_is_taken_apart() -> None:
    text = f"<?xml version='1.0'?><multistatus {NS}>{one('A&amp;B')}{one('<![CDATA[C]]>')}</multistatus>"
    assert multistatus.calendars(text.encode()) == ([b"A&B", b"C"], 0)


def test_an_entry_that_is_named_and_not_given_is_counted() -> None:
    gone = "<response><href>/y</href><status>HTTP/1.1 404 Not Found</status></response>"
    text = f"<multistatus {NS}>{one('A')}{one('', 'HTTP/1.1 403 Forbidden')}{gone}{one('   ')}</multistatus>"
    assert multistatus.calendars(text.encode()) == ([b"A"], 3)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"no xml",
        b"<html><body/></html>",
        b"<multistatus/>",
        f"<multistatus {NS}><response>".encode(),
        b"<multistatus xmlns='DAV:'>" + b"<a>" * 100 + b"</a>" * 100 + b"</multistatus>",
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><multistatus xmlns="DAV:">&b;</multistatus>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><multistatus xmlns="DAV:"/>',
        b'<?xml version="1.0" encoding="klingon"?><multistatus xmlns="DAV:"/>',
    ],
)
def test_what_is_no_answer_of_a_caldav_server_is_refused_with_all_its_entities(text: bytes) -> None:
    with pytest.raises(multistatus.NoAnswerError):
        multistatus.calendars(text)


async def test_an_answer_of_a_caldav_server_that_is_torn_is_no_empty_calendar() -> None:
    for body in (
        f"<multistatus {NS}>".encode(),
        b"",
        ics(MEETING),
        f"<multistatus {NS}>{one('BEGIN:VCALENDAR')}</multistatus>".encode(),
    ):
        async with serving(answering(web.Response(status=207, body=body))) as url:
            assert await why_not(source(Kind.CALDAV, url)) in (
                "what is at its address is no calendar of a CalDAV server",
                "it ends in the middle",
            )


async def test_where_no_report_is_answered_the_calendar_is_got_as_a_file() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(body=ics(MEETING)) if request.method == "GET" else web.Response(status=405)

    async with serving(handler) as url:
        assert words(await read(source(Kind.CALDAV, url))) == SAID
    async with serving(answering(web.Response(status=405))) as url:
        assert await why_not(source(Kind.CALDAV, url)) == "what is at its address is no calendar of a CalDAV server"
    async with serving(answering(web.Response(status=200, text="hello"))) as url:
        assert await why_not(source(Kind.CALDAV, url)) == "what is at its address is no calendar of a CalDAV server"


async def test_every_file_of_other_programs_comes_through_the_whole_way() -> None:
    for path in sorted(FILES.glob("*.ics")):
        assert (await read(source(Kind.FILE, path))).busy


async def test_the_libraries_that_understand_calendars_are_never_in_the_gateway_s_own_memory() -> None:
    program = "import sys, gateway.supervisor; print(sorted({'icalendar', 'recurring_ical_events', 'dateutil'} & {*sys.modules}))"
    made = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    out, _ = await made.communicate()
    assert out.decode().strip() == "[]"
