"""The whole gateway as an office's tenant: it hears the office's Asterisk and sends through a modem that is not there.

The configuration is the one of the example office, with this office's manager port, a modem on a pty, a short settle time
and limits that a day of calls in a minute does not reach.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import yaml

from drivers.simulator.modem import SimulatedModem
from gateway.core.events import Health
from gateway.settings.load import load
from gateway.supervisor import Gateway
from tests.pbx.asterisk import ROOT

EXAMPLE = ROOT / "config/examples/asterisk-lab.yaml"
SETTLE_S = 3
READY_S = 60.0
LAST_TEXTS_S = 2.0  # forty texts to a modem that answers at once take well under 1 s
ODD_PLANS = range(50, 75)  # the last digits of the numbers in conf/extensions_more.conf
TEXTING = {
    "settle": SETTLE_S,
    "per_minute": "none",
    "per_hour": "none",
    "per_day": "none",
    "repeat_calls": 0,
    "allowed_countries": ["US"],
}


def configuration(ami: tuple[str, int], port: str, state: Path) -> dict[str, object]:
    values: dict[str, object] = yaml.safe_load(EXAMPLE.read_text())
    host, manager = ami
    values["asterisk"] = {"host": host, "port": manager, "username": "gateway", "secret": "gateway-secret"}
    values["modem"] = {"port": port, "number": "+13035550100"}
    values["texting"] = TEXTING
    lines: dict[str, object] = values["lines"]  # type: ignore[assignment]
    lines.update({f"more_{last}": {"number": f"+130355501{last}"} for last in ODD_PLANS})
    values["page"] = {"host": host, "port": 8080}
    values["state"] = str(state)
    return values


class GatewayTenant:
    """Lives in an office from its first call to its last, and says afterwards who was texted."""

    def __init__(self) -> None:
        self._modem = SimulatedModem()
        self._config = Path()
        self._gateway: Gateway | None = None
        self._running: asyncio.Task[None] | None = None

    async def start(self, ami: tuple[str, int], scratch: Path) -> None:
        port = await self._modem.start()
        self._config = scratch / "gateway.yaml"
        self._config.write_text(yaml.safe_dump(configuration(ami, port, scratch / "state")))
        self._config.chmod(0o600)
        await self._move_in()

    async def renew(self) -> None:
        """Stop the gateway and start it again on the same memory."""
        await self._move_out()
        await self._move_in()

    async def connected(self) -> None:
        """Until the gateway says that Asterisk and the modem are there."""
        async with asyncio.timeout(READY_S):
            while not self._is_up():  # noqa: ASYNC110 - the health board is asked, it does not call
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Let the last texts go, then stop."""
        await asyncio.sleep(SETTLE_S + LAST_TEXTS_S)
        await self._move_out()
        await self._modem.stop()

    @property
    def texted(self) -> Counter[str]:
        """Texts the network took, by number without country code; AT+CMGS that led to none count under ""."""
        texts = Counter(national(text.to) for text in self._modem.sent_texts())
        in_vain = self._modem.cmgs_count - len(self._modem.sent)
        return texts + Counter({"": in_vain})

    @property
    def said(self) -> dict[str, str]:
        """The page's sentence of each number's last call; to be asked after the end."""
        with closing(sqlite3.connect(self._config.parent / "state" / "textback.sqlite3")) as books:
            rows = books.execute("SELECT caller, say FROM calls ORDER BY id").fetchall()
        return {national(caller): say for caller, say in rows}

    def _is_up(self) -> bool:
        if self._running is not None and self._running.done():
            self._running.result()
        assert self._gateway is not None
        up = {report.component for report in self._gateway.board.reports() if report.health is Health.UP}
        return {"asterisk", "modem"} <= up

    async def _move_in(self) -> None:
        self._gateway = Gateway(load(self._config))
        self._running = asyncio.create_task(self._gateway.run())
        await self.connected()

    async def _move_out(self) -> None:
        assert self._gateway is not None
        assert self._running is not None
        self._gateway.stop()
        await self._running


def national(number: str) -> str:
    """A number of the bench as a key, however it was spelled."""
    return re.sub(r"^\+?1(?=\d{10}$)", "", number)
