"""The backups of an office in memory, and the last erasure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.ports.care import BackupRow

MADE = datetime(2026, 11, 21, 8, 15, tzinfo=UTC)


class SampleCare:
    """Three backups whose bytes lie in `folder`; with `empty` none, and one erasure is told of otherwise."""

    def __init__(self, folder: Path | None = None, *, empty: bool = False) -> None:
        nights = () if empty else range(3)
        moments = [MADE - timedelta(days=night) for night in nights]
        self._rows = [BackupRow(f"textback-{at:%Y%m%dT%H%M%SZ}.tar.gz", at, 1_234_567) for at in moments]
        self._folder = folder
        self._copied_to = "" if empty else "/media/usb/textback"
        self._erased = () if empty else (
            "Erased: 3 calls, 1 leads, 9 texts.",
            "What stays is the proof that this person asked not to be texted.",
        )  # fmt: skip
        self.asked: list[tuple[str, str]] = []

    def backups(self) -> Sequence[BackupRow]:
        return self._rows

    def copied_to(self) -> str:
        return self._copied_to

    def backup_file(self, name: str) -> Path | None:
        known = any(row.name == name for row in self._rows)
        return self._folder / name if self._folder is not None and known else None

    async def back_up(self, by: str) -> None:
        self.asked.append(("back up", by))

    async def note_download(self, name: str, by: str) -> None:
        self.asked.append((name, by))

    async def erase(self, typed: str, by: str) -> None:
        if len(typed) < 10:
            raise ValueError(f"{typed!r} is not a telephone number - write it as +12165550137")
        self.asked.append((typed, by))

    def erased(self) -> Sequence[str]:
        return self._erased
