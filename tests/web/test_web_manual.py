"""The manual in both languages: the same pages, with the same places to link to."""

from __future__ import annotations

import re

import pytest

from web.drawing import _HERE, HELP_PAGES

HELP = _HERE / "help"
ANCHOR, HEADING = re.compile(r'\bid="([^"]+)"'), re.compile(r"<(h[1-6]|pre|ul|ol|dl|dt|dd|li)\b")
LINK = re.compile(r'href="([^"]+)"')


PAGES = ("index", *HELP_PAGES)


@pytest.mark.parametrize("slug", PAGES)
def test_both_languages_have_the_same_headings_anchors_lists_and_links(slug):
    english = (HELP / f"help_{slug}.html").read_text()
    spanish = (HELP / "es" / f"help_{slug}.html").read_text()
    assert ANCHOR.findall(spanish) == ANCHOR.findall(english)
    assert HEADING.findall(spanish) == HEADING.findall(english)
    assert LINK.findall(spanish) == LINK.findall(english)


def test_nothing_else_lies_in_the_spanish_manual():
    assert {path.name for path in (HELP / "es").iterdir()} == {f"help_{slug}.html" for slug in PAGES}


async def test_a_page_comes_in_the_language_of_the_visitor_and_links_the_other(browse, office):
    client = await browse(office)
    english = await (await client.get("/help/outcomes", headers={"Accept-Language": "en"})).text()
    spanish = await (await client.get("/help/outcomes", headers={"Accept-Language": "es-MX,es;q=0.9"})).text()
    assert "Every call gets exactly one outcome" in english
    assert 'href="?language=es"' in english
    assert "Cada llamada tiene exactamente un resultado" in spanish
    assert '<html lang="es">' in spanish
    asked = await (await client.get("/help/outcomes?language=es", headers={"Accept-Language": "en"})).text()
    assert "Cada llamada tiene exactamente un resultado" in asked
