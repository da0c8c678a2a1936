"""How the program itself is: how late it gets its turn, and how much memory it holds against what it may.

Both are looked at every few seconds and held in memory only. The light says the figures, and complains where callers may
come to feel it: a box that is late again and again, or a program that will soon be ended by the system for its memory.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from pathlib import Path

from gateway.core.events import Health, HealthReport
from gateway.core.problem import Problem
from gateway.health import HealthBoard
from gateway.ports.clock import Clock

COMPONENT = "program"
LOOK_EVERY_S = 5.0  # how late the loop wakes is looked at so often; a wake costs microseconds
LOOKS = 12  # of the last minute
LATE_S = (
    3.0  # a Pi under full load is late by tenths of a second, and 10 s are no sign of life any more (gateway.systemd)
)
LATE_TIMES = 3  # in a minute: a single one is a burst of work, or a card that thought for long
MUCH = 0.8  # of what the program may have: a day's work needs about a third of it (systemd/textback.service)
WELL = "The program gets its turn in time and has memory enough."
TOO_BUSY = Problem(
    "The box has too much to do: the program has to wait for its turn again and again. Texts may leave some seconds late.",
    "Stop other programs on the box (“top” shows which). A Pi that is hot or has a weak power supply is slow, too: “textback doctor”"
    " looks at both.",
    Health.DEGRADED,
)
TOO_BIG = Problem(
    "The program holds far more memory than it should. If it grows on, it is ended and started anew by itself within a minute."
    " Calls and texts go on.",
    "Start it anew at a quiet moment: sudo systemctl restart textback. If this comes back, send a support bundle (textback"
    " support-bundle) to whoever looks after the box.",
    Health.DEGRADED,
)
_PAGE = os.sysconf("SC_PAGE_SIZE")


class LoopLag:
    """How late the event loop woke up in the last minute."""

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=LOOKS)

    @property
    def worst_s(self) -> float:
        """The worst."""
        return max(self._late, default=0.0)

    @property
    def again_and_again(self) -> bool:
        """Whether it was so late that it matters, and more than once or twice."""
        return sum(late >= LATE_S for late in self._late) >= LATE_TIMES

    async def look(self) -> None:
        """One look, which takes `LOOK_EVERY_S`."""
        loop = asyncio.get_running_loop()
        due = loop.time() + LOOK_EVERY_S
        await asyncio.sleep(LOOK_EVERY_S)
        self.note(loop.time() - due)

    def note(self, late_s: float) -> None:
        """So late it was at a look."""
        self._late.append(max(0.0, late_s))


class ProgramWatch:
    """Tells `board` how the program is. `root` is where /proc and /sys are."""

    def __init__(self, board: HealthBoard, clock: Clock, lag: LoopLag, root: Path = Path("/")) -> None:
        self._board = board
        self._clock = clock
        self._lag = lag
        self._root = root

    async def run(self) -> None:
        """Look for ever; ends only by cancellation."""
        while True:
            await self._lag.look()
            self.tell()

    def tell(self) -> None:
        """How it is at this moment."""
        now, used, limit = self._clock.now(), memory_bytes(self._root), memory_limit(self._root)
        facts = {"longest wait": f"{self._lag.worst_s:.1f} s"}
        if used is not None:
            facts["memory"] = f"{used / 1e6:.0f} MB" + (f" / {limit / 1e6:.0f} MB" if limit else "")
        if used is not None and limit and used >= MUCH * limit:
            self._board(TOO_BIG.report(COMPONENT, now, facts))
        elif self._lag.again_and_again:
            self._board(TOO_BUSY.report(COMPONENT, now, facts))
        else:
            self._board(HealthReport(COMPONENT, Health.UP, now, WELL, "", facts))


def memory_bytes(root: Path = Path("/")) -> int | None:
    """What the program holds of the machine's memory (proc(5), statm); None where nobody can tell."""
    try:
        return int((root / "proc/self/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return None


def memory_limit(root: Path = Path("/")) -> int | None:
    """What its unit lets it have (the kernel's cgroup-v2.rst, memory.max); None for no limit, and outside a unit."""
    try:
        (own,) = (line[3:] for line in (root / "proc/self/cgroup").read_text().splitlines() if line.startswith("0::"))
        if not own.endswith(".service"):
            return None
        return int((root / "sys/fs/cgroup" / own.strip("/") / "memory.max").read_text())
    except (OSError, ValueError):
        return None
