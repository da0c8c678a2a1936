"""`textback demo`: a short day on simulated hardware, through the real serial, AMI, core and page code.

A simulated Asterisk on a loopback port and a simulated GSM modem on a real pty stand in for the office; everything
else is the product. The state lives in a temporary folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.core.events import Health
from gateway.settings import Settings, parse
from gateway.storage.store import StoreDown
from gateway.supervisor import Gateway, running

OWNER = "+12165550190"
CONFIG = """
business: {{name: Miller Heating & Air, trade: hvac, timezone: America/New_York, area_code: "216",
  owner_cell: "{owner}", extensions: ["100-299"]}}
lines:
  main: {{number: "+12165550100"}}
  oncall: {{number: "+12165550155", always_notify_owner: yes}}
hours: {{mon: ["08:00-17:00"], tue: ["08:00-17:00"], wed: ["08:00-17:00"], thu: ["08:00-17:00"], fri: ["08:00-17:00"],
  sat: ["09:00-13:00"], sun: []}}
texting: {{settle: 3 s}}
conversation: {{wait: 3 s}}
contacts: [{{number: "+12165550170", kind: vendor, name: Parts wholesaler}}]
asterisk: {{host: 127.0.0.1, port: {ami_port}, username: gateway, secret: demo}}
modem: {{port: "{port}", number: "+12165550188"}}
"""

PORT = 8080  # the page's default port
FIRST_CALL_S = 3.0  # time to open the page before something happens on it
BETWEEN_S = 6.0
UP_WITHIN_S = 30.0  # both are simulated and up within a second; more means that something is broken


class DemoFailed(Exception):
    """The demonstration cannot go on. The message is a sentence."""


def run(port: int | None = None, *, host: str = "127.0.0.1", once: bool = False) -> int:
    """Serve the demonstration until interrupted, or, with `once`, until the first missed call was texted.

    Without `port` it is 8080, or any free one when that is taken. Returns the exit status.
    """
    try:
        return asyncio.run(_demo(port, host, once))
    except KeyboardInterrupt:
        return 0
    except (DemoFailed, StoreDown, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        print(f"textback demo: {reason}", file=sys.stderr)
        return 1


async def _demo(port: int | None, host: str, once: bool) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="textback-demo-") as folder:
        async with (
            SimulatedPbx(user="gateway", secret="demo") as pbx,
            SimulatedModem(link=Path(folder) / "modem") as modem,
        ):
            modem.auto_report = 1.5
            settings = _settings(Path(folder), pbx.port, modem.path, host, _page_port(host, port))
            async with running(Gateway(settings, open_house=True)) as gateway:
                if not gateway.page_url:
                    raise DemoFailed("the page has no address - name a free --port, and a --host of this machine")
                _say(f"Textback demo: open {gateway.page_url} (Ctrl-C ends it)")
                day = asyncio.create_task(_short_day(gateway, pbx, modem, once))
                stopped = asyncio.create_task(stop.wait())
                await asyncio.wait({day, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if day.done():
                    day.result()
                    if not once:
                        _say("The short day is over; the page stays open.")
                        await stopped
                for task in (day, stopped):
                    task.cancel()
    return 0


def _page_port(host: str, wanted: int | None) -> int:
    """The port asked for; without a wish the usual one, or 0 (any free one) when somebody else has it."""
    if wanted is not None:
        return wanted
    with contextlib.closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, PORT))
        except OSError:
            _say(f"Port {PORT} is in use, so the page gets another one.")
            return 0
    return PORT


def _settings(folder: Path, ami_port: int, modem_path: str, host: str, page_port: int) -> Settings:
    settings = parse(CONFIG.format(owner=OWNER, ami_port=ami_port, port=modem_path), "demo.yaml")
    return replace(settings, page=replace(settings.page, host=host, port=page_port), state_dir=folder / "state")


async def _short_day(gateway: Gateway, pbx: SimulatedPbx, modem: SimulatedModem, once: bool) -> None:
    wire = _Wire(modem)
    await _all_up(gateway)
    await asyncio.sleep(FIRST_CALL_S)
    _say("A caller rings the office and nobody answers ...")
    await pbx.missed_call("2165550137", "2165550100", ring_s=2.0)
    await wire.read_aloud(1)
    if once:
        return
    _say("... another call is answered at extension 102 ...")
    await pbx.answered_call("2165550138", "2165550100", "102", ring_s=1.0)
    await asyncio.sleep(BETWEEN_S)
    _say("... a third one is missed, but 101 rings back at once and speaks with them: no text is needed ...")
    await pbx.missed_call("2165550136", "2165550100", ring_s=1.0)
    await pbx.office_call("101", "12165550136", ring_s=4.0, talk_s=2.0)
    await asyncio.sleep(BETWEEN_S)
    _say("... the parts wholesaler calls: nobody answers, but a vendor is never texted ...")
    await pbx.missed_call("2165550170", "2165550100", ring_s=1.5)
    await asyncio.sleep(BETWEEN_S)
    _say("... the first caller answers our text, and the box asks what the office needs to know ...")
    for words in ("Our furnace makes a loud noise, can you come by?", "Lakewood, 44107", "Dana Whitfield"):
        modem.receive("+12165550137", words)
        await wire.read_aloud(1)
    _say("... the lead is complete and waits on the page for a person; another caller has an emergency ...")
    modem.receive("+12165550136", "water is pouring through the ceiling, I can't turn it off!!")
    await wire.read_aloud(2)
    _say("... and somebody reaches voicemail on the on-call line: the owner is told at once, the caller is texted.")
    await pbx.voicemail_call("2165550139", "2165550155", ring_s=1.5)
    await wire.read_aloud(2)


async def _all_up(gateway: Gateway) -> None:
    """Wait until modem and Asterisk are reported up."""
    changed = asyncio.Event()
    gateway.board.listen(lambda _report: changed.set())
    try:
        async with asyncio.timeout(UP_WITHIN_S):
            while not {"modem", "asterisk"} <= {r.component for r in gateway.board.reports() if r.health is Health.UP}:
                await changed.wait()
                changed.clear()
    except TimeoutError:
        found = "; ".join(f"{report.component}: {report.say}" for report in gateway.board.reports())
        raise DemoFailed(f"the simulated line and modem do not come up ({found}) - please report this") from None


class _Wire:
    """Reads aloud what the simulated network takes, each text once."""

    def __init__(self, modem: SimulatedModem) -> None:
        self._network = modem.network
        self._read = 0
        self._sent = asyncio.Event()
        self._network.on_sent.append(lambda _text: self._sent.set())

    async def read_aloud(self, count: int) -> None:
        """Wait for `count` more texts."""
        until = self._read + count
        while self._read < until:
            for text in self._network.sent_texts()[self._read : until]:
                _say(f'  on the wire to {"the owner" if text.to == OWNER else text.to}: "{text.body}"')
                self._read += 1
            if self._read < until:
                await self._sent.wait()
                self._sent.clear()


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal was closed: the end of the demonstration is on its way
        print(line, flush=True)
