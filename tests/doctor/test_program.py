"""How late the program gets its turn and how much memory it holds: shown always, complained of only when it matters."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from drivers.simulator.modem import SimulatedModem
from drivers.simulator.pbx import SimulatedPbx
from gateway.core.events import Health, HealthReport
from gateway.doctor import program
from gateway.doctor.program import LATE_S, LOOKS, LoopLag, ProgramWatch
from gateway.health import HealthBoard
from tests.gateway.box import START, VirtualClock
from tests.trouble.office import in_trouble

PAGE = os.sysconf("SC_PAGE_SIZE")


class Box:
    """A machine of files."""

    def __init__(
        self, root: Path, used: int = 106_000_000, limit: str = "314572800", unit: str = "textback.service"
    ) -> None:
        self.board, self.lag, self.told = HealthBoard(), LoopLag(), list[HealthReport]()
        self.board.listen(self.told.append)
        self.root = root
        for folder in (root / "proc/self", root / "sys/fs/cgroup/system.slice" / unit):
            folder.mkdir(parents=True)
        (root / "proc/self/cgroup").write_text(f"0::/system.slice/{unit}\n")
        (root / "sys/fs/cgroup/system.slice" / unit / "memory.max").write_text(f"{limit}\n")
        self.holds(used)
        self.watch = ProgramWatch(self.board, VirtualClock(START), self.lag, root)

    def holds(self, used: int) -> None:
        (self.root / "proc/self/statm").write_text(f"90000 {used // PAGE} 5000 1 0 40000 0\n")

    def says(self) -> HealthReport:
        self.watch.tell()
        (report,) = self.board.reports()
        return report


def test_a_program_that_is_well_shows_its_figures_and_says_it_once(tmp_path: Path) -> None:
    box = Box(tmp_path)
    for late in (0.01, 0.2, 0.7):
        box.lag.note(late)
        report = box.says()
    assert report.health is Health.UP
    assert report.facts == {"longest wait": "0.7 s", "memory": "106 MB / 315 MB"}
    assert len(box.told) == 1, "a figure that moves is no news"


def test_being_late_once_or_twice_is_no_trouble_and_again_and_again_is_until_a_minute_is_over(tmp_path: Path) -> None:
    box = Box(tmp_path)
    for _ in range(2):
        box.lag.note(LATE_S + 1)
        assert box.says().health is Health.UP
    box.lag.note(LATE_S)
    report = box.says()
    assert report.health is Health.DEGRADED
    assert "too much to do" in report.say
    for _ in range(LOOKS):
        box.lag.note(0.0)
    assert box.says().health is Health.UP


def test_memory_is_told_before_the_system_ends_the_program_for_it(tmp_path: Path) -> None:
    box = Box(tmp_path, used=200_000_000)
    assert box.says().health is Health.UP
    box.holds(260_000_000)
    report = box.says()
    assert report.health is Health.DEGRADED
    assert "far more memory than it should" in report.say


@pytest.mark.parametrize(("limit", "unit"), [("max", "textback.service"), ("1000", "session-3.scope")])
def test_where_nothing_limits_the_program_its_memory_is_only_shown(tmp_path: Path, limit: str, unit: str) -> None:
    report = Box(tmp_path, used=900_000_000, limit=limit, unit=unit).says()
    assert (report.health, report.facts["memory"]) == (Health.UP, "900 MB")


def test_a_machine_that_tells_nothing_is_no_trouble(tmp_path: Path) -> None:
    board = HealthBoard()
    ProgramWatch(board, VirtualClock(START), LoopLag(), tmp_path).tell()
    assert board.reports()[0].facts == {"longest wait": "0.0 s"}


async def test_the_running_box_shows_both(
    tmp_path: Path, pbx: SimulatedPbx, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "LOOK_EVERY_S", 0.01)
    async with in_trouble(tmp_path, pbx, modem) as office:
        await office.is_well("program")
        found = office.report("program")
        assert found is not None
        assert found.facts["memory"].endswith(" MB")
