"""A trouble in words: what is wrong, what it means for callers, what to do. Every health sentence is one of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.core.events import Health, HealthReport


@dataclass(frozen=True, slots=True)
class Problem:
    """`say` is what is wrong and what that means for callers, `remedy` what a contractor can do about it."""

    say: str
    remedy: str
    health: Health = Health.DOWN

    def report(self, component: str, at: datetime, facts: dict[str, str] | None = None) -> HealthReport:
        """The problem as the health of `component`."""
        return HealthReport(component, self.health, at, self.say, self.remedy, facts or {})
