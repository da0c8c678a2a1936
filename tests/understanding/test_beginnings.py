"""Patterns that are tried only where they can begin find what they find when they are tried everywhere."""

from __future__ import annotations

import re

import pytest

from gateway.core.understanding.beginnings import quick
from gateway.core.understanding.time_grammar import PIECES

TEXT = "Any day but mon, 8-10am or after 3:30 -- el lunes a las 4 de la tarde? @5 / '24 Übermorgen ٣pm 1st\nasap"


@pytest.mark.parametrize(
    "pattern",
    [
        "monday|tues?day",
        "(?:the )?(?:1st|first)",
        r"(?<!x)\d{1,2}(?::\d\d)?",
        r"(?=[a-z]+ but)an?y",
        r"[/&,-]",
        r"[^a-z]",
        "x*",
        "(?:a|)",
        ".m",
        r"\w+|\s",
        "(a)(?:las|\\1)?",
        "u+?|Ü",
        r"\]|\^|-",
    ],
)
def test_a_pattern_finds_the_same_quicker(pattern: str) -> None:
    spans = [match.span() for match in re.finditer(pattern, TEXT)]
    assert [match.span() for match in re.finditer(quick(pattern), TEXT)] == spans


def test_every_piece_of_the_grammar_of_times_is_passed_over_where_it_cannot_begin() -> None:
    assert [pattern for _, _, pattern in PIECES if quick(pattern) == pattern] == []
