"""The backups in a folder, by their names: only sound ones have one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"textback-(\d{8}T\d{6}Z)\.tar\.gz")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Shelved:
    """One backup."""

    path: Path
    made_at: datetime

    @property
    def bytes(self) -> int:
        """Its size; 0 where it is gone meanwhile."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


def name_of(made_at: datetime) -> str:
    """The name of the backup of that moment."""
    return f"textback-{made_at.astimezone(UTC):{_STAMP}}.tar.gz"


def shelved(folder: Path) -> list[Shelved]:
    """The newest first; none where the folder cannot be read."""
    try:
        found = [(path, _NAME.fullmatch(path.name)) for path in folder.iterdir()]
    except OSError:
        return []
    there = [Shelved(path, datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC)) for path, name in found if name]
    return sorted(there, key=lambda each: each.made_at, reverse=True)
