"""A trouble in words: what is wrong, what it means for callers, what to do. Every health sentence is one of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.core.events import Health, HealthReport

NO_MEMORY = "the box has no memory left"


def why(error: BaseException, unknown: str = "") -> str:
    """What an error says, up to its own remedy; the name of its kind, or `unknown`, for one that says nothing."""
    if isinstance(error, MemoryError):
        return NO_MEMORY
    return str(error).partition(" - ")[0] or unknown or type(error).__name__


@dataclass(frozen=True, slots=True)
class Problem:
    """`say` is what is wrong and what that means for callers, `remedy` what a contractor can do about it."""

    say: str
    remedy: str
    health: Health = Health.DOWN

    def report(self, component: str, at: datetime, facts: dict[str, str] | None = None) -> HealthReport:
        """The problem as the health of `component`."""
        return HealthReport(component, self.health, at, self.say, self.remedy, facts or {})
