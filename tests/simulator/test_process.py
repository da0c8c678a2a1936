"""The simulated modem as a process and as a thread: it outlives the program it serves and logs every text it took."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import serial
from gsmmodem.pdu import encodeSmsSubmitPdu

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.thread import SimulatedModemThread
from tests.simulator.wire import Program

PEER = "+12165550137"
SOON_S = 10.0


class Process:
    """The simulator process and its control."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def event(self, name: str) -> dict[str, Any]:
        """The next event of that name."""
        assert self.process.stdout is not None
        while True:
            line = await asyncio.wait_for(self.process.stdout.readline(), SOON_S)
            assert line, f"the simulator ended before {name!r}"
            event: dict[str, Any] = json.loads(line)
            if event["event"] == name:
                return event

    def wish(self, **wish: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(wish).encode() + b"\n")


@asynccontextmanager
async def simulator(*options: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "drivers.simulator", *options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), SOON_S)
        process._transport.close()  # type: ignore[attr-defined]


async def test_the_process_rings_receives_and_logs_each_text_the_network_took(tmp_path: Path) -> None:
    link, log = tmp_path / "modem", tmp_path / "log"
    async with simulator("--link", str(link), "--control", "-", "--log", str(log), "--ring-period-s", "0.02") as box:
        assert (await box.event("ready"))["path"] == str(link)
        line = Program(str(link))
        await line.prepare()
        box.wish(do="ring", caller=PEER, rings=2, id="r")
        assert (await box.event("done"))["call"] == 1
        await line.expect(b"NO CARRIER")
        assert (await box.event("call"))["state"] == "missed"
        await line.send(PEER, "Sorry we missed you")
        sent = await box.event("sent")
        assert (sent["place"], sent["to"], sent["body"]) == (1, PEER, "Sorry we missed you")
        assert abs(sent["at"] - time.monotonic()) < SOON_S
        box.wish(do="receive", sender=PEER, body="no heat")
        await line.expect(b'+CMTI: "SM",1')
        line.port.close()
        logged = [json.loads(row) for row in log.read_text().splitlines()]
        assert [row["body"] for row in logged if row["event"] == "sent"] == ["Sorry we missed you"]


async def test_what_is_wrong_with_a_control_line_is_said_and_the_process_goes_on() -> None:
    async with simulator("--control", "-") as box:
        await box.event("ready")
        box.wish(do="rign", id=1)
        assert "unknown act 'rign'" in (await box.event("error"))["say"]
        box.wish(do="ring", callr=PEER, id=2)
        assert "unknown option callr" in (await box.event("error"))["say"]
        box.wish(do="faults", network_lost=True, id=3)
        assert (await box.event("done"))["id"] == 3
        box.wish(do="ring", caller=PEER, id=4)
        assert (await box.event("done"))["state"] == "unreachable"


async def test_the_process_ends_with_its_control() -> None:
    async with simulator("--control", "-") as box:
        await box.event("ready")
        assert box.process.stdin is not None
        box.process.stdin.close()
        assert await asyncio.wait_for(box.process.wait(), SOON_S) == 0


async def test_the_process_survives_a_program_killed_in_mid_send(tmp_path: Path) -> None:
    link = tmp_path / "modem"
    socket = tmp_path / "control"
    segment = encodeSmsSubmitPdu(PEER, "hello", reference=0, requestStatusReport=False)[0]
    script = (
        "import serial,os,signal,sys\n"
        f"p = serial.Serial({str(link)!r}, timeout=5); p.write(b'AT+CMGS={segment.tpduLength}\\r'); p.read_until(b'> ')\n"
        f"p.write({str(segment).encode()!r} + b'\\x1a'); p.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    async with simulator("--link", str(link), "--control", str(socket)) as box:
        await box.event("ready")
        program = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
        assert await asyncio.wait_for(program.wait(), SOON_S) == -9
        assert (await box.event("sent"))["body"] == "hello"
        reader, writer = await asyncio.open_unix_connection(socket)
        writer.write(b'{"do": "state", "id": 7}\n')
        state = json.loads(await asyncio.wait_for(reader.readline(), SOON_S))
        assert (state["id"], state["sent"], state["plugged"]) == (7, 1, True)
        writer.close()
        again = Program(str(link))
        await again.ask("AT")
        again.port.close()


def test_a_modem_on_its_own_thread_serves_a_blocking_program() -> None:
    with SimulatedModemThread(lambda: SimulatedModem("huawei")) as bench:
        with serial.Serial(bench.path, timeout=5) as port:
            port.write(b"ATE0\rAT+CLIP=1\r")
            assert port.read_until(b"OK\r\n\r\nOK\r\n").count(b"OK") == 2
            call = bench.do(lambda modem: modem.ring(PEER))
            assert PEER.encode() in port.read_until(b",0\r\n")
            bench.do(lambda _: call.hang_up())
            assert port.read_until(b"NO CARRIER").endswith(b"NO CARRIER")
        assert os.path.exists(bench.modem.device)  # noqa: PTH110 - a tty, gone with the modem
        assert [line for _, line in bench.modem.commands] == ["ATE0", "AT+CLIP=1"]
