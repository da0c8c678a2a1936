"""Colours can be told apart (WCAG 2.2: 1.4.3 text 4.5:1, 1.4.11 edges and lamps 3:1)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web

CSS = (Path(web.__file__).parent / "static" / "page.css").read_text()
SCHEMES = dict(zip(("light", "dark"), re.findall(r":root \{(.*?)\}", CSS, re.S), strict=True))

TEXT = [
    *[(ink, ground) for ink in ("ink", "soft", "accent") for ground in ("ground", "paper")],
    *[(ink, f"{tint}-tint") for ink in ("ink", "soft", "accent") for tint in ("good", "warn", "bad", "accent")],
    *[(tone, ground) for tone in ("good", "warn", "bad") for ground in ("paper", f"{tone}-tint")],
    ("on-accent", "accent"),
]
EDGES = [
    *[("edge", ground) for ground in ("paper", "ground")],
    *[("accent", ground) for ground in ("paper", "ground", "warn-tint", "bad-tint", "good-tint")],
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(scheme: str, one: str, other: str) -> float:
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", SCHEMES[scheme]))
    light, dark = sorted((luminance(colours[one]), luminance(colours[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme, ink, ground):
    assert contrast(scheme, ink, ground) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_buttons_and_focus_can_be_seen(scheme, edge, ground):
    assert contrast(scheme, edge, ground) >= 3.0


def test_colours_are_only_named_in_the_palette():
    rules = re.sub(r":root \{.*?\}", "", CSS, flags=re.S)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*\})|\brgb|\bhsl", rules) == []
