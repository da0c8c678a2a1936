"""Every power cut below SQLite in a longer life, many ways of losing unsynced writes each: about three minutes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gateway.storage import schema
from tests.durability.disk import recorded
from tests.durability.test_disk import commits, lost_or_torn, take_new_as_old

pytestmark = pytest.mark.drill


@pytest.mark.parametrize("checkpoint_pages", [1, 8, 40])
async def test_thousands_of_power_cuts_lose_nothing_that_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checkpoint_pages: int
) -> None:
    monkeypatch.setattr(schema, "CHECKPOINT_PAGES", checkpoint_pages)
    folder = tmp_path / "box"
    folder.mkdir()
    with recorded(folder) as recorder:
        await commits(recorder, folder / "textback.sqlite3", 25)
    take_new_as_old(recorder)
    tried, bad = lost_or_torn(recorder, tmp_path, random.Random(checkpoint_pages), per_cut=6)
    assert tried > 1000
    assert bad == 0
