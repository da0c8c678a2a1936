"""A shop of a test's own making: its configuration as text, its calls through `textback simulate` or straight to the turns."""

from __future__ import annotations

import io
import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from gateway.cli.simulate import run
from gateway.core.effects import Effect
from gateway.core.events import Event
from gateway.settings import Settings
from gateway.settings.load import parse
from gateway.storage.store import open_memory, transact
from gateway.turns import Context, take_turn

CALLER = "+12165550137"
MONDAY_TEN = "2026-03-02T10:00:00-05:00"
_SHOP = """
business: {name: Miller Heating & Air, timezone: America/New_York, area_code: "216", owner_cell: "+12165550190"}
lines: LINES
hours: {mon: ["08:00-17:00"], tue: [], wed: [], thu: [], fri: [], sat: [], sun: []}
texting: TEXTING
templates: TEMPLATES
modem: {port: /dev/serial/by-id/a, number: "+12165550188"}
"""
ONE_LINE = '{main: {number: "+12165550100"}}'


def configuration(lines: str = ONE_LINE, texting: str = "{}", templates: str = "{}") -> str:
    """The shop's file; the parts in YAML's flow style."""
    return _SHOP.replace("LINES", lines, 1).replace("TEXTING", texting, 1).replace("TEMPLATES", templates, 1)


def shop(lines: str = ONE_LINE, texting: str = "{}", templates: str = "{}") -> Settings:
    """The shop, read from its file."""
    return parse(configuration(lines, texting, templates), today=datetime(2026, 3, 2, tzinfo=UTC).date())


def call(at: str = MONDAY_TEN, **changes: Any) -> dict[str, Any]:
    """A missed call as `simulate` takes it."""
    plain = {"at": at, "event": "call", "caller": CALLER, "line": "main", "ring_s": 22, "outcome": "no_answer"}
    return plain | changes


def effects(settings: Settings, *events: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything the box does for these events."""
    out = io.StringIO()
    run(settings, [json.dumps(event) for event in events], out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def outcomes(settings: Settings, *events: dict[str, Any]) -> list[str]:
    """Template or reason, effect by effect."""
    done = effects(settings, *events)
    return [e.get("reason") or e["template"] for e in done if e["effect"] in ("text", "no_text")]


class Box:
    """A shop's box without hardware: events straight to the turns, the books open to look at."""

    def __init__(self, settings: Settings) -> None:
        self._business = settings.business
        self.db: sqlite3.Connection = open_memory()

    def take(self, event: Event, now: datetime | None = None) -> list[Effect]:
        """One turn at the event's own moment, or at `now`."""
        context_now = now or event.at
        return transact(self.db, lambda db: take_turn(Context(db, self._business, context_now), event))

    def tasks(self) -> list[tuple[str, str]]:
        """The open tasks as (number, sentence), oldest first."""
        rows = self.db.execute("SELECT peer, say FROM tasks WHERE closed_at IS NULL ORDER BY id")
        return [(row["peer"], row["say"]) for row in rows]

    def says(self) -> list[str]:
        """The sentence of each call."""
        return [row["say"] for row in self.db.execute("SELECT say FROM calls ORDER BY id")]
