"""What the page's tests share."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sample import Office, StoppedClock, a_days_work, app_of

from tests.tooling import need

CHROMIUM = Path(os.environ.get("TEXTBACK_CHROMIUM", "/usr/bin/chromium"))
Browse = Callable[[Office], Awaitable[TestClient]]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Debian's Chromium")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser"):
        need(
            CHROMIUM.exists(), f"{CHROMIUM} is missing - apt install chromium, or name another one in TEXTBACK_CHROMIUM"
        )


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def office() -> Office:
    return a_days_work()


@pytest.fixture
async def browse(clock: StoppedClock) -> AsyncIterator[Browse]:
    """Opens a client on the page of an office."""
    clients: list[TestClient] = []

    async def open_page(office: Office) -> TestClient:
        client = TestClient(TestServer(app_of(office, clock, "Office.example")))
        await client.start_server()
        clients.append(client)
        return client

    yield open_page
    for client in clients:
        await client.close()
