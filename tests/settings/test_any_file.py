"""Whatever a file holds, the answer is settings or sentences, never a crash."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.settings import Problem, SettingsError, parse

EXAMPLES = Path(__file__).parents[2] / "config"
WHOLE = (EXAMPLES / "examples" / "miller.yaml").read_text()
LINES = WHOLE.splitlines()
PIECES = [
    *("[", "]", "{", "}", ":", "- ", "'", '"', "#", "&a ", "*a", "!x ", "|", ">", "~", "\t", "\n", "  ", "<<: ", "? ", "%", "@"),
    *("no", "null", "0x10", "1e9", "-1", "99999999999999999999", "24:00", "2026-02-30", "١٢", "é", "\u2028", "{business}"),
    *(word for line in LINES for word in re.findall(r"[\w+.:-]+", line)),
]  # fmt: skip


def answers(data: str | bytes) -> None:
    lines = len(data.splitlines()) + 1
    for problem in problems_of(data):
        assert 1 <= problem.line <= lines
        assert problem.what
        assert problem.remedy
        assert "\n" not in str(problem)


def problems_of(data: str | bytes) -> list[Problem]:
    try:
        return list(parse(data, "g.yaml", today=date(2026, 3, 2)).warnings)
    except SettingsError as error:
        return error.problems or [Problem("g.yaml", 0, "", "")]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    answers(data)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_as_any_value_gets_an_answer(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    answers(
        f"business:\n  name: {quoted}\n  timezone: {quoted}\nlines:\n  {quoted}: {{number: {quoted}}}\n{quoted}: {quoted}\n"
    )


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_a_mutilated_configuration_gets_an_answer(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, data.draw(st.sampled_from(LINES)))
            case 2:
                begin = data.draw(st.integers(0, len(lines[at])))
                end = data.draw(st.integers(begin, len(lines[at])))
                lines[at] = lines[at][:begin] + data.draw(st.sampled_from(PIECES)) + lines[at][end:]
            case _:
                key, colon, _ = lines[at].partition(":")
                lines[at] = f"{key}{colon} {data.draw(st.sampled_from(PIECES))}"
    answers("\n".join(lines))
