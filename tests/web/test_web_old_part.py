"""Who looks at an older part of a long lead sweeps nothing away that stands behind it."""

from __future__ import annotations

import re
import sqlite3

import pytest
from long_lead import a_long_lead
from real import NOW, a_box

from gateway.access import passwords


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


@pytest.mark.parametrize(("address", "status"), [("/leads/1?until=in-50", 409), ("/leads/1", 303)])
async def test_done_counts_for_what_was_shown(tmp_path, address, status):
    async with a_box(tmp_path) as box:
        a_long_lead(tmp_path / "box.sqlite3", 330)
        with sqlite3.connect(tmp_path / "box.sqlite3") as db:
            db.execute("UPDATE leads SET wrote_at = ?", (round(NOW.timestamp() * 1000) - 3_600_000,))
        db.close()
        cookies = await box.comes()
        upto = re.search(r'data-upto="([^"]*)"', await box.text(address, cookies))[1]
        answer = await box.press("/leads/1", "/leads/1/done", cookies, upto=upto, seen="")
        assert answer.status == status
