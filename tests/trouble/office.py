"""A whole gateway on simulated hardware, with short waits, for troubles: what it says everywhere, and what it loses.

Real sockets, real pty, real store, real page, the real `textback status`; only the waits are short.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import io
import json
import logging
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from drivers.asterisk.settings import Timings as AsteriskTimings
from drivers.modem.settings import Timings as ModemTimings
from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.cli import main as cli
from gateway.core.events import HealthReport
from gateway.core.views.calls import CallRow
from gateway.ports.clock import Clock
from gateway.settings import Settings, parse
from gateway.supervisor import Gateway
from tests.modem.bench import FAST
from tests.waiting import PATIENCE_S, until

LONG_AGO = datetime(1960, 1, 1, tzinfo=UTC)
OFFICE = "2165550100"
OURS = re.compile("gateway/|web/|drivers/(asterisk|modem)/")  # where a task of the gateway's own begins
QUICK_MODEM = replace(FAST, list_s=1.0)
QUICK_LINE = AsteriskTimings(
    connect_s=2.0,
    answer_s=5.0,  # a busy test machine is no silent PBX; the tests of silence want less
    ping_every_s=0.2,
    back_off_min_s=0.05,
    back_off_max_s=0.2,
    retry_submit_s=0.1,
)

CONFIG = """
business: {{name: Miller Heating & Air, timezone: America/New_York, area_code: "216", owner_cell: "+12165550190",
  extensions: ["100-299"]}}
lines: {{main: {{number: "+12165550100", quiet_hours: send}}}}
hours: {{mon: ["08:00-17:00"]}}
texting: {{settle: {settle}, per_minute: none}}
asterisk: {{host: {host}, port: {port}, username: textback, secret: {secret}}}
modem: {{port: {modem}, number: "+12165550188", role: forwarded_line, line: main{pin}}}
page: {{host: 127.0.0.1, port: 8080}}
state: {state}
"""


class Trouble:
    """The gateway in its office, and what can be seen of it from outside."""

    def __init__(self, gateway: Gateway, pbx: SimulatedPbx, modem: SimulatedModem, config: Path) -> None:
        self.gateway, self.pbx, self.modem, self.config = gateway, pbx, modem, config
        self._log = Journal()
        self.long_ago = LONG_AGO

    # -- what it says

    def report(self, component: str) -> HealthReport | None:
        return next((r for r in self.gateway.board.reports() if r.component == component), None)

    async def says(self, component: str, *words: str) -> HealthReport:
        """The component says all of `words`: on the board, in `textback status` (both forms), on the page, in the log."""

        def said() -> bool:
            report = self.report(component)
            return report is not None and report.health != "up" and all(word in report.say for word in words)

        await self.until(said, f"{component} says {words}")
        report = self.report(component)
        assert report is not None
        assert report.remedy, f"{report.say!r} leaves the reader alone"
        line = f"{component}: {report.health}: {report.say} - {report.remedy}"
        assert line in await self.status()
        health = (await self.status_json())["health"]
        assert {"component": component, "say": report.say, "remedy": report.remedy}.items() <= next(
            each.items() for each in health if each["component"] == component
        )
        if component != "page":
            inbox = await self.page()
            assert (report.say if report.health == "down" else "needs a look") in inbox, inbox
            page = await self.page("health")
            assert report.say in page, page
            assert report.remedy in page, page
        assert any(report.say in line and report.remedy in line for line in self._log.lines), self._log.lines
        return report

    async def is_well(self, component: str) -> None:
        """The component is fine, or of those that are only spoken of in trouble."""

        def well() -> bool:
            report = self.report(component)
            return (report is None and component not in ("asterisk", "modem")) or (
                report is not None and report.health == "up"
            )

        await self.until(well, f"{component} is well")

    async def all_well(self) -> None:
        """Nothing is wrong any more; `textback status` shows only good news."""
        for component in ("asterisk", "modem", "store", "clock", "page"):
            await self.is_well(component)
        assert {each["health"] for each in (await self.status_json())["health"]} == {"up"}

    async def status(self) -> str:
        return await asyncio.to_thread(self._textback, "status")

    async def status_json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await asyncio.to_thread(self._textback, "status", "--json"))
        return found

    def _textback(self, *words: str) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            assert cli.main(["--config", str(self.config), *words]) == 0
        return out.getvalue()

    async def page(self, path: str = "") -> str:
        """What is to be read on the page."""
        async with aiohttp.ClientSession() as client, client.get(self.gateway.page_url + path) as answer:
            raw = await answer.text()
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", raw)))

    async def click(self, path: str) -> tuple[int, str]:
        """Press a button of the page, as its own form does; what is to be read then."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as client:
            async with client.get(self.gateway.page_url) as answer:
                token = re.search(r'name="token" value="([^"]+)"', await answer.text())
            assert token is not None
            url = self.gateway.page_url.rstrip("/") + path
            headers = {"Origin": self.gateway.page_url.rstrip("/")}
            async with client.post(url, data={"token": token[1]}, headers=headers) as answer:
                return answer.status, await answer.text()

    def logged(self, words: str) -> bool:
        return any(words in line for line in self._log.lines)

    # -- what happens

    async def missed(self, caller: str) -> None:
        """Somebody calls the office through Asterisk and nobody answers."""
        await self.pbx.missed_call(caller, OFFICE, ring_s=0.02)

    async def forwarded(self, caller: str) -> None:
        """Somebody calls the office, and the call is forwarded to the modem."""
        await self.is_well("modem")  # before, it does not tell who calls
        call = self.modem.ring(caller)
        await self.until(lambda: call.rings > 0, "it rings")
        call.hang_up()

    async def rings(self, caller: str) -> None:
        """The gateway has written down that the caller is ringing."""

        async def seen() -> bool:
            return bool(await self._calls(caller))

        await until(seen, f"{caller} is seen")

    async def outcome(self, caller: str) -> CallRow:
        """The caller's newest call, once it is over."""
        calls: list[CallRow] = []

        async def over() -> bool:
            calls[:] = await self._calls(caller)
            return bool(calls) and calls[0].outcome not in ("ringing", "waiting")

        await until(over, lambda: f"an outcome of {caller}, but {calls}")
        return calls[0]

    async def until_outcomes(self, caller: str, wanted: list[str]) -> None:
        """The outcomes of the caller's calls, the one that was written down last first."""
        found: list[str] = []

        async def as_wanted() -> bool:
            found[:] = [call.outcome for call in sorted(await self._calls(caller), key=lambda call: -call.id)]
            return found == wanted

        await until(as_wanted, lambda: f"{found} instead of {wanted}")

    async def _calls(self, caller: str) -> list[CallRow]:
        """The caller's calls as the page shows them, the newest first."""
        return [call for call in await self.gateway.queries.calls(LONG_AGO) if call.caller == f"+1{caller}"]

    async def is_texted(self, caller: str, times: int = 1) -> None:
        """The caller has got exactly so many texts on the wire, and the call says so."""
        await self.until(lambda: len(self.texts_to(caller)) >= times, f"{caller} is texted")
        assert (await self.outcome(caller)).outcome == "texted"
        assert len(self.texts_to(caller)) == times

    def texts_to(self, caller: str) -> list[str]:
        return [text.body for text in self.modem.sent_texts() if text.to == f"+1{caller}"]

    async def until(self, true: Callable[[], object], what: str) -> None:
        await until(true, lambda: f"{what}; health: {self.gateway.board.reports()}")


class Journal(logging.Handler):
    """The log as journald would get it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def configuration(folder: Path, pbx: SimulatedPbx, modem_path: str, **changes: str) -> str:
    plain = {
        "host": "127.0.0.1",
        "port": str(pbx.port),
        "secret": pbx.secret,
        "modem": modem_path,
        "pin": "",
        "settle": "0 s",
        "state": str(folder / "state"),
    }
    return CONFIG.format(**(plain | changes))


def read(text: str, page_port: int = 0) -> Settings:
    settings = parse(text, "gateway.yaml")
    return replace(settings, page=replace(settings.page, port=page_port))


@contextlib.asynccontextmanager
async def in_trouble(
    folder: Path,
    pbx: SimulatedPbx,
    modem: SimulatedModem,
    *,
    clock: Clock | None = None,
    synchronised: bool = False,
    keeps: Callable[[], bool] = lambda: True,
    page_port: int = 0,
    wait: bool = True,
    line: AsteriskTimings = QUICK_LINE,
    stick: ModemTimings = QUICK_MODEM,
    port_path: str = "",
    alone: bool = True,
    **changes: str,
) -> AsyncIterator[Trouble]:
    """A running gateway; `changes` are those of `configuration`. Without `wait` it may still be starting.

    Checks at the end that it has not ended by itself and, when it was `alone`, that it leaves no task behind.
    """
    text = configuration(folder, pbx, port_path or modem.path, **changes)
    folder.mkdir(exist_ok=True)
    config = folder / "gateway.yaml"
    config.write_text(text)
    config.chmod(0o600)
    gateway = Gateway(read(text, page_port), clock, stick, line, lambda: synchronised, open_house=True, keeps=keeps)
    office = Trouble(gateway, pbx, modem, config)
    root = logging.getLogger()
    level = root.level
    root.addHandler(office._log)
    root.setLevel(logging.INFO)
    before = asyncio.all_tasks()
    running = asyncio.create_task(gateway.run())
    try:
        if wait:
            ready = asyncio.create_task(gateway.ready.wait())
            await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE_S)
            ready.cancel()
        yield office
        assert not running.done(), "the gateway has ended by itself"
    finally:
        gateway.stop()
        await asyncio.wait_for(running, PATIENCE_S)
        left = [repr(task) for task in asyncio.all_tasks() - before if not task.done()]
        assert not alone or not [task for task in left if OURS.search(task)], left
        root.removeHandler(office._log)
        root.setLevel(level)
