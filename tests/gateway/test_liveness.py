"""A sign of life to systemd's watchdog is given for a gateway that works, and for no other."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import pytest

from gateway import systemd
from gateway.liveness import MEMORY_MIB, WRITES_WITHIN_S, Device, Liveness, own_memory_mib
from gateway.storage.store import Store, StoreDown
from tests.gateway.test_systemd import ear, heard  # noqa: F401

UP = Device("modem", 180.0, 20.0)


async def nothing() -> None:
    pass


def life_of(
    write: Callable[[], Awaitable[object]],
    devices: Callable[[], Iterable[Device]],
    within_s: float = WRITES_WITHIN_S,
    memory_mib: Callable[[], int] = lambda: 60,
) -> Liveness:
    """Signs of life of a program of ordinary size, whatever the tests themselves have grown to."""
    return Liveness(write, devices, within_s, memory_mib)


async def test_a_box_that_works_gives_signs_of_life_and_writes_nothing_for_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "db")
    await store.open()
    try:
        log = tmp_path / "db-wal"
        before = log.read_bytes()
        assert await life_of(lambda: store.write(lambda _db: None), lambda: [UP]).proven()
        assert log.read_bytes() == before
    finally:
        await store.close()


async def test_records_that_do_not_answer_are_no_life(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(tmp_path / "db")
    await store.open()
    try:
        async with store._lock:  # a transaction that never ends
            life = life_of(lambda: store.write(lambda _db: None), list, within_s=0.05)
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

    assert await life_of(refuse, list).proven()


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
    assert await life_of(nothing, lambda: [UP, device]).proven() is alive


async def test_a_program_that_grows_without_end_is_no_life_also_where_the_kernel_keeps_no_limit(
    caplog: pytest.LogCaptureFixture,
) -> None:
    looks = iter((103, MEMORY_MIB, MEMORY_MIB + 1, MEMORY_MIB + 50))
    life = life_of(nothing, list, memory_mib=lambda: next(looks))
    assert [await life.proven() for _ in range(4)] == [True, True, False, False]
    assert caplog.text.count("has grown to over") == 1


def test_a_program_knows_its_own_memory() -> None:
    before = own_memory_mib()
    assert before > 0
    filled = b"x" * (64 << 20)
    assert 60 <= own_memory_mib() - before <= 70
    assert filled[-1] == ord("x")


def test_the_programs_own_limit_lies_below_the_units() -> None:
    unit = (Path(__file__).parents[2] / "systemd" / "textback.service").read_text()
    found = re.search(r"^MemoryMax=(\d+)M$", unit, re.M)
    assert found is not None
    assert int(found[1]) > MEMORY_MIB
    assert "\nMemoryHigh=" not in unit  # it would slow a leak down, and never let it end


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
