"""Whatever happens in whatever order, an emergency ends with somebody who has it, or loudly with nobody.

The walks (`ladder_walk`) are put together at random, with fixed seeds; what has to hold after every step is `ladder_promises`.
"""

from __future__ import annotations

import os
import sqlite3

import pytest

from tests.gateway.ladder_walk import HAPPENINGS, Walk

FIRST = int(os.environ.get("TEXTBACK_LADDER_FIRST", "0"))  # seed
WALKS = int(os.environ.get("TEXTBACK_LADDER_WALKS", "150"))
STEPS = 30


def walked(seed: int) -> sqlite3.Connection:
    walk = Walk(seed)
    happenings, weights = zip(*HAPPENINGS, strict=True)
    for _ in range(STEPS):
        walk.luck.choices(happenings, weights)[0](walk)
        walk.promises.holds()
    walk.promises.every_emergency_has_an_end()
    return walk.db


@pytest.mark.parametrize("seed", range(FIRST, FIRST + WALKS))
def test_every_emergency_ends_with_somebody_or_loudly_with_nobody(seed: int) -> None:
    walked(seed).close()


@pytest.mark.drill
@pytest.mark.parametrize("thousand", range(10))
def test_every_emergency_of_ten_thousand_walks_ends_so(thousand: int) -> None:
    for seed in range(thousand * 1000, (thousand + 1) * 1000):
        try:
            walked(seed).close()
        except AssertionError as broken:
            raise AssertionError(f"walk {seed}") from broken


def test_the_walks_come_to_every_end() -> None:
    """Otherwise they would show nothing."""
    seen = set[str]()
    for seed in range(40):
        db = walked(seed)
        for sql in (
            "SELECT 'escalation ' || state FROM escalations",
            "SELECT 'ring ' || state FROM alerts WHERE channel = 'call'",
            "SELECT 'text ' || purpose FROM texts WHERE state IN ('accepted', 'delivered')",
            "SELECT 'drill' FROM escalations WHERE kind = 'drill'",
            "SELECT 'swap' FROM on_call_swaps",
            "SELECT 'outcome ' || outcome FROM leads",
        ):
            seen |= {str(row[0]) for row in db.execute(sql)}
        db.close()
    assert seen >= {
        *("escalation acknowledged", "escalation exhausted", "escalation over"),
        *("ring accepted", "ring rang", "ring failed", "ring withdrawn"),
        *("text escalation", "text owner_reply", "text owner_notice", "text staff", "text opener", "text safety"),
        *("drill", "swap", "outcome won", "outcome done"),
    }
