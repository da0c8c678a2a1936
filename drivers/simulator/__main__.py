"""`python -m drivers.simulator`: the simulated modem as a process of its own, which outlives the program it serves."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import TextIO

from drivers.simulator.control import Control
from drivers.simulator.modem import DIALECTS, Faults, SimCard, SimulatedModem, SimulatedNetwork, Wire

LINE_LIMIT = 1 << 20


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m drivers.simulator", description=__doc__)
    parser.add_argument("--dialect", choices=sorted(DIALECTS), default="generic")
    parser.add_argument("--link", type=Path, help="stable name of the port, like one in /dev/serial/by-id")
    parser.add_argument(
        "--control", default="", help="'-': JSON lines on standard input; else the path of a unix socket"
    )
    parser.add_argument("--log", type=Path, help="append every event to this file as well")
    parser.add_argument("--commands", action="store_true", help="tell every AT command that arrives")
    parser.add_argument("--pin", help="the SIM is locked with this PIN")
    parser.add_argument("--latency-s", type=float, default=0.0, help="between a command and its answer")
    parser.add_argument("--submit-s", type=float, default=0.0, help="time the network takes for a segment")
    parser.add_argument("--ring-period-s", type=float, default=5.0)
    parser.add_argument("--auto-report-s", type=float, help="report delivery after so many seconds")
    parser.add_argument("--wire", type=Wire, choices=list(Wire), default=Wire.WHOLE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=json.loads, default={}, help='JSON object, e.g. {"noise": 0.1}')
    return parser


async def serve(options: argparse.Namespace) -> int:
    """Run until told to stop: signal, "stop", or the end of standard input when that is the control."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    faults = Faults(seed=options.seed)
    try:
        faults.change(options.faults)
    except ValueError as error:
        print(f"--faults: {error}", file=sys.stderr)
        return 2
    network = SimulatedNetwork(submit_s=options.submit_s, ring_period_s=options.ring_period_s)
    modem = SimulatedModem(
        options.dialect,
        link=options.link,
        network=network,
        faults=faults,
        latency_s=options.latency_s,
        wire=options.wire,
        sim=SimCard(pin=options.pin),
    )
    if options.auto_report_s is not None:
        modem.auto_report = float(options.auto_report_s)
    events = _Events(options.log)
    control = Control(modem, events.tell, stopped.set, tell_commands=options.commands)
    async with modem:
        events.tell({"event": "ready", "path": modem.path, "device": modem.device, "dialect": options.dialect})
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(_listen(options.control, control, events, stopped))
            await stopped.wait()
            listening.cancel()
    events.close()
    return 0


class _Events:
    """Writes each event as one line to standard output, the log and every open control connection."""

    def __init__(self, log: Path | None) -> None:
        self._files: list[TextIO] = [sys.stdout]
        self._log = log.open("a", encoding="utf-8") if log else None
        if self._log:
            self._files.append(self._log)
        self.listeners: set[asyncio.StreamWriter] = set()

    def tell(self, event: dict[str, object]) -> None:
        line = json.dumps(event, default=str) + "\n"
        for file in list(self._files):
            try:
                file.write(line)
                file.flush()
            except OSError:
                self._files.remove(file)  # whoever read it has gone; the modem goes on
        for writer in self.listeners:
            writer.write(line.encode())

    def close(self) -> None:
        if self._log:
            self._log.close()


async def _listen(where: str, control: Control, events: _Events, stopped: asyncio.Event) -> None:
    if where == "-":
        reader = asyncio.StreamReader(limit=LINE_LIMIT)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        try:
            while line := await reader.readline():
                await control.take(line.decode("utf-8", "replace"))
            stopped.set()
        finally:
            transport.close()
    elif where:
        await _listen_on_socket(Path(where), control, events)


async def _listen_on_socket(path: Path, control: Control, events: _Events) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        events.listeners.add(writer)
        try:
            while line := await reader.readline():
                await control.take(line.decode("utf-8", "replace"))
        finally:
            events.listeners.discard(writer)
            writer.close()

    _remove(path)
    server = await asyncio.start_unix_server(talk, path, limit=LINE_LIMIT)
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        server.close()
        for writer in list(events.listeners):
            writer.close()
        _remove(path)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def main() -> int:
    return asyncio.run(serve(arguments().parse_args()))


if __name__ == "__main__":
    sys.exit(main())
