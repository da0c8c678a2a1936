"""The gateway under measurement: `textback run` as a process of its own, between a PBX and a modem that are not there.

PBX, modem and browser live in this process; the clock they share with the gateway is CLOCK_MONOTONIC. Standard error of
the gateway is a pipe, as under systemd.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import yaml

from drivers.simulator.modem import SimulatedModem
from gateway import control
from gateway.statefolder import SOCKET
from tests.bench.books import fill
from tests.bench.procfs import Usage, usage

LINE = "+12165550100"
PATIENCE_S = 60.0  # nothing that is waited for takes more than some seconds, also on a busy machine
LOOK_S = 0.01
REPORT_S = 0.1  # a phone that is on reports after a second or more; what is measured does not wait for it
UNCAPPED = {"per_minute": "none", "per_hour": "none", "per_day": "none"}


def configuration(folder: Path, ami: int, page: int, texting: dict[str, Any]) -> dict[str, Any]:
    """One office: one line, one Asterisk, one modem, the page."""
    return {
        "business": {
            "name": "Miller Heating & Air",
            "timezone": "America/New_York",
            "area_code": "216",
            "owner_cell": "+12165550190",
            "extensions": ["100-299"],
        },
        "lines": {"main": {"number": LINE}},
        "hours": {"mon": ["08:00-17:00"]},
        "texting": {"allowed_countries": ["US"], "repeat_calls": 0, **texting},
        "asterisk": {"host": "127.0.0.1", "port": ami, "username": "textback", "secret": "simulated"},
        "modem": {"port": str(folder / "modem"), "number": "+12165550188"},
        "page": {"host": "127.0.0.1", "port": page},
        "state": str(folder / "state"),
    }


class Manager(Protocol):
    """A manager port: one of ours, listening while its context is open."""

    port: int

    async def __aenter__(self) -> Any: ...

    async def __aexit__(self, *_: object) -> None: ...


@dataclass(slots=True)
class Box:
    """A gateway that is up, and the world around it."""

    folder: Path
    process: asyncio.subprocess.Process
    modem: SimulatedModem
    page: int
    log: list[str] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def usage(self) -> Usage:
        return usage(self.process.pid)

    async def ask(self, **request: str) -> dict[str, Any]:
        """Put a request to the control socket."""
        return await control.ask(self.state / SOCKET, request, patience_s=PATIENCE_S)

    async def up(self) -> None:
        """Until Asterisk and modem are connected."""
        await until(self._is_up)

    async def _is_up(self) -> bool:
        if self.process.returncode is not None:
            raise RuntimeError("the gateway has ended:\n" + "\n".join(self.log[-20:]))
        try:
            health = (await self.ask(do="status"))["health"]
        except control.NotRunning:
            return False
        return {"asterisk", "modem"} <= {report["component"] for report in health if report["health"] == "up"}

    async def delivered(self, calls: Iterator[int] | range) -> None:
        """Until the openers of these calls (numbers in the books) were reported as delivered."""
        for number in calls:

            async def is_delivered(key: str = f"call:{number}:opener") -> bool:
                return bool((await self.ask(do="text", key=key))["state"] == "delivered")

            await until(is_delivered)

    async def texts(self, count: int) -> None:
        """Until the network has taken `count` texts."""

        async def are_taken() -> bool:
            return len(self.modem.sent) >= count

        await until(are_taken)

    def texted_twice(self) -> list[str]:
        """Numbers that got more than one text: none ever, whatever is measured."""
        return [number for number, times in Counter(text.to for text in self.modem.sent).items() if times > 1]

    async def get(self, path: str) -> tuple[int, bytes]:
        """One request to the page: status and body."""
        return await get(self.page, path)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again: the gateway is another process and calls nobody. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():  # noqa: ASYNC110 - see above
            await asyncio.sleep(LOOK_S)


@contextlib.asynccontextmanager
async def box(
    folder: Path, pbx: Manager, *, texting: dict[str, Any] | None = None, calls: int = 0
) -> AsyncIterator[Box]:
    """A gateway in `folder` with `calls` old calls in its books, serving `pbx` and a modem; up, and stopped at the end."""
    async with world(folder, pbx, texting) as start:
        if calls:
            fill(folder, calls)
        async with start() as made:
            await made.up()
            yield made


@contextlib.asynccontextmanager
async def world(
    folder: Path, pbx: Manager, texting: dict[str, Any] | None = None
) -> AsyncIterator[Callable[[], contextlib.AbstractAsyncContextManager[Box]]]:
    """PBX and modem; what is yielded starts a gateway among them, as often as wanted."""
    folder.mkdir(parents=True, exist_ok=True)
    modem = SimulatedModem(link=folder / "modem")
    modem.auto_report = REPORT_S
    async with pbx, modem:
        page = free_port()
        config = folder / "gateway.yaml"
        config.write_text(yaml.safe_dump(configuration(folder, pbx.port, page, texting or {"settle": 0, **UNCAPPED})))
        config.chmod(0o600)

        @contextlib.asynccontextmanager
        async def start(**environment: str) -> AsyncIterator[Box]:
            async with gateway(config, environment) as (process, log):
                yield Box(folder, process, modem, page, log)

        yield start


@contextlib.asynccontextmanager
async def gateway(
    config: Path, environment: dict[str, str]
) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[str]]]:
    """`textback run`, with these additions to its environment, and the lines it logs."""
    textback = Path(sys.executable).with_name("textback")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(textback),
        "--config",
        str(config),
        "run",
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    log: list[str] = []
    reading = asyncio.create_task(_read(process, log))
    try:
        yield process, log
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading


async def _read(process: asyncio.subprocess.Process, log: list[str]) -> None:
    assert process.stderr is not None
    async for line in process.stderr:
        log.append(line.decode(errors="replace").rstrip())


async def get(port: int, path: str, cookies: str = "") -> tuple[int, bytes]:
    """One HTTP request. Raises OSError when nobody answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n{cookies}\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    if not head:
        raise ConnectionResetError("the page closed the connection")
    return int(head.split()[1]), body


async def served(browser: aiohttp.ClientSession) -> None:
    """Until the page answers: it comes up beside the drivers."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                async with browser.get("/healthz"):
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(LOOK_S)


async def sign_in(port: int) -> str:
    """Become the owner of a box that nobody has; the head line that says so with each request."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await served(browser)
        async with browser.get("/welcome") as answer:
            token = re.search(r'name="token" value="([0-9a-f]+)"', await answer.text())
        assert token is not None, "somebody has this box already"
        form = {"token": token[1], "name": "Ann", "password": "boiler 77", "again": "boiler 77"}
        async with browser.post("/welcome", data=form, allow_redirects=False) as answer:
            assert answer.status == 303, answer.status
        cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.cookie_jar)
    return f"Cookie: {cookies}\r\n"


@contextlib.asynccontextmanager
async def open_page(made: Box) -> AsyncIterator[list[str]]:
    """A browser with the page open: the page once, then its stream of events, whose lines are collected."""
    cookies = await sign_in(made.page)
    await get(made.page, "/", cookies)
    reader, writer = await asyncio.open_connection("127.0.0.1", made.page)
    head = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n{cookies}\r\n"
    writer.write(head.encode())
    lines: list[str] = []

    async def follow() -> None:
        async for line in reader:
            lines.append(line.decode().rstrip())

    async def said_hello() -> bool:
        return "event: hello" in lines

    following = asyncio.create_task(follow())
    try:
        await until(said_hello)
        yield lines
    finally:
        following.cancel()
        writer.close()


async def healthy(port: int) -> bool:
    """Whether the page says that Asterisk and modem are up and nothing is down."""
    status, body = await get(port, "/healthz")
    up = {part["component"] for part in json.loads(body)["components"] if part["health"] == "up"}
    return status == 200 and {"asterisk", "modem"} <= up


def free_port() -> int:
    """A port nobody listens at right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def now() -> float:
    """The clock that this process and the gateway share."""
    return time.monotonic()
