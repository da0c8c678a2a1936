"""What the notifications section takes, and what it says of mistakes and of what has no effect."""

# ruff: noqa: E501 - a table of mistakes is read by its columns

from __future__ import annotations

import io
from datetime import date, time
from pathlib import Path

import pytest

from gateway.cli.check import check
from gateway.core.notify import How, Kind, Notifications
from gateway.settings import SettingsError, parse

TODAY = date(2025, 12, 1)
SHOP = """business: {name: Miller, timezone: America/New_York, area_code: "216", owner_cell: "+12165550190"}
lines: {main: {number: "+12165550100"}}
hours: {mon: ["08:00-17:00"]}
texting: {quiet_hours: {from: "21:30", to: "07:00"}}
"""


def read(section: str) -> Notifications:
    return parse(f"{SHOP}notifications: {section}\n", today=TODAY).business.notifications


def problems(section: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(section)
    return [f"{problem.what} - {problem.remedy}" for problem in caught.value.problems]


def doubts(section: str) -> list[str]:
    settings = parse(f"{SHOP}notifications: {section}\n", today=TODAY)
    said = (f"{doubt.what} - {doubt.remedy}" for doubt in settings.warnings)
    return [doubt for doubt in said if doubt.startswith("notifications")]


def test_nothing_written_is_what_has_always_been() -> None:
    rules = parse(SHOP, today=TODAY).business.notifications
    assert [rules.way(kind) for kind in Kind] == [Notifications().way(kind) for kind in Kind]
    assert (rules.who, rules.digest_at, rules.digest_days) == (("owner",), None, None)


def test_each_kind_goes_its_own_way() -> None:
    rules = read('{missed_call: digest, new_lead: instant, opt_out: off, digest_at: "17:30", digest_days: [mon, fri]}')
    assert rules.way(Kind.MISSED_CALL) is How.DIGEST
    assert rules.way(Kind.NEW_LEAD) is How.INSTANT
    assert rules.way(Kind.OPT_OUT) is How.OFF
    assert rules.way(Kind.REPEAT_CALLER) is How.INSTANT
    assert (rules.digest_at, rules.digest_days) == (time(17, 30), frozenset({0, 4}))


def test_which_kinds_ring_at_night_is_a_choice_too() -> None:
    assert read("{in_quiet_hours: []}").at_night == frozenset()
    assert read("{in_quiet_hours: [urgent_lead]}").at_night == {Kind.URGENT_LEAD}


@pytest.mark.parametrize("name", ["emergency", "emergencies", "escalation", "danger"])
@pytest.mark.parametrize("how", ["off", "digest", "instant"])
def test_emergencies_cannot_be_switched_off(name: str, how: str) -> None:
    (said,) = problems(f"{{{name}: {how}}}")
    assert said == (
        "notifications: emergencies are told at once, by day and night, and cannot be switched off - remove this line"
    )


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("{new_leed: off}", "notifications: unknown option 'new_leed' - did you mean 'new_lead'?"),
        ("{new_lead: sometimes}", "notifications.new_lead: 'sometimes' is not known - use one of: instant, digest, off"),
        ("{who: [owner, mike]}", "notifications.who: there is nobody called 'mike' - use one of: owner"),
        ('{digest_at: "25:00"}', "notifications.digest_at: '25:00' is not a time of day - write hours and minutes of a 24-hour clock, such as '21:30'"),
        ('{digest_at: "22:00"}', "notifications.digest_at: this lies in the quiet hours (texting: quiet_hours) - choose a time of the day"),
        ("{in_quiet_hours: [emergency]}", "notifications.in_quiet_hours: 'emergency' is not known - "),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_remedy(section: str, said: str) -> None:
    (found,) = problems(section)
    assert found.startswith(said)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("{new_lead: digest}", "notifications.new_lead: there is no digest - write 'digest_at: \"17:30\"'"),
        ("{who: []}", "notifications.who: nobody is told of anything but emergencies - write 'who: [owner]'"),
        ('{digest_at: "17:30", digest_days: [mon, sun]}', "notifications.digest_days: a digest on sun, when you do not open - leave the day out, unless you want it"),
    ],
)  # fmt: skip
def test_what_has_no_effect_is_doubted(section: str, said: str) -> None:
    assert doubts(section) == [said]


def test_a_sound_section_is_not_doubted() -> None:
    assert doubts('{new_lead: digest, digest_at: "17:30", digest_days: [mon]}') == []


def test_check_says_what_goes_how_and_that_emergencies_always_do(tmp_path: Path) -> None:
    file = tmp_path / "gateway.yaml"
    file.write_text(f'{SHOP}notifications: {{digest_at: "17:30", opt_out: off, new_lead: instant}}\n')
    out = io.StringIO()
    assert check(file, out, io.StringIO(), today=TODAY) == 0
    lines = out.getvalue().splitlines()
    begins = lines.index("Told by text to owner:")
    assert lines[begins + 1 : begins + 5] == [
        "  at once: missed_call, repeat_caller, rate_limit, new_lead, appointment_requested, appointment_soon, texting_trouble,"
        " records_trouble",
        "  in the digest (17:30, each day on which you open): urgent_lead, overdue_lead, text_trouble, complaint,"
        " appointment_booked, appointment_changed, phone_trouble",
        "  on the page only: opt_out",
        "  emergencies: always at once, by day and night; this cannot be switched off",
    ]
