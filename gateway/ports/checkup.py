"""The check of everything, as the page asks for it (implemented by `gateway.doctor.desk`)."""

from __future__ import annotations

from typing import Protocol

from gateway.core.checkup import Checkup


class CheckupDesk(Protocol):
    """One check at a time; the last one is kept."""

    @property
    def last(self) -> Checkup | None:
        """The last check of everything; None where there was none yet."""

    async def check(self, by: str) -> Checkup:
        """Check everything, within a minute; whoever asks while a check runs gets what that one finds."""
