"""The words of the settings: what options are called, and what may be chosen. They come from the core in English."""

from __future__ import annotations

import re

from gateway.core.sheets import Row

_NAMED = re.compile(r"`([^`]*)`")
LONGEST_ROW = 60  # characters of a row's own words


def choice(word: str) -> str:
    """A word that may be chosen, as people read it: "no_answer" -> "no answer"."""
    return word.replace("_", " ")


def option_help(words: str) -> str:
    """What the file says of an option, as people read it: names of commands and options in quotes."""
    return _NAMED.sub(r"“\1”", " ".join(words.split()))


def row_words(row: Row) -> str:
    """What a row without a name is called: the words in it."""
    words = [field.value or ", ".join(field.values) for field in row.fields if field.kind not in ("section", "rows")]
    return " · ".join(word for word in words if word)[:LONGEST_ROW] or "…"
