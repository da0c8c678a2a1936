"""How far the box may go is read from the configuration; what it cannot do is refused with a sentence."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from gateway.cli.check import authority, check
from gateway.core.conversation.authority import Authority, AuthorityTable, Lanes
from gateway.core.conversation.lead import Lane
from tests.settings.test_bad_configurations import GOOD
from tests.settings.test_conversation import AT, EXAMPLES, plumber, problems, rules


def test_without_a_word_in_the_file_the_table_is_the_products() -> None:
    assert rules("").authority == AuthorityTable(Authority.REQUEST, Authority.ASK)


def test_a_level_is_set_for_a_lane_and_for_a_service() -> None:
    table = rules(
        """services: {toilet: {bookable: yes}}
authority:
  book: ask
  message: offer
  services: {toilet: {book: request}, gas_line: opener}
"""
    ).authority
    assert table.level("toilet", Lane.BOOK) is Authority.REQUEST
    assert table.level("toilet", Lane.MESSAGE) is Authority.OFFER
    assert table.level("gas_line", Lane.MESSAGE) is Authority.OPENER
    assert table.level(None, Lane.MESSAGE) is table.unknown is Authority.OFFER
    assert table.services == {
        "toilet": Lanes(book=Authority.REQUEST),
        "gas_line": Lanes(Authority.OPENER, Authority.OPENER),
    }


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ("authority: {message: askk}", "authority.message: 'askk' is not known - did you mean 'ask'?"),
        ("authority: {mesage: ask}", "authority: unknown option 'mesage' - did you mean 'message'?"),
        ("authority: {services: {toilett: ask}}", "authority.services: 'toilett' is not on your menu - did you mean 'toilet'?"),
        ("authority: {services: {toilet: {bok: ask}}}", "authority.services.toilet: unknown option 'bok' - did you mean 'book'?"),
        ("authority: {services: ask}", "authority.services: 'ask' stands where a section should - write {water_heater: {book: ask}}"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_line(section: str, problem: str) -> None:
    assert problems(section + "\n") == [f"g.yaml:{AT}: {problem}"]


@pytest.mark.parametrize(
    ("section", "doubt"),
    [
        ("authority: {message: request}", "nothing is requested or confirmed in the message lane"),
        ("authority: {message: watch}", "no first text goes out: nobody knows yet what a caller wants"),
        ("authority: {services: {toilet: {book: ask}}}", "is not bookable: what is said for book never counts"),
    ],
)
def test_what_can_have_no_effect_is_doubted(section: str, doubt: str) -> None:
    assert [warning.what for warning in plumber(section + "\n").warnings if doubt in warning.what]


def test_check_says_for_each_lane_and_service_how_far_the_box_goes(tmp_path: Path) -> None:
    path = tmp_path / "gateway.yaml"
    path.write_text(GOOD + "authority: {message: opener}\n")
    out = io.StringIO()
    assert check(path, out, io.StringIO()) == 0
    assert "  to book: request - asks, and passes the wish on as requested\n" in out.getvalue()
    assert "  for a message: opener - writes the first text only\n" in out.getvalue()
    told = list(authority(rules("authority: {services: {gas_line: opener}}\n")))
    assert told[-1] == "    gas_line: opener - writes the first text only"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_example_business_goes_further_than_the_default(path: Path) -> None:
    assert "authority:" not in path.read_text()
