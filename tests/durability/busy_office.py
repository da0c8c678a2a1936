"""An office for days: its configuration, its gateway on the leaping clock, its phone system with records, its network.

The simulators and the truth live in this process, which leads the clock; the gateway is `textback run` in a process of
its own, which follows it.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from drivers.simulator.modem import SimulatedModem, SimulatedNetwork
from tests.bench.years import fill_years
from tests.durability.busy_truth import ZONE, RecordingPbx, Truth, Written
from tests.durability.fastclock import Leader
from tests.durability.fasttimes import Times
from tests.durability.world import OWNER, ROOT, Box, free_port

DANA = "+12165550191"
OLD_LEADS, OLD_TEXTS = 400, 2_000  # of three years: what is older than two is deleted at night
DISK_MIB = 96
RECOVERS_S = 60.0  # by the clock: records that could not be written are tried again after seconds

CONFIG = """
business: {{name: Miller Heating & Air, trade: hvac, timezone: America/New_York, area_code: "216", owner_cell: "{owner}",
  owner_name: Mike, extensions: ["100-299"]}}
lines: {{main: {{number: "+12165550100"}}, oncall: {{number: "+12165550155", always_notify_owner: yes, quiet_hours: defer}}}}
hours: {{mon: ["08:00-17:00"], tue: ["08:00-17:00"], wed: ["08:00-17:00"], thu: ["08:00-17:00"], fri: ["08:00-17:00"],
  sat: ["09:00-13:00"]}}
texting: {{quiet_hours: {{from: "21:30", to: "07:00", release: "07:30"}}}}
conversation: {{on: yes}}
services: {{maintenance: {{bookable: yes}}}}
authority: {{book: confirm}}
crews: {{south: {{places: 3}}}}
appointments: {{visit: {{services: [maintenance], crews: [south], duration: 60 min, confirm: yes, notice: 2 h,
  mon: ["08:00-12:00", "12:00-17:00"], tue: ["08:00-12:00", "12:00-17:00"], wed: ["08:00-12:00", "12:00-17:00"],
  thu: ["08:00-12:00", "12:00-17:00"], fri: ["08:00-12:00", "12:00-17:00"]}}}}
people: {{dana: {{phone: "{dana}"}}}}
on_call: {{rotation: {{people: [owner, dana], every: day, from: 2027-01-01}}}}
escalation: {{ladder: [{{tell: [on_call], times: 2, every: 5 min}}, {{tell: [owner, dana], times: 2}}]}}
notifications: {{digest_at: "17:30"}}
asterisk: {{host: 127.0.0.1, port: {ami}, username: textback, secret: simulated, cdr: {cdr}}}
modem: {{port: {modem}, number: "+12165550188", role: forwarded_line, line: main}}
page: {{host: 127.0.0.1, port: {page}}}
backup: {{copy_to: {stick}}}
state: {state}
"""


class FastBox(Box):
    """The gateway on the leaping clock."""

    def __init__(self, folder: Path, config: Path, state: Path, page: int, times: Times, leader: Leader) -> None:
        super().__init__(folder, config)
        self.state = state
        self.database = state / "textback.sqlite3"
        self.page = page
        self._times = times
        self._leader = leader
        self.began = 0.0  # of the present life, by the clock

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        ours, theirs = socket.socketpair()
        command = (
            *(sys.executable, "-m", "tests.durability.fastrun", str(self.folder / "clock"), str(theirs.fileno())),
            *("--config", str(self.config), "run"),
        )
        self.began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, stdout=log, stderr=log, pass_fds=[theirs.fileno()]
            )
        theirs.close()
        self._leader.attach(ours)

    async def stop(self) -> None:
        """SIGTERM and the clean end. One that does not come is told with where every thread stands."""
        try:
            await super().stop()
        except TimeoutError:
            raise AssertionError(f"the box does not end\n{self.stacks()}") from None

    def stacks(self) -> str:
        """The end of its log, with where every thread stands."""
        if self.alive:
            os.kill(self.pid, signal.SIGUSR1)
            time.sleep(1.0)
        return self.said()[-8000:]

    def census(self) -> dict[str, int]:
        """Objects and tasks of the gateway, counted by itself. Real time passes, the clock stands."""
        said = self.folder / "census"
        said.unlink(missing_ok=True)
        os.kill(self.pid, signal.SIGUSR2)
        for _ in range(5000):
            with suppress(OSError, ValueError):
                return dict(json.loads(said.read_text()))
            time.sleep(0.002)
        raise AssertionError("the gateway's main thread does not run")


class Office:
    """All that is around the box."""

    def __init__(
        self,
        seed: int,
        times: Times,
        pbx: RecordingPbx,
        modem: SimulatedModem,
        box: FastBox,
        disk: Path | None,
    ) -> None:
        self.random = random.Random(seed)
        self.seed = seed
        self.times, self.pbx, self.modem, self.box, self.disk = times, pbx, modem, box, disk
        self.truth = Truth()
        self.began = time.monotonic()
        self.began_ms = round(time.time() * 1000)
        self.cookie = ""  # of the browser at the desk
        self.in_the_way: Counter[str] = Counter()  # of the page: a full disk, a box that is off
        self.fair_since = 0.0  # nothing has stood in its way since then, by the clock
        self._tasks: set[asyncio.Task[object]] = set()
        self.failures: list[BaseException] = []

    @property
    def network(self) -> SimulatedNetwork:
        return self.modem.network

    def local(self) -> datetime:
        """What a clock on the office's wall shows when it is right."""
        return datetime.fromtimestamp(self.began_ms / 1000 + time.monotonic() - self.began, ZONE)

    def hours(self) -> float:
        """How long the office has run."""
        return (time.monotonic() - self.began) / 3600

    def spawn(self, work: object) -> None:
        """Something that goes on beside; what it raises ends the run."""
        task: asyncio.Task[object] = asyncio.ensure_future(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.failures.append(task.exception() or AssertionError())

    async def calm(self) -> None:
        """Everything that goes on beside has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def until(self, true: Callable[[], object], what: Callable[[], object], within_s: float) -> None:
        """Look every five seconds of the clock."""
        end = time.monotonic() + within_s
        while not true():
            assert time.monotonic() < end, f"never within {within_s:g} s: {what()}"
            await asyncio.sleep(5)

    def answers(self) -> bool:
        """Somebody listens at the page's address."""
        assert self.box.alive, f"the box ended by itself\n{self.box.said()[-3000:]}"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.box.page)) == 0

    @asynccontextmanager
    async def obstructed(self, by: str) -> AsyncIterator[None]:
        """The page may fail meanwhile, and some seconds longer."""
        self.in_the_way[by] += 1
        try:
            yield
        finally:
            self.in_the_way[by] -= 1
            self.fair_since = time.monotonic() + RECOVERS_S

    def is_fair(self, began: float) -> bool:
        """Nothing has stood in the page's way since that moment."""
        return not self.in_the_way.total() and self.fair_since <= began

    def write(self, sender: str, body: str) -> None:
        """Somebody texts."""
        self.truth.letters.append(Written(sender, body, time.monotonic()))
        self.modem.receive(sender, body, parts_out_of_order=self.random.random() < 0.2)


@asynccontextmanager
async def busy_office(folder: Path, seed: int, times: Times, leader: Leader) -> AsyncIterator[Office]:
    """The office with the box not yet started; whatever runs is ended with it."""
    disk = _small_disk(folder / "disk")
    state = (disk or folder) / "state"
    network = SimulatedNetwork(submit_s=3.0, clock=lambda: times.now().replace(microsecond=0))
    pbx, modem = RecordingPbx(folder / "Master.csv"), SimulatedModem(link=folder / "modem", network=network)
    box = None
    try:
        async with pbx, modem:
            modem.auto_report = 4.0
            page, config = free_port(), folder / "gateway.yaml"
            (folder / "stick").mkdir()
            config.write_text(
                CONFIG.format(
                    owner=OWNER, dana=DANA, ami=pbx.port, modem=modem.path, page=page, state=state,
                    cdr=pbx.records, stick=folder / "stick",
                )
            )  # fmt: skip
            pbx.records.write_text("")
            pbx.records.unlink()
            pbx.record("1000000000.1", "2165550102", "2165550100", 1_000_000_000.0, "answered", 1.0)
            fill_years(state / "textback.sqlite3", OLD_LEADS, OLD_TEXTS, 10)
            box = FastBox(folder, config, state, page, times, leader)
            pbx.on_action.append(box.noted)
            yield Office(seed, times, pbx, modem, box, disk)
    finally:
        if box is not None and box.alive:
            box.kill()
            await box.died()
        if disk is not None:
            _unmount(disk)


def _small_disk(folder: Path) -> Path | None:
    """A file system of its own, so that it can be filled; None where nobody may mount one."""
    folder.mkdir()
    if shutil.which("mount") is None:
        return None
    mount = [*_sudo(), "mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=777", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    return folder if done else None


def _unmount(folder: Path) -> None:
    subprocess.run([*_sudo(), "umount", "-l", str(folder)], check=True)


def _sudo() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n"]
