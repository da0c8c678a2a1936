"""The state of every component, in memory: nothing periodic is written to the card."""

from __future__ import annotations

import logging
from collections.abc import Callable

from gateway.core.events import Health, HealthReport

log = logging.getLogger(__name__)


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
        self._reports[report.component] = report
        if before is not None and (before.health, before.say) == (report.health, report.say):
            return
        level = logging.INFO if report.health in (Health.UP, Health.STARTING) else logging.WARNING
        log.log(level, "%s: %s%s", report.component, report.say, f" - {report.remedy}" if report.remedy else "")
        for listener in self._listeners:
            listener(report)

    def reports(self) -> tuple[HealthReport, ...]:
        """All components, the worst first."""
        order = {Health.DOWN: 0, Health.DEGRADED: 1, Health.STARTING: 2, Health.UP: 3}
        return tuple(sorted(self._reports.values(), key=lambda r: (order[r.health], r.component)))
