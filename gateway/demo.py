"""`textback demo`: a short day on simulated hardware, through the real serial, AMI, core and page code.

A simulated Asterisk on a loopback port and a simulated GSM modem on a real pty stand in for the office; everything
else is the product. The state lives in a temporary folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.core.events import Health
from gateway.settings import Settings, parse
from gateway.supervisor import Gateway, running

CONFIG = """
business: {{name: Miller Heating & Air, trade: hvac, timezone: America/New_York, area_code: "216",
  owner_cell: "+12165550190", extensions: ["100-299"]}}
lines:
  main: {{number: "+12165550100"}}
  oncall: {{number: "+12165550155", always_notify_owner: yes}}
hours: {{mon: ["08:00-17:00"], tue: ["08:00-17:00"], wed: ["08:00-17:00"], thu: ["08:00-17:00"], fri: ["08:00-17:00"],
  sat: ["09:00-13:00"], sun: []}}
texting: {{settle: 3 s}}
contacts: [{{number: "+12165550170", kind: vendor, name: Parts wholesaler}}]
asterisk: {{host: 127.0.0.1, port: {ami_port}, username: gateway, secret: demo}}
modem: {{port: {port}, number: "+12165550188"}}
page: {{host: 127.0.0.1, port: {page_port}}}
state: {state}
"""

FIRST_CALL_S = 3.0  # time to open the page before something happens on it
BETWEEN_S = 6.0


def run(port: int, *, once: bool = False) -> int:
    """Serve the demonstration until interrupted, or, with `once`, until the first missed call was texted."""
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(_demo(port, once))
    return 0


async def _demo(port: int, once: bool) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="textback-demo-") as folder:
        async with (
            SimulatedPbx(user="gateway", secret="demo") as pbx,
            SimulatedModem(link=Path(folder) / "modem") as modem,
        ):
            modem.auto_report = 1.5
            settings = _settings(Path(folder), pbx.port, modem.path, port)
            async with running(Gateway(settings)) as gateway:
                _say(f"Textback demo: open {gateway.page_url} (Ctrl-C ends it)")
                day = asyncio.create_task(_short_day(gateway, pbx, modem, once))
                stopped = asyncio.create_task(stop.wait())
                await asyncio.wait({day, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if day.done() and not once:
                    day.result()
                    _say("The short day is over; the page stays open.")
                    await stop.wait()
                for task in (day, stopped):
                    task.cancel()
    return 0


def _settings(folder: Path, ami_port: int, modem_path: str, page_port: int) -> Settings:
    text = CONFIG.format(ami_port=ami_port, port=modem_path, page_port=page_port, state=folder / "state")
    settings = parse(text, "demo.yaml")
    return replace(settings, state_dir=folder / "state")


async def _short_day(gateway: Gateway, pbx: SimulatedPbx, modem: SimulatedModem, once: bool) -> None:
    await _all_up(gateway)
    await asyncio.sleep(FIRST_CALL_S)
    _say("A caller rings the office, nobody answers ...")
    await pbx.missed_call("2165550137", "2165550100", ring_s=2.0)
    await _until_sent(modem, 1)
    if once:
        return
    _say("... another call is answered at extension 102 ...")
    await pbx.answered_call("2165550138", "2165550100", "102", ring_s=1.0)
    await asyncio.sleep(BETWEEN_S)
    _say("... the wholesaler calls and is not texted ...")
    await pbx.missed_call("2165550170", "2165550100", ring_s=1.5)
    await asyncio.sleep(BETWEEN_S)
    _say("... the first caller answers the text ...")
    modem.receive("+12165550137", "Our furnace quit this morning, can you come by?")
    await asyncio.sleep(BETWEEN_S)
    _say("... somebody reaches voicemail on the on-call line: the owner is told as well.")
    await pbx.voicemail_call("2165550139", "2165550155", ring_s=1.5)
    await _until_sent(modem, 3)


async def _all_up(gateway: Gateway) -> None:
    """Wait until modem and Asterisk are reported up."""
    changed = asyncio.Event()
    gateway.board.listen(lambda _report: changed.set())
    while not {"modem", "asterisk"} <= {r.component for r in gateway.board.reports() if r.health is Health.UP}:
        await changed.wait()
        changed.clear()


async def _until_sent(modem: SimulatedModem, count: int) -> None:
    """Wait for the `count`th text on the wire, and read it aloud."""
    sent = asyncio.Event()
    modem.network.on_sent.append(lambda _text: sent.set())
    while len(modem.network.sent_texts()) < count:
        await sent.wait()
        sent.clear()
    text = modem.network.sent_texts()[-1]
    _say(f'  on the wire to {text.to}: "{text.body}"')


def _say(line: str) -> None:
    print(line, file=sys.stdout, flush=True)
