"""A real Radicale on the loopback, which wants a name and a password, and a calendar on it that another program's library writes."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import caldav

from tests.waiting import until

USER, PASSWORD = "office", "pass word: ünsafe"


@dataclass
class Radicale:
    """`url` is where it listens; `stop` and `start` are its power switch."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        options = {
            "server-hosts": f"127.0.0.1:{self.port}",
            "auth-type": "htpasswd",
            "auth-htpasswd-filename": str(self.folder / "users"),
            "auth-htpasswd-encryption": "plain",
            "auth-delay": "0",
            "storage-filesystem-folder": str(self.folder / "collections"),
            "logging-level": "warning",
        }
        said = [word for name, value in options.items() for word in (f"--{name}", value)]
        (self.folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "radicale", "--config", "", *said], stdout=log, stderr=log
            )

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    async def is_up(self) -> None:
        async def answers() -> bool:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                return False
            writer.close()
            await writer.wait_closed()
            return True

        await until(answers, lambda: (self.folder / "log").read_text())

    def calendar(self, name: str = "North crew") -> Any:
        """A new calendar, by way of a client of other people's making (caldav on the package index)."""
        client = caldav.DAVClient(url=self.url, username=USER, password=PASSWORD)
        return client.principal().make_calendar(name=name)


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """One that is switched on, and off at the end."""
    folder.mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Radicale(folder, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
