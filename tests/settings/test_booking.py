"""What may be booked is read from the configuration; what makes no sense is said with its line."""

# ruff: noqa: E501 - a table of mistakes is read by its columns

from __future__ import annotations

import io
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from gateway.cli.check import check
from gateway.core.booking.rules import AppointmentType, Arrival, BookingRules, Crew, DayOff
from gateway.core.conversation.lead import Fact
from tests.settings.test_bad_configurations import GOOD, TODAY
from tests.settings.test_conversation import AT, plumber, problems, rules

MENU = "services: {toilet: {bookable: yes}}\n"
CREWS = (
    "crews: {north: {label: North crew, places: 2, days_off: [2026-12-24, '2027-02-01 to 2027-02-05']}, big_ben: {}}\n"
)
VISIT = "services: [toilet], crews: [north, big_ben], duration: 90 min, mon: ['08:00-12:00', '12:00-17:00'], sat: ['09:00-13:00']"


def doubts(more: str) -> list[str]:
    return [
        warning.what
        for warning in plumber(MENU + more).warnings
        if "appointments" in warning.what or "crews" in warning.what or "authority" in warning.what
    ]


def test_nothing_is_booked_until_the_file_says_what() -> None:
    assert rules("").booking == BookingRules()


def test_crews_and_kinds_of_appointments_are_read_with_everything_that_is_said_of_them() -> None:
    more = ", buffer: 15, travel: 30 min, notice: 1 day, horizon: 21, per_day: 4, confirm: yes, needs: [address], zips: ['44107']"
    told = rules(
        f"{MENU}{CREWS}booking: {{hold: 20}}\nappointments: {{first_visit: {{label: Estimate, {VISIT}{more}}}}}\n"
    ).booking
    assert told.hold_s == 1200
    assert told.crews == {
        "north": Crew("north", "North crew", 2, (DayOff(date(2026, 12, 24), date(2026, 12, 24)), DayOff(date(2027, 2, 1), date(2027, 2, 5)))),
        "big_ben": Crew("big_ben", "Big ben"),
    }  # fmt: skip
    monday = (Arrival(time(8), time(12)), Arrival(time(12), time(17)))
    assert told.types == (
        AppointmentType(
            "first_visit",
            "Estimate",
            frozenset({"toilet"}),
            (monday, (), (), (), (), (Arrival(time(9), time(13)),), ()),
            ("north", "big_ben"),
            timedelta(minutes=90),
            timedelta(minutes=15),
            timedelta(minutes=30),
            timedelta(days=1),
            21,
            4,
            True,
            frozenset({Fact.ADDRESS}),
            frozenset({"44107"}),
        ),
    )


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        (VISIT.replace("[toilet]", "[toliet]"), "appointments.visit.services: 'toliet' is not on your menu - did you mean 'toilet'?"),
        (VISIT.replace("[toilet]", "[faucet_fixture]"), "appointments.visit.services: 'faucet_fixture' may not be booked - write 'faucet_fixture: {bookable: yes}' under 'services:'"),
        (VISIT.replace("north", "nort"), "appointments.visit.crews: 'nort' is not one of your crews - did you mean 'north'?"),
        ("services: [toilet], crews: [north], duration: 90 min", "appointments.visit: it has no windows - write 'mon: [\"08:00-12:00\"]' and so on"),
        (VISIT + ", zips: [4410]", "appointments.visit.zips: '4410' is not a ZIP code - write five digits in quotes, such as '44107'"),
        (VISIT.replace("90 min", "5 min"), "appointments.visit.duration: '5 min' is too short - write at least 10 min"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_line(kind: str, problem: str) -> None:
    assert f"g.yaml:{AT + 2}: {problem}" in problems(f"{MENU}{CREWS}appointments: {{visit: {{{kind}}}}}\n")


@pytest.mark.parametrize("days", ["24 dec", "2026-12-24 to", "2026-12-24 to 2026-12-01"])
def test_a_day_off_that_is_no_day_is_refused(days: str) -> None:
    (problem,) = problems(f"crews: {{north: {{days_off: ['{days}']}}}}\n")
    assert problem.startswith(f"g.yaml:{AT}: crews.north.days_off: '{days}'")


@pytest.mark.parametrize(
    ("more", "doubt"),
    [
        (f"authority: {{book: ask}}\nappointments: {{visit: {{{VISIT}}}}}\n", "appointments.visit: it is never offered: the box has no authority to"),
        (f"appointments: {{visit: {{{VISIT}, confirm: yes}}}}\n", "appointments.visit.confirm: it is only requested: the box has no authority to confirm"),
        (f"authority: {{book: confirm}}\nappointments: {{visit: {{{VISIT}}}}}\n", "authority: nothing is confirmed: no kind of appointment says 'confirm: yes'"),
        ("", "crews: nobody is sent anywhere: there are no appointments"),
        (f"appointments: {{visit: {{{VISIT}, tue: ['05:00-09:00']}}}}\n", "appointments.visit.tue: nobody likes visits before 6 or after 21 o'clock"),
    ],
)  # fmt: skip
def test_what_has_no_effect_or_disturbs_is_doubted(more: str, doubt: str) -> None:
    assert doubt in doubts(CREWS + more)


def test_what_may_be_booked_raises_no_doubt_and_check_shows_it(tmp_path: Path) -> None:
    more = f"authority: {{book: confirm}}\n{CREWS}appointments: {{visit: {{{VISIT}, confirm: yes}}}}\n"
    assert doubts(more) == []
    path, out = tmp_path / "gateway.yaml", io.StringIO()
    path.write_text(f"{GOOD}{MENU}{more}".replace("toilet", "handyman"))
    assert check(path, out, out, today=TODAY) == 0, out.getvalue()
    shown = "Appointments: Visit (handyman), North crew, Big ben, booked: Mon 08:00-12:00, 12:00-17:00; Sat 09:00-13:00"
    assert shown in out.getvalue()


def test_a_booking_page_is_told_as_it_is_written_and_a_shortened_one_is_refused() -> None:
    assert rules("booking: {link: example.com/book}\n").booking.link == "example.com/book"
    (told,) = set(problems("booking: {link: bit.ly/x}\n"))
    assert "booking.link: a shortened link hides where it leads" in told


@pytest.mark.parametrize("link", ["call us", "example.com/" + "x" * 60, "javascript:alert(1)", "example.com/?a={b}"])
def test_what_is_no_page_is_refused(link: str) -> None:
    (told,) = problems(f"booking: {{link: '{link}'}}\n")
    assert "booking.link" in told
    assert "is not the address of a page" in told
