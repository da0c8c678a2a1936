"""The flight recorder: the last words exchanged with each device are held in memory, and written down only when something went wrong.

What is kept is bounded everywhere: so many words of a device, so many bytes of a record, so many records, one a minute for a device
and one an hour for the same reason. What is written says nothing of people: numbers keep four digits, texts are left out as
octets, of the manager's headers only those that name no one are written whole.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from gateway.core.events import Health, HealthReport
from gateway.doctor.masks import HIDDEN, numbers
from gateway.ports.clock import Clock

log = logging.getLogger(__name__)

FOLDER: Final = "flight"
WORDS: Final = 300  # of a device: some minutes of a modem, the last calls of a PBX
RECORDS: Final = 20
RECORD_BYTES: Final = 64 * 1024
LONGEST_LINE: Final = 300
APART_S: Final = 60.0
SAME_APART_S: Final = 3600.0
_PIN = re.compile(r"(AT\+(?:CPIN|CLCK|CPWD)\b=?).*", re.IGNORECASE)
_NAMED = re.compile(r"(\+(?:CLIP|CCWA|CNAP|CLCC|CPBR|CPBF|CNUM|CUSD|COPS)\b)", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]*)"')
# Headers of the manager interface that name no person; of all others only masked figures are written.
_PLAIN = frozenset(
    {
        *(
            "action",
            "actionid",
            "response",
            "event",
            "privilege",
            "status",
            "shutdown",
            "restart",
            "uptime",
            "lastreload",
        ),
        *("uniqueid", "linkedid", "destuniqueid", "destlinkedid", "bridgeuniqueid", "bridgetype", "bridgetechnology"),
        *(
            "channelstate",
            "channelstatedesc",
            "destchannelstate",
            "destchannelstatedesc",
            "cause",
            "cause-txt",
            "techcause",
        ),
        *(
            "dialstatus",
            "context",
            "destcontext",
            "priority",
            "application",
            "appldata",
            "eventlist",
            "listitems",
            "items",
        ),
        *(
            "events",
            "ping",
            "timestamp",
            "bridgenumchannels",
            "reason",
            "corecurrentcalls",
            "seconds",
            "asteriskversion",
        ),
    }
)
_FIGURES = re.compile(r"[+\d().\s-]*")


class Recorder:
    """One device's recorder (`gateway.ports.devices.Recorder`)."""

    def __init__(self, keep: Callable[[str], None]) -> None:
        self.words: deque[tuple[float, str, object]] = deque(maxlen=WORDS)
        self._keep = keep

    def note(self, way: str, words: object) -> None:
        """`way`: ">" to the device, "<" from it; `words`: a line, or the headers of a message."""
        self.words.append((time.time(), way, words))

    def keep(self, why: str) -> None:
        """Something went wrong."""
        self._keep(why)


class FlightRecorder:
    """Recorders by the name of the device; as a listener of the health board it writes when one of them gets worse."""

    def __init__(self, state_dir: Path, clock: Clock) -> None:
        self._folder = state_dir / FOLDER
        self._clock = clock
        self._recorders: dict[str, Recorder] = {}
        self._written: dict[str, float] = {}  # device, and device with reason -> when (monotonic)
        self._writing: set[asyncio.Task[None]] = set()

    def of(self, name: str) -> Recorder:
        """The recorder of a device; it outlives the driver that is exchanged."""
        if name not in self._recorders:
            self._recorders[name] = Recorder(lambda why: self.keep(name, why))
        return self._recorders[name]

    def __call__(self, report: HealthReport) -> None:
        """A component's state has changed."""
        if report.component in self._recorders and report.health in (Health.DOWN, Health.DEGRADED):
            self.keep(report.component, report.say)

    def keep(self, name: str, why: str) -> None:
        """Write what was said last with a device, unless that was just done. Never fails, never waits."""
        now, same = time.monotonic(), f"{name}: {why}"
        recorder = self._recorders[name]
        if not recorder.words or now - self._written.get(name, -APART_S) < APART_S:
            return
        if now - self._written.get(same, -SAME_APART_S) < SAME_APART_S:
            return
        self._written = {what: at for what, at in self._written.items() if now - at < SAME_APART_S} | {
            name: now,
            same: now,
        }
        at = self._clock.now()
        head = f"{at.isoformat(timespec='seconds')} {name}: {numbers(why)}\n"
        path = self._folder / f"{at:%Y%m%dT%H%M%S}-{re.sub(r'[^a-z0-9_-]', '_', name)}.txt"
        words = list(recorder.words)
        task = asyncio.get_running_loop().create_task(asyncio.to_thread(_write, path, head, words))
        self._writing.add(task)
        task.add_done_callback(self._done)

    async def settled(self) -> None:
        """Everything that is being written is on the disk."""
        if self._writing:
            await asyncio.wait(set(self._writing))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.debug("a flight record could not be written: %s", error)


def records(state_dir: Path) -> list[Path]:
    """The flight records there are, the oldest first."""
    try:
        return sorted((state_dir / FOLDER).glob("*.txt"))
    except OSError:
        return []


def told(words: object) -> str:
    """Words as they are written down: nothing of people."""
    if isinstance(words, Mapping):
        line = ", ".join(f"{name}: {_header(str(name).lower(), value)}" for name, value in words.items())
    else:
        line = _spoken(str(words))
    return line[:LONGEST_LINE]


def _header(name: str, value: object) -> str:
    first = value[0] if isinstance(value, tuple) and value else value
    said = "" if first is None else str(first)
    if name in _PLAIN or (_FIGURES.fullmatch(said) and not name.endswith(("secret", "key"))):
        return numbers(said)
    return HIDDEN if said else ""


def _spoken(line: str) -> str:
    line = "".join(character if character.isprintable() else "?" for character in line)
    line = _PIN.sub(rf"\g<1>{HIDDEN}", line)
    if _NAMED.search(line):
        line = _QUOTED.sub(lambda found: f'"{numbers(found[1]) if _FIGURES.fullmatch(found[1]) else HIDDEN}"', line)
    return numbers(line)


def _write(path: Path, head: str, words: list[tuple[float, str, object]]) -> None:
    """Raises OSError; half a record is none."""
    lines = [f"{at:.3f} {way} {told(said)}\n" for at, way, said in words]
    size = len(head.encode())
    kept: list[str] = []
    for line in reversed(lines):
        size += len(line.encode())
        if size > RECORD_BYTES:
            break
        kept.append(line)
    path.parent.mkdir(mode=0o750, exist_ok=True)
    for old in sorted(path.parent.glob("*.txt"))[: -(RECORDS - 1)]:
        old.unlink(missing_ok=True)
    new = path.with_suffix(".new")
    try:
        new.write_text(head + "".join(reversed(kept)), encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
