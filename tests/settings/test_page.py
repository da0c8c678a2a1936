"""Where the page is served, and the names it answers to."""

from __future__ import annotations

import pytest

from gateway.settings import PageConfig, SettingsError, parse

BUSINESS = "business: {name: Miller, timezone: America/New_York}\nlines: {main: {number: '+12165550100'}}\n"


def test_the_page_answers_to_the_names_that_are_configured() -> None:
    page = parse(BUSINESS + "page: {host: 0.0.0.0, port: 8081, names: [textback.local, Calls.miller.example]}").page
    assert page == PageConfig("0.0.0.0", 8081, ("textback.local", "Calls.miller.example"))


def test_one_name_need_not_be_a_list() -> None:
    assert parse(BUSINESS + "page: {names: textback.local}").page.names == ("textback.local",)


@pytest.mark.parametrize("name", ["http://textback.local/", "textback.local:8080", "two words", "a..b", "*"])
def test_what_is_no_name_is_refused_with_its_line(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(BUSINESS + f"page:\n  names: ['{name}']")
    (problem,) = caught.value.problems
    assert problem.line == 4
    assert problem.remedy == "write the name alone, such as textback.local"
