"""What tells the time (implemented by `gateway.clock`; a test moves its own)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time (aware, UTC) and the waiting that goes with it."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...
