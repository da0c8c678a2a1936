"""Hundreds of kills of the real process, on every dialect of the simulated modem: about ten minutes on two cores."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from drivers.simulator.dialects import DIALECTS
from tests.durability.campaign import CHOSEN, at_command, chosen_kills, random_kills

pytestmark = pytest.mark.drill

KILLS = 320
COMMANDS = 60  # set-up takes about 30, then texts come and go
OFFICES = 2  # at a time: one a core


@pytest.mark.parametrize(("place", "dialect"), list(enumerate(DIALECTS)))
async def test_hundreds_of_random_kills_lose_nothing_and_text_nobody_twice(
    tmp_path: Path, place: int, dialect: str
) -> None:
    kills = -(-KILLS // len(DIALECTS) // OFFICES)
    async with asyncio.TaskGroup() as campaigns:
        for office in range(OFFICES):
            folder = tmp_path / str(office)
            folder.mkdir()
            campaigns.create_task(random_kills(folder, 100 + OFFICES * place + office, kills, dialect=dialect))


@pytest.mark.parametrize(("place", "dialect"), list(enumerate(DIALECTS)))
async def test_a_kill_at_each_step_on_every_dialect_loses_nothing(tmp_path: Path, place: int, dialect: str) -> None:
    await chosen_kills(tmp_path, 200 + place, CHOSEN, dialect=dialect)


async def test_a_kill_at_every_command_of_a_whole_session_loses_nothing(tmp_path: Path) -> None:
    """From the first AT over the set-up and the sweep to texts in and out: the power fails behind each serial write."""
    points = {f"at command {number}": at_command("AT", number) for number in range(1, COMMANDS + 1)}
    world = await chosen_kills(tmp_path, 300, points)
    assert world.box.kills == COMMANDS
