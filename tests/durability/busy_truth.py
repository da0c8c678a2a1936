"""What really happens in a busy office, told by nobody who can be killed: its phone system with records, calls, texts, faults."""

from __future__ import annotations

import csv
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from drivers.simulator.pbx import SimulatedPbx

ZONE = ZoneInfo("America/New_York")


class RecordingPbx(SimulatedPbx):
    """Writes a call detail record of each call, as Asterisk does, and can be installed anew."""

    def __init__(self, records: Path) -> None:
        super().__init__()
        self.records = records
        self.began = 0  # how often it was started

    def record(self, key: str, caller: str | None, did: str, began: float, kind: str, talk_s: float) -> None:
        """The row of a call that is over."""
        now = time.time()
        row = {
            "start": f"{datetime.fromtimestamp(began, ZONE):%Y-%m-%d %H:%M:%S}",
            "src": caller or "anonymous",
            "dst": "101",
            "dcontext": "from-trunk",
            "channel": f"PJSIP/trunk-{key.replace('.', '')}",
            "dstchannel": "" if kind == "voicemail" else f"PJSIP/101-{key.replace('.', '')}",
            "lastapp": "VoiceMail" if kind == "voicemail" else "Dial",
            "duration": str(round(now - began)),
            "billsec": str(round(talk_s)),
            "disposition": "NO ANSWER" if kind in ("missed", "withheld") else "ANSWERED",
            "uniqueid": key,
            "linkedid": key,
            "did": did,
        }
        fresh = not self.records.exists()
        with self.records.open("a", newline="") as file:
            writer = csv.DictWriter(file, list(row), quoting=csv.QUOTE_ALL, lineterminator="\n")
            if fresh:
                writer.writeheader()
            writer.writerow(row)

    def installed_anew(self) -> None:
        """Another machine under the old address: its channels are counted from the beginning."""
        self._serial, self._leg = iter(range(10**9)), iter(range(10**9))  # type: ignore[assignment]
        self._booted = time.time()
        self.channels.clear()


@dataclass(slots=True)
class Rang:
    """A call as the phone system, or the modem, saw it."""

    caller: str  # "" when withheld
    kind: str  # missed, voicemail, withheld, answered, modem
    began: float
    key: str = ""
    over: float = 0.0
    cut: bool = False  # the phone system was restarted meanwhile, and wrote no record


@dataclass(slots=True)
class Written:
    """A text that the network gave, or will give, the modem."""

    sender: str
    body: str
    at: float


@dataclass(slots=True)
class Truth:
    """What really happened."""

    calls: list[Rang] = field(default_factory=list)
    letters: list[Written] = field(default_factory=list)
    emergencies: dict[str, str] = field(default_factory=dict)  # caller -> his words
    faults: Counter[str] = field(default_factory=Counter)
    untried: set[str] = field(default_factory=set)  # faults that this machine does not let us make
    page_waits: list[float] = field(default_factory=list)  # real seconds until a page had answered
    page_failures: list[str] = field(default_factory=list)  # while nothing stood in its way
    pressed: Counter[str] = field(default_factory=Counter)
    samples: list[dict[str, float]] = field(default_factory=list)
