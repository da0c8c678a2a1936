"""What stands first in the list of the office."""

from __future__ import annotations

from gateway.core.inbox import cursor_of, lead_rank, read_cursor
from gateway.core.views.leads import Standing

E = Standing.EMERGENCY


def test_an_emergency_that_nobody_has_stands_before_a_newer_one_that_somebody_has() -> None:
    ranks = {
        "gas, nobody's": lead_rank(E, "emergency", 1, 1000, 1, danger=True, nobodys=True),
        "water, nobody's": lead_rank(E, "emergency", 2, 2000, 2, nobodys=True),
        "newer water, nobody's": lead_rank(E, "emergency", 3, 3000, 3, nobodys=True),
        "gas, Mike has it": lead_rank(E, "emergency", 4, 4000, 4, danger=True),
        "water, Mike has it": lead_rank(E, "emergency", 5, 5000, 5),
        "urgent and late": lead_rank(Standing.OVERDUE, "urgent", 6, 6000, 6),
        "late": lead_rank(Standing.OVERDUE, "routine", 7, 7000, 7),
        "urgent": lead_rank(Standing.WAITING, "urgent", 8, 8000, 8),
    }
    assert sorted(ranks, key=ranks.__getitem__) == [
        "gas, nobody's",
        "newer water, nobody's",
        "water, nobody's",
        "gas, Mike has it",
        "water, Mike has it",
        "urgent and late",
        "urgent",
        "late",
    ]
    assert all(read_cursor(cursor_of(rank)) == rank for rank in ranks.values())
