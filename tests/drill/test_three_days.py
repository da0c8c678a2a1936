"""72 hours of a busy office through the real process, with faults at random: minutes, for the clock leaps over what is quiet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability.three_days import lived

pytestmark = pytest.mark.drill

SEED = 7
HOURS = 72.0
PAGE_MS = 150.0  # 95 of 100; 50 where nothing else runs (tests/bench), and here two simulators share the cores


def test_three_days_of_a_busy_office_lose_nothing_do_nothing_twice_and_let_nothing_grow(tmp_path: Path) -> None:
    print(lived(tmp_path, SEED, HOURS, PAGE_MS))
