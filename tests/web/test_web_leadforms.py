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
            lambda at=at: leadforms.appointment(year, at, "", ZoneInfo(zone)),
        ):
            with contextlib.suppress(ValueError):  # which the page says as a sentence
                assert typed()
