"""Figures for Prometheus in its text format (prometheus.io/docs/instrumenting/exposition_formats), without a library.

Outcomes of calls and states of texts are counted over the last 24 hours, not since the start: the books are the truth, and rows that
are deleted one day must not look like a counter that went back. No label names a person or a number.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from gateway.core.events import Health, HealthReport
from gateway.doctor.program import LoopLag, memory_bytes, memory_limit
from gateway.queries.figures import Figures
from gateway.storage.store import StoreDown
from gateway.version import VERSION

_DBM = re.compile(r"(-\d{2,3}) dBm")


class Metrics:
    """`figures` reads the books, `reports` tells how each part is, `paused` why texting is paused."""

    def __init__(
        self,
        figures: Callable[[], Awaitable[Figures]],
        reports: Callable[[], Sequence[HealthReport]],
        paused: Callable[[], str],
        state_dir: Callable[[], Path],
        lag: LoopLag,
    ) -> None:
        self._figures = figures
        self._reports = reports
        self._paused = paused
        self._state_dir = state_dir
        self._lag = lag
        self._began = time.monotonic()

    async def text(self) -> str:
        """All metrics at this moment; those of the books are missing while they cannot be read."""
        figures: Figures | None
        try:
            figures = await self._figures()
        except StoreDown:
            figures = None
        return "".join(line + "\n" for line in self._lines(figures))

    def _lines(self, figures: Figures | None) -> Iterator[str]:
        yield from _metric("textback_info", "The version that runs.", {(("version", VERSION),): 1})
        yield from _metric(
            "textback_up_seconds", "How long the gateway has been running.", _only(time.monotonic() - self._began)
        )
        reports = self._reports()
        works: dict[Labels, float] = {
            (("part", report.component),): int(report.health is Health.UP) for report in reports
        }
        yield from _metric("textback_part_works", "Whether a part of the box works (1) or needs a look (0).", works)
        signal: dict[Labels, float] = {
            (("modem", report.component),): int(found[1])
            for report in reports
            if (found := _DBM.fullmatch(report.facts.get("signal", "")))
        }
        yield from _metric("textback_modem_signal_dbm", "Signal of the mobile network.", signal)
        yield from _metric(
            "textback_texting_paused", "Whether texting is paused (1).", _only(int(bool(self._paused())))
        )
        yield from _metric(
            "textback_loop_lag_seconds",
            "How late the program woke up, at worst in the last minute.",
            _only(self._lag.worst_s),
        )
        yield from _machine(self._state_dir())
        if figures is not None:
            yield from _books(figures)


def _books(figures: Figures) -> Iterator[str]:
    yield from _metric(
        "textback_calls_last_day", "Calls of the last 24 hours by what became of them.", _by("outcome", figures.calls)
    )
    yield from _metric(
        "textback_texts_last_day", "Texts of the last 24 hours by their state.", _by("state", figures.texts)
    )
    yield from _metric(
        "textback_time_to_text_seconds",
        "From the end of a missed call to its text, in the last 24 hours.",
        _by("quantile", figures.to_text),
    )
    yield from _metric("textback_texts_waiting", "Texts that are due and wait to be sent.", _only(figures.queued))
    yield from _metric("textback_texts_in_doubt", "Texts that may or may not have gone out.", _only(figures.unsure))
    yield from _metric("textback_things_to_do", "Open things to do.", _only(figures.tasks))
    yield from _metric("textback_open_leads", "Open leads.", _only(figures.leads))


def _machine(state_dir: Path) -> Iterator[str]:
    try:
        free = shutil.disk_usage(state_dir).free
        yield from _metric("textback_disk_free_bytes", "Room on the disk that the records are on.", _only(free))
    except OSError:
        pass
    if (used := memory_bytes()) is not None:
        yield from _metric("textback_memory_bytes", "Memory that the gateway uses.", _only(used))
    if (limit := memory_limit()) is not None:
        yield from _metric("textback_memory_limit_bytes", "Memory that the gateway may use.", _only(limit))
    try:
        files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are not wanted
        yield from _metric("textback_open_files", "Files and connections that the gateway holds.", _only(files))
    except OSError:
        pass
    yield from _metric("textback_threads", "Threads of the gateway.", _only(threading.active_count()))


Labels = tuple[tuple[str, str], ...]


def _metric(name: str, about: str, values: Mapping[Labels, float]) -> Iterator[str]:
    """A gauge with its explanation; one without a value is left out."""
    if not values:
        return
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} gauge"
    for labels, value in values.items():
        shown = ",".join(f'{label}="{_escaped(word)}"' for label, word in labels)
        yield f"{name}{f'{{{shown}}}' if shown else ''} {value}"


def _only(value: float) -> dict[Labels, float]:
    return {(): value}


def _by(label: str, counts: Mapping[str, float] | Mapping[float, float]) -> dict[Labels, float]:
    pairs: Iterable[tuple[object, float]] = counts.items()
    return {((label, f"{name:g}" if isinstance(name, float) else str(name)),): value for name, value in pairs}


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
