"""What the page does for the data: backups, and one person's data taken out (implemented by `gateway.care.desk`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A backup on the box, sound when it was written. `name` is that of its file."""

    name: str
    made_at: datetime
    bytes: int


class CareDesk(Protocol):
    """The backups of a box, and what an owner does with people's data."""

    def backups(self) -> Sequence[BackupRow]:
        """Those on the box, the newest first."""

    def copied_to(self) -> str:
        """The second place of backups; "" where there is none."""

    def backup_file(self, name: str) -> Path | None:
        """Where a backup lies; None when there is none of that name."""

    async def back_up(self, by: str) -> None:
        """Make a backup now. Raises ValueError with a sentence."""

    async def note_download(self, name: str, by: str) -> None:
        """Somebody takes a backup away. Raises ValueError with a sentence."""

    async def erase(self, typed: str, by: str) -> None:
        """Take out the person with that number. Raises ValueError with a sentence."""

    def erased(self) -> Sequence[str]:
        """What the last erasure has done, and where the person still is, in sentences; nothing when there was none."""
