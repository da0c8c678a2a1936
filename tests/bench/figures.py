"""A measured figure beside its target and beside what other programs do; tables and JSON of them."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `target` None: told, but nothing hangs on it. `at_least`: the target is a floor, not a ceiling."""

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    detail: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def row(self) -> tuple[str, str, str, str, str]:
        """The cells of the table."""
        sign = ">=" if self.at_least else "<="
        target = "" if self.target is None else f"{sign} {_number(self.target)} {self.unit}"
        verdict = {True: "ok", False: "MISSED", None: ""}[self.met]
        return self.what, f"{_number(self.value)} {self.unit}", target, verdict, self.detail


def table(title: str, figures: Iterable[Figure]) -> str:
    """The figures as aligned text."""
    rows = [("", "measured", "target", "", ""), *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip() for row in rows
    ]
    return "\n".join([f"== {title}", *lines])


def as_json(results: Mapping[str, Sequence[Figure]]) -> dict[str, object]:
    """Everything that was measured, with the machine it was measured on."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "figures": {name: [{**asdict(f), "met": f.met} for f in figures] for name, figures in results.items()},
    }


def machine() -> str:
    """The machine in one line; its load matters as much as its kind."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} x {model}, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, load {load:.1f}"


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
