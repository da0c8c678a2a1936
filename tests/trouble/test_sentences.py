"""The sentences of the health line: all in the manual, each complete, and none in a programmer's words."""

from __future__ import annotations

import inspect
import re
from types import ModuleType

import pytest

from drivers.asterisk import problems as line
from drivers.modem import problems as modem
from gateway import troubles
from gateway.core.problem import Problem
from tests.drill import test_faults
from tests.drill.faults import OF_DEVICES
from tests.trouble.catalogue import GROUPS, PAGES, page
from tests.trouble.drilled import DRILLED
from web.words.wording import SENTENCE_LENGTH, full_sentence

ALL = [problem for group in GROUPS for problem in group.problems]


@pytest.mark.parametrize("speaks", PAGES)
def test_the_manual_has_every_sentence_of_the_health_line(speaks: str) -> None:
    written = PAGES[speaks].read_text("utf-8")
    assert written == page(speaks), "python -m tests.trouble.catalogue"
    for group in GROUPS:
        assert f'<h2 id="{group.slug}">' in written


def test_every_fault_of_the_manual_is_tried_in_the_drill() -> None:
    tried = {*OF_DEVICES, *(name for name in vars(test_faults) if name.startswith("test_"))}
    assert {one.tried for one in DRILLED} <= tried
    assert {*OF_DEVICES} <= {one.tried for one in DRILLED}


@pytest.mark.parametrize("module", [line, modem, troubles], ids=lambda module: module.__name__)
def test_no_sentence_is_missing_in_the_catalogue(module: ModuleType) -> None:
    catalogue = inspect.getsource(inspect.getmodule(page) or module)
    alias = {line: "line", modem: "modem", troubles: "troubles"}[module]
    for name, value in vars(module).items():
        is_constant = isinstance(value, Problem | troubles.Ailment)
        makes_one = inspect.isfunction(value) and value.__annotations__.get("return") == "Problem"
        if not (is_constant or makes_one) or getattr(value, "__module__", module.__name__) != module.__name__:
            continue
        listed = isinstance(value, troubles.Ailment) and value in troubles.AILMENTS
        assert listed or f"{alias}.{name}" in catalogue, f"{module.__name__}.{name} is not in the manual"


@pytest.mark.parametrize("problem", ALL, ids=lambda problem: problem.say[:50])
def test_a_sentence_says_what_is_wrong_what_it_means_for_callers_and_what_to_do(problem: Problem) -> None:
    for text in (problem.say, problem.remedy):
        assert text[0].isupper() or text.startswith(("/dev/", "“"))
        assert text.endswith(".")
        assert ".." not in text.replace("...", "")
        assert "  " not in text
        assert len(text) <= SENTENCE_LENGTH  # the page cuts what is longer
        assert full_sentence(text) == text[:1].upper() + text[1:]
    assert re.search(r"\b(callers?|calls?|texts?|texted)\b", problem.say, re.IGNORECASE)
    assert len(problem.remedy) > 20


@pytest.mark.parametrize("problem", ALL, ids=lambda problem: problem.say[:50])
def test_a_sentence_is_written_for_a_contractor(problem: Problem) -> None:
    words = f"{problem.say} {problem.remedy}"
    for jargon in (
        "errno",
        "exception",
        "timeout",
        "daemon",
        "None",
        "null",
        "SQLite error",
        "socket",
        "stack",
        "fatal",
    ):
        assert jargon not in words, f"{jargon!r} in {words!r}"
