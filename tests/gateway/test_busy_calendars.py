"""A crew that is busy by a calendar is not offered; where the calendar cannot be read any more the box only requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drivers.calendars.reading import CalendarReader
from drivers.calendars.settings import CalendarSource, Kind
from gateway.calendarwatch import CalendarWatch, Watched
from gateway.core.booking.rules import BusyCalendar, Crew
from gateway.core.business import Business
from gateway.core.events import AppointmentRuled, CalendarRead, ClockJumped, Health, RecordsMended, Ruling
from gateway.health import HealthBoard
from gateway.ports.calendars import Reading, Wanted
from tests.calendars.radicale import PASSWORD, USER, Radicale, radicale
from tests.calendars.saying import ics
from tests.gateway.booking_office import TUNE_UP, office
from tests.gateway.box import BUSINESS, Box, living, reader
from tests.gateway.calls_back import says
from tests.gateway.test_booking import BOOKED, DANA, OFFER, OTHER, THIRD, books
from tests.waiting import until

MINUTE, HOUR = 60.0, 3600.0
WEDNESDAY = "Wed Mar 4 12-5 PM"
REQUESTED = (
    "Requested, not booked yet: Tune-up or maintenance plan, 1423 Clifton Blvd, {}. The office still has to confirm it."
)


def shop(*crews: Crew, source: str = "here", fresh: timedelta = timedelta(hours=1)) -> Business:
    """Miller, whose crew is busy by the calendar 'van'."""
    business = office(replace(TUNE_UP, crews=tuple(crew.name for crew in crews) or ("north",)), *crews or (NORTH,))
    rules = business.conversation
    booking = replace(rules.booking, calendars={"van": BusyCalendar("van", source, fresh)})
    return replace(business, conversation=replace(rules, booking=booking))


NORTH = Crew("north", "North crew", calendars=("van",))
SOUTH = Crew("south", "South crew")


def job(begins: str, ends: str, uid: str = "1") -> str:
    """An entry of a calendar, at times of Cleveland's clock."""
    return (
        f"UID:{uid}|DTSTAMP:20260301T120000Z|DTSTART;TZID=America/New_York:{begins}|DTEND;TZID=America/New_York:{ends}"
    )


class Watching:
    """A box whose calendar is read when the test says so. `file` is the calendar."""

    def __init__(self, box: Box, file: Path, business: Business, where: CalendarSource) -> None:
        self.box, self.file, self.board = box, file, HealthBoard()
        self.watch = CalendarWatch(box.dispatcher.submit, box.store, self.board, self.board.forget, box.clock)
        box.dispatcher.listen(self.watch.heard)
        fresh = business.conversation.booking.calendars["van"].fresh.total_seconds()
        self.watch.use([Watched("van", "here", 15 * MINUTE, fresh, CalendarReader(where))], business)

    def write(self, *entries: str) -> None:
        self.file.write_bytes(ics(*entries))

    async def read(self) -> None:
        await self.watch.read_all()

    @property
    def said(self) -> str:
        (report,) = self.board.reports()
        assert report.component == "calendar van"
        return f"{report.health}: {report.say}"

    async def history(self) -> list[str]:
        rows = await self.box.rows("SELECT what FROM history WHERE subject = 'box:calendar van' ORDER BY id")
        return [what for (what,) in rows]

    async def why(self, lead: int = 1) -> str:
        ((why,),) = await self.box.rows("SELECT why FROM leads WHERE id = ?", lead)
        return str(why)


@asynccontextmanager
async def watching(
    folder: Path, business: Business | None = None, where: CalendarSource | None = None
) -> AsyncIterator[Watching]:
    business, file = business or shop(), folder / "van.ics"
    source = where or CalendarSource("van", Kind.FILE, str(file))
    async with living(folder / "box", business, read=reader()) as box:
        yield Watching(box, file, business, source)


async def test_a_window_in_which_the_crew_is_busy_is_not_offered_and_the_others_are_booked(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        one.write(job("20260303T080000", "20260303T090000"), job("20260304T130000", "20260304T133000", "2"))
        await one.read()
        (offer,) = await says(one.box, DANA)
        assert "Tue Mar 3 8 AM" not in offer
        assert "Wed Mar 4 12-5" not in offer
        assert await says(one.box, "thursday afternoon") == [BOOKED.format("Thu Mar 5 12-5 PM")]
        assert await books(one.box) == [("2026-03-05", "north", 1, "confirmed")]
        assert one.said == "up: It is read again and again."


async def test_a_crew_that_names_no_calendar_goes_where_the_busy_one_cannot(tmp_path: Path) -> None:
    async with watching(tmp_path, shop(NORTH, SOUTH)) as one:
        one.write(job("20260304T080000", "20260304T180000"))
        await one.read()
        assert await says(one.box, DANA, "2") == [OFFER, BOOKED.format(WEDNESDAY)]
        assert await books(one.box) == [("2026-03-04", "south", 1, "confirmed")]


async def test_while_a_calendar_is_not_read_yet_windows_are_offered_and_only_requested(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        assert await says(one.box, DANA, "2") == [OFFER, REQUESTED.format(WEDNESDAY)]
        assert await books(one.box) == [("2026-03-04", "north", 1, "requested")]
        assert await one.why() == "the calendar 'van' has not been read yet: confirm yourself"
        notes = await one.box.rows("SELECT what FROM history WHERE subject = 'lead:1' AND what LIKE 'requested%'")
        assert notes == [("requested, not booked: the calendar 'van' has not been read yet: confirm yourself",)]
        await one.box.happens(AppointmentRuled(one.box.clock.now(), 1, Ruling.CONFIRM, "page:Ann"))
        assert await books(one.box) == [("2026-03-04", "north", 1, "confirmed")]


async def test_a_server_that_is_gone_counts_for_an_hour_then_the_box_requests_and_when_it_is_back_it_books(
    tmp_path: Path,
) -> None:
    async with watching(tmp_path) as one:
        one.write(job("20260303T080000", "20260303T090000"))
        await one.read()
        one.file.unlink()
        await one.box.wait(30 * MINUTE)
        await one.read()
        assert one.said == (
            "degraded: The calendar “van” cannot be read: its file cannot be read (No such file or directory)."
            " Callers are booked by what was read Mar 2, 10:00 AM until Mar 2, 11:00 AM."
        )
        assert (await says(one.box, DANA, "wednesday afternoon"))[-1] == BOOKED.format(WEDNESDAY)
        await one.box.wait(40 * MINUTE)
        await one.read()
        assert one.said == (
            "degraded: The calendar “van” cannot be read: its file cannot be read (No such file or directory)."
            " It has not been read since Mar 2, 10:00 AM: what callers choose is requested, not booked."
        )
        offer, requested = await says(one.box, DANA, "friday morning", caller=OTHER)
        assert "Tue Mar 3 8 AM" not in offer  # what it said last counts
        assert requested == REQUESTED.format("Fri Mar 6 8 AM-12 PM")
        assert await one.why(2) == "the calendar 'van' has not been read since Mar 2, 10:00 AM: confirm yourself"
        one.write(job("20260303T080000", "20260303T090000"))
        await one.read()
        assert one.said == "up: It is read again and again."
        assert (await says(one.box, DANA, "thursday afternoon", caller=THIRD))[-1] == BOOKED.format("Thu Mar 5 12-5 PM")
        assert [row[3] for row in await books(one.box)] == ["confirmed", "requested", "confirmed"]
        assert await one.history() == [
            "the calendar 'van' was read for the first time",
            "the calendar 'van' cannot be read: its file cannot be read (No such file or directory)",
            "the calendar 'van' can be read again",
        ]


async def test_a_crew_of_whose_time_nobody_is_sure_goes_only_where_no_other_can(tmp_path: Path) -> None:
    async with watching(tmp_path, shop(NORTH, SOUTH)) as one:
        assert await says(one.box, DANA, "2") == [OFFER, BOOKED.format(WEDNESDAY)]
        assert (await says(one.box, DANA, "wednesday afternoon", caller=OTHER))[-1] == REQUESTED.format(WEDNESDAY)
        assert [row[1] for row in await books(one.box)] == ["south", "north"]


async def test_who_chooses_a_window_that_a_calendar_has_taken_meanwhile_is_shown_others(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        one.write()
        await one.read()
        assert await says(one.box, DANA) == [OFFER]
        one.write(job("20260304T130000", "20260304T140000"))
        await one.read()
        (gone,) = await says(one.box, "2")
        assert gone.startswith("That one has just been taken, sorry. Open: 1 ")
        assert "Wed Mar 4 12-5" not in gone
        assert await books(one.box) == []
        assert await says(one.box, "1") == [BOOKED.format("Tue Mar 3 8 AM-12 PM")]


async def test_a_window_that_is_kept_for_an_answer_is_not_booked_over_what_a_calendar_says_by_then(
    tmp_path: Path,
) -> None:
    async with watching(tmp_path) as one:
        one.write()
        await one.read()
        await says(one.box, "I need a furnace tune up in 44107. Dana Reyes", "2")
        assert await books(one.box) == [("2026-03-04", "north", 1, "held")]
        one.write(job("20260304T130000", "20260304T140000"))
        await one.read()
        (gone,) = await says(one.box, "1423 Clifton Blvd")
        assert gone.startswith("That one has just been taken, sorry. Open: 1 ")
        assert [row[3] for row in await books(one.box)] == ["cancelled"]


async def test_what_is_requested_is_not_booked_by_itself_over_what_a_calendar_says(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        one.write()
        await one.read()
        await says(one.box, "I need a furnace tune up in 44107", "2", "1423 Clifton Blvd")
        assert [row[3] for row in await books(one.box)] == ["requested"]  # no name yet
        one.write(job("20260304T130000", "20260304T140000"))
        await one.read()
        await says(one.box, "Dana Reyes")
        assert [row[3] for row in await books(one.box)] == ["requested"]
        assert await one.why() == "a calendar shows them busy then: look before you confirm"


async def test_an_appointment_of_ours_in_the_calendar_takes_no_second_place(tmp_path: Path) -> None:
    async with watching(tmp_path, shop(replace(NORTH, places=2))) as one:
        one.write(job("20260304T120000", "20260304T170000", "appointment-1-0a1b@textback"))
        await one.read()
        assert await says(one.box, DANA, "2") == [OFFER, BOOKED.format(WEDNESDAY)]


async def test_a_calendar_that_is_not_wholly_understood_is_not_relied_on(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        one.write(
            job("20260303T080000", "20260303T090000"),
            "UID:2|DTSTART:soon",
            "UID:3|DTSTART:20200101T080000Z|RRULE:FREQ=SECONDLY",
        )
        await one.read()
        what = "1 entry that cannot be understood; 1 entry that repeats without end"
        assert one.said == f"degraded: The calendar “van” has {what}. What callers choose is requested, not booked."
        offer, requested = await says(one.box, DANA, "wednesday afternoon")
        assert "Tue Mar 3 8 AM" not in offer
        assert requested == REQUESTED.format(WEDNESDAY)
        assert await one.why() == "not all of the calendar 'van' could be understood: confirm yourself"
        await one.read()  # unchanged: it is doubted still
        assert one.said.startswith("degraded: ")
        one.write(job("20260303T080000", "20260303T090000"))
        await one.read()
        assert one.said.startswith("up: ")
        assert await one.history() == [
            f"the calendar 'van' was read; it has {what}",
            "all of the calendar 'van' is understood again",
        ]
        assert (await says(one.box, DANA, "thursday afternoon", caller=OTHER))[-1] == BOOKED.format("Thu Mar 5 12-5 PM")


async def test_after_a_restart_without_network_the_books_know_what_was_read_and_how_old_it_is(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        one.write(job("20260303T080000", "20260303T090000"))
        await one.read()
        clock = one.box.clock
    async with living(tmp_path / "box", shop(), clock=clock, read=reader()) as box:
        await box.wait(10 * MINUTE)
        offer, booked = await says(box, DANA, "wednesday afternoon")
        assert "Tue Mar 3 8 AM" not in offer
        assert booked == BOOKED.format(WEDNESDAY)
        await box.wait(2 * HOUR)
        assert (await says(box, DANA, "friday morning", caller=OTHER))[-1].startswith("Requested, not booked yet")


async def test_what_was_read_at_another_address_does_not_count(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        one.write(job("20260303T080000", "20260303T090000"))
        await one.read()
        clock = one.box.clock
    async with living(tmp_path / "box", shop(source="moved"), clock=clock, read=reader()) as box:
        assert (await says(box, DANA, "tuesday morning"))[-1] == REQUESTED.format("Tue Mar 3 8 AM-12 PM")


async def test_a_calendar_that_says_the_same_is_noted_only_as_often_as_the_books_need_it(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        one.write(job("20260303T080000", "20260303T090000"))
        written = 0

        def count(event: object, _effects: object) -> None:
            nonlocal written
            written += isinstance(event, CalendarRead)

        one.box.dispatcher.listen(count)
        for _ in range(24):
            await one.read()
            await one.box.wait(5 * MINUTE)
            ((read_at,),) = await one.box.rows("SELECT read_at FROM calendars")
            assert one.box.clock.now().timestamp() - read_at / 1000 < 45 * MINUTE
        assert written <= 8  # of 24 readings in two hours
        assert len(await one.history()) == 1


async def test_a_clock_that_was_wrong_when_it_was_read_makes_nothing_sure(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        one.write()
        await one.read()
        one.box.clock.moment -= timedelta(days=2)
        await one.box.happens(ClockJumped(one.box.clock.now(), -2 * 24 * HOUR))
        assert (await says(one.box, DANA, "wednesday afternoon"))[-1] == REQUESTED.format(WEDNESDAY)


async def test_what_was_read_is_forgotten_with_the_calendar(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        one.write(job("20260303T080000", "20260303T090000"))
        await one.read()
        none = replace(BUSINESS, conversation=replace(BUSINESS.conversation))
        one.box.dispatcher.go_by(none, reader())
        await one.box.happens(CalendarRead(one.box.clock.now(), "van", "here", "x", ()))
        assert await one.box.rows("SELECT * FROM busy_times") == await one.box.rows("SELECT * FROM calendars") == []
        one.watch.use([], none)
        assert one.board.reports() == ()


async def test_nothing_new_about_a_calendar_that_the_books_have_lost_makes_it_no_free_one(tmp_path: Path) -> None:
    async with watching(tmp_path) as one:
        await one.box.happens(CalendarRead(one.box.clock.now(), "van", "here", "mark", None))
        assert await one.box.rows("SELECT * FROM calendars") == []
        await one.box.happens(RecordsMended(one.box.clock.now(), "x", True))
        assert (await says(one.box, DANA, "2"))[-1] == REQUESTED.format(WEDNESDAY)


async def test_a_fault_in_one_calendar_is_told_as_its_own_and_stops_nothing(tmp_path: Path) -> None:
    class Broken:
        async def read(self, _wanted: Wanted, _mark: str) -> Reading:
            raise ZeroDivisionError

    async with watching(tmp_path) as one:
        one.watch.use([Watched("van", "here", 900.0, 3600.0, Broken())], shop())
        await one.read()
        assert one.said == (
            "degraded: The calendar “van” cannot be read: a part of this program failed on it (ZeroDivisionError)."
            " It was never read: what callers choose is requested, not booked."
        )


async def test_days_that_are_read_reach_as_far_as_windows_are_offered(tmp_path: Path) -> None:
    asked: list[Wanted] = []

    class Asked:
        async def read(self, wanted: Wanted, _mark: str) -> Reading:
            asked.append(wanted)
            return Reading("mark", ())

    async with watching(tmp_path) as one:
        one.watch.use([Watched("van", "here", 900.0, 3600.0, Asked())], shop())
        await one.read()
        one.box.clock.moment += timedelta(hours=10)
        await one.read()
    assert asked[0] == asked[1]
    assert asked[0].begins == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert asked[0].ends == datetime(2026, 3, 19, 4, tzinfo=UTC)


async def test_calendars_are_read_by_themselves_again_and_at_once_after_a_change(tmp_path: Path) -> None:

    async with watching(tmp_path) as one:
        one.write(job("20260303T080000", "20260303T090000"))
        running = asyncio.create_task(one.watch.run())
        try:
            await until(lambda: bool(one.board.reports()))
            one.write(job("20260305T080000", "20260305T090000"))
            one.watch.use(one.watch._watched, shop())

            async def seen() -> bool:
                rows = await one.box.rows("SELECT begins FROM busy_times")
                return rows == [(int(datetime(2026, 3, 5, 13, tzinfo=UTC).timestamp() * 1000),)]

            await until(seen)
        finally:
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running


async def test_a_real_server_goes_away_and_comes_back(tmp_path: Path) -> None:

    with radicale(tmp_path / "radicale") as server:
        await server.is_up()
        calendar = await asyncio.to_thread(server.calendar)
        await asyncio.to_thread(calendar.save_event, ics(job("20260303T080000", "20260303T090000")).decode())
        where = CalendarSource("van", Kind.CALDAV, str(calendar.url), USER, PASSWORD)
        async with watching(tmp_path, where=where) as one:
            await one.read()
            (offer,) = await says(one.box, DANA)
            assert "Tue Mar 3 8 AM" not in offer
            server.stop()
            await one.box.wait(61 * MINUTE)
            await one.read()
            assert one.said.startswith("degraded: The calendar “van” cannot be read: nothing answers at its address (")
            assert await says(one.box, "wednesday afternoon") == [REQUESTED.format(WEDNESDAY)]
            await _back(server)
            await one.read()
            assert one.said.startswith(Health.UP)
            assert (await says(one.box, DANA, "thursday afternoon", caller=OTHER))[-1] == BOOKED.format(
                "Thu Mar 5 12-5 PM"
            )


async def _back(server: Radicale) -> None:
    server.start()
    await server.is_up()
