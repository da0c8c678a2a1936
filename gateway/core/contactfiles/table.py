"""CSV as spreadsheets, Outlook, Google and other programs write it, in English and Spanish.

RFC 4180 is what they all mean; they differ in the separator (a semicolon where the comma is for decimals), in the character
set (UTF-8 with or without a mark, UTF-16, Windows-1252) and in what they call their columns.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Final

from gateway.core.contactfiles.entry import NotRead, Row, kinds_in, plain

SEPARATORS: Final = ",;\t|"
MOST_COLUMNS: Final = 300  # Outlook writes 92
LONGEST_CELL: Final = 20_000


def _heads(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NAME: Final = _heads(
    "name fullname displayname customername customer contact contactname fileas nombrecompleto nombreparamostrar contacto"
    " nombredelcliente cliente archivarcomo"
)
_FIRST: Final = _heads("firstname givenname first primernombre nombredepila")
_MIDDLE: Final = _heads("middlename additionalname segundonombre")
_LAST: Final = _heads("lastname familyname surname last apellido apellidos")
_COMPANY: Final = _heads(
    "company companyname organization organisation organizationname organization1name business businessname empresa"
    " organizacion compania nombredelaempresa organizacion1nombre"
)
_KIND: Final = _heads(
    "kind kinds category categories group groups groupmembership labels tags contacttype clase categoria categorias grupo"
    " grupos etiquetas tipodecontacto"
)
_PHONE: Final = re.compile(r"phone|mobile|cell|telephone|telefono|movil|celular|^tel(?:[0-9]|$)|^(?:number|numero)$")
_NO_PHONE: Final = re.compile(
    r"type|label|tipo|etiqueta|fax|pager|ttytdd|telex|phonetic|fonetico|cancel|miscell|carrier|radio"
)
_NUMBER: Final = re.compile(r"'?\+?[0-9(][0-9 ()./\-–]{5,22}[0-9]")


def decoded(data: bytes) -> str:
    """The text of a file, whatever program has written it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data[1:2] == b"\0" and data[:1] != b"\0":
        return data.decode("utf-16-le", "replace")  # Excel's "Unicode text" without its mark
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(text: str) -> Iterator[Row]:
    """The contacts of a CSV. Raises NotRead with a sentence."""
    lines = text.replace("\0", "").splitlines(keepends=True)
    skipped = 0
    separator = ""
    if lines and (said := re.fullmatch(r"sep=(.)\s*", lines[0])):  # Excel's own hint
        separator, skipped = said[1], 1
    first = next((line for line in lines[skipped:] if line.strip()), "")
    table = csv.reader(lines[skipped:], delimiter=separator or _separator(first))
    try:
        yield from _rows(table, skipped)
    except csv.Error as error:
        raise NotRead(f"line {table.line_num + skipped} of this file cannot be read as CSV - save it anew") from error


def _separator(line: str) -> str:
    """The one that cuts the first line into most pieces, outside quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(SEPARATORS, key=bare.count)


def _rows(table: Iterator[Sequence[str]], skipped: int) -> Iterator[Row]:
    columns: _Columns | None = None
    number = skipped
    for cells in table:
        number = getattr(table, "line_num", number) + skipped
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > MOST_COLUMNS or any(len(cell) > LONGEST_CELL for cell in cells):
            raise NotRead(f"line {number} of this file has too much in it - is it a CSV file?")
        if columns is None:
            columns = _Columns.of(cells)
            if columns.named:
                continue
        yield columns.row(number, cells)
    if columns is None:
        raise NotRead("there is nothing in this file")


class _Columns:
    """Which column holds what. Without a head, numbers are known by their look, and the first words are the name."""

    def __init__(self, heads: Sequence[str], *, named: bool) -> None:
        self.named = named
        plains = [plain(head) for head in heads]
        self.phones = [n for n, head in enumerate(plains) if _PHONE.search(head) and not _NO_PHONE.search(head)]
        self._last = self._all(plains, _LAST)
        first = _FIRST | ({"nombre"} if self._last else frozenset())
        whole = _NAME | (frozenset() if self._last else {"nombre"})
        self._first = self._all(plains, first)
        self._middle = self._all(plains, _MIDDLE)
        self._whole, self._company, self._kind = (self._all(plains, words) for words in (whole, _COMPANY, _KIND))

    @classmethod
    def of(cls, cells: Sequence[str]) -> _Columns:
        """The columns of a file by its first row. Raises NotRead where a head names no telephone number."""
        if any(_NUMBER.fullmatch(cell.strip()) for cell in cells):
            return cls((), named=False)
        columns = cls(cells, named=True)
        if not columns.phones:
            heads = ", ".join(cell.strip()[:20] for cell in cells[:6])
            raise NotRead(
                f"no column of this file is called Phone (found: {heads}) - name one so, and the others Name and Kind"
            )
        return columns

    def row(self, place: int, cells: Sequence[str]) -> Row:
        """One contact."""
        if not self.named:
            numbers = [cell for cell in cells if _NUMBER.fullmatch(cell.strip())]
            words = [cell for cell in cells if cell not in numbers and cell.strip() and not kinds_in(cell)]
            kinds = frozenset[object]().union(*(kinds_in(cell) for cell in cells))
            return Row(place, words[0] if words else "", tuple(numbers), kinds)  # type: ignore[arg-type]
        name = self._first_of(cells, self._whole)
        if not name:
            parts = (self._first_of(cells, each) for each in (self._first, self._middle, self._last))
            name = " ".join(part for part in parts if part)
        name = name or self._first_of(cells, self._company)
        kinds = kinds_in(";".join(cells[n] for n in self._kind if n < len(cells)))
        return Row(place, name, tuple(cells[n] for n in self.phones if n < len(cells) and cells[n].strip()), kinds)

    @staticmethod
    def _all(heads: Sequence[str], wanted: frozenset[str]) -> list[int]:
        return [n for n, head in enumerate(heads) if head in wanted]

    @staticmethod
    def _first_of(cells: Sequence[str], columns: Sequence[int]) -> str:
        return next((cells[n].strip() for n in columns if n < len(cells) and cells[n].strip()), "")
