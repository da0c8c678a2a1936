"""A text in the plain form that rules read, position by position the same as the text that was sent."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_QUOTES = {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u201c": '"', "\u201d": '"', "\u00b4": "'"}
_DASHES = {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"}
_ASCII = {**dict.fromkeys((*range(32), 127), " "), ord("`"): "'"}
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[^\sa-z0-9]")


@dataclass(frozen=True, slots=True)
class Folded:
    """`plain` is `sent` in lower case, without accents, with straight quotes and single-kind spaces.

    Both have the same length, so a span found in `plain` is the span of the words as they were sent.
    """

    sent: str
    plain: str

    def words(self) -> list[str]:
        """Words and single other characters, in order."""
        return _WORD.findall(self.plain)


def fold(text: str) -> Folded:
    """Fold any text; never fails. Control characters become spaces, accents go, one character stays one character."""
    if text.isascii():  # most texts; the same as below, many times faster
        return Folded(sent=text, plain=text.lower().translate(_ASCII))
    sent = unicodedata.normalize("NFC", text)
    return Folded(sent=sent, plain="".join(map(_plain, sent)))


def _plain(char: str) -> str:
    if char in _QUOTES:
        return _QUOTES[char]
    if char.isascii():
        return char.lower() if char.isprintable() else " "
    if char in _DASHES:
        return _DASHES[char]
    if char.isspace() or unicodedata.category(char) in ("Cc", "Cf"):
        return " "
    base = unicodedata.normalize("NFKD", char)[:1].lower()
    return base[:1] or " "
