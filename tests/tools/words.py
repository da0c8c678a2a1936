"""The words of the page, from its sources and templates, into the catalogues of its other languages.

`python -m tests.tools.words` brings `web/locales/es.po` up to date (new words stand there empty, those that nobody says any
more are gone), compiles `es.mo`, and prints what has no Spanish yet. Both files are committed.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).resolve().parents[2] / "web"
LOCALES = WEB / "locales"
LANGUAGES = ("es",)
_KEYWORDS = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2)}
_READ_BY = [("templates/**.html", "jinja2"), ("help/**.html", "jinja2"), ("**.py", "python")]
_TEMPLATES_AS_DRAWN = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
_BEGAN = datetime(2026, 11, 22, tzinfo=UTC)  # catalogues differ by their words only
_WIDTH = 120


def used() -> Catalog:
    """Every message that code and templates use."""
    found = Catalog()
    options = {pattern: _TEMPLATES_AS_DRAWN for pattern, method in _READ_BY if method == "jinja2"}
    for file, _line, message, _comments, context in extract_from_dir(
        WEB, _READ_BY, options, keywords=_KEYWORDS, directory_filter=lambda _folder: True
    ):
        assert context is None, f"{file}: messages have no contexts here"
        if message:
            found.add(message)
    return found


def kept(language: str) -> Catalog:
    """A catalogue as it is kept; an empty one where there is none."""
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return _new(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> Catalog:
    """A catalogue with the messages that are used, and what is known of them."""
    old, new = kept(language), _new(language)
    for message in used():
        if message.id:
            known = old.get(message.id)
            same = known is not None and known.id == message.id
            new.add(message.id, known.string if known is not None and same else _empty(message, new.num_plurals))
    return new


def po_of(catalogue: Catalog) -> bytes:
    """A catalogue as translators read it."""
    file = io.BytesIO()
    write_po(file, catalogue, width=_WIDTH, no_location=True, sort_output=True)
    return file.getvalue()


def mo_of(catalogue: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def lacking(catalogue: Catalog) -> Iterator[Message]:
    """The messages without a text in this language."""
    for message in catalogue:
        texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(texts)):
            yield message


def _new(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="Textback",
        version="1",
        copyright_holder="Textback",
        msgid_bugs_address="none",
        last_translator="Textback",
        language_team="Textback",
        creation_date=_BEGAN,
        revision_date=_BEGAN,
        fuzzy=False,
        header_comment="# The words of the page. Brought up to date by: python -m tests.tools.words",
    )


def _empty(message: Message, forms: int) -> str | tuple[str, ...]:
    return ("",) * forms if message.pluralizable else ""


def main() -> int:
    """Bring every catalogue up to date; the exit status tells whether something is lacking."""
    LOCALES.mkdir(exist_ok=True)
    left = 0
    for language in LANGUAGES:
        catalogue = renewed(language)
        (LOCALES / f"{language}.po").write_bytes(po_of(catalogue))
        (LOCALES / f"{language}.mo").write_bytes(mo_of(catalogue))
        for message in lacking(catalogue):
            left += 1
            print(f"{language}: {message.id!r}")
    print(f"{left} lacking" if left else "nothing is lacking")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
