"""The calendar of an office in memory."""
# ruff: noqa: ARG002

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from gateway.core.views.calendar import BookingDesk, Entry, FreeWindow


class SampleCalendar:
    """What stands in `entries`, and what can be made of `desk`."""

    entries: tuple[Entry, ...] = ()
    desk = BookingDesk((), (), ())

    async def calendar(self, first: date, days: int) -> Sequence[Entry]:
        return [one for one in self.entries if first <= one.day < first + timedelta(days=days)]

    async def booking_desk(self, at: datetime) -> BookingDesk:
        return self.desk


def a_busy_week(now: datetime, day: date) -> tuple[tuple[Entry, ...], BookingDesk]:
    """Appointments in every state on a day, and what is free behind them."""
    kinds = (
        ("held", "North crew", ""),
        ("requested", "", ""),
        ("confirmed", "Hank", "Ring at the side door."),
        ("done", "South crew", ""),
    )
    entries = tuple(
        Entry(
            number, day, now + timedelta(hours=number), now + timedelta(hours=number + 2), state, crew,
            "Dana Whitfield" if number != 2 else "", "+13035550199", "Water heaters", "1423 Clifton Blvd, Denver", note,
        )
        for number, (state, crew, note) in enumerate(kinds, 1)
    )  # fmt: skip
    windows = tuple(
        FreeWindow(
            day, now + timedelta(hours=at), now + timedelta(hours=at + 4), "tune_up", "Tune-up", "north", "North crew"
        )
        for at in (1, 5)
    )
    crews, services = (
        (("north", "North crew"), ("south", "South crew")),
        (("heater", "Water heaters"), ("drain", "Drains")),
    )
    return entries, BookingDesk(windows, crews, services)
