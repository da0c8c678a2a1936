"""The commented example configuration, printed from the schema: `python -m gateway.settings.example`.

Every option appears with its meaning and default. A line that begins with `#` and a letter is an option left at its
default; without the `#` the file says the same (or, for a secret, shows how it is written).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from gateway.settings import devices, schema
from gateway.settings.options import Option, Section
from gateway.settings.schema import Part

_HEAD = """\
# Textback configuration. Copy it to /etc/textback/gateway.yaml (or config/gateway.yaml), change it, and run
# `textback check`: it names every mistake with its line and what to do.
#
# A line such as "#min_ring: 0 s", with the # right before the word, is an option at its default: remove the # to change
# it. All other comments explain. Put telephone numbers in quotes. Durations are written 15 s, 15 min, 12 h, 3 days."""


def example() -> str:
    """The whole file."""
    blocks = [_HEAD]
    for part in schema.PARTS:
        if part.section is schema.CONTACT:
            blocks.append(_templates())
        blocks.append("\n".join(_part(part)))
    blocks.append("\n".join(_option(devices.STATE, "")))
    return "\n\n\n".join(blocks) + "\n"


def _part(part: Part) -> Iterator[str]:
    off = "#" if part.shown_off else ""
    yield from _comment(part.section.title, "")
    yield f"{off}{part.section.name}:"
    match part.shape:
        case "named":
            yield f"  {off}{part.name}:"
            yield from _options(part.section, "    ", hidden=part.shown_off)
        case "list":
            yield from _dashed(_options(part.section, "    "))
        case _:
            yield from _options(part.section, "  ")


def _options(section: Section, indent: str, *, hidden: bool = False) -> Iterator[str]:
    for option in section.options:
        yield from _option(option, indent, hidden=hidden)


def _option(option: Option[Any], indent: str, *, hidden: bool = False) -> Iterator[str]:
    fate = "Required." if option.required else f"Default: {option.written or 'none'}."
    together = f"{option.meaning} {fate}"
    yield from _comment(together if len(together) < 116 - len(indent) else f"{option.meaning}\n{fate}", indent)
    hidden = hidden or option.shown_off or not (option.example or option.inner)
    start = f"{indent}{'#' if hidden else ''}{option.name}:"
    if option.inner is not None:
        yield start
        yield from _options(option.inner, indent + "  ", hidden=hidden)
    else:
        yield f"{start} {option.example or option.written}"


def _dashed(lines: Iterator[str]) -> Iterator[str]:
    """The lines of a mapping as an entry of a list: the dash goes before its first option."""
    dashed = False
    for line in lines:
        if not dashed and not line.lstrip().startswith("#"):
            line, dashed = "  - " + line[4:], True
        yield line


def _templates() -> str:
    words = "{business}: sorry we missed your call. What can we help with? We'll follow up. Emergency: text URGENT."
    lines = [*_comment(schema.TEMPLATES_TITLE, ""), "#templates:", f'  #open: "{words} Auto-text, STOP to end."']
    return "\n".join(lines)


def _comment(text: str, indent: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        for line in textwrap.wrap(paragraph, 118 - len(indent), break_long_words=False, break_on_hyphens=False):
            yield f"{indent}# {line}"


if __name__ == "__main__":
    print(example(), end="")
