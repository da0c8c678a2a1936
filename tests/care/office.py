"""A small office with a past, for backups: its configuration with secrets, its state folder, a call that waits, an opt-out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.settings import load
from gateway.statefolder import DATABASE
from tests.gateway.box import Box, PortModem, VirtualClock, living, reader

TEXTED, WAITS, SILENT, TALKS, LATER = (f"+1301555016{last}" for last in "12345")
SECRET = "wrong-horse-battery"
CONFIGURATION = """business: {{name: Miller Heating & Air, timezone: America/New_York, area_code: "216", trade: hvac}}
lines: {{main: {{number: "+12165550100", quiet_hours: send}}}}
hours: {{mon: ["08:00-17:00"]}}
asterisk: {{host: 127.0.0.1, port: 5038, username: textback, secret_file: ami-secret}}
page: {{host: 127.0.0.1, port: 8080}}
state: {state}
"""


@dataclass(frozen=True)
class Shop:
    """Where a box lies on the disk."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "etc" / "gateway.yaml"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def records(self) -> Path:
        return self.state / DATABASE


def shop(folder: Path) -> Shop:
    """A configured box that has never run."""
    made = Shop(folder)
    made.config.parent.mkdir(parents=True)
    made.state.mkdir()
    made.config.write_text(CONFIGURATION.format(state=made.state))
    made.config.chmod(0o600)
    (made.config.parent / "ami-secret").write_text(f"{SECRET}\n")
    (made.state / "reader.model").write_bytes(b"learnt here")
    (made.state / "search.sqlite3").write_bytes(b"made anew")
    load(made.config)
    return made


async def morning(box: Box) -> None:
    """One was texted, one said STOP, one writes; one call ended just now and waits."""
    await box.misses(TEXTED)
    await box.misses(SILENT)
    await box.wait(60)
    await box.hears("STOP", SILENT)
    await box.hears("my furnace makes a loud noise, can somebody come?", TALKS)
    await box.misses(WAITS)


def live(made: Shop, modem: PortModem | None = None, clock: VirtualClock | None = None) -> Any:
    """The box runs while the context is open."""
    return living(made.records, modem=modem, clock=clock, read=reader())
