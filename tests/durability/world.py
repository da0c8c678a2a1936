"""An office around the real gateway process: a PBX, a modem and a network that outlive every kill -9 of the box.

The simulators live in this process; the gateway is `textback run` in a process of its own. What the network took and
what the PBX told is the truth that the box's books are compared with.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from drivers.simulator.modem import CallState, SimulatedModem, SimulatedNetwork
from drivers.simulator.pbx import SimulatedPbx
from tests.waiting import until

PATIENCE_S = 90.0  # for things that take a second on an idle machine
OWNER = "+12165550190"
EMERGENCY = "water is pouring through my kitchen ceiling and I cannot stop it"
JOBS = ("my furnace needs a tune up", "I need a new furnace, it is in 44107", "no heat")
ROOT = Path(__file__).parents[2]

CONFIG = """
business: {{name: Miller Heating & Air, timezone: America/New_York, area_code: "216", owner_cell: "{owner}",
  extensions: ["100-299"]}}
lines: {{main: {{number: "+12165550100"}}, oncall: {{number: "+12165550155", always_notify_owner: yes}}}}
hours: {{mon: ["08:00-17:00"]}}
texting: {{settle: {settle} s, per_minute: none, per_hour: none, per_day: none, repeat_calls: 0}}
conversation: {{wait: 1 s}}
asterisk: {{host: 127.0.0.1, port: {ami}, username: textback, secret: simulated}}
modem: {{port: {modem}, number: "+12165550188", role: forwarded_line, line: main}}
page: {{host: 127.0.0.1, port: {page}}}
state: {state}
"""


class Box:
    """The gateway: started, killed and started again on the same state folder."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.folder = folder
        self.config = config
        self.database = folder / "state" / "textback.sqlite3"
        self.log = folder / "log"
        self.kills = 0
        self.ends: list[int] = []  # exit codes of its lives
        self.lives: list[tuple[float, float]] = []  # from listening to the PBX until dead
        self._listens_since: float | None = None
        self._dead_at = 0.0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def listens(self) -> bool:
        """The box has caught up with the PBX and hears every call."""
        return self._listens_since is not None

    async def start(self) -> None:
        await self.start_as((sys.executable, "-m", "gateway.cli", "--config", str(self.config), "run"))

    async def start_as(self, command: tuple[str, ...]) -> None:
        """Start the gateway by this command."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=log, stderr=log)

    def kill(self) -> None:
        """kill -9, now: the very next instruction of the gateway is not executed."""
        if self.alive:
            assert self._process is not None
            self.kills += 1
            self._dead_at = time.monotonic()
            os.kill(self._process.pid, signal.SIGKILL)

    async def died(self, within_s: float = PATIENCE_S) -> None:
        """Wait until the process is gone. Raises TimeoutError when it goes on."""
        assert self._process is not None
        async with asyncio.timeout(within_s):
            self.ends.append(await self._process.wait())
        if self._listens_since is not None:
            self.lives.append((self._listens_since, self._dead_at))
            self._listens_since = None
        self._process._transport.close()  # type: ignore[attr-defined]

    async def stop(self) -> None:
        """SIGTERM, and the clean end that has to follow."""
        if self.alive:
            assert self._process is not None
            self._dead_at = time.monotonic()
            self._process.terminate()
            await self.died()

    def noted(self, action: dict[str, str]) -> None:
        """The PBX was asked something: with Status the box has caught up and hears every call from now on."""
        if action.get("action", "").lower() == "status":
            self._listens_since = time.monotonic()

    def rows(self, sql: str) -> list[sqlite3.Row]:
        """Look into the books without touching them."""
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True, timeout=PATIENCE_S)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(sql).fetchall()

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")


@dataclass(slots=True)
class PbxCall:
    """One call as the PBX saw it."""

    caller: str
    kind: str
    began: float
    key: str = ""
    ended: float | None = None


@dataclass(slots=True)
class Truth:
    """What really happened, told by nobody who can be killed."""

    pbx_calls: list[PbxCall] = field(default_factory=list)
    letters: list[tuple[str, str]] = field(default_factory=list)  # (sender, body) that the network gave the modem
    modem_callers: set[str] = field(default_factory=set)


class World:
    """The office, its callers and the box. All randomness comes from one seed."""

    def __init__(self, pbx: SimulatedPbx, modem: SimulatedModem, box: Box, seed: int) -> None:
        self.pbx, self.modem, self.box = pbx, modem, box
        self.random = random.Random(seed)
        self.truth = Truth()
        self._numbers = itertools.count()
        self._bodies = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    # ---- the callers

    def _somebody(self) -> str:
        """A new caller, or, one time in five, one who has called before."""
        known = [call.caller for call in self.truth.pbx_calls if call.caller]
        if known and self.random.random() < 0.2:
            return self.random.choice(known)
        return self._new_number()

    def _new_number(self) -> str:
        number = next(self._numbers)
        return f"{301 + number // 100}55501{number % 100:02d}"  # one area code after the other

    async def load(self, per_second: float) -> None:
        """Calls, rings and texts at that rate until cancelled."""
        while True:
            await asyncio.sleep(self.random.expovariate(per_second))
            self._something_happens()

    async def calm(self) -> None:
        """Every call that is in progress ends."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _something_happens(self) -> None:
        match self.random.choices(("pbx", "modem", "both", "letter", "stop"), (60, 10, 5, 20, 5))[0]:
            case "pbx":
                self._spawn(self._pbx_call(self._somebody()))
            case "modem":
                self._modem_ring(self._new_number())
            case "both":  # the office line is forwarded to the modem: the same call is seen twice
                caller = self._new_number()
                self._spawn(self._pbx_call(caller, "missed"))
                self._modem_ring(caller)
            case "letter":
                words = self.random.choice((*JOBS, EMERGENCY))
                self._letter(f"+1{self._new_number()}", f"{words} ({next(self._bodies)}) " + "brr " * self._length())
            case _:
                stopped = {sender for sender, body in self.truth.letters if body == "STOP"}
                known = [c.caller for c in self.truth.pbx_calls if c.caller and f"+1{c.caller}" not in stopped]
                if known:
                    self._letter(f"+1{self.random.choice(known)}", "STOP")

    def _length(self) -> int:
        return self.random.choice((0, 0, 60, 120))  # one segment, two, four

    def _modem_ring(self, caller: str) -> None:
        call = self.modem.ring(f"+1{caller}", rings=self.random.randint(1, 3))
        if call.open:
            self.truth.modem_callers.add(f"+1{caller}")
            if call.state is CallState.WAITING:  # the line is busy: nothing but the caller ends it
                asyncio.get_running_loop().call_later(self.random.uniform(0.1, 2.0), call.hang_up)

    def _letter(self, sender: str, body: str) -> None:
        self.truth.letters.append((sender, body))
        self.modem.receive(sender, body, parts_out_of_order=self.random.random() < 0.3)

    async def _pbx_call(self, caller: str, kind: str = "") -> None:
        kind = kind or self.random.choice(("missed", "missed", "missed", "answered", "voicemail", "withheld"))
        did = self.random.choice(("2165550100", "2165550100", "2165550155"))
        ring_s = self.random.uniform(0.05, 3.0)
        call = PbxCall("" if kind == "withheld" else caller, kind, time.monotonic())
        self.truth.pbx_calls.append(call)
        match kind:
            case "answered":
                ext = self.random.choice(("101", "102"))
                work = self.pbx.answered_call(caller, did, ext, ring_s, talk_s=self.random.uniform(0.1, 2.0))
            case "voicemail":
                work = self.pbx.voicemail_call(caller, did, ring_s, listen_s=self.random.uniform(0.05, 1.0))
            case "withheld":
                work = self.pbx.missed_call(None, did, ring_s)
            case _:
                work = self.pbx.missed_call(caller, did, ring_s)
        call.key = await work
        call.ended = time.monotonic()

    def _spawn(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---- waiting

    async def until(self, true: Callable[[], bool], what: str) -> None:
        """Look again and again until `true()`; the box may not come to rest within PATIENCE_S: that is a failure."""

        def there() -> bool:
            assert self.box.alive, f"the box ended by itself\n{self.box.said()[-3000:]}"
            return true()

        await until(there, lambda: f"{what}\n{self._under_way()}\n{self.box.said()[-3000:]}", PATIENCE_S, look_s=0.1)

    def is_settled(self) -> bool:
        """Nothing is under way: no call without outcome, no text to send, no text on the SIM."""
        return not self._under_way()

    def _under_way(self) -> str:
        try:
            rows = self.box.rows(
                "SELECT 'call', id, state FROM calls WHERE state IN ('ringing', 'waiting', 'held')"
                " UNION ALL SELECT 'text', id, state FROM texts WHERE state IN ('queued', 'submitting')"
                " UNION ALL SELECT 'lead', id, stage FROM leads WHERE reply_at IS NOT NULL"
            )
        except sqlite3.OperationalError as error:
            return str(error)  # no database yet
        stored = {name: len(memory.slots) for name, memory in self.modem.state.memories.items() if memory.slots}
        there = (*map(tuple, rows), stored, self.modem.undelivered, self.modem.state.calls, self.pbx.channels)
        return ", ".join(str(each) for each in there if each)


@asynccontextmanager
async def office(folder: Path, seed: int, *, dialect: str = "generic", settle_s: int = 1) -> AsyncIterator[World]:
    """A world with the box not yet started; whatever runs is ended with it."""
    network = SimulatedNetwork(submit_s=0.05, ring_period_s=0.6)
    async with SimulatedPbx() as pbx, SimulatedModem(dialect, link=folder / "modem", network=network) as modem:
        modem.auto_report = 0.2
        config = folder / "gateway.yaml"
        config.write_text(
            CONFIG.format(
                owner=OWNER, settle=settle_s, ami=pbx.port, modem=modem.path, page=free_port(), state=folder / "state"
            )
        )
        box = Box(folder, config)
        pbx.on_action.append(box.noted)
        try:
            yield World(pbx, modem, box, seed)
        finally:
            if box.alive:
                box.kill()
                await box.died()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
