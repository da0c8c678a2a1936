"""The real process on damaged records: it runs on, tells the owner, texts nobody of whom it is not certain, and says so."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from pathlib import Path

from tests.durability.world import OWNER, PATIENCE_S, ROOT, World, office

CALLER = "3015550137"


async def status(world: World) -> dict[str, object]:
    command = (sys.executable, "-m", "gateway.cli", "--config", str(world.box.config), "status", "--json")
    asked = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    out, _ = await asyncio.wait_for(asked.communicate(), PATIENCE_S)
    asked._transport.close()  # type: ignore[attr-defined]
    said: dict[str, object] = json.loads(out)
    return said


def said_of(world: World, caller: str) -> list[str]:
    return [row["say"] for row in world.box.rows(f"SELECT say FROM calls WHERE peer = '+1{caller}' ORDER BY id")]


async def test_a_box_killed_and_its_card_damaged_runs_on_and_texts_nobody_twice(tmp_path: Path) -> None:
    async with office(tmp_path, 1, settle_s=0) as world:
        box, texts = world.box, world.modem.network.sent_texts
        await box.start()
        await world.until(lambda: box.listens, "the box listens")
        await world.pbx.missed_call(CALLER, "2165550100", ring_s=0.5)
        await world.until(lambda: len(texts()) == 1 and world.is_settled(), "the caller is texted")
        box.kill()
        await box.died()
        for ending in ("", "-wal"):
            box.database.with_name(box.database.name + ending).write_bytes(random.Random(1).randbytes(50_000))
        await box.start()
        await world.until(lambda: box.listens, "the box listens again")
        await world.pbx.missed_call(CALLER, "2165550100", ring_s=0.5)
        await world.until(lambda: said_of(world, CALLER) != [] and world.is_settled(), "the call has its outcome")
        assert [text.to for text in texts()] == [f"+1{CALLER}", OWNER]
        assert "records were damaged" in texts()[-1].body
        assert "paused" in said_of(world, CALLER)[0]
        assert [row["kind"] for row in box.rows("SELECT kind FROM tasks WHERE closed_at IS NULL")] == ["call_back"]
        told = await status(world)
        assert "records were damaged" in str(told["paused"])
        assert "history" in [part["component"] for part in told["health"]]  # type: ignore[attr-defined]
        kept = list(box.database.parent.glob("*.damaged-*"))
        assert sorted(file.stat().st_size for file in kept if not file.name.endswith("-shm")) == [50_000, 50_000]
        await box.stop()
