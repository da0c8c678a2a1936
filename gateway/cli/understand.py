"""`textback understand`: customers' texts in, labels with their reasons out, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TextIO

from gateway.cli.jsonlines import BadLine, parsed
from gateway.core.understanding.other_numbers import other_number
from gateway.core.understanding.reader import Reader


def understand(
    lines: Iterable[str],
    reader: Reader,
    trades: Iterable[str],
    out: TextIO,
    *,
    country: str = "US",
    area_code: str = "",
) -> None:
    """Read every line and write its labels at once. Raises BadLine at the first line that cannot be used.

    `country` and `area_code` are the business's: with them a telephone number of seven digits is a whole one.
    """
    known = frozenset(trades)
    for number, line in parsed(lines):
        trade, text = line.get("trade"), line.get("text")
        if trade not in known:
            raise BadLine(f"line {number}: unknown trade {trade!r} - one of {', '.join(sorted(known))}")
        if not isinstance(text, str):
            raise BadLine(f"line {number}: there is no text - write it under the key 'text'")
        labels = {"id": line.get("id"), **asdict(reader.read(text, trade))}
        del labels["state"], labels["callback_whose"]  # no labels: the one is for the service area, the other a detail
        other = other_number(text, country, area_code)
        labels["callback_number"] = other and other[0]
        out.write(json.dumps(labels, ensure_ascii=False) + "\n")
        out.flush()
