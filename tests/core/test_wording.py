"""Filling in templates and choosing among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.alphabet import is_gsm7, segment_count
from gateway.core.business import Business, Hours, Line, Policy, Window
from gateway.core.hours import Situation
from gateway.core.library import texts_for
from gateway.core.wording import (
    FIXED_TEXTS,
    PLACEHOLDER,
    PLACEHOLDERS,
    choose_template,
    fixed_text,
    opener,
    render,
    speak_moment,
)

ZONE = ZoneInfo("America/New_York")
MAIN = Line("main", "+12165550100")
SPANISH = Line("spanish", "+12165550133", language="es")
MILLER = Business(
    name="Miller Heating & Air",
    zone=ZONE,
    country="US",
    area_code="216",
    lines=(MAIN, SPANISH),
    sims=("+12165550188",),
    owner="+12165550190",
    staff=(),
    extensions=(),
    hours=Hours((*((Window(time(8), time(17)),),) * 5, (), ()), {date(2025, 11, 27): "Thanksgiving"}),
    storms=(),
    templates={},
    policy=Policy(),
)
MONDAY_NOON = datetime(2025, 11, 24, 12, tzinfo=ZONE)
FRIDAY_NIGHT = datetime(2025, 11, 21, 22, tzinfo=ZONE)


def test_placeholders_are_filled_in() -> None:
    assert render("{business}: call {office_number}.", business="A & B", office_number="(216) 555-0100") == (
        "A & B: call (216) 555-0100."
    )


def test_curly_quotes_and_dashes_go_out_in_plain_spelling() -> None:
    assert render("{business} – we’re “closed”", business="O’Neil") == "O'Neil - we're \"closed\""


def test_a_placeholder_without_a_fact_is_left_out_and_never_breaks_the_sending() -> None:
    assert render("Hello {who} there {", business="A") == "Hello there {"
    assert render("We open {next_opening}") == "We open"


def test_braces_in_a_business_name_are_not_read_as_a_placeholder() -> None:
    assert render("{business}: hello", business="{office_number}") == "{office_number}: hello"


@given(st.text(), st.dictionaries(st.sampled_from(["business", "office_number"]), st.text()))
def test_any_template_can_be_rendered(template: str, facts: dict[str, str]) -> None:
    body = render(template, **facts)
    assert body == body.strip()
    if is_gsm7(template) and all(is_gsm7(value) for value in facts.values()):
        assert is_gsm7(body)


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        (MAIN, Situation.OPEN, "open"),
        (MAIN, Situation.AFTER_HOURS, "after_hours"),
        (SPANISH, Situation.HOLIDAY, "holiday_es"),
        (SPANISH, Situation.STORM, "storm_es"),
        (replace(SPANISH, templates={"open": "ads"}), Situation.OPEN, "ads"),
        (replace(SPANISH, templates={"open": "ads"}), Situation.STORM, "storm_es"),
    ],
)
def test_the_line_and_its_language_choose_the_template(line: Line, kind: Situation, name: str) -> None:
    assert choose_template(line, kind) == name


def test_the_opener_is_chosen_by_the_local_time_at_which_it_leaves() -> None:
    assert opener(MILLER, MAIN, MONDAY_NOON).template == "open"
    assert opener(MILLER, MAIN, FRIDAY_NIGHT).template == "after_hours"
    assert opener(MILLER, SPANISH, datetime(2025, 11, 27, 12, tzinfo=ZONE)).template == "holiday_es"
    assert opener(MILLER, MAIN, MONDAY_NOON, storm_on=True).template == "storm"


def test_the_business_s_own_words_replace_the_product_s() -> None:
    own = replace(MILLER, templates={"open": "{business} missed you, we open {next_opening}. {office_number}"})
    assert opener(own, SPANISH, MONDAY_NOON).body.startswith("Miller Heating & Air: perdimos su llamada.")
    assert opener(own, MAIN, MONDAY_NOON).body == (
        "Miller Heating & Air missed you, we open today at 12 PM. (216) 555-0100"
    )


def test_a_template_that_nobody_wrote_falls_back_to_the_situation() -> None:
    odd = replace(MAIN, templates={"open": "gone"})
    assert opener(MILLER, odd, MONDAY_NOON).body == opener(MILLER, MAIN, MONDAY_NOON).body


@pytest.mark.parametrize("situation_at", [MONDAY_NOON, FRIDAY_NIGHT, datetime(2025, 11, 27, 12, tzinfo=ZONE)])
@pytest.mark.parametrize("line", [MAIN, SPANISH])
@pytest.mark.parametrize("trade", [None, "hvac", "roofing"])
def test_a_long_business_name_still_gets_an_opener_of_one_segment(
    line: Line, situation_at: datetime, trade: str | None
) -> None:
    name = "Garcia & Sons Heating, Cooling and Plumbing"[:42]
    long = replace(MILLER, name=name, templates=dict(texts_for(trade)) if trade else {})
    for storm_on in (False, True):
        body = opener(long, line, situation_at, storm_on).body
        assert segment_count(body) == 1
        assert name in body


def test_own_words_are_sent_as_they_were_written_however_long() -> None:
    own = replace(MILLER, templates={"open": "{business} " + "x" * 160})
    assert segment_count(opener(own, MAIN, MONDAY_NOON).body) == 2


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", [name for name in FIXED_TEXTS if not name.endswith("_es")])
def test_every_fixed_text_fits_one_segment_with_its_longest_usual_values(name: str, language: str) -> None:
    purpose = "owner_notice" if name.startswith("owner_") else "test" if name == "test" else "help"
    facts = dict(PLACEHOLDERS[purpose]) | {"business": "Heartland Garage Door Repair"}
    body = fixed_text(MILLER, name, language, **facts)
    assert segment_count(body) == 1
    assert is_gsm7(body)


@pytest.mark.parametrize("name", FIXED_TEXTS)
def test_every_fixed_text_uses_known_placeholders(name: str) -> None:
    purpose = "owner_notice" if name.startswith("owner_") else "test" if name == "test" else "help"
    assert set(PLACEHOLDER.findall(FIXED_TEXTS[name])) <= set(PLACEHOLDERS[purpose])


def test_the_opt_out_confirmation_asks_nothing_and_offers_nothing() -> None:
    for name in ("opt_out", "opt_out_es", "opt_out_danger", "opt_out_danger_es"):
        assert "?" not in FIXED_TEXTS[name]


def test_every_notice_to_our_people_is_there_in_both_languages_with_the_same_facts() -> None:
    english = [name for name in FIXED_TEXTS if name.startswith("owner_") and not name.endswith("_es")]
    for name in english:
        there, here = PLACEHOLDER.findall(FIXED_TEXTS[name]), PLACEHOLDER.findall(FIXED_TEXTS[f"{name}_es"])
        assert sorted(there) == sorted(here), name


def test_a_fixed_text_comes_in_the_asked_language_or_else_in_english() -> None:
    assert fixed_text(MILLER, "help", "es", business="A").startswith("A: este numero")
    assert fixed_text(MILLER, "test", "es", time="noon") == fixed_text(MILLER, "test", time="noon")
    assert fixed_text(replace(MILLER, templates={"help": "Own words"}), "help") == "Own words"
    with pytest.raises(KeyError):
        fixed_text(MILLER, "no_such_text")


@pytest.mark.parametrize(
    ("moment", "english", "spanish"),
    [
        (datetime(2025, 11, 21, 23, 30, tzinfo=ZONE), "today at 11:30 PM", "hoy a las 11:30 PM"),
        (datetime(2025, 11, 22, 0, 0, tzinfo=ZONE), "tomorrow at 12 AM", "mañana a las 12 AM"),
        (datetime(2025, 11, 24, 13, 0, tzinfo=UTC), "Monday at 8 AM", "el lunes a las 8 AM"),
        (datetime(2025, 11, 23, 13, 0, tzinfo=ZONE), "Sunday at 1 PM", "el domingo a la 1 PM"),
        (datetime(2025, 12, 1, 8, 5, tzinfo=ZONE), "Dec 1 at 8:05 AM", "el 1 de dic a las 8:05 AM"),
    ],
)
def test_a_coming_moment_is_said_as_the_office_says_it(moment: datetime, english: str, spanish: str) -> None:
    assert speak_moment(moment, FRIDAY_NIGHT, MILLER) == english
    assert speak_moment(moment, FRIDAY_NIGHT, MILLER, "es") == spanish
