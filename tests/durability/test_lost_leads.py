"""Leads that damage has taken: their callers stay on the list, and nobody's words or texts go to another person's lead."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.gateway.box import PortModem, VirtualClock, living, reader
from tests.gateway.office import CALLER, OWNER

FLOOD = "water is pouring through my kitchen ceiling and I cannot stop it"
OTHER, THIRD = "+12165550141", "+12165550142"


def without(path: Path, *tables: str) -> None:
    """The rows of these tables are gone, and the file is damaged in a place that makes the box look."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for table in tables:
            db.execute(f"DELETE FROM {table}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[18:20] = b"\x00\x07"  # the file format version: SQLite refuses the file
    path.write_bytes(data)


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two callers have written, and the owner was told of one."""
    path = tmp_path_factory.mktemp("past") / "box"

    async def talk() -> None:
        async with living(path, read=reader()) as box:
            await box.misses()
            await box.wait(30)
            await box.hears("my furnace needs a tune up, I am in 44107")
            await box.wait(60)
            await box.hears(FLOOD, OTHER)
            await box.wait(600)

    asyncio.run(talk())
    return path


@pytest.mark.parametrize(
    "tables", [["leads"], ["leads", "letters"], ["letters"], ["leads", "tasks"], ["leads", "texts"]]
)
async def test_an_emergency_after_the_damage_is_told_and_nobody_is_forgotten(
    tmp_path: Path, yesterday: Path, tables: list[str]
) -> None:
    path, clock, modem = tmp_path / "box", VirtualClock(), PortModem()
    shutil.copy2(yesterday, path)
    without(path, *tables)
    clock.moment = clock.moment.replace(hour=18)
    async with living(path, clock=clock, modem=modem, read=reader()) as box:
        for sender in (THIRD, CALLER, OTHER):
            await box.hears(f"{FLOOD}!", sender, identity=f"later {sender}")
        await box.wait(60)
        alerts = [body for body in box.texts_to(OWNER) if FLOOD in body]
        assert sum("555-0142" in body for body in alerts) == sum("555-0137" in body for body in alerts) == 1
        mixed = await box.rows(
            "SELECT l.peer, e.peer FROM letters l JOIN leads e ON e.id = l.lead_id WHERE l.peer <> e.peer"
        )
        assert mixed == []
        mixed = await box.rows(
            "SELECT t.peer, e.peer FROM texts t JOIN leads e ON e.id = t.lead_id WHERE t.peer <> e.peer AND t.peer <> ?",
            OWNER,
        )
        assert mixed == []
        waiting = {
            row[0] for row in await box.rows("SELECT peer FROM tasks WHERE kind = 'wrote' AND closed_at IS NULL")
        }
        assert waiting == {CALLER, OTHER, THIRD}


async def test_whoever_wrote_before_the_damage_waits_on_the_list(tmp_path: Path, yesterday: Path) -> None:
    path = tmp_path / "box"
    shutil.copy2(yesterday, path)
    without(path, "leads", "tasks")
    async with living(path, read=reader()) as box:
        waiting = await box.rows(
            "SELECT peer, lead_id FROM tasks WHERE kind = 'wrote' AND closed_at IS NULL ORDER BY id"
        )
        assert waiting == [(CALLER, 1), (OTHER, 2)]
        assert await box.rows("SELECT id, peer, stage FROM leads ORDER BY id") == [
            (1, CALLER, "handed_over"),
            (2, OTHER, "handed_over"),
        ]
