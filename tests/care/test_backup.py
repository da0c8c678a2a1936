"""A backup is whole, read back and private; a restore keeps what was there, texts nobody twice, and forgets no STOP."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import random
import shutil
import sqlite3
import stat
import tarfile
import zlib
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.care.packing import back_up
from gateway.care.restoring import Restored, restore
from gateway.cli import main as cli
from gateway.core.events import Switched
from gateway.statefolder import DATABASE, only_one
from gateway.storage.backupfile import BackupError, verify
from gateway.storage.doubts import PAUSED_BY_RESTORE
from tests.care.office import LATER, SECRET, SILENT, TALKS, TEXTED, WAITS, Shop, live, morning, shop
from tests.gateway.box import START, PortModem, VirtualClock
from tests.gateway.dumps import NEWEST, records_of

NEXT_DAY = START + timedelta(hours=20)


async def saved(folder: Path, made: Shop) -> Path:
    """A backup of the morning, written while the box runs."""
    file = folder / "box.backup"
    async with live(made) as box:
        await morning(box)
        await asyncio.to_thread(back_up, file, made.config, made.state, box.clock.now())
    return file


def put_back(file: Path, made: Shop, **more: Any) -> Restored:
    return restore(file, made.config, NEXT_DAY, **more)


async def rows(made: Shop, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{made.records}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


async def test_a_backup_of_a_running_box_is_one_private_file_with_everything_to_run_again(tmp_path: Path) -> None:
    made = shop(tmp_path / "box")
    file = await saved(tmp_path, made)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["box", "box.backup"] or len(list(tmp_path.iterdir())) == 2
    contents = verify(file)
    assert contents.schema == NEWEST
    assert contents.counts["calls"] == 3
    with tarfile.open(file) as tar:
        names = set(tar.getnames())
    assert {"config/gateway.yaml", "config/named/1-ami-secret", "state/reader.model", DATABASE} <= names
    assert not any("search" in name or "lock" in name for name in names)


async def test_a_new_box_runs_on_from_a_backup_and_texts_nobody_twice(tmp_path: Path) -> None:
    made = shop(tmp_path / "box")
    file = await saved(tmp_path, made)
    shutil.rmtree(made.folder)
    restored = put_back(file, made)
    assert restored.problems == ()
    assert (made.config.parent / "ami-secret").read_text() == f"{SECRET}\n"
    assert (made.state / "reader.model").read_bytes() == b"learnt here"
    modem = PortModem()
    async with live(made, modem, VirtualClock(NEXT_DAY)) as box:
        await box.wait(3600)
        assert modem.air == [], "something that may have gone out before went out once more"
        for caller in (TEXTED, SILENT, WAITS, LATER):
            await box.misses(caller)
        await box.wait(3600)
        assert modem.air == [], "texting waits for a person"
        calls = {
            row[0] for row in await box.rows("SELECT peer FROM tasks WHERE closed_at IS NULL AND kind = 'call_back'")
        }
        assert {WAITS, LATER} <= calls
        assert await box.rows("SELECT count(*) FROM tasks WHERE closed_at IS NULL AND peer = ?", TALKS) == [(1,)]
        assert await box.rows("SELECT value FROM switches WHERE name = 'pause'") == [(PAUSED_BY_RESTORE,)]
        await box.happens(Switched(box.clock.now(), "pause", "", "Ann"))
        await box.misses("+12165550166")
        await box.misses(SILENT)
        await box.wait(60)
        assert len(box.texts_to("+12165550166")) == 1, "texting goes on when a person has said so"
        assert box.texts_to(SILENT) == []


async def test_who_said_stop_since_the_backup_is_not_texted_after_the_restore(tmp_path: Path) -> None:
    made = shop(tmp_path / "box")
    file = await saved(tmp_path, made)
    async with live(made, clock=VirtualClock(START + timedelta(hours=2))) as box:
        await box.misses(LATER)
        await box.wait(60)
        assert len(box.texts_to(LATER)) == 1
        await box.hears("stop", LATER)
        await box.misses("+12165550167")
        await box.wait(60)
    restored = put_back(file, made)
    assert restored.opt_outs == 1
    assert await rows(made, "SELECT count(*) FROM contacts WHERE kind = 'opted_out'") == [(2,)]
    assert await rows(made, "SELECT opened_at > 0 FROM peers WHERE number = '+12165550167'") == [(1,)]
    (kept,) = [Path(name) for name in restored.kept if DATABASE in name]
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("SELECT count(*) FROM calls WHERE peer = ?", (LATER,)).fetchone() == (1,)


async def test_what_a_restore_replaces_is_kept_aside(tmp_path: Path) -> None:
    made = shop(tmp_path / "box")
    file = await saved(tmp_path, made)
    (made.state / "reader.model").write_bytes(b"learnt later")
    changed = made.config.read_text() + "# changed\n"
    made.config.write_text(changed)
    restored = put_back(file, made)
    kept = {Path(name).name: Path(name) for name in restored.kept}
    assert kept["reader.model"].read_bytes() == b"learnt later"
    assert next(path for name, path in kept.items() if name.startswith("gateway.yaml")).read_text() == changed
    assert "# changed" not in made.config.read_text()
    for path in restored.kept:
        assert Path(path).exists()


async def test_only_the_records_are_put_back_where_the_configuration_is_to_stay(tmp_path: Path) -> None:
    made = shop(tmp_path / "box")
    file = await saved(tmp_path, made)
    changed = made.config.read_text() + "# changed\n"
    made.config.write_text(changed)
    put_back(file, made, keep_configuration=True)
    assert made.config.read_text() == changed
    assert await rows(made, "SELECT count(*) FROM calls") == [(3,)]


async def test_nothing_is_restored_under_a_running_gateway(tmp_path: Path) -> None:
    made = shop(tmp_path / "box")
    file = await saved(tmp_path, made)
    before = made.records.read_bytes()
    with only_one(made.state), pytest.raises(BackupError, match="the gateway runs: stop it first"):
        put_back(file, made)
    assert made.records.read_bytes() == before


def opened(data: bytes | bytearray) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return b""


async def test_a_damaged_backup_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    made = shop(tmp_path / "box")
    file = await saved(tmp_path, made)
    before = made.records.read_bytes()
    sound, rng = file.read_bytes(), random.Random(7)
    for _ in range(60):
        harmed = bytearray(sound)
        match rng.randrange(3):
            case 0:
                harmed[rng.randrange(10, len(harmed))] ^= 1 << rng.randrange(8)
            case 1:
                del harmed[rng.randrange(len(harmed) - 1) :]
            case _:
                place = rng.randrange(len(harmed) - 200)
                harmed[place : place + 100] = rng.randbytes(100)
        if opened(harmed) == opened(sound):
            continue  # a bit that means nothing, behind the end of what was packed
        file.write_bytes(harmed)
        with pytest.raises(BackupError) as refused:
            put_back(file, made)
        assert " - " in str(refused.value), "no remedy"
        assert made.records.read_bytes() == before
    assert not [path for path in made.state.iterdir() if path.name.startswith(".restore")]


def packed(file: Path, members: dict[str, bytes], told: dict[str, Any] | None = None) -> None:
    import hashlib

    manifest = {
        "format": 1, "made_at": 0, "product": "x", "schema": 1, "counts": {}, "places": {},
        "files": {n: {"bytes": len(d), "sha256": hashlib.sha256(d).hexdigest()} for n, d in members.items()},
    } | (told or {})  # fmt: skip
    with tarfile.open(file, "w:gz") as tar:
        for name, data in {"manifest.json": json.dumps(manifest).encode(), **members}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize("name", ["../outside", "state/../../outside", "/outside", "config/a/b/c/d/e", "other/x"])
def test_a_backup_cannot_write_outside_its_folder(tmp_path: Path, name: str) -> None:
    made = shop(tmp_path / "box")
    packed(tmp_path / "evil", {name: b"x", DATABASE: b"y"})
    with pytest.raises(BackupError, match="does not hold what it says"):
        put_back(tmp_path / "evil", made)
    assert not list(tmp_path.rglob("outside"))


def test_a_link_a_newer_format_and_a_wrong_file_are_refused_with_words(tmp_path: Path) -> None:
    made = shop(tmp_path / "box")
    packed(tmp_path / "newer", {DATABASE: b"y"}, {"format": 2})
    with pytest.raises(BackupError, match="made by a newer version - install the newer version"):
        put_back(tmp_path / "newer", made)
    (tmp_path / "photo").write_bytes(gzip.compress(b"holiday"))
    with pytest.raises(BackupError, match="is damaged, or is no backup of this product"):
        put_back(tmp_path / "photo", made)
    with pytest.raises(BackupError, match="there is no backup"):
        put_back(tmp_path / "nowhere", made)
    with tarfile.open(tmp_path / "link", "w:gz") as tar:
        member = tarfile.TarInfo("manifest.json")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(BackupError, match="something that is no file"):
        put_back(tmp_path / "link", made)


async def test_the_command_line_backs_up_a_box_and_puts_it_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = shop(tmp_path / "box")
    async with live(made) as box:
        await morning(box)
    config = ["--config", str(made.config)]
    assert await asyncio.to_thread(cli.main, [*config, "backup", str(tmp_path / "file")]) == 0
    assert "read back and sound" in capsys.readouterr().out
    assert await asyncio.to_thread(cli.main, [*config, "restore", str(tmp_path / "file")]) == 0
    said = capsys.readouterr().out
    assert "Texting is paused" in said
    assert f"kept: {made.records}.before-restore-" in said
    assert await asyncio.to_thread(cli.main, [*config, "restore", str(tmp_path / "none")]) == 1
    assert "textback restore: there is no backup" in capsys.readouterr().err
    assert await asyncio.to_thread(cli.main, [*config, "backup", "/proc/none/file"]) == 1
    assert "textback backup: nothing can be written beside" in capsys.readouterr().err


@pytest.mark.parametrize("version", [1, 8, 17, NEWEST - 1])
async def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    old = shop(tmp_path / "old")
    before = records_of(old.records, version)
    made_at = back_up(tmp_path / "file", old.config, old.state, START).made_at
    assert verify(tmp_path / "file").schema == version
    shutil.rmtree(old.folder)
    restored = put_back(tmp_path / "file", old)
    assert (restored.contents.schema, restored.contents.made_at) == (version, made_at)
    assert await rows(old, "PRAGMA user_version") == [(NEWEST,)]
    assert await rows(old, "SELECT count(*) FROM calls") == [(len(before["calls"]),)]
    async with live(old, modem := PortModem(), VirtualClock(NEXT_DAY)) as box:
        await box.wait(600)
        assert modem.air == []


async def test_a_backup_of_a_newer_version_is_refused_with_words(tmp_path: Path) -> None:
    made = shop(tmp_path / "box")
    file = await saved(tmp_path, made)
    with closing(sqlite3.connect(made.records)) as db:
        db.execute(f"PRAGMA user_version = {NEWEST + 1}")
    with pytest.raises(BackupError, match="install the newer version"):
        back_up(tmp_path / "newer", made.config, made.state, START)
    data = {DATABASE: made.records.read_bytes()}
    packed(tmp_path / "newer", data, {"schema": NEWEST + 1})
    before = made.records.read_bytes()
    with pytest.raises(BackupError, match=f"has schema {NEWEST + 1}, this version knows {NEWEST} - install the newer"):
        put_back(tmp_path / "newer", made)
    assert made.records.read_bytes() == before
    assert file.exists()
