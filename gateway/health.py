"""The state of every component, in memory: nothing periodic is written to the card."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from gateway.core.events import Health, HealthReport

log = logging.getLogger(__name__)

_FINE = (Health.UP, Health.STARTING)


class HealthBoard:
    """Latest report of each component; changes are logged once and shown to listeners."""

    def __init__(self) -> None:
        self._reports: dict[str, HealthReport] = {}
        self._listeners: list[Callable[[HealthReport], None]] = []

    def listen(self, listener: Callable[[HealthReport], None]) -> None:
        """Call `listener(report)` whenever a component's state or sentence changes."""
        self._listeners.append(listener)

    def __call__(self, report: HealthReport) -> None:
        """Take in a report (the HealthSink of drivers)."""
        before = self._reports.get(report.component)
        if before is not None and (before.health, before.say) == (report.health, report.say):
            self._reports[report.component] = replace(report, at=before.at)  # it has been so since then
            return
        self._reports[report.component] = report
        level = logging.INFO if report.health in _FINE else logging.WARNING
        log.log(level, "%s: %s%s", report.component, report.say, f" - {report.remedy}" if report.remedy else "")
        self._show(report)

    def forget(self, component: str, at: datetime) -> None:
        """A component that is only spoken of in trouble works again; nothing happens when there was no trouble."""
        if self._reports.pop(component, None) is None:
            return
        log.info("%s: works again", component)
        self._show(HealthReport(component, Health.UP, at, "It works again."))

    def reports(self) -> tuple[HealthReport, ...]:
        """All components, the worst first."""
        order = {Health.DOWN: 0, Health.DEGRADED: 1, Health.STARTING: 2, Health.UP: 3}
        return tuple(sorted(self._reports.values(), key=lambda r: (order[r.health], r.component)))

    def _show(self, report: HealthReport) -> None:
        for listener in self._listeners:
            listener(report)
