"""What the troubles share: a simulated office, and waits that are short."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway import dispatcher, openrecords, pageserving, restarts, sender, supervisor


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again after seconds in an office is tried again at once here."""
    monkeypatch.setattr(openrecords, "RETRY_S", 0.1)
    monkeypatch.setattr(supervisor, "DOOR_RETRY_S", 0.1)
    monkeypatch.setattr(pageserving, "PAGE_RETRY_S", 0.1)
    monkeypatch.setattr(restarts, "RESTART_MIN_S", 0.1)
    monkeypatch.setattr(restarts, "HEALED_S", 0.5)
    monkeypatch.setattr(dispatcher, "STEADY_S", 0.3)
    monkeypatch.setattr(sender, "STORE_RETRY_S", 0.1)
    monkeypatch.setattr(sender, "LOOK_AGAIN_S", 0.3)


@pytest.fixture
async def pbx() -> AsyncIterator[SimulatedPbx]:
    async with SimulatedPbx() as pbx:
        yield pbx


@pytest.fixture
async def modem(tmp_path: Path) -> AsyncIterator[SimulatedModem]:
    async with SimulatedModem(link=tmp_path / "modem") as modem:
        modem.network.ring_period_s = 0.2
        yield modem


@pytest.fixture
def handed_over(modem: SimulatedModem) -> asyncio.Event:
    """A text is on its way into the modem."""
    event = asyncio.Event()
    modem.on_command.append(lambda line: event.set() if line.startswith("AT+CMGS") else None)
    return event
