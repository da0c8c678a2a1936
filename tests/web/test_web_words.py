"""The words of the page in Spanish: the catalogue is whole, and what is drawn comes from it."""

from __future__ import annotations

import re

import pytest

from tests.tools import words

CATALOGUE = words.kept("es")
FIELD = re.compile(r"%\((\w+)\)[sd]|%%")


def pairs():
    for message in CATALOGUE:
        if message.id:
            english = message.id if isinstance(message.id, tuple) else (message.id,)
            spanish = message.string if isinstance(message.string, tuple) else (message.string,)
            yield english, spanish


def test_the_compiled_catalogue_is_made_of_the_one_that_is_read():
    assert (words.LOCALES / "es.mo").read_bytes() == words.mo_of(CATALOGUE), "run: python -m tests.tools.words"


def test_the_catalogue_is_written_as_the_tool_writes_it():
    assert (words.LOCALES / "es.po").read_bytes() == words.po_of(CATALOGUE), "run: python -m tests.tools.words"


def test_whatever_a_message_is_filled_with_stands_in_its_spanish_too():
    for english, spanish in pairs():
        for text in filter(None, spanish):
            wanted = sorted(FIELD.findall(english[-1]))
            assert sorted(FIELD.findall(text)) in (wanted, sorted(FIELD.findall(english[0]))), text


@pytest.mark.parametrize(
    "word", [r"\bt[uú]\b", r"\btus?\b", r"\bpuedes\b", r"\bcliquea", r"\bla caja\b", r"\bvosotros\b"]
)
def test_the_page_says_usted(word):
    assert [text for _english, spanish in pairs() for text in spanish if re.search(word, text, re.IGNORECASE)] == []
