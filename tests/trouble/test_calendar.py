"""Trouble with a crew's calendar: said everywhere in plain words, healed by itself, taken in with the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import calendarwatch
from tests.calendars.saying import ics
from tests.trouble.office import in_trouble, read

BOOKS = """
services: {handyman: {bookable: yes}}
calendars: {van: {file: %s}}
crews: {north: {calendars: [van]}}
appointments: {visit: {services: [handyman], crews: [north], duration: 1 h, mon: ["08:00-12:00"]}}
"""


async def test_a_calendar_that_cannot_be_read_is_said_everywhere_and_heals_by_itself(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendarwatch, "AGAIN_S", 0.2)
    file = tmp_path / "van.ics"
    async with in_trouble(tmp_path / "office", pbx, modem) as office:
        assert office.report("calendar van") is None
        text = office.config.read_text() + BOOKS % file
        office.config.write_text(text)
        assert "Saved and in use" in (await office.gateway.take_in(read(text), "ann", "calendars")).say
        report = await office.says(
            "calendar van", "No such file or directory", "It was never read: what callers choose"
        )
        assert report.remedy == "Look whether the share is mounted, and whether the path in the settings is right."
        file.write_bytes(ics("UID:1|DTSTART:soon"))
        await office.says("calendar van", "1 entry that cannot be understood")
        file.write_bytes(ics())
        await office.gateway.take_in(read(text), "ann", "again")  # a quarter of an hour is long
        await office.until(
            lambda: (found := office.report("calendar van")) is not None and found.health == "up", "it is read"
        )
        assert "Calendar “van”" in await office.page("health")
        without = text.replace(BOOKS % file, "")
        await office.gateway.take_in(read(without), "ann", "no calendars")
        await office.until(lambda: office.report("calendar van") is None, "nobody speaks of it any more")
