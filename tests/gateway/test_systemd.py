"""What systemd hears of the gateway, on a real datagram socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import systemd

DEADLINE_S = 20.0


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """systemd's end of the socket."""
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield sock


async def heard(ear: socket.socket) -> str:
    async with asyncio.timeout(DEADLINE_S):
        return (await asyncio.get_running_loop().sock_recv(ear, 100)).decode()


async def test_systemd_hears_ready_only_when_the_gateway_is_and_stopping_at_the_end(ear: socket.socket) -> None:
    ready = asyncio.Event()
    async with systemd.told(ready):
        assert await heard(ear) == "EXTEND_TIMEOUT_USEC=90000000"  # a start that lives may take its time
        with pytest.raises(BlockingIOError):
            ear.recv(100)
        ready.set()
        assert await heard(ear) == "READY=1"
    assert await heard(ear) == "STOPPING=1"


async def test_a_watchdog_gets_signs_of_life(ear: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    ready = asyncio.Event()
    ready.set()
    async with systemd.told(ready):
        assert [await heard(ear) for _ in range(4)] == ["READY=1", *["WATCHDOG=1"] * 3]


async def test_an_abstract_socket_is_reached_as_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = f"textback-{tmp_path.name}-{tmp_path.parent.name}"
    ready = asyncio.Event()
    ready.set()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind("\0" + name)
        sock.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
        async with systemd.told(ready):
            assert await heard(sock) == "READY=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "vsock:2:1234"])
async def test_without_somebody_who_listens_the_gateway_runs_all_the_same(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    ready = asyncio.Event()
    ready.set()
    async with systemd.told(ready):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() - {asyncio.current_task()} == set()
