"""The world around a virtual machine: callers, and a modem at the other end of its USB stick that outlives its power."""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drivers.simulator.modem import SimulatedModem, SimulatedNetwork
from drivers.simulator.thread import SimulatedModemThread
from gateway.core.numbers import is_foreign, read_number
from tests.appliance.vm import Command, VirtualMachine

OWNER = "+12165550190"
STICK = "/dev/serial/by-id/usb-HUAWEI_HUAWEI_Mobile_867000000000019-if00"
RINGS_EVERY_S = 3.0
CONFIG = f"""business: {{name: Miller Heating, timezone: America/New_York, area_code: "216", owner_cell: "{OWNER}"}}
lines: {{main: {{number: "+12165550100"}}}}
texting: {{settle: 1 s, min_ring: 0 s, per_minute: none, per_hour: none, per_day: none, repeat_calls: 0}}
modem: {{port: {STICK}, number: "+12165550188", role: forwarded_line, line: main}}
page: {{host: 0.0.0.0}}
"""
AREAS_IN_A_LIFE = 10


def in_us(area: int) -> bool:
    """Whether there is such an area code: a number of another is nobody's, or abroad."""
    number = read_number(f"+1{area}5550100", "US", "216")
    return number.e164 is not None and not is_foreign(number, {"US"})


TOLD = tuple(filter(in_us, range(217, 500)))
CALLING = tuple(filter(in_us, range(600, 800)))
PYTHON = "/opt/textback/current/venv/bin/python"
# Tells the gateway of one number after the other, by area codes, and says each that it has taken.
TELLING = """import asyncio, sys
from pathlib import Path
from gateway import control
for to in (f"+1{area}55501{last:02d}" for area in sys.argv[1:] for last in range(100)):
    asyncio.run(control.ask(Path("/var/lib/textback/control.sock"), {"do": "contacted", "to": to, "by": "a test"}, 60))
    print("taken", to, flush=True)
"""


WELL = "TEXTBACK_WELL_WITHIN_S=600"  # an emulated machine takes its time


def offline(name: str) -> str:
    """The command that installs or upgrades from a bundle."""
    unpack = f"cd /root && mkdir -p {name} && cd {name} && tar xf ../{name}.tar ./install.sh ./systemd"
    return f"{unpack} && {WELL} ./install.sh --offline ../{name}.tar"


SET_UP = (
    f"install -o textback -g textback -m 0600 /dev/stdin /etc/textback/gateway.yaml <<'E'\n{CONFIG}E",
    "systemctl enable -q stick && systemctl restart textback",
    "until textback contacted +12165550137; do sleep 1; done",
)


class Office:
    """Callers who ring and are told to the box, and what the network and the box have said of them."""

    def __init__(self, modem: SimulatedModemThread, seed: int = 1) -> None:
        self.modem = modem
        self.random = random.Random(seed)
        self.taken: set[str] = set()  # numbers that the box has said it has written down
        self.called: list[str] = []
        self._numbers = itertools.count()
        self._lives = itertools.count()

    @property
    def line(self) -> str:
        return self.modem.modem.device

    def call(self) -> str:
        """Somebody new rings twice and gives up."""
        number = next(self._numbers)
        caller = f"+1{CALLING[number // 100]}55501{number % 100:02d}"
        self.modem.do(lambda modem: modem.ring(caller, rings=2))
        self.called.append(caller)
        return caller

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Somebody rings every few seconds."""
        over = threading.Event()

        def ring() -> None:
            while not over.wait(self.random.uniform(0.5, 2 * RINGS_EVERY_S)):
                self.call()

        thread = threading.Thread(target=ring)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def tell(self, box: VirtualMachine) -> Command:
        """Tell the box of numbers until it ends; `heard` has to be called with the command afterwards."""
        first = next(self._lives) * AREAS_IN_A_LIFE
        areas = " ".join(map(str, TOLD[first : first + AREAS_IN_A_LIFE]))
        return box.start(f"cat >/run/telling.py <<'E'\n{TELLING}E\n{PYTHON} /run/telling.py {areas}")

    def heard(self, command: Command) -> int:
        """What the box has said it has taken; how many."""
        numbers = {line.split()[1] for line in list(command.said) if line.startswith("taken ") and line.endswith("\n")}
        self.taken |= numbers
        return len(numbers)

    def texted(self) -> Counter[str]:
        """Texts that the network has taken, by caller."""
        return Counter(text.to for text in self.modem.modem.sent_texts() if text.to != OWNER)


@contextmanager
def office() -> Iterator[Office]:
    network = SimulatedNetwork(nitz=True, ring_period_s=1.0, submit_s=0.2)
    with SimulatedModemThread(lambda: SimulatedModem("huawei", network=network)) as modem:
        yield Office(modem)


def rows(box: VirtualMachine, query: str) -> list[list[Any]]:
    """What the records say, read beside the gateway."""
    found = box.look("rows", query=query)
    assert isinstance(found, list)
    return found


def check(box: VirtualMachine, office: Office) -> None:
    """The books against what happened: whatever was taken is there, nobody was texted twice, no text is unknown."""
    journal = "".join(row[0] for row in rows(box, "SELECT body FROM journal"))
    lost = {number for number in office.taken if number not in journal}
    assert not lost, f"taken, and gone after a power cut: {lost}"
    texted = office.texted()
    twice = {number: count for number, count in texted.items() if count > 1}
    assert not twice, f"texted twice: {twice}"
    known = {row[0] for row in rows(box, "SELECT peer FROM texts")}
    assert set(texted) <= known, f"texted, and not in the books: {set(texted) - known}"
    said = {row[0] for row in rows(box, "SELECT peer FROM texts WHERE state IN ('accepted', 'delivered')")}
    assert said - {OWNER} <= set(texted), f"said to be texted, and was not: {said - set(texted)}"
    assert rows(box, "PRAGMA integrity_check") == [["ok"]]


def page(box: VirtualMachine) -> str:
    """The beginning of what the page answers, "" while it does not."""
    try:
        return str(box.look("page"))
    except LookupError:
        return ""


def status(box: VirtualMachine) -> str:
    """What the gateway says of itself at its side door, "" while it does not."""
    try:
        return json.dumps(box.look("door", ask={"do": "status"}))
    except LookupError:
        return ""


def works(box: VirtualMachine) -> bool:
    """The page opens, and the gateway answers."""
    return "Miller Heating" in status(box) and "<html" in page(box)


def current(box: VirtualMachine) -> str:
    return box.must("readlink /opt/textback/current").strip()
