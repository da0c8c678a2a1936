"""The check of everything by the running gateway: for the page's button and for `textback doctor`. One at a time; the last is kept."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from gateway.clockwatch import NOT_BEFORE
from gateway.core.checkup import Checkup, Finding, as_data, found, read_findings
from gateway.core.events import Health, HealthReport
from gateway.core.problem import Problem
from gateway.doctor import kept, machine, ports, service
from gateway.ports.clock import Clock
from gateway.settings import Settings

log = logging.getLogger(__name__)

FILE = "checkup.json"
Devices = Callable[[], Awaitable[Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the machine's checks need to know. `ours`: the process that may have the modem's port open; `told`: `now` is what the
    mobile network tells."""

    settings: Settings
    now: datetime
    page_url: str
    synchronised: Callable[[], bool]
    ours: int | None = field(default_factory=os.getpid)
    root: Path = Path("/")
    run: machine.Run = machine.run
    told: bool = False


def around(where: Surroundings) -> tuple[Finding, ...]:
    """Everything but the devices themselves. Takes seconds on a bad disk: not for the event loop."""
    settings = where.settings
    box = machine.Machine(
        settings.state_dir, where.now, NOT_BEFORE, where.synchronised, where.root, told=where.told, run=where.run
    )
    findings = list(machine.look(box))
    for modem in settings.modems:
        findings += ports.look(modem, where.ours, where.root)
    findings += kept.look(settings, where.now)
    return (*findings, *service.look(settings, where.page_url, where.run))


def reported(reports: Sequence[HealthReport], devices: Sequence[str]) -> tuple[Finding, ...]:
    """What the parts of the running gateway report of themselves, beside those devices that are asked thing by thing."""
    ill = (report for report in reports if report.health in (Health.DOWN, Health.DEGRADED))
    return tuple(
        found("health", report.component, Problem(report.say, report.remedy, report.health), report.component)
        for report in ill
        if report.component not in devices
    )


class Doctor:
    """`settings`, `page_url` and `reports` tell how it is now; `devices` asks the drivers."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        clock: Clock,
        synchronised: Callable[[], bool],
        page_url: Callable[[], str],
        reports: Callable[[], Sequence[HealthReport]],
        devices: Devices,
        told: Callable[[], bool] = lambda: False,
    ) -> None:
        self._told = told
        self._settings = settings
        self._clock = clock
        self._synchronised = synchronised
        self._page_url = page_url
        self._reports = reports
        self._devices = devices
        self._alone = asyncio.Lock()
        self._last: Checkup | None = None

    @property
    def last(self) -> Checkup | None:
        """The last check of everything, also of the run before this one."""
        if self._last is None:
            self._last = _kept(self._settings().state_dir / FILE)
        return self._last

    async def look(self) -> tuple[Finding, ...]:
        """The devices and the parts of the gateway, without the machine around it."""
        settings = self._settings()
        names = [modem.name for modem in settings.modems] + [server.name for server in settings.asterisk]
        return (*await self._devices(), *reported(self._reports(), names))

    async def check(self, by: str) -> Checkup:
        """Check everything; whoever asks while a check runs gets what that one finds."""
        if self._alone.locked():
            async with self._alone:
                if self._last is not None:
                    return self._last
        async with self._alone:
            settings = self._settings()
            where = Surroundings(settings, self._clock.now(), self._page_url(), self._synchronised, told=self._told())
            outside, inside = await asyncio.gather(asyncio.to_thread(around, where), self.look())
            self._last = Checkup(self._clock.now(), (*inside, *outside), live=True, by=by)
            await asyncio.to_thread(_keep, settings.state_dir / FILE, self._last)
            return self._last


def _keep(path: Path, checkup: Checkup) -> None:
    """For the next run, as far as the disk takes it."""
    data = {
        "at": checkup.at.isoformat(),
        "by": checkup.by,
        "live": checkup.live,
        "findings": [as_data(finding) for finding in checkup.findings],
    }
    new = path.with_suffix(".new")
    try:
        new.write_text(json.dumps(data), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        log.warning("what was found cannot be kept: %s", error.strerror)


def _kept(path: Path) -> Checkup | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(data["at"])
        return Checkup(at, read_findings(data["findings"]), live=bool(data["live"]), by=str(data["by"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
