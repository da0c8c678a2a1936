"""Who calls back and when is read from the configuration; what makes no sense is said with its line."""

# ruff: noqa: E501 - a table of mistakes is read by its columns

from __future__ import annotations

import io
from datetime import time
from pathlib import Path

import pytest

from gateway.cli.check import check
from gateway.core.conversation.rota import CallBack, Person
from tests.settings.test_bad_configurations import GOOD, TODAY
from tests.settings.test_conversation import AT, plumber, problems, rules

MAY = "authority: {message: offer}\n"
ANN = 'ann: {days: [mon], hours: ["08:00-10:00"]}'


def doubts(more: str) -> list[str]:
    return [warning.what for warning in plumber(more).warnings if "rota" in warning.what or "authority" in warning.what]


def test_nobody_calls_back_until_the_file_says_who() -> None:
    assert rules("").call_back == CallBack((), 3, 3600)


def test_people_have_days_hours_and_a_name() -> None:
    told = rules(
        MAY
        + 'call_back: {per_hour: 2, notice: 30}\nrota: {ann: {name: Ann Bee, days: [mon, fri], hours: ["08:00-10:00"]},'
        ' big_ben: {days: tue, hours: "13:00-24:00"}}\n'
    ).call_back
    assert told == CallBack(
        (
            Person("Ann Bee", frozenset({0, 4}), ((time(8), time(10)),)),
            Person("Big ben", frozenset({1}), ((time(13), time(0)),)),
        ),
        2,
        1800,
    )


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ("rota: {ann: {days: [mon], hours: ['08:00-08:30']}}", "rota.ann.hours: no whole hour fits in - write at least an hour, such as 08:00-09:00"),
        ("rota: {ann: {days: [monday], hours: ['08:00-09:00']}}", "rota.ann.days: 'monday' is not known - did you mean 'mon'?"),
        ("rota: {ann: {hours: ['08:00-09:00']}}", "rota.ann: 'days' is missing - write 'days: [mon, tue, wed, thu, fri]', with your own value"),
        ("rota: {ann: {days: [mon], hours: ['08:00-09:00'], hour: 1}}", "rota.ann: unknown option 'hour' - did you mean 'hours'?"),
        (f"rota: {{{ANN}, b: {{name: Ann, days: [wed], hours: ['08:00-09:00']}}}}", "rota.b: another person is called 'Ann' - give each a name of their own"),
        ("call_back: {per_hour: 0}", "call_back.per_hour: 0 is too small - write a whole number from 1 to 12"),
        ("call_back: {notice: 5 min}", "call_back.notice: '5 min' is too short - write at least 15 min"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_line(section: str, problem: str) -> None:
    assert problems(MAY + section + "\n") == [f"g.yaml:{AT + 1}: {problem}"]


@pytest.mark.parametrize(
    ("more", "doubt"),
    [
        (f"rota: {{{ANN}}}\n", "rota: no times for a call are offered: the box has no authority to"),
        (MAY, "authority: nobody calls back at known hours, so no times are offered"),
        (MAY + "rota: {ann: {days: [sun], hours: ['08:00-09:00']}}\n", "rota: Ann: no times are offered on sun, when the office does not open"),
        (MAY + "rota: {ann: {days: [mon], hours: ['08:00-09:30']}}\n", "rota.ann.hours: the rest behind the last whole hour is not offered"),
        (MAY + "rota: {ann: {days: [mon], hours: ['06:00-09:00']}}\n", "rota.ann.hours: calls before 8 or after 21 o'clock disturb people"),
    ],
)  # fmt: skip
def test_what_has_no_effect_or_disturbs_is_doubted(more: str, doubt: str) -> None:
    assert doubt in doubts(more)


def test_a_rota_that_may_be_offered_raises_no_doubt_and_check_shows_it(tmp_path: Path) -> None:
    assert doubts(f"{MAY}rota: {{{ANN}}}\n") == []
    path, out = tmp_path / "gateway.yaml", io.StringIO()
    path.write_text(f"{GOOD}{MAY}rota: {{{ANN}}}\n")
    assert check(path, out, io.StringIO(), today=TODAY) == 0
    assert "Calls back: Ann, Mon 08:00-10:00, 3 callers an hour\n" in out.getvalue()
