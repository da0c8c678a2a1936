"""The owner's page of the data: backups to take away, and one person's data taken out."""

from __future__ import annotations

from pathlib import Path

import pytest
from real import ANN, NOW, a_box
from sample_care import SampleCare

from gateway.access import passwords
from gateway.care.desk import DataDesk
from gateway.care.erasing import Erasing
from gateway.care.nightly import NightlyBackups
from gateway.core.events import CallEnded, CallReason, CallSource
from gateway.health import HealthBoard
from gateway.settings import load
from tests.care.office import shop

DANA = "+13035550137"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing as it is, at a thousandth of the cost."""
    monkeypatch.setattr(passwords, "N", 16)


async def test_an_owner_downloads_a_backup_and_that_is_noted(tmp_path: Path) -> None:
    care = SampleCare(tmp_path)
    name = care.backups()[0].name
    (tmp_path / name).write_bytes(b"everything")
    async with a_box(tmp_path, care=care) as box:
        olga = await box.comes()
        assert name in await box.text("/data", olga)
        answer = await box.client.get(f"/data/{name}", cookies=olga)
        assert await answer.read() == b"everything"
        assert answer.headers["Cache-Control"] == "no-store"
        assert name in answer.headers["Content-Disposition"]
        assert care.asked == [(name, "Olga")]
        for path in ("/data/textback-20200101T000000Z.tar.gz", "/data/..%2fbox.sqlite3", "/data/box.sqlite3"):
            assert (await box.client.get(path, cookies=olga)).status == 404


async def test_backups_and_erasing_are_the_owner_s_alone(tmp_path: Path) -> None:
    care = SampleCare(tmp_path)
    name = care.backups()[0].name
    (tmp_path / name).write_bytes(b"everything")
    async with a_box(tmp_path, care=care) as box:
        ann = await box.comes(ANN)
        for path in ("/data", f"/data/{name}"):
            assert (await box.client.get(path, cookies=ann)).status == 403
            assert (await box.client.get(path, allow_redirects=False)).status in (303, 302, 401)
        for path in ("/data/erase", "/data/backup"):
            answer = await box.press("/me", path, ann, number=DANA, sure="yes")
            assert answer.status == 403
        assert care.asked == []


async def test_a_person_is_erased_only_by_whoever_says_so_twice(tmp_path: Path) -> None:
    care = SampleCare(tmp_path)
    async with a_box(tmp_path, care=care) as box:
        olga = await box.comes()
        unsure = await box.press("/data", "/data/erase", olga, number=DANA)
        assert unsure.status == 409
        assert "tick the box" in (said := await unsure.text()).casefold()
        assert f'value="{DANA}"' in said, "what was typed stands there still"
        assert care.asked == []
        done = await box.press("/data", "/data/erase", olga, number=DANA, sure="yes")
        assert (done.status, done.headers["Location"]) == (303, "/data?said=erased")
        assert care.asked == [(DANA, "Olga")]
        page = await box.text("/data?said=erased", olga)
        assert "proof that this person asked not to be texted" in page
        assert DANA not in page


async def test_a_backup_by_hand_is_made_and_shown(tmp_path: Path) -> None:
    made = shop(tmp_path / "shop")
    settings = load(made.config)
    board = HealthBoard()
    async with a_box(tmp_path) as box:
        made.records.write_bytes(b"")
        made.records.unlink()
        made.records.symlink_to(box.store.path)
        nightly = NightlyBackups(lambda: settings, box.clock, board, lambda: True)
        erasing = Erasing(lambda: settings, box.store, box.clock, nothing)
        desk = DataDesk(lambda: settings, nightly, erasing, box.store, box.clock)
        await desk.back_up("Olga")
        assert [row.name for row in desk.backups()] == ["textback-20260302T150000Z.tar.gz"]
        assert desk.backup_file(desk.backups()[0].name) is not None
        assert "Olga: a backup was made (textback-20260302T150000Z.tar.gz)" in await box.history()
        await box.dispatcher.submit(
            CallEnded("a", CallSource.AMI, NOW, DANA, "+12165550100", True, CallReason.NO_ANSWER, ring_s=20.0)
        )
        await desk.erase(DANA, "Olga")
        assert "Erased: 1 calls, 0 leads, 1 texts." in desk.erased()


async def nothing() -> None:
    pass
