"""The words of the page in Spanish: the catalogue is whole, and what is drawn comes from it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, nodes

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


def test_every_message_of_the_page_has_its_spanish():
    """After a new word: python -m tests.tools.words, and write its Spanish into web/locales/es.po."""
    assert [message.id for message in words.lacking(words.renewed("es"))] == []


class Spoken(HTMLParser):
    """What a template says outside of its translated parts."""

    TOLD = {"aria-label", "title", "placeholder", "alt", "data-news"}
    NAMES = {"Textback", "GB"}

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within.append(tag)
        self.said += [
            value
            for name, value in attrs
            if name in self.TOLD and value and self.words(value) and not value.startswith("/dev/")
        ]

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"kbd", "pre", "code", "style"} & set(self.within) and self.words(data):
            self.said.append(" ".join(data.split()))

    def words(self, data: str) -> list[str]:
        return [word for word in re.findall(r"[^\W\d_]{2,}", data) if word not in self.NAMES]


TEMPLATES = sorted((words.WEB / "templates").iterdir())


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.stem for path in TEMPLATES])
def test_no_word_of_a_template_stands_outside_of_what_is_translated(path):
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text())
    told = Spoken()
    told.feed("\0".join(data.data for data in tree.find_all(nodes.TemplateData)).replace("\0", ""))
    assert told.said == []
