"""A longer text put together from its parts, also where the sender cut a character in two.

The parts' `raw` is UTF-16-BE in hexadecimal, whatever alphabet the part travelled in: half a surrogate pair at a cut stays
there as it came, and an escape of the GSM 7-bit alphabet that ends a part is U+001B (3GPP TS 23.040 9.2.3.24.1 forbids
both cuts; telephones make them).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.core.alphabet import BASIC, EXTENSION
from gateway.core.events import SegmentReceived

MISSING_PART: Final = " [...] "  # stands where a part never came
_CUT_ESCAPE: Final = "\x1b"


def is_part(event: SegmentReceived) -> bool:
    """Whether a segment waits for others, and is read only with them."""
    return event.total is not None and event.total > 1 and event.number is not None and 1 <= event.number <= event.total


def join_parts(parts: Sequence[SegmentReceived]) -> str:
    """The whole text of parts in any order; a part offered twice counts once, a missing one shows as `MISSING_PART`.

    The parts must belong to one text (same sender and reference). The result is valid Unicode. A single text gives its
    body, no parts give "".
    """
    by_number: dict[int, SegmentReceived] = {}
    for part in parts:
        by_number.setdefault(part.number or 1, part)
    runs: list[str] = [""]  # parts that follow each other without a gap; an empty run where parts are missing
    for number in range(1, max((part.total or 1 for part in parts), default=0) + 1):
        if number in by_number:
            runs[-1] = _continued(runs[-1], _characters(by_number[number]))
        elif runs[-1] or number == 1:
            runs.append("")
    return MISSING_PART.join(_shown(run) for run in runs) if len(runs) > 1 else _shown(runs[0])


def _characters(part: SegmentReceived) -> str:
    try:
        return bytes.fromhex(part.raw).decode("utf-16-be", "surrogatepass") if part.raw else part.body
    except ValueError:
        return part.body


def _continued(before: str, after: str) -> str:
    if before.endswith(_CUT_ESCAPE) and after:
        septet = BASIC.find(after[0])
        if septet in EXTENSION:
            return before[:-1] + EXTENSION[septet] + after[1:]
    return before.removesuffix(_CUT_ESCAPE) + after


def _shown(run: str) -> str:
    octets = run.removesuffix(_CUT_ESCAPE).encode("utf-16-be", "surrogatepass")
    return octets.decode("utf-16-be", "replace").replace("\x00", "")
