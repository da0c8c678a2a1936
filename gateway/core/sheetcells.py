"""Cells of a CSV that spreadsheets open: a cell that begins with one of = + - @ would be a formula (OWASP, CSV injection)."""

from __future__ import annotations

import re

Value = str | int | float | bool | None

_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]|\s+[=+\-@＝＋－＠]")  # spreadsheets pass over leading blanks
_NANP = re.compile(r"\+1([2-9][0-9]{2})([2-9][0-9]{2})([0-9]{4})")


def safe_cell(value: Value) -> Value:
    """A cell that no spreadsheet takes for a formula; a telephone number as people write it."""
    if not isinstance(value, str):
        return value
    number = _NANP.fullmatch(value)
    if number:
        return f"({number[1]}) {number[2]}-{number[3]}"
    return f"'{value}" if _FORMULA.match(value) else value
