"""What is typed into the forms of a lead."""

from __future__ import annotations

import contextlib
from zoneinfo import ZoneInfo

import pytest

from web.pages import leadforms


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("year", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_is_are_dates_or_a_sentence(year: str, zone: str) -> None:
    for at in ("00:00", "23:59"):
        for typed in (
            lambda at=at: leadforms.moment(f"{year}T{at}", ZoneInfo(zone)),
            lambda at=at: leadforms.appointment(
                lambda name, at=at: {"day": year, "begins": at}.get(name, ""), ZoneInfo(zone)
            ),
        ):
            with contextlib.suppress(ValueError):  # which the page says as a sentence
                assert typed()


@pytest.mark.parametrize(
    "window",
    ["", "/", "//", "x/y/north", "2026-03-03T08:00/2026-03-03T12:00/north", "0001-01-01T00:00+23:00/x/y", "9" * 500],
)
def test_a_window_that_no_page_has_written_is_refused_with_a_sentence(window: str) -> None:
    with pytest.raises(ValueError, match="choose the day and the time"):
        leadforms.appointment(lambda name: window if name == "window" else "", ZoneInfo("America/New_York"))


def test_a_window_of_the_list_brings_its_crew() -> None:
    window = "2026-03-03T13:00+00:00/2026-03-03T17:00+00:00/north"
    form = {"window": window, "crew": "south", "who": "Hank"}
    visit = leadforms.appointment(lambda name: form.get(name, ""), ZoneInfo("America/New_York"))
    assert (visit.begins.hour, visit.ends.hour, visit.crew, visit.who) == (13, 17, "north", "")
