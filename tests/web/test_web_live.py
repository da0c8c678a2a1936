"""Open pages learn of changes, and never hold the box up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from sample import NOW, Doorkeeper, Office, a_days_work, app_of

from gateway.core.events import Health, HealthReport
from tests.waiting import until
from web.app import serve
from web.live import Live

DEADLINE_S = 5


async def next_event(answer) -> dict[str, str]:
    """The next event of a stream; comments are passed over."""
    fields: dict[str, str] = {}
    async with asyncio.timeout(DEADLINE_S):
        while True:
            line = (await answer.content.readline()).decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif fields.keys() - {""}:
                return fields
            else:
                fields = {}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


async def test_a_change_reaches_an_open_page(session):
    office = Office()
    async with serve(app_of(office), "127.0.0.1", 0) as page, session.get(page.url + "events") as stream:
        assert stream.content_type == "text/event-stream"
        hello = await next_event(stream)
        assert hello["event"] == "hello"
        await office.changed()
        change = await next_event(stream)
        assert change["event"] == "change"
        assert change["id"] != hello["id"]
        text = await (await session.get(page.url + "fragment/today")).text()
        assert f'data-mark="{change["id"]}"' in text


async def test_a_page_that_comes_back_learns_whether_it_is_out_of_date(session):
    office = Office()
    async with serve(app_of(office), "127.0.0.1", 0) as page:
        before = await (await session.get(page.url)).text()
        async with session.get(page.url + "events") as stream:
            hello = await next_event(stream)
            assert f'data-mark="{hello["id"]}"' in before
            await office.changed()
            await next_event(stream)
        async with session.get(page.url + "events", headers={"Last-Event-ID": hello["id"]}) as stream:
            assert f'data-mark="{(await next_event(stream))["id"]}"' not in before


async def test_the_numbers_of_an_earlier_run_are_not_taken_for_ours(session):
    marks = []
    for _ in range(2):
        async with serve(app_of(Office()), "127.0.0.1", 0) as page, session.get(page.url + "events") as stream:
            marks.append((await next_event(stream))["id"])
    assert marks[0] != marks[1]


async def test_the_box_stops_within_a_second_while_pages_are_open():
    office = a_days_work()
    async with aiohttp.ClientSession() as session:
        async with serve(app_of(office), "127.0.0.1", 0) as page:
            streams = [await session.get(page.url + "events") for _ in range(8)]
            for stream in streams:
                await next_event(stream)
            reader, writer = await asyncio.open_connection("127.0.0.1", page.port)
            writer.write(b"GET / HT")
            await writer.drain()
            began = time.monotonic()
        assert time.monotonic() - began < 1.0
        for stream in streams:
            assert await stream.content.read() == b""  # ended in good order, the browser comes back by itself
        writer.close()
        await asyncio.wait_for(reader.read(), DEADLINE_S)


async def test_a_stalled_page_does_not_delay_the_stop():
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as page:
        reader, writer = await asyncio.open_connection("127.0.0.1", page.port, limit=64)
        writer.write(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.read(1)
        writer.write(b"POST /texting/pause HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n")
        began = time.monotonic()
    assert time.monotonic() - began < 1.0
    writer.close()


async def test_a_closed_tab_leaves_nothing_behind(session):
    office = Office()
    live = Live(office, Doorkeeper(), "look", heartbeat_s=0.02)
    app = aiohttp.web.Application()
    app.router.add_get("/events", live.stream)
    async with serve(app, "127.0.0.1", 0) as page:
        stream = await session.get(page.url + "events")
        await next_event(stream)
        assert live.streams == 1
        stream.close()
        await until(lambda: not live.streams, "the stream is forgotten", DEADLINE_S)


async def test_too_many_streams_are_refused_and_the_page_still_opens(session, monkeypatch):
    monkeypatch.setattr("web.live.STREAMS", 1)
    async with serve(app_of(Office()), "127.0.0.1", 0) as page, session.get(page.url + "events") as stream:
        await next_event(stream)
        refused = await session.get(page.url + "events")
        assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
        assert (await session.get(page.url)).status == 200


async def test_changes_that_cannot_be_read_are_tried_again_and_shown_meanwhile(session, monkeypatch):
    class Faulty(Office):
        """Its first reading of the changes fails."""

        failed = 0

        async def changes(self):
            if not self.failed:
                self.failed += 1
                raise OSError("disk I/O error")
            async for number in super().changes():
                yield number

    monkeypatch.setattr("web.live._RETRY_FIRST_S", 0.05)
    office = Faulty()
    async with serve(app_of(office), "127.0.0.1", 0) as page, session.get(page.url + "events") as stream:
        await next_event(stream)
        seen = {(await session.get(page.url + "healthz")).status}
        async with asyncio.timeout(DEADLINE_S):
            while 200 not in seen:
                seen.add((await session.get(page.url + "healthz")).status)
        assert seen == {503, 200}
        await office.changed()
        assert (await next_event(stream))["event"] == "change"


async def test_a_connection_that_never_finishes_its_first_line_is_closed(session):
    async with serve(app_of(Office()), "127.0.0.1", 0, head_within_s=0.1) as page:
        reader, writer = await asyncio.open_connection("127.0.0.1", page.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: loc")
        assert await asyncio.wait_for(reader.read(), DEADLINE_S) == b""
        writer.close()
        assert (await session.get(page.url)).status == 200


async def test_an_open_stream_is_not_taken_for_a_silent_connection(session):
    office = Office()
    async with (
        serve(app_of(office), "127.0.0.1", 0, head_within_s=0.04) as page,
        session.get(page.url + "events") as stream,
    ):
        await next_event(stream)
        reader, writer = await asyncio.open_connection("127.0.0.1", page.port)  # opened later, closed for its silence
        assert await asyncio.wait_for(reader.read(), DEADLINE_S) == b""
        writer.close()
        await office.changed()
        assert (await next_event(stream))["event"] == "change"


async def test_a_crowd_of_silent_connections_does_not_lock_the_office_out(session):
    async with serve(app_of(Office()), "127.0.0.1", 0, connections=5, head_within_s=2) as page:
        crowd = [await asyncio.open_connection("127.0.0.1", page.port) for _ in range(12)]
        assert (await session.get(page.url)).status == 200
        assert await asyncio.wait_for(crowd[0][0].read(), DEADLINE_S) == b""
        for _, writer in crowd:
            writer.close()


async def test_a_taken_port_is_an_error_with_a_remedy():
    async with serve(app_of(Office()), "127.0.0.1", 0) as page:
        with pytest.raises(OSError, match="stop the other program there or change the page's address"):
            async with serve(app_of(Office()), "127.0.0.1", page.port):
                pass


async def test_healthz_is_for_monitors(session):
    office = a_days_work()
    async with serve(app_of(office), "127.0.0.1", 0) as page:
        answer = await session.get(page.url + "healthz")
        found = await answer.json()
        assert (answer.status, found["ok"], found["version"], found["down"]) == (200, True, "0.1.0", [])
        assert [each["component"] for each in found["components"]] == ["asterisk", "modem"]
        assert "+1303" not in await answer.text()
        office.reports.append(HealthReport("modem", Health.DOWN, NOW, "The modem does not answer.", "Pull its plug."))
        answer = await session.get(page.url + "healthz")
        assert (answer.status, (await answer.json())["down"]) == (503, ["modem"])
