"""Fictional telephone numbers (555-01xx), enough of them for a year of calls."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache

from gateway.core.numbers import NumberKind, read_number


@cache
def area_codes() -> tuple[str, ...]:
    """Every area code whose fictional numbers may be texted, the office's own aside."""
    codes = (str(code) for code in range(201, 990) if code != 216)
    return tuple(code for code in codes if read_number(f"+1{code}5550100", "US", "216").kind is NumberKind.TEXTABLE)


def callers() -> Iterator[str]:
    """Fictional numbers (555-01xx) as a trunk delivers them, each once, and then from the first again."""
    for number, code in itertools.cycle(itertools.product(range(100, 200), area_codes())):
        yield f"{code}5550{number}"
