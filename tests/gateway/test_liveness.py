"""A sign of life to systemd's watchdog is given for a gateway that works, and for no other."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from gateway import systemd
from gateway.liveness import Device, Liveness
from gateway.storage.store import Store, StoreDown
from tests.gateway.test_systemd import ear, heard  # noqa: F401

UP = Device("modem", 180.0, 20.0)


async def nothing() -> None:
    pass


async def test_a_box_that_works_gives_signs_of_life_and_writes_nothing_for_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "db")
    await store.open()
    try:
        log = tmp_path / "db-wal"
        before = log.read_bytes()
        assert await Liveness(lambda: store.write(lambda _db: None), lambda: [UP]).proven()
        assert log.read_bytes() == before
    finally:
        await store.close()


async def test_records_that_do_not_answer_are_no_life(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(tmp_path / "db")
    await store.open()
    try:
        async with store._lock:  # a transaction that never ends
            life = Liveness(lambda: store.write(lambda _db: None), list, within_s=0.05)
            assert not await life.proven()
            assert not await life.proven()
        assert caplog.text.count("the records have not answered") == 1
        assert await life.proven()
    finally:
        await store.close()


@pytest.mark.parametrize("error", [StoreDown("the disk is full"), sqlite3.OperationalError("disk I/O error")])
async def test_records_that_are_down_and_say_so_are_life_for_the_page_tells_of_them(error: Exception) -> None:
    async def refuse() -> None:
        raise error

    assert await Liveness(refuse, list).proven()


@pytest.mark.parametrize(
    ("device", "alive"),
    [
        (UP, True),
        (Device("modem", 180.0, None), True),  # down, and said so
        (Device("modem", 180.0, 181.0), False),  # up, by its own account
        (Device("modem", 180.0, None, running=False), False),
    ],
)
async def test_a_device_is_heard_of_or_said_to_be_down(device: Device, alive: bool) -> None:
    assert await Liveness(nothing, lambda: [UP, device]).proven() is alive


async def test_the_watchdog_hears_nothing_of_a_gateway_that_cannot_prove_that_it_lives(
    ear,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    ready, asked, lives = asyncio.Event(), asyncio.Event(), False

    async def alive() -> bool:
        asked.set()
        return lives

    ready.set()
    async with systemd.told(ready, alive):
        assert await heard(ear) == "READY=1"
        await asyncio.wait_for(asked.wait(), 5)
        with pytest.raises(BlockingIOError):
            ear.recv(100)
        lives = True
        assert await heard(ear) == "WATCHDOG=1"
