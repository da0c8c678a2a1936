"""What a check of the whole box found: one finding for each thing that was looked at, with what a contractor can do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from gateway.core.events import Health
from gateway.core.problem import Problem


class Grade(StrEnum):
    """How something was found."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"  # could not be looked at, or does not exist here; `say` tells why


_WORST_FIRST = (Grade.FAIL, Grade.WARN, Grade.SKIPPED, Grade.PASS)
_OF_HEALTH = {Health.UP: Grade.PASS, Health.STARTING: Grade.WARN, Health.DEGRADED: Grade.WARN, Health.DOWN: Grade.FAIL}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `key` stays the same for scripts; `part` is the device it belongs to, "" the box itself."""

    key: str
    title: str
    grade: Grade
    say: str
    remedy: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """All that was found at one moment. `live`: the gateway was running; `by`: who asked for it."""

    at: datetime
    findings: tuple[Finding, ...]
    live: bool
    by: str = ""

    @property
    def worst(self) -> Grade:
        """The worst grade there is; a check that could not be made is no trouble."""
        grades = {finding.grade for finding in self.findings} - {Grade.SKIPPED}
        return next((grade for grade in _WORST_FIRST if grade in grades), Grade.PASS)

    @property
    def sorted(self) -> tuple[Finding, ...]:
        """The worst first, otherwise in the order in which it was looked at."""
        return tuple(sorted(self.findings, key=lambda finding: _WORST_FIRST.index(finding.grade)))

    def count(self, grade: Grade) -> int:
        return sum(finding.grade is grade for finding in self.findings)


def grade_of(health: Health) -> Grade:
    """How bad a state of health is."""
    return _OF_HEALTH[health]


def found(key: str, title: str, problem: Problem, part: str = "") -> Finding:
    """A problem that the box has words for, as a finding."""
    return Finding(key, title, grade_of(problem.health), problem.say, problem.remedy, part)


def as_data(finding: Finding) -> dict[str, Any]:
    """A finding for JSON."""
    return asdict(finding)


def read_findings(rows: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Findings as `as_data` wrote them. Raises KeyError or ValueError for anything else."""
    return tuple(
        Finding(
            str(row["key"]),
            str(row["title"]),
            Grade(row["grade"]),
            str(row["say"]),
            str(row.get("remedy", "")),
            str(row.get("part", "")),
        )
        for row in rows
    )
