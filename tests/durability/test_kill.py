"""kill -9 of the real process under load: nobody is texted twice, no call and no text is lost, what is unsure is shown."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.durability.campaign import CHOSEN, chosen_kills, random_kills

KILLS = 30


async def test_random_kills_under_load_lose_nothing_and_text_nobody_twice(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]  # side by side: much of a life is waiting
    for folder in folders:
        folder.mkdir()
    async with asyncio.TaskGroup() as campaigns:
        for seed, folder in enumerate(folders, 1):
            campaigns.create_task(random_kills(folder, seed, KILLS // len(folders)))


async def test_a_kill_at_each_step_of_a_text_loses_nothing_and_texts_nobody_twice(tmp_path: Path) -> None:
    world = await chosen_kills(tmp_path, 3, CHOSEN)
    assert world.box.kills == len(CHOSEN)
