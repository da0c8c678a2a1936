"""Calendars of crews are read from the configuration; what makes no sense is said with its line."""

# ruff: noqa: E501 - a table of mistakes is read by its columns

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.doctor.masks import secrets_of
from gateway.settings import CalendarConfig, CalendarKind, load
from gateway.settings.calendars import is_of_the_lan
from gateway.settings.edit.hidden import STARS, hidden, revealed
from tests.settings.test_bad_configurations import GOOD
from tests.settings.test_conversation import AT, plumber, problems, rules

CREW = "crews: {north: {calendars: [office, van]}}\n"
TWO = "calendars: {office: {file: /mnt/office/north.ics}, van: {caldav: 'http://nas:5232/o/van/', user: textback, password: 'a b', refresh: 5, fresh: 2}}\n"


def test_where_a_calendar_is_and_how_long_it_counts() -> None:
    settings = plumber(TWO + CREW)
    assert settings.calendars == (
        CalendarConfig("office", CalendarKind.FILE, "/mnt/office/north.ics", "", "", 900.0, 3600.0),
        CalendarConfig("van", CalendarKind.CALDAV, "http://nas:5232/o/van/", "textback", "a b", 300.0, 7200.0),
    )
    told = settings.business.conversation.booking
    assert told.crews["north"].calendars == ("office", "van")
    assert {name: each.fresh for name, each in told.calendars.items()} == {
        "office": timedelta(hours=1),
        "van": timedelta(hours=2),
    }
    assert "a b" not in repr(settings.calendars)


def test_what_was_read_somewhere_else_does_not_count_for_a_calendar_that_has_moved() -> None:
    def source(where: str) -> str:
        return rules(f"calendars: {{van: {{{where}}}}}\n").booking.calendars["van"].source

    one = "caldav: 'http://nas/van/', user: ann, password: x"
    assert source(one) == source(one.replace("password: x", "password: y, fresh: 2 h"))
    assert (
        len(
            {
                source(each)
                for each in (
                    one,
                    one.replace("van/", "bus/"),
                    one.replace("ann", "bob"),
                    "url: 'http://nas/van/', user: ann",
                    "file: /van",
                )
            }
        )
        == 5
    )


@pytest.mark.parametrize(
    ("calendar", "problem"),
    [
        ("{}", "calendars.van: it is not said where it is - write one of file, url and caldav below it"),
        ("{file: /a.ics, url: 'http://nas/a'}", "calendars.van: it is said to be in several places (file and url) - keep one of them"),
        ("{file: a.ics}", "calendars.van.file: 'a.ics' is not a full path - write a path that begins with /"),
        ("{url: 'nas/a.ics'}", "calendars.van.url: 'nas/a.ics' is not a web address - write an address such as http://nas.local/calendars/north.ics"),
        ("{url: 'file:///etc/passwd'}", "calendars.van.url: 'file:///etc/passwd' is not a web address - write an address such as http://nas.local/calendars/north.ics"),
        ("{url: 'http://'}", "calendars.van.url: 'http://' is not a web address - write an address such as http://nas.local/calendars/north.ics"),
        ("{url: 'http://nas:99999/a'}", "calendars.van.url: 'http://nas:99999/a' is not a web address - write an address such as http://nas.local/calendars/north.ics"),
        ("{url: 'http://na s/a'}", "calendars.van.url: 'http://na s/a' is not a web address - write an address such as http://nas.local/calendars/north.ics"),
        ("{url: 'webcal://nas/a.ics'}", "calendars.van.url: 'webcal://nas/a.ics' begins with webcal - write the same address with https:// or http://"),
        ("{caldav: 'https://ann:pw@nas/a'}", "calendars.van.caldav: a name or a password stands in the address - write 'user:' and 'password:' below it instead"),
        ("{url: 'http://nas/a', password: x}", "calendars.van: there is a password and no user - write 'user:' with the name to sign in with"),
        ("{url: 'http://nas/a', user: a, password: x, password_file: y}", "calendars.van.password_file: 'password' is given as well - keep one of the two"),
        ("{url: 'http://nas/a', refresh: 2 h}", "calendars.van.fresh: it is not read again before what was read counts no more - make it at least as long as refresh"),
        ("{url: 'http://nas/a', refresh: 10 s}", "calendars.van.refresh: '10 s' is too short - write at least 1 min"),
        ("{url: 'http://nas/a', fresh: 2 days}", "calendars.van.fresh: '2 days' is too long - write at most 1 day"),
        ("{ulr: 'http://nas/a'}", "calendars.van: unknown option 'ulr' - did you mean 'url'?"),
        ("/mnt/a.ics", "calendars.van: '/mnt/a.ics' stands where a section should - write 'file: /mnt/office/north.ics'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_line(calendar: str, problem: str) -> None:
    assert f"g.yaml:{AT}: {problem}" in problems(
        f"calendars: {{van: {calendar}}}\ncrews: {{a: {{calendars: [van]}}}}\n"
    )


def test_a_crew_names_calendars_that_there_are() -> None:
    assert f"g.yaml:{AT + 1}: crews.a.calendars: 'vna' is not one of your calendars - did you mean 'van'?" in problems(
        "calendars: {van: {file: /a}}\ncrews: {a: {calendars: [vna]}}\n"
    )
    assert (
        f"g.yaml:{AT}: crews.a.calendars: 'van' is not one of your calendars - write 'calendars:' with it below"
        in problems("crews: {a: {calendars: [van]}}\n")
    )


@pytest.mark.parametrize(
    ("calendar", "doubt"),
    [
        ("url: 'https://calendar.google.com/a.ics'", "calendars.van.url: this looks like an address in the internet, and this box works without it"),
        ("caldav: 'https://203.0.113.9/dav/'", None),  # kept for documents, and no public one
        ("caldav: 'https://8.8.8.8/dav/'", "calendars.van.caldav: this looks like an address in the internet, and this box works without it"),
        ("file: /a.ics, user: ann", "calendars.van: a file needs no user and no password"),
        ("file: /a.ics", None),
    ],
)  # fmt: skip
def test_what_will_disappoint_is_doubted(calendar: str, doubt: str | None) -> None:
    text = f"calendars: {{van: {{{calendar}}}}}\ncrews: {{a: {{calendars: [van]}}}}\n"
    found = [each.what for each in plumber(text).warnings if each.what.startswith("calendars")]
    assert found == ([doubt] if doubt else [])


def test_a_calendar_that_no_crew_names_is_doubted() -> None:
    (found,) = [each for each in plumber("calendars: {van: {file: /a.ics}}\n").warnings if "calendar" in each.what]
    assert str(found).endswith(
        "calendars.van: no crew names this calendar: it is never read - write 'calendars: [van]' for one of the crews"
    )


@pytest.mark.parametrize(
    ("address", "near"),
    [
        *(("http://nas/x", True), ("http://nas.local:5232/", True), ("https://cal.home.arpa/", True)),
        *(("http://192.168.1.5/x", True), ("http://[fd00::1]/x", True), ("http://127.0.0.1:5232/", True)),
        *(("http://100.101.2.3/x", True), ("http://169.254.1.1/", True)),
        *(("https://cloud.example.com/x", False), ("https://8.8.8.8/x", False), ("https://[2606:4700::1]/x", False)),
    ],
)
def test_addresses_of_the_own_network_are_told_by_their_words(address: str, near: bool) -> None:
    assert is_of_the_lan(address) is near


def test_a_password_is_hidden_where_the_file_is_shown_and_comes_back_as_it_was() -> None:
    text = 'calendars:\n  van:\n    url: http://nas/a\n    user: ann\n    password: "s3cret # x"\n'
    shown = hidden(text)
    assert "s3cret" not in shown
    assert STARS in shown
    assert revealed(shown, text) == text
    assert "s3cret" not in hidden(text + "\n  - {broken")


def test_a_password_may_stand_in_a_file_and_one_that_everybody_can_read_is_doubted(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("from the file\n")
    path = tmp_path / "gateway.yaml"
    more = "calendars: {van: {url: 'http://nas/a', user: ann, password_file: pw}}\n"
    path.write_text(GOOD + more)
    assert load(path).calendars[0].password == "from the file"
    path.write_text(GOOD + more.replace("password_file: pw", "password: x"))
    path.chmod(0o644)
    assert any("calendars.van.password: every user of this machine" in each.what for each in load(path).warnings)


def test_passwords_and_addresses_are_among_what_the_log_and_the_support_bundle_hide() -> None:
    settings = plumber(TWO + CREW)
    assert set(secrets_of(settings)) - set(secrets_of(plumber(""))) == {"a b", "http://nas:5232/o/van/"}
