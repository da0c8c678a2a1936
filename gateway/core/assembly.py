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


def join_parts(parts: Sequence[SegmentReceived]) -> str:
    """The whole text of parts in any order; a part offered twice counts once, a missing one shows as `MISSING_PART`.

    The parts must belong to one text (same sender and reference). The result is valid Unicode. A single text gives its
    body, no parts give "".
    """
    by_number: dict[int, SegmentReceived] = {}
    for part in parts:
        by_number.setdefault(part.number or 1, part)
    total = max((part.total or 1 for part in parts), default=0)
    joined: list[str] = []
    run = ""
    for number in range(1, max(total, *by_number, 0) + 1 if by_number else 1):
        if number in by_number:
            run = _continued(run, _characters(by_number[number]))
        elif not joined or joined[-1] != MISSING_PART or run:
            joined += [_shown(run), MISSING_PART]
            run = ""
    return "".join([*joined, _shown(run)]).strip(" ") if MISSING_PART in joined else _shown(run)


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
