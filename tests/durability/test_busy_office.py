"""A short form of the three days: two hours of a Monday morning with faults at random, through the real process."""

from __future__ import annotations

from pathlib import Path

from tests.durability.three_days import lived

SEED = 3
HOURS = 2.0
PAGE_MS = 1000.0  # beside other tests; what a page may take is measured in tests/bench and in the drill


def test_a_busy_morning_with_faults_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    lived(tmp_path, SEED, HOURS, PAGE_MS)
